"""Each sound spelling is read directly; what a reader would have to guess at is damage."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from handouts.attach import inspect, join
from handouts.attach.opening import open_pdf
from handouts.attach.reading.objects import Damaged, Name, Ref, Stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.update import Update
from tests.attach.reading.by_hand import (
    Section,
    contents,
    letter,
    pdf,
    png,
    table,
    tiff,
    with_stream,
)

Sample = Callable[[str], bytes]

SOUND: dict[str, Section] = {
    "rows of 20 bytes": table,
    "rows of 20 bytes, CR LF": partial(table, end=b"\r\n"),
    "rows of 20 bytes, CR": partial(table, end=b" \r"),
    "rows of 19 bytes": partial(table, end=b"\n"),
    "rows of 19 bytes, CR": partial(table, end=b"\r"),
    "a stream": with_stream(6),
    "a stream that is not listed": with_stream(6, listed=False),
    "a TIFF predictor": with_stream(6, coding=tiff),
    "a PNG predictor, up": with_stream(6, coding=png),
    "a PNG predictor, left": with_stream(6, coding=partial(png, kind=1)),
}


@pytest.mark.parametrize("style", SOUND)
def test_each_sound_cross_reference_is_read_directly(style: str, sample: Sample) -> None:
    data = pdf(letter(), section=SOUND[style])
    opened = open_pdf(data)
    assert not opened.rewritten
    assert len(opened.pages) == 1
    assert opened.pdf.uses_stream is ("table" not in repr(SOUND[style]))
    result = join(data, sample("handout_weasyprint"))
    assert result.data.startswith(data)
    assert inspect(result.data).pages == 3
    assert inspect(result.data).revisions == 2


@pytest.mark.parametrize(
    "rows",
    [
        b"xref\n0 2\n0000000000 65535 f \n0000000015 00000 n\n",  # of two lengths
        b"xref\n0 1\n0000000000 65535 f  \n",  # 21 bytes
        b"xref\n0 1\n0000000000 65535 x \n",
        b"xref\n0 2\n0000000000 65535 f \n",  # too few
        b"xref\n0 9999999\n0000000000 65535 f \n",
        b"xref\n1 1\n0000000000 65535 f \n",  # begins one too late
        b"xref\n0 1\n0000000000 65535 f \nno trailer",
        b"xref\n0 1\n0000000000 65535 f \ntrailer [1]",
    ],
)
def test_a_table_that_is_not_sound(rows: bytes) -> None:
    data = pdf(letter())
    start = data.rfind(b"xref\n0 1")
    tail = b"\ntrailer<</Size 6/Root 1 0 R>>" if b"trailer" not in rows else b""
    end = b"\nstartxref\n%d\n%%%%EOF" % start
    with pytest.raises(Damaged):
        PdfFile(data[:start] + rows + tail + end)


def test_an_object_number_of_an_unlisted_cross_reference_is_not_used_again(sample: Sample) -> None:
    # The stream has number 40; /Size and the rows know only of 0 to 5, as pypdf writes it.
    first = pdf(letter(), section=with_stream(40, listed=False), size=6)
    second = pdf({4: contents("Dose: 5 mg")}, first, with_stream(30, listed=False), size=6)
    for data in (first, second):
        opened = PdfFile(data)
        assert 40 not in opened.xref
        assert opened.first_free == 41
        assert Update(opened).reserve() == Ref(41)
        update = join(data, sample("handout_weasyprint")).update
        assert b"\n40 0 obj" not in update
        # Read as an update of the same file, the number is still known.
        assert PdfFile(update, base=opened).first_free > 41
    assert PdfFile(pdf(letter(), size=50)).first_free == 50
    assert PdfFile(pdf(letter(), size=2)).first_free == 6


def swapped(data: bytes, first: bytes, second: bytes) -> bytes:
    """Two strings of one length in each other's place."""
    assert len(first) == len(second)
    return second.join(part.replace(second, first) for part in data.split(first))


