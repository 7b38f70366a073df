"""One PDF of many copies, written as they come: tagged, each a Part, with a bookmark for each.

What copies share is written once, see :mod:`handouts.personal.pattern`; only the places of objects
are kept in memory, some kilobytes a copy.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from msgspec import Struct

from handouts.attach.claims import Claims
from handouts.attach.packet import empty_pdf
from handouts.attach.reading.inspection import metadata
from handouts.attach.reading.objects import (
    Dict,
    Name,
    Ref,
    Stream,
    text_string,
    write,
    write_stream,
)
from handouts.attach.reading.reader import PdfFile
from handouts.personal.filling import Copy
from handouts.personal.pattern import Pattern, Piece, joined
from handouts.seal import BLANK

#: A PDF/A-2 has no more objects (ISO 19005-2 6.1.13).
MOST_OBJECTS: Final = 8_388_607
_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_TOGETHER: Final = 200
#: The numbers of the objects that are known before the first copy comes.
_CATALOG, _PAGES, _STRUCTURE, _DOCUMENT, _OUTLINES, _INFO, _XMP, _PARENTS, _IDS = range(1, 10)
_ROW: Final = 10  # a kind, eight bytes of a place, an index


class Bound(Struct, frozen=True):
    """A copy in the file: its bookmark, its first page, and what it adds to the file's trees."""

    title: str
    page: int
    node: int
    root: int
    keys: tuple[int, int] | None
    parents: int
    names: tuple[bytes, bytes] | None
    ids: int


class _Cast(Struct, frozen=True):
    """A pattern in one file: its shared objects' numbers, and each own object as bytes and slots
    that alternate."""

    pattern: Pattern
    numbers: Mapping[int, int]
    objects: Sequence[Sequence[Piece]]
    parents: Sequence[Piece]


