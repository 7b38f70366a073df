"""Figures of editors: a drawing without words, the places of its labels, words by language.

``content/figures/NAME/`` holds ``drawing.svg`` (or ``drawing.png``), ``figure.toml`` and
``LANG.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil
from pathlib import PurePosixPath
from typing import Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from handouts import datafile
from handouts.datafile import DataFile
from handouts.errors import BrandError, ContentError, Finding, HandoutsError, Source
from handouts.inputs import read
from handouts.library.markdown import parse_inline, parse_words
from handouts.model import (
    WIDEST_PICTURE,
    Align,
    FigureLabel,
    Inline,
    LineBreak,
    Raster,
    Span,
    Svg,
    Text,
    Value,
)
from handouts.model.inlines import NOWHERE
from handouts.model.tree import walk_inline
from handouts.workspace import Workspace

T = TypeVar("T")

FIGURES = "content/figures"
#: A label is narrow, so that another language may wrap.
WIDEST_LABEL = 150.0
#: Points: of a bar, and of the letters of a label above the line that they stand on.
BAR_HEIGHT, _ASCENT = 12.0, 9.0
#: Fewer pixels an inch look ragged on paper.
_MIN_DPI = 150
_MAX_BYTES = 2 * 1024 * 1024
#: A colour of the brand; the fallback is for programs that draw. Such signs are the same bytes in
#: each encoding that a drawing may declare.
VARIABLE = re.compile(rb"var\(\s*--(primary|text|warning|tint)\s*(?:,\s*#[0-9a-fA-F]{3,6}\s*)?\)")
_PLAIN = frozenset(("", "none", "white", "black", "#fff", "#ffffff", "#000", "#000000"))
_COLOURED = ("fill", "stroke", "stop-color", "color")
_WORDS = "Take it out, and write it as a label: its words are translated and read aloud."


class Bar(Struct, frozen=True):
    """A bar on a ruler of weeks, which begins at ``x``; ``y`` of its middle. Its length is that of
    the value ``value``; ``week`` points are one week, and it may have ``most``."""

    value: str
    x: float
    y: float
    week: float
    most: int


class FigureFile(Struct, frozen=True):
    """A figure in one language. ``width`` in points, where letters have ``LABEL_SIZE``."""

    picture: Svg | Raster
    width: float
    labels: tuple[FigureLabel, ...]
    alt: tuple[Inline, ...]
    bars: tuple[Bar, ...] = ()
    source: Source = NOWHERE


def figure_words(figure: FigureFile) -> tuple[Inline, ...]:
    """All words of a figure: those that are seen, and those that are heard."""
    return (*figure.alt, *(node for label in figure.labels for node in label.children))


class _Place(Struct, frozen=True):
    """``[labels.ID]`` of ``figure.toml``."""

    x: float
    y: float
    width: float
    align: Literal["start", "centre", "end"] = "start"


class _Ruler(Struct, frozen=True):
    """``[ruler]``: where week 0 is, how many points a week has, how many weeks there are."""

    x: float
    week: float
    weeks: int


class _Bar(Struct, frozen=True):
    """``[bars.ID]``: a value of ``values.toml``, and the middle of its bar."""

    value: str
    y: float


class _Plan(Struct, frozen=True):
    """``figure.toml``."""

    width: float
    labels: dict[str, _Place] = field(default_factory=dict)
    ruler: _Ruler = _Ruler(0, 0, 0)
    bars: dict[str, _Bar] = field(default_factory=dict)


class _Words(Struct, frozen=True):
    """``LANG.toml``."""

    alt: str
    labels: dict[str, str] = field(default_factory=dict)


def figure_names(workspace: Workspace) -> tuple[str, ...]:
    """The names of all figures, sorted."""
    return workspace.names(FIGURES)


def read_figure(workspace: Workspace, name: str, lang: str) -> FigureFile:
    """The figure ``name``. Raises ContentError with all that is wrong with its files."""
    return _Reader(workspace, f"{FIGURES}/{name}", lang).figure()


class _Reader:
    """Reads the files of one figure and keeps what is wrong with each."""

    def __init__(self, workspace: Workspace, folder: str, lang: str) -> None:
        self.workspace = workspace
        self.folder = folder
        self.lang = lang
        self.findings: list[Finding] = []

    def figure(self) -> FigureFile:
        plan_file, words_file = self.open("figure.toml"), self.open(f"{self.lang}.toml")
        plan = self.convert(plan_file, _Plan)
        words = self.convert(words_file, _Words)
        picture = self.picture()
        labels: tuple[FigureLabel, ...] = ()
        alt: tuple[Inline, ...] = ()
        if plan and plan_file and picture:
            self.findings += _sizes(plan, plan_file, picture)
        if words and words_file:
            alt = self.alt(words.alt, words_file.source("alt"))
            if plan:
                labels = tuple(self.labels(plan, words, words_file))
        if self.findings or not (plan and picture):
            raise ContentError(self.findings)
        where = Source(self.workspace.shown(f"{self.folder}/figure.toml"))
        x, week, weeks = plan.ruler.x, plan.ruler.week, plan.ruler.weeks
        bars = tuple(Bar(one.value, x, one.y, week, weeks) for one in plan.bars.values())
        return FigureFile(picture, plan.width, labels, alt, bars, where)

    def open(self, name: str) -> DataFile | None:
        full = f"{self.folder}/{name}"
        path = self.workspace.find(full)
        try:
            if path:
                return datafile.load(path, self.workspace.shown(full), ContentError)
            languages = name.removesuffix(".toml") == self.lang
            what = f"it has no words in language {self.lang}" if languages else "it has no plan"
            message = f"the figure {PurePosixPath(self.folder).name} is not whole: {what}."
            self.findings.append(Finding(message, Source(full), f"Add {full}."))
        except ContentError as problem:
            self.findings += problem.findings
        return None

    def convert(self, file: DataFile | None, kind: type[T]) -> T | None:
        try:
            return datafile.convert(file, kind, ContentError) if file else None
        except ContentError as problem:
            self.findings += problem.findings
            return None

    # --- words ---

    def alt(self, text: str, source: Source) -> tuple[Inline, ...]:
        nodes, found = parse_words(" ".join(text.split()), source)
        self.findings += found
        if not any(char.isalpha() for char in text):
            remedy = "Say in a sentence or two what the picture tells."
            self.findings.append(Finding("alt says nothing.", source, remedy))
        return nodes

    def labels(self, plan: _Plan, words: _Words, texts: DataFile) -> Iterator[FigureLabel]:
        for id in words.labels.keys() - plan.labels.keys():
            what = f"figure.toml has no place for the label {id}."
            remedy = f"Add [labels.{id}] there, or correct the name."
            self.findings.append(Finding(what, texts.source("labels", id), remedy))
        for id, place in plan.labels.items():
            text = words.labels.get(id, "").strip()
            source = texts.source("labels", id) if text else texts.source("labels")
            if text:
                align = Align(place.align)
                children = self.lines(text, source)
                yield FigureLabel(children, place.x, place.y, place.width, align, source=source)
            else:
                what = f"the label {id} has no words in language {self.lang}."
                remedy = f'Add {id} = "…" below [labels].'
                self.findings.append(Finding(what, source, remedy))

    def lines(self, text: str, source: Source) -> tuple[Inline, ...]:
        """A label's words: a line break in the file is one in the picture."""
        nodes: list[Inline] = []
        for line in text.split("\n"):
            inside, found = parse_inline(line, source)
            self.findings += found
            nodes += [LineBreak(source), *inside] if nodes else inside
        for one in walk_inline(nodes):
            if not isinstance(one, Text | Span | Value | LineBreak):
                what = f"a label holds a {type(one).__name__.lower()}."
                remedy = "Write words, **strong words** and values; links and sources go below."
                self.findings.append(Finding(what, source, remedy))
        return tuple(nodes)

    # --- the drawing ---

    def picture(self) -> Svg | Raster | None:
        """The drawing; a clinic's own goes before one that ships.

        Its name is that in the workspace: an edition and an approval are the same wherever the
        workspace lies.
        """
        names = (f"{self.folder}/drawing.svg", f"{self.folder}/drawing.png")
        found = [self.workspace.files[name] for name in names if self.workspace.find(name)]
        if not found:
            remedy = "Put drawing.svg or drawing.png into the figure's folder."
            self.findings.append(Finding("there is no drawing.", Source(names[0]), remedy))
            return None
        file = min(found, key=lambda one: one.builtin)
        shown = self.workspace.shown(file.name)
        try:
            data = read(file.path, _MAX_BYTES)
            if file.name.endswith(".svg"):
                return replace(self.svg(data, shown), name=file.name)
            from handouts.library.brand.logo import read_raster

            return replace(read_raster(data, shown, Source(shown)), name=file.name)
        except HandoutsError as problem:
            self.findings += [_for_figures(one) for one in problem.findings]
        except (OSError, ValueError) as problem:
            self.findings.append(Finding(f"cannot be read: {problem}.", Source(shown)))
        return None

    def svg(self, data: bytes, shown: str) -> Svg:
        """A drawing whose colours are those of the brand. Raises BrandError."""
        from handouts.pdf.svg_source import LINE, read_source

        source = read_source(VARIABLE.sub(b"black", data), shown)
        wrong = [
            Finding(
                f"uses the colour “{value[:40]}”, which is none of the brand's.",
                Source(shown, int(element.get(LINE) or 1)),
                "Write var(--primary,#1f4e5f), or --text, --warning, --tint; or white, or black.",
            )
            for element in source.root.iter()
            for key in _COLOURED
            if (value := element.get(key, "")).lower() not in _PLAIN
        ]
        if wrong:
            raise BrandError(wrong)
        return Svg(shown, source.width, source.height, data)


