"""Turn library calls into messages for the child process, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import Enum
from typing import Any

from handouts.attach.options import Check, History, JoinOptions, JoinResult, Limits, Signed
from handouts.attach.reading.inspection import Inspection
from handouts.attach.selfcheck import Counts

Reply = tuple[dict[str, Any], list[bytes]]


def plain(value: Any) -> Any:
    """Dataclasses and enums as JSON values. Bytes do not pass: they travel as blobs."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [entry.name for entry in dataclasses.fields(value)]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def options_from(data: dict[str, Any]) -> JoinOptions:
    """The options that :func:`plain` made."""
    return JoinOptions(
        **{
            **data,
            "signed": Signed(data["signed"]),
            "history": History(data["history"]),
            "check": Check(data["check"]),
            "limits": Limits(**data["limits"]),
        }
    )


def inspection_from(data: dict[str, Any]) -> Inspection:
    """The inspection that :func:`plain` made."""
    sizes = tuple((float(width), float(height)) for width, height in data["sizes"])
    return Inspection(**{**data, "sizes": sizes})


def result_header(result: JoinResult) -> dict[str, Any]:
    """A result without its bytes."""
    return {
        "rewritten": result.rewritten,
        "pdf_ua": result.pdf_ua,
        "pdf_a": result.pdf_a,
        "notes": list(result.notes),
        "letter": plain(result.letter),
        "handout": plain(result.handout),
        "counts": plain(result.counts),
    }


def result_from(header: dict[str, Any], base: bytes, update: bytes) -> JoinResult:
    """The result that :func:`result_header` took apart."""
    return JoinResult(
        base=base,
        update=update,
        rewritten=bool(header["rewritten"]),
        pdf_ua=int(header["pdf_ua"]),
        pdf_a=str(header["pdf_a"]),
        notes=tuple(str(note) for note in header["notes"]),
        letter=inspection_from(header["letter"]),
        handout=inspection_from(header["handout"]),
        counts=Counts(**header["counts"]),
    )


def _join(header: dict[str, Any], blobs: list[bytes]) -> Reply:
    from handouts.attach.joining import join

    result = join(blobs[0], blobs[1], options_from(header["options"]))
    # The parent has the letter already; it is sent back only where it is not the same.
    base = result.base if result.rewritten else b""
    return result_header(result), [base, result.update]


def _inspect(header: dict[str, Any], blobs: list[bytes]) -> Reply:
    from handouts.attach.opening import inspect

    limits = Limits(**header["limits"])
    return {"report": plain(inspect(blobs[0], header["password"], limits))}, []


def _envelope(header: dict[str, Any], blobs: list[bytes]) -> Reply:
    from handouts.attach.envelope import envelope, options_of

    result = envelope(blobs[0], blobs[1], options_of(header["options"]))
    base = result.base if result.rewritten else b""
    reply = {"notes": list(result.notes), "pdf_ua": result.pdf_ua, "rewritten": result.rewritten}
    return reply, [base, result.update]


def _packet(header: dict[str, Any], blobs: list[bytes]) -> Reply:
    from handouts.attach.packet import PacketPart, packet, packet_options

    titles = header["titles"]
    parts = [PacketPart(blob, title) for blob, title in zip(blobs[1:], titles, strict=True)]
    contents = blobs[0] or None
    result = packet(parts, contents, packet_options(header["options"]))
    reply = {
        "notes": list(result.notes),
        "pdf_ua": result.pdf_ua,
        "first_pages": list(result.first_pages),
        "counts": plain(result.counts),
    }
    return reply, [result.data]


_ACTIONS: dict[str, Callable[[dict[str, Any], list[bytes]], Reply]] = {
    "join": _join,
    "inspect": _inspect,
    "envelope": _envelope,
    "packet": _packet,
}


def perform(header: dict[str, Any], blobs: list[bytes]) -> Reply:
    """Carry out a request in this process."""
    return _ACTIONS[header["action"]](header, blobs)
