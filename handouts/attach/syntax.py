"""The objects of PDF and their text: a strict parser and a writer (ISO 32000-1, 7.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

MAX_DEPTH: Final = 100
"""Containers nested deeper than this are not found in honest files."""


class Damaged(Exception):
    """The file breaks the rules of its own format; it may be read after a rewrite."""


class Oversized(Damaged):
    """A stream that would inflate beyond all measure. Such a file is not worth a rewrite."""


class Name(bytes):
    """A name without its slash, with ``#xx`` already decoded: it is bytes, not text."""

    __slots__ = ()


class Real(bytes):
    """A number with a fraction, kept in its own spelling so that nothing is rounded."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to an indirect object."""

    num: int
    gen: int = 0


class Stream:
    """A stream: its dictionary and its bytes, filtered (and encrypted) as in the file."""

    __slots__ = ("entries", "raw")

    def __init__(self, entries: Dict, raw: bytes) -> None:
        self.entries = entries
        self.raw = raw


Dict: TypeAlias = dict[bytes, Any]
Obj: TypeAlias = "bool | int | bytes | Ref | Stream | list[Any] | Dict | None"

_WS: Final = rb"\x00\t\n\x0c\r "
_TOKEN: Final = re.compile(
    rb"[" + _WS + rb"]*+(?:%[^\r\n]*+[" + _WS + rb"]*+)*(?:"
    rb"(\d{1,10})[" + _WS + rb"]{1,99}(\d{1,5})[" + _WS + rb"]{1,99}R"
    rb"(?=[" + _WS + rb"()<>\[\]{}/%]|$)"
    rb"|/([^" + _WS + rb"()<>\[\]{}/%]*)"
    rb"|([+-]?\d{1,19})(?![\d.+-])"
    rb"|(<<)|(>>)|(\[)|(\])"
    rb"|\(([^()\\\r]*)\)"
    rb"|(\()"
    rb"|<([0-9A-Fa-f" + _WS + rb"]*)>"
    rb"|([+-]{0,2}(?:\d*\.[\d-]*|\d+))"
    rb"|(true|false|null)(?![A-Za-z])"
    rb"|([A-Za-z'\"*]+))"
)
_REFS: Final = re.compile(
    rb"[" + _WS + rb"]*+(?:\d{1,10} \d{1,5} R(?:[" + _WS + rb"]++|(?=\])))+\]"
)
_REF: Final = re.compile(rb"(\d+) (\d+) R")
_REF2, _NAME, _INT, _OPEN, _CLOSE, _BEGIN, _END, _TEXT, _PAREN, _HEX, _REAL, _CONST, _WORD = range(
    2, 15
)
_CONSTANTS: Final[dict[bytes, bool | None]] = {b"true": True, b"false": False, b"null": None}
_HEX_IN_NAME: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile(rb"\\(\r\n|[0-7]{1,3}|[\s\S]?)|\r\n?")
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_PARENS: Final = re.compile(rb"[()\\]")
_IRREGULAR: Final = re.compile(rb"[^!-~]|[#%()/<>\[\]{}]")
_SPECIAL: Final = re.compile(rb"[\\()\r]")

_names: dict[bytes, Name] = {}


def _name(raw: bytes) -> Name:
    """The decoded name; the usual few hundred are kept, because making them costs most."""
    known = _names.get(raw)
    if known is None:
        text = _HEX_IN_NAME.sub(lambda m: bytes([int(m[1], 16)]), raw) if b"#" in raw else raw
        known = Name(text)
        if len(_names) < 4096:
            _names[raw] = known
    return known


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code is None:
        return b"\n"
    if code[:1].isdigit():
        return bytes([int(code, 8) & 255]) if code[:1] < b"8" else code
    if code in (b"\r\n", b"\r", b"\n"):
        return b""
    return _ESCAPES.get(code, code)


def _literal(data: bytes, start: int) -> tuple[bytes, int]:
    """A literal string whose text begins at ``start``; returns it and the place after it."""
    depth, pos = 1, start
    while match := _PARENS.search(data, pos):
        char = match[0]
        pos = match.end()
        if char == b"\\":
            pos += 1
        else:
            depth += 1 if char == b"(" else -1
            if depth == 0:
                return _ESCAPE.sub(_unescape, data[start : pos - 1]), pos
    raise Damaged("a string that does not end")


def _hex_string(digits: bytes) -> bytes:
    digits = digits.translate(None, b"\x00\t\n\x0c\r ")
    return bytes.fromhex((digits + b"0" if len(digits) % 2 else digits).decode("ascii"))


def _close_dict(items: list[Any]) -> Dict:
    keys = items[0::2]
    if len(items) % 2 or any(type(key) is not Name for key in keys):
        raise Damaged("a dictionary with a missing key or value")
    return dict(zip(keys, items[1::2], strict=True))


class Word(bytes):
    """A bare word outside any object, such as ``endobj``, ``stream`` or an operator."""

    __slots__ = ()


def _simple(kind: int, match: re.Match[bytes]) -> Any:
    """The value of a token that stands for itself."""
    if kind == _TEXT:
        return match[9]
    if kind == _REAL:
        return Real(match[12])
    if kind == _HEX:
        return _hex_string(match[11])
    if kind == _CONST:
        return _CONSTANTS[match[13]]
    return Word(match[14])


