"""Which condition and language are asked for; a condition by its name, a part of it, a code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from handouts.errors import ContentError, UsageError, WorkspaceError
from handouts.names import meant, suggest
from handouts.workspace import Workspace


def condition_for(workspace: Workspace, word: str, lang: str, as_of: date) -> str:
    """The condition that ``word`` means: by its name, a part of it, another name, or a code.

    Raises UsageError, with near names.
    """
    if word in workspace.names("content/conditions"):
        return word  # what a cached build asks for: nothing is imported
    from handouts.library.icd10 import is_code

    if is_code(word):
        return condition_by_code(workspace, (word,), lang, as_of)
    return condition_named(workspace, word)


def condition_by_code(workspace: Workspace, codes: tuple[str, ...], lang: str, as_of: date) -> str:
    """The condition that ICD-10-CM codes lead to. Raises UsageError, ContentError."""
    from handouts.library.icd10 import find_condition
    from handouts.library.load import read_library
    from handouts.library.records import in_force

    library, mistakes = read_library(workspace, lang)
    conditions = dict(library.conditions)
    # A code leads to approved words only if they were approved for it.
    for name in workspace.names("content/conditions"):
        approved = in_force(workspace, name, lang, as_of).holds
        if approved and approved.words:
            conditions[name] = approved.words.facts
    try:
        return find_condition(codes, conditions, library.codes)
    except UsageError:
        if mistakes:  # what was not found may stand in a file that cannot be read
            raise ContentError(mistakes) from None
        raise


def condition_named(workspace: Workspace, word: str, also: Iterable[str] = ()) -> str:
    """The condition of that name, or the only one with ``word`` as a part of its name or as another
    name. ``also``: names of others that may be meant.

    Raises UsageError, with near names.
    """
    known = sorted({*workspace.names("content/conditions"), *also})
    found = meant(word, known) or _also_called(workspace, word)
    if len(found) > 1:
        raise UsageError(
            f"“{word}” fits more than one condition: {', '.join(found)}.",
            remedy="Type one of them.",
        )
    demand("condition", found[0] if found else word, known)
    return found[0]


def _also_called(workspace: Workspace, word: str) -> list[str]:
    from handouts.library.load import read_library

    library, _ = read_library(workspace, workspace.default_lang)
    return [name for name, one in library.conditions.items() if word.casefold() in one.also]


def language_named(workspace: Workspace, name: str | None) -> str:
    """The language of that name; without one the workspace's own.

    Raises UsageError; of one that ``handouts.toml`` names, WorkspaceError.
    """
    lang = name or workspace.default_lang
    if not name and lang not in (known := workspace.languages):
        message = f"there is no language “{lang}”."
        raise WorkspaceError(message, workspace.setting("lang"), suggest(lang, known))
    demand("language", lang, workspace.languages)
    return lang


def demand(kind: str, name: str, known: Iterable[str]) -> None:
    """Raise UsageError with near names unless ``name`` is known."""
    if name not in known:
        raise UsageError(f"There is no {kind} “{name}”.", remedy=suggest(name, known))
