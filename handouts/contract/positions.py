"""Placed pages: nothing outside the page, no line over another, nothing painted over text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from handouts.contract.colours import BLACK, PAPER, TEXT, ratio
from handouts.errors import Finding
from handouts.flow.placed import (
    PlacedImage,
    PlacedLine,
    PlacedPage,
    PlacedRect,
    PlacedSlot,
    PlacedText,
)
from handouts.model import Document

#: Areas that share less on one axis do not overlap (points).
_TOUCH = 1.0
#: How far letters may reach over the edge of the page by the measure of their font (points).
_EDGE = 0.5
#: Above and below its baseline, in parts of the size: a line and, within it, its small letters.
_ABOVE, _BELOW, _SMALL_LETTERS = 0.72, 0.22, 0.48
#: A fill that is thinner is a line: text is legible over it (points).
_LINE = 3.0
_SHOWN = 50


class _Area(Struct):
    """A rectangle in PDF user space (points, origin bottom left)."""

    left: float
    low: float
    right: float
    high: float

    def overlaps(self, other: _Area) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > _TOUCH
            and min(self.high, other.high) - max(self.low, other.low) > _TOUCH
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.low <= y <= self.high


class _Line(Struct):
    """A text on its baseline: what it says, its small letters' area, its place in the paint."""

    item: PlacedText | PlacedSlot
    area: _Area
    at: int

    @property
    def artifact(self) -> bool:
        return self.item.leaf is None


class _Fill(Struct):
    """An area of one colour, and its place in the paint."""

    area: _Area
    colour: str
    at: int


def position_findings(pages: Iterable[PlacedPage], document: Document) -> list[Finding]:
    """What no reader could read on these pages, each with its page and words."""
    found: dict[Finding, None] = {}
    for page in pages:
        lines = sorted(_lines(page), key=lambda line: line.area.low)
        images = [_area(one) for one in page.items if isinstance(one, PlacedImage)]
        for finding in (
            *_outside(page, lines, images, document),
            *_over_others(page, lines, images),
            *_backgrounds(page, lines, list(_fills(page))),
        ):
            found[finding] = None
    return list(found)


def _lines(page: PlacedPage) -> Iterator[_Line]:
    for at, item in enumerate(page.items):
        if isinstance(item, PlacedSlot):
            width = item.width
        elif isinstance(item, PlacedText) and (text := item.text.rstrip()):
            width = item.face.width(text, item.size)
            if item.adjust:
                width -= sum(kern for _, kern in item.adjust) * item.size / 1000
        else:
            continue
        area = _Area(item.x, item.y, item.x + width, item.y + _SMALL_LETTERS * item.size)
        yield _Line(item, area, at)


def _fills(page: PlacedPage) -> Iterator[_Fill]:
    """Filled rectangles, and lines so thick that they are some."""
    for at, item in enumerate(page.items):
        if isinstance(item, PlacedRect) and item.fill and min(item.width, item.height) > _LINE:
            yield _Fill(_area(item), item.fill, at)
        elif isinstance(item, PlacedLine) and item.line_width > _LINE:
            half = item.line_width / 2
            area = _Area(item.x1, item.y1 - half, item.x2, item.y2 + half)
            yield _Fill(area, item.colour, at)


def _area(item: PlacedImage | PlacedRect) -> _Area:
    return _Area(item.x, item.y, item.x + item.width, item.y + item.height)


def _outside(
    page: PlacedPage, lines: Iterable[_Line], images: Iterable[_Area], document: Document
) -> Iterator[Finding]:
    width, height = document.page_width, document.page_height
    for line in lines:
        area, item = line.area, line.item
        low, high = item.y - _BELOW * item.size, item.y + _ABOVE * item.size
        if not _inside(_Area(area.left, low, area.right, high), width, height):
            yield _finding(page, line, "leaves the page")
    for image in images:
        if not _inside(image, width, height):
            yield Finding(f"page {page.number}: a picture leaves the page.", None, _REMEDY)


def _inside(area: _Area, width: float, height: float) -> bool:
    return (
        min(area.left, area.low) >= -_EDGE
        and area.right <= width + _EDGE
        and area.high <= height + _EDGE
    )


def _over_others(
    page: PlacedPage, lines: Sequence[_Line], images: Sequence[_Area]
) -> Iterator[Finding]:
    """``lines`` go up the page: those that may meet one follow it closely."""
    for index, line in enumerate(lines):
        for other in islice(lines, index + 1, None):
            if other.area.low > line.area.high:
                break
            if line.area.overlaps(other.area):
                yield _finding(page, line, f"and “{_shown(other)}” stand over each other")
        if any(line.area.overlaps(image) for image in images):
            yield _finding(page, line, "and a picture stand over each other")


def _backgrounds(
    page: PlacedPage, lines: Iterable[_Line], fills: Sequence[_Fill]
) -> Iterator[Finding]:
    """Artifacts are painted in their order, then all tagged text: a fill that comes after text
    hides it if the text is an Artifact, and else lies under it."""
    for line in lines:
        area, background = line.area, PAPER
        x, y = (area.left + area.right) / 2, (area.low + area.high) / 2
        for fill in fills:
            if line.artifact and fill.at > line.at and area.overlaps(fill.area):
                yield _finding(page, line, "is covered")
            elif fill.area.holds(x, y):
                background = fill.colour
        if ratio(line.item.colour or BLACK, background) < TEXT:
            yield _finding(page, line, f"stands on {background} and can hardly be seen")


_REMEDY = "Change margins, sizes or regions in layout.toml."


def _finding(page: PlacedPage, line: _Line, what: str) -> Finding:
    leaf = line.item.leaf
    message = f"page {page.number}: “{_shown(line)}” {what}."
    return Finding(message, leaf.elem.source if leaf else None, _REMEDY)


def _shown(line: _Line) -> str:
    return " ".join(line.item.text.split())[:_SHOWN]
