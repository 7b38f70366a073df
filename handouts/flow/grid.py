"""The grid of a table: which column each cell starts in, with column and row spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handouts.errors import LayoutError
from handouts.flow.tables import CellBox, RowBox
from handouts.model import Cell, Row, Table


def place_rows(rows: Sequence[Row], make: Callable[[Cell, int, int], CellBox]) -> list[RowBox]:
    """Give each cell its column, as in HTML: the first one free in its row.

    ``make``: the box of a cell, from the column it starts in and the rows it really spans,
    which are not beyond ``rows``.
    """
    busy: dict[int, int] = {}  # column: first row in which it is free again
    placed: list[RowBox] = []
    for number, row in enumerate(rows):
        cells: list[CellBox] = []
        column = 0
        for cell in row.cells:
            width = max(1, cell.colspan)
            while any(busy.get(column + step, 0) > number for step in range(width)):
                column += 1
            height = min(max(1, cell.rowspan), len(rows) - number)
            cells.append(make(cell, column, height))
            for step in range(width):
                busy[column + step] = number + height
            column += width
        joined = any(free > number + 1 for free in busy.values())
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
