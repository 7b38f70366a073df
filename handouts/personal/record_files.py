"""Records of people from CSV or JSON lines, one at a time, each with its line.

What cannot be read is a record with a problem: it is reported, and the others go on. No message
holds what a record says.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Final

from msgspec import Struct

from handouts.datafile import OLD_LINE_ENDS, old_line_end
from handouts.errors import ContentError, Source, UsageError
from handouts.names import suggest
from handouts.personal.entries import ENTRIES
from handouts.visible import cleaned

#: What a record may say beside a person's data.
CHOICES: Final = ("condition", "language", "layout", "sections", "paper", "id")
FIELDS: Final = (*CHOICES, *ENTRIES)

#: Bytes of a line, and lines of a record whose cells hold line ends.
_LONGEST = 65_536
_MOST_LINES = 100
_NO_ROW: Final = "has a quotation mark that opens no cell, or that nothing closes"
_NO_TEXT: Final = "is not text in UTF-8"
#: What dates and telephone numbers have, and names of columns do not: such a line is a record.
_VALUE: Final = re.compile(r"[0-9]{2}")
_HEAD: Final = "The first line must name the columns."
_AS_TEXT: Final = "Save it as “CSV UTF-8”."


class Record(Struct, frozen=True):
    """What one person's copy is made of. ``number`` counts records, ``line`` those of the file,
    both from 1; ``problem`` says what cannot be read, and in which field, "" for the whole."""

    number: int
    line: int
    cells: Mapping[str, Any]
    problem: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"Record({self.number})"  # logs hold what is shown so


class Columns(Struct, frozen=True):
    """Which column gives each field that is not called like its own; whether others may be there
    that give none."""

    of: Mapping[str, str] = {}
    ignore_others: bool = False

    @classmethod
    def given(cls, pairs: Iterable[str], *, ignore_others: bool) -> Columns:
        """From pairs such as ``patient=Full name``. Raises UsageError."""
        found: dict[str, str] = {}
        for pair in pairs:
            field, _, column = pair.partition("=")
            field, column = field.strip(), column.strip()
            if field not in FIELDS or not column:
                raise UsageError(
                    f"“{pair}” does not say which column gives a field.",
                    remedy=f"Write FIELD=COLUMN. {suggest(field, FIELDS)}",
                )
            if field in found or column in found.values():
                raise UsageError(
                    f"“{pair}” says something else than another --map.", remedy="Leave one out."
                )
            found[field] = column
        return cls(found, ignore_others)


class _Wrong(Struct, frozen=True):
    """What is wrong with the columns of a table, and what to do."""

    what: str
    remedy: str = ""


class _Line(Struct, frozen=True):
    number: int
    text: str
    problem: str = ""


class RecordFile:
    """The records of an open file, in their order. ``position``: the bytes read so far."""

    def __init__(self, stream: BinaryIO, name: str, columns: Columns) -> None:
        """``name``: what messages call the file. Nothing is read yet."""
        self.position = 0
        self._stream = stream
        self.name = name
        self._columns = columns
        self._numbers = 0
        self._again: deque[_Line] = deque()
        self._known: tuple[Sequence[str], dict[str, str] | _Wrong] = ((), {})

    def __iter__(self) -> Iterator[Record]:
        """Raises ContentError where the file as a whole cannot be understood."""
        first = next((line for line in self._lines() if line.text.strip() or line.problem), None)
        if first is None:
            raise ContentError("holds no records.", Source(self.name), "Check the file.")
        if first.problem or "\0" in first.text:
            what = first.problem or _NO_TEXT
            raise ContentError(f"{what}.", Source(self.name, first.number), _AS_TEXT)
        self._again.appendleft(first)
        rows = self._objects() if first.text.lstrip().startswith("{") else self._table()
        for number, (line, cells, problem) in enumerate(rows, 1):
            yield Record(number, line, cells, problem)

    # --- Lines ---

    def _lines(self) -> Iterator[_Line]:
        while (line := self._line()) is not None:
            yield line

    def _line(self) -> _Line | None:
        """The next line, None at the end; one that is too long or no text has a problem."""
        if self._again:
            return self._again.popleft()
        raw = self._read()
        if not raw:
            return None
        self._numbers += 1
        self.position += len(raw)
        is_long = len(raw) == _LONGEST and not raw.endswith(b"\n")
        while is_long and raw and not raw.endswith(b"\n"):
            raw = self._read()
            self.position += len(raw)
        if is_long:
            return _Line(self._numbers, "", f"has more than {_LONGEST:,} bytes")
        try:
            text = raw.decode("utf-8-sig" if self._numbers == 1 else "utf-8")
        except UnicodeDecodeError:
            return _Line(self._numbers, "", _NO_TEXT)
        return _Line(self._numbers, text)

    def _read(self) -> bytes:
        try:
            return self._stream.readline(_LONGEST)
        except OSError as problem:
            at = Source(self.name, self._numbers)
            reason = f"cannot be read on: {problem.strerror}."
            raise ContentError(reason, at, "Try again.") from None

    # --- CSV ---

    def _table(self) -> Iterator[tuple[int, dict[str, Any], tuple[str, str] | None]]:
        """Each row below the head, by field."""
        rows = self._rows()
        head, *more = next(rows)
        if head.problem:
            raise ContentError(f"{head.problem}.", Source(self.name, head.number), _AS_TEXT)
        if old_line_end(head.text):  # all records are in it
            raise ContentError(OLD_LINE_ENDS, Source(self.name, head.number), _AS_TEXT)
        names, mark = self._head("".join(line.text for line in (head, *more)))
        fields = self._fields(names)
        if isinstance(fields, _Wrong):
            raise ContentError(f"{fields.what}.", Source(self.name, head.number), fields.remedy)
        for row, *more in rows:
            if row.problem:
                yield row.number, {}, ("", row.problem)
                continue
            text = "".join(line.text for line in (row, *more))
            if not text.strip(f" \r\n{mark}"):
                continue
            cells = _split(text, mark)
            if len(cells) != len(names):
                # Two quotes that belong to no cell may lie records apart: none of these is lost.
                self._again.extendleft(reversed(more))
                problem = f"has {len(cells)} cells, and the head of the table has {len(names)}"
                yield row.number, {}, ("", problem if cells else _NO_ROW)
                continue
            given = zip(names, cells, strict=True)
            found = {fields[name]: cell for name, cell in given if name in fields and cell}
            yield row.number, found, None

    def _head(self, text: str) -> tuple[list[str], str]:
        """The names of the columns, and the sign between cells: that which gives most names."""
        tried = [(_split(text, mark), mark) for mark in ",;\t"]
        names, mark = max(tried, key=lambda one: len(one[0]))
        return [name.strip() for name in names], mark

    def _rows(self) -> Iterator[list[_Line]]:
        """The lines of each row: those of a cell in quotes belong together. A quote that nothing
        closes costs the row in which it stands, and no other."""
        for line in self._lines():
            more: list[_Line] = []
            quotes, room = line.text.count('"'), _LONGEST
            while quotes % 2 and room > 0 and len(more) < _MOST_LINES:
                following = self._line()
                if following is None:
                    break
                more.append(following)
                room -= len(following.text)
                quotes += following.text.count('"')
            if quotes % 2 or any(one.problem for one in more):
                self._again.extendleft(reversed(more))
                yield [_Line(line.number, "", _NO_ROW)]
            else:
                yield [line, *more]

    # --- JSON lines ---

    def _objects(self) -> Iterator[tuple[int, dict[str, Any], tuple[str, str] | None]]:
        """Each line's object, by field."""
        for line in self._lines():
            if line.problem:
                yield line.number, {}, ("", line.problem)
            elif line.text.strip():
                yield line.number, *self._object(line.text)

    def _object(self, text: str) -> tuple[dict[str, Any], tuple[str, str] | None]:
        try:
            found = json.loads(text, object_pairs_hook=_each_once)
        except (ValueError, RecursionError):
            return {}, ("", "is no JSON object with each key once")
        if not isinstance(found, dict):
            return {}, ("", "is no JSON object")
        names = tuple(found)
        if names != self._known[0]:
            self._known = names, self._fields(names, by_record=True)
        fields = self._known[1]
        if isinstance(fields, _Wrong):
            return {}, ("", f"{fields.what}. {fields.remedy}".rstrip(". "))
        given = ((fields[name], value) for name, value in found.items() if name in fields)
        return {field: value for field, value in given if value is not None and value != ""}, None

    # --- Columns ---

    def _fields(self, names: Sequence[str], *, by_record: bool = False) -> dict[str, str] | _Wrong:
        """The field of each column that gives one; or what is wrong with the columns."""
        of = self._columns.of
        fields = {column: field for field, column in of.items() if column in names}
        if len(fields) < len(of) and not by_record:
            lacking = next(column for column in of.values() if column not in names)
            return _Wrong(f"there is no column “{lacking}”, which --map names")
        for name in names:
            plain = name.casefold().replace(" ", "_").replace("-", "_")
            if plain in FIELDS and plain not in of and name not in fields:
                if plain in fields.values():
                    return _Wrong(f"two columns give the field {plain}", "Rename one of them.")
                fields[name] = plain
        if not fields:  # the first line may be about a person already: it is not repeated
            return _Wrong("no column is called like a field", f"{_HEAD} See --map.")
        unknown = [name for name in names if name not in fields]
        if unknown and not self._columns.ignore_others:
            return _without_field(unknown, is_head=not by_record)
        if len(names) - len(unknown) > len(fields):
            twice = next(name for name in fields if names.count(name) > 1)
            return _Wrong(f"two columns have the same name, “{twice}”", "Rename one of them.")
        return fields


def _without_field(columns: Sequence[str], *, is_head: bool) -> _Wrong:
    """What to say of columns that give no field; of a record that stands where the head of a table
    must, no word is repeated."""
    if is_head and any(map(_VALUE.search, columns)):
        return _Wrong("a column is called like a value", _HEAD)
    said = [f"“{cleaned(name)[:40]}”" if name else "without a name" for name in columns[:10]]
    shown = ", ".join(dict.fromkeys(said))
    remedy = "Name its field: --map FIELD=COLUMN. Or leave columns without a field out: "
    return _Wrong(f"no field is called like the column {shown}", f"{remedy}--ignore-others.")


def _split(text: str, mark: str) -> list[str]:
    """The cells of a row; none where its quotes are wrong."""
    try:
        return next(csv.reader([text], delimiter=mark, strict=True), [])
    except csv.Error:
        return []


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found
