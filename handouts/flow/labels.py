"""Pictures with words in them: each label has its place, which moves as the picture grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import ceil, floor
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import Finding, LayoutError, Source
from handouts.flow.block_boxes import ImageBox
from handouts.flow.paragraphs import ParagraphBox
from handouts.flow.sheet import Sheet
from handouts.model import LABEL_SIZE, NOWHERE, Align, Figure, FigureLabel

_PARTS: Final = {Align.START: 0.0, Align.CENTRE: 0.5, Align.END: 1.0}
#: Words closer than this meet; so far may a line of words stand out of its picture (points).
_NEAR: Final = 0.5
#: Above and below its baseline, in parts of the size, a line of words hides what is there.
_ABOVE, _BELOW = 0.72, 0.22

_REMEDY: Final = (
    "Use fewer words, move the label in figure.toml, or choose a narrower font in brand.toml."
)
_OF_PEOPLE: Final = "Use fewer words in evidence.toml, or choose a narrower font in brand.toml."

#: Left, top, right, low: points from the upper left corner of the picture.
_Area: TypeAlias = tuple[float, float, float, float]


class Placing(Struct):
    """A label and its lines."""

    label: FigureLabel
    box: ParagraphBox

    def lines(self, scale: float) -> list[_Area]:
        """Where each line stands in a picture ``scale`` times as large as it was drawn."""
        size, label = self.box.style.size, self.label
        areas = []
        for number, line in enumerate(self.box.lines):
            left = label.x * scale - line.width * _PARTS[label.align]
            base = label.y * scale + number * self.box.leading
            areas.append((left, base - _ABOVE * size, left + line.width, base + _BELOW * size))
        return areas


class NarrowedError(LayoutError):
    """The words of a picture, which have room in all of its width, have none in what it gets."""

    def __init__(self, problem: str | Iterable[Finding], source: Source | None = None) -> None:
        super().__init__(problem, source, "Leave it more room, or use fewer words in it.")


class LabelledBox(ImageBox):
    """A picture, drawn for letters of ``LABEL_SIZE`` points, as large as its labels ask for."""

    def __init__(self, picture: ImageBox, figure: Figure, labels: Sequence[Placing]) -> None:
        letters = min(one.box.style.size for one in labels)
        wish = figure.width * letters / LABEL_SIZE
        super().__init__(picture.image, wish, picture.leaf, picture.position)
        self.drawn = figure.width
        self.labels = labels

    @property
    def scale(self) -> float:
        """How many times as large as it was drawn."""
        return self.size[0] / self.drawn

    def _wrap(self, width: float) -> float:
        height = super()._wrap(width)
        self.labels, findings = self._wrapped(self.scale)
        if findings:
            whole = self.wish / self.drawn
            if self.scale < whole and not self._wrapped(whole)[1]:
                what = f"{floor(self.size[0])} points of the {ceil(self.wish)} of its width"
                at = findings[0].source  # of words that an approval keeps nothing is known
                where = "" if at in (None, NOWHERE) else f", such as at {at}"
                raise NarrowedError(
                    f"{self.what} has {what}: too few for its words{where}.", self.source
                )
            raise LayoutError(findings)
        return height

    def _wrapped(self, scale: float) -> tuple[Sequence[Placing], list[Finding]]:
        """The labels of a picture ``scale`` times as large as drawn, and what is wrong with them:
        if a word is wider than its line, that alone."""
        try:
            labels = [
                Placing(one.label, one.box.wrap(one.label.width * scale)) for one in self.labels
            ]
        except LayoutError as problem:
            return self.labels, [replace(one, remedy=_REMEDY) for one in problem.findings]
        width = self.drawn * scale
        size = width, width * self.image.height / self.image.width
        return labels, [*_unfit(labels, scale, size), *_meeting(labels, scale)]

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        super()._place(sheet, x, top)
        _, available = self._inner(self.width)
        x += (available - self.size[0]) * self.position
        for one in self.labels:
            label = one.label
            left = (label.x - label.width * _PARTS[label.align]) * self.scale
            one.box.place(sheet, x + left, top + label.y * self.scale - one.box.drop)


def _finding(one: Placing, what: str) -> Finding:
    remedy = _OF_PEOPLE if one.label.lines else _REMEDY
    return Finding(f"{what}.", one.label.source, remedy)


def _unfit(labels: Sequence[Placing], scale: float, size: tuple[float, float]) -> Iterator[Finding]:
    """Labels that leave the picture, or have more lines than there is room for."""
    right, low = (length + _NEAR for length in size)
    for one in labels:
        lines = one.lines(scale)
        if any(
            area[0] < -_NEAR or area[1] < -_NEAR or area[2] > right or area[3] > low
            for area in lines
        ):
            yield _finding(one, "the label leaves the picture")
        elif 0 < one.label.lines < len(lines):
            yield _finding(one, "the label stands over the picture")


def _meeting(labels: Sequence[Placing], scale: float) -> Iterator[Finding]:
    """Labels that stand over each other."""
    for one, other in combinations(labels, 2):
        if any(
            min(a[2], b[2]) - max(a[0], b[0]) > _NEAR and min(a[3], b[3]) - max(a[1], b[1]) > _NEAR
            for a in one.lines(scale)
            for b in other.lines(scale)
        ):
            yield _finding(other, f"the label stands over that of {one.label.source}")
