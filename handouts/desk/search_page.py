"""Pages for finding a handout: the start, the results, what this desk likes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from msgspec import Struct
from msgspec.structs import replace
from werkzeug.wrappers import Response

from handouts.attach.options import Private
from handouts.desk import onto_paper
from handouts.desk.guarding import desk, visitor
from handouts.desk.packets import Gathered
from handouts.desk.print_runs import Job
from handouts.desk.remembered import Pick
from handouts.desk.shared import (
    in_layout,
    known_printers,
    page,
    page_words,
    remember,
    remembered,
    view,
)
from handouts.desk.shown_sheets import USUAL
from handouts.desk.ui_words import LANGUAGES
from handouts.finding.catalogue import LayoutRow, Row
from handouts.finding.search import Found, Hit, Reason, search

pages = Blueprint("finding", __name__)

_LONGEST = 300
_PLACE = re.compile(r"/[!-\[\]-~]*")  # no backslash, nothing that steers


class Asked(Private, frozen=True):
    """The last search of a browser, for its way back."""

    text: str


class Card(Struct, frozen=True):
    """A result: the row that opens, in the language that was wanted, and the others of it."""

    row: Row
    others: tuple[Row, ...]
    layout: LayoutRow
    reasons: tuple[Reason, ...]


class Named(Struct, frozen=True):
    """A handout that the desk likes, or printed: None of what is no more."""

    pick: Pick
    row: Row
    language: str
    layout: LayoutRow


@pages.get("/")
def start() -> str:
    """Favourites, what was printed last, and where to type."""
    return _page("")


@pages.route("/find", methods=["GET", "POST"])
def find() -> str:
    """The results of what was typed, or of the last search again."""
    owner = visitor().id
    if request.method == "POST":
        text = request.form.get("q", "")[:_LONGEST].strip()
        _another(owner)
        if text:
            desk().memory.keep(owner, Asked(text))
        return _page(text)
    asked = desk().memory.latest(owner, Asked)
    return _page(asked.text if asked else "")


def _another(owner: str) -> None:
    """Another search is mostly another patient's: what was typed or dropped here for the last one
    is forgotten, or it might go to this one. Not a packet, nor what is on its way to paper."""
    desk().memory.forget(owner, (Gathered, Job), onto_paper.on_the_way())


def _page(text: str) -> str:
    catalogue, lang = view().catalogue, page_words().lang
    found = search(catalogue, text, lang) if text else None
    cards = list(_cards(found)) if found else []
    return page(
        "find",
        text=text,
        found=found,
        ready=[card for card in cards if card.row.state == "approved"],
        drafts=[card for card in cards if card.row.state != "approved"],
        near=[row for name in found.near if (row := _row(name))] if found else [],
        favourites=list(_named(remembered().favourites)),
        last=list(_named(remembered().last)),
        parts=catalogue.body_parts(lang),
        is_start=found is None,
    )


def _row(condition: str, lang: str = "") -> Row | None:
    """The handout in the language that was wanted, the page's, or the clinic's."""
    catalogue = view().catalogue
    for one in (lang, page_words().lang, catalogue.default_lang, *catalogue.languages):
        if one and (row := catalogue.row(condition, one)):
            return row
    return None


def _cards(found: Found) -> Iterator[Card]:
    catalogue = view().catalogue
    layout = view().layout(found.wanted.layout or USUAL)
    for hit in found.hits:
        row = _row(hit.condition, found.wanted.lang or catalogue.default_lang)
        if row is not None:
            row, *others = (in_layout(one, layout.name) for one in (row, *_others(hit, row)))
            yield Card(row, tuple(others), layout, hit.reasons)


def _others(hit: Hit, row: Row) -> Iterator[Row]:
    rows = (view().catalogue.row(hit.condition, lang) for lang in view().catalogue.languages)
    return (one for one in rows if one is not None and one.lang != row.lang)


def _named(picks: tuple[Pick, ...]) -> Iterator[Named]:
    catalogue = view().catalogue
    layouts = {one.name: one for one in view().layouts}
    for pick in picks:
        row = catalogue.row(pick.condition, pick.lang)
        if row is not None and pick.layout in layouts:
            language = catalogue.languages[pick.lang]
            layout = layouts[pick.layout]
            yield Named(pick, in_layout(row, layout.name), language, layout)


# --- What the desk remembers --------------------------------------------------------------


@pages.post("/favourite")
def favourite() -> Response:
    """Make a handout a favourite, or none any more."""
    form = request.form
    pick = Pick(form.get("condition", ""), form.get("lang", ""), form.get("layout", ""))
    if view().catalogue.row(pick.condition, pick.lang):
        remember(lambda before: before.with_favourite(pick))
    return _back()


@pages.post("/prefs")
def preferences() -> Response:
    """The page's language, the printer, the brand: what this desk keeps."""
    form, kept = request.form, dict[str, str]()
    if form.get("language") in LANGUAGES:
        kept["language"] = form["language"]
    if "printer" in form and known_printers().station(form["printer"]):
        kept["printer"] = form["printer"]
    if form.get("brand", "") in ("", *view().workspace.names("brands")) and "brand" in form:
        kept["brand"] = form["brand"]
    remember(lambda before: replace(before, **kept))
    return _back()


def _back() -> Response:
    """To the page that it was asked from, which is one of ours."""
    place = request.form.get("back", "")
    safe = _PLACE.fullmatch(place) and not place.startswith("//")
    return redirect(place if safe else url_for("finding.start"), HTTPStatus.SEE_OTHER)


@pages.get("/printer")
def printer() -> str:
    """How the printer is, for the head of the page."""
    return page("printer")


@pages.get("/help")
def help_page() -> str:
    """How the page is used."""
    return page("help")


@pages.post("/next")
def next_patient() -> Response:
    """Nothing of this patient stays."""
    desk().memory.end(visitor().id)
    return redirect(url_for("finding.start"), HTTPStatus.SEE_OTHER)
