"""TOML files: typed, with file and line in every finding, all findings at once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import islice
from math import isfinite
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from handouts.errors import Finding, HandoutsError, Source
from handouts.visible import unseen

T = TypeVar("T")
KeyPath = tuple[str | int, ...]

#: A content or layout file is prose by hand; more is a mistake or an attack.
MAX_BYTES = 256 * 1024

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"^\s*((?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="
)
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
#: The time that a key takes grows with the square of its parts.
_MAX_DEPTH = 16
_LONG_KEY = re.compile(
    r"(?<![A-Za-z0-9_-])"
    r"(?:(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"
    rf"{{{_MAX_DEPTH}}}"
)
_MOST_FINDINGS = 50
_INTEGERS = range(-(2**63), 2**63)
#: The years of dates that somebody means.
YEARS = range(1900, 2200)
_LINE_ENDS = str.maketrans("\n\t", "  ")
#: Every program of today takes such lines for a single one.
_OLD_LINE_END = re.compile(r"\r(?![\r\n])")
OLD_LINE_ENDS = "has the line ends of old Macs."
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class DataFile(Struct, frozen=True, dict=True):
    """A parsed TOML file that knows the line of each key. ``text`` starts at ``first_line``."""

    name: str
    data: dict[str, Any]
    text: str
    first_line: int = 1

    @cached_property
    def lines(self) -> dict[KeyPath, int]:
        """The line of each table and key; found only when somebody asks for one."""
        return _key_lines(self.text, self.first_line)

    def source(self, *path: str | int) -> Source:
        """Where ``path`` stands; its nearest known parent if the key has no line of its own."""
        while path and path not in self.lines:
            path = path[:-1]
        return Source(self.name, self.lines.get(path, 1) if path else 1)


class Keys(Struct, frozen=True):
    """What the keys of a table must be, where its file may choose them: put beside their type, as
    in ``dict[Annotated[str, Keys(…)], str]``. ``wrong`` and ``remedy`` say so of one that is not.
    """

    fits: Callable[[str], bool]
    wrong: str
    remedy: str

    def finding(self, key: str, source: Source) -> Finding:
        """What is wrong with ``key``."""
        return Finding(f"“{key:.80}” {self.wrong}", source, self.remedy)


def read_text(path: Path, name: str, error: type[HandoutsError], most: int = MAX_BYTES) -> str:
    """A UTF-8 text file of at most ``most`` bytes, with line ends and accents normalised: a
    letter and its accent are one character where Unicode has one (NFC).

    Raises ``error`` naming the file if it is too large, unreadable, not UTF-8, or of old Macs.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as problem:
        raise error(
            f"cannot be read: {problem.strerror}.", Source(name), "Check that the file exists."
        ) from problem
    if len(raw) > most:
        raise error(f"is larger than {most // 1024} KiB.", Source(name), "Split it.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise error("is not UTF-8 text.", Source(name, line), "Save it as UTF-8.") from problem
    if line := old_line_end(text):
        raise error(OLD_LINE_ENDS, Source(name, line), "Save it with those of today.")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def old_line_end(text: str) -> int:
    """The line in which a line end of old Macs stands, a carriage return alone; 0 if none does."""
    found = _OLD_LINE_END.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def load(path: Path, name: str, error: type[HandoutsError]) -> DataFile:
    """Read a TOML file; raises ``error`` with the line of a syntax error."""
    return parse(read_text(path, name, error), name, error)


def parse(text: str, name: str, error: type[HandoutsError], first_line: int = 1) -> DataFile:
    """Parse TOML text that starts at line ``first_line`` of the file ``name``.

    Raises ``error`` for a syntax error, and for values that no file of ours can mean.
    """
    if long := _LONG_KEY.search(text):
        line = text.count("\n", 0, long.start()) + first_line
        raise error(_TOO_DEEP, Source(name, line), "Use fewer parts.")
    try:
        data = tomllib.loads(text)
    except RecursionError as problem:
        raise error(_TOO_DEEP, Source(name), "Use fewer brackets.") from problem
    except ValueError as problem:  # also for a number with thousands of digits
        where = _TOML_LINE.search(str(problem))
        line = int(where.group(1)) if where else max(1, text.count("\n"))
        message = _TOML_LINE.sub("", str(problem)).strip()
        message = message.replace("(at end of document)", "at the end of the file").strip()
        raise error(
            f"is not valid TOML: {message}.", Source(name, line + first_line - 1)
        ) from problem
    file = DataFile(name, data, text, first_line)
    if problems := tuple(islice(_unusable(file, data, ()), _MOST_FINDINGS)):
        raise error(problems)
    return file


_TOO_DEEP = f"nests more than {_MAX_DEPTH} deep."


def _unusable(file: DataFile, value: Any, at: KeyPath) -> Iterator[Finding]:
    """Numbers and dates of no use, texts with what cannot be seen, and tables that nest too deep.

    TOML promises no whole number beyond 64 bits.
    """
    problem = ""
    if isinstance(value, dict | list):
        if len(at) < _MAX_DEPTH:
            for key, inside in value.items() if isinstance(value, dict) else enumerate(value):
                yield from _unusable(file, inside, (*at, key))
        else:
            problem = _TOO_DEEP
    elif isinstance(value, str):
        if found := unseen(value.translate(_LINE_ENDS)):
            problem = f"must not hold what cannot be seen: {found}."
    elif (isinstance(value, float) and not isfinite(value)) or (
        isinstance(value, int) and value not in _INTEGERS
    ):
        problem = "is not a number of usual size."
    elif isinstance(value, date) and value.year not in YEARS:
        problem = f"must be a date from {YEARS[0]} to {YEARS[-1]}."
    if problem:
        yield Finding(f"{'.'.join(map(str, at))[:80]} {problem}", file.source(*at))


def convert(file: DataFile, kind: type[T], error: type[HandoutsError], *at: str | int) -> T:
    """The table at key path ``at`` as the Struct ``kind``.

    Unknown keys, missing keys and wrong types are all reported at once, each with its line.
    """
    value: Any = file.data
    for key in at:
        value = value[key]
    reading = _Reading(file)
    made: T = reading.typed(value, kind, at)
    if reading.findings:
        raise error(reading.findings)
    return made


#: How a message names a type, for the types that TOML has.
_NAMES = {
    str: 'text in "quotes"',
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    date: "a date such as 2026-11-21",
}


@cache
def _fields(kind: Any) -> Mapping[str, FieldInfo]:
    """The fields of a Struct by name, with their types."""
    return {field.name: field for field in fields(kind)}


class _Reading:
    """Turns values of a file into their types, and keeps a finding for each that does not fit.

    msgspec's own conversion stops at the first that does not fit; an editor wants to know all.
    """

    def __init__(self, file: DataFile) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def typed(self, value: Any, kind: Any, at: KeyPath) -> Any:
        """``value`` as a ``kind``: a Struct, a tuple, table or choice of kinds, or a scalar."""
        inside = get_args(kind)
        if isinstance(kind, type) and issubclass(kind, Struct):
            return self._record(value, kind, at)
        match get_origin(kind):
            case origin if origin is Union or origin is UnionType:
                # TOML has no null, so a value that fits none is to be what stands first.
                fits = (each for each in inside if (get_origin(each) or each) is type(value))
                return self.typed(value, next(fits, inside[0]), at)
            case origin if origin is Literal:
                return self._demand(
                    value in inside, value, at, " or ".join(f'"{one}"' for one in inside)
                )
            case origin if origin is tuple:
                items = self._demand(isinstance(value, list), value, at, "a [list]") or ()
                return tuple(self.typed(one, inside[0], (*at, i)) for i, one in enumerate(items))
            case origin if isinstance(origin, type) and issubclass(origin, Mapping):
                table = self._demand(isinstance(value, dict), value, at, "a table") or {}
                self._keys(table, inside[0], at)
                return {key: self.typed(one, inside[1], (*at, key)) for key, one in table.items()}
        return self._scalar(value, kind, at)

    def _keys(self, table: Mapping[str, Any], kind: Any, at: KeyPath) -> None:
        for rule in (one for one in get_args(kind)[1:] if isinstance(one, Keys)):
            wrong = (key for key in table if not rule.fits(key))
            found = (rule.finding(key, self.file.source(*at, key)) for key in wrong)
            self.findings += islice(found, _MOST_FINDINGS)

    def _scalar(self, value: Any, kind: Any, at: KeyPath) -> Any:
        """bool is an int in Python, and a datetime is a date; a TOML file means what it says."""
        if kind is Any:
            return value
        if kind is float and type(value) is int:
            return float(value)
        if get_origin(kind) is Annotated:  # a text that says something, and what
            kind, wanted = get_args(kind)
            if isinstance(value, str) and not value.strip():
                return self._demand(False, value, at, wanted)
        return self._demand(type(value) is kind, value, at, _NAMES[kind])

    def _record(self, value: Any, kind: Any, at: KeyPath) -> Any:
        """A table as a Struct; None if it lacks a key or a key does not fit."""
        known = _fields(kind)
        before = len(self.findings)
        table = self._demand(isinstance(value, dict), value, at, "a table") or {}
        for key in sorted(table.keys() - known.keys())[:_MOST_FINDINGS]:
            close = get_close_matches(key, known, 1)
            remedy = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
            self.findings.append(
                Finding(f"unknown key “{key}”.", self.file.source(*at, key), remedy)
            )
        for name, field in known.items():
            if name not in table and field.required:
                where = self.file.source(*at)
                self.findings.append(Finding(f"{name} is missing.", where, "Add it."))
        made = {
            name: self.typed(table[name], field.type, (*at, name))
            for name, field in known.items()
            if name in table
        }
        return kind(**made) if len(self.findings) == before else None

    def _demand(self, fits: bool, value: Any, at: KeyPath, wanted: str) -> Any:
        """``value`` if it fits, else None and a finding."""
        if fits:
            return value
        name = ".".join(map(str, at))
        message = f"{name}: must be {wanted}, not {written(value)}."
        self.findings.append(Finding(message, self.file.source(*at)))
        return None


def written(value: object) -> str:
    """``value`` as its author wrote it, in short: texts within quotes, lists by their kind."""
    match value:
        case bool():
            return str(value).lower()
        case list() | dict():
            return "a list" if isinstance(value, list) else "a table"
    return f"“{value:.80}”" if isinstance(value, str) else str(value)[:80]


def _key_lines(text: str, first_line: int) -> dict[KeyPath, int]:
    """The line of each table and key. Values that span lines are skipped by their quotes."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    multiline = ""
    for number, line in enumerate(text.split("\n"), first_line):
        if multiline:
            multiline = "" if line.count(multiline) % 2 else multiline
            continue
        if header := _HEADER.match(line):
            if "=" not in header.group(2):
                table = _table_path(header, counts)
                lines.setdefault(table, number)
        elif key := _KEY.match(line):
            path: KeyPath = (*table, *_parts(key.group(1)))
            for end in range(len(table) + 1, len(path) + 1):
                lines.setdefault(path[:end], number)
        for quotes in ('"""', "'''"):
            if line.count(quotes) % 2:
                multiline = quotes
    return lines


def _table_path(header: re.Match[str], counts: dict[KeyPath, int]) -> KeyPath:
    """The key path of a ``[table]`` or ``[[array]]`` header; array items are numbered."""
    path: KeyPath = ()
    for part in _parts(header.group(2)):
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path] - 1)
    if header.group(1) == "[[":
        base = path[:-1] if path and isinstance(path[-1], int) else path
        counts[base] = counts.get(base, 0) + 1
        path = (*base, counts[base] - 1)
    return path


def _parts(key: str) -> tuple[str, ...]:
    return tuple(next(filter(None, match)) for match in _PART.findall(key))
