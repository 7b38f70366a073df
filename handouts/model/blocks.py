"""Blocks of content. Frozen; each knows its source; lengths in points.

The same nodes from a section file to the page; ``handouts.model.kinds`` has a row for each kind.
When, Own, Generated, NamedFigure and PeopleFigure stand in files of words alone and are resolved
on the way.

``style`` is a key of Document.styles. Content leaves it empty or names a class (``warning``);
the layout stage replaces it by the full key, so ``pdf`` never guesses.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.errors import Source
from handouts.model.inlines import NOWHERE, Inline
from handouts.model.personal import REPERTOIRE, FieldName
from handouts.model.pictures import Picture


class Section(Struct, frozen=True, tag=True):
    """A part with its own heading (Sect)."""

    children: tuple[Block, ...]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Group(Struct, frozen=True, tag=True):
    """Blocks that belong together without a heading of their own (Div); see ``style``."""

    children: tuple[Block, ...]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Panel(Struct, frozen=True, tag=True):
    """A box with border or background (``aside``; Div): warning, key message, note."""

    children: tuple[Block, ...]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Notice(Struct, frozen=True, tag=True):
    """What the program says for itself, in its own words (Div). ``what``: the status in the text,
    its mark on each page, the disclaimer, or what is left out. Only the layout stage makes it."""

    children: tuple[Block, ...]
    what: Literal["status", "mark", "disclaimer", "left-out"]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Heading(Struct, frozen=True, tag=True):
    """H1…H6: the level follows from nesting (``handouts.model.tree.Levels``)."""

    children: tuple[Inline, ...]
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Paragraph(Struct, frozen=True, tag=True):
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


class ListItem(Struct, frozen=True, tag=True):
    """LI with Lbl and LBody. ``reference``: the number of the source that it prints (a Note with
    the id ``ref-NUMBER``); 0 for any other item. In a list without markers, a Span that the first
    paragraph begins with is the label, such as a glossary's term."""

    children: tuple[Block, ...]
    reference: int = 0
    lang: str = ""
    source: Source = NOWHERE


class ListBlock(Struct, frozen=True, tag=True):
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


class Cell(Struct, frozen=True, tag=True):
    """TH when ``scope`` is set, else TD."""

    children: tuple[Block, ...]
    scope: Scope | None = None
    colspan: int = 1
    rowspan: int = 1
    style: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Row(Struct, frozen=True, tag=True):
    """TR."""

    cells: tuple[Cell, ...]
    source: Source = NOWHERE


class Table(Struct, frozen=True, tag=True):
    """Table with Caption, THead, TBody. ``widths``: relative, one a column; () = by content."""

    caption: tuple[Inline, ...]
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    widths: tuple[float, ...] = ()
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Align(Enum):
    """Text is never justified: clear print asks for a ragged right edge."""

    START = "start"
    CENTRE = "centre"
    END = "end"


class FigureLabel(Struct, frozen=True, tag=True):
    """Words within a Figure, seen but not read aloud: its alternative text speaks for them.

    Points from the picture's upper left corner, at the width that the Figure names: ``y`` of the
    first baseline; ``x`` of the left edge, the middle or the right edge, as ``align`` says.
    ``lines``: there is room for so many; 0 where only the picture's edge and other labels limit it.
    """

    children: tuple[Inline, ...]
    x: float
    y: float
    width: float
    align: Align = Align.START
    style: str = ""
    lines: int = 0
    source: Source = NOWHERE


class Figure(Struct, frozen=True, tag=True):
    """Figure with alternative text and, if given, a Caption. ``width``: points on paper; with
    ``labels``, at letters of ``LABEL_SIZE`` points: the picture grows with them."""

    image: Picture
    alt: str
    width: float
    caption: tuple[Inline, ...] = ()
    labels: tuple[FigureLabel, ...] = ()
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class QRFigure(Struct, frozen=True, tag=True):
    """A QR code that leads to the web address ``href``, ``width`` points wide (Figure)."""

    href: str
    alt: str = ""
    width: float = 84.0
    caption: tuple[Inline, ...] = ()
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class PeopleFigure(Struct, frozen=True, tag=True):
    """``::: people KEY`` in a section file: an icon array, or two side by side.

    ``key`` names the numbers, such as ``accurate-2017.relief``; a section file has no others.
    """

    key: str
    caption: tuple[Inline, ...] = ()
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class NamedFigure(Struct, frozen=True, tag=True):
    """``::: figure NAME`` in a section file: the picture of ``content/figures/NAME``."""

    name: str
    caption: tuple[Inline, ...] = ()
    style: str = ""
    id: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Column(Struct, frozen=True, tag=True):
    """One of the columns of a SideBySide (Div); ``width`` is relative to the others'."""

    children: tuple[Block, ...]
    width: float = 1.0
    lang: str = ""
    source: Source = NOWHERE


