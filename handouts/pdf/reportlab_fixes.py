"""ReportLab's private parts that this stage relies on, and mends for its defects.

Each mend has a test in ``tests/pdf/test_fixes.py`` that fails once upstream needs it no more.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject

#: At most so many entries stand in one ``beginbfchar`` block (Adobe note 5411, 1.4.1).
_CMAP_BLOCK = 100


class _Body(PDFObject):  # type: ignore[misc]
    """An indirect object whose bytes are known; ReportLab gives it its number and offset."""

    def __init__(self) -> None:
        self.data = b"null"

    def format(self, document: object) -> bytes:  # noqa: ARG002  (ReportLab's protocol)
        return self.data


class ObjectStore:
    """The numbered objects of one PDF file (ISO 32000-1 7.3.10).

    ReportLab's PDFDocument keeps numbers, offsets, cross-reference table and trailer. Bodies are
    written as bytes here: PDFStream leaves out the end-of-line before ``endstream`` that
    PDF/A-2 6.1.7 wants, writes an empty /Filter for a stream without filters, and the checked
    catalog and info dictionaries refuse keys and add a clock.
    """

    def __init__(self) -> None:
        """An empty file, PDF 1.7. ``invariant`` keeps the clock out."""
        self._document = PDFDocument(compression=0, invariant=1, pdfVersion=(1, 7))
        self._bodies: dict[int, _Body] = {}
        # PDFDocument registers a dictionary of fonts as object 1; it becomes ours.
        self.fonts = 1
        self._document.idToObject["BasicFonts"] = self._bodies[1] = _Body()

    def reserve(self) -> int:
        """The number of a new object whose body comes later through ``fill``."""
        body = _Body()
        self._document.Reference(body)
        number: int = self._document.objectcounter
        self._bodies[number] = body
        return number

    def fill(self, number: int, body: str | bytes) -> None:
        """Set the body of a reserved object."""
        self._bodies[number].data = body.encode("latin-1") if isinstance(body, str) else body

    def add(self, body: str | bytes) -> int:
        """The number of a new object with ``body``."""
        number = self.reserve()
        self.fill(number, body)
        return number

    def add_stream(self, entries: str, data: bytes) -> int:
        """The number of a new stream, Flate-compressed; ``entries`` go into its dictionary."""
        return self.add_raw_stream(f"{entries}/Filter/FlateDecode", zlib.compress(data))

    def add_raw_stream(self, entries: str, data: bytes) -> int:
        """The number of a new stream whose ``data`` is written as it is."""
        head = f"<<{entries}/Length {len(data)}>>\nstream\n".encode("latin-1")
        # After data that ends in CR a lone LF would be read as one line end with it, and /Length
        # as one byte too many.
        end = b"\r\nendstream" if data.endswith(b"\r") else b"\nendstream"
        return self.add(head + data + end)

    def finish(self, catalog: str, info: str) -> bytes:
        """The bytes of the file. Its /ID is the hash of all objects, so it follows from them."""
        document = self._document
        document.Catalog = _Body()
        document.Catalog.data = catalog.encode("latin-1")
        document.info = _Body()
        document.info.data = info.encode("latin-1")
        digest = hashlib.sha256()
        for number in sorted(self._bodies):
            digest.update(self._bodies[number].data)
        digest.update(document.Catalog.data + document.info.data)
        mark = digest.hexdigest()[:32].encode()
        document._ID = b"[<" + mark + b"><" + mark + b">]"
        return bytes(document.format())


def to_unicode_cmap(name: str, chars: Sequence[int]) -> bytes:
    """A ToUnicode CMap for a simple font: code ``n`` stands for character ``chars[n]``, 0 for
    none (ISO 32000-1 9.10.3).

    ReportLab's own maps code 0 to U+0000, which PDF/UA-1 7.21.7 forbids, puts 256 entries into
    one block, and writes five digits for characters beyond the Basic Multilingual Plane.
    """
    used = [
        f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>"
        for code, char in enumerate(chars)
        if char
    ]
    blocks = []
    for start in range(0, len(used), _CMAP_BLOCK):
        part = used[start : start + _CMAP_BLOCK]
        blocks += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
        *blocks,
        "endcmap",
        "CMapName currentdict /CMap defineresource pop",
        "end",
        "end",
    ]
    return "\n".join(lines).encode("ascii")
