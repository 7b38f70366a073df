"""Boxes of the other blocks: list items, pictures, columns side by side, lines and rules."""

from __future__ import annotations

import copy
from typing import Self, assert_never

from handouts.flow.boxes import EPSILON, Box, PaddedBox, Rules, Stack, split_side_by_side
from handouts.flow.paragraphs import ParagraphBox
from handouts.flow.placed import PlacedImage, PlacedLine
from handouts.flow.sheet import Sheet
from handouts.flow.structure_tree import Leaf
from handouts.model import (
    Edges,
    Figure,
    Picture,
    Pictured,
    QRCode,
    QRFigure,
    Style,
)

_HAIRLINE = 0.75


class ItemBox(PaddedBox):
    """A list item: a label on the first baseline of its body, which is ``indent`` to the right."""

    what = "this list item"
    keep_together = True
    keep_share = 1 / 3  # a longer item may go on at the next page
    inner: Stack

    def __init__(self, label: ParagraphBox | None, body: Stack, indent: float) -> None:
        super().__init__(body, Edges(left=indent))
        self.label = label
        self.label_left = 0.0

    def _wrap(self, width: float) -> float:
        height = super()._wrap(width)
        if self.label:
            wide = max(self.pads.left, self.label.segments.widest + EPSILON)
            self.label = self.label.wrap(wide)
            height = max(height, self._label_end())
        return height

    def _label_top(self) -> float:
        """How far the label stands below the item's top."""
        body = self.inner.first_baseline()
        label = self.label.first_baseline() if self.label else None
        return 0.0 if body is None or label is None else body - label

    def _label_end(self) -> float:
        return self._label_top() + self.label.height if self.label else 0.0

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        if self.label:
            self.label.place(sheet, x + self.label_left, top + self._label_top())
        super()._place(sheet, x, top)

    def first_baseline(self) -> float | None:
        depth = super().first_baseline()
        return self.label.first_baseline() if depth is None and self.label else depth

    def _least(self, rules: Rules) -> float:
        return max(super()._least(rules), self._label_end())

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        label = self._label_end()
        parts = self.inner.split(available, rules) if label <= available + EPSILON else None
        if parts is None:
            return None
        head, rest = copy.copy(self), self._rest()
        head.inner, rest.inner = parts
        rest.label = None
        head.height, rest.height = max(head.inner.height, label), rest.inner.height
        return head, rest


class ImageBox(Box):
    """A picture; never wider than its column, never split."""

    def __init__(self, image: Picture, wish: float, leaf: Leaf | None, position: float) -> None:
        """``wish``: width on paper in points; ``position``: 0 left, 0.5 centre, 1 right."""
        self.image = image
        self.wish = wish
        self.leaf = leaf
        self.position = position
        self.size = (0.0, 0.0)
        self.what = f"the picture “{image.name}”"

    def _wrap(self, width: float) -> float:
        wide = min(self.wish, width)
        self.size = wide, wide * self.image.height / self.image.width
        return self.size[1]

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        _, available = self._inner(self.width)
        width, height = self.size
        left = x + (available - width) * self.position
        low = sheet.height - top - height
        sheet.add(PlacedImage(left, low, width, height, self.image, self.leaf))

    def _extent(self) -> tuple[float, float]:
        return min(self.wish, 36.0), self.wish


class ColumnsBox(Box):
    """Columns side by side; a split cuts all of them at the same height."""

    what = "this block of columns"

    def __init__(self, columns: list[Stack], shares: list[float], gap: float) -> None:
        """``shares``: parts of the width, whose sum is 1; ``gap``: points between columns."""
        self.columns = columns
        self.shares = shares
        self.gap = gap

    def _wrap(self, width: float) -> float:
        available = width - self.gap * (len(self.columns) - 1)
        self.columns = [
            column.wrap(max(available * share, 1.0))
            for column, share in zip(self.columns, self.shares, strict=True)
        ]
        return max((column.height for column in self.columns), default=0.0)

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        for column in self.columns:
            column.place(sheet, x, top)
            x += column.width + self.gap

    def _least(self, rules: Rules) -> float:
        return max((column.least(rules) for column in self.columns), default=0.0)

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        parts = split_side_by_side(self.columns, [available] * len(self.columns), rules)
        if parts is None:
            return None
        head, rest = copy.copy(self), self._rest()
        head.columns, rest.columns = map(list, zip(*parts, strict=True))
        for part in (head, rest):
            part.height = max(column.height for column in part.columns)
        return head, rest

    def _extent(self) -> tuple[float, float]:
        extents = [column.extent() for column in self.columns]
        gaps = self.gap * (len(extents) - 1)
        return sum(least for least, _ in extents) + gaps, sum(most for _, most in extents) + gaps

    def first_baseline(self) -> float | None:
        return self.columns[0].first_baseline() if self.columns else None

    def blame(self) -> Box:
        return max(self.columns, key=lambda column: column.height).blame()


