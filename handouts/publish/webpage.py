"""The index page of a published folder: one HTML file that needs no server and nothing else."""

from __future__ import annotations

import base64
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, StrictUndefined
from msgspec import Struct, field

from handouts.finding.catalogue import Catalogue
from handouts.finding.palette import stylesheet
from handouts.library.brand.brand_file import Colours
from handouts.library.content_files import shipped_words
from handouts.model import Brand, Raster, Selection, Svg
from handouts.model.dates import spell_date
from handouts.publish.search_data import on_page, search_data
from handouts.seal import BLANK
from handouts.workspace import Workspace, builtin_root

TEMPLATE = "index.html.j2"
#: The languages that the page speaks, the one for all others first.
LANGUAGES = ("en", "es")
_SCRIPTS = ("search.js", "index.js")
_FONTS = (("AtkinsonPlainZero-Regular.ttf", 400), ("AtkinsonPlainZero-Bold.ttf", 700))
#: Pages of a booklet that are printed on one sheet.
_FOLDED = 4
#: What the script says, beside its fixed words.
_SPOKEN = (
    *("title", "handout", "handouts", "packet", "none", "near", "missed", "beside", "lacks"),
    *("also", "says", "part"),  # kinds of reasons
)


class Entry(Struct, frozen=True):
    """One PDF of the folder; its name and pages are known once it is built."""

    condition: str
    layout: str
    title: str
    short_name: str
    body_part: str
    lang: str
    language: str
    sizes: Mapping[str, str]  # the layout's title by language: Standard, Large print, …
    for_physician: bool
    on_label: bool
    duplex: bool
    sheet: str  # as layout.toml has it: half, whole-landscape, …
    approved: date
    until: date
    file: str = ""
    pages: int = 0

    @property
    def sheets(self) -> int:
        """Sheets of paper, printed on both sides where the layout is made for it."""
        if self.folds:
            return self.pages // _FOLDED
        return (self.pages + 1) // 2 if self.duplex else self.pages

    @property
    def folds(self) -> bool:
        """Whether two pages stand beside each other on each side of a sheet."""
        return self.sheet == "half" and self.pages % _FOLDED == 0

    @property
    def how(self) -> str:
        """The words about its printing, where it is another than that of most."""
        if self.folds:
            return "how_booklet"
        if not self.duplex:
            return "how_one_side"
        return "how_short" if self.sheet.endswith("-landscape") and self.pages > 1 else ""


class Card(Struct, frozen=True):
    """A condition: its PDFs by language, its names by language of the page."""

    condition: str
    names: Mapping[str, tuple[str, str]]  # each with the language that it is in
    parts: Mapping[str, tuple[str, str]]
    languages: tuple[tuple[Entry, ...], ...]

    @property
    def on_label(self) -> bool:
        """Whether the use is an approved one, whatever the language."""
        return all(one.on_label for entries in self.languages for one in entries)


class Part(Struct, frozen=True):
    """A part of the body, with the conditions there are handouts for."""

    names: Mapping[str, tuple[str, str]]
    cards: tuple[Card, ...]


class Look(Struct, frozen=True):
    """The clinic's: nothing of it where the brand cannot be read."""

    clinic: str = ""
    logo: str = ""  # as a data: address
    colours: Mapping[str, str] = field(default_factory=dict)


def look_of(brand: Brand | None) -> Look:
    """What the page shows of a brand."""
    if brand is None:
        return Look()
    logo = ""
    match brand.logo:
        case Svg(data=data):
            logo = _data_address("image/svg+xml", data)
        case Raster(data=data):
            is_png = data.startswith(b"\x89PNG")
            logo = _data_address("image/png" if is_png else "image/jpeg", data)
    return Look(brand.name, logo, brand.colours)


