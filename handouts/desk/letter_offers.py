"""What can go behind a letter, and what somebody asks for to go there."""

from __future__ import annotations

from flask import request
from msgspec import Struct
from msgspec.structs import replace

from handouts.desk.form_data import choices_of
from handouts.desk.guarding import desk
from handouts.desk.letter_cases import Case
from handouts.desk.shared import in_layout, remembered, row_of, row_or_gone, view
from handouts.desk.shown_sheets import USUAL
from handouts.finding.catalogue import LayoutRow, Row


class Offer(Struct, frozen=True):
    """What can go behind a letter: handouts, the languages of the chosen one, its sheets."""

    rows: tuple[Row, ...]
    languages: tuple[str, ...]
    layouts: tuple[LayoutRow, ...]


class NotThere(Struct, frozen=True):
    """A handout that may not be given out in the ``language`` that was asked for. ``state`` is that
    of its words, "" where it is not written in it; ``lang`` is the language of ``name``."""

    name: str
    lang: str
    language: str
    state: str


def doctors() -> tuple[str, ...]:
    """The sheets for a colleague."""
    return tuple(one.name for one in view().layouts if one.for_physician)


def as_asked(case: Case) -> Case:
    """The case with what the form or the address of this request asks for; as it was on its page
    where only the sheet is asked for again. In a language in which it may not be given out nothing
    is chosen: nobody asked for another one."""
    values = request.form if request.method == "POST" else request.args
    given = {key: values.get(key, "") for key in ("condition", "lang", "paper")}
    given["layout"] = values.get("sheet", "") or next(iter(doctors()), USUAL)
    asked, known = (
        choices_of(given, view(), remembered()),
        _languages(given["condition"], given["layout"]),
    )
    asked = replace(asked, lang=given["lang"] or next(iter(known), asked.lang))
    if asked.lang not in known:
        return replace(case, choices=None, unbound=asked if asked.condition else None)
    same = ("condition", "lang", "layout")
    if case.chosen and all(getattr(case.chosen, one) == getattr(asked, one) for one in same):
        asked = case.chosen
    return replace(case, choices=asked, unbound=None)


def offer(case: Case) -> Offer:
    """What the page of the letter offers."""
    choices, seen = case.choices or case.unbound, dict[str, Row]()
    for row in _rows():
        if row.condition not in seen or (choices and row.lang == choices.lang):
            seen[row.condition] = row
    known = (one.layout for one in (case.chosen, choices) if one)
    wanted = (*doctors(), USUAL, *known)
    return Offer(
        tuple(sorted(seen.values(), key=lambda one: one.short_name)),
        _languages(choices.condition, choices.layout) if choices else (),
        tuple(map(view().layout, dict.fromkeys(wanted))),
    )


def not_there(case: Case) -> NotThere | None:
    """What was asked for and is not bound, if there is such a thing."""
    asked, catalogue = case.unbound, view().catalogue
    if asked is None:
        return None
    row = row_of(asked)
    language = catalogue.languages.get(asked.lang, asked.lang)
    known = row or next((one for one in catalogue.rows if one.condition == asked.condition), None)
    name, lang = (known.short_name, known.lang) if known else (asked.condition, "")
    return NotThere(name, lang, language, row.state if row else "")


def chosen_rows(case: Case) -> list[Row]:
    """What goes behind the letter, as the clinic's files have it now."""
    chosen = case.packet.bound if case.packet else (case.choices,)
    return [row_or_gone(one) for one in chosen if one]


def _languages(condition: str, layout: str) -> tuple[str, ...]:
    """The languages in which a handout may be given out, the clinic's first."""
    return tuple(row.lang for row in _rows(layout) if row.condition == condition)


def _rows(layout: str = USUAL) -> list[Row]:
    catalogue, allow = view().catalogue, desk().rules.allow_draft
    fine = ("approved", "draft", "overdue") if allow else ("approved",)
    order = [catalogue.default_lang, *catalogue.languages]
    rows = (in_layout(one, layout) for one in catalogue.rows)
    return sorted((one for one in rows if one.state in fine), key=lambda one: order.index(one.lang))
