"""The contents page of a packet, and the packet: handouts and other PDFs bound into one file."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handouts.attach.commands import Outcome, bind
from handouts.attach.guard import inspect
from handouts.attach.options import Limits
from handouts.attach.packet import LINK_SCHEME, PacketOptions, PacketPart
from handouts.build import Order, resolve
from handouts.errors import Source
from handouts.model import (
    Link,
    ListBlock,
    ListItem,
    Marker,
    Paragraph,
    Text,
)
from handouts.workspace import Workspace

if TYPE_CHECKING:
    from handouts.build import Resolved

_SOURCE = Source("(contents page)")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the contents page: the part's title and its first page, counted from 1."""

    title: str
    page: int


def make_packet(workspace: Workspace, order: Order, parts: Sequence[PacketPart]) -> Outcome:
    """Bind ``parts`` behind a contents page with the appearance of ``order``'s layout and brand.

    Raises ``LetterError`` naming the part that cannot be used.
    """
    resolved = resolve(workspace, order)
    limits = Limits()
    found = [inspect(part.data, None, limits) for part in parts]
    titles = [
        part.title or report.title or f"{resolved.handout.terms['pages']} {number}"
        for number, (part, report) in enumerate(zip(parts, found, strict=True), 1)
    ]
    counts = [report.pages for report in found]
    contents = _contents(resolved, order, titles, counts)
    named = [PacketPart(part.data, title) for part, title in zip(parts, titles, strict=True)]
    options = PacketOptions(
        title=resolved.brand.name,
        language=order.selection.lang,
        contents_title=resolved.handout.terms["contents"],
    )
    return bind(named, contents, options)


def _contents(resolved: Resolved, order: Order, titles: list[str], counts: list[int]) -> bytes:
    """The contents page as PDF. Its own length is known once it is laid out: at most twice."""
    from handouts.pdf.validate import page_count

    own = 1
    while True:
        data = _draw(resolved, order, _entries(titles, counts, own))
        pages = page_count(data)
        if pages == own:
            return data
        own = pages


def _entries(titles: list[str], counts: list[int], own: int) -> list[_Entry]:
    page = own + 1
    entries = []
    for title, count in zip(titles, counts, strict=True):
        entries.append(_Entry(title, page))
        page += count
    return entries


def _draw(resolved: Resolved, order: Order, entries: list[_Entry]) -> bytes:
    from handouts.layout import lay_out
    from handouts.pdf.render import render

    terms = resolved.handout.terms
    page = terms["page"].lower()
    items = tuple(
        ListItem(
            (
                Paragraph(
                    (
                        Link((Text(entry.title, _SOURCE),), f"{LINK_SCHEME}{number}", entry.title),
                        Text(f", {page} {entry.page}", _SOURCE),
                    ),
                    source=_SOURCE,
                ),
            ),
            source=_SOURCE,
        )
        for number, entry in enumerate(entries, 1)
    )
    list_of_parts = ListBlock(items, Marker.NUMBER, source=_SOURCE)
    section = dataclasses.replace(
        resolved.handout.sections[0],
        id="contents",
        title=terms["contents"],
        body=(list_of_parts,),
        role="plain",
        last_page=False,
        source=_SOURCE,
    )
    handout = dataclasses.replace(
        resolved.handout,
        title=terms["packet_title"],
        subtitle="",
        icd10=(),
        long=False,
        sections=(section,),
        references=(),
        partial=False,
    )
    return render(lay_out(handout, resolved.layout, resolved.brand, order.selection.paper))
