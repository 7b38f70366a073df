"""Following an editor: files that change become pages and findings at once, the newest first."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.desk.child import Child
from handouts.desk.heard import Heard, compared
from handouts.desk.proofs import Checked, Pages, Place, Wanted, checked, pages_of
from handouts.errors import Finding, HandoutsError
from handouts.workspace import MARKER, ROOMS, Workspace, builtin_root

#: Seconds: who has not asked for so long looks at something else.
_LOOKED_AT: Final = 10.0
#: A drive of the network may tell nothing of its changes: its files are looked at so often.
_LOOK: Final = 2.0
#: Milliseconds in which no other file was written: an editor has saved.
_QUIET: Final = 30
_MOST: Final = 12
_MAKING, _CHECKING = 60.0, 180.0
#: Pages go before findings.
_BEHIND: Final = 10

T = TypeVar("T")
#: Of each file in force what changes when somebody edits it; the third is its time.
Files = Mapping[str, tuple[int, int, int]]


class Proof(Struct, frozen=True):
    """What an editor sees. ``version`` is another one after each change of anything.

    ``pages`` are the last that could be made, at ``made``; ``problem`` says why there are no
    newer ones, since ``tried``. ``seconds`` after the files ``saved`` they were there. ``changed``
    are the numbers of the pages that differ from those before. ``checked`` is of an older
    ``build`` while ``is_checking``.
    """

    version: int = 0
    build: int = 0
    pages: Pages | None = None
    heard: tuple[Heard, ...] = ()
    changed: tuple[int, ...] = ()
    made: datetime | None = None
    tried: datetime | None = None
    saved: tuple[str, ...] = ()
    seconds: float = 0.0
    problem: tuple[Finding, ...] = ()
    checked: Checked | None = None
    is_making: bool = True
    is_checking: bool = True


class _Saved(Struct, frozen=True):
    """Files that somebody changed, and when: seconds of the system's clock."""

    names: tuple[str, ...] = ()
    at: float = 0.0


class _Followed(Struct):
    """A proof, when somebody looked at it last, and of which state of the files it is."""

    proof: Proof
    seen: float
    made_of: int = 0
    checked_of: int = 0


