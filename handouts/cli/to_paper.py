"""From the options of ``handouts print`` to sheets of paper, and what is said about them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click
from msgspec import Struct
from msgspec.structs import replace

from handouts.attach.pieces import Gate, built, foreseen
from handouts.attach.reading.xmp import parts_of
from handouts.build import Order
from handouts.cli.orders import Request, apart, orders_for
from handouts.cli.report import CLEAR_LINE, echo_json, shown, working
from handouts.cli.reported import PrintReport, PrintRow
from handouts.cli.session import session
from handouts.cli.viewer import opens
from handouts.errors import Finding, PrintError, UsageError
from handouts.names import counted
from handouts.printing.by_hand import ByHand, by_hand
from handouts.printing.jobs import PrintJob, Settings, Sides
from handouts.printing.queues import CannotBeTold, find
from handouts.printing.sending import Sent, TakesNoPdf, demand_fit, prepare, send, wait
from handouts.printing.sheets import measured, ours, parsed

_DUPLEX = {"long": Sides.LONG, "short": Sides.SHORT, "off": Sides.ONE}
_SIDES = {
    Sides.ONE: "one side",
    Sides.LONG: "both sides",
    Sides.SHORT: "both sides, flipped on the short edge",
}
#: What a viewer asks for; most turn on the long edge where nothing is said.
_BY_HAND = {**_SIDES, Sides.LONG: "both sides, flipped on the long edge"}


class PrintCommand(Request, Struct, frozen=True, kw_only=True):
    """The arguments and options of ``handouts print``."""

    printer: str
    copies: int
    duplex: str | None
    tray: str
    grey: bool
    pages: str
    last_page: bool
    wait: bool
    allow_draft: bool
    every: bool = False
    output: str | None = None
    force: bool = False
    require_approved: bool = False


class Page(Struct, frozen=True):
    """A PDF to print: what the queue shows, its bytes, where it lies, if anywhere, and what the
    build says of it."""

    name: str
    data: bytes
    path: Path | None
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, …)"


def run_print(command: PrintCommand) -> None:
    """Build, check, send. Raises a HandoutsError: PrintError says what was not printed, and where
    its PDF is."""
    settings = _settings(command)
    gate = Gate(command.as_of, session().workspace, command.allow_draft)
    with working("making the pages", quiet=command.quiet):
        files, request = apart(command)
        things = [*_from_orders(command, request, gate), *map(_from_file, files)]
        for thing in things:
            gate.demand(parts_of(thing.data), thing.name)
    if settings.pages and len(things) > 1:
        raise UsageError("--pages are those of one handout.", remedy="Name one.")
    rows: list[PrintRow] = []
    try:
        printer = find(command.printer or session().workspace.default_printer)
        jobs = [prepare(printer, thing.name, thing.data, settings) for thing in things]
        for job in jobs:
            demand_fit(printer, job)
        for job in jobs:
            sent = send(printer, job, gate)
            rows.append(_printed(command, sent, job))
    except (CannotBeTold, TakesNoPdf) as problem:
        _by_hand(command, problem, things[len(rows) :], gate, rows)
    except PrintError as problem:
        raise _keeping(problem, things[len(rows) :]) from None
    finally:
        _warn(command, gate, things[: len(rows)])
        if command.as_json and things:
            echo_json(PrintReport(tuple(rows)))


def _settings(command: PrintCommand) -> Settings:
    if command.pages and command.last_page:
        raise UsageError("--pages and --last-page exclude each other.", remedy="Use one.")
    if command.last_page and command.duplex not in (None, "off"):
        raise UsageError("--last-page prints one side.", remedy="Leave --duplex out.")
    return Settings(
        copies=command.copies,
        sides=_DUPLEX[command.duplex] if command.duplex else None,
        tray=command.tray.strip(),
        grey=command.grey,
        pages=parsed(command.pages) if command.pages else (),
        last_page=command.last_page,
    )


# --- What is printed ----------------------------------------------------------------------


def _from_orders(command: PrintCommand, request: Request | None, gate: Gate) -> Iterator[Page]:
    """The handouts that are named by condition or code; a person's are made in memory alone."""
    if request is None:
        return
    orders = orders_for(session().workspace, request)
    if command.data is not None or command.ask:
        yield from _copies(command, orders, gate)
        return
    for order in orders:
        piece = built(session().workspace, order)
        yield Page(order.target.stem, piece.data, order.target, piece.notes)


