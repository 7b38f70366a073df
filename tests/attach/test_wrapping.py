"""Pages without tags are heard: what they say, and what they are where they say nothing."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from handouts.attach import (
    Check,
    JoinOptions,
    JoinResult,
    PacketPart,
    PacketResult,
    inspect,
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
NAMED = b"/Left<</MCID 7>>/Odd<</MCID -1>>/Ten<</MCID 9/ActualText(ten)>>"
LEFT = b"/Font<</F1 5 0 R>>/Properties<<%s>>" % NAMED


def test_text_under_left_over_marks_is_heard_in_its_order(sample: Sample) -> None:
    data = page(MARKED, LEFT)
    for result in joined(data, sample):
        assert "P: First. Second. Third." in heard(result.data)
        assert result.counts.unresolved == 0
        assert not any(SILENT in note for note in result.notes)


BARE = TEXT % b"No mark. "
LAYER = b"/OC /Layer BDC " + BARE + b"EMC "
THREE = "First. Second. Third."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BARE + MARKED, f"No mark. {THREE}"),
        (MARKED + BARE, f"{THREE}No mark."),
        (MARKED + LAYER, f"{THREE}No mark."),
        (b"/OC /Layer BDC " + MARKED + b"EMC " + BARE, f"{THREE}No mark."),
        (b"/Span BMC " + MARKED + BARE, f"{THREE}No mark."),
        (b"EMC /Span BMC EMC EMC " + BARE + MARKED, f"No mark. {THREE}"),
        (MARKED + b"/Artifact BMC " + BARE + b"EMC", THREE),
        (b"BT (EMC \\) EMC EMC) Tj <EC> Tj ET % EMC\n" + BARE, "EMC ) EMC EMCìNo mark."),
        (b"BI /W 1/H 1/BPC 8/CS/G ID ( EMC EI EMC " + BARE, "No mark."),
        (b"BI /W 1/H 1/BPC 8/CS/G/F/AHx ID FF>EI " + BARE, "No mark."),
        (b"/P <</MCID 5/ActualText(ten)>> BDC (10) Tj EMC " + BARE, "tenNo mark."),
        (b"/P /Ten BDC (10) Tj EMC " + BARE, "tenNo mark."),
        (b"/P <</MCID 5/Odd>> BDC (1) Tj EMC " + BARE, "1No mark."),
        (b"BDC Tj Do EMC BMC EMC EMC (((a))) Tj " + BARE, "((a))No mark."),
    ],
)
def test_text_beside_left_over_marks_is_heard_in_the_order_of_the_page(
    content: bytes, words: str, sample: Sample
) -> None:
    for result in joined(page(b"/F1 9 Tf " + content, LEFT), sample):
        assert f"P: {words}" in heard(result.data)
        assert result.counts.unresolved == 0


@pytest.mark.parametrize("between", [b"", zlib.compress(b""), b"nonsense"])
def test_marks_go_from_content_in_parts_of_which_one_shows_nothing(
    between: bytes, sample: Sample
) -> None:
    """Where one does not decode, it stays at its place between the others."""
    is_bad = between == b"nonsense"
    at = MARKED.index(b"EMC /P" if is_bad else b"BDC")  # within a mark
    parts = (MARKED[:at], between, MARKED[at:] + BARE)
    body = b"<<%s/Length %d>>\nstream\n%s\nendstream"
    names = [b"", b"/Filter/FlateDecode", b""]
    objects = {
        f"_{number}": body % (name, len(part), part)
        for number, (name, part) in enumerate(zip(names, parts, strict=True), 6)
    }
    data = page(b"", LEFT, **objects).replace(b"/Contents 4 0 R", b"/Contents 9 0 R")
    data = pdf({9: b"[6 0 R 7 0 R 8 0 R]"}, before=data)
    for result in joined(data, sample):
        assert f"P: {THREE}No mark." in heard(result.data)
        assert result.counts.unresolved == 0
        assert not is_bad or between in result.data


@pytest.mark.parametrize(
    "content",
    [
        b"/Artifact <</Type/Pagination>> BDC " + TEXT % b"Page 1" + b" EMC",
        b"/Artifact BMC /Span BMC EMC BT (Page 1) ' ET EMC",
        b"/Artifact BMC /Head Do EMC",
        b"/Artifact BMC /Span <</MCID 8>> BDC [(Page) 9 ( 1)] TJ EMC EMC",
    ],
)
def test_text_in_left_over_artifacts_is_not_heard_and_said_so(
    content: bytes, sample: Sample
) -> None:
    head = FORM % (b"", len(BARE), BARE)
    data = page(MARKED + content, LEFT + b"/XObject<</Head 6 0 R>>", _6=head)
    result = packet([PacketPart(data, "A form")])
    assert not any("Page 1" in line for line in heard(result.data))
    assert [note for note in result.notes if SILENT in note] == [
        "Part 1 marks some of its text as decoration, such as page numbers; "
        "a screen reader passes over it."
    ]
    info = b"<</Title(Anna Miller 1961)>>"
    data = page(MARKED + content, LEFT + b"/XObject<</Head 7 0 R>>", _6=info, _7=head)
    titled = data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 6 0 R")
    assert inspect(titled).title == "Anna Miller 1961"
    notes = join(titled, sample("handout_typst")).notes
    assert any(note.startswith(f"The letter {SILENT}") for note in notes)
    assert not any("Anna Miller" in note for note in notes)


CURVES = b"q 9 9 m 9 12 12 12 12 9 c f Q"
IMAGE = b"<</Subtype/Image/Width 1/Height 1/Length 1>>\nstream\n0\nendstream"
SAID = "Figure, language en, alt “Scanned page 1 of 1”"
FORM = b"<</Subtype/Form/BBox[0 0 99 99]%s/Length %d>>\nstream\n%s\nendstream"


def test_text_in_a_form_is_heard_on_each_page_that_draws_it(sample: Sample) -> None:
    text = b"/P <</MCID 0>> BDC " + TEXT % b"On paper." + b"EMC"
    form = FORM % (b"/StructParents 5/Resources<</Font<</F1 5 0 R>>>>", len(text), text)
    resources = b"/Font<</F1 5 0 R>>/XObject<</F 6 0 R/F#2fG 6 0 R>>"
    both = {
        "_2": b"<</Type/Pages/Kids[3 0 R 8 0 R]/Count 2>>",
        "_8": b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
        b"/Resources<<%s>>>>" % resources,
    }
    data = page(b"/F#2FG Do " + text.replace(b"On paper", b"Below"), resources, _6=form, **both)
    for result in joined(data, sample):
        assert heard(result.data).count("P: On paper.Below.") == 2
        assert result.counts.unresolved == 0


@pytest.mark.parametrize("is_nested", [False, True])
def test_text_in_the_last_of_many_forms_is_heard(is_nested: bool, sample: Sample) -> None:
    count = 400 if is_nested else 101
    drawn = [b"/N%d Do" % number for number in range(7, 7 + count)]
    forms = {
        f"_{number}": FORM % (b"", len(part), part)
        for number, part in enumerate(drawn if is_nested else [CURVES] * count, 6)
    }
    last = b"BT /F1 9 Tf (10 mg) Tj ET"
    forms[f"_{6 + count}"] = FORM % (b"", len(last), last)
    names = b"".join(b"/N%d %d 0 R" % (number, number) for number in range(6, 7 + count))
    content = CURVES + b" /N6 Do" if is_nested else b" ".join([b"/N6 Do", *drawn])
    data = page(content, b"/Font<</F1 5 0 R>>/XObject<<%s>>" % names, **forms)
    result = join(data, sample("handout_weasyprint"), FULL)
    assert not any("Drawing" in line for line in heard(result.data))


def test_a_range_of_pages_to_print_gets_what_is_added(sample: Sample) -> None:
    catalog = b"/ViewerPreferences 6 0 R"
    data = page(TEXT % b"Dose", catalog=catalog, _6=b"<</PrintPageRange[1 1]/Duplex/Simplex>>")
    result = join(data, sample("handout_weasyprint"), FULL)
    with pikepdf.open(io.BytesIO(result.data)) as whole:
        pages = whole.Root.ViewerPreferences.PrintPageRange
        assert list(pages) == [1, 1, 2, len(whole.pages)]


@pytest.mark.parametrize("none", [b"[]", b"null"])
def test_where_no_range_is_named_all_pages_are_printed(none: bytes, sample: Sample) -> None:
    data = page(TEXT % b"Dose", catalog=b"/ViewerPreferences<</PrintPageRange %s>>" % none)
    result = join(data, sample("handout_weasyprint"), FULL)
    with pikepdf.open(io.BytesIO(result.data)) as whole:
        assert not whole.Root.ViewerPreferences.get("/PrintPageRange")


@pytest.mark.parametrize("empty", [b"()", b"<FEFF>"])
def test_a_language_without_a_name_is_named(empty: bytes, sample: Sample) -> None:
    result = join(
        page(TEXT % b"Dose", catalog=b"/Lang" + empty), sample("handout_weasyprint"), FULL
    )
    with pikepdf.open(io.BytesIO(result.data)) as whole:
        assert str(whole.Root.Lang)


@pytest.mark.parametrize("off", [b"/OFF[7 0 R]", b"/BaseState/OFF/ON[8 0 R]"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"/OC /V BDC " + TEXT % b"VOID" + b"EMC " + TEXT % b"Dose", "P: Dose"),
        (b"/OC /W BDC " + TEXT % b"Dose" + b"EMC /Span <</ActualText(x)>> BDC EMC", "P: Dosex"),
        (b"/OC /M BDC /P BMC " + TEXT % b"VOID" + b"EMC /F Do EMC /I Do", SAID),
        (b"/F Do /I Do", SAID),
    ],
)
def test_what_a_layer_shows_that_is_off_is_not_heard(
    content: bytes, words: str, off: bytes, sample: Sample
) -> None:
    resources = (
        b"/Font<</F1 5 0 R>>/XObject<</I 6 0 R/F 9 0 R>>"
        b"/Properties<</V 7 0 R/W 8 0 R/M<</OCGs[7 0 R]>>>>"
    )
    objects = {"_6": IMAGE, "_7": b"<</Type/OCG/Name(Void)>>", "_8": b"<</Type/OCG/Name(On)>>"}
    form = FORM % (b"/OC 7 0 R/Resources<</Font<</F1 5 0 R>>>>", 28, b"BT /F1 9 Tf (VOID) Tj ET   ")
    catalog = b"/OCProperties<</OCGs[7 0 R 8 0 R]/D<<%s>>>>" % off
    for result in joined(page(content, resources, catalog, **objects, _9=form), sample):
        assert words in heard(result.data)
        assert not any("VOID" in line for line in heard(result.data))


PICTURE = b"/W 2/H 2/BPC 8/CS/G"
INNER = FORM % (b"/Resources<</XObject<</I %d 0 R>>>>", 5, b"/I Do")
DRAWN = b"BI " + PICTURE + b" ID abcd EI"


@pytest.mark.parametrize(
    ("content", "objects", "is_scan"),
    [
        (
            b"/F Do",
            {"_6": FORM % (b"/Resources<</XObject<</I 7 0 R>>>>", 5, b"/I Do"), "_7": IMAGE},
            True,
        ),
        (b"/F Do", {"_6": FORM % (b"/Resources<</XObject<</I 6 0 R>>>>", 5, b"/I Do")}, False),
        (b"/F Do ( ) Tj <0020> Tj [(  ) 3 <20>] TJ", {"_6": IMAGE}, True),
        (b"BT 3 Tr <0020 0041> Tj ET /F Do", {"_6": IMAGE}, False),
        (b"BT 3 Tr (A) ' ET /F Do", {"_6": IMAGE}, False),
        (b"/Artifact BMC /F Do EMC", {"_6": IMAGE}, False),
        (b"0 0 9 9 re", {"_6": IMAGE}, False),
        (b"q " + DRAWN + b" Q", {"_6": IMAGE.replace(b"Image", b"PS")}, True),
        (b"/F Do", {"_6": FORM % (b"", len(DRAWN), DRAWN)}, True),
        (b"0 0 9 9 re", {"_6": FORM % (b"", 0, b"")}, False),
    ],
    ids=[
        "form",
        "itself",
        "spaces",
        "text",
        "quote",
        "decoration",
        "undrawn",
        "inline",
        "inner-inline",
        "nothing",
    ],
)
def test_a_scan_is_a_picture_wherever_it_stands(
    content: bytes, objects: dict[str, bytes], is_scan: bool, sample: Sample
) -> None:
    data = page(content, b"/XObject<</F 6 0 R>>/Font<</F1 5 0 R>>", **objects)
    result = join(sample("handout_weasyprint"), data, FULL)
    assert ("alt “Scanned page 1 of 1”" in "\n".join(heard(result.data))) is is_scan


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
        (b"/Span <</Alt(a hip)>> BDC " + CURVES + b" EMC", b"", False),
        (b"BT /F1 9 Tf 9 Tr 9 9 Td (it's) ' ET " + CURVES, b"", False),
        (b"q 1 1 1 rg 0 0 300 200 re f* Q", b"", False),
        (b"1.0 1.00 1 rg q 0 g Q /CS cs 1 1 1 scn f 1 g F 0 0 0 0 k f", b"", False),
        (b"q 1 1 1 rg Q 0 0 300 200 re f", b"", True),
        (b"1 1 1 rg q 0 g Q 0 0 300 200 re f", b"", False),
        (b"0.1 1 1 rg 0 0 300 200 re f", b"", True),
        (b"1 g /Pattern cs 0 0 300 200 re f", b"", True),
        (b"/Artifact BMC 0 0 300 200 re f EMC", b"", False),
        (b"/Artifact BMC /Span BMC EMC /F Do EMC", CURVES, False),
        (b"/Sh sh", b"", True),
    ],
)
def test_a_page_whose_letters_are_curves_is_a_picture(
    content: bytes, form: bytes, is_drawing: bool, sample: Sample
) -> None:
    both = b"/Font<</F1 5 0 R>>/XObject<</F 6 0 R>>"
    data = page(content, both, _6=FORM % (b"", len(form), form))
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


@pytest.mark.parametrize(
    ("content", "is_silent"),
    [
        (TEXT % b"10 mg", True),
        (b"/OC /Layer BDC " + TEXT % b"10 mg" + b"EMC", True),
        (b"1 1 1 rg 0 0 300 200 re f", False),  # blank, on a white ground
        (b"/Artifact BMC " + TEXT % b"This page is blank." + b"EMC", False),
    ],
)
def test_a_page_that_was_inserted_without_tags_is_named_and_claims_nothing(
    content: bytes, is_silent: bool, sample: Sample
) -> None:
    made = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(sample("weasyprint"))) as whole,
        pikepdf.open(io.BytesIO(page(content))) as other,
    ):
        whole.pages.append(other.pages[0])
        number = len(whole.pages)
        whole.save(made)
    for result in joined(made.getvalue(), sample):
        said = [note for note in result.notes if f"page {number} of " in note]
        assert bool(said) is is_silent, result.notes
    reports = join(made.getvalue(), sample("handout_weasyprint"))
    assert reports.letter.is_heard is not is_silent


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("key", [0, 999, None])
def test_a_page_that_was_inserted_with_the_marks_of_another_file_is_named(
    key: int | None, after: bool, sample: Sample
) -> None:
    made = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(sample("weasyprint"))) as whole,
        pikepdf.open(io.BytesIO(sample("handout_weasyprint"))) as other,
    ):
        at = len(whole.pages) if after else 0
        whole.pages.insert(at, other.pages[0])
        del whole.pages[at]["/StructParents"]
        if key is not None:
            whole.pages[at]["/StructParents"] = key
        whole.save(made)
    for result in joined(made.getvalue(), sample):
        assert [note for note in result.notes if f"What page {at + 1} of " in note], result.notes


def _appended(whole: pikepdf.Pdf, other: pikepdf.Pdf) -> list[int]:
    """Keys of its own, which are keys of links here."""
    for at in (1, 2):
        whole.pages.append(other.pages[at])
    return [len(whole.pages) - 1, len(whole.pages)]


def _replaced(whole: pikepdf.Pdf, other: pikepdf.Pdf) -> list[int]:
    whole.pages[1] = other.pages[1]
    return [2]


def _reversed(whole: pikepdf.Pdf, _other: pikepdf.Pdf) -> list[int]:
    """As pikepdf does it: each page is a new object."""
    whole.pages.reverse()
    return [*range(1, len(whole.pages) + 1)]


def _as_a_form(whole: pikepdf.Pdf, other: pikepdf.Pdf) -> list[int]:
    """As programs do that put letters on one's own paper."""
    whole.add_blank_page()
    whole.pages[-1].add_overlay(other.pages[0], pikepdf.Rectangle(0, 0, 595, 842))
    return [len(whole.pages)]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        *((name, _appended) for name in ("chromium", "libreoffice", "typst_ua")),
        ("three_page_letter", _replaced),
        ("three_page_letter", _reversed),
        ("weasyprint", _as_a_form),
    ],
)
def test_a_page_to_which_its_keys_tags_do_not_lead_is_named(
    name: str, change: Callable[[pikepdf.Pdf, pikepdf.Pdf], list[int]], sample: Sample
) -> None:
    made = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(sample(name))) as whole,
        pikepdf.open(io.BytesIO(sample("four_page_handout"))) as other,
    ):
        wanted = change(whole, other)
        whole.save(made)
    pages = f"page {wanted[0]}" if len(wanted) == 1 else f"pages {wanted[0]}"
    for result in joined(made.getvalue(), sample):
        assert [note for note in result.notes if f"What {pages}" in note], result.notes
    letter = join(made.getvalue(), sample("handout_weasyprint")).letter
    assert not letter.is_heard


