"""Layouts from their folders: layout.toml with what it extends, and the checked template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from handouts import datafile
from handouts.datafile import DataFile
from handouts.errors import Finding, LayoutError, Source, UsageError
from handouts.layout.masters import PAPERS, Master, master_problems
from handouts.layout.styles import LIKE, StyleSheet
from handouts.layout.template import Template, compile_template
from handouts.model import LayoutFacts
from handouts.names import is_slug, suggest
from handouts.workspace import Workspace

FOLDER = "layouts"
SETTINGS = "layout.toml"
TEMPLATE = "handout.xml.j2"
AUDIENCES = ("patient", "physician")
_MAX_PARENTS = 8
_PICTURES = (".png", ".jpg", ".jpeg", ".svg")


@dataclass(frozen=True, slots=True)
class Settings:
    """``layout.toml``. What is left out comes from the layout that it extends."""

    extends: str = ""
    audience: str = ""
    papers: tuple[str, ...] = ()
    partial: bool = False
    duplex: bool = True
    locked: tuple[str, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    masters: Mapping[str, Master] = field(default_factory=dict)
    styles: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    inline: Mapping[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """A layout that passed all checks but those that need a brand."""

    name: str
    settings: Settings
    sheet: StyleSheet
    template: Template
    pictures: Mapping[str, Path]
    source: Source

    @cached_property
    def facts(self) -> LayoutFacts:
        """What compose must know."""
        settings = self.settings
        return LayoutFacts(self.name, settings.audience, settings.partial, settings.locked)

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers that the layout is made for."""
        return self.settings.papers


def load_layout(workspace: Workspace, name: str) -> Layout:
    """The layout ``name`` in force.

    Raises UsageError for an unknown name, LayoutError with everything that is wrong in it.
    """
    files = _Files(workspace, name)
    merged = _converted(files)
    sheet = StyleSheet(merged.styles, merged.inline, files.where)
    findings = [
        *_setting_problems(merged, files),
        *sheet.problems(),
        *master_problems(merged.masters, merged.papers, files.where),
    ]
    template: Template | None = None
    try:
        template = _template(workspace, files)
        findings += _literal_problems(template, sheet, merged)
    except LayoutError as problem:
        findings += problem.findings
    if not findings:
        findings += _cycles(sheet)
    if findings or template is None:
        raise LayoutError(findings)
    pictures = _pictures(workspace, files)
    source = Source(files.chain[0].name)
    return Layout(name, merged, sheet, template, pictures, source)


def check_layout(workspace: Workspace, name: str) -> tuple[Finding, ...]:
    """Everything that is wrong with a layout; () if nothing is."""
    from handouts.layout.sample import try_out
    from handouts.library.brand import load_brand

    try:
        layout = load_layout(workspace, name)
        return try_out(layout, load_brand(workspace, ""), _terms(workspace))
    except LayoutError as problem:
        return problem.findings


