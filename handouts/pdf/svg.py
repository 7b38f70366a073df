"""SVG pictures drawn with ReportLab; gradients become its shadings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import TypeAlias
from xml.etree.ElementTree import Element

from reportlab.graphics.transform import inverse, mmult
from reportlab.pdfbase.pdfdoc import PDFRadialShading
from reportlab.pdfgen.canvas import Canvas, _buildColorFunction
from reportlab.pdfgen.pathobject import PDFPathObject

from handouts.errors import BrandError, Source
from handouts.model import Drawn, Svg
from handouts.pdf.drawing import record
from handouts.pdf.svg_outline import Matrix, Outline, drawn_outline, matrix
from handouts.pdf.svg_source import (
    DRAWN,
    GRADIENTS,
    LARGEST,
    LINE,
    SHAPES,
    SvgSource,
    length,
    read_source,
)

#: Values by attribute.
_Values: TypeAlias = dict[str, str]

_URL = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)")
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
#: What a shape inherits from the groups around it.
_INHERITED = {
    *("fill", "fill-rule", "clip-rule", "visibility", "stroke", "stroke-width", "stroke-linecap"),
    *("stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset"),
}
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
    except (ArithmeticError, LookupError, RecursionError, ValueError) as problem:
        # A command that lacks a number, no way back through a transform, clones upon clones.
        at = Source(name)
        raise BrandError("has a shape that cannot be drawn.", at, _REMEDY) from problem
    if not any(painter.count for painter in painters):
        raise BrandError("draws nothing.", Source(name), "Check that it is the right file.")
    return drawn


class _Painter:
    """Draws the shapes of a file, in the coordinates of each."""

    def __init__(self, source: SvgSource) -> None:
        self._source = source
        self.count = 0  # shapes that draw something

    def paint(self, canvas: Canvas) -> None:
        """Draw all."""
        start = (1.0, 0.0, 0.0, 1.0, -self._source.left, -self._source.top)
        self._node(canvas, self._source.root, {}, start)

    def _node(self, canvas: Canvas, node: Element, above: _Values, outside: Matrix) -> None:
        """A group and what is in it, or a shape; within its clip path. ``above`` it, values that
        it inherits, and the coordinates ``outside`` of it."""
        values, inside = self._entered(node, above, outside)
        canvas.saveState()
        if clip := _URL.match(node.get("clip-path", "")):
            self._clip(canvas, node, clip[1], inside)
        if node.tag in SHAPES:
            self._shape(canvas, node, values, inside)
        for child in self._drawn_in(node):
            self._node(canvas, child, values, inside)
        canvas.restoreState()

    def _entered(self, node: Element, above: _Values, outside: Matrix) -> tuple[_Values, Matrix]:
        """The values that hold for ``node``, and its coordinates."""
        inside = mmult(outside, matrix(node.get("transform", "")))
        if node.tag == "use":
            inside = mmult(inside, (1, 0, 0, 1, *(length(node.get(key, "0")) for key in "xy")))
        return above | _inheritable(node), inside

    def _drawn_in(self, node: Element) -> Iterable[Element]:
        """What a group or a clone draws."""
        target = self._source.target(node) if node.tag == "use" else None
        return (one for one in ([*node] if target is None else [target]) if one.tag in DRAWN)

    def _clip(self, canvas: Canvas, node: Element, name: str, inside: Matrix) -> None:
        found = self._source.by_id.get(name)
        parts = []
        if found is not None and found.tag == "clipPath":
            parents = {child: parent for parent in self._source.root.iter() for child in parent}
            above, parent = _Values(), parents.get(found)
            while parent is not None:
                above, parent = _inheritable(parent) | above, parents.get(parent)
            parts = [*self._parts(found, above, inside)]
        shapes = [part for part in parts if part[0].tag in SHAPES]
        if len(shapes) != 1 or any("clip-path" in part.attrib for part, _, _ in parts):
            raise self._error(node, f"uses the clip path “{name[:40]}”", "Make it one path.")
        ((shape, values, own),) = shapes
        inverse(own)  # raises ArithmeticError: all that it clips would vanish
        path = self._outline(shape).moved(own)
        self._bounded(shape, *path.numbers)
        canvas.clipPath(_path(path), stroke=0, fill=0, fillMode=_mode(values, "clip-rule"))

    def _parts(
        self, node: Element, above: _Values, outside: Matrix
    ) -> Iterator[tuple[Element, _Values, Matrix]]:
        """All elements of a clip path, with their values and coordinates."""
        values, inside = self._entered(node, above, outside)
        yield node, values, inside
        for child in self._drawn_in(node):
            yield from self._parts(child, values, inside)

    def _shape(self, canvas: Canvas, shape: Element, values: _Values, inside: Matrix) -> None:
        fill, stroke = values.get("fill") or "black", values.get("stroke") or "none"
        if values.get("visibility", "visible") != "visible" or fill == stroke == "none":
            return
        outline = self._outline(shape)
        if not outline.operators:
            return
        self.count += 1
        canvas.transform(*self._bounded(shape, *inside))
        path, mode = _path(outline), _mode(values, "fill-rule")
        gradient = self._source.by_id.get(found[1]) if (found := _URL.match(fill)) else None
        if gradient is not None and gradient.tag in GRADIENTS:
            canvas.saveState()
            canvas.clipPath(path, stroke=0, fill=0, fillMode=mode)
            self._gradient(canvas, shape, gradient, outline)
            canvas.restoreState()
            fill = "none"
        if stroke not in _NONE:
            self._set_stroke(canvas, shape, stroke, values)
        if fill not in _NONE:
            canvas.setFillColor(self._colour(shape, fill))
        if fill not in _NONE or stroke not in _NONE:
            canvas.drawPath(path, stroke not in _NONE, fill not in _NONE, mode)

    def _outline(self, shape: Element) -> Outline:
        outline = drawn_outline(shape, self._source.width, self._source.height)
        self._bounded(shape, *outline.numbers)
        return outline

    def _set_stroke(self, canvas: Canvas, shape: Element, stroke: str, values: _Values) -> None:
        canvas.setStrokeColor(self._colour(shape, stroke))
        canvas.setLineWidth(self._length(shape, values.get("stroke-width", "1")))
        canvas.setLineCap(_CAPS[values.get("stroke-linecap", "butt")])
        canvas.setLineJoin(_JOINS[values.get("stroke-linejoin", "miter")])
        canvas.setMiterLimit(self._length(shape, values.get("stroke-miterlimit", "4")))
        dashes = values.get("stroke-dasharray", "none")
        if dashes != "none":
            lengths = [self._length(shape, part) for part in re.split(r"[\s,]+", dashes) if part]
            if min(lengths) >= 0 < sum(lengths):
                canvas.setDash(lengths, self._length(shape, values.get("stroke-dashoffset", "0")))

    def _gradient(self, canvas: Canvas, shape: Element, element: Element, outline: Outline) -> None:
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
            x1, y1, x2, y2 = outline.bounds()
            canvas.transform(x2 - x1, 0, 0, y2 - y1, x1, y1)
            width = height = 1.0
        else:
            width, height = self._source.width, self._source.height
        canvas.transform(*self._bounded(shape, *matrix(given.get("gradientTransform", ""))))

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

    def _length(self, node: Element, text: str, whole: float = 1.0) -> float:
        with suppress(ValueError):
            return self._bounded(node, length(text, whole))[0]
        raise self._error(node, f"cannot be read: “{text[:40]}”", _REMEDY)

    def _colour(self, node: Element, text: str) -> tuple[float, ...]:
        from PIL.ImageColor import getrgb

        with suppress(ValueError):
            channels = getrgb("black" if text == "currentColor" else text)
            if len(channels) == 3:
                return tuple(channel / 255 for channel in channels)
        raise self._error(node, f"uses the colour “{text[:40]}”", "Use a plain, opaque colour.")

    def _bounded(self, node: Element, *values: float) -> tuple[float, ...]:
        if not all(map(LARGEST.__ge__, map(abs, values))):
            raise self._error(node, "has a number that is too large", _REMEDY)
        return values

    def _error(self, node: Element, what: str, remedy: str) -> BrandError:
        return BrandError([self._source.problem(node.get(LINE), f"{what}.", remedy)])


def _inheritable(node: Element) -> _Values:
    return {key: value for key, value in node.items() if key in _INHERITED}


def _path(outline: Outline) -> PDFPathObject:
    return PDFPathObject([outline.code()])


def _mode(values: _Values, rule: str) -> int:
    """ReportLab's fill mode: 0 even-odd, 1 nonzero."""
    return 0 if values.get(rule) == "evenodd" else 1


def _offsets(stops: list[Element]) -> list[float]:
    """Where the stops are, from 0 to 1; each a little after the one before."""
    offsets: list[float] = []
    for stop in stops:
        text = stop.get("offset", "0")
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        least = offsets[-1] + 1e-4 if offsets else 0.0
        offsets.append(min(max(share, least), 1.0 + 1e-4 * len(stops)))
    return [offset / max(offsets[-1], 1.0) for offset in offsets]
