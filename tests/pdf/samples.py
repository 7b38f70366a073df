"""Fonts and small documents that the tests of the PDF stage share."""

from __future__ import annotations

from pathlib import Path

import fontpkg_atkinson_hyperlegible
import fontpkg_noto_sans

from handouts.model import FontFamily, FontSet

ATKINSON = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
NOTO = str(Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf")


def fonts() -> FontSet:
    """Atkinson Hyperlegible, and Noto Sans for what it lacks."""
    main = FontFamily(
        "Atkinson Hyperlegible",
        str(ATKINSON / "AtkinsonHyperlegible-Regular.ttf"),
        str(ATKINSON / "AtkinsonHyperlegible-Bold.ttf"),
    )
    fallback = FontFamily(
        "Noto Sans", NOTO, NOTO, regular_axes=(("wght", 400.0),), bold_axes=(("wght", 700.0),)
    )
    return FontSet(main, main, (fallback,))
