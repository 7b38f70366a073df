"""The contents page of a packet: a Document of its own that lists the parts and leads to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from handouts.attach.options import PacketPart
from handouts.errors import AccessibilityError, Source
from handouts.model import (
    Brand,
    Document,
    Edges,
    Frame,
    Heading,
    InlineStyle,
    Link,
    ListBlock,
    ListItem,
    Marker,
    PageMaster,
    Paragraph,
    Style,
    Text,
)

LINK_SCHEME = "packet:"
"""A link to ``packet:1`` leads to the first page of the packet's first part."""

_SOURCE = Source("(contents page)")
_MARGIN = 72.0


class ContentsPage(Struct, frozen=True):
    """What the page needs besides the parts.

    ``terms`` are terms of the interface: ``packet_title`` and ``page``. ``size`` is that of the
    paper, in points.
    """

    brand: Brand
    lang: str
    terms: dict[str, str]
    size: tuple[float, float]
    made: date

    def render(self, parts: Sequence[PacketPart], counts: Sequence[int]) -> bytes:
        """The page as PDF, for parts of ``counts`` pages each.

        Its own length is known once it is laid out, and moves the parts behind it: it is laid
        out until it says the truth about them. Raises a HandoutsError.
        """
        from handouts.pdf import render
        from handouts.pdf.validate import page_count, validate

        own, pages = 0, 1
        while pages != own:
            own = pages
            firsts = [own + 1 + sum(counts[:number]) for number in range(len(counts))]
            data = render(self._document([part.title for part in parts], firsts))
            pages = page_count(data)
        if findings := validate(data):
            raise AccessibilityError(findings)
        return data

    def _document(self, titles: Sequence[str], firsts: Sequence[int]) -> Document:
        title = self.terms["packet_title"]
        lines = enumerate(zip(titles, firsts, strict=True), 1)
        items = tuple(self._item(number, *line) for number, line in lines)
        blocks = (
            Heading((Text(title, _SOURCE),), style="title", source=_SOURCE),
            ListBlock(items, Marker.NUMBER, style="parts", source=_SOURCE),
        )
        width, height = self.size
        frame = Frame(_MARGIN, _MARGIN, width - 2 * _MARGIN, height - 2 * _MARGIN)
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

    def _item(self, number: int, title: str, page: int) -> ListItem:
        link = Link((Text(title, _SOURCE),), f"{LINK_SCHEME}{number}", title, _SOURCE)
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
        return {"title": title, "parts": parts, "part": text, "caption": text}
