"""What a letter is, claims and holds is found before anything is decided."""

from __future__ import annotations

import pytest

from handouts.attach.reading.inspection import (
    Inspection,
    TooManyPages,
    look,
    metadata,
    page_size,
    title_of,
)
from handouts.attach.reading.objects import Damaged, Ref
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page
from handouts.attach.reading.xmp import xmp_text
from tests.attach.reading.by_hand import letter, pdf

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]%s>>"


def seen(objects: dict[int, bytes], extra: bytes = b"") -> Inspection:
    """The report on a letter with more objects, or others."""
    return look(PdfFile(pdf({**letter(), **objects}, extra=extra)), 10)[0]


def test_a_plain_letter_has_nothing_to_report() -> None:
    assert seen({}) == Inspection(
        pages=1,
        sizes=((300.0, 200.0),),
        version="1.5",
        title="",
        language="",
        tagged=False,
        revisions=1,
    )


def test_what_the_catalog_says() -> None:
    catalog = b"<</Type/Catalog/Pages 2 0 R/Lang(en)/Version/1.7/Collection<<>>%s>>"
    more = (
        b"/StructTreeRoot<</K[6 0 R]>>/AcroForm<</XFA()>>/Perms<</UR3<<>>/DocMDP<<>>>>"
        b"/OpenAction<</S/JavaScript/Next[<</S/Launch>><</S/GoToE>>]>>"
        b"/Names<</JavaScript<</Names[(a)<<>>(b)<<>>]>>/EmbeddedFiles<</Names[(c)<<>>]>>>>"
        b"/AA<</WC<</S/ImportData>>>>"
    )
    report = seen({1: catalog % more, 6: b"<</S/Document>>", 7: b"<</Title( A )>>"}, b"/Info 7 0 R")
    assert (report.title, report.language, report.version) == ("A", "en", "1.7")
    assert report.tagged
    assert report.xfa
    assert report.portfolio
    assert report.usage_rights
    assert report.certified
    assert (report.javascript, report.launches, report.attachments) == (3, 3, 1)
    assert seen({1: catalog % b"/Perms<</UR<<>>>>"}).usage_rights
    assert not seen({1: catalog % b"/StructTreeRoot<</K[]>>"}).tagged


@pytest.mark.parametrize(
    ("stated", "version"), [(b"/1.7", "1.7"), (b"/1.4", "1.5"), (b"/newest", "1.5"), (b"2", "1.5")]
)
def test_the_version(stated: bytes, version: str) -> None:
    assert seen({1: b"<</Type/Catalog/Pages 2 0 R/Version %s>>" % stated}).version == version


SIGNED = b"/FT/Sig/V<</ByteRange[0 1 2 3]>>"


@pytest.mark.parametrize(
    ("objects", "signatures"),
    [
        ({6: b"<</T(a)/FT/Sig/V 8 0 R>>", 7: b"<</T(b)/FT/Sig/V 9 0 R>>"}, 2),
        ({6: b"<</T(a)/FT/Sig/V 8 0 R>>", 7: b"<</T(b)/FT/Sig/V 8 0 R>>"}, 1),
        ({6: b"<</T(a)%s>>" % SIGNED, 7: b"<</T(b)%s>>" % SIGNED}, 2),
        ({6: b"<</T(a)/FT/Sig>>", 7: b"<</T(b)/FT/Tx/V 8 0 R>>"}, 0),
        ({6: b"<</T(a)/FT/Sig/V 10 0 R>>", 7: b"<</T(b)>>"}, 0),
        ({6: b"<</T(a)%s/Subtype/Widget>>" % SIGNED, 7: b"<<>>"}, 1),
        ({6: b"<</T(a)/FT/Sig/Kids[7 0 R]>>", 7: b"<</Subtype/Widget/V 8 0 R>>"}, 1),
    ],
)
def test_signatures_are_counted_once(objects: dict[int, bytes], signatures: int) -> None:
    more = {
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R]>>>>",
        3: PAGE % b"/Annots[6 0 R]",
        8: b"<</ByteRange[0 1 2 3]>>",
        9: b"<</ByteRange[0 1 2 3]>>",
        10: b"<<>>",
    }
    assert seen({**more, **objects}).signatures == signatures


def test_a_signed_note_that_no_form_lists_counts_as_well() -> None:
    note = b"/Annots[<</Subtype/Widget%s>><</Subtype/Text%s>>]" % (SIGNED, SIGNED)
    assert seen({3: PAGE % note}).signatures == 1


