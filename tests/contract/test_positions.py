"""Where things lie on the page: what leaves it, stands over words, or hides them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from handouts.contract import check_placed
from handouts.errors import LayoutError
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
from handouts.model import Paragraph, Raster, Slot, Text
from tests.flow.placing import flowed, plain_document
from tests.pdf.samples import png

RESULT = flowed(plain_document(Paragraph((Text("words"),), style="p")))
DOCUMENT = RESULT.tree.document
(LINE,) = (item for _, item in RESULT.items() if isinstance(item, PlacedText))
WIDTH = LINE.face.width("words", LINE.size)
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
    assert problems([mark, rect(90, 302, height=2)]) == []  # a line
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
    assert problems([replace(line, line_width=1), text(100, 300)]) == []
    assert problems([dark, rect(95, 295, fill="#ffffff"), text(100, 300)]) == []


def test_kerning_and_spaces_at_the_end_count_for_nothing() -> None:
    edge = PAGE_WIDTH - WIDTH
    assert problems([replace(text(edge, 300), text="words   ")]) == []
    assert problems([replace(text(edge + 2, 300), adjust=((1, 400.0),))]) == []
