"""Fonts that a test spoils: the default font with other outlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from io import BytesIO
from pathlib import Path

from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from handouts.library.brand import typefaces

REGULAR = Path(typefaces.atkinson().regular)
BOLD = Path(typefaces.atkinson().bold)

#: What is done to a font.
Spoil = Callable[[TTFont], None]


def spoilt(spoil: Spoil, path: Path = REGULAR) -> bytes:
    """The font at ``path`` after ``spoil``."""
    with TTFont(path, recalcTimestamp=False) as font:
        spoil(font)
        return saved(font)


def saved(font: TTFont) -> bytes:
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def scaled(chars: str, wide: float, high: float) -> Spoil:
    """Each of ``chars`` (all glyphs for "") drawn at another size, its advance as it was."""

    def spoil(font: TTFont) -> None:
        glyf = font["glyf"]
        for name in _names(font, chars):
            glyph = glyf[name]
            if glyph.isComposite():
                for part in glyph.components:
                    part.x, part.y = round(part.x * wide), round(part.y * high)
            elif glyph.numberOfContours:
                glyph.coordinates.scale((wide, high))
                glyph.coordinates.toInt()
            glyph.recalcBounds(glyf)
            font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))

    return spoil


def moved(chars: str, aside: int, up: int) -> Spoil:
    """Each of ``chars``, which are no composites, drawn elsewhere; in thousandths of an em."""

    def spoil(font: TTFont) -> None:
        for name in _names(font, chars):
            glyph = font["glyf"][name]
            glyph.coordinates.translate((aside, up))
            advance, left = font["hmtx"][name]
            font["hmtx"][name] = (advance, left + aside)

    return spoil


def emptied(chars: str) -> Spoil:
    def spoil(font: TTFont) -> None:
        for name in _names(font, chars):
            font["glyf"][name] = Glyph()

    return spoil


def drawn_as(char: str, other: str) -> Spoil:
    """``char`` shows the outline of ``other``, in the width of its own."""

    def spoil(font: TTFont) -> None:
        (name,), (shown,) = _names(font, char), _names(font, other)
        font["glyf"][name] = deepcopy(font["glyf"][shown])
        font["hmtx"][name] = (font["hmtx"][name][0], font["hmtx"][shown][1])

    return spoil


def hollow(char: str) -> Spoil:
    """``char`` has each of its curves twice, there and back: nothing is filled."""

    def spoil(font: TTFont) -> None:
        (name,) = _names(font, char)
        pen = TTGlyphPen(None)
        glyph = font["glyf"][name]
        glyph.draw(pen, font["glyf"])
        glyph.draw(ReverseContourPen(pen), font["glyf"])
        font["glyf"][name] = pen.glyph()

    return spoil


def advancing(char: str, advance: int) -> Spoil:
    def spoil(font: TTFont) -> None:
        (name,) = _names(font, char)
        font["hmtx"][name] = (advance, font["hmtx"][name][1])

    return spoil


def _names(font: TTFont, chars: str) -> Iterable[str]:
    glyphs = font.getBestCmap()
    return [glyphs[ord(char)] for char in chars] if chars else font.getGlyphOrder()
