"""Words by which a handout is found, beside its names: ``content/search/<lang>.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from handouts import datafile
from handouts.errors import ContentError, Finding, Source
from handouts.library.content_files import ContentFiles
from handouts.library.load import Library
from handouts.names import suggest
from handouts.workspace import SEARCH, Workspace

#: Phrases by what they stand for.
Phrases = dict[str, tuple[str, ...]]


class SearchWords(Struct, frozen=True):
    """``search/<lang>.toml``. ``ignore`` says nothing about what is meant; ``apart`` is never taken
    for a word that is written nearly so. ``languages`` and ``layouts`` choose; ``also`` are names,
    and ``says`` patients' words, by condition.
    """

    ignore: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    languages: Phrases = field(default_factory=dict)
    layouts: Phrases = field(default_factory=dict)
    also: Phrases = field(default_factory=dict)
    says: Phrases = field(default_factory=dict)


def read_search_words(workspace: Workspace, lang: str) -> tuple[SearchWords, tuple[Finding, ...]]:
    """The program's words with a clinic's own, and what is wrong with these."""
    name = f"{SEARCH}/{lang}.toml"
    read = ContentFiles(workspace)
    own = read.table(name.removeprefix("content/"), SearchWords, SearchWords())
    path = workspace.builtin_twin(name)
    if path is None:
        return own, tuple(read.findings)
    file = datafile.load(path, name, ContentError)
    shipped = datafile.convert(file, SearchWords, ContentError)
    merged = SearchWords(
        (*shipped.ignore, *own.ignore),
        (*shipped.apart, *own.apart),
        {**shipped.languages, **own.languages},
        {**shipped.layouts, **own.layouts},
        {**shipped.also, **own.also},
        {**shipped.says, **own.says},
    )
    return merged, tuple(read.findings)


def search_mistakes(library: Library) -> Iterator[Finding]:
    """What is wrong with a clinic's own file in the library's language: names that nothing has, and
    phrases without a word."""
    workspace, name = library.workspace, f"{SEARCH}/{library.lang}.toml"
    in_force = workspace.files.get(name)
    if in_force is None or in_force.builtin:
        return
    words, unreadable = read_search_words(workspace, library.lang)
    yield from unreadable
    file = ContentFiles(workspace).open(name.removeprefix("content/"))
    known = {
        "languages": ("language", workspace.languages),
        "layouts": ("layout", workspace.names("layouts")),
        "also": ("condition", library.conditions),
        "says": ("condition", library.conditions),
    }
    for table, (kind, names) in known.items():
        phrases: Mapping[str, tuple[str, ...]] = getattr(words, table)
        for key, said in phrases.items():
            if file is None or key not in file.data.get(table, ()):
                continue
            if key not in names:
                what = f"unknown {kind} “{key}”."
                yield Finding(what, file.source(table, key), suggest(key, names))
            elif not all(any(map(str.isalnum, one)) for one in said):
                yield Finding(f"{key} has a phrase without a word.", file.source(table, key))


def without_patients_words(library: Library) -> Iterator[Finding]:
    """Conditions that nobody finds by what patients say."""
    name = f"{SEARCH}/{library.lang}.toml"
    words, _ = read_search_words(library.workspace, library.lang)
    for condition, facts in library.conditions.items():
        if library.words(facts.title) and not words.says.get(condition):
            what = f"{condition} has no words of patients, so it is not found by them."
            remedy = f'Add {condition} = ["…"] to [says] of {name}.'
            yield Finding(what, Source(library.workspace.shown(name)), remedy)
