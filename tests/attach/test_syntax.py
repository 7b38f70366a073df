"""The parser and writer are each other's inverse; filters and trees hold for all values."""

from __future__ import annotations

import base64
import string
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.attach.claims import Claims, without_claims
from handouts.attach.nametrees import insert_name
from handouts.attach.reading.crypt import Cipher, Method
from handouts.attach.reading.filters import decode
from handouts.attach.reading.inspection import claims
from handouts.attach.reading.objects import (
    Damaged,
    Name,
    Oversized,
    Real,
    Ref,
    Stream,
    read_text,
    text_string,
    write,
    write_stream,
)
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.tokens import MARKED_CONTENT, MCID, parse
from handouts.attach.reading.trees import leaves
from handouts.attach.update import Update

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


@given(data=st.binary(max_size=200), num=st.integers(1, 10**6))
def test_encryption_is_undone(data: bytes, num: int) -> None:
    for method, size in ((Method.RC4, 5), (Method.AES_128, 16), (Method.AES_256, 32)):
        cipher = Cipher(bytes(range(size)), method, method, -4, False, True)
        hidden = cipher.encrypt(data, num, 0, method)
        assert cipher.decrypt(hidden, num, 0, method) == data
        assert hidden == cipher.encrypt(data, num, 0, method)


@given(
    names=st.lists(
        st.text(string.ascii_letters, min_size=1, max_size=6).map(str.encode),
        unique=True,
        max_size=30,
    )
)
def test_a_name_tree_stays_sorted(names: list[bytes], sample: Callable[[str], bytes]) -> None:
    update = Update(PdfFile(sample("pdf_14_table")))
    first = update.add({b"Limits": [b"F", b"K"], b"Names": [b"F", 1, b"K", 2]})
    second = update.add({b"Limits": [b"f", b"k"], b"Names": [b"f", 3, b"k", 4]})
    owner: dict[bytes, Any] = {b"Tree": {b"Kids": [first, second]}}
    own = {b"F", b"K", b"f", b"k"}
    for name in names:
        if name not in own:
            insert_name(update, owner, b"Tree", name, 0)
    found = [key for key, _ in leaves(update, owner[b"Tree"], b"Names")]
    assert found == sorted(own | set(names))
    for ref in (first, second):
        leaf = update.dict(ref)
        keys = leaf[b"Names"][0::2]
        assert leaf[b"Limits"] == [keys[0], keys[-1]]


def test_data_that_ends_in_a_carriage_return_keeps_it() -> None:
    for data in (b"x\r", b"x\n", b"x\r\n", b""):
        text = write_stream(Stream({}, data))
        inside = text.split(b"stream\n", 1)[1].removesuffix(b"endstream")
        end = 2 if inside.endswith(b"\r\n") and data.endswith(b"\r") else 1
        assert inside[:-end] == data


def test_marks_in_content() -> None:
    content = b"/P <</MCID 3>> BDC (x) Tj EMC /Span<</ActualText(>)/MCID 4>>BDC EMC /P /M0 BDC EMC"
    found = [MCID.search(m[2])[1] if m[2] else m[3] for m in MARKED_CONTENT.finditer(content)]  # type: ignore[index]
    assert found == [b"3", b"4", b"M0"]


XMP = """<rdf:Description xmlns:u="http://www.aiim.org/pdfua/ns/id/" u:part="1"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance><dc:title>part 1</dc:title></rdf:Description>"""


def test_claims_are_found_and_removed_in_both_spellings() -> None:
    assert claims(XMP) == (1, "2A")
    assert claims(without_claims(XMP, Claims(1, ""))) == (1, "")
    assert claims(without_claims(XMP, Claims(0, "2A"))) == (0, "2A")
    assert "<dc:title>part 1</dc:title>" in without_claims(XMP, Claims(0, ""))
