"""What ``page`` passes over of fonts: widths in CFF programs (9.7.4.3), and invisible text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from handouts.errors import Finding
from handouts.pdf.invisible_text import unseen_faults
from handouts.pdf.stand_in_fonts import cff_fonts, stand_in, widths
from handouts.pdf.validate import Profile, judged_again

_WIDTH = re.compile("^[^:]*-WIDTH-")


def font_faults(pdf: Any, *profiles: Profile) -> Iterator[Finding]:
    """What keeps an open file from being any of ``profiles``, for its fonts. Changes ``pdf``: those
    with wrong widths have another program then. Raises ``pikepdf.PdfError``."""
    changed = False
    for font in cff_fonts(pdf):
        try:
            if (own := widths(font)).wrong - {0}:  # to show .notdef is a fault by itself
                stand_in(pdf, font, own)
                changed = True
        except Exception:  # of what is no font
            for _, name in profiles:
                yield Finding(f"{name}: a font cannot be read (object {font.objgen[0]}).")
    if changed:
        yield from judged_again(pdf, profiles, _WIDTH)
    yield from unseen_faults(pdf, profiles)
