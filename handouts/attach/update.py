"""Collect new and changed objects and write them as one incremental update (7.5.6)."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from typing import Any, Final

from handouts.attach.reading.crypt import Cipher, Method
from handouts.attach.reading.objects import (
    Damaged,
    Dict,
    Name,
    Obj,
    Objects,
    Ref,
    Stream,
    write,
    write_stream,
)
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.xref import MAX_OBJECTS

_PACK_SIZE: Final = 200
"""Objects in one object stream: more would make readers inflate too much for one object."""


_OF_THE_SECTION: Final = frozenset(
    b"Size Prev XRefStm ID Type W Index Length Filter DecodeParms F FFilter FDecodeParms DL".split()
)
"""What a trailer, or the dictionary of a cross-reference stream, says of itself alone; all else in
it is about the file (7.5.5, 7.5.8.2)."""


def flate(data: bytes, entries: Dict) -> Stream:
    """A new stream, compressed when that makes it smaller."""
    packed = zlib.compress(data, 6)
    if len(packed) + 24 >= len(data):
        return Stream(entries, data)
    return Stream({**entries, b"Filter": Name(b"FlateDecode")}, packed)


def thaw(value: Any) -> Any:
    """A copy of an object's own containers, so that a change does not reach the original."""
    kind = type(value)
    if kind is dict:
        return {key: thaw(item) for key, item in value.items()}
    if kind is list:
        return [thaw(item) for item in value]
    return value


