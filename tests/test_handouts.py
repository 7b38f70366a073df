"""Every handout we ship, in every layout, paper and brand: valid, in order, and as it was."""

from __future__ import annotations

import multiprocessing
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from handouts.attach.transcript import transcribe
from handouts.compose import compose
from handouts.layout import lay_out, load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import (
    Block,
    Document,
    SectionChoice,
    Selection,
    plain_text,
)
from handouts.model.tree import inline_of, walk
from handouts.pdf.rendering import render
from handouts.pdf.validate import page_count, validate
from handouts.workspace import open_workspace
from tests.conftest import Golden
from tests.pdf.dump import text_in_tag_order

CONDITIONS = ("crps", "groin-hernia", "knee-replacement")
LAYOUTS = ("standard", "large-print", "referral")
BRANDS = ("juniper", "lakeside")
PAPERS = ("letter", "a4")
GOLDENS = Path(__file__).parent / "goldens"

#: Warnings of outloud that are wrong for these files, and why. An error is never excused.
WRONG_WARNINGS = {
    "ORD-001": "It ranks a paragraph's own marks before those of the links and abbreviations "
    "inside it. That ink follows the tags is held by tests/pdf/test_paint.py.",
    "NOTE-003": "It looks for a note's label inside the note. A source is an item of a list: its "
    "label stands beside its body, and its words are a P.",
    "TBL-012": "The trial diary is a table to fill in by hand: its cells are empty on purpose.",
    "TBL-014": "Panels and rules are borders around prose, not a grid of cells.",
}


@dataclass(frozen=True)
class Seen:
    """What the checkers say of one handout."""

    selection: Selection
    pages: int
    invalid: tuple[str, ...]
    spoken: tuple[str, ...]


@cache
def document(selection: Selection) -> Document:
    """The way from a selection to a Document, over the built-in files."""
    workspace = open_workspace(None, Path("/"))
    layout = load_layout(workspace, selection.layout)
    brand = load_brand(workspace, selection.brand, selection.lang)
    library = load_library(workspace, selection.lang)
    handout = compose(library, selection, brand, layout.facts)
    return lay_out(handout, layout, brand, selection.paper)


def look(selection: Selection) -> Seen:
    """Build one handout and ask every checker. Runs in a process of its own pool."""
    from outloud import check

    data = render(document(selection))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        result = check(file.name)
    assert result.error is None, result.error
    spoken = tuple(
        f"{found.rule} p.{found.page}: {found.message}"
        for found in result.findings
        if found.severity == "error"
        or (found.severity == "warning" and found.rule not in WRONG_WARNINGS)
    )
    return Seen(selection, page_count(data), tuple(map(str, validate(data))), spoken)


@pytest.fixture(scope="module")
def matrix() -> Iterator[list[Seen]]:
    """All 36 handouts and their long versions, on all cores."""
    selections = [
        Selection(condition, layout, "en", brand, paper)
        for condition, layout, brand, paper in product(CONDITIONS, LAYOUTS, BRANDS, PAPERS)
    ]
    selections += [
        Selection(condition, "standard", "en", "juniper", "letter", SectionChoice.ALL)
        for condition in CONDITIONS
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as pool:
        yield list(pool.map(look, selections))


def test_every_handout_is_pdf_ua_1_and_pdf_a_2a(matrix: list[Seen]) -> None:
    assert {seen.selection: seen.invalid for seen in matrix if seen.invalid} == {}


def test_every_handout_reads_well_aloud(matrix: list[Seen]) -> None:
    assert {seen.selection: seen.spoken for seen in matrix if seen.spoken} == {}


def test_the_sheets_hold_what_the_plan_says(matrix: list[Seen]) -> None:
    pages = {"standard": {4}, "referral": {2}, "large-print": set(range(6, 11))}
    usual = [seen for seen in matrix if seen.selection.choice is SectionChoice.DEFAULT]
    wrong = {
        seen.selection: seen.pages
        for seen in usual
        if seen.pages not in pages[seen.selection.layout]
    }
    assert wrong == {}


def words(text: str) -> str:
    """Text as heard: without white space and without the signs that only a slot or label adds."""
    return re.sub(r"\s+", "", text)


def content(blocks: tuple[Block, ...]) -> Iterator[str]:
    """The words of the blocks in their order, as the author wrote them."""
    return (plain_text(inline_of(node)) for node in walk(blocks))


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_reader_hears_the_content_in_its_order(condition: str, layout: str) -> None:
    wanted = document(Selection(condition, layout, "en", "juniper", "letter", SectionChoice.ALL))
    heard = words(text_in_tag_order(render(wanted)))
    place = 0
    for piece in content(wanted.blocks):
        # Citation numbers and list labels stand between the words of a block, so look for
        # its sentences one by one, each after the last.
        for sentence in filter(None, map(words, re.split(r"(?<=[.!?:;,])\s", piece))):
            found = heard.find(sentence, place)
            assert found >= 0, f"not heard after {heard[max(0, place - 60) : place]!r}: {sentence}"
            place = found + len(sentence)


def transcript(data: bytes) -> str:
    """What a screen reader says, and what stands in place of it."""
    return "\n".join(transcribe(data).lines) + "\n"


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("version", [*LAYOUTS, "long"])
def test_what_is_heard_and_seen_is_as_it_was(condition: str, version: str, golden: Golden) -> None:
    is_long = version == "long"
    choice = SectionChoice.ALL if is_long else SectionChoice.DEFAULT
    layout = "standard" if is_long else version
    made = document(Selection(condition, layout, "en", "juniper", "letter", choice))
    data = render(made)
    for text, name in ((transcript(data), "transcript"), (pages(data), "pages")):
        # The edition changes with every style; the golden changes only with words and tags.
        golden(text.replace(made.edition, "EDITION"), GOLDENS / f"{condition}.{version}.{name}.txt")


def pages(data: bytes) -> str:
    """The text of each page in the order of its content stream."""
    from io import BytesIO

    from pypdf import PdfReader

    texts = (page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return "".join(f"--- page {number}\n{text}\n" for number, text in enumerate(texts, 1))
