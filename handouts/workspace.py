"""Which files are in force: a clinic's workspace over the built-in library, file by file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal

from msgspec import Struct

from handouts.errors import OutputError, Source, WorkspaceError
from handouts.file_names import typed
from handouts.inputs import same_file

MARKER = "handouts.toml"
#: Where a workspace keeps the records of approvals.
APPROVALS = "content/approvals"
#: Words by which handouts are found: no page has them, and no approval covers them.
SEARCH = "content/search"
SCHEMA = 1
ROOMS = ("content", "layouts", "brands")
#: Where a workspace keeps how each edition was made.
EDITIONS = "editions"

_PACKAGE = Path(__file__).resolve().parent


class ForceFile(Struct, frozen=True):
    """A file in force: its name in the workspace's terms, where it lies, and whose it is."""

    name: str  # e.g. "content/sections/risks/en.md"
    path: Path
    builtin: bool
    replaces: bool  # a workspace file that stands in for a built-in twin


class Workspace(Struct, frozen=True, dict=True, weakref=True):
    """Where files are looked up and PDFs land. ``root`` is None for the built-ins alone.

    File names are relative to a workspace, with forward slashes: ``content/values.toml``,
    ``layouts/standard/layout.toml``, ``brands/juniper/brand.toml``.
    """

    root: Path | None
    output: Path
    default_brand: str = ""
    default_lang: str = "en"
    default_paper: str = "letter"
    default_printer: str = ""

    def find(self, name: str) -> Path | None:
        """The file in force under this name, or None. Names never leave the workspace."""
        found = self.files.get(name)
        return found.path if found else None

    @cached_property
    def files(self) -> dict[str, ForceFile]:
        """Every file in force by name, sorted.

        Raises WorkspaceError for a link in a workspace, and as ``listed``: passed over, its words
        would be the built-in ones without a word.
        """
        builtin = {name: path for room in ROOMS for name, path in _walk(builtin_root(room), room)}
        files = {
            name: ForceFile(name, path, builtin=True, replaces=False)
            for name, path in builtin.items()
        }
        if self.root is not None:
            for name, path in _own(self.root):
                if path.is_symlink():
                    remedy = "Put what it leads to in its place."
                    raise WorkspaceError(
                        "is a link; no words are read through one.", Source(str(path)), remedy
                    )
                files[name] = ForceFile(name, path, False, name in builtin)
        return dict(sorted(files.items()))

    def names(self, folder: str) -> tuple[str, ...]:
        """Names of the folders directly below ``folder``, e.g. ``layouts``, sorted."""
        depth = len(PurePosixPath(folder).parts)
        inside = (PurePosixPath(name).parts for name in self.files if name.startswith(folder + "/"))
        return tuple(sorted({parts[depth] for parts in inside if len(parts) > depth + 1}))

    def builtin_twin(self, name: str) -> Path | None:
        """The built-in file that a workspace's file of this name stands in for, or None."""
        found = self.files.get(name)
        if found is None or not found.replaces:
            return None
        room, _, rest = name.partition("/")
        return builtin_root(room) / rest

    def setting(self, key: str) -> Source:
        """Where ``handouts.toml`` sets ``key``."""
        from handouts import datafile

        file = (self.root or Path()) / MARKER
        return datafile.load(file, str(file), WorkspaceError).source(key)

    @property
    def printed(self) -> Iterator[ForceFile]:
        """The files of which anything may reach a page."""
        return (file for name, file in self.files.items() if not name.startswith(f"{SEARCH}/"))

    @property
    def shipped(self) -> Workspace:
        """The built-in files alone."""
        return Workspace(None, self.output)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a file of the interface's words, sorted."""
        files = (PurePosixPath(name) for name in self.files)
        return tuple(
            file.stem
            for file in files
            if file.parent == PurePosixPath("content/interface") and file.suffix == ".toml"
        )

    def demand_there(self) -> None:
        """Raise WorkspaceError where the workspace is gone: what is written now would lie where
        nobody looks for it, below the place of a drive."""
        if self.root is not None:
            listed(self.root)

    def refuse_inputs(self, target: Path) -> None:
        """Raise OutputError if ``target`` lies among the files that handouts are made from."""
        read = [builtin_root(room) for room in ROOMS]
        read += [self.root / name for name in (*ROOMS, EDITIONS, MARKER)] if self.root else []
        target = Path(os.path.abspath(target))
        for place in (target, *target.parents):
            if any(place == source or same_file(place, source) for source in read):
                raise OutputError(
                    "is among the files that handouts are made from.",
                    Source(str(target)),
                    "Name another folder.",
                )

    def shown(self, name: str) -> str:
        """How messages name a file: its path from the working folder, as a user can open it."""
        found = self.files.get(name)
        if found is None:
            return name
        try:
            return found.path.relative_to(Path.cwd()).as_posix()
        except ValueError:
            return name if found.builtin else str(found.path)


