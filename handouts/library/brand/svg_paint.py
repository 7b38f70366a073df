"""Paint of SVG shapes: fills, strokes and colours from attributes and inline styles."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_NUMBER = re.compile(r"(\d{1,6}(?:\.\d{0,9})?|\.\d{1,9})(?:px)?")

#: Properties that change how a shape looks in ways a vector path cannot tell, each with the
#: values that change nothing.
_ONLY = {
    "opacity": ("1", "1.0"),
    "fill-opacity": ("1", "1.0"),
    "stroke-opacity": ("1", "1.0"),
    "stroke-linecap": ("butt",),
    "stroke-linejoin": ("miter",),
    "stroke-dasharray": ("none",),
    "display": ("inline", "block"),
    "visibility": ("visible",),
    "overflow": ("visible", "hidden"),
    "clip-path": ("none",),
    "mask": ("none",),
    "filter": ("none",),
    "mix-blend-mode": ("normal",),
    "paint-order": ("normal",),
    "vector-effect": ("none",),
    "marker": ("none",),
    "marker-start": ("none",),
    "marker-mid": ("none",),
    "marker-end": ("none",),
}
_PAINTS = frozenset({"fill", "stroke", "stroke-width", "fill-rule"})
#: Names and style properties that change no shape: identifiers, text, an editor's notes.
_HARMLESS = re.compile(
    r"id|class|role|tabindex|stroke-miterlimit|stroke-dashoffset|clip-rule|color|space"
    r"|enable-background|isolation|direction|white-space|.*-rendering|aria-.*|data-.*"
    r"|(?:font|text|line|letter|word|writing|color|solid|stop|baseline|dominant|-inkscape)-.*"
    r"|font"
)


@dataclass(frozen=True, slots=True)
class Paint:
    """How shapes are painted; colours are ``#rrggbb`` or "". Starts as SVG's initial values."""

    fill: str = "#000000"
    stroke: str = ""
    stroke_width: float = 1.0
    even_odd: bool = False


def read_paint(inherited: Paint, attributes: dict[str, str]) -> tuple[Paint, list[str]]:
    """The paint that ``attributes`` make of the inherited one, and what cannot be painted."""
    paint = inherited
    problems: list[str] = []
    for name, value in _properties(attributes):
        if value == "inherit":
            continue
        try:
            if name in _PAINTS:
                paint = _painted(paint, name, value)
            elif name in _ONLY:
                if value not in _ONLY[name]:
                    raise ValueError
            elif not _HARMLESS.fullmatch(name) or "url(" in value:
                raise ValueError
        except ValueError:
            problems.append(f'uses {name[:40]}="{value[:60]}"')
    return paint, problems


def read_colour(value: str) -> str:
    """``#rrggbb``, or "" for no paint. Raises ValueError for gradients and unknown colours."""
    plain = value.strip().lower()
    if plain in ("none", "transparent"):
        return ""
    if match := _HEX.fullmatch(plain):
        digits = match[1]
        return f"#{digits}" if len(digits) == 6 else "#" + "".join(2 * digit for digit in digits)
    if match := _RGB.fullmatch(plain):
        return "#" + "".join(f"{min(int(channel), 255):02x}" for channel in match.groups())
    from PIL.ImageColor import colormap

    named = colormap.get(plain)
    if not isinstance(named, str):
        raise ValueError(value)
    return named.lower()


def _properties(attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Presentation attributes, then the inline style, which wins over them."""
    for name, value in attributes.items():
        if " " not in name and name != "style":
            yield name, value.strip()
    for declaration in attributes.get("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip().lower(), value.strip().removesuffix("!important").strip()
        elif name.strip():
            yield "style", name.strip()


def _painted(paint: Paint, name: str, value: str) -> Paint:
    match name:
        case "fill":
            return replace(paint, fill=read_colour(value))
        case "stroke":
            return replace(paint, stroke=read_colour(value))
        case "stroke-width":
            match = _NUMBER.fullmatch(value)
            if match is None or not math.isfinite(float(match[1])):
                raise ValueError(value)
            return replace(paint, stroke_width=float(match[1]))
        case _:
            if value not in ("nonzero", "evenodd"):
                raise ValueError(value)
            return replace(paint, even_odd=value == "evenodd")
