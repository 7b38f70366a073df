"""Make the default typeface: Atkinson Hyperlegible, whose zero has no stroke through it.

Readers took "1ØØ" for a number that is struck out. The package is in requirements-dev.txt; run
``python -m tests.tools.make_plain_zero``.
"""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.misc.arrayTools import calcBounds
from fontTools.misc.roundTools import otRound
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates

NAME, FAMILY = "Atkinson Hyperlegible", "Atkinson Plain Zero"
FOLDER = Path(__file__).parents[2] / "handouts/fonts"


def plain_zero(weight: str) -> bytes:
    """The font file of ``weight``: both zeros plain, under a name of its own (OFL 1.1, 3)."""
    source = files("fontpkg_atkinson_hyperlegible") / f"files/AtkinsonHyperlegible-{weight}.ttf"
    font = TTFont(BytesIO(source.read_bytes()), recalcTimestamp=False)
    _open(font["glyf"]["zero"], font)  # of which zero.tf is made, too
    for record in font["name"].names:
        said = record.toUnicode()
        record.string = said.replace(NAME, FAMILY).replace(
            NAME.replace(" ", ""), FAMILY.replace(" ", "")
        )
    del font["DSIG"]  # of the font as it was
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def _open(glyph: Any, font: TTFont) -> None:
    """Replace the two counters beside the stroke by one oval: the outline, as large as both."""
    points, ends, flags = glyph.getCoordinates(font["glyf"])
    last = ends[0] + 1
    outer, counters = points[:last], points[last:]
    left, bottom, right, top = calcBounds(outer)
    x0, y0, x1, y1 = calcBounds(counters)
    wide, high = (x1 - x0) / (right - left), (y1 - y0) / (top - bottom)
    oval = [
        (otRound(x0 + (x - left) * wide), otRound(y0 + (y - bottom) * high))
        for x, y in reversed(outer)
    ]
    glyph.coordinates = GlyphCoordinates([*outer, *oval])
    glyph.flags = flags[:last] + flags[:last][::-1]
    glyph.endPtsOfContours, glyph.numberOfContours = [last - 1, 2 * last - 1], 2
    glyph.program.fromBytecode(b"")  # its hints were of other points


if __name__ == "__main__":
    for weight in ("Regular", "Bold"):
        (FOLDER / f"AtkinsonPlainZero-{weight}.ttf").write_bytes(plain_zero(weight))
