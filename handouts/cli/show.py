"""``handouts list``: what there is to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from handouts.cli.reported import BrandRow, CodeRow, ConditionRow, ListReport, SectionRow
from handouts.cli.session import as_of_option, session

if TYPE_CHECKING:
    from handouts.errors import Finding
    from handouts.library import Library
    from handouts.library.records import Record
    from handouts.workspace import Workspace

#: The status for programs, the last day of an approval, both in words, whether newer words wait,
#: and the day on which the next approval begins.
_Status: TypeAlias = "tuple[Literal['approved', 'draft', 'overdue', 'broken'], str, str, bool, str]"
Libraries: TypeAlias = "dict[str, Library]"

KINDS = ("conditions", "codes", "sections", "layouts", "languages", "brands")


@click.command("list")
@click.argument(
    "kind", required=False, metavar="[KIND]", type=click.Choice(KINDS, case_sensitive=False)
)
@as_of_option
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def show(kind: str | None, as_of: date, as_json: bool) -> None:
    """List conditions, codes, sections, layouts, languages and brands; KIND narrows it down."""
    from handouts.cli.report import echo_json, working
    from handouts.library.load import read_library

    workspace = session().workspace
    with working("reading", quiet=as_json):
        read = {lang: read_library(workspace, lang) for lang in workspace.languages}
        libraries = {lang: library for lang, (library, _) in read.items()}
        listed: dict[str, Callable[[], tuple[Any, ...]]] = {
            "conditions": lambda: tuple(row for row, _ in condition_rows(libraries, as_of)),
            "codes": lambda: tuple(_codes(libraries)),
            "sections": lambda: tuple(_sections(libraries)),
            "layouts": lambda: workspace.names("layouts"),
            "languages": lambda: tuple(libraries),
            "brands": lambda: tuple(_brands(workspace)),
        }
        found = {title: listed[title]() for title in ((kind,) if kind else KINDS)}
    echo_unread(found for _, found in read.values())
    if as_json:
        echo_json(ListReport(**found))
        return
    for title, rows in found.items():
        if kind is None:
            click.secho(title.capitalize(), bold=True)
        for line in columns([_cells(row) for row in rows]):
            click.echo(f"  {line}" if kind is None else line)


def echo_unread(findings: Iterable[tuple[Finding, ...]]) -> None:
    """Say, beside what was read, which files have mistakes."""
    files = dict.fromkeys(str(one.source.file) for found in findings for one in found if one.source)
    if files:
        what = f"Some files have mistakes, so this may not be all: {', '.join(files)}."
        click.echo(f"{what} See: handouts check", err=True)


def _cells(row: ConditionRow | CodeRow | SectionRow | BrandRow | str) -> tuple[str, ...]:
    """A row as a person sees it."""
    match row:
        case ConditionRow():
            return row.id, row.lang, row.short_name, row.body_part, row.shown
        case CodeRow():
            return row.code, row.condition, row.title
        case SectionRow():
            return row.id, " ".join(row.languages)
        case BrandRow():
            return row.id, "the usual one" if row.usual else ""
        case str():
            return (row,)


def condition_rows(
    libraries: Libraries, as_of: date
) -> Iterator[tuple[ConditionRow, Record | None]]:
    """One row a language, with the decision that holds where that can be told."""
    from handouts.check.translation import gaps, old_words

    for lang, library in libraries.items():
        found = gaps(library)
        for name in library.workspace.names("content/conditions"):
            condition = library.conditions.get(name)
            if condition is None:
                said, decided = _status(library, name, as_of)
                yield ConditionRow(name, lang, name, name, "", *said, False), decided
            elif title := library.words(condition.title):
                short, part = (
                    library.words(condition.short_name),
                    library.words(condition.body_part),
                )
                said, decided = _status(library, name, as_of)
                status, until, shown, newer, begins = said
                old = bool(old_words(library, name, found))
                shown += "; translation out of date" * old
                row = ConditionRow(
                    name, lang, short, title, part, status, until, shown, newer, begins, old
                )
                yield row, decided


def _status(library: Library, condition: str, as_of: date) -> tuple[_Status, Record | None]:
    """How it stands, and the decision that holds; none where that cannot be told."""
    from handouts.compose import standing
    from handouts.errors import HandoutsError
    from handouts.model import Status

    try:
        found = standing(library.workspace, condition, library.lang, as_of)
    except HandoutsError:
        return ("broken", "", "has mistakes; see: handouts check", False, ""), None
    status, newer, decided = found.approval.status, bool(found.notes), found.decided
    begins = decided.later.on.isoformat() if decided.later else ""
    then = f"; a new approval begins on {begins}" if begins else ""
    if status is Status.APPROVED and found.approval.until:
        until = found.approval.until.isoformat()
        wait = "; newer words wait" if newer else ""
        shown = f"approved until {until}{wait}{then}"
        return ("approved", until, shown, newer, begins), decided.holds
    if status is Status.OVERDUE:
        return ("overdue", "", f"DRAFT (review overdue){then}", newer, begins), decided.holds
    return ("draft", "", f"{_draft(decided.holds)}{then}", False, begins), decided.holds


def _draft(found: Record | None) -> str:
    """A draft, and what became of its approval."""
    if found is None:
        return "DRAFT"
    changed = "withdrawn: its words changed for safety"
    return f"DRAFT ({changed if found.words else 'approval taken back'})"


def _codes(libraries: Libraries) -> Iterator[CodeRow]:
    """A code once, whatever the languages."""
    library = next(iter(libraries.values()))
    pairs = sorted(
        (code, name) for name, found in library.conditions.items() for code in found.icd10
    )
    for code, name in pairs:
        yield CodeRow(code, name, library.codes.titles.get(code, ""))


def _sections(libraries: Libraries) -> Iterator[SectionRow]:
    names = {name for library in libraries.values() for name in library.section_names}
    for name in sorted(names):
        written = (lang for lang, one in libraries.items() if name in one.section_names)
        yield SectionRow(name, tuple(written))


def _brands(workspace: Workspace) -> Iterator[BrandRow]:
    from handouts.library.brand import DEFAULT_BRAND

    usual = workspace.default_brand or DEFAULT_BRAND
    for name in workspace.names("brands"):
        yield BrandRow(name, name == usual)


def columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Rows as lines, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
