"""Contrast of two colours (WCAG 2.1), and how much a text needs."""

from __future__ import annotations

from functools import lru_cache

#: Success criterion 1.4.3 (level AA) for all text, whatever its size; 1.4.6 (AAA) for warnings.
TEXT = 4.5
WARNING = 7.0
#: Success criterion 1.4.11 (level AA) for pictures that must be understood.
GRAPHIC = 3.0

PAPER = "#ffffff"
BLACK = "#000000"


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 (black) to 1 (white)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=1024)
def ratio(one: str, other: str) -> float:
    """Contrast of two colours, 1 (none) to 21 (black on white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