class _Files:
    """layout.toml and those that it extends, nearest first."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.names: list[str] = []
        self.chain: list[DataFile] = []
        at: Source | None = None
        while name:
            file = self._load(workspace, name, at)
            self.names.append(name)
            self.chain.append(file)
            name, at = str(file.data.get("extends", "")), file.source("extends")
            if name in self.names or len(self.names) == _MAX_PARENTS:
                shown = " → ".join([*self.names, name])
                raise LayoutError(f"the layout extends itself ({shown}).", at, "Remove extends.")

    @staticmethod
    def _load(workspace: Workspace, name: str, at: Source | None) -> DataFile:
        known = workspace.names(FOLDER)
        path = workspace.find(f"{FOLDER}/{name}/{SETTINGS}")
        if not is_slug(name) or path is None:
            problem, remedy = f"unknown layout {name}.", suggest(name, known)
            raise LayoutError(problem, at, remedy) if at else UsageError(problem, None, remedy)
        return datafile.load(path, workspace.shown(f"{FOLDER}/{name}/{SETTINGS}"), LayoutError)

    def where(self, *path: str | int) -> Source:
        """The line of a key, in the nearest file that has it."""
        for end in range(len(path), 0, -1):
            for file in self.chain:
                if path[:end] in file.lines:
                    return file.source(*path[:end])
        return self.chain[0].source()


def _converted(files: _Files) -> Settings:
    """All files of the chain, each checked by itself, as one."""
    findings: list[Finding] = []
    for file in files.chain:
        try:
            datafile.convert(file, Settings, LayoutError)
        except LayoutError as problem:
            findings += problem.findings
    if findings:
        raise LayoutError(findings)
    data: dict[str, Any] = {}
    for file in reversed(files.chain):
        data = _merged(data, file.data)
    # Whether it leaves out what protects the patient is said by each layout for itself.
    data["partial"] = files.chain[0].data.get("partial", False)
    return datafile.convert(replace(files.chain[0], data=data), Settings, LayoutError)


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Tables key by key; everything else is replaced."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = (
            _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
        )
    return merged


def _setting_problems(settings: Settings, files: _Files) -> Iterator[Finding]:
    if settings.audience not in AUDIENCES:
        must = " or ".join(f'"{audience}"' for audience in AUDIENCES)
        yield Finding(f"audience must be {must}.", files.where("audience"))
    if not settings.papers:
        yield Finding("papers is missing.", files.where("papers"), f"There are {_PAPER_NAMES}.")
    for paper in settings.papers:
        if paper not in PAPERS:
            yield Finding(f"unknown paper {paper}.", files.where("papers"), suggest(paper, PAPERS))
    for name in ("title", "description"):
        if not getattr(settings, name).get("en"):
            yield Finding(f"{name}.en is missing.", files.where(name), "Add it.")


_PAPER_NAMES = ", ".join(PAPERS)


def _template(workspace: Workspace, files: _Files) -> Template:
    """The nearest template of the chain."""
    for name in files.names:
        file = f"{FOLDER}/{name}/{TEMPLATE}"
        path = workspace.find(file)
        if path is not None:
            shown = workspace.shown(file)
            text = datafile.read_text(path, shown, LayoutError)
            return compile_template(text, shown, tuple(_terms(workspace)))
    raise LayoutError(f"there is no {TEMPLATE}.", Source(files.chain[0].name), "Write one.")


def _terms(workspace: Workspace) -> dict[str, str]:
    """The words that layouts print, in the workspace's language."""
    name = f"content/interface/{workspace.default_lang}.toml"
    path = workspace.find(name) or workspace.find(name := "content/interface/en.toml")
    if path is None:
        return {}
    return datafile.load(path, workspace.shown(name), LayoutError).data


def _literal_problems(
    template: Template, sheet: StyleSheet, settings: Settings
) -> Iterator[Finding]:
    """Classes, masters and regions that the template names and layout.toml does not have."""
    regions = {region for master in settings.masters.values() for region in master.regions}
    for literal in template.literals:
        known: Mapping[str, Any] | set[str]
        if literal.attribute == "class":
            if literal.element == "span":
                kind, known, found = "inline style", sheet.inline, literal.value in sheet.inline
            else:
                kind, known, found = "style", sheet.blocks, sheet.knows(literal.value)
        elif literal.attribute in ("master", "on"):
            kind, known = "page master", settings.masters
            found = set(literal.value.split()) <= set(known)
        elif literal.attribute == "region":
            kind, known, found = "region", regions, literal.value in regions
        else:
            continue
        if literal.value and not found:
            remedy = suggest(literal.value, known)
            yield Finding(f"unknown {kind} {literal.value}.", literal.source, remedy)


def _cycles(sheet: StyleSheet) -> Iterator[Finding]:
    """Styles that are like themselves."""
    for key in sheet.blocks:
        if LIKE in sheet.blocks[key]:
            try:
                sheet.chain(key)
            except LayoutError as problem:
                yield from problem.findings


def _pictures(workspace: Workspace, files: _Files) -> dict[str, Path]:
    """Pictures in the folders of the chain, nearest first."""
    pictures: dict[str, Path] = {}
    for name in reversed(files.names):
        folder = f"{FOLDER}/{name}/"
        for file, found in workspace.files.items():
            if file.startswith(folder) and PurePosixPath(file).suffix.lower() in _PICTURES:
                pictures[file.removeprefix(folder)] = found.path
    return pictures
