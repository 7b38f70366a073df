"""Available width: the limit itself passes, a point less does not, and what takes most is named."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handouts.contract.widths import width_findings
from handouts.errors import Finding, Source
from handouts.model import (
    Cell,
    Column,
    Contents,
    ContentsEntry,
    Document,
    Edges,
    Figure,
    Frame,
    Group,
    Heading,
    ListBlock,
    ListItem,
    Marker,
    PageMaster,
    Paragraph,
    Row,
    Running,
    SideBySide,
    Style,
    Table,
    Text,
    WritingLines,
)
from tests.flow.placing import plain_document
from tests.model.samples import BLOCKS, sample

FRAMES, REGION = Source("layout.toml", 3), Source("layout.toml", 5)
HERE = Source("handout.xml.j2", 9)
#: Letters of 10 points need 80: eight times their size.
WORDS = Style(size=10, leading=12, marker_indent=0)


def origin(table: str, name: str, key: str) -> tuple[Source, str]:
    return Source(f"{table}.{name}.{key}"), ""


def words(style: str = "words") -> Paragraph:
    return Paragraph((Text("words"),), style=style, source=HERE)


def document(*blocks: Any, width: float = 300, **styles: Style) -> Document:
    made = plain_document(*blocks)
    master = PageMaster("page", (Frame(50, 60, width, 600),), source=FRAMES)
    plain = dict.fromkeys(("words", "box", "list"), WORDS)
    return replace(made, styles={**plain, **styles}, masters={"page": master}, first_master="page")


def narrow(*blocks: Any, width: float = 300, **styles: Style) -> list[Finding]:
    return width_findings(document(*blocks, width=width, **styles), origin)


def test_a_frame() -> None:
    assert narrow(words(), width=80) == []
    (finding,) = narrow(words(), words(), width=79)
    assert finding.source == FRAMES
    assert finding.message == (
        "the available width of the style words is 79 points, such as those of "
        "handout.xml.j2:9; letters of 10 points need 80."
    )


def test_the_narrowest_frame_of_all_pages_counts() -> None:
    made = document(words())
    small = PageMaster("small", (Frame(0, 0, 300, 9), Frame(0, 9, 70, 9)), source=REGION)
    for masters in (
        {"page": made.masters["page"], "small": small},
        {"small": small, "page": made.masters["page"]},
    ):
        (finding,) = width_findings(replace(made, masters=masters), origin)
        assert finding.source == REGION


@pytest.mark.parametrize(
    ("key", "takes"),
    [
        ("margin_left", 220.0),
        ("margin_right", 220.0),
        ("padding", Edges(right=200, left=20)),
        ("border", Edges(right=200, left=20)),
    ],
)
@pytest.mark.parametrize("outer", [True, False])
def test_a_box_around_words_and_their_own(key: str, takes: Any, outer: bool) -> None:
    block = Group((words(),), style="own") if outer else words("own")
    for frame, right in ((300, True), (299, False)):
        own = replace(WORDS, **{key: takes})
        found = narrow(block, width=frame, own=own)
        assert [str(one.source) for one in found] == [f"styles.own.{key}"] * (not right)


def test_boxes_in_boxes_take_together_and_the_largest_is_named() -> None:
    some, more = replace(WORDS, margin_left=100), replace(WORDS, margin_left=101)
    (finding,) = narrow(
        Group((Group((words(),), style="more"),), style="some"), some=some, more=more, width=280
    )
    assert str(finding.source) == "styles.more.margin_left"
    hanging = replace(WORDS, margin_left=-1, margin_right=-1)
    assert narrow(Group((words(),), style="own"), width=78, own=hanging) == []


def test_a_rail_takes_width_where_a_heading_stands_before_words_in_a_box() -> None:
    inner = (Heading((Text("words"),), style="words"), words())
    own = replace(WORDS, rail=220, rail_gap=0, marker_indent=0)
    for frame, right in ((300, True), (299, False)):
        found = narrow(Group(inner, style="own"), width=frame, own=own)
        assert [str(one.source) for one in found] == ["styles.own.rail"] * (not right)
    assert narrow(ListBlock((ListItem(inner),), style="own"), width=299, own=own) == []


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_style_of_any_block_may_have_a_rail(kind: type) -> None:
    block = sample(kind)
    styles = {getattr(block, "style", ""): replace(WORDS, rail=80)}
    assert width_findings(replace(document(block), styles=styles), origin) == []


def test_the_longest_line() -> None:
    assert narrow(words("own"), own=replace(WORDS, max_width=80)) == []
    assert narrow(words("own"), own=replace(WORDS, max_width=0)) == []
    (finding,) = narrow(words("own"), own=replace(WORDS, max_width=79))
    assert str(finding.source) == "styles.own.max_width"
    (finding,) = narrow(words("own"), width=70, own=replace(WORDS, max_width=500))
    assert finding.source == FRAMES


@pytest.mark.parametrize("marker", Marker)
def test_the_indent_of_a_list(marker: Marker) -> None:
    listed = ListBlock((ListItem((words(),)),), marker, style="own")
    for frame, right in ((300, True), (299, marker is Marker.NONE)):
        found = narrow(listed, width=frame, own=replace(WORDS, marker_indent=220))
        assert [str(one.source) for one in found] == ["styles.own.marker_indent"] * (not right)


@pytest.mark.parametrize(
    ("gap", "widths", "right"),
    [
        (0, (1, 1), True),
        (140, (1, 1), True),
        (141, (1, 1), False),
        (0, (80, 220), True),
        (0, (79, 221), False),
        (0, (0, 0), False),
    ],
)
def test_columns_share_the_width(gap: float, widths: tuple[float, float], right: bool) -> None:
    columns = tuple(Column((words(),), width) for width in widths)
    found = narrow(SideBySide(columns, gap, source=HERE))
    assert [one.source for one in found] == [HERE] * (not right)


@pytest.mark.parametrize(
    "block",
    [
        Heading((Text("words"),), style="words"),
        Contents((ContentsEntry((Text("words"),), "here"),), style="words"),
        replace(sample(Figure), style="words"),
        WritingLines(2, style="words"),
    ],
)
def test_all_that_has_lines(block: Any) -> None:
    assert narrow(block, width=80) == []
    assert len(narrow(block, width=79)) == 1


@pytest.mark.parametrize(
    ("entries", "columns", "width"),
    [(18, 9, 880), (9, 2, 180), (9, 9, 80), (7, 4, 380), (5, 3, 280)],
)
def test_columns_of_the_contents(entries: int, columns: int, width: float) -> None:
    block = Contents((ContentsEntry((Text("words"),), "here"),) * entries, style="own")
    for style in (
        replace(WORDS, columns=columns),
        replace(WORDS, columns=columns, max_width=width),
    ):
        assert narrow(block, width=width, own=style) == []
        (finding,) = narrow(block, width=width - 1, own=style)
        taker = "styles.own.columns" if width > 200 else str(FRAMES)
        assert str(finding.source) == taker


def test_cells_have_the_width_that_the_flow_gives_them() -> None:
    table = Table((), (), (Row((Cell((words(),), style="box"),)),), style="box")
    assert narrow(table, width=20) == []


def test_what_runs_on_each_page() -> None:
    made = document(words())
    part = Running(Frame(0, 0, 79, 20), (words("own"),), source=REGION)
    master = replace(made.masters["page"], running=(part,))
    made = replace(made, masters={"page": master}, styles={**made.styles, "own": WORDS})
    (finding,) = width_findings(made, origin)
    assert finding.source == REGION
    assert "of the style own is 79" in finding.message
