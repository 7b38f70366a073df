"""Boxes with a background, borders and padding, and how these are drawn."""

from __future__ import annotations

import copy
from typing import Self

from msgspec import Struct

from handouts.flow.boxes import Box, PaddedBox, Rules
from handouts.flow.placed import PlacedRect
from handouts.flow.sheet import Sheet
from handouts.model import Edges, Style

_NO_EDGES = Edges()


class Area(Struct, frozen=True):
    """A rectangle on a page; ``top`` runs down from the page's upper edge (points)."""

    x: float
    top: float
    width: float
    height: float


def is_framed(style: Style) -> bool:
    """Whether a block of this style needs a FramedBox."""
    return bool(style.background) or style.padding != _NO_EDGES or style.border != _NO_EDGES


def draw_frame(sheet: Sheet, style: Style, area: Area, open_edges: Edges = _NO_EDGES) -> None:
    """The background and borders of ``area``. An open edge (1.0) has no border or round corner."""
    border = _closed(style.border, open_edges)
    radius = min(style.radius, area.width / 2, area.height / 2)
    colour = style.border_colour or style.colour
    even = border.top == border.right == border.bottom == border.left
    if even and border.top and radius and open_edges == _NO_EDGES:
        _round_border(sheet, style.background, colour, area, (border.top, radius))
        return
    if border != _NO_EDGES:
        radius = 0.0
    if style.background:
        _background(sheet, style.background, area, radius, open_edges)
    _edges(sheet, border, colour, area)


def padding_of(style: Style, open_edges: Edges = _NO_EDGES) -> Edges:
    """Padding and border on each side, in points; an open edge has no border."""
    padding, border = style.padding, _closed(style.border, open_edges)
    return Edges(
        padding.top + border.top,
        padding.right + border.right,
        padding.bottom + border.bottom,
        padding.left + border.left,
    )


def _closed(border: Edges, open_edges: Edges) -> Edges:
    top = 0.0 if open_edges.top else border.top
    bottom = 0.0 if open_edges.bottom else border.bottom
    return Edges(top, border.right, bottom, border.left)


def _round_border(
    sheet: Sheet, fill: str, colour: str, area: Area, line: tuple[float, float]
) -> None:
    """A stroke lies half on each side of its path: the path runs half a line inside."""
    width, radius = line
    low = sheet.height - area.top - area.height
    sheet.add(
        PlacedRect(
            area.x + width / 2,
            low + width / 2,
            area.width - width,
            area.height - width,
            fill,
            colour,
            width,
            max(radius - width / 2, 0.0),
        )
    )


def _background(sheet: Sheet, colour: str, area: Area, radius: float, open_edges: Edges) -> None:
    low = sheet.height - area.top - area.height
    if not radius or (open_edges.top and open_edges.bottom):
        sheet.fill(area.x, area.top, area.width, area.height, colour)
        return
    sheet.add(PlacedRect(area.x, low, area.width, area.height, fill=colour, radius=radius))
    # A box that goes on over the page has square corners there.
    if open_edges.top:
        sheet.fill(area.x, area.top, area.width, radius, colour)
    if open_edges.bottom:
        sheet.fill(area.x, area.top + area.height - radius, area.width, radius, colour)


def _edges(sheet: Sheet, border: Edges, colour: str, area: Area) -> None:
    x, top, width, height = area.x, area.top, area.width, area.height
    if border.top:
        sheet.fill(x, top, width, border.top, colour)
    if border.bottom:
        sheet.fill(x, top + height - border.bottom, width, border.bottom, colour)
    if border.left:
        sheet.fill(x, top, border.left, height, colour)
    if border.right:
        sheet.fill(x + width - border.right, top, border.right, height, colour)


class FramedBox(PaddedBox):
    """A box within padding, border and background. Split, its border stays open there."""

    what = "this box"

    def __init__(self, inner: Box, style: Style) -> None:
        super().__init__(inner, padding_of(style))
        self.style = style
        self.open_edges = _NO_EDGES

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        _, width = self._inner(self.width)
        draw_frame(sheet, self.style, Area(x, top, width, self.height), self.open_edges)
        super()._place(sheet, x, top)

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        parts = self.inner.split(available - self.pads.top - self.pads.bottom, rules)
        if parts is None:
            return None
        head, rest = copy.copy(self), self._rest()
        head.open_edges, rest.open_edges = Edges(self.open_edges.top, bottom=1.0), Edges(1.0)
        head.inner, rest.inner = parts
        _, width = self._inner(self.width)
        for part in (head, rest):
            part.pads = padding_of(part.style, part.open_edges)
            part.height = part._wrap(width)
        return head, rest
