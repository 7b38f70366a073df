"""One running page: the clinic behind it, its memory, its printers, and what it was told."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from msgspec import Struct, field

from handouts.desk.clinic import Clinic
from handouts.desk.following import Follower
from handouts.desk.memory import Memory, new_token
from handouts.desk.page_images import Pictures
from handouts.desk.print_runs import Job
from handouts.desk.proofs import Place
from handouts.desk.remembered import Shelf
from handouts.desk.stations import Printers

_MOST_PEOPLE: Final = 2_000
#: A letter may take a gigabyte while it is read.
_MOST_JOINS: Final = 2


class Rules(Struct, frozen=True):
    """What this page was told at its start. ``hosts`` are the names by which it may be called;
    ``behind``: through a proxy, with TLS."""

    hosts: frozenset[str]
    behind: bool = False
    allow_draft: bool = False
    edit: bool = False


class Visitor(Struct, frozen=True):
    """A browser that was let in: who it is in memory, the desk that it remembers things for, what
    each of its forms must carry, and whose turn it is among what was pressed there."""

    id: str
    desk: str
    csrf: str
    turn: threading.RLock = field(default_factory=threading.RLock)


class Desk:
    """All that requests share."""

    def __init__(self, clinic: Clinic, shelf: Shelf, rules: Rules, start_token: str) -> None:
        """``start_token`` lets a browser in."""
        self.clinic = clinic
        self.shelf = shelf
        self.rules = rules
        self.start_token = start_token
        self.memory = Memory()
        self.pictures = Pictures()
        self.printers = Printers()
        self.joining = threading.BoundedSemaphore(_MOST_JOINS)
        self.follower = _follower(clinic) if rules.edit else None
        self._lock = threading.Lock()
        self._visitors: dict[str, Visitor] = {}
        self._printed: dict[tuple[str, str], str] = {}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While the page is served."""
        if self.follower:
            self.follower.start()
        try:
            yield
        finally:
            if self.follower:
                self.follower.stop()

    def let_in(self, desk: str) -> tuple[str, Visitor]:
        """A new browser: its cookie, and who it is."""
        cookie = new_token()
        visitor = Visitor(new_token(), desk, new_token())
        with self._lock:
            if len(self._visitors) >= _MOST_PEOPLE:
                del self._visitors[next(iter(self._visitors))]
            self._visitors[cookie] = visitor
        return cookie, visitor

    def visitor(self, cookie: str) -> Visitor | None:
        """Who that is, if it was let in."""
        return self._visitors.get(cookie)

    def print_once(self, owner: str, key: str, job: Job) -> tuple[str, bool]:
        """The token of the job of that key, and whether it is ``job``, which is new: a second
        press of one button prints nothing."""
        with self._lock:
            known = self._printed.get((owner, key))
            if known is not None:
                return known, False
            while len(self._printed) >= _MOST_PEOPLE:
                del self._printed[next(iter(self._printed))]
            token = self.memory.keep(owner, job)
            self._printed[owner, key] = token
            return token, True


def _follower(clinic: Clinic) -> Follower:
    workspace = clinic.view().workspace
    return Follower(Place(workspace.root, workspace.output), clinic.now)


#: Headers of each answer. No script, style, picture or font comes from elsewhere.
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
