"""Files that a command reads: regular ones (a password: from a pipe, too), within a bound."""

from __future__ import annotations

import errno
import os
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: The largest PDF that is read where nobody sets another limit, in bytes.
LARGEST = 100_000_000

#: How long who writes into a pipe may take for the next part of a line, in seconds: a password
#: manager may ask its owner something first.
PATIENCE = 60.0

#: POSIX: a pipe without a writer is opened all the same, to be refused. Windows: no line ends.
_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read(path: Path, limit: int = LARGEST) -> bytes:
    """The file's bytes; ``limit`` + 1 of them where it is larger.

    Raises OSError, with a reason to show, for what is no regular file: a device never ends, and
    a pipe may never begin.
    """
    with _opened(path) as handle:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is a folder, a device or a pipe")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(limit + 1)


def read_line(path: Path, limit: int) -> bytes:
    """As ``read``, at least to the end of the first line; also from a pipe, such as ``<(pass …)``.

    Raises OSError as ``read``, and for a pipe in which nothing comes for ``PATIENCE`` seconds.
    """
    with _opened(path) as handle:
        if not stat.S_ISFIFO(os.fstat(handle).st_mode):
            return read(path, limit)
        line = b""
        while len(line) <= limit and b"\n" not in line:
            if not select.select([handle], [], [], PATIENCE)[0]:
                raise OSError(errno.ETIMEDOUT, "nothing comes out of the pipe")
            if not (more := os.read(handle, limit + 1 - len(line))):
                break
            line += more
        return line


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        handle = os.open(path, os.O_RDONLY | _AT_ONCE)
    except ValueError:
        raise OSError(errno.EINVAL, "no file can have this name") from None
    try:
        yield handle
    finally:
        os.close(handle)


def same_file(first: Path | int, second: Path | int) -> bool:
    """Whether two names, or open descriptors, are one file or folder that is there."""
    try:
        known = os.stat(first)
        same = os.path.samestat(known, os.stat(second))
    except (OSError, ValueError):
        return False
    return same and not stat.S_ISCHR(known.st_mode)  # a terminal is read and written
