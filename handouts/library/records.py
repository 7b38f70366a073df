"""Records of approvals: one file for each decision about the words of a condition, never changed.

``content/approvals/CONDITION.LANG.NUMBER.json`` in the workspace. The last one that has begun
holds; it approves words, which it keeps, or takes an approval back.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from msgspec import DecodeError, Struct
from msgspec.structs import replace

from handouts import inputs, output
from handouts.errors import OutputError, Source, WorkspaceError
from handouts.library.frozen import FrozenWords
from handouts.model.serial import VERSION, read, readable, unknown
from handouts.workspace import APPROVALS, Workspace, listed

#: The names of records.
_STEM = r"(?P<condition>[a-z0-9-]+)\.(?P<lang>[A-Za-z0-9-]+)\.(?P<number>[0-9]{4}|[1-9][0-9]{4,8})"
NAME = re.compile(_STEM + r"\.json")
#: What ``Record.reference`` gives.
REFERENCE = re.compile(_STEM + r"\.[0-9a-f]{10}")
_MAX_BYTES = 16 * 1024 * 1024
_TRIES = 20
_UNREADABLE = (OSError, ValueError, TypeError, RecursionError)


class Record(Struct, frozen=True):
    """A decision. Without words, it takes back what stood before.

    ``number`` is its own, so that no copy of it can be put after another. ``files`` is
    ``content_digest`` on that day: where it is the same, nothing was edited since. ``aside`` are
    the seals of those that a sync program had ``set_aside``: this decision comes after them.
    """

    condition: str
    lang: str
    by: str
    role: str
    on: date
    until: date
    licence: str = ""
    number: int = 0
    aside: tuple[str, ...] = ()
    files: str = ""
    translation_checked_by: str = ""  # name and qualification
    words: FrozenWords | None = None
    version: int = 0  # of the form of the file; ``sealed`` sets it
    seal: str = ""  # SHA-256 of all the rest: an edit by hand shows

    @property
    def reference(self) -> str:
        """A name for just this record, whatever another clinic's records are called."""
        return f"{self.condition}.{self.lang}.{self.number:04}.{self.seal[:10]}"

    @property
    def said(self) -> str:
        """What was decided, by whom and when, in words."""
        return f"{'approved' if self.words else 'taken back'} by {self.by} on {self.on}"


class InForce(Struct, frozen=True):
    """The decision that holds on a day, and the approval that begins first after that day."""

    holds: Record | None
    later: Record | None


def content_digest(workspace: Workspace) -> str:
    """A hash of all content in force that may reach a page, less the records: names and bytes of
    its files.

    "" where one cannot be read.
    """
    digest = blake2b(digest_size=20)
    for file in workspace.printed:
        name = file.name
        if name.startswith("content/") and not name.startswith(f"{APPROVALS}/"):
            try:
                data = file.path.read_bytes()
            except OSError:
                return ""
            digest.update(os.fsencode(f"{len(name)}:{name}:{len(data)}:") + data)
    return digest.hexdigest()


def numbers(workspace: Workspace, condition: str, lang: str) -> list[int]:
    """The numbers of the records, in order. Raises WorkspaceError where the drive is gone."""
    return sorted(
        int(match["number"])
        for match in map(NAME.fullmatch, _names(workspace))
        if match and (match["condition"], match["lang"]) == (condition, lang)
    )


def decided(workspace: Workspace) -> list[tuple[str, str]]:
    """The conditions and languages that have records, whether their files are still there or not.
    Raises WorkspaceError where the drive is gone."""
    found = filter(None, map(NAME.fullmatch, _names(workspace)))
    return sorted({(match["condition"], match["lang"]) for match in found})


def set_aside(workspace: Workspace, condition: str, lang: str) -> dict[str, Record]:
    """The decisions that lie under names which are none of a record, by name: where two people
    decided at once, a sync program keeps one of the two as a “conflicted copy”.
    """
    found = {}
    for name in sorted(_names(workspace)):
        if NAME.fullmatch(name) or name.startswith("."):  # one that is being written
            continue
        one = sealed_in(folder_of(workspace) / name)
        if one and (one.condition, one.lang) == (condition, lang):
            own = sealed_in(_path(workspace, condition, lang, one.number))
            if own is None or own.seal != one.seal:
                found[name] = one
    return found


def sealed_in(path: Path) -> Record | None:
    """The record in a file, whatever its name; None for any other file."""
    with suppress(*_UNREADABLE):
        return _opened(path, f"{APPROVALS}/{path.name}")
    return None


def _names(workspace: Workspace) -> list[str]:
    return listed(workspace.root, APPROVALS) if workspace.root else []


def latest(workspace: Workspace, condition: str, lang: str) -> Record | None:
    """The last decision, begun or not; None if there is none. Raises WorkspaceError as ``record``,
    and for one that was set aside and that nobody has decided after.
    """
    found = numbers(workspace, condition, lang)
    last = record(workspace, condition, lang, found[-1]) if found else None
    for name, one in set_aside(workspace, condition, lang).items():
        if last is None or one.seal not in last.aside:
            what = f"is {_file_name(condition, lang, one.number)} under another name"
            remedy = f"{_ANEW} handouts approve {condition} --lang {lang}, or with --revoke."
            raise _unusable(f"{APPROVALS}/{name}", f"{what} ({one.said})", remedy)
    return last


