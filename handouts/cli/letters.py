"""From the options of ``attach`` and ``packet`` to joined files, and what is said about them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from handouts.attach import commands
from handouts.attach.fhir import demand_reference, document_reference
from handouts.attach.options import JoinOptions, Limits, demand_size
from handouts.attach.pieces import Gate, Piece, built, facts_about, foreseen, given, named
from handouts.build import Order, writer
from handouts.cli.orders import Request, orders_for, refuse_choices
from handouts.cli.report import CLEAR_LINE, echo_json, shown, working
from handouts.cli.reported import ForecastReport, JoinReport
from handouts.cli.session import moment, session
from handouts.errors import UsageError
from handouts.inputs import read
from handouts.names import counted
from handouts.targets import STDIN, STDOUT, Targets

_STREAM = "-"


class HandoutChoice(Request, Struct, frozen=True, kw_only=True):
    """The options by which ``attach`` and ``packet`` choose handouts.

    ``output``, ``force``, ``as_json`` and ``quiet`` are about the joined file.
    """

    every: bool = False
    require_approved: bool = False
    files: tuple[Path, ...]
    allow_draft: bool


class AttachCommand(HandoutChoice, frozen=True, kw_only=True):
    """The options of ``handouts attach``."""

    letter: Path
    for_patient: bool
    password_file: Path | None
    envelope: bool
    append_to_signed: bool
    without_history: bool
    embed: bool
    fhir: Path | None
    subject: str
    dry_run: bool
    max_size: int | None
    max_pages: int | None
    max_seconds: int | None
    max_memory: int | None

    @property
    def from_stream(self) -> bool:
        """Whether the letter comes on standard input."""
        return str(self.letter) == _STREAM


class PacketCommand(HandoutChoice, frozen=True, kw_only=True):
    """The options of ``handouts packet``."""

    one_sided: bool
    list_names: bool


def run_attach(command: AttachCommand) -> None:
    """Attach, or say what attaching would do. Raises a HandoutsError; nothing is then written."""
    options = _join_options(command)
    letter = _read_letter(command, options.limits)
    handouts = _demand_clear(command, options)
    if not command.dry_run:
        commands.demand_some(handouts)
    orders, target = _orders(command), _target(command)
    source = STDIN if command.from_stream else command.letter
    password = (command.password_file,) if command.password_file else ()
    workspace = session().workspace
    targets = Targets(workspace, (source, *command.files), password, force=command.force)
    places = (target, command.fhir) if command.fhir else (target,)
    if handouts:
        _demand_places(targets, places, orders)
    if command.dry_run:
        _forecast(command, orders, letter, options)
        return
    with working("joining", quiet=command.quiet):
        pieces = _pieces(command, orders)
        request = commands.AttachRequest(letter, pieces, _gate(command), options, command.envelope)
        outcome = commands.attach(request, _asking(command))
    files = {target: outcome.data} if isinstance(target, Path) else {}
    if command.fhir:
        files[command.fhir] = _fhir(command, outcome, pieces)
    with targets.written(files):
        if target == STDOUT:
            _send(outcome.data)
    _say(command, outcome, target if isinstance(target, Path) else None)


def run_packet(choice: PacketCommand) -> None:
    """Bind handouts and files into one. Raises a HandoutsError; nothing is then written."""
    workspace = session().workspace
    orders, named = _orders(choice), _named(choice)
    targets = Targets(workspace, choice.files, force=choice.force)
    _demand_places(targets, [named] if named else [], orders)
    named_files = [path.stem for path in choice.files if choice.list_names]
    style = commands.PacketStyle(
        brand=choice.brand or workspace.default_brand,
        lang=choice.lang or workspace.default_lang,
        paper=choice.paper or workspace.default_paper,
        made=choice.as_of,
        two_sided=not choice.one_sided,
        names=[*[""] * len(orders), *named_files],
    )
    with working("binding", quiet=choice.quiet):
        outcome = commands.make_packet(workspace, style, _pieces(choice, orders), _gate(choice))
    if isinstance(named, int):
        _send(outcome.data)
        _say(choice, outcome, None)
        return
    names = [order.selection.condition for order in orders]
    target = named or commands.packet_place(workspace, names, outcome.data)
    is_there = target.is_file() and read(target) == outcome.data
    if not is_there or choice.files:  # who may read these may have changed
        with replace(targets, force=choice.force or is_there).written({target: outcome.data}):
            pass
    _say(choice, outcome, target)


# --- Options ------------------------------------------------------------------------------


def _join_options(command: AttachCommand) -> JoinOptions:
    file = command.password_file
    return JoinOptions(
        password=commands.read_password(file) if file else None,
        append_to_signed=command.append_to_signed,
        without_history=command.without_history,
        embed=command.embed,
        limits=Limits.chosen(
            command.max_size, command.max_pages, command.max_seconds, command.max_memory
        ),
    )


def _demand_clear(command: AttachCommand, options: JoinOptions) -> int:
    """Refuse options that exclude each other, before any handout is built; how many are named."""
    if command.subject and not command.fhir:
        raise UsageError("--subject says whom --fhir is about.", remedy="Add --fhir FILE.json.")
    if command.subject:
        demand_reference(command.subject)
    if command.for_patient and command.layout not in ("referral", "standard"):
        raise UsageError("--for-patient and --layout exclude each other.", remedy="Use one.")
    chosen = len(command.files) + len(command.conditions) + bool(command.codes)
    commands.demand_fitting(chosen, options, envelope=command.envelope)
    return chosen


def _demand_places(targets: Targets, places: Sequence[Path | int], orders: list[Order]) -> None:
    """Raise unless the results may be written, and the handouts on the way."""
    targets.demand(*places, built=[order.target for order in orders])
    for order in orders:
        writer(targets.workspace, order)


def _gate(choice: HandoutChoice) -> Gate:
    return Gate(choice.as_of, session().workspace, choice.allow_draft)


def _read_letter(command: AttachCommand, limits: Limits) -> bytes:
    if not command.from_stream:
        return commands.read_letter(command.letter, limits)
    return demand_size(sys.stdin.buffer.read(limits.size + 1), limits)


def _target(command: AttachCommand) -> Path | int:
    """Where the result goes: a file, or standard output."""
    named = _named(command)
    if named is None:
        return STDOUT if command.from_stream else commands.default_output(command.letter)
    return named


def _named(choice: HandoutChoice) -> Path | int | None:
    """Where somebody said that the result goes."""
    if choice.output == _STREAM:
        return STDOUT
    return Path(choice.output) if choice.output else None


def _send(data: bytes) -> None:
    """Write the result to standard output."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _asking(command: AttachCommand) -> Callable[[], str] | None:
    """How a person is asked for the password; None where no person is there to answer."""
    if command.from_stream or command.password_file is not None or not sys.stdin.isatty():
        return None

    def ask() -> str:
        try:
            return str(
                click.prompt(f"{CLEAR_LINE}The letter's password", hide_input=True, err=True)
            )
        except UnicodeDecodeError:
            what, remedy = "What was typed is not text in UTF-8.", "Use --password-file."
            raise UsageError(what, remedy=remedy) from None

    return ask


