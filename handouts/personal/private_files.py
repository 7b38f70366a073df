"""Files about people: whole or not at all, and for nobody but their owner."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import Enum
from hashlib import file_digest, sha256
from pathlib import Path

from handouts.errors import OutputError, Source
from handouts.inputs import read
from handouts.output import explaining
from handouts.seal import is_sealed

FILE_MODE, FOLDER_MODE = 0o600, 0o700

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
#: What a killed process leaves of a file.
_LEFT = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")


class Taken(OutputError):
    """There is a file of this name already, and it may not be replaced."""


class Over(Enum):
    """Which files may be replaced."""

    NOTHING = "nothing"
    OURS = "ours"
    ANY = "any"


def put(folder: str, name: str, parts: Sequence[bytes], over: Over) -> None:
    """Write a file of ``parts`` under a temporary name, then give it its own in one step.

    A file of the same bytes may always be replaced: another try at the same copy wrote it. It is
    not waited for until it is on the disk: after a power cut its hash tells. Raises OutputError.
    """
    target = f"{folder}/{name}"
    temporary = f"{folder}/.{name}.{secrets.token_hex(8)}.tmp"
    try:
        if os.path.lexists(target):
            _demand_replaceable(Path(target), parts, over)
        handle = os.open(temporary, _FLAGS, FILE_MODE)
        try:
            for part in parts:
                write_all(handle, part)
        finally:
            os.close(handle)
        os.replace(temporary, target)
    except BaseException as problem:
        with suppress(OSError):
            os.unlink(temporary)
        if isinstance(problem, OSError):
            with explaining(Path(target)):
                raise
        raise


def write_all(handle: int, data: bytes) -> None:
    """Write ``data`` to a descriptor, in as many steps as the system takes. Raises OSError."""
    written = os.write(handle, data)
    while written < len(data):
        written += os.write(handle, memoryview(data)[written:])


def digest(path: Path) -> str:
    """The SHA-256 of a regular file that is no link; "" if there is none."""
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        with open(path, "rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def is_ours(path: Path) -> bool:
    """Whether a file is just as this program made it."""
    try:
        return not path.is_symlink() and is_sealed(read(path))
    except OSError:
        return False


def sweep(folder: Path, before: float) -> Iterator[Path]:
    """The files in ``folder`` that a killed process began before a moment, in seconds since 1970,
    and never finished."""
    with os.scandir(folder) as inside:
        for one in inside:
            with suppress(OSError):  # who was at it has just finished
                is_file = one.is_file(follow_symlinks=False)
                if _LEFT.fullmatch(one.name) and is_file and one.stat().st_mtime <= before:
                    yield Path(one.path)


def _demand_replaceable(target: Path, parts: Sequence[bytes], over: Over) -> None:
    is_file = target.is_file() and not target.is_symlink()
    if is_file and (over is Over.ANY or (over is Over.OURS and is_ours(target))):
        return
    if is_file and digest(target) == sha256(b"".join(parts)).hexdigest():
        return
    message = "is already there." if is_file else "is already there, and is no file."
    raise Taken(message, Source(str(target)), "Move it away, or name another folder: -o DIR")
