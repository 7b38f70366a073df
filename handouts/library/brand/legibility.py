"""Whether a clinic's own font can be read and shows what is written: its outlines are measured.

What the tables of a font claim (heights, boxes) is not asked. Lengths are in em.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from unicodedata import category, normalize

import uharfbuzz
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import RecordingPen
from msgspec import Struct

from handouts.errors import Finding, Source
from handouts.visible import is_visible

#: The characters that each font must have, with their least height.
_LEAST = {
    **dict.fromkeys(string.ascii_uppercase, 0.58),
    **dict.fromkeys(string.ascii_lowercase, 0.4),
    **dict.fromkeys(string.digits, 0.55),
    **dict.fromkeys(".,:;-–%/()+", 0.0),
}
#: Letters that show whether a font is pressed flat, and their least width.
_WIDE, _LEAST_WIDTH = frozenset("mwMW"), 0.4
#: Square em. The hyphen of a hairline font has four times as much.
_LEAST_AREA = 0.0005
#: How far a letter reaches at most: up, up with an accent, down, and beside its own width.
_UP, _UP_ACCENTED, _DOWN, _ASIDE = 1.0, 1.3, -0.5, 0.35
#: Characters that honest fonts draw alike: the l of Inter is its I.
_ALIKE = (frozenset("Il1"), frozenset("O0"))


class _Outline(Struct, frozen=True):
    """What a glyph shows. ``shape``: its curves, seen from its left edge, to 1/100 em."""

    box: tuple[float, float, float, float]
    area: float
    advance: float
    shape: tuple[object, ...]


def check_legible(
    data: bytes, axes: tuple[tuple[str, float], ...], name: str, source: Source
) -> Iterator[Finding]:
    """What hinders reading the TrueType file ``data`` at the values ``axes`` of its axes.

    Messages call the font ``name``; ``source`` is where brand.toml names it.
    """
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(data)))
    font.set_variations(dict(axes))
    faults: dict[str, list[str]] = {}
    for chars, fault in _faults(font):
        faults.setdefault(fault, []).append(chars)
    for fault, found in faults.items():
        more = f" and {len(found) - 8} more" if len(found) > 8 else ""
        message = f"the font {name} {fault}: {' '.join(found[:8])}{more}."
        yield Finding(message, source, "Use a font made for reading, as its maker delivers it.")


def _faults(font: uharfbuzz.Font) -> Iterator[tuple[str, str]]:
    """Characters, and what is wrong with them: closely for Latin letters, digits and the usual
    punctuation; of all others, whether there is anything to see."""
    others = set(map(chr, font.face.unicodes)) - _LEAST.keys()
    accented = {char for char in others if len(normalize("NFD", char)) > 1 and _basic(char)}
    shapes: dict[object, str] = {}
    for char in (*_LEAST, *sorted(accented)):
        outline = _drawn(font, char)
        yield from ((char, fault) for fault in _measured(char, outline))
        first = shapes.get(outline.shape, char)
        if char in _LEAST:
            shapes.setdefault(outline.shape, char)
        if first != char and outline.shape and not any({first, char} <= same for same in _ALIKE):
            yield f"{first}{char}", "draws alike what differs"
    for char in sorted(others - accented):
        if _should_show(char) and not _has_extents(font, char):
            yield char, "shows nothing for"


def _measured(char: str, outline: _Outline) -> Iterator[str]:
    """What is wrong with the size and place of one character."""
    if outline.area < _LEAST_AREA:
        yield "shows nothing for"
        return
    left, bottom, right, top = outline.box
    least = _LEAST.get(char, _LEAST[_basic(char)])
    if top - bottom < least:
        yield f"draws these lower than {least:g} of its size"
    if char in _WIDE and right - left < _LEAST_WIDTH:
        yield "draws these too narrow"
    if top > (_UP if char in _LEAST else _UP_ACCENTED) or bottom < _DOWN:
        yield "draws these into the lines above or below"
    if left < -_ASIDE or right - outline.advance > _ASIDE or outline.advance <= 0:
        yield "draws these over the letters beside"


def _basic(char: str) -> str:
    """The letter of Basic Latin that ``char`` is, if only with an accent; else ""."""
    first = normalize("NFD", char)[0]
    return first if first in _LEAST else ""


def _drawn(font: uharfbuzz.Font, char: str) -> _Outline:
    glyph, em = font.get_nominal_glyph(ord(char)) or 0, font.face.upem
    curves, box, area = RecordingPen(), BoundsPen(None), AreaPen(None)
    if glyph:
        font.draw_glyph_with_pen(glyph, curves)
    curves.replay(box)
    curves.replay(area)
    left, bottom, right, top = (edge / em for edge in box.bounds or (0, 0, 0, 0))
    shape = tuple(
        (step, *((round(x / em - left, 2), round(y / em, 2)) for x, y in points))
        for step, points in curves.value
    )
    advance = font.get_glyph_h_advance(glyph) / em
    return _Outline((left, bottom, right, top), abs(area.value) / em**2, advance, shape)


def _should_show(char: str) -> bool:
    """Whether ``char`` is a letter, digit or sign; modifiers of letters may be blank."""
    kind = category(char)
    return kind[0] in "LNPS" and kind != "Lm" and is_visible(char)


def _has_extents(font: uharfbuzz.Font, char: str) -> bool:
    box = font.get_glyph_extents(font.get_nominal_glyph(ord(char)) or 0)
    return box is not None and bool(box.width and box.height)
