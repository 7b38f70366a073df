"""Several files in one: contents page, bookmarks, labels and one structure tree."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Name

from handouts.attach import (
    Limits,
    PacketOptions,
    PacketPart,
    PacketResult,
    Reason,
    Refused,
    appending,
    catalog,
    guard,
    join,
    joined_tree,
    packet,
)
from handouts.attach.contents_page import ContentsPage
from handouts.library.brand import load_brand
from handouts.workspace import open_workspace
from tests.attach.reading.by_hand import letter
from tests.attach.reading.by_hand import pdf as pdf_of

Sample = Callable[[str], bytes]


@pytest.fixture
def parts(sample: Sample) -> list[PacketPart]:
    names = ("typst_ua", "handout_weasyprint", "rich_handout")
    return [PacketPart(sample(name)) for name in names]


@pytest.fixture
def contents(sample: Sample) -> bytes:
    """A contents page: the letter by one producer, its web link led to the second part."""
    with pikepdf.open(io.BytesIO(sample("weasyprint"))) as pdf:
        annotation: Any
        for annotation in pdf.pages[0]["/Annots"]:
            if "/A" in annotation and "/URI" in annotation.A:
                annotation.A.URI = pikepdf.String("packet:2")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_one_tree_and_the_claims_of_all(
    parts: list[PacketPart], failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    result = packet(parts, options=PacketOptions(title="For Pat & others", language="en-GB"))
    assert result.pdf_ua == 1
    assert not failing_rules(result.data, "PDF_UA_1")
    assert result.first_pages == (1, 3, 5)
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        assert [kid.S for kid in pdf.Root.StructTreeRoot.K.K] == [Name.Document] * 3
        assert str(pdf.docinfo.Title) == "For Pat & others"
        with pdf.open_outline() as outline:
            assert len(outline.root) == 3


def test_two_archival_parts_make_an_archival_packet(
    sample: Sample, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    archival = [PacketPart(sample("typst_archival")), PacketPart(sample("handout_archival"))]
    assert not failing_rules(packet(archival).data, "PDF_A_2A")
    both = packet([PacketPart(sample("handout_both"))] * 2)
    assert not failing_rules(both.data, "PDF_A_2A")
    assert not failing_rules(both.data, "PDF_UA_1")


def test_the_contents_page_comes_first_and_leads_to_the_parts(
    parts: list[PacketPart], contents: bytes, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    result = packet(parts, contents)
    assert result.first_pages == (3, 5, 7)
    assert not failing_rules(result.data, "PDF_UA_1")
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        links: list[Any] = list(pdf.pages[0]["/Annots"])
        targets = [a.Dest[0].objgen for a in links if "/Dest" in a]
        assert pdf.pages[4].objgen in targets
        assert not any("packet:" in str(a.get("/A", "")) for a in links)


def test_a_contents_page_that_names_no_part_is_refused(
    parts: list[PacketPart], contents: bytes
) -> None:
    with pytest.raises(Refused) as caught:
        packet(parts[:1], contents)
    assert "no part 2" in str(caught.value)


def test_untagged_and_scanned_parts_are_wrapped_and_said(sample: Sample) -> None:
    result = packet([PacketPart(sample("handout_typst")), PacketPart(sample("scanner"), "A scan")])
    assert result.pdf_ua == 0
    assert any(note.startswith("Part 2 has no tags") for note in result.notes)
    assert result.counts.unresolved == 0


def test_a_part_that_cannot_be_used_is_named(sample: Sample) -> None:
    with pytest.raises(Refused) as caught:
        packet([PacketPart(sample("handout_typst")), PacketPart(sample("signed"))])
    assert caught.value.reason is Reason.SIGNED
    assert str(caught.value).startswith("Part 2 ")
    with pytest.raises(Refused) as caught:
        packet([])
    assert caught.value.reason is Reason.EMPTY


@pytest.mark.parametrize("lose", ["rows", "bookmark"])
def test_a_packet_that_lost_something_is_refused(
    lose: str, monkeypatch: pytest.MonkeyPatch, parts: list[PacketPart]
) -> None:
    if lose == "rows":
        monkeypatch.setattr(joined_tree.JoinedTree, "add_parents", lambda *_: None)
    else:
        real = catalog.join_outlines
        monkeypatch.setattr(appending, "join_outlines", lambda *given: real(*given) + 1)
    with pytest.raises(Refused) as caught:
        packet(parts)
    assert caught.value.reason is Reason.CHECK_FAILED
    assert ("unresolved: 96 for 0" if lose == "rows" else "bookmarks: ") in caught.value.detail


# --- Printed ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> ContentsPage:
    """What makes a packet's own pages."""
    brand = load_brand(open_workspace(None, tmp_path_factory.mktemp("none")), "juniper", "en")
    terms = {
        "packet_title": "Your handouts",
        "page": "Page",
        "packet_part": "Part {number}",
        "packet_blank": "This page is blank on purpose.",
        "packet_page": "Packet page {page} of {pages}",
    }
    return ContentsPage(brand, "en", terms, (612, 792), date(2026, 1, 31))