class JoinedFile:
    """A file that is being written, by a function that takes its next bytes."""

    def __init__(
        self, write_on: Callable[[bytes], object], title: str, lang: str, *, two_sided: bool
    ) -> None:
        """``title`` and ``lang`` are those of the whole."""
        self.pages = 0
        self.copies = 0
        self.objects = _IDS + 1
        self._write_on = write_on
        self._title, self._lang = title, lang
        self._sides = b"DuplexFlipLongEdge" if two_sided else b"Simplex"
        self._rows = bytearray(b"\0" * 9 + b"\xff")
        self._at = 0
        self._hash = sha256()
        self._casts: dict[Pattern, _Cast] = {}
        self._bound: list[Bound] = []
        self._intents: list[int] = []
        self._key = 0
        self._write(_HEADER)

    # --- Objects ---

    def _write(self, data: bytes) -> None:
        self._write_on(data)
        self._hash.update(data)
        self._at += len(data)

    def _reserve(self, count: int = 1) -> int:
        first = self.objects
        self.objects += count
        return first

    def _place(self, number: int, kind: int, where: int, index: int = 0) -> None:
        start = number * _ROW
        if start + _ROW > len(self._rows):
            self._rows.extend(bytes(start + _ROW - len(self._rows)))
        row = bytes((kind,)) + where.to_bytes(8, "big") + bytes((index,))
        self._rows[start : start + _ROW] = row

    def _put(self, objects: Iterable[tuple[int, bytes]]) -> None:
        """Write objects that are known as PDF text."""
        parts: list[bytes] = []
        at = self._at
        for number, body in objects:
            text = b"%d 0 obj\n%b\nendobj\n" % (number, body)
            self._place(number, 1, at)
            at += len(text)
            parts.append(text)
        self._write(b"".join(parts))

    def _pack(self, objects: Sequence[tuple[int, bytes]]) -> None:
        """Write objects that are no streams into object streams (7.5.7)."""
        streams: list[tuple[int, bytes]] = []
        for start in range(0, len(objects), _TOGETHER):
            own, head, length = self._reserve(), list[bytes](), 0
            some = objects[start : start + _TOGETHER]
            for index, (number, body) in enumerate(some):
                head.append(b"%d %d" % (number, length))
                length += len(body) + 1
                self._place(number, 2, own, index)
            first = b" ".join(head) + b"\n"
            data = zlib.compress(first + b"\n".join(body for _, body in some) + b"\n")
            entries: Dict = {b"Type": Name(b"ObjStm"), b"N": len(some), b"First": len(first)}
            streams.append((own, write_stream(Stream({**entries, **_FLATE}, data))))
        self._put(streams)

    # --- Copies ---

    def add(self, pattern: Pattern, copy: Copy | None = None, title: str = "") -> None:
        """A copy of ``pattern`` behind those that are there; with a ``title`` it has a bookmark."""
        cast = self._casts.get(pattern) or self._cast(pattern)
        base = self._reserve(len(pattern.own))
        node = self._reserve()
        tree, ids = (self._reserve() if any_ else 0 for any_ in (pattern.keys, pattern.ids))
        self.copies += 1
        prefix = b"c%07d-" % self.copies
        values = _Values(base, node, self._key, prefix, cast.numbers)
        own = [(base + at, values.fill(pieces)) for at, pieces in enumerate(cast.objects)]
        own.append((node, self._node(pattern, base)))
        keys, names = None, None
        if pattern.keys:
            keys = (self._key, self._key + pattern.keys - 1)
            self._key += pattern.keys
            body = values.fill(cast.parents)
            own.append((tree, b"<</Limits[%d %d]/Nums%b>>" % (*keys, body)))
        if known := [(prefix + name, base + at) for name, at in pattern.ids]:
            names = (known[0][0], known[-1][0])
            pairs = b" ".join(b"%b %d 0 R" % (write(name), number) for name, number in known)
            limits = b" ".join(map(write, names))
            own.append((ids, b"<</Limits[%b]/Names[%b]>>" % (limits, pairs)))
        self._pack(own)
        if copy and pattern.fields:
            filled = PdfFile(copy.update, base=pattern.pdf)
            streams = ((base + pattern.own[num], filled.get(num)) for num in pattern.fields)
            self._put((num, write_stream(value)) for num, value in streams if type(value) is Stream)
        root = base + pattern.root if pattern.root >= 0 else 0
        self._bound.append(Bound(title, base, node, root, keys, tree, names, ids))
        self.pages += len(pattern.pages)

    def _node(self, pattern: Pattern, base: int) -> bytes:
        kids = [Ref(base + at) for at in range(len(pattern.pages))]
        entries: Dict = {b"Type": Name(b"Pages"), b"Parent": Ref(_PAGES), b"Kids": kids}
        return write({**entries, b"Count": len(kids)})

    def _cast(self, pattern: Pattern) -> _Cast:
        """Write what copies of ``pattern`` share."""
        numbers = {num: self._reserve() for num in pattern.shared}
        extra: dict[tuple[str, int], int] = {}
        objects = [joined(pieces) for pieces in pattern.objects]
        streams = [
            (numbers[num], pattern.stream(value, numbers))
            for num, value in pattern.shared.items()
            if _is_stream(value)
        ]
        for slot in (piece for pieces in objects for piece in pieces if type(piece) is tuple):
            if slot[0] == "metadata":
                extra[slot] = self._reserve()
                streams.append((extra[slot], pattern.metadata()))
            elif slot[0] == "artifact":
                extra[slot] = self._reserve()
                streams.append((extra[slot], pattern.artifacts(slot[1])))
        self._put(streams)
        plain = [
            (numbers[num], pattern.stream(value, numbers))
            for num, value in pattern.shared.items()
            if not _is_stream(value)
        ]
        self._pack(plain)
        known = [joined([_settled(one, numbers, extra) for one in pieces]) for pieces in objects]
        if not self._intents and not pattern.artifact:
            intents = pattern.pdf.array(pattern.pdf.catalog.get(b"OutputIntents"))
            self._intents = [numbers[ref.num] for ref in intents]
        cast = self._casts[pattern] = _Cast(
            pattern, numbers, known, joined([*pattern.parent_tree()])
        )
        return cast

    # --- The end ---

    def finish(self) -> str:
        """Write what stands at the end of the file; its SHA-256."""
        tops = [*self._trees(), *self._outlines(), (_CATALOG, self._catalog())]
        tops.append((_INFO, write({b"Title": text_string(self._title)})))
        self._pack(tops)
        claims = Claims(1, "2A")
        xmp = metadata(PdfFile(empty_pdf(self._title, self._lang, claims, {})))
        entries: Dict = {b"Type": Name(b"Metadata"), b"Subtype": Name(b"XML")}
        self._put([(_XMP, write_stream(Stream(entries, xmp.encode())))])
        own, at = self._reserve(), self._at
        self._place(own, 1, at)
        entries = {b"Type": Name(b"XRef"), b"Size": own + 1, b"W": [1, 8, 1], **_FLATE}
        entries |= {b"Root": Ref(_CATALOG), b"Info": Ref(_INFO)}
        stream = Stream(entries, zlib.compress(bytes(self._rows)))
        body = write_stream(stream)
        end = body.index(b">>\nstream")
        ids = b"/ID[<%b><%b>]" % (BLANK, BLANK)
        tail = b"%d 0 obj\n%b%b%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
            own, body[:end], ids, body[end:], at,
        )  # fmt: skip
        seal = self._hash.copy()
        seal.update(tail)
        self._write(tail.replace(BLANK, seal.hexdigest()[:32].encode()))
        return self._hash.hexdigest()

    def _trees(self) -> list[tuple[int, bytes]]:
        bound = self._bound
        kids = [Ref(one.node) for one in bound]
        parents = [Ref(one.parents) for one in bound if one.keys]
        ids = [Ref(one.ids) for one in bound if one.names]
        roots = [Ref(one.root) for one in bound if one.root]
        document: Dict = {b"Type": Name(b"StructElem"), b"S": Name(b"Document")}
        document |= {b"P": Ref(_STRUCTURE), b"Lang": text_string(self._lang), b"K": roots}
        tree: Dict = {b"Type": Name(b"StructTreeRoot"), b"K": Ref(_DOCUMENT)}
        tree |= {
            b"ParentTree": Ref(_PARENTS),
            b"ParentTreeNextKey": self._key,
            b"IDTree": Ref(_IDS),
        }
        return [
            (_PAGES, write({b"Type": Name(b"Pages"), b"Kids": kids, b"Count": self.pages})),
            (_STRUCTURE, write(tree)),
            (_DOCUMENT, write(document)),
            (_PARENTS, write({b"Kids": parents})),
            (_IDS, write({b"Kids": ids} if ids else {b"Names": []})),
        ]

    def _outlines(self) -> list[tuple[int, bytes]]:
        titled = [one for one in self._bound if one.title]
        first = self._reserve(len(titled))
        rows: list[tuple[int, bytes]] = []
        for at, one in enumerate(titled):
            entries: Dict = {b"Title": text_string(one.title), b"Parent": Ref(_OUTLINES)}
            entries[b"Dest"] = [Ref(one.page), Name(b"Fit")]
            if at:
                entries[b"Prev"] = Ref(first + at - 1)
            if at + 1 < len(titled):
                entries[b"Next"] = Ref(first + at + 1)
            rows.append((first + at, write(entries)))
        top: Dict = {b"Type": Name(b"Outlines"), b"First": Ref(first)}
        top |= {b"Last": Ref(first + len(titled) - 1), b"Count": len(titled)}
        return [(_OUTLINES, write(top)), *rows]

    def _catalog(self) -> bytes:
        viewing: Dict = {b"DisplayDocTitle": True, b"Duplex": Name(self._sides)}
        viewing[b"PrintScaling"] = Name(b"None")
        catalog: Dict = {
            b"Type": Name(b"Catalog"),
            b"Pages": Ref(_PAGES),
            b"Lang": text_string(self._lang),
            b"MarkInfo": {b"Marked": True},
            b"StructTreeRoot": Ref(_STRUCTURE),
            b"ViewerPreferences": viewing,
            b"PageLabels": {b"Nums": [0, {b"S": Name(b"D")}]},
            b"PageMode": Name(b"UseOutlines"),
            b"Metadata": Ref(_XMP),
            b"OutputIntents": [Ref(number) for number in self._intents],
            b"Outlines": Ref(_OUTLINES),
        }
        return write(catalog)


