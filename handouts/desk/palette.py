"""The colours of a page on a screen, light and dark, from those of a brand."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping

from handouts.contract.colours import GRAPHIC, PAPER, TEXT, ratio

#: The backgrounds where it is dark: of the page, and of what lies on it.
_DARK, _RAISED = "#12171a", "#1b2226"
_BRIGHT, _MUTED = "#f2f5f6", "#b6c2c7"
#: How much the brand's colours stand out where it is dark.
_PRIMARY, _WARNING = 7.0, 6.0

#: Each foreground, the backgrounds that it may stand on, and the contrast that it needs.
_PAIRS = (
    ("text", ("page", "raised"), TEXT),
    ("muted", ("page", "raised"), TEXT),
    ("primary", ("page", "raised"), TEXT),
    ("warning", ("page", "raised"), TEXT),
    ("on-primary", ("primary",), TEXT),
    ("good", ("page", "raised"), TEXT),
    ("mark-text", ("mark",), TEXT),
    ("line", ("page", "raised"), GRAPHIC),
)


def palettes(brand: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """``light`` and ``dark``: a colour by its use, #rrggbb each.

    ``brand`` are the colours of a brand that was read: ``library.brand.contrast`` holds what they
    must. Raises AssertionError for a pair that is too weak.
    """
    light = {
        "page": brand["tint"],
        "raised": PAPER,
        "text": brand["text"],
        "muted": brand["muted"],
        "primary": brand["primary"],
        "on-primary": PAPER,
        "warning": brand["warning"],
        "good": _until("#1a5c34", (brand["tint"], PAPER), TEXT, -1),
        "line": _until("#7d878b", (brand["tint"], PAPER), GRAPHIC, -1),
        "mark": "#ffe69a",
        "mark-text": "#000000",
    }
    dark = {
        "page": _DARK,
        "raised": _RAISED,
        "text": _BRIGHT,
        "muted": _MUTED,
        "primary": _until(brand["primary"], (_DARK, _RAISED), _PRIMARY, 1),
        "on-primary": _DARK,
        "warning": _until(brand["warning"], (_DARK, _RAISED), _WARNING, 1),
        "good": "#8fd6ab",
        "line": "#7d878b",
        "mark": "#5a4a00",
        "mark-text": "#ffffff",
    }
    for colours in (light, dark):
        for name, backgrounds, need in _PAIRS:
            for background in backgrounds:
                contrast = ratio(colours[name], colours[background])
                if contrast < need:
                    raise AssertionError(f"{name} on {background}: {contrast:.2f}")
    return {"light": light, "dark": dark}


def _until(colour: str, backgrounds: tuple[str, ...], need: float, step: int) -> str:
    """``colour``, lighter (1) or darker (-1) at its hue until it stands out from each."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    while min(ratio(colour, one) for one in backgrounds) < need:
        lightness = min(1.0, max(0.0, lightness + step / 100))
        channels = colorsys.hls_to_rgb(hue, lightness, saturation)
        colour = "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
    return colour
