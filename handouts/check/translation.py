"""What a language lacks of the words that it translates, and what it has of older ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, Literal

from msgspec import Struct

from handouts.compose import approvable
from handouts.compose.values import AUDIENCES
from handouts.errors import ContentError, Finding, Source
from handouts.library import Library
from handouts.library.figure_files import FIGURES, figure_names
from handouts.library.schema import SOURCE, FrontMatter, OwnFront
from handouts.library.sections import read_front, read_own_words
from handouts.model.untranslated import UNTRANSLATED

State = Literal["missing", "not translated", "out of date", "not checked"]

#: The files of words that have a twin in each language.
_FILE = re.compile(
    rf"content/(?:sections/(?P<shared>[^/]+)|conditions/(?P<condition>[^/]+))/{SOURCE}"
    r"(?:/(?P<own>[^/]+))?\.md"
)
#: The gaps that other checks find where they are printed, and those that are no mistakes.
_SAID_ELSEWHERE: dict[State, tuple[str, ...]] = {
    "missing": ("section ", "condition ", "words ", "figure "),
    "not translated": ("section ", "words "),
    "out of date": ("",),
    "not checked": ("",),
}
#: Data that no handout prints.
_NOT_PRINTED = frozenset({"guard", "time", "result", "funding", "says_so"})


class Gap(Struct, frozen=True):
    """Words that are missing, or not what the source says now; ``condition``: whose alone they
    are. ``name`` is a section's, that of a passage, or a key of a data file."""

    name: str
    state: State
    finding: Finding
    condition: str = ""

    @property
    def is_of_pages(self) -> bool:
        """Whether it is a line of ``interface/<lang>.toml``, which each handout prints or says."""
        return self.name.startswith("word ")

    def is_within(self, names: Set[str]) -> bool:
        """Whether it is one of these, or a part of one: "text limit" has "text limit.text"."""
        parts = self.name.split(".")
        return any(".".join(parts[: end + 1]) in names for end in range(len(parts)))

    @property
    def is_mistake(self) -> bool:
        """Whether ``check`` finds it here, and not where it is printed."""
        elsewhere = self.name.startswith(_SAID_ELSEWHERE[self.state])
        return not (elsewhere or (self.state == "missing" and ".people." in self.name))


def gaps(library: Library) -> tuple[Gap, ...]:
    """What differs between the library's language and its source, by files; none for the source."""
    if library.lang == SOURCE or library.frozen is not None:
        return ()
    return tuple(_gaps(library, library.original))


def old_words(library: Library, condition: str, found: Iterable[Gap]) -> list[Finding]:
    """What handouts for ``condition`` say, and the source says in newer words."""
    printed = {
        f"section {name}"
        for audience in AUDIENCES
        for name in approvable(library, condition, audience)
    }
    return [
        one.finding
        for one in found
        if one.state == "out of date"
        and (one.condition == condition or (not one.condition and one.name in printed))
    ]


def _gaps(library: Library, source: Library) -> Iterator[Gap]:
    lang = library.lang
    written = {name for name, one in library.conditions.items() if library.words(one.title)}
    for name in sorted(source.conditions.keys() - written):
        where = library.source(f"conditions/{name}/condition.toml", "title")
        found = Finding(f"{name} is not written in language {lang}.", where, f"Add title.{lang}.")
        yield Gap(f"condition {name}", "missing", found, name)
    for name in library.workspace.files:
        match = _FILE.fullmatch(name)
        if match and (match["condition"] in written or match["shared"]):
            yield from _file(library, match, name, twin_of(name, lang))
    yield from _data(library, source, written)
    yield from _interface(library, source)
    yield from _terms(library, source)
    for figure in figure_names(library.workspace):
        yield from _figure(library, f"{FIGURES}/{figure}/{lang}.toml", f"figure {figure}")


def twin_of(name: str, lang: str) -> str:
    """The file in another language of the source's file of words ``name``; "" if it is none."""
    if not _FILE.fullmatch(name):
        return ""
    return re.sub(rf"/{SOURCE}(/[^/]+)?\.md$", rf"/{lang}\1.md", name)


