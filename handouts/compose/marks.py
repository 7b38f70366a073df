"""Safety marks: an editor says that a change withdraws the words that were approved before it.

A mark stands in a file of words, in ``condition.toml`` or beside a value. It counts for whatever
the approved words print, or those of today; also one of a name that nothing prints, and that may be
a misspelt one of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import Any, TypeVar
from unicodedata import category

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.choosing import approvable
from handouts.compose.misnamed import is_near, is_of_another, known_sections, misnamed
from handouts.compose.used import figures_in, values_in, values_of
from handouts.compose.values import AUDIENCES, printable
from handouts.errors import Finding, HandoutsError
from handouts.inputs import read
from handouts.library import Library, schema
from handouts.library.figure_files import FIGURES
from handouts.library.frozen import FrozenWords, facts_in, in_language
from handouts.library.load import read_library
from handouts.library.schema import MARK, SOURCE, is_marked_line, may_be_mark
from handouts.library.sections import FENCE, SectionFile, filled
from handouts.model.serial import Extent, canonical

T = TypeVar("T")

#: How alike a key of a broken file and the mark's are.
_ALIKE = 0.7
#: What may be meant as a key of TOML: the first word of a line, before a sign that gives it a value
#: (``safety = ""``, ``safety.en = ""``), so none of a list (``"safety",``); each part of a key
#: with dots; a key within braces.
_FIRST = re.compile(r"\W*(\w[\w-]*)(?!\"[ \t]*,)\W{0,4}(?:[=:\"']|->|\.[ \t]*\w+[ \t]*=)")
_DOTTED = re.compile(r"[ \t]*([\w\"'-]+(?:[ \t]*\.[ \t]*[\w\"'-]+)+)[ \t]*=")
_WITHIN = re.compile(r"[{,][ \t]*[\"']?([\w-]+)[\"']?[ \t]*=")
_NAME = re.compile(r"[\w-]+")
#: The line between front matter and words, also behind what stands at the start of some files.
_FENCE_LINE = re.compile(rf"(?m)^.{{0,2}}{re.escape(FENCE)}[ \t]*$")


class _Mark(Struct, frozen=True):
    """Why words are withdrawn, and a fingerprint of what is marked so."""

    why: str
    of: str


def marks_of(library: Library, words: FrozenWords) -> dict[str, str]:
    """Each mark in what ``words`` print, or the words that they translate: by its place, the
    fingerprint of what is marked. Who approves these words knows of it.
    """
    return {
        place: mark.of
        for one, wrong in _libraries(library, (), words)
        for place, mark in _Today(one, wrong, words).marks().items()
    }


def why_withdrawn(library: Library, wrong: Iterable[Finding], kept: FrozenWords) -> list[str]:
    """What is marked, or marked and changed again, since the kept words were approved; and each
    file with mistakes that has a mark: nobody can tell what it is about.
    """
    reasons = set[str]()
    for one, mistakes in _libraries(library, wrong, kept):
        today = _Today(one, mistakes, kept)
        found = today.marks().items()
        reasons |= {mark.why for place, mark in found if kept.marks.get(place) != mark.of}
        reasons |= {
            f"{one.workspace.shown(name)} has mistakes, so nobody can tell what its “{MARK}” is"
            " about."
            for name, text in today.unread.items()
            if _may_mark(name, text)
        }
    return sorted(reasons)


def _libraries(
    library: Library, wrong: Iterable[Finding], words: FrozenWords
) -> Iterator[tuple[Library, Iterable[Finding]]]:
    """The content of today in the language of ``words``, and in that which they translate."""
    yield library, wrong
    if words.lang != SOURCE:
        yield read_library(library.workspace, SOURCE)


class _Today:
    """The files of today that hold what the kept words print, or the words of today.

    ``unread`` has the text of those of the clinic's own in which something is wrong.
    """

    def __init__(self, library: Library, wrong: Iterable[Finding], kept: FrozenWords) -> None:
        self.condition, self.kept = kept.condition, kept
        self.facts = library.conditions.get(kept.condition)
        known = {kept.condition: kept.facts, **library.conditions}
        labels = (*library.labels, kept.label)
        self.library = replace(library, conditions=known, labels=labels)
        self.is_of_another = partial(is_of_another, library, kept.condition)
        self.misnamed = partial(misnamed, library, kept.condition)
        self.unread: dict[str, str] = {}
        self.keep_unread(wrong)
        now = (approvable(self.library, kept.condition, one) for one in AUDIENCES)
        self.names = tuple(dict.fromkeys(chain(kept.sections, *now)))
        self.own = self.read(partial(self.library.own_words, kept.condition))
        self.sections = tuple(self.written())

    def marks(self) -> dict[str, _Mark]:
        """What is marked, by its place. Each file is judged by itself."""
        lang, used = self.library.lang, self.values()
        things: dict[str, tuple[str, Any]] = {}
        if facts := self.facts:
            things["condition"] = facts.safety, facts_in(facts, lang)
        if own := self.own:
            things["own words"] = own.front.safety, (own.front, own.passages)
        for section in self.sections:
            things[f"section {section.id}"] = section.front.safety, self.printed(section)
        for name, value in self.library.values.items():
            if name in used or self.is_slip(name, used):
                # How it is checked and dialled, later versions may read anew.
                said = schema.Value(in_language(value.text, lang), safety=value.safety)
                things[f"value {name}"] = value.safety, said
        for name in self.misnamed(self.names, self.figures()):
            if name not in self.unread and _may_mark(name, text := self.text(name)):
                things[f"file {name}"] = self.unheard(name), text
        return {
            f"{lang} {place}": _Mark(why, _fingerprint(thing))
            for place, (why, thing) in things.items()
            if why
        }

    def unheard(self, name: str) -> str:
        shown = self.library.workspace.shown(name)
        return f"{shown} has a “{MARK}”, and nothing reads it: its name may be misspelt."

    def written(self) -> Iterator[SectionFile]:
        """The sections of the kept words and of today's outline, as their files are written."""
        library, condition = self.library, self.condition
        slips = [one for one in _nowhere(library) if is_near(one, self.names)]
        for name in (*self.names, *slips):
            if library.section_file(name, condition) and (
                one := self.read(partial(library.written, name, condition))
            ):
                yield one

    def printed(self, section: SectionFile) -> SectionFile:
        return replace(section, blocks=printable(self.library, self.condition, section))

    def whole(self) -> Iterator[SectionFile]:
        return (self.printed(filled(one, self.own)) for one in self.sections)

    def figures(self) -> tuple[str, ...]:
        shown = (name for one in self.whole() for name in figures_in(one))
        return tuple(dict.fromkeys((*self.kept.figures, *shown)))

    def values(self) -> set[str]:
        """The values that are printed; of words that cannot be read, those that they name."""
        library, used = self.library, set(self.kept.values)
        texts = [text for name, text in self.unread.items() if name.endswith(".md")]
        used.update(name for one in self.whole() for name in values_in(one))
        for name in self.figures():
            if figure := self.read(partial(library.figure, name)):
                used.update(values_of(figure))
            else:
                files = (f"{FIGURES}/{name}/{one}.toml" for one in (library.lang, "figure"))
                texts += map(self.text, files)
        return used | {name for name in library.values for text in texts if name in text}

    def is_slip(self, name: str, used: Collection[str]) -> bool:
        """Whether a value that is printed nowhere may be a misspelt one of ``used``."""
        if not self.library.values[name].safety or not is_near(name, used):
            return False
        files = self.library.workspace.files
        used_in = (one for one in files if one.endswith((".md", ".j2")) or one.startswith(FIGURES))
        return not any(name in self.text(one) for one in used_in)

    def read(self, reading: Callable[[], T]) -> T | None:
        try:
            return reading()
        except HandoutsError as problem:
            self.keep_unread(problem.findings)
            return None

    def keep_unread(self, wrong: Iterable[Finding]) -> None:
        """Keep the text of each of the clinic's files in which something is wrong, if the kept
        words could be made from it: whichever it is, a mark may stand there.
        """
        places = {finding.source.file for finding in wrong if finding.source}
        workspace = self.library.workspace
        for name, file in workspace.files.items() if places else ():
            own = name.startswith("content/") and not file.builtin
            if own and workspace.shown(name) in places and not self.is_of_another(name):
                self.unread[name] = self.text(name)

    def text(self, name: str) -> str:
        """What a broken file says, whatever its encoding; a mark if nobody can open it."""
        file = self.library.workspace.files.get(name)
        try:
            data = read(file.path) if file else b""
        except OSError:
            return f"{MARK} ="
        return "\n".join(data.replace(b"\0", b"").decode("utf-8", "replace").splitlines())