def texts(data: bytes) -> list[str]:
    """What another reader sees on each page."""
    document = pdfium.PdfDocument(data)
    found = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return found


def bound(own: ContentsPage, parts: list[PacketPart]) -> PacketResult:
    counts = [len(pdfium.PdfDocument(part.data)) for part in parts]
    contents = own.render(parts, counts)
    numbers = own.numbers(own.total(contents, counts))
    options = PacketOptions("Your handouts", "en", "Your handouts", own.blank(), numbers)
    return packet(parts, contents, options)


def test_each_part_begins_on_the_front_of_a_sheet(
    own: ContentsPage, sample: Sample, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    odd = sample("three_page_letter")
    result = bound(own, [PacketPart(odd, "One"), PacketPart(odd, "Two"), PacketPart(odd, "Three")])
    assert result.first_pages == (3, 7, 11)
    assert result.counts.pages == 13
    assert result.pdf_ua == 1
    assert not failing_rules(result.data, "PDF_UA_1")
    shown = texts(result.data)
    blank = [number for number, text in enumerate(shown, 1) if "blank on purpose" in text]
    assert blank == [2, 6, 10]
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        preferences = pdf.Root.ViewerPreferences
        assert preferences.Duplex == Name.DuplexFlipLongEdge
        assert [str(page.label) for page in pdf.pages] == [str(n) for n in range(1, 14)]
        for number in blank:
            page = pdf.pages[number - 1]
            operators = [str(item.operator) for item in pikepdf.parse_content_stream(page)]
            assert "BDC" not in operators
            assert "/StructParents" not in page


def test_each_page_bears_its_number_in_the_packet(own: ContentsPage, sample: Sample) -> None:
    """On turned pages as well, and never over what is there."""
    turned = [PacketPart(sample("scanner"), "A scan"), PacketPart(sample("weasyprint"), "B")]
    result = bound(own, turned)
    for number, text in enumerate(texts(result.data), 1):
        assert text.strip().endswith(f"Packet page {number} of 6")
    document = pdfium.PdfDocument(result.data)
    for page in document:  # in the corner on the right, as it is seen
        width, height = page.get_size()
        foot = page.render(crop=(width - 180, 5, 20, height - 25), grayscale=True)
        assert min(bytes(foot.buffer)) < 128
    document.close()


@pytest.mark.parametrize("entry", [b"/Rotate 90.0", b"/Rotate 45", b"/UserUnit(1)"])
def test_a_page_bears_its_number_however_it_says_that_it_is_turned(
    own: ContentsPage, entry: bytes
) -> None:
    odd = letter()[3].replace(b"[0 0 300 200]", b"[0 0 612 612]" + entry)
    result = bound(own, [PacketPart(pdf_of({**letter(), 3: odd}), "Odd")])
    assert "Packet page 3 of 3" in texts(result.data)[2]


def test_a_number_is_put_only_where_nothing_is(own: ContentsPage) -> None:
    def filled(box: bytes) -> PacketPart:
        paint = b"%s re f" % box
        data = b"<</Length %d>>\nstream\n%s\nendstream" % (len(paint), paint)
        letter_page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>"
        return PacketPart(pdf_of({**letter(), 3: letter_page, 4: data}), "A picture")

    foot, whole = filled(b"0 0 612 40"), filled(b"0 0 612 792")
    result = bound(own, [foot, whole])
    assert "No place for the packet's page number on page 5." in result.notes
    seen = texts(result.data)
    assert ["Packet page" in text for text in seen] == [True, True, True, True, False]


_STAMP = b"/Annots[<</Type/Annot/Subtype/Stamp/Rect[0 0 612 40]/F %d/AP<</N 6 0 R>>>>]"
_LAYER = b"/Resources<</Properties<</L 7 0 R>>>>"


@pytest.mark.parametrize(
    ("entries", "content"),
    [(_STAMP % (4 | 32), b""), (_STAMP % 0, b""), (_LAYER, b"/OC/L BDC 0 0 612 40 re f EMC")],
    ids=["stamp on paper only", "stamp on a screen only", "layer on paper only"],
)
def test_a_number_is_put_neither_on_what_is_printed_nor_on_what_is_shown(
    own: ContentsPage, entries: bytes, content: bytes
) -> None:
    """12.5.3 NoView and Print; 8.11.4.4, as for headers that show when printing only."""
    listed = b"/OCProperties<</OCGs[7 0 R]/D<</OFF[7 0 R]/AS[%s%s]>>>>" % tuple(
        b"<</Event/%s/OCGs[7 0 R]/Category[/%s]>>" % (event, event) for event in (b"Print", b"View")
    )
    own_page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 40]/Contents 4 0 R%s>>" % entries
    parts = {
        1: letter()[1].replace(b"/Type/Catalog", b"/Type/Catalog" + listed),
        3: own_page,
        4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        6: b"<</Subtype/Form/BBox[0 0 9 9]/Length 12>>\nstream\n0 0 9 9 re f\nendstream",
        7: b"<</Type/OCG/Name(L)/Usage<</Print<</PrintState/ON>>/View<</ViewState/OFF>>>>>>",
    }
    result = bound(own, [PacketPart(pdf_of({**letter(), **parts}), "A page")])
    assert "No place for the packet's page number on page 3." in result.notes