class SideBySide(Struct, frozen=True, tag=True):
    """Columns side by side (Div), ``gap`` points apart. Read column after column."""

    columns: tuple[Column, ...]
    gap: float = 12.0
    style: str = ""
    source: Source = NOWHERE

    @property
    def is_translated(self) -> bool:
        """Whether two columns say the same in two languages: then block stands beside block, and
        page breaks may stand in them."""
        return len(self.columns) == 2 and all(column.lang for column in self.columns)


class WritingLines(Struct, frozen=True, tag=True):
    """Empty lines to write on (P; heard as ``Announcements`` has it)."""

    count: int
    style: str = ""
    source: Source = NOWHERE


class Field(Struct, frozen=True, tag=True):
    """Room for what is a person's own (P): the words before it, then ``lines`` lines that a copy
    fills. ``repertoire``: every character that may ever stand there."""

    children: tuple[Inline, ...]
    name: FieldName
    lines: int = 1
    repertoire: str = REPERTOIRE
    style: str = ""
    source: Source = NOWHERE


class FormField(Struct, frozen=True, tag=True):
    """Room that a patient types into (P with Form): the words before it, if any, then a field of
    ``lines`` lines. ``name`` is that of its entry, ``description`` what is heard of it."""

    children: tuple[Inline, ...]
    name: str
    description: str
    lines: int = 1
    style: str = ""
    source: Source = NOWHERE


class Rule(Struct, frozen=True, tag=True):
    """A horizontal line (an Artifact)."""

    style: str = ""
    source: Source = NOWHERE


class PageBreak(Struct, frozen=True, tag=True):
    """Go on at the next page, with page master ``master`` if named."""

    master: str = ""
    source: Source = NOWHERE


class ContentsEntry(Struct, frozen=True, tag=True):
    """TOCI: a link to ``target`` and the page number in a slot."""

    children: tuple[Inline, ...]
    target: str
    source: Source = NOWHERE


class Contents(Struct, frozen=True, tag=True):
    """A table of contents (TOC)."""

    entries: tuple[ContentsEntry, ...]
    style: str = ""
    source: Source = NOWHERE


class When(Struct, frozen=True, tag=True):
    """``::: when FLAG !FLAG`` in a section file: the children stand only if all flags hold."""

    flags: tuple[str, ...]
    children: tuple[Block, ...]
    source: Source = NOWHERE


class Own(Struct, frozen=True, tag=True):
    """``::: own NAME``: what a condition says here in its own words. In a section the children
    stand where a condition says nothing; in a condition's own file they are what it says."""

    name: str
    children: tuple[Block, ...]
    source: Source = NOWHERE


class Generated(Struct, frozen=True, tag=True):
    """A place in a section file for blocks that the program writes, such as the references."""

    name: str
    source: Source = NOWHERE


Block: TypeAlias = (
    Section
    | Group
    | Panel
    | Notice
    | Heading
    | Paragraph
    | ListBlock
    | Table
    | Figure
    | QRFigure
    | PeopleFigure
    | NamedFigure
    | SideBySide
    | WritingLines
    | Field
    | FormField
    | Rule
    | PageBreak
    | Contents
    | When
    | Own
    | Generated
)
#: Blocks that show a picture: each has alternative text, a width in points, and a caption.
Pictured: TypeAlias = Figure | QRFigure
#: The size of letters for which a Figure with labels is drawn.
LABEL_SIZE = 12.0
#: What only stands in another node: an item in its list, a cell in its row.
Part: TypeAlias = ListItem | Row | Cell | Column | ContentsEntry | FigureLabel
