"""The handouts to be joined: built from the library, or given as files. No draft goes unasked."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from handouts.attach.fhir import DocumentFacts
from handouts.attach.options import Private
from handouts.build import Order, build
from handouts.errors import ContentError, OutputError, Source, UsageError
from handouts.selection import Status
from handouts.workspace import Workspace


class Piece(Private, frozen=True):
    """A handout to join: its bytes, what it says of itself, and whether it is a draft."""

    data: bytes
    title: str
    edition: str
    draft: bool


def built(workspace: Workspace, order: Order) -> Piece:
    """The handout of an order, built or found unchanged. Raises a HandoutsError."""
    from handouts.pdf.metadata import title_of

    result = build(workspace, order)
    data = order.target.read_bytes()
    if hashlib.sha256(data).hexdigest() != result.sha256:
        raise OutputError(
            "was replaced by another program just now.", Source(str(order.target)), "Try again."
        )
    return Piece(data, title_of(data), result.edition, result.status is not Status.APPROVED)


def given(path: Path) -> Piece:
    """A PDF from a file; one of ours says itself that it is a draft. Raises ``UsageError``."""
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


def demand_approved(pieces: Iterable[Piece], letter: bytes = b"") -> None:
    """Raises ``ContentError`` where a handout is a draft, or one that the letter carries."""
    from handouts.pdf.metadata import says_draft

    carried = says_draft(letter)
    if carried or any(piece.draft for piece in pieces):
        what = "A handout in the letter" if carried else "The handout"
        raise ContentError(
            f"{what} is a draft: no one at your clinic has approved its words.",
            remedy="Ask a clinician to approve it (docs/approvals.md). Only to try: --allow-draft.",
        )


def facts_about(
    pieces: Sequence[Piece],
    language: str,
    day: datetime.date,
    subject: str = "",
    joined: bytes = b"",
) -> DocumentFacts:
    """The facts about handouts that were joined on a day. What ``joined`` carries counts, too."""
    from handouts.pdf.metadata import says_draft

    return DocumentFacts(
        title="; ".join(piece.title for piece in pieces if piece.title) or "Handout",
        edition="+".join(piece.edition for piece in pieces),
        language=language,
        date=datetime.datetime.combine(day, datetime.time(), datetime.UTC),
        subject=subject,
        draft=says_draft(joined) or any(piece.draft for piece in pieces),
    )