_FLATE: Final[Dict] = {b"Filter": Name(b"FlateDecode")}


def _is_stream(value: Any) -> bool:
    return type(value) is Stream


def _settled(piece: Piece, numbers: Mapping[int, int], extra: Mapping[Any, int]) -> Piece:
    """A slot whose number is the same for all copies in a file as bytes."""
    if isinstance(piece, bytes):
        return piece
    kind, which = piece
    if kind == "shared":
        return b"%d 0 R" % numbers[which]
    if kind == "document":
        return b"%d 0 R" % _DOCUMENT
    return b"%d 0 R" % extra[piece] if piece in extra else piece


class _Values(Struct, frozen=True):
    """What the slots of one copy hold."""

    base: int
    node: int
    key: int
    prefix: bytes
    shared: Mapping[int, int]

    def fill(self, pieces: Sequence[Piece]) -> bytes:
        """``pieces``, with these in the slots."""
        return b"".join([piece if type(piece) is bytes else self._of(*piece) for piece in pieces])

    def _of(self, kind: str, which: Any) -> bytes:
        match kind:
            case "own":
                return b"%d 0 R" % (self.base + which)
            case "key":
                return b"%d" % (self.key + which)
            case "id":
                return write(self.prefix + which)
            case "node":
                return b"%d 0 R" % self.node
            case _:
                return b"%d 0 R" % self.shared[which]
