"""A fixed number of mutated letters: each is joined soundly or refused, never a raw exception."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handouts.attach import Check, JoinOptions, Refused, inspect, join

Sample = Callable[[str], bytes]

# Those whose text is open to mutation: few compressed objects, many features.
SEEDS = (
    "pdf_14_table",
    "hybrid",
    "latex",
    "chromium",
    "signed",
    "revisions",
    "plain_reportlab",
    "scanner",
    "linearised",
    "rc4_40_owner",
    "libreoffice",
)
_TOKEN = re.compile(rb"/[A-Za-z0-9]+|\d+ 0 R|\d+|<<|>>|\[|\]|\([^()]*\)")
_NONSENSE = (b"null", b"<<>>", b"[]", b"(x)", b"/N", b"1.5", b"-1", b"99999999", b"true", b"3 0 R")
Edit = tuple[int, int, int]


def mutated(data: bytes, edits: list[Edit]) -> bytes:
    """Tokens replaced with as many bytes where possible, so that offsets stay right."""
    tokens = list(_TOKEN.finditer(data))
    out = bytearray(data)
    for where, what, kind in edits:
        token = tokens[where % len(tokens)]
        length = token.end() - token.start()
        if kind == 0:
            new = _NONSENSE[what % len(_NONSENSE)]
        elif kind == 1:
            new = tokens[what % len(tokens)][0]
        elif kind == 2:
            out[token.start()] = what % 256
            continue
        else:
            new = b""
        if len(new) <= length:
            out[token.start() : token.end()] = new.ljust(length)
    return bytes(out)


EDITS = st.lists(
    st.tuples(st.integers(0, 100_000), st.integers(0, 100_000), st.integers(0, 3)),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("name", SEEDS)
@given(edits=EDITS)
@settings(
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_mutated_letter(
    name: str, edits: list[Edit], sample: Sample, little_handout: bytes
) -> None:
    data = mutated(sample(name), edits)
    try:
        result = join(data, little_handout, JoinOptions(check=Check.FULL))
    except Refused:
        return
    assert result.rewritten or result.data.startswith(data)
    assert inspect(result.data).pages == result.counts.pages


@given(edits=EDITS)
@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
def test_a_mutated_handout(edits: list[Edit], sample: Sample, little_handout: bytes) -> None:
    letter = little_handout
    try:
        result = join(letter, mutated(sample("rich_handout"), edits), JoinOptions(check=Check.FULL))
    except Refused:
        return
    assert result.data.startswith(letter)


@given(cut=st.integers(0, 22_000))
@settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
def test_a_truncated_letter(cut: int, sample: Sample, little_handout: bytes) -> None:
    with contextlib.suppress(Refused):
        join(sample("pdf_14_table")[:cut], little_handout)


@given(data=st.binary(max_size=400))
@settings(max_examples=100, derandomize=True)
def test_random_bytes(data: bytes) -> None:
    for text in (data, b"%PDF-1.7\n" + data):
        with pytest.raises(Refused):
            inspect(text)