class RailBox(ColumnsBox):
    """A heading in the rail, ``rail`` points wide, and what belongs to it beside it; their first
    lines stand on one baseline."""

    def __init__(self, heading: Stack, rest: Stack, rail: float, gap: float) -> None:
        super().__init__([heading, rest], [], gap)
        self.rail = rail
        self.drops = [0.0, 0.0]  # from the top of the box to the tops of the columns

    def _wrap(self, width: float) -> float:
        available = max(width - self.gap, 1.0)
        part = min(self.rail / available, 1.0)
        self.shares = [part, 1.0 - part]
        super()._wrap(width)
        depths = [column.first_baseline() for column in self.columns]
        lowest = max((depth for depth in depths if depth is not None), default=0.0)
        self.drops = [0.0 if depth is None else lowest - depth for depth in depths]
        return self._highest()

    def _highest(self) -> float:
        pairs = zip(self.columns, self.drops, strict=True)
        return max(column.height + drop for column, drop in pairs)

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        for column, drop in zip(self.columns, self.drops, strict=True):
            column.place(sheet, x, top + drop)
            x += column.width + self.gap

    def _least(self, rules: Rules) -> float:
        pairs = zip(self.columns, self.drops, strict=True)
        return max(column.least(rules) + drop for column, drop in pairs)

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        room = [available - drop for drop in self.drops]
        parts = split_side_by_side(self.columns, room, rules)
        if parts is None or not parts[1][0].children:
            return None
        head, rest = copy.copy(self), self._rest()
        head.columns, rest.columns = map(list, zip(*parts, strict=True))
        rest.drops = [0.0, 0.0]
        head.height, rest.height = head._highest(), rest._highest()
        return head, rest


class WritingLinesBox(Box):
    """Lines to write on, ``line_gap`` of the style apart."""

    what = "these writing lines"
    draws_border = True

    def __init__(self, count: int, style: Style, leaf: Leaf | None) -> None:
        self.count = count
        self.style = style
        self.leaf = leaf

    def _wrap(self, width: float) -> float:
        del width
        return self.count * self.style.line_gap

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        _, width = self._inner(self.width)
        colour = self.style.border_colour or self.style.colour
        thick = self.style.border.bottom or _HAIRLINE
        for index in range(self.count):
            y = sheet.height - top - (index + 1) * self.style.line_gap + thick / 2
            sheet.add(PlacedLine(x, y, x + width, y, colour, thick, self.leaf))

    def _least(self, rules: Rules) -> float:
        del rules
        return self.style.line_gap * min(2, self.count)

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        fewest = 1 if rules.force else 2
        apart = max(self.style.line_gap, EPSILON)
        take = min(int((available + EPSILON) / apart), self.count - fewest)
        if take < fewest:
            return None
        head, rest = copy.copy(self), self._rest()
        head.count, rest.count = take, self.count - take
        head.height = head.count * self.style.line_gap
        rest.height = rest.count * self.style.line_gap
        return head, rest


class RuleBox(Box):
    """A horizontal line as thick as the style's upper border; drawn for the eye only."""

    what = "this rule"
    draws_border = True

    def __init__(self, style: Style) -> None:
        self.style = style
        self.thick = style.border.top or _HAIRLINE

    def _wrap(self, width: float) -> float:
        del width
        return self.thick

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        _, width = self._inner(self.width)
        colour = self.style.border_colour or self.style.colour
        sheet.fill(x, top, width, self.thick, colour)


def picture_of(block: Pictured) -> Picture:
    """What ``block`` shows."""
    match block:
        case Figure(image=image):
            return image
        case QRFigure(href=href):
            return QRCode(href)
        case _:
            assert_never(block)