@pytest.mark.parametrize("reference", [b"", b"/Stm 7 0 R"])
def test_a_page_whose_words_are_in_a_form_is_led_to_by_its_reference(
    reference: bytes, sample: Sample
) -> None:
    text = b"/P <</MCID 0>> BDC " + TEXT % b"10 mg" + b"EMC"
    data = page(
        b"/F Do",
        b"/Font<</F1 5 0 R>>/XObject<</F 7 0 R>>",
        TAGS,
        _6=b"<</Type/StructTreeRoot/K 8 0 R/ParentTree<</Nums[0[8 0 R]]>>>>",
        _7=FORM % (b"/StructParents 0", len(text), text),
        _8=b"<</S/P/P 6 0 R/Pg 3 0 R/K<</Type/MCR/MCID 0%s>>>>" % reference,
    )
    for result in joined(data, sample):
        is_named = any("is not tagged" in note for note in result.notes)
        assert is_named is not any("10 mg" in line for line in heard(result.data))
        assert is_named is not bool(reference)


@pytest.mark.parametrize("is_tagged", [True, False])
def test_a_page_whose_number_was_used_before_is_referred_to_with_its_generation(
    is_tagged: bool, sample: Sample
) -> None:
    text = TEXT % b"10 mg"
    data = page(
        b"/P <</MCID 0>> BDC " + text + b"EMC" if is_tagged else text,
        b"/Font<</F1 5 0 R>>>>/Annots[7 0 R]/StructParents 0/A<<",
        TAGS if is_tagged else b"",
        _6=b"<</Type/StructTreeRoot/K 8 0 R/ParentTree<</Nums[0[8 0 R]]>>>>",
        _7=b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(x:y)>>>>",
        _8=b"<</S/P/P 6 0 R/K 0/Pg 3 0 R>>",
    )
    at = b"%010d 0000" % data.index(b"3 0 obj")
    for was, now in ((b"3 0 obj", b"3 4 obj"), (b"3 0 R", b"3 4 R"), (at + b"0", at + b"4")):
        data = data.replace(was, now)
    for result in joined(data, sample):
        assert not any("is not tagged" in note for note in result.notes), result.notes
    result = join(data, sample("handout_weasyprint"), FULL)
    assert b"3 4 R" in result.update
    assert not re.search(rb"\b3 0 R", result.update)


