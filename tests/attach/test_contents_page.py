"""The contents page of a packet: a tagged page of its own, true about where each part begins."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pikepdf
import pytest
from msgspec import structs
from pypdf import PdfReader

from handouts.attach import PacketPart
from handouts.attach.added_pages import starts
from handouts.attach.contents_page import ContentsPage
from handouts.attach.transcript import transcribe
from handouts.library.brand import load_brand
from handouts.pdf.validate import validate
from handouts.workspace import open_workspace

TERMS = {
    "packet_title": "Your handouts",
    "page": "Page",
    "packet_part": "Part {number}",
    "packet_blank": "This page is blank on purpose.",
    "packet_page": "Packet page {page} of {pages}",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> ContentsPage:
    brand = load_brand(open_workspace(None, tmp_path_factory.mktemp("none")), "juniper", "en")
    return ContentsPage(brand, "en", TERMS, (612, 792), date(2026, 1, 31))


def test_each_part_has_a_link_and_its_first_page(page: ContentsPage) -> None:
    data = page.render([PacketPart(b"", "Knee pain"), PacketPart(b"", "Consent & more")], [4, 2])
    assert not validate(data)
    (only,) = PdfReader(io.BytesIO(data)).pages
    text = only.extract_text()
    assert text.startswith("Your handouts")
    assert "Knee pain, page 3" in text
    assert "Consent & more, page 7" in text
    with pikepdf.open(io.BytesIO(data)) as pdf:
        links: list[Any] = list(pdf.pages[0]["/Annots"])
        assert [str(link.A.URI) for link in links] == ["packet:1", "packet:2"]
        assert pdf.Root.Lang == "en"


def test_a_title_in_another_language_is_said_in_it(page: ContentsPage) -> None:
    parts = [("Hoja", "es"), ("Knee", "en"), ("Knie", ""), ("\u0646", "ar")]
    made = page.render([PacketPart(b"", *part) for part in parts], [1] * 4)
    lines = transcribe(made).lines
    heard = {line.split("packet:")[1][0]: line for line in lines if "packet:" in line}
    assert ["language es" in line for line in heard.values()] == [True, False, False, False]
    assert [line.count("language") for line in heard.values()] == [1, 0, 0, 0]


def test_a_list_of_two_pages_moves_the_parts_behind_it(page: ContentsPage) -> None:
    parts = [PacketPart(b"", f"Part {number}") for number in range(1, 61)]
    one_sided = structs.replace(page, odd=False)
    pages = PdfReader(io.BytesIO(one_sided.render(parts, [1] * 60))).pages
    assert len(pages) == 2
    assert "Part 1, page 3" in pages[0].extract_text()
    assert "Part 60, page 62" in pages[1].extract_text()


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("\0K\0n\0e\0e", "Knee"),
        ("Knee \N{GRINNING FACE} pain\n(two)", "Knee pain (two)"),
        ("gnp.\N{RIGHT-TO-LEFT OVERRIDE}Consent", "gnp.Consent"),
        ("\u0646\u0645\u0648\u0630\u062c (\N{GRINNING FACE})", "Part 2"),
        ("", "Part 2"),
    ],
)
def test_a_title_is_listed_as_far_as_it_can_be_printed(
    page: ContentsPage, title: str, said: str
) -> None:
    data = page.render([PacketPart(b"", "A"), PacketPart(b"", title)], [1, 1])
    (only,) = PdfReader(io.BytesIO(data)).pages
    assert f"{said}, page 5" in only.extract_text()


def test_a_title_without_a_space_ends_its_lines_with_hyphens(page: ContentsPage) -> None:
    title = "W" * 100
    data = page.render([PacketPart(b"", title), PacketPart(b"", "B")], [1, 1])
    said = PdfReader(io.BytesIO(data)).pages[0].extract_text()
    lines = [line for line in said.splitlines() if "WW" in line]
    assert [line.count("W") for line in lines] == [30, 30, 30, 10]
    assert all(line[-1] in "-\u00ad" for line in lines[:-1])


def test_paper_and_brand_are_those_asked_for(page: ContentsPage) -> None:
    other = structs.replace(page, size=(595.28, 841.89), terms={**TERMS, "page": "Página"})
    (only,) = PdfReader(io.BytesIO(other.render([PacketPart(b"", "A")], [1]))).pages
    assert float(only.mediabox.height) == pytest.approx(841.89, abs=0.01)
    assert "A, página 3" in only.extract_text()


def test_parts_begin_on_fronts_of_sheets() -> None:
    assert starts([1, 4, 2, 1], odd=True) == [1, 3, 7, 9]
    assert starts([1, 4, 2, 1], odd=False) == [1, 2, 6, 8]
    assert starts([3, 1], odd=True) == [1, 5]


def test_the_numbers_go_up_to_the_last_page(page: ContentsPage) -> None:
    contents = page.render([PacketPart(b"", "A"), PacketPart(b"", "B")], [3, 2])
    total = page.total(contents, [3, 2])
    slips = PdfReader(io.BytesIO(page.numbers(total))).pages
    assert [slip.extract_text() for slip in slips] == [
        f"Packet page {number} of 8" for number in range(1, 9)
    ]
    (blank,) = PdfReader(io.BytesIO(page.blank())).pages
    assert blank.extract_text() == "This page is blank on purpose."
