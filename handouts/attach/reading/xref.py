"""Read the rows of cross-references: tables (7.5.4) and streams (7.5.8)."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from handouts.attach.reading.objects import Damaged, Dict, Word
from handouts.attach.reading.tokens import parse

Entries: TypeAlias = dict[int, tuple[int, int, bool]]
"""By object number: offset and generation, or object stream and index where the flag is set.

An offset of -1 stands for a free object. The newest section is read first, and stays.
"""

MAX_OBJECTS: Final = 8_388_607
_SUBSECTION: Final = re.compile(rb"\s*(\d{1,10}) (\d{1,10})[ \t]*(?:\r\n|\r|\n)")
_ROWS: Final = (
    (20, re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")),
    (19, re.compile(rb"(\d{10}) (\d{5}) ([nf])(?:\r|\n)")),
)
"""Rows by their length in bytes: the standard's, and those of writers that leave the space out."""


def _rows(data: bytes, pos: int, count: int) -> tuple[list[tuple[bytes, bytes, bytes]], int]:
    """The rows of a subsection, all of one length, and the place behind them."""
    for length, row in _ROWS:
        end = pos + length * count
        rows = row.findall(data, pos, end)
        if len(rows) == count and end < len(data):
            return rows, end
    raise Damaged("a broken cross-reference table")


def read_table(data: bytes, pos: int, entries: Entries) -> tuple[Dict, int]:
    """Take the rows of a table, from behind the word ``xref``; its trailer, the place behind it."""
    while match := _SUBSECTION.match(data, pos):
        first, count = int(match[1]), int(match[2])
        if first + count > MAX_OBJECTS:
            raise Damaged("a cross-reference table that is too long")
        rows, pos = _rows(data, match.end(), count)
        if first == 1 and rows and rows[0][1] == b"65535":
            raise Damaged("a cross-reference table that begins one too late")
        for num, (where, gen, kind) in enumerate(rows, first):
            if num not in entries:
                entries[num] = (int(where) if kind == b"n" else -1, int(gen), False)
    word, pos = parse(data, pos)
    if type(word) is not Word or word != b"trailer":
        raise Damaged("a cross-reference table without a trailer")
    trailer, pos = parse(data, pos)
    if type(trailer) is not dict:
        raise Damaged("a broken trailer")
    return trailer, pos


def _layout(trailer: Dict) -> tuple[list[int], list[int]]:
    """The widths of the fields, and the first number and count of each subsection in turn."""
    widths, size = trailer.get(b"W"), trailer.get(b"Size")
    index = trailer.get(b"Index", [0, size])
    if type(widths) is not list or type(index) is not list:
        raise Damaged("a broken cross-reference stream")
    numbers = [size, *widths, *index]
    if any(type(number) is not int or not 0 <= number <= MAX_OBJECTS for number in numbers):
        raise Damaged("a broken cross-reference stream")
    if len(widths) != 3 or not 0 < max(widths) <= 8 or len(index) % 2:
        raise Damaged("a broken cross-reference stream")
    return widths, index


def take_rows(rows: bytes, trailer: Dict, entries: Entries) -> None:
    """Take the decoded rows of a cross-reference stream."""
    widths, index = _layout(trailer)
    step, pos = sum(widths), 0
    for first, count in zip(index[0::2], index[1::2], strict=True):
        end = pos + step * count
        if first + count > MAX_OBJECTS or end > len(rows):
            raise Damaged("a cross-reference stream that is too short")
        kinds, wheres, extras = _columns(rows[pos:end], widths, count)
        numbers = range(first, first + count)
        for num, kind, where, extra in zip(numbers, kinds, wheres, extras, strict=True):
            if num not in entries:
                entries[num] = (where if kind in (1, 2) else -1, extra, kind == 2)
        pos = end


def _columns(rows: bytes, widths: list[int], count: int) -> list[list[int]]:
    """The fields of the rows, column by column: much faster than row by row."""
    step, start = sum(widths), 0
    columns: list[list[int]] = []
    for position, width in enumerate(widths):
        # A first field of no width stands for type 1.
        numbers = [0 if width or position else 1] * count
        for offset in range(start, start + width):
            column = rows[offset::step]
            numbers = [high << 8 | low for high, low in zip(numbers, column, strict=True)]
        columns.append(numbers)
        start += width
    return columns
