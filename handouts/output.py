"""Files that appear whole or not at all: folders and atomic writes."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

from handouts.errors import OutputError, Source
from handouts.file_names import DEVICES
from handouts.locks import lock, unlock
from handouts.stopping import unstopped

#: A writer needs a second; a temporary file as old as this was left by a killed process.
STALE_SECONDS = 600.0
#: Whatever else bounds it, no file that is written can be run, and the umask counts.
MODE = 0o666
_RETRY_SECONDS = 2.0
_LOCK_SECONDS = 20.0
_SHARING_VIOLATIONS = (5, 32, 33)  # Windows: access denied, in use, locked


def place_of(given: Path) -> Path:
    """Where ``given`` is, from the root of the file system and without "..".

    Raises OutputError at or behind a link: what comes before a ".." counts, too, because there the
    system and we would mean two places.
    """
    with explaining(given):
        _refuse_links(given.absolute())
        return Path(os.path.abspath(given))


def demand_file(given: Path) -> Path:
    """The place of a file. Raises OutputError where none of ours can be: as ``demand_folder`` for
    its folder, in place of a folder, a device or a pipe, or under a name that is too long or is a
    device on Windows.
    """
    target = place_of(given)
    demand_folder(target.parent)
    with explaining(target):
        with suppress(FileNotFoundError):
            _temporary(target).lstat()  # its name may be too long where that of the file is not
        kind = target.lstat().st_mode if target.exists() else stat.S_IFREG
        if stat.S_ISDIR(kind):
            raise OutputError("is a folder.", Source(str(target)), "Give the file another name.")
        if not stat.S_ISREG(kind) or target.name.partition(".")[0].casefold() in DEVICES:
            raise OutputError(
                "is a device or a pipe, and no file.", Source(str(target)), "Name a file."
            )
    return target


def demand_folder(given: Path) -> Path:
    """The place of a folder. Raises OutputError as ``place_of``, or where a file is."""
    folder = place_of(given)
    with explaining(folder):
        if not next(one for one in (folder, *folder.parents) if one.exists()).is_dir():
            where = Source(str(folder))
            message = "is a file, so no folder can be made here."
            raise OutputError(message, where, "Name another folder.")
    return folder


def prepare_folder(given: Path) -> list[Path]:
    """Make a folder if needed. Returns the folders that were made, the outermost first.

    Raises OutputError as ``demand_folder``, or if it cannot be made.
    """
    folder = demand_folder(given)
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        for one in made:
            _discard(one.rmdir)
        raise _explained(problem, folder) from problem
    return made[::-1]


def write(target: Path, data: bytes, mode: int = MODE) -> None:
    """Put ``data`` at ``target``: all of it, or nothing and the old file stays.

    The bytes go to a temporary file in the same folder, to the disk, and then take the
    target's name in one step. ``mode``: the rights that it has at most. Raises OutputError.
    """
    _put(target, data, _replace, mode)


def create(target: Path, data: bytes, mode: int = MODE) -> None:
    """As ``write``, where no file may be: one that appears at the last moment stays, too.

    Raises OutputError.
    """
    _put(target, data, _take, mode)


@contextmanager
def written(
    files: Mapping[Path, bytes], *, replace: bool, private: Sequence[Path | int] = ()
) -> Iterator[None]:
    """Put all of ``files`` at their places, or none: where one cannot be put, or what is done
    within fails, there is again what was there.

    All are on the disk before the first takes its name. Who may not read ``private`` files, by
    name or descriptor, may not read them. Raises OutputError.
    """
    with ExitStack() as passing, ExitStack() as undo:
        staged = [_staged(target, data, private, passing) for target, data in files.items()]
        with unstopped():
            for target, temporary in staged:
                with explaining(target):
                    old = _second_name(target, passing)
                    move(temporary, target, replace=replace)
                undo.callback(_put_back, target, old)
        yield
        undo.pop_all()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While files of ``folder`` are read and written anew, no other process does that, on this
    computer or any other.

    The folder is made if needed, and goes if it stays empty. Raises OutputError, too, if another
    process takes longer than any of our commands.
    """
    with ExitStack() as passing:
        for made in prepare_folder(folder):
            passing.callback(_discard, made.rmdir)
        give_up = time.monotonic() + _LOCK_SECONDS
        while (handle := _locked(folder)) is None:
            if time.monotonic() > give_up:
                message = "is being changed by another command."
                raise OutputError(message, Source(str(folder)), "Try again when that has ended.")
            time.sleep(0.05)
        passing.callback(unlock, folder, handle)
        yield


def _locked(folder: Path) -> int | None:
    with explaining(folder):
        return lock(folder)


def _put(target: Path, data: bytes, finish: Callable[[Path, Path], None], mode: int) -> None:
    with ExitStack() as passing:
        place, temporary = _staged(target, data, (), passing, mode)
        with explaining(place), unstopped():
            finish(temporary, place)


