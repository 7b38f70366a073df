"""A clinic's folder in one file: its words, brands, layouts, approvals and editions, each proved.

A ZIP whose first entry, ``MANIFEST``, names every other one with its SHA-256. What is in it lets
approved words be printed again; PDFs, and whatever else somebody put into the folder, are not.
"""

from __future__ import annotations

import secrets
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from handouts import __version__, inputs, output
from handouts.errors import OutputError, Source, WorkspaceError
from handouts.file_names import DEVICES
from handouts.names import counted
from handouts.targets import Targets
from handouts.workspace import APPROVALS, EDITIONS, MARKER, ROOMS, Workspace, listed

MANIFEST: Final = "handouts-backup.json"
#: What a backup holds at most, so that a restore knows when to stop.
MOST_FILES, MOST_BYTES = 100_000, 500_000_000
_MOST_OF_MANIFEST = 50_000_000
_FORMAT = 1
#: Editions first: whatever is printed meanwhile, the record of its words is there.
_FOLDERS = (EDITIONS, *ROOMS)
_FILES = (MARKER, "README.txt")
#: Of every entry: the same files are the same bytes.
_WHEN = (1980, 1, 1, 0, 0, 0)
_TRIES = 5
#: The kinds of entries; 0 where the system that packed it knows none.
_PLAIN = (0, stat.S_IFREG)
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: What the library says of a file that is damaged, or made to deceive it.
_DAMAGED = (
    *(ValueError, KeyError, IndexError, OverflowError, RuntimeError, EOFError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)

Stamp = tuple[int, int, int]


class Contents(Struct, frozen=True):
    """What a backup says of itself: the version that made it, and the hash of each file by name."""

    format: int
    program: str
    files: dict[str, str]

    @property
    def said(self) -> str:
        """How many approvals and editions are among them, in words."""
        names = {"decision": f"{APPROVALS}/", "edition": f"{EDITIONS}/"}
        counts = (
            counted(sum(one.startswith(start) for one in self.files), what)
            for what, start in names.items()
        )
        return ", ".join(counts)


def back_up(workspace: Workspace, target: Path, *, force: bool) -> Contents:
    """Write a backup of ``workspace`` to ``target``.

    Raises WorkspaceError without a workspace, for a link in it and where it cannot be read whole,
    OutputError as ``Targets``.
    """
    if workspace.root is None:
        message = "There is no clinic's folder here to back up."
        raise WorkspaceError(message, remedy="Name it: --workspace DIR")
    target = output.demand_file(target)
    with output.alone(workspace.root):
        files = _at_one_time(workspace.root)
    sources = tuple(workspace.root / name for name in files)
    contents = Contents(
        _FORMAT, __version__, {name: _digest(files[name]) for name in sorted(files)}
    )
    with Targets(workspace, sources, force=force).written({target: _zipped(contents, files)}):
        return contents


def restore(file: Path, folder: Path) -> Contents:
    """Make the workspace ``folder`` of a backup: all of it, or nothing; for nobody who may not
    read the backup.

    Raises WorkspaceError for a file that is no backup or not as it was made, OutputError where
    something is in the way.
    """
    folder = output.demand_folder(folder)
    if folder.exists():
        remedy = "Name a folder that is not there yet; compare, then move it to its place."
        raise OutputError("is already there.", Source(str(folder)), remedy)
    contents, files = _opened(file)
    half = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}.tmp")
    with ExitStack() as passing:
        for one in output.prepare_folder(folder.parent):
            passing.callback(_discard, one)
        _sweep(folder)
        passing.callback(shutil.rmtree, half, ignore_errors=True)
        mode = output.mode_for(half, file)
        for room in ROOMS:
            output.prepare_folder(half / room)
        for name, data in files.items():
            output.write(half / name, data, mode)
        with output.explaining(folder):
            half.rename(folder)
    return contents


def _sweep(folder: Path) -> None:
    """Delete what restores of ``folder`` that were killed left beside it."""
    for left in output.stale(folder):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)


def _discard(folder: Path) -> None:
    with suppress(OSError):  # what came into it meanwhile stays
        folder.rmdir()


# --- Reading a workspace ------------------------------------------------------------------


def _at_one_time(root: Path) -> dict[str, bytes]:
    """All files as they were at one moment: read again if one was changed meanwhile."""
    for _ in range(_TRIES):
        before = _found(root)
        files = {name: _bytes(root / name) for name in before}
        if _found(root) == before:
            return files
    message = "is being changed all the time, so no moment of it can be kept."
    raise WorkspaceError(message, Source(str(root)), "Try again when nobody works in it.")


