"""A handout as a form: the blanks of its tables become fields that a patient types into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from handouts.flow.grid import Spot, grid
from handouts.model import Block, Cell, FormField, Part, Row, Section, Table, plain_text
from handouts.model.tree import all_inline, walk, with_nodes

N = TypeVar("N", bound=Block | Part)

#: Lines in a column that is wider than most: it is for words.
_FOR_WORDS = 2


def as_form(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """``blocks`` with a field in each empty cell of a table's body.

    A field is named by the section, the row and the column, such as ``trial-diary.r1.c2``, and
    heard by their headings.
    """
    names = _Names()
    return tuple(_changed(block, "", names) for block in blocks)


class _Names(dict[str, int]):
    """How many tables each section has had so far."""

    def next(self, section: str) -> str:
        """The name of a section's next table: from the second on it is numbered."""
        self[section] = count = self.get(section, 0) + 1
        return section if count == 1 else f"{section}.t{count}"


def _changed(node: N, section: str, names: _Names) -> N:
    if isinstance(node, Section):
        section = node.id or section
    if isinstance(node, Table):
        body = tuple(_rows(node, partial(names.next, section or "table")))
        return replace(node, body=body) if body != node.body else node
    return with_nodes(node, lambda nodes: [_changed(one, section, names) for one in nodes])


def _rows(table: Table, name: partial[str]) -> Iterator[Row]:
    places = grid(table.body)
    if not any(_is_blank(spot.cell) for row in places for spot in row):
        yield from table.body
        return
    own, heads = name(), _headings(table)
    wide = sum(table.widths) / len(table.widths) if table.widths else 0.0
    for number, (row, spots) in enumerate(zip(table.body, places, strict=True), 1):
        cells = []
        for spot in spots:
            if not _is_blank(spot.cell):
                cells.append(spot.cell)
                continue
            said = (_row_heading(spots, heads) or str(number), heads.get(spot.column, ""))
            lines = _FOR_WORDS if wide and table.widths[spot.column] > wide else 1
            field = FormField(
                (),
                f"{own}.r{number}.c{spot.column + 1}",
                ", ".join(filter(None, said)),
                lines,
                source=spot.cell.source,
            )
            cells.append(replace(spot.cell, children=(field,)))
        yield replace(row, cells=tuple(cells))


def _is_blank(cell: Cell) -> bool:
    return cell.scope is None and not cell.children


def _headings(table: Table) -> dict[int, str]:
    """What stands over each column, in the last row of the head that says it."""
    heads: dict[int, str] = {}
    for row in grid(table.head):
        for spot in row:
            if text := _text(spot.cell):
                width = range(spot.column, spot.column + max(1, spot.cell.colspan))
                heads.update(dict.fromkeys(width, text))
    return heads


def _row_heading(row: Iterable[Spot], heads: dict[int, str]) -> str:
    """What names a row, after what stands over that: “Day 1”."""
    for spot in row:
        if text := _text(spot.cell):
            return f"{heads.get(spot.column, '')} {text}".strip()
    return ""


def _text(cell: Cell) -> str:
    return " ".join(plain_text(all_inline(walk((cell,)))).split())
