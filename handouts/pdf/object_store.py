"""The objects of one PDF file, and how they are written (ISO 32000-1 7.5).

All that is no stream goes into object streams (7.5.7), which nearly halves a handout.
"""

from __future__ import annotations

import zlib

from msgspec import Struct

from handouts.seal import BLANK, sealed

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
#: Objects in one object stream: a reader unpacks all of them to see one.
_TOGETHER = 200


class Ending(Struct, frozen=True):
    """What an update of a finished file must say: the numbers of catalog and information
    dictionary, one more than the highest number, where the cross-references lie."""

    root: int = 0
    info: int = 0
    size: int = 0
    startxref: int = 0


class ObjectStore:
    """The numbered objects of one file (7.3.10); their bodies are given as PDF syntax."""

    def __init__(self) -> None:
        """An empty file."""
        self._bodies: list[bytes] = []
        self._streams: set[int] = set()
        self.ending = Ending()

    def reserve(self) -> int:
        """The number of a new object whose body comes later through ``fill``."""
        self._bodies.append(b"null")
        return len(self._bodies)

    def fill(self, number: int, body: str) -> None:
        """Set the body of a reserved object."""
        self._bodies[number - 1] = body.encode("latin-1")

    def add(self, body: str) -> int:
        """The number of a new object with ``body``."""
        number = self.reserve()
        self.fill(number, body)
        return number

    def add_stream(self, entries: str, data: bytes) -> int:
        """The number of a new stream, Flate-compressed; ``entries`` go into its dictionary."""
        return self.add_raw_stream(f"{entries}/Filter/FlateDecode", zlib.compress(data))

    def add_raw_stream(self, entries: str, data: bytes) -> int:
        """The number of a new stream whose ``data`` is written as it is."""
        number = self.reserve()
        self._bodies[number - 1] = _stream(entries, data)
        self._streams.add(number)
        return number

    def finish(self, catalog: str, info: str) -> bytes:
        """The bytes of the file. Its /ID (14.4) is its seal, so it follows from all of them."""
        root, about = self.add(catalog), self.add(info)
        trailer = f"/Root {root} 0 R/Info {about} 0 R"
        trailer += f"/ID[<{BLANK.decode()}><{BLANK.decode()}>]"
        places: list[tuple[int, int, int]] = [(0, 0, 255)]  # rows of table 18: kind, where, which
        places += [(0, 0, 0)] * len(self._bodies)
        plain = [at for at in range(1, len(self._bodies) + 1) if at not in self._streams]
        for start in range(0, len(plain), _TOGETHER):
            numbers = plain[start : start + _TOGETHER]
            own = self._add_object_stream(numbers)
            places.append((0, 0, 0))
            for index, number in enumerate(numbers):
                places[number] = (2, own, index)
        out = bytearray(_HEADER)
        for number in sorted(self._streams):
            places[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, self._bodies[number - 1])
        self.ending = Ending(root, about, len(places) + 1, len(out))
        return sealed(bytes(out + _cross_references(places, len(out), trailer)))

    def _add_object_stream(self, numbers: list[int]) -> int:
        """The number of an object stream that holds the bodies of ``numbers``."""
        offsets, bodies = [], bytearray()
        for number in numbers:
            offsets.append(f"{number} {len(bodies)}")
            bodies += self._bodies[number - 1] + b"\n"
        head = " ".join(offsets).encode() + b"\n"
        entries = f"/Type/ObjStm/N {len(numbers)}/First {len(head)}"
        return self.add_stream(entries, head + bytes(bodies))


def _stream(entries: str, data: bytes) -> bytes:
    head = f"<<{entries}/Length {len(data)}>>\nstream\n".encode("latin-1")
    # A line end before endstream (PDF/A-2 6.1.7). After data that ends in CR a lone LF would be
    # read as one line end with it, and /Length as one byte too many.
    return head + data + (b"\r\nendstream" if data.endswith(b"\r") else b"\nendstream")


def _cross_references(places: list[tuple[int, int, int]], offset: int, trailer: str) -> bytes:
    """The cross-reference stream (7.5.8) at ``offset``, which lists itself, and the file's end."""
    places = [*places, (1, offset, 0)]
    width = (offset.bit_length() + 7) // 8
    rows = b"".join(
        bytes([kind]) + where.to_bytes(width, "big") + bytes([which])
        for kind, where, which in places
    )
    entries = f"/Type/XRef/Size {len(places)}/W[1 {width} 1]{trailer}/Filter/FlateDecode"
    body = _stream(entries, zlib.compress(rows, 9))
    return b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(places) - 1, body, offset)