def numbered(
    own: ContentsPage,
    page: bytes,
    catalog: bytes = b"",
    field: bytes = b"",
    within: tuple[float, float, float, float] | None = None,
) -> bool:
    """Whether page 3 of a packet, a page with these entries, bears its number where it is seen."""
    objects = letter()
    objects[1] = objects[1].replace(b"/Type/Catalog", b"/Type/Catalog" + catalog)
    objects[3] = objects[3].replace(b"/MediaBox[0 0 300 200]", page)
    result = bound(own, [PacketPart(pdf_of({**objects, 6: field or b"null"}), "A page")])
    noted = "No place for the packet's page number on page 3." in result.notes
    document = pdfium.PdfDocument(result.data)
    number, page_text = "Packet page 3 of 3", document[2].get_textpage()
    seen = page_text.get_text_bounded(*(within or document[2].get_bbox()))
    document.close()
    assert (number in seen) is not noted
    return not noted


@pytest.mark.parametrize(
    ("boxes", "has_place"),
    [
        (b"/MediaBox[0 0 144 100]", False),
        (b"/MediaBox[0 0 300 20]", False),
        (b"/MediaBox[0 0 170 300]", True),
        (b"/MediaBox[0 0 612 792]/CropBox[0 -25 595 817]", True),
        (b"/MediaBox[0 0 612 792]/CropBox[99 99 199 199]", False),
        (b"/MediaBox[0 0 612 792]/CropBox[0 0 0 0]", True),
        (b"/MediaBox[0 0 300 300]/CropBox[400 400 700 700]", False),
    ],
)
def test_a_number_is_put_within_what_is_shown_of_a_page(
    own: ContentsPage, boxes: bytes, has_place: bool
) -> None:
    assert numbered(own, boxes) is has_place


