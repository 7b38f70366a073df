"""The handouts to be joined: built from the library, or given as files. No draft goes unasked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from handouts.attach.decisions import UNREAD, decide
from handouts.attach.fhir import DocumentFacts
from handouts.attach.options import Limits, Private, demand_size
from handouts.attach.reading.xmp import PartStatus, packets, parts_of, title_in
from handouts.build import Order, build, resolve
from handouts.errors import ContentError, OutputError, Source, UsageError
from handouts.inputs import read
from handouts.selection import Status
from handouts.workspace import Workspace

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")

_Any = TypeVar("_Any")


class Piece(Private, frozen=True):
    """A handout to join: its bytes, and what it says of itself. ``parts``: the handouts within.

    ``language`` is a language tag (BCP 47), "" where it says none; ``notes`` are the build's, or
    say what of a file is not known.
    """

    data: bytes
    title: str
    edition: str
    pages: int
    parts: tuple[PartStatus, ...] = ()
    language: str = ""
    notes: tuple[str, ...] = ()


class Gate(Private, frozen=True):
    """What may be given out on a day: handouts that a clinic stands behind, or any.

    ``workspace``: whose approvals are asked, if any; ``remedy``: what to do where nobody does.
    """

    as_of: date
    workspace: Workspace | None = None
    allow_draft: bool = False
    remedy: str = (
        "Build it anew, or ask a clinician to approve it (docs/approvals.md). "
        "Only to try: --allow-draft."
    )

    def draft(self, parts: Iterable[PartStatus]) -> bool:
        """Whether nobody stands behind one of ``parts``."""
        return any(self._objection(part) for part in parts)

    def demand(
        self, parts: Iterable[PartStatus], what: str = "The handout", *, made_here: bool = False
    ) -> None:
        """Raises ``ContentError`` where nobody stands behind one of ``parts``. The approval of a
        handout ``made_here`` is in the workspace: one from elsewhere may be of another clinic."""
        if self.allow_draft:
            return
        for why in filter(None, (self._objection(part, made_here) for part in parts)):
            raise ContentError(f"{what} {why}.", remedy=self.remedy)

    def _objection(self, part: PartStatus, made_here: bool = False) -> str:
        from handouts.attach.given_out import objection

        return objection(part, self.as_of, self.workspace, made_here=made_here)


def built(workspace: Workspace, order: Order) -> Piece:
    """The handout of an order, built or found unchanged. Raises a HandoutsError."""
    result = build(workspace, order)
    data = read(order.target)
    if hashlib.sha256(data).hexdigest() != result.sha256:
        raise OutputError(
            "was replaced by another program just now.", Source(str(order.target)), "Try again."
        )
    title = title_in(next(packets(data), ""))
    parts = parts_of(data)
    return Piece(data, title, result.edition, result.pages, parts, result.lang, result.notes)


def foreseen(workspace: Workspace, order: Order) -> tuple[PartStatus, ...]:
    """What the handout of an order will say of its status; nothing is laid out or written.

    Raises a HandoutsError.
    """
    approval = resolve(workspace, order).handout.standing
    until = approval.until if approval.status is Status.APPROVED else None
    return (PartStatus("", approval.status.value, until, approval.record),)


def named(handouts: Sequence[_Any]) -> list[tuple[str, _Any]]:
    """Each of the handouts for a letter with what a message calls it."""
    if len(handouts) == 1:
        return [("the handout", handouts[0])]
    return [(f"handout {number}", one) for number, one in enumerate(handouts, 1)]


def given(path: Path, what: str) -> Piece:
    """A PDF from a file; one of ours says itself that it is a draft. Messages call it ``what``.

    Raises ``UsageError``, and ``Refused`` for a file that cannot be used.
    """
    from handouts.attach import guard

    try:
        data = demand_size(read(path, Limits().size), Limits(), what)
    except OSError as problem:
        raise UsageError(
            f"{what.capitalize()}'s file cannot be read: {problem.strerror}.",
            remedy="Check its name and place.",
        ) from None
    report = guard.inspect(data, what=what)
    decide(report, what=what)
    editions = [part.edition for part in report.parts if part.edition]
    edition = editions[0] if editions else hashlib.sha256(data).hexdigest()[:10]
    language = report.language if _LANGUAGE.fullmatch(report.language) else ""
    notes = (UNREAD,) if report.unread else ()
    return Piece(data, report.title, edition, report.pages, report.parts, language, notes)


def facts_about(
    pieces: Sequence[Piece],
    moment: datetime,
    *,
    subject: str = "",
    draft: bool = False,
) -> DocumentFacts:
    """The facts about handouts that were joined at a moment, with its time zone.

    Their language is one that all of them have: a record system takes one or none.
    """
    languages = {piece.language for piece in pieces}
    return DocumentFacts(
        title="; ".join(piece.title for piece in pieces if piece.title) or "Handout",
        edition="+".join(piece.edition for piece in pieces),
        language=languages.pop() if len(languages) == 1 else "",
        date=moment,
        subject=subject,
        draft=draft,
    )
