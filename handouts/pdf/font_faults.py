"""What ``page`` passes over of fonts: kinds of programs, widths, and invisible text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from handouts.errors import Finding
from handouts.pdf.invisible_text import unseen_faults
from handouts.pdf.simple_fonts import simple_fonts, spell_out
from handouts.pdf.stand_in_fonts import cff_fonts, stand_in, widths
from handouts.pdf.validate import Profile, judged_again

_WIDTH = re.compile("^[^:]*-WIDTH-")
#: The programs of each kind of font (ISO 32000-1 Table 126) whose widths are read.
_TYPE1 = ("/FontFile", "/FontFile3 /Type1C")
_READ = {
    "/Type1": _TYPE1,
    "/MMType1": _TYPE1,
    "/TrueType": ("/FontFile2",),
    "/CIDFontType0": ("/FontFile3 /CIDFontType0C", "/FontFile3 /OpenType"),
    "/CIDFontType2": ("/FontFile2",),
}


def font_faults(pdf: Any, *profiles: Profile) -> Iterator[Finding]:
    """What keeps an open file from being any of ``profiles``, for its fonts. Changes ``pdf``: those
    with wrong widths have another program then, and simple ones say all that they leave out.
    Raises ``pikepdf.PdfError``."""
    for fault in _unread(pdf):
        for _, name in profiles:
            yield Finding(f"{name}: {fault}.")
    unread, changed = list[Any](), False
    for font in cff_fonts(pdf):
        with _noting(font, unread):
            if (own := widths(font)).wrong - {0}:  # to show .notdef is a fault by itself
                stand_in(pdf, font, own)
                changed = True
    yield from unseen_faults(pdf, profiles)  # which need no widths, nor glyphs for their names
    for font in simple_fonts(pdf):
        with _noting(font, unread):
            spell_out(font)
            changed = True
    for font in unread:
        for _, name in profiles:
            yield Finding(f"{name}: a font cannot be read (object {font.objgen[0]}).")
    if changed:
        yield from judged_again(pdf, profiles, _WIDTH)


@contextmanager
def _noting(font: Any, unread: list[Any]) -> Iterator[None]:
    """Adds a font that cannot be read."""
    try:
        yield
    except Exception:  # of what is no font
        unread.append(font)


def _unread(pdf: Any) -> Iterator[str]:
    """The fonts that nobody vouches for."""
    import pikepdf

    for item in pdf.objects:
        if not isinstance(item, pikepdf.Dictionary):
            continue
        kind = str(item.get("/Subtype"))
        where = f"(object {item.objgen[0]})"
        if item.get("/Type") == "/Font" and kind not in (*_READ, "/Type0", "/Type3"):
            yield f"a font does not say of which kind it is, by its /Subtype {where}"
        elif kind == "/Type0" and "/Encoding" not in item:
            yield f"a font does not say how its codes are read, by an /Encoding {where}"
        elif kind == "/Type0" and not _has_descendant(item):
            yield f"a font does not name its glyphs, by one font in its /DescendantFonts {where}"
        elif kind in _READ:
            programs = _programs(item.get("/FontDescriptor", {}))
            if len(programs) > 1:
                yield f"a font has more than one program, {' and '.join(programs)} {where}"
            elif not {*programs} <= {*_READ[kind]}:
                yield f"nobody vouches for the widths of a {kind} font with {programs[0]} {where}"


def _has_descendant(font: Any) -> bool:
    import pikepdf

    fonts = font.get("/DescendantFonts")
    is_one = isinstance(fonts, pikepdf.Array) and len(fonts) == 1
    return is_one and isinstance(fonts[0], pikepdf.Dictionary)


def _programs(descriptor: Any) -> list[str]:
    return [
        f"{key} {one.get('/Subtype', 'of no kind')}" if key == "/FontFile3" else key
        for key, one in descriptor.items()
        if key in ("/FontFile", "/FontFile2", "/FontFile3")
    ]
