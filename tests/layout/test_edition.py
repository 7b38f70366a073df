"""The edition: the same for the same words, values and pictures; another for any other."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from handouts.layout.edition import with_edition
from handouts.model import (
    Document,
    FontSet,
    Paragraph,
    Row,
    Slot,
    Table,
    Text,
    plain_text,
)
from handouts.model.serial import canonical
from tests.layout.conftest import Bench, a_handout


@pytest.fixture
def document(bench: Bench) -> Document:
    bench.template("<footer><p>{{ edition }}</p></footer><p>Edition {{ edition }}</p>")
    return bench.lay_out()


def test_it_is_ten_hexadecimal_digits_and_printed(document: Document) -> None:
    assert len(document.edition) == 10
    assert int(document.edition, 16) >= 0
    (block,) = document.blocks
    assert isinstance(block, Paragraph)
    assert plain_text(block.children) == f"Edition {document.edition}"
    (footer,) = document.masters["page"].running
    (line,) = footer.blocks
    assert isinstance(line, Paragraph)
    assert plain_text(line.children) == document.edition


def test_the_same_inputs_have_the_same_edition(bench: Bench, document: Document) -> None:
    assert bench.lay_out().edition == document.edition


def test_it_does_not_depend_on_where_files_lie(document: Document) -> None:
    family = replace(document.fonts.body, regular="/elsewhere/a.ttf", bold="/elsewhere/b.ttf")
    moved = replace(document, fonts=FontSet(family, family))
    here = replace(document, fonts=FontSet(document.fonts.body, document.fonts.body))
    assert canonical(moved) == canonical(here)


def test_sources_do_not_count(bench: Bench) -> None:
    before = bench.template("<p>words</p>").lay_out()
    after = bench.template("\n\n<p>words</p>").lay_out()
    assert before.edition == after.edition


@pytest.mark.parametrize(
    "template", ["<p>other words</p>", "<p>words </p><p>more</p>", "<h>words</h>"]
)
def test_other_words_have_another(bench: Bench, template: str) -> None:
    before = bench.template("<p>words</p>").lay_out()
    assert bench.template(template).lay_out().edition != before.edition


def test_another_brand_or_style_has_another(bench: Bench) -> None:
    before = bench.template("<p>{{ brand.name }}</p>").lay_out()
    bench.brand = replace(bench.brand, name="Other")
    assert bench.lay_out().edition != before.edition
    again = bench.lay_out()
    bench.settings("").write(
        "small/layout.toml",
        (bench.root / "layouts/small/layout.toml")
        .read_text()
        .replace("[styles.p]", "[styles.p]\nsize = 20"),
    )
    assert bench.lay_out().edition != again.edition


def test_a_style_that_is_not_used_does_not_count(bench: Bench) -> None:
    before = bench.template("<p>words</p>").lay_out()
    assert bench.settings("[styles.unused]\nsize = 30\n").lay_out().edition == before.edition


def test_words_do_not_run_into_each_other() -> None:
    two = Slot("a\nb", repertoire="c")
    other = Slot("a", repertoire="b\nc")
    assert canonical(two) != canonical(other)


def test_slots_of_pages_stay_and_deep_ones_are_filled(document: Document) -> None:
    deep = Table((Slot("edition"),), (), (Row(()),))
    filled = with_edition(replace(document, blocks=(deep, Paragraph((Slot("page"),)))))
    table, paragraph = filled.blocks
    assert isinstance(table, Table)
    assert table.caption == (Text(filled.edition),)
    assert paragraph.children == (Slot("page"),)  # type: ignore[union-attr]


def test_nothing_unknown_is_hashed() -> None:
    with pytest.raises(TypeError, match="holds a object"):
        canonical(object())


def test_a_handout_laid_out_twice_is_the_same(bench: Bench) -> None:
    handout = a_handout()
    assert bench.lay_out(handout) == bench.lay_out(handout)