def in_force(workspace: Workspace, condition: str, lang: str, as_of: date) -> InForce:
    """What holds on ``as_of``: the last decision that has begun. Raises errors as ``latest``.

    In another time zone somebody decides tomorrow. An approval waits for its day; one that is
    taken back is so at once.
    """
    found, later = latest(workspace, condition, lang), None
    while found and found.words and found.on > as_of:
        later = found if later is None or found.on < later.on else later
        before = [one for one in numbers(workspace, condition, lang) if one < found.number]
        found = record(workspace, condition, lang, before[-1]) if before else None
    if found and later:
        aside = set_aside(workspace, condition, lang).values()
        if any(one.seal not in found.aside for one in aside):
            found = None  # only what waits was decided after these
    return InForce(found, later)


def record(workspace: Workspace, condition: str, lang: str, number: int) -> Record:
    """The record with this number.

    Raises WorkspaceError if it cannot be read, or was changed by hand since it was written.
    """
    name = f"{APPROVALS}/{_file_name(condition, lang, number)}"
    try:
        found = _opened(_path(workspace, condition, lang, number), name)
    except _UNREADABLE as problem:
        raise _unusable(name, "cannot be read") from problem
    if found is None:
        raise _unusable(name, "was changed since it was written")
    if (found.condition, found.lang, found.number) != (condition, lang, number):
        of = _file_name(found.condition, found.lang, found.number)
        raise _unusable(name, f"is a copy of {of}" if found.number else "does not say its number")
    return found


def last_words(workspace: Workspace, condition: str, lang: str) -> Record | None:
    """The last record that can be read and keeps words, whether it still holds or not."""
    for number in reversed(numbers(workspace, condition, lang)):
        try:
            found = record(workspace, condition, lang, number)
        except WorkspaceError:
            continue
        if found.words is not None:
            return found
    return None


def _opened(path: Path, name: str) -> Record | None:
    """The record in a file, None if its seal is broken.

    Raises ValueError, TypeError, OSError, and WorkspaceError for one of a later version.
    """
    return _parsed(inputs.read(path, _MAX_BYTES), name)


@lru_cache(maxsize=16)
def _parsed(text: bytes, name: str) -> Record | None:
    """The record in the bytes of a file. One view of the desk, and one publish, asks for the same
    decision many times: the file is read each time, and parsed once while its bytes are the same.
    """
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("no record")
    if data.get("version", 0) > VERSION:
        raise _unusable(name, _LATER, _UPDATE)
    if data.get("seal") != _seal_of(data):
        return None
    # An older version kept a letter and its accent as the file had them: see datafile.
    words = unicodedata.normalize("NFC", json.dumps(data.get("words"), ensure_ascii=False))
    data = {**data, "words": json.loads(words)}
    try:
        found = read(json.dumps(data).encode(), Record)
    except DecodeError as problem:  # its seal is right: so it is not damaged
        raise _unusable(name, _LATER, _UPDATE) from problem
    if unknown(data, found):
        raise _unusable(name, _LATER, _UPDATE)
    return found


_LATER = "was written by a later version of handouts"
_UPDATE = "Update handouts on this computer: the file is right as it is."
_BACKUP = (
    "Put it back from a backup, or let a clinician approve anew. "
    "Do not delete it: an older approval would hold again."
)
_ANEW = "Do not delete or rename it: two decided at once. Let a clinician decide anew:"


def _unusable(name: str, what: str, remedy: str = _BACKUP) -> WorkspaceError:
    message = f"the record of an approval {what}, so it approves nothing."
    return WorkspaceError(message, Source(name), remedy)


def keep(workspace: Workspace, made: Record) -> Path:
    """Write a record under the next number. Two at once get two numbers.

    Raises OutputError, and WorkspaceError where the drive is gone.
    """
    for _ in range(_TRIES):
        known = numbers(workspace, made.condition, made.lang)
        if path := keep_after(workspace, made, known):
            return path
    raise OutputError("others are writing here all the time.", Source(APPROVALS), "Try again.")


def keep_after(workspace: Workspace, made: Record, known: Sequence[int]) -> Path | None:
    """Write a record after those with the ``known`` numbers. Raises errors as ``keep``.

    None, and nothing is written, if there are others: what they decided stands.
    """
    aside = set_aside(workspace, made.condition, made.lang).values()
    number = max((*known, *(one.number for one in aside)), default=0) + 1
    path = _path(workspace, made.condition, made.lang, number)
    if numbers(workspace, made.condition, made.lang) != list(known):
        return None
    try:
        output.create(path, readable(sealed(replace(made, number=number))))
    except OutputError:
        if not path.exists():
            raise
        return None
    workspace.demand_there()  # else the decision lies where the drive should be
    return path


def sealed(made: Record) -> Record:
    """The record with the version of its form, and its seal."""
    made = replace(made, version=VERSION)
    return replace(made, seal=_seal_of(json.loads(readable(made))))


def _seal_of(data: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in data.items() if key != "seal"}
    return sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def folder_of(workspace: Workspace) -> Path:
    """Where the records lie. Raises WorkspaceError if there is no workspace."""
    if workspace.root is None:
        raise WorkspaceError(
            "An approval is written into your clinic's workspace, and there is none here.",
            remedy="Make one with: handouts init DIR, and run the command in that folder.",
        )
    return workspace.root / APPROVALS


def _path(workspace: Workspace, condition: str, lang: str, number: int) -> Path:
    return folder_of(workspace) / _file_name(condition, lang, number)


def _file_name(condition: str, lang: str, number: int) -> str:
    return f"{condition}.{lang}.{number:04}.json"
