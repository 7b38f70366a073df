"""A folder for the front desk: every approved handout in every layout, and a plain index page."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from handouts import output
from handouts.build import Order, build, usual_target
from handouts.errors import (
    BatchError,
    BrandError,
    ContentError,
    Finding,
    HandoutsError,
    OutputError,
    Source,
    UsageError,
)
from handouts.inputs import read
from handouts.model import BuildResult, Label, Selection, Status
from handouts.publish.webpage import Entry, index_page
from handouts.seal import is_sealed, sealed
from handouts.workspace import Workspace

if TYPE_CHECKING:
    from handouts.compose import Standing
    from handouts.layout import Layout
    from handouts.model import Brand

INDEX = "index.html"
#: What an earlier publish put into the folder, with hashes: only that is replaced or removed.
MANIFEST = "handouts.json"
#: What a publish may have called a file (``file_names.output_name``).
_OURS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*\.pdf|index\.html")


def publish(
    workspace: Workspace,
    folder: Path,
    as_of: date,
    on_built: Callable[[BuildResult], None] = lambda _: None,
    on_gone: Callable[[str, bool], None] = lambda _, __: None,
) -> tuple[Entry, ...]:
    """Fill ``folder`` with what is approved on ``as_of``, which is returned.

    ``on_gone`` hears the name of each file that no longer belongs there, and whether it was
    removed: one that somebody has changed is not ours to remove.

    Raises ContentError when nothing is approved, BrandError for a sample brand: both take out
    what is there. BatchError when a handout could not be built (the others are published),
    OutputError.
    """
    workspace.refuse_inputs(folder)
    target = SharedFolder(folder)
    entries: list[Entry] = []
    failures: list[Finding] = []
    sample = _sample(workspace)
    for selection, entry in () if sample else _approved(workspace, as_of, failures):
        try:
            # Into the output folder, where the next publish finds it unchanged.
            place = usual_target(workspace, selection)
            result = build(workspace, Order(selection, place, as_of, require_approved=True))
            target.take(Path(result.path), result.sha256)
        except HandoutsError as problem:
            name = f"{selection.condition}, {selection.layout}, {selection.lang}"
            failures += _failures(name, problem)
            continue
        on_built(result)
        entries.append(replace(entry, file=place.name, pages=result.pages))
    target.fill(index_page(tuple(entries), as_of), on_gone)
    if sample:
        raise BrandError(
            f"the brand {sample.id} is a sample: patients would get no phone numbers.",
            sample.source,
            "Write your clinic's own, then sample = false. docs/brand.md has the rest.",
        )
    if failures:
        raise BatchError([Finding("Some handouts are missing from the folder."), *failures])
    if not entries:
        raise ContentError(
            "Nothing is approved, so there is nothing to publish.",
            remedy='A clinician approves with: handouts approve CONDITION --by "…" --role "…"',
        )
    return tuple(entries)


def _sample(workspace: Workspace) -> Brand | None:
    """The usual brand if it is a sample. What is wrong in it shows in each build."""
    from handouts.library.brand import load_brand

    try:
        brand = load_brand(workspace, workspace.default_brand, workspace.default_lang)
    except HandoutsError:
        return None
    return brand if brand.sample else None


def _approved(
    workspace: Workspace, as_of: date, failures: list[Finding]
) -> Iterator[tuple[Selection, Entry]]:
    """Everything approved, in every layout, in a fixed order; the files are not built yet.

    What cannot be judged is not approved, and one of the ``failures``.
    """
    from handouts.compose import standing
    from handouts.layout import load_layout
    from handouts.library.records import latest

    layouts: list[Layout] = []
    for name in workspace.names("layouts"):
        try:
            layouts.append(load_layout(workspace, name))
        except HandoutsError as problem:
            failures += _failures(f"the layout {name}", problem)
    usual = workspace.default_brand, workspace.default_paper
    for lang in workspace.languages:
        for name in workspace.names("content/conditions"):
            try:
                decided = latest(workspace, name, lang)
                if decided is None or decided.words is None:
                    continue
                found = standing(workspace, name, lang, as_of)
            except HandoutsError as problem:
                failures += _failures(f"{name}, {lang}", problem)
                continue
            if found.approval.status is Status.APPROVED:
                for layout in layouts:
                    entry = _entry(found, name, layout)
                    yield Selection(name, layout.name, lang, *usual), entry


def _failures(name: str, problem: HandoutsError) -> list[Finding]:
    return [Finding(f"{name}: {found}") for found in problem.findings]


def _entry(found: Standing, condition: str, layout: Layout) -> Entry:
    from handouts.compose.values import label_status

    library, settings = found.library, layout.settings
    facts = library.conditions[condition]
    return Entry(
        title=library.words(facts.title),
        body_part=library.words(facts.body_part),
        lang=library.lang,
        language=library.interface.get("language_name", library.lang),
        size=settings.title.get(library.lang) or settings.title.get("en") or layout.name,
        for_physician=layout.facts.audience == "physician",
        on_label=label_status(library, condition).status is Label.ON,
        duplex=settings.duplex,
        approved=found.first,
        until=found.last,
    )


class SharedFolder:
    """The folder on the disk. Nothing is written, or made, before all that will be is at hand.

    Ours is what an earlier publish remembered, and what is sealed: another may be at work, or may
    have been stopped before it could remember.
    """

    def __init__(self, path: Path) -> None:
        self.path = output.demand_folder(path)
        self.known = self._read()
        self.now: dict[str, bytes] = {}
        self._demand_ours(INDEX)

    def _read(self) -> dict[str, str]:
        """Name and hash of each file that an earlier publish wrote. Raises UsageError."""
        try:
            data = json.loads(read(self.path / MANIFEST))
            files = {str(name): str(digest) for name, digest in data["files"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise UsageError(
                "does not say what an earlier publish put here.",
                Source(str(self.path / MANIFEST)),
                "Publish into another folder, or empty this one.",
            ) from None
        # A name from a file is no path: it must lie in this folder, and be one of ours.
        return {name: digest for name, digest in files.items() if _OURS.fullmatch(name)}

    def take(self, made: Path, digest: str) -> None:
        """A PDF that has just been built, to be copied. Raises OutputError."""
        data = read(made)
        if _digest(data) != digest:
            raise OutputError(
                "changed while it was copied.", Source(str(made)), "Publish once more."
            )
        self._demand_ours(made.name)
        self.now[made.name] = data

    def fill(self, index: str, on_gone: Callable[[str, bool], None]) -> None:
        """Take out what no longer belongs there, and write what was taken and the index page.

        What is gone is told whatever fails then. A folder in which nothing was ever published
        stays as it is. Raises OutputError, too, for what cannot be taken out; all else is done.
        """
        if not (self.now or self.known):
            return
        self.now[INDEX] = sealed(index.encode())
        gone = dict[str, bool]()
        try:
            with output.alone(self.path):
                self.known |= self._read()  # another may have been at work since
                stuck = self._clear(gone)
                self._write({name: self.known[name] for name in stuck})
        finally:
            for name, removed in gone.items():
                on_gone(name, removed)
        if stuck:
            raise OutputError([found for one in stuck.values() for found in one.findings])

    def _clear(self, gone: dict[str, bool]) -> dict[str, OutputError]:
        """Take out, and say what cannot be: no problem of one file keeps withdrawn words there."""
        stuck = dict[str, OutputError]()
        for name in filter(self._taken, sorted(self.known.keys() - self.now.keys())):
            try:
                if ours := self._is_ours(name):
                    output.remove(self.path / name)
                gone[name] = ours
            except OutputError as problem:
                stuck[name] = problem
        return stuck

    def _write(self, stuck: Mapping[str, str]) -> None:
        files = {**stuck, **{name: _digest(data) for name, data in self.now.items()}}
        self._remember(self.known | files)
        for name, data in self.now.items():  # the index comes last
            self._demand_ours(name)
            if self._there(name) != data:
                output.write(self.path / name, data)
        self._remember(files)

    def _remember(self, files: Mapping[str, str]) -> None:
        """Before a file is written, so that it is known whatever happens; and in the end."""
        data = {"files": dict(sorted(files.items()))}
        output.write(self.path / MANIFEST, json.dumps(data, indent=1).encode())

    def _demand_ours(self, name: str) -> None:
        output.demand_file(self.path / name)
        if self._taken(name) and not self._is_ours(name):
            raise OutputError(
                "is there already, and an earlier publish did not put it there.",
                Source(str(self.path / name)),
                "Publish into another folder, or move that file away.",
            )

    def _is_ours(self, name: str) -> bool:
        """Whether what is there may be replaced or removed."""
        data = self._there(name)
        return _digest(data) == self.known.get(name) or is_sealed(data)

    def _taken(self, name: str) -> bool:
        return os.path.lexists(self.path / name)

    def _there(self, name: str) -> bytes:
        path = self.path / name
        return read(path) if path.is_file() and not path.is_symlink() else b""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
