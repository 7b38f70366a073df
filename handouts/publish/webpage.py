"""The index page of a published folder: one plain HTML file that needs no server and no script."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment, StrictUndefined
from msgspec import Struct

from handouts.seal import BLANK

TEMPLATE = "index.html.j2"


class Entry(Struct, frozen=True):
    """One PDF of the folder; its name and pages are known once it is built."""

    title: str
    body_part: str
    lang: str
    language: str
    size: str  # the layout's title: Standard, Large print, …
    for_physician: bool
    on_label: bool
    duplex: bool
    approved: date
    until: date
    file: str = ""
    pages: int = 0

    @property
    def sheets(self) -> int:
        """Sheets of paper, printed on both sides where the layout is made for it."""
        return (self.pages + 1) // 2 if self.duplex else self.pages


def index_page(entries: tuple[Entry, ...], as_of: date) -> str:
    """The page as HTML, with a table for each part of the body in each language.

    It has a place for a seal.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    template = files("handouts.publish").joinpath(TEMPLATE).read_text("utf-8")
    return environment.from_string(template).render(
        as_of=as_of,
        blank=BLANK.decode(),
        until=min((one.until for one in entries), default=None),
        parts=[(key, list(rows)) for key, rows in groupby(sorted(entries, key=_order), _part)],
    )


def _part(entry: Entry) -> tuple[str, str]:
    return entry.body_part, entry.lang


def _order(entry: Entry) -> tuple[str, str, str, bool, str]:
    return *_part(entry), entry.title, entry.for_physician, entry.size
