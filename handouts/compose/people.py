"""Icon arrays: as many people as the evidence counts, drawn as one picture with its labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.errors import Source
from handouts.library.figure_files import WIDEST
from handouts.library.schema import Share
from handouts.model import FigureLabel, Inline, LineBreak, Span, Svg, Text

#: A person in a box of 9 × 13.3 points: the head, and the body below it.
_HEAD = "M{x} {y}m2.2 2.7a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0 -4.6 0z"
_BODY = (
    "M{x} {y}m4.5 5.9c2.8 0 4.2 1.5 4.2 3.7v3q0 .7 -.7 .7h-7q-.7 0 -.7 -.7v-3"
    "c0 -2.2 1.4 -3.7 4.2 -3.7z"
)
_QUESTION = "M{x} {y}m3.2 8.5c.1 -1.6 2.7 -1.6 2.6 .1c0 1 -1.3 1 -1.3 2.1m0 1.35v.1"
Shape: TypeAlias = Literal["solid", "outline", "unknown"]
_FORMS: Mapping[Shape, tuple[str, ...]] = {
    "solid": (_HEAD, _BODY),
    "outline": (_HEAD, _BODY),
    "unknown": (_HEAD, _BODY, _QUESTION),
}
#: From one person to the next; more after the fifth row and column, so that eyes can count.
_ACROSS, _DOWN, _EXTRA = 15.4, 15.6, 4.0
_TOP = 36.0  # of the shapes: the number and its name stand above
_GROUP = 5
_SMALL = 45  # people that make at most three rows of fifteen
_BETWEEN = 20.0  # two arrays
#: Of the words below: the gap above them, a line, where they begin, a letter (more than most).
_GAP, _LINE, _KEY, _LETTER = 5.0, 16.0, 14.0, 5.9
_DIGIT = 17.5  # of the number above
_COLOUR = "var(--primary,#1f4e5f)"


class Array(Struct, frozen=True):
    """Some people, and where their array begins. ``columns`` in a row; ``said``: below it, how many
    are shown by which shape, and what it stands for; ``width`` is that of these words."""

    share: Share
    name: str
    said: tuple[tuple[int, Shape, str], ...]
    x: float
    width: float
    columns: int

    @property
    def foot(self) -> float:
        """How far down the people reach."""
        rows = -(-self.share.of // self.columns)
        return _TOP + rows * _DOWN + (_EXTRA if rows > _GROUP else 0) + _GAP

    def place(self, number: int) -> tuple[float, float]:
        """Where a person stands, row by row from the top."""
        row, column = divmod(number, self.columns)
        across, down = _EXTRA * (column // _GROUP), _EXTRA * (row // _GROUP)
        return self.x + column * _ACROSS + across, _TOP + row * _DOWN + down

    def below(self) -> Iterator[tuple[float, int, Shape, str]]:
        """The lines below: how far down each begins, and what it says."""
        down = self.foot
        for count, shape, text in self.said:
            yield down, count, shape, text
            down += _LINE * self.lines(text)

    def lines(self, text: str) -> int:
        """Lines that ``text`` may take."""
        return ceil((len(text) + 3) * _LETTER / (self.width - _KEY))

    @property
    def height(self) -> float:
        """How far down the words reach."""
        return self.foot + _LINE * sum(self.lines(text) for _, _, text in self.said)


def arrays(shares: Sequence[Share], lang: str, not_counted: str) -> tuple[Array, ...]:
    """Side by side, each ten in a row; a small group alone has fifteen."""
    alone = len(shares) == 1
    width = WIDEST if alone else (WIDEST - _BETWEEN) / 2
    made = []
    for at, share in enumerate(shares):
        rest = share.of - share.count - share.not_counted
        said: list[tuple[int, Shape, str]] = [
            (share.count, "solid", share.yes.get(lang, "")),
            (rest, "outline", share.no.get(lang, "")),
            (share.not_counted, "unknown", not_counted),
        ]
        columns = 15 if alone and share.of <= _SMALL else 10
        shown = tuple(one for one in said if one[0])
        name = share.name.get(lang, "")
        made.append(Array(share, name, shown, at * (width + _BETWEEN), width, columns))
    return tuple(made)


def picture(name: str, groups: Sequence[Array]) -> Svg:
    """All arrays as one drawing, with a shape before each line below it."""
    high = max(group.height for group in groups)
    parts = [part for group in groups for part in _drawn(group)]
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDEST:g} {high:g}" '
        f'stroke="{_COLOUR}" stroke-linecap="round" stroke-linejoin="round">{"".join(parts)}</svg>'
    )
    return Svg(name, WIDEST, high, text.encode())


def _drawn(group: Array) -> Iterator[str]:
    first = 0
    for down, count, shape, _ in group.below():
        places = [group.place(first + number) for number in range(count)]
        first += count
        for form in _FORMS[shape]:
            d = "".join(form.format(x=f"{x:g}", y=f"{y:g}") for x, y in [*places, (group.x, down)])
            fill = _COLOUR if shape == "solid" else "none" if form is _QUESTION else "white"
            yield f'<path fill="{fill}" stroke-width="1" d="{d}"/>'


def labels(groups: Sequence[Array], of: str, source: Source) -> Iterator[FigureLabel]:
    """The number and its name above each array; what each shape stands for below it."""

    def label(x: float, y: float, wide: float, *words: Inline, style: str = "") -> FigureLabel:
        return FigureLabel(words, x, y, wide, style=style, source=source)

    for group in groups:
        number = str(group.share.count)
        left = _DIGIT * len(number) + 7
        whole = Text(of.replace("{of}", str(group.share.of)))
        yield label(group.x, 26, left, Text(number), style="numeral")
        yield label(
            group.x + left, 11.5, group.width - left, whole, LineBreak(), _strong(group.name)
        )
        for down, count, _, text in group.below():
            wide = group.width - _KEY
            yield label(group.x + _KEY, down + 10.3, wide, _strong(str(count)), Text(f" {text}"))


def _strong(text: str) -> Span:
    return Span((Text(text),), "strong")
