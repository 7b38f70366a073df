"""``handouts list``: what there is to print."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import click

from handouts.cli.session import as_of_option, session

if TYPE_CHECKING:
    from handouts.library import Library
    from handouts.workspace import Workspace

Rows: TypeAlias = list[tuple[str, ...]]
Libraries: TypeAlias = "dict[str, Library]"

KINDS = ("conditions", "codes", "sections", "layouts", "languages", "brands")


@click.command("list")
@click.argument("kind", required=False, type=click.Choice(KINDS))
@as_of_option
def show(kind: str | None, as_of: date) -> None:
    """List conditions, codes, sections, layouts, languages and brands; KIND narrows it down."""
    from handouts.library import load_library

    workspace = session().workspace
    libraries = {lang: load_library(workspace, lang) for lang in workspace.languages}
    rows: dict[str, Callable[[], Rows]] = {
        "conditions": lambda: _conditions(libraries, as_of),
        "codes": lambda: _codes(libraries),
        "sections": lambda: _sections(libraries),
        "layouts": lambda: [(name,) for name in workspace.names("layouts")],
        "languages": lambda: [(lang,) for lang in libraries],
        "brands": lambda: _brands(workspace),
    }
    for title in (kind,) if kind else KINDS:
        if kind is None:
            click.secho(title.capitalize(), bold=True)
        for line in _columns(rows[title]()):
            click.echo(f"  {line}" if kind is None else line)


def _conditions(libraries: Libraries, as_of: date) -> Rows:
    """Id, language, body part, status; one row a language."""
    return [
        (name, lang, library.words(condition.body_part), _status(library, name, as_of))
        for lang, library in libraries.items()
        for name, condition in library.conditions.items()
        if library.words(condition.title)
    ]


def _status(library: Library, condition: str, as_of: date) -> str:
    from handouts.compose import standing
    from handouts.errors import HandoutsError
    from handouts.library.records import latest
    from handouts.model import Status

    try:
        found = standing(library.workspace, condition, library.lang, as_of)
    except HandoutsError:
        return "has mistakes; see: handouts check"
    status, newer = found.approval.status, "; newer words wait" if found.notes else ""
    if status is Status.APPROVED:
        return f"approved until {found.last.isoformat()}{newer}"
    if status is Status.OVERDUE:
        return "DRAFT (review overdue)"
    if found.notes:
        return "DRAFT (withdrawn: its words changed for safety)"
    last = latest(library.workspace, condition, library.lang)
    return "DRAFT (approval taken back)" if last and last.words is None else "DRAFT"


def _codes(libraries: Libraries) -> Rows:
    """Code, condition, title; a code once, whatever the languages."""
    library = next(iter(libraries.values()))
    pairs = sorted(
        (code, name) for name, found in library.conditions.items() for code in found.icd10
    )
    return [(code, name, library.codes.titles.get(code, "")) for code, name in pairs]


def _sections(libraries: Libraries) -> Rows:
    """Section and the languages it is written in."""
    names = {name for library in libraries.values() for name in library.section_names}
    return [
        (name, " ".join(lang for lang, one in libraries.items() if name in one.section_names))
        for name in sorted(names)
    ]


def _brands(workspace: Workspace) -> Rows:
    from handouts.library.brand import DEFAULT_BRAND

    usual = workspace.default_brand or DEFAULT_BRAND
    return [(name, "the usual one" if name == usual else "") for name in workspace.names("brands")]


def _columns(rows: Rows) -> Iterator[str]:
    """Rows as lines, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
