"""Letters that are legal, or readable, and yet unlike those of the usual programs."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from pypdf import PdfReader

from handouts.attach import Check, JoinOptions, PacketPart, catalog, envelope, inspect, join, packet
from handouts.attach.reading.objects import Ref
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import page_labels
from handouts.attach.refusals import Reason, Refused
from tests.attach.reading.by_hand import Section, letter, pdf, table, with_stream

Sample = Callable[[str], bytes]

FULL = JoinOptions(check=Check.FULL)
ITEM = b"<</Title(%s)/Parent 6 0 R/Dest[3 0 R/Fit]%s>>"


def odd(catalog: bytes, **objects: bytes) -> bytes:
    """A letter whose catalog holds more; ``_7`` and so on are further objects."""
    more = {int(name[1:]): body for name, body in objects.items()}
    return pdf({**letter(), 1: b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, **more})


LABELS = {
    "in branches": odd(
        b"/PageLabels 6 0 R", _6=b"<</Kids[7 0 R]>>", _7=b"<</Limits[0 0]/Nums[0<</S/r>>]>>"
    ),
    "beyond the last page": odd(b"/PageLabels 6 0 R", _6=b"<</Nums[0<</S/r>>7<</P(x)>>]>>"),
    "in the catalog": odd(b"/PageLabels<</Nums[0<</S/r>>]>>"),
}


@pytest.mark.parametrize("kind", LABELS)
def test_page_labels_of_any_form_stay(kind: str, sample: Sample) -> None:
    data = join(LABELS[kind], sample("handout_weasyprint"), FULL).data
    with pikepdf.open(io.BytesIO(data)) as joined:
        assert [str(page.label) for page in joined.pages] == ["i", "Handout 1", "Handout 2"]


def test_a_lost_page_label_is_noticed(monkeypatch: pytest.MonkeyPatch, sample: Sample) -> None:
    real = page_labels
    monkeypatch.setattr(catalog, "page_labels", lambda pdf, count: real(pdf, count)[1:])
    with pytest.raises(Refused, match="page labels"):
        join(LABELS["in branches"], sample("handout_weasyprint"), FULL)


OUTLINES = {
    "direct root": odd(
        b"/Outlines<</First 7 0 R/Last 8 0 R/Count 2>>",
        _7=ITEM % (b"A", b"/Next 8 0 R"),
        _8=ITEM % (b"B", b"/Prev 7 0 R"),
    ),
    "two that follow each other": odd(
        b"/Outlines 6 0 R",
        _6=b"<</First 7 0 R/Last 8 0 R/Count 2>>",
        _7=ITEM % (b"A", b"/Next 8 0 R"),
        _8=ITEM % (b"B", b"/Next 7 0 R"),
    ),
    "an item that holds itself": odd(
        b"/Outlines 6 0 R",
        _6=b"<</First 7 0 R/Last 8 0 R>>",
        _7=ITEM % (b"A", b"/First 7 0 R/Last 7 0 R/Next 8 0 R"),
        _8=ITEM % (b"B", b""),
    ),
    "a root that is its own last": odd(
        b"/Outlines 6 0 R",
        _6=b"<</First 7 0 R/Last 6 0 R/Count 2>>",
        _7=ITEM % (b"A", b"/Next 8 0 R"),
        _8=ITEM % (b"B", b""),
    ),
    "a first that is no object": odd(
        b"/Outlines 6 0 R",
        _6=b"<</First %s/Last 7 0 R/Count 2>>" % (ITEM % (b"A", b"/Next 7 0 R")),
        _7=ITEM % (b"B", b""),
    ),
    "a next that is no object": odd(
        b"/Outlines 6 0 R",
        _6=b"<</First 7 0 R/Last 7 0 R/Count 2>>",
        _7=ITEM % (b"A", b"/Next" + ITEM % (b"B", b"")),
    ),
}


@pytest.mark.parametrize("kind", OUTLINES)
def test_bookmarks_of_any_form_stay(kind: str, sample: Sample) -> None:
    handout = sample("four_page_handout")
    counts = join(OUTLINES[kind], handout, FULL).counts
    assert counts.bookmarks == 2 + join(LABELS["in branches"], handout, FULL).counts.bookmarks - 1
    assert packet([PacketPart(OUTLINES[kind], "One")]).counts.bookmarks == 3
    titled = packet([PacketPart(OUTLINES[kind], "A")])
    with pikepdf.open(io.BytesIO(titled.data)) as pdf, pdf.open_outline() as outline:
        kept = {item.title for top in outline.root for item in (top, *top.children)}
    assert kept == {"A", "B"}
    assert titled.counts.bookmarks == (3 if "first" in kind else 2)


@pytest.mark.parametrize("entries", [b"/First 6 0 R/Last 6 0 R/Count 1", b"/Last 6 0 R/Count 0"])
def test_an_outline_that_leads_only_to_itself_has_no_bookmarks(
    entries: bytes, sample: Sample
) -> None:
    empty = odd(b"/Outlines 6 0 R", _6=b"<<%s>>" % entries)
    handout = sample("four_page_handout")
    plain = join(odd(b""), handout, FULL)
    assert join(empty, handout, FULL).counts.bookmarks == plain.counts.bookmarks
    assert join(handout, empty, FULL).counts == join(handout, odd(b""), FULL).counts


@pytest.mark.parametrize("depth", [101, 5_000])
def test_bookmarks_of_any_depth_stay(depth: int) -> None:
    below = b"/First %d 0 R/Last %d 0 R"
    kids = {
        f"_{7 + level}": ITEM % (b"%d" % level, below % (8 + level, 8 + level))
        for level in range(depth - 1)
    }
    kids[f"_{6 + depth}"] = ITEM % (b"last", b"")
    deep = odd(b"/Outlines 6 0 R", _6=b"<</First 7 0 R/Last 7 0 R/Count 1>>", **kids)
    assert join(deep, pdf(letter()), FULL).counts.bookmarks == depth + 1
    assert packet([PacketPart(deep)]).counts.bookmarks == depth + 1


BROKEN = {
    "flate": b"<</Length 5/Filter/FlateDecode>>\nstream\nabcde\nendstream",
    "lzw": b"<</Length 5/Filter/LZWDecode>>\nstream\n\xff\xff\xff\xff\xff\nendstream",
    "ascii85": b"<</Length 5/Filter/ASCII85Decode>>\nstream\nzz\x80zz\nendstream",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_content_that_does_not_decode_is_kept_as_it_is(kind: str, sample: Sample) -> None:
    """A viewer shows the other pages, and of this one what it can."""
    objects = {
        **letter(),
        2: b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
        6: letter()[3].replace(b"/Contents 4 0 R", b"/Contents 7 0 R"),
        7: BROKEN[kind],
    }
    data = pdf(objects)
    result = join(data, sample("handout_weasyprint"), FULL)
    assert result.data.startswith(data)
    assert join(sample("weasyprint"), data, FULL).counts.pages == 4


SPARSE = {
    "numbers": pdf({**letter(), 8_388_606: b"(x)"}, size=8_388_607),
    "size": pdf(letter(), size=1 << 31),
}


@pytest.mark.parametrize("kind", SPARSE)
def test_objects_whose_numbers_leave_no_room_are_numbered_anew(kind: str, sample: Sample) -> None:
    handout = sample("handout_weasyprint")
    result = join(SPARSE[kind], handout, FULL)
    assert (result.rewritten, result.counts.pages) == (True, 3)
    assert join(handout, SPARSE[kind], FULL).counts.pages == 3
    with pytest.raises(Refused) as caught:
        envelope(handout, SPARSE[kind])
    assert (caught.value.reason, caught.value.what) == (Reason.DAMAGED, "the handout")


def test_a_page_that_no_rewriting_can_read_is_damage_and_no_lack_of_pages(sample: Sample) -> None:
    data = pdf({**letter(), 3: letter()[3].replace(b"/Contents", b"/X %d/Contents" % 10**22)})
    assert join(data, sample("handout_weasyprint"), FULL).counts.pages == 3
    with pytest.raises(Refused) as caught:
        join(data, sample("handout_weasyprint"), JoinOptions(without_history=True))
    assert caught.value.reason is Reason.DAMAGED


def test_keys_that_no_tree_lists_are_not_used_again(sample: Sample) -> None:
    data = odd(
        b"/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>",
        _3=letter()[3].replace(b"/Contents", b"/StructParents 0/Contents"),
        _4=b"<</Length 45>>\nstream\n/P <</MCID 0>> BDC BT /F1 9 Tf (A) Tj ET EMC \nendstream",
        _6=b"<</Type/StructTreeRoot/K<</S/P/P 6 0 R/Pg 3 0 R/K 0>>>>",
    )
    parts = [PacketPart(data), PacketPart(sample("handout_weasyprint")), PacketPart(data)]
    assert packet(parts).counts.unresolved == 2


def test_an_empty_array_in_the_place_of_a_dictionary_is_nothing(sample: Sample) -> None:
    assert join(odd(b"/MarkInfo[]/AcroForm[]"), sample("rich_handout"), FULL).counts.fields


@pytest.mark.parametrize("handout", ["rich_handout", "handout_weasyprint"])
@pytest.mark.parametrize("without_history", [False, True])
def test_a_field_may_be_written_with_an_empty_stream(
    handout: str, without_history: bool, sample: Sample
) -> None:
    """As jsPDF writes each field, and the form."""
    empty = b"/Length 0>>\nstream\n\nendstream"
    field = b"<</FT/Tx/T(name)/V(Pat Sample)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]" + empty
    page = letter()[3].replace(b"/Contents", b"/Annots[7 0 R]/Contents")
    root = b"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>"
    form = b"<</Fields[7 0 R]" + empty
    data = pdf({**letter(), 1: root, 3: page, 6: form, 7: field})
    assert inspect(data).form_fields == 1
    for result in (
        join(data, sample(handout), JoinOptions(check=Check.FULL, without_history=without_history)),
        join(sample(handout), data, FULL),
    ):
        assert (PdfReader(io.BytesIO(result.data)).get_fields() or {})["name"]["/V"] == "Pat Sample"


def test_tags_may_stand_beside_what_is_none(sample: Sample) -> None:
    data = odd(
        b"/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>",
        _6=b"<</Type/StructTreeRoot/K[99 0 R null 5 7 0 R (x)]>>",
        _7=b"<</S/P/P 6 0 R/Pg 3 0 R/Alt(Dose)>>",
    )
    assert join(data, sample("handout_weasyprint"), FULL).counts.pages == 3


@pytest.mark.parametrize("section", [table, with_stream(9)], ids=["table", "stream"])
def test_what_the_trailer_says_of_the_file_is_kept(section: Section, sample: Sample) -> None:
    extra = b"/DocChecksum/00FF/AdditionalStreams[/application#2Fx 4 0 R]"
    data = pdf(letter(), section=section, size=10, extra=extra)
    trailer = PdfFile(join(data, sample("handout_weasyprint"), FULL).data).trailer
    assert trailer[b"DocChecksum"] == b"00FF"
    assert trailer[b"AdditionalStreams"] == [b"application/x", Ref(4)]
    assert (trailer[b"Root"], trailer.get(b"XRefStm")) == (Ref(1), None)


def test_what_refers_to_nothing_does_not_come_to_refer_to_the_handout(sample: Sample) -> None:
    packed = b"7 0 <</Thumb 9 0 R>>"
    entries = b"/Thumb 10 0 R/PZ\n40\r\n0\tR/PieceInfo 7 0 R/Contents"
    objects = {
        **letter(),
        3: letter()[3].replace(b"/Contents", entries),
        8: b"<</Type/ObjStm/N 1/First 4/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed),
    }
    data = pdf(objects, section=with_stream(6, packed={7: 8}))
    joined = PdfFile(join(data, sample("handout_weasyprint"), FULL).data)
    page = joined.dict(Ref(3))
    nothing = [page[b"Thumb"], page[b"PZ"], joined.dict(page[b"PieceInfo"])[b"Thumb"]]
    assert [joined.resolve(value) for value in nothing] == [None] * 3
