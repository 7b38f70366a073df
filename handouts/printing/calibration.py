"""The test sheet for a printer and a copier: two sides that show what they do to a page."""

from __future__ import annotations

from datetime import date

from handouts.errors import AccessibilityError, Source
from handouts.layout.masters import PAPERS
from handouts.library.brand.typefaces import font_set
from handouts.model import (
    Align,
    Blank,
    Block,
    Document,
    Drawn,
    Figure,
    Frame,
    Heading,
    PageBreak,
    PageMaster,
    Paragraph,
    Section,
    Style,
    Text,
)
from handouts.printing.calibration_words import WORDS, Words

_SOURCE = Source("(test sheet)")
_BLANK = 90.0
#: Points from the edges to the text: inside of the frames and their figures.
_SIDE, _TOP = 88.0, 74.0


def render_sheet(paper: str, lang: str, on: date) -> bytes:
    """The sheet for a paper as a tagged PDF, valid as PDF/UA-1 and PDF/A-2a."""
    from handouts.pdf import render
    from handouts.pdf.validate import validate

    data = render(_document(paper, lang, on))
    if findings := validate(data):
        raise AccessibilityError(findings)
    return data


def _document(paper: str, lang: str, on: date) -> Document:
    words, (width, height) = WORDS[lang], PAPERS[paper]
    frames = (
        Frame(0, 0, width, height),
        Frame(_SIDE, _TOP, width - 2 * _SIDE, height - 2 * _TOP),
    )
    return Document(
        title=words.title,
        lang=lang,
        author="Handouts",
        subject=words.title,
        keywords=(),
        modified=on,
        page_width=width,
        page_height=height,
        masters={"page": PageMaster("page", frames)},
        first_master="page",
        blocks=_blocks(words, width, height),
        styles=_STYLES,
        inline_styles={},
        fonts=font_set(),
    )


def _blocks(words: Words, width: float, height: float) -> tuple[Block, ...]:
    from handouts.pdf import font_names
    from handouts.pdf.calibration_marks import arrow, edges, greys, lines, rulers

    fonts = font_names(font_set())
    page = edges(width, height, fonts)
    room = width - 2 * _SIDE
    return (
        _figure(page, words.edges_alt, width, "page"),
        _figure(arrow(), words.arrow_alt, 32, "middle"),
        _heading(words.title, "h1"),
        _line(words.begin),
        _test(words.size, (words.size_do,), _figure(rulers(fonts), words.size_alt, 430)),
        _test(words.edge, (words.edge_do,)),
        _test(words.grey, (words.grey_do,), _figure(greys(fonts), words.grey_alt, room)),
        _test(words.thin, (words.thin_do,), _figure(lines(fonts), words.thin_alt, room)),
        PageBreak(source=_SOURCE),
        _figure(page, words.edges_alt, width, "page"),
        _figure(arrow(), words.arrow_alt, 96, "middle"),
        _heading(words.back, "h1"),
        _test(words.flip, words.flip_do),
        _test(words.register, words.register_do),
        _test(words.found, (), *map(_to_fill, words.found_what)),
    )


def _test(heading: str, lines: tuple[str, ...], *blocks: Block) -> Section:
    """A test: its heading, what to do, its picture."""
    children = (_heading(heading, "h2"), *map(_line, lines), *blocks)
    return Section(children, style="section", source=_SOURCE)


def _figure(picture: Drawn, alt: str, width: float, style: str = "picture") -> Figure:
    return Figure(picture, alt, width, style=style, source=_SOURCE)


def _heading(text: str, style: str) -> Heading:
    return Heading((Text(text, _SOURCE),), style=style, source=_SOURCE)


def _line(text: str) -> Paragraph:
    return Paragraph((Text(text, _SOURCE),), style="p", source=_SOURCE)


def _to_fill(label: str) -> Paragraph:
    blank = Blank(_BLANK, label, _SOURCE)
    return Paragraph((Text(f"{label}: ", _SOURCE), blank), style="fill", source=_SOURCE)


_TEXT = Style(size=12, leading=15.5, space_after=4)
_STYLES = {
    "p": _TEXT,
    "fill": Style(size=12, leading=24),
    "h1": Style(
        family="heading", bold=True, size=20, leading=25, space_after=4, align=Align.CENTRE
    ),
    "h2": Style(
        family="heading", bold=True, size=13, leading=17, space_before=9, keep_with_next=True
    ),
    "page": Style(),
    "section": Style(),
    "picture": Style(space_before=4, space_after=2),
    "middle": Style(space_after=4, align=Align.CENTRE),
    "caption": _TEXT,
}