def _copies(command: PrintCommand, orders: list[Order], gate: Gate) -> Iterator[Page]:
    from handouts.cli.asking import person_for
    from handouts.personal.press import Press

    workspace = session().workspace
    for order in orders:  # before anybody types a patient's name
        gate.demand(foreseen(workspace, order), order.target.stem)
    person = person_for(workspace, command.data, orders, named=False)
    press = Press(workspace)
    for order in orders:
        edition, copy = press.copy(order, person)
        notes = (*edition.notes, *press.remember(order, edition))
        yield Page(order.target.stem, edition.filler.data + copy.update, None, notes)


def _from_file(path: Path) -> Page:
    """A PDF of ours. Its name, which may be a person's, goes nowhere."""
    data = ours(path)
    editions = [part.edition for part in parts_of(data) if part.edition]
    return Page(f"handout {' '.join(editions[:3])}".strip(), data, path)


# --- Saying -------------------------------------------------------------------------------


def _printed(command: PrintCommand, sent: Sent, job: PrintJob) -> PrintRow:
    """Wait if that is wanted, and say what happened. Raises PrintError."""
    if command.wait:
        with working("printing", quiet=command.quiet):
            sent = wait(sent, _tell)
    if not command.quiet and not command.as_json:
        facts = [
            counted(job.pages, "page"),
            *([f"{job.copies} copies"] if job.copies > 1 else []),
            counted(job.sheets, "sheet"),
            _SIDES[job.sides],
            job.paper.name,
        ]
        done = "Printed" if command.wait else "Sent"
        click.echo(f"{done}: {job.name}: {', '.join(facts)}")
        click.echo(f"    {sent.printer.name}, job {sent.number}")
        if not command.wait:
            click.echo("    Look at the printer. To hear how it ends: --wait")
    state: Literal["sent", "printed"] = "printed" if command.wait else "sent"
    return PrintRow(job.name, sent.printer.name, sent.number, state, job.pages, job.sheets)


def _warn(command: PrintCommand, gate: Gate, things: list[Page]) -> None:
    """What the builds of what was printed say, and that it is a draft."""
    for note in dict.fromkeys(note for thing in things for note in thing.notes):
        if not command.quiet:
            click.echo(f"    {note}", err=command.as_json)
    if not command.quiet and gate.draft(part for one in things for part in parts_of(one.data)):
        what = "DRAFT: for proofreading. No one at your clinic stands behind these words."
        click.echo(what, err=command.as_json)


def _tell(trouble: Finding) -> None:
    click.echo(f"{CLEAR_LINE if sys.stderr.isatty() else ''}{trouble}", err=True)


def _keeping(problem: PrintError, left: list[Page]) -> PrintError:
    """The problem, and where the PDFs are that were not printed."""
    paths = [shown(thing.path) for thing in left if thing.path]
    kept = f"The PDF is kept: {', '.join(paths)}." if paths else "A person's copy is kept nowhere."
    return _adding(problem, kept)


def _adding(problem: PrintError, said: str, **changes: str) -> PrintError:
    """The problem with more said in its last finding."""
    *others, last = problem.findings
    message = f"{last.message} {said}".rstrip()
    return type(problem)([*others, replace(last, message=message, **changes)])


def _by_hand(
    command: PrintCommand, problem: PrintError, things: list[Page], gate: Gate, rows: list[PrintRow]
) -> None:
    """Show each PDF in the system's viewer, and say what has to be set there by hand. ``rows``:
    gets one for each that is shown."""
    if any(thing.path is None for thing in things):
        raise _keeping(problem, things)
    pages = [measured(thing.data) for thing in things]
    if any(one.booklet for one in pages):
        to_fold = "Make its sheets, and print these: handouts impose FILE.pdf"
        raise _keeping(_adding(problem, "", remedy=to_fold), things)
    settings = _settings(command)
    said = [[*_by_hand_settings(by_hand(one, settings))] for one in pages]
    for at, thing in enumerate(things):
        gate.demand(parts_of(thing.data), thing.name)
        if not (thing.path and opens(thing.path)):
            raise _keeping(_adding(problem, "No program here opens one."), things[at:])
        rows.append(PrintRow(thing.name, "", 0, "opened", 0, 0))
        if command.quiet:
            continue
        if at == 0:
            click.echo(str(problem), err=True)
        click.echo(f"{thing.name} opens. Set by hand:", err=True)
        for line in said[at]:
            click.echo(f"  {line}", err=True)


def _by_hand_settings(told: ByHand) -> Iterator[str]:
    yield "size: 100 % (“actual size”)"
    yield f"paper: {told.paper.name}"
    yield f"sides: {_BY_HAND[told.sides]}"
    if told.pages:
        yield f"pages: {', '.join(map(str, told.pages))}"
    if told.copies > 1:
        yield f"copies: {told.copies}"
    if told.tray:
        yield f"tray: {told.tray}"
    if told.grey:
        yield "colour: off"