class Update(Objects):
    """The newest state of a PDF: its objects with the changed ones over them."""

    def __init__(self, base: PdfFile) -> None:
        self.base = base
        self.changed: dict[int, Obj] = {}
        self.first_new = base.first_free
        self._next = self.first_new
        self._dangling = base.dangling()
        self._ready: dict[int, Stream] = {}
        self.catalog_ref: Ref = base.trailer[b"Root"]
        self.catalog = self.edit(self.catalog_ref)

    def get(self, num: int) -> Obj:
        """The newest version of an object."""
        if num in self.changed:
            return self.changed[num]
        return self.base.get(num)

    def decode(self, stream: Stream, num: int = 0) -> bytes:
        """As the base does; what is new or changed is not encrypted yet."""
        return self.base.decode(stream, 0 if num in self.changed else num)

    def reserve(self) -> Ref:
        """A number for an object that is made later; none that means something in the letter."""
        while self._next in self._dangling:
            self._next += 1
        if self._next >= MAX_OBJECTS:
            raise Damaged("objects numbered beyond all measure")
        ref = Ref(self._next)
        self._next += 1
        return ref

    def add(self, value: Obj) -> Ref:
        """A new object."""
        ref = self.reserve()
        self.changed[ref.num] = value
        return ref

    def put(self, ref: Ref, value: Obj) -> None:
        """The object for a reserved number, or a new version of an old one."""
        self.changed[ref.num] = value

    def edit(self, ref: Ref) -> Dict:
        """The dictionary of an object, to be changed in place; it becomes part of the update."""
        current = self.changed.get(ref.num)
        if type(current) is dict:
            return current
        fresh: Dict = thaw(self.dict(ref))
        self.changed[ref.num] = fresh
        return fresh

    def edit_entry(self, owner: Dict, key: bytes) -> Dict:
        """The dictionary under ``key``, to be changed in place, made when it is missing.

        It stays direct or indirect as it was.
        """
        value = owner.get(key)
        if type(value) is Ref and type(self.resolve(value)) in (dict, Stream):
            while type(inner := self.get(value.num)) is Ref:
                value = inner
            return self.edit(value)
        if type(value) is dict:
            return value
        fresh: Dict = {}
        owner[key] = fresh
        return fresh

    def edit_array(self, owner: Dict, key: bytes) -> list[Any]:
        """A copy of the array under ``key`` that now stands directly in ``owner``."""
        fresh = list(self.array(owner.get(key)))
        owner[key] = fresh
        return fresh

    # Writing

    def render(self) -> bytes:
        """The update's bytes, to follow the base's bytes as they are."""
        base = self.base
        newline = b"" if base.data.endswith((b"\n", b"\r")) else b"\n"
        out: list[bytes] = [newline]
        offsets: dict[int, tuple[int, int, bool]] = {}
        position = base.size + len(newline)
        packs = self._packs(offsets) if base.uses_stream else []
        for num, value in sorted([*self.changed.items(), *packs]):
            if num in offsets:
                continue
            gen = self._generation(num)
            body = b"%d %d obj\n%s\nendobj\n" % (num, gen, self._body(num, gen, value))
            offsets[num] = (position, gen, False)
            out.append(body)
            position += len(body)
        out.append(self._cross_reference(offsets, position, b"".join(out)))
        return b"".join(out)

    def _generation(self, num: int) -> int:
        _, gen, packed = self.base.xref.get(num, (0, 0, False))
        return 0 if packed else gen

    def _packable(self) -> list[int]:
        """The objects that may go into object streams: no streams, nothing with a generation."""
        encrypt = self.base.trailer.get(b"Encrypt")
        barred = {encrypt.num} if type(encrypt) is Ref else set()
        return [
            num
            for num, value in sorted(self.changed.items())
            if type(value) is not Stream and num not in barred and self._generation(num) == 0
        ]

    def _packs(self, offsets: dict[int, tuple[int, int, bool]]) -> list[tuple[int, Obj]]:
        """Object streams: elements of the structure tree in their own, the last ones, since what
        shows a page need not read them."""
        tags: list[int] = []
        others: list[int] = []
        for num in self._packable():
            value = self.changed[num]
            element = type(value) is dict and b"P" in value and b"S" in value
            (tags if element else others).append(num)
        return [*self._pack(others, offsets), *self._pack(tags, offsets)]

    def _pack(
        self, nums: list[int], offsets: dict[int, tuple[int, int, bool]]
    ) -> list[tuple[int, Obj]]:
        packs: list[tuple[int, Obj]] = []
        for start in range(0, len(nums), _PACK_SIZE):
            own = self.reserve().num
            bodies, head, length = [], [], 0
            for index, num in enumerate(nums[start : start + _PACK_SIZE]):
                body = write(self.changed[num]) + b"\n"
                head.append(b"%d %d" % (num, length))
                bodies.append(body)
                length += len(body)
                offsets[num] = (own, index, True)
            text = b" ".join(head) + b"\n"
            entries = {b"Type": Name(b"ObjStm"), b"N": len(head), b"First": len(text)}
            packs.append((own, flate(text + b"".join(bodies), entries)))
        return packs

    def _body(self, num: int, gen: int, value: Obj) -> bytes:
        cipher = self.base.cipher
        if cipher is None:
            return write_stream(value) if type(value) is Stream else write(value)

        def encrypt(text: bytes, cipher: Cipher = cipher) -> bytes:
            return cipher.encrypt(text, num, gen, cipher.strings)

        strings = None if cipher.strings is Method.NONE else encrypt
        if type(value) is not Stream:
            return write(value, strings)
        clear = self.base.is_clear_metadata(num)
        raw = value.raw if clear else cipher.encrypt(value.raw, num, gen, cipher.streams)
        return write_stream(Stream(value.entries, raw), strings)

    def _trailer(self, size: int, body: bytes) -> Dict:
        old = self.base.trailer
        kept = {key: value for key, value in old.items() if key not in _OF_THE_SECTION}
        trailer: Dict = {**kept, b"Size": size, b"Root": self.catalog_ref}
        identifiers = self.base.array(old.get(b"ID"))
        if len(identifiers) == 2 or b"Encrypt" not in old:
            changed = hashlib.md5(body, usedforsecurity=False).digest()
            trailer[b"ID"] = [identifiers[0] if identifiers else changed, changed]
        trailer[b"Prev"] = self.base.startxref
        return trailer

    def _cross_reference(
        self, offsets: dict[int, tuple[int, int, bool]], position: int, body: bytes
    ) -> bytes:
        if not self.base.uses_stream:
            text = [b"xref\n0 1\n0000000000 65535 f \n"]
            for run in runs(sorted(offsets)):
                text.append(b"%d %d\n" % (run[0], len(run)))
                text.extend(b"%010d %05d n \n" % offsets[num][:2] for num in run)
            trailer = write(self._trailer(self._next, body))
            return b"".join(text) + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, position)
        own = self.reserve()
        offsets[own.num] = (position, 0, False)
        pieces = runs(sorted(offsets))
        width = max(3, (position.bit_length() + 7) // 8)
        rows = b"".join(
            bytes([2 if packed else 1]) + where.to_bytes(width, "big") + extra.to_bytes(2, "big")
            for run in pieces
            for where, extra, packed in (offsets[num] for num in run)
        )
        index = [number for run in pieces for number in (run[0], len(run))]
        layout = {b"Type": Name(b"XRef"), b"W": [1, width, 2], b"Index": index}
        stream = flate(rows, layout)
        stream.entries.update(self._trailer(self._next, body))
        text_of = b"%d 0 obj\n%s\nendobj\n" % (own.num, write_stream(stream))
        return text_of + b"startxref\n%d\n%%%%EOF\n" % position


def runs(nums: Sequence[int]) -> list[list[int]]:
    """Consecutive numbers, grouped: the subsections of a cross-reference."""
    found: list[list[int]] = []
    for num in nums:
        if found and found[-1][-1] + 1 == num:
            found[-1].append(num)
        else:
            found.append([num])
    return found
