"""layout.toml: its keys, and those of the layouts that it extends as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from handouts import datafile
from handouts.datafile import DataFile
from handouts.errors import Finding, LayoutError, Source, UsageError
from handouts.layout.masters import PAPERS, Master, Sheet, Size, page_size
from handouts.model import OTHERS, WIDEST_PICTURE, LayoutFacts, LayoutKind
from handouts.names import is_slug, suggest
from handouts.workspace import Workspace

FOLDER = "layouts"
SETTINGS = "layout.toml"
#: Between the columns of two languages, in points.
GUTTER: Final = 18.0
_MAX_PARENTS = 8
#: Lengths that grow with the text: not margins and measures, which belong to the paper.
SCALED = frozenset(
    {
        *("size", "leading", "space_before", "space_after", "padding", "border", "radius"),
        *("marker_indent", "item_gap", "line_gap"),
    }
)


class Smallest(Struct, frozen=True):
    """The smallest text, in points."""

    size: float
    leading: float


class Settings(Struct, frozen=True):
    """``layout.toml``. What is left out comes from the layout that it extends."""

    extends: str = ""
    kind: LayoutKind = "patient"
    papers: tuple[str, ...] = ()
    sheet: Sheet = "whole"
    sections: tuple[str, ...] = (OTHERS,)
    last_page: tuple[str, ...] | None = None  # None: as each section says itself
    locked: tuple[str, ...] = ()
    pages: int = 0
    priority: tuple[str, ...] = ()
    bilingual: bool = False
    duplex: bool = True
    scale: float = 1.0
    smallest: Smallest | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    masters: Mapping[str, Master] = field(default_factory=dict)
    styles: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    inline: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def facts(self, name: str) -> LayoutFacts:
        """What compose must know of the layout ``name``."""
        return LayoutFacts(
            name,
            self.kind,
            self.locked,
            self.sections,
            self.last_page,
            self.bilingual,
            self.pages,
            self.priority,
            min([WIDEST_PICTURE, *self._columns()]),
        )

    def sizes(self) -> dict[str, Size]:
        """The pages, by paper."""
        return {one: page_size(one, self.sheet) for one in self.papers if one in PAPERS}

    def _columns(self) -> Iterator[float]:
        """How wide words stand in each frame on each paper."""
        for page, master in product(self.sizes().values(), self.masters.values()):
            for box in master.frames:
                width = box.on(master.on(page)).width
                yield (width - GUTTER) / 2 if self.bilingual else width

    def problems(self, files: SettingsFiles) -> Iterator[Finding]:
        """What is missing, and names that no other file explains."""
        yield from files.kind_problems(self.kind)
        if not self.papers:
            remedy = f"There are {', '.join(PAPERS)}."
            yield Finding("papers is missing.", files.where("papers"), remedy)
        for paper in self.papers:
            if paper not in PAPERS:
                source = files.where("papers")
                yield Finding(f"unknown paper “{paper}”.", source, suggest(paper, PAPERS))
        if self.priority and self.pages < 1:
            remedy = "Give it how many pages it has: pages = 2."
            yield Finding("priority needs pages.", files.where("priority"), remedy)
        for key, by_language in (("title", self.title), ("description", self.description)):
            if not by_language.get("en"):
                yield Finding(f"{key}.en is missing.", files.where(key), "Add it.")


class SettingsFiles:
    """layout.toml and those that it extends, nearest first."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace = workspace
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

    def kind_problems(self, kind: LayoutKind) -> Iterator[Finding]:
        """A layout that ships keeps the kind that it ships with."""
        name = f"{FOLDER}/{self.names[0]}/{SETTINGS}"
        if self.workspace.builtin_twin(name) is None:
            return
        shipped = _kind(SettingsFiles(self.workspace.shipped, self.names[0]))
        if kind != shipped:
            yield Finding(
                f"the layout {self.names[0]} ships with the kind “{shipped}”, not “{kind}”.",
                self.where("kind"),
                "Give a layout of another kind a name of its own.",
            )

    @staticmethod
    def _load(workspace: Workspace, name: str, at: Source | None) -> DataFile:
        known = workspace.names(FOLDER)
        path = workspace.find(f"{FOLDER}/{name}/{SETTINGS}")
        if not is_slug(name) or path is None:
            remedy = suggest(name, known)
            if at:
                raise LayoutError(f"unknown layout “{name}”.", at, remedy)
            raise UsageError(f"There is no layout “{name}”.", remedy=remedy)
        return datafile.load(path, workspace.shown(f"{FOLDER}/{name}/{SETTINGS}"), LayoutError)

    def where(self, *path: str | int) -> Source:
        """The line of a key, in the nearest file that has it, with what changes a length there."""
        for end in range(len(path), 0, -1):
            for index, file in enumerate(self.chain):
                value = _value(file.data, path[:end])
                if value is not None:
                    nearer = self.chain[:index] if path[0] == "styles" else []
                    changed = ", ".join(_changes(str(path[end - 1]), value, nearer))
                    return replace(file.source(*path[:end]), changed=changed)
        return self.chain[0].source()


