"""The pages that a packet has besides its parts: contents, a blank one, and page numbers.

Each is a Document of its own. That of the contents lists the parts and leads to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from handouts.attach.added_pages import SLIP, starts
from handouts.attach.options import PacketPart
from handouts.errors import AccessibilityError, ContentError, Source
from handouts.flow.faces import FontBook
from handouts.model import (
    Align,
    Block,
    Brand,
    Document,
    Edges,
    Frame,
    Heading,
    Inline,
    InlineStyle,
    Link,
    ListBlock,
    ListItem,
    Marker,
    PageBreak,
    PageMaster,
    Paragraph,
    Span,
    Style,
    Text,
)
from handouts.visible import cleaned, hyphenated

LINK_SCHEME = "packet:"
"""A link to ``packet:1`` leads to the first page of the packet's first part."""

TERMS = ("page", "packet_title", "packet_part", "packet_page", "packet_blank")
"""The terms of the interface that the pages of a packet print."""

_SOURCE = Source("(contents page)")
_MARGIN = 72.0


class ContentsPage(Struct, frozen=True):
    """What the pages need besides the parts.

    ``terms`` are those of the interface that :data:`TERMS` names. ``size`` is that of the
    paper, in points. ``odd``: each part begins on an odd page.
    """

    brand: Brand
    lang: str
    terms: dict[str, str]
    size: tuple[float, float]
    made: date
    odd: bool = True

    def render(self, parts: Sequence[PacketPart], counts: Sequence[int]) -> bytes:
        """The page as PDF, for parts of ``counts`` pages each.

        Its own length is known once it is laid out, and moves the parts behind it: it is laid
        out until it says the truth about them. Raises a HandoutsError.
        """
        from handouts.pdf.validate import page_count

        book = FontBook(self.brand.fonts)
        titles = [self._title(book, *numbered) for numbered in enumerate(parts, 1)]
        own, pages = 0, 1
        while pages != own:
            own = pages
            firsts = starts([own, *counts], odd=self.odd)[1:]
            data = self._made(self._list(titles, firsts))
            pages = page_count(data)
        return data

    def total(self, contents: bytes, counts: Sequence[int]) -> int:
        """The pages of the packet: ``contents``, parts of ``counts`` pages, blank ones between."""
        from handouts.pdf.validate import page_count

        own = page_count(contents)
        return starts([own, *counts], odd=self.odd)[-1] + counts[-1] - 1

    def blank(self) -> bytes:
        """A page that says that it is blank."""
        text = Text(self.terms["packet_blank"], _SOURCE)
        return self._made((Paragraph((text,), style="blank", source=_SOURCE),))

    def numbers(self, pages: int) -> bytes:
        """A slip of paper for each page of the packet, with its number."""
        blocks: list[Block] = []
        for page in range(1, pages + 1):
            text = self.terms["packet_page"].format(page=page, pages=pages)
            line = Paragraph((Text(text, _SOURCE),), style="number", source=_SOURCE)
            blocks += [line, PageBreak(source=_SOURCE)]
        return replace(self, size=SLIP)._made(tuple(blocks[:-1]), margin=0)

    def _title(self, book: FontBook, number: int, part: PacketPart) -> tuple[str, str]:
        """What the brand's fonts can print of a part's title, and its language; the part's number
        where that says nothing.

        Another program may have given it signs of any script.
        """

        def is_printed(char: str) -> bool:
            try:
                return bool(book.runs(char, book.face("body", bold=False), _SOURCE))
            except ContentError:
                return False

        title = " ".join("".join(filter(is_printed, cleaned(part.title))).split())
        if any(map(str.isalnum, title)):
            return title, part.language or self.lang
        return self.terms["packet_part"].format(number=number), self.lang

    def _list(self, titles: Sequence[tuple[str, str]], firsts: Sequence[int]) -> tuple[Block, ...]:
        title = Text(self.terms["packet_title"], _SOURCE)
        lines = enumerate(zip(titles, firsts, strict=True), 1)
        items = tuple(self._item(number, *title, page) for number, (title, page) in lines)
        return (
            Heading((title,), style="title", source=_SOURCE),
            ListBlock(items, Marker.NUMBER, style="parts", source=_SOURCE),
        )

    def _made(self, blocks: tuple[Block, ...], margin: float = _MARGIN) -> bytes:
        """The PDF of these blocks. Raises a HandoutsError."""
        from handouts.pdf import render
        from handouts.pdf.validate import validate

        data = render(self.document(blocks, margin))
        if findings := validate(data):
            raise AccessibilityError(findings)
        return data

    def document(self, blocks: tuple[Block, ...], margin: float = _MARGIN) -> Document:
        """A Document of ``blocks``, in the styles of a packet's own pages."""
        title = self.terms["packet_title"]
        width, height = self.size
        frame = Frame(margin, margin, width - 2 * margin, height - 2 * margin)
        return Document(
            title=title,
            lang=self.lang,
            author=self.brand.name,
            subject=title,
            keywords=(),
            modified=self.made,
            page_width=width,
            page_height=height,
            masters={"page": PageMaster("page", (frame,))},
            first_master="page",
            blocks=blocks,
            styles=self._styles(),
            inline_styles={"link": InlineStyle(underline=True)},
            fonts=self.brand.fonts,
        )

    def _item(self, number: int, title: str, lang: str, page: int) -> ListItem:
        words: Inline = Text(hyphenated(title), _SOURCE)
        if lang != self.lang:
            words = Span((words,), lang=lang, source=_SOURCE)
        link = Link((words,), f"{LINK_SCHEME}{number}", title, _SOURCE)
        where = Text(f", {self.terms['page'].lower()} {page}", _SOURCE)
        line = Paragraph((link, where), style="part", source=_SOURCE)
        return ListItem((line,), source=_SOURCE)

    def _styles(self) -> dict[str, Style]:
        colours = self.brand.colours
        text = Style(colour=colours["text"])
        title = Style(
            family="heading",
            bold=True,
            kern=True,
            size=24,
            leading=28,
            colour=colours["primary"],
            space_after=12,
            keep_with_next=True,
        )
        parts = Style(colour=colours["text"], marker_indent=24, item_gap=6, padding=Edges())
        blank = Style(colour=colours["text"], align=Align.CENTRE, space_before=200)
        number = Style(colour=colours["text"], align=Align.END, size=8, leading=11)
        lists = {"title": title, "parts": parts, "part": text, "caption": text}
        return {**lists, "blank": blank, "number": number}
