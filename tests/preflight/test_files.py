"""Preflight takes any PDF: ours, other programs', broken, hostile and very long ones."""

from __future__ import annotations

import io
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from handouts.attach.options import Limits
from handouts.attach.refusals import Reason, Refused
from handouts.library.brand.typefaces import font_set
from handouts.model import (
    Block,
    Cell,
    Document,
    Frame,
    Heading,
    ListBlock,
    ListItem,
    Marker,
    PageMaster,
    Paragraph,
    Row,
    Scope,
    Style,
    Table,
    Text,
)
from handouts.pdf import render
from handouts.preflight import preflight
from handouts.preflight.findings import Rule
from tests.preflight.test_rules import FULL, examined, of, pdf, text

SAMPLES = Path(__file__).parents[1] / "attach" / "samples"
#: Why a sample cannot be looked at.
REFUSED = {
    "aes_128_user": Reason.PASSWORD,
    "aes_256_object_streams": Reason.PASSWORD,
    "aes_256_r5": Reason.PASSWORD,
    "aes_256_user": Reason.PASSWORD,
    "rc4_128_user": Reason.PASSWORD,
    "certificate_encrypted": Reason.CERTIFICATE,
    "truncated": Reason.DAMAGED,
}
#: What is wrong with the samples that other programs made.
FOUND = {
    "latex": {Rule.CONTRAST},
    "plain_reportlab": {Rule.LONELY, Rule.PAPER},
    "revisions": {Rule.LONELY, Rule.PAPER},
    "rich_letter": {Rule.NO_TEXT, Rule.PAPER},
    "scanner": {Rule.NO_TEXT},
}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.pdf")), ids=lambda path: path.stem)
def test_each_sample_is_looked_at_or_refused_with_its_reason(path: Path) -> None:
    if path.stem in REFUSED:
        with pytest.raises(Refused) as refused:
            examined(path.read_bytes())
        assert refused.value.reason is REFUSED[path.stem]
        return
    report = examined(path.read_bytes())
    assert len(report.looked) == report.pages > 0
    assert {one.rule for one in report.findings} == FOUND.get(path.stem, set())


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", Reason.NOT_PDF), (b"Dear colleague", Reason.NOT_PDF), (b"%PDF-1.7\n", Reason.DAMAGED)],
)
def test_what_is_no_pdf_is_refused(data: bytes, reason: Reason) -> None:
    with pytest.raises(Refused, match=r"^The file the\.pdf ") as refused:
        preflight(data, what="the file the.pdf")
    assert refused.value.reason is reason


def rewritten(content: bytes, box: tuple[float, ...] = (0, 0, 612, 792), pages: int = 1) -> bytes:
    """A file whose pages share one content."""
    with pikepdf.new() as made:
        stream = made.make_stream(content)
        for _ in range(pages):
            page = made.add_blank_page(page_size=(612, 792))
            page.obj.Contents = stream
            page.obj.MediaBox = pikepdf.Array(box)
        out = io.BytesIO()
        made.save(out, compress_streams=True)
    return out.getvalue()


def test_a_file_of_thousands_of_pages_ends_soon_and_names_what_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("handouts.preflight.examining.MOST_PAGES", 20)
    start = time.monotonic()
    report = examined(rewritten(b"0 0 10 10 re f", pages=5_000))
    assert time.monotonic() - start < 20
    assert (report.pages, len(report.looked)) == (5_000, 20)
    assert "Pages 21 to 5000 were not looked at" in str(of(Rule.PAGES, report)[0])
    assert "--pages 21-40" in str(of(Rule.PAGES, report)[0])


def test_a_page_as_large_as_a_field_is_drawn_in_bounded_memory() -> None:
    report = preflight(rewritten(b"0 0 9 9 re f", (0, 0, 14_400, 14_400), pages=3))
    assert {one.rule for one in report.findings} >= {Rule.PAPER}


@pytest.mark.parametrize(
    "content",
    [
        b"0 0 m " + b"9 9 l 612 792 l " * 2_000_000 + b"S",
        b"BT /F 12 Tf " + b"(aaaaaaaa) Tj " * 2_000_000 + b"ET",
        b"q " * 3_000_000,
    ],
    ids=["strokes", "letters", "states"],
)
def test_a_page_that_would_take_for_ever_ends_in_time(content: bytes) -> None:
    start = time.monotonic()
    with suppress(Refused):
        preflight(rewritten(content), limits=Limits(cpu_seconds=4, wall_seconds=8))
    assert time.monotonic() - start < 12


def test_a_file_that_takes_too_long_is_no_letter_and_gets_no_option_of_letters() -> None:
    with pytest.raises(Refused, match=r"^The file took longer") as refused:
        preflight(pdf(text(*FULL)), limits=Limits(wall_seconds=0.001))
    assert "--" not in str(refused.value.findings[0])


@pytest.mark.parametrize("nested", [b"/Table", b"/Sect"])
def test_tags_in_a_circle_are_read_once(nested: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf(text(*FULL), text(*FULL)))) as file:
        one = file.make_indirect(pikepdf.Dictionary(S=pikepdf.Name(nested.decode())))
        one.K = pikepdf.Array([one, 0, one])
        one.Pg = file.pages[0].obj
        file.Root.StructTreeRoot = pikepdf.Dictionary(K=one)
        out = io.BytesIO()
        file.save(out)
    assert of(Rule.SPLIT, preflight(out.getvalue())) == []


def document(*blocks: Block) -> bytes:
    """A tagged file of ours, in letters of 12.5 points."""
    title = Heading((Text("My diary"),), style="p")
    return render(
        Document(
            title="Diary",
            lang="en",
            author="",
            subject="",
            keywords=(),
            modified=date(2026, 11, 22),
            page_width=612,
            page_height=792,
            masters={"page": PageMaster("page", (Frame(72, 72, 468, 648),))},
            first_master="page",
            blocks=(title, *blocks),
            styles={"p": Style(), "cell": Style(), "caption": Style()},
            inline_styles={},
            fonts=font_set(),
        )
    )


def test_what_is_heard_in_place_of_a_mark_has_no_size() -> None:
    items = (ListItem((Paragraph((Text("I had a rest."),), style="p"),)),)
    report = examined(document(ListBlock(items, Marker.CHECKBOX, style="p")))
    assert report.looked[0].smallest == 12.5


def tagged(rows: int, before: int) -> bytes:
    """A tagged file of ours: so many lines of text, then a table of so many rows."""
    texts = [
        Paragraph((Text(f"Line {number} of the words before it."),), style="p")
        for number in range(before)
    ]
    cells = [
        Row((Cell((Paragraph((Text(f"Day {number}"),), style="p"),), style="cell"),))
        for number in range(rows)
    ]
    head = Row((Cell((Paragraph((Text("Day"),), style="p"),), Scope.COLUMN, style="cell"),))
    table = Table((Text("The days"),), (head,), tuple(cells), style="p")
    return document(*texts, table)


@pytest.mark.parametrize(
    ("rows", "before", "found"),
    [(12, 30, [1]), (12, 2, []), (50, 20, [])],
    ids=["split", "whole", "longer than a page"],
)
def test_a_tagged_table_is_known_by_its_tags(rows: int, before: int, found: list[int]) -> None:
    report = examined(tagged(rows, before))
    assert report.pages == 1 + bool(found or rows == 50)
    assert [one.page for one in of(Rule.SPLIT, report)] == found
