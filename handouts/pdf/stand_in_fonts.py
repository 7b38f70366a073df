"""TrueType programs in place of CFF programs, whose widths ``page`` misreads or passes over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from msgspec import Struct

from handouts.pdf.cff_widths import cid_widths

_DEFAULT = 1000
#: How far a width may be from that in the font's program (PDF/UA-1 7.21.5, PDF/A-2 6.2.11.5).
_TOLERANCE = 1
_WIDEST = 0xFFFF


def cff_fonts(pdf: Any) -> list[Any]:
    """The fonts by CID of an open file whose programs are CFF."""
    return [one for one in pdf.objects if _is_cff(one)]


def _is_cff(item: Any) -> bool:
    import pikepdf

    is_font = isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/CIDFontType0"
    return is_font and "/FontFile3" in item.get("/FontDescriptor", {})


class Widths(Struct, frozen=True):
    """What a program has and what its font says, in thousandths of the size; ``said`` up to the
    last CID that the program has."""

    held: Mapping[int, float]
    said: Sequence[float]

    @property
    def wrong(self) -> set[int]:
        """The CIDs of which the font says wrong ones, of those that are there."""
        return {cid for cid, wide in self.held.items() if abs(self.said[cid] - wide) > _TOLERANCE}


def widths(font: Any) -> Widths:
    """Of a font with a CFF program. Raises what fontTools raises where it cannot be read."""
    held = cid_widths(font.FontDescriptor.FontFile3.read_bytes())
    said, default = _said(font), float(font.get("/DW", _DEFAULT))
    return Widths(held, [said.get(cid, default) for cid in range(max(held) + 1)])


def stand_in(pdf: Any, font: Any, own: Widths) -> None:
    """Give a font a TrueType program that is wrong in the same places: of that ``page`` reads the
    widths, and finds what of it is shown. A glyph that its own lacks has a wrong width."""
    import pikepdf

    wrong = own.wrong.union({*range(len(own.said))} - own.held.keys())
    program = _truetype([round(one) + 100 * (cid in wrong) for cid, one in enumerate(own.said)])
    entries = {key: one for key, one in font.FontDescriptor.items() if key != "/FontFile3"}
    font.FontDescriptor = pikepdf.Dictionary(entries)
    font.FontDescriptor.FontFile2 = pdf.make_stream(program)
    font.Subtype = pikepdf.Name.CIDFontType2
    font.CIDToGIDMap = pikepdf.Name.Identity


def _said(font: Any) -> dict[int, float]:
    """The widths that a font lists, by CID."""
    import pikepdf

    said, rest = dict[int, float](), iter(font.get("/W", ()))
    for first in rest:
        second = next(rest)
        if isinstance(second, pikepdf.Array):
            said.update(enumerate(map(float, second), int(first)))
        else:
            last = min(int(second), _WIDEST)
            said.update(dict.fromkeys(range(int(first), last + 1), float(next(rest))))
    return said


def _truetype(widths: Sequence[int]) -> bytes:
    """A program of glyphs that draw nothing."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    names = [".notdef", *(f"glyph{number}" for number in range(1, len(widths)))]
    wide = (min(max(width, 0), _WIDEST) for width in widths)
    out = BytesIO()
    font = FontBuilder(1000)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({})
    font.setupGlyf({name: Glyph() for name in names})
    font.setupHorizontalMetrics({name: (one, 0) for name, one in zip(names, wide, strict=True)})
    font.setupHorizontalHeader()
    font.setupPost()
    font.save(out)
    return out.getvalue()
