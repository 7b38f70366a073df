"""One at a time, whoever works in a folder: processes, threads, and computers by its drive."""

from __future__ import annotations

import errno
import multiprocessing
import os
import threading
from pathlib import Path

import pytest

from handouts import output
from handouts.locks import NAME, lock, unlock

fcntl = pytest.importorskip("fcntl", reason="Windows has locks of its own")
ROUNDS = 150


def count(folder: Path) -> None:
    """Read a number and write the next one: what two do at once is lost."""
    for _ in range(ROUNDS):
        with output.alone(folder):
            known = int((folder / "number").read_text("ascii"))
            (folder / "number").write_text(f"{known + 1}", "ascii")


def test_nothing_is_lost_between_processes_and_threads(tmp_path: Path) -> None:
    (tmp_path / "number").write_text("0", "ascii")
    (tmp_path / NAME).touch(0o400)  # a killed process left it
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=count, args=(tmp_path,)) for _ in range(2)]
    threads = [threading.Thread(target=count, args=(tmp_path,)) for _ in range(2)]
    for process, thread in zip(processes, threads, strict=True):
        process.start()
        thread.start()
    for process, thread in zip(processes, threads, strict=True):
        process.join(120)
        thread.join(120)
    assert (tmp_path / "number").read_text("ascii") == f"{4 * ROUNDS}"
    assert os.listdir(tmp_path) == ["number"]


def test_the_lock_is_one_that_a_drive_passes_on(tmp_path: Path) -> None:
    """That of a file open for writing, of its own descriptor: flock(2) on NFS and SMB."""
    handle = lock(tmp_path)
    assert handle is not None
    assert os.path.samestat(os.fstat(handle), (tmp_path / NAME).stat())
    assert fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR
    assert lock(tmp_path) is None
    unlock(tmp_path, handle)
    assert not list(tmp_path.iterdir())


def test_a_lock_that_was_removed_meanwhile_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens the file just before it goes would hold what no other can see."""
    held, real = [lock(tmp_path)], fcntl.flock

    def late(handle: int, how: int) -> None:
        while held:
            unlock(tmp_path, held.pop() or 0)
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    assert lock(tmp_path) is None
    assert lock(tmp_path) is not None


def test_a_drive_without_locks_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", without)
    with output.alone(tmp_path), output.alone(tmp_path):
        pass
