"""The parser and the writer are each other's inverse; odd spellings, and what is no object."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.attach.reading import tokens
from handouts.attach.reading.objects import (
    Damaged,
    Name,
    Real,
    Ref,
    Stream,
    Word,
    read_text,
    text_string,
    write,
    write_stream,
)
from handouts.attach.reading.tokens import MARKED_CONTENT, MAX_DEPTH, MCID, parse

NAMES = st.binary(max_size=12).filter(lambda b: b"\x00" not in b).map(Name)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    NAMES,
    st.binary(max_size=30),
    st.builds(Ref, st.integers(0, 9_999_999), st.integers(0, 65535)),
    st.sampled_from(["0.5", "-.25", "3.", "0.00000001"]).map(lambda text: Real(text.encode())),
)
OBJECTS = st.recursive(
    LEAVES,
    lambda kids: st.one_of(st.lists(kids, max_size=4), st.dictionaries(NAMES, kids, max_size=4)),
    max_leaves=20,
)


@given(OBJECTS)
def test_what_is_written_reads_the_same(value: Any) -> None:
    text = write(value)
    assert parse(text + b" ", 0) == (value, len(text))
    read = parse(text, 0)[0]
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"(a(b)c\\)\\101\\n\\\r\nd)", b"a(b)c)A\nd"),
        (b"<48 65 6C6>", b"Hel`"),
        (b"/A#20B", b"A B"),
        (b"/F#E9", b"F\xe9"),
        (b"% a comment\n 12", 12),
        (b"[1 0 R 2 3 0 R]", [Ref(1), 2, Ref(3)]),
        (b"<</A/B/C<</D[]>>>>", {b"A": b"B", b"C": {b"D": []}}),
        (b"<< /A/B/C(x)/D 5/#45 6 0 R >>", {b"A": b"B", b"C": b"x", b"D": 5, b"E": Ref(6)}),
        (b"(a\rb\r\nc)", b"a\nb\nc"),
    ],
)
def test_the_odd_spellings(text: bytes, value: object) -> None:
    assert parse(text, 0)[0] == value


@pytest.mark.parametrize(
    "text", [b"", b"<<", b"<</A>>", b"[1", b">>", b"(a", b"[>>", b"<<1 2>>", b"[" * 101, b"[R]"]
)
def test_what_is_no_object(text: bytes) -> None:
    with pytest.raises(Damaged):
        parse(text, 0)


@given(st.text(max_size=30).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t)))
def test_text_strings(text: str) -> None:
    assert read_text(text_string(text)) == text


def test_data_that_ends_in_a_carriage_return_keeps_it() -> None:
    for data in (b"x\r", b"x\n", b"x\r\n", b""):
        text = write_stream(Stream({}, data))
        inside = text.split(b"stream\n", 1)[1].removesuffix(b"endstream")
        end = 2 if inside.endswith(b"\r\n") and data.endswith(b"\r") else 1
        assert inside[:-end] == data


def test_marked_content() -> None:
    content = b"/P <</MCID 3>> BDC (x) Tj EMC /Span<</ActualText(>)/MCID 4>>BDC EMC /P /M0 BDC EMC"
    found = [MCID.search(m[2])[1] if m[2] else m[3] for m in MARKED_CONTENT.finditer(content)]  # type: ignore[index]
    assert found == [b"3", b"4", b"M0"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"true ", True),
        (b"false]", False),
        (b"null", None),
        (b"-17", -17),
        (b"+3", 3),
        (b"1.50", Real(b"1.50")),
        (b"-.5", Real(b"-.5")),
        (b"--5", Real(b"--5")),
        (b"<4>", b"@"),
        (b"(\\8\\7\\07\\0053)", b"8\x07\x07\x053"),
        (b"(\\n\\r\\t\\b\\f\\q)", b"\n\r\t\b\fq"),
        (b"(((a)))", b"((a))"),
        (b"/", Name(b"")),
        (b"1 0 obj", 1),
        (b"1 0 Rx", 1),
        (b"nulls", Word(b"nulls")),
        (b"endobj", Word(b"endobj")),
    ],
)
def test_each_kind_of_object(text: bytes, value: object) -> None:
    found, _ = parse(text, 0)
    assert (found, type(found)) == (value, type(value))


PIECES = rb"<< >> /A /B#42 /A/C 5 +7 -1 1.5 0 R /D/ (/D 1) () (( \ < > [ ] / %x true".split(b" ")
PIECES += [b" ", b"\0", b"\n", b"/E 4 0 R", b"/F 7", b"/G(x)"]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_a_plain_dictionary_is_read_at_once_as_it_is_piece_by_piece(pieces: list[bytes]) -> None:
    text = b"<<%s>>" % b"".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        at_once = _read(text)
        patch.setattr(tokens, "_ENTRIES", re.compile(rb"(?!)"))
        assert at_once == _read(text)


def _read(text: bytes) -> object:
    try:
        value, end = parse(text, 0)
    except Damaged:
        return Damaged
    return write(value), end


def test_the_place_behind_an_object() -> None:
    text = b"  <</A[1 2 R]>>stream"
    value, pos = parse(text, 0)
    assert (value, text[pos:]) == ({b"A": [Ref(1, 2)]}, b"stream")
    word, pos = parse(text, pos)
    assert (type(word), word, pos) == (Word, b"stream", len(text))


def test_containers_may_be_nested_so_deep() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, 0)
    with pytest.raises(Damaged, match="too deeply"):
        parse(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), 0)


def test_text_in_its_four_encodings() -> None:
    assert read_text(b"\xfe\xff\x00\xe4") == "ä"
    assert read_text(b"\xff\xfe\xe4\x00") == "ä"
    assert read_text(b"\xef\xbb\xbf\xc3\xa4") == "ä"
    assert read_text(b"\xe4") == "ä"
    assert read_text(b"A \x85 \x8dB\x8e \xa0 \x1f") == "A \N{EN DASH} “B” € \N{SMALL TILDE}"
    assert read_text("\ufeff\x1bdeCH\x1bK\x1bn".encode("utf-16-be")) == "K\x1bn"
    assert (read_text(None), read_text(Name(b"x"))) == ("", "")


def test_strings_are_encrypted_wherever_they_stand() -> None:
    text = write({b"A": [b"x", {b"B": b"y"}], b"N": Name(b"x")}, lambda data: data + b"!")
    assert parse(text, 0)[0] == {b"A": [b"x!", {b"B": b"y!"}], b"N": b"x"}
