"""Icon arrays: as many people as the evidence counts, drawn as one picture with its labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.errors import Source
from handouts.flow.faces import lines_taken
from handouts.library.schema import Share
from handouts.model import WIDEST_PICTURE, FigureLabel, Inline, LineBreak, Span, Svg, Text

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
#: From one person to the next, and what a narrow column may make of it; more after each fifth row
#: and column, so that eyes can count.
_ACROSS, _NARROW, _DOWN, _EXTRA = 12.7, 12.2, 14.0, 3.0
_GROUP, _PAIRED, _ALONE = 5, 10, 25  # people in a row: of two arrays; of one, at most
_FIVE = _GROUP * _NARROW + _EXTRA  # the width of five
_TITLE, _EDGE = 14.5, 0.5  # a line above one array; from the picture's edge to what is in it
_HEAD_ROOM = 34.0  # above two arrays: the number and its name
_BETWEEN, _BELOW = 20.0, 9.0  # two arrays beside and below each other
_HALF = (WIDEST_PICTURE - _BETWEEN) / 2  # the width of one of two
#: Words below: the gap above them, a line, how much lower it is than that, where it begins after
#: its shape, the gap to the next words.
_GAP, _LINE, _LESS, _KEY, _APART = 5.0, 15.5, 1.5, 14.0, 9.0
_LETTER = 5.85  # wider than most
_DIGIT = 17.5  # of the number above
#: How wide words are, in bold or not, at letters of ``LABEL_SIZE`` points.
Ruler: TypeAlias = Callable[[str, bool], float]
_COLOUR = "var(--primary,#1f4e5f)"


class Key(Struct, frozen=True):
    """Words below an array: where they begin, how many lines they have and where these end; how
    many it is of whom."""

    x: float
    y: float
    lines: int
    foot: float
    count: int
    shape: Shape
    text: str


class Array(Struct, frozen=True):
    """Some people, and where their array begins. ``said`` below it: how many are shown by which
    shape, and what it stands for; words without a number have no shape. An array ``alone`` in its
    ``width`` has its name as the title, and may have words ``behind`` that."""

    share: Share
    name: str
    behind: str
    said: tuple[tuple[int, Shape, str], ...]
    x: float
    y: float
    width: float
    alone: bool
    ruler: Ruler
    of: str  # beside the number of one of two, above its name
    head_lines: int  # of the words above: as many for each of two

    @property
    def right(self) -> float:
        """Where its room ends."""
        return self.x + self.width

    @property
    def _columns(self) -> int:
        """Rows of one array are as long as each other, in fives."""
        most = min(_ALONE, _GROUP * max(1, int((self.width + _EXTRA) / _FIVE)))
        rows = ceil(self.share.of / most)
        return _GROUP * ceil(self.share.of / rows / _GROUP) if self.alone else _PAIRED

    @property
    def _head(self) -> float:
        if self.alone:
            return _EDGE + _TITLE * self.head_lines
        return _HEAD_ROOM + _LINE * (self.head_lines - 2)

    @property
    def _across(self) -> float:
        fives = self._columns / _GROUP
        return min(_ACROSS, ((self.width + _EXTRA) / fives - _EXTRA) / _GROUP)

    def place(self, number: int) -> tuple[float, float]:
        """Where a person stands, row by row from the top."""
        row, column = divmod(number, self._columns)
        across, down = _EXTRA * (column // _GROUP), _EXTRA * (row // _GROUP)
        top = self.y + self._head
        return self.x + _EDGE + column * self._across + across, top + row * _DOWN + down

    def legend(self) -> Iterator[Key]:
        """The words below, side by side where they fit."""
        left, right = self.x + _EDGE, self.right
        x, y = left, self.place(self.share.of - 1)[1] + _DOWN + _GAP
        for count, shape, text in self.said:
            before, many = (_KEY, f"{count}") if count else (0.0, "")
            words = _words(self.ruler, many, text)
            room = before + sum(words)
            if x > left and x + room > right:
                x, y = left, y + _LINE
            lines = lines_taken(words, right - left - before)
            yield Key(x, y, lines, y + _LINE * lines - _LESS, count, shape, text)
            x, y = (x + room + _APART, y) if lines == 1 else (left, y + _LINE * lines)

    @property
    def height(self) -> float:
        """How far down people and words reach."""
        return [*self.legend()][-1].foot


def _words(ruler: Ruler, bold: str, text: str) -> list[float]:
    """How wide each word is, with its space."""
    return [
        ruler(f"{word} ", is_bold)
        for part, is_bold in ((bold, True), (text, False))
        for word in part.split()
    ]


class Told(Struct, frozen=True):
    """What is said beside the shares' own words: of how many they are (``{of}``), whom a result is
    not known of, and what a shape is, "" where that was said before."""

    lang: str
    of: str
    not_counted: str
    each: str

    def whole(self, share: Share) -> str:
        """Of how many ``share`` is."""
        return self.of.replace("{of}", str(share.of))


def arrays(
    shares: Sequence[Share], told: Told, ruler: Ruler, width: float = WIDEST_PICTURE
) -> tuple[Array, ...]:
    """Two side by side, ten people in a row; or one, as each of two where ``width`` is less than a
    page has, with five in a row or more. What a shape is stands behind the title if it fits there.
    """
    width = max(width, _FIVE)
    made: list[Array] = []
    alone = len(shares) == 1 or width < WIDEST_PICTURE
    head_lines = max(
        sum(
            lines_taken(_words(ruler, *words), _HALF - _beside(str(share.count)))
            for words in ((share.name.get(told.lang, ""), ""), ("", told.whole(share)))
        )
        for share in shares
    )
    for at, share in enumerate(shares):
        rest = share.of - share.count - share.not_counted
        said: list[tuple[int, Shape, str]] = [
            (share.count, "solid", share.yes.get(told.lang, "")),
            (rest, "outline", share.no.get(told.lang, "")),
            (share.not_counted, "unknown", told.not_counted),
        ]
        shown, name = [one for one in said if one[0]], share.name.get(told.lang, "")
        first = told.each if not at else ""
        fits = alone and sum(_words(ruler, f"{name}.", first)) <= width - _EDGE
        if first and not fits:
            shown.append((0, "unknown", first))
        left = 0.0 if alone else at * (WIDEST_PICTURE + _BETWEEN) / 2
        top = made[-1].height + _BELOW if alone and made else 0.0
        own = width if alone else _HALF
        behind = first if fits else ""
        above, of = head_lines, told.whole(share)
        if alone:
            above = lines_taken(_words(ruler, name, behind), width - _EDGE)
        made.append(
            Array(share, name, behind, tuple(shown), left, top, own, alone, ruler, of, above)
        )
    return tuple(made)


def picture(name: str, groups: Sequence[Array]) -> Svg:
    """All arrays as one drawing, with a shape before each line of its words."""
    high = max(group.height for group in groups)
    wide = max(group.right for group in groups)
    parts = [part for group in groups for part in _drawn(group)]
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" '
        f'stroke="{_COLOUR}" stroke-linecap="round" stroke-linejoin="round">{"".join(parts)}</svg>'
    )
    return Svg(name, wide, high, text.encode())


def _drawn(group: Array) -> Iterator[str]:
    first = 0
    for key in group.legend():
        places = [group.place(first + number) for number in range(key.count)]
        first += key.count
        for form in _FORMS[key.shape] if places else ():
            d = "".join(form.format(x=f"{x:g}", y=f"{y:g}") for x, y in [*places, (key.x, key.y)])
            fill = _COLOUR if key.shape == "solid" else "none" if form is _QUESTION else "white"
            yield f'<path fill="{fill}" stroke-width="1" d="{d}"/>'


def labels(groups: Sequence[Array], source: Source) -> Iterator[FigureLabel]:
    """The title of one array; the number and its name above each of two; what each shape stands
    for."""

    def label(
        x: float, y: float, wide: float, lines: int, *words: Inline, style: str = ""
    ) -> FigureLabel:
        return FigureLabel(words, x, y, wide, style=style, lines=lines, source=source)

    for group in groups:
        name = _strong(f"{group.name}." if group.behind else group.name)
        if group.alone:
            behind = (Text(f" {group.behind}"),) if group.behind else ()
            wide = group.width - _EDGE
            yield label(_EDGE, group.y + 10.3, wide, group.head_lines, name, *behind)
        else:
            number = str(group.share.count)
            left = group.x + _beside(number)
            yield label(group.x, 24.5, left - group.x, 1, Text(number), style="numeral")
            words = Text(group.of), LineBreak(), name
            yield label(left, 10, group.right - left, group.head_lines, *words)
        for key in group.legend():
            left = key.x + (_KEY if key.count else 0)
            many = (_strong(str(key.count)), Text(" ")) if key.count else ()
            yield label(left, key.y + 10.3, group.right - left, key.lines, *many, Text(key.text))


def _beside(number: str) -> float:
    """Where the name of one of two arrays begins, beside its number."""
    return _DIGIT * len(number) + 7


def _strong(text: str) -> Span:
    return Span((Text(text),), "strong")


def longest_name(share: Share) -> int:
    """The letters that fit on the one line above one of two arrays."""
    return int((_HALF - _beside(str(share.count))) / _LETTER)
