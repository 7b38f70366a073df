"""Pages for one handout: what is chosen, what will be printed, and how the printing goes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, redirect, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from handouts.attach import guard
from handouts.desk import onto_paper, shown_sheets
from handouts.desk.form_data import choices_of, values_of, wish_of
from handouts.desk.guarding import desk, in_turn, visitor
from handouts.desk.memory import new_token
from handouts.desk.print_runs import Job, Paper, Place, Progress
from handouts.desk.remembered import Pick
from handouts.desk.shared import page, pdf, remember, remembered, row_or_gone, station, view
from handouts.desk.shown_sheets import Choices, Sheet, Shown, Wish
from handouts.desk.stations import Station
from handouts.errors import HandoutsError, LayoutError
from handouts.finding.catalogue import LayoutRow
from handouts.personal.entries import ENTRIES
from handouts.printing.sheets import on_sheets

pages = Blueprint("choosing", __name__)

_USUAL = (
    *("standard", "large-print", "one-page", "bilingual"),
    *("booklet", "trifold", "poster", "referral"),
)
#: The fields that somebody types into, each with a place for what is wrong with it.
TYPED: Final = tuple(key for key in ENTRIES if key != "side")
_WIDTHS = {"page": 720, "large": 1500}


# --- Choosing -----------------------------------------------------------------------------


@pages.get("/h/<condition>")
def chosen(condition: str) -> str:
    """A handout by its address: nothing of a patient is in it."""
    given = {**request.args.to_dict(), "condition": condition}
    choices = choices_of(given, view(), remembered())
    shown = made(choices, {}, wish_of({}, remembered()))
    return show(keep(shown), shown)


@pages.post("/d")
def choose() -> AnyResponse:
    """The pages of what was chosen and typed; they have an address while they are remembered."""
    shown = _asked()
    return _to(keep(shown))


@pages.get("/d/<token>")
def shown_page(token: str) -> str | AnyResponse:
    """The same again; made anew where its words were withdrawn, or it was refused: it may be
    approved or mended by now."""
    shown = recalled(token)
    if shown.home:
        return redirect(shown.home, HTTPStatus.SEE_OTHER)
    if _is_withdrawn(shown):
        return _to(keep(_made_anew(shown)))
    if shown.problem:
        shown = made(shown.choices, shown.typed, shown.wish, stale=shown.stale)
        desk().memory.change(visitor().id, token, shown, shown.size)
    return show(token, shown)


def _asked() -> Shown:
    """What the form of this request asks for; the desk remembers how it prints."""
    form, now = request.form, remembered()
    choices, typed, wish = choices_of(form, view(), now), values_of(form), wish_of(form, now)
    kept = {"printer": wish.printer, "sides": wish.sides, "paper": choices.paper}
    remember(lambda before: replace(before, **kept))
    return made(choices, typed, wish)


def made(choices: Choices, typed: Mapping[str, str], wish: Wish, *, stale: bool = False) -> Shown:
    """The pages, or why there are none. Raises Busy; aborts for a handout that is not there."""
    now = view()
    if now.catalogue.row(choices.condition, choices.lang) is None:
        abort(HTTPStatus.NOT_FOUND)
    shown = Shown(choices, typed, wish, None, new_token(), stale=stale)
    if wrong := shown_sheets.wrong_fields(typed, now):
        offered = shown_sheets.offered(desk().clinic, now, choices)
        return replace(shown, wrong=wrong, sections=offered)
    try:
        sheet = shown_sheets.make(desk().clinic, now, choices, typed)
    except HandoutsError as problem:
        offered = shown_sheets.offered(desk().clinic, now, choices)
        return replace(shown, problem=problem, sections=offered)
    return replace(shown, sheet=sheet, sections=sheet.sections)


def keep(shown: Shown) -> str:
    """Its token."""
    return desk().memory.keep(visitor().id, shown, shown.size)


def recalled(token: str) -> Shown:
    """What is shown under that address; aborts where it is forgotten."""
    found = desk().memory.get(visitor().id, token, Shown)
    if found is None:
        abort(HTTPStatus.FORBIDDEN)
    return found


def _is_withdrawn(shown: Shown) -> bool:
    sheet = shown.sheet
    return sheet is not None and shown_sheets.is_withdrawn(view(), sheet.piece.parts)


def _made_anew(shown: Shown) -> Shown:
    return made(shown.choices, shown.typed, shown.wish, stale=True)


def _to(token: str) -> AnyResponse:
    return redirect(url_for("choosing.shown_page", token=token), HTTPStatus.SEE_OTHER)


def show(token: str, shown: Shown, job: Progress | None = None, job_token: str = "") -> str:
    """The page of a handout, and of its printing."""
    now, wish = view(), shown.wish
    at = station(wish.printer)
    row = row_or_gone(shown.choices)
    sheet = shown.sheet
    objection = shown_sheets.objection(now, sheet.piece.parts) if sheet else ""
    plan = onto_paper.plan(at, _paper(sheet, wish, at) if sheet else None)
    choices = shown.choices
    layout = now.layout(choices.layout)
    layouts = sorted({one.name: one for one in (*now.layouts, layout)}.values(), key=_rank)
    return page(
        "chosen",
        token=token,
        shown=shown,
        typed_keys=TYPED,
        row=row,
        sheet=sheet,
        why_not="" if desk().rules.allow_draft else objection,
        is_draft=bool(objection),
        at=at,
        plan=plan.job,
        unfit=plan.unfit,
        by_hand=plan.by_hand,
        names_printed=onto_paper.names_on(sheet, wish, at) if sheet else (),
        layouts=layouts,
        layout=layout,
        is_favourite=Pick(choices.condition, choices.lang, choices.layout)
        in remembered().favourites,
        job=job,
        job_token=job_token,
    )


def _rank(layout: LayoutRow) -> tuple[int, str]:
    """The usual ones first, as they are asked for."""
    return _USUAL.index(layout.name) if layout.name in _USUAL else len(_USUAL), layout.name


def _paper(sheet: Sheet, wish: Wish, at: Station | None) -> Paper:
    return onto_paper.paper_of(sheet.piece.data, sheet.name, wish, at, sheet.piece.parts)


# --- Pages, file, text --------------------------------------------------------------------


@pages.get("/d/<token>/page/<int:number>.png")
def picture(token: str, number: int) -> AnyResponse:
    """A page as it will be printed."""
    sheet = _sheet(token)
    width = _WIDTHS.get(request.args.get("size", "page"), _WIDTHS["page"])
    data = sheet.piece.data
    known_as = "" if sheet.is_personal else hashlib.sha256(data).hexdigest()
    png = desk().pictures.page(data, number, width, known_as)
    return Response(png, mimetype="image/png")


@pages.get("/d/<token>/look/<int:number>")
def enlarged(token: str, number: int) -> str:
    """One page, large enough to read."""
    sheet = _sheet(token)
    if not 1 <= number <= sheet.piece.pages:
        abort(HTTPStatus.NOT_FOUND)
    return page("enlarged", token=token, sheet=sheet, number=number)


@pages.get("/d/<token>/file.pdf")
@in_turn
def file(token: str) -> AnyResponse:
    """The PDF itself, to look at or to save. Raises HandoutsError where no approval can be asked
    for."""
    sheet = _given_out(token)
    return pdf(sheet.piece.data, sheet.name)


@pages.get("/d/<token>/paper.pdf")
def for_paper(token: str) -> AnyResponse:
    """What is printed by hand: of a booklet its sheets, else the PDF itself. Raises as ``file``."""
    sheet = _given_out(token)
    data = sheet.piece.data
    with suppress(LayoutError):  # pages of several sizes
        data = on_sheets(data)
    return pdf(data, sheet.name if data is sheet.piece.data else f"{sheet.name}.sheets")


def _given_out(token: str) -> Sheet:
    view().demand_read()
    return _sheet(token)


@pages.get("/d/<token>/text")
def text(token: str) -> str:
    """The pages as a screen reader reads them."""
    sheet = _sheet(token)
    found = guard.transcribe(sheet.piece.data)
    return page("text", token=token, sheet=sheet, lines=found.lines)


def _sheet(token: str) -> Sheet:
    shown = recalled(token)
    if shown.sheet is None:
        abort(HTTPStatus.NOT_FOUND)
    if _is_withdrawn(shown):  # pages that say “approved” are given out by no address
        abort(_to(token))
    return shown.sheet


# --- Printing -----------------------------------------------------------------------------


@pages.post("/d/<token>/print")
def print_sheet(token: str) -> AnyResponse:
    """Print what is shown. Where the form says something else, that is shown first."""
    shown = recalled(token)
    asked = _wanted(shown)
    if asked is not None:
        return _to(keep(asked))
    sheet, wish = shown.sheet, wish_of(request.form, remembered())
    at = station(wish.printer)
    if sheet is None or at is None or request.form.get("key") != shown.key:
        return _to(token)
    if gone := onto_paper.elsewhere(wish.printer, at):
        return _to(keep(replace(shown, wish=replace(wish, printer=at.name), gone=gone)))
    desk().memory.change(visitor().id, token, replace(shown, wish=wish, gone=""), shown.size)
    paper = _paper(sheet, wish, at)
    return onto_paper.begin(paper, token, shown.key, _PLACE, (sheet.choices,))


def _wanted(shown: Shown) -> Shown | None:
    """What the form asks for, where it is not what is shown."""
    form = request.form
    choices, typed = choices_of(form, view(), remembered()), values_of(form)
    if shown.sheet is not None and (choices, typed) == (shown.choices, dict(shown.typed)):
        return None
    return made(choices, typed, wish_of(form, remembered()), stale=True)


def _job_shown(job: Job, token: str) -> str:
    progress, shown = job.progress, recalled(job.shown)
    if progress.is_over and progress.state != "printed":  # what failed may be printed again
        shown = _made_anew(shown) if _is_withdrawn(shown) else replace(shown, key=new_token())
        job.shown = keep(shown)
    return show(job.shown, shown, progress, token)


def _again(job: Job, last: bool) -> str:
    shown = recalled(job.shown)
    fresh = replace(shown, key=new_token(), wish=onto_paper.once_more(shown.wish, last=last))
    kept = keep(fresh)
    return url_for("choosing.shown_page", token=kept)


_PLACE: Final = Place(_job_shown, _again)
