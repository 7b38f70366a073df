"""Work in a copy of this process, so that two long readings of one letter take the time of one."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T")

_allowed = False


def allow() -> None:
    """Let this process be copied: only the child that reads letters, which has no threads."""
    global _allowed  # noqa: PLW0603 - a property of the process, as its limits are
    _allowed = hasattr(os, "fork")


def beside(work: Callable[[], T], kind: type[T]) -> Callable[[], T]:
    """Begin to work in a copy of this process; the call that comes back waits for the result.

    Where no copy may be made, or it comes to no result, the work is done by that call.
    """
    if not _allowed:
        return work
    source, target = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_end(work, target)
    os.close(target)

    def wait() -> T:
        with os.fdopen(source, "rb") as stream:
            text = stream.read()
        os.waitpid(child, 0)
        return msgspec.json.decode(text, type=kind) if text else work()

    return wait


def _work_and_end(work: Callable[[], T], target: int) -> None:
    """In the copy: nothing of it may reach the answer, or hold it open."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        text = msgspec.json.encode(work())
        with os.fdopen(target, "wb") as stream:
            stream.write(text)
    finally:
        os._exit(0)
