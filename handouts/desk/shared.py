"""What every page needs of its request: the view of the clinic, the desk's choices, the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, g, render_template, request
from msgspec.structs import replace

from handouts.desk.clinic import View
from handouts.desk.guarding import desk
from handouts.desk.packets import Gathered, Part
from handouts.desk.remembered import Remembered
from handouts.desk.shown_sheets import Choices
from handouts.desk.stations import Known, Station
from handouts.desk.ui_words import LANGUAGES, Words, words
from handouts.errors import UsageError
from handouts.finding.catalogue import Row
from handouts.two_languages import beside

#: Of which the page must speak, if either of two languages is so.
_GRAVEST = ("withdrawn", "broken", "overdue", "draft", "approved")


def view() -> View:
    """The clinic's files, the same for the whole request."""
    if "view" not in g:
        g.view = desk().clinic.view()
    found: View = g.view
    return found


def remembered() -> Remembered:
    """What is remembered of this desk."""
    if "remembered" not in g:
        g.remembered = desk().shelf.of(g.visitor.desk) if "visitor" in g else Remembered()
    found: Remembered = g.remembered
    return found


def remember(change: Callable[[Remembered], Remembered]) -> None:
    """Remember this desk as ``change`` makes it."""
    g.remembered = desk().shelf.change(g.visitor.desk, change)


def row_of(choices: Choices) -> Row | None:
    """What is known of a handout in its layout; None for a condition that is no more."""
    row = view().catalogue.row(choices.condition, choices.lang)
    return in_layout(row, choices.layout) if row else None


def row_or_gone(choices: Choices) -> Row:
    """What is known of a handout. Of a condition that is no more, whose pages are there and may be
    on their way, nothing is, nor that its use is an approved one."""
    name = choices.condition
    return row_of(choices) or Row(name, choices.lang, name, "", "", "broken")


def in_layout(row: Row, layout: str) -> Row:
    """``row`` as a layout has it: of two languages the graver state, until the earlier day."""
    try:
        lang = beside(view().workspace, layout, row.lang, None)
    except UsageError:  # its page says which there are
        return row
    if not lang:
        return row
    second = view().catalogue.row(row.condition, lang)
    if second is None:
        return replace(row, state="draft")
    of = min(row, second, key=lambda one: _GRAVEST.index(one.state))
    last = min(filter(None, (row.until, second.until)), default=None)
    until = last if of.state == "approved" else of.until
    newer = row.newer or second.newer
    return replace(row, state=of.state, why=of.why, until=until, newer=newer)


def page_words() -> Words:
    """The words of the language that this desk chose, else the browser's."""
    if "words" not in g:
        best = request.accept_languages.best_match(LANGUAGES)
        g.words = words(remembered().language or best or LANGUAGES[0])
    found: Words = g.words
    return found


def known_printers() -> Known:
    """The printers as they were heard last."""
    if "printers" not in g:
        g.printers = desk().printers.known(view().workspace.default_printer)
    found: Known = g.printers
    return found


def station(name: str = "") -> Station | None:
    """The printer of that name, else the desk's, else the usual one."""
    return known_printers().station(name or remembered().printer)


def in_packet() -> tuple[Part, ...]:
    """What this browser has put into its packet. To ask for it is no sign of life."""
    found = desk().memory.latest(g.visitor.id, Gathered)
    return found.parts if found else ()


def page(template: str, **values: Any) -> str:
    """A page with what all pages show: the clinic, the printer, how many parts a packet has."""
    return render_template(
        f"{template}.html",
        t=page_words(),
        view=view(),
        brand=view().brand,
        remembered=remembered(),
        printers=known_printers(),
        station=station(),
        csrf=g.visitor.csrf,
        rules=desk().rules,
        in_packet=in_packet(),
        **values,
    )


def pdf(data: bytes, name: str) -> Response:
    """A PDF to look at, or to save where the address says so. Its name is no person's."""
    answer = Response(data, mimetype="application/pdf")
    how = "attachment" if "save" in request.args else "inline"
    answer.headers["Content-Disposition"] = f'{how}; filename="{name}.pdf"'
    return answer
