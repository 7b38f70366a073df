"""What the front desk asks for and what a build made: all that a cached build must know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from msgspec import Struct, field


class SectionChoice(Enum):
    """Which sections: the layout's usual ones, all, or exactly those named."""

    DEFAULT = "default"
    ALL = "all"
    NAMED = "named"


class Selection(Struct, frozen=True):
    """What the front desk asked for. ``paper`` is ``letter`` or ``a4``."""

    condition: str
    layout: str = "standard"
    lang: str = "en"
    brand: str = ""
    paper: str = "letter"
    choice: SectionChoice = SectionChoice.DEFAULT
    sections: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    proposed: bool = False  # the newest words, though others are approved
    fillable: bool = False  # a form, for a patient who types
    beside: str = ""  # the second language, of a layout for two

    @property
    def languages(self) -> tuple[str, ...]:
        """The language of the words; with that beside it, if there is one."""
        return (self.lang, self.beside) if self.beside else (self.lang,)


class Status(Enum):
    """Whether a clinic stands behind the words on the as-of date."""

    DRAFT = "draft"
    APPROVED = "approved"
    OVERDUE = "overdue"  # was approved; the review date has passed: a draft again


#: The weakest first: two languages on one page have the status of the weaker.
_BY_WEIGHT = (Status.DRAFT, Status.OVERDUE, Status.APPROVED)


def weakest(statuses: Iterable[Status]) -> Status:
    """What holds for all of them."""
    return min(statuses, key=_BY_WEIGHT.index)


class BuildResult(Struct, frozen=True):
    """What a build made, or found unchanged (``cached``). ``notes`` deserve a look."""

    path: str
    pages: int
    grade: float
    status: Status
    edition: str
    cached: bool
    sha256: str
    condition: str
    layout: str
    lang: str
    beside: str = ""  # the second language
    notes: tuple[str, ...] = ()
    ease: float = 0.0  # points of Spanish words on the INFLESZ scale
    seconds: Mapping[str, float] = field(default_factory=dict)
