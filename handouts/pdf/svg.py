"""SVG pictures: read by svgelements, drawn with ReportLab; gradients become its shadings."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, tostring

from reportlab.pdfbase.pdfdoc import PDFRadialShading
from reportlab.pdfgen.canvas import Canvas, _buildColorFunction
from reportlab.pdfgen.pathobject import PDFPathObject
from svgelements import (
    SVG,
    Arc,
    ClipPath,
    Close,
    CubicBezier,
    Length,
    Matrix,
    Move,
    QuadraticBezier,
    Shape,
)

from handouts.errors import BrandError, Source
from handouts.model import Drawn, Svg
from handouts.pdf.drawing import record
from handouts.pdf.svg_source import GRADIENTS, LINE, SvgSource, read_source

_URL = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)")
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_NONE = frozenset(("none", "transparent", ""))
_REMEDY = "Save it again as plain SVG."


def read_svg(data: bytes, name: str) -> Svg:
    """The SVG file ``data`` as a picture; ``name`` is what messages call it.

    Raises BrandError with what is wrong and its line.
    """
    drawn = draw_svg(data, name)
    return Svg(name, drawn.width, drawn.height, data)


@lru_cache(maxsize=8)
def draw_svg(data: bytes, name: str, over: bytes = b"") -> Drawn:
    """What ReportLab draws of an SVG file, in its user units, and of one ``over`` it.

    Raises BrandError.
    """
    sources = [read_source(layer, name) for layer in ((data, over) if over else (data,))]
    width, height = sources[0].width, sources[0].height

    def paint(canvas: Canvas) -> None:
        canvas.transform(1, 0, 0, -1, 0, height)  # y goes down in SVG
        for painter in painters:
            painter.paint(canvas)

    try:
        painters = [_Painter(source) for source in sources]
        drawn = record(name, width, height, paint)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
        # What svgelements and ReportLab trip over: a length without a whole, no way back.
        at = Source(name)
        raise BrandError("has a shape that cannot be drawn.", at, _REMEDY) from problem
    if not any(painter.count for painter in painters):
        raise BrandError("draws nothing.", Source(name), "Check that it is the right file.")
    return drawn


class _Painter:
    """Draws the elements that svgelements has read, in the coordinates of each."""

    def __init__(self, source: SvgSource) -> None:
        self._source = source
        text = BytesIO(tostring(source.root))
        self._svg = SVG.parse(text, reify=False, on_error="raise")
        self.count = 0  # shapes that draw something

    def paint(self, canvas: Canvas) -> None:
        """Draw all."""
        self._node(canvas, self._svg)

    def _node(self, canvas: Canvas, node: Any) -> None:
        """A group and what is in it, or a shape; within its clip path."""
        canvas.saveState()
        if clip := _URL.match(node.values.get("clip-path") or ""):
            self._clip(canvas, node, clip[1])
        if isinstance(node, Shape):
            self._shape(canvas, node)
        elif isinstance(node, list):
            for child in node:
                self._node(canvas, child)
        canvas.restoreState()

    def _clip(self, canvas: Canvas, node: Any, name: str) -> None:
        found = self._svg.objects.get(name)
        shapes = [part for part in _flat(found) if isinstance(part, Shape)]
        if (
            not isinstance(found, ClipPath)
            or len(shapes) != 1
            or "clip-path" in {**found.values, **shapes[0].values}
        ):
            raise self._error(node, f"uses the clip path “{name[:40]}”", "Make it one path.")
        shape = shapes[0]
        own = Matrix(self._source.by_id[name].get("transform", ""))
        matrix = shape.transform * ~_matrix(found) * own * _matrix(node)
        path = self._path(canvas, shape, matrix)
        canvas.clipPath(path, stroke=0, fill=0, fillMode=_mode(shape, "clip-rule"))

    def _shape(self, canvas: Canvas, shape: Any) -> None:
        values = shape.values
        fill, stroke = values.get("fill") or "black", values.get("stroke") or "none"
        if values.get("visibility", "visible") != "visible" or fill == stroke == "none":
            return
        self.count += 1
        canvas.transform(*self._bounded(shape, *_six(_matrix(shape))))
        path = self._path(canvas, shape, Matrix())
        gradient = self._source.by_id.get(found[1]) if (found := _URL.match(fill)) else None
        if gradient is not None and gradient.tag in GRADIENTS:
            canvas.saveState()
            canvas.clipPath(path, stroke=0, fill=0, fillMode=_mode(shape))
            self._gradient(canvas, shape, gradient)
            canvas.restoreState()
            fill = "none"
        if stroke not in _NONE:
            self._set_stroke(canvas, shape, stroke)
        if fill not in _NONE:
            canvas.setFillColor(self._colour(shape, fill))
        if fill not in _NONE or stroke not in _NONE:
            canvas.drawPath(path, stroke not in _NONE, fill not in _NONE, _mode(shape))

    def _path(self, canvas: Canvas, shape: Any, matrix: Matrix) -> PDFPathObject:
        path = canvas.beginPath()
        for segment in shape.segments(transformed=False):
            for step in segment.as_cubic_curves() if isinstance(segment, Arc) else [segment]:
                points = [] if isinstance(step, Close) else _points(step)
                flat = [value for point in points for value in point * matrix]
                self._bounded(shape, *flat)
                if isinstance(step, Move):
                    path.moveTo(*flat)
                elif isinstance(step, Close):
                    path.close()
                elif len(flat) == 6:
                    path.curveTo(*flat)
                else:
                    path.lineTo(*flat)
        return path

    def _set_stroke(self, canvas: Canvas, shape: Any, stroke: str) -> None:
        values = shape.values
        canvas.setStrokeColor(self._colour(shape, stroke))
        canvas.setLineWidth(*self._bounded(shape, shape.stroke_width or 0))
        canvas.setLineCap(_CAPS[values.get("stroke-linecap", "butt")])
        canvas.setLineJoin(_JOINS[values.get("stroke-linejoin", "miter")])
        canvas.setMiterLimit(self._length(shape, values.get("stroke-miterlimit", "4")))
        dashes = values.get("stroke-dasharray", "none")
        if dashes != "none":
            lengths = [self._length(shape, part) for part in re.split(r"[\s,]+", dashes) if part]
            if min(lengths) >= 0 < sum(lengths):
                canvas.setDash(lengths, self._length(shape, values.get("stroke-dashoffset", "0")))

    def _gradient(self, canvas: Canvas, shape: Any, element: Element) -> None:
        """Fill the clip with a gradient (SVG 1.1 13.2); what it lacks is in those it refers to."""
        chain = [element]
        while (target := self._source.target(chain[-1])) is not None:
            chain.append(target)
        given = {key: value for part in reversed(chain) for key, value in part.items()}
        stops = next((stops for part in chain if (stops := part.findall("stop"))), [])
        colours = [self._colour(stop, stop.get("stop-color", "black")) for stop in stops]
        offsets = _offsets(stops)
        if not stops:
            return
        if given.get("gradientUnits") != "userSpaceOnUse":
            x1, y1, x2, y2 = shape.bbox(transformed=False)
            canvas.transform(x2 - x1, 0, 0, y2 - y1, x1, y1)
            width = height = 1.0
        else:
            width, height = self._source.width, self._source.height
        canvas.transform(*self._bounded(shape, *_six(Matrix(given.get("gradientTransform", "")))))

        def at(key: str, default: str, whole: float) -> float:
            return self._length(shape, given.get(key, default), whole)

        if element.tag == "linearGradient":
            line = at("x1", "0%", width), at("y1", "0%", height), at("x2", "100%", width)
            canvas.linearGradient(*line, at("y2", "0%", height), colours, offsets)
            return
        cx, cy = at("cx", "50%", width), at("cy", "50%", height)
        radius = at("r", "50%", ((width**2 + height**2) / 2) ** 0.5)
        focus = at("fx", given.get("cx", "50%"), width), at("fy", given.get("cy", "50%"), height)
        function = _buildColorFunction(colours, offsets)
        extend = {"ColorSpace": "DeviceRGB", "Extend": "[true true]"}
        canvas.shade(PDFRadialShading(*focus, 0, cx, cy, radius, function, **extend))

    def _length(self, node: Any, text: str, whole: float = 1.0) -> float:
        with suppress(TypeError, ValueError):
            length = float(Length(text).value(ppi=96, relative_length=whole))
            return self._bounded(node, length)[0]
        raise self._error(node, f"cannot be read: “{text[:40]}”", _REMEDY)

    def _colour(self, node: Any, text: str) -> tuple[float, ...]:
        from PIL.ImageColor import getrgb

        with suppress(ValueError):
            channels = getrgb("black" if text == "currentColor" else text)
            if len(channels) == 3:
                return tuple(channel / 255 for channel in channels)
        raise self._error(node, f"uses the colour “{text[:40]}”", "Use a plain, opaque colour.")

    def _bounded(self, node: Any, *values: float) -> tuple[float, ...]:
        if not all(abs(value) <= 1e6 for value in values):
            raise self._error(node, "has a number that is too large", _REMEDY)
        return values

    def _error(self, node: Any, what: str, remedy: str) -> BrandError:
        line = node.get(LINE) if isinstance(node, Element) else node.values.get(LINE)
        return BrandError([self._source.problem(line, f"{what}.", remedy)])


def _flat(node: Any) -> list[Any]:
    """All elements in ``node``, itself too."""
    inner = node if isinstance(node, list) else []
    return [node, *(part for child in inner for part in _flat(child))]


def _points(step: Any) -> list[Any]:
    """End point of a line, or control points and end point of a curve."""
    if isinstance(step, CubicBezier):
        return [step.control1, step.control2, step.end]
    if isinstance(step, QuadraticBezier):
        start, control, end = step.start, step.control, step.end
        return [start + (control - start) * (2 / 3), end + (control - end) * (2 / 3), end]
    return [step.end]


def _matrix(node: Any) -> Matrix:
    """From the coordinates of ``node`` to those of the picture."""
    return Matrix(node.values.get("transform", ""))


def _six(matrix: Matrix) -> tuple[float, ...]:
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _mode(shape: Any, rule: str = "fill-rule") -> int:
    """ReportLab's fill mode: 0 even-odd, 1 nonzero."""
    return 0 if shape.values.get(rule) == "evenodd" else 1


def _offsets(stops: list[Element]) -> list[float]:
    """Where the stops are, from 0 to 1; each a little after the one before."""
    offsets: list[float] = []
    for stop in stops:
        text = stop.get("offset", "0")
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        least = offsets[-1] + 1e-4 if offsets else 0.0
        offsets.append(min(max(share, least), 1.0 + 1e-4 * len(stops)))
    return [offset / max(offsets[-1], 1.0) for offset in offsets]
