"""The rows of cross-references say where each object is, and nothing that is not there."""

from __future__ import annotations

from typing import Any

import pytest

from handouts.attach.reading.objects import Damaged, Dict
from handouts.attach.reading.xref import MAX_OBJECTS, Entries, read_table, take_rows

FREE = b"0000000000 65535 f \n"
ROW = b"0000000017 00002 n \n"
TRAILER = b"trailer\n<</Size 9>>\nstartxref"


def taken(text: bytes) -> Entries:
    """The entries of a table, from behind the word ``xref``."""
    entries: Entries = {}
    trailer, end = read_table(text, 0, entries)
    assert trailer == {b"Size": 9}
    assert text[end:] == b"\nstartxref"
    return entries


def test_a_table() -> None:
    text = b"\n0 2\n" + FREE + ROW + b"7 1 \r\n" + ROW.replace(b"17", b"99") + TRAILER
    assert taken(text) == {0: (-1, 65535, False), 1: (17, 2, False), 7: (99, 2, False)}
    assert taken(b"\n" + TRAILER) == {}
    assert taken(b"\n0 0\n" + TRAILER) == {}
    assert taken(b"\n1 1\n" + ROW + TRAILER) == {1: (17, 2, False)}


@pytest.mark.parametrize("end", [b" \n", b" \r", b"\r\n", b"\n", b"\r"])
def test_rows_of_both_lengths(end: bytes) -> None:
    rows = b"".join(row[:-2] + end for row in (FREE, ROW, ROW))
    assert sorted(taken(b"\n0 3\n" + rows + TRAILER)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"\n0 2\n" + FREE + ROW[:-2] + b"\n" + TRAILER, "a broken"),
        (b"\n0 2\n" + FREE + TRAILER, "a broken"),
        (b"\n0 1\n" + FREE[:-1] + b" \n" + TRAILER, "a broken"),
        (b"\n0 1\n" + FREE.replace(b"f", b"x") + TRAILER, "a broken"),
        (b"\n0 1\n" + FREE, "a broken"),
        (b"\n1 1\n" + FREE + TRAILER, "one too late"),
        (b"\n%d 2\n" % (MAX_OBJECTS - 1) + ROW + ROW + TRAILER, "too long"),
        (b"\n0 1\n" + FREE + b"startxref\n<<>>", "without a trailer"),
        (b"\n0 1\n" + FREE + b"/trailer\n<<>>", "without a trailer"),
        (b"\n0 1\n" + FREE + b"trailer\n[]", "a broken trailer"),
    ],
)
def test_tables_that_are_not_sound(text: bytes, message: str) -> None:
    with pytest.raises(Damaged, match=message):
        read_table(text, 0, {})


def test_the_newest_row_stays() -> None:
    entries: Entries = {1: (5, 0, False), 2: (-1, 0, False)}
    read_table(b"\n1 2\n" + ROW + ROW + TRAILER, 0, entries)
    take_rows(bytes([1, 9, 0] * 3), {b"W": [1, 1, 1], b"Index": [1, 3], b"Size": 4}, entries)
    assert entries == {1: (5, 0, False), 2: (-1, 0, False), 3: (9, 0, False)}


def rows_of(rows: bytes, **trailer: Any) -> Entries:
    """The entries of a cross-reference stream's rows, by its trailer."""
    entries: Entries = {}
    known: Dict = {b"W": [1, 2, 1], b"Size": 3}
    take_rows(rows, {**known, **{key.encode(): value for key, value in trailer.items()}}, entries)
    return entries


def test_the_kinds_of_rows() -> None:
    rows = bytes([0, 0, 7, 1, 1, 1, 2, 3, 2, 0, 9, 4])
    assert rows_of(rows) == {0: (-1, 1, False), 1: (258, 3, False), 2: (9, 4, True)}
    # A kind that is not known is as good as free.
    assert rows_of(bytes([3, 0, 7, 1]), Size=1) == {0: (-1, 1, False)}


def test_widths_and_subsections() -> None:
    # Without a first field all rows are of kind 1; without a last the generation is 0.
    assert rows_of(bytes([0, 5, 0, 6]), W=[0, 2, 0], Size=2) == {0: (5, 0, False), 1: (6, 0, False)}
    wide = bytes([1]) + (5).to_bytes(8, "big") + bytes([0])
    assert rows_of(wide, W=[1, 8, 1], Size=1) == {0: (5, 0, False)}
    rows = bytes([1, 0, 5, 0, 1, 0, 6, 0, 1, 0, 7, 0])
    assert sorted(rows_of(rows, Index=[4, 1, 8, 2])) == [4, 8, 9]
    assert sorted(rows_of(rows + b"more", Index=[4, 3])) == [4, 5, 6]
    assert sorted(rows_of(rows, Index=[MAX_OBJECTS - 3, 3])) == list(
        range(MAX_OBJECTS - 3, MAX_OBJECTS)
    )


@pytest.mark.parametrize(
    "trailer",
    [
        {"W": None},
        {"W": b"124"},
        {"W": [1, 2]},
        {"W": [1, 2, 1, 0]},
        {"W": [1, -2, 1]},
        {"W": [1, 9, 1]},
        {"W": [0, 0, 0]},
        {"W": [1, b"2", 1]},
        {"Size": None},
        {"Size": -1},
        {"Size": MAX_OBJECTS + 1},
        {"Index": 3},
        {"Index": [0]},
        {"Index": [0, 1, 2]},
        {"Index": [-1, 2]},
        {"Index": [MAX_OBJECTS - 2, 3]},
        {"Index": [0, 4]},
    ],
)
def test_streams_that_are_not_sound(trailer: dict[str, Any]) -> None:
    with pytest.raises(Damaged, match="cross-reference stream"):
        rows_of(bytes([1, 0, 5, 0] * 3), **trailer)
