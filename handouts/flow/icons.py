"""Icons: the small signs of the text, drawn as vectors: few fonts have them, and none is needed."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from handouts.model import IconName, Image, VectorPath

_Point: TypeAlias = tuple[float, float]
_CIRCLE = 0.5523  # control points of a quarter circle


@lru_cache(maxsize=64)
def icon_image(name: IconName, colour: str = "#000000") -> Image:
    """An icon as a picture of 1 unit height: place it as high as a capital letter.

    Its width to height is ``width / height`` of the picture; y goes down.
    """
    width, paths = _DRAWINGS[name](colour)
    return Image(f"icon:{name}", width * 100, 100, paths=paths)


def _polygon(*points: _Point, closed: bool = True) -> tuple[tuple[str | float, ...], ...]:
    start, *rest = points
    commands: list[tuple[str | float, ...]] = [("M", *start)]
    commands += [("L", *point) for point in rest]
    if closed:
        commands.append(("Z",))
    return tuple(commands)


def _checkbox(colour: str) -> tuple[float, tuple[VectorPath, ...]]:
    square = _polygon((5, 5), (95, 5), (95, 95), (5, 95))
    return 1.0, (VectorPath(square, fill="#ffffff", stroke=colour, stroke_width=9),)


def _check(colour: str) -> tuple[float, tuple[VectorPath, ...]]:
    line = _polygon((10, 55), (38, 84), (90, 16), closed=False)
    return 1.0, (VectorPath(line, stroke=colour, stroke_width=15),)


def _cross(colour: str) -> tuple[float, tuple[VectorPath, ...]]:
    rising = _polygon((12, 88), (88, 12), closed=False)
    falling = _polygon((12, 12), (88, 88), closed=False)
    return 1.0, (VectorPath(rising + falling, stroke=colour, stroke_width=15),)


def _arrow(colour: str) -> tuple[float, tuple[VectorPath, ...]]:
    shaft = _polygon((8, 50), (116, 50), closed=False)
    head = _polygon((82, 16), (118, 50), (82, 84), closed=False)
    return 1.26, (VectorPath(shaft + head, stroke=colour, stroke_width=12),)


def _bullet(colour: str) -> tuple[float, tuple[VectorPath, ...]]:
    return 0.6, (VectorPath(_disc(30, 50, 25), fill=colour),)


def _disc(x: float, y: float, r: float) -> tuple[tuple[str | float, ...], ...]:
    k = r * _CIRCLE
    return (
        ("M", x + r, y),
        ("C", x + r, y + k, x + k, y + r, x, y + r),
        ("C", x - k, y + r, x - r, y + k, x - r, y),
        ("C", x - r, y - k, x - k, y - r, x, y - r),
        ("C", x + k, y - r, x + r, y - k, x + r, y),
        ("Z",),
    )


def _phone(colour: str) -> tuple[float, tuple[VectorPath, ...]]:
    """A handset, lying diagonally."""
    handset: tuple[tuple[str | float, ...], ...] = (
        ("M", 8, 20),
        ("L", 24, 4),
        ("L", 44, 26),
        ("L", 33, 38),
        ("C", 38, 50, 50, 62, 62, 67),
        ("L", 74, 56),
        ("L", 96, 76),
        ("L", 80, 92),
        ("C", 74, 98, 62, 98, 50, 92),
        ("C", 30, 82, 18, 70, 8, 50),
        ("C", 2, 38, 2, 26, 8, 20),
        ("Z",),
    )
    return 1.0, (VectorPath(handset, fill=colour, stroke=colour, stroke_width=4),)


_DRAWINGS = {
    "checkbox": _checkbox,
    "check": _check,
    "arrow": _arrow,
    "bullet": _bullet,
    "cross": _cross,
    "phone": _phone,
}
