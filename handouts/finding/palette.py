"""The clinic's colours on a screen, light and dark, with contrast that holds for any brand."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from handouts.contract.colours import BLACK, GRAPHIC, PAPER, TEXT, ratio

_USUAL: Final = {
    "primary": "#1f4e5f",
    "text": "#16211f",
    "muted": "#46555a",
    "tint": "#edf3f3",
    "warning": "#9b1c1c",
}
#: The grounds of the dark page: fixed, so that no brand makes it glow.
_DARK: Final = ("#12171a", "#1b2226")
_STEPS: Final = 100
#: How far black stands out on what is called a tint.
_PALE: Final = 15.0


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in (red, green, blue))


def legible(colour: str, grounds: Sequence[str], least: float) -> str:
    """``colour``, or the nearest of its hue with that contrast on each of ``grounds``."""

    def fits(one: str) -> bool:
        return all(ratio(one, ground) >= least for ground in grounds)

    if fits(colour):
        return colour
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    end = 0.0 if ratio(BLACK, grounds[0]) > ratio(PAPER, grounds[0]) else 1.0
    for step in range(1, _STEPS + 1):
        lightness = light + (end - light) * step / _STEPS
        found = _hex(*colorsys.hls_to_rgb(hue, lightness, saturation))
        if fits(found):
            return found
    return BLACK if end == 0.0 else PAPER


def mixed(one: str, other: str, part: float) -> str:
    """``part`` of ``one`` (0 to 1) and the rest of ``other``."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return _hex(*((a * part + b * (1 - part)) / 255 for a, b in pairs))


def _paler(colour: str) -> Iterator[str]:
    """``colour``, and then paler and paler, to white."""
    return (mixed(colour, PAPER, 1 - step / _STEPS) for step in range(_STEPS + 1))


def palette(colours: Mapping[str, str], *, dark: bool) -> dict[str, str]:
    """The page's colours by name. Text has 4.5:1 on each ground, borders have 3:1."""
    brand = _USUAL | {key: value for key, value in colours.items() if key in _USUAL}
    if dark:
        page, card = _DARK
        grounds, strong = [page, card], 7.0
        text, tint = "#f2f5f5", mixed(brand["primary"], card, 0.25)
    else:
        tint = next(found for found in _paler(brand["tint"]) if ratio(BLACK, found) >= _PALE)
        page, card = mixed(tint, PAPER, 0.9), PAPER
        grounds, strong = [page, card, tint], TEXT
        text = legible(brand["text"], grounds, 7.0)
    grounds = [*grounds, tint]
    primary = legible(brand["primary"], grounds, strong)
    warning = legible(brand["warning"], grounds, 6.0 if dark else TEXT)
    found = {
        "page": page,
        "card": card,
        "tint": tint,
        "text": text,
        "muted": legible(brand["muted"], grounds, TEXT),
        "primary": primary,
        "on-primary": legible(card, [primary], TEXT),
        "border": legible(mixed(text, card, 0.45), grounds, GRAPHIC),
        "line": mixed(text, card, 0.15),
    }
    tones = {"warning": warning, "draft": "#7a4100", "good": "#0f5a36"}
    for name, tone in tones.items():
        ground = mixed(tone, card, 0.16 if dark else 0.09)
        found[f"{name}-ground"] = ground
        found[name] = legible(tone, [*grounds, ground], TEXT)
        text_on = legible(text, [ground], 7.0)
        found[f"on-{name}"] = text_on
    found["mark"] = "#5c4a00" if dark else "#ffe699"
    found["on-mark"] = legible(text, [found["mark"]], 7.0)
    return found


def stylesheet(colours: Mapping[str, str]) -> str:
    """The colours as custom properties of CSS."""

    def declared(dark: bool) -> str:
        return "".join(f"--{key}:{value};" for key, value in palette(colours, dark=dark).items())

    light, night = declared(False), declared(True)
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}\n"
    )
