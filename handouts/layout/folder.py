"""Layouts from their folders: settings, styles, template and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from handouts import datafile
from handouts.errors import Finding, LayoutError, Source
from handouts.layout.arrangement import arrangement_problems
from handouts.layout.masters import Size, master_problems, page_size
from handouts.layout.settings import FOLDER, Settings, SettingsFiles, read_settings
from handouts.layout.styles import StyleSheet
from handouts.layout.template import Template, compile_template
from handouts.model import LayoutFacts
from handouts.workspace import Workspace

TEMPLATE = "handout.xml.j2"
_PICTURES = (".png", ".jpg", ".jpeg", ".svg")


class Layout(Struct, frozen=True):
    """A layout whose settings are right and whose template is within bounds."""

    name: str
    settings: Settings
    sheet: StyleSheet
    template: Template
    pictures: Mapping[str, Path]
    source: Source

    @property
    def facts(self) -> LayoutFacts:
        """What compose must know."""
        return self.settings.facts(self.name)

    @property
    def papers(self) -> tuple[str, ...]:
        """The papers that the layout is made for."""
        return self.settings.papers

    def size(self, paper: str) -> Size:
        """A page on ``paper`` (``letter`` or ``a4``)."""
        return page_size(paper, self.settings.sheet)


def load_layout(workspace: Workspace, name: str) -> Layout:
    """The layout ``name`` in force.

    Raises UsageError for an unknown name, LayoutError with everything that is wrong in it.
    """
    files = SettingsFiles(workspace, name)
    settings = read_settings(files)
    sheet = StyleSheet(settings.styles, settings.inline, files.where)
    findings: list[Finding] = [
        *settings.problems(files),
        *arrangement_problems(workspace, settings.facts(name), files.where),
        *sheet.problems(),
        *master_problems(settings.masters, settings.sizes(), files.where),
    ]
    template: Template | None = None
    try:
        template = _template(workspace, files)
    except LayoutError as problem:
        findings += problem.findings
    if findings or template is None:
        raise LayoutError(findings)
    pictures = _pictures(workspace, files)
    return Layout(name, settings, sheet, template, pictures, files.chain[0].source())


def _template(workspace: Workspace, files: SettingsFiles) -> Template:
    """The nearest template of the chain, else the one that all layouts share."""
    for folder in (*(f"{FOLDER}/{name}" for name in files.names), FOLDER):
        path = workspace.find(f"{folder}/{TEMPLATE}")
        if path is not None:
            shown = workspace.shown(f"{folder}/{TEMPLATE}")
            return compile_template(datafile.read_text(path, shown, LayoutError), shown)
    raise LayoutError(f"there is no {TEMPLATE}.", files.chain[0].source(), "Write one.")


def _pictures(workspace: Workspace, files: SettingsFiles) -> dict[str, Path]:
    """Pictures in the folders of the chain, nearest first."""
    pictures: dict[str, Path] = {}
    for name in reversed(files.names):
        folder = f"{FOLDER}/{name}/"
        for file, found in workspace.files.items():
            if file.startswith(folder) and PurePosixPath(file).suffix.lower() in _PICTURES:
                pictures[file.removeprefix(folder)] = found.path
    return pictures
