"""The lock of a folder: for every process, thread and computer that works there.

It is that of a file in it. NFS and SMB pass such a lock on to the server, so that it holds for all
computers, Windows among them; the lock of a folder they would keep to themselves.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

NAME = ".lock"


def lock(folder: Path) -> int | None:
    """A descriptor that locks ``folder`` until ``unlock``, or a kill; None if it is locked.

    On a drive without locks all get one. Raises OSError.
    """
    file = folder / NAME
    if sys.platform == "win32":
        import msvcrt

        try:  # it goes when it is closed, if only by a kill
            handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_TEMPORARY)
        except PermissionError:
            return None
        try:  # for other systems, which may open what is open here
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(handle)
            return None
        return handle
    import fcntl

    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    with suppress(OSError):  # it is another's: he did this
        os.fchmod(handle, 0o666)  # colleagues wait for it, whatever the umask; it holds nothing
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        os.close(handle)
        return None
    except OSError:
        pass  # a drive without locks
    if os.fstat(handle).st_nlink == 0:  # who had it has removed it, and others make a new one
        os.close(handle)
        return None
    return handle


def unlock(folder: Path, handle: int) -> None:
    """Let others go on."""
    if os.name == "posix":
        with suppress(OSError):  # a drive that is gone
            (folder / NAME).unlink()
    with suppress(OSError):
        os.close(handle)
