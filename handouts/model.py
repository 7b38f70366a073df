"""The data that travels from content to PDF: content nodes, Handout, Document, BuildResult.

All lengths are points (1/72 inch). All types are frozen: frozen data in, new data out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Literal, TypeAlias

from handouts.errors import Source

NOWHERE = Source("(built in)")

# --- Inline content -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters. Never markup: what stands here is printed as it stands."""

    text: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A forced line break (``br``); no structure element."""

    source: Source = NOWHERE


MarkName: TypeAlias = Literal["checkbox", "check", "arrow", "bullet", "cross", "phone"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A small sign drawn as a vector, as high as a capital letter; ``spoken`` is its ActualText."""

    name: MarkName
    spoken: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Blank:
    """A line to fill in by hand, ``width`` points long; ``spoken`` is its ActualText."""

    width: float
    spoken: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Slot:
    """Text known only when the pages are laid out; drawn in a content stream of its own.

    ``name``: ``page`` (number of this page), ``pages`` (number of pages), or ``page-of:ID``
    (the page on which the block with that id starts). ``widest`` reserves the width;
    ``repertoire`` holds every character that may ever fill the slot.
    ``edition`` stands for the edition in content and templates; the layout stage replaces it
    by Text once the edition is known, so ``pdf`` never sees it.
    """

    name: str
    widest: str = "00"
    repertoire: str = "0123456789"
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Span:
    """A run with a style key (``strong``, ``em`` or a layout's own) or another language."""

    children: tuple[Inline, ...]
    style: str = ""
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Link:
    """A link: ``http(s):``, ``mailto:``, ``tel:``, or ``#id`` of a block in the same document.

    ``description`` becomes the annotation's /Contents (PDF/UA-1 7.18.5).
    """

    children: tuple[Inline, ...]
    href: str
    description: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Abbr:
    """An abbreviation and what it stands for (the Span's /E, ISO 32000-1 14.9.5)."""

    children: tuple[Inline, ...]
    expansion: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation: Reference element, linked to the Note with id ``ref-NUMBER``."""

    key: str
    number: int
    source: Source = NOWHERE


Inline: TypeAlias = Text | LineBreak | Mark | Blank | Slot | Span | Link | Abbr | Cite

# --- Blocks -------------------------------------------------------------------------------
# ``style`` is a key of Document.styles. Content leaves it empty or names a class
# (``warning``); the layout stage replaces it by the full key, so ``pdf`` never guesses.


@dataclass(frozen=True, slots=True)
class Section:
    """A part with its own heading (Sect)."""

    children: tuple[Block, ...]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that belong together without a heading of their own (Div); see ``style``."""

    children: tuple[Block, ...]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Panel:
    """A box with border or background (``aside``; Div): warning, key message, note."""

    children: tuple[Block, ...]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Heading:
    """H1…H6. ``level`` follows from nesting, so a gap cannot happen."""

    children: tuple[Inline, ...]
    level: int
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Paragraph:
    """P."""

    children: tuple[Inline, ...]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Marker(Enum):
    """What stands before a list item (its Lbl)."""

    DISC = "disc"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ListItem:
    """LI with Lbl and LBody. A list of references gives each item an id and ``note`` (Note)."""

    children: tuple[Block, ...]
    id: str = ""
    note: bool = False
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class ListBlock:
    """L."""

    items: tuple[ListItem, ...]
    marker: Marker = Marker.DISC
    start: int = 1
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Scope(Enum):
    """Which cells a header cell names (ISO 32000-1 table 349)."""

    COLUMN = "Column"
    ROW = "Row"
    BOTH = "Both"


