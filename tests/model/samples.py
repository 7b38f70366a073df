"""A node of every kind, as small as it can be drawn, and values for the fields of any node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Any, get_args

from msgspec.structs import fields, replace

from handouts.model import (
    Abbr,
    Announcements,
    Blank,
    Block,
    Cell,
    Cite,
    Column,
    Contents,
    ContentsEntry,
    Field,
    Figure,
    FigureLabel,
    FormField,
    Generated,
    Group,
    Heading,
    Icon,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    NamedFigure,
    Notice,
    Own,
    PageBreak,
    Panel,
    Paragraph,
    Part,
    PeopleFigure,
    QRFigure,
    Raster,
    Row,
    Rule,
    Scope,
    Section,
    SideBySide,
    Slot,
    Span,
    Table,
    Text,
    Value,
    When,
    WritingLines,
)
from tests.pdf.samples import png

BLOCKS: tuple[type, ...] = get_args(Block)
PARTS: tuple[type, ...] = get_args(Part)
INLINE: tuple[type, ...] = get_args(Inline)
TYPES = (*BLOCKS, *PARTS, *INLINE)
#: What section files alone hold: it must never come to paper.
UNRESOLVED = (When, Own, Generated, PeopleFigure, NamedFigure, Value)


def words(text: str = "words") -> tuple[Text]:
    """A fresh text."""
    return (Text(text),)


def paragraph(text: str = "words") -> Paragraph:
    """A fresh paragraph."""
    return Paragraph(words(text))


def story(node: Any) -> tuple[Block, ...]:
    """A heading, ``node`` (in a paragraph if it is inline), and a last paragraph."""
    block = node if isinstance(node, BLOCKS) else Paragraph((Text("a "), node))
    return (Heading(words("target"), id="here"), block, paragraph("end"))  # type: ignore[return-value]


def _row() -> Row:
    return Row((Cell((paragraph("cell"),), Scope.ROW), Cell((paragraph("other"),))))


_SAMPLES: dict[type, Callable[[], Any]] = {
    Section: lambda: Section((Heading(words()), paragraph())),
    Group: lambda: Group((paragraph(),)),
    Panel: lambda: Panel((paragraph(),)),
    Notice: lambda: Notice((paragraph(),), "status"),
    Heading: lambda: Heading(words()),
    Paragraph: paragraph,
    ListBlock: lambda: ListBlock((ListItem((paragraph("one"),)), ListItem((paragraph("two"),)))),
    ListItem: lambda: ListItem((paragraph(),)),
    Table: lambda: Table(words("caption"), (_row(),), (_row(),)),
    Row: _row,
    Cell: lambda: Cell((paragraph(),)),
    Figure: lambda: Figure(
        Raster("slope", 60, 40, png()),
        "A slope",
        60,
        words("caption"),
        (FigureLabel(words("label"), 4, 20, 40),),
    ),
    QRFigure: lambda: QRFigure("https://example.org", "A code", 84, words("caption")),
    PeopleFigure: lambda: PeopleFigure("key.well", words("caption")),
    NamedFigure: lambda: NamedFigure("spine", words("caption")),
    FigureLabel: lambda: FigureLabel(words("label"), 4, 20, 40),
    SideBySide: lambda: SideBySide((Column((paragraph("left"),)), Column((paragraph("right"),)))),
    Column: lambda: Column((paragraph(),)),
    WritingLines: lambda: WritingLines(2),
    Field: lambda: Field(words("Name:"), "patient"),
    FormField: lambda: FormField(words("Name:"), "patient", "Your name"),
    Rule: Rule,
    PageBreak: PageBreak,
    Contents: lambda: Contents((ContentsEntry(words("entry"), "here"),)),
    ContentsEntry: lambda: ContentsEntry(words("entry"), "here"),
    When: lambda: When(("flag",), (paragraph(),)),
    Own: lambda: Own("why", (paragraph(),)),
    Generated: lambda: Generated("references"),
    Text: lambda: Text("words"),
    LineBreak: LineBreak,
    Icon: lambda: Icon("check", "yes"),
    Blank: lambda: Blank(50.0, "line to fill in"),
    Slot: lambda: Slot("pages"),
    Span: lambda: Span(words(), "strong"),
    Link: lambda: Link(words(), "https://example.org", "Example"),
    Abbr: lambda: Abbr(words("DRG"), "dorsal root ganglion"),
    Cite: lambda: Cite("key", 1),
    Value: lambda: Value("limit"),
}


def sample(kind: type) -> Any:
    """A fresh node of ``kind``."""
    return _SAMPLES[kind]()


def other(value: Any, annotation: str = "") -> Any:
    """A value of the same kind as ``value`` that is not ``value``.

    ``annotation``: of its field, for values that do not show what else may stand there.
    """
    match value:
        case bool():
            return not value
        case str() if annotation == "IconName":
            return "arrow"
        case str() if annotation == "FieldName":
            return "note"
        case str() if "Literal" in annotation:
            return "mark"
        case str():
            return value + "x"
        case bytes():
            return value + b"x"
        case int() | float():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case Enum():
            return next(one for one in type(value) if one is not value)
        case None:
            return Scope.COLUMN
        case tuple() if value:
            return value[:-1]
        case tuple():
            return words("more") if "Inline" in annotation else (2.0,)
        case Mapping() if not value:
            return {"es": Announcements() if "Announcements" in annotation else "x"}
        case Mapping():
            return dict(list(value.items())[1:])
        case _:
            first = fields(value)[0].name
            return replace(value, **{first: other(getattr(value, first))})


def changes(node: Any) -> Iterator[tuple[str, Any]]:
    """Each field of ``node`` with a copy of it that differs in this field alone."""
    for field in fields(node):
        new = other(getattr(node, field.name), str(field.type))
        if isinstance(node, Generated) and field.name == "name":
            new = "glossary"
        yield field.name, replace(node, **{field.name: new})
