"""Tables: rows of cells with spans, split between rows, the head repeated on each page."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Final, Self

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import Source
from handouts.flow.boxes import EPSILON, Box, PaddedBox, Rules, Stack, split_side_by_side
from handouts.flow.columns import content_widths, shared_widths
from handouts.flow.frames import Area, draw_frame, padding_of
from handouts.flow.sheet import Sheet
from handouts.model import Style

#: A table of so many rows leaves none of them alone on a page.
_SEVERAL: Final = 4


class CellBox(PaddedBox):
    """One cell: its content, the style of its padding and borders, and its place in the grid."""

    least_width = 1.0
    inner: Stack

    def __init__(self, content: Stack, style: Style, column: int, columns: int, rows: int) -> None:
        super().__init__(content, padding_of(style))
        self.style = style
        self.column = column
        self.columns = columns
        self.rows = rows

    def part(self, content: Stack) -> CellBox:
        """A cell like this one with a part of its content."""
        return CellBox(content, self.style, self.column, self.columns, self.rows)


class RowBox(Struct, eq=False):
    """The cells that start in one row. ``joined``: a cell reaches down into the next row."""

    cells: list[CellBox]
    source: Source
    number: int
    height: float = 0.0
    joined: bool = False


class TableBox(Box):
    """Caption, head and body rows. Rows move to the next page whole, unless one is too high."""

    what = "this table row"
    keep_share = 1 / 2  # a higher table may go on, below its repeated head, at the next page
    gives_way = True
    draws_border = True

    def __init__(self, style: Style, count: int, head: list[RowBox], body: list[RowBox]) -> None:
        """``count``: the number of columns."""
        self.style = style
        self.count = count
        self.caption: Box | None = None
        self.head = head
        self.body = body
        self.shares: tuple[float, ...] = ()
        self.columns: list[float] = []
        self.repeated = False

    # --- measuring ---

    def _wrap(self, width: float) -> float:
        if self.caption:
            self.caption = self.caption.wrap(width)
        border = self.style.border
        self.columns = self._column_widths(width - border.left - border.right)
        self.head, self.body = (_wrapped(rows, self.columns) for rows in (self.head, self.body))
        return self._top() + self._rows_height(self.body) + border.bottom

    def _column_widths(self, width: float) -> list[float]:
        least, most = self._column_extents()
        if self.shares:
            return shared_widths(self.shares, least, width)
        return content_widths(least, most, width)

    def _column_extents(self) -> tuple[list[float], list[float]]:
        least, most = [1.0] * self.count, [1.0] * self.count
        spanning: list[CellBox] = []
        for row in self.head + self.body:
            for cell in row.cells:
                if cell.columns > 1:
                    spanning.append(cell)
                    continue
                low, high = cell.extent()
                least[cell.column] = max(least[cell.column], low)
                most[cell.column] = max(most[cell.column], high)
        for cell in spanning:
            span = range(cell.column, cell.column + cell.columns)
            for wishes, wish in zip((least, most), cell.extent(), strict=True):
                lack = (wish - sum(wishes[index] for index in span)) / cell.columns
                for index in span:
                    wishes[index] += max(lack, 0.0)
        return least, most

    def _top(self) -> float:
        """The height of caption, upper border and head, with the gap after the head."""
        height = self.style.border.top + self._rows_height(self.head)
        if self.head and self.body:
            height += self.style.item_gap
        return height + self._caption_height()

    def _caption_height(self) -> float:
        return self.caption.height + self.caption.after if self.caption else 0.0

    def _rows_height(self, rows: Sequence[RowBox]) -> float:
        gaps = self.style.item_gap * max(0, len(rows) - 1)
        return sum([row.height for row in rows]) + gaps

    def _extent(self) -> tuple[float, float]:
        least, most = self._column_extents()
        border = self.style.border.left + self.style.border.right
        return sum(least) + border, sum(most) + border

    def first_baseline(self) -> float | None:
        if self.caption:
            return self.caption.first_baseline()
        rows = self.head or self.body
        return rows[0].cells[0].first_baseline() if rows and rows[0].cells else None

    # --- splitting ---

    def _group(self, start: int) -> int:
        """The end of the rows that hang together from ``start`` on."""
        end = start
        while end < len(self.body) - 1 and self.body[end].joined:
            end += 1
        return end + 1 if self.body else 0

    def _start(self, rules: Rules) -> int:
        """The end of the rows that the table starts with at the foot of a page: of four or more
        rows at least two, unless they are more than a page."""
        end = self._group(0)
        if end == 1 and len(self.body) >= _SEVERAL:
            second = self._group(1)
            return end if self._too_high(second, rules.capacity) else second
        return end

    def _too_high(self, end: int, capacity: float) -> bool:
        """Whether the rows before ``end`` with the head, but no caption, are more than a page."""
        rows = self._rows_height(self.body[:end]) + self.style.border.bottom
        return rows + self._top() - self._caption_height() > capacity

    def _least(self, rules: Rules) -> float:
        end = self._start(rules)
        height = self._top() + self._rows_height(self.body[:end]) + self.style.border.bottom
        if end == 1 and self._too_high(end, rules.capacity):
            row = self.body[0]
            first = max((cell.least(rules) for cell in row.cells), default=0.0)
            return min(height, self._top() + first + self.style.border.bottom)
        return height

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        if rules.force and self.head and self._top() > available / 2:
            return self._headless()._split(available, rules)
        available -= self._top() + self.style.border.bottom
        at, end, cuts, first = 0.0, 0, [0], self._start(rules)
        while end < len(self.body):
            start, end = end, self._group(end)
            at += self._rows_height(self.body[start:end])
            if at > available + EPSILON:
                break
            at += self.style.item_gap
            if first <= end < len(self.body):
                cuts.append(end)
        cut = cuts[-1]
        if cut == len(self.body) - 1 and len(cuts) > 2 and not rules.force:
            cut = cuts[-2]  # no row alone at the head of a page
        if cut:
            return self._parts(self.body[:cut], self.body[cut:])
        return self._split_row(available, rules)

    def _headless(self) -> Self:
        """The table with its head, too high to stand on each page, as ordinary rows."""
        whole = copy.copy(self)
        whole.head, whole.body = [], self.body if self.repeated else self.head + self.body
        return whole

    def _split_row(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        """Split the first row between its lines, if it is too high for any page."""
        end = self._group(0)
        if not self.body:
            return None
        if end > 1 or not (rules.force or self._too_high(end, rules.capacity)):
            return None
        row = self.body[0]
        parts = split_side_by_side(
            [cell.inner for cell in row.cells],
            [available - cell.pads.top - cell.pads.bottom for cell in row.cells],
            rules,
        )
        if parts is None:
            return None
        upper, lower = (
            RowBox(
                [cell.part(one) for cell, one in zip(row.cells, stacks, strict=True)],
                row.source,
                row.number,
            )
            for stacks in zip(*parts, strict=True)
        )
        [upper], [lower] = (_wrapped([part], self.columns) for part in (upper, lower))
        return self._parts([upper], [lower, *self.body[1:]])

    def _parts(self, upper: list[RowBox], lower: list[RowBox]) -> tuple[Self, Self]:
        head, rest = copy.copy(self), self._rest()
        head.body, rest.body = upper, lower
        rest.caption, rest.repeated = None, True
        for part in (head, rest):
            rows = part._rows_height(part.body)
            part.height = part._top() + rows + self.style.border.bottom
        return head, rest

    def blame(self) -> Box:
        """A picture in the first row or rows, if it is what makes them high; else the rows."""
        rows = self.body[: self._group(0)] or self.head
        self.source, self.height = rows[0].source, self._rows_height(rows)
        if len(rows) > 1:
            self.what = f"a group of {len(rows)} table rows that cells join"
        stacks = [cell.inner for row in rows for cell in row.cells if cell.inner.children]
        inner = max(stacks, key=lambda stack: stack.height).blame() if stacks else self
        return inner if inner.height > 0.8 * self.height else self

    # --- placing ---

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        _, width = self._inner(self.width)
        if self.caption:
            self.caption.place(sheet, x, top)
        border = self.style.border
        start = top + self._caption_height()
        frame = Area(x, start, width, self.height - (start - top))
        at = start + border.top
        artifact, sheet.artifact = sheet.artifact, sheet.artifact or self.repeated
        at = self._place_rows(sheet, self.head, (x + border.left, at))
        sheet.artifact = artifact
        self._place_rows(sheet, self.body, (x + border.left, at))
        # Borders lie over the backgrounds of the cells.
        draw_frame(sheet, _border_only(self.style), frame)

    def _place_rows(self, sheet: Sheet, rows: list[RowBox], corner: tuple[float, float]) -> float:
        x, top = corner
        lefts = [x]
        for width in self.columns:
            lefts.append(lefts[-1] + width)
        tops = [top]
        for row in rows:
            tops.append(tops[-1] + row.height + self.style.item_gap)
        for index, row in enumerate(rows):
            self._background(sheet, row, Area(x, tops[index], lefts[-1] - x, row.height))
            for cell in row.cells:
                last = min(index + cell.rows, len(rows)) - 1
                bottom = tops[last] + rows[last].height
                left = lefts[cell.column]
                wide = lefts[cell.column + cell.columns] - left
                draw_frame(sheet, cell.style, Area(left, tops[index], wide, bottom - tops[index]))
                cell.place(sheet, left, tops[index])
        return tops[-1]

    def _background(self, sheet: Sheet, row: RowBox, area: Area) -> None:
        colour = self.style.header_background if row.number < 0 else ""
        if row.number >= 0 and row.number % 2:
            colour = self.style.zebra
        if colour:
            sheet.fill(area.x, area.top, area.width, area.height, colour)


def _border_only(style: Style) -> Style:
    return Style(
        border=style.border,
        border_colour=style.border_colour,
        colour=style.colour,
        radius=style.radius,
    )


def _wrapped(rows: Sequence[RowBox], columns: Sequence[float]) -> list[RowBox]:
    """The rows in ``columns``: what no cell of one row needs goes to the last row of a spanning
    one."""
    made: list[RowBox] = []
    tall: list[tuple[int, CellBox]] = []
    for index, row in enumerate(rows):
        cells = [
            cell.wrap(sum(columns[cell.column : cell.column + cell.columns])) for cell in row.cells
        ]
        height = max((cell.height for cell in cells if cell.rows == 1), default=0.0)
        made.append(replace(row, cells=cells, height=height))
        tall += [(index, cell) for cell in cells if cell.rows > 1]
    for index, cell in tall:
        span = made[index : index + cell.rows]
        lack = cell.height - sum(row.height for row in span)
        if span and lack > 0:
            span[-1].height += lack
    return made