@pytest.mark.parametrize(
    ("rule", "is_heard"),
    [
        (b"/OCGs[7 0 R 8 0 R]", True),
        (b"/OCGs[7 0 R 8 0 R]/P/AllOn", False),
        (b"/OCGs[7 0 R]/P/AllOff", True),
        (b"/OCGs[8 0 R]/P/AnyOff", False),
        (b"/OCGs[7 0 R 8 0 R]/P/AnyOff", True),
        (b"/OCGs[7 0 R]/VE[/Not 7 0 R]", True),
    ],
)
def test_what_layers_show_by_their_rule_is_heard(
    rule: bytes, is_heard: bool, sample: Sample
) -> None:
    resources = b"/Font<</F1 5 0 R>>/Properties<</M<</Type/OCMD%s>>>>" % rule
    layers = {"_7": b"<</Type/OCG/Name(Off)>>", "_8": b"<</Type/OCG/Name(On)>>"}
    catalog = b"/OCProperties<</OCGs[7 0 R 8 0 R]/D<</OFF[7 0 R]>>>>"
    content = b"/OC /M BDC " + TEXT % b"10 mg" + b"EMC " + TEXT % b"once"
    for result in joined(page(content, resources, catalog, **layers), sample):
        assert any("10 mg" in line for line in heard(result.data)) is is_heard


SCAN = page(b"/I Do", b"/XObject<</I 6 0 R>>", _6=IMAGE)
GERMAN = page(b"/I Do", b"/XObject<</I 6 0 R>>", b"/Lang(de-DE)", _6=IMAGE)


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


@pytest.mark.parametrize("more", [0, 1, 4])
def test_a_form_whose_key_is_above_those_of_its_tree_keeps_it(more: int, sample: Sample) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample("weasyprint"))) as whole:
        tree = whole.Root.StructTreeRoot.ParentTree
        form = whole.make_stream(b"/P <</MCID 0>> BDC 0 0 9 9 re f EMC")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = [0, 0, 9, 9]
        form.StructParents = max(pikepdf.NumberTree(tree)) + 1 + more
        whole.pages[0].contents_add(b"/Foreign Do")
        whole.pages[0].add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Foreign)
        whole.save(made)
    for result in joined(made.getvalue(), sample):
        said, now = (
            {line.partition(": ")[2] for line in heard(data) if "Link" not in line}
            for data in (sample("weasyprint"), result.data)
        )
        assert len(said) > 9
        assert not {
            one for one in said - now if "Referral letter" not in one
        }  # a packet has its own
