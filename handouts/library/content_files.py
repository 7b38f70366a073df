"""Reading the TOML files of content: each by itself, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import TypeVar

from msgspec.structs import replace

from handouts import datafile
from handouts.contract.protected import LONGEST, PROTECTED, says_words
from handouts.datafile import DataFile
from handouts.errors import ContentError, Finding, Source
from handouts.library.schema import (
    FIXED_FLAGS,
    NAMES,
    AudienceOutline,
    Condition,
    Evidence,
    Outline,
    Value,
)
from handouts.library.slots import slot_problems
from handouts.model.attributes import WEB
from handouts.model.telephone import emergency_problem
from handouts.model.untranslated import UNTRANSLATED
from handouts.workspace import Workspace

T = TypeVar("T")

#: Where a source is found: the form of each key, what that is, and how it is written.
_REFERENCES = {
    "url": (WEB, "a web address", "Write https://…"),
    "doi": (
        re.compile(r"10\.[0-9.]{4,}/[!-~]+(?<![.,;:])"),
        "a DOI",
        "Write it from its 10. on, such as 10.1111/ner.12920.",
    ),
    "pmid": (re.compile(r"[0-9]{1,9}"), "a PMID", "Write its digits alone."),
}


def shipped_words(workspace: Workspace, lang: str) -> dict[str, str]:
    """The words of layouts as the program has them; {} for a language that does not ship."""
    name = f"content/interface/{lang}.toml"
    own = workspace.files.get(name)
    path = own.path if own and own.builtin else workspace.builtin_twin(name)
    return dict(datafile.load(path, name, ContentError).data) if path else {}


def interface_words(workspace: Workspace, lang: str) -> dict[str, str]:
    """The words of ``interface/<lang>.toml`` in force; ``load_library`` finds what is wrong."""
    return ContentFiles(workspace).interface(lang)


def value_source(files: Mapping[str, DataFile], name: str, *path: str | int) -> Source:
    """Where the key ``path`` of the value ``name`` stands: in the clinic's own file, if there."""
    for full in ("content/values.local.toml", "content/values.toml"):
        if full in files and name in files[full].data:
            return files[full].source(name, *path)
    return Source("content/values.toml")


class ContentFiles:
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
            if not NAMES.fits(key):
                self.findings.append(NAMES.finding(key, file.source(key)))
            elif not isinstance(file.data[key], dict):
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
            for name, (form, what, remedy) in _REFERENCES.items():
                said: str = getattr(entry, name)
                if said and not form.fullmatch(said):
                    source = self.files["content/evidence.toml"].source(key, name)
                    self.findings.append(Finding(f"{said[:60]} is not {what}.", source, remedy))
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
        full = f"content/conditions/{name}/condition.toml"
        path = self.workspace.builtin_twin(full)
        twin = datafile.load(path, full, ContentError).data if path else {"kind": condition.kind}
        shipped = twin.get("kind", "treatment")
        if condition.kind != shipped:
            message = f"{name} ships with the kind “{shipped}”, not “{condition.kind}”."
            remedy = "Give a condition of another kind a name of its own."
            self.findings.append(Finding(message, file.source("kind"), remedy))

    def outline(self) -> Outline:
        file = self.open("outline.toml")
        if file is None:
            self.missing("outline.toml", "the order of sections is unknown.")
        empty = AudienceOutline((), ())
        return (self.convert(file, Outline) if file else None) or Outline(empty, empty)

    def interface(self, lang: str) -> dict[str, str]:
        """The words of layouts. Lines that a language that ships lacks are the program's; a variant
        such as en-us says what its language says."""
        name = f"interface/{lang}.toml"
        file = self.open(name)
        if file is None:
            self.missing(name, f"the words for language {lang} are not there.")
            return {}
        read = self.convert(file, dict[str, str]) or {}
        words = {key: text.strip() for key, text in read.items()}  # blanks are no words
        for key in [key for key in words if not NAMES.fits(key)]:
            self.findings.append(NAMES.finding(key, file.source(key)))
            del words[key]
        for key, what, remedy in slot_problems(words):
            self.findings.append(Finding(what, file.source(key), remedy))
            del words[key]
        if self.workspace.files[f"content/{name}"].builtin:
            return words
        shipped = shipped_words(self.workspace, lang.partition("-")[0])
        return {**shipped, **words, **dict(self.protected(words, shipped, file))}

    def protected(
        self, words: Mapping[str, str], shipped: Mapping[str, str], file: DataFile
    ) -> Iterator[tuple[str, str]]:
        """The program's own words. A language that ships keeps them; another must have some."""
        for key in PROTECTED:
            said = words.get(key)
            if not shipped:
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
            yield key, shipped[key] if shipped else said or ""

    def missing(self, name: str, message: str) -> None:
        """Report a file that must be there, unless it is there and its findings are reported."""
        full = f"content/{name}"
        if self.workspace.find(full) is None:
            have = ", ".join(self.workspace.languages)
            remedy = f"Languages: {have}." if "interface" in name else f"Add {full}."
            self.findings.append(Finding(message, Source(full), remedy))
