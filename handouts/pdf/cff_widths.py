"""What glyphs a CFF program has, and how wide (Adobe Technical Notes 5176 and 5177)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from math import prod
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.misc.psCharStrings import T2WidthExtractor
from fontTools.ttLib import TTFont

_UNIT = 0.001
"""What one unit of a program is of the font's size, where it does not say so."""


def cid_widths(program: bytes) -> dict[int, float]:
    """The width of each CID, in thousandths of the font's size. ``program`` is CFF, by itself or in
    an OpenType font, which need hold no other table that has widths (9.9, Table 126). Raises what
    fontTools raises where it cannot be read."""
    top = _top(program)
    return {cid: _width(top, name) for cid, name in _glyphs(top)}


def glyph_names(program: bytes) -> frozenset[str]:
    """The names of the glyphs of a CFF program without CIDs. Raises as ``cid_widths`` does."""
    return frozenset(_top(program).charset)


def _top(program: bytes) -> Any:
    if program[:1] != b"\1":
        program = TTFont(BytesIO(program), lazy=True).reader["CFF "]
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(program), TTFont())
    return fonts[0]


def _glyphs(top: Any) -> Iterator[tuple[int, str]]:
    """Each CID and its glyph's name. In a program without CIDs they are numbers of glyphs
    (9.7.4.2)."""
    first, *others = top.charset
    yield 0, first
    for number, name in enumerate(others, 1):
        yield int(name.removeprefix("cid")) if hasattr(top, "ROS") else number, name


def _width(top: Any, name: str) -> float:
    glyph, part = top.CharStrings.getItemAndSelector(name)
    private = glyph.private
    reader = _Reader(
        getattr(private, "Subrs", ()),
        glyph.globalSubrs,
        private.nominalWidthX,
        private.defaultWidthX,
        private,
    )
    with suppress(_Found):
        reader.execute(glyph)
    units = [top, *([] if part is None else [top.FDArray[part]])]
    scales = [one.rawDict["FontMatrix"][0] for one in units if "FontMatrix" in one.rawDict]
    return 1000 * float(reader.width) * float(prod(scales or [_UNIT]))


class _Found(Exception):
    """The width of a glyph is known; its outline needs no reading."""


class _Reader(T2WidthExtractor):  # type: ignore[misc]
    """Reads a glyph as far as its width."""

    def popallWidth(self, evenOdd: int = 0) -> list[float]:
        super().popallWidth(evenOdd)
        raise _Found
