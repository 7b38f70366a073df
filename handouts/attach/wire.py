"""Messages between a caller and its child process: dataclasses as JSON, bytes as they are.

A message is a line with the lengths of what follows, then the JSON, then the bytes. In the JSON a
place in a table stands for each ``bytes`` value; the table begins with what the other side has
already, because it sent it. So a letter crosses once, and is never copied into text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, get_args

from handouts.attach.options import (
    EnvelopeOptions,
    EnvelopeResult,
    JoinOptions,
    JoinResult,
    Limits,
    PacketOptions,
    PacketPart,
    PacketResult,
)
from handouts.attach.reading.inspection import Inspection

if TYPE_CHECKING:
    from cattrs import Converter


@dataclass(frozen=True, slots=True)
class JoinCall:
    """A call of :func:`handouts.attach.join`."""

    letter: bytes
    handout: bytes
    options: JoinOptions


@dataclass(frozen=True, slots=True)
class InspectCall:
    """A call of :func:`handouts.attach.inspect`."""

    letter: bytes
    password: str | None
    limits: Limits


@dataclass(frozen=True, slots=True)
class EnvelopeCall:
    """A call of :func:`handouts.attach.envelope`."""

    letter: bytes
    handout: bytes
    options: EnvelopeOptions


@dataclass(frozen=True, slots=True)
class PacketCall:
    """A call of :func:`handouts.attach.packet`."""

    parts: tuple[PacketPart, ...]
    contents: bytes | None
    options: PacketOptions


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a ``Refused`` says: the name of its reason, what it is about, and the detail."""

    reason: str
    what: str
    detail: str


Call = JoinCall | InspectCall | EnvelopeCall | PacketCall
Answer = JoinResult | Inspection | EnvelopeResult | PacketResult | Refusal

_KINDS: dict[str, Any] = {kind.__name__: kind for kind in get_args(Call | Answer)}
_MAX_LINE = 1 << 16
T = TypeVar("T")


@cache
def _converter() -> Converter:
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(bytes, lambda value: value)
    converter.register_structure_hook(bytes, _demand_bytes)
    return converter


def _demand_bytes(value: Any, _: type) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("bytes are missing from a message")
    return value


def plain(value: Any) -> Any:
    """A dataclass as values for JSON; its bytes stay bytes."""
    return _converter().unstructure(value)


def from_plain(value: Any, kind: type[T]) -> T:
    """What :func:`plain` made, as a ``kind`` again. Raises an ``Exception`` of any kind."""
    return _converter().structure(value, kind)


def encode(message: Call | Answer, known: Sequence[bytes] = ()) -> list[bytes]:
    """A message in pieces, to be written one after the other: the head, then its bytes.

    ``known`` are the bytes that came with the message that this one answers.
    """
    table = list(known)

    def place(value: Any) -> dict[str, int]:
        if not any(value is other for other in table):
            table.append(_demand_bytes(value, bytes))
        return {"bytes": next(at for at, other in enumerate(table) if other is value)}

    text = json.dumps([type(message).__name__, plain(message)], default=place).encode("ascii")
    blobs = table[len(known) :]
    line = json.dumps([len(text), *(len(blob) for blob in blobs)]).encode("ascii")
    return [line + b"\n" + text, *blobs]


def decode(stream: BinaryIO, known: Sequence[bytes] = ()) -> tuple[Call | Answer, list[bytes]]:
    """The message in a stream, and the bytes that came with it.

    Raises an ``Exception`` of any kind for what is no message; nothing in it is trusted further
    than that its values have the types of its class.
    """
    lengths = json.loads(stream.readline(_MAX_LINE))
    text, *blobs = [_read(stream, length) for length in lengths]
    table = [*known, *blobs]

    def fill(entries: dict[str, Any]) -> Any:
        return table[entries["bytes"]] if entries.keys() == {"bytes"} else entries

    name, value = json.loads(text, object_hook=fill)
    message: Call | Answer = _converter().structure(value, _KINDS[name])
    return message, blobs


def _read(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise ValueError("a message that does not end")
    return data
