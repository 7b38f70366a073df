"""Messages to and from the child process: what goes in comes out, and nonsense is no message."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from msgspec import to_builtins

from handouts.attach import (
    Check,
    JoinOptions,
    Limits,
    PacketOptions,
    PacketPart,
    Reason,
    Refused,
    guard,
    inspect,
    join,
    wire,
)
from handouts.attach.options import JoinResult
from handouts.attach.reading.inspection import Inspection
from handouts.attach.wire import Refusal

Sample = Callable[[str], bytes]

LETTER, HANDOUT = b"%PDF the letter \xff\x00\n", b"%PDF the handout"
OPTIONS = JoinOptions(
    password="pass",  # noqa: S106
    append_to_signed=True,
    check=Check.FULL,
    limits=Limits(pages=3, wall_seconds=0.5),
)
Call = tuple[str, tuple[object, ...]]
CALLS: list[Call] = [
    ("join", (LETTER, HANDOUT, OPTIONS)),
    ("join", (LETTER, b"", JoinOptions())),
    ("inspect", (LETTER, None, Limits(), "the letter")),
    ("inspect", (LETTER, "ä", Limits(size=1), "x")),
    ("envelope", (LETTER, HANDOUT, "geheim", Limits(pages=7))),
    ("thumbnails", (LETTER, (1, 5), 240, "geheim")),
    ("packet", ((PacketPart(LETTER, "One"), PacketPart(HANDOUT)), None, PacketOptions())),
    ("packet", ((PacketPart(LETTER), PacketPart(LETTER)), HANDOUT, PacketOptions())),
    ("examine", (LETTER, 4.2, 15, (1, 2), "the file")),
]
ARGUMENTS = {name: arguments for name, (_, arguments) in wire.CALLS.items()}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_a_call_comes_out_as_it_went_in(call: Call) -> None:
    text = b"".join(wire.encode(*call))
    assert wire.decode(io.BytesIO(text), ARGUMENTS)[:2] == call
    assert text.count(LETTER) == 1, "bytes cross once and are not encoded"


def test_what_the_caller_sent_is_not_sent_back(sample: Sample) -> None:
    letter, handout = sample("weasyprint"), sample("handout_typst")
    result = join(letter, handout)
    kinds = {"join": JoinResult, "inspect": Inspection}
    head, *blobs = wire.encode("join", result, [letter, handout])
    assert blobs == [result.update]
    again = wire.decode(io.BytesIO(head + result.update), kinds, [letter, handout])[1]
    assert again == result
    report = inspect(letter)
    text = b"".join(wire.encode("inspect", report))
    assert wire.decode(io.BytesIO(text), kinds)[1] == report


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
        _as_answer(["inspect", {"pages": 1}]),
        _as_answer(["inspect", {**REPORT, "more": 1}]),
        _as_answer(["inspect", {**REPORT, "pages": "many"}]),
        _as_answer(["inspect", {**REPORT, "sizes": [[1.0]]}]),
        _as_answer(["join", ["text", {"bytes": 0}, {}]]),
        _as_answer(["join", {}]),
        _as_answer(["unknown", {}]),
        _as_answer(["refusal", {"reason": "NO_SUCH", "what": "", "detail": ""}]),
        _as_answer(["refusal", {"reason": "SIGNED", "what": "the letter"}]),
        _as_answer(["inspect", {"bytes": 7}]),
        b"".join(wire.encode(*CALLS[0])),
    ],
)
def test_an_answer_of_any_kind_is_one_message(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        guard._understood(data, [LETTER], Limits(), {"inspect": Inspection})
    assert caught.value.reason is Reason.CRASHED


def test_a_refusal_crosses_with_its_detail() -> None:
    refusal = b"".join(wire.encode("refusal", Refusal("TOO_MANY_PAGES", "part 2", "5 pages")))
    with pytest.raises(Refused) as caught:
        guard._understood(refusal, [], Limits(), {"inspect": Inspection})
    assert caught.value.reason is Reason.TOO_MANY_PAGES
    assert (caught.value.what, caught.value.detail) == ("part 2", "5 pages")
