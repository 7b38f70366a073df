"""What ``page`` passes over of fonts: widths in CFF programs (9.7.4.3), and invisible text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from handouts.errors import Finding
from handouts.pdf.invisible_text import unseen_faults
from handouts.pdf.validate import Profile, judged_again

_WIDTH = re.compile("^[^:]*-WIDTH-")
_DEFAULT = 1000
#: How far a width may be from that in the font's program (PDF/UA-1 7.21.5, PDF/A-2 6.2.11.5).
_TOLERANCE = 1
_WIDEST = 0xFFFF


def font_faults(pdf: Any, *profiles: Profile) -> Iterator[Finding]:
    """What keeps an open file from being any of ``profiles``, for its fonts. Changes ``pdf``: those
    with wrong widths have another program then. Raises ``pikepdf.PdfError``."""
    changed = False
    for font in [one for one in pdf.objects if _is_cff(one)]:
        try:
            changed |= _in_truetype(pdf, font)
        except Exception:  # of what is no font
            for _, name in profiles:
                yield Finding(f"{name}: a font cannot be read (object {font.objgen[0]}).")
    if changed:
        yield from judged_again(pdf, profiles, _WIDTH)
    yield from unseen_faults(pdf, profiles)


def _is_cff(item: Any) -> bool:
    import pikepdf

    is_font = isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/CIDFontType0"
    return is_font and "/FontFile3" in item.get("/FontDescriptor", {})


def _in_truetype(pdf: Any, font: Any) -> bool:
    """Whether a font says wrong widths. It has a TrueType program then, wrong in the same places:
    of that ``page`` reads the widths, and finds what of it is shown."""
    import pikepdf

    from handouts.pdf.cff_widths import cid_widths

    held = cid_widths(font.FontDescriptor.FontFile3.read_bytes())
    said, default = _said(font), float(font.get("/DW", _DEFAULT))
    wrong = {cid for cid in held if abs(said.get(cid, default) - held[cid]) > _TOLERANCE}
    if not wrong - {0}:  # to show CID 0, .notdef, is a fault by itself
        return False
    widths = [said.get(cid, default) for cid in range(max(held) + 1)]
    program = _truetype([round(one) + 100 * (cid in wrong) for cid, one in enumerate(widths)])
    entries = {key: one for key, one in font.FontDescriptor.items() if key != "/FontFile3"}
    font.FontDescriptor = pikepdf.Dictionary(entries)
    font.FontDescriptor.FontFile2 = pdf.make_stream(program)
    font.Subtype = pikepdf.Name.CIDFontType2
    font.CIDToGIDMap = pikepdf.Name.Identity
    return True


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
