"""A folder for the front desk: every approved handout in every layout, and a plain index page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from handouts import output
from handouts.build import Order, build
from handouts.errors import (
    BatchError,
    ContentError,
    Finding,
    HandoutsError,
    OutputError,
    Source,
    UsageError,
)
from handouts.model import BuildResult, Label, Selection, Status
from handouts.publish.webpage import Entry, index_page
from handouts.workspace import Workspace

if TYPE_CHECKING:
    from handouts.layout import Layout
    from handouts.library import Library

INDEX = "index.html"
#: What an earlier publish put into the folder, with hashes: only that is replaced or removed.
MANIFEST = "handouts.json"


@dataclass(frozen=True, slots=True)
class Published:
    """What is in the folder now, and what was taken out because nobody stands behind it."""

    entries: tuple[Entry, ...]
    removed: tuple[str, ...]


def publish(
    workspace: Workspace,
    folder: Path,
    as_of: date,
    on_built: Callable[[BuildResult], None] = lambda _: None,
) -> Published:
    """Fill ``folder`` with what is approved on ``as_of``.

    Raises ContentError when nothing is approved, BatchError when a handout could not be built
    (the others are published), OutputError.
    """
    target = _Folder(folder)
    entries: list[Entry] = []
    failures: list[Finding] = []
    for library, condition, until in _approved(workspace, as_of):
        for layout in _layouts(workspace):
            try:
                result = _build(workspace, library.lang, condition, layout.name, as_of)
                target.put(Path(result.path), result.sha256)
            except HandoutsError as problem:
                where = f"{condition}, {layout.name}, {library.lang}"
                failures += [Finding(f"{where}: {found}") for found in problem.findings]
                continue
            on_built(result)
            entries.append(_entry(library, condition, layout, until, result))
    if entries or target.known:
        lang = workspace.default_lang
        target.write(INDEX, index_page(tuple(entries), as_of, lang).encode())
    removed = target.close()
    if failures:
        raise BatchError([Finding("Some handouts are missing from the folder."), *failures])
    if not entries:
        raise ContentError(
            "Nothing is approved, so there is nothing to publish.",
            remedy='A clinician approves with: handouts approve CONDITION --by "…" --role "…"',
        )
    return Published(tuple(entries), removed)


def _approved(workspace: Workspace, as_of: date) -> Iterator[tuple[Library, str, date]]:
    """Library, condition and last day of everything approved, in a fixed order."""
    from handouts.compose import approval_on
    from handouts.library import languages, load_library

    for lang in languages(workspace):
        library = load_library(workspace, lang)
        for name, condition in sorted(library.conditions.items()):
            if not library.words(condition.title):
                continue
            approval = approval_on(library, name, as_of)
            if approval.status is Status.APPROVED and approval.until is not None:
                yield library, name, approval.until


def _layouts(workspace: Workspace) -> list[Layout]:
    from handouts.layout import load_layout

    return [load_layout(workspace, name) for name in workspace.names("layouts")]


def _build(
    workspace: Workspace, lang: str, condition: str, layout: str, as_of: date
) -> BuildResult:
    """Build into the output folder, where the next publish finds it unchanged."""
    selection = Selection(condition, layout, lang, workspace.default_brand, workspace.default_paper)
    name = output.output_name(selection, workspace.default_brand, workspace.default_paper)
    order = Order(selection, workspace.output / name, as_of, require_approved=True)
    return build(workspace, order)


def _entry(
    library: Library, condition: str, layout: Layout, until: date, result: BuildResult
) -> Entry:
    from handouts.compose.values import label_status

    found = library.conditions[condition]
    titles = layout.settings.title
    return Entry(
        file=Path(result.path).name,
        title=library.words(found.title),
        body_part=library.words(found.body_part),
        lang=library.lang,
        language=library.interface.get("language_name", library.lang),
        size=titles.get(library.lang) or titles.get("en") or layout.name,
        for_physician=layout.facts.audience == "physician",
        on_label=label_status(library, condition).status is Label.ON,
        pages=result.pages,
        duplex=layout.settings.duplex,
        until=until,
    )


class _Folder:
    """The published folder: what we put there, and what is a stranger's."""

    def __init__(self, path: Path) -> None:
        output.prepare_folder(path)
        self.path = path
        self.known = self._read()
        self.now: dict[str, str] = {}

    def _read(self) -> dict[str, str]:
        try:
            data = json.loads((self.path / MANIFEST).read_bytes())
            files = {str(name): str(digest) for name, digest in data["files"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise UsageError(
                "does not say what an earlier publish put here.",
                Source(str(self.path / MANIFEST)),
                "Publish into another folder, or empty this one.",
            ) from None
        # A name from a file is no path: it must lie in this folder.
        return {name: digest for name, digest in files.items() if Path(name).name == name}

    def put(self, made: Path, digest: str) -> None:
        """Copy a PDF that has just been built."""
        data = made.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise OutputError(
                "changed while it was copied.", Source(str(made)), "Publish once more."
            )
        self.write(made.name, data)

    def write(self, name: str, data: bytes) -> None:
        """Write a file, unless it is there as it should be. Raises OutputError for a stranger's."""
        digest = hashlib.sha256(data).hexdigest()
        there = self._digest(name)
        if there and there not in (digest, self.known.get(name)):
            raise OutputError(
                "is there already, and an earlier publish did not put it there.",
                Source(str(self.path / name)),
                "Publish into another folder, or move that file away.",
            )
        if there != digest:
            output.write(self.path / name, data)
        self.now[name] = digest

    def close(self) -> tuple[str, ...]:
        """Take out what is no longer approved, and remember what is there now."""
        gone = sorted(set(self.known) - set(self.now))
        for name in gone:
            if self._digest(name) == self.known[name]:
                output.remove(self.path / name)
        if self.now or self.known:
            data = {"files": dict(sorted(self.now.items()))}
            output.write(self.path / MANIFEST, json.dumps(data, indent=1).encode())
        return tuple(gone)

    def _digest(self, name: str) -> str:
        path = self.path / name
        if path.is_symlink():
            return ""  # writing will refuse it
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
