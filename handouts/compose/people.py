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
#: From one person to the next; more after each fifth row and column, so that eyes can count.
_ACROSS, _DOWN, _EXTRA = 15.4, 14.0, 3.0
_GROUP, _COLUMNS = 5, 10
_MANY = 50  # beyond these, one array alone is twice as wide, with its words below
_HEAD_ROOM = 34.0  # above two arrays: the number and its name
_BETWEEN = 20.0  # two arrays
#: Words that tell what the shapes mean: the gap before them, a line, where it begins after its
#: shape, a letter (wider than most).
_GAP, _LINE, _KEY, _LETTER = 5.0, 15.5, 14.0, 5.9
_DIGIT = 17.5  # of the number above
_COLOUR = "var(--primary,#1f4e5f)"


class Array(Struct, frozen=True):
    """Some people, and where their array begins. ``said``: how many are shown by which shape, and
    what it stands for: below the array, or beside it if a few stand ``alone``."""

    share: Share
    name: str
    said: tuple[tuple[int, Shape, str], ...]
    x: float
    alone: bool

    @property
    def _many(self) -> bool:
        return self.alone and self.share.of > _MANY

    @property
    def _few(self) -> bool:
        return self.alone and not self._many

    @property
    def foot(self) -> float:
        """How far down the people reach."""
        return self.place(self.share.of - 1)[1] + _DOWN

    @property
    def width(self) -> float:
        """Room for the words."""
        if self._many:
            return WIDEST
        return WIDEST - self._beside if self._few else (WIDEST - _BETWEEN) / 2

    @property
    def _beside(self) -> float:
        return _COLUMNS * _ACROSS + _EXTRA + 3 * _GAP

    def place(self, number: int) -> tuple[float, float]:
        """Where a person stands, row by row from the top."""
        row, column = divmod(number, 2 * _COLUMNS if self._many else _COLUMNS)
        top = 0.5 if self.alone else _HEAD_ROOM
        across, down = _EXTRA * (column // _GROUP), _EXTRA * (row // _GROUP)
        return self.x + 0.5 + column * _ACROSS + across, top + row * _DOWN + down

    def legend(self) -> Iterator[tuple[float, float, float, int, Shape, str]]:
        """The words: where each line begins, its room, and what it says. Those of many people
        stand side by side if they fit."""
        x, y = (self._beside, 0.5) if self._few else (self.x + 0.5, self.foot + _GAP)
        rooms = [_KEY + (len(text) + 4) * _LETTER for _, _, text in self.said]
        row = self._many and sum(rooms) <= self.width
        for room, (count, shape, text) in zip(rooms, self.said, strict=True):
            yield x, y, room if row else self.width, count, shape, text
            x, y = (x + room, y) if row else (x, y + _LINE * self._lines(text))

    def _lines(self, text: str) -> int:
        """Lines that ``text`` may take."""
        return ceil((len(text) + 3) * _LETTER / (self.width - _KEY))

    @property
    def height(self) -> float:
        """How far down people and words reach."""
        (_, last, _, _, _, text) = [*self.legend()][-1]
        return max(self.foot, last + _LINE * self._lines(text))


def arrays(shares: Sequence[Share], lang: str, not_counted: str) -> tuple[Array, ...]:
    """Side by side, ten people in a row; or one."""
    made = []
    for at, share in enumerate(shares):
        rest = share.of - share.count - share.not_counted
        said: list[tuple[int, Shape, str]] = [
            (share.count, "solid", share.yes.get(lang, "")),
            (rest, "outline", share.no.get(lang, "")),
            (share.not_counted, "unknown", not_counted),
        ]
        shown, name = tuple(one for one in said if one[0]), share.name.get(lang, "")
        left = at * (WIDEST + _BETWEEN) / 2
        made.append(Array(share, name, shown, left, len(shares) == 1))
    return tuple(made)


def picture(name: str, groups: Sequence[Array]) -> Svg:
    """All arrays as one drawing, with a shape before each line of its words."""
    high = max(group.height for group in groups)
    parts = [part for group in groups for part in _drawn(group)]
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDEST:g} {high:g}" '
        f'stroke="{_COLOUR}" stroke-linecap="round" stroke-linejoin="round">{"".join(parts)}</svg>'
    )
    return Svg(name, WIDEST, high, text.encode())


def _drawn(group: Array) -> Iterator[str]:
    first = 0
    for left, down, _, count, shape, _ in group.legend():
        places = [group.place(first + number) for number in range(count)]
        first += count
        for form in _FORMS[shape]:
            d = "".join(form.format(x=f"{x:g}", y=f"{y:g}") for x, y in [*places, (left, down)])
            fill = _COLOUR if shape == "solid" else "none" if form is _QUESTION else "white"
            yield f'<path fill="{fill}" stroke-width="1" d="{d}"/>'


def labels(groups: Sequence[Array], of: str, source: Source) -> Iterator[FigureLabel]:
    """The number and its name above each of two arrays; what each shape stands for."""

    def label(x: float, y: float, wide: float, *words: Inline, style: str = "") -> FigureLabel:
        return FigureLabel(words, x, y, wide, style=style, source=source)

    for group in groups:
        if not group.alone:
            number = str(group.share.count)
            whole = Text(of.replace("{of}", str(group.share.of)))
            left = _DIGIT * len(number) + 7
            wide, name = group.width - left, _strong(group.name)
            yield label(group.x, 24.5, left, Text(number), style="numeral")
            yield label(group.x + left, 10, wide, whole, LineBreak(), name)
        for x, y, wide, count, _, text in group.legend():
            yield label(x + _KEY, y + 10.3, wide - _KEY, _strong(str(count)), Text(f" {text}"))


def _strong(text: str) -> Span:
    return Span((Text(text),), "strong")


def longest_name(share: Share) -> int:
    """The letters that fit on the one line above one of two arrays."""
    return int(((WIDEST - _BETWEEN) / 2 - 7 - _DIGIT * len(str(share.count))) / _LETTER)
