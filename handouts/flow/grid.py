"""The grid of a table: which column each cell starts in, with column and row spans."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from handouts.errors import LayoutError, Source
from handouts.model import Cell, Row, Table


class PlacedCell(Struct, frozen=True):
    """A cell, the column it starts in, and the rows it really spans (not beyond its part)."""

    cell: Cell
    column: int
    rows: int


class PlacedRow(Struct, frozen=True):
    """The cells that start in a row; ``joined``: one of this or an earlier row reaches below."""

    cells: tuple[PlacedCell, ...]
    joined: bool
    source: Source


def place_rows(rows: Sequence[Row]) -> list[PlacedRow]:
    """Give each cell its column, as in HTML: the first one free in its row."""
    busy: dict[int, int] = {}  # column: first row in which it is free again
    placed: list[PlacedRow] = []
    for number, row in enumerate(rows):
        cells: list[PlacedCell] = []
        column = 0
        for cell in row.cells:
            width = max(1, cell.colspan)
            while any(busy.get(column + step, 0) > number for step in range(width)):
                column += 1
            height = min(max(1, cell.rowspan), len(rows) - number)
            cells.append(PlacedCell(cell, column, height))
            for step in range(width):
                busy[column + step] = number + height
            column += width
        joined = any(free > number + 1 for free in busy.values())
        placed.append(PlacedRow(tuple(cells), joined, row.source))
    return placed


def column_count(table: Table, rows: Sequence[PlacedRow]) -> int:
    """The number of columns. LayoutError if the table gives another number of widths."""
    count = max(
        (cell.column + max(1, cell.cell.colspan) for row in rows for cell in row.cells), default=0
    )
    if not count:
        raise LayoutError("A table without cells.", table.source, "Give it a row with cells.")
    if table.widths and (len(table.widths) != count or min(table.widths) <= 0):
        raise LayoutError(
            f"The table has {count} columns and {len(table.widths)} widths.",
            table.source,
            "Give one width above 0 for each column, or none.",
        )
    return count