def _file(library: Library, match: re.Match[str], name: str, twin: str) -> Iterator[Gap]:
    """What is wrong with the twin of the source's file ``name``."""
    files, condition = library.workspace.files, match["condition"] or ""
    section = match["shared"] or match["own"]
    what = f"section {section}" if section else f"words of {condition}"
    where = Source(library.workspace.shown(twin), 1)
    if twin not in files:
        message = f"{what} is not written in language {library.lang}."
        yield Gap(what, "missing", Finding(message, where, f"Translate {name}."), condition)
        return
    kind: type[FrontMatter] | type[OwnFront] = FrontMatter if section else OwnFront
    shown = library.workspace.shown
    try:
        own, body = read_front(files[twin].path, shown(twin), kind)
        theirs, _ = read_front(files[name].path, shown(name), kind)
        missing = () if section else _passages(library, name) - _passages(library, twin)
    except ContentError:
        return  # found where it is read
    if own.translates != theirs.version or (files[twin].builtin and not files[name].builtin):
        edited = own.translates == theirs.version
        since = "was edited here since" if edited else f"is {theirs.version} now"
        message = f"made from version “{own.translates}” of the {SOURCE} words, which {since}."
        remedy = f'Compare the two, then write translates = "{theirs.version}".'
        yield Gap(what, "out of date", Finding(message, where, remedy), condition)
    if not own.checked_by:
        message = "no qualified person has checked this translation."
        yield Gap(what, "not checked", Finding(message, where, "Fill in checked_by."), condition)
    if UNTRANSLATED in body:
        yield _untranslated(what, where, condition)
    for passage in sorted(missing):
        found = Finding(f"::: own {passage} is missing.", where, f"Translate that of {name}.")
        yield Gap(f"passage {passage}", "missing", found, condition)


def _passages(library: Library, name: str) -> Set[str]:
    """The names of the passages in a file of own words."""
    files, shown = library.workspace.files, library.workspace.shown(name)
    return read_own_words(files[name].path, shown).passages.keys()


def _data(library: Library, source: Library, written: set[str]) -> Iterator[Gap]:
    """Texts of the data files that lack the language."""
    for file in source.files:
        name = file.removeprefix("content/")
        condition = name.split("/")[1] if name.startswith("conditions/") else ""
        if condition and condition not in written:
            continue
        for path, texts in texts_in(source.files[file].data):
            place = ".".join(map(str, path))
            if not texts.get(library.lang):
                where = library.source(name, *path)
                message = f"{place} has no text in language {library.lang}."
                found = Finding(message, where, f"Add {library.lang}.")
                yield Gap(f"text {place}", "missing", found, condition)
            elif UNTRANSLATED in texts[library.lang]:
                where = library.source(name, *path, library.lang)
                yield _untranslated(f"text {place}", where, condition)


def texts_in(data: Any, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], dict[str, str]]]:
    """Each text that data have by language, and where it stands."""
    if isinstance(data, Mapping) and isinstance(data.get(SOURCE), str):
        yield path, dict(data)
    elif isinstance(data, Mapping):
        for key, inside in data.items():
            if key not in _NOT_PRINTED:
                yield from texts_in(inside, *path, key)
    elif isinstance(data, list):
        for number, inside in enumerate(data):
            yield from texts_in(inside, *path, number)


def _figure(library: Library, name: str, what: str) -> Iterator[Gap]:
    """The labels of a figure; which of them a file lacks is found where it is read."""
    where = Source(library.workspace.shown(name))
    path = library.workspace.find(name)
    if path is None:
        message = f"{what} has no words in language {library.lang}."
        yield Gap(what, "missing", Finding(message, where, "Translate its labels."))
    elif UNTRANSLATED in path.read_text("utf-8", "replace"):
        yield _untranslated(what, where)


def _interface(library: Library, source: Library) -> Iterator[Gap]:
    """The words of the pages."""
    file = f"interface/{library.lang}.toml"
    for key in source.interface:
        if key not in library.interface:
            found = Finding(f"{key} is missing.", library.source(file), "Add it.")
            yield Gap(f"word {key}", "missing", found)
        elif UNTRANSLATED in library.interface[key]:
            yield _untranslated(f"word {key}", library.source(file, key))


def _terms(library: Library, source: Library) -> Iterator[Gap]:
    file = f"glossary/{library.lang}.toml"
    have = {one.translates or one.word for one in library.terms.terms}
    for term in source.terms.terms:
        if term.word not in have:
            message = f"the term {term.word} of the {SOURCE} glossary is missing."
            remedy = f'Add a [[term]] with translates = "{term.word}".'
            yield Gap(
                f"term {term.word}", "missing", Finding(message, library.source(file), remedy)
            )
    for index, one in enumerate(library.terms.terms):
        if any(UNTRANSLATED in text for text in (one.word, one.text, one.expansion)):
            yield _untranslated(f"term {one.word}", library.source(file, "term", index))


def _untranslated(name: str, where: Source, condition: str = "") -> Gap:
    found = Finding(f"“{UNTRANSLATED}” is what a new file says.", where, "Translate it.")
    return Gap(name, "not translated", found, condition)
