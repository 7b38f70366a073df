"""Messages between a caller and its child process: Structs as JSON, bytes as they are.

A message is a line with the lengths of what follows, then the JSON, then the bytes. In the JSON a
place in a table stands for each ``bytes`` value; the table begins with what the other side has
already, because it sent it. So a letter crosses once, and is never copied into text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, BinaryIO, get_args

from msgspec import Struct, convert, to_builtins

from handouts.attach.options import (
    EnvelopeOptions,
    EnvelopeResult,
    JoinOptions,
    JoinResult,
    Limits,
    PacketOptions,
    PacketPart,
    PacketResult,
    Private,
)
from handouts.attach.reading.inspection import Inspection


class JoinCall(Private, frozen=True):
    """A call of :func:`handouts.attach.join`."""

    letter: bytes
    handout: bytes
    options: JoinOptions


class InspectCall(Private, frozen=True):
    """A call of :func:`handouts.attach.inspect`."""

    letter: bytes
    password: str | None
    limits: Limits


class EnvelopeCall(Private, frozen=True):
    """A call of :func:`handouts.attach.envelope`."""

    letter: bytes
    handout: bytes
    options: EnvelopeOptions


class PacketCall(Private, frozen=True):
    """A call of :func:`handouts.attach.packet`."""

    parts: tuple[PacketPart, ...]
    contents: bytes | None
    options: PacketOptions


class Refusal(Struct, frozen=True, forbid_unknown_fields=True):
    """What a ``Refused`` says: the name of its reason, what it is about, and the detail."""

    reason: str
    what: str
    detail: str


Call = JoinCall | InspectCall | EnvelopeCall | PacketCall
Answer = JoinResult | Inspection | EnvelopeResult | PacketResult | Refusal

_KINDS: dict[str, Any] = {kind.__name__: kind for kind in get_args(Call | Answer)}
_MAX_LINE = 1 << 16


def encode(message: Call | Answer, known: Sequence[bytes] = ()) -> list[bytes]:
    """A message in pieces, to be written one after the other: the head, then its bytes.

    ``known`` are the bytes that came with the message that this one answers.
    """
    table = list(known)

    def place(value: Any) -> dict[str, int]:
        if not any(value is other for other in table):
            table.append(value)
        return {"bytes": next(at for at, other in enumerate(table) if other is value)}

    plain = [type(message).__name__, to_builtins(message, builtin_types=(bytes,))]
    text = json.dumps(plain, default=place).encode("ascii")
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
    return convert(value, _KINDS[name], builtin_types=(bytes,)), blobs


def _read(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise ValueError("a message that does not end")
    return data
