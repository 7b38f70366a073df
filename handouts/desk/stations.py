"""The printers that a desk can choose from, asked in the background: one that is off takes long."""

from __future__ import annotations

import threading
import time
from typing import Final

from msgspec import Struct

from handouts.errors import HandoutsError
from handouts.printing.printers import Printer, troubles
from handouts.printing.queues import CannotBeTold, default, find, queues

_FRESH: Final = 12.0
_FIRST: Final = 2.5
_SOON: Final = 1.0


class Station(Struct, frozen=True):
    """A printer by the name under which it is asked for, and what it said last; None: nothing."""

    name: str
    label: str
    printer: Printer | None

    @property
    def is_ready(self) -> bool:
        """Whether it would print now."""
        return self.printer is not None and self.printer.takes_pdf and not troubles(self.printer)


class Known(Struct, frozen=True):
    """What is known of the printers. ``is_told``: they can be told what to do, as those of Windows
    cannot; ``is_asked``: they have answered, or failed to."""

    stations: tuple[Station, ...] = ()
    usual: str = ""
    is_told: bool = True
    is_asked: bool = False

    def station(self, name: str) -> Station | None:
        """The printer of that name, else the usual one."""
        by_name = {one.name: one for one in self.stations}
        return by_name.get(name) or by_name.get(self.usual)


class Printers:
    """Looks after the printers. Any thread may ask."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._lock = threading.Lock()
        self._known: dict[str, Known] = {}
        self._asked: dict[str, float] = {}
        self._answered = threading.Condition(self._lock)

    def known(self, of_workspace: str) -> Known:
        """What is known, for a workspace with this printer; the first time it waits a little."""
        with self._answered:
            now = time.monotonic()
            if now - self._asked.get(of_workspace, -_FRESH) >= _FRESH:
                self._asked[of_workspace] = now
                threading.Thread(target=self._ask, args=(of_workspace,), daemon=True).start()
            if of_workspace not in self._known:
                self._answered.wait_for(lambda: of_workspace in self._known, _FIRST)
            return self._known.get(of_workspace, Known())

    def ask_again(self) -> None:
        """What was heard is old: something has happened since."""
        with self._lock:
            self._asked = {
                name: min(asked, time.monotonic() - _FRESH + _SOON)
                for name, asked in self._asked.items()
            }

    def _ask(self, of_workspace: str) -> None:
        found = look(of_workspace)
        with self._answered:
            self._known[of_workspace] = found
            self._answered.notify_all()


def look(of_workspace: str) -> Known:
    """Ask all printers of this computer, and the workspace's own."""
    stations: dict[str, Station] = {}
    usual, is_told = of_workspace, True
    if "://" in of_workspace:
        stations[of_workspace] = _asked(of_workspace)
    try:
        for one in queues():
            stations[one.name] = Station(one.name, one.name, one)
        usual = usual or default()
    except CannotBeTold:
        is_told = bool(stations)
    except HandoutsError:
        pass
    if usual and usual not in stations and is_told:
        stations[usual] = Station(usual, usual, None)
    if not usual and len(stations) == 1:
        usual = next(iter(stations))
    return Known(tuple(stations.values()), usual, is_told, is_asked=True)


def _asked(uri: str) -> Station:
    try:
        printer = find(uri)
    except HandoutsError:
        host = uri.partition("://")[2].partition("/")[0]
        return Station(uri, host, None)
    return Station(uri, printer.name, printer)
