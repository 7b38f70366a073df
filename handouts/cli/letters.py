"""From the words of ``attach`` and ``packet`` to joined files, and what is said about them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from handouts.attach import commands
from handouts.attach.options import History, JoinOptions, Limits, Signed
from handouts.attach.refusals import Reason, Refused
from handouts.build import Order, build
from handouts.cli.orders import Request, orders_for
from handouts.cli.session import session
from handouts.errors import ContentError, OutputError, UsageError
from handouts.model import Status

_STREAM = "-"
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionWords:
    """The words by which ``attach`` and ``packet`` choose handouts."""

    conditions: tuple[str, ...]
    codes: tuple[str, ...]
    sections: tuple[str, ...]
    without: tuple[str, ...]
    all_sections: bool
    layout: str
    lang: str | None
    brand: str | None
    paper: str | None
    files: tuple[Path, ...]
    as_of: date
    output: str | None
    force: bool
    allow_draft: bool
    as_json: bool
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachWords(SelectionWords):
    """The words of ``handouts attach``."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketWords(SelectionWords):
    """The words of ``handouts packet``."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A handout to join: its bytes, edition, language and whether it is a draft."""

    data: bytes = dataclasses.field(repr=False)
    title: str
    edition: str
    draft: bool


def run_attach(words: AttachWords) -> None:
    """Attach, or say what attaching would do. Raises a HandoutsError; nothing is then written."""
    limits = _limits(words)
    letter = _read_letter(words.letter, limits)
    options = JoinOptions(
        password=commands.read_password(words.password_file) if words.password_file else None,
        signed=Signed.APPEND_ANYWAY if words.append_to_signed else Signed.REFUSE,
        history=History.DROP if words.without_history else History.KEEP,
        embed=words.embed,
        limits=limits,
    )
    if words.dry_run:
        _forecast(words, letter, options)
        return
    _refuse_clashes(words)
    target = _target(words)
    pieces = _pieces(words)
    outcome = _join(words, letter, pieces, options)
    _save(words, outcome, target)
    _write_fhir(words, outcome, pieces)
    _tell(words, outcome, to_stderr=target is None)


def run_packet(words: PacketWords) -> None:
    """Bind handouts and files into one. Raises a HandoutsError; nothing is then written."""
    from handouts.attach.packet import PacketPart
    from handouts.packet import make_packet

    workspace = session().workspace
    pieces = _pieces(words)
    parts = [PacketPart(piece.data) for piece in pieces]
    looks = _orders(words, _styled_by(words))[0]
    outcome = make_packet(workspace, looks, parts)
    target = Path(words.output) if words.output else _packet_place(words, pieces)
    if words.output:
        _refuse_overwriting(target, force=words.force)
    commands.save(outcome, target)
    _tell(words, outcome, to_stderr=False)


# --- Choosing and reading -----------------------------------------------------------------


def _refuse_clashes(words: AttachWords) -> None:
    if words.envelope and (words.without_history or words.embed or words.append_to_signed):
        raise UsageError(
            "--envelope keeps the letter as it is, as a file inside the handout.",
            remedy="Leave out --without-history, --embed and --append-to-signed.",
        )
    if words.subject and not words.fhir:
        raise UsageError("--subject says whom --fhir is about.", remedy="Add --fhir FILE.json.")
    chosen = len(words.files) + len(words.conditions) + bool(words.codes)
    if words.envelope and chosen > 1:
        raise UsageError("--envelope takes one handout.", remedy="Name one condition.")
    if words.for_patient and words.layout not in ("referral", "standard"):
        raise UsageError("--for-patient and --layout exclude each other.", remedy="Use one.")


def _limits(words: AttachWords) -> Limits:
    usual = Limits()
    size = words.max_size * _MEGABYTE if words.max_size else usual.size
    seconds = words.max_seconds
    return Limits(
        size=size,
        pages=words.max_pages or usual.pages,
        memory=words.max_memory * _MEGABYTE if words.max_memory else usual.memory,
        cpu_seconds=seconds or usual.cpu_seconds,
        wall_seconds=float(seconds) * 2 if seconds else usual.wall_seconds,
        output=max(usual.output, 4 * size),
    )


def _read_letter(path: Path, limits: Limits) -> bytes:
    if str(path) != _STREAM:
        return commands.read_letter(path, limits)
    data = sys.stdin.buffer.read(limits.size + 1)
    if len(data) > limits.size:
        raise Refused(Reason.TOO_LARGE, detail=f"{limits.size // _MEGABYTE} MB")
    return data


def _pieces(words: SelectionWords) -> list[Piece]:
    """The handouts, built or found unchanged, then the files. Drafts only when allowed."""
    pieces = []
    if words.conditions or words.codes:
        pieces = [_built(order) for order in _orders(words, words.conditions)]
    pieces += [_given(path) for path in words.files]
    if not pieces:
        raise UsageError(
            "Which handout?", remedy="Name a condition, or use --icd10 CODE. See: handouts list"
        )
    if not words.allow_draft and any(piece.draft for piece in pieces):
        raise ContentError(
            "The handout is a draft: no one at your clinic has approved its words.",
            remedy='Approve it with: handouts approve CONDITION --by "…" --role "…", '
            "or add --allow-draft.",
        )
    return pieces


def _built(order: Order) -> Piece:
    result = build(session().workspace, order)
    from handouts.pdf.metadata import title_of

    data = order.target.read_bytes()
    return Piece(data, title_of(data), result.edition, result.status is not Status.APPROVED)