def _value(data: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at ``path``; None where nothing does."""
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _changes(key: str, value: Any, nearer: Sequence[DataFile]) -> list[str]:
    """The lines by which the files that build on it make another one of a style's value."""
    changes: list[str] = []
    for file in reversed(nearer):
        scale, smallest = _growth(file)
        if (scaled := _scaled(key, value, scale)) != value:
            changes.append(f"scaled by {file.source('scale')}")
        if (value := _raised(key, scaled, smallest)) != scaled:
            changes = [f"raised by {file.source('smallest', key)}"]
    return changes


def _kind(files: SettingsFiles) -> str:
    """The kind that the nearest file of the chain gives."""
    return next((file.data["kind"] for file in files.chain if "kind" in file.data), "patient")


def read_settings(files: SettingsFiles) -> Settings:
    """All files of the chain as one.

    Raises LayoutError with every unknown key and wrong type of each file.
    """
    findings: list[Finding] = []
    for file in files.chain:
        try:
            settings = datafile.convert(file, Settings, LayoutError)
            if not 0.5 <= settings.scale <= 3:
                findings.append(Finding("scale must be from 0.5 to 3.", file.source("scale")))
        except LayoutError as problem:
            findings += problem.findings
    if findings:
        raise LayoutError(findings)
    data: dict[str, Any] = {}
    for file in reversed(files.chain):
        data = _merged(_enlarged(data, *_growth(file)), file.data)
    whole = replace(files.chain[0], data=data)
    return datafile.convert(whole, Settings, LayoutError)


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Tables key by key; everything else is replaced."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = (
            _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
        )
    return merged


def _growth(file: DataFile) -> tuple[float, Mapping[str, float]]:
    """``scale`` and ``smallest`` of a file."""
    return file.data.get("scale", 1.0), file.data.get("smallest", {})


def _enlarged(data: dict[str, Any], scale: float, smallest: Mapping[str, float]) -> dict[str, Any]:
    """What a layout builds on, with all lengths scaled, and no text smaller than it says."""
    styles = {
        name: {
            key: _raised(key, _scaled(key, value, scale), smallest) for key, value in table.items()
        }
        for name, table in data.get("styles", {}).items()
    }
    return {**data, "styles": styles}


def _scaled(key: str, value: Any, scale: float) -> Any:
    """A style's value; of a length, ``scale`` times as much. Not rounded: of letters and lines that
    stand as close as may be, one would go up and the other down.
    """
    if key not in SCALED:
        return value
    if isinstance(value, list):
        return [_scaled(key, item, scale) for item in value]
    return round(value * scale, 4) if _is_length(value) else value


def _raised(key: str, value: Any, smallest: Mapping[str, float]) -> Any:
    """A style's value; of a length, no less than the smallest."""
    return max(value, smallest[key]) if key in smallest and _is_length(value) else value


def _is_length(value: Any) -> bool:
    """Whether it can be scaled; what is no length is refused where the styles are checked."""
    return isinstance(value, int | float) and not isinstance(value, bool)
