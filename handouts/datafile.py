"""TOML files: typed, with file and line in every finding, all findings at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from handouts.errors import Finding, HandoutsError, Source

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")
KeyPath = tuple[str | int, ...]

#: A content or layout file is prose by hand; more is a mistake or an attack.
MAX_BYTES = 256 * 1024

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"^\s*((?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="
)
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class DataFile:
    """A parsed TOML file that knows the line of each key."""

    name: str
    data: dict[str, Any]
    lines: dict[KeyPath, int]

    def source(self, *path: str | int) -> Source:
        """Where ``path`` stands; its nearest known parent if the key has no line of its own."""
        while path and path not in self.lines:
            path = path[:-1]
        return Source(self.name, self.lines.get(path, 1) if path else 1)


def read_text(path: Path, name: str, error: type[HandoutsError]) -> str:
    """A UTF-8 text file of bounded size, with line ends normalised.

    Raises ``error`` naming the file if it is too large, unreadable or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise error(
            f"cannot be read: {problem.strerror}.", Source(name), "Check that the file exists."
        ) from problem
    if len(raw) > MAX_BYTES:
        raise error(f"is larger than {MAX_BYTES // 1024} KiB.", Source(name), "Split it.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise error("is not UTF-8 text.", Source(name, line), "Save it as UTF-8.") from problem
    return text.replace("\r\n", "\n")


def load(path: Path, name: str, error: type[HandoutsError]) -> DataFile:
    """Read a TOML file; raises ``error`` with the line of a syntax error."""
    return parse(read_text(path, name, error), name, error)


def parse(text: str, name: str, error: type[HandoutsError], first_line: int = 1) -> DataFile:
    """Parse TOML text that starts at line ``first_line`` of the file ``name``."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        where = _TOML_LINE.search(str(problem))
        line = int(where.group(1)) if where else max(1, text.count("\n"))
        message = _TOML_LINE.sub("", str(problem)).strip()
        message = message.replace("(at end of document)", "at the end of the file").strip()
        raise error(
            f"is not valid TOML: {message}.", Source(name, line + first_line - 1)
        ) from problem
    return DataFile(name, data, _key_lines(text, first_line))


def convert(file: DataFile, kind: type[T], error: type[HandoutsError], *at: str | int) -> T:
    """The table at key path ``at`` as the frozen dataclass ``kind``.

    Unknown keys, missing keys and wrong types are all reported at once, each with its line.
    """
    from cattrs import BaseValidationError

    value: Any = file.data
    for key in at:
        value = value[key]
    try:
        return _converter().structure(value, kind)
    except BaseValidationError as problem:
        raise error(_findings(problem, file, at)) from problem


@cache
def _converter() -> Converter:
    from datetime import date

    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for strict in (str, bool, date):
        converter.register_structure_hook(strict, _strictly(strict))
    converter.register_structure_hook(int, _strictly(int))
    converter.register_structure_hook(float, _number)
    return converter


def _strictly(kind: type) -> Any:
    def hook(value: object, _: object) -> object:
        # bool is an int in Python, and a datetime is a date; a TOML file means what it says.
        if type(value) is not kind:
            raise TypeError(f"must be {_NAMES[kind.__name__]}, not {value!r}")
        return value

    return hook


def _number(value: object, _: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"must be a number, not {value!r}")
    return float(value)


_NAMES = {
    "str": 'text in "quotes"',
    "bool": "true or false",
    "int": "a whole number",
    "date": "a date such as 2026-11-21",
}


def _findings(problem: BaseException, file: DataFile, at: KeyPath) -> Iterable[Finding]:
    """Walk cattrs' exception tree; its notes carry the attribute or index of each step."""
    from cattrs import ForbiddenExtraKeysError
    from cattrs.errors import AttributeValidationNote, BaseValidationError, IterableValidationNote

    if isinstance(problem, BaseValidationError):
        for child in problem.exceptions:
            step: KeyPath = ()
            for note in getattr(child, "__notes__", ()):
                if isinstance(note, AttributeValidationNote):
                    step = (note.name,)
                elif isinstance(note, IterableValidationNote):
                    step = (note.index,)
            yield from _findings(child, file, (*at, *step))
    elif isinstance(problem, ForbiddenExtraKeysError):
        known = [field.name for field in _fields(problem.cl)]
        for key in sorted(problem.extra_fields):
            close = get_close_matches(key, known, 1)
            remedy = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
            yield Finding(f"unknown key {key}.", file.source(*at, key), remedy)
    elif isinstance(problem, KeyError):
        yield Finding(f"{problem.args[0]} is missing.", file.source(*at), "Add it.")
    else:
        name = ".".join(str(part) for part in at)
        yield Finding(f"{name}: {problem}.", file.source(*at))


def _fields(kind: type) -> tuple[Any, ...]:
    from dataclasses import fields

    from attrs import fields as attrs_fields
    from attrs import has

    return tuple(attrs_fields(kind)) if has(kind) else tuple(fields(kind))


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
