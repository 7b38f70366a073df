"""Pages for a letter: it is dropped here, a handout goes behind it, and both are saved or printed.

The letter's name stays in the browser.
"""

from __future__ import annotations

from collections.abc import Container
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, abort, redirect, request, url_for
from msgspec import Struct
from msgspec.structs import replace
from werkzeug.wrappers import Response as AnyResponse

from handouts.attach.options import Limits
from handouts.desk import letter_offers, one_handout, onto_paper
from handouts.desk.form_data import choices_of, values_of, wish_of
from handouts.desk.guarding import desk, in_turn, visitor
from handouts.desk.letter_cases import Case, lines, settled, shown_pages
from handouts.desk.memory import new_token
from handouts.desk.print_runs import Job, Place, Progress
from handouts.desk.shared import page, pdf, remembered, row_of, station, view
from handouts.desk.shown_sheets import USUAL, Choices, Shown, is_withdrawn
from handouts.errors import PrintError

pages = Blueprint("attaching", __name__)

_MEGABYTES: Final = Limits().size // 1_000_000


class _Reading(Struct, frozen=True):
    """Kept while a letter is read: whoever forgets the letters forgets it, too."""


# --- The letter -----------------------------------------------------------------------------


@pages.get("/attach")
@in_turn
def start() -> str | AnyResponse:
    """Where a letter is dropped; the letter itself, if one was."""
    from_token = request.args.get("d", "")
    known = desk().memory.newest(visitor().id, Case)
    if known and not request.args:
        return redirect(url_for("attaching.case_page", token=known[0]), HTTPStatus.SEE_OTHER)
    chosen = desk().memory.get(visitor().id, from_token, Shown)
    empty = _begun(b"", chosen)
    if chosen and not chosen.home and "next" in request.args:
        empty = replace(empty, choices=chosen.choices)
    if chosen is None and request.args.get("condition"):
        empty = letter_offers.as_asked(empty)
    token = from_token if chosen else ""
    return _shown("", empty, d=token, told=_told())


@pages.post("/attach")
@in_turn
def take() -> AnyResponse:
    """A letter, with the handout from whose page it was chosen; or that handout alone, first."""
    owner, form = visitor().id, request.form
    file = request.files.get("letter")
    letter = file.stream.read() if file else b""
    before, old = _current(form["case"]) if form.get("case") else ("", None)
    token, chosen = form.get("d", ""), desk().memory.get(owner, form.get("d", ""), Shown)
    if chosen is None and "sheet" not in form and form.get("condition"):
        choices, now = choices_of(form, view(), remembered()), remembered()
        chosen = one_handout.made(choices, values_of(form), wish_of(form, now))
        token = one_handout.keep(chosen)
    if not letter and not (file and file.filename):  # an empty file is a letter, to be refused
        return _without_letter(before, token if chosen else "")
    reading = desk().memory.keep(owner, _Reading())
    case = None
    if old:  # another letter: what was printed was the one before it
        case = replace(old, letter=letter, alone=False, envelope=False, key=new_token())
    case = case or replace(_begun(letter, chosen), origin=token if chosen else "")
    if "sheet" in form and case.packet is None:
        case = letter_offers.as_asked(case)
    case = settled(desk(), view(), case, form.get("password") or None)
    if desk().memory.get(owner, reading, _Reading) is None:  # a search: it is forgotten, too
        return redirect(url_for("attaching.start"), HTTPStatus.SEE_OTHER)
    desk().memory.drop(owner, reading)
    # Only now: where others are at work, the one before stays.
    _forget_letters(but=onto_paper.on_the_way())
    return _to(desk().memory.keep(owner, case, case.size))


def _current(token: str) -> tuple[str, Case | None]:
    """The letter of that token, or the one that took its place while this press waited."""
    memory, owner = desk().memory, visitor().id
    if known := memory.get(owner, token, Case):
        return token, known
    return memory.newest(owner, Case) or ("", None)


def _forget_letters(but: Container[str] = ()) -> None:
    """A desk has one letter: no other one comes back by itself."""
    memory, owner = desk().memory, visitor().id
    for token in memory.tokens(owner, Case):
        if token not in but:
            memory.drop(owner, token)


