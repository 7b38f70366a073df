"""Read a PDF's cross-references and objects, one at a time and strictly (7.5).

Anything that a reader would have to guess at raises :class:`Damaged`; such a file is rewritten
before it is joined, because an update appended to it could be read in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from handouts.attach.reading import crypt
from handouts.attach.reading.ending import CutOff, read_ending
from handouts.attach.reading.filters import MAX_DECODED, Undecodable, decode
from handouts.attach.reading.objects import (
    Damaged,
    Dict,
    Name,
    Obj,
    Objects,
    Ref,
    Stream,
    Word,
    is_signature,
)
from handouts.attach.reading.tokens import MAX_DEPTH, parse
from handouts.attach.reading.xref import Entries, read_table, take_rows

_OBJ: Final = re.compile(rb"(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})\s+obj")
_HEADER: Final = re.compile(rb"%PDF-(\d)\.(\d)")
_EOL: Final = re.compile(rb"\r?\n")
_ENDSTREAM: Final = re.compile(rb"\s*endstream")
_R: Final = re.compile(rb"R(?<=[\x00\t\n\x0c\r ]R)(?![A-Za-z0-9])")
_REFERENCE: Final = re.compile(  # what begins with a digit is found faster than with a look back
    rb"(\d(?<!\d\d)\d{0,9}+)[\x00\t\n\x0c\r ]{1,99}+\d{1,5}+[\x00\t\n\x0c\r ]{1,99}+"
    rb"R(?![A-Za-z0-9])"
)
MAX_SECTIONS: Final = 5_000
_BLOCK: Final = 4_096


class PdfFile(Objects):
    """One PDF, read lazily.

    With ``base``, ``data`` is an update that follows the base's bytes, which are neither copied
    nor read again: what the update does not replace is the base's. Raises :class:`Damaged` and
    the exceptions of :mod:`handouts.attach.reading.crypt`.
    """

    def __init__(
        self, data: bytes, password: str | None = None, base: PdfFile | None = None
    ) -> None:
        self.data = data
        self.base = base
        self.start: int = base.size if base else 0
        self.size: int = self.start + len(data)
        self.xref: Entries = {}
        self.trailer: Dict = {}
        self.startxref = 0
        self.sections = 0
        self.hybrid = False
        self.uses_stream = False
        self._last_section: int = base._last_section if base else 0
        self.cipher: crypt.Cipher | None = base.cipher if base else None
        self._cache: dict[int, Obj] = {}
        self._packs: dict[int, tuple[bytes, list[int]]] = {}
        self.marks: dict[tuple[Stream, ...], tuple[int | Name, ...]] = base.marks if base else {}
        self.parents: dict[int, Any] | None = None
        self.catalog: Dict = {}
        self._busy: set[int] = set()
        self._read_sections()
        self._check_offsets()
        self._own = set(self.xref)
        if base is not None:
            self.xref = base.xref | self.xref
        elif b"Encrypt" in self.trailer:
            self._open(password)
        self.catalog = self.dict(self.trailer.get(b"Root"))
        self._check_catalog()

    def _header(self) -> tuple[int, int]:
        if self.base is not None:
            return self.base.version
        header = _HEADER.match(self.data)
        if header is None:
            raise Damaged("no PDF header at the start")
        return int(header[1]), int(header[2])

    def _at(self, offset: int) -> int:
        """The place in ``data`` of an offset in the file."""
        if not self.start <= offset < self.size:
            raise Damaged("an offset beyond the end of the file")
        return offset - self.start

    # Cross-references

    def _read_sections(self) -> None:
        """Read all cross-reference sections, newest first; the file must end with one of them.

        Else the last ``startxref`` may belong to a file inside this one, which was cut off there.
        """
        self.startxref, place, is_whole = read_ending(self.data)
        self.version = self._header()
        followed = False
        for trailer, end in self._sections():
            self.trailer = self.trailer or trailer
            followed = followed or self._is_followed(end, place)
        if not followed:
            raise CutOff("its end does not belong to its newest version")
        if not is_whole:
            raise Damaged("its end is not as it should be")

    def _sections(self) -> Iterator[tuple[Dict, int]]:
        """The trailer of each section, and the place behind the section."""
        offset = self.startxref
        seen: set[int] = set()
        while offset not in seen and len(seen) <= MAX_SECTIONS:
            seen.add(offset)
            trailer, end = self._read_section(offset)
            yield trailer, end
            self.sections += 1
            previous = trailer.get(b"Prev")
            if previous is None:
                return
            if type(previous) is not int:
                raise Damaged("a broken link to the earlier cross-reference")
            if self.base is not None and previous == self.base.startxref:
                self.sections += self.base.sections
                return
            offset = previous
        raise Damaged("cross-references that lead in circles")

    def _is_followed(self, end: int, place: int) -> bool:
        """Whether nothing but ``endobj``, white space and comments is between two places."""
        word, after = parse(self.data, end)
        if word == b"endobj":
            word, after = parse(self.data, after)
        return type(word) is Word and after == place + len(b"startxref")

    def _read_section(self, offset: int) -> tuple[Dict, int]:
        data, pos = self.data, self._at(offset)
        if data.startswith(b"xref", pos):
            trailer, end = read_table(data, pos + 4, self.xref)
            self.hybrid = self.hybrid or b"XRefStm" in trailer
            return trailer, end
        if self.sections == 0:
            self.uses_stream = True
        return self._read_xref_stream(offset)

    def _read_xref_stream(self, offset: int) -> tuple[Dict, int]:
        num, stream, end = self._object_at(offset)
        if type(stream) is not Stream or stream.entries.get(b"Type") != b"XRef":
            raise Damaged("no cross-reference where there should be one")
        self._last_section = max(self._last_section, num)
        trailer = stream.entries
        rows = decode(stream.raw, trailer.get(b"Filter"), trailer.get(b"DecodeParms"))
        take_rows(rows, trailer, self.xref)
        return trailer, end

    def _check_offsets(self) -> None:
        """Each offset must show the object it promises: the proof that no reader has to guess."""
        size = self.trailer.get(b"Size")
        if type(size) is not int or type(self.trailer.get(b"Root")) is not Ref:
            raise Damaged("a trailer without its size or root")
        match, data, start = _OBJ.match, self.data, self.start
        for num, (offset, gen, packed) in self.xref.items():
            if offset < 0 or packed:
                continue
            found = match(data, offset - start) if offset >= start else None
            if found is None or int(found[1]) != num or int(found[2]) != gen:
                raise Damaged(f"object {num} is not where the cross-reference says")

    def _open(self, password: str | None) -> None:
        """Find the key. Called before any other object is read, so that none is kept encrypted."""
        entries = self._whole(self.trailer[b"Encrypt"])
        if type(entries) is not dict:
            raise Damaged("a broken encryption dictionary")
        identifiers = self.array(self.trailer.get(b"ID"))
        first = self.resolve(identifiers[0]) if identifiers else b""
        self.cipher = crypt.open_cipher(entries, first if type(first) is bytes else b"", password)
        own = self.trailer[b"Encrypt"]
        kept = {own.num: self._cache[own.num]} if type(own) is Ref else {}
        self._cache = kept
        self._packs.clear()

    def _whole(self, value: Any, depth: int = 0) -> Any:
        """A value with all that it refers to in place; its dictionaries at any depth (7.6.5)."""
        value = self.resolve(value)
        if type(value) is not dict or depth > MAX_DEPTH:
            return value
        return {key: self._whole(item, depth + 1) for key, item in value.items()}

    def _check_catalog(self) -> None:
        pages = self.dict(self.catalog.get(b"Pages"))
        if type(self.catalog.get(b"Pages")) is not Ref or b"Kids" not in pages:
            raise Damaged("no page tree")

    # Objects

    def _object_at(self, offset: int) -> tuple[int, Any, int]:
        """An object's number, its value as it stands there, not decrypted, the place behind it."""
        data = self.data
        match = _OBJ.match(data, self._at(offset))
        if match is None:
            raise Damaged(f"no object at byte {offset}")
        value, pos = parse(data, match.end())
        word, end = parse(data, pos)
        if word == b"stream" and type(value) is dict:
            value, end = self._stream(end, value)
        elif word != b"endobj":
            raise Damaged(f"the object at byte {offset} does not end")
        return int(match[1]), value, end

    def _stream(self, pos: int, entries: Dict) -> tuple[Stream, int]:
        """The stream whose data begins behind the word ``stream``, and the place behind it."""
        data = self.data
        start = _EOL.match(data, pos)
        length = self.resolve(entries.get(b"Length"))
        if start is None or type(length) is not int or length < 0:
            raise Damaged("a stream without its length")
        end = _ENDSTREAM.match(data, start.end() + length)
        if end is None:
            raise Damaged("a stream whose length is wrong")
        return Stream(entries, data, slice(start.end(), start.end() + length)), end.end()

    def get(self, num: int) -> Obj:
        """See :meth:`Objects.get`. Strings come decrypted, streams as they are."""
        if num in self._cache:
            return self._cache[num]
        if self.base is not None and num not in self._own:
            return self.base.get(num)
        offset, gen, packed = self.xref.get(num, (-1, 0, False))
        if offset < 0:
            return None
        if num in self._busy:
            raise Damaged("an object that contains itself")
        self._busy.add(num)
        try:
            value = self._unpack(offset, num) if packed else self._read(offset, num, gen)
        finally:
            self._busy.discard(num)
        self._cache[num] = value
        return value

    def _read(self, offset: int, num: int, gen: int) -> Obj:
        _, value, _ = self._object_at(offset)
        if type(value) is Word:
            raise Damaged(f"object {num} is empty")
        if self.cipher is not None and self.cipher.strings is not crypt.Method.NONE:
            value = _decrypted(value, self.cipher, num, gen)
        return value  # type: ignore[no-any-return]

    def _unpack(self, pack: int, num: int) -> Obj:
        text, members = self._opened_pack(pack)
        index = self.xref[num][1]
        if 2 * index + 1 >= len(members) - 1 or members[2 * index] != num:
            raise Damaged(f"object {num} is not in its object stream")
        value = parse(text, members[-1] + members[2 * index + 1])[0]
        if type(value) is Word:
            raise Damaged(f"object {num} is empty")
        return value  # type: ignore[no-any-return]

    def _opened_pack(self, pack: int) -> tuple[bytes, list[int]]:
        if pack not in self._packs:
            self._packs[pack] = self._open_pack(pack)
        return self._packs[pack]

    def _open_pack(self, pack: int) -> tuple[bytes, list[int]]:
        """An object stream's text, and its numbers and offsets in turn, with /First at the end."""
        stream = None if self.xref.get(pack, (0, 0, True))[2] else self.get(pack)
        if type(stream) is not Stream or stream.entries.get(b"Type") != b"ObjStm":
            raise Damaged("an object stream is missing")
        text = self.decode(stream, pack)
        first = self.int(stream.entries.get(b"First"), -1)
        count = self.int(stream.entries.get(b"N"), -1)
        head = text[: max(first, 0)].split()
        if not 0 <= count <= len(head) // 2:
            raise Damaged("a broken object stream")
        try:
            members = [int(number) for number in head[: 2 * count]]
        except ValueError:
            raise Damaged("a broken object stream") from None
        return text, [*members, first]

    def decode(
        self, stream: Stream, num: int = 0, limit: int = MAX_DECODED, *, cut: bool = False
    ) -> bytes:
        """See :meth:`Objects.decode`; for ``limit`` and ``cut``, :func:`filters.decode`."""
        entries = stream.entries
        filters = [self.resolve(item) for item in self.kids(entries.get(b"Filter"))]
        parms = [self.resolve(item) for item in self.kids(entries.get(b"DecodeParms"))]
        raw = stream.raw
        is_encrypted = b"Crypt" not in filters and not self.is_clear_metadata(num)
        if self.cipher is not None and num and is_encrypted:
            gen = self.xref[num][1] if num in self.xref else 0
            raw = self.cipher.decrypt(raw, num, gen, self.cipher.streams)
        return decode(raw, filters, parms, limit, cut=cut)

    def is_clear_metadata(self, num: int) -> bool:
        """Whether object ``num`` is the metadata of an encrypted file that leaves it in clear: that
        of its catalog alone; a page's is encrypted like any stream (7.6.5, table 20)."""
        own = self.catalog.get(b"Metadata")
        clear = self.cipher is not None and not self.cipher.encrypts_metadata
        return clear and type(own) is Ref and own.num == num

    @property
    def first_free(self) -> int:
        """The lowest number that no object has, listed or not: cross-reference streams may not."""
        size = self.int(self.trailer.get(b"Size"))
        return max(size, max(self.xref, default=0) + 1, self._last_section + 1)

    @property
    def packs(self) -> set[int]:
        """The numbers of the object streams."""
        return {offset for offset, _, packed in self.xref.values() if packed}

    def pack_text(self, pack: int) -> bytes:
        """The text of an object stream. Raises :class:`Damaged` and :class:`Undecodable`."""
        return self._opened_pack(pack)[0]

    def dangling(self) -> set[int]:
        """Numbers from ``first_free`` on that something refers to: null (7.3.10), not to be given.

        Found by the text alone, so that of a stream's data may be among them, too.
        """
        texts = [self.data]
        for pack in self.packs:
            with suppress(
                Damaged, Undecodable
            ):  # of what cannot be read nothing can be referred to
                texts.append(self.pack_text(pack))
        named = set[bytes]()
        for text in texts:
            for at in range(0, len(text), _BLOCK):
                if _R.search(text, at, at + _BLOCK):  # most have none, and a letter may be large
                    named.update(_REFERENCE.findall(text, max(0, at - 220), at + _BLOCK))
        lowest = self.first_free
        return {num for num in map(int, named) if num >= lowest}


def _decrypted(value: Any, cipher: crypt.Cipher, num: int, gen: int) -> Any:
    """A value with all its strings decrypted, save those of a signature, which no one reads."""
    kind = type(value)
    if kind is bytes:
        return cipher.decrypt(value, num, gen, cipher.strings)
    if kind is list:
        return [_decrypted(item, cipher, num, gen) for item in value]
    if kind is dict:
        if is_signature(value):
            return value
        return {key: _decrypted(item, cipher, num, gen) for key, item in value.items()}
    if kind is Stream and value.entries.get(b"Type") != b"XRef":  # never encrypted (7.5.8.2)
        return Stream(_decrypted(value.entries, cipher, num, gen), value.raw)
    return value
