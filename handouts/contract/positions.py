"""Placed pages: nothing outside the page, no line over another, nothing painted over text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from msgspec import Struct, field

from handouts.contract.colours import BLACK, GRAPHIC, PAPER, TEXT, ratio
from handouts.errors import Finding, Source
from handouts.flow.placed import (
    PlacedField,
    PlacedImage,
    PlacedLine,
    PlacedPage,
    PlacedRect,
    PlacedSlot,
    PlacedText,
    PlacedWidget,
)
from handouts.flow.structure_tree import Leaf
from handouts.model import Document, IconPicture, People

#: Areas that share less on one axis do not overlap (points).
_TOUCH = 1.0
#: How far letters may reach over the edge of the page by the measure of their font (points).
_EDGE = 0.5
#: Above and below its baseline, in parts of the size: a line and, within it, its small letters.
_ABOVE, _BELOW, _SMALL_LETTERS = 0.72, 0.22, 0.48
#: Where a thin line runs through letters: above the baseline, in parts of the size.
_THROUGH = 0.08
#: A level fill that is thinner is a line (points).
_LINE = 3.0
#: A rounded corner leaves this part of its radius bare (the middle of a quarter circle).
_BARE = 1 - 2**-0.5
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

    def without(self, other: _Area) -> Iterator[_Area]:
        """What ``other``, which overlaps, leaves of this area; slivers do not count."""
        left, right = max(self.left, other.left), min(self.right, other.right)
        for part in (
            _Area(self.left, self.low, left, self.high),
            _Area(right, self.low, self.right, self.high),
            _Area(left, self.low, right, other.low),
            _Area(left, other.high, right, self.high),
        ):
            if part.right - part.left > _TOUCH and part.high - part.low > _TOUCH:
                yield part


class _Item(Struct):
    """A text or picture, its place in the paint, and where it must be seen: of a text, its small
    letters. ``size`` and ``text`` are 0 and "" for a picture."""

    leaf: Leaf | None
    area: _Area
    at: int
    colour: str
    contrast: float  # that it needs; 0 for a picture of many colours
    size: float = 0.0
    text: str = ""

    @property
    def shown(self) -> str:
        return f"“{' '.join(self.text.split())[:_SHOWN]}”" if self.text else "a picture"


class _Fill(Struct):
    """An area of one colour, and its place in the paint."""

    area: _Area
    colour: str
    at: int


#: A thin level line: its height on the page, its left and right end.
_Stroke: TypeAlias = tuple[float, float, float]


class _Page(Struct):
    """What lies on a page, by what it does to the rest. ``items`` and ``strokes`` go up it."""

    page: PlacedPage
    document: Document
    items: list[_Item] = field(default_factory=list)
    fills: list[_Fill] = field(default_factory=list)
    strokes: list[_Stroke] = field(default_factory=list)

    def finding(self, of: _Item, what: str) -> Finding:
        """A finding with the source of the words, or of the region in which they run."""
        message, leaf = f"page {self.page.number}: {of.shown} {what}.", of.leaf
        frames = self.document.masters[self.page.master].source
        styles = "Change margins and sizes of its styles"
        if leaf:
            return Finding(message, leaf.elem.source, f"{styles}, or the frames at {frames}.")
        source = self._region(of.area) or frames
        return Finding(message, source, f"{styles}, or its region, in layout.toml.")

    def _region(self, area: _Area) -> Source | None:
        """The region in which running content begins."""
        down = self.document.page_height - area.low
        for running in self.document.masters[self.page.master].running:
            frame = running.frame
            if 0 <= area.left - frame.x <= frame.width and 0 <= down - frame.y <= frame.height:
                return running.source
        return None


def position_findings(pages: Iterable[PlacedPage], document: Document) -> list[Finding]:
    """What no reader could read on these pages, each with its page and words."""
    found: dict[Finding, None] = {}
    for placed in pages:
        page = _read(placed, document)
        for look in (_outside, _over_others, _backgrounds):
            found.update(dict.fromkeys(look(page)))
    return list(found)


# --- what lies on a page ---


def _read(placed: PlacedPage, document: Document) -> _Page:
    page = _Page(placed, document)
    for at, item in enumerate(placed.items):
        match item:
            case PlacedText() if text := item.text.rstrip():
                width = item.face.width(text, item.size)
                if item.adjust:
                    width -= sum(kern for _, kern in item.adjust) * item.size / 1000
                page.items.append(_line(item, width, at))
            case PlacedSlot():
                page.items.append(_line(item, item.width, at))
            case PlacedField():
                page.items += _field(item, at)
            case PlacedWidget():
                page.items.append(_typed(item, at))
            case PlacedImage():
                page.items.append(_picture(item, at))
            case PlacedRect() | PlacedLine():
                for area, colour in _painted(item):
                    width, height = area.right - area.left, area.high - area.low
                    if height <= _LINE:
                        page.strokes.append(((area.low + area.high) / 2, area.left, area.right))
                    elif min(width, height) > _TOUCH:
                        page.fills.append(_Fill(area, colour, at))
    page.items.sort(key=lambda item: item.area.low)
    page.strokes.sort()
    return page


def _line(item: PlacedText | PlacedSlot, width: float, at: int) -> _Item:
    area = _Area(item.x, item.y, item.x + width, item.y + _SMALL_LETTERS * item.size)
    return _Item(item.leaf, area, at, item.colour or BLACK, TEXT, item.size, item.text)


def _field(item: PlacedField, at: int) -> Iterator[_Item]:
    """Each line as full as a value may make it."""
    for line in range(item.lines):
        y, left = item.y - line * item.leading, item.x + (0 if line else item.indent)
        area = _Area(left, y, item.x + item.width, y + _SMALL_LETTERS * item.size)
        yield _Item(item.leaf, area, at, item.colour or BLACK, TEXT, item.size, item.name)


def _typed(item: PlacedWidget, at: int) -> _Item:
    """A field that is typed into may be full of letters, from edge to edge."""
    area = _Area(item.x, item.y, item.x + item.width, item.y + item.height)
    return _Item(Leaf(item.elem), area, at, item.colour or BLACK, TEXT)


def _picture(item: PlacedImage, at: int) -> _Item:
    area, image = _area(item), item.image
    if isinstance(image, IconPicture | People):
        return _Item(item.leaf, area, at, image.colour, GRAPHIC)
    return _Item(item.leaf, area, at, BLACK, 0)


def _area(item: PlacedImage | PlacedRect) -> _Area:
    return _Area(item.x, item.y, item.x + item.width, item.y + item.height)


def _painted(item: PlacedRect | PlacedLine) -> Iterator[tuple[_Area, str]]:
    """What a fill or line covers for sure, with its colour."""
    half = item.line_width / 2
    if isinstance(item, PlacedLine):
        level = item.y1 == item.y2
        along, across = (0.0, half) if level else (half, 0.0)
        left, right = sorted((item.x1, item.x2))
        low, high = sorted((item.y1, item.y2))
        yield _Area(left - along, low - across, right + along, high + across), item.colour
        return
    area = _area(item)
    if item.fill:
        yield from ((part, item.fill) for part in _without_corners(area, item.radius))
    if item.stroke:
        left, low, right, high = area.left, area.low, area.right, area.high
        for x in (left, right):
            yield _Area(x - half, low - half, x + half, high + half), item.stroke
        for y in (low, high):
            yield _Area(left - half, y - half, right + half, y + half), item.stroke


def _without_corners(area: _Area, radius: float) -> Iterator[_Area]:
    """A rectangle less its round corners, as rectangles."""
    left, low, right, high = area.left, area.low, area.right, area.high
    radius = min(radius, (right - left) / 2, (high - low) / 2)
    bare = radius * _BARE
    if bare <= _TOUCH:
        yield area
        return
    yield _Area(left + bare, low + bare, right - bare, high - bare)
    yield _Area(left, low + radius, right, high - radius)
    yield _Area(left + radius, low, right - radius, high)


# --- what is wrong with it ---


def _outside(page: _Page) -> Iterator[Finding]:
    width, height = page.document.page_width, page.document.page_height
    for one in page.items:
        area = one.area
        if one.text:
            low, high = area.low - _BELOW * one.size, area.low + _ABOVE * one.size
            area = _Area(area.left, low, area.right, high)
        if not _inside(area, width, height):
            yield page.finding(one, "leaves the page")


def _inside(area: _Area, width: float, height: float) -> bool:
    return (
        min(area.left, area.low) >= -_EDGE
        and area.right <= width + _EDGE
        and area.high <= height + _EDGE
    )


def _over_others(page: _Page) -> Iterator[Finding]:
    """Items go up the page: those that may meet one follow it closely."""
    for index, one in enumerate(page.items):
        for other in islice(page.items, index + 1, None):
            if other.area.low > one.area.high:
                break
            if one.area.overlaps(other.area) and not _is_label(one, other):
                first, second = (one, other) if one.text else (other, one)
                yield page.finding(first, f"and {second.shown} stand over each other")
        if one.text and _struck(one, page.strokes):
            yield page.finding(one, "is struck through")


def _is_label(one: _Item, other: _Item) -> bool:
    """Whether they are a picture and words in it: the flow knows where these may stand."""
    in_figure = one.leaf is not None and one.leaf is other.leaf and one.leaf.elem.tag == "Figure"
    return in_figure and bool(one.text) != bool(other.text)


def _struck(line: _Item, strokes: Sequence[_Stroke]) -> bool:
    """Whether a thin line runs through small letters: not under them, and not along their top."""
    area = line.area
    first = bisect_left(strokes, (area.low + _THROUGH * line.size,))
    last = bisect_left(strokes, (area.high,))
    return any(
        min(right, area.right) - max(left, area.left) > _TOUCH
        for _, left, right in strokes[first:last]
    )


def _backgrounds(page: _Page) -> Iterator[Finding]:
    """Artifacts are painted in their order, then all tagged content: a fill that comes later hides
    an Artifact, and else lies under it."""
    for one in page.items:
        low, high = one.area.low + _TOUCH, one.area.high - _TOUCH
        near = [
            fill
            for fill in page.fills
            if fill.area.low < high and fill.area.high > low and fill.area.overlaps(one.area)
        ]
        if one.leaf is None and any(fill.at > one.at for fill in near):
            yield page.finding(one, "is covered")
        for background in _under(one.area, near) if one.contrast else ():
            if ratio(one.colour, background) < one.contrast:
                yield page.finding(one, f"stands on {background} and can hardly be seen")


def _under(area: _Area, fills: Sequence[_Fill]) -> Iterator[str]:
    """The colours that show around ``area``, of which each fill, the last first, hides a part."""
    bare = [area]
    for fill in reversed(fills):
        met = [part for part in bare if part.overlaps(fill.area)]
        if met:
            yield fill.colour
            bare = [part for part in bare if part not in met]
            bare += [rest for part in met for rest in part.without(fill.area)]
    if bare:
        yield PAPER
