"""Files that appear whole or not at all: names, folders and atomic writes."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from handouts.errors import OutputError, Source, UsageError
from handouts.names import is_slug
from handouts.selection import SectionChoice, Selection

_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
#: Windows opens a device when a file has one of these names, whatever its extension.
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)}
_LONGEST_NAME = 180  # systems allow 255; the temporary file and the record need some
_TAKEN = ("letter", "a4", "proposed")  # parts of a name that no brand may look like

#: A writer needs a second; a temporary file as old as this was left by a killed process.
STALE_SECONDS = 600.0
_RETRY_SECONDS = 2.0
_SHARING_VIOLATIONS = (5, 32, 33)  # Windows: access denied, in use, locked

# --- Names --------------------------------------------------------------------------------


def is_file_name(name: str) -> bool:
    """Whether ``name`` may name a file on every system: a slug, and no device of Windows.

    A slug has no dot and no slash, so it never leaves its folder.
    """
    return is_slug(name) and name not in _DEVICES


def output_name(selection: Selection, default_brand: str, default_paper: str) -> str:
    """The PDF's file name: ``condition.layout.lang``, and what differs from the usual choice.

    Two selections that differ get two names, so nothing is overwritten by something else.
    Raises UsageError for a name that cannot be part of a file name.
    """
    for kind, name in (("condition", selection.condition), ("layout", selection.layout)):
        _demand_slug(kind, name)
    if not _LANG.fullmatch(selection.lang):
        raise UsageError(f"“{selection.lang}” is not a language code.", remedy="Try: --lang en")
    parts = [selection.condition, selection.layout, selection.lang]
    if selection.brand and selection.brand != default_brand:
        _demand_slug("brand", selection.brand)
        taken = selection.brand in _TAKEN or selection.brand.startswith(("brand-", "all-"))
        parts.append(f"brand-{selection.brand}" if taken else selection.brand)
    parts += _choice_parts(selection)
    if selection.proposed:
        parts.append("proposed")
    if selection.paper != default_paper:
        parts.append(selection.paper)
    name = ".".join(parts)
    if len(name) > _LONGEST_NAME:
        name = f"{selection.condition}.{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return name + ".pdf"


def _choice_parts(selection: Selection) -> list[str]:
    """How the name shows a selection of sections. A slug has no ``+``, so it cannot be a brand."""
    parts = ["all-sections"] if selection.choice is SectionChoice.ALL else []
    if selection.choice is SectionChoice.NAMED:
        parts.append(_list_part("only", selection.sections))
    if selection.without:
        parts.append(_list_part("without", selection.without))
    return parts


def _list_part(word: str, sections: tuple[str, ...]) -> str:
    for section in sections:
        _demand_slug("section", section)
    return f"{word}+{'+'.join(sections)}"


def _demand_slug(kind: str, name: str) -> None:
    if not is_file_name(name):
        raise UsageError(
            f"“{name}” cannot be the name of a {kind}.",
            remedy="Names have small letters, digits and single hyphens.",
        )


# --- Writing ------------------------------------------------------------------------------


def prepare_folder(folder: Path) -> None:
    """Make ``folder`` if needed.

    Raises OutputError if it is a symlink, is no folder, or cannot be made.
    """
    _refuse_link(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as problem:
        raise OutputError(
            "is a file, so no folder can be made here.", Source(str(folder)), "Name another folder."
        ) from problem
    except OSError as problem:
        raise _explained(problem, folder) from problem


def write(target: Path, data: bytes) -> None:
    """Put ``data`` at ``target``: all of it, or nothing and the old file stays.

    The bytes go to a temporary file in the same folder, to the disk, and then take the
    target's name in one step. Raises OutputError.
    """
    _put(target, data, _replace)


def create(target: Path, data: bytes) -> None:
    """As ``write``, where no file may be: one that appears at the last moment stays, too.

    Raises OutputError.
    """
    _put(target, data, _take)


def _put(target: Path, data: bytes, finish: Callable[[Path, Path], None]) -> None:
    prepare_folder(target.parent)
    _refuse_link(target)
    if target.is_dir():
        raise OutputError("is a folder.", Source(str(target)), "Give the file another name.")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
    try:
        _sweep(target)
        _write_through(temporary, data)
        finish(temporary, target)
    except OSError as problem:
        raise _explained(problem, target) from problem
    finally:
        with suppress(OSError):
            temporary.unlink()


def remove(target: Path) -> None:
    """Delete a file of ours if it is there. Raises OutputError."""
    _refuse_link(target)
    try:
        target.unlink(missing_ok=True)
    except OSError as problem:
        raise _explained(problem, target) from problem


def _write_through(path: Path, data: bytes) -> None:
    """Write and wait for the disk. O_EXCL: neither a file nor a link is ever opened again."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _take(temporary: Path, target: Path) -> None:
    """``_replace`` where no file has this name: one step, or two on drives without hard links."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        pass
    else:
        _sync_folder(target.parent)
        return
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        _replace(temporary, target)
    except OSError:
        target.unlink()
        raise


def _replace(temporary: Path, target: Path) -> None:
    """``os.replace``; on Windows a viewer that has just opened the PDF is given some time."""
    give_up = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            os.replace(temporary, target)
            break
        except PermissionError as problem:
            if getattr(problem, "winerror", None) not in _SHARING_VIOLATIONS:
                raise
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    with suppress(OSError):  # some network drives refuse it; the file itself is on the disk
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(target: Path) -> None:
    """Delete what a killed process left of this target. Younger files may be another build's."""
    pattern = re.compile(re.escape(f".{target.name}.") + r"[0-9a-f]{16}\.tmp")
    oldest = time.time() - STALE_SECONDS
    left = [target.parent / name for name in os.listdir(target.parent) if pattern.fullmatch(name)]
    for path in left:
        with suppress(OSError):  # another build may have finished with it just now
            if path.lstat().st_mtime < oldest:
                path.unlink()


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise OutputError(
            "is a link to somewhere else, and links are not followed.",
            Source(str(path)),
            "Delete the link, or name the real place.",
        )


def _explained(problem: OSError, path: Path) -> OutputError:
    """The message and remedy for what the system said."""
    where = Source(str(path))
    if isinstance(problem, FileExistsError):
        return OutputError("is already there.", where, "Give another name, or move it away.")
    if getattr(problem, "winerror", None) in _SHARING_VIOLATIONS:
        return OutputError("is open in another program.", where, "Close the PDF and try again.")
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutputError(
            "There is no space on the disk; the old file is untouched.", where, "Free some space."
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(
            "You may not write here.", where, "Choose another folder with: -o FOLDER/"
        )
    return OutputError(f"cannot be written: {problem.strerror}.", where, "Try another folder.")