def _given(path: Path) -> Piece:
    from handouts.pdf.metadata import edition_of, says_draft, title_of

    try:
        data = path.read_bytes()
    except OSError as problem:
        raise UsageError(
            f"The handout’s file cannot be read: {problem.strerror}.",
            remedy="Check its name and place.",
        ) from None
    edition = edition_of(data) or hashlib.sha256(data).hexdigest()[:10]
    return Piece(data, title_of(data), edition, says_draft(data))


def _orders(words: SelectionWords, conditions: tuple[str, ...]) -> list[Order]:
    patient = isinstance(words, AttachWords) and words.for_patient
    request = Request(
        conditions=conditions,
        every=False,
        codes=words.codes,
        sections=words.sections,
        without=words.without,
        all_sections=words.all_sections,
        layout="standard" if patient else words.layout,
        lang=words.lang,
        brand=words.brand,
        paper=words.paper,
        as_of=words.as_of,
        output=None,
        force=False,
        require_approved=False,
        as_json=False,
        quiet=True,
        verbose=False,
    )
    return orders_for(session().workspace, request)


def _styled_by(words: SelectionWords) -> tuple[str, ...]:
    """A condition whose looks and words of the interface the contents page borrows."""
    if words.conditions or words.codes:
        return words.conditions
    return session().workspace.names("content/conditions")[:1]


# --- Joining and writing ------------------------------------------------------------------


def _join(
    words: AttachWords, letter: bytes, pieces: list[Piece], options: JoinOptions
) -> commands.Outcome:
    """Attach each handout after the last, and say in one outcome what all of them did."""
    first, *others = pieces
    form = commands.Form.ENVELOPE if words.envelope else commands.Form.APPEND
    request = commands.AttachRequest(letter, first.data, form, options)
    try:
        outcome = commands.attach(request)
    except Refused as refusal:
        if refusal.reason is not Reason.PASSWORD or not _may_ask(words):
            raise
        password = click.prompt("The letter’s password", hide_input=True, err=True)
        options = dataclasses.replace(options, password=password)
        outcome = commands.attach(dataclasses.replace(request, options=options))
    summaries, notes = [outcome.summary], list(outcome.notes)
    for piece in others:
        again = commands.AttachRequest(outcome.data, piece.data, form, options)
        outcome = commands.attach(again)
        summaries.append(outcome.summary)
        # What stands in a letter because we have just put it there is no news.
        known = {*notes, *commands.notes_on(outcome, options)}
        notes += [note for note in outcome.notes if note not in known]
    return dataclasses.replace(outcome, summary=" ".join(summaries), notes=tuple(notes))


def _may_ask(words: AttachWords) -> bool:
    from_stream = str(words.letter) == _STREAM
    return not from_stream and words.password_file is None and sys.stdin.isatty()


def _target(words: AttachWords) -> Path | None:
    """Where the result goes; None is standard output. Known, and free, before any work."""
    if words.output == _STREAM or (words.output is None and str(words.letter) == _STREAM):
        return None
    target = Path(words.output) if words.output else commands.default_output(words.letter)
    _refuse_overwriting(target, force=words.force)
    return target


def _refuse_overwriting(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        raise OutputError(
            "The output file is already there.",
            remedy="Give -o another name, or add --force to replace it.",
        )


def _packet_place(words: SelectionWords, pieces: list[Piece]) -> Path:
    """In the output folder, under a name that stands for just these parts."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(hashlib.sha256(piece.data).digest())
    names = "-".join(words.conditions[:3]) or "files"
    return session().workspace.output / f"packet.{names}.{digest.hexdigest()[:10]}.pdf"


def _save(words: AttachWords, outcome: commands.Outcome, target: Path | None) -> None:
    if target is None:
        sys.stdout.buffer.write(outcome.data)
        sys.stdout.buffer.flush()
        return
    letter = None if str(words.letter) == _STREAM else words.letter
    commands.save(outcome, target, letter)


def _write_fhir(words: AttachWords, outcome: commands.Outcome, pieces: list[Piece]) -> None:
    if words.fhir is None:
        return
    from handouts.attach.fhir import DocumentFacts, document_reference
    from handouts.output import write

    handout = outcome.facts.get("handout", {})
    facts = DocumentFacts(
        title="; ".join(piece.title for piece in pieces if piece.title) or "Handout",
        edition="+".join(piece.edition for piece in pieces),
        language=handout.get("language") or words.lang or session().workspace.default_lang,
        date=datetime.combine(words.as_of, time(), UTC),
        subject=words.subject,
        draft=any(piece.draft for piece in pieces),
    )
    text = json.dumps(document_reference(outcome.data, facts), indent=2, ensure_ascii=False)
    write(words.fhir, text.encode("utf-8") + b"\n")


# --- Saying -------------------------------------------------------------------------------


def _forecast(words: AttachWords, letter: bytes, options: JoinOptions) -> None:
    forecast = commands.foresee(letter, options)
    told = forecast.as_json()
    told["letter"].pop("title", None)
    if words.as_json:
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    elif forecast.refusal is None and not words.quiet:
        pages = forecast.report.pages
        click.echo(f"This letter can take a handout: {pages} page{'' if pages == 1 else 's'}.")
        for note in forecast.notes:
            click.echo(f"- {note}")
    if forecast.refusal is not None:
        raise forecast.refusal


def _tell(words: SelectionWords, outcome: commands.Outcome, *, to_stderr: bool) -> None:
    """One line of what was done, then what a reader will notice. Never a letter's name or title."""
    if words.quiet:
        return
    if words.as_json:
        told = outcome.as_json()
        for part in ("letter", "handout"):
            told.get(part, {}).pop("title", None)
        click.echo(json.dumps(told, indent=2, ensure_ascii=False), err=to_stderr)
        return
    click.echo(outcome.summary, err=to_stderr)
    for note in outcome.notes:
        click.echo(f"- {note}", err=to_stderr)