def test_an_offset_must_lead_to_the_object_of_that_number() -> None:
    # Both offsets lead to an object, each to the other's.
    data = pdf(letter())
    offsets = [b"%010d" % data.index(b"\n%d 0 obj" % num) for num in (1, 4)]
    ones = [b"%010d" % (int(offset) + 1) for offset in offsets]
    with pytest.raises(Damaged, match="object 1 is not where"):
        PdfFile(swapped(data, *ones))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"5 0 obj", b"5 1 obj", "object 5 is not where"),
        (b"\n5 0 obj", b"\n7 0 obj", "object 5 is not where"),
        (b"/Size 6", b"/Size/x", "without its size"),
        (b"/Root 1 0 R", b"/Root (1 R)", "without its size or root"),
        (b"/Pages 2 0 R", b"/Pages 3 0 R", "no page tree"),
        (b"/Pages 2 0 R", b"/Pages <<>> ", "no page tree"),
        (b"%PDF-1.5", b"%PDF-x.5", "no PDF header"),
        (b"%PDF-1.5\n", b"\n%PDF-1.5", "no PDF header"),
        (b"startxref\n", b"startxref\n9", "beyond the end"),
    ],
)
def test_what_is_damage(old: bytes, new: bytes, message: str) -> None:
    with pytest.raises(Damaged, match=message):
        PdfFile(pdf(letter()).replace(old, new))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (b"/Prev 99999", "beyond the end"),
        (b"/Prev -1", "beyond the end"),
        (b"/Prev 15", "no cross-reference where"),
        (b"/Prev 16", "no object at byte 16"),
        (b"/Prev (1)", "a broken link"),
        (b"/Prev %d", "lead in circles"),
    ],
)
def test_links_to_earlier_cross_references(extra: bytes, message: str) -> None:
    start = pdf(letter()).rfind(b"xref\n0 1")
    extra = extra % start if b"%d" in extra else extra
    with pytest.raises(Damaged, match=message):
        PdfFile(pdf(letter(), extra=extra))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty|does not end"),
        (b"endobj", "is empty"),
        (b"(no end", "does not end"),
        (b"12 13", "does not end"),
        (b"<</Length 3>>\nstream\nabcdef\nendstream", "length is wrong"),
        (b"<</Length -1>>\nstream\nabc\nendstream", "without its length"),
        (b"<<>>\nstream\nabc\nendstream", "without its length"),
        (b"<</Length 3>>\nstream abc\nendstream", "without its length"),
        (b"<</Length 4 0 R>>\nstream\nabc\nendstream", "contains itself"),
    ],
)
def test_objects_that_are_not_sound(body: bytes, message: str) -> None:
    opened = PdfFile(pdf({**letter(), 4: body}))
    with pytest.raises(Damaged, match=message):
        opened.get(4)
    # What was asked for in vain can be asked for again.
    with pytest.raises(Damaged, match=message):
        opened.get(4)


def test_references() -> None:
    bodies = {6: b"7 0 R", 7: b"(text)", 8: b"9 0 R", 9: b"8 0 R", 10: b"7", 11: b"[7 0 R 1]"}
    opened = PdfFile(pdf({**letter(), **bodies}))
    assert opened.resolve(Ref(6)) == b"text"
    assert opened.resolve(Ref(99)) is None
    with pytest.raises(Damaged, match="in circles"):
        opened.resolve(Ref(8))
    assert (opened.int(Ref(10)), opened.int(Ref(7), 5), opened.int(None)) == (7, 5, 0)
    assert opened.array(Ref(11)) == [Ref(7), 1]
    assert (opened.array(Ref(10)), opened.dict(Ref(10))) == ([], {})
    assert opened.dict(Ref(4))[b"Length"] == 42
    assert (opened.kids(None), opened.kids(Ref(11)), opened.kids(Ref(7))) == (
        [],
        [Ref(7), 1],
        [Ref(7)],
    )
    assert sorted(num for num, row in opened.xref.items() if row[0] >= 0) == list(range(1, 12))


