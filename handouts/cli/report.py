"""What ``handouts build`` reports to a person or a program, while it works and at its end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from handouts.cli.reported import BuildReport, Failure, failure
from handouts.cli.viewer import opens
from handouts.errors import HandoutsError
from handouts.names import counted
from handouts.selection import BuildResult, Status

CLEAR_LINE = "\r\x1b[K"


@contextmanager
def working(what: str, *, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Say ``what`` is being done, on a terminal, until it is done. Yields what prints a line of
    the results meanwhile.
    """
    shown_here = not quiet and sys.stderr.isatty()

    def show(text: str) -> None:
        if shown_here:
            click.echo(f"{CLEAR_LINE}{text}", nl=False, err=True)

    def say(line: str) -> None:
        show("")
        click.echo(line)
        show(f"{what} …")

    show(f"{what} …")
    try:
        yield say
    finally:
        show("")


class Report:
    """Progress and results of one run. Results go to stdout; progress and errors to stderr."""

    def __init__(self, total: int, *, as_json: bool, quiet: bool, verbose: bool) -> None:
        self.as_json = as_json
        self.silent = quiet or as_json
        self.verbose = verbose
        self.total = total
        self.count = 0
        self.name = ""
        self.progress = not self.silent and sys.stderr.isatty()
        self.results: list[BuildResult] = []
        self.failures: list[Failure] = []

    def start(self, name: str) -> None:
        """The build of ``name`` begins."""
        self.count += 1
        self.name = name

    def stage(self, stage: str) -> None:
        """A stage of it begins."""
        if self.progress:
            counter = f"{self.count}/{self.total} " if self.total > 1 else ""
            click.echo(f"{CLEAR_LINE}{counter}{self.name}: {stage} …", nl=False, err=True)

    def built(self, result: BuildResult) -> None:
        """Show the summary line of a PDF that was built, or found unchanged."""
        self._clear()
        self.results.append(result)
        if not self.silent:
            click.echo(summary(result))
            for note in result.notes:
                click.echo(f"    {note}")
        if self.verbose and not self.silent:
            for stage, seconds in result.seconds.items():
                click.echo(f"    {stage:<13} {seconds * 1000:7.1f} ms")

    def failed(self, name: str, problem: HandoutsError) -> None:
        """Keep what went wrong with ``name`` for ``--json``; errors are shown at the end."""
        self._clear()
        self.failures.append(failure(name, problem))

    def finish(self) -> None:
        """Print the results as JSON; or what concerns all drafts, and last the paths."""
        if self.as_json:
            echo_json(BuildReport(tuple(self.results), tuple(self.failures)))
        if self.silent:
            return
        if any(result.status is not Status.APPROVED for result in self.results):
            click.echo("DRAFT: for proofreading. No one at your clinic stands behind these words.")
        for result in self.results:
            click.echo(shown(Path(result.path)))

    def open(self) -> None:
        """Show the PDFs in the program that the system opens PDFs with."""
        for result in self.results:
            if not opens(Path(result.path)):
                click.echo(f"No program was found that opens {result.path}.", err=True)

    def _clear(self) -> None:
        if self.progress:
            click.echo(CLEAR_LINE, nl=False, err=True)


def echo_json(value: Struct, *, err: bool = False) -> None:
    """Print a report for programs. A path that is no UTF-8 is written as Python's json does."""
    try:
        text = msgspec.json.format(msgspec.json.encode(value))
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(value), indent=2).encode()
    click.echo(text, err=err)


def summary(result: BuildResult) -> str:
    """One line: the PDF's name, pages, grade, status, edition, and whether it was there."""
    facts = [
        counted(result.pages, "page"),
        reading(result.grade, result.ease),
        _STATUS[result.status],
        f"edition {result.edition}",
    ]
    if result.cached:
        facts.append("unchanged")
    return f"{Path(result.path).stem}: {', '.join(facts)}"


def reading(grade: float, ease: float) -> str:
    """How hard the words are to read: a grade of school in English, points in Spanish."""
    found = [f"grade {grade:.1f}"] if grade else []
    found += [f"INFLESZ {ease:.0f}"] if ease else []
    return ", ".join(found) or "grade not measured"


_STATUS = {
    Status.DRAFT: "DRAFT",
    Status.APPROVED: "approved",
    Status.OVERDUE: "DRAFT (review overdue)",
}


def shown(path: Path) -> str:
    """``path`` as a person would type it: from the working folder when it is below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
