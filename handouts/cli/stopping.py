"""A command that is told to stop (Ctrl-C, ``kill``, a closed terminal) leaves nothing behind."""

from __future__ import annotations

import signal
from types import FrameType

#: Each leaves what it does in order; more of the same must not come between.
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """This process was told to stop. Not for anybody to catch but ``main``."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        super().__init__("Stopped. No file is half-written.")


def heed() -> None:
    """Raise Stopped wherever the work is when a signal comes. What is ignored (nohup) stays so."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)  # Windows knows no SIGHUP
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    for name in _SIGNALS:
        if known := getattr(signal, name, None):
            signal.signal(known, signal.SIG_IGN)
    raise Stopped(number)
