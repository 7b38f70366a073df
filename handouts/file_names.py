"""Names of files: what may be one on every system, and what a handout's PDF is called."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from pathlib import Path

from handouts.errors import UsageError
from handouts.names import is_slug
from handouts.selection import SectionChoice, Selection

_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
#: Windows opens a device when a file has one of these names, whatever its extension.
DEVICES = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(10)}
_LONGEST_NAME = 180  # systems allow 255; the temporary file and the record need some
_TAKEN = ("letter", "a4", "proposed", "fillable")  # parts of a name that no brand may look like


def is_file_name(name: str) -> bool:
    """Whether ``name`` may name a file on every system: a slug, and no device of Windows.

    A slug has no dot and no slash, so it never leaves its folder.
    """
    return is_slug(name) and name not in DEVICES


def typed(path: Path) -> str:
    """A path as it is typed behind a command: in quotes where a shell would read it otherwise."""
    said = os.path.join(os.curdir, path) if f"{path}".startswith("-") else f"{path}"
    if os.name == "nt":
        return f'"{said}"' if re.search(r"[^\w\\/:.-]", said) else said
    return shlex.quote(said)


def output_name(selection: Selection, default_brand: str, default_paper: str) -> str:
    """The PDF's file name: ``condition.layout.lang``, and what differs from the usual choice; two
    languages are ``en+es``.

    Two selections that differ get two names, so nothing is overwritten by something else.
    Raises UsageError for a name that cannot be part of a file name.
    """
    for kind, name in (("condition", selection.condition), ("layout", selection.layout)):
        _demand_slug(kind, name)
    for lang in selection.languages:
        if not _LANG.fullmatch(lang):
            raise UsageError(f"“{lang}” is not a language code.", remedy="Try: --lang en")
    parts = [selection.condition, selection.layout, "+".join(selection.languages)]
    if selection.brand and selection.brand != default_brand:
        _demand_slug("brand", selection.brand)
        taken = selection.brand in _TAKEN or selection.brand.startswith(("brand-", "all-"))
        parts.append(f"brand-{selection.brand}" if taken else selection.brand)
    parts += _choice_parts(selection)
    if selection.proposed:
        parts.append("proposed")
    if selection.paper != default_paper:
        parts.append(selection.paper)
    if selection.fillable:
        parts.append("fillable")
    name = ".".join(parts)
    if len(name) > _LONGEST_NAME:
        name = f"{selection.condition}.{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return name + ".pdf"


def _choice_parts(selection: Selection) -> list[str]:
    """How the name shows a selection of sections. A slug has no ``+``, so it cannot be a brand."""
    parts = ["all-sections"] if selection.choice is SectionChoice.ALL else []
    if selection.choice is SectionChoice.NAMED:
        parts.append(_list_part("only", selection.sections))
    if selection.without:
        parts.append(_list_part("without", selection.without))
    return parts


def _list_part(word: str, sections: tuple[str, ...]) -> str:
    for section in sections:
        _demand_slug("section", section)
    return f"{word}+{'+'.join(sections)}"


def _demand_slug(kind: str, name: str) -> None:
    if not is_file_name(name):
        raise UsageError(
            f"“{name}” cannot be the name of a {kind}.",
            remedy="Names have small letters, digits and single hyphens.",
        )
