"""Geometry of SVG shapes: paths, rectangles, circles, … as commands in picture coordinates."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Command: TypeAlias = tuple[str | float, ...]
Point: TypeAlias = tuple[float, float]

#: The attributes that give each shape its form.
GEOMETRY = {
    "path": frozenset({"d"}),
    "rect": frozenset({"x", "y", "width", "height", "rx", "ry"}),
    "circle": frozenset({"cx", "cy", "r"}),
    "ellipse": frozenset({"cx", "cy", "rx", "ry"}),
    "line": frozenset({"x1", "y1", "x2", "y2"}),
    "polyline": frozenset({"points"}),
    "polygon": frozenset({"points"}),
}

#: Larger coordinates belong to no logo and would lose their digits.
_LARGEST = 1e6
#: A cubic Bézier curve with handles this long is a quarter of a circle to within 0.03 %.
_KAPPA = 0.5522847498307936

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_LENGTH = re.compile(rf"({_NUMBER.pattern})(px|pt|mm|cm|in)?")
_PATH_DATA = re.compile(r"[MmZzLlHhVvCcSsQqTtAaEe0-9+\-., ]*")
#: The path parser takes quadratic time for arcs written without spaces between numbers.
_ENDLESS_ARC = re.compile(r"[Aa][^A-DF-Za-df-z]*?[^ ,A-DF-Za-df-z]{2000}")
_STEP = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^()]*)\)[\s,]*")
_UNITS = {"px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def view_box(attributes: dict[str, str]) -> tuple[float, float, float, float]:
    """Left, top, width and height of the picture. Raises ValueError when it has no size."""
    if "viewBox" in attributes:
        numbers = _numbers(attributes["viewBox"])
        if len(numbers) != 4:
            raise ValueError("viewBox needs four numbers")
        left, top, width, height = numbers
    else:
        left = top = 0.0
        width = _length(attributes.get("width", ""))
        height = _length(attributes.get("height", ""))
    if min(width, height) < 0.01 or not 0.01 <= width / height <= 100:
        raise ValueError("width and height must be above zero")
    return left, top, width, height


def read_transform(text: str) -> Matrix:
    """The matrix of a ``transform`` attribute. Raises ValueError."""
    matrix: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    rest = text.strip()
    while rest:
        match = _STEP.match(rest)
        if match is None:
            raise ValueError(f"cannot read {rest[:40]!r}")
        matrix = combine(matrix, _step(match[1], _numbers(match[2])))
        rest = rest[match.end() :]
    return matrix


def combine(outer: Matrix, inner: Matrix) -> Matrix:
    """The matrix that applies ``inner`` first. Raises ValueError beyond all measure."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    both = (
        a * g + c * h,
        b * g + d * h,
        a * i + c * j,
        b * i + d * j,
        a * k + c * m + e,
        b * k + d * m + f,
    )
    if not all(abs(value) <= _LARGEST for value in both):
        raise ValueError("a number is too large")
    return both


def scale_of(matrix: Matrix) -> float:
    """By how much lengths grow, on average of all directions: what a stroke's width does."""
    a, b, c, d, _, _ = matrix
    return math.sqrt(abs(a * d - b * c))


def outline(element: str, shape: dict[str, str], matrix: Matrix) -> tuple[Command, ...]:
    """The commands of a shape in picture coordinates; () for one without extent.

    Raises ValueError for what cannot be read.
    """
    pen = _Pen(matrix)
    values = {} if element in ("path", "polyline", "polygon") else _lengths(shape)
    match element:
        case "path":
            _draw_path(shape.get("d", ""), pen)
        case "rect":
            _draw_rect(values, pen)
        case "circle":
            radius = values.get("r", 0.0)
            _draw_ellipse(values, radius, radius, pen)
        case "ellipse":
            _draw_ellipse(values, values.get("rx", 0.0), values.get("ry", 0.0), pen)
        case "line":
            pen.moveTo((values.get("x1", 0.0), values.get("y1", 0.0)))
            pen.lineTo((values.get("x2", 0.0), values.get("y2", 0.0)))
        case _:
            _draw_points(_numbers(shape.get("points", "")), element == "polygon", pen)
    return tuple(pen.commands)


