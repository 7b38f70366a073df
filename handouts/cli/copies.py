"""From the options of ``handouts batch`` to a plan, and through its work to what is said of it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO

import click
from msgspec import Struct

from handouts.asked import demand, language_named
from handouts.cli.report import CLEAR_LINE, echo_json, shown
from handouts.cli.reported import CopiesReport, FailedRecord, as_row
from handouts.cli.session import session, today
from handouts.errors import BatchError, Finding, Source, UsageError
from handouts.names import counted
from handouts.output import demand_file, place_of
from handouts.personal.batch import Plan, Tally, over, run, unreadable
from handouts.personal.chunks import Job, Usual
from handouts.personal.manifest import NAME, STORE, Row
from handouts.personal.printing import Printing, print_copies
from handouts.personal.record_files import FIELDS, Columns
from handouts.personal.stores import demand_store, is_url
from handouts.personal.workers import Workers, workers
from handouts.targets import STDIN, Targets
from handouts.workspace import Workspace

_STREAM = "-"
_OFTEN = 0.2


class BatchCommand(Struct, frozen=True):
    """The arguments and options of ``handouts batch``, one field each."""

    records: Path
    condition: str
    layout: str
    lang: str | None
    paper: str | None
    brand: str | None
    pairs: tuple[str, ...]
    ignore_others: bool
    output: str | None
    merged: Path | None
    slips: bool
    sort: tuple[str, ...]
    split_at: int | None
    one_sided: bool
    workers: int
    scheduler: str | None
    resume: bool
    dry_run: bool
    force: bool
    allow_draft: bool
    as_of: date
    as_json: bool
    quiet: bool

    @property
    def from_stream(self) -> bool:
        """Whether the records come on standard input."""
        return str(self.records) == _STREAM


def run_batch(command: BatchCommand) -> None:
    """Make the copies and say what was made.

    Raises the errors of ``batch.run``; BatchError where records failed.
    """
    plan = _plan(session().workspace, command)
    progress = _Progress(quiet=command.quiet or command.as_json)
    printing = _printing(command)
    places: list[str] = []
    with _opened(command) as stream:
        try:
            if printing:
                tally, files = print_copies(plan, printing, stream, progress.show)
                places = list(map(str, files))
            else:
                with _working(command, plan.job) as work:
                    tally = run(plan, stream, work, progress.show)
                if plan.job.folder and (tally.made or tally.before):
                    places = list(dict.fromkeys((str(plan.folder), plan.job.folder)))
        finally:
            progress.clear()
    _say(command, tally, plan.job.source, places)
    if tally.failed:
        raise BatchError(_failures(plan.job.source, tally, kept=bool(places)))


def _plan(workspace: Workspace, command: BatchCommand) -> Plan:
    """Raises UsageError for options that do not fit together, OutputError for a folder that is no
    place for copies."""
    _refuse_clashes(command)
    usual = Usual(
        condition=command.condition.strip(),
        language=language_named(workspace, command.lang),
        layout=command.layout.strip().casefold(),
        paper=command.paper or workspace.default_paper,
        brand=(command.brand or workspace.default_brand).strip().casefold(),
    )
    demand("layout", usual.layout, workspace.names("layouts"))
    if usual.brand:
        demand("brand", usual.brand, workspace.names("brands"))
    folder = _folder(workspace, command)
    if command.resume and not command.output and not os.path.lexists(Path(folder, NAME)):
        raise UsageError(
            f"There is no batch in “{shown(Path(folder))}”.",
            remedy="Name the folder of the one that was stopped: -o DIR",
        )
    job = Job(
        root=str(workspace.root or ""),
        output=str(workspace.output),
        brand=workspace.default_brand,
        lang=workspace.default_lang,
        paper=workspace.default_paper,
        folder="" if command.dry_run or command.merged else folder,
        source="standard input" if command.from_stream else str(command.records),
        usual=usual,
        as_of=command.as_of,
        allow_draft=command.allow_draft,
        over=over(force=command.force, resume=command.resume),
    )
    options = {
        "condition": usual.condition,
        "language": usual.language,
        "layout": usual.layout,
        "paper": usual.paper,
        "brand": usual.brand,
        "--map": "; ".join(sorted(command.pairs)),
        "--allow-draft": "yes" if command.allow_draft else "",
        STORE: folder if is_url(folder) else "",
    }
    columns = Columns.given(command.pairs, ignore_others=command.ignore_others)
    records = None if command.from_stream else command.records
    return Plan(job, columns, records, today(), options, command.resume)


def _folder(workspace: Workspace, command: BatchCommand) -> str:
    """Where the copies go. Raises UsageError, OutputError."""
    given = command.output or str(workspace.output / f"batch-{today().isoformat()}")
    if given.startswith("file:///"):
        from urllib.request import url2pathname

        given = url2pathname(given.removeprefix("file://"))
    if is_url(given):
        demand_store(given)
        return given.rstrip("/")
    folder = place_of(Path(given))
    workspace.refuse_inputs(folder)
    return str(folder)


@contextmanager
def _working(command: BatchCommand, job: Job) -> Iterator[Workers]:
    """Who does the work. Raises UsageError, OutputError."""
    if command.scheduler is None:
        yield workers(command.workers)
        return
    from handouts.personal.cluster import scheduled

    with scheduled(command.scheduler, job) as work:
        yield work


def _refuse_clashes(command: BatchCommand) -> None:
    if command.records.suffix.lower() == ".pdf":  # a copy could take its place
        raise UsageError("A PDF is no list of records.", remedy="Name a .csv or .jsonl file.")
    if command.dry_run and command.resume:
        raise UsageError("--dry-run and --resume exclude each other.", remedy="Use one.")
    if command.scheduler and command.workers > 1:
        raise UsageError("--scheduler and --workers exclude each other.", remedy="Use one.")
    of_merged = {
        "--slips": command.slips,
        "--sort": command.sort,
        "--split-at": command.split_at,
        "--one-sided": command.one_sided,
    }
    if command.merged is None:
        if alone := [name for name, given in of_merged.items() if given]:
            raise UsageError(f"{alone[0]} is about one file.", remedy="Add --merged FILE.pdf.")
        return
    others = {
        "-o": command.output,
        "--resume": command.resume,
        "--dry-run": command.dry_run,
        "--workers": command.workers > 1,
        "--scheduler": command.scheduler,
    }
    if both := [name for name, given in others.items() if given]:
        raise UsageError(f"--merged and {both[0]} exclude each other.", remedy="Use one.")
    for field in command.sort:
        demand("field", field, FIELDS)


def _printing(command: BatchCommand) -> Printing | None:
    """How the copies are put together, if they are. Raises UsageError, OutputError."""
    if command.merged is None:
        return None
    file = demand_file(command.merged)
    if file.suffix.lower() != ".pdf":
        raise UsageError("--merged makes a PDF.", remedy="Name it so: --merged FILE.pdf")
    printing = Printing(
        file,
        two_sided=not command.one_sided,
        slips=command.slips,
        sort=command.sort,
        sheets=command.split_at or 0,
        force=command.force,
    )
    read = (STDIN,) if command.from_stream else (command.records,)
    written = (printing.part(1), printing.manifest)
    Targets(session().workspace, read, force=command.force).demand(*written)
    return printing


@contextmanager
def _opened(command: BatchCommand) -> Iterator[BinaryIO]:
    """The records to read. Raises ContentError."""
    if command.from_stream:
        yield sys.stdin.buffer
        return
    try:
        if command.records.exists() and not command.records.is_file():
            raise OSError(0, "it is a folder, a device or a pipe (what comes from a pipe: -)")
        file = open(command.records, "rb")  # noqa: SIM115, closed below
    except (OSError, ValueError) as problem:
        reason = problem if isinstance(problem, OSError) else OSError(0, "no file has such a name")
        raise unreadable(command.records, reason) from None
    with file:
        yield file


# --- Saying -------------------------------------------------------------------------------


class _Progress:
    """How many copies there are, how fast they are made, how long the others take."""

    def __init__(self, *, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._begun = self._last = time.monotonic()

    def show(self, tally: Tally, part: float | None) -> None:
        """Say it on a terminal, some times a second."""
        now = time.monotonic()
        if not self._shown or now - self._last < _OFTEN:
            return
        self._last, spent = now, now - self._begun
        rate = tally.made / spent
        left = f", {_duration(spent / part - spent)} left" if part else ""
        failed = f", {tally.failed:,} failed" if tally.failed else ""
        text = f"{tally.before + tally.made:,} copies{failed}, {rate:,.0f} a second{left} …"
        click.echo(f"{CLEAR_LINE}{text}", nl=False, err=True)

    def clear(self) -> None:
        """Nothing more is to be said."""
        if self._shown:
            click.echo(CLEAR_LINE, nl=False, err=True)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _say(command: BatchCommand, tally: Tally, source: str, places: list[str]) -> None:
    """What was made, and last where it is."""
    if command.as_json:
        first = tuple(
            FailedRecord(row.record, row.line, tuple(map(as_row, _findings(source, row))))
            for row in tally.first
        )
        editions = dict(sorted(tally.editions.items()))
        earlier = (tally.before, tally.withdrawn, tally.changed)
        echo_json(CopiesReport(tuple(places), tally.made, *earlier, tally.failed, editions, first))
    if command.as_json or command.quiet:
        return
    made = f"{tally.made:,} {'copy' if tally.made == 1 else 'copies'}"
    of = counted(len(tally.editions), "edition")
    before = f" {tally.before:,} were there." if tally.before else ""
    click.echo(f"{'Would make' if command.dry_run else 'Made'} {made} of {of}.{before}")
    if tally.withdrawn:
        click.echo(f"Taken out, approved no more: {tally.withdrawn:,} that were there.")
    if tally.changed:
        click.echo(
            "The clinic's files changed since it began: copies may differ, such as in a number."
        )
        click.echo("    To make all of them anew: -o another folder")
    if command.dry_run:
        for edition, count in sorted(tally.editions.items()):
            click.echo(f"    edition {edition}: {count:,}")
    if command.allow_draft:
        click.echo("Drafts were allowed. Give none out: no one at your clinic stands behind them.")
    for place in places:
        click.echo(place if is_url(place) else shown(Path(place)))


def _failures(source: str, tally: Tally, *, kept: bool) -> list[Finding]:
    total = tally.failed + tally.made + tally.before
    all_ = " The manifest names all." if kept else ""
    failed = [Finding(f"Not made: {tally.failed:,} of {total:,} copies.{all_}")]
    failed += [finding for row in tally.first for finding in _findings(source, row)]
    if (more := tally.failed - len(tally.first)) > 0:
        failed.append(Finding(f"… and {more:,} more."))
    return failed


def _findings(source: str, row: Row) -> list[Finding]:
    """What is wrong with a record, at its line."""
    where = Source(source, row.line)
    return [Finding(f"{why.field} {why.problem}".strip(), where) for why in row.why]
