"""The grid of a table: which column each cell starts in, with column and row spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from handouts.errors import LayoutError
from handouts.flow.tables import CellBox, RowBox
from handouts.model import Cell, Row, Table


class Spot(Struct, frozen=True):
    """A cell, the column that it starts in, and the rows that it really spans, which are not
    beyond its part of the table."""

    cell: Cell
    column: int
    rows: int


def grid(rows: Sequence[Row]) -> list[list[Spot]]:
    """Give each cell its column, as in HTML: the first one free in its row."""
    busy: dict[int, int] = {}  # column: first row in which it is free again
    placed: list[list[Spot]] = []
    for number, row in enumerate(rows):
        spots: list[Spot] = []
        column = 0
        for cell in row.cells:
            width = max(1, cell.colspan)
            while any(busy.get(column + step, 0) > number for step in range(width)):
                column += 1
            height = min(max(1, cell.rowspan), len(rows) - number)
            spots.append(Spot(cell, column, height))
            for step in range(width):
                busy[column + step] = number + height
            column += width
        placed.append(spots)
    return placed


def place_rows(rows: Sequence[Row], make: Callable[[Cell, int, int], CellBox]) -> list[RowBox]:
    """The boxes of ``rows``. ``make``: that of a cell, from its column and the rows it spans."""
    placed: list[RowBox] = []
    ends: dict[int, int] = {}  # column: the first row that its last cell does not reach
    for number, (row, spots) in enumerate(zip(rows, grid(rows), strict=True)):
        cells = [make(spot.cell, spot.column, spot.rows) for spot in spots]
        ends.update((spot.column, number + spot.rows) for spot in spots)
        joined = any(end > number + 1 for end in ends.values())
        placed.append(RowBox(cells, row.source, number, joined=joined))
    return placed


def column_count(table: Table, rows: Sequence[RowBox]) -> int:
    """The number of columns. LayoutError if the table gives another number of widths."""
    count = max((cell.column + cell.columns for row in rows for cell in row.cells), default=0)
    if not count:
        raise LayoutError("a table has no cells.", table.source, "Give it a row with cells.")
    if table.widths and (len(table.widths) != count or min(table.widths) <= 0):
        raise LayoutError(
            f"the table's columns are {count}, its widths {len(table.widths)}.",
            table.source,
            "Give one width above 0 for each column, or none.",
        )
    return count
