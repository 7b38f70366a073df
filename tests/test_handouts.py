"""Every handout we ship, in every layout, paper and brand: valid, in order, and as it was."""

from __future__ import annotations

import multiprocessing
import re
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from handouts.attach.transcript import transcribe
from handouts.compose import Words
from handouts.compose.bilingual import compose_all
from handouts.fitting import Fitting
from handouts.flow.faces import FontBook
from handouts.flow.pages import flow
from handouts.flow.placed import PlacedText
from handouts.layout import lay_out, load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import (
    FORM,
    NO_ONE,
    Block,
    Document,
    FigureLabel,
    ListBlock,
    Marker,
    Part,
    SectionChoice,
    Selection,
    Shape,
    Table,
    Text,
    plain_text,
)
from handouts.model.tree import all_inline, inline_of, walk
from handouts.pdf.foreign import without_running_lines
from handouts.pdf.rendering import render
from handouts.pdf.structure import build_structure
from handouts.pdf.validate import page_count, validate
from handouts.workspace import open_workspace
from tests.conftest import Golden
from tests.pdf.dump import text_in_tag_order

CONDITIONS = (
    "crps", "crps-arm", "foot", "groin-hernia", "knee-replacement", "nerve-injury", "pelvic",
)  # fmt: skip
LAYOUTS = ("standard", "large-print", "referral")
#: Layouts on other sheets. Their words are those of the others, or few: goldens of two conditions.
SHAPES = ("booklet", "poster")
SHAPED = ("crps", "knee-replacement")
#: Two languages beside each other, and the conditions whose words are kept as goldens.
PAIR, PAIRED = "bilingual", ("knee-replacement", "pelvic")
#: Layouts of few pages, which leave out what does not fit.
SHEETS = ("one-page", "trifold")
#: The conditions with the fewest and the most words that protect.
ENDS = ("crps", "pelvic")
#: Language, brand, paper.
LOOKS = (("en", "juniper", "letter"), ("es", "lakeside", "a4"))
_PROSE = "TAG-002"
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


BUILT_IN = open_workspace(None, Path("/"))
library_in = cache(partial(load_library, BUILT_IN))
brand_in = cache(partial(load_brand, BUILT_IN))
layout_named = cache(partial(load_layout, BUILT_IN))


@cache
def words_for(selection: Selection, **of_brand: Any) -> tuple[Words, ...]:
    """The built-in words of a selection, the brand changed so."""
    return tuple(
        Words(library_in(lang), replace(brand_in(selection.brand, lang), **of_brand))
        for lang in selection.languages
    )


@cache
def fitted(selection: Selection, **of_brand: Any) -> Selection:
    """The selection without what has no room: found by laying it out many times."""
    words, layout = words_for(selection, **of_brand), layout_named(selection.layout)
    return Fitting(words, layout, shape(selection)).fitted(selection)


def shape(selection: Selection) -> Shape:
    """Nobody's, or that of a form."""
    return FORM if selection.fillable else NO_ONE


@cache
def document(selection: Selection, **of_brand: Any) -> Document:
    """The way from a selection to a Document, over the built-in files, the brand changed so."""
    words, layout = words_for(selection, **of_brand), layout_named(selection.layout)
    handout = compose_all(fitted(selection, **of_brand), layout.facts, words)
    return lay_out(handout, layout, words[0].brand, selection.paper, shape(selection))


def look(selection: Selection) -> Seen:
    """Build one handout and ask every checker. Runs in a process of its own pool."""
    from outloud import check

    data = render(document(selection))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        result = check(file.name)
        heard = list(result.findings)
        if page_count(data) == 1:  # no line repeats there: what says so is believed, as by `check`
            copy = f"{file.name}.copy"
            without_running_lines(Path(file.name), Path(copy))
            prose = check(copy).findings
            Path(copy).unlink()
            heard = [one for one in heard if one.rule != _PROSE]
            heard += [one for one in prose if one.rule == _PROSE]
    assert result.error is None, result.error
    spoken = tuple(
        f"{found.rule} p.{found.page}: {found.message}"
        for found in heard
        if found.severity == "error"
        or (found.severity == "warning" and found.rule not in WRONG_WARNINGS)
    )
    return Seen(selection, page_count(data), tuple(map(str, validate(data))), spoken)


