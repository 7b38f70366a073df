"""Validation and the dump of a file's structure."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from page import PageError

from handouts.errors import Finding
from handouts.model import Link, Paragraph, Text
from handouts.pdf.foreign import examine
from handouts.pdf.marked_content import unmarked
from handouts.pdf.validate import page_count, validate
from tests.pdf.dump import text_in_tag_order
from tests.pdf.handmade import painted
from tests.pdf.samples import changed, document, unpacked

SAMPLES = Path(__file__).resolve().parents[1] / "attach/samples"


def test_a_sound_file_has_no_findings(data: bytes) -> None:
    assert validate(data) == ()


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        (b"/Marked true", b"/Marked null", "PDF/UA-1"),
        (b"<pdfaid:part>2</pdfaid:part>", b"<pdfaid:part>9</pdfaid:part>", "PDF/A-2a"),
        (b"/DisplayDocTitle true", b"/DisplayDocTitle null", "PDF/UA-1"),
        (b"/S /GTS_PDFA1", b"/S /GTS_PDFX1", "PDF/A-2a"),
    ],
)
def test_a_flaw_is_found_and_its_profile_named(
    data: bytes, good: bytes, bad: bytes, expected: str
) -> None:
    assert good in data
    findings = validate(data.replace(good, bad))
    assert any(finding.message.startswith(expected) for finding in findings)


def test_what_is_no_pdf_is_one_finding() -> None:
    (finding,) = validate(b"no PDF")
    assert "no PDF that can be checked" in finding.message


def unseen(data: bytes) -> list[Finding]:
    """What is found beside the findings of ``page``."""
    return [one for one in examine(data) if one not in validate(data)]


def test_a_link_element_without_its_link_is_found() -> None:
    made = unpacked(painted(document(Paragraph((Link((Text("us"),), "tel:911", "Call us"),)))))
    assert examine(made) == ()
    (found,) = unseen(made.replace(b"/OBJR", b"/MCRX"))
    assert "a Link element holds no link (object " in found.message
    assert examine(b"no PDF") == validate(b"no PDF")


def test_metadata_that_is_not_the_files_own_is_read_too(data: bytes) -> None:
    """``page`` reads the catalog's alone."""
    assert examine(data) == ()
    xmp = (b"?", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>')
    for packet, wrong in zip(xmp, (True, False), strict=True):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as pdf:
            own = {"Type": pikepdf.Name.Metadata, "Subtype": pikepdf.Name.XML}
            pdf.pages[0].obj.Metadata = pdf.make_stream(packet, **own)
            pdf.save(out)
        assert validate(out.getvalue()) == ()
        with pikepdf.open(out) as pdf:
            where = f" (object {pdf.pages[0].obj.Metadata.objgen[0]})"
        found = [finding.message for finding in examine(out.getvalue())]
        assert bool(found) is wrong
        assert all(re.match("PDF/A-2a PDFA2A-XMP-.*" + re.escape(where), text) for text in found)


MARK = b"/Artifact BMC 0 0 m 9 9 l S EMC"


@pytest.mark.parametrize(
    ("drawn", "tree", "wrong"),
    [
        (MARK, "", ""),
        (MARK + b" BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI", "", "draws what is not marked"),
        (b"/P <</MCID 0>> BDC 0 0 m 9 9 l S EMC", "", "draws what is not marked"),
        (MARK, "by its number", "PDFUA1-PRINTER-MARK-ARTIFACT-001"),
        (MARK, "by the tag alone", "is in the structure tree"),
    ],
)
def test_a_mark_for_printers_is_an_artifact(
    drawn: bytes, tree: str, wrong: str, data: bytes
) -> None:
    """ISO 14289-1 7.18.8."""

    def mark(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(drawn, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        entries = pikepdf.Object.parse(b"<</Subtype/PrinterMark/Rect[0 0 9 9]/F 4>>")
        annotation, page, root = (
            pdf.make_indirect(entries),
            pdf.pages[0].obj,
            pdf.Root.StructTreeRoot,
        )
        annotation.AP = pikepdf.Dictionary(N=form)
        page.Annots = pikepdf.Array([annotation])
        if not tree:
            return
        kid = pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=annotation, Pg=page)
        element = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Annot, P=root.K, K=kid))
        root.K.K.append(element)
        if "number" in tree:
            annotation.StructParent = 99
            root.ParentTree.Nums.extend(pikepdf.Array([99, element]))

    found = [one.message for one in examine(changed(data, mark))]
    assert [wrong in one for one in found] == ([True] if wrong else [])


