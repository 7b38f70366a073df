"""What each call takes and gives back: frozen data, no effects, ready to be sent to a process."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from msgspec import Struct
from msgspec.structs import astuple

from handouts.attach.reading.inspection import Inspection
from handouts.attach.reading.xmp import PartStatus
from handouts.attach.refusals import Reason, Refused
from handouts.names import counted
from handouts.visible import cleaned

_MEGABYTE = 1_000_000


class Check(Enum):
    """How the join checks its work.

    ``PROOF`` reads the handout's part of the result in full and proves of the letter's part that
    nothing was taken from it: its bytes are a prefix, and each changed object still holds all
    that it held. ``FULL`` also counts the whole of both files and of the result.
    """

    PROOF = "proof"
    FULL = "full"


class Limits(Struct, frozen=True):
    """What a letter may cost. Sizes in bytes, times in seconds.

    ``size`` and ``pages`` are checked everywhere; the others hold in the guarded child process.
    """

    size: int = 100_000_000
    pages: int = 5_000
    memory: int = 1 << 30
    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    output: int = 400_000_000

    @classmethod
    def chosen(
        cls,
        megabytes: int | None = None,
        pages: int | None = None,
        seconds: int | None = None,
        memory_megabytes: int | None = None,
    ) -> Limits:
        """The limits with those that were chosen; the clock and the result follow from them."""
        usual = cls()
        size = megabytes * _MEGABYTE if megabytes else usual.size
        return cls(
            size=size,
            pages=pages or usual.pages,
            memory=memory_megabytes * _MEGABYTE if memory_megabytes else usual.memory,
            cpu_seconds=seconds or usual.cpu_seconds,
            wall_seconds=float(seconds) * 2 if seconds else usual.wall_seconds,
            output=max(usual.output, 4 * size),
        )


def demand_size(data: bytes, limits: Limits, what: str = "the letter") -> bytes:
    """The file, if it is within the limit. Raises ``Refused``."""
    if len(data) > limits.size:
        raise Refused(Reason.TOO_LARGE, what, f"{limits.size // _MEGABYTE} MB")
    return data


class Counts(Struct, frozen=True):
    """What a PDF, or one part of it, holds.

    ``marks`` are marked-content sequences and tagged annotations; ``unresolved`` are those that
    lead to no element.
    """

    pages: int = 0
    elements: int = 0
    marks: int = 0
    unresolved: int = 0
    links: int = 0
    fields: int = 0
    files: int = 0
    bookmarks: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


class Private(Struct, frozen=True):
    """What holds a letter, a handout or a password: only its name is ever shown."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class JoinOptions(Private, frozen=True):
    """Choices for :func:`handouts.attach.join`.

    ``append_to_signed`` takes a signed or certified letter all the same; ``without_history``
    leaves the earlier revisions inside a letter out.
    ``title`` names the handout's bookmark and its part of the structure; by default its own title
    is used. ``label`` stands before the handout's page numbers in a viewer, where the handout
    has no page labels of its own. ``embed`` also carries the handout's file inside, under
    ``embed_name``. Messages call the handout ``what``.
    """

    password: str | None = None
    append_to_signed: bool = False
    without_history: bool = False
    check: Check = Check.PROOF
    title: str = ""
    label: str = "Handout "
    embed: bool = False
    embed_name: str = "handout.pdf"
    what: str = "the handout"
    limits: Limits = Limits()

    @property
    def takes_signed(self) -> bool:
        """Whether a signed letter may be used: one version only would leave nothing signed."""
        return self.append_to_signed and not self.without_history


def told_once(notes: Iterable[str]) -> tuple[str, ...]:
    """Each note once, in characters that can be seen: it may hold a title of somebody else."""
    return tuple(dict.fromkeys(map(cleaned, notes)))


class Product(Private, frozen=True, forbid_unknown_fields=True):
    """A finished PDF in two pieces, so that a large file is not held twice.

    ``base`` are the bytes of the file that was extended, as they were, unless ``rewritten``;
    ``update`` follows them. ``notes`` are whole sentences about what a reader will notice.
    """

    base: bytes
    update: bytes
    rewritten: bool
    pdf_ua: int
    notes: tuple[str, ...]

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.base + self.update

    @property
    def loose(self) -> int:
        """Marked content that leads to no tag, as far as it was counted."""
        return 0


class JoinResult(Product, frozen=True):
    """A letter with the handout behind it; ``base`` is the letter."""

    pdf_a: str
    counts: Counts
    letter: Inspection
    handout: Inspection

    @property
    def loose(self) -> int:
        """See :attr:`Product.loose`."""
        return self.counts.unresolved

    @property
    def summary(self) -> str:
        """One line that says what was done."""
        how = "to a rewritten copy of" if self.rewritten else "to"
        return (
            f"Attached {counted(self.handout.pages, 'page')} {how} the letter of "
            f"{counted(self.letter.pages, 'page')}."
        )


class EnvelopeResult(Product, frozen=True):
    """A handout with the letter inside as an attached file; ``base`` is the handout.

    ``letter_parts`` are the handouts that the letter carries, as far as it can be opened.
    """

    letter_parts: tuple[PartStatus, ...]


class PacketPart(Private, frozen=True):
    """One PDF of a packet; ``title`` stands for the file's own title where given.

    ``language`` is that of the title, "" for the packet's.
    """

    data: bytes
    title: str = ""
    language: str = ""


class PacketOptions(Struct, frozen=True):
    """Choices for :func:`handouts.attach.packet`. ``language`` is that of the packet's title.

    ``blank`` is a PDF of one page: where it is given, each part begins on an odd page, as it must
    when sheets are printed on both sides. ``numbers`` is a PDF with a slip for each page of the
    packet, put where a page is white.
    """

    title: str = "Handouts"
    language: str = "en"
    contents_title: str = "Contents"
    blank: bytes | None = None
    numbers: bytes | None = None
    limits: Limits = Limits()


class PacketResult(Product, frozen=True):
    """A packet: ``base`` is a file without pages, to which the parts were appended.

    ``first_pages`` are the parts' first pages, counted from 1 over the whole file.
    """

    first_pages: tuple[int, ...]
    counts: Counts

    @property
    def loose(self) -> int:
        """See :attr:`Product.loose`."""
        return self.counts.unresolved