class Follower:
    """Keeps proofs new while somebody looks at them. Any thread may call.

    A thread hears of changes, one has pages made, one has them checked; both in processes of
    their own, so that the desk waits for neither.
    """

    def __init__(self, place: Place, now: Callable[[], datetime]) -> None:
        """Nothing is followed before ``start``."""
        self.place = place
        self._now = now
        self._maker, self._checker = Child(), Child(_BEHIND)
        self._over = threading.Event()
        self._changed = threading.Condition()
        self._looking = threading.Lock()
        self._known: OrderedDict[Wanted, _Followed] = OrderedDict()
        self._files: Files = {}
        self._state = 1  # of the files; another one after each change
        self._saved = _Saved()
        self._version = 0
        self._threads = [
            threading.Thread(target=work, daemon=True, name=f"edit {name}")
            for name, work in (
                ("watch", self._watch),
                ("make", lambda: self._work(self._to_make, self._make)),
                ("check", lambda: self._work(self._to_check, self._check)),
            )
        ]

    def start(self) -> None:
        """From now on."""
        with suppress(OSError):
            self._files = self._files_now()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Nothing is watched or made any more."""
        self._over.set()
        with self._changed:
            self._changed.notify_all()
        self._maker.close()
        self._checker.close()
        for thread in self._threads:
            thread.join()

    # --- For pages ------------------------------------------------------------------------

    def proof(self, wanted: Wanted, patience: float) -> Proof:
        """The proof of the files as they are; after so many seconds, as far as it is."""
        self.look()
        with self._changed:
            found = self._touched(wanted)
            self._changed.wait_for(
                lambda: found.made_of == self._state or self._over.is_set(), patience
            )
            return found.proof

    def newest(self, wanted: Wanted) -> Proof | None:
        """The proof as far as it is, and from now on anew; None if nobody asked for it."""
        with self._changed:
            return self._touched(wanted).proof if wanted in self._known else None

    def _touched(self, wanted: Wanted) -> _Followed:
        found = self._known.setdefault(wanted, _Followed(Proof(), 0.0))
        found.seen = time.monotonic()
        self._known.move_to_end(wanted)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        self._changed.notify_all()
        return found

    # --- Files ----------------------------------------------------------------------------

    def look(self) -> None:
        """Find out whether a file was changed."""
        with self._looking:
            noticed, before = time.time(), self._files
            try:
                now = self._files_now()
            except OSError:  # a drive that is gone for a moment
                return
            if now == before:
                return
            differ = (n for n in {**before, **now} if before.get(n) != now.get(n))
            names = tuple(sorted(filter(None, differ)))
            times = (now[name][2] / 1e9 for name in names if name in now)
            at = min(noticed, max(noticed - _LOOK, *times, 0.0))
            with self._changed:
                self._files, self._saved = now, _Saved(names, at)
                self._state += 1
                self._changed.notify_all()

    def _files_now(self) -> Files:
        """Raises OSError where they cannot be reached."""
        workspace = self.place.unread
        try:
            paths = {file.name: file.path for file in workspace.files.values()}
        except HandoutsError as problem:  # a link: the build says so
            return {**self._files, _unread(workspace, problem): (0, 0, 0)}
        if workspace.root is not None:
            paths[MARKER] = workspace.root / MARKER
        found: dict[str, tuple[int, int, int]] = {}
        for name, path in paths.items():
            with suppress(FileNotFoundError):
                stat = path.stat()
                found[name] = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        return found

    def _watch(self) -> None:
        from watchfiles import watch

        root = self.place.root
        folders = [root] if root else []
        folders += [folder for room in ROOMS if (folder := builtin_root(room)).is_dir()]

        def is_ours(_: object, path: str) -> bool:
            inside = root and Path(path).is_relative_to(root)
            first = Path(path).relative_to(root).parts[:1] if root and inside else ()
            return not inside or first in {(MARKER,), *((room,) for room in ROOMS)}

        while not self._over.is_set():
            try:
                for _ in watch(
                    *folders,
                    watch_filter=is_ours,
                    stop_event=self._over,
                    step=_QUIET,
                    rust_timeout=int(_LOOK * 1000),
                    yield_on_timeout=True,
                    raise_interrupt=False,
                ):
                    self.look()
            except (OSError, RuntimeError):  # a folder that is gone, or tells of no changes
                self._over.wait(_LOOK)
                self.look()

    # --- Work -----------------------------------------------------------------------------

    def _work(self, due: Callable[[], Wanted | None], do: Callable[[Wanted], None]) -> None:
        """What is due, one thing after another, until it is over."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._over.is_set() or due() is not None)
                wanted = due()
            if self._over.is_set():
                return
            if wanted is not None:
                do(wanted)

    def _to_make(self) -> Wanted | None:
        return self._first(lambda one: one.made_of != self._state)

    def _to_check(self) -> Wanted | None:
        return self._first(lambda one: one.checked_of != self._state == one.made_of)

    def _first(self, is_due: Callable[[_Followed], bool]) -> Wanted | None:
        """What was asked for last, of what somebody looks at."""
        late = time.monotonic() - _LOOKED_AT
        of_last = reversed(self._known.items())
        return next((key for key, one in of_last if one.seen > late and is_due(one)), None)

    def _make(self, wanted: Wanted) -> None:
        with self._changed:
            state, saved = self._state, self._saved
            self._put(wanted, is_making=True)
        found = self._asked(self._maker, _MAKING, pages_of, wanted)
        with self._changed:
            known = self._known.get(wanted)
            if known is None:
                return
            known.made_of = state
            is_first = known.proof.tried is None
            if not saved.names or is_first:
                saved = _Saved()
            self._put(
                wanted,
                tried=self._now(),
                build=known.proof.build + 1,
                saved=saved.names,
                seconds=max(time.time() - saved.at, 0.0) if saved.names else 0.0,
                is_making=False,
                is_checking=True,
                **_renewed(known.proof, found, self._now()),
            )

    def _check(self, wanted: Wanted) -> None:
        with self._changed:
            state = self._state
        found = self._asked(self._checker, _CHECKING, checked, wanted)
        with self._changed:
            known = self._known.get(wanted)
            if known is None or known.made_of != state:  # newer pages wait for it
                return
            known.checked_of = state
            result = found if isinstance(found, Checked) else Checked(found)
            self._put(wanted, checked=result, is_checking=False)

    def _asked(
        self,
        child: Child,
        seconds: float,
        do: Callable[..., T | tuple[Finding, ...]],
        wanted: Wanted,
    ) -> T | tuple[Finding, ...]:
        try:
            return child.ask(seconds, do, self.place, wanted, self._now().date())
        except HandoutsError as problem:
            return problem.findings

    def _put(self, wanted: Wanted, **changes: object) -> None:
        if known := self._known.get(wanted):
            self._version += 1
            known.proof = replace(known.proof, version=self._version, **changes)
            self._changed.notify_all()


def _unread(workspace: Workspace, problem: HandoutsError) -> str:
    """The name of what stops all reading; "" where that is no file of the workspace."""
    source, root = problem.findings[0].source, workspace.root
    if source is None or root is None or root not in Path(source.file).parents:
        return ""
    return Path(source.file).relative_to(root).as_posix()


def _renewed(before: Proof, found: Pages | tuple[Finding, ...], now: datetime) -> dict[str, object]:
    """What new pages change in a proof: those that cannot be made leave the last ones."""
    if not isinstance(found, Pages):
        return {"problem": found}
    old = before.pages
    new = found.looks
    if old is None:
        return {"problem": (), "pages": found, "made": now, "heard": found.heard, "changed": ()}
    differ = (
        at for at, look in enumerate(new, 1) if at > len(old.looks) or look != old.looks[at - 1]
    )
    heard = tuple(compared(old.heard, found.heard, (old.edition, found.edition)))
    return {"problem": (), "pages": found, "made": now, "heard": heard, "changed": tuple(differ)}
