"""Messages between a caller and its child process: Structs as JSON, bytes as they are.

A message is a line with the lengths of what follows, then the JSON, then the bytes. In the JSON a
place in a table stands for each ``bytes`` value; the table begins with what the other side has
already, because it sent it. So a letter crosses once, and is never copied into text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Final

from msgspec import Struct, convert, to_builtins

from handouts.attach.options import JoinOptions, Limits, PacketOptions, PacketPart

#: The public calls: each with the module that holds it, and the types of its arguments.
CALLS: Final[dict[str, tuple[str, Any]]] = {
    "join": ("handouts.attach.joining", tuple[bytes, bytes, JoinOptions]),
    "inspect": ("handouts.attach.opening", tuple[bytes, str | None, Limits, str]),
    "envelope": ("handouts.attach.envelope", tuple[bytes, bytes, str | None, Limits]),
    "transcribe": ("handouts.attach.transcript", tuple[bytes, str | None, Limits, str]),
    "typed": ("handouts.attach.typed", tuple[bytes, str | None, Limits, str]),
    "thumbnails": ("handouts.attach.thumbnails", tuple[bytes, tuple[int, ...], int, str | None]),
    "page_sizes": ("handouts.printing.sheets", tuple[bytes]),
    "excerpt": ("handouts.printing.sheets", tuple[bytes, tuple[int, ...]]),
    "packet": (
        "handouts.attach.packet",
        tuple[tuple[PacketPart, ...], bytes | None, PacketOptions],
    ),
    "examine": ("handouts.preflight.examining", tuple[bytes, float, int, tuple[int, ...], str]),
}


class Refusal(Struct, frozen=True, forbid_unknown_fields=True):
    """What a ``Refused`` says: the name of its reason, what it is about, and the detail."""

    reason: str
    what: str
    detail: str


_MAX_LINE = 1 << 16


def encode(name: str, value: Any, known: Sequence[bytes] = ()) -> list[bytes]:
    """A message in pieces, to be written one after the other: the head, then its bytes.

    ``known`` are the bytes that came with the message that this one answers.
    """
    table = list(known)

    def place(value: Any) -> dict[str, int]:
        if not any(value is other for other in table):
            table.append(value)
        return {"bytes": next(at for at, other in enumerate(table) if other is value)}

    plain = [name, to_builtins(value, builtin_types=(bytes,))]
    text = json.dumps(plain, default=place).encode("ascii")
    blobs = table[len(known) :]
    line = json.dumps([len(text), *(len(blob) for blob in blobs)]).encode("ascii")
    return [line + b"\n" + text, *blobs]


def decode(
    stream: BinaryIO, kinds: Mapping[str, Any], known: Sequence[bytes] = ()
) -> tuple[str, Any, list[bytes]]:
    """The message in a stream: its name, its value, and the bytes that came with it.

    ``kinds`` are the types of value by the names that are expected. Raises an ``Exception`` of
    any kind for what is no such message; nothing in it is trusted further than its types.
    """
    lengths = json.loads(stream.readline(_MAX_LINE))
    text, *blobs = [_read(stream, length) for length in lengths]
    table = [*known, *blobs]

    def fill(entries: dict[str, Any]) -> Any:
        return table[entries["bytes"]] if entries.keys() == {"bytes"} else entries

    name, value = json.loads(text, object_hook=fill)
    return name, convert(value, kinds[name], builtin_types=(bytes,)), blobs


def _read(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise ValueError("a message that does not end")
    return data