def builtin_root(room: str) -> Path:
    """The folder of a built-in room: packaged inside ``handouts/``, or beside it in a checkout."""
    inside = _PACKAGE / room
    return inside if inside.is_dir() else _PACKAGE.parent / room


def open_workspace(given: Path | None, start: Path) -> Workspace:
    """The workspace ``given``, else the nearest ``handouts.toml`` above ``start``, else built-ins.

    Raises WorkspaceError if ``given`` holds no ``handouts.toml`` or the file is wrong.
    """
    if given is not None:
        if not given.exists():
            raise WorkspaceError(
                "cannot be reached: there is no such folder.",
                Source(str(given)),
                f"Check its name and its drive. To make a new one: handouts init {typed(given)}",
            )
        if not (given / MARKER).is_file():
            raise WorkspaceError(
                f"is not a workspace: it has no {MARKER}.",
                Source(str(given)),
                f"Make one with: handouts init {typed(given)}",
            )
        return _read(given.resolve())
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / MARKER).is_file():
            return _read(folder)
    return Workspace(None, _default_output(start))


def _default_output(start: Path) -> Path:
    checkout = _PACKAGE.parent
    return (checkout if (checkout / "generate.py").is_file() else start) / "output"


class _Marker(Struct, frozen=True):
    """``handouts.toml``."""

    schema: int
    brand: str = ""
    lang: str = "en"
    paper: Literal["letter", "a4"] = "letter"
    output: str = "output"
    printer: str = ""


def _read(root: Path) -> Workspace:
    from handouts import datafile

    name = str(root / MARKER)
    file = datafile.load(root / MARKER, name, WorkspaceError)
    marker = datafile.convert(file, _Marker, WorkspaceError)
    if marker.schema != SCHEMA:
        raise WorkspaceError(
            f"schema is {marker.schema}; this version reads {SCHEMA}.",
            file.source("schema"),
            "Install the version of handouts that made this workspace, or a newer one.",
        )
    output = _output_folder(root, marker.output, file.source("output"))
    return Workspace(root, output, marker.brand, marker.lang, marker.paper, marker.printer)


def _output_folder(root: Path, given: str, source: Source) -> Path:
    """The folder for PDFs: below the workspace, and not among the files that it holds."""
    folder = Path(os.path.normpath(root / given)) if given.isprintable() else root
    inside = folder.relative_to(root).parts if folder.is_relative_to(root) else ()
    if not inside or inside[0].casefold() in (*ROOMS, EDITIONS, MARKER):
        raise WorkspaceError(
            "output must be a folder of its own in the workspace.",
            source,
            'Write output = "output". To have PDFs elsewhere: -o FOLDER/, or handouts publish.',
        )
    return folder


def listed(root: Path, folder: str = "") -> list[str]:
    """The names in a folder of the workspace ``root``; none where it has no such folder.

    Raises WorkspaceError where that cannot be known: a drive that is gone for a moment would look
    as if nothing had ever been approved.
    """
    try:
        names = os.listdir(root / folder)
    except OSError as problem:
        above, _, name = folder.rpartition("/")
        if folder and name not in listed(root, above):
            return []
        raise _gone(root / folder, f"{problem.strerror}") from problem
    if not folder and MARKER not in map(str.casefold, names):
        raise _gone(root, f"it has no {MARKER} now")
    return names


def _gone(place: Path, why: str) -> WorkspaceError:
    message = f"cannot be reached: {why[:1].lower()}{why[1:]}."
    return WorkspaceError(message, Source(str(place)), "Check its name and its drive; try again.")


def _own(root: Path) -> Iterator[tuple[str, Path]]:
    """Files and links in the rooms of a workspace: none that are hidden. Raises as ``listed``."""
    there = {*map(str.casefold, listed(root))}
    stack = [room for room in ROOMS if room in there]
    while stack:
        name = stack.pop()
        here, (above, _, own) = root / name, name.rpartition("/")
        try:
            if here.is_symlink() or here.is_file():
                yield name, here
            elif here.is_dir():
                inside = (one for one in listed(root, name) if not one.startswith((".", "__")))
                stack += (f"{name}/{one}" for one in inside)
            elif not here.exists() and own in listed(root, above):
                raise _gone(here, "it was there just now")
        except OSError as problem:
            raise _gone(here, f"{problem.strerror}") from problem


def _walk(folder: Path, room: str) -> Iterator[tuple[str, Path]]:
    """Files below the built-in ``folder`` as (name, path): none that are hidden."""
    stack = [(room, folder)]
    while stack:
        name, here = stack.pop()
        if here.is_dir():
            inside = (one for one in here.iterdir() if not one.name.startswith((".", "__")))
            stack += ((f"{name}/{one.name}", one) for one in inside)
        else:
            yield name, here