def index_page(
    workspace: Workspace, entries: tuple[Entry, ...], catalogue: Catalogue, look: Look
) -> str:
    """The page as HTML. It has a place for a seal.

    ``catalogue``: all that there is; what is searched in is what the ``entries`` are of.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    shown = on_page(catalogue, {(one.condition, one.lang) for one in entries})
    lang = workspace.default_lang.partition("-")[0]
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    style, script = _style(look.colours), "\n".join(map(_resource, _SCRIPTS))
    return environment.from_string(_resource(TEMPLATE)).render(
        lang=lang,
        policy=_policy(style, script),
        style=style,
        script=script,
        data=_json(_data(entries, shown)),
        wording=_wording(),
        languages=LANGUAGES,
        words=_words(workspace),
        sizes=_sizes,
        clinic=look.clinic,
        logo=look.logo,
        as_of=catalogue.as_of,
        until=min((one.until for one in entries), default=None),
        parts=_parts(entries, lang),
        blank=BLANK.decode(),
    )


def _parts(entries: Iterable[Entry], lang: str) -> list[Part]:
    """The conditions by part of the body, in the order of the page's language."""
    ordered = sorted(entries, key=lambda one: one.condition)
    cards = [_card(name, tuple(own)) for name, own in groupby(ordered, lambda one: one.condition)]
    cards.sort(key=lambda one: (one.parts[lang], one.names[lang]))
    grouped = groupby(cards, lambda one: one.parts[lang])
    return [Part((own := tuple(found))[0].parts, own) for _, found in grouped]


def _card(condition: str, entries: tuple[Entry, ...]) -> Card:
    """What patients get stands before what colleagues get."""
    ordered = sorted(entries, key=_place)
    known = {one.lang: one for one in ordered}
    spoken = {lang: known.get(lang, ordered[0]) for lang in LANGUAGES}
    return Card(
        condition,
        {lang: (one.short_name, one.lang) for lang, one in spoken.items()},
        {lang: (one.body_part, one.lang) for lang, one in spoken.items()},
        tuple(tuple(own) for _, own in groupby(ordered, lambda one: one.lang)),
    )


def _place(entry: Entry) -> tuple[str, bool, bool, str]:
    """The usual one before the others."""
    is_usual = entry.layout == Selection(entry.condition).layout
    return entry.lang, entry.for_physician, not is_usual, entry.sizes["en"]


# --- Words --------------------------------------------------------------------------------


@cache
def _wording() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_resource("wording.toml"))


def _words(workspace: Workspace) -> Callable[..., dict[str, tuple[str, str]]]:
    """Gives the words of a key in each language of the page; days are spelled out in it."""
    months = {lang: shipped_words(workspace, lang) for lang in LANGUAGES}

    def words(key: str, **filled: str | int | date) -> dict[str, tuple[str, str]]:
        said = {}
        for lang in LANGUAGES:
            values = {
                name: spell_date(value, months[lang]) if isinstance(value, date) else value
                for name, value in filled.items()
            }
            said[lang] = _wording()[lang][key].format(**values), lang
        return said

    return words


def _sizes(entry: Entry) -> dict[str, tuple[str, str]]:
    """The layout's title in each language of the page."""
    spoken = {lang: lang if lang in entry.sizes else LANGUAGES[0] for lang in LANGUAGES}
    return {lang: (entry.sizes[one], one) for lang, one in spoken.items()}


# --- What stands in the page ---------------------------------------------------------------


def _resource(name: str) -> str:
    return files("handouts.publish").joinpath(name).read_text("utf-8")


def _data(entries: Iterable[Entry], catalogue: Catalogue) -> dict[str, Any]:
    """What the script is given: the search, and its words."""
    sizes = {one.layout: one.sizes for one in entries}
    return {
        "search": search_data(catalogue),
        "say": {lang: {key: _wording()[lang][key] for key in _SPOKEN} for lang in LANGUAGES},
        "sizes": {
            lang: {name: title.get(lang, title["en"]) for name, title in sizes.items()}
            for lang in LANGUAGES
        },
        "languages": catalogue.languages,
    }


def _json(data: object) -> str:
    """JSON that ends no element of the page that it stands in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _style(brand: Mapping[str, str]) -> str:
    default = Colours()
    known = {name: getattr(default, name) for name in Colours.__struct_fields__}
    colours = stylesheet({**known, **{name: colour for name, colour in brand.items() if colour}})
    fonts = "".join(
        f'@font-face{{font-family:"Atkinson";font-weight:{weight};src:url({_font(name)})}}'
        for name, weight in _FONTS
    )
    return f"{fonts}\n{colours}\n{_resource('index.css')}"


@cache
def _font(name: str) -> str:
    return _data_address("font/ttf", (builtin_root("fonts") / name).read_bytes())


def _data_address(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, sent or run but what the page itself holds."""
    hashes = (base64.b64encode(sha256(one.encode()).digest()).decode() for one in (style, script))
    styles, scripts = (f"'sha256-{one}'" for one in hashes)
    return (
        f"default-src 'none'; style-src {styles}; script-src {scripts}; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