def _without_letter(case: str, token: str) -> AnyResponse:
    if case:
        return _to(case, missing="yes")
    given: dict[str, Any] = {"d": token} if token else {}
    if "letter" in request.files:  # the form was sent, and no file was chosen
        given["missing"] = "yes"
        asked = ("condition", "lang", "sheet") if not token else ()
        given |= {key: request.form[key] for key in asked if key in request.form}
    return redirect(url_for("attaching.start", **given), HTTPStatus.SEE_OTHER)


def _begun(letter: bytes, chosen: Shown | None) -> Case:
    """A case as it begins: the doctor's sheet, unless another one was chosen with care."""
    wish = replace(wish_of({}, remembered()), printer="")
    if chosen is None:
        return Case(letter, None, None, {}, wish, new_token())
    if chosen.home:
        return Case(letter, None, None, {}, wish, new_token(), packet=chosen.sheet)
    choices, doctors = chosen.choices, letter_offers.doctors()
    usual = not (chosen.typed or choices.long or choices.without)
    if usual and choices.layout in (USUAL, *doctors) and doctors:
        choices = _for_doctor(choices, doctors[0])
    return Case(letter, choices, chosen.choices, chosen.typed, wish, new_token())


def _for_doctor(choices: Choices, layout: str) -> Choices:
    """The doctor's sheet of the same handout, whole."""
    return replace(choices, layout=layout, long=False, without=())


# --- What goes behind it ----------------------------------------------------------------------


@pages.get("/a/<token>")
@in_turn
def case_page(token: str) -> str | AnyResponse:
    """The letter, what its reader will notice, and the result."""
    now, case = _pressed(token)
    if now != token:
        return _to(now, instead_of=token)
    case = _in_force(token, case)
    return _shown(token, case, told=_told())


def _in_force(token: str, case: Case) -> Case:
    """The case; anew where its words were withdrawn since."""
    if _is_withdrawn(case):
        case = settled(desk(), view(), replace(case, key=new_token()))
        desk().memory.change(visitor().id, token, case, case.size)
    return case


def _is_withdrawn(case: Case) -> bool:
    carried = () if desk().rules.allow_draft else case.carried
    return case.outcome is not None and is_withdrawn(view(), case.made_here, carried)


@pages.post("/a/<token>")
@in_turn
def choose(token: str) -> AnyResponse:
    """Another handout, the letter inside it, without earlier versions, or with its password."""
    now, case = _pressed(token)
    form = request.form
    if "sheet" in form and case.packet is None:
        case = letter_offers.as_asked(case)
    case = replace(
        case,
        envelope=form.get("envelope", "yes" if case.envelope else "") == "yes",
        alone=form.get("alone", "yes" if case.alone else "") == "yes",
        key=new_token(),
    )
    case = settled(desk(), view(), case, form.get("password") or None)
    desk().memory.change(visitor().id, now, case, case.size)
    return _to(now, instead_of=token)


def _case(token: str) -> Case:
    found = desk().memory.get(visitor().id, token, Case)
    if found is None:
        abort(HTTPStatus.FORBIDDEN)
    return found


def _pressed(token: str) -> tuple[str, Case]:
    """The letter that a press is about."""
    token, case = _current(token)
    if case is None:
        abort(HTTPStatus.FORBIDDEN)
    return token, case


def _to(token: str, instead_of: str = "", **told: Any) -> AnyResponse:
    """The letter's page. One that took the place of another says so: a tab may show that one
    still. ``told``: see ``_told``."""
    if instead_of not in ("", token):
        told["instead"] = "yes"
    return redirect(url_for("attaching.case_page", token=token, **told), HTTPStatus.SEE_OTHER)


def _told() -> str:
    """What is said first of what the press before came to: a key of words."""
    said = {"missing": "l.missing", "instead": "l.instead"}
    return next((said[one] for one in said if one in request.args), "")


def _shown(
    token: str,
    case: Case,
    *,
    d: str = "",
    told: str = "",
    run: tuple[Progress, str] | None = None,
) -> str:
    at = station(case.wish.printer)
    known = d or case.origin
    plan = onto_paper.plan(at, onto_paper.letter_of(case, at))
    may_try = plan.unfit is None or isinstance(plan.unfit, PrintError)  # paper may be put in
    return page(
        "letter",
        token=token,
        case=case,
        d=d,
        origin=known if desk().memory.get(visitor().id, known, Shown) else "",
        offer=letter_offers.offer(case),
        rows=letter_offers.chosen_rows(case),
        lines=lines(case),
        numbers=list(shown_pages(case)) if case.outcome else [],
        at=at,
        plan=plan.job,
        unfit=plan.unfit,
        by_hand=plan.by_hand,
        may_print=at is not None and case.is_printable and may_try,
        told=told,
        not_there=letter_offers.not_there(case),
        stays=row_of(case.choices) if case.choices and "next" in request.args else None,
        most=_MEGABYTES,
        file_name=onto_paper.LETTER,
        job=run[0] if run else None,
        job_token=run[1] if run else "",
    )


