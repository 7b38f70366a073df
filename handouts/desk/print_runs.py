"""Printing from the page: in the background, once, and followed to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from handouts.attach.options import Private
from handouts.attach.pieces import Gate
from handouts.desk.shown_sheets import Wish
from handouts.errors import ContentError, Finding, HandoutsError
from handouts.printing.ipp import Untold
from handouts.printing.jobs import PrintJob, Settings, Sides
from handouts.printing.printers import Printer
from handouts.printing.queues import find
from handouts.printing.sending import (
    Dropped,
    Sent,
    TakesNoPdf,
    cancel,
    demand_fit,
    prepare,
    prepare_letter,
    send,
    wait,
)
from handouts.printing.sheets import Pages, Sizes, measured, on_sheets, pages_of, parsed

_SIDES: Final = {"one": Sides.ONE, "": None}


class Paper(Private, frozen=True):
    """What is put on paper: its bytes, the name that a queue shows, how, and behind which gate.
    ``sizes`` of its pages, if some come from elsewhere: a child process has read them."""

    data: bytes
    name: str
    wish: Wish
    gate: Callable[[], Gate]
    label: str = ""  # what the printer is called here
    sizes: Sizes | None = None

    def pages(self) -> Pages:
        """Those that are printed; of a booklet its sheets. Raises LayoutError."""
        return measured(on_sheets(self.data)) if self.sizes is None else pages_of(self.sizes)

    def settings(self) -> Settings:
        """For the printer. Raises UsageError for pages that are none, LayoutError."""
        return settings_of(self.wish, self.data if self.sizes is None else None)


def settings_of(wish: Wish, ours: bytes | None) -> Settings:
    """For the printer; a booklet has two sides, and what has no page for the fridge is printed
    whole, whatever was chosen for another sheet. ``ours``: the file, if it is of this program
    alone. Raises UsageError for pages that are none, LayoutError."""
    known = measured(ours) if ours is not None and (wish.sides or wish.last_page) else None
    is_booklet = known is not None and known.booklet
    has_fridge = known is not None and known.fridge > 0 and not is_booklet
    return Settings(
        copies=wish.copies,
        sides=None if is_booklet else _SIDES.get(wish.sides),
        tray=wish.tray,
        grey=wish.grey,
        pages=parsed(wish.pages) if wish.pages and not wish.last_page else (),
        last_page=wish.last_page and has_fridge,
    )


def planned(printer: Printer, paper: Paper) -> PrintJob:
    """The job as it would be sent. Raises HandoutsError."""
    settings = paper.settings()
    if paper.sizes is None:
        return prepare(printer, paper.name, paper.data, settings)
    return prepare_letter(printer, paper.name, paper.data, settings, paper.sizes)


class Progress(Private, frozen=True):
    """How far a job is, at one moment.

    ``state`` is "sending", "printing", "printed", "unsure" (it may have printed), "failed"
    (nothing was printed), "dropped" (not to its end), or "no-pdf" (the printer takes none);
    ``troubles`` are what stops the printer now.
    """

    printer: str
    copies: int
    state: str = "sending"
    sheets: int = 0
    done: int = 0
    troubles: tuple[Finding, ...] = ()
    problem: HandoutsError | None = None
    ended: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be heard of it."""
        return self.state not in ("sending", "printing")

    @property
    def is_refused(self) -> bool:
        """Whether its words may not be given out any more."""
        return self.state == "failed" and isinstance(self.problem, ContentError)


class Place(Struct, frozen=True):
    """The page from which something is printed: what shows how far a job of it is, by the job's
    token, and the address at which it is printed again, or its last page alone."""

    show: Callable[[Job, str], str]
    again: Callable[[Job, bool], str]


class Job:
    """A job from its button to its end: a thread of its own writes ``progress``, pages read it.
    ``shown`` is the token of the page that it was printed from, ``digest`` that of its bytes."""

    def __init__(self, paper: Paper, shown: str, now: Callable[[], datetime], place: Place) -> None:
        """Nothing is sent yet, and nothing of ``paper`` is kept but how it is printed."""
        self._now = now
        self._lock = threading.Lock()
        self._sent: Sent | None = None
        self._is_unwanted = False
        self._not_dropped: tuple[Finding, ...] = ()
        self.shown = shown
        self.digest = sha256(paper.data).digest()
        self.place = place
        self.progress = Progress(paper.label or paper.wish.printer, paper.wish.copies)

    def start(self, paper: Paper, at_end: Callable[[Job], None]) -> None:
        """Send it, in the background; ``at_end`` is called once it is on paper. Nothing of its
        bytes is kept longer than that takes."""
        threading.Thread(target=self._run, args=([paper], at_end), daemon=True).start()

    def stop(self) -> None:
        """Ask the printer to drop it; one that has no number yet is dropped as soon as it has."""
        with self._lock:
            self._is_unwanted, sent = True, self._sent
        if sent is not None and not self.progress.is_over:
            self._drop(sent)

    def _drop(self, sent: Sent) -> None:
        try:
            cancel(sent)
        except HandoutsError as problem:
            self._not_dropped = tuple(problem.findings[:1])
            self.progress = replace(self.progress, troubles=self._not_dropped)

    def _run(self, papers: list[Paper], at_end: Callable[[Job], None]) -> None:
        try:
            sent = self._send(papers.pop())
        except TakesNoPdf as problem:
            self._end("no-pdf", problem)
        except Dropped as problem:
            self._end("dropped", problem)
        except Untold as problem:
            self._end("unsure", problem)
        except HandoutsError as problem:
            self._end("failed", problem)
        except Exception as problem:  # a thread's last words would be lost
            name = type(problem).__name__
            self._end("failed", HandoutsError(f"A mistake in this program: {name}."))
        else:
            self._follow(sent, at_end)

    def _send(self, paper: Paper) -> Sent:
        printer = find(paper.wish.printer)
        job = planned(printer, paper)
        self.progress = replace(self.progress, printer=printer.name, sheets=job.sheets)
        demand_fit(printer, job)
        sent = send(printer, job, paper.gate())
        self.progress = replace(self.progress, state="printing")
        with self._lock:
            self._sent, is_unwanted = sent, self._is_unwanted
        if is_unwanted:
            self._drop(sent)
        return sent

    def _follow(self, sent: Sent, at_end: Callable[[Job], None]) -> None:
        try:
            wait(sent, on_step=self._step)
        except Dropped as problem:
            self._end("dropped", problem)
        except HandoutsError as problem:
            self._end("unsure", problem)
        except Exception:
            self._end("unsure", None)
        else:
            self._end("printed", None)
            at_end(self)

    def _step(self, sent: Sent) -> None:
        done = min(sent.sheets, self.progress.sheets)
        troubles = (*sent.troubles, *self._not_dropped)
        self.progress = replace(self.progress, done=done, troubles=troubles)

    def _end(self, state: str, problem: HandoutsError | None) -> None:
        now, done = self.progress, self.progress.sheets if state == "printed" else 0
        self.progress = replace(
            now, state=state, problem=problem, troubles=(), done=done, ended=self._now()
        )
