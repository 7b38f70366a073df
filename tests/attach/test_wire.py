"""Messages to and from the child process: what goes in comes out, and nonsense is no message."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from msgspec import to_builtins

from handouts.attach import (
    Check,
    EnvelopeOptions,
    JoinOptions,
    Limits,
    PacketOptions,
    PacketPart,
    Reason,
    Refused,
    Signed,
    guard,
    inspect,
    join,
    wire,
)
from handouts.attach.reading.inspection import Inspection
from handouts.attach.wire import EnvelopeCall, InspectCall, JoinCall, PacketCall, Refusal

Sample = Callable[[str], bytes]

LETTER, HANDOUT = b"%PDF the letter \xff\x00\n", b"%PDF the handout"
OPTIONS = JoinOptions(
    password="pass",  # noqa: S106
    signed=Signed.APPEND_ANYWAY,
    check=Check.FULL,
    limits=Limits(pages=3, wall_seconds=0.5),
)
CALLS: list[wire.Call] = [
    JoinCall(LETTER, HANDOUT, OPTIONS),
    JoinCall(LETTER, b"", JoinOptions()),
    InspectCall(LETTER, None, Limits()),
    InspectCall(LETTER, "ä", Limits(size=1)),
    EnvelopeCall(LETTER, HANDOUT, EnvelopeOptions(name="x.pdf")),
    PacketCall((PacketPart(LETTER, "One"), PacketPart(HANDOUT)), None, PacketOptions()),
    PacketCall((PacketPart(LETTER), PacketPart(LETTER)), HANDOUT, PacketOptions()),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: type(call).__name__)
def test_a_call_comes_out_as_it_went_in(call: wire.Call) -> None:
    text = b"".join(wire.encode(call))
    assert wire.decode(io.BytesIO(text))[0] == call
    assert text.count(LETTER) == 1, "bytes cross once and are not encoded"


def test_what_the_caller_sent_is_not_sent_back(sample: Sample) -> None:
    letter, handout = sample("weasyprint"), sample("handout_typst")
    result = join(letter, handout)
    head, *blobs = wire.encode(result, [letter, handout])
    assert blobs == [result.update]
    again, _ = wire.decode(io.BytesIO(head + result.update), [letter, handout])
    assert again == result
    report = inspect(letter)
    assert wire.decode(io.BytesIO(b"".join(wire.encode(report))))[0] == report


def _as_answer(value: object, blobs: bytes = b"", lengths: tuple[int, ...] = ()) -> bytes:
    text = json.dumps(value).encode()
    return json.dumps([len(text), *lengths]).encode() + b"\n" + text + blobs


REPORT = to_builtins(Inspection(1, ((1.0, 2.0),), "1.7", "", "", tagged=True, revisions=1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"nonsense\n",
        b"[5]\nab",
        b"[-1]\n",
        _as_answer(["Inspection", {"pages": 1}]),
        _as_answer(["Inspection", {**REPORT, "more": 1}]),
        _as_answer(["Inspection", {**REPORT, "pages": "many"}]),
        _as_answer(["Inspection", {**REPORT, "sizes": [[1.0]]}]),
        _as_answer(["JoinCall", {"letter": "text", "handout": {"bytes": 0}, "options": {}}]),
        _as_answer(["JoinResult", {}]),
        _as_answer(["Unknown", {}]),
        _as_answer(["Refusal", {"reason": "NO_SUCH", "what": "", "detail": ""}]),
        _as_answer(["Refusal", {"reason": "SIGNED", "what": "the letter"}]),
        _as_answer(["Inspection", {"bytes": 7}]),
        b"".join(wire.encode(CALLS[0])),
    ],
)
def test_an_answer_of_any_kind_is_one_message(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        guard._understood(data, [LETTER], Limits(), Inspection)
    assert caught.value.reason is Reason.CRASHED


def test_a_refusal_crosses_with_its_detail() -> None:
    refusal = b"".join(wire.encode(Refusal("TOO_MANY_PAGES", "part 2", "5 pages")))
    with pytest.raises(Refused) as caught:
        guard._understood(refusal, [], Limits(), Inspection)
    assert caught.value.reason is Reason.TOO_MANY_PAGES
    assert (caught.value.what, caught.value.detail) == ("part 2", "5 pages")
