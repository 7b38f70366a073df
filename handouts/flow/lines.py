"""Line breaking with a ragged right edge: lines of a paragraph, balanced lines of a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from handouts.flow.boxes import EPSILON
from handouts.flow.segments import ADDRESS_SIGNS, Break, Segment
from handouts.visible import SOFT_HYPHEN

#: A last line shorter than this part of the measure, or of one word not twice as long, is
#: lengthened if no line is added by it, by as little as is needed: much narrower lines would
#: look like another column.
_SHORT: Final = 0.14
_NARROWER: Final = (0.98, 0.96, 0.94, 0.92, 0.9, 0.88)
_PIECE: Final = re.compile(r"\S+\s*|\s+")
_MAY_END: Final = re.compile(r"[-\u2010\s]$")


class Line(Struct, frozen=True):
    """Segments ``start`` to ``end`` (exclusive) of a list; ``width`` without spaces at its end."""

    start: int
    end: int
    width: float


def break_lines(segments: list[Segment], width: float) -> list[Line]:
    """Lines at most ``width`` wide; the last is not very short if that costs no line.

    ``segments`` must fit: see ``fit``. The words stay in order and none is left out.
    """
    ends = _greedy(segments, 0, width)
    if len(ends) > 1 and _is_lonely(segments, ends, width):
        ends = _lengthen_last(segments, ends, width)
    return _lines(segments, ends)


def balance_lines(segments: list[Segment], width: float) -> list[Line]:
    """As few lines as ``break_lines``, of about one length: for headings."""
    ends = _greedy(segments, 0, width)
    if len(ends) > 1:
        low, high = max(segment.core for segment in segments), width
        while high - low > 4.0:
            middle = (low + high) / 2
            tried = _greedy(segments, 0, middle)
            if len(tried) > len(ends) or _widest(segments, tried) > width:
                low = middle
            else:
                high = middle
        tried = _greedy(segments, 0, high)
        if len(tried) == len(ends) and _widest(segments, tried) <= width:
            ends = tried
    return _lines(segments, ends)


def fit(segments: list[Segment], width: float) -> list[Segment]:
    """The segments, with more breaks in what is wider than ``width``: at spaces that hold words
    together, after hyphens, before the signs of an address, around icons and blanks."""
    out: list[Segment] = []
    for unit in _units(segments):
        out += _opened(unit, width) if _too_wide(unit, width) else unit
    return out


def wide_word(segments: Sequence[Segment], width: float) -> str:
    """The first word, or part of an address, that is wider than ``width``, or ""."""
    wide = (unit for unit in _units(segments) if _too_wide(unit, width))
    return "".join([segment.text for segment in next(wide, ())]).strip()


def _units(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """The parts within which no line may end."""
    unit: list[Segment] = []
    for at, segment in enumerate(segments, 1):
        unit.append(segment)
        if segment.after or at == len(segments):
            yield unit
            unit = []


def _too_wide(unit: Sequence[Segment], width: float) -> bool:
    at = 0.0
    for segment in unit:
        if at + segment.core > width + EPSILON:
            return True
        at += segment.full
    return False


def _opened(unit: Sequence[Segment], width: float) -> list[Segment]:
    out: list[Segment] = []
    for segment in unit:
        if out and (not segment.text or segment.text[0] in ADDRESS_SIGNS):
            out[-1].after = Break.MAY
        out += _pieces(segment, width)
    out[-1].after = unit[-1].after
    return out


def _pieces(segment: Segment, width: float) -> list[Segment]:
    """A copy of ``segment`` between whose words a line may end. A blank is no longer than it."""
    run, text = segment.run, segment.text
    if not text:
        narrow = min(segment.core, width)
        return [Segment(run, "", narrow, narrow, Break.MAY)]
    if SOFT_HYPHEN in text:
        return [Segment(run, text, segment.core, segment.full, Break.NO)]
    return [
        Segment(
            run,
            piece,
            run.width(piece.rstrip()),
            run.width(piece),
            Break.MAY if _MAY_END.search(piece) else Break.NO,
        )
        for piece in _PIECE.findall(text)
    ]


def _greedy(segments: list[Segment], start: int, width: float) -> list[int]:
    """The ends of lines that each take as much as they hold."""
    limit = width + EPSILON
    ends: list[int] = []
    at = at_candidate = 0.0
    candidate = -1
    for index in range(start, len(segments)):
        segment = segments[index]
        if candidate >= 0 and at + segment.core > limit:
            ends.append(candidate)
            at -= at_candidate
            candidate = -1
        at += segment.full
        after = segment.after
        if after == 1:
            candidate, at_candidate = index + 1, at
        elif after == 2:
            ends.append(index + 1)
            at, candidate = 0.0, -1
    if not ends or ends[-1] < len(segments):
        ends.append(len(segments))
    return ends


def _is_lonely(segments: list[Segment], ends: list[int], width: float) -> bool:
    """Whether the last line is too short to stand below the others."""
    start, end = ends[-2:]
    visible = _visible(segments, start, end)
    if visible >= _SHORT * width:
        one_word = not any(segment.after for segment in segments[start : end - 1])
        return one_word and visible < 2 * _SHORT * width
    return True


def _lengthen_last(segments: list[Segment], ends: list[int], width: float) -> list[int]:
    """Break the last three lines again, a little narrower, so that the last takes more words."""
    keep = max(0, len(ends) - 3)
    start = ends[keep - 1] if keep else 0
    for factor in _NARROWER:
        tried = _greedy(segments, start, width * factor)
        if len(tried) > len(ends) - keep or _widest(segments, [start, *tried], 1) > width + EPSILON:
            break
        if len(tried) > 1 and not _is_lonely(segments, tried, width):
            return ends[:keep] + tried
    return ends


def _widest(segments: list[Segment], ends: Sequence[int], first: int = 0) -> float:
    return max(
        _visible(segments, ends[index - 1] if index else 0, ends[index])
        for index in range(first, len(ends))
    )


def _visible(segments: list[Segment], start: int, end: int) -> float:
    """The width of a line without the spaces at its end."""
    last = end - 1
    while last > start and not segments[last].core:
        last -= 1
    width = segments[last].core if end > start else 0.0
    for index in range(start, last):
        width += segments[index].full
    return width


def _lines(segments: list[Segment], ends: list[int]) -> list[Line]:
    start = 0
    lines: list[Line] = []
    for end in ends:
        lines.append(Line(start, end, _visible(segments, start, end)))
        start = end
    return lines
