"""What the commands ``attach`` and ``packet`` do, without Click, and the rules that hold for them.

Letters are read in the guarded child process, joins are checked in full, and drafts are refused.
No name or title of a letter enters a message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from msgspec import Struct, structs, to_builtins
from msgspec.structs import replace

from handouts.attach import guard
from handouts.attach.decisions import UNREAD, decide, foreseen_notes
from handouts.attach.options import (
    Check,
    JoinOptions,
    JoinResult,
    Limits,
    PacketOptions,
    PacketPart,
    Private,
    Product,
    demand_size,
)
from handouts.attach.pieces import Gate, Piece, named
from handouts.attach.reading.inspection import Inspection
from handouts.attach.reading.xmp import parts_of
from handouts.attach.refusals import Reason, Refused
from handouts.errors import (
    ContentError,
    Finding,
    HandoutsError,
    LetterError,
    Source,
    UsageError,
)
from handouts.inputs import read, read_line
from handouts.names import counted
from handouts.visible import cleaned
from handouts.workspace import Workspace

_SUFFIX = "-with-handout"
_MAX_PASSWORD = 10_000
#: Characters of a title in the contents.
_TITLE = 200
_CARRIED = "A handout in the letter"
_ENVELOPES_TOO = {
    Reason.NOT_PDF,
    Reason.TOO_LARGE,
    Reason.TOO_SLOW,
    Reason.TOO_MUCH_MEMORY,
    Reason.CRASHED,
}
"""Why a letter cannot even stand inside a handout."""


class AttachRequest(Private, frozen=True):
    """One letter and the handouts for it. A password belongs in ``options``.

    An ``envelope`` is the handout with the letter inside.
    """

    letter: bytes
    pieces: tuple[Piece, ...]
    gate: Gate
    options: JoinOptions = JoinOptions()
    envelope: bool = False


class Outcome(Private, frozen=True):
    """What was done: the file, one line about it, what its reader will notice, and facts.

    ``draft``: nobody stands behind one of the handouts within.
    """

    data: bytes
    summary: str
    notes: tuple[str, ...]
    facts: dict[str, Any]
    draft: bool = False


class Forecast(Struct, frozen=True):
    """What attaching would do: the report on the letter, if it can be read, and the refusal if
    there is one, with its name."""

    report: Inspection | None
    refusal: HandoutsError | None
    notes: tuple[str, ...]
    reason: str | None = None

    @property
    def letter(self) -> dict[str, Any]:
        """The report for programs."""
        return _facts(self.report) if self.report else {}


# --- Attaching ----------------------------------------------------------------------------


def attach(request: AttachRequest, ask_password: Callable[[], str] | None = None) -> Outcome:
    """Attach handouts to a letter, each behind the last. Raises a HandoutsError; writes nothing.

    ``ask_password`` is called once, for a letter that needs a password when none was given.
    """
    demand_some(len(request.pieces))
    demand_fitting(len(request.pieces), request.options, envelope=request.envelope)
    for what, piece in named(request.pieces):
        request.gate.demand(piece.parts, what.capitalize())
    try:
        return _attached(request)
    except Refused as refusal:
        if refusal.reason is not Reason.PASSWORD or ask_password is None:
            raise
    options = replace(request.options, password=ask_password())
    return _attached(replace(request, options=options))


def demand_fitting(handouts: int, options: JoinOptions, *, envelope: bool) -> None:
    """Raises ``UsageError`` for choices that exclude each other."""
    if not envelope:
        return
    if options.without_history or options.embed or options.append_to_signed:
        raise UsageError(
            "--envelope keeps the letter as it is, as a file inside the handout.",
            remedy="Leave out --without-history, --embed and --append-to-signed.",
        )
    if handouts > 1:
        raise UsageError("--envelope takes one handout.", remedy="Name one condition.")


def demand_some(handouts: int) -> None:
    """Raises ``UsageError`` where no handout was named."""
    if handouts == 0:
        raise UsageError(
            "Which handout?", remedy="Name a condition, or use --icd10 CODE. See: handouts list"
        )


def _attached(request: AttachRequest) -> Outcome:
    if request.envelope:
        return _enclosed(request)
    options = replace(request.options, check=Check.FULL)
    data, results, notes = request.letter, list[JoinResult](), list[str]()
    for what, piece in named(request.pieces):
        result = guard.join(data, piece.data, replace(options, what=what))
        data = result.data
        if not results:
            request.gate.demand(result.letter.parts, _CARRIED)
        # What stands in a letter because we have just put it there is no news.
        known = {*notes, *foreseen_notes(result.letter, options)} if results else set()
        notes += [note for note in result.notes if note not in known]
        results.append(result)
    letter = results[0].letter
    facts = _facts(results[-1]) | {
        "rewritten": any(result.rewritten for result in results),
        "letter": _facts(letter),
        "letter_bytes_kept": data.startswith(request.letter),
        "handouts": [_facts(result.handout) for result in results],
    }
    del facts["handout"]
    summary = " ".join(result.summary for result in results)
    parts = [*chain(*(piece.parts for piece in request.pieces)), *letter.parts]
    return Outcome(data, summary, tuple(notes), facts, request.gate.draft(parts))


def _enclosed(request: AttachRequest) -> Outcome:
    options, handout = request.options, request.pieces[0].data
    result = guard.envelope(request.letter, handout, options.password, options.limits)
    request.gate.demand(result.letter_parts, _CARRIED)
    facts = _facts(result) | {"letter_bytes_kept": True}
    summary = "Put the letter, unchanged, inside the handout."
    parts = (*request.pieces[0].parts, *result.letter_parts)
    return Outcome(result.data, summary, result.notes, facts, request.gate.draft(parts))


def _facts(value: Product | Inspection) -> dict[str, Any]:
    """A result or a report for programs, without bytes and titles, which may name a patient."""
    facts = structs.asdict(value)
    for key in facts.keys() & {"base", "update", "notes", "title", "parts", "letter_parts"}:
        del facts[key]
    return {
        key: _facts(item) if isinstance(item, Inspection) else to_builtins(item)
        for key, item in facts.items()
    }


def foresee(letter: bytes, options: JoinOptions, gate: Gate, *, envelope: bool = False) -> Forecast:
    """Inspect a letter and say what attaching would do: a letter that is only enclosed need
    not open. Raises WorkspaceError for a record of an approval that cannot be trusted."""
    report, notes = None, list[str]()
    try:
        report = guard.inspect(letter, options.password, options.limits)
        parts = report.parts
        if envelope:
            notes = [UNREAD] if report.unread else []
        else:
            decide(report, options.takes_signed)
            notes = foreseen_notes(report, options)
    except Refused as refusal:
        if not envelope or refusal.reason in _ENVELOPES_TOO:
            return Forecast(report, refusal, (), refusal.reason.name.lower())
        parts, notes = parts_of(letter), [UNREAD]
    try:
        gate.demand(parts, _CARRIED)
    except ContentError as draft:
        return Forecast(report, draft, (), "not_approved")
    return Forecast(report, None, tuple(notes))


# --- Packets ------------------------------------------------------------------------------


class PacketStyle(Struct, frozen=True):
    """What a packet's own text and contents page follow: a brand, a language, a paper, a date.

    ``two_sided``: each part begins on the front of a sheet. ``names`` stand for the titles of
    parts that have none.
    """

    brand: str
    lang: str
    paper: str
    made: date
    two_sided: bool = True
    names: Sequence[str] = ()


def make_packet(
    workspace: Workspace, style: PacketStyle, pieces: Sequence[Piece], gate: Gate
) -> Outcome:
    """Bind handouts behind a contents page. Raises a HandoutsError that names what is wrong."""
    from handouts.attach.contents_page import TERMS, ContentsPage
    from handouts.layout.masters import PAPERS
    from handouts.library.brand import load_brand
    from handouts.library.content_files import interface_words

    demand_some(len(pieces))
    for number, piece in enumerate(pieces, 1):
        gate.demand(piece.parts, f"Part {number}")
    terms = interface_words(workspace, style.lang)
    if lacking := [key for key in TERMS if not terms.get(key)]:
        source = Source(workspace.shown(f"content/interface/{style.lang}.toml"))
        what = "{} is missing, or cannot be filled in."
        remedy = "Write it; “handouts check” says what it must hold."
        raise ContentError([Finding(what.format(key), source, remedy) for key in lacking])
    brand = load_brand(workspace, style.brand, style.lang)
    titles = [
        _line(piece.title or cleaned(name or "") or terms["packet_part"].format(number=number))
        for number, (piece, name) in enumerate(zip_longest(pieces, style.names), 1)
    ]
    parts = [
        PacketPart(piece.data, title, piece.language if piece.title else "")
        for piece, title in zip(pieces, titles, strict=True)
    ]
    counts = [piece.pages for piece in pieces]
    size = PAPERS[style.paper]
    own = ContentsPage(brand, style.lang, terms, size, style.made, odd=style.two_sided)
    contents = own.render(parts, counts)
    options = PacketOptions(
        title=terms["packet_title"],
        language=style.lang,
        contents_title=terms["packet_title"],
        blank=own.blank() if style.two_sided else None,
        numbers=own.numbers(own.total(contents, counts)),
    )
    drafts = gate.draft(part for piece in pieces for part in piece.parts)
    return replace(bind(parts, contents, options), draft=drafts)


def _line(title: str) -> str:
    """A title that finds room in the contents: a file may say that it is called a megabyte."""
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1].rstrip()}…"


def bind(
    parts: Sequence[PacketPart],
    contents: bytes | None = None,
    options: PacketOptions = PacketOptions(),
) -> Outcome:
    """Join handouts and other PDFs into one packet. Raises ``LetterError``."""
    result = guard.packet(parts, contents, options)
    joined, pages = counted(len(parts), "document"), counted(result.counts.pages, "page")
    summary = f"Joined {joined} into one of {pages}."
    facts = _facts(result) | {"first_pages": list(result.first_pages)}
    return Outcome(result.data, summary, result.notes, facts)


def packet_place(workspace: Workspace, names: Sequence[str], data: bytes) -> Path:
    """In the output folder, under a name that stands for just this packet."""
    digest = hashlib.sha256(data).hexdigest()[:10]
    return workspace.output / f"packet.{'-'.join(names[:3]) or 'files'}.{digest}.pdf"


# --- Files --------------------------------------------------------------------------------


def read_letter(path: Path, limits: Limits = Limits(), what: str = "The letter") -> bytes:
    """A file's bytes. Raises ``LetterError`` where it is missing, unreadable or too large."""
    try:
        return demand_size(read(path, limits.size), limits, what[:1].lower() + what[1:])
    except OSError as problem:
        reason = problem.strerror or "it cannot be opened"
        raise LetterError(
            f"{what} cannot be read: {reason}.", remedy="Check the file's name and place."
        ) from None


def read_password(path: Path) -> str:
    """The first line of a password file, which may be a pipe. Raises ``UsageError``."""
    try:
        lines = read_line(path, _MAX_PASSWORD).decode("utf-8-sig").splitlines()
    except (OSError, ValueError):
        raise UsageError(
            "The password file cannot be read.", remedy="Check its name; it must be plain text."
        ) from None
    if not lines or not lines[0]:
        raise UsageError(
            "The password file is empty.", remedy="Put the password alone on its first line."
        )
    return lines[0]


def default_output(letter: Path) -> Path:
    """Where the result goes unless -o names a file: beside the letter, with its name and more."""
    return letter.with_name(f"{letter.stem}{_SUFFIX}.pdf")
