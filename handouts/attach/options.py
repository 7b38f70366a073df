"""The choices of a join and what it gives back: frozen data, no effects."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handouts.attach.reading.inspection import Inspection
    from handouts.attach.selfcheck import Counts


class Signed(Enum):
    """What to do with a signed or certified letter."""

    REFUSE = "refuse"
    APPEND_ANYWAY = "append-anyway"


class History(Enum):
    """Whether the earlier revisions inside a letter stay in the result."""

    KEEP = "keep"
    DROP = "drop"


class Check(Enum):
    """How the join checks its work.

    ``PROOF`` reads the handout's part of the result in full and proves of the letter's part that
    nothing was taken from it: its bytes are a prefix, and each changed object still holds all
    that it held. ``FULL`` also counts the whole of both files and of the result.
    """

    PROOF = "proof"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a letter may cost. Sizes in bytes, times in seconds.

    ``size`` and ``pages`` are checked everywhere; the others hold in the guarded child process.
    """

    size: int = 100_000_000
    pages: int = 5_000
    memory: int = 1 << 30
    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    output: int = 400_000_000


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """Choices for :func:`handouts.attach.join`.

    ``title`` names the handout's bookmark and its part of the structure; by default its own title
    is used. ``label`` stands before the handout's page numbers in a viewer, where the handout
    has no page labels of its own. ``letter_title`` is used where the letter has no title.
    ``embed`` also carries the handout's file inside, under ``embed_name``.
    """

    password: str | None = field(default=None, repr=False)
    signed: Signed = Signed.REFUSE
    history: History = History.KEEP
    check: Check = Check.PROOF
    title: str = ""
    label: str = "Handout "
    letter_title: str = "Letter"
    scanned_page: str = "Scanned page"
    embed: bool = False
    embed_name: str = "handout.pdf"
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class JoinResult:
    """A joined PDF in two pieces, so that a large letter is not held twice.

    ``base`` is the letter, byte for byte, unless ``rewritten``; ``update`` follows it.
    ``notes`` are whole sentences about what a reader of the result will notice.
    """

    base: bytes = field(repr=False)
    update: bytes = field(repr=False)
    rewritten: bool
    pdf_ua: int
    pdf_a: str
    notes: tuple[str, ...]
    letter: Inspection
    handout: Inspection
    counts: Counts

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.base + self.update

    @property
    def size(self) -> int:
        """The size of the whole file in bytes."""
        return len(self.base) + len(self.update)

    @property
    def summary(self) -> str:
        """One line that says what was done."""
        how = "to a rewritten copy of" if self.rewritten else "to"
        return (
            f"Attached {_pages(self.handout.pages)} {how} the letter of "
            f"{_pages(self.letter.pages)}."
        )


def _pages(count: int) -> str:
    return f"{count} page" if count == 1 else f"{count} pages"