def _for_figures(finding: Finding) -> Finding:
    """What is wrong with a drawing, where the message would speak of a logo."""
    if "<text>" in finding.message:
        return Finding("holds words.", finding.source, _WORDS)
    message = finding.message.replace("the logo ", "the drawing ")
    return Finding(message, finding.source, finding.remedy)


def _bars(plan: _Plan, file: DataFile, height: float) -> Iterator[Finding]:
    """Bars outside the picture, over each other, or over a label that ends behind their left."""
    for id, bar in plan.bars.items():
        if not BAR_HEIGHT / 2 <= bar.y <= height - BAR_HEIGHT / 2:
            what = "lies outside the picture"
        elif any(abs(bar.y - one.y) < BAR_HEIGHT for one in plan.bars.values() if one is not bar):
            what = "stands over another"
        elif any(_is_over(bar, plan.ruler.x, place) for place in plan.labels.values()):
            what = "stands over a label"
        else:
            continue
        yield Finding(f"the bar {id} {what}.", file.source("bars", id), "Give it another y.")


def _is_over(bar: _Bar, left: float, label: _Place) -> bool:
    end = label.x + label.width * {"start": 1.0, "centre": 0.5, "end": 0.0}[label.align]
    return end > left and -BAR_HEIGHT / 2 < label.y - bar.y < BAR_HEIGHT / 2 + _ASCENT