def _references(text: bytes) -> list[Ref]:
    """An array of nothing but references, as trees have by the thousand, read in one go."""
    make = tuple.__new__
    return [make(Ref, (int(num), int(gen))) for num, gen in _REF.findall(text)]


def _open(stack: list[list[Any]], items: list[Any], kind: int) -> list[Any]:
    """Begin a container; the first item of its list says whether it is a dictionary."""
    if len(stack) >= MAX_DEPTH:
        raise Damaged("objects nested too deeply")
    stack.append(items)
    return [kind == _OPEN]


def _close(stack: list[list[Any]], items: list[Any], kind: int) -> Any:
    if not stack or items[0] is not (kind == _CLOSE):
        raise Damaged("a bracket too many")
    del items[0]
    return _close_dict(items) if kind == _CLOSE else items


def parse(data: bytes, pos: int) -> tuple[Any, int]:
    """Read one object (or bare :class:`Word`) at ``pos``; returns it and the place after it.

    Raises :class:`Damaged` where the text is not an object.
    """
    token = _TOKEN.match
    stack: list[list[Any]] = []
    items: list[Any] = []
    value: Any
    while match := token(data, pos):
        pos = match.end()
        kind = match.lastindex or 0
        if kind == _NAME:
            value = _names.get(match[3]) or _name(match[3])
        elif kind == _REF2:
            value = Ref(int(match[1]), int(match[2]))
        elif kind == _INT:
            value = int(match[4])
        elif kind == _BEGIN and (refs := _REFS.match(data, pos)):
            value, pos = _references(refs[0]), refs.end()
        elif kind in (_OPEN, _BEGIN):
            items = _open(stack, items, kind)
            continue
        elif kind in (_CLOSE, _END):
            value = _close(stack, items, kind)
            items = stack.pop()
        elif kind == _PAREN:
            value, pos = _literal(data, pos)
        else:
            value = _simple(kind, match)
            if kind == _WORD and stack:
                raise Damaged(f"a stray word at byte {pos}")
        if not stack:
            return value, pos
        items.append(value)
    raise Damaged(f"no object at byte {pos}")


Encrypt: TypeAlias = Callable[[bytes], bytes]

_written: dict[bytes, bytes] = {}


def _write_name(name: bytes) -> bytes:
    text = _written.get(name)
    if text is None:
        text = b"/" + _IRREGULAR.sub(lambda m: b"#%02X" % m[0][0], name)
        if len(_written) < 4096:
            _written[bytes(name)] = text
    return text


def _write_string(text: bytes, encrypt: Encrypt | None) -> bytes:
    if encrypt is not None:
        return b"<" + encrypt(text).hex().encode("ascii") + b">"
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda m: b"\\r" if m[0] == b"\r" else b"\\" + m[0], text)
    return b"(" + text + b")"


def _write_dict(entries: Any, encrypt: Encrypt | None) -> bytes:
    parts = [b"<<"]
    for key, item in entries.items():
        parts += (_write_name(key), b" ", write(item, encrypt))
    parts.append(b">>")
    return b"".join(parts)


def _write_list(items: Any, encrypt: Encrypt | None) -> bytes:
    return b"[" + b" ".join([write(item, encrypt) for item in items]) + b"]"


_WRITERS: Final[dict[type, Callable[[Any, Encrypt | None], bytes]]] = {
    Ref: lambda value, _: b"%d %d R" % (value.num, value.gen),
    Name: lambda value, _: _write_name(value),
    int: lambda value, _: b"%d" % value,
    dict: _write_dict,
    list: _write_list,
    bytes: _write_string,
    Real: lambda value, _: bytes(value),
    bool: lambda value, _: b"true" if value else b"false",
    type(None): lambda _value, _: b"null",
}


def write(value: Obj, encrypt: Encrypt | None = None) -> bytes:
    """The PDF text of an object that is not a stream. ``encrypt`` is applied to each string."""
    return _WRITERS[type(value)](value, encrypt)


def write_stream(stream: Stream, encrypt: Encrypt | None = None) -> bytes:
    """The PDF text of a stream whose bytes are already filtered and encrypted."""
    entries = {**stream.entries, b"Length": len(stream.raw)}
    # Data that ends in a carriage return would lose it to readers that take CR LF as one end.
    end = b"\r\nendstream" if stream.raw.endswith(b"\r") else b"\nendstream"
    return write(entries, encrypt) + b"\nstream\n" + stream.raw + end


def text_string(text: str) -> bytes:
    """A text string: ASCII as it is, all else as UTF-16 with its mark (7.9.2.2)."""
    if text.isascii():
        return text.encode("ascii")
    return b"\xfe\xff" + text.encode("utf-16-be")


def read_text(value: object) -> str:
    """The text of a text string; an empty one where there is none."""
    if type(value) is not bytes:
        return ""
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be", "replace")
    if value.startswith(b"\xff\xfe"):
        return value[2:].decode("utf-16-le", "replace")
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3:].decode("utf-8", "replace")
    return value.decode("latin-1")
