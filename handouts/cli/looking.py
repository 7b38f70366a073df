"""From the options of ``handouts preflight`` to what is said of each file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from msgspec import Struct

from handouts.attach.commands import read_letter
from handouts.attach.pieces import built
from handouts.cli.orders import Request, apart, orders_for
from handouts.cli.report import echo_json, working
from handouts.cli.reported import PreflightReport, PreflightRow
from handouts.cli.session import session
from handouts.errors import LayoutError, UsageError
from handouts.names import counted
from handouts.preflight import preflight
from handouts.preflight.findings import Aims, Report
from handouts.printing.jobs import paper_of
from handouts.printing.sheets import parsed


class PreflightCommand(Request, Struct, frozen=True, kw_only=True):
    """The arguments and options of ``handouts preflight``."""

    pages: str
    edge: float
    weakest_grey: int
    every: bool = False
    output: str | None = None
    force: bool = False
    require_approved: bool = False


def run_preflight(command: PreflightCommand) -> None:
    """Look at each handout and file, and say what was found. Raises HandoutsErrors."""
    ranges = parsed(command.pages) if command.pages else ()
    pages = tuple(sorted({page for one in ranges for page in one}))
    rows = []
    for name, data in _files(command):
        with working(f"looking at {name}", quiet=command.quiet):
            aims = Aims(command.edge, command.weakest_grey, pages)
            found = preflight(data, aims, f"the file {name}")
        _demand_pages(pages, found)
        rows.append(PreflightRow(name, found.pages, found.sheets, found.looked, found.findings))
        if not command.as_json:
            _show(name, found, quiet=command.quiet)
    if command.as_json:
        echo_json(PreflightReport(tuple(rows)))
    if any(row.findings for row in rows):
        click.get_current_context().exit(LayoutError.exit_code)


def _files(command: PreflightCommand) -> Iterator[tuple[str, bytes]]:
    """What each is called, and its bytes: handouts are built, files are read."""
    files, request = apart(command)
    for order in orders_for(session().workspace, request) if request else ():
        yield order.target.stem, built(session().workspace, order).data
    for path in files:
        yield str(path), read_letter(Path(path), what=f"The file {path}")


def _demand_pages(pages: tuple[int, ...], found: Report) -> None:
    if pages and pages[-1] > found.pages:
        there = f"There is no page {pages[-1]}: the file has {counted(found.pages, 'page')}."
        raise UsageError(there, remedy="Name a page that is there.")


def _show(name: str, found: Report, *, quiet: bool) -> None:
    """The figures, then the findings, for a person."""
    if not quiet:
        click.echo(click.style(f"{name}: {', '.join(_size(found))}", bold=True))
        click.echo(f"    {', '.join(_figures(found))}")
    for finding in found.findings:
        click.echo(f"{finding}")
    if not quiet:
        count = len(found.findings)
        click.echo(f"{counted(count, 'thing')} to mend." if count else "Nothing to mend.")


def _size(found: Report) -> Iterator[str]:
    yield counted(found.pages, "page")
    papers = {paper_of(page.width, page.height) for page in found.looked}
    if len(papers) == 1 and (paper := papers.pop()):
        yield paper.name
    yield f"{counted(found.sheets, 'sheet')} on both sides"


def _figures(found: Report) -> Iterator[str]:
    """The figures of the file: of each the one that matters most."""
    sizes = [page.smallest for page in found.looked if page.smallest]
    lines = [page.line for page in found.looked if page.line]
    edges = [page.edge for page in found.looked if page.ink]
    if sizes:
        yield f"letters of {min(sizes):g} points or more"
    if lines:
        least, most = min(lines), max(lines)
        yield f"lines of {least if least == most else f'{least} to {most}'} characters"
    darkest = max(found.looked, key=lambda page: page.ink)
    yield f"ink {darkest.ink:g} % at most (page {darkest.page})"
    if edges:
        yield f"{min(edges):g} mm white at the edges"