def _orders(choice: HandoutChoice) -> list[Order]:
    """The handouts that are named by condition or code.

    Raises UsageError for options that choose what is built where nothing is.
    """
    if not choice.conditions and not choice.codes:
        refuse_choices("sections", "without", "all_sections", "layout", "for_patient")
        return []
    patient = isinstance(choice, AttachCommand) and choice.for_patient
    layout = "standard" if patient else choice.layout
    request = replace(choice, layout=layout, output=None, force=False)
    return orders_for(session().workspace, request)


def _pieces(choice: HandoutChoice, orders: list[Order]) -> tuple[Piece, ...]:
    """The handouts, built or found unchanged, then the files."""
    chosen: list[Order | Path] = [*orders, *choice.files]
    parts = [(f"part {number}", one) for number, one in enumerate(chosen, 1)]
    return tuple(
        built(session().workspace, one) if isinstance(one, Order) else given(one, what)
        for what, one in (parts if isinstance(choice, PacketCommand) else named(chosen))
    )


# --- Saying -------------------------------------------------------------------------------


def _fhir(command: AttachCommand, outcome: commands.Outcome, pieces: tuple[Piece, ...]) -> bytes:
    """The description of the result for a record system."""
    facts = facts_about(pieces, moment(command.as_of), subject=command.subject, draft=outcome.draft)
    text = json.dumps(document_reference(outcome.data, facts), indent=2, ensure_ascii=False)
    return text.encode("utf-8") + b"\n"


def _forecast(
    command: AttachCommand, orders: list[Order], letter: bytes, options: JoinOptions
) -> None:
    chosen: list[Order | Path] = [*orders, *command.files]
    gate, workspace, unknown = _gate(command), session().workspace, list[str]()
    with working("looking at the letter", quiet=command.quiet):
        for what, one in named(chosen):
            if isinstance(one, Order):
                parts = foreseen(workspace, one)
            else:
                piece = given(one, what)
                parts = piece.parts
                unknown += piece.notes
            gate.demand(parts, what.capitalize())
        forecast = commands.foresee(letter, options, gate, envelope=command.envelope)
        if forecast.reason == "password" and (ask := _asking(command)):
            options = replace(options, password=ask())
            forecast = commands.foresee(letter, options, gate, envelope=command.envelope)
    refusal, notes = forecast.refusal, tuple(dict.fromkeys((*forecast.notes, *unknown)))
    if command.as_json:
        report = ForecastReport(
            possible=refusal is None,
            reason=forecast.reason,
            message=str(refusal) if refusal else None,
            notes=notes,
            letter=forecast.letter,
        )
        echo_json(report)
    if refusal is not None:
        raise refusal
    if not (command.as_json or command.quiet):
        pages = 0 if command.envelope or not forecast.report else forecast.report.pages
        takes = f"take a handout: {counted(pages, 'page')}."
        click.echo(f"This letter can {takes if pages else 'go inside a handout.'}")
        for note in notes:
            click.echo(f"- {note}")


def _say(choice: HandoutChoice, outcome: commands.Outcome, target: Path | None) -> None:
    """What was done, what a reader will notice, and last the file, if it is one."""
    to_stderr = target is None
    if choice.as_json:
        path = str(target.absolute()) if target else None
        size = len(outcome.data)
        report = JoinReport(
            path, outcome.summary, outcome.notes, size, outcome.draft, outcome.facts
        )
        echo_json(report, err=to_stderr)
        return
    if choice.quiet:
        return
    click.echo(outcome.summary, err=to_stderr)
    for note in outcome.notes:
        click.echo(f"- {note}", err=to_stderr)
    if target:
        click.echo(shown(target))
