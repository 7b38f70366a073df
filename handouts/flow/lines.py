"""Line breaking with a ragged right edge: lines of a paragraph, balanced lines of a heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from handouts.flow.boxes import EPSILON
from handouts.flow.segments import Break, Segment

#: A last line shorter than this part of the measure, or of one word not twice as long, is
#: lengthened if no line is added by it, by as little as is needed: much narrower lines would
#: look like another column.
_SHORT: Final = 0.14
_NARROWER: Final = (0.98, 0.96, 0.94, 0.92, 0.9, 0.88)
#: At their end a line may break if it must, and the word is still read as one.
_SIGNS: Final = ("-", "\u2010", " ")


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
    """The segments with each part that is wider than ``width`` split between characters."""
    out: list[Segment] = []
    unit: list[Segment] = []
    for segment in segments:
        unit.append(segment)
        if segment.after:
            out += _split(unit, width) if _too_wide(unit, width) else unit
            unit = []
    return out + (_split(unit, width) if _too_wide(unit, width) else unit)


def cut_word(segments: Sequence[Segment], width: float) -> str:
    """The longest word that ``fit`` cuts between letters, without a sign to show it, or ""."""
    longest, word, at, wide = "", "", 0.0, False
    for segment in segments:
        wide = wide or (bool(segment.text) and at + segment.core > width + EPSILON)
        word += segment.text
        at += segment.full
        if segment.after or segment.text.endswith(_SIGNS):
            longest = max(longest, word.strip() if wide else "", key=len)
            word, at, wide = "", 0.0, False
    return max(longest, word.strip() if wide else "", key=len)


def _too_wide(unit: list[Segment], width: float) -> bool:
    at = 0.0
    for segment in unit:
        if at + segment.core > width + EPSILON:
            return True
        at += segment.full
    return False


def _split(unit: list[Segment], width: float) -> list[Segment]:
    """The unsplittable ``unit`` as pieces that may stand on lines of their own."""
    out: list[Segment] = []
    at = 0.0
    for segment in unit:
        if at + segment.core <= width + EPSILON:
            out.append(Segment(segment.run, segment.text, segment.core, segment.full, Break.NO))
            at += segment.full
        else:
            if out:
                out[-1].after = Break.MAY
            pieces = _letters(segment, width)
            out += pieces
            at = pieces[-1].full
    out[-1].after = unit[-1].after
    return out


def _letters(segment: Segment, width: float) -> list[Segment]:
    """One segment as pieces of at most ``width``, at least one character each."""
    run = segment.run
    if not segment.text:
        narrow = min(segment.core, width)
        return [Segment(run, "", narrow, narrow, Break.NO)]
    core = segment.text.rstrip(" ")
    pieces: list[str] = []
    piece, size = "", 0.0
    for char in core:
        advance = run.face.width(char, run.style.size)
        if piece and size + advance > width:
            pieces.append(piece)
            piece, size = "", 0.0
        piece += char
        size += advance
    pieces.append(piece)
    spaces = segment.text[len(core) :]
    out = [Segment(run, text, run.width(text), run.width(text), Break.MAY) for text in pieces]
    out[-1].text += spaces
    out[-1].full += segment.full - segment.core if spaces else 0.0
    out[-1].after = Break.NO
    return out


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
