"""Simple fonts as ``page`` must see them to judge each code shown (ISO 32000-1 9.6)."""

from __future__ import annotations

from typing import Any

from handouts.pdf.cff_widths import glyph_names

_SIMPLE = ("/Type1", "/MMType1", "/TrueType")
_CODES = 256
_WRONG = -1000  # as wide as no glyph is


def simple_fonts(pdf: Any) -> list[Any]:
    """Those of an open file that have a program."""
    return [one for one in pdf.objects if _is_simple(one)]


def _is_simple(item: Any) -> bool:
    import pikepdf

    is_font = isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") in _SIMPLE
    return is_font and any(key.startswith("/FontFile") for key in item.get("/FontDescriptor", {}))


def spell_out(font: Any) -> None:
    """Give each code a width, and a wrong one to names in /Differences that a CFF program lacks:
    ``page`` passes over these (9.6.6.2), and over codes that /Widths does not reach (9.6.2.1).
    Raises what fontTools raises where that cannot be read."""
    import pikepdf

    widths, encoding = _widths(font), font.get("/Encoding")
    program = font.FontDescriptor.get("/FontFile3", {})
    if isinstance(encoding, pikepdf.Dictionary) and program.get("/Subtype") == "/Type1C":
        there, code = glyph_names(program.read_bytes()), 0
        names = [*encoding.get("/Differences", ())]
        for at, one in enumerate(names):
            if not isinstance(one, pikepdf.Name):
                code = int(one)
                continue
            if str(one)[1:] not in there:
                names[at], widths[code] = pikepdf.Name("/.notdef"), _WRONG
            code += 1
        font.Encoding = pikepdf.Dictionary({**encoding, "/Differences": pikepdf.Array(names)})
    font.Widths, font.FirstChar, font.LastChar = pikepdf.Array(widths), 0, _CODES - 1


def _widths(font: Any) -> list[Any]:
    """That of each code; 0 where the font should say one and does not."""
    widths = [font.FontDescriptor.get("/MissingWidth", 0)] * _CODES
    if not {"/FirstChar", "/LastChar", "/Widths"} <= font.keys():
        return widths
    first, listed = int(font.FirstChar), [*font.Widths]
    for code in range(max(first, 0), min(int(font.LastChar), _CODES - 1) + 1):
        said = listed[code - first] if code - first < len(listed) else None
        widths[code] = 0 if said is None else said
    return widths
