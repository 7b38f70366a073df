"""What a form says, as data: nothing of it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from werkzeug.datastructures import MultiDict

from handouts.desk.clinic import View
from handouts.desk.remembered import Remembered
from handouts.desk.shown_sheets import USUAL, Choices, Wish
from handouts.personal.entries import ENTRIES

_MOST_COPIES: Final = 99
_PAPERS: Final = ("letter", "a4")
_LONGEST: Final = 2_000
_LONGEST_NAME: Final = 100


def choices_of(form: Mapping[str, str], view: View, desk: Remembered) -> Choices:
    """Which handout: what is unknown is taken as usual, but for a layout: that it is no more is
    said where its pages would be. A checked section stays in."""
    catalogue = view.catalogue
    lang = form.get("lang", "")
    layout = form.get("layout", "") or form.get("size", "")
    paper = form.get("paper", "") or desk.paper
    brands = view.workspace.names("brands")
    without: tuple[str, ...] = ()
    if isinstance(form, MultiDict):
        unchecked = {*form.getlist("offered")} - {*form.getlist("section")}
        without = tuple(sorted(unchecked | {*form.getlist("left-out")}))
    return Choices(
        condition=form.get("condition", ""),
        lang=lang if lang in catalogue.languages else catalogue.default_lang,
        layout=layout[:_LONGEST_NAME] or USUAL,
        long=form.get("length") == "long",
        without=without,
        paper=paper if paper in _PAPERS else view.workspace.default_paper,
        brand=desk.brand if desk.brand in brands else "",
    )


def values_of(form: Mapping[str, str], known: Mapping[str, str] = {}) -> dict[str, str]:
    """What was typed for the patient, by key; what is ``known`` where the form does not ask."""
    typed = {key: form.get(f"you-{key}", known.get(key, ""))[:_LONGEST] for key in ENTRIES}
    return {key: text for key, text in typed.items() if text.strip()}


def wish_of(form: Mapping[str, str], desk: Remembered) -> Wish:
    """How it is to be printed."""
    copies = form.get("copies", "1")
    number = int(copies) if copies.isdecimal() and copies.isascii() and len(copies) < 4 else 1
    sides = form.get("sides", desk.sides)
    return Wish(
        printer=form.get("printer", desk.printer),
        copies=min(max(number, 1), _MOST_COPIES),
        sides=sides if sides in ("one", "") else "",
        tray=form.get("tray", "")[:_LONGEST_NAME],
        grey=form.get("grey") == "yes",
        pages=form.get("pages", "").strip()[:40],
        last_page=form.get("last") == "yes",
    )
