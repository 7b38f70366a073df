"""Where things lie on the page: what leaves it, stands over words, or hides them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from msgspec.structs import replace

from handouts.contract import check_placed
from handouts.errors import LayoutError, Source
from handouts.flow.placed import (
    Placed,
    PlacedImage,
    PlacedLine,
    PlacedPage,
    PlacedRect,
    PlacedSlot,
    PlacedText,
)
from handouts.flow.structure_tree import Leaf
from handouts.model import (
    Frame,
    IconPicture,
    PageMaster,
    Paragraph,
    People,
    Raster,
    Running,
    Slot,
    Text,
)
from tests.flow.placing import flowed, plain_document
from tests.pdf.samples import png

RESULT = flowed(plain_document(Paragraph((Text("words"),), style="p")))
DOCUMENT = RESULT.tree.document
(LINE,) = (item for _, item in RESULT.items() if isinstance(item, PlacedText))
WIDTH = LINE.face.width("words", LINE.size)
LINE_SOURCE = LINE.leaf.elem.source if LINE.leaf else None
PAGE_WIDTH, PAGE_HEIGHT = DOCUMENT.page_width, DOCUMENT.page_height


def text(x: float, y: float, leaf: Leaf | None = LINE.leaf, colour: str = "#000000") -> PlacedText:
    return PlacedText(x, y, "words", LINE.face, LINE.size, colour, leaf)


def rect(x: float, y: float, width: float = 99, height: float = 99, fill: str = "") -> PlacedRect:
    return PlacedRect(x, y, width, height, fill or "#ffffff")


def picture(x: float, y: float, size: float = 50) -> PlacedImage:
    return PlacedImage(x, y, size, size, Raster("a", 60, 40, png()), LINE.leaf)


def problems(items: Sequence[Placed]) -> list[str]:
    try:
        check_placed([PlacedPage(3, DOCUMENT.first_master, list(items))], DOCUMENT)
    except LayoutError as problem:
        return [str(finding) for finding in problem.findings]
    return []


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [
        (0, 300, True),
        (-1, 300, False),
        (PAGE_WIDTH - WIDTH, 300, True),
        (PAGE_WIDTH - WIDTH + 1, 300, False),
        (300, 0.22 * LINE.size, True),
        (300, 0, False),
        (300, PAGE_HEIGHT - LINE.size, True),
        (300, PAGE_HEIGHT - 0.5 * LINE.size, False),
        (9000, 300, False),
    ],
)
def test_words_stay_on_the_page(x: float, y: float, inside: bool) -> None:
    wrong = problems([text(x, y)])
    assert len(wrong) == (not inside)
    assert all("page 3: “words” leaves the page." in one for one in wrong)


@pytest.mark.parametrize(("x", "inside"), [(0, True), (-2, False), (PAGE_WIDTH - 49, False)])
def test_pictures_stay_on_the_page(x: float, inside: bool) -> None:
    assert (problems([picture(x, 300)]) == []) is inside


def test_no_line_stands_over_another() -> None:
    assert problems([text(100, 300), text(100, 300 - 1.15 * LINE.size)]) == []
    assert problems([text(100, 300), text(100 + WIDTH, 300)]) == []
    wrong = problems([text(100, 300), text(102, 303)])
    assert len(wrong) == 1
    assert "page 3: “words” and “words” stand over each other." in wrong[0]
    slot = PlacedSlot(100, 301, 20, Slot("page"), "12", LINE.face, LINE.size, "#000000", None)
    assert "stand over each other" in problems([slot, text(100, 300)])[0]


def test_no_picture_stands_over_words() -> None:
    assert problems([text(100, 300), picture(100, 310)]) == []
    assert problems([text(100, 300), picture(100 + WIDTH, 290)]) == []
    both: list[Placed] = [text(100, 300), picture(90, 290)]
    for items in (both, both[::-1]):
        assert "“words” and a picture stand over each other" in problems(items)[0]


def test_a_fill_that_is_painted_later_hides_running_content_alone() -> None:
    mark = text(100, 300, leaf=None)
    assert problems([rect(90, 290), mark]) == []
    assert "“words” is covered" in problems([mark, rect(90, 290)])[0]
    # Tagged text is painted after all fills.
    assert problems([text(100, 300), rect(90, 290)]) == []


def test_words_stand_out_from_what_lies_under_them() -> None:
    white = text(100, 300, colour="#ffffff")
    assert "stands on #ffffff and can hardly be seen" in problems([white])[0]
    assert problems([rect(90, 290, fill="#000000"), white]) == []
    assert problems([rect(90, 290, fill="#ffffff"), rect(90, 290, fill="#000000"), white]) == []
    dark = rect(90, 290, fill="#333333")
    assert "stands on #333333" in problems([dark, text(100, 300)])[0]
    line = PlacedLine(90, 303, 200, 303, "#333333", 20)
    assert "stands on #333333" in problems([line, text(100, 300)])[0]
    assert problems([dark, rect(95, 295, fill="#ffffff"), text(100, 300)]) == []


def test_kerning_and_spaces_at_the_end_count_for_nothing() -> None:
    edge = PAGE_WIDTH - WIDTH
    assert problems([replace(text(edge, 300), text="words   ")]) == []
    assert problems([replace(text(edge + 2, 300), adjust=((1, 400.0),))]) == []


HIGH = 0.48 * LINE.size  # of small letters
WHITE, DARK = "#ffffff", "#333333"


@pytest.mark.parametrize(
    ("box", "under"),
    [
        (rect(90, 290), False),
        (rect(90, 290, width=10 + WIDTH - 0.9), False),
        (rect(90, 290, width=10 + WIDTH - 1.1), True),
        (rect(100.9, 290), False),
        (rect(101.1, 290), True),
        (rect(90, 300.9), False),
        (rect(90, 301.1), True),
        (rect(90, 290, height=10 + HIGH - 0.9), False),
        (rect(90, 290, height=10 + HIGH - 1.1), True),
        (rect(90, 290, width=20), True),
        (rect(300, 290), True),
    ],
)
def test_each_background_that_shows_around_a_text_counts(box: PlacedRect, under: bool) -> None:
    """White words on a dark box must not reach over its edges; dark ones on white need not."""
    found = problems([replace(box, fill=DARK), text(100, 300, colour=WHITE)])
    assert [f"stands on {WHITE}" in one for one in found] == [True] * under
    light: list[Placed] = [rect(0, 200, 400, 400, DARK), replace(box, fill=WHITE), text(100, 300)]
    assert [f"stands on {DARK}" in one for one in problems(light)] == [True] * under


def test_boxes_beside_each_other_are_one_background() -> None:
    """Rows of a table, of which none holds the whole text."""
    left, right = rect(90, 290, width=20, fill=DARK), rect(110, 290, fill=DARK)
    low, high = rect(90, 290, height=12, fill=DARK), rect(90, 302, fill=DARK)
    white = text(100, 300, colour=WHITE)
    for pair in ((left, right), (low, high)):
        assert problems([*pair, white]) == []
        assert problems([*pair[::-1], white]) == []
        assert len(problems([pair[0], white])) == 1


def test_a_round_corner_is_bare() -> None:
    white = text(100, 300, colour=WHITE)
    for radius, right in ((0, True), (3, True), (30, False)):
        box = replace(rect(99, 299, fill=DARK), radius=radius)
        assert (problems([box, white]) == []) is right, radius
    in_the_middle = replace(rect(75, 250, fill=DARK), radius=30)
    assert problems([in_the_middle, white]) == []
    almost_round = replace(rect(75, 260, width=80, height=80, fill=DARK), radius=40)
    assert problems([almost_round, white]) == []


@pytest.mark.parametrize(
    ("y", "through"),
    [(-2, False), (0, False), (0.5, False), (1, True), (HIGH - 0.2, True), (HIGH + 0.2, False)],
)
def test_no_line_runs_through_words(y: float, through: bool) -> None:
    level = PlacedLine(90, 300 + y, 200, 300 + y, "#000000", 0.5)
    back = replace(level, x1=200, x2=90)
    bar = rect(90, 300 + y - 0.25, height=0.5, fill="#dddddd")
    frame = PlacedRect(90, 300 + y, 99, 99, stroke="#000000", line_width=0.5)
    strokes: tuple[Placed, ...] = (level, back, bar, frame)
    for stroke in strokes:
        pair: tuple[Placed, Placed] = (stroke, text(100, 300))
        for items in permutations(pair):
            found = problems(list(items))
            assert [("is struck through" in one) for one in found] == [True] * through, stroke
    assert problems([replace(level, x1=100 + WIDTH), text(100, 300)]) == []
    upright = PlacedLine(110, 290, 110, 320, "#000000", 0.5)
    assert problems([upright, text(100, 300)]) == []


@pytest.mark.parametrize(
    "thick",
    [
        PlacedLine(110, 200, 110, 400, DARK, 12),
        PlacedLine(110, 400, 110, 200, DARK, 12),
        PlacedRect(110, 200, 300, 300, stroke=DARK, line_width=12),
        PlacedRect(0, 200, 110, 300, stroke=DARK, line_width=12),
        PlacedRect(20, 303, 300, 300, stroke=DARK, line_width=12),
        PlacedRect(20, 3, 300, 300, stroke=DARK, line_width=12),
    ],
)
def test_a_thick_line_is_a_background(thick: Placed) -> None:
    assert f"stands on {DARK}" in problems([thick, text(100, 300)])[0]
    assert "is covered" in problems([text(100, 300, leaf=None), thick])[0]
    assert problems([thick, text(500, 700)]) == []


def test_no_picture_stands_over_another() -> None:
    assert problems([picture(100, 300), picture(150, 300)]) == []
    (found,) = problems([picture(100, 300), picture(140, 300)])
    assert "page 3: a picture and a picture stand over each other." in found


def test_a_picture_of_one_colour_must_be_seen() -> None:
    """An icon, or people of whom some are filled in, says something of its own."""
    for image in (IconPicture("cross", "#949494"), People(3, 10, "#949494")):
        shown = replace(picture(100, 300), image=image)
        assert problems([shown]) == []
        pale = replace(shown, image=replace(image, colour="#969696"))
        assert f"a picture stands on {WHITE} and can hardly be seen" in problems([pale])[0]
        box = rect(90, 290, 99, 99, "#555555")
        assert "stands on #555555" in problems([box, shown])[0]
    assert problems([rect(90, 290, 99, 99, DARK), picture(100, 300)]) == []


def test_a_logo_that_runs_on_each_page_is_not_covered() -> None:
    logo = replace(picture(100, 300), leaf=None)
    assert problems([rect(90, 290), logo]) == []
    assert "a picture is covered" in problems([logo, rect(90, 290)])[0]


def test_a_finding_names_what_is_to_blame() -> None:
    frames, foot = Source("layout.toml", 7), Source("layout.toml", 9)
    region = Running(Frame(0, PAGE_HEIGHT - 50, 200, 50), (), source=foot)
    masters = {"m": PageMaster("m", (Frame(0, 0, 99, 99),), (region,), source=frames)}
    made = replace(DOCUMENT, masters=masters)
    low, high = text(50, 20, leaf=None, colour=WHITE), text(50, 300, leaf=None, colour=WHITE)
    beside = text(250, 20, leaf=None, colour=WHITE)
    with pytest.raises(LayoutError) as wrong:
        check_placed([PlacedPage(1, "m", [low, high, beside, text(-9, 300)])], made)
    assert [one.source for one in wrong.value.findings] == [LINE_SOURCE, foot, frames]
    assert "frames at layout.toml:7" in wrong.value.findings[0].remedy
