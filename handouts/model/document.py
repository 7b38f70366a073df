"""Document: what the PDF stage draws, with every style resolved. Lengths in points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.errors import Source
from handouts.model.blocks import Align, Block
from handouts.model.brand import FontSet
from handouts.model.inlines import NOWHERE
from handouts.selection import Status


class Edges(Struct, frozen=True):
    """Four lengths, clockwise from the top."""

    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0


class Style(Struct, frozen=True):
    """A resolved block style: text, box and break rules. Colours are ``#rrggbb`` or ""."""

    family: Literal["body", "heading"] = "body"
    bold: bool = False
    size: float = 12.5
    leading: float = 16.5
    colour: str = "#000000"
    align: Align = Align.START
    kern: bool = False
    space_before: float = 0.0
    space_after: float = 0.0
    margin_left: float = 0.0
    margin_right: float = 0.0
    padding: Edges = Edges()
    background: str = ""
    border: Edges = Edges()  # line widths; 0 draws none
    border_colour: str = ""
    radius: float = 0.0
    marker_indent: float = 16.0  # lists: from label to body
    marker_colour: str = ""
    item_gap: float = 0.0  # lists, tables: between items or rows
    line_gap: float = 24.0  # writing lines
    columns: int = 1  # contents: beside each other
    rail: float = 0.0  # the width of a column that its heading has to itself; 0: above the rest
    rail_gap: float = 14.0  # between the rail and the rest
    max_width: float = 0.0  # text measure; 0 = the frame's width
    keep_with_next: bool = False
    keep_together: bool = False
    page_break_before: bool = False
    orphans: int = 2  # fewest lines, or items of a list, at the foot of a page
    widows: int = 2  # fewest lines, or items of a list, at the head of a page
    zebra: str = ""  # tables: background of every other row
    header_background: str = ""  # tables
    header_colour: str = ""  # tables


class InlineStyle(Struct, frozen=True):
    """What a run changes of its block's style; None keeps the block's."""

    bold: bool | None = None
    colour: str | None = None
    underline: bool = False
    scale: float = 1.0
    rise: float = 0.0  # points, upwards
    nowrap: bool = False


class Frame(Struct, frozen=True):
    """A rectangle that content flows into; x, y of its top left corner from the page's."""

    x: float
    y: float
    width: float
    height: float


class Running(Struct, frozen=True):
    """Content repeated on each page in its own frame: an Artifact. May hold slots."""

    frame: Frame
    blocks: tuple[Block, ...]
    kind: Literal["Header", "Footer", "Watermark"] = "Footer"
    source: Source = NOWHERE  # of its region


class PageMaster(Struct, frozen=True):
    """A kind of page: ordered frames, running content, and the master that follows."""

    name: str
    frames: tuple[Frame, ...]
    running: tuple[Running, ...] = ()
    next: str = ""  # "" = itself
    source: Source = NOWHERE  # of its frames
    onto: str = ""  # the master on whose page its frames stand; "" = a page of its own
    folds: tuple[float, ...] = ()  # where the sheet is folded, from its left edge


#: In a layout's list of sections: all others of the outline, in its order.
OTHERS = "*"

#: The widest picture beside letters of 12 points; it grows with these (points).
WIDEST_PICTURE = 330.0

#: What a page is for: it decides its reader, its sizes, and what it must carry.
LayoutKind: TypeAlias = Literal["patient", "large-print", "enclosure", "partial", "poster"]


class LayoutFacts(Struct, frozen=True):
    """What compose must know of a layout: which sections, where, and what may be left out."""

    name: str
    kind: LayoutKind = "patient"
    locked: tuple[str, ...] = ()  # sections locked beside those of its kind and of the outline
    sections: tuple[str, ...] = (OTHERS,)  # ids in order
    last_page: tuple[str, ...] | None = None  # ids; None: as each section says itself
    bilingual: bool = False  # two languages beside each other
    pages: int = 0  # it holds so many and leaves out what does not fit; 0: as many as it takes
    priority: tuple[str, ...] = ()  # ids of what is left out last, the most important first
    people: float = WIDEST_PICTURE  # the width of a picture of people, in points

    @property
    def audience(self) -> str:
        """``patient`` or ``physician``: which part of the outline."""
        return "physician" if self.kind == "enclosure" else "patient"

    def on_last_page(self, section: str, own: bool) -> bool:
        """Whether ``section`` belongs to the last page; ``own`` is what it says itself."""
        return own if self.last_page is None else section in self.last_page


class Announcements(Struct, frozen=True):
    """What a screen reader says and no page shows, in the Document's language.

    The fields are keys of ``interface/<lang>.toml``.
    """

    check_box: str = "box to check:"
    source_number: str = "source {number}"
    back_to_text: str = "Back to the text"
    writing_line: str = "line to write on"
    writing_lines: str = "line to write on, {count} lines"


class Document(Struct, frozen=True):
    """What the PDF stage draws: one tree for what is drawn and for tags, with every style resolved.

    ``styles`` holds the key of each block, list and cell (a cell's style is its box; the
    paragraphs in it have their own), and always ``caption`` for captions of tables and
    figures. ``inline_styles`` holds ``link``, ``cite``, ``strong``, ``em`` and those of spans.
    """

    title: str
    lang: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    modified: date  # newest review date of the words: the only date in the file
    page_width: float
    page_height: float
    masters: Mapping[str, PageMaster]
    first_master: str
    blocks: tuple[Block, ...]
    styles: Mapping[str, Style]
    inline_styles: Mapping[str, InlineStyle]
    fonts: FontSet
    edition: str = ""
    duplex: bool = True
    status: Status = Status.DRAFT
    until: date | None = None  # the last day of the approval
    approval: str = ""  # the reference of its record; of two languages both, with a space
    most_pages: int = 0  # 0: as many as it takes
    announcements: Announcements = Announcements()
    titles: Mapping[str, str] = {}  # in the other languages that it is written in, by code
    announced: Mapping[str, Announcements] = {}  # what is said in these
