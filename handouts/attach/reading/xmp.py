"""What the XMP of a PDF says (ISO 16684-1), whoever wrote it: claims, and the handouts within."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

from msgspec import Struct

from handouts import namespaces

#: The first versions of the program said it in a keyword.
_OLD_DRAFT = re.compile(r"<pdf:Keywords>(?:[^<]*, )?draft(?:, [^<]*)?</pdf:Keywords>")
DRAFT, OVERDUE = "draft", "overdue"
_KNOWN = (DRAFT, OVERDUE, "approved")
_PROPERTY = re.compile(
    r"""(?<![\w.:-])([\w.-]++):(\w++)\s*+=\s*+["']\s*+([\w.-]*+)"""
    r"""|<([\w.-]++):(\w++)(?=[^<>]*+>\s*+([\w.-]*+))"""
)
_TITLE = re.compile(r"<dc:title>\s*<rdf:Alt>\s*<rdf:li[^<>]*>([^<]*)</rdf:li>")
_OPENS, _CLOSES = b"<rdf:RDF", b"</rdf:RDF>"


class PartStatus(Struct, frozen=True):
    """A handout within a file: its edition, and its status: ``draft``, ``approved``, ``overdue``.

    ``until`` is the last day of the approval, ``approval`` the reference of its record (see
    ``records.Record.reference``); neither is known of drafts and of files of earlier versions.
    """

    edition: str
    status: str
    until: date | None = None
    approval: str = ""


def prefixes(text: str, space: str) -> set[str]:
    """What stands in an XMP packet for a namespace."""
    return set(re.findall(r"xmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(space), text))


def properties(text: str, space: str) -> dict[str, str]:
    """The XMP properties of a namespace, written as attributes or as elements; the first of each.

    Only of such as are one word: letters, digits, dots and hyphens.
    """
    found: dict[str, str] = {}
    if ours := prefixes(text, space):
        for prefix, name, word, tag, element, content in _PROPERTY.findall(text):
            if (prefix or tag) in ours:
                found.setdefault(name or element, word or content)
    return found


def xmp_text(raw: bytes) -> str:
    """The text of an XMP packet, whichever Unicode form it is in."""
    return raw.decode(json.detect_encoding(raw), "replace")


def part_in(text: str) -> PartStatus | None:
    """The handout that an XMP packet is about. One that does not say its status is a draft."""
    said = properties(text, namespaces.HANDOUTS)
    edition, status = said.get("edition", ""), said.get("status", "")
    if not edition and not status:
        return PartStatus("", DRAFT) if _OLD_DRAFT.search(text) else None
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
    found = (part_in(xmp_text(packet)) for packet in _packets(data))
    return tuple(dict.fromkeys(part for part in found if part))


def _packets(data: bytes) -> Iterator[bytes]:
    end = 0
    while (start := data.find(_OPENS, end)) >= 0 and (end := data.find(_CLOSES, start)) >= 0:
        yield data[start:end]


def title_in(text: str) -> str:
    """The title in an XMP packet; "" where there is none."""
    found = _TITLE.search(text)
    return unescape(found[1]).strip() if found else ""
