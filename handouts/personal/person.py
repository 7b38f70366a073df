"""A person's data as it is given: one JSON object, from a file or standard input."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

from handouts.errors import ContentError, Source
from handouts.inputs import read
from handouts.personal.entries import ENTRIES, Person

#: More than all fields at their longest, in any escapes.
_LARGEST: Final = 100_000
_REMEDY: Final = 'Such as {"patient": "Ana Example"}; for many people: handouts batch.'
_SHOWN_STDIN: Final = "(standard input)"


def read_person(path: Path | None) -> Person:
    """The person in a JSON file; None reads standard input.

    Raises ContentError for a file that cannot be read, or holds no JSON object.
    """
    source = Source(str(path) if path else _SHOWN_STDIN)
    try:
        data = read(path, _LARGEST) if path else sys.stdin.buffer.read(_LARGEST + 1)
    except OSError as problem:
        message = f"cannot be read: {problem.strerror}."
        raise ContentError(message, source, "Name a JSON file, or - for standard input.") from None
    if len(data) > _LARGEST:
        raise ContentError("is too long for one person's data.", source, _REMEDY)
    text = data.decode("utf-8-sig", "replace")
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except _Twice as problem:
        raise ContentError(f"{problem} stands there twice.", source, "Remove one.") from None
    except (ValueError, RecursionError) as problem:
        line = getattr(problem, "lineno", 0)
        raise ContentError("is no JSON.", Source(source.file, line), _REMEDY) from None
    if not isinstance(found, dict):
        raise ContentError("must be one JSON object.", source, _REMEDY)
    lines = {key: _line_of(key, text) for key in found}
    return Person(found, source, lines)


class _Twice(Exception):
    """A key of an object stands there twice: one of the two values would be lost."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key if key in ENTRIES else "a key")
        found[key] = value
    return found


def _line_of(key: str, text: str) -> int:
    """The line on which ``key`` is written in plain letters; 0 if it is written otherwise."""
    found = re.search(rf'"{re.escape(key)}"\s*:', text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
