"""A handout as a form: the blanks of its tables become fields that a patient types into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from handouts.flow.grid import Spot, grid
from handouts.model import Block, Cell, FormField, Part, Row, Section, Table, plain_text
from handouts.model.tree import inline_of, walk, with_nodes

N = TypeVar("N", bound=Block | Part)


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


def _rows(table: Table, next_name: Callable[[], str]) -> Iterator[Row]:
    places = grid(table.body)
    if not any(_is_blank(spot.cell) for row in places for spot in row):
        yield from table.body
        return
    own, heads = next_name(), _headings(table)
    for number, (row, spots) in enumerate(zip(table.body, places, strict=True), 1):
        cells = []
        for spot in spots:
            if not _is_blank(spot.cell):
                cells.append(spot.cell)
                continue
            name = f"{own}.r{number}.c{spot.column + 1}"
            said = _said(spots, spot.column, heads) or str(number)
            field = FormField((), name, said, source=spot.cell.source)
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


def _said(row: Iterable[Spot], column: int, heads: dict[int, str]) -> str:
    """What names a row, then its column: “Day 1, Pain at rest”. A number says nothing alone: the
    word in the corner stands before it."""
    named = next((spot for spot in row if _text(spot.cell)), None)
    corner = heads.get(named.column, "") if named else ""
    headings = (_text(named.cell) if named else "", heads.get(column, ""))
    return ", ".join(
        f"{corner} {text}".strip() if text.isdecimal() else text for text in headings if text
    )


def _text(cell: Cell) -> str:
    said = (plain_text(inline_of(node)) for node in walk((cell,)))
    return " ".join(" ".join(said).split())
