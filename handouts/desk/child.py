"""A process beside this one: what it does slows nobody down here, and can be ended."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Final, ParamSpec, TypeVar

from handouts.errors import HandoutsError
from handouts.importing import found_by_children, trusted_path

_STARTING: Final = threading.Lock()  # a start changes what children find
_SECONDS: Final = 2.0

P = ParamSpec("P")
T = TypeVar("T")


class Child:
    """Does one thing after another. One thread asks; any may end it."""

    def __init__(self, behind: int = 0) -> None:
        """It is started when it is first needed. ``behind`` lets others go first where this
        computer has such a thing: 19 lets all."""
        self._behind = behind
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._is_over = False

    def ask(self, seconds: float, do: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """What ``do`` gives back there.

        Raises HandoutsError where it fails, takes longer than ``seconds``, or was ended.
        """
        pipe = self._started()
        try:
            pipe.send((do, args, options))
            if not pipe.poll(seconds):
                raise TimeoutError
            is_done, answer = pipe.recv()
        except (OSError, EOFError):
            self.end()
            message = "The program that makes the pages was ended, or took too long."
            raise HandoutsError(message, remedy="Save the file again.") from None
        if not is_done:
            raise HandoutsError(answer)
        found: T = answer
        return found

    def end(self) -> None:
        """Whatever it does, it is over; another one starts when it is needed."""
        with self._lock:
            process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if process is not None and pipe is not None:
            process.terminate()
            process.join(_SECONDS)
            process.kill()
            pipe.close()

    def close(self) -> None:
        """As ``end``, for good: no other one starts."""
        with self._lock:
            self._is_over = True
        self.end()

    def _started(self) -> Connection:
        """Raises HandoutsError once it is closed."""
        with self._lock, _STARTING:
            if self._is_over:
                raise HandoutsError("The page was stopped.", remedy="Start it again.")
            if self._pipe is None:
                context = get_context("spawn")
                self._pipe, theirs = context.Pipe()
                with found_by_children():
                    self._process = context.Process(
                        target=_work, args=(theirs, self._behind), daemon=True
                    )
                    self._process.start()
                theirs.close()
            return self._pipe


def _work(pipe: Connection, behind: int) -> None:
    """What the child does, until nobody listens. Ctrl-C is left to those who started it."""
    sys.path[:] = trusted_path()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(behind)
    while True:
        try:
            do, args, options = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(do, args, options))


def _end_with_parent() -> None:
    """A parent that was killed ended nothing: what is under way here is for nobody."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(do: Callable[..., Any], args: Any, options: Any) -> tuple[bool, Any]:
    try:
        return True, do(*args, **options)
    except HandoutsError as problem:
        return False, problem.findings
    except Exception as problem:
        return False, f"A mistake in this program: {type(problem).__name__}."
