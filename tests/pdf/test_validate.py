"""Validation and the dump of a file's structure."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from page import PageError

from handouts.model import Heading, Link, Paragraph, Text
from handouts.pdf.validate import dead_links, inner_metadata, page_count, validate
from tests.pdf.dump import text_in_tag_order
from tests.pdf.handmade import painted
from tests.pdf.samples import document, unpacked


@pytest.fixture(scope="module")
def data() -> bytes:
    lines = [Paragraph((Text(f"Line {number}"),)) for number in range(60)]
    return unpacked(painted(document(Heading((Text("Title"),)), *lines)))


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


def test_a_link_element_without_its_link_is_found() -> None:
    made = unpacked(painted(document(Paragraph((Link((Text("us"),), "tel:911", "Call us"),)))))
    assert list(dead_links(made)) == []
    (found,) = dead_links(made.replace(b"/OBJR", b"/MCRX"))
    assert "a Link element holds no link (object " in found.message
    assert list(dead_links(b"no PDF")) == []


def test_metadata_that_is_not_the_files_own_is_read_too(data: bytes) -> None:
    """``page`` reads the catalog's alone."""
    assert list(inner_metadata(data)) == []
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
        found = [finding.message for finding in inner_metadata(out.getvalue())]
        assert bool(found) is wrong
        assert all(re.match("PDF/A-2a PDFA2A-XMP-.*" + re.escape(where), text) for text in found)
    assert list(inner_metadata(b"no PDF")) == []


def test_pages_are_counted(data: bytes) -> None:
    assert page_count(data) == 2
    with pytest.raises(PageError):
        page_count(b"no PDF")


def test_text_comes_in_the_order_of_tags(data: bytes) -> None:
    lines = text_in_tag_order(data).splitlines()
    assert lines == ["Title", *(f"Line {number}" for number in range(60))]
