"""The page's own words, by language: ``words/<lang>.toml``."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup, escape

from handouts.errors import Finding
from handouts.finding.catalogue import LayoutRow
from handouts.printing.by_hand import ByHand
from handouts.printing.jobs import Obstacle, Sides

#: The languages that the page speaks; handouts may have more.
LANGUAGES: Final = ("en", "es")
_SIDES: Final = {
    Sides.ONE: "sides.one.long",
    Sides.LONG: "byhand.long-edge",
    Sides.SHORT: "byhand.short-edge",
}


class Words:
    """The words of one language. A word may have slots, ``{printer}``, and two forms for numbers,
    ``key.one`` and ``key.many``, told apart by the slot ``n``."""

    def __init__(self, lang: str, words: dict[str, str]) -> None:
        """``words``: all of them, by their keys."""
        self.lang = lang
        self._words = words

    def __call__(self, key: str, **slots: object) -> str:
        """A word with its slots filled in: what fills them is text, never markup."""
        if "n" in slots and f"{key}.one" in self._words:
            key = f"{key}.{'one' if slots['n'] == 1 else 'many'}"
        return self._words[key].format(**slots)

    def rich(self, key: str, **slots: object) -> Markup:
        """The same, with ``*word*`` in bold."""
        parts = self(key, **slots).split("*")
        return Markup("").join(
            Markup("<strong>{}</strong>").format(part) if at % 2 else escape(part)
            for at, part in enumerate(parts)
        )

    def day(self, day: date) -> str:
        """A day, short."""
        month = self._words["months"].split()[day.month - 1]
        return self("day", day=day.day, month=month, year=day.year)

    def layout(self, layout: LayoutRow) -> str:
        """What a layout is called at the desk, else by its own title."""
        own = self._words.get(f"layout.{layout.name}")
        return own or layout.title.get(self.lang) or layout.name

    def finding(self, one: Finding) -> Markup:
        """A finding: of a printer in the page's words, any other in English."""
        if isinstance(one, Obstacle) and (key := f"obstacle.{one.key}") in self:
            return escape(self(key, **dict(one.slots)))
        return Markup('<span lang="en">{}</span>').format(str(one))

    def by_hand(self, told: ByHand, *, leaflet: bool = False) -> str:
        """What is set in a viewer, and what is done with the paper then."""
        settings = [self("byhand.size"), told.paper.name, self(_SIDES[told.sides])]
        if told.pages:
            settings.append(self("byhand.pages", pages=", ".join(map(str, told.pages))))
        if told.copies > 1:
            settings.append(self("byhand.copies", copies=told.copies))
        if told.tray:
            settings.append(self("byhand.tray", tray=told.tray))
        if told.grey:
            settings.append(self("how.grey").lower())
        said = [self("byhand", settings=", ".join(settings))]
        if told.folded:
            said.append(self("byhand.booklet"))
        elif leaflet and told.sides is not Sides.ONE:
            said.append(self("byhand.leaflet"))
        return " ".join(said)

    def __contains__(self, key: str) -> bool:
        return key in self._words


@cache
def words(lang: str) -> Words:
    """The words of ``lang``, else the English ones."""
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    text = files("handouts.desk").joinpath(f"words/{lang}.toml").read_text("utf-8")
    return Words(lang, tomllib.loads(text))
