"""A command that is told to stop (Ctrl-C, ``kill``, a closed terminal) leaves nothing behind."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import current_thread, main_thread
from types import FrameType

#: Each leaves what it does in order; more of the same must not come between. Windows knows no
#: SIGHUP.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_SIGNALS = [signal.Signals[name] for name in _NAMES if name in signal.Signals.__members__]


class Stopped(BaseException):
    """This process was told to stop. Not for anybody to catch but ``main``."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        super().__init__("Stopped. No file is half-written.")


def heed() -> None:
    """Raise Stopped wherever the work is when a signal comes. What is ignored (nohup) stays so."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    for one in _SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    raise Stopped(number)


@contextmanager
def unstopped() -> Iterator[None]:
    """A signal by which this process is to stop waits until what is within is done."""
    numbers = _SIGNALS if current_thread() is main_thread() else ()
    handlers = {one: known for one in numbers if callable(known := signal.getsignal(one))}
    came: list[Callable[[], object]] = []
    for number, handler in handlers.items():
        signal.signal(number, lambda *what, then=handler: came.append(partial(then, *what)))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for stop in came[:1]:
            stop()
