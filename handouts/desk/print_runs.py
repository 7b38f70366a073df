"""Printing from the page: in the background, once, and followed to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from msgspec import Struct

from handouts.attach.options import Private
from handouts.attach.pieces import Gate
from handouts.desk.shown_sheets import Wish
from handouts.errors import Finding, HandoutsError
from handouts.printing.jobs import PrintJob, Settings, Sides
from handouts.printing.printers import Printer
from handouts.printing.queues import find
from handouts.printing.sending import Sent, TakesNoPdf, cancel, demand_fit, prepare, send, wait
from handouts.printing.sheets import parsed

_SIDES: Final = {"one": Sides.ONE, "": None}


class Paper(Private, frozen=True):
    """What is put on paper: its bytes, the name that a queue shows, how, and behind which gate."""

    data: bytes
    name: str
    wish: Wish
    gate: Callable[[], Gate]


def settings_of(wish: Wish) -> Settings:
    """For the printer. Raises UsageError for pages that are none."""
    return Settings(
        copies=wish.copies,
        sides=_SIDES.get(wish.sides),
        tray=wish.tray,
        grey=wish.grey,
        pages=parsed(wish.pages) if wish.pages and not wish.last_page else (),
        last_page=wish.last_page,
    )


def planned(printer: Printer, paper: Paper) -> PrintJob:
    """The job as it would be sent. Raises HandoutsError."""
    return prepare(printer, paper.name, paper.data, settings_of(paper.wish))


class Place(Struct, frozen=True):
    """The page from which something is printed: what shows how far a job of it is, by the job's
    token, and the address at which it is printed again, or its last page alone."""

    show: Callable[[Job, str], str]
    again: Callable[[Job, bool], str]


class Job:
    """A job from its button to its end. A thread of its own writes, pages read.

    ``state`` is "sending", "printing", "printed", "unsure" (it may have printed), "failed"
    (nothing was printed), or "no-pdf" (the printer takes none); ``trouble`` is what stops the
    printer now.
    """

    def __init__(self, paper: Paper, shown: str, now: Callable[[], datetime], place: Place) -> None:
        """Nothing is sent yet. ``shown`` is the token of the page that it was printed from."""
        self._paper: Paper | None = paper
        self._now = now
        self._sent: Sent | None = None
        self.shown = shown
        self.place = place
        self.printer = paper.wish.printer
        self.copies = paper.wish.copies
        self.state = "sending"
        self.sheets = self.done = 0
        self.trouble: Finding | None = None
        self.problem: HandoutsError | None = None
        self.begun, self.ended = now(), now()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be heard of it."""
        return self.state not in ("sending", "printing")

    def start(self, at_end: Callable[[Job], None]) -> None:
        """Send it, in the background; ``at_end`` is called once it is on paper."""
        threading.Thread(target=self._run, args=(at_end,), daemon=True).start()

    def stop(self) -> None:
        """Ask the printer to drop it. Raises PrintError."""
        if self._sent is not None and not self.is_over:
            cancel(self._sent)

    def _run(self, at_end: Callable[[Job], None]) -> None:
        try:
            self._send()
        except TakesNoPdf as problem:
            self._end("no-pdf", problem)
        except HandoutsError as problem:
            self._end("failed", problem)
        except Exception as problem:  # a thread's last words would be lost
            name = type(problem).__name__
            self._end("failed", HandoutsError(f"A mistake in this program: {name}."))
        else:
            self._follow(at_end)
        self._paper = None  # nobody's values stay longer than they are needed

    def _send(self) -> None:
        paper = self._paper
        if paper is None:
            return
        printer = find(paper.wish.printer)
        self.printer = printer.name
        job = planned(printer, paper)
        self.sheets = job.sheets
        demand_fit(printer, job)
        self._sent = send(printer, job, paper.gate())
        self.state = "printing"

    def _follow(self, at_end: Callable[[Job], None]) -> None:
        if self._sent is None:
            return
        try:
            wait(self._sent, self._tell, on_step=self._step)
        except HandoutsError as problem:
            self._end("unsure", problem)
        except Exception:
            self._end("unsure", None)
        else:
            self.done = self.sheets
            self._end("printed", None)
            at_end(self)

    def _tell(self, trouble: Finding) -> None:
        self.trouble = trouble

    def _step(self, sent: Sent) -> None:
        if sent.sheets > self.done:
            self.trouble = None
        self.done = min(sent.sheets, self.sheets)

    def _end(self, state: str, problem: HandoutsError | None) -> None:
        self.problem, self.ended = problem, self._now()
        self.trouble = None
        self.state = state
