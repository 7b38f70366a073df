"""What the XMP of a PDF says (ISO 16684-1), whoever wrote it: claims, and the handouts within."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct

from handouts import namespaces

DRAFT, OVERDUE = "draft", "overdue"
_KNOWN = (DRAFT, OVERDUE, "approved")
_SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_PDF = "http://ns.adobe.com/pdf/1.3/"
_RDF = re.compile(rb"RDF[\s>]")
_OPENS = re.compile(rb"<(?:[\w.-]+:)?")
_AROUND = re.compile(rb"<(?:[\w.-]+:)?xmpmeta\s[^<>]*>\s*\Z")
_LONGEST_TAG = 500


class PartStatus(Struct, frozen=True):
    """A handout within a file: its edition, and its status: ``draft``, ``approved``, ``overdue``.

    ``until`` is the last day of the approval, ``approval`` the reference of its record (see
    ``records.Record.reference``), of two languages both with a space between; neither is known of
    drafts and of files of earlier versions.
    """

    edition: str
    status: str
    until: date | None = None
    approval: str = ""


def read_packet(text: str) -> Any:
    """The outermost element of an XMP packet, of a broken one as far as it can be read; ``None``
    where there is none. Entities stay what they are."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=True, encoding="utf-8"
    )
    return etree.fromstring((text.strip() or "<none/>").encode("utf-8"), parser)


def properties(text: str, space: str) -> dict[str, str]:
    """The XMP properties of a namespace, attributes or elements; the first of each."""
    found: dict[str, str] = {}
    packet, start = read_packet(text), f"{{{space}}}"
    for element in () if packet is None else packet.iter("*"):
        for name, value in (*element.items(), (element.tag, None)):
            if name.startswith(start):
                said = _value(element) if value is None else value
                found.setdefault(name.removeprefix(start), said.strip())
    return found


def _value(element: Any) -> str:
    """What a property says, less the qualifiers that it may have (7.8)."""
    qualified = element.xpath(".//@rdf:value|.//rdf:value//text()", namespaces=_SPACES)
    return "".join(qualified or element.xpath(".//text()"))


def xmp_text(raw: bytes) -> str:
    """The text of an XMP packet, whichever Unicode form it is in."""
    return raw.decode(json.detect_encoding(raw), "replace")


def part_in(text: str) -> PartStatus | None:
    """The handout that an XMP packet is about. One that does not say its status is a draft."""
    said = properties(text, namespaces.HANDOUTS)
    edition, status = said.get("edition", ""), said.get("status", "")
    if not said:
        # The first versions of the program said it in a keyword.
        is_old = DRAFT in properties(text, _PDF).get("Keywords", "").split(", ")
        return PartStatus("", DRAFT) if is_old else None
    try:
        last = said.get("until")
        until = date.fromisoformat(last) if last else None
    except ValueError:
        status, until = DRAFT, None
    status = status if status in _KNOWN else DRAFT
    return PartStatus(edition, status, until, said.get("approval", ""))


def parts_of(data: bytes) -> tuple[PartStatus, ...]:
    """The handouts in a file that we made or joined, in no order, by its plain bytes alone.

    A join keeps the XMP of each part on its first page, and we never compress it. An older
    version of the file counts, too: what was a draft once is asked about once more.
    """
    found = map(part_in, packets(data))
    return tuple(dict.fromkeys(part for part in found if part))


def packets(data: bytes) -> Iterator[str]:
    """The XMP packets that stand in a file's plain bytes."""
    begin = -1
    for found in _RDF.finditer(data):
        tag = data.rfind(b"<", max(0, found.start() - _LONGEST_TAG), found.start())
        before = data[tag : found.start()]
        if begin < 0 and _OPENS.fullmatch(before):
            # The element around it may declare its prefixes.
            around = _AROUND.search(data, max(0, tag - _LONGEST_TAG), tag)
            begin = around.start() if around else tag
        elif begin >= 0 and before.startswith(b"</"):
            yield xmp_text(data[begin : found.end()])
            begin = -1


def title_in(text: str) -> str:
    """The title in an XMP packet; "" where there is none."""
    packet = read_packet(text)
    found = () if packet is None else packet.xpath("//dc:title//rdf:li", namespaces=_SPACES)
    return next(("".join(one.xpath(".//text()")).strip() for one in found), "")
