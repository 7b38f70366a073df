"""Pictures with words in them: each label has its place, which moves as the picture grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, TypeAlias

from msgspec import Struct

from handouts.errors import Finding, LayoutError
from handouts.flow.block_boxes import ImageBox
from handouts.flow.paragraphs import ParagraphBox
from handouts.flow.sheet import Sheet
from handouts.model import LABEL_SIZE, Align, Figure, FigureLabel

_PARTS: Final = {Align.START: 0.0, Align.CENTRE: 0.5, Align.END: 1.0}
#: Words closer than this meet; so far may a line of words stand out of its picture (points).
_NEAR: Final = 0.5
#: Above and below its baseline, in parts of the size, a line of words hides what is there.
_ABOVE, _BELOW = 0.72, 0.22

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
        self.labels = [
            Placing(one.label, one.box.wrap(one.label.width * self.scale)) for one in self.labels
        ]
        if findings := [*self._unfit(), *self._meeting()]:
            raise LayoutError(findings)
        return height

    def _unfit(self) -> Iterator[Finding]:
        """Labels that leave the picture; the box of each refuses a word that is too wide."""
        right, low = (length + _NEAR for length in self.size)
        for one in self.labels:
            lines = one.lines(self.scale)
            if any(
                area[0] < -_NEAR or area[1] < -_NEAR or area[2] > right or area[3] > low
                for area in lines
            ):
                yield _finding(one, "the label leaves the picture")
            elif 0 < one.label.lines < len(lines):
                yield _finding(one, "the label stands over the picture")

    def _meeting(self) -> Iterator[Finding]:
        """Labels that stand over each other."""
        for one, other in combinations(self.labels, 2):
            if any(
                min(a[2], b[2]) - max(a[0], b[0]) > _NEAR
                and min(a[3], b[3]) - max(a[1], b[1]) > _NEAR
                for a in one.lines(self.scale)
                for b in other.lines(self.scale)
            ):
                yield _finding(other, f"the label stands over that of {one.label.source}")

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        super()._place(sheet, x, top)
        _, available = self._inner(self.width)
        x += (available - self.size[0]) * self.position
        for one in self.labels:
            label = one.label
            left = (label.x - label.width * _PARTS[label.align]) * self.scale
            one.box.place(sheet, x + left, top + label.y * self.scale - one.box.drop)


def _finding(one: Placing, what: str) -> Finding:
    if one.label.lines:
        remedy = "Use fewer words in evidence.toml, or give the picture a wider column."
    else:
        remedy = "Use fewer words, or move the label in figure.toml."
    return Finding(f"{what}.", one.label.source, remedy)
