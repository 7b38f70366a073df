"""The clinic's files under names that nothing reads, and that may be misspelt ones."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from handouts.library import Library
from handouts.library.file_roles import role_of
from handouts.library.mentions import figures_shown
from handouts.workspace import APPROVALS, SEARCH, ForceFile

#: How alike two names are, one of which may be misspelt.
_NEAR = 0.8
#: What ends the name proper: ``en.md``, ``en.md.txt``, ``values.local.toml``.
_ENDING = re.compile(r"\.(?:md|toml)(?!\w)")
_DATA = ("outline", "label", "evidence", "values", "values.local", "icd10")


def is_near(name: str, others: Collection[str]) -> bool:
    """Whether a name may be a misspelt one of ``others``, or a copy of it: ``en (1)``, ``new-en``,
    ``risks_old``."""
    if get_close_matches(name, others, n=1, cutoff=_NEAR):
        return True
    return any(re.search(rf"(?<![^\W_]){re.escape(one)}(?![^\W_])", name) for one in others)


def is_of_another(library: Library, condition: str, name: str) -> bool:
    """Whether a file lies in another condition's folder: one that makes handouts, or whose name is
    none that may be a misspelt ``condition``.
    """
    parts = name.split("/")
    if parts[1] != "conditions" or len(parts) < 4 or parts[2] == condition:
        return False
    if parts[2] in _in_use(library):
        return True
    return not is_near(parts[2].casefold(), (condition, *library.workspace.languages))


def misnamed(
    library: Library, condition: str, sections: Collection[str], figures: Collection[str]
) -> Iterator[str]:
    """The clinic's files of content that nothing reads, and that may be meant for the words of
    ``condition`` in the library's language, which print these ``sections`` and ``figures``.
    """
    lang, there = library.lang, [f"{one}.toml" for one in _DATA]
    there += [f"{folder}/{lang}.toml" for folder in ("glossary", "interface")]
    there += [f"figures/{name}/{one}.toml" for name in figures for one in ("figure", lang)]
    there += [f"sections/{name}/{lang}.md" for name in sections]
    there += [f"conditions/{condition}/{one}" for one in ("condition.toml", f"{lang}.md")]
    there += [f"conditions/{condition}/{lang}/{name}.md" for name in sections]
    expected = [[_stem(part) for part in one.split("/")] for one in there]
    for file in library.workspace.files.values():
        if (
            _is_own(file)
            and not is_of_another(library, condition, file.name)
            and _is_meant(library, condition, file.name, expected)
            and _is_idle(library, condition, file.name, {*sections, *known_sections(library)})
        ):
            yield file.name


def known_sections(library: Library) -> set[str]:
    """The sections that an outline or a condition names."""
    outline, others = library.outline, [one.sections for one in library.conditions.values()]
    known = {*outline.patient.known, *outline.physician.known}
    known.update(name for one in others for name in (*one.patient, *one.physician))
    return known


def _is_own(file: ForceFile) -> bool:
    """Whether it is the clinic's alone, and might be printed."""
    elsewhere = file.name.startswith((f"{APPROVALS}/", f"{SEARCH}/"))
    return file.name.startswith("content/") and not (file.builtin or file.replaces or elsewhere)


def _in_use(library: Library) -> set[str]:
    """The conditions that make handouts; of a label that cannot be read, all that have facts."""
    return {row.condition for row in library.labels} or {
        role.condition for name in library.workspace.files if (role := role_of(name))
    }


def _is_meant(
    library: Library, condition: str, name: str, expected: Collection[Collection[str]]
) -> bool:
    """Whether a name may be a misspelt one of a file that is ``expected``: each part of it is near
    one of that. What lies in the condition's own folder, is meant for it.
    """
    parts = [part.casefold() for part in name.split("/")[1:]]
    others = {one.casefold() for one in library.workspace.languages} - {library.lang.casefold()}
    if others.intersection(map(_stem, parts)):
        return False
    if parts[:2] == ["conditions", condition]:
        return True
    stems = [_stem(part) for part in parts]
    return any(
        all(is_near(stem, one) for stem in (stems if len(one) > 1 else stems[-1:]))
        for one in expected
    )


def _stem(part: str) -> str:
    return _ENDING.split(part)[0]


def _is_idle(library: Library, condition: str, name: str, sections: Collection[str]) -> bool:
    """Whether nothing reads a file. A shared section is read where its name is near another."""
    role = role_of(name)
    if role is None or (role.lang and role.lang not in library.workspace.languages):
        return True
    if role.condition == condition:
        return role.lang == library.lang and bool(role.section) and role.section not in sections
    if role.figure:
        return role.figure not in figures_shown(library.workspace)
    return bool(role.condition)
