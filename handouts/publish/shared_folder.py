"""The folder for the front desk on the disk: what a publish put there, and nothing else of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from handouts import output
from handouts.errors import Finding, HandoutsError, OutputError, Source, UsageError
from handouts.inputs import read
from handouts.seal import is_sealed, sealed

INDEX = "index.html"
#: What an earlier publish put into the folder, with hashes: only that is replaced or removed.
MANIFEST = "handouts.json"
#: What a publish may have called a file (``file_names.output_name``), and what its page holds.
_OURS = re.compile(r"[a-z0-9-]+\.(?:[a-z0-9-]+\.[a-zA-Z0-9+-]+|[0-9a-f]{16})\.pdf|index\.html")
_PAGE = b"<!-- handouts:seal "
_LINK = re.compile(r'href="([^"/]+)"')


class SharedFolder:
    """The folder on the disk. Nothing is written, or made, before all that will be is at hand.

    Ours is what an earlier publish remembered, as it was or sealed: another may be at work, or may
    have been stopped. A seal alone says that we made a file, not that we put it there: it may be
    somebody's copy. What is not ours stays, and all else is done.
    """

    def __init__(self, path: Path) -> None:
        self.path = output.demand_folder(path)
        self.now: dict[str, bytes] = {}
        self.offered = set[str]()  # approved, also where something else is in its place
        self.stuck: dict[str, HandoutsError] = {}
        self.gone: dict[str, bool] = {}  # what no longer belongs there, and whether it was removed
        self.unknown = set[str]()  # PDFs of which a lost record would say whether they are ours
        self.known = self._read()
        self._name_unknown()
        if not self.known:
            self._demand_ours(INDEX)

    def _read(self) -> dict[str, str]:
        """Name and hash of each file that an earlier publish wrote; where it does not say so, of
        what its page leads to. Raises UsageError for a record of somebody else.
        """
        try:
            data = json.loads(read(self.path / MANIFEST))
            files = {str(name): str(digest) for name, digest in data["files"].items()}
            self.unknown |= {str(name) for name in data.get("unknown", ())}
        except FileNotFoundError:
            return self._listed()
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            problem = UsageError(
                "does not say what an earlier publish put here.",
                Source(str(self.path / MANIFEST)),
                "Publish into another folder, or move that file away.",
            )
            if not (files := self._listed()):
                raise problem from None
            self.stuck[MANIFEST] = problem
        # A name from a file is no path: it must lie in this folder, and be one of ours.
        return {name: digest for name, digest in files.items() if _OURS.fullmatch(name)}

    def _listed(self) -> dict[str, str]:
        """The page of an earlier publish and the PDFs that it leads to; one that somebody has
        changed has no hash.
        """
        page = self._there(INDEX)
        links = _LINK.findall(page.decode("utf-8", "replace")) if _PAGE in page else []
        files = {INDEX: page} if is_sealed(page) else {}
        files |= {name: self._there(name) for name in filter(self._may_be_ours, links)}
        return {name: _digest(data) if is_sealed(data) else "" for name, data in files.items()}

    def _may_be_ours(self, name: str) -> bool:
        return bool(_OURS.fullmatch(name)) and self._taken(name)

    def _name_unknown(self) -> None:
        """A PDF with a name of ours, of which nothing says that a publish put it there: named each
        time until it is gone or published again.
        """
        if (not self._taken(MANIFEST) or self.stuck) and self.path.is_dir():
            there = filter(_OURS.fullmatch, os.listdir(self.path))
            self.unknown |= {name for name in there if self._there(name).startswith(b"%PDF-")}
        for name in sorted(filter(self._may_be_ours, self.unknown - self.known.keys())):
            self.stuck[name] = OutputError(
                "may be of an earlier publish, or yours: nothing says which, so it stays.",
                Source(str(self.path / name)),
                "If it is not yours, delete it, else move it away: nothing else would take it out.",
            )

    def take(self, made: Path, digest: str) -> None:
        """A PDF that has just been built, to be copied. Raises OutputError."""
        data = b""
        with suppress(OSError):
            data = read(made)
        if _digest(data) != digest:
            raise OutputError(
                "changed while it was copied.", Source(str(made)), "Publish once more."
            )
        self.offered.add(made.name)
        self.stuck.pop(made.name, None)
        self._demand_ours(made.name, data)
        self.now[made.name] = data

    def clear(self, wanted: set[str]) -> None:
        """Take out what can be of all that is not ``wanted``. Raises OutputError."""
        if self.known:
            with self._alone({INDEX, *wanted}):
                self._clear({INDEX, *wanted})

    def fill(
        self,
        page: Callable[[Container[str]], str],
        taken_back: Callable[[Iterable[str]], set[str]],
    ) -> None:
        """Take out what no longer belongs there, and write what was taken; last the index, which
        ``page`` makes for the PDFs that are there. ``taken_back``: those of the files that may not
        be written any more, asked while nobody else publishes: who took them out stays right.

        A folder in which nothing was ever published stays as it is. ``stuck`` is then what cannot
        be removed or replaced. Raises OutputError.
        """
        if not (self.now or self.known):
            return
        with self._alone({INDEX, *self.offered}):
            for name in taken_back(sorted(self.offered)):
                self.offered.remove(name)
                self.now.pop(name, None)
            self._clear({INDEX, *self.offered})
            try:
                self._write(page)
            except OutputError as problem:  # told behind what could not be taken out
                self.stuck[MANIFEST] = problem

    @contextmanager
    def _alone(self, wanted: set[str]) -> Iterator[None]:
        """While nobody else publishes there. Raises OutputError, which names what then stays."""
        with ExitStack() as held:
            try:
                held.enter_context(output.alone(self.path))
            except OutputError as problem:
                stays = (self.path / one for one in sorted(self.known.keys() - wanted))
                message, remedy = "is still there, and no longer belongs there.", "Take it out."
                left = (Finding(message, Source(str(one)), remedy) for one in stays if one.exists())
                raise OutputError([*problem.findings, *left]) from problem
            yield

    def _clear(self, wanted: set[str]) -> None:
        """No problem of one file keeps withdrawn words there."""
        self.known |= self._read()  # another may have been at work since
        for name in filter(self._taken, sorted(self.known.keys() - wanted)):
            try:
                if ours := self._is_ours(name):
                    output.remove(self.path / name)
                self.gone[name] = ours
                self.stuck.pop(name, None)
            except OutputError as problem:
                self.stuck[name] = problem

    def _write(self, page: Callable[[Container[str]], str]) -> None:
        """What stays although it is not ours is remembered: the next publish names it again."""
        known = {name: digest for name, digest in self.known.items() if self._taken(name)}
        self._remember(known | {name: _digest(data) for name, data in self.now.items()})
        there = {name: _digest(data) for name, data in self.now.items() if self._put(name, data)}
        index = sealed(page(there).encode())
        if self._put(INDEX, index):
            there[INDEX] = _digest(index)
        self._remember(known | there)

    def _put(self, name: str, data: bytes) -> bool:
        """Whether a file is there now as it should be."""
        try:
            self._demand_ours(name, data)
            if self._there(name) != data:
                output.write(self.path / name, data)
        except OutputError as problem:
            self.stuck[name] = problem
        return name not in self.stuck

    def _remember(self, files: Mapping[str, str]) -> None:
        """Before a file is written, so that it is known whatever happens; and in the end."""
        unknown = filter(self._may_be_ours, self.unknown - files.keys())
        data = {"files": dict(sorted(files.items())), "unknown": sorted(unknown)}
        if MANIFEST not in self.stuck:
            output.write(self.path / MANIFEST, json.dumps(data, indent=1).encode())

    def _demand_ours(self, name: str, data: bytes = b"") -> None:
        """Raises OutputError unless ``data`` is there, or may take the place of what is."""
        output.demand_file(self.path / name)
        if self._taken(name) and self._there(name) != data and not self._is_ours(name):
            changed = "somebody has changed it since a publish put it there"
            foreign = "an earlier publish did not put it there"
            raise OutputError(
                f"is there already, and {changed if name in self.known else foreign}.",
                Source(str(self.path / name)),
                "Publish into another folder, or move that file away.",
            )

    def _is_ours(self, name: str) -> bool:
        """Whether what is there may be replaced or removed."""
        if name not in self.known:
            self.known |= self._read()  # another may have put it there since
        data = self._there(name)
        is_known = name in {INDEX, *self.known}
        return is_known and (_digest(data) == self.known.get(name) or is_sealed(data))

    def _taken(self, name: str) -> bool:
        return os.path.lexists(self.path / name)

    def _there(self, name: str) -> bytes:
        """What is in a file; nothing in what is none. Raises OutputError."""
        path = self.path / name
        try:
            return read(path) if path.is_file() and not path.is_symlink() else b""
        except OSError as problem:
            message = f"cannot be read: {problem.strerror}."
            raise OutputError(message, Source(str(path)), "Move that file away.") from None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