def _staged(
    target: Path,
    data: bytes,
    private: Sequence[Path | int],
    passing: ExitStack,
    mode: int = MODE,
) -> tuple[Path, Path]:
    """Where ``target`` is, and a temporary file beside it with ``data``.

    When ``passing`` ends, the temporary file goes, and so do new folders that are still empty.
    """
    place = demand_file(target)
    for folder in prepare_folder(place.parent):
        passing.callback(_discard, folder.rmdir)
    with explaining(place):
        _sweep(place)
        temporary = _temporary(place)
        passing.callback(_discard, temporary.unlink)
        _write_through(temporary, data, mode & mode_for(temporary, *private, place))
    return place, temporary


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")


def _second_name(target: Path, passing: ExitStack) -> Path | None:
    """Another name for the file that is there: a copy on drives without hard links."""
    if not target.exists():
        return None
    old = _temporary(target)
    passing.callback(_discard, old.unlink)
    try:
        os.link(target, old)
    except OSError:
        shutil.copy2(target, old)
    return old


def _put_back(target: Path, old: Path | None) -> None:
    _discard(partial(os.replace, old, target) if old else target.unlink)


def _discard(removing: Callable[[], None]) -> None:
    with suppress(OSError, ValueError):
        removing()


def remove(target: Path) -> None:
    """Delete a file of ours if it is there. Raises OutputError."""
    with explaining(target):
        _refuse_links(target)
        target.unlink(missing_ok=True)


def mode_for(result: Path, *files: Path | int) -> int:
    """The mode by which ``result``, not there yet, is for those alone who may read and write all
    of ``files``, by name or descriptor; everybody may those that are not there.

    A file's mode speaks of its group: a result of another one gets the rights that both the group
    and all others have. What Windows says of a mode is not about people.
    """
    there = [file for file in files if os.name == "posix" and _is_regular(file)]
    if not there:
        return MODE
    os.close(os.open(result, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    own, mode = _group(result), MODE  # of an empty file, because the folder may decide
    result.unlink()
    for file in there:
        rights, group = os.stat(file).st_mode, _group(file)
        if group is None:
            mode &= rights & 0o600
        elif group == own:
            mode &= rights
        else:
            mode &= rights & 0o600 | (rights & rights >> 3 & 0o6) * 0o11
    return mode


def _is_regular(file: Path | int) -> bool:
    try:
        return stat.S_ISREG(os.stat(file).st_mode)
    except OSError:
        return False


def _group(file: Path | int) -> int | None:
    """The group of which a file's mode speaks; None where a list of its own (an ACL) says more."""
    if sys.platform == "linux":
        with suppress(OSError):  # a drive without such lists
            if "system.posix_acl_access" in os.listxattr(file):
                return None
    return os.stat(file).st_gid


def _write_through(path: Path, data: bytes, mode: int) -> None:
    """Write and wait for the disk. O_EXCL: neither a file nor a link is ever opened again."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def move(temporary: Path, target: Path, *, replace: bool) -> None:
    """Give a whole file its name; without ``replace`` only where none has it. Raises OSError."""
    (_replace if replace else _take)(temporary, target)


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
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
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
    """Delete what a killed process left of this target."""
    for path in stale(target):
        with suppress(OSError):  # another build may have finished with it just now
            path.unlink()


def stale(target: Path) -> Iterator[Path]:
    """What killed processes left of this target. Younger files may be another build's."""
    pattern = re.compile(re.escape(f".{target.name}.") + r"[0-9a-f]{16}\.tmp")
    oldest = time.time() - STALE_SECONDS
    left = [target.parent / name for name in os.listdir(target.parent) if pattern.fullmatch(name)]
    for path in left:
        with suppress(OSError):
            if path.lstat().st_mtime < oldest:
                yield path


def _refuse_links(path: Path) -> None:
    """Refuse a path that is a link or leads through one. Those in the root of the file system are
    the system's own (macOS: /tmp, /var).
    """
    for place in (path, *path.parents):
        parent = Path(os.path.abspath(place)).parent
        if place.is_symlink() and (place == path or parent != parent.parent):
            raise OutputError(
                "is a link to somewhere else, and links are not followed.",
                Source(str(place)),
                "Delete the link, or name the real place.",
            )


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """What the system says about ``path`` becomes an OutputError."""
    try:
        yield
    except (OSError, ValueError) as problem:
        raise _explained(problem, path) from problem


def _explained(problem: OSError | ValueError, path: Path) -> OutputError:
    """The message and remedy for what the system said."""
    where = Source(str(path))
    if not isinstance(problem, OSError) or problem.errno == errno.ENAMETOOLONG:
        message = "cannot be the name of a file, or is too long for one."
        return OutputError(message, where, "Give another name, as with -o.")
    if isinstance(problem, FileExistsError):
        return OutputError("is already there.", where, "Give another name, or move it away.")
    if getattr(problem, "winerror", None) in _SHARING_VIOLATIONS:
        return OutputError("is open in another program.", where, "Close the PDF and try again.")
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutputError(
            "there is no space on the disk; the old file is untouched.", where, "Free some space."
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(
            "you may not write here.", where, "Choose another place, or ask for the right to."
        )
    return OutputError(f"cannot be written: {problem.strerror}.", where, "Try another folder.")
