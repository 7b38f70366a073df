"""From the codes that a font shows to characters (ISO 32000-1 9.10.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from handouts.attach.reading.objects import Dict, Name, Objects, Stream

UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"

_BLOCK: Final = re.compile(rb"begin(codespacerange|bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX: Final = rb"<\s*([0-9A-Fa-f][0-9A-Fa-f\s]*)>\s*"
_CHAR: Final = re.compile(_HEX + _HEX)
_RANGE: Final = re.compile(_HEX + _HEX + rb"(?:" + _HEX + rb"|\[([^\]]*)\])")
_TEXT: Final = re.compile(_HEX)
_WIDEST: Final = 1 << 16
_IDENTITY: Final = (b"Identity-H", b"Identity-V")
_SYMBOLS: Final = (b"Symbol", b"ZapfDingbats")
_SYMBOLIC: Final = 4
"""The flag of a font whose characters are not those of the standard Latin set (9.8.2)."""


class Encoding(Struct, frozen=True):
    """The characters of a font's codes, each of which is ``width`` bytes long."""

    width: int
    characters: Mapping[int, str]

    def read(self, codes: bytes) -> list[str]:
        """What each of ``codes`` shows; ``UNKNOWN`` where it stands for no known character."""
        step = self.width
        numbers = (int.from_bytes(codes[at : at + step]) for at in range(0, len(codes), step))
        return [self.characters.get(number, UNKNOWN) for number in numbers]


def encoding_of(pdf: Objects, font: Dict) -> Encoding:
    """The encoding of a font: its ToUnicode map, over what its /Encoding says."""
    is_composite = font.get(b"Subtype") == b"Type0"
    characters = {} if is_composite else dict(_simple(pdf, font))
    width = 2 if is_composite else 1
    states_width = is_composite and font.get(b"Encoding") not in _IDENTITY
    stream = pdf.resolve(font.get(b"ToUnicode"))
    if type(stream) is not Stream:
        return Encoding(width, characters)
    for kind, block in _BLOCK.findall(pdf.decode(stream, getattr(font[b"ToUnicode"], "num", 0))):
        if kind == b"codespacerange" and states_width:
            ends = (_bytes(end) for _, end in _CHAR.findall(block))
            width = max(map(len, ends), default=width)
        elif kind == b"bfchar":
            characters.update((_number(code), _text(text)) for code, text in _CHAR.findall(block))
        elif kind == b"bfrange":
            characters.update(_ranges(block))
    return Encoding(max(width, 1), characters)


def _ranges(block: bytes) -> Iterator[tuple[int, str]]:
    for first, last, start, listed in _RANGE.findall(block):
        low = _number(first)
        high = min(_number(last), low + _WIDEST)
        if listed:
            yield from zip(range(low, high + 1), map(_text, _TEXT.findall(listed)), strict=False)
            continue
        text = _text(start)
        for code in range(low, high + 1):
            point = ord(text[-1]) + code - low if text else -1
            yield code, text[:-1] + chr(point) if 0 <= point <= 0x10FFFF else UNKNOWN


def _bytes(digits: bytes) -> bytes:
    """A hexadecimal string (7.3.4.3): spaces do not count, and a 0 may be missing at the end."""
    packed = b"".join(digits.split())
    return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode("ascii"))


def _number(digits: bytes) -> int:
    return int(b"".join(digits.split()), 16)


def _text(digits: bytes) -> str:
    return _bytes(digits).decode("utf-16-be", "replace")


def _simple(pdf: Objects, font: Dict) -> Iterator[tuple[int, str]]:
    """The characters of a simple font's codes: a base, then its differences (9.6.6)."""
    from fontTools.agl import toUnicode
    from pypdf._codecs import charset_encoding

    base = _base(pdf, font)
    yield from enumerate(charset_encoding.get(f"/{base.decode('latin-1')}", ()))
    code = 0
    for item in pdf.array(pdf.dict(font.get(b"Encoding")).get(b"Differences")):
        if type(item) is int:
            code = item
        elif type(item) is Name:
            yield code, toUnicode(item.decode("latin-1"), base == b"ZapfDingbats") or UNKNOWN
            code += 1


def _base(pdf: Objects, font: Dict) -> bytes:
    """The name of a simple font's encoding, less its differences; empty where the font's program,
    which is not read, has one of its own.
    """
    name = pdf.resolve(font.get(b"BaseFont"))
    family = name.rpartition(b"+")[2] if type(name) is Name else b""
    encoding = pdf.resolve(font.get(b"Encoding"))
    stated = pdf.resolve(encoding.get(b"BaseEncoding")) if type(encoding) is dict else encoding
    if family in _SYMBOLS:
        return family
    if type(stated) is Name:
        return stated
    flags = pdf.int(pdf.dict(font.get(b"FontDescriptor")).get(b"Flags"))
    return b"" if flags & _SYMBOLIC or font.get(b"Subtype") == b"Type3" else b"StandardEncoding"
