"""The objects of PDF: their types, access to them by type, their text (ISO 32000-1, 7.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias


class Damaged(Exception):
    """The file breaks the rules of its own format; it may be read after a rewrite."""


class Oversized(Damaged):
    """A stream that would inflate beyond all measure. Such a file is not worth a rewrite."""


class Name(bytes):
    """A name without its slash, with ``#xx`` already decoded: it is bytes, not text."""

    __slots__ = ()


class Word(bytes):
    """A bare word outside any object, such as ``endobj``, ``stream`` or an operator."""

    __slots__ = ()


class Real(bytes):
    """A number with a fraction, kept in its own spelling so that nothing is rounded."""

    __slots__ = ()


class Ref(NamedTuple):
    """A reference to an indirect object."""

    num: int
    gen: int = 0


class Stream:
    """A stream: its dictionary and its bytes, filtered (and encrypted) as in the file, of which
    they may be a ``part`` that is copied when it is asked for."""

    __slots__ = ("_file", "_part", "entries")

    def __init__(self, entries: Dict, file: bytes, part: slice = slice(None)) -> None:
        self.entries = entries
        self._file = file
        self._part = part

    @property
    def raw(self) -> bytes:
        """The bytes of the stream."""
        return self._file[self._part]


Dict: TypeAlias = dict[bytes, Any]
Obj: TypeAlias = "bool | int | bytes | Ref | Stream | list[Any] | Dict | None"


class Objects:
    """Typed access to indirect objects; wrong types read as absent, as the format asks."""

    catalog: Dict

    def get(self, num: int) -> Obj:
        """The object with this number, ``None`` when there is none."""
        raise NotImplementedError

    def decode(self, stream: Stream, num: int = 0) -> bytes:
        """The decoded bytes of a stream with object number ``num``."""
        raise NotImplementedError

    def resolve(self, value: Any) -> Any:
        """The value itself, or what it refers to."""
        for _ in range(32):
            if type(value) is not Ref:
                return value
            value = self.get(value.num)
        raise Damaged("a reference that leads in circles")

    def dict(self, value: Any) -> Dict:
        """The dictionary (also a stream's), or an empty one."""
        value = self.resolve(value)
        if type(value) is Stream:
            return value.entries
        return value if type(value) is dict else {}

    def array(self, value: Any) -> list[Any]:
        """The array, or an empty one."""
        value = self.resolve(value)
        return value if type(value) is list else []

    def int(self, value: Any, default: int = 0) -> int:
        """The whole number, or ``default``."""
        value = self.resolve(value)
        return value if type(value) is int else default

    def kids(self, value: Any) -> list[Any]:
        """An entry that may be one value or an array of them, as a list."""
        resolved = self.resolve(value)
        if resolved is None:
            return []
        return resolved if type(resolved) is list else [value]


_SPECIAL: Final = re.compile(rb"[\\()\r]")
_IRREGULAR: Final = re.compile(rb"[^!-~]|[#%()/<>\[\]{}]")
Encrypt: TypeAlias = Callable[[bytes], bytes]


@lru_cache(4096)
def _write_name(name: bytes) -> bytes:
    return b"/" + _IRREGULAR.sub(lambda m: b"#%02X" % m[0][0], name)


def _write_string(text: bytes, encrypt: Encrypt | None) -> bytes:
    if encrypt is not None:
        return b"<" + encrypt(text).hex().encode("ascii") + b">"
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda m: b"\\r" if m[0] == b"\r" else b"\\" + m[0], text)
    return b"(" + text + b")"


def is_signature(entries: Dict) -> bool:
    """Whether a dictionary is a signature: its strings stay as they are when a file is encrypted.

    Its contents never are encrypted (7.6.2); some signers leave the others plain as well.
    """
    return entries.get(b"Type") == b"Sig" or b"ByteRange" in entries


def _write_dict(entries: Any, encrypt: Encrypt | None) -> bytes:
    if encrypt is not None and is_signature(entries):
        encrypt = None
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
    if text.isascii() and text.isprintable():
        return text.encode("ascii")
    return b"\xfe\xff" + text.encode("utf-16-be")


_DOC_ENCODING: Final = dict(
    zip(
        (*range(0x18, 0x20), *range(0x80, 0xA1)),
        "˘ˇˆ˙˝˛˚˜•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd€",
        strict=True,
    )
)
"""Where PDFDocEncoding differs from Latin-1 (annex D.2)."""
_LANGUAGE: Final = re.compile("\x1b[a-z]{2}(?:[A-Z]{2})?\x1b")


def read_text(value: object) -> str:
    """The text of a text string, less the languages it names; an empty one where there is none."""
    if type(value) is not bytes:
        return ""
    if value.startswith((b"\xfe\xff", b"\xff\xfe")):
        return _LANGUAGE.sub("", value.decode("utf-16", "replace"))
    if value.startswith(b"\xef\xbb\xbf"):
        return _LANGUAGE.sub("", value[3:].decode("utf-8", "replace"))
    return value.decode("latin-1").translate(_DOC_ENCODING)