def _untyped(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot.Type


def _without_kind(pdf: pikepdf.Pdf) -> None:
    element = pdf.Root.StructTreeRoot.K
    element.K[0].S = pikepdf.String("P")


def _without_parent(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K.K[0].P = pikepdf.Name.Document


def _languages(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.Array(["en"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_untyped, "7.1: the structure tree does not say that it is one"),
        (_without_kind, "7.1: an element does not say its kind"),
        (_without_parent, "7.1: an element does not say its parent"),
        (_languages, "7.2: the file does not say its language"),
    ],
)
def test_a_tree_that_is_none_is_found(
    change: Callable[[pikepdf.Pdf], None], said: str, data: bytes
) -> None:
    """``page`` passes it over, and veraPDF does not (ISO 32000-1 14.7.2)."""
    assert examine(data) == ()
    assert any(said in one.message for one in examine(changed(data, change)))


def _no_descendant(font: pikepdf.Object) -> None:
    del font.DescendantFonts


def _no_name(font: pikepdf.Object) -> None:
    font.Subtype = pikepdf.String("Type0")


@pytest.mark.parametrize(
    ("change", "said"),
    [(_no_descendant, "does not name its glyphs"), (_no_name, "does not say of which kind it is")],
)
def test_a_font_that_is_none_is_found(change: Callable[[pikepdf.Object], None], said: str) -> None:
    def spoil(pdf: pikepdf.Pdf) -> None:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type0":
                change(item)

    sound = (SAMPLES / "handout_both.pdf").read_bytes()
    assert not any(said in one.message for one in examine(sound))
    assert any(said in one.message for one in examine(changed(sound, spoil)))


INLINE = b" BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI "
PICTURE, LOST = "shows a picture that is neither tagged", "the structure tree does not know"


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        (INLINE, PICTURE),
        (b"/Artifact BMC" + INLINE + b"EMC", ""),
        (b"/P <</MCID 0>> BDC" + INLINE + b"EMC", ""),
        (b"/P <</MCID 999>> BDC" + INLINE + b"EMC", PICTURE),
        (b"/P <</MCID 999>> BDC 0 0 m 9 9 l S EMC", LOST),
        (b"/P /Own BDC 0 0 m 9 9 l S EMC", LOST),
        (b"/Artifact BMC /P <</MCID 999>> BDC 0 0 m 9 9 l S EMC EMC", ""),
        (b"/P <</MCID 999>> BDC /P <</MCID 0>> BDC 0 0 m 9 9 l S EMC EMC", ""),
        (b"/P BMC /Inner Do EMC", PICTURE),
        (b"/P <</MCID 0>> BDC /Inner Do EMC", ""),
    ],
)
def test_what_no_tag_holds_is_found(shown: bytes, wrong: str, data: bytes) -> None:
    """ISO 14289-1 7.1; ``page`` passes over pictures in the content and over lost tags."""

    def show(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        form = pdf.make_stream(INLINE + b"/Inner Do", Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Inner=form))  # itself
        page.Resources.XObject = pikepdf.Dictionary(Inner=form)
        page.Resources.Properties = pikepdf.Dictionary(Own=pikepdf.Dictionary(MCID=999))
        page.Contents.append(pdf.make_stream(shown))

    found = [one.message for one in unseen(changed(data, show))]
    assert [wrong in one for one in found] == ([True] if wrong else []), found


def test_forms_within_forms_are_read_once(data: bytes) -> None:
    def nest(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(INLINE, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
        for _ in range(40):  # each shows the one before it twice: 2⁴⁰ pictures
            inner = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=form, B=form))
            form = pdf.make_stream(b"/A Do /B Do", Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
            form.Resources = inner
        pdf.pages[0].obj.Resources.XObject = pikepdf.Dictionary(A=form)
        pdf.pages[0].contents_add(b"/P BMC /A Do EMC")

    with pikepdf.open(io.BytesIO(changed(data, nest))) as pdf:
        assert [PICTURE in one.message for one in unmarked(pdf)] == [True]


def test_what_cannot_be_read_is_said_and_no_mistake_of_ours(data: bytes) -> None:
    def confuse(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Resources.XObject = 7

    (found,) = examine(changed(data, confuse))
    assert "Not all of this file can be read" in found.message


def test_marks_without_a_parent_tree_are_lost(data: bytes) -> None:
    def lose(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.StructTreeRoot.ParentTree

    found = [one.message for one in examine(changed(data, lose))]
    assert any(LOST in one for one in found), found


def test_pages_are_counted(data: bytes) -> None:
    assert page_count(data) == 2
    with pytest.raises(PageError):
        page_count(b"no PDF")


def test_text_comes_in_the_order_of_tags(data: bytes) -> None:
    lines = text_in_tag_order(data).splitlines()
    assert lines == ["Title", *(f"Line {number}" for number in range(60))]