def with_object_stream(
    head: bytes, entries: bytes, index: int = 0, packed: bytes = b"(packed) 3"
) -> PdfFile:
    """A letter whose object 9 is said to be in object stream 8, at an index."""
    text = head + packed
    body = b"<</Type/ObjStm%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(text), text)
    opened = PdfFile(pdf({**letter(), 8: body}))
    opened.xref[9] = (8, index, True)
    return opened


def test_an_object_in_an_object_stream() -> None:
    assert with_object_stream(b"9 0 7 9 ", b"/N 2/First 8").get(9) == b"packed"
    assert with_object_stream(b"7 0 9 9 ", b"/N 2/First 8", 1).get(9) == 3


@pytest.mark.parametrize(
    ("head", "entries", "index"),
    [
        (b"7 0 5 9 ", b"/N 2/First 8", 0),  # another number
        (b"9 0 7 9 ", b"/N 2/First 8", 1),
        (b"9 0 7 9 ", b"/N 2/First 8", 2),  # beyond
        (b"9 0 7 9 ", b"/N 3/First 8", 0),
        (b"9 0 7 9 ", b"/N -1/First 8", 0),
        (b"9 0 7 9 ", b"/N 2", 0),
        (b"9 0 x 9 ", b"/N 2/First 8", 0),
        (b"9 9 7 8 ", b"/N 2/First 16", 0),  # a word, or nothing
    ],
)
def test_an_object_stream_that_is_not_sound(head: bytes, entries: bytes, index: int) -> None:
    with pytest.raises(Damaged):
        with_object_stream(head, entries, index).get(9)


def test_an_object_stream_that_holds_a_bare_word() -> None:
    with pytest.raises(Damaged, match="object 9 is empty"):
        with_object_stream(b"9 0 ", b"/N 1/First 4", packed=b"endobj").get(9)


def test_an_object_stream_is_one_and_in_none() -> None:
    opened = with_object_stream(b"9 0 7 9 ", b"/N 2/First 8")
    for place in (5, 77, 9):
        opened.xref[9] = (place, 0, True)
        with pytest.raises(Damaged, match="object stream is missing"):
            opened.get(9)
    opened.xref[10] = (8, 0, True)
    opened.xref[9] = (10, 0, True)
    with pytest.raises(Damaged, match="object stream is missing"):
        opened.get(9)


def test_filters_that_are_references() -> None:
    body = b"<</Filter 7 0 R/DecodeParms 10 0 R/Length 6>>\nstream\n616263\nendstream"
    bodies = {6: body, 7: b"[8 0 R]", 8: b"/AHx", 10: b"[null]"}
    opened = PdfFile(pdf({**letter(), **bodies}))
    found = opened.get(6)
    assert type(found) is Stream
    assert opened.decode(found, 6) == b"abc"


def test_the_kind_of_the_newest_section_counts() -> None:
    old = pdf(letter(), section=with_stream(6))
    assert not PdfFile(pdf({4: contents("Dose: 5 mg")}, old)).uses_stream
    old = pdf(letter())
    assert PdfFile(pdf({4: contents("Dose: 5 mg")}, old, with_stream(7))).uses_stream
    assert PdfFile(old).sections == 1


def test_the_newest_of_several_versions_is_read() -> None:
    first = pdf({**letter("Dose: 10 mg"), 6: b"(old)", 7: b"(kept)"})
    second = pdf({4: contents("Dose: 5 mg"), 6: b"(new)"}, first)
    opened = PdfFile(second)
    assert (opened.get(6), opened.get(7), opened.sections) == (b"new", b"kept", 2)
    # The same, with the update given apart.
    apart = PdfFile(second[len(first) :], base=PdfFile(first))
    assert (apart.get(6), apart.get(7), apart.sections) == (b"new", b"kept", 2)
    assert apart.version == (1, 5)
    assert apart.catalog[b"Type"] == Name(b"Catalog")
