"""Two languages beside each other: what says the same begins at the same height."""

from __future__ import annotations

import pytest

from handouts.errors import LayoutError
from handouts.flow.placed import PlacedText
from handouts.model import (
    Block,
    Column,
    Heading,
    ListBlock,
    ListItem,
    PageBreak,
    Section,
    SideBySide,
    Text,
)
from tests.flow.placing import Result, bounds, numbered, para, place
from tests.flow.test_pages import picture


def heading(text: str) -> Heading:
    return Heading((Text(text),), "h")


def both(one: tuple[Block, ...], other: tuple[Block, ...]) -> SideBySide:
    """Columns of 90 points, 20 apart, in a frame of 200."""
    return SideBySide((Column(one, lang="en"), Column(other, lang="es")), 20, "p")


def heights(result: Result, *starts: str) -> list[tuple[int, float]]:
    """The page and baseline of the first text that begins with each of ``starts``."""
    texts = [(page.number, item) for page, item in result.items() if isinstance(item, PlacedText)]
    return [
        next((page, item.y) for page, item in texts if item.text.startswith(start))
        for start in starts
    ]


def test_each_block_begins_beside_its_twin_and_each_language_is_heard_whole() -> None:
    items = [
        ListBlock(
            tuple(ListItem((para(f"{word} {numbered(n, word)}"),)) for n in (1, count)),
            style="list",
        )
        for word, count in (("itema", 5), ("itemb", 2))
    ]
    one = (heading("Headinga"), para(numbered(9, "worda")), items[0], para("enda"))
    other = (heading("Headingb"), para(numbered(3, "wordb")), items[1], para("endb"))
    result = place(both((Section(one, "p"),), (Section(other, "p"),)))
    for word in ("Heading", "word", "item", "end"):
        left, right = heights(result, f"{word}a", f"{word}b")
        assert left == right, word
    heard = result.read()
    assert heard.index("enda") < heard.index("Headingb")
    langs = [(elem.tag, elem.lang) for elem in result.tree.root.walk() if elem.lang]
    assert ("Div", "es") in langs


def test_a_pair_stays_on_one_page_and_a_heading_with_what_follows() -> None:
    before = both((para(numbered(10, "first")),), (para(numbered(10, "erste")),))
    one, other = (heading("Ha"), para(numbered(6, "a"))), (heading("Hb"), para(numbered(2, "b")))
    result = place(before, both(one, other), height=90)
    assert {page for page, _ in heights(result, "Ha", "Hb", "a000", "b000")} == {2}


def test_a_pair_of_long_paragraphs_goes_on_in_both_columns() -> None:
    result = place(both((para(numbered(60, "a")),), (para(numbered(50, "b")),)), height=144)
    assert result.read() == numbered(60, "a") + numbered(50, "b")
    assert len(result.pages) > 1
    on_second = " ".join(item.text for item in result.texts(2))
    assert "a0" in on_second
    assert "b0" in on_second


def test_other_paragraphs_make_one_pair_up_to_the_next_list() -> None:
    """Nobody points at a wrong twin."""
    lists = [ListBlock((ListItem((para(word),)),), style="list") for word in ("lista", "listb")]
    one = (para("a1"), lists[0], para("a2"))
    other = (para("b1"), para("b1more"), lists[1], para("b2"))
    result = place(both(one, other))
    for pair in (("a1", "b1"), ("lista", "listb"), ("a2", "b2")):
        left, right = heights(result, *pair)
        assert left == right, pair
    assert heights(result, "b1more")[0][1] > heights(result, "lista")[0][1]


def test_content_without_a_twin_stays_in_its_column() -> None:
    result = place(both((para("a1"),), (para("b1"), para("bmore"))))
    assert {round(item.x) for item in result.texts() if item.text.startswith("b")} == {160}


def test_a_picture_that_a_column_would_squeeze_stands_above_its_twin() -> None:
    result = place(both((picture(180, 40),), (picture(180, 40),)))
    found = [bounds(item) for _, item in result.items() if hasattr(item, "image")]
    assert [round(right - left) for left, _, right, _ in found] == [180, 180]
    assert found[0][1] > found[1][3]


def test_a_page_break_in_both_is_one() -> None:
    one, other = ((para(f"{word}1"), PageBreak(), para(f"{word}2")) for word in "ab")
    result = place(both(one, other))
    assert [page for page, _ in heights(result, "a1", "b1", "a2", "b2")] == [1, 1, 2, 2]
    with pytest.raises(LayoutError, match="a page break stands in one language"):
        place(both((para("a1"), PageBreak()), (para("b1"), para("b2"))))
