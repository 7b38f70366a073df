"""PDFs written byte by byte: a letter of one line, its updates, and the odd spellings of both."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

Section = Callable[[dict[int, int], int, bytes], bytes]
"""Writes a cross-reference section from the objects' offsets, its own, and its trailer's text."""

HEADER = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"


def contents(text: str) -> bytes:
    """A page's content stream with one line of text."""
    data = b"BT /F1 24 Tf 20 100 Td (%s) Tj ET" % text.encode()
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)


def letter(text: str = "Dose: 10 mg") -> dict[int, bytes]:
    """The objects of a letter of one page; its contents are object 4."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        4: contents(text),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }


def runs(offsets: dict[int, int]) -> list[list[int]]:
    """The numbers in runs without gaps."""
    found: list[list[int]] = []
    for num in sorted(offsets):
        if found and found[-1][-1] == num - 1:
            found[-1].append(num)
        else:
            found.append([num])
    return found


def table(offsets: dict[int, int], _: int, trailer: bytes, end: bytes = b" \n") -> bytes:
    """A cross-reference table; each row ends with ``end``."""
    out = b"xref\n0 1\n0000000000 65535 f%s" % end
    for run in runs(offsets):
        out += b"%d %d\n" % (run[0], len(run))
        out += b"".join(b"%010d 00000 n%s" % (offsets[num], end) for num in run)
    return out + b"trailer\n<<%s>>\n" % trailer


def plain(rows: list[bytes]) -> tuple[bytes, bytes]:
    """The rows of a cross-reference stream as they are, and no parameters."""
    return b"".join(rows), b""


def tiff(rows: list[bytes]) -> tuple[bytes, bytes]:
    """Each byte less the one on its left."""
    coded = [bytes((b - a) % 256 for a, b in zip(b"\0" + row, row, strict=False)) for row in rows]
    return b"".join(coded), b"/Predictor 2/Columns 6"


def png(rows: list[bytes], kind: int = 2) -> tuple[bytes, bytes]:
    """Each byte less the one above it (``kind`` 2) or on its left (1)."""
    coded, above = b"", bytes(6)
    for row in rows:
        near = above if kind == 2 else b"\0" + row[:-1]
        coded += bytes([kind]) + bytes((a - b) % 256 for a, b in zip(row, near, strict=True))
        above = row
    return coded, b"/Predictor %d/Columns 6" % (10 + kind)


def stream(
    offsets: dict[int, int],
    start: int,
    trailer: bytes,
    *,
    number: int,
    listed: bool = True,
    coding: Callable[[list[bytes]], tuple[bytes, bytes]] = plain,
    packed: Mapping[int, int] = MappingProxyType({}),
) -> bytes:
    """A cross-reference stream with object number ``number``, which need not list itself.

    ``packed`` objects are each the only one of an object stream.
    """
    offsets = {**offsets, **packed}
    if listed:
        offsets[number] = start
    index = b" ".join(b"%d %d" % (run[0], len(run)) for run in runs(offsets))
    rows = [
        bytes([1 + (num in packed)]) + offsets[num].to_bytes(3, "big") + b"\0\0"
        for num in sorted(offsets)
    ]
    text, parms = coding(rows)
    data = zlib.compress(text)
    return (
        b"%d 0 obj\n<</Type/XRef/W[1 3 2]/Index[%s]%s/Filter/FlateDecode/DecodeParms<<%s>>"
        b"/Length %d>>\nstream\n%s\nendstream\nendobj\n"
    ) % (number, index, trailer, parms, len(data), data)


def pdf(
    objects: dict[int, bytes],
    before: bytes = b"",
    section: Section = table,
    *,
    size: int = 0,
    extra: bytes = b"",
) -> bytes:
    """A file, or ``before`` with an update behind it."""
    out, offsets = before or HEADER, {}
    for num, body in objects.items():
        offsets[num] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (num, body)
    starts = re.findall(rb"startxref\s+(\d+)", before)
    previous = b"/Prev %d" % int(starts[-1]) if starts else b""
    size = size or max(*objects, 5) + 1
    trailer = b"/Size %d/Root 1 0 R%s%s" % (size, previous, extra)
    start = len(out)
    return out + section(offsets, start, trailer) + b"startxref\n%d\n%%%%EOF\n" % start


def with_stream(number: int, **options: object) -> Section:
    """The style :func:`stream` with its own number and options."""
    return partial(stream, number=number, **options)  # type: ignore[arg-type]
