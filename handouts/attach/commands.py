"""What the commands ``attach`` and ``packet`` do, without Click: one call each, effects named.

Letters are read in the guarded child process, joins are checked in full, and files appear whole
or not at all. No name of a letter enters a message other than the caller's own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from handouts.attach import guard
from handouts.attach.envelope import EnvelopeOptions
from handouts.attach.joining import foreseen_notes
from handouts.attach.opening import decide
from handouts.attach.options import Check, JoinOptions, JoinResult, Limits
from handouts.attach.packet import PacketOptions, PacketPart
from handouts.attach.reading.inspection import Inspection
from handouts.attach.refusals import Reason, Refused
from handouts.attach.requests import inspection_from, plain
from handouts.errors import LetterError, UsageError
from handouts.output import write

_SUFFIX = "-with-handout"


class Form(Enum):
    """How letter and handout come together: pages appended, or the letter inside the handout."""

    APPEND = "append"
    ENVELOPE = "envelope"


@dataclass(frozen=True, slots=True)
class AttachRequest:
    """One letter and the handout for it. A password belongs in ``options``."""

    letter: bytes = field(repr=False)
    handout: bytes = field(repr=False)
    form: Form = Form.APPEND
    options: JoinOptions = field(default_factory=JoinOptions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done: the file, one line about it, and what its reader will notice."""

    data: bytes = field(repr=False)
    summary: str
    notes: tuple[str, ...]
    facts: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The outcome for programs, without the file's bytes."""
        return {
            "summary": self.summary,
            "notes": list(self.notes),
            "size": len(self.data),
            **self.facts,
        }


@dataclass(frozen=True, slots=True)
class Forecast:
    """What attaching would do: the report on the letter, and the refusal if there is one."""

    report: Inspection
    refusal: Refused | None
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The forecast for programs."""
        refusal = self.refusal
        return {
            "letter": plain(self.report),
            "possible": refusal is None,
            "reason": refusal.reason.name.lower() if refusal else None,
            "message": str(refusal) if refusal else None,
            "notes": list(self.notes),
        }


def attach(request: AttachRequest) -> Outcome:
    """Attach a handout to a letter. Raises ``LetterError``; writes nothing."""
    if request.form is Form.ENVELOPE:
        return _enclose(request)
    options = dataclasses.replace(request.options, check=Check.FULL)
    result = guard.join(request.letter, request.handout, options)
    return Outcome(result.data, result.summary, result.notes, _facts(result))


def notes_on(outcome: Outcome, options: JoinOptions) -> tuple[str, ...]:
    """The notes on the letter of ``outcome`` that inspecting it alone gives."""
    letter = outcome.facts.get("letter")
    return tuple(foreseen_notes(inspection_from(letter), options)) if letter else ()


def _facts(result: JoinResult) -> dict[str, Any]:
    return {
        "rewritten": result.rewritten,
        "letter_bytes_kept": not result.rewritten,
        "pdf_ua": result.pdf_ua,
        "pdf_a": result.pdf_a,
        "letter": plain(result.letter),
        "handout": plain(result.handout),
        "counts": plain(result.counts),
    }


def _enclose(request: AttachRequest) -> Outcome:
    options = EnvelopeOptions(limits=request.options.limits)
    result = guard.envelope(request.letter, request.handout, options)
    facts = {"pdf_ua": result.pdf_ua, "rewritten": False, "letter_bytes_kept": True}
    summary = "Put the letter, unchanged, inside the handout."
    return Outcome(result.data, summary, result.notes, facts)


def foresee(letter: bytes, options: JoinOptions | None = None) -> Forecast:
    """Inspect a letter and say what attaching would do. Raises ``LetterError`` if unreadable."""
    options = options or JoinOptions()
    report = guard.inspect(letter, options.password, options.limits)
    try:
        decide(report, options.signed)
    except Refused as refusal:
        return Forecast(report, refusal, ())
    return Forecast(report, None, tuple(foreseen_notes(report, options)))


def bind(
    parts: Sequence[PacketPart],
    contents: bytes | None = None,
    options: PacketOptions | None = None,
) -> Outcome:
    """Join handouts and other PDFs into one packet. Raises ``LetterError``."""
    result = guard.packet(list(parts), contents, options)
    pages = result.counts.pages
    summary = f"Joined {len(parts)} documents into one of {pages} pages."
    facts = {
        "pdf_ua": result.pdf_ua,
        "first_pages": list(result.first_pages),
        "counts": plain(result.counts),
    }
    return Outcome(result.data, summary, result.notes, facts)


def page_counts(parts: Sequence[PacketPart], limits: Limits | None = None) -> list[int]:
    """The number of pages of each part, for the contents page. Raises ``LetterError``."""
    return [guard.inspect(part.data, None, limits).pages for part in parts]


def read_letter(path: Path, limits: Limits | None = None) -> bytes:
    """A file's bytes. Raises ``LetterError`` where it is missing, unreadable or too large."""
    limits = limits or Limits()
    try:
        with path.open("rb") as file:
            data = file.read(limits.size + 1)
    except OSError as problem:
        reason = problem.strerror or "it cannot be opened"
        raise LetterError(
            f"The letter cannot be read: {reason}.", remedy="Check the file's name and place."
        ) from None
    if len(data) > limits.size:
        raise Refused(Reason.TOO_LARGE, detail=f"{limits.size // 1_000_000} MB")
    return data


def read_password(path: Path) -> str:
    """The first line of a password file. Raises ``UsageError``."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
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
    """Where the result goes unless told otherwise: beside the letter, with its name and more."""
    return letter.with_name(f"{letter.stem}{_SUFFIX}.pdf")


def save(outcome: Outcome, target: Path, letter: Path | None = None) -> None:
    """Write the result, whole or not at all. Raises ``UsageError`` rather than lose the letter."""
    if letter is not None and _is_same(target, letter):
        raise UsageError(
            "The result would take the place of the letter.", remedy="Give -o another name."
        )
    write(target, outcome.data)


def _is_same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:
        return first.resolve() == second.resolve()
