"""``handouts new language``: the source's words in files of another language, to be translated."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from handouts import datafile, output
from handouts.check.translation import texts_in, twin_of
from handouts.contract.protected import says_words
from handouts.datafile import DataFile
from handouts.errors import ContentError, UsageError
from handouts.library import load_library
from handouts.library.figure_files import FIGURES, figure_names
from handouts.library.placeholders import UNTRANSLATED
from handouts.library.schema import SOURCE, Term
from handouts.scaffold import Started, root_of, write_new
from handouts.workspace import Workspace

_LANG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
#: The key of a source's text at the beginning of its line.
_SOURCE_KEY = re.compile(rf"([ \t]*(?:[\w-]+\.)*){SOURCE}[ \t]*=")
_FENCE = re.compile(r"^\+\+\+[ \t]*\n", re.MULTILINE)
#: Words of the pages that are patterns.
_NO_WORDS = ("months", "date_pattern")


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
    yield f"content/interface/{lang}.toml", _interface(library.interface)
    yield f"content/glossary/{lang}.toml", _glossary(library.terms.terms)
    for name, file in workspace.files.items():
        if twin := twin_of(name, lang):
            text = datafile.read_text(file.path, name, ContentError)
            yield twin, _section(text)
    for figure in figure_names(workspace):
        path = workspace.find(f"{FIGURES}/{figure}/{SOURCE}.toml")
        words = datafile.load(path, figure, ContentError).data if path else {}
        yield f"{FIGURES}/{figure}/{lang}.toml", _figure(words)
    for name, data in library.files.items():
        if (text := _with_language(data, lang)) != data.text:
            yield name, text


def _with_language(file: DataFile, lang: str) -> str:
    """A data file in which each text of the source has one in ``lang`` before it."""
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
    return "\n".join(lines)


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


def _section(text: str) -> str:
    """A file of words with its marks, made from the version that it has now."""
    _, front, body = _FENCE.split(text, 2)
    version = re.search(r"^version\b(.*\n)", front, re.MULTILINE)
    made = f"translates{version[1]}" if version else ""
    if "title" in front:
        front = front.replace('title = "', f'title = "{UNTRANSLATED} ')
        body = f"{UNTRANSLATED}\n\n{body}"
    else:
        body = re.sub(r"^(::: own .*\n)", rf"\1{UNTRANSLATED}\n\n", body, flags=re.MULTILINE)
    return f'+++\n{front}{made}translated_by = ""\nchecked_by = ""\n+++\n{body}'


def _marked(text: str) -> str:
    """Words with their mark, as a string of TOML. A number to dial has no words."""
    return _quoted(f"{UNTRANSLATED} {text}" if says_words(text) else text)


def _quoted(text: str) -> str:
    """A string of TOML."""
    return json.dumps(text, ensure_ascii=False)