@dataclass(frozen=True, slots=True)
class Cell:
    """TH when ``scope`` is set, else TD."""

    children: tuple[Block, ...]
    scope: Scope | None = None
    colspan: int = 1
    rowspan: int = 1
    style: str = ""
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Row:
    """TR."""

    cells: tuple[Cell, ...]
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Table:
    """Table with Caption, THead, TBody. ``widths``: relative, one a column; () = by content."""

    caption: tuple[Inline, ...]
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    widths: tuple[float, ...] = ()
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class VectorPath:
    """A filled or stroked path in image coordinates (origin top left, y down).

    ``commands``: ``("M", x, y)``, ``("L", x, y)``, ``("C", x1, y1, x2, y2, x, y)``, ``("Z",)``.
    Colours are ``#rrggbb`` or "".
    """

    commands: tuple[tuple[str | float, ...], ...]
    fill: str = ""
    stroke: str = ""
    stroke_width: float = 1.0
    even_odd: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: raster bytes (PNG or JPEG, RGB or grey) or vector paths; size in its own units."""

    name: str
    width: float
    height: float
    data: bytes = b""
    paths: tuple[VectorPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """Figure with alternative text and, if given, a Caption. ``width``: points on paper."""

    image: Image
    alt: str
    width: float
    caption: tuple[Inline, ...] = ()
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Blocks in columns side by side; ``widths`` are relative. Read column after column."""

    columns: tuple[tuple[Block, ...], ...]
    widths: tuple[float, ...]
    gap: float = 12.0
    style: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class WritingLines:
    """Empty lines to write on (an Artifact)."""

    count: int
    style: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line (an Artifact)."""

    style: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Go on at the next page, with page master ``master`` if named."""

    master: str = ""
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """TOCI: a link to ``target`` and the page number in a slot."""

    children: tuple[Inline, ...]
    target: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents (TOC)."""

    entries: tuple[ContentsEntry, ...]
    style: str = ""
    source: Source = NOWHERE


Block: TypeAlias = (
    Section
    | Group
    | Panel
    | Heading
    | Paragraph
    | ListBlock
    | Table
    | Figure
    | SideBySide
    | WritingLines
    | Rule
    | PageBreak
    | Contents
)


def plain_text(nodes: tuple[Inline, ...]) -> str:
    """The characters of inline content, as a reader hears them."""
    return "".join(_spoken(nodes))


def _spoken(nodes: tuple[Inline, ...]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text(text=text):
                yield text
            case LineBreak():
                yield " "
            case Mark(spoken=spoken) | Blank(spoken=spoken):
                yield spoken
            case Span(children=children) | Link(children=children) | Abbr(children=children):
                yield from _spoken(children)
            case Slot() | Cite():
                pass


# --- Selection and Handout ----------------------------------------------------------------


class SectionChoice(Enum):
    """Which sections: the layout's usual ones, all, or exactly those named."""

    DEFAULT = "default"
    ALL = "all"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Selection:
    """What the front desk asked for. ``paper`` is ``letter`` or ``a4``."""

    condition: str
    layout: str = "standard"
    lang: str = "en"
    brand: str = ""
    paper: str = "letter"
    choice: SectionChoice = SectionChoice.DEFAULT
    sections: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Status(Enum):
    """Whether a clinic stands behind the words on the as-of date."""

    DRAFT = "draft"
    APPROVED = "approved"
    OVERDUE = "overdue"  # was approved; the review date has passed: a draft again


#: The keyword in the metadata of a PDF that no clinic stands behind.
DRAFT_KEYWORD = "draft"


@dataclass(frozen=True, slots=True)
class Approval:
    """The status, and who approved which words until when (empty for a draft)."""

    status: Status
    by: str = ""
    role: str = ""
    approved_on: date | None = None
    until: date | None = None


class Label(Enum):
    """The device's label for this condition (design decision 14)."""

    ON = "on"
    OFF = "off"
    ONLY_IF = "only-if"


