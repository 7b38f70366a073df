"""SVG logos: a closed subset of SVG 1.1, read without ever following a reference.

Shapes with plain fills and strokes become vector paths. All that is outside the subset is
named with its line; nothing is left out silently, for a logo must print as it was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn
from xml.parsers import expat

from handouts.errors import BrandError, Finding, Source
from handouts.library.brand import svg_paint, svg_shapes
from handouts.library.brand.svg_paint import Paint
from handouts.library.brand.svg_shapes import Matrix
from handouts.model import Image, VectorPath

#: Limits against files made to exhaust a machine, far above what a logo needs.
MAX_BYTES = 512 * 1024
MAX_ELEMENTS = 5_000
MAX_COMMANDS = 50_000
MAX_DEPTH = 64
_MAX_FINDINGS = 20

SVG = "http://www.w3.org/2000/svg"
_SHAPES = frozenset(svg_shapes.GEOMETRY)
#: Elements that draw nothing; what is inside them is passed over, though still searched for
#: references.
_SILENT = frozenset({"title", "desc", "metadata"})
_ROOT_ATTRIBUTES = frozenset(
    {"width", "height", "viewBox", "preserveAspectRatio", "x", "y", "version", "baseProfile"}
)
_REMEDIES = {
    "text": "Convert the text to paths.",
    "style": "Export it as plain SVG with presentation attributes.",
    "script": "Remove it.",
    "foreignObject": "Remove it.",
    "image": "Use the picture itself, as a PNG.",
    "use": "Replace the clones by the shapes themselves.",
}
_REMEDY = "Convert it to paths with plain fills, or save the logo as a PNG."


def read_svg(data: bytes, name: str) -> Image:
    """The SVG file ``data`` as an Image of vector paths; ``name`` is what messages call it.

    Raises BrandError with every finding and its line.
    """
    if len(data) > MAX_BYTES:
        raise BrandError(
            f"is larger than {MAX_BYTES // 1024} KiB.", Source(name), "Simplify the drawing."
        )
    reader = _Reader(name)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as problem:
        message = expat.ErrorString(problem.code)
        reader.note(f"is not well-formed XML: {message}.", "Save it again.", problem.lineno)
    except (ValueError, LookupError) as problem:
        reader.note(f"is in an unknown character encoding: {problem}.", "Save it as UTF-8.")
    except _Stop:
        pass
    if not reader.findings and not reader.paths:
        reader.note("draws nothing.", "Check that it is the right file.", 0)
    if reader.findings:
        raise BrandError(reader.findings)
    return Image(name, reader.width, reader.height, paths=tuple(reader.paths))


class _Stop(Exception):
    """Reading must not go on: the findings say why."""


@dataclass(frozen=True, slots=True)
class _Level:
    """What an open element hands down to those inside it."""

    matrix: Matrix
    paint: Paint


class _Reader:
    """Expat's handlers: each start tag is checked and, if it is a shape, becomes a path."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.width = self.height = 0.0
        self.paths: list[VectorPath] = []
        self.findings: list[Finding] = []
        self._levels: list[_Level] = []
        self._silent = 0
        self._elements = self._commands = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.CharacterDataHandler = self._characters
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def note(self, message: str, remedy: str, line: int | None = None) -> None:
        """Keep a finding; stop reading when there are too many."""
        at = self.parser.CurrentLineNumber if line is None else line
        self.findings.append(Finding(message, Source(self.name, at), remedy))
        if line is None and len(self.findings) >= _MAX_FINDINGS:
            raise _Stop

    def _fail(self, message: str, remedy: str) -> NoReturn:
        self.note(message, remedy)
        raise _Stop

    def _doctype(self, *_: object) -> None:
        # A DTD can name outside files, and entities that unpack to any size.
        self._fail("has a document type (DOCTYPE) or entities.", "Remove the line, or save again.")

    def _instruction(self, target: str, _: str) -> None:
        self.note(f"has a processing instruction ({target}).", "Remove it; styles stay inside.")

    def _characters(self, text: str) -> None:
        if text.strip() and not self._silent:
            self.note("has text outside of its shapes.", _REMEDIES["text"])

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS or len(self._levels) + self._silent >= MAX_DEPTH:
            self._fail("has too many elements, or too many inside each other.", "Simplify it.")
        self._refuse_references(attributes)
        namespace, _, element = tag.rpartition(" ")
        if not self._levels:
            self._open_root(namespace, element, attributes)
        elif self._silent or namespace != SVG or element in _SILENT:
            # Other vocabularies (an editor's notes, licences) draw nothing by definition.
            self._silent += 1
        elif element == "defs":
            self._levels.append(self._levels[-1])
        elif element == "g" or element in _SHAPES:
            self._open_shape(element, attributes)
        else:
            shown = element[:40]
            self.note(
                f"uses <{shown}>, which is outside the SVG subset for logos.",
                _REMEDIES.get(shown, _REMEDY),
            )
            self._silent += 1

    def _end(self, _: str) -> None:
        if self._silent:
            self._silent -= 1
        else:
            self._levels.pop()

    def _refuse_references(self, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            plain = key.rpartition(" ")[2].lower()
            if plain in ("href", "src"):
                self.note(f"refers to {value[:60]!r}.", "A logo stands alone: remove the link.")
            elif plain.startswith("on"):
                self.note(f"has a script ({plain}).", "Remove it.")

    def _open_root(self, namespace: str, element: str, attributes: dict[str, str]) -> None:
        if namespace != SVG or element != "svg":
            self._fail(
                "is not an SVG picture: its first element must be "
                f'<svg xmlns="{SVG}">, not <{element[:40]}>.',
                "Save it again as plain SVG.",
            )
        try:
            left, top, self.width, self.height = svg_shapes.view_box(attributes)
        except ValueError as problem:
            self._fail(f"has no usable size: {problem}.", 'Give it viewBox="0 0 WIDTH HEIGHT".')
        rest = {key: value for key, value in attributes.items() if key not in _ROOT_ATTRIBUTES}
        paint = self._paint(Paint(), rest)
        self._levels.append(_Level((1.0, 0.0, 0.0, 1.0, -left, -top), paint))

    def _open_shape(self, element: str, attributes: dict[str, str]) -> None:
        level = self._levels[-1]
        geometry = svg_shapes.GEOMETRY.get(element, frozenset())
        shape = {key: value for key, value in attributes.items() if key in geometry}
        rest = {
            key: value
            for key, value in attributes.items()
            if key not in geometry and key != "transform"
        }
        matrix = level.matrix
        try:
            if "transform" in attributes:
                own = svg_shapes.read_transform(attributes["transform"])
                matrix = svg_shapes.combine(level.matrix, own)
        except ValueError as problem:
            self.note(f"has a wrong transform: {problem}.", "Save it again as plain SVG.")
        paint = self._paint(level.paint, rest)
        if element != "g":
            self._draw(element, shape, matrix, paint)
        self._levels.append(_Level(matrix, paint))

    def _paint(self, inherited: Paint, attributes: dict[str, str]) -> Paint:
        paint, problems = svg_paint.read_paint(inherited, attributes)
        for problem in problems:
            self.note(f"{problem}, which is outside the SVG subset for logos.", _REMEDY)
        return paint

    def _draw(self, element: str, shape: dict[str, str], matrix: Matrix, paint: Paint) -> None:
        try:
            commands = svg_shapes.outline(element, shape, matrix)
            inside = svg_shapes.inside(commands, self.width, self.height)
        except ValueError as problem:
            self.note(f"<{element}> cannot be read: {problem}.", "Save it again as plain SVG.")
            return
        self._commands += len(commands)
        if self._commands > MAX_COMMANDS:
            self._fail("has too many points.", "Simplify the drawing.")
        if not commands or not (paint.fill or paint.stroke):
            return
        if not inside:
            self.note(
                f"<{element}> reaches beyond the picture's viewBox.", "Fit the page to the drawing."
            )
        path = VectorPath(commands, paint.fill, paint.stroke, even_odd=paint.even_odd)
        width = round(paint.stroke_width * svg_shapes.scale_of(matrix), 4)
        self.paths.append(replace(path, stroke_width=width) if paint.stroke else path)
