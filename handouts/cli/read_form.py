"""``handouts read-form``: what patients typed, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from handouts.attach.typed import Typed
    from handouts.errors import LetterError

_FILE = click.Path(path_type=Path)


@click.command(
    "read-form",
    epilog="""\b
Examples:
  handouts read-form diary.pdf
  handouts read-form returned/*.pdf -o diaries.csv
""",
)
@click.argument("files", metavar="FILE.pdf...", type=_FILE, nargs=-1, required=True)
@click.option("-o", "--output", "target", type=_FILE, metavar="FILE.csv", help="Where to write.")
@click.option("--force", is_flag=True, help="Replace an output file that is already there.")
def read_form(files: tuple[Path, ...], target: Path | None, force: bool) -> None:
    """Write what patients typed into fillable handouts as CSV, one row a file.

    Who may read the result may read what they typed. What a spreadsheet would take for a formula
    has an apostrophe before it.
    """
    from handouts import output
    from handouts.attach.entries_table import as_csv
    from handouts.cli.report import shown, working
    from handouts.cli.session import session
    from handouts.errors import BatchError
    from handouts.personal.private_files import FILE_MODE
    from handouts.targets import STDOUT, Targets

    to = target.absolute() if target else STDOUT
    Targets(session().workspace, files, force=force).demand(to)
    with working("reading"):
        forms, problems = _read(files)
    if problems and len(files) == 1:
        raise problems[0]
    if forms and isinstance(to, Path):
        # With the mark by which spreadsheets know UTF-8.
        put = output.write if force else output.create
        put(to, as_csv(forms).encode("utf-8-sig"), FILE_MODE)
        click.echo(shown(to))
    elif forms:
        click.echo(as_csv(forms), nl=False)
    if problems:
        raise BatchError(finding for problem in problems for finding in problem.findings)


def _read(files: tuple[Path, ...]) -> tuple[list[tuple[str, Typed]], list[LetterError]]:
    """What was typed into each file, and what is wrong with the others."""
    from handouts.attach import commands, guard
    from handouts.errors import Finding, LetterError, Source

    forms, problems = [], []
    for file in dict.fromkeys(files):
        try:
            forms.append((file.name, guard.typed(commands.read_letter(file, what="The file"))))
        except LetterError as problem:
            problems.append(
                LetterError(
                    Finding(one.message, Source(str(file)), one.remedy) for one in problem.findings
                )
            )
    return forms, problems
