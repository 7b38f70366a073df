"""Tables: the grid, column widths, splits between rows, repeated heads, split rows."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from msgspec.structs import replace

from handouts.errors import LayoutError, Source
from handouts.flow.boxes import Stack
from handouts.flow.grid import place_rows
from handouts.flow.placed import PlacedRect, PlacedText
from handouts.flow.structure_tree import Leaf
from handouts.flow.tables import CellBox
from handouts.model import (
    Block,
    Cell,
    Edges,
    Frame,
    Heading,
    ListBlock,
    ListItem,
    Marker,
    PageMaster,
    Panel,
    Paragraph,
    Row,
    Style,
    Table,
    Text,
)
from tests.flow.placing import PLAIN, STYLES, Result, numbered, outside, para, place

SEEDS = st.integers(0, 2**32)


def cell(text: str = "", colspan: int = 1, rowspan: int = 1, style: str = "cell") -> Cell:
    children: tuple[Block, ...] = (para(text),) if text else ()
    return Cell(children, None, colspan, rowspan, style)


def row(*cells: Cell | str) -> Row:
    return Row(tuple(cell(each) if isinstance(each, str) else each for each in cells))


def table(head: Sequence[Row], body: Sequence[Row], caption: str = "") -> Table:
    return Table((Text(caption),) if caption else (), tuple(head), tuple(body), style="table")


def at(result: Result, text: str) -> PlacedText:
    return next(item for item in result.texts() if item.text.strip() == text)


# --- the grid ---


def box(cell: Cell, column: int, rows: int) -> CellBox:
    return CellBox(Stack(()), Style(), column, cell.colspan, rows)


def test_cells_take_the_first_free_column() -> None:
    rows = place_rows([row(cell("a", rowspan=2), "b"), row("c"), row("d", "e")], box)
    assert [[each.column for each in line.cells] for line in rows] == [[0, 1], [1], [0, 1]]
    assert [line.joined for line in rows] == [True, False, False]


def test_a_row_span_ends_with_its_part_of_the_table() -> None:
    (line,) = place_rows([row(cell("a", rowspan=9), "b")], box)
    assert line.cells[0].rows == 1
    assert not line.joined


@given(SEEDS)
def test_no_two_cells_share_a_place(seed: int) -> None:
    rows = place_rows(random_rows(Random(seed)), box)
    taken = [
        (number + down, each.column + across)
        for number, line in enumerate(rows)
        for each in line.cells
        for down in range(each.rows)
        for across in range(each.columns)
    ]
    assert len(taken) == len(set(taken))
    assert all(number < len(rows) for number, _ in taken)


def random_rows(random: Random) -> list[Row]:
    def some() -> Cell:
        words = " ".join("word" for _ in range(random.randint(1, 12)))
        spans = random.choices([1, 2, 3], [8, 2, 1], k=2)
        return cell(words, spans[0], spans[1])

    return [
        Row(tuple(some() for _ in range(random.randint(1, 3)))) for _ in range(random.randint(1, 6))
    ]


def test_a_table_without_cells_names_its_source() -> None:
    block = Table((), (), (Row(()),), style="table", source=Source("a.md", 6))
    with pytest.raises(LayoutError, match=r"a.md:6: a table has no cells"):
        place(block)


@pytest.mark.parametrize("widths", [(1.0,), (1.0, 0.0)])
def test_widths_must_fit_the_columns(widths: tuple[float, ...]) -> None:
    with pytest.raises(LayoutError, match="columns are 2"):
        place(replace(table((), [row("a", "b")]), widths=widths))


# --- placing ---


def test_a_cell_over_two_columns_has_their_width() -> None:
    block = replace(table((), [row(cell("wide", 2), "c"), row("a", "b", "c")]), widths=(1, 1, 2))
    styles = {**STYLES, "cell": replace(STYLES["cell"], background="#123456")}
    result = place(block, styles=styles)
    boxes = [
        (item.x, item.width)
        for _, item in result.items()
        if isinstance(item, PlacedRect) and item.fill == "#123456"
    ]
    assert boxes == [(50, 100), (150, 100), (50, 50), (100, 50), (150, 100)]


def test_a_cell_over_two_rows_stretches_the_last_of_them() -> None:
    block = table((), [row(cell("one " * 12, rowspan=2), "b"), row("c"), row("d", "e")])
    result = place(replace(block, widths=(1, 3)), width=120)
    tall = len([item for item in result.texts() if item.text.startswith("one")])
    assert tall > 2
    assert at(result, "b").y - at(result, "c").y == pytest.approx(16)
    assert at(result, "b").y - at(result, "d").y == pytest.approx(tall * 12 + 4)


def test_cells_of_a_row_start_at_one_height() -> None:
    result = place(table((), [row("short", "words " * 20)]))
    assert len({item.y for item in result.texts() if item.text.startswith(("short", "words"))}) > 1
    assert at(result, "short").y == max(item.y for item in result.texts())


def test_short_columns_keep_their_words_on_one_line() -> None:
    result = place(table((), [row("two words", "many more words " * 10)]), width=260)
    assert at(result, "two words")


def test_a_table_is_as_wide_as_its_frame() -> None:
    result = place(table([row("a", "b")], [row("c", "d")]))
    head = next(item for _, item in result.items() if isinstance(item, PlacedRect))
    assert (head.x, head.width, head.fill) == (50, 200, "#dddddd")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("for 1,000,000 mg", "1,000,000"),
        ("off-label Physiotherapy", "Physiotherapy"),
        ("pain-physiotherapy", "physiotherapy"),
        ("a.org/physiotherapy", "physiotherapy"),
    ],
)
@pytest.mark.parametrize("shares", [(), (1.0,) * 8])
def test_a_word_wider_than_its_column_is_refused(
    text: str, word: str, shares: tuple[float, ...]
) -> None:
    wide = replace(para(text), source=Source("a.md", 7))
    listed = ListBlock((ListItem((wide,)),), Marker.NONE, style="list")
    last = replace(cell(), children=(listed,))
    block = table([row("No.", *["10 mg"] * 6, last)], [row("a")])
    with pytest.raises(LayoutError, match=rf"^a\.md:7: “{word}” is wider than its line, which has"):
        place(replace(block, widths=shares), width=180)


def test_a_term_breaks_at_its_hyphen_and_an_address_at_a_slash() -> None:
    result = place(table((), [row("pain-physiotherapy", "www.example.org/leaflets")]), width=150)
    assert result.lines() == ["pain-www.example", "physiotherapy.org/leaflets"]
    assert outside(result) == []


def test_zebra_colours_every_other_row() -> None:
    result = place(table((), [row("a"), row("b"), row("c"), row("d")]))
    striped = [item.y for _, item in result.items() if isinstance(item, PlacedRect)]
    assert len(striped) == 2


def test_head_text_has_the_head_colour_and_body_text_its_own() -> None:
    styles = {**STYLES, "table": replace(STYLES["table"], header_colour="#ffffff")}
    result = place(table([row("head")], [row("body")]), styles=styles)
    assert (at(result, "head").colour, at(result, "body").colour) == ("#ffffff", "#000000")


def test_a_cell_without_style_takes_the_padding_of_the_table() -> None:
    styles = {**STYLES, "table": replace(PLAIN, padding=Edges(3, 4, 5, 6))}
    result = place(table((), [Row((cell("a", style=""),))]), styles=styles)
    assert at(result, "a").x == 56


def test_a_table_in_a_panel_in_a_cell_is_placed() -> None:
    from handouts.model import Panel

    inner = table((), [row("deep", "er")])
    outer = table((), [Row((Cell((Panel((inner,), "panel"),), style="cell"), cell("beside")))])
    result = place(outer, width=300)
    assert result.read() == "deeperbeside"
    assert outside(result) == []


# --- splitting ---


def test_rows_are_not_torn_and_the_head_is_repeated_as_an_artifact() -> None:
    block = table([row("Head")], [row(numbered(3, f"r{n}w")) for n in range(8)], "Caption")
    result = place(block, width=54, height=200)
    assert len(result.pages) > 1
    for page in result.pages:
        lines = result.lines(page.number)
        heads = [item for item in result.texts(page.number) if item.text == "Head"]
        assert len(heads) == 1
        assert (heads[0].leaf is None) is (page.number > 1)
        assert ("Caption" in lines) is (page.number == 1)
        for number in range(8):
            assert sum(line.startswith(f"r{number}w") for line in lines) in (0, 3)
    assert "".join(result.read().split()) == "CaptionHead" + "".join(
        numbered(3, f"r{number}w").replace(" ", "") for number in range(8)
    )


def test_a_row_that_a_page_holds_without_its_head_alone_is_named_so() -> None:
    block = table([row(numbered(3, "h"))], [row("first"), row("next")], "Caption")
    with pytest.raises(LayoutError, match="row is 16 points high; the page has room for 40, less"):
        place(Panel((block,), "panel"), width=60, height=40)


def test_the_last_row_does_not_stand_alone_on_a_page() -> None:
    for count in range(4, 16):
        block = table((), [row(f"row{number:02}") for number in range(count)])
        result = place(block, height=16 * 6)
        last = result.lines(len(result.pages))
        assert len(result.pages) == 1 or len(last) >= 2, f"{count} rows: {last}"


@pytest.mark.parametrize("lines", [1, 6])
def test_no_row_of_four_is_left_alone_unless_two_are_more_than_a_page(lines: int) -> None:
    for before in range(1, 14):
        block = table([row("Head")], [row(numbered(lines, f"r{number}w")) for number in range(4)])
        result = place(para(numbered(before, "aaaa")), block, width=60, height=150)
        for page in result.pages:
            rows = {line[:2] for line in result.lines(page.number) if line.startswith("r")}
            assert len(rows) != 1 or lines == 6
        assert "r0w000" in result.lines(1) or before > 4
    assert outside(result) == []


def test_a_heading_a_caption_the_head_and_a_row_stay_together() -> None:
    block = table([row("Head")], [row("first"), row("next")], "Caption")
    for before in range(1, 12):
        heading = Heading((Text("Title"),), "h")
        result = place(para(numbered(before, "aaaa")), heading, block, width=54, height=150)
        for page in result.pages:
            lines = result.lines(page.number)
            assert ("Title" in lines) is ("first" in lines)


def test_a_short_paragraph_below_a_heading_stays_with_its_table() -> None:
    block = table([row("Head")], [row("first"), row("next")])
    for before in range(1, 12):
        heading = Heading((Text("Title"),), "h")
        blocks = (para(numbered(before, "aaaa")), heading, para("One line."), block)
        result = place(*blocks, width=54, height=150)
        pages = {
            word: next(page.number for page in result.pages if word in result.lines(page.number))
            for word in ("Title", "One line.", "Head", "first")
        }
        assert len(set(pages.values())) == 1, f"after {before} lines: {pages}"


@pytest.mark.parametrize(("before", "parts"), [(8, 2), (10, 2), (11, 1)])
def test_a_table_is_kept_whole_unless_its_page_would_stay_a_quarter_empty(
    before: int, parts: int
) -> None:
    styles = {**STYLES, "table": replace(STYLES["table"], keep_together=True)}
    rows = [row(f"row{number}") for number in range(4)]
    block = table([row("Head")], rows)
    blocks = (para(numbered(before, "aaaa")), block, para(numbered(8, "bbbb")))
    result = place(*blocks, width=54, height=12 * 14, styles=styles)
    on = [any(line.startswith("row") for line in result.lines(p.number)) for p in result.pages]
    assert sum(on) == parts


def test_rows_joined_by_a_span_are_not_parted() -> None:
    rows = [row(cell("joined", rowspan=3), "r0"), row("r1"), row("r2")]
    block = table((), [row("a", "b"), row("c", "d"), *rows])
    result = place(block, height=70)
    assert result.lines(2)[0].startswith("joined")
    assert any("r2" in line for line in result.lines(2))


def test_joined_rows_that_fit_only_without_their_heading_are_placed_after_it() -> None:
    from handouts.model import Heading

    rows = [row(cell("joined", rowspan=5), "r0"), *(row(f"r{n}") for n in range(1, 5))]
    result = place(Heading((Text("Title"),), "h"), table((), rows), height=85)
    assert [result.lines(1), result.lines(2)[-1]] == [["Title"], "r4"]


def test_joined_rows_too_high_for_a_page_name_their_source() -> None:
    rows = [
        Row((cell("joined", rowspan=2), cell("word " * 40)), Source("a.md", 9)),
        row("word " * 40),
    ]
    with pytest.raises(LayoutError, match=r"a.md:9: a group of 2 table rows that cells join is"):
        place(table((), rows), width=120, height=100)


def test_a_row_taller_than_a_page_is_torn_between_lines() -> None:
    block = table([row("Head", "Two")], [row(numbered(30), "short"), row("last", "one")])
    result = place(block, width=120, height=130)
    assert len(result.pages) >= 2
    assert result.read().replace(" ", "") == (
        "HeadTwo" + numbered(30).replace(" ", "") + "shortlastone"
    )
    assert outside(result) == []


def test_a_head_taller_than_a_page_is_torn_and_not_repeated() -> None:
    block = table([row(numbered(20, "head"))], [row("body"), row("more")])
    result = place(block, width=60, height=100)
    assert result.read().replace(" ", "") == numbered(20, "head").replace(" ", "") + "bodymore"
    assert sum("head000" in item.text for item in result.texts()) == 1


def test_a_picture_in_a_cell_too_high_for_a_page_is_named() -> None:
    from handouts.model import Figure, Raster

    figure = Figure(Raster("map", 50, 900, b""), "A map", 50, style="p", source=Source("a.md", 3))
    with pytest.raises(LayoutError, match=r"a.md:3: the picture “map” is 900 points high"):
        place(table((), [Row((Cell((figure,), style="cell"), cell("text")))]))


def test_parts_in_frames_of_different_widths_keep_their_own_columns() -> None:
    frames = (Frame(50, 60, 100, 70), Frame(200, 60, 240, 300))
    block = table([row("Head", "Two")], [row(f"row{n}", "words " * 4) for n in range(6)])
    result = place(block, masters={"main": PageMaster("main", frames)})
    assert outside(result) == []
    left = [item for item in result.texts(1) if item.x < 150 and item.text in ("Head", "Two")]
    right = [item for item in result.texts(1) if item.x >= 200 and item.text in ("Head", "Two")]
    assert left[1].x - left[0].x < right[1].x - right[0].x


@given(SEEDS, st.floats(250, 500), st.floats(400, 660))
def test_whatever_its_spans_a_table_places_each_character_once(
    seed: int, width: float, height: float
) -> None:
    random = Random(seed)
    block = table(random_rows(random)[:1], random_rows(random) + random_rows(random))
    try:
        result = place(block, width=width, height=height)
    except LayoutError as error:
        if "cells join" not in str(error) and "is wider than its line" not in str(error):
            raise
        reject()  # rows that a span joins are not parted, nor the words of many columns
    found = result.leaf_texts()
    texts = _texts(block, result)
    assert {leaf: text.rstrip() for leaf, text in found.items()} == texts
    assert outside(result) == []


def _texts(block: Table, result: Result) -> dict[Leaf, str]:
    texts = {}
    for line in (*block.head, *block.body):
        for each in line.cells:
            for child in each.children:
                assert isinstance(child, Paragraph)
                (node,) = child.children
                assert isinstance(node, Text)
                texts[result.tree.leaf(node)] = node.text
    return texts
