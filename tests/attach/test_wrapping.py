"""Pages without tags are heard: what they say, and what they are where they say nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handouts.attach import (
    Check,
    JoinOptions,
    JoinResult,
    PacketPart,
    PacketResult,
    join,
    packet,
)
from handouts.attach.claims import joint_claims
from handouts.attach.transcript import transcribe
from tests.attach.reading.by_hand import letter, pdf

Sample = Callable[[str], bytes]

FULL = JoinOptions(check=Check.FULL)
TEXT = b"BT /F1 9 Tf (%s) Tj ET "
SILENT = "marks some of its text as decoration"


def page(content: bytes, resources: bytes = b"", catalog: bytes = b"", **objects: bytes) -> bytes:
    """A letter of one page with this content; ``_6`` and so on are further objects."""
    own = {
        **letter(),
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<<%s>>>>"
        % (resources or b"/Font<</F1 5 0 R>>"),
        4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        **{int(name[1:]): body for name, body in objects.items()},
    }
    own[1] = own[1].replace(b"/Pages", catalog + b"/Pages")
    return pdf(own)


def heard(data: bytes) -> list[str]:
    return [line.strip() for line in transcribe(data).lines]


def joined(data: bytes, sample: Sample) -> tuple[JoinResult | PacketResult, ...]:
    """A file as a letter, as a handout, and in a packet."""
    return (
        join(data, sample("handout_weasyprint"), FULL),
        join(sample("weasyprint"), data, FULL),
        packet([PacketPart(data, "A form")]),
    )


MARKED = b"".join(
    [
        b"/Artifact BMC 0 0 9 9 re f EMC /H1 <</MCID 3>> BDC " + TEXT % b"First. " + b"EMC ",
        b"/P /Left BDC " + TEXT % b"Second. " + b"EMC /P <</MCID 0>> BDC ",
        TEXT % b"Third." + b"EMC ",
    ]
)
LEFT = b"/Font<</F1 5 0 R>>/Properties<</Left<</MCID 7>>/Odd<</MCID -1>>>>"


def test_text_under_left_over_marks_is_heard_in_its_order(sample: Sample) -> None:
    data = page(MARKED, LEFT)
    for result in joined(data, sample):
        assert "P: First. Second. Third." in heard(result.data)
        assert result.counts.unresolved == 0
        assert not any(SILENT in note for note in result.notes)


BARE = TEXT % b"No mark."
LAYER = b"/OC /Layer BDC " + BARE + b"EMC "
MIXED = "in another order"


@pytest.mark.parametrize(
    ("content", "is_mixed"),
    [
        (BARE + MARKED, False),
        (MARKED, False),
        (MARKED + b"/Artifact BMC " + BARE + b"EMC", False),
        (MARKED + b"/Artifact <<>> BDC " + BARE + b"EMC", False),
        (b"/Artifact BMC EMC EMC " + BARE + MARKED, False),
        (MARKED + BARE, True),
        (MARKED + LAYER, True),
        (b"/OC /Layer BDC " + MARKED + b"EMC " + BARE, True),
        (MARKED + b"/Span BMC " + BARE + b"EMC", True),
    ],
)
def test_another_order_beside_left_over_marks_is_told(content: bytes, is_mixed: bool) -> None:
    result = packet([PacketPart(page(content, LEFT), "A form")])
    assert any(MIXED in note for note in result.notes) is is_mixed


def test_text_in_left_over_artifacts_is_not_heard_and_said_so() -> None:
    data = page(MARKED + b"/Artifact <</Type/Pagination>> BDC " + TEXT % b"Page 1" + b" EMC")
    result = packet([PacketPart(data, "A form")])
    assert not any("Page 1" in line for line in heard(result.data))
    assert [note for note in result.notes if SILENT in note] == [
        "“A form” marks some of its text as decoration, such as page numbers; "
        "a screen reader passes over it."
    ]


def test_text_under_marks_left_over_in_a_form_is_heard_once(sample: Sample) -> None:
    text = b"/P <</MCID 0>> BDC " + TEXT % b"On paper." + b"EMC"
    form = b"<</Subtype/Form/StructParents 5/Resources<</Font<</F1 5 0 R>>>>/BBox[0 0 9 9]/Length "
    body = form + b"%d>>\nstream\n%s\nendstream" % (len(text), text)
    both = b"/Font<</F1 5 0 R>>/XObject<</F 6 0 R/Again 6 0 R>>"
    data = page(text.replace(b"On paper", b"Above") + b" /F Do", both, _6=body)
    for result in joined(data, sample):
        assert "P: Above.On paper." in heard(result.data)
        assert any(MIXED in note for note in result.notes)
        assert result.counts.unresolved == 0


PICTURE = b"/W 2/H 2/BPC 8/CS/G"
FORM = b"<</Subtype/Form/BBox[0 0 9 9]%s/Length 5>>\nstream\n/I Do\nendstream"
IMAGE = b"<</Subtype/Image/Width 1/Height 1/Length 1>>\nstream\n0\nendstream"
INLINE = b"<</Subtype/Form/BBox[0 0 9 9]/Length %d>>\nstream\nBI %s ID abcd EI\nendstream" % (
    14 + len(PICTURE),
    PICTURE,
)


@pytest.mark.parametrize(
    ("content", "objects", "is_scan"),
    [
        (b"/F Do", {"_6": FORM % b"/Resources<</XObject<</I 7 0 R>>>>", "_7": IMAGE}, True),
        (b"/F Do", {"_6": FORM % b"/Resources<</XObject<</F 6 0 R>>>>"}, False),
        (
            b"/F Do",
            {"_6": FORM % b"/Resources<</XObject<</I 7 0 R>>/Font<</F1 5 0 R>>>>", "_7": IMAGE},
            False,
        ),
        (b"q BI " + PICTURE + b" ID abcd EI Q", {"_6": IMAGE.replace(b"Image", b"PS")}, True),
        (b"/F Do", {"_6": INLINE}, True),
        (b"0 0 9 9 re", {"_6": FORM % b""}, False),
    ],
    ids=["in a form", "a form in itself", "beside text", "inline", "inline in a form", "nothing"],
)
def test_a_scan_is_a_picture_wherever_it_stands(
    content: bytes, objects: dict[str, bytes], is_scan: bool, sample: Sample
) -> None:
    data = page(content, b"/XObject<</F 6 0 R>>", **objects)
    result = join(sample("handout_weasyprint"), data, FULL)
    assert ("alt “Scanned page 1 of 1”" in "\n".join(heard(result.data))) is is_scan
    assert result.handout.scanned_pages == is_scan


CURVES = b"q 9 9 m 9 12 12 12 12 9 c f Q"
TAGS = b"/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>"
ROOT = b"<</Type/StructTreeRoot/K<</S/Document/P 6 0 R/K<</S/P/Pg 3 0 R/K 0%s>>>>>>"
SILENT_LETTER = "a screen reader says nothing of it."


@pytest.mark.parametrize(
    ("content", "form", "is_drawing"),
    [
        (CURVES, b"", True),
        (b"/F Do", CURVES, True),
        (b"/F Do", TEXT % b"Dose", False),
        (b"/Span <</ActualText(Dose)>> BDC " + CURVES + b" EMC", b"", False),
        (b"BT /F1 9 Tf 9 Tr 9 9 Td (it's) ' ET " + CURVES, b"", False),
    ],
    ids=["curves", "curves in a form", "text in a form", "a text for them", "beside text"],
)
def test_a_page_whose_letters_are_curves_is_a_picture(
    content: bytes, form: bytes, is_drawing: bool, sample: Sample
) -> None:
    body = b"<</Subtype/Form/BBox[0 0 99 99]/Length %d>>\nstream\n%s\nendstream"
    both = b"/Font<</F1 5 0 R>>/XObject<</F 6 0 R>>"
    data = page(content, both, _6=body % (len(form), form))
    for result in joined(data, sample):
        said = "alt “Drawing on page 1 of 1, without text”"
        assert (said in "\n".join(heard(result.data))) is is_drawing


@pytest.mark.parametrize(("entry", "is_silent"), [(b"", True), (b"/Alt(Dose: 10 mg)", False)])
def test_tags_without_a_word_are_said_to_be_so_and_claim_nothing(
    entry: bytes, is_silent: bool, sample: Sample
) -> None:
    claim = b'<x xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
    data = page(
        b"/P <</MCID 0>> BDC " + CURVES + b" EMC",
        catalog=TAGS + b"/Metadata 7 0 R",
        _6=ROOT % entry,
        _7=b"<</Type/Metadata/Length %d>>\nstream\n%s\nendstream" % (len(claim), claim),
    )
    for result in joined(data, sample):
        assert any(SILENT_LETTER in note for note in result.notes) is is_silent
    reports = join(data, sample("handout_weasyprint"))
    assert joint_claims(reports.letter, reports.handout).pdf_ua == (not is_silent)
    assert joint_claims(reports.handout, reports.letter).pdf_ua == (not is_silent)


SCAN = page(b"/I Do", b"/XObject<</I 6 0 R>>", _6=IMAGE)
GERMAN = page(b"/I Do", b"/XObject<</I 6 0 R>>", b"/Lang(de-DE)", _6=IMAGE)
SAID = "Figure, language en, alt “Scanned page 1 of 1”"


def test_the_words_for_a_scan_are_in_their_own_language(sample: Sample) -> None:
    lines = heard(join(GERMAN, sample("handout_weasyprint"), FULL).data)
    assert lines[1] == "language: de-DE"
    assert SAID in lines


def test_the_words_for_a_scan_tell_nothing_of_the_language_of_the_rest(sample: Sample) -> None:
    first = join(SCAN, page(TEXT % b"Dose")).data
    assert "language: none" in heard(first)
    lines = heard(join(first, sample("handout_weasyprint")).data)
    assert lines[1:5] == ["language: en", "Document", "Document, language unknown", SAID]


def test_text_of_an_unknown_language_is_said_to_be_so(sample: Sample) -> None:
    result = join(page(TEXT % b"Dose"), sample("handout_weasyprint"), FULL)
    lines = heard(result.data)
    at = lines.index("Document, language unknown")
    assert lines[1:at] == ["language: en", "Document"]
    assert lines[at + 1] == "P: Dose"
