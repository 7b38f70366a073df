"""Reading the content of a workspace: the TOML files at once, sections when they are asked for."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from handouts import datafile
from handouts.contract.protected import LONGEST, PROTECTED, says_words
from handouts.datafile import DataFile
from handouts.errors import ContentError, Finding, Source, UsageError
from handouts.library.figure_files import FigureFile, figure_names, read_figure
from handouts.library.placeholders import UNTRANSLATED
from handouts.library.schema import (
    FIXED_FLAGS,
    SOURCE,
    AudienceOutline,
    ByLanguage,
    Codes,
    Condition,
    Evidence,
    Glossary,
    LabelRow,
    LabelRows,
    Outline,
    Value,
)
from handouts.library.sections import (
    OwnWords,
    SectionFile,
    filled,
    read_own_words,
    read_section,
)
from handouts.library.slots import HEARD, slot_problems
from handouts.library.terms import TermFinder
from handouts.model.attributes import WEB
from handouts.model.telephone import emergency_problem
from handouts.names import suggest
from handouts.workspace import Workspace

T = TypeVar("T")


class Library(Struct, frozen=True, dict=True, weakref=True):
    """All content in force, in one language. Sections are parsed when they are asked for."""

    workspace: Workspace
    lang: str
    conditions: Mapping[str, Condition]
    outline: Outline
    labels: tuple[LabelRow, ...]
    evidence: Mapping[str, Evidence]
    values: Mapping[str, Value]
    codes: Codes
    terms: TermFinder
    interface: Mapping[str, str]
    files: Mapping[str, DataFile]
    frozen: Mapping[str, SectionFile] | None = None  # sections kept by an approval: no files then
    _sections: dict[str, SectionFile] = field(default_factory=dict)
    _own: dict[str, OwnWords | None] = field(default_factory=dict)
    _figures: dict[str, FigureFile] = field(default_factory=dict)

    def source(self, name: str, *path: str | int) -> Source:
        """Where the key ``path`` of ``content/<name>`` stands."""
        full = f"content/{name}"
        file = self.files.get(full)
        return file.source(*path) if file else Source(full)

    def words(self, texts: ByLanguage) -> str:
        """``texts`` in this library's language, or ""."""
        return texts.get(self.lang, "")

    @cached_property
    def section_names(self) -> tuple[str, ...]:
        """Ids of all sections that have a file in this language, sorted."""
        if self.frozen is not None:
            return tuple(sorted(self.frozen))
        own = {part for name in self.conditions for part in self._own_sections(name)}
        shared = {
            parts[2]
            for parts in (PurePosixPath(name).parts for name in self.workspace.files)
            if parts[:2] == ("content", "sections") and parts[3:] == (f"{self.lang}.md",)
        }
        return tuple(sorted(shared | own))

    def _own_sections(self, condition: str) -> Iterator[str]:
        folder = PurePosixPath("content/conditions", condition, self.lang)
        for name in self.workspace.files:
            path = PurePosixPath(name)
            if path.parent == folder and path.suffix == ".md":
                yield path.stem

    def section_file(self, section: str, condition: str) -> str | None:
        """The name of the file in force for ``section``: the condition's own, else the shared."""
        if self.frozen is not None:
            return section if section in self.frozen else None
        for name in (
            f"content/conditions/{condition}/{self.lang}/{section}.md",
            f"content/sections/{section}/{self.lang}.md",
        ):
            if self.workspace.find(name) is not None:
                return name
        return None

    def section(self, section: str, condition: str) -> SectionFile:
        """``section`` as ``condition`` has it, with the condition's own words in their places.

        Raises UsageError if there is none, ContentError if a file or its front matter is wrong.
        """
        if self.frozen is not None and section in self.frozen:
            return self.frozen[section]
        return filled(self.written(section, condition), self.own_words(condition))

    def written(self, section: str, condition: str) -> SectionFile:
        """The file of ``section`` as it stands, without a condition's own words.

        Raises UsageError if there is none, ContentError if the file or its front matter is wrong.
        """
        name = self.section_file(section, condition)
        path = self.workspace.find(name) if name else None
        if name is None or path is None:
            raise UsageError(
                f"There is no section “{section}” (language {self.lang}).",
                remedy=suggest(section, self.section_names),
            )
        if name not in self._sections:
            self._sections[name] = read_section(section, path, self.workspace.shown(name))
        return self._sections[name]

    def own_words(self, condition: str) -> OwnWords | None:
        """What ``condition`` says in its own words within shared sections; None if nothing.

        Raises ContentError if the file or its front matter is wrong.
        """
        if condition not in self._own:
            name = f"content/conditions/{condition}/{self.lang}.md"
            path = self.workspace.find(name)
            read = read_own_words(path, self.workspace.shown(name)) if path else None
            self._own[condition] = read
        return self._own[condition]

    def is_translation(self, sections: Iterable[SectionFile], condition: str) -> bool:
        """Whether the source says the same: then somebody must compare the two."""
        source = replace(self, lang=SOURCE, frozen=None)
        return self.lang.partition("-")[0] != SOURCE and any(
            one.front.translates or source.section_file(one.id, condition) for one in sections
        )

    def figure(self, name: str) -> FigureFile:
        """The figure ``name``. Raises UsageError if there is none, ContentError if it is wrong."""
        if name not in self._figures:
            known = figure_names(self.workspace)
            if name not in known:
                raise UsageError(f"There is no figure “{name}”.", remedy=suggest(name, known))
            self._figures[name] = read_figure(self.workspace, name, self.lang)
        return self._figures[name]

    def condition(self, name: str) -> Condition:
        """The condition ``name``; UsageError with near names if there is none."""
        if name not in self.conditions:
            raise UsageError(
                f"There is no condition “{name}”.", remedy=suggest(name, self.conditions)
            )
        found = self.conditions[name]
        if not says_words(self.words(found.title)):
            have = [lang for lang, title in sorted(found.title.items()) if says_words(title)]
            raise UsageError(
                f"{name} is not written in language {self.lang}: it has no title.",
                remedy=f"It is in: {', '.join(have)}." if have else "Write one.",
            )
        return found


