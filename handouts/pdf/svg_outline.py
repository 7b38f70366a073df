"""The outlines of SVG shapes (SVG 1.1 8.3 and 9) as lines and Bézier curves of PDF."""

from __future__ import annotations

import re
from cmath import phase, rect
from collections.abc import Iterator
from itertools import chain
from math import ceil, pi, radians, tan
from operator import add
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from msgspec import Struct
from reportlab.graphics.transform import mmult, rotate, skewX, skewY, transformPoints

from handouts.pdf.svg_source import NUMBER, length

#: As the operator ``cm`` takes it: a b c d e f.
Matrix: TypeAlias = tuple[float, ...]

UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_STEP = re.compile(r"([a-zA-Z]+)\s*\(([^)]*)\)")
_COMMAND = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])([^MmZzLlHhVvCcSsQqTtAa]*)")
_NUMBER = re.compile(NUMBER)
_GAP = r"[\s,]*"
#: Its two flags may stand without a gap: ``a1 1 0 0110 10``.
_ARC = re.compile(_GAP.join(["", *[f"({NUMBER})"] * 3, *["([01])"] * 2, *[f"({NUMBER})"] * 2, ""]))
#: How many numbers each command takes.
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}
#: Seven digits, as many as ReportLab writes.
_WRITTEN = {"m": "%.7g %.7g m", "l": "%.7g %.7g l", "c": f"{'%.7g ' * 6}c", "h": "h"}
#: Of these numbers, all below a million, only tiny ones have an exponent.
_EXPONENT = re.compile(r"\S+e-\d+")


class Outline(Struct):
    """Operators of path construction (ISO 32000-1 8.5.2: m l c h), and the numbers of all."""

    operators: list[str]
    numbers: list[float]

    def code(self) -> str:
        """As it stands in a content stream."""
        form = " ".join([_WRITTEN[it] for it in self.operators])
        return _EXPONENT.sub(_in_full, form % tuple(self.numbers))

    def points(self) -> list[tuple[float, float]]:
        """End points and control points."""
        return [*zip(self.numbers[::2], self.numbers[1::2], strict=True)]

    def moved(self, matrix: Matrix) -> Outline:
        """The same in other coordinates."""
        return Outline(self.operators, [*chain(*transformPoints(matrix, self.points()))])

    def bounds(self) -> tuple[float, float, float, float]:
        """The least box around it: left, top, right, bottom."""
        from fontTools.misc.bezierTools import calcCubicBounds  # it takes long to load

        points, at, boxes = self.points(), 0, []
        for operator in self.operators:
            if operator == "c":
                boxes.append(calcCubicBounds(*points[at - 1 : at + 3]))
            elif operator != "h":
                boxes.append(points[at] * 2)
            at += {"c": 3, "h": 0}.get(operator, 1)
        left, top, right, bottom = zip(*boxes, strict=True)
        return min(left), min(top), max(right), max(bottom)


def _in_full(tiny: re.Match[str]) -> str:
    """A number as PDF writes it, which knows no exponents (7.3.3)."""
    return f"{round(float(tiny[0]), 6) + 0:.6f}".rstrip("0").rstrip(".")


def matrix(text: str) -> Matrix:
    """What a ``transform`` says (7.6). Raises ValueError."""
    found = UNMOVED
    for name, numbers in _STEP.findall(text):
        found = mmult(found, _step(name, [float(one) for one in _NUMBER.findall(numbers)]))
    return found


def _step(name: str, numbers: list[float]) -> Any:
    match name, numbers:
        case "matrix", [_, _, _, _, _, _]:
            step: Any = numbers
        case "translate", [x] | [x, _]:
            step = (1, 0, 0, 1, x, *(numbers[1:] or [0]))
        case "scale", [x] | [x, _]:
            step = (x, 0, 0, numbers[-1], 0, 0)
        case "rotate", [angle]:
            step = rotate(angle)
        case "rotate", [angle, x, y]:
            step = mmult(rotate(angle, x, y), (1, 0, 0, 1, -x, -y))
        case (("skewX" | "skewY"), [angle]):
            step = skewX(angle) if name == "skewX" else skewY(angle)
        case _:
            raise ValueError(f"{name} takes other numbers")
    return step


def drawn_outline(shape: Element, width: float, height: float) -> Outline:
    """The outline of a shape, empty if it has no extent. Of ``width`` and ``height``, those of
    the picture, its percentages are parts. Raises ValueError."""
    return _Pen().drawn(_data(shape, width, height))


def _data(shape: Element, width: float, height: float) -> str:
    """The path data of a path, or of a shape that is as good as one."""

    def at(key: str, whole: float) -> float:
        text = shape.get(key, "auto")
        return 0.0 if text == "auto" else length(text, whole)

    if shape.tag == "path":
        return shape.get("d", "").removeprefix("none")
    if shape.tag in ("polyline", "polygon"):
        points = shape.get("points")
        return f"M{points}{'Z' if shape.tag == 'polygon' else ''}" if points else ""
    if shape.tag == "line":
        return f"M{at('x1', width)},{at('y1', height)}L{at('x2', width)},{at('y2', height)}"
    rx, ry = at("rx", width), at("ry", height)
    auto = [shape.get(key, "auto") == "auto" for key in ("rx", "ry")]
    rx, ry = ry if auto[0] else rx, rx if auto[1] else ry
    if shape.tag == "rect":
        box = at("x", width), at("y", height), at("width", width), at("height", height)
        return _rectangle(*box, rx, ry)
    if shape.tag == "circle":
        rx = ry = at("r", ((width**2 + height**2) / 2) ** 0.5)
    right, y = at("cx", width) + rx, at("cy", height)
    arc = f"a{rx},{ry},0,0,1,"
    return f"M{right},{y}{arc}{-2 * rx},0{arc}{2 * rx},0Z" if min(rx, ry) > 0 else ""


