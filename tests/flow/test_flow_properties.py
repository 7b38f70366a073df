"""Whatever the content: every character once and in order, within its frame, not on another."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from handouts.errors import LayoutError
from handouts.flow.boxes import Rules
from handouts.flow.faces import FontBook
from handouts.flow.placed import Placed, PlacedPage, PlacedText
from handouts.flow.sheet import Sheet
from handouts.flow.structure_tree import Leaf
from handouts.flow.typeset import Typesetter
from handouts.model import NOWHERE, Block, Frame, LineBreak, PageMaster, Paragraph, Text
from handouts.pdf.structure import StructureTree
from tests.flow.placing import Result, bounds, outside, para, place, plain_document
from tests.pdf.strategies import SEEDS, StoryMaker

WIDTHS = st.floats(240, 400)
#: A table within a panel needs room for its head and a line; less is a clear error (test_flow).
HEIGHTS = st.floats(110, 500)
_HEADINGS = {f"H{level}" for level in range(1, 7)}
settings.register_profile("flow", deadline=None, max_examples=60)
settings.load_profile("flow")


def story(seed: int, *end: Block, most: int = 8, **page: Any) -> Result:
    """A story on its pages. Words without a space between their styles may not fit their line."""
    try:
        return place(*StoryMaker(seed).blocks(1, most), *end, **page)
    except LayoutError as error:
        if "is wider than its line" not in str(error):
            raise
        reject()


def _nodes(tree: StructureTree) -> dict[Leaf, str]:
    """The characters that the document has for each leaf."""
    texts: dict[Leaf, str] = {}
    stack: list[object] = [tree.document.blocks]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack += node
        elif isinstance(node, Text):
            texts[tree.leaf(node)] = node.text
        else:
            names = ("children", "items", "columns", "caption", "head", "body", "cells")
            stack += [getattr(node, name) for name in names if hasattr(node, name)]
    return texts


@given(SEEDS, WIDTHS, HEIGHTS)
def test_every_character_is_placed_once_in_order(seed: int, width: float, height: float) -> None:
    result = story(seed, width=width, height=height)
    found = result.leaf_texts()
    for leaf, text in _nodes(result.tree).items():
        # A forced line break adds a space, so that spoken words stay apart.
        assert found[leaf].rstrip(" ") == text.rstrip(" ")


@given(SEEDS, WIDTHS, HEIGHTS)
def test_nothing_stands_outside_its_frame(seed: int, width: float, height: float) -> None:
    assert outside(story(seed, width=width, height=height)) == []


@given(SEEDS, WIDTHS, HEIGHTS)
def test_no_ink_of_text_lies_on_other_text(seed: int, width: float, height: float) -> None:
    result = story(seed, width=width, height=height)
    for page in result.pages:
        boxes = [bounds(item) for item in page.items if isinstance(item, PlacedText)]
        for index, (left, bottom, right, top) in enumerate(boxes):
            for x0, y0, x1, y1 in boxes[index + 1 :]:
                apart = x1 <= left + 0.1 or right <= x0 + 0.1 or y1 <= bottom or top <= y0
                assert apart, f"page {page.number}"


@given(SEEDS, WIDTHS)
@example(524, 240)  # long headings in rows that are higher than what a table's head leaves
@example(757, 249)
@example(649, 240)  # a row that a page holds without the table's caption, but not with it
def test_headings_never_end_a_frame_that_holds_more(seed: int, width: float) -> None:
    end = para("The end, which follows the last heading.")
    result = story(seed, end, most=20, width=width)
    for page in result.pages[:-1]:
        texts = [item for item in page.items if isinstance(item, PlacedText)]
        tags = [_block_tag(item) for item in texts]
        lowest = min(texts, key=lambda item: item.y)
        if not _HEADINGS.issuperset(tags):
            assert _block_tag(lowest) not in _HEADINGS


def _block_tag(item: PlacedText) -> str:
    """The tag of the block that a text belongs to."""
    elem = item.leaf.elem if item.leaf else None
    while elem is not None and elem.tag in ("Span", "Link", "Reference"):
        elem = elem.parent
    return elem.tag if elem else "Artifact"


@given(SEEDS, WIDTHS, st.floats(60, 300))
def test_widows_and_orphans_hold(seed: int, width: float, height: float) -> None:
    maker = StoryMaker(seed)
    paragraphs = [
        replace(block, children=tuple(x for x in block.children if not isinstance(x, LineBreak)))
        for block in (maker.paragraph() for _ in range(10))
    ]
    result = place(*paragraphs, width=width, height=height)
    for block in paragraphs:
        elem = result.tree.elem(block)
        leaves = set(elem.leaves())
        counts = [
            len({round(item.y, 1) for item in result.texts(page.number) if item.leaf in leaves})
            for page in result.pages
        ]
        # Raised citations stand on a baseline of their own: they can only add lines.
        used = [count for count in counts if count]
        if len(used) > 1:
            assert min(used) >= 2


@given(SEEDS, WIDTHS, st.floats(90, 200))
@example(2**32 - 1, 338, 138)  # a split table that is laid out again with closer gaps
def test_frames_of_different_widths_lose_nothing(seed: int, width: float, height: float) -> None:
    frames = (Frame(50, 60, width, height), Frame(50, 400, width * 0.8 + 30, height + 20))
    masters = {"main": PageMaster("main", frames)}
    result = story(seed, masters=masters)
    found = result.leaf_texts()
    for leaf, text in _nodes(result.tree).items():
        assert found[leaf].rstrip(" ") == text.rstrip(" ")
    assert outside(result) == []


def test_a_content_of_two_hundred_pages_is_placed() -> None:
    text = "word " * 180_000
    result = place(Paragraph((Text(text),), "p"), width=400, height=640)
    assert len(result.pages) > 150
    assert result.read() == text


@given(SEEDS, WIDTHS, st.floats(60, 300))
def test_a_wrapped_box_is_as_it_was_after_it_was_split_and_wrapped_again(
    seed: int, width: float, height: float
) -> None:
    made = plain_document(*StoryMaker(seed).blocks(1, 8))
    setter = Typesetter(made, None, FontBook(made.fonts))
    box = setter.stack(made.blocks, "a test", NOWHERE)

    def placed() -> list[Placed]:
        page = PlacedPage(1, "main")
        box.place(Sheet(page, 792), 0, 0)
        return page.items

    try:
        box = box.wrap(width)
        before = placed()
        for rules in (Rules(height), Rules(0.0, force=True)):
            for part in (box, *(box.split(height, rules) or ())):
                part.wrap(width + 50).split(height, rules)
    except LayoutError:
        reject()
    assert placed() == before
