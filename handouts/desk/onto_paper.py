"""What a page shows goes onto paper: once, behind the gate of the moment, followed to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import Final

from flask import Blueprint, abort, redirect, request, url_for
from msgspec import Struct
from msgspec.structs import replace
from werkzeug.wrappers import Response

from handouts.attach.pieces import Gate
from handouts.attach.reading.xmp import PartStatus
from handouts.desk.guarding import desk, visitor
from handouts.desk.letter_cases import Case
from handouts.desk.print_runs import Job, Paper, Place, planned, settings_of
from handouts.desk.remembered import Pick, Remembered
from handouts.desk.shown_sheets import Choices, Sheet, Wish, gate_of
from handouts.desk.stations import Station
from handouts.errors import HandoutsError
from handouts.printing.by_hand import ByHand, by_hand
from handouts.printing.jobs import PrintJob
from handouts.printing.sending import demand_able, printed_pages

pages = Blueprint("printing", __name__)

#: What files and queues call a letter with its handout.
LETTER: Final = "letter-with-handout"


class Plan(Struct, frozen=True):
    """How it would come out. ``job``: of this printer, if it says that it can; ``unfit``: why it
    cannot, or what of the wish is no wish; ``by_hand``: from a viewer."""

    job: PrintJob | None = None
    unfit: HandoutsError | None = None
    by_hand: ByHand | None = None


def paper_of(
    data: bytes, name: str, wish: Wish, at: Station | None, made_here: tuple[PartStatus, ...]
) -> Paper:
    """What is printed, here or by hand. ``made_here``: the handouts within that this desk made."""
    printer, label = (at.name, at.label) if at else ("", "")
    return Paper(data, name, replace(wish, printer=printer), _gate(made_here), label)


def letter_of(case: Case, at: Station | None) -> Paper | None:
    """A letter with what goes behind it, if its pages are all of it and open without a password.
    The handouts that it had are of anywhere, and its bytes alone may not tell of them."""
    if case.outcome is None or not case.is_printable:
        return None
    paper = paper_of(case.outcome.data, LETTER, case.wish, at, case.made_here)
    return replace(paper, gate=_gate(case.made_here, case.carried), sizes=case.sizes)


def _gate(
    made_here: tuple[PartStatus, ...], carried: tuple[PartStatus, ...] = ()
) -> Callable[[], Gate]:
    """What is asked at the moment of printing, when the page may be an hour old. Its bytes are
    asked by ``sending``."""
    shared = desk()

    def gate() -> Gate:
        now = shared.clinic.view()
        now.demand_read()
        found = gate_of(now, allow_draft=shared.rules.allow_draft)
        found.demand(made_here, made_here=True)
        found.demand(carried)
        return found

    return gate


def elsewhere(asked: str, at: Station) -> str:
    """The printer that a button named, where it would come out at ``at``: that is shown first."""
    return asked if asked != at.name else ""


def plan(at: Station | None, paper: Paper | None) -> Plan:
    """How it comes out of this printer, by what that said last, and what is set where it does not:
    nothing of ``None``."""
    told, printer = None, at.printer if at else None
    try:
        if paper is None:
            return Plan()
        told = by_hand(paper.pages(), paper.settings())
        if printer is None:
            return Plan(by_hand=told)
        job = planned(printer, paper)
        demand_able(printer, job)
    except HandoutsError as problem:
        return Plan(unfit=problem, by_hand=told)
    return Plan(job, by_hand=told)


def names_on(sheet: Sheet, wish: Wish, at: Station | None) -> tuple[int, ...]:
    """The pages with the patient's name among those that are printed: whole sheets."""
    if not sheet.name_pages:
        return ()
    try:
        settings = settings_of(wish, sheet.piece.data)
        printed = printed_pages(at.printer if at else None, sheet.piece.data, settings)
    except HandoutsError:  # nothing is printed
        return ()
    return tuple(page for page in sheet.name_pages if page in printed)


def begin(paper: Paper, shown: str, key: str, place: Place, printed: Iterable[Choices]) -> Response:
    """Print, unless that key has printed; the desk remembers what was ``printed``."""
    job = Job(paper, shown, desk().clinic.now, place)
    token, is_new = desk().print_once(visitor().id, key, job)
    if is_new:
        shelf, name = desk().shelf, visitor().desk
        picks = [Pick(one.condition, one.lang, one.layout) for one in printed]

        def at_end(_: Job) -> None:
            for pick in picks:
                shelf.change(name, partial(Remembered.with_printed, pick=pick))

        job.start(paper, at_end)
    return redirect(url_for("printing.job_page", token=token), HTTPStatus.SEE_OTHER)


def on_the_way() -> frozenset[str]:
    """The tokens of what is being printed: its page says how far that is."""
    jobs = desk().memory.all_of(visitor().id, Job)
    return frozenset(one.shown for one in jobs if not one.progress.is_over)


@pages.get("/j/<token>")
def job_page(token: str) -> str:
    """How the printing goes, on the page from which it was printed."""
    job = _job(token)
    if job.progress.is_over or job.progress.troubles:
        desk().printers.ask_again()  # the head of the page says the same as the notice
    return job.place.show(job, token)


@pages.post("/j/<token>/stop")
def stop(token: str) -> Response:
    """Drop the job, if the printer still can."""
    _job(token).stop()
    return redirect(url_for("printing.job_page", token=token), HTTPStatus.SEE_OTHER)


@pages.post("/j/<token>/again")
def again(token: str) -> Response:
    """The same pages once more, to be looked at and printed by a key of their own."""
    job = _job(token)
    return redirect(job.place.again(job, request.form.get("last") == "yes"), HTTPStatus.SEE_OTHER)


def once_more(wish: Wish, *, last: bool) -> Wish:
    """The wish for printing again; ``last``: the last page alone, once."""
    return replace(wish, last_page=last, copies=1 if last else wish.copies)


def _job(token: str) -> Job:
    found = desk().memory.get(visitor().id, token, Job)
    if found is None:
        abort(HTTPStatus.FORBIDDEN)
    return found
