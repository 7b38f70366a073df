"""Pages for a packet: handouts one behind the other, printed, saved or attached as one."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response

from handouts.desk import one_handout, onto_paper, shown_sheets
from handouts.desk.form_data import choices_of, values_of, wish_of
from handouts.desk.guarding import desk, in_turn, visitor
from handouts.desk.memory import new_token
from handouts.desk.packets import MOST, Gathered, Part, bound
from handouts.desk.print_runs import Job, Paper, Place, Progress
from handouts.desk.shared import page, remember, remembered, row_of, row_or_gone, station, view
from handouts.desk.shown_sheets import Choices, Sheet, Shown, Wish
from handouts.desk.stations import Station

pages = Blueprint("packing", __name__)


# --- The packet -----------------------------------------------------------------------------


@pages.get("/packet")
@in_turn
def packet() -> str:
    """The packet in its order, and its pages. What was refused is tried anew: it may be approved or
    mended by now."""
    gathered = _gathered()
    known = desk().memory.get(visitor().id, gathered.shown, Shown) if gathered else None
    if gathered and known and known.problem:
        _keep(gathered)
    return _shown()


@pages.post("/packet")
@in_turn
def change() -> Response:
    """Another order, one less, other words for the patient, or another way to print it."""
    form, gathered = request.form, _gathered()
    if gathered is None:
        return _home()
    asked = _asked(gathered)
    if form.get("key") == _pages(gathered).key:
        asked = _ordered(asked)
    kept = {"printer": asked.wish.printer, "sides": asked.wish.sides}
    remember(lambda before: replace(before, **kept))
    _keep(asked)
    return _home()


def _asked(gathered: Gathered) -> Gathered:
    """The packet, to be printed as the form says."""
    form, papers = request.form, ("letter", "a4")
    if form.get("paper") in papers:
        gathered = gathered.on_paper(form["paper"])
    gathered = gathered.for_patient(values_of(form, gathered.typed))
    if "alike" in form:
        gathered = gathered.alike()
    return replace(gathered, wish=wish_of(form, remembered()))


def _ordered(gathered: Gathered) -> Gathered:
    """The packet with one part moved up or taken out, if the form says so."""
    up, out = _place(request.form.get("up", "")), _place(request.form.get("remove", ""))
    gathered = gathered if up is None else gathered.moved_up(up)
    return gathered if out is None else gathered.without(out)


@pages.post("/packet/add")
@in_turn
def add() -> Response:
    """One handout as it is on its page, or some as they were found."""
    form, picks = request.form, request.form.getlist("pick")[:MOST]
    gathered = _gathered() or Gathered((), replace(wish_of({}, remembered()), printer=""))
    if not picks:
        choices, typed = choices_of(form, view(), remembered()), values_of(form)
        shown = one_handout.made(choices, typed, wish_of(form, remembered()))
        if shown.sheet is None:  # its page says what is wrong
            return _see(url_for("choosing.shown_page", token=one_handout.keep(shown)))
        gathered = gathered.with_part(Part(shown.choices, shown.typed))
    for choices in map(_picked, picks):
        if view().catalogue.row(choices.condition, choices.lang):
            gathered = gathered.with_part(Part(choices, {}))
    _keep(gathered)
    return _home()


def _picked(text: str) -> Choices:
    """A handout as a result names it: condition, language, layout."""
    condition, lang, layout = (*text.split(" ", 2), "", "")[:3]
    given = {"condition": condition, "lang": lang, "layout": layout}
    return choices_of(given, view(), remembered())


@pages.post("/packet/empty")
@in_turn
def empty() -> Response:
    """No packet any more."""
    if gathered := _gathered():
        _keep(replace(gathered, parts=()))
    return _see(url_for("finding.start"))


def _place(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 3 else None


def _gathered() -> Gathered | None:
    memory, owner = desk().memory, visitor().id
    found = memory.newest(owner, Gathered)
    return memory.get(owner, found[0], Gathered) if found else None


def _pages(gathered: Gathered) -> Shown:
    """The pages that are shown; made anew where they are forgotten, or the printer has other
    sides now. Raises Busy."""
    known = desk().memory.get(visitor().id, gathered.shown, Shown)
    if known is None or gathered.two_sided != _two_sided(gathered.wish):
        return _keep(gathered)
    if known.sheet and shown_sheets.is_withdrawn(view(), known.sheet.piece.parts):
        return _keep(gathered)
    return known


def _keep(gathered: Gathered) -> Shown:
    """The packet is this now: its pages are made, and those before are forgotten. Raises Busy."""
    memory, owner = desk().memory, visitor().id
    shown = Shown(Choices("", ""), {}, gathered.wish, None, new_token())
    if gathered.parts:
        gathered = replace(gathered, two_sided=_two_sided(gathered.wish))
        shown = bound(desk(), view(), gathered, url_for("packing.packet"))
    if found := memory.newest(owner, Gathered):
        memory.drop(owner, found[1].shown)
        memory.drop(owner, found[0])
    if gathered.parts:
        token = memory.keep(owner, shown, shown.size)
        memory.keep(owner, replace(gathered, shown=token))
    return shown


def _two_sided(wish: Wish) -> bool:
    """Whether each part begins on the front of a sheet."""
    at = station(wish.printer)
    prints_both = at is None or at.printer is None or at.printer.two_sided
    return prints_both and wish.sides != "one"


def _home() -> Response:
    return _see(url_for("packing.packet"))


def _see(address: str) -> Response:
    return redirect(address, HTTPStatus.SEE_OTHER)


# --- Its pages, and paper ---------------------------------------------------------------------


def _shown(job: Progress | None = None, job_token: str = "") -> str:
    gathered = _gathered()
    if gathered is None:
        return page("packet_empty")
    shown = _pages(gathered)
    gathered = _gathered() or gathered
    now, sheet, at = view(), shown.sheet, station(gathered.wish.printer)
    plan = onto_paper.plan(at, _paper(gathered, sheet, at) if sheet else None)
    layouts = {one.name: one for one in now.layouts}
    used = [layouts[one.choices.layout] for one in gathered.parts if one.choices.layout in layouts]
    rows = [row_of(one.choices) for one in gathered.parts]
    there = list(dict.fromkeys(row for row in rows if row))
    named = dict.fromkeys(row_or_gone(one.choices) for one in gathered.parts)
    objection = shown_sheets.objection(now, sheet.piece.parts) if sheet else ""
    return page(
        "packet",
        token=gathered.shown,
        gathered=gathered,
        shown=shown,
        sheet=sheet,
        choices=gathered.parts[0].choices,
        wish=gathered.wish,
        rows=rows,
        waiting=[one for one in there if one.state != "approved"],
        newer=[one for one in there if one.newer and one.state == "approved"],
        off_label=[one for one in named if not one.on_label],
        no_place=not any(one.is_personal for one in used),
        layouts=layouts,
        typed_keys=one_handout.TYPED,
        most=MOST,
        why_not="" if desk().rules.allow_draft else objection,
        is_draft=bool(objection),
        at=at,
        plan=plan.job,
        unfit=plan.unfit,
        by_hand=plan.by_hand,
        names_printed=onto_paper.names_on(sheet, gathered.wish, at) if sheet else (),
        job=job,
        job_token=job_token,
    )


@pages.post("/packet/print")
@in_turn
def print_packet() -> Response:
    """Print what is shown. What would have other pages now is shown first."""
    gathered = _gathered()
    if gathered is None:
        return _home()
    asked, at = _asked(gathered), station(request.form.get("printer", ""))
    shown = desk().memory.get(visitor().id, gathered.shown, Shown)
    same = (asked.parts, asked.typed) == (gathered.parts, gathered.typed)
    same = same and _two_sided(asked.wish) == gathered.two_sided
    if shown is None or shown.sheet is None or at is None or not same:
        _keep(asked)
        return _home()
    if request.form.get("key") != shown.key:
        return _home()
    if gone := onto_paper.elsewhere(asked.wish.printer, at):
        here = replace(asked, wish=replace(asked.wish, printer=at.name))
        _put(here, replace(shown, gone=gone))
        return _home()
    _put(asked, replace(shown, gone=""))
    printed: Iterable[Choices] = [one.choices for one in asked.parts]
    paper = _paper(asked, shown.sheet, at)
    return onto_paper.begin(paper, asked.shown, shown.key, _PLACE, printed)


def _paper(gathered: Gathered, sheet: Sheet, at: Station | None) -> Paper:
    piece = sheet.piece
    return onto_paper.paper_of(piece.data, sheet.name, gathered.wish, at, piece.parts)


@in_turn
def _job_shown(job: Job, token: str) -> str:
    gathered = _gathered()
    if gathered is None or gathered.shown != job.shown:  # the packet is another one by now
        return _shown()
    progress = job.progress
    has_failed = progress.is_over and progress.state != "printed"
    if has_failed:  # it may be printed again
        _put(gathered, replace(_pages(gathered), key=new_token()))
    shown = _shown(progress, token)
    if now := _gathered():  # withdrawn words were made anew
        job.shown = now.shown
    return shown


@in_turn
def _again(job: Job, last: bool) -> str:
    del job
    if gathered := _gathered():
        asked = replace(gathered, wish=onto_paper.once_more(gathered.wish, last=last))
        _put(asked, replace(_pages(gathered), key=new_token()))
    return url_for("packing.packet")


def _put(gathered: Gathered, shown: Shown) -> None:
    """The same pages stay, to be printed otherwise."""
    memory, owner = desk().memory, visitor().id
    if found := memory.newest(owner, Gathered):
        memory.change(owner, found[1].shown, shown, shown.size)
        memory.change(owner, found[0], replace(gathered, shown=found[1].shown))


_PLACE: Final = Place(_job_shown, _again)
