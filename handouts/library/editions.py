"""Editions: how each approved handout was made, so that the same words can be printed again."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from handouts import __version__, inputs, output
from handouts.errors import Source, UsageError, WorkspaceError
from handouts.model.serial import read, readable, unknown
from handouts.selection import Selection
from handouts.workspace import EDITIONS, Workspace

_MAX_BYTES = 1_000_000
_EDITION = re.compile(r"[0-9a-f]{10}")


class Printed(Struct, frozen=True):
    """An edition: what was chosen, whose words (the number of their record), and its bytes.

    ``beside``: the record of the second language's words, 0 where there is none.
    """

    edition: str
    selection: Selection
    record: int
    as_of: date
    sha256: str
    program: str = __version__
    beside: int = 0

    @property
    def records(self) -> tuple[tuple[str, int], ...]:
        """Each language with the number of its record."""
        return tuple(zip(self.selection.languages, (self.record, self.beside), strict=False))


def remember(workspace: Workspace, printed: Printed) -> None:
    """Write down an edition, unless it is known as it is. Raises OutputError, WorkspaceError."""
    if workspace.root is None:
        return
    path = _path(workspace.root, printed.edition)
    text = readable(printed)
    with suppress(OSError):
        if inputs.read(path, len(text)) == text:
            return
    output.write(path, text)
    workspace.demand_there()


def is_known(workspace: Workspace, edition: str) -> bool:
    """Whether it was written down how ``edition`` was made, and can be read."""
    try:
        recall(workspace, edition)
    except (UsageError, WorkspaceError):
        return False
    return True


def recall(workspace: Workspace, edition: str) -> Printed:
    """How ``edition`` was made. Raises UsageError if it is not known, WorkspaceError for a file
    that cannot be read, or is another edition's under this name."""
    named = _EDITION.fullmatch(edition) and workspace.root
    if not named or not (path := _path(named, edition)).is_file():
        workspace.demand_there()
        raise UsageError(
            f"The edition {edition} is not known here.",
            remedy="It stands at the foot of each page. Only approved handouts are remembered.",
        )
    try:
        data = inputs.read(path, _MAX_BYTES)
        printed = read(data, Printed)
    except (OSError, msgspec.DecodeError) as problem:
        raise WorkspaceError("cannot be read.", Source(str(path))) from problem
    if unknown(msgspec.json.decode(data), printed):
        message = "was written by a later version of handouts."
        raise WorkspaceError(message, Source(str(path)), "Update handouts on this computer.")
    if printed.edition != edition:
        remedy = f"Name it {printed.edition}.json again."
        raise WorkspaceError("is of another edition.", Source(str(path)), remedy)
    return printed


def _path(root: Path, edition: str) -> Path:
    return root / EDITIONS / f"{edition}.json"
