"""What there is to find: every condition in every language with its approval, every layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.compose import standing
from handouts.compose.values import label_status
from handouts.errors import ContentError, Finding, HandoutsError
from handouts.finding.matching import Index, Text, folded
from handouts.layout import load_layout
from handouts.library import Library
from handouts.library.frozen import FrozenWords
from handouts.library.load import read_library
from handouts.library.records import Record, in_force
from handouts.library.schema import Codes
from handouts.library.search_words import SearchWords, read_search_words
from handouts.model import Label, Status
from handouts.workspace import Workspace

State = Literal["approved", "draft", "overdue", "withdrawn", "broken"]

#: How much a word says that stands in a name, a title, another name, a part of the body, in what
#: patients say.
_NAME, _TITLE, _ALSO, _PART, _SAYS = 10.0, 6.0, 9.0, 8.0, 5.0


class LayoutRow(Struct, frozen=True):
    """A layout that loads; ``title`` by language. ``is_personal``: a patient's values have a place
    on it, as they have none on a wall, beside a second language, or in a colleague's hands.
    ``folds``: its sheet is folded, as that of a leaflet is."""

    name: str
    title: Mapping[str, str]
    for_physician: bool
    has_long: bool
    folds: bool
    is_personal: bool


class Row(Struct, frozen=True):
    """A condition in one language.

    ``by``, ``since`` and ``until``: who decided, the first and the last day of what was decided.
    ``newer``: other words wait. ``why`` says what waits, was withdrawn or is broken. The names and
    codes are those of the approved words, where there are any. ``also`` are other names, ``says``
    what patients say.
    """

    condition: str
    lang: str
    short_name: str
    title: str
    body_part: str
    state: State
    by: str = ""
    since: date | None = None
    until: date | None = None
    newer: bool = False
    on_label: bool = False
    codes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    why: str = ""


class Choosing(Struct, frozen=True):
    """Words that choose a language or a layout, those that say nothing, and those ``apart``; each
    as it is compared (``matching.folded``), and phrases word by word."""

    languages: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    layouts: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()


class Catalogue(Struct, frozen=True, dict=True):
    """What can be found. ``languages``: each by its own name. ``elsewhere``: codes of conditions
    that are not among the rows, so that no code seems to be for one handout alone."""

    as_of: date
    rows: tuple[Row, ...]
    layouts: tuple[LayoutRow, ...]
    languages: Mapping[str, str]
    default_lang: str
    codes: Codes = Codes()
    choosing: Choosing = Choosing()
    elsewhere: tuple[str, ...] = ()

    def row(self, condition: str, lang: str) -> Row | None:
        """The condition in a language, if it is written in it."""
        return self._rows.get((condition, lang))

    def body_parts(self, lang: str) -> tuple[str, ...]:
        """The parts of the body that there are handouts for, in the language's words, sorted."""
        return tuple(sorted({row.body_part for row in self.rows if row.lang == lang} - {""}))

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """All conditions, sorted."""
        return tuple(sorted({row.condition for row in self.rows}))

    @cached_property
    def index(self) -> Index:
        """All texts, by their words."""
        return Index(tuple(text for row in self.rows for text in _texts(row)), self.choosing.apart)

    @cached_property
    def _rows(self) -> dict[tuple[str, str], Row]:
        return {(row.condition, row.lang): row for row in self.rows}


def _texts(row: Row) -> Iterator[Text]:
    yield Text(row.condition, "name", row.lang, row.short_name, _NAME)
    yield Text(row.condition, "part", row.lang, row.body_part, _PART)
    for text in row.also:
        yield Text(row.condition, "also", row.lang, text, _ALSO)
    yield Text(row.condition, "name", row.lang, row.title, _TITLE)
    for text in row.says:
        yield Text(row.condition, "says", row.lang, text, _SAYS)


def read_catalogue(workspace: Workspace, as_of: date) -> Catalogue:
    """All that there is on a day. A mistake in one file never hides what others say: what cannot
    be printed for it is ``broken``. Raises WorkspaceError for files that must not be read.
    """
    rows: list[Row] = []
    words: dict[str, SearchWords] = {}
    libraries: dict[str, Library] = {}
    for lang in workspace.languages:
        libraries[lang], unread = read_library(workspace, lang)
        words[lang], _ = read_search_words(workspace, lang)
        rows += _rows(libraries[lang], unread, words[lang], as_of)
    layouts = tuple(_layouts(workspace))
    first = next(iter(libraries.values()))
    return Catalogue(
        as_of,
        tuple(rows),
        layouts,
        {lang: one.interface.get("language_name", lang) for lang, one in libraries.items()},
        workspace.default_lang,
        first.codes,
        _choosing(words, libraries, layouts),
    )


