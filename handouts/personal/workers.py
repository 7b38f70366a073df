"""Who does the work of a batch: this process, or several of this machine."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeAlias

from handouts.errors import OutputError
from handouts.importing import found_by_children, trusted_path
from handouts.personal.chunks import Done, Job, desk_of, work
from handouts.personal.record_files import Record

#: Does chunks of records, and says of each what became of it, in their order.
Workers: TypeAlias = Callable[[Job, Iterable[Sequence[Record]]], Iterator[Done]]


def workers(count: int) -> Workers:
    """``count`` processes; one is this one."""
    return partial(_in_processes, count) if count > 1 else _here


def _here(job: Job, chunks: Iterable[Sequence[Record]]) -> Iterator[Done]:
    desk_of.cache_clear()  # words and approvals may have changed since the last batch
    return (work(job, chunk) for chunk in chunks)


def _in_processes(count: int, job: Job, chunks: Iterable[Sequence[Record]]) -> Iterator[Done]:
    """Raises OutputError where a process dies: what it was at is not in the manifest."""
    waiting: deque[Future[Done]] = deque()
    context = get_context("spawn")  # a fork would hold the lock on the folder when we are killed
    with found_by_children():
        pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
        try:
            for chunk in chunks:
                with _signals_are_ours():
                    waiting.append(pool.submit(work, job, chunk))
                if len(waiting) > 2 * count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise OutputError(
                "A worker process was ended, perhaps because memory ran out.",
                remedy="Go on with fewer workers: --resume --workers 1",
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _signals_are_ours() -> Iterator[None]:
    """A process that begins within hears neither Ctrl-C nor the end of a terminal, also while it
    imports: it is stopped by the one that started it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """A worker leaves Ctrl-C to the process that started it, and ends with that one."""
    sys.path[:] = trusted_path()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Windows begins it otherwise
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
