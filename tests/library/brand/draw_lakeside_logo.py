"""Draws the PNG logo of lakeside: ``python -m tests.library.brand.draw_lakeside_logo``.

600 pixels across 64 points are 675 dpi. Shapes alone, no type, so that every machine draws the
same picture.
"""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw

TARGET = Path(__file__).parents[3] / "handouts/brands/lakeside/logo.png"
SIZE = (600, 450)
_FINE = 4  # drawn larger and reduced, for smooth edges
_PURPLE, _ORANGE = "#5b2a6e", "#b3541e"


def draw_logo() -> Image.Image:
    """The sun over three waves, on white."""
    width, height = (_FINE * length for length in SIZE)
    picture = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    middle, horizon, radius = width / 2, 0.56 * height, 0.30 * height
    for ray in range(9):
        angle = math.pi * (1 + (ray + 0.5) / 9)
        inner, outer = 1.18 * radius, 1.5 * radius
        ends = [
            (middle + length * math.cos(angle), horizon + length * math.sin(angle))
            for length in (inner, outer)
        ]
        pen.line(ends, fill=_ORANGE, width=18 * _FINE)
    box = (middle - radius, horizon - radius, middle + radius, horizon + radius)
    pen.pieslice(box, 180, 360, fill=_ORANGE)
    for row, (left, right) in enumerate(((0.08, 0.92), (0.16, 0.84), (0.24, 0.76))):
        _wave(pen, left * width, right * width, horizon + (0.09 + 0.13 * row) * height, height)
    return picture.resize(SIZE, Image.Resampling.LANCZOS)


def _wave(pen: ImageDraw.ImageDraw, left: float, right: float, y: float, height: float) -> None:
    swing, thickness, length = 0.03 * height, 0.05 * height, 0.28 * height
    upper = [
        (x, y + swing * math.sin(2 * math.pi * (x - left) / length))
        for x in range(round(left), round(right), 4)
    ]
    pen.polygon([*upper, *((x, y + thickness) for x, y in reversed(upper))], fill=_PURPLE)


if __name__ == "__main__":
    draw_logo().save(TARGET, optimize=True)