def _layouts(workspace: Workspace) -> Iterator[LayoutRow]:
    for name in workspace.names("layouts"):
        with suppress(HandoutsError):
            one = load_layout(workspace, name)
            settings, facts = one.settings, one.facts
            is_physicians = facts.audience == "physician"
            has_long = settings.kind in ("patient", "large-print") and not settings.pages
            is_personal = not (is_physicians or facts.bilingual or settings.kind == "poster")
            folds = any(master.folded for master in settings.masters.values())
            yield LayoutRow(name, settings.title, is_physicians, has_long, folds, is_personal)


def _choosing(
    words: Mapping[str, SearchWords],
    libraries: Mapping[str, Library],
    layouts: tuple[LayoutRow, ...],
) -> Choosing:
    """The files' words, the languages' own names, the layouts' titles."""
    languages = [(one.interface.get("language_name", ""), lang) for lang, one in libraries.items()]
    titles = [(title, one.name) for one in layouts for title in one.title.values()]
    known = {one.name for one in layouts}
    for one in words.values():
        languages += _phrases(one.languages, libraries)
        titles += _phrases(one.layouts, known)
    return Choosing(
        {key: lang for said, lang in languages if (key := _key(said))},
        {key: name for said, name in titles if (key := _key(said))},
        frozenset(word for one in words.values() for said in one.ignore for word in _key(said)),
        frozenset(word for one in words.values() for said in one.apart for word in _key(said)),
    )


def _phrases(
    table: Mapping[str, tuple[str, ...]], known: Mapping[str, object] | set[str]
) -> Iterator[tuple[str, str]]:
    return ((said, name) for name, phrases in table.items() if name in known for said in phrases)


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(word for word, *_ in folded(phrase))


# --- Rows ---------------------------------------------------------------------------------


def _rows(
    library: Library, unread: tuple[Finding, ...], words: SearchWords, as_of: date
) -> Iterator[Row]:
    """The conditions that are written in the library's language, or that cannot be read."""
    for name in library.workspace.names("content/conditions"):
        facts = library.conditions.get(name)
        try:
            row = _row(library, name, unread, as_of)
        except HandoutsError as problem:
            row = _named(library, name, "broken", str(problem.findings[0]))
        if row.title:
            also = (*words.also.get(name, ()), *row.also, *(facts.also if facts else ()))
            once = {_key(one): one for one in reversed(also)}  # the first way to write it
            yield replace(row, also=tuple(once.values())[::-1], says=words.says.get(name, ()))


def _row(library: Library, name: str, unread: tuple[Finding, ...], as_of: date) -> Row:
    """A condition as it stands, by what was decided of it. Raises errors as ``standing``."""
    holds = in_force(library.workspace, name, library.lang, as_of).holds
    if holds and holds.words:
        return _approved(library, name, holds, holds.words, as_of)
    if holds:
        why = f"{holds.by} took the approval back on {holds.on}."
        return replace(_named(library, name, "withdrawn", why), by=holds.by, since=holds.on)
    if unread:  # of whichever file: no draft is made from files with mistakes
        return _named(library, name, "broken", str(unread[0]))
    return _named(library, name, "draft")


def _approved(library: Library, name: str, record: Record, words: FrozenWords, as_of: date) -> Row:
    """A condition of which a clinician approved words, whether these still hold or not."""
    found = standing(library.workspace, name, library.lang, as_of)
    state: State = "withdrawn"
    if found.approval.status in (Status.APPROVED, Status.OVERDUE):
        library = found.library
        state = "approved" if found.approval.status is Status.APPROVED else "overdue"
    return replace(
        _named(library, name, state, " ".join(found.notes)),
        by=record.by,
        since=record.on,
        until=record.until,
        newer=state == "approved" and bool(found.notes),
        # A code leads to approved words only if they were approved for it.
        codes=words.facts.icd10,
        also=words.facts.also,
    )


def _named(library: Library, name: str, state: State, why: str = "") -> Row:
    """A row with the names that the library has; the condition's id where it has none."""
    facts = library.conditions.get(name)
    if facts is None:
        return Row(name, library.lang, name, name, "", state, why=why)
    on_label = False
    with suppress(ContentError):
        on_label = label_status(library, name).status is Label.ON
    title, short, part = map(library.words, (facts.title, facts.short_name, facts.body_part))
    row = Row(name, library.lang, short or title, title, part, state, on_label=on_label)
    return replace(row, codes=facts.icd10, why=why)