def _found(root: Path) -> dict[str, Stamp]:
    """The files of a backup with what changes when somebody writes them. Raises WorkspaceError."""
    there = listed(root)
    stack = [name for name in (*_FILES, *_FOLDERS[::-1]) if name in there]
    found: dict[str, Stamp] = {}
    while stack:
        name = stack.pop()
        try:
            known = (root / name).lstat()
        except FileNotFoundError:  # renamed since, as by who wrote it
            continue
        except OSError as problem:
            raise _unread(root / name, problem) from problem
        if stat.S_ISDIR(known.st_mode):
            inside = (one for one in listed(root, name) if not one.startswith((".", "__")))
            stack += (f"{name}/{one}" for one in inside)
        elif stat.S_ISREG(known.st_mode):
            found[name] = known.st_ino, known.st_size, known.st_mtime_ns
        else:
            message, remedy = "is a link, a device or a pipe.", "Put a file in its place."
            raise WorkspaceError(message, Source(str(root / name)), remedy)
    if wrong := _no_names(found):
        message = f"{wrong}, so it could not be restored on every computer."
        raise WorkspaceError(message, Source(str(root)), "Give it another name.")
    too_large = sum(size for _, size, _ in found.values()) > MOST_BYTES
    if too_large or len(found) > MOST_FILES:
        message = f"holds more than {MOST_BYTES // 1_000_000} MB or {MOST_FILES} files."
        raise WorkspaceError(message, Source(str(root)), "Move away what is no handout's.")
    return found


def _bytes(path: Path) -> bytes:
    try:
        return inputs.read(path, MOST_BYTES)
    except OSError as problem:
        raise _unread(path, problem) from problem


def _unread(path: Path, problem: OSError) -> WorkspaceError:
    message = f"cannot be read: {problem.strerror}."
    return WorkspaceError(message, Source(str(path)), "A backup without it would not be whole.")


def _zipped(contents: Contents, files: Mapping[str, bytes]) -> bytes:
    whole = BytesIO()
    manifest = msgspec.json.format(msgspec.json.encode(contents), indent=1)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ((MANIFEST, manifest), *((name, files[name]) for name in contents.files)):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, data)
    return whole.getvalue()


# --- Reading a backup ---------------------------------------------------------------------


def _opened(file: Path) -> tuple[Contents, dict[str, bytes]]:
    """What a backup says, and its files, each as it was. Raises WorkspaceError."""

    def refuse(what: str) -> WorkspaceError:
        remedy = "Nothing was restored. Take another backup."
        return WorkspaceError(f"is no whole backup: {what}.", Source(str(file)), remedy)

    try:
        data = inputs.read(file, MOST_BYTES)
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = {one.filename: one for one in archive.infolist()}
            if len(entries) < len(archive.infolist()) or len(entries) > MOST_FILES + 1:
                raise refuse("a name stands in it twice, or it has too many")
            contents = _contents(archive, entries, refuse)
            wanted = {name: entries[name] for name in contents.files}
            if sum(one.file_size for one in wanted.values()) > MOST_BYTES:
                raise refuse(f"it would fill more than {MOST_BYTES // 1_000_000} MB")
            files = {name: _unpacked(archive, one) for name, one in wanted.items()}
    except OSError as problem:
        raise refuse(f"it cannot be read, {problem.strerror}") from problem
    except _DAMAGED as problem:
        raise refuse("it is damaged, or was never one") from problem
    for name, digest in contents.files.items():
        if _digest(files[name]) != digest:
            raise refuse(f"{name} is not as it was")
    return contents, files


def _contents(
    archive: zipfile.ZipFile,
    entries: Mapping[str, zipfile.ZipInfo],
    refuse: Callable[[str], WorkspaceError],
) -> Contents:
    """The manifest, in which every name is one that a workspace may have, and is there."""
    if any(one.compress_type not in _PACKINGS for one in entries.values()):
        raise refuse("another program packed it anew")
    if entries[MANIFEST].file_size > _MOST_OF_MANIFEST:
        raise refuse("its list is too large")
    contents = msgspec.json.decode(_unpacked(archive, entries[MANIFEST]), type=Contents)
    if contents.format > _FORMAT:
        raise refuse(f"handouts {contents.program} made it, which is newer; update this one")
    if {MANIFEST, *contents.files} != entries.keys() or MARKER not in contents.files:
        raise refuse("it does not hold what it says")
    if wrong := _no_names(contents.files):
        raise refuse(wrong)
    if any(stat.S_IFMT(one.external_attr >> 16) not in _PLAIN for one in entries.values()):
        raise refuse("it holds a link or a folder")
    return contents


def _no_names(names: Iterable[str]) -> str:
    """What is wrong with one of ``names``; "" if every system takes all of them."""
    known = set[str]()
    for name in names:
        if not _is_ours(name):
            return f"no file of a clinic's folder may be called “{Source(name)}”"
        if name.casefold() in known:
            return f"“{name}” stands in it twice, in small and capital letters"
        known.add(name.casefold())
    return ""


def _is_ours(name: str) -> bool:
    """Whether ``name`` is of a file in a workspace, on every system."""
    first, *rest = parts = name.split("/")
    if not name.isprintable() or any(sign in name for sign in '\\:*?"<>|'):
        return False
    if any(one[:1] in ("", ".") or one[-1] in ". " for one in parts):
        return False
    if any(one.partition(".")[0].casefold() in DEVICES for one in parts):
        return False
    return name in _FILES if not rest else first in _FOLDERS


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of an entry: never more than it says, whatever it would unpack to."""
    with archive.open(entry) as packed:
        data = packed.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise ValueError("longer or shorter than it says")
    return data


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