def _may_mark(name: str, text: str) -> bool:
    """Whether a broken file has a mark, or what may be a misspelt one: a key in its TOML."""
    if name.endswith(".md") and len(parts := _FENCE_LINE.split(text)) >= 3:
        if any(map(is_marked_line, parts[-1].splitlines())):
            return True
        text = "\n".join(parts[:-1])
    text = "".join(sign for sign in text if category(sign) != "Cf")  # such as a soft hyphen
    return any(may_be_mark(key, _ALIKE) for line in text.splitlines() for key in _keys(line))


def _keys(line: str) -> Iterator[str]:
    if first := _FIRST.match(line):
        yield first[1]
    if dotted := _DOTTED.match(line):
        yield from _NAME.findall(dotted[1])
    if line.lstrip().startswith("["):  # a table
        yield from _NAME.findall(line)
    yield from _WITHIN.findall(line)


def _nowhere(library: Library) -> Iterator[str]:
    """The clinic's sections that no outline and no condition names."""
    known = known_sections(library)
    files = library.workspace.files.values()
    own = (one.name.split("/") for one in files if not (one.builtin or one.replaces))
    found = (parts[2] for parts in own if parts[:2] == ["content", "sections"])
    yield from dict.fromkeys(name for name in found if name not in known)


def _fingerprint(thing: Any) -> str:
    return sha256(canonical(thing, Extent.MEANING).encode()).hexdigest()[:16]