def value_source(files: Mapping[str, DataFile], name: str, *path: str | int) -> Source:
    """Where the key ``path`` of the value ``name`` stands: in the clinic's own file, if there."""
    for full in ("content/values.local.toml", "content/values.toml"):
        if full in files and name in files[full].data:
            return files[full].source(name, *path)
    return Source("content/values.toml")


def shipped_words(workspace: Workspace, lang: str) -> dict[str, str]:
    """The words of layouts as the program has them; {} for a language that does not ship."""
    name = f"content/interface/{lang}.toml"
    own = workspace.files.get(name)
    path = own.path if own and own.builtin else workspace.builtin_twin(name)
    return dict(datafile.load(path, name, ContentError).data) if path else {}


def load_library(workspace: Workspace, lang: str) -> Library:
    """Read all content but the sections, in language ``lang``.

    Raises ContentError with every finding of every file at once.
    """
    library, findings = read_library(workspace, lang)
    if findings:
        raise ContentError(findings)
    return library


def read_library(workspace: Workspace, lang: str) -> tuple[Library, tuple[Finding, ...]]:
    """What can be read of all content but the sections, and what is wrong with the rest."""
    read = _Reader(workspace)
    library = Library(
        workspace=workspace,
        lang=lang,
        conditions=read.conditions(),
        outline=read.outline(),
        labels=read.table("label.toml", LabelRows, LabelRows()).row,
        evidence=read.evidence(),
        values=read.values(),
        codes=read.table("icd10.toml", Codes, Codes()),
        terms=TermFinder(read.table(f"glossary/{lang}.toml", Glossary, Glossary()).term),
        interface=read.interface(lang),
        files=read.files,
    )
    return library, tuple(read.findings)


def interface_words(workspace: Workspace, lang: str) -> dict[str, str]:
    """The words of ``interface/<lang>.toml`` in force; ``load_library`` finds what is wrong."""
    return _Reader(workspace).interface(lang)


