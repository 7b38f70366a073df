"""``handouts check``: what is wrong, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts.cli.session import as_of_option, session
from handouts.errors import Finding, UsageError

if TYPE_CHECKING:
    from handouts.check.everything import Part


@click.command()
@click.argument("names", nargs=-1, metavar="[CONDITION|FILE.pdf]...")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pdf",
    help="Also write what a machine can say of PEMAT-P, CDC Index and IPDASi, to sign.",
)
@as_of_option
def check(names: tuple[str, ...], report: Path | None, as_of: date) -> None:
    """Check the content, brands and layouts; or only some conditions, or PDF files.

    PDFs are checked against PDF/UA-1 and PDF/A-2a, and with outloud where it is installed.
    """
    from handouts.cli.report import working

    if report:
        session().workspace.refuse_inputs(report)
    codes, unknown = set(), list[Finding]()
    parts = _parts(names, as_of, unknown)
    while True:
        with working("checking"):
            part = next(parts, None)
        if part is None:
            break
        for finding in part.findings:
            click.echo(finding)
        for note in part.notes:
            click.echo(f"{part.title}: to look at: {note}")
        good = "no mistakes" if not part.findings else f"{len(part.findings)} to mend"
        click.echo(click.style(f"{part.title}: {good}", bold=True))
        if part.findings:
            codes.add(part.kind.exit_code)
    if unknown:
        raise UsageError(unknown)
    if report:
        _write_report(report, names, as_of)
    if codes:
        click.get_current_context().exit(min(codes))


def _write_report(path: Path, names: tuple[str, ...], as_of: date) -> None:
    from handouts import output
    from handouts.approvals.review import render_report
    from handouts.asked import condition_named
    from handouts.cli.report import working

    workspace = session().workspace
    conditions = [
        condition_named(workspace, name) for name in names if not name.lower().endswith(".pdf")
    ]
    with working("writing the report"):
        data = render_report(workspace, conditions, as_of)
    output.create(path.absolute(), data)
    click.echo("What a machine can say of these words. The rest is for a person to judge and sign.")
    click.echo(path)


def _parts(names: tuple[str, ...], as_of: date, unknown: list[Finding]) -> Iterator[Part]:
    """The parts of what is named. What cannot be found or read is added to ``unknown``."""
    from handouts.asked import condition_named
    from handouts.check import everything

    workspace = session().workspace
    conditions, files = list[str](), list[Path]()
    for name in names:
        if name.lower().endswith(".pdf"):
            files.append(Path(name))
            continue
        try:
            conditions.append(condition_named(workspace, name))
        except UsageError as problem:
            unknown += problem.findings
    if not names:
        yield from everything.everything(workspace, as_of)
    if conditions:
        yield from everything.content(workspace, conditions, as_of)
    for file in files:
        try:
            part = everything.pdf(file)
        except UsageError as problem:
            unknown += problem.findings
            continue
        yield part
