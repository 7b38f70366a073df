"""Files and names of a workspace that nothing uses: most often a misspelt name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from handouts import datafile
from handouts.errors import ContentError, Finding, HandoutsError, Source
from handouts.library import Library
from handouts.library.file_roles import role_of
from handouts.library.mentions import figures_shown, named_in
from handouts.library.records import latest, numbers, record, sealed_in
from handouts.names import suggest
from handouts.workspace import APPROVALS, ROOMS, ForceFile, Workspace

_OLD_APPROVALS = "content/approvals.toml"
_VALUE = re.compile(r"\{\{[ \t]*([a-z][a-z0-9_.]*)[ \t]*\}\}")
_TERM = re.compile(r"\bterms\.([a-z][a-z0-9_]*)")


def check_files(library: Library) -> Iterator[Finding]:
    """Files, sections, values and words of the pages that nothing uses."""
    shipped = library.workspace.shipped
    sections = _sections(library, shipped)
    for file in library.workspace.files.values():
        if file.name.startswith("content/") and not file.builtin:
            yield from _file(library, file, sections)
    yield from _folders(library.workspace)
    yield from _unused_values(library, shipped)
    yield from _interface(library, shipped)


def check_without_facts(library: Library, condition: str) -> Iterator[Finding]:
    """The files of a condition that has no ``condition.toml``."""
    for name in library.workspace.files:
        if name.startswith(f"content/conditions/{condition}/"):
            yield _no_facts(library, condition, Source(library.workspace.shown(name)))


def _no_facts(library: Library, condition: str, where: Source) -> Finding:
    what = f"there is no condition {condition}: it has no condition.toml."
    return Finding(what, where, suggest(condition, library.conditions))


def _file(library: Library, file: ForceFile, sections: set[str]) -> Iterator[Finding]:
    """Why nothing uses a clinic's file."""
    read, workspace = role_of(file.name), library.workspace
    where = Source(workspace.shown(file.name))
    if file.name == _OLD_APPROVALS:
        what = "is no longer read: approvals now keep the words."
        yield Finding(what, where, "Approve again, then remove it.")
    elif read is None and sealed_in(file.path):
        if PurePosixPath(file.name).parent != PurePosixPath(APPROVALS):  # see check_records
            what = "is a decision about words, and nothing reads it here."
            yield Finding(what, where, "Ask a clinician before you move it or delete it.")
    elif read is None:
        known = [one for one in workspace.files if role_of(one)]
        what = f"{PurePosixPath(file.name).name} is not read by anything."
        yield Finding(what, where, _meant(file.name, known, "Correct its name, or remove it."))
    elif read.lang not in ("", *workspace.languages) and read.number is None:
        what = f"there is no language {read.lang}: content/interface/{read.lang}.toml is missing."
        yield Finding(what, where, suggest(read.lang, workspace.languages))
    elif read.is_words_of_condition and read.condition not in library.conditions:
        yield _no_facts(library, read.condition, where)
    elif read.section and read.section not in sections:
        what = f"no outline and no condition uses the section {read.section}."
        remedy = "Add it to content/outline.toml, or remove it."
        yield Finding(what, where, _meant(read.section, sections, remedy))
    elif read.figure and read.figure not in (figures := _figures(workspace)):
        what = f"no section shows the figure {read.figure}."
        remedy = f"Write ::: figure {read.figure} into one, or remove it."
        yield Finding(what, where, _meant(read.figure, figures, remedy))


def _figures(workspace: Workspace) -> set[str]:
    """The figures that a file of words shows, or that ship."""
    return figures_shown(workspace) | {
        read.figure for name in workspace.shipped.files if (read := role_of(name)) and read.figure
    }


def _sections(library: Library, shipped: Workspace) -> set[str]:
    """The sections that an outline or a condition names, or that ship."""
    lists = [
        ids for one in (library.outline.patient, library.outline.physician)
        for ids in (one.default, one.known, one.locked)
    ]  # fmt: skip
    for condition in library.conditions.values():
        lists += [condition.sections.patient, condition.sections.physician]
    files = (role_of(one) for one in shipped.files)
    return {name for ids in lists for name in ids} | {
        one.section for one in files if one and one.section
    }


def _folders(workspace: Workspace) -> Iterator[Finding]:
    """Folders beside those of a workspace whose names are near theirs."""
    for path in sorted(workspace.root.iterdir()) if workspace.root else ():
        if path.is_dir() and path.name not in ROOMS and (near := _meant(path.name, ROOMS, "")):
            yield Finding("nothing reads this folder.", Source(str(path)), near)


def _unused_values(library: Library, shipped: Workspace) -> Iterator[Finding]:
    """Values and variables that no section uses and that do not ship."""
    used = named_in(library.workspace, "content/", ".md", _VALUE)
    conditions = (f"content/conditions/{name}" for name in shipped.names("content/conditions"))
    ours = set(_table(shipped, "content/values.toml")).union(
        *(_table(shipped, f"{folder}/condition.toml").get("variables", ()) for folder in conditions)
    )
    known = used | ours
    for kind, name, source in _given(library):
        if name not in known:
            remedy = _meant(name, known, "Remove it, or use it in a section.")
            yield Finding(f"no section uses the {kind} {name}.", source, remedy)


def _given(library: Library) -> Iterator[tuple[str, str, Source]]:
    """Each value and variable of the files: which of the two, its name, and where it stands."""
    for name in ("values.toml", "values.local.toml"):
        file = library.files.get(f"content/{name}")
        for value in file.data if file else ():
            yield "value", value, library.source(name, value)
    for condition, facts in library.conditions.items():
        name = f"conditions/{condition}/condition.toml"
        for variable in facts.variables:
            yield "variable", variable, library.source(name, "variables", variable)


def _interface(library: Library, shipped: Workspace) -> Iterator[Finding]:
    """Words of the pages that nothing prints or says."""
    name = f"interface/{library.lang}.toml"
    ours = set(_table(shipped, "content/interface/en.toml"))
    known = ours | named_in(library.workspace, "layouts/", ".j2", _TERM)
    for key in sorted(library.interface.keys() - known) if ours else ():
        remedy = _meant(key, known, "Remove it, or name it in a template.")
        yield Finding(f"nothing prints {key}.", library.source(name, key), remedy)


def check_records(workspace: Workspace, lang: str, wanted: Iterable[str]) -> Iterator[Finding]:
    """What cannot be trusted of the records of approvals in ``lang``: of ``wanted``, or of all."""
    chosen = tuple(wanted)
    reads = (role_of(name) for name in workspace.files)
    kept = {one.condition for one in reads if one and one.number and one.lang == lang}
    for condition in sorted({*chosen} or kept.union(workspace.names("content/conditions"))):
        ask = workspace, condition, lang
        looks: list[Callable[[], object]] = [partial(latest, *ask)]
        looks[:0] = [partial(record, *ask, one) for one in numbers(*ask)[:-1]]
        for look in looks:
            try:
                look()
            except HandoutsError as problem:
                yield from problem.findings


def _table(workspace: Workspace, name: str) -> dict[str, Any]:
    """What a TOML file holds; nothing if there is no such file."""
    path = workspace.find(name)
    return datafile.load(path, name, ContentError).data if path else {}


def _meant(name: str, known: Iterable[str], otherwise: str) -> str:
    """ "Did you mean …?" for a name near others, else ``otherwise``."""
    remedy = suggest(name, known)
    return remedy if remedy.startswith("Did") else otherwise