def _rectangle(x: float, y: float, width: float, height: float, *radii: float) -> str:
    rx, ry = min(radii[0], width / 2), min(radii[1], height / 2)
    corner, wide, high = f"a{rx},{ry},0,0,1,", width - 2 * rx, height - 2 * ry
    if min(width, height) <= 0:
        return ""
    if min(rx, ry) <= 0:
        return f"M{x},{y}h{width}v{height}h{-width}Z"
    return (
        f"M{x + rx},{y}h{wide}{corner}{rx},{ry}v{high}{corner}{-rx},{ry}"
        f"h{-wide}{corner}{-rx},{-ry}v{-high}{corner}{rx},{-ry}Z"
    )


class _Pen:
    """Draws path data (8.3)."""

    def __init__(self) -> None:
        self._made = Outline([], [])
        self._now = self._start = [0.0, 0.0]
        self._last = "M"  # the command before
        self._control = self._now  # its last control point

    def drawn(self, data: str) -> Outline:
        """The outline that ``data`` describes. Raises ValueError."""
        for letter, text in _COMMAND.findall(data):
            command = letter.upper()
            if command == "Z":
                self._made.operators.append("h")
                self._now, self._last = self._start, command
                continue
            for numbers in _arguments(command, text):
                given = numbers if letter == letter.upper() else self._absolute(command, numbers)
                self._segment(command, given)
                self._last = command
                command = "L" if command == "M" else command
        return self._made

    def _absolute(self, command: str, given: list[float]) -> list[float]:
        origin = self._now * 3
        if command == "V":
            origin = self._now[1:]
        elif command == "A":
            origin = [0.0] * 5 + self._now
        return [*map(add, given, origin)]  # as many as there are

    def _segment(self, command: str, given: list[float]) -> None:
        match command:
            case "C":
                self._control = given[2:4]
                self._add("c", given)
            case "L":
                self._add("l", given)
            case "M":
                self._add("m", given)
                self._start = given
            case "H":
                self._add("l", [given[0], self._now[1]])
            case "V":
                self._add("l", [self._now[0], given[0]])
            case "S":
                self._control, mirrored = given[:2], self._mirrored("CS")
                self._add("c", [*mirrored, *given])
            case "Q":
                self._quadratic(given)
            case "T":
                self._quadratic([*self._mirrored("QT"), *given])
            case _:
                for curve in _arc(self._now, given):
                    self._add("c", curve)

    def _add(self, operator: str, numbers: list[float]) -> None:
        self._made.operators.append(operator)
        self._made.numbers += numbers
        self._now = numbers[-2:]

    def _quadratic(self, given: list[float]) -> None:
        (x0, y0), (x1, y1, x2, y2) = self._now, given
        self._control = given[:2]
        near = [x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3]
        self._add("c", [*near, x2 + (x1 - x2) * 2 / 3, y2 + (y1 - y2) * 2 / 3, x2, y2])

    def _mirrored(self, kinds: str) -> list[float]:
        """The first control point of a smooth curve, which follows from one of such ``kinds``."""
        if self._last not in kinds:
            return self._now
        return [2 * now - control for now, control in zip(self._now, self._control, strict=True)]


def _arguments(command: str, text: str) -> list[list[float]]:
    """The numbers of each segment that a command draws. Raises ValueError."""
    found = [*_of_arcs(text)] if command == "A" else _NUMBER.findall(text)
    takes = _TAKES[command]
    if not found or len(found) % takes:
        raise ValueError(f"{command} takes {takes} numbers")
    numbers = [*map(float, found)]
    return [numbers[at : at + takes] for at in range(0, len(numbers), takes)]


def _of_arcs(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        arc = _ARC.match(text, at)
        if arc is None:
            raise ValueError("an arc takes seven numbers, two of them flags")
        yield from arc.groups()
        at = arc.end()


def _arc(start: list[float], given: list[float]) -> list[list[float]]:
    """The curves of an elliptical arc (F.6), each a quarter turn at most."""
    rx, ry, angle, large, sweep, *end = given
    if start == end:
        return []
    if not rx or not ry:
        return [[*start, *end, *end]]
    turn = rect(1, radians(angle))

    def inwards(x: float, y: float) -> complex:  # where the ellipse is a circle of radius 1
        along = complex(x, y) / turn
        return complex(along.real / abs(rx), along.imag / abs(ry))

    def outwards(at: complex) -> tuple[float, float]:
        along = complex(at.real * abs(rx), at.imag * abs(ry)) * turn
        return along.real, along.imag

    first, last = inwards(*start), inwards(*end)
    half = (last - first) / 2
    side = 1j if large != sweep else -1j
    # One that is too small to reach its end grows: its centre is in the middle, its spokes longer.
    centre = (first + last) / 2 + side * half * max(0.0, abs(half) ** -2 - 1) ** 0.5
    sweeps = phase((last - centre) / (first - centre))
    sweeps += 2 * pi * ((sweep and sweeps < 0) - (not sweep and sweeps > 0))
    count = ceil(abs(sweeps) / (pi / 2) - 1e-6)
    step, pull = rect(1, sweeps / count), 4j / 3 * tan(sweeps / count / 4)
    curves, spoke = [], first - centre
    for _ in range(count):
        near, spoke = spoke * (1 + pull), spoke * step
        far, to = centre + spoke * (1 - pull), centre + spoke
        curves.append([*outwards(centre + near), *outwards(far), *outwards(to)])
    curves[-1][4:] = end
    return curves