class _Reader:
    """Reads files one by one and keeps what is wrong with each."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.files: dict[str, DataFile] = {}
        self.findings: list[Finding] = []

    def open(self, name: str) -> DataFile | None:
        full = f"content/{name}"
        path = self.workspace.find(full)
        if path is None:
            return None
        try:
            file = datafile.load(path, self.workspace.shown(full), ContentError)
        except ContentError as problem:
            self.findings.extend(problem.findings)
            return None
        self.files[full] = file
        return file

    def convert(self, file: DataFile, kind: type[T], *at: str | int) -> T | None:
        try:
            return datafile.convert(file, kind, ContentError, *at)
        except ContentError as problem:
            self.findings.extend(problem.findings)
            return None

    def table(self, name: str, kind: type[T], empty: T) -> T:
        file = self.open(name)
        return (self.convert(file, kind) if file else None) or empty

    def tables(self, name: str, kind: type[T]) -> dict[str, T]:
        """A file in which every top-level table is a ``kind``."""
        file = self.open(name)
        found: dict[str, T] = {}
        if file is None:
            return found
        for key in file.data:
            if not isinstance(file.data[key], dict):
                self.findings.append(
                    Finding(f"{key} is not a table.", file.source(key), f"Write [{key}].")
                )
            elif (entry := self.convert(file, kind, key)) is not None:
                found[key] = entry
        return found

    def values(self) -> dict[str, Value]:
        """Those of values.toml, or a clinic's own in their place. What must not be typed by hand,
        that a number is dialled, and a mark of safety hold for these, too."""
        found = self.tables("values.toml", Value)
        for name, own in self.tables("values.local.toml", Value).items():
            shipped = found.get(name, own)
            guard = {**shipped.guard, **own.guard}
            marks = dict.fromkeys(filter(None, (shipped.safety, own.safety)))
            phone, safety = own.phone or shipped.phone, " ".join(marks)
            found[name] = replace(own, phone=phone, guard=guard, safety=safety)
        for name in (name for name, value in found.items() if value.phone):
            self.dialled(name, found[name])
        return found

    def dialled(self, name: str, value: Value) -> None:
        """A number to dial is one number; words that hold none are printed as they are."""
        for lang, text in value.text.items():
            problem = emergency_problem(text)
            if problem and any(map(str.isdigit, text)):
                source = value_source(self.files, name, "text", lang)
                remedy = "Write the number alone, such as 988: a telephone dials it."
                self.findings.append(Finding(f"{name} “{text[:60]}” {problem}.", source, remedy))

    def evidence(self) -> dict[str, Evidence]:
        found = self.tables("evidence.toml", Evidence)
        for key, entry in found.items():
            if entry.url and not WEB.fullmatch(entry.url):
                source = self.files["content/evidence.toml"].source(key, "url")
                message = f"{entry.url[:60]} is not a web address."
                self.findings.append(Finding(message, source, "Write https://…"))
        return found

    def conditions(self) -> dict[str, Condition]:
        found = {}
        for name in self.workspace.names("content/conditions"):
            file = self.open(f"conditions/{name}/condition.toml")
            if file and (condition := self.convert(file, Condition)) is not None:
                found[name] = condition
                self.same_kind(name, condition, file)
        for name, condition in found.items():
            self.own_flags(name, condition, {*FIXED_FLAGS, *found} - {name})
        return found

    def own_flags(self, name: str, condition: Condition, others: Container[str]) -> None:
        """A condition's flags and its name say what no other file says."""
        file = self.files[f"content/conditions/{name}/condition.toml"]
        for index, flag in enumerate((*condition.flags, name)):
            if flag in others or flag.startswith("has-"):
                key = ("flags", index) if index < len(condition.flags) else ()
                what = f"the flag {flag} does not stand for this condition alone."
                self.findings.append(Finding(what, file.source(*key), "Choose another name."))

    def same_kind(self, name: str, condition: Condition, file: DataFile) -> None:
        """A condition that ships keeps the kind that it ships with."""
        twin = self.twin(f"conditions/{name}/condition.toml")
        shipped = twin.get("kind", "treatment") if twin is not None else condition.kind
        if condition.kind != shipped:
            message = f"{name} ships with the kind “{shipped}”, not “{condition.kind}”."
            remedy = "Give a condition of another kind a name of its own."
            self.findings.append(Finding(message, file.source("kind"), remedy))

    def twin(self, name: str) -> Mapping[str, Any] | None:
        """The built-in file that a workspace's file stands in for."""
        path = self.workspace.builtin_twin(f"content/{name}")
        return datafile.load(path, name, ContentError).data if path else None

    def outline(self) -> Outline:
        file = self.open("outline.toml")
        if file is None:
            self.missing("outline.toml", "the order of sections is unknown.")
        empty = AudienceOutline((), ())
        return (self.convert(file, Outline) if file else None) or Outline(empty, empty)

    def interface(self, lang: str) -> dict[str, str]:
        name = f"interface/{lang}.toml"
        file = self.open(name)
        if file is None:
            self.missing(name, f"the words for language {lang} are not there.")
            return {}
        read = self.convert(file, dict[str, str]) or {}
        words = {key: text.strip() for key, text in read.items()}  # blanks are no words
        for key, what, remedy in slot_problems(words):
            self.findings.append(Finding(what, file.source(key), remedy))
            del words[key]
        if self.workspace.files[f"content/{name}"].builtin:
            return words
        base = lang.partition("-")[0]  # a variant such as en-us says what its language says
        shipped = self.twin(name) if base == lang else shipped_words(self.workspace, base) or None
        heard = {key: shipped[key] for key in HEARD} if shipped else {}
        return {**heard, **words, **dict(self.protected(words, shipped, file))}

    def protected(
        self, words: Mapping[str, str], shipped: Mapping[str, str] | None, file: DataFile
    ) -> Iterator[tuple[str, str]]:
        """The program's own words. A language that ships keeps them; another must have some."""
        for key in PROTECTED:
            said = words.get(key)
            if shipped is None:
                size = len((said or "").removeprefix(f"{UNTRANSLATED} "))
                if not says_words(said):
                    message = f"{key} says nothing: patients must be told."
                    self.findings.append(Finding(message, file.source(key), "Write its words."))
                elif size > (most := LONGEST.get(key, size)):
                    message = f"{key} has {size} characters; its place on a page has {most}."
                    self.findings.append(Finding(message, file.source(key), "Say it shorter."))
            elif said not in (None, shipped[key]):
                message = f"{key} is the program's own: “{shipped[key]}”"
                remedy = "Remove the line; your own words can stand beside it."
                self.findings.append(Finding(message, file.source(key), remedy))
            yield key, said or "" if shipped is None else shipped[key]

    def missing(self, name: str, message: str) -> None:
        """Report a file that must be there, unless it is there and its findings are reported."""
        full = f"content/{name}"
        if self.workspace.find(full) is None:
            have = ", ".join(self.workspace.languages)
            remedy = f"Languages: {have}." if "interface" in name else f"Add {full}."
            self.findings.append(Finding(message, Source(full), remedy))
