"""``handouts status``: which words are approved, which are due, and which nobody approved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click
from msgspec.structs import asdict

from handouts.cli.reported import State, StatusReport, StatusRow
from handouts.cli.session import as_of_option, session

if TYPE_CHECKING:
    from handouts.cli.show import Libraries
    from handouts.workspace import Workspace

SOON = timedelta(days=60)

#: What stands above the rows of each state, in the order in which they need somebody.
_TITLES: dict[State, str] = {
    "overdue": "Overdue: the approval has ended",
    "due": f"Due within {SOON.days} days",
    "withdrawn": "Withdrawn, or taken back",
    "broken": "With mistakes: nobody can tell",
    "later": "Approved from a later day on",
    "never": "Never approved",
    "approved": "Approved",
}


@click.command()
@as_of_option
@click.option("--json", "as_json", is_flag=True, help="Print the status as JSON.")
def status(as_of: date, as_json: bool) -> None:
    """Show what is approved, due, overdue, out of date or never approved."""
    from handouts.cli.report import echo_json, working
    from handouts.cli.show import echo_unread
    from handouts.library.load import read_library

    workspace = session().workspace
    with working("reading", quiet=as_json):
        read = {lang: read_library(workspace, lang) for lang in workspace.languages}
        rows = tuple(_rows({lang: library for lang, (library, _) in read.items()}, as_of))
    echo_unread(found for _, found in read.values())
    for line in _left_behind(workspace, as_of):
        click.echo(line, err=True)
    if as_json:
        echo_json(StatusReport(rows))
        return
    for state, title in _TITLES.items():
        _show(title, [row for row in rows if row.state == state])
    _show("Out of date: newer words wait", [row for row in rows if row.newer])
    old = [row for row in rows if row.translation_out_of_date]
    _show("Translation out of date", old)


def _left_behind(workspace: Workspace, as_of: date) -> Iterator[str]:
    """What approves PDFs that are somewhere, while nothing can be made of it any more."""
    from handouts.errors import WorkspaceError
    from handouts.library import records

    names = workspace.names("content/conditions")
    for name, lang in records.decided(workspace):
        if name in names and lang in workspace.languages:
            continue
        with suppress(WorkspaceError):
            found = records.in_force(workspace, name, lang, as_of)
            last = found.later or found.holds
            if last and last.words and last.until >= as_of:
                yield (
                    f"{name} ({lang}) is approved until {last.until}, and its words are no longer "
                    f"here. Put them back, or: handouts approve {name} --lang {lang} --revoke"
                )


def _show(title: str, rows: list[StatusRow]) -> None:
    from handouts.cli.show import columns

    if rows:
        click.secho(f"{title} ({len(rows)})", bold=True)
        for line in columns([(row.id, row.lang, row.short_name, _when(row)) for row in rows]):
            click.echo(f"  {line}")


def _when(row: StatusRow) -> str:
    if row.days is None:
        return "" if row.state == "never" else row.shown
    then = f"; a new approval begins on {row.begins}" if row.begins else ""
    days = f"{abs(row.days)} day{'' if abs(row.days) == 1 else 's'}"
    left = f"{days} ago" if row.days < 0 else f"in {days}"
    return f"until {row.until}, {left}{then}"


def _rows(libraries: Libraries, as_of: date) -> Iterator[StatusRow]:
    from handouts.cli.show import condition_rows

    for row, found in condition_rows(libraries, as_of):
        state: State = "later" if row.begins else "never"
        until = None
        if row.status == "broken":
            state = "broken"
        elif found:
            until = found.until if row.status in ("approved", "overdue") else None
            state = "overdue" if row.status == "overdue" else "withdrawn"
            if row.status == "approved":
                state = "due" if found.until - as_of <= SOON else "approved"
        days = (until - as_of).days if until else None
        kept = {**asdict(row), "until": until.isoformat() if until else ""}
        kept.pop("status")
        yield StatusRow(**kept, state=state, days=days)