@dataclass(frozen=True, slots=True)
class LabelStatus:
    """Label status: device × condition × age, with the date on which it was checked."""

    status: Label
    device: str
    ages: str
    checked: date
    evidence: str
    only_if: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A numbered source. ``id`` of its list item in the handout is ``ref-NUMBER``."""

    number: int
    key: str
    citation: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class HandoutSection:
    """A resolved section: its words, where on the sheet it belongs, its dates."""

    id: str
    title: str
    body: tuple[Block, ...]
    role: str  # layout class: "main-message", "warning", "plain", "small", …
    last_page: bool  # belongs to the last page that stands alone
    version: str
    reviewed: date
    review_due: date
    source: Source


@dataclass(frozen=True, slots=True)
class Handout:
    """Everything a layout may use: words resolved, checked, immutable."""

    condition: str
    title: str
    subtitle: str
    lang: str
    audience: str  # "patient" or "physician"
    long: bool  # all sections: the layout adds a table of contents
    sections: tuple[HandoutSection, ...]
    references: tuple[Reference, ...]
    label: LabelStatus
    icd10: tuple[str, ...]
    approval: Approval
    reviewed: date  # the newest section's
    review_due: date  # the earliest section's
    terms: Mapping[str, str]  # interface/<lang>.toml: words that layouts print
    abbreviations: Mapping[str, str]
    partial: bool = False  # a selection from which protecting sections are missing


# --- Brand --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FontFamily:
    """Font files (TrueType outlines) by weight; paths on this machine."""

    name: str
    regular: str
    bold: str
    #: axis values when the files are variable fonts, e.g. {"wght": 700}; () for static ones
    regular_axes: tuple[tuple[str, float], ...] = ()
    bold_axes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FontSet:
    """The families of a document and those to fall back on, in order, for missing characters."""

    body: FontFamily
    heading: FontFamily
    fallback: tuple[FontFamily, ...] = ()


@dataclass(frozen=True, slots=True)
class Phone:
    """A labelled number. ``number`` as printed; "" prints a line to fill in."""

    label: str
    number: str
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """A clinic's looks and contacts. ``sample``: not a real clinic; phones are not printed."""

    id: str
    name: str
    sample: bool
    address: tuple[str, ...]
    phones: tuple[Phone, ...]  # the first is the one in the running footer
    night_phone: Phone
    emergency: str
    website: str
    email: str
    colours: Mapping[str, str]  # "primary", "accent", "text", "muted", "tint", "warning": #rrggbb
    logo: Image | None
    logo_alt: str
    logo_width: float
    fonts: FontSet
    disclaimer: str
    source: Source = NOWHERE


# --- Document -----------------------------------------------------------------------------


class Align(Enum):
    """Text is never justified: clear print asks for a ragged right edge."""

    START = "start"
    CENTRE = "centre"
    END = "end"


@dataclass(frozen=True, slots=True)
class Edges:
    """Four lengths, clockwise from the top."""

    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0


@dataclass(frozen=True, slots=True)
class Style:
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
    max_width: float = 0.0  # text measure; 0 = the frame's width
    keep_with_next: bool = False
    keep_together: bool = False
    page_break_before: bool = False
    orphans: int = 2  # fewest lines at the foot of a page
    widows: int = 2  # fewest lines at the head of a page
    zebra: str = ""  # tables: background of every other row
    header_background: str = ""  # tables
    header_colour: str = ""  # tables


@dataclass(frozen=True, slots=True)
class InlineStyle:
    """What a run changes of its block's style; None keeps the block's."""

    bold: bool | None = None
    colour: str | None = None
    underline: bool = False
    scale: float = 1.0
    rise: float = 0.0  # points, upwards
    nowrap: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle that content flows into; x, y of its top left corner from the page's."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Running:
    """Content repeated on each page in its own frame: an Artifact. May hold slots."""

    frame: Frame
    blocks: tuple[Block, ...]
    kind: Literal["Header", "Footer", "Watermark"] = "Footer"


@dataclass(frozen=True, slots=True)
class PageMaster:
    """A kind of page: ordered frames, running content, and the master that follows."""

    name: str
    frames: tuple[Frame, ...]
    running: tuple[Running, ...] = ()
    next: str = ""  # "" = itself


@dataclass(frozen=True, slots=True)
class LayoutFacts:
    """What compose must know of a layout: whose sections, and what may not be left out."""

    name: str
    audience: str  # "patient" or "physician": which part of the outline
    partial: bool = False  # may leave out what protects the patient, and says so on the page
    locked: tuple[str, ...] = ()  # sections locked beside those of the outline


@dataclass(frozen=True, slots=True)
class Document:
    """What the PDF stage draws: one tree for ink and tags, with every style resolved.

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


# --- Result -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made, or found unchanged (``cached``)."""

    path: str
    pages: int
    grade: float
    status: Status
    edition: str
    cached: bool
    sha256: str
    condition: str
    layout: str
    lang: str
    seconds: Mapping[str, float] = field(default_factory=dict)
