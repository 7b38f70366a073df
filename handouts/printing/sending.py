"""A job on its way: checked against the printer, sent, and followed to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from enum import IntEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.attach import guard
from handouts.attach.options import Limits, Private
from handouts.attach.pieces import Gate
from handouts.attach.reading.xmp import parts_of
from handouts.errors import Finding, PrintError, UsageError
from handouts.printing import ipp
from handouts.printing.imposing import side_of
from handouts.printing.jobs import PrintJob, Settings, Sides, obstacle
from handouts.printing.printers import (
    ATTRIBUTES,
    PDF,
    Printer,
    grey_mode,
    objections,
    printer_of,
    sides_on,
    troubles,
)
from handouts.printing.sheets import (
    Excerpt,
    Pages,
    Sizes,
    excerpt,
    folded_sheets,
    measured,
    on_sheets,
    pages_of,
    whole_sheets,
)

#: A job of which nothing new is heard for so long, in seconds, is given up, not cancelled.
PATIENCE = 300.0
_STEP, _LONGEST_STEP = 0.2, 2.0
_KEEP_SIZE = "none"
_COLLATED = "separate-documents-collated-copies"
_SHEETS = "job-media-sheets-completed"
_ASKED = ["job-id", "job-state", "job-state-reasons", _SHEETS]


class JobState(IntEnum):
    """How far a job is (RFC 8011, 5.3.7); from CANCELED on it has ended."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class TakesNoPdf(PrintError):
    """The printer prints other files than ours."""


class Dropped(PrintError):
    """The printer took the job, and does not print it to its end: some of it may be on paper."""


class Sent(Struct, frozen=True):
    """A job that the printer took, with the number that it gave it.

    ``sheets`` of it are on paper, as far as the printer counts them; ``paper`` is its size,
    ``troubles`` what keeps the printer from printing it now.
    """

    printer: Printer
    number: int
    state: JobState
    sheets: int = 0
    paper: str = ""
    troubles: tuple[Finding, ...] = ()


class _Readable(Private, frozen=True):
    """A PDF, its pages, and what gives some of them alone."""

    name: str
    data: bytes
    pages: Pages
    cut: Callable[[bytes, Sequence[int]], Excerpt]


def prepare(printer: Printer, name: str, data: bytes, settings: Settings) -> PrintJob:
    """The job that prints a PDF of ours as ``settings`` say, in full byte for byte as it is; of a
    booklet its sheets.

    ``name`` is what the queue shows. Raises LayoutError for pages that no paper has, UsageError for
    pages that are not there, and for a booklet on one side.
    """
    data = on_sheets(data)
    return _job(printer, _Readable(name, data, measured(data), excerpt), settings)


def prepare_letter(
    printer: Printer, name: str, data: bytes, settings: Settings, sizes: Sizes
) -> PrintJob:
    """As ``prepare``, of a file with pages from elsewhere, of these ``sizes``: this process reads
    nothing of it, a child with limits cuts it. Raises ``Refused``, too."""

    def cut(data: bytes, chosen: Sequence[int]) -> Excerpt:
        return guard.ask("excerpt", (data, tuple(chosen)), Limits(), Excerpt)

    return _job(printer, _Readable(name, data, pages_of(sizes), cut), settings)


def _job(printer: Printer, file: _Readable, settings: Settings) -> PrintJob:
    pages = file.pages
    sides, chosen = on_paper(printer, pages, settings)
    return PrintJob(
        name=file.name,
        data=file.cut(file.data, chosen).data if chosen else file.data,
        pages=len(chosen) or pages.count,
        paper=pages.paper,
        sides=sides,
        copies=settings.copies,
        tray=settings.tray,
        grey=settings.grey,
        folded=pages.folded,
    )


def on_paper(
    printer: Printer | None, pages: Pages, settings: Settings
) -> tuple[Sides, Sequence[int]]:
    """The sides that are printed, and the numbers of the pages, none where all are. ``printer``:
    None for one that nobody can ask. Raises as ``prepare``."""
    chosen: Sequence[int]
    if pages.folded:
        _demand_foldable(settings)
        sides, chosen = Sides.SHORT, folded_sheets(settings.pages, pages.count)
    elif settings.last_page:
        if not pages.fridge:
            message = (
                "There is no page for the fridge: no page has the warning signs of one handout."
            )
            raise UsageError(message, remedy="Leave --last-page out, or print one handout.")
        sides, chosen = Sides.ONE, [pages.fridge]
    else:
        sides = sides_on(printer, settings, pages)
        chosen = whole_sheets(settings.pages, pages.count, sides)
    return sides, chosen if len(chosen) < pages.count else []


