"""From the codes that a font shows to characters (ISO 32000-1 9.10.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from handouts.attach.reading.objects import Dict, Name, Objects, Stream

UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"

_BLOCK: Final = re.compile(rb"begin(codespacerange|bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX: Final = rb"<\s*([0-9A-Fa-f]+)\s*>\s*"
_CHAR: Final = re.compile(_HEX + _HEX)
_RANGE: Final = re.compile(_HEX + _HEX + rb"(?:" + _HEX + rb"|\[([^\]]*)\])")
_TEXT: Final = re.compile(_HEX)
_WIDEST: Final = 1 << 16
_BASES: Final = {b"WinAnsiEncoding": "cp1252", b"MacRomanEncoding": "mac_roman"}


class Encoding(Struct, frozen=True):
    """The characters of a font's codes, each of which is ``width`` bytes long."""

    width: int
    characters: Mapping[int, str]

    def text(self, codes: bytes) -> str:
        """What ``codes`` show; ``UNKNOWN`` for each that stands for no known character."""
        step = self.width
        numbers = (int.from_bytes(codes[at : at + step]) for at in range(0, len(codes), step))
        return "".join(self.characters.get(number, UNKNOWN) for number in numbers)


def encoding_of(pdf: Objects, font: Dict) -> Encoding:
    """The encoding of a font: its ToUnicode map, over what its /Encoding says."""
    is_composite = font.get(b"Subtype") == b"Type0"
    characters = {} if is_composite else dict(_simple(pdf, font.get(b"Encoding")))
    width = 2 if is_composite else 1
    stream = pdf.resolve(font.get(b"ToUnicode"))
    if type(stream) is not Stream:
        return Encoding(width, characters)
    for kind, block in _BLOCK.findall(pdf.decode(stream, getattr(font[b"ToUnicode"], "num", 0))):
        if kind == b"codespacerange" and is_composite:
            width = max((len(end) // 2 for _, end in _CHAR.findall(block)), default=width)
        elif kind == b"bfchar":
            characters.update((int(code, 16), _text(text)) for code, text in _CHAR.findall(block))
        elif kind == b"bfrange":
            characters.update(_ranges(block))
    return Encoding(max(width, 1), characters)


def _ranges(block: bytes) -> Iterator[tuple[int, str]]:
    for first, last, start, listed in _RANGE.findall(block):
        low, high = int(first, 16), min(int(last, 16), int(first, 16) + _WIDEST)
        if listed:
            yield from zip(range(low, high + 1), map(_text, _TEXT.findall(listed)), strict=False)
            continue
        text = _text(start)
        for code in range(low, high + 1):
            point = ord(text[-1]) + code - low if text else -1
            yield code, text[:-1] + chr(point) if 0 <= point <= 0x10FFFF else UNKNOWN


def _text(digits: bytes) -> str:
    even = digits if len(digits) % 2 == 0 else digits + b"0"
    return bytes.fromhex(even.decode("ascii")).decode("utf-16-be", "replace")


def _simple(pdf: Objects, encoding: Any) -> Iterator[tuple[int, str]]:
    """The characters of a simple font's codes: a base, then its differences (9.6.6)."""
    from fontTools.agl import toUnicode

    resolved = pdf.resolve(encoding)
    base = resolved if type(resolved) is Name else pdf.dict(encoding).get(b"BaseEncoding")
    name = _BASES.get(base, "cp1252") if type(base) is Name else "cp1252"
    yield from ((code, bytes([code]).decode(name, "replace")) for code in range(256))
    code = 0
    for item in pdf.array(pdf.dict(encoding).get(b"Differences")):
        if type(item) is int:
            code = item
        elif type(item) is Name:
            yield code, toUnicode(item.decode("latin-1")) or UNKNOWN
            code += 1