def test_annotations_their_actions_and_their_keys() -> None:
    page = PAGE % (
        b"/StructParents 4/AA<</O<</S/JavaScript>>>>"
        b"/Annots[6 0 R<</Subtype/Link/A<</S/Launch>>/PA<</S/Launch>>/StructParent 9>>]"
    )
    form = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R<</T(b)/A<</S/Launch>>>>]>>>>"
    field = b"<</T(a)/Subtype/Widget/AA<</K<</S/JavaScript>>>>/StructParent 5>>"
    report = seen({1: form, 3: page, 6: field})
    # The widget is counted on its page, the field without one in the form.
    assert (report.javascript, report.launches) == (2, 3)
    assert (report.annotations, report.form_fields, report.highest_key) == (2, 2, 9)
    assert seen({3: PAGE % b"/StructParents 4"}).highest_key == 4


def test_actions_that_lead_in_circles_have_an_end() -> None:
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R>>"
    assert seen({1: catalog, 6: b"<</S/JavaScript/Next 6 0 R>>"}).javascript == 1000


def test_the_number_of_pages() -> None:
    with pytest.raises(Damaged, match="count is wrong"):
        seen({2: b"<</Type/Pages/Kids[3 0 R]/Count 2>>"})
    many = PdfFile(pdf({**letter(), 2: b"<</Type/Pages/Kids[3 0 R]/Count 11>>"}))
    with pytest.raises(TooManyPages):
        look(many, 10)
    with pytest.raises(Damaged):
        look(many, 11)


@pytest.mark.parametrize(
    ("entries", "size"),
    [
        (b"/CropBox[10 20 110 70.5]", (100.0, 50.5)),
        (b"/CropBox[110 70 10 20]", (100.0, 50.0)),
        (b"/CropBox[1 2]", (300.0, 200.0)),
        (b"/Rotate 90", (200.0, 300.0)),
        (b"/Rotate -270", (200.0, 300.0)),
        (b"/Rotate 180", (300.0, 200.0)),
        (b"/Rotate 450", (200.0, 300.0)),
        (b"/Rotate 90.0", (200.0, 300.0)),
        (b"/Rotate 45", (300.0, 200.0)),
        (b"/Rotate(90)", (300.0, 200.0)),
    ],
)
def test_the_size_of_a_page_as_it_is_seen(entries: bytes, size: tuple[float, float]) -> None:
    assert seen({3: PAGE % entries}).sizes == (size,)


@pytest.mark.parametrize("box", [b"[]", b"[0 0 1 true]", b"[0 0 1 (x)]", b"[0 0 1 null]"])
def test_a_page_without_its_size(box: bytes) -> None:
    opened = PdfFile(pdf({**letter(), 3: b"<</Type/Page/MediaBox%s>>" % box}))
    with pytest.raises(Damaged, match="without its size"):
        page_size(opened, Page(Ref(3), opened.dict(Ref(3)), {}))


@pytest.mark.parametrize(
    "coding",
    ["utf-8", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be", "utf-32-le"],
)
def test_metadata_in_each_form_of_unicode(coding: str) -> None:
    assert xmp_text("<x>ä</x>".encode(coding)).endswith("<x>ä</x>")


def test_metadata_must_be_a_stream_of_its_own() -> None:
    catalog = b"<</Type/Catalog/Pages 2 0 R/Metadata %s>>"
    data = b"<</Length 4>>\nstream\n<x/>\nendstream"
    assert metadata(PdfFile(pdf({**letter(), 1: catalog % b"6 0 R", 6: data}))) == "<x/>"
    assert metadata(PdfFile(pdf({**letter(), 1: catalog % b"(<x/>)"}))) == ""
    assert title_of(PdfFile(pdf(letter()))) == ""


def test_the_title_of_a_file_without_an_information_dictionary_is_that_of_its_xmp() -> None:
    """As PDF 2.0 has it."""
    text = (
        b"<dc:title xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        b"<Alt xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n"
        b"<li xml:lang='de'>R\xc3\xbccken <!-- of the clinic -->&amp; Knie</li>"
    )
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>",
        6: b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text),
    }
    assert title_of(PdfFile(pdf({**letter(), **objects}))) == "Rücken & Knie"
    stated = pdf({**letter(), **objects}, extra=b"/Info<</Title(Knee)>>")
    assert title_of(PdfFile(stated)) == "Knee"