def printed_pages(printer: Printer | None, data: bytes, settings: Settings) -> Collection[int]:
    """The numbers of the pages of a PDF of ours that come out. Raises as ``prepare``."""
    pages = measured(data)
    every = range(1, pages.count + 1)
    if not pages.booklet:
        return on_paper(printer, pages, settings)[1] or every
    sides = folded_sheets(settings.pages, pages.count // 2)
    return [page for page in every if not sides or side_of(page, pages.count) in sides]


def _demand_foldable(settings: Settings) -> None:
    if settings.sides not in (None, Sides.SHORT):
        message = "A booklet is printed on both sides, flipped on the short edge."
        raise UsageError(message, remedy="Leave --duplex out.")
    if settings.last_page:
        message = "The last page of a booklet is the back of its cover."
        raise UsageError(message, remedy="For the fridge: --layout standard --last-page")


def demand_fit(printer: Printer, job: PrintJob) -> None:
    """Raise PrintError unless the printer can do all that the job asks for, now."""
    _demand_pdf(printer)
    if found := [*troubles(printer, job.paper.keyword), *objections(printer, job)]:
        raise PrintError(found)


def demand_able(printer: Printer, job: PrintJob) -> None:
    """The same, where nothing is in the way of a printer: no jam, no cover."""
    _demand_pdf(printer)
    if found := list(objections(printer, job)):
        raise PrintError(found)


def _demand_pdf(printer: Printer) -> None:
    """Raise TakesNoPdf for a printer that prints other files alone."""
    if not printer.takes_pdf:
        message = f"{printer.name} takes no PDF."
        remedy = "Set up a queue for it in this computer's print service, and name that."
        raise TakesNoPdf(message, remedy=remedy)


def send(printer: Printer, job: PrintJob, gate: Gate) -> Sent:
    """Send a job that fits.

    Raises ContentError where ``gate`` does not let its words out, PrintError where the printer does
    not take it; nothing is then printed. Raises ``ipp.Untold`` where it may be.
    """
    gate.demand(parts_of(job.data))
    about = {
        "job-name": job.name,
        "ipp-attribute-fidelity": True,
        "document-format": PDF,
    }
    answer = ipp.ask(printer.address, "PRINT_JOB", about, _attributes(printer, job), job.data)
    if answer.fine and not answer.jobs:
        raise ipp.Untold
    if not answer.fine:
        raise _refused(printer, answer.status)
    sent = _read(printer, job.paper.keyword, answer.jobs[0])
    _demand_alive(sent)
    return sent


def _attributes(printer: Printer, job: PrintJob) -> ipp.Attributes:
    """The job as IPP says it: only what the printer knows, since it refuses all else."""
    found = ipp.Attributes().number("copies", job.copies).keyword("sides", job.sides.value)
    if job.tray:
        width, height = job.paper.size
        size = {"x-dimension": width, "y-dimension": height}
        found.collection("media-col", {"media-size": size, "media-source": job.tray})
    else:
        found.keyword("media", job.paper.keyword)
    if _KEEP_SIZE in printer.scalings:
        found.keyword("print-scaling", _KEEP_SIZE)
    if job.copies > 1 and _COLLATED in printer.handlings:
        found.keyword("multiple-document-handling", _COLLATED)
    if job.grey and (mode := grey_mode(printer)):
        found.keyword("print-color-mode", mode)
    return found


def _refused(printer: Printer, status: int) -> PrintError:
    name = printer.name
    if status == ipp.Status.FORMAT:
        return TakesNoPdf(f"{name} takes no PDF.", remedy="Print the file from a viewer.")
    if status == ipp.Status.NOT_ACCEPTING:
        message, remedy = f"{name} takes no jobs now.", "Start its queue again."
        return PrintError([obstacle(message, remedy, key="not-accepting", printer=name)])
    if status == ipp.Status.BUSY:
        message, remedy = f"{name} is busy.", "Try again in a minute."
        return PrintError([obstacle(message, remedy, key="busy", printer=name)])
    if status == ipp.Status.ATTRIBUTES:
        what = f"{name} cannot print it as it was asked for."
        remedy = "Leave out --tray, --grey or --duplex, and try again."
        return PrintError([obstacle(what, remedy, key="asked", printer=name)])
    message, remedy = f"{name} did not take the job ({status:#06x}).", "Look at the printer."
    return PrintError([obstacle(message, remedy, key="not-taken", printer=name)])


def _read(printer: Printer, paper: str, job: Any) -> Sent:
    try:
        done = job.get(_SHEETS)
        sheets = done if isinstance(done, int) else 0
        return Sent(printer, int(job["job-id"]), JobState(job["job-state"]), sheets, paper)
    except (KeyError, TypeError, ValueError):
        raise ipp.Untold from None


def _demand_alive(sent: Sent) -> None:
    name, number = sent.printer.name, sent.number
    if sent.state is JobState.CANCELED:
        message = f"Job {number} was cancelled at {name}."
        remedy = "Print it again when it is wanted."
        raise Dropped([obstacle(message, remedy, key="cancelled", printer=name)])
    if sent.state is JobState.ABORTED:
        message = f"{name} gave up job {number}."
        remedy = "Look at the printer, then print it again."
        raise Dropped([obstacle(message, remedy, key="given-up", printer=name)])


# --- To the end ---------------------------------------------------------------------------


def wait(
    sent: Sent,
    tell: Callable[[Finding], None] = lambda _: None,
    patience: float = PATIENCE,
    on_step: Callable[[Sent], None] = lambda _: None,
) -> Sent:
    """Follow a job until it is on paper. ``tell`` hears of each thing that stops it meanwhile, as
    often as it begins; ``on_step`` hears how far it is.

    Raises PrintError for a job that was cancelled or given up, and where the printer says nothing
    new for ``patience`` seconds.
    """
    step, heard = _STEP, time.monotonic()
    while sent.state is not JobState.COMPLETED:
        if time.monotonic() - heard > patience:
            raise _silent(sent)
        time.sleep(step)
        step = min(step * 1.5, _LONGEST_STEP)
        before, sent = sent, _asked_again(sent)
        if (before.state, before.sheets) != (sent.state, sent.sheets):
            heard = time.monotonic()
        on_step(sent)
        _demand_alive(sent)
        for trouble in sent.troubles:
            if trouble not in before.troubles:
                tell(trouble)
    return sent


def cancel(sent: Sent) -> None:
    """Ask the printer to drop a job. Raises PrintError where it does not, or not any more."""
    answer = ipp.ask(sent.printer.address, "CANCEL_JOB", {"job-id": sent.number})
    if not answer.fine:
        name = sent.printer.name
        message, remedy = f"{name} did not drop job {sent.number}.", "Cancel it at the printer."
        raise PrintError([obstacle(message, remedy, key="not-dropped", printer=name)])


def _asked_again(sent: Sent) -> Sent:
    about = {"job-id": sent.number, "requested-attributes": _ASKED}
    answer = ipp.ask(sent.printer.address, "GET_JOB_ATTRIBUTES", about)
    if not answer.fine or not answer.jobs:
        name, remedy = sent.printer.name, "Look at the printer: it may have printed."
        message = f"{name} does not say how job {sent.number} ended."
        raise PrintError([obstacle(message, remedy, key="unsaid", printer=name)])
    now = _read(sent.printer, sent.paper, answer.jobs[0])
    return replace(now, troubles=tuple(_in_the_way(now)))


def _in_the_way(sent: Sent) -> list[Finding]:
    """What keeps the printer from printing, while the job has not ended."""
    if sent.state >= JobState.CANCELED:
        return []
    about = {"requested-attributes": list(ATTRIBUTES)}
    answer = ipp.ask(sent.printer.address, "GET_PRINTER_ATTRIBUTES", about)
    if not answer.fine or not answer.printers:
        return []
    now = printer_of(answer.printers[0], sent.printer.address, sent.printer.name)
    return troubles(now, sent.paper)


def _silent(sent: Sent) -> PrintError:
    last = f" {sent.troubles[-1]}" if sent.troubles else ""
    message = f"{sent.printer.name} has not printed job {sent.number} yet.{last}"
    remedy = "The job waits there. To drop it, cancel it at the printer."
    return PrintError([obstacle(message, remedy, key="waiting", printer=sent.printer.name)])
