"""What is asked of a printer: a document, and how it goes on paper."""

from __future__ import annotations

from enum import Enum
from math import ceil

from msgspec import Struct

from handouts.errors import Finding

#: IPP wants hundredths of a millimetre (PWG 5100.7), PDF has 72 points an inch.
_POINT = 2540 / 72
_NEAR = 2.0


class Sides(Enum):
    """The sides that are printed, by IPP's keywords (RFC 8011, 5.2.8)."""

    ONE = "one-sided"
    LONG = "two-sided-long-edge"
    SHORT = "two-sided-short-edge"


class Paper(Struct, frozen=True):
    """A paper: its self-describing name (PWG 5101.1), what people call it, its size in points."""

    keyword: str
    name: str
    width: float
    height: float

    @property
    def size(self) -> tuple[int, int]:
        """Its size in hundredths of a millimetre."""
        return round(self.width * _POINT), round(self.height * _POINT)


PAPERS = (
    Paper("na_letter_8.5x11in", "Letter", 612, 792),
    Paper("iso_a4_210x297mm", "A4", 595.276, 841.89),
    Paper("na_ledger_11x17in", "Tabloid", 792, 1224),
    Paper("iso_a3_297x420mm", "A3", 841.89, 1190.551),
    Paper("na_legal_8.5x14in", "Legal", 612, 1008),
    Paper("na_invoice_5.5x8.5in", "half Letter", 396, 612),
    Paper("iso_a5_148x210mm", "A5", 419.528, 595.276),
)


def paper_of(width: float, height: float) -> Paper | None:
    """The paper on which a page of this size, in points, is printed at its own size."""
    short, long = sorted((width, height))
    return next(
        (
            one
            for one in PAPERS
            if abs(one.width - short) < _NEAR and abs(one.height - long) < _NEAR
        ),
        None,
    )


def paper_name(keyword: str) -> str:
    """What people call the paper of that keyword."""
    return next((one.name for one in PAPERS if one.keyword == keyword), keyword)


class Settings(Struct, frozen=True):
    """How somebody wants it printed. ``sides`` is None where nobody said; a ``tray`` is a keyword
    of the printer, "" for the one that it takes itself.

    ``pages`` are printed with all of their sheets, and all pages where there are none;
    ``last_page`` is printed alone.
    """

    copies: int = 1
    sides: Sides | None = None
    tray: str = ""
    grey: bool = False
    pages: tuple[range, ...] = ()
    last_page: bool = False


class Obstacle(Finding, frozen=True):
    """Why something is not printed as it is wanted. The front desk says it in words of its own,
    found by ``key``; ``slots`` are names and texts for them."""

    key: str = ""
    slots: tuple[tuple[str, str], ...] = ()


def obstacle(message: str, remedy: str, *, key: str, **slots: str) -> Obstacle:
    """An Obstacle with these ``slots``."""
    return Obstacle(message, remedy=remedy, key=key, slots=tuple(slots.items()))


class PrintJob(Struct, frozen=True):
    """A document on its way to a printer.

    ``name`` is what the printer and its queue show: never anybody's. ``folded``: sheets of a
    booklet, of no use on one side.
    """

    name: str
    data: bytes
    pages: int
    paper: Paper
    sides: Sides
    copies: int = 1
    tray: str = ""
    grey: bool = False
    folded: bool = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, …)"

    @property
    def sheets(self) -> int:
        """How many sheets of paper it takes, of all copies."""
        each = self.pages if self.sides is Sides.ONE else ceil(self.pages / 2)
        return each * self.copies