@pytest.mark.parametrize("entry", [b"/V(12 January 1999, by A. Sample)", b""])
def test_no_number_is_put_on_a_field(own: ContentsPage, entry: bytes) -> None:
    """Not on an empty one either, nor on one that is to be drawn by the reader."""
    page = b"/MediaBox[0 0 612 792]/Annots[6 0 R]"
    form = b"/AcroForm<</Fields[6 0 R]/NeedAppearances true/DA(/F1 0 Tf 0 g)>>"
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(d)/F 4/DA(/F1 11 Tf 0 g)/Rect[%s]" + entry + b">>"
    )
    assert numbered(own, page, form, field % b"400 100 600 120")
    assert not numbered(own, page, form, field % b"0 0 612 792")
    assert not numbered(own, page, form, field % b"612 792.5 0.25 0")


KINDS = {
    "signature": b"/FT/Sig",
    "to read only": b"/FT/Tx/Ff 1",
    "push button": b"/FT/Btn/Ff 65536",
    "check box": b"/FT/Btn",
    "of no type": b"",
}


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("form", [b"", b"/AcroForm<</Fields[]>>", b"/AcroForm<</Fields[6 0 R]>>"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_number_is_put_on_a_field_of_any_kind_listed_or_not(
    own: ContentsPage, kind: str, form: bytes, turned: int
) -> None:
    """It goes to the head of a page, as it is seen, where the foot is a field."""
    page = b"/MediaBox[10 20 622 632]/Annots[6 0 R]/Rotate %d" % turned
    field = b"<</Type/Annot/Subtype/Widget/T(d)/F 4" + KINDS[kind] + b"/Rect[%d %d %d %d]>>"
    below, left, above, right = (
        (10, 20, 622, 60),
        (10, 20, 50, 632),
        (10, 592, 622, 632),
        (582, 20, 622, 632),
    )
    foot, head = {
        0: (below, above),
        90: (right, left),
        180: (above, below),
        270: (left, right),
    }[turned]
    assert not numbered(own, page, form, field % (622, 632, 10, 20))
    assert numbered(own, page, form, field % foot, within=head)


def test_no_number_is_put_below_a_white_box_over_the_page(own: ContentsPage) -> None:
    """As people lay one over an old foot line. A link draws nothing."""
    page = b"/MediaBox[0 0 612 792]/Annots[6 0 R]"
    box = b"<</Type/Annot/Subtype/%b/F 4/IC[1 1 1]/C[1 1 1]/Rect[0 0 612 60]>>"
    assert numbered(own, page, b"", box % b"Square", within=(0, 732, 612, 792))
    assert numbered(own, page, b"", box % b"Link", within=(0, 0, 612, 60))


STATES = {
    "balanced": (b"q BT /F1 9 Tf 20 700 Td (A q) Tj ET Q", True),
    "unclosed": (b"0.2 0 0 0.2 0 0 cm q 2 0 0 2 0 0 cm BT /F1 54 Tf 172 1300 Td (A Q) Tj", True),
    "unclosed marks": (b"/P <</MCID 0>> BDC q 3 0 0 3 0 0 cm %Q\n/Q BMC", True),
    "an inline image": (
        b"q 9 0 0 9 20 700 cm BI /W 1 /H 1 /BPC 8 /CS /G ID Q EI 7 0 0 7 0 0 cm",
        True,
    ),
    "one too many at the end": (b"q 1 0 0 1 9 9 cm Q Q", True),
    "a string that nothing closes": (b"q BT /F1 9 Tf 20 700 Td (A) Tj ET Q (abc", False),
    "an array that nothing closes": (b"q Q % [\n[1 2", False),
    "a picture that nothing ends": (b"q 9 0 0 9 20 700 cm BI /W 1 /H 1 /BPC 8 /CS /G ID Q", False),
    "a name and a remark": (b"q Q /F1 9 % (", True),
    "one too many before a change": (b"5 0 0 5 0 0 cm Q BT /F1 9 Tf 9 9 Td (A) Tj ET", False),
}


@pytest.mark.parametrize("state", STATES)
def test_a_number_stands_upright_behind_whatever_state_a_page_leaves(
    own: ContentsPage, state: str
) -> None:
    """On pages that state their unit as it is by default, too, as PDFKit writes them."""
    paint, numbered = STATES[state]
    unit = letter()[3].replace(b"[0 0 300 200]", b"[0 0 612 792]/UserUnit 1.0")
    data = b"<</Length %d>>\nstream\n%s\nendstream" % (len(paint), paint)
    result = bound(own, [PacketPart(pdf_of({**letter(), 3: unit, 4: data}), "A state")])
    assert any("No place" in note for note in result.notes) is not numbered
    document = pdfium.PdfDocument(result.data)
    text = document[2].get_textpage()
    if numbered:
        start = text.search("Packet page 3 of 3").get_next()
        assert start is not None
        left, bottom, _, top = text.get_charbox(start[0])
        assert top - bottom < 9
        assert (10 < bottom < 20, left > 400) == (True, True)
    else:
        assert "Packet" not in text.get_text_bounded()
    document.close()


def test_bookmarks_come_once(own: ContentsPage, sample: Sample) -> None:
    title = "About stimulation: a handout"
    with pikepdf.open(io.BytesIO(sample("handout_weasyprint"))) as pdf:
        with pdf.open_outline() as outline:
            first, *others = outline.root
            first.children += others
            del outline.root[1:]
        out = io.BytesIO()
        pdf.save(out)
    several = sample("handout_weasyprint")
    data = bound(own, [PacketPart(out.getvalue(), title), PacketPart(several, title)]).data
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        contents_page, one, many = outline.root
        assert (contents_page.title, contents_page.children) == ("Your handouts", [])
        assert [item.title for item in (one, *one.children)] == [title, "Findings", "Page 2"]
        assert [item.title for item in (many, *many.children)] == [title, "Findings", "Page 2"]


def test_how_the_parts_are_to_be_printed_stays(sample: Sample) -> None:
    def wishing(**wishes: Any) -> PacketPart:
        with pikepdf.open(io.BytesIO(sample("weasyprint"))) as pdf:
            pdf.Root.ViewerPreferences = pikepdf.Dictionary(**wishes)
            out = io.BytesIO()
            pdf.save(out)
        return PacketPart(out.getvalue())

    short = wishing(Duplex=Name.DuplexFlipShortEdge, PrintScaling=Name("/None"))
    blank = sample("pdf_14_table")
    for options, sides in (
        (PacketOptions(blank=blank), "/DuplexFlipShortEdge"),
        (PacketOptions(), "/Simplex"),
    ):
        result = packet([short, wishing()], options=options)
        with pikepdf.open(io.BytesIO(result.data)) as pdf:
            preferences = pdf.Root.ViewerPreferences
            assert (str(preferences.Duplex), str(preferences.PrintScaling)) == (sides, "/None")
        assert not any("short edge" in note for note in result.notes)
    mixed = [wishing(Duplex=Name.DuplexFlipLongEdge), short]
    (note,) = packet(mixed, options=PacketOptions(blank=blank)).notes
    assert note.startswith("Part 2 is made to be flipped on the short edge")
    for first, said in ((sample("pdf_14_table"), 1), (short.data, 0)):
        notes = join(first, short.data).notes
        assert sum("is made to be flipped on the short edge" in one for one in notes) == said


@pytest.mark.parametrize("reason", list(Reason))
def test_what_is_said_of_a_part_offers_only_what_packets_have(reason: Reason) -> None:
    text = str(Refused(reason, "part 2", "why")) + Refused(reason, "part 2").findings[0].remedy
    assert "letter" not in text
    assert "--" not in text


def test_the_guard_speaks_of_the_packet(sample: Sample) -> None:
    hasty = PacketOptions(limits=Limits(wall_seconds=0.001))
    with pytest.raises(Refused, match=r"^The packet took longer"):
        guard.packet([PacketPart(sample("weasyprint"))], options=hasty)
