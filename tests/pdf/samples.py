"""Fonts and small documents that the tests of the PDF stage share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pikepdf
from msgspec.structs import replace
from PIL import Image

from handouts.model import (
    Abbr,
    Blank,
    Block,
    Cell,
    Cite,
    Column,
    Contents,
    ContentsEntry,
    Document,
    Drawn,
    Figure,
    FontFamily,
    FontSet,
    Frame,
    Group,
    Heading,
    Icon,
    InlineStyle,
    Link,
    ListBlock,
    ListItem,
    Marker,
    PageMaster,
    Panel,
    Paragraph,
    Raster,
    Row,
    Rule,
    Running,
    Scope,
    Section,
    SideBySide,
    Slot,
    Span,
    Style,
    Table,
    Text,
    WritingLines,
)

ATKINSON = Path(str(files("fontpkg_atkinson_hyperlegible"))) / "files"
NOTO = str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf")


def fonts() -> FontSet:
    """Atkinson Hyperlegible, and Noto Sans for what it lacks."""
    main = FontFamily(
        "Atkinson Hyperlegible",
        str(ATKINSON / "AtkinsonHyperlegible-Regular.ttf"),
        str(ATKINSON / "AtkinsonHyperlegible-Bold.ttf"),
    )
    fallback = FontFamily(
        "Noto Sans", NOTO, NOTO, regular_axes=(("wght", 400.0),), bold_axes=(("wght", 700.0),)
    )
    return FontSet(main, main, (fallback,))


def png(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    """A PNG with a gradient."""
    out = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(out, "PNG")
    return out.getvalue()


def unpacked(data: bytes) -> bytes:
    """The same file without object streams, to look for PDF syntax in it."""
    out = BytesIO()
    pikepdf.open(BytesIO(data)).save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The file as it is after ``change``."""
    with pikepdf.open(BytesIO(data)) as pdf, BytesIO() as out:
        change(pdf)
        pdf.save(out)
        return out.getvalue()


def document(*blocks: Block, **changes: object) -> Document:
    """A letter page with one frame and a footer frame, holding ``blocks``."""
    running = Running(Frame(54, 740, 504, 36), ())
    master = PageMaster("main", (Frame(54, 54, 504, 670),), (running,))
    plain = Document(
        title="Knee pain & you",
        lang="en-US",
        author="Sample Clinic",
        subject="What a DRG stimulator may do",
        keywords=("DRG", "knee"),
        modified=date(2025, 3, 1),
        page_width=612,
        page_height=792,
        masters={"main": master},
        first_master="main",
        blocks=blocks,
        styles=dict.fromkeys(("", "caption", "warning", "numeral"), Style(space_after=6)),
        inline_styles=dict.fromkeys(("strong", "em", "link", "cite"), InlineStyle()),
        fonts=fonts(),
        edition="a1b2c3d4",
    )
    return replace(plain, **changes)


_SOURCE_ONE = ListItem((Paragraph((Text("Deer TR and others. Pain 2017; 158: 669–681."),)),), 1)


def everything() -> Document:
    """A document with each kind of node once or more."""
    house = "0.2 0.4 0.6 rg 0 50 m 50 100 l 100 50 l 100 0 l 0 0 l h f"
    return document(
        Heading((Text("Living with knee pain"),)),
        Contents((ContentsEntry((Text("What it may do"),), "may-do"),)),
        Section(
            (
                Heading((Text("What it may do"),), id="may-do"),
                Paragraph(
                    (
                        Text("A "),
                        Abbr((Text("DRG"),), "dorsal root ganglion"),
                        Text(" stimulator may help"),
                        Cite("accurate-2017", 1),
                        Text(". "),
                        Span((Text("Really"),), "strong"),
                        Span((Text("dolor de rodilla"),), lang="es"),
                        Link((Text("call us"),), "tel:+15555550100", "Call the clinic"),
                        Link((Text("our pages"),), "https://example.org/a?b=c(d)", "Our pages"),
                        Icon("check", "yes"),
                        Blank(80, "line to fill in"),
                    )
                ),
                Paragraph((Text("Me duele la rodilla."),), lang="es"),
            ),
            id="sect",
        ),
        ListBlock((ListItem((Paragraph((Text("one"),)),)), ListItem((Paragraph((Text("two"),)),)))),
        ListBlock((ListItem((Paragraph((Text("tick"),)),)),), Marker.CHECKBOX),
        ListBlock((ListItem((Paragraph((Text("bare"),)),)),), Marker.NONE),
        Table(
            (Text("Two ways"),),
            (
                Row(
                    (
                        Cell((Paragraph((Text("Way"),)),), Scope.COLUMN),
                        Cell((Paragraph((Text("How well"),)),), Scope.COLUMN, colspan=2),
                    )
                ),
            ),
            (
                Row(
                    (
                        Cell((Paragraph((Text("DRG"),)),), Scope.ROW, rowspan=2),
                        Cell((Paragraph((Text("81 of 100"),)),)),
                        Cell(()),
                    )
                ),
                Row((Cell((Paragraph((Text("more"),)),)), Cell((Paragraph((Text("less"),)),)))),
            ),
        ),
        Figure(
            Drawn("house", 100, 100, (house,)),
            "A small blue house",
            80,
            (Text("Home again"),),
        ),
        Figure(Raster("grey", 60, 40, png()), "A grey slope", 60),
        Panel((Paragraph((Text("Call us when it hurts (at once)."),)),), "warning"),
        SideBySide((Column((Paragraph((Text("left"),)),)), Column((Paragraph((Text("right"),)),)))),
        Group((Rule(), WritingLines(3))),
        Paragraph((Text("This paper has "), Slot("pages"), Text(" pages."))),
        Section((Heading((Text("Sources"),)), ListBlock((_SOURCE_ONE,), Marker.NUMBER))),
    )
