"""``handouts new language``: the source's words in files of another language, to be translated."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import asdict, replace

from handouts import datafile, output
from handouts.check.translation import texts_in, twin_of
from handouts.contract.protected import PROTECTED, says_words
from handouts.datafile import DataFile
from handouts.errors import ContentError, UsageError
from handouts.library import load_library
from handouts.library.content_files import shipped_words
from handouts.library.figure_files import FIGURES, figure_names
from handouts.library.file_roles import is_own_words
from handouts.library.schema import SOURCE, FrontMatter, OwnFront, Term
from handouts.library.sections import FENCE, read_own_words, read_section
from handouts.model.untranslated import UNTRANSLATED
from handouts.scaffold import Started, root_of, write_new
from handouts.workspace import Workspace

_LANG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
#: The key of a source's text at the beginning of its line.
_SOURCE_KEY = re.compile(rf"([ \t]*(?:[\w-]+\.)*){SOURCE}[ \t]*=")
#: Words of the pages that are patterns.
_NO_WORDS = ("months", "weekdays", "date_pattern", "date_and_time")


def new_language(workspace: Workspace, lang: str) -> Started:
    """The source's words in files of another language, each marked as not translated.

    Data files that hold all languages get a line of their own for each text; built-in ones are
    copied into the workspace for it.
    """
    root = root_of(workspace, lang)
    if not _LANG.fullmatch(lang):
        raise UsageError(
            f"“{lang}” is no code of a language.", remedy="Codes look like fr or pt-br."
        )
    if lang in workspace.languages:
        raise UsageError(
            f"There is a language {lang} already.",
            remedy=f"See what is to do: handouts translate status --lang {lang}",
        )
    files = dict(_texts(workspace, lang))
    data = {name: text for name, text in files.items() if workspace.find(name)}

    def add() -> None:
        texts = {root / name: text.encode() for name, text in data.items()}
        with output.alone(root), output.written(texts, replace=True):
            pass

    new = {name: text for name, text in files.items() if name not in data}
    written = write_new(root, new, add)
    steps = (
        f"Translate what is marked {UNTRANSLATED}, and take the mark out.",
        f"See what is left: handouts translate status --lang {lang}",
        "Then: handouts check",
    )
    return Started((*written, *(root / name for name in data)), steps)


def _texts(workspace: Workspace, lang: str) -> Iterator[tuple[str, str]]:
    """Each file to write: its name and its text."""
    library = load_library(workspace, SOURCE)
    given = PROTECTED if shipped_words(workspace, lang.partition("-")[0]) else ()
    words = {key: text for key, text in library.interface.items() if key not in given}
    yield f"content/interface/{lang}.toml", _interface(words)
    yield f"content/glossary/{lang}.toml", _glossary(library.terms.terms)
    for name, file in workspace.files.items():
        if twin := twin_of(name, lang):
            written = _own_words if is_own_words(name, SOURCE) else _section
            yield twin, written(file.path, workspace.shown(name))
    for figure in figure_names(workspace):
        library.figure(figure)  # whole, or refused with its place
        name = f"{FIGURES}/{figure}/{SOURCE}.toml"
        words = datafile.load(workspace.files[name].path, name, ContentError).data
        yield f"{FIGURES}/{figure}/{lang}.toml", _figure(words)
    for name, data in library.files.items():
        if (text := _with_language(data, lang)) != data.text:
            yield name, text


def _with_language(file: DataFile, lang: str) -> str:
    """A data file in which each text of the source has one in ``lang`` before it; as it was, where
    the lines are written in a way that does not let it grow so."""
    lines = file.text.split("\n")
    wanted = [
        (file.source(*path, SOURCE).line - 1, str(path[-1]), texts[SOURCE])
        for path, texts in texts_in(file.data)
        if lang not in texts
    ]
    for number, key, text in sorted(wanted, reverse=True):
        line = lines[number]
        if match := _SOURCE_KEY.match(line):
            lines.insert(number, f"{match[1]}{lang} = {_marked(text)}")
        else:  # a table on one line
            place = f"{key}.{SOURCE}"
            lines[number] = line.replace(place, f"{key}.{lang} = {_marked(text)}, {place}", 1)
    made = "\n".join(lines)
    meant = {path: {lang: _mark(one[SOURCE]), **one} for path, one in texts_in(file.data)}
    try:
        is_whole = dict(texts_in(tomllib.loads(made))) == meant
    except tomllib.TOMLDecodeError:
        is_whole = False
    return made if is_whole else file.text


def _interface(words: Mapping[str, str]) -> str:
    """The words of the pages; names of months stay, so that dates can be told."""
    return "".join(
        f"{key} = {_quoted(text) if key in _NO_WORDS else _marked(text)}\n"
        for key, text in words.items()
    )


def _glossary(terms: tuple[Term, ...]) -> str:
    return "\n".join(
        f"[[term]]\nword = {_quoted(one.word)}\ntranslates = {_quoted(one.word)}\n"
        f"also = [{', '.join(map(_quoted, one.also))}]\nexpansion = {_quoted(one.expansion)}\n"
        f"text = {_marked(one.text)}\n"
        for one in terms
    )


def _figure(words: Mapping[str, Any]) -> str:
    """The words of a figure. A label has its mark beside it: there is no room for it in print."""
    labels = (
        f"{key} = {_quoted(text)}{f' # {UNTRANSLATED}' * says_words(text)}\n"
        for key, text in words.get("labels", {}).items()
    )
    return f"alt = {_marked(words['alt'])}\n[labels]\n{''.join(labels)}"


def _section(path: Path, name: str) -> str:
    """A section with its marks."""
    read = read_section("", path, name)
    return f"{_front(read.front)}{UNTRANSLATED}\n\n{read.body}"


def _own_words(path: Path, name: str) -> str:
    """A condition's own words with a mark in each passage. Raises ContentError if some stand in
    none."""
    own = read_own_words(path, name)
    if own.findings:
        raise ContentError(own.findings)
    lines = own.body.split("\n")
    for passage in reversed(tuple(own.passages.values())):
        lines.insert(passage.source.line - own.first_line + 1, f"{UNTRANSLATED}\n")
    return _front(own.front) + "\n".join(lines)


def _front(front: FrontMatter | OwnFront) -> str:
    """Front matter of words made from the version that the source has now. A safety mark is not
    theirs: nobody had them before."""
    made = replace(front, safety="", translates=front.version, translated_by="", checked_by="")
    lines = (
        f"{key} = {_marked(value) if key == 'title' else _written(value)}\n"
        for key, value in asdict(made).items()
        if value or key in ("translated_by", "checked_by")
    )
    return f"{FENCE}\n{''.join(lines)}{FENCE}\n"


def _written(value: str | bool | date) -> str:
    """A value of front matter in TOML."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else _quoted(value)


def _marked(text: str) -> str:
    """Words with their mark, as a string of TOML."""
    return _quoted(_mark(text))


def _mark(text: str) -> str:
    """Words with their mark. A number to dial has no words."""
    return f"{UNTRANSLATED} {text}" if says_words(text) else text


def _quoted(text: str) -> str:
    """A string of TOML."""
    return json.dumps(text, ensure_ascii=False)