def _sizes(plan: _Plan, file: DataFile, picture: Svg | Raster) -> Iterator[Finding]:
    """Lengths that do not fit the picture."""
    if not 36 <= plan.width <= WIDEST_PICTURE:
        what = f"width is {plan.width:g} points; a figure has 36 to {WIDEST_PICTURE:g}."
        yield Finding(what, file.source("width"), "Draw it narrower.")
    elif isinstance(picture, Svg) and abs(picture.width - plan.width) > 0.5:
        what = f"width is {plan.width:g}, and the drawing's viewBox is {picture.width:g} wide."
        remedy = "Draw in points: both are the same."
        yield Finding(what, file.source("width"), remedy)
    elif isinstance(picture, Raster) and picture.width < plan.width / 72 * _MIN_DPI:
        needed = ceil(plan.width / 72 * _MIN_DPI)
        what = (
            f"the drawing is too coarse: {picture.width:.0f} pixels across {plan.width:g} points."
        )
        yield Finding(what, file.source("width"), f"It needs {needed}, or draw an SVG.")
    height = plan.width * picture.height / picture.width
    right = plan.ruler.x + plan.ruler.week * plan.ruler.weeks
    if plan.bars and not (isinstance(picture, Svg) and 0 <= plan.ruler.x < right <= plan.width):
        what = "bars need an SVG, and a ruler within it."
        yield Finding(what, file.source("bars"), "Write x, week and weeks below [ruler].")
    yield from _bars(plan, file, height)
    for id, place in plan.labels.items():
        at = file.source("labels", id)
        if not (0 <= place.x <= plan.width and 0 <= place.y <= height):
            yield Finding(f"the label {id} lies outside the picture.", at, "Move it into it.")
        if not 10 <= place.width <= WIDEST_LABEL:
            what = f"the label {id} is {place.width:g} wide; it may have 10 to {WIDEST_LABEL:g}."
            yield Finding(what, at, "Give it another width.")
