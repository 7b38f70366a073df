"""Filters and predictors are undone, within bounds."""

from __future__ import annotations

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.attach.reading.filters import Undecodable, decode
from handouts.attach.reading.objects import Damaged, Name, Oversized


@given(st.binary(max_size=2000))
def test_filters(data: bytes) -> None:
    packed = zlib.compress(data)
    assert decode(packed, Name(b"FlateDecode"), None) == data
    assert decode(base64.a85encode(data) + b"~>", Name(b"A85"), None) == data
    assert decode(data.hex().encode() + b">", Name(b"AHx"), None) == data
    both = base64.a85encode(packed) + b"~>"
    assert decode(both, [Name(b"ASCII85Decode"), Name(b"FlateDecode")], None) == data


def test_lzw_and_run_length() -> None:
    # The example of the specification (7.4.4.2).
    raw = bytes.fromhex("800B6050220C0C8501")
    assert decode(raw, Name(b"LZWDecode"), None) == bytes([45, 45, 45, 45, 45, 65, 45, 45, 45, 66])
    assert decode(b"\x02abc\xfed\x80", Name(b"RunLengthDecode"), None) == b"abcddd"


@given(
    rows=st.lists(st.tuples(st.integers(0, 4), st.binary(min_size=6, max_size=6)), max_size=8),
)
def test_png_predictors_undo_what_they_say(rows: list[tuple[int, bytes]]) -> None:
    data = _predicted(rows)
    parms = {b"Predictor": 15, b"Columns": 6}
    decoded = decode(zlib.compress(data), Name(b"FlateDecode"), parms)
    assert decoded == b"".join(row for _, row in rows)
    ups = _predicted([(2, row) for _, row in rows])
    assert decode(zlib.compress(ups), Name(b"FlateDecode"), parms) == decoded


def _predicted(rows: list[tuple[int, bytes]]) -> bytes:
    out, above = bytearray(), bytes(6)
    for kind, row in rows:
        out.append(kind)
        for i, value in enumerate(row):
            left = row[i - 1] if i else 0
            corner = above[i - 1] if i else 0
            estimate = left + above[i] - corner
            distances = [abs(estimate - c) for c in (left, above[i], corner)]
            near = (left, above[i], corner)[distances.index(min(distances))]
            guess = (0, left, above[i], (left + above[i]) // 2, near)[kind]
            out.append((value - guess) % 256)
        above = row
    return bytes(out)


def test_a_stream_that_inflates_beyond_all_measure() -> None:
    with pytest.raises(Oversized):
        decode(zlib.compress(bytes(10_000)), Name(b"FlateDecode"), None, limit=5_000)


@given(
    rows=st.lists(st.binary(min_size=6, max_size=6), max_size=8),
    colors=st.sampled_from([1, 2, 3, 6]),
)
def test_the_tiff_predictor_is_undone(rows: list[bytes], colors: int) -> None:
    coded = bytearray()
    for row in rows:
        coded += bytes((b - a) % 256 for a, b in zip(bytes(colors) + row, row, strict=False))
    parms = {b"Predictor": 2, b"Columns": 6 // colors, b"Colors": colors}
    assert decode(zlib.compress(coded), Name(b"Fl"), parms) == b"".join(rows)


def test_png_rows_of_several_bytes_a_pixel() -> None:
    data = b"\x01" + bytes([10, 20, 1, 2]) + b"\x02" + bytes(4)
    parms = {b"Predictor": 12, b"Columns": 2, b"Colors": 2}
    decoded = bytes([10, 20, 11, 22])
    assert decode(zlib.compress(data), Name(b"FlateDecode"), parms) == decoded * 2


def test_a_pixel_of_twelve_bits_counts_as_two_bytes() -> None:
    data = b"\x01" + bytes([1, 2, 3, 4, 5, 6])
    parms = {b"Predictor": 12, b"Columns": 4, b"Colors": 3, b"BitsPerComponent": 4}
    decoded = bytes([1, 2, 4, 6, 9, 12])
    assert decode(zlib.compress(data), Name(b"FlateDecode"), parms) == decoded


@pytest.mark.parametrize(
    ("parms", "error"),
    [
        ({b"Predictor": 12, b"BitsPerComponent": 3}, Damaged),
        ({b"Predictor": 5}, Damaged),
        ({b"Predictor": 16}, Damaged),
        ({b"Predictor": 12, b"Columns": 0}, Damaged),
        ({b"Predictor": 12, b"Columns": 1_000_000}, Damaged),
        ({b"Predictor": b"x"}, Damaged),
        ({b"Predictor": 2, b"BitsPerComponent": 4}, Undecodable),
        ({b"Predictor": 15, b"Columns": 1}, Damaged),  # a row of the kind 5
    ],
)
def test_predictors_that_are_not_sound(parms: dict[bytes, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        decode(zlib.compress(b"\x05\x01"), Name(b"FlateDecode"), parms)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (b"FlateDecode", b"no"),
        (b"FlateDecode", b""),
        (b"A85", b"\x7f\x7f"),
        (b"AHx", b"xyz>"),
        (b"LZW", bytes.fromhex("807fff")),
    ],
)
def test_data_that_is_not_sound(name: bytes, data: bytes) -> None:
    with pytest.raises(Damaged):
        decode(data, Name(name), None)


def test_a_crypt_filter_that_changes_nothing() -> None:
    crypt = Name(b"Crypt")
    assert decode(b"616263", [crypt, Name(b"AHx")], None) == b"abc"
    assert decode(b"abc", crypt, {b"Name": Name(b"Identity")}) == b"abc"
    with pytest.raises(Undecodable):
        decode(b"abc", crypt, {b"Name": Name(b"StdCF")})


def test_a_row_is_a_byte_unless_said_otherwise() -> None:
    data = zlib.compress(b"\x00\x01\x02\x01")
    assert decode(data, Name(b"FlateDecode"), {b"Predictor": 12}) == b"\x01\x02"


def test_no_filter_an_unknown_one_and_too_many() -> None:
    assert decode(b"abc", None, None) == b"abc"
    with pytest.raises(Undecodable):
        decode(b"abc", Name(b"DCTDecode"), None)
    with pytest.raises(Damaged, match="too many"):
        decode(b"", [Name(b"AHx")] * 9, None)
    assert decode(b"", [Name(b"AHx")] * 8, None) == b""


@pytest.mark.parametrize("name", [b"FlateDecode", b"RL", b"LZW"])
def test_no_filter_grows_beyond_the_limit(name: bytes) -> None:
    long = {
        b"FlateDecode": zlib.compress(bytes(1000)),
        b"RL": b"\x81\x00" * 10 + b"\x80",
        b"LZW": bytes([0x80, 0x00, 0x00]) + bytes(2000),
    }[name]
    with pytest.raises(Oversized):
        decode(long, Name(name), None, limit=100)


def test_lzw_with_late_change_and_a_full_table() -> None:
    import random

    from pypdf._codecs._codecs import LzwCodec

    data = random.Random(1).randbytes(9000)
    assert decode(LzwCodec().encode(data), Name(b"LZWDecode"), None) == data
