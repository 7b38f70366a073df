"""Pages for staff to read and sign: their blocks, their styles, their PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from handouts.errors import AccessibilityError, Source
from handouts.layout.masters import PAPERS
from handouts.model import (
    Blank,
    Block,
    Brand,
    Cell,
    Document,
    Edges,
    Frame,
    Heading,
    InlineStyle,
    PageMaster,
    Paragraph,
    Row,
    Running,
    Scope,
    Slot,
    Style,
    Text,
)
from handouts.visible import hyphenated

PLACE = Source("(page to sign)")
_GAP = 20.0
_LONGEST = 250.0


def render_form(  # noqa: PLR0913 - what a page is made of
    title: str, blocks: Iterable[Block], brand: Brand, paper: str, on: date, *, dense: bool = False
) -> bytes:
    """``blocks`` as a tagged PDF, English, valid as PDF/UA-1 and PDF/A-2a. Raises HandoutsError.

    ``dense``: small letters in two columns.
    """
    from handouts.pdf import render
    from handouts.pdf.validate import validate

    (width, height), margin = PAPERS[paper], 30.0 if dense else 64.0
    columns = 2 if dense else 1
    column = (width - 2 * margin - (columns - 1) * _GAP) / columns
    frames = tuple(
        Frame(margin + at * (column + _GAP), margin, column, height - 2 * margin - 16)
        for at in range(columns)
    )
    foot = Frame(margin, height - margin, width - 2 * margin, 20)
    page = (Text("Page ", PLACE), Slot("page", source=PLACE), Text(" of ", PLACE))
    number = Paragraph((*page, Slot("pages", source=PLACE)), style="small", source=PLACE)
    document = Document(
        title=title,
        lang="en",
        author=brand.name,
        subject=title,
        keywords=(),
        modified=on,
        page_width=width,
        page_height=height,
        masters={"page": PageMaster("page", frames, (Running(foot, (number,)),))},
        first_master="page",
        blocks=tuple(blocks),
        styles=_styles(brand, dense),
        inline_styles={"strong": InlineStyle(bold=True)},
        fonts=brand.fonts,
    )
    data = render(document)
    if findings := validate(data):
        raise AccessibilityError(findings)
    return data


def row(cells: tuple[str | Paragraph, ...], scope: Scope | None = None) -> Row:
    """A row of a table; ``scope`` is that of a row of headings."""
    style = "head" if scope else "cell"
    return Row(
        tuple(
            Cell(
                (line(one, style) if isinstance(one, str) else one,),
                scope or (None if place else Scope.ROW),
                style="box",
            )
            for place, one in enumerate(cells)
        ),
        PLACE,
    )


def heading(words: str, style: str = "heading") -> Heading:
    return Heading(text(words), style=style, source=PLACE)


def line(words: str, style: str = "text") -> Paragraph:
    return Paragraph(text(words), style=style, source=PLACE)


def text(words: str) -> tuple[Text]:
    return (Text(hyphenated(words), PLACE),)


def blank(what: str, longest: float = _LONGEST) -> Blank:
    """A line to fill in by hand."""
    return Blank(longest, f"{what}, to fill in", PLACE)


def to_sign(lines: Iterable[tuple[str, str]], longest: float = _LONGEST) -> Iterator[Block]:
    """Lines to sign: what each is for, and what is known of it."""
    for label, known in lines:
        filled = Text(known, PLACE) if known else blank(label, longest)
        yield Paragraph((*text(f"{label}: "), filled), style="sign", source=PLACE)


def _styles(brand: Brand, dense: bool) -> dict[str, Style]:
    size = 8.5 if dense else 12.0
    at = size / 12
    body = Style(
        size=size,
        leading=(14.4 if dense else 16) * at,
        colour=brand.colours["text"],
        space_after=5 * at,
    )
    bold = replace(body, bold=True, keep_with_next=True)
    table = replace(body, border=Edges(1, 0, 1, 0), space_after=10 * at)
    hairline = Style(border=Edges(0, 0, 0.5, 0))
    head = replace(bold, family="heading", size=15 * at, leading=19 * at, space_before=10 * at)
    return {
        "text": body,
        "cell": replace(body, space_after=0),
        "part": bold,
        "head": replace(bold, space_after=0),
        "box": replace(
            hairline, padding=Edges(0.5, 6 * at, 0.5, 0) if dense else Edges(2, 6, 2, 0)
        ),
        "table": table,
        "list": replace(body, marker_indent=14 * at, item_gap=at),
        "sign": replace(body, space_before=16 * at, keep_with_next=True),
        "small": replace(body, size=10 * at, leading=12.5 * at, space_after=0),
        "caption": replace(bold, space_before=3 * at),
        "heading": head,
        "title": replace(head, size=20 * at, leading=25 * at, colour=brand.colours["primary"]),
    }
