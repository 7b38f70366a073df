"""A printer or a queue: what it says that it can do, and whether a job fits it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any

from msgspec import Struct

from handouts.errors import Finding
from handouts.names import suggest
from handouts.printing.ipp import Address
from handouts.printing.jobs import Paper, PrintJob, Settings, Sides, obstacle, paper_name
from handouts.printing.sheets import Pages

PDF = "application/pdf"
#: How a printer says that it prints without colour (PWG 5100.13).
GREY = ("monochrome", "auto-monochrome")
_SUFFIXES = ("-error", "-warning", "-report")
_PAPER_IS_OUT = {"media-empty", "media-needed", "input-tray-missing"}

#: What keeps a printer from printing (RFC 8011, 5.4.12), and what to do about it.
_TROUBLES = {
    "media-empty": ("It is out of paper.", "Put paper in."),
    "media-needed": ("It waits for paper.", "Put paper in."),
    "input-tray-missing": ("A tray is missing.", "Push the tray in."),
    "media-jam": ("Paper is jammed.", "Take the jammed paper out."),
    "cover-open": ("Its cover is open.", "Close it."),
    "door-open": ("Its door is open.", "Close it."),
    "interlock-open": ("Something on it is open.", "Close it."),
    "toner-empty": ("It is out of toner.", "Put toner in."),
    "marker-supply-empty": ("It is out of toner or ink.", "Put some in."),
    "marker-waste-full": ("Its waste box is full.", "Put an empty one in."),
    "output-area-full": ("Its output tray is full.", "Take the paper out."),
    "paused": ("It is paused.", "Resume it."),
    "shutdown": ("It is switched off.", "Switch it on."),
    "timed-out": ("It does not answer.", "See whether it is on, and its cable is in."),
    "offline": ("It is offline.", "See whether it is on, and its cable is in."),
}


class State(IntEnum):
    """What a printer is at (RFC 8011, 5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class Printer(Struct, frozen=True):
    """A printer or queue by its own account. An empty tuple: it does not say.

    ``papers``, ``loaded`` and ``trays`` are IPP's keywords; ``copies`` is the most that it makes
    of a job.
    """

    address: Address
    name: str
    state: State = State.IDLE
    accepting: bool = True
    reasons: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    loaded: tuple[str, ...] = ()
    trays: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    colour_modes: tuple[str, ...] = ()
    scalings: tuple[str, ...] = ()
    handlings: tuple[str, ...] = ()
    colour: bool = False
    copies: int = 1

    @property
    def takes_pdf(self) -> bool:
        """Whether it takes what we print."""
        return PDF in self.formats

    @property
    def two_sided(self) -> bool:
        """Whether it prints on both sides, flipped on the long edge."""
        return Sides.LONG.value in self.sides


#: What a Printer is made of.
ATTRIBUTES = (
    "printer-name",
    "printer-make-and-model",
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "media-supported",
    "media-ready",
    "media-source-supported",
    "sides-supported",
    "print-color-mode-supported",
    "print-scaling-supported",
    "multiple-document-handling-supported",
    "color-supported",
    "copies-supported",
)


def printer_of(attributes: Mapping[str, Any], address: Address, name: str = "") -> Printer:
    """A Printer of what was answered."""

    def words(key: str) -> tuple[str, ...]:
        found = attributes.get(key)
        return tuple(str(one) for one in (found if isinstance(found, list) else [found]) if one)

    called = [*words("printer-name"), *words("printer-make-and-model"), address.uri]
    most = attributes.get("copies-supported")
    reasons = tuple(one for one in words("printer-state-reasons") if one != "none")
    return Printer(
        address=address,
        name=name or called[0],
        state=State(attributes.get("printer-state", State.IDLE)),
        accepting=attributes.get("printer-is-accepting-jobs", True) is not False,
        reasons=reasons,
        formats=words("document-format-supported"),
        papers=words("media-supported"),
        loaded=words("media-ready"),
        trays=words("media-source-supported"),
        sides=words("sides-supported"),
        colour_modes=words("print-color-mode-supported"),
        scalings=words("print-scaling-supported"),
        handlings=words("multiple-document-handling-supported"),
        colour=attributes.get("color-supported") is True,
        copies=int(most[-1]) if isinstance(most, list) else 1,
    )


def sides_on(printer: Printer | None, settings: Settings, pages: Pages) -> Sides:
    """The sides that are printed: as asked for, by somebody or the file, else both where there are
    two pages and the printer can, or nobody can ask it (None), flipped as a book is."""
    if settings.sides is not None:
        return settings.sides
    usual = Sides.SHORT if pages.landscape else Sides.LONG
    can = printer is None or usual.value in printer.sides
    return usual if pages.count > 1 and not pages.one_sided and can else Sides.ONE


def grey_mode(printer: Printer) -> str | None:
    """The keyword by which the printer prints in grey; "" if it always does, None if it cannot."""
    found = next((one for one in GREY if one in printer.colour_modes), None)
    return found if found or printer.colour else ""


def objections(printer: Printer, job: PrintJob) -> Iterator[Finding]:
    """Why the printer cannot print the job as it was asked for, whatever else is the matter."""
    name = printer.name
    yield from _of_paper(printer, job.paper)
    if job.sides.value not in (*printer.sides, Sides.ONE.value):
        side = "short" if job.sides is Sides.SHORT else "long"
        message = f"{name} does not print both sides, flipped on the {side} edge."
        key, remedy = "both-sides", "Print with --duplex off."
        if job.folded:
            key, remedy = "fold", "A booklet needs that: use another printer, or another layout."
        yield obstacle(message, remedy, key=key, printer=name)
    if job.copies > 1 and job.copies > printer.copies:
        most = str(printer.copies)
        message, remedy = (
            f"{name} makes {most} copies at most.",
            f"Print with --copies {most}, and again.",
        )
        yield obstacle(message, remedy, key="copies", printer=name, most=most)
    if job.grey and grey_mode(printer) is None:
        message = f"{name} cannot be told to print in grey."
        yield obstacle(message, "Leave --grey out.", key="grey", printer=name)
    if job.tray and job.tray not in printer.trays:
        message, remedy = f"{name} has no tray “{job.tray}”.", suggest(job.tray, printer.trays)
        yield obstacle(message, remedy, key="tray", printer=name, tray=job.tray)


def _of_paper(printer: Printer, paper: Paper) -> Iterator[Finding]:
    name = printer.name
    if printer.papers and paper.keyword not in printer.papers:
        others = _papers(printer.papers)
        message, remedy = f"{name} takes no {paper.name} paper.", f"It takes {others}."
        yield obstacle(message, remedy, key="paper", printer=name, paper=paper.name, others=others)
    elif printer.loaded and paper.keyword not in printer.loaded:
        others = _papers(printer.loaded)
        message, remedy = (
            f"{name} has no {paper.name} paper in it.",
            f"Put some in. It holds {others}.",
        )
        yield obstacle(message, remedy, key="loaded", printer=name, paper=paper.name, others=others)


def _papers(keywords: Sequence[str]) -> str:
    named = list(map(paper_name, keywords))
    return f"{', '.join(named[:8])}{', …' if named[8:] else ''}"


def troubles(printer: Printer, paper: str = "") -> list[Finding]:
    """What keeps it from printing now. Where the ``paper`` of a job lies in a tray, or any paper
    where no job is known, another tray may be empty."""
    stopped = printer.state is State.STOPPED or not printer.accepting
    has_paper = paper in printer.loaded if paper else bool(printer.loaded)
    found: list[Finding] = []
    for reason in printer.reasons:
        word = reason
        for suffix in _SUFFIXES:
            word = word.removesuffix(suffix)
        mild = not stopped and reason.endswith(_SUFFIXES[1:])
        elsewhere = not stopped and word in _PAPER_IS_OUT and has_paper
        if word in _TROUBLES and not mild and not elsewhere:
            what, remedy = _TROUBLES[word]
            message = f"{printer.name} cannot print now. {what}"
            found.append(obstacle(message, remedy, key=word, printer=printer.name))
    if stopped and not found:
        is_still = printer.state is State.STOPPED
        what, key = ("stands still", "still") if is_still else ("takes no jobs", "not-accepting")
        reason = f" It says: {', '.join(printer.reasons)}." if printer.reasons else ""
        message = f"{printer.name} {what}.{reason}"
        remedy = "Look at the printer, or start its queue again."
        found.append(obstacle(message, remedy, key=key, printer=printer.name))
    return found