@pytest.fixture(scope="module")
def matrix() -> Iterator[list[Seen]]:
    """Each handout in both languages, brands and papers, and its long version, on all cores."""
    selections = [
        Selection(condition, layout, lang, brand, paper)
        for condition, layout, (lang, brand, paper) in product(
            CONDITIONS, (*LAYOUTS, *SHAPES), LOOKS
        )
    ]
    selections += [
        Selection(condition, PAIR, lang, brand, paper, beside=other)
        for condition in CONDITIONS
        for (lang, brand, paper), other in zip(LOOKS, ("es", "en"), strict=True)
    ]
    selections += [
        Selection(condition, layout, *look)
        for condition, layout, look in product(ENDS, SHEETS, LOOKS)
    ]
    selections += [
        Selection(condition, layout, "es", "juniper", "letter", fillable=True)
        for condition, layout in zip(ENDS, SHEETS, strict=True)
    ]
    selections += [
        Selection(condition, "standard", "en", "juniper", "letter", SectionChoice.ALL)
        for condition in CONDITIONS
    ]
    selections += [
        Selection(condition, layout, *look, SectionChoice.ALL, fillable=True)
        for condition, (layout, look) in product(CONDITIONS, zip(LAYOUTS, LOOKS, strict=False))
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as pool:
        yield list(pool.map(look, selections))


def test_every_handout_is_pdf_ua_1_and_pdf_a_2a(matrix: list[Seen]) -> None:
    assert {seen.selection: seen.invalid for seen in matrix if seen.invalid} == {}


def test_every_handout_reads_well_aloud(matrix: list[Seen]) -> None:
    assert {seen.selection: seen.spoken for seen in matrix if seen.spoken} == {}


def test_the_sheets_hold_what_the_plan_says(matrix: list[Seen]) -> None:
    pages = {"standard": {6}, "referral": {3, 4}, "large-print": set(range(10, 15)), PAIR: {9, 10}}
    pages |= {"booklet": {12}, "poster": {1}, "one-page": {2}, "trifold": {2}}
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


def content(blocks: Iterable[Block | Part]) -> Iterator[str]:
    """The words of the blocks in their order, as the author wrote them. Labels are parts of their
    picture, which stands before its caption."""
    nodes = (node for node in walk(blocks) if not isinstance(node, FigureLabel))
    return (plain_text(inline_of(node)) for node in nodes)


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


def heads(made: Document) -> list[list[tuple[bool, bool]]]:
    """For each table that runs over a page, and each page with rows of its body: whether its head
    stands there to be heard, and whether it stands there for the eye only."""
    tree = build_structure(made)
    pages = flow(made, tree, FontBook(made.fonts))
    texts = [[item for item in page.items if isinstance(item, PlacedText)] for page in pages]
    found = []
    for table in (node for node in walk(made.blocks) if isinstance(node, Table)):
        head = words("".join(content(table.head)))
        body = {tree.leaf(one) for one in all_inline(table.body) if isinstance(one, Text)}
        on = [items for items in texts if any(item.leaf in body for item in items)]
        if len(on) > 1:
            tagged = [words("".join(one.text for one in items if one.leaf)) for items in on]
            others = [words("".join(one.text for one in items if not one.leaf)) for items in on]
            found.append([(head in a, head in b) for a, b in zip(tagged, others, strict=True)])
    return found


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_table_that_runs_over_a_page_repeats_its_head_for_the_eye_only(condition: str) -> None:
    made = document(Selection(condition, "standard", "en", "juniper", "letter", SectionChoice.ALL))
    low = {
        name: replace(one, frames=tuple(replace(frame, height=320) for frame in one.frames))
        for name, one in made.masters.items()
    }
    tables = heads(replace(made, masters=low))
    assert tables
    for first, *later in tables:
        assert first == (True, False)
        assert set(later) == {(False, True)}


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_boxes_and_bullets_are_found_by_programs_that_extract_text(
    condition: str, layout: str
) -> None:
    made = document(Selection(condition, layout, "en", "juniper", "letter"))
    seen = pages(render(made))
    for sign, marker in (("☐", Marker.CHECKBOX), ("•", Marker.DISC)):
        lists = [one for one in walk(made.blocks) if isinstance(one, ListBlock)]
        count = sum(len(one.items) for one in lists if one.marker is marker)
        assert seen.count(sign) == count > 0


def transcript(data: bytes) -> str:
    """What a screen reader says, and what stands in place of it."""
    return "\n".join(transcribe(data).lines) + "\n"


@pytest.mark.parametrize(
    ("condition", "version"),
    [
        *product(CONDITIONS, (*LAYOUTS, "long")),
        *product(SHAPED, SHAPES),
        *product(ENDS, SHEETS),
    ],
)
def test_what_is_heard_and_seen_is_as_it_was(condition: str, version: str, golden: Golden) -> None:
    is_long = version == "long"
    choice = SectionChoice.ALL if is_long else SectionChoice.DEFAULT
    layout = "standard" if is_long else version
    made = document(Selection(condition, layout, "en", "juniper", "letter", choice))
    data = render(made)
    for text, name in ((transcript(data), "transcript"), (pages(data), "pages")):
        # The edition changes with every style; the golden changes only with words and tags.
        golden(text.replace(made.edition, "EDITION"), GOLDENS / f"{condition}.{version}.{name}.txt")


@pytest.mark.parametrize("condition", PAIRED)
def test_what_is_heard_and_seen_in_two_languages_is_as_it_was(
    condition: str, golden: Golden
) -> None:
    made = document(Selection(condition, PAIR, "en", "juniper", "letter", beside="es"))
    data = render(made)
    for text, name in ((transcript(data), "transcript"), (pages(data), "pages")):
        golden(text.replace(made.edition, "EDITION"), GOLDENS / f"{condition}.{PAIR}.{name}.txt")


@pytest.mark.parametrize(("lang", "brand", "paper"), LOOKS)
def test_what_is_heard_of_a_form_beyond_the_page_is_as_it_was(
    lang: str, brand: str, paper: str, golden: Golden
) -> None:
    diary = SectionChoice.NAMED, ("trial-diary",)
    wanted = Selection("crps", "standard", lang, brand, paper, *diary)
    page, form = (document(one) for one in (wanted, replace(wanted, fillable=True)))
    texts = (re.sub(r"page \d+", "page N", transcript(render(one))) for one in (page, form))
    before, after = (text.splitlines(keepends=True) for text in texts)
    golden("".join(unified_diff(before, after, n=0)), GOLDENS / f"crps.form.{lang}.txt")


def pages(data: bytes) -> str:
    """The text of each page in the order of its content stream."""
    from io import BytesIO

    from pypdf import PdfReader

    texts = (page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return "".join(f"--- page {number}\n{text}\n" for number, text in enumerate(texts, 1))
