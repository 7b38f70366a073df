"""The clinic's files as they are now: read again when somebody changes them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from handouts import cache
from handouts.attach.reading.xmp import PartStatus
from handouts.errors import HandoutsError, WorkspaceError
from handouts.finding.catalogue import Catalogue, LayoutRow, read_catalogue
from handouts.library.brand import load_brand
from handouts.model import Brand
from handouts.personal.press import Press
from handouts.workspace import Workspace

#: So long, in seconds, the files are not looked at again.
_FRESH: Final = 1.0
#: The doctor's sheet that ships is one while it cannot be read, too.
_DOCTORS: Final = "referral"


class View(Struct, frozen=True, dict=True):
    """All that pages are made of, at one moment. ``reached`` is when the files were last read, if
    they cannot be read now; ``mistake``: of theirs, if it is one that stops everything, and no
    drive that is gone; ``objections`` are those to handouts, made here or carried, as they were
    asked for."""

    workspace: Workspace
    catalogue: Catalogue
    press: Press
    brand: Brand | None
    today: date
    reached: datetime | None = None
    mistake: HandoutsError | None = None
    objections: dict[tuple[PartStatus, bool], str] = field(default_factory=dict)

    @cached_property
    def layouts(self) -> tuple[LayoutRow, ...]:
        """Those that load, then by their names those with a mistake: who chooses one of them is
        told of it."""
        known = {one.name for one in self.catalogue.layouts}
        unread = (name for name in self.workspace.names("layouts") if name not in known)
        return (*self.catalogue.layouts, *map(_unread, unread))

    def demand_read(self) -> None:
        """Raise a HandoutsError while the files cannot be read: no approval can be asked for."""
        if self.mistake is not None:
            raise type(self.mistake)(self.mistake.findings)
        self.workspace.demand_there()

    def layout(self, name: str) -> LayoutRow:
        """The layout of that name, which may be no more."""
        return next((one for one in self.layouts if one.name == name), None) or _unread(name)


def _unread(name: str) -> LayoutRow:
    """A layout of which nothing but its name is known."""
    is_doctors = name == _DOCTORS
    return LayoutRow(
        name,
        title={},
        for_physician=is_doctors,
        has_long=False,
        folds=False,
        is_personal=not is_doctors,
    )


def _mistake(workspace: Workspace, problem: Exception) -> HandoutsError | None:
    """``problem``, if it is one of the files; None where their drive is gone."""
    try:
        workspace.demand_there()
    except WorkspaceError:
        return None
    return problem if isinstance(problem, HandoutsError) else None


class Clinic:
    """Whose desk it is. Any thread may call; one at a time makes pages."""

    def __init__(self, opened: Callable[[], Workspace], now: Callable[[], datetime]) -> None:
        """Nothing is read yet. ``opened`` opens the workspace, ``now`` is the clock."""
        self._open = opened
        self.now = now
        self.making = threading.Lock()
        self._reading = threading.Lock()
        self._view: View | None = None
        self._state: object = None
        self._looked = 0.0
        self._read_at: datetime | None = None

    def view(self) -> View:
        """The files as they are; where they cannot be read, as they were.

        Raises a HandoutsError, OSError where they were never reached.
        """
        with self._reading:
            today = self.now().date()
            known = self._view
            if known and known.today == today and time.monotonic() - self._looked < _FRESH:
                return known
            try:
                found = self._read(today)
            except (HandoutsError, OSError) as problem:
                if known is None:
                    raise
                mistake = _mistake(known.workspace, problem)
                found = replace(
                    known, today=today, reached=self._read_at, mistake=mistake, objections={}
                )
            self._view, self._looked = found, time.monotonic()
            return found

    def _read(self, today: date) -> View:
        workspace = self._open()
        state = (str(workspace.root), today, repr(workspace), cache.state(workspace))
        known = self._view
        if known is not None and state == self._state and known.reached is None:
            self._read_at = self.now()
            return known
        catalogue = read_catalogue(workspace, today)
        brand = None
        with suppress(HandoutsError):
            brand = load_brand(workspace, workspace.default_brand, workspace.default_lang)
        workspace.demand_there()  # gone meanwhile, all its handouts would seem broken
        self._state, self._read_at = state, self.now()
        return View(workspace, catalogue, Press(workspace), brand, today)
