"""What preflight is asked, and what it reports: figures and findings, page by page."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

#: So many pages are looked at in one go: half a minute on a slow computer.
MOST_PAGES = 300

#: What laser printers leave white at each edge: 1/6 inch, as PCL has it.
EDGE_MM = 4.2
#: In percent of black: what is paler is white on a copy of a usual copier.
WEAKEST_GREY = 15


class Aims(Struct, frozen=True):
    """What the paper will go through. ``pages``: those to look at, from 1; none: all.

    ``edge`` is what the printer leaves white, in millimetres; ``weakest_grey`` the palest that the
    copier keeps, in percent of black. ``handouts calibrate`` shows both.
    """

    edge: float = EDGE_MM
    weakest_grey: int = WEAKEST_GREY
    pages: tuple[int, ...] = ()


class Rule(Enum):
    """What a finding is about."""

    PAGES = "pages"
    PAPER = "paper"
    NO_TEXT = "no-text"
    SIZE = "size"
    LONG_LINES = "long-lines"
    SHORT_LINES = "short-lines"
    INK = "ink"
    EDGE = "edge"
    CONTRAST = "contrast"
    GREY = "grey"
    COPY = "copy"
    LONELY = "lonely-line"
    SPLIT = "split"


class PageFinding(Struct, frozen=True):
    """One thing to mend. ``page`` counts from 1; 0 is the file as a whole."""

    page: int
    rule: Rule
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"page {self.page}: " if self.page else ""
        return f"{where}{self.message} {self.remedy}"


class PageFigures(Struct, frozen=True):
    """A page in figures. Sizes in points; ``ink`` in percent of black all over; ``smallest`` and
    ``line`` (the usual characters of a line of running text) are 0 without such text; ``edge`` is
    what stays white around it, in millimetres, and the paper's width where nothing is drawn."""

    page: int
    width: float
    height: float
    ink: float
    smallest: float
    line: int
    edge: float


class Report(Struct, frozen=True):
    """What was found. ``pages`` is how many the file has, ``looked`` those that were looked at;
    ``sheets`` of paper printed on both sides."""

    pages: int
    sheets: int
    looked: tuple[PageFigures, ...]
    findings: tuple[PageFinding, ...]


def quoted(words: list[str], most: int = 4) -> str:
    """Words as a finding names them: the first few, each once, and how many more there are."""
    known = list(dict.fromkeys(words))
    shown = ", ".join(f"“{_short(word)}”" for word in known[:most])
    return f"{shown} and {len(known) - most} more" if len(known) > most else shown


def _short(word: str) -> str:
    clean = "".join(char for char in word if char.isprintable())
    return clean if len(clean) <= 40 else f"{clean[:39]}…"
