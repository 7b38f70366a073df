"""Parse the text of PDF objects, strictly (ISO 32000-1, 7.2 and 7.3)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from handouts.attach.reading.objects import Damaged, Dict, Name, Real, Ref, Word

MAX_DEPTH: Final = 100
"""Containers nested deeper than this are not found in honest files."""

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
_PLAIN_NAME: Final = rb"/[^" + _WS + rb"()<>\[\]{}/%]++[" + _WS + rb"]*+"
_ENTRIES: Final = re.compile(
    rb"[" + _WS + rb"]*+(?:" + _PLAIN_NAME + rb"(?:" + _PLAIN_NAME + rb"|(?:"
    rb"\d{1,10} \d{1,5} R(?=[" + _WS + rb"/>])|[+-]?\d{1,19}(?![\d.+-])|\([^()\\\r]*+\)"
    rb")[" + _WS + rb"]*+))++>>"
)
_ENTRY: Final = re.compile(
    rb"/([^" + _WS + rb"(/>]+)[" + _WS + rb"]*"
    rb"(?:(\d+) (\d+) R|/([^" + _WS + rb"/>]+)|([+-]?\d+)|\(([^)]*))"
)
_REF2, _NAME, _INT, _OPEN, _CLOSE, _BEGIN, _END, _TEXT, _PAREN, _HEX, _REAL, _CONST, _WORD = range(
    2, 15
)
_CONSTANTS: Final[dict[bytes, bool | None]] = {b"true": True, b"false": False, b"null": None}
_HEX_IN_NAME: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile(rb"\\(\r\n|[0-7]{1,3}|[\s\S]?)|\r\n?")
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_PARENS: Final = re.compile(rb"[()\\]")


@lru_cache(4096)
def name(raw: bytes) -> Name:
    """The decoded name; the usual few hundred are kept, because making them costs most."""
    return Name(_HEX_IN_NAME.sub(lambda m: bytes([int(m[1], 16)]), raw) if b"#" in raw else raw)


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


def _entries(text: bytes) -> Dict:
    """A dictionary of references, names, whole numbers and plain strings, as most elements are."""
    return {
        name(key): Ref(int(num), int(gen))
        if num
        else name(word)
        if word
        else int(number)
        if number
        else string
        for key, num, gen, word, number, string in _ENTRY.findall(text)
    }


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
            value = name(match[3])
        elif kind == _REF2:
            value = Ref(int(match[1]), int(match[2]))
        elif kind == _INT:
            value = int(match[4])
        elif kind == _BEGIN and (refs := _REFS.match(data, pos)):
            value, pos = _references(refs[0]), refs.end()
        elif kind == _OPEN and (found := _ENTRIES.match(data, pos)):
            value, pos = _entries(found[0]), found.end()
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


_NAMED: Final = rb"/([^\s()<>\[\]{}/%]*+)"
_STRING: Final = (
    rb"\((?:[^()\\]++|\\[\s\S]|\((?:[^()\\]++|\\[\s\S])*+\))*+(?:\)|\Z)|<[0-9A-Fa-f\s]*+>"
)
_LIST: Final = rb"(?:[^<>()]++|" + _STRING + rb"|<<(?:[^<>()]++|" + _STRING + rb")*+>>)*+"
MARKED_CONTENT: Final = re.compile(
    _NAMED + rb"\s*+(?:<<(?P<list>" + _LIST + rb")>>|" + _NAMED + rb")\s*+(?P<begin>BDC)\b"
)
"""A ``BDC`` operator: its tag (1), and its property list (2) or the name of one (3).

A list has strings, and dictionaries one deep: what it is made of ends it, so that a search for the
next operator never reads beyond the list.
"""
OPERATION: Final = re.compile(
    MARKED_CONTENT.pattern
    + rb"|"
    + _NAMED
    + rb"(?:\s*+(?P<verb>BMC|Do)\b)?"
    + rb"|(?P<shown>"
    + _STRING
    + rb"|\[(?:[^()<>\[\]]++|"
    + _STRING
    + rb")*+\])"
    + rb"(?:\s*+(?P<text>T[jJ]\b|['\"]))?"
    + rb"|%[^\r\n]*+"
    + rb"|(?P<image>ID)\s[\s\S]*?(?:[\s>]EI(?=\s|\Z)|\Z)"
    + rb"|(?P<word>[A-Za-z]++\*?)"
)
"""What a content stream is made of, but for numbers. The last group is the operator, if any: what
takes a name or a text is found with it; strings, comments and images hide what looks like others.
To parse all operands would take seconds for a map."""
MCID: Final = re.compile(rb"/MCID\s*(\d{1,9})")
