"""What a desk remembers from day to day: favourites, what was printed last, its printer.

Never anything of a patient: no fields, no letters, no searches, no times.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from handouts import output
from handouts.errors import OutputError
from handouts.inputs import read
from handouts.personal.private_files import FILE_MODE

#: The one desk of a computer that shares its page with nobody.
THIS_PC: Final = "this-pc"
_MOST: Final = 10
_MOST_FAVOURITES: Final = 24
_MOST_DESKS: Final = 500
_LARGEST: Final = 50_000
_DESK: Final = re.compile(r"[A-Za-z0-9_-]{7,64}")


class Pick(Struct, frozen=True):
    """A handout as it is asked for again."""

    condition: str
    lang: str
    layout: str


class Remembered(Struct, frozen=True):
    """All that is remembered of a desk; "" leaves it to the workspace or the computer."""

    favourites: tuple[Pick, ...] = ()
    last: tuple[Pick, ...] = ()
    printer: str = ""
    sides: str = ""
    paper: str = ""
    language: str = ""
    brand: str = ""

    def with_printed(self, pick: Pick) -> Remembered:
        """``pick`` was printed just now."""
        others = (one for one in self.last if one != pick)
        return replace(self, last=(pick, *others)[:_MOST])

    def with_favourite(self, pick: Pick) -> Remembered:
        """``pick`` is a favourite now; if it was one, it is none any more."""
        if pick in self.favourites:
            return replace(self, favourites=tuple(one for one in self.favourites if one != pick))
        return replace(self, favourites=(*self.favourites, pick)[-_MOST_FAVOURITES:])


class Shelf:
    """The desks' files, in one folder of the person who runs the page."""

    def __init__(self, folder: Path) -> None:
        """The folder is made when there is something to remember."""
        self._folder = folder
        self._lock = threading.Lock()

    def of(self, desk: str) -> Remembered:
        """What is remembered of ``desk``; nothing where its file cannot be read."""
        path = self._path(desk)
        try:
            return msgspec.json.decode(read(path, _LARGEST), type=Remembered) if path else _NONE
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return _NONE

    def change(self, desk: str, change: Callable[[Remembered], Remembered]) -> Remembered:
        """What is remembered from now on, made of what is by then: two tabs may press at once.
        Where it cannot be written, the page works on without."""
        path = self._path(desk)
        with self._lock:
            before = self.of(desk)
            now = change(before)
            if path is not None and now != before:
                with suppress(OutputError, OSError):
                    output.write(path, msgspec.json.format(msgspec.json.encode(now)), FILE_MODE)
                    self._make_room()
        return now

    def _path(self, desk: str) -> Path | None:
        return self._folder / f"{desk}.json" if _DESK.fullmatch(desk) else None

    def _make_room(self) -> None:
        files = list(self._folder.glob("*.json"))
        for old in sorted(files, key=lambda one: one.stat().st_mtime)[:-_MOST_DESKS]:
            output.remove(old)


_NONE: Final = Remembered()