def inside(commands: tuple[Command, ...], width: float, height: float) -> bool:
    """Whether the outline stays within a picture of this size, give or take 1 %."""
    from fontTools.misc.bezierTools import calcCubicBounds

    slack = 0.01 * max(width, height)
    here: Point = (0.0, 0.0)
    for command in commands:
        numbers = [value for value in command[1:] if isinstance(value, float)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if not points:
            continue
        box = (*points[-1], *points[-1])
        if command[0] == "C":
            box = calcCubicBounds(here, *points)
        if min(box[0], box[1]) < -slack or box[2] > width + slack or box[3] > height + slack:
            return False
        here = points[-1]
    return True


class _Pen:
    """Records commands through a matrix; the methods are those of fontTools' pens."""

    def __init__(self, matrix: Matrix) -> None:
        self.commands: list[Command] = []
        self._matrix = matrix
        self._here: Point = (0.0, 0.0)

    def moveTo(self, point: Point) -> None:
        self._add("M", point)

    def lineTo(self, point: Point) -> None:
        self._add("L", point)

    def curveTo(self, first: Point, second: Point, end: Point) -> None:
        self._add("C", first, second, end)

    def qCurveTo(self, control: Point, end: Point) -> None:
        """A quadratic curve, raised to the cubic one of the same form."""
        (x0, y0), (x1, y1), (x2, y2) = self._here, control, end
        first = (x0 + 2 / 3 * (x1 - x0), y0 + 2 / 3 * (y1 - y0))
        second = (x2 + 2 / 3 * (x1 - x2), y2 + 2 / 3 * (y1 - y2))
        self.curveTo(first, second, end)

    def closePath(self) -> None:
        self.commands.append(("Z",))

    def endPath(self) -> None:
        """An open path needs no command of its own."""

    def _add(self, letter: str, *points: Point) -> None:
        a, b, c, d, e, f = self._matrix
        numbers: list[float] = []
        for x, y in points:
            # Four decimals: the same on every machine, whatever its sine and cosine.
            numbers += (round(a * x + c * y + e, 4), round(b * x + d * y + f, 4))
        if not all(abs(number) <= _LARGEST for number in numbers):
            raise ValueError("a number is too large")
        self.commands.append((letter, *numbers))
        self._here = points[-1]


def _draw_path(data: str, pen: _Pen) -> None:
    from fontTools.svgLib.path.parser import parse_path

    flat = re.sub(r"[\t\r\n\f]", " ", data)
    if not _PATH_DATA.fullmatch(flat):
        raise ValueError("its path has characters that belong to no command")
    if _ENDLESS_ARC.search(flat):
        raise ValueError("its path has an arc of endless digits")
    try:
        parse_path(flat, pen)
    except (IndexError, ArithmeticError) as problem:
        raise ValueError("its path breaks off in a command") from problem


def _draw_rect(values: dict[str, float], pen: _Pen) -> None:
    x, y = values.get("x", 0.0), values.get("y", 0.0)
    width, height = values.get("width", 0.0), values.get("height", 0.0)
    if width <= 0 or height <= 0:
        return
    rx = min(max(values.get("rx", values.get("ry", 0.0)), 0.0), width / 2)
    ry = min(max(values.get("ry", values.get("rx", 0.0)), 0.0), height / 2)
    right, bottom = x + width, y + height
    if not rx or not ry:
        _draw_points((x, y, right, y, right, bottom, x, bottom), True, pen)
        return
    hx, hy = rx * (1 - _KAPPA), ry * (1 - _KAPPA)
    pen.moveTo((x + rx, y))
    pen.lineTo((right - rx, y))
    pen.curveTo((right - hx, y), (right, y + hy), (right, y + ry))
    pen.lineTo((right, bottom - ry))
    pen.curveTo((right, bottom - hy), (right - hx, bottom), (right - rx, bottom))
    pen.lineTo((x + rx, bottom))
    pen.curveTo((x + hx, bottom), (x, bottom - hy), (x, bottom - ry))
    pen.lineTo((x, y + ry))
    pen.curveTo((x, y + hy), (x + hx, y), (x + rx, y))
    pen.closePath()


def _draw_ellipse(values: dict[str, float], rx: float, ry: float, pen: _Pen) -> None:
    if rx <= 0 or ry <= 0:
        return
    cx, cy = values.get("cx", 0.0), values.get("cy", 0.0)
    hx, hy = rx * _KAPPA, ry * _KAPPA
    pen.moveTo((cx + rx, cy))
    pen.curveTo((cx + rx, cy + hy), (cx + hx, cy + ry), (cx, cy + ry))
    pen.curveTo((cx - hx, cy + ry), (cx - rx, cy + hy), (cx - rx, cy))
    pen.curveTo((cx - rx, cy - hy), (cx - hx, cy - ry), (cx, cy - ry))
    pen.curveTo((cx + hx, cy - ry), (cx + rx, cy - hy), (cx + rx, cy))
    pen.closePath()


def _draw_points(numbers: tuple[float, ...], closed: bool, pen: _Pen) -> None:
    if len(numbers) % 2:
        raise ValueError("its points are an odd number of numbers")
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    if len(points) < 2:
        return
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    if closed:
        pen.closePath()


def _step(name: str, numbers: tuple[float, ...]) -> Matrix:
    match name, numbers:
        case "matrix", (a, b, c, d, e, f):
            return a, b, c, d, e, f
        case "translate", (x, *y) if len(y) <= 1:
            return 1.0, 0.0, 0.0, 1.0, x, y[0] if y else 0.0
        case "scale", (x, *y) if len(y) <= 1:
            return x, 0.0, 0.0, y[0] if y else x, 0.0, 0.0
        case "rotate", (angle, *centre) if len(centre) in (0, 2):
            turn = math.radians(angle)
            cos, sin = math.cos(turn), math.sin(turn)
            x, y_ = centre or (0.0, 0.0)
            return cos, sin, -sin, cos, x - x * cos + y_ * sin, y_ - x * sin - y_ * cos
        case "skewX", (angle,):
            return 1.0, 0.0, math.tan(math.radians(angle)), 1.0, 0.0, 0.0
        case "skewY", (angle,):
            return 1.0, math.tan(math.radians(angle)), 0.0, 1.0, 0.0, 0.0
    raise ValueError(f"{name} has the wrong count of numbers")


def _lengths(shape: dict[str, str]) -> dict[str, float]:
    return {name: _length(value) for name, value in shape.items() if value.strip() != "auto"}


def _length(text: str) -> float:
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:40]!r} is not a length")
    return _bounded(float(match[1]) * _UNITS[match[2] or "px"])


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(_each_number(text))


def _each_number(text: str) -> Iterator[float]:
    at = 0
    for match in _NUMBER.finditer(text):
        if text[at : match.start()].strip(" ,\t\r\n"):
            break
        yield _bounded(float(match[0]))
        at = match.end()
    if text[at:].strip(" ,\t\r\n"):
        raise ValueError(f"{text[at : at + 40]!r} is not a number")


def _bounded(value: float) -> float:
    if not abs(value) <= _LARGEST:
        raise ValueError("a number is too large")
    return value