# --- The result -------------------------------------------------------------------------------


@pages.get("/a/<token>/page/<int:number>.png")
def picture(token: str, number: int) -> AnyResponse:
    """A page of the result, or the letter's first one."""
    found = _case(token).pictures.get(number)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return Response(found, mimetype="image/png")


@pages.get("/a/<token>/file.pdf")
@in_turn
def file(token: str) -> AnyResponse:
    """The result. Its name says nothing of the letter. Raises HandoutsError where no approval can
    be asked."""
    view().demand_read()
    case = _case(token)
    if case.outcome is None:
        abort(HTTPStatus.NOT_FOUND)
    # Pages that say “approved” are given out by no address, and no others than a tab shows.
    if _is_withdrawn(case) or request.args.get("key", case.key) != case.key:
        return _to(token)
    return pdf(case.outcome.data, onto_paper.LETTER)


@pages.post("/a/<token>/sheet")
@in_turn
def sheet_alone(token: str) -> AnyResponse:
    """The handout by itself, on its own page, to be printed or saved there."""
    case = _case(token)
    if case.packet is not None:
        return redirect(url_for("packing.packet"), HTTPStatus.SEE_OTHER)
    if case.choices is None:
        return _to(token)
    shown = one_handout.made(case.choices, case.typed, case.wish)
    kept = one_handout.keep(shown)
    return redirect(url_for("choosing.shown_page", token=kept), HTTPStatus.SEE_OTHER)


@pages.post("/a/<token>/next")
@in_turn
def next_letter(token: str) -> AnyResponse:
    """The letter is forgotten, with what was typed for its patient; what was chosen to go behind
    it stays so for the next one."""
    _, case = _pressed(token)
    given = dict[str, Any](next="yes")  # an empty page, whatever is remembered
    if case.choices and row_of(case.choices):
        given["d"] = one_handout.keep(one_handout.made(case.choices, {}, case.wish))
    elif case.packet and not case.packet.is_personal:
        home = url_for("packing.packet")
        shown = Shown(Choices("", ""), {}, case.wish, case.packet, new_token(), home=home)
        given["d"] = one_handout.keep(shown)
    _forget_letters()
    return redirect(url_for("attaching.start", **given), HTTPStatus.SEE_OTHER)


@pages.post("/a/<token>/print")
@in_turn
def print_letter(token: str) -> AnyResponse:
    """Print the result, if it is what was shown."""
    case = _case(token)
    at = station(case.wish.printer)
    paper = onto_paper.letter_of(case, at) if at else None
    if at is None or paper is None or request.form.get("key") != case.key:
        return _to(token)
    gone = onto_paper.elsewhere(request.form.get("printer", ""), at)
    desk().memory.change(visitor().id, token, replace(case, gone=gone), case.size)
    if gone:
        return _to(token)
    printed = (case.choices,) if case.choices else ()
    return onto_paper.begin(paper, token, case.key, _PLACE, printed)


@in_turn
def _job_shown(job: Job, token: str) -> str:
    case = _case(job.shown)
    if not _is_of(job, case):  # it is another one by now
        return _shown(job.shown, _in_force(job.shown, case))
    progress = job.progress
    if progress.is_over and progress.state != "printed":  # what failed may be printed again
        case = replace(case, key=new_token())
        desk().memory.change(visitor().id, job.shown, case, case.size)
        case = _in_force(job.shown, case)
    return _shown(job.shown, case, run=(progress, token))


def _is_of(job: Job, case: Case) -> bool:
    return case.outcome is not None and sha256(case.outcome.data).digest() == job.digest


@in_turn
def _again(job: Job, last: bool) -> str:
    case = _case(job.shown)
    case = replace(case, key=new_token(), wish=onto_paper.once_more(case.wish, last=last))
    desk().memory.change(visitor().id, job.shown, case, case.size)
    return url_for("attaching.case_page", token=job.shown)


_PLACE: Final = Place(_job_shown, _again)
