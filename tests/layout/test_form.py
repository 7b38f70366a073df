"""A handout as a form: a field in each blank of a table, named and heard by its headings."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts.compose import compose
from handouts.contract import check_document
from handouts.contract.words import same_meaning
from handouts.errors import LayoutError
from handouts.layout import lay_out, load_layout
from handouts.layout.form import as_form
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import (
    FIELD_NAMES,
    FORM,
    Block,
    Cell,
    FormField,
    Paragraph,
    Row,
    Scope,
    Section,
    SectionChoice,
    Selection,
    Span,
    Table,
    Text,
)
from handouts.model.tree import walk
from handouts.workspace import open_workspace


def cell(words: str = "", scope: Scope | None = None, colspan: int = 1, rowspan: int = 1) -> Cell:
    inside = (Paragraph((Span((Text(words),), "strong"),)),) if words else ()
    return Cell(inside, scope, colspan, rowspan)


def table(head: str, *body: tuple[Cell, ...]) -> Table:
    names = Row(tuple(cell(word, Scope.COLUMN) for word in head.split()))
    return Table((Text("caption"),), (names,), tuple(map(Row, body)))


def fields(*blocks: Block) -> list[tuple[str, str]]:
    """Name and description of each field of ``blocks`` as a form."""
    found = [node for node in walk(as_form(blocks)) if isinstance(node, FormField)]
    return [(field.name, field.description) for field in found]


ONE = cell("1", Scope.ROW), cell(), cell("known"), cell()


def test_a_blank_is_named_by_its_place_and_heard_by_its_headings() -> None:
    diary = table("Day Pain Told Slept", ONE, (cell("2", Scope.ROW), cell(), cell(), cell()))
    assert fields(Section((diary,), id="diary")) == [
        ("diary.r1.c2", "Day 1, Pain"),
        ("diary.r1.c4", "Day 1, Slept"),
        ("diary.r2.c2", "Day 2, Pain"),
        ("diary.r2.c3", "Day 2, Told"),
        ("diary.r2.c4", "Day 2, Slept"),
    ]


def test_the_corner_stands_before_the_heading_that_is_a_number_alone() -> None:
    """Here the days are the columns."""
    row = cell("Pain", Scope.ROW), cell(), cell()
    assert [said for _, said in fields(table("Day Start 1", row))] == ["Pain, Start", "Pain, Day 1"]


def test_cells_that_are_joined_move_the_headings_of_others() -> None:
    wide = table("Day Pain Told Slept", (cell("1", rowspan=2), cell(colspan=2), cell()), (cell(),))
    assert fields(wide) == [
        ("table.r1.c2", "Day 1, Pain"),
        ("table.r1.c4", "Day 1, Slept"),
        ("table.r2.c2", "Pain"),
    ]
    assert fields(table("", (cell(),))) == [("table.r1.c1", "1")]


def test_each_table_of_a_section_has_names_of_its_own_and_others_stay_as_they_are() -> None:
    first, full = table("Day Pain", (cell("1"), cell())), table("Day Pain", (cell("1"), cell("7")))
    section = Section((first, full, first, Section((first,), id="inner")), id="outer")
    names = [name for name, _ in fields(section)]
    assert names == ["outer.r1.c2", "outer.t2.r1.c2", "inner.r1.c2"]
    (made,) = as_form((full,))
    assert made is full


def test_the_contract_knows_a_form_by_its_words_and_nothing_else_in_a_blank() -> None:
    blank, words = cell(), cell("added")
    form = replace(blank, children=(FormField((), "a", "Pain"),))
    assert same_meaning(blank, form, "")
    assert not same_meaning(blank, words, "")
    assert not same_meaning(words, replace(words, children=form.children), "")
    beside = (*words.children, *form.children)
    assert not same_meaning(words, replace(words, children=beside), "")
    assert not same_meaning(blank, replace(form, children=(*form.children, *words.children)), "")
    assert not same_meaning(cell(scope=Scope.ROW), form, "")


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Day 1, Pain at rest"), ("es", "Día 1, Dolor en reposo")]
)
def test_a_handout_and_its_form_are_one_edition_and_pass_the_same_gate(
    lang: str, said: str
) -> None:
    workspace = open_workspace(None, Path("/"))
    layout, brand = load_layout(workspace, "standard"), load_brand(workspace, "", lang)
    chosen = Selection("crps", lang=lang, choice=SectionChoice.NAMED, sections=("trial-diary",))
    handout = compose(load_library(workspace, lang), chosen, brand, layout.facts)
    page, form = (lay_out(handout, layout, brand, "a4", *shape) for shape in ((), (FORM,)))
    assert form.edition == page.edition
    typed = {one.name: one for one in walk(form.blocks) if isinstance(one, FormField)}
    assert [*typed][-8:] == [
        *("patient", "appointment", "place", "clinician", "birth_date", "side", "phone", "note")
    ]
    assert {*FIELD_NAMES} <= typed.keys()
    assert len(typed) == 8 + 50
    assert typed["trial-diary.r1.c2"].description == said
    check_document(form, handout, brand, layout.facts.kind, layout.sheet.origin)


def test_a_layout_without_the_panel_makes_no_form() -> None:
    workspace = open_workspace(None, Path("/"))
    layout, brand = load_layout(workspace, "referral"), load_brand(workspace, "", "en")
    handout = compose(load_library(workspace, "en"), Selection("crps"), brand, layout.facts)
    with pytest.raises(LayoutError, match="no place for the field “patient”"):
        lay_out(handout, layout, brand, "letter", FORM)
