"""Reading the content of a workspace: the TOML files at once, sections when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.contract.protected import says_words
from handouts.datafile import DataFile
from handouts.errors import ContentError, Finding, Source, UsageError
from handouts.library.content_files import ContentFiles
from handouts.library.figure_files import FigureFile, figure_names, read_figure
from handouts.library.schema import (
    SOURCE,
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
from handouts.library.terms import TermFinder
from handouts.names import suggest
from handouts.workspace import Workspace


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
    def original(self) -> Library:
        """What can be read of the same content in the language that it is translated from."""
        return read_library(self.workspace, SOURCE)[0]

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
    read = ContentFiles(workspace)
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
