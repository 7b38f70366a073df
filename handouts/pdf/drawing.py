"""Drawings by ReportLab, recorded: what a drawing draws becomes a ``Drawn``, which is data.

A recorded drawing belongs to no file. Its text and rasters are kept apart from its operators,
since the codes of a font and the names of resources are a file's own. What has no place in a
tagged, archival picture (fonts of its own, links, forms, transparency) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from msgspec import Struct
from reportlab.lib.colors import CMYKColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from handouts.errors import ContentError, LayoutError, Source
from handouts.flow.faces import Face, FontBook
from handouts.model import Drawn, FontSet, Raster, Shown
from handouts.pdf.syntax import number

if TYPE_CHECKING:
    from reportlab.platypus.flowables import Flowable

#: The state that ReportLab takes for granted; in a form it is that of the page around it.
_INITIAL_STATE = "0 0 0 rg 0 0 0 RG 1 w"
#: Points: no page is higher (ISO 32000-1 annex C.2).
_HIGHEST = 14_400.0
#: Stands for a Shown or a Raster among the operators.
_PLACE = "\0{}\0"
_REFUSED = {
    "addAnnotation": "a link or a note",
    "refAnnotation": "a link or a note",
    "_catalog": "form fields or scripts",
    "outline": "bookmarks",
    "inPage": "bookmarks",
    "inForm": "forms of its own",
    "getXObjectName": "forms of its own",
    "fontMapping": "a font of its own",
}
_REMEDY = "Draw only shapes, text, pictures and gradients."


class FontNames(Struct, frozen=True):
    """The names by which ReportLab knows a document's fonts."""

    body: str
    body_bold: str
    heading: str
    heading_bold: str


def font_names(fonts: FontSet) -> FontNames:
    """Make ``fonts`` known to ReportLab under names that follow from their content.

    A drawing that is made with these names is drawn with the fonts of the document; ``<b>`` in
    a platypus Paragraph finds the bold one. Raises BrandError for a font that cannot be embedded.
    """
    book = FontBook(fonts)
    body, body_bold = _register(book, "body", False), _register(book, "body", True)
    heading, heading_bold = _register(book, "heading", False), _register(book, "heading", True)
    pdfmetrics.registerFontFamily(body, body, body_bold)
    pdfmetrics.registerFontFamily(heading, heading, heading_bold)
    return FontNames(body, body_bold, heading, heading_bold)


def drawn(name: str, drawing: Flowable, width: float = 468.0) -> Drawn:
    """A picture of what ``drawing`` draws: a Drawing of ReportLab's graphics, or any Flowable.

    ``name`` is what messages call it; ``width``: points that a Flowable may take. Raises
    LayoutError for what a picture may not have, ContentError for a character without a font.
    """
    wide, high = drawing.wrap(width, _HIGHEST)
    return record(name, wide, high, lambda canvas: drawing.drawOn(canvas, 0, 0))


def record(name: str, width: float, height: float, draw: Callable[[Canvas], None]) -> Drawn:
    """A picture of what ``draw`` draws into the box from (0, 0) to (width, height)."""
    if not (width > 0 and height > 0):
        raise LayoutError(f"the drawing “{name}” has no size.", Source(name), "Give it one.")
    canvas = _Recorder(name, width, height)
    draw(canvas)
    return canvas.recorded()


class _Recorder(Canvas):  # type: ignore[misc]
    """A canvas whose operators are kept instead of being written to a page."""

    def __init__(self, name: str, width: float, height: float) -> None:
        self.name = name
        super().__init__(BytesIO(), (width, height), invariant=1, enforceColorSpace=self._rgb_only)
        self.parts: list[Shown | Raster] = []
        self._doc = _Resources(name)

    def recorded(self) -> Drawn:
        """The picture of all that was drawn so far."""
        if self._extgstate.getState():
            refuse(self.name, "transparency, overprinting or blending")
        code = "\n".join([_INITIAL_STATE, *self._code])
        content = tuple(
            self.parts[int(piece)] if at % 2 else piece
            for at, piece in enumerate(code.split("\0"))
            if piece
        )
        width, height = self._pagesize
        return Drawn(self.name, width, height, content, tuple(self._doc.shadings))

    def keep(self, part: Shown | Raster) -> str:
        """What stands for ``part`` among the operators."""
        self.parts.append(part)
        return _PLACE.format(len(self.parts) - 1)

    def _rgb_only(self, colour: Any) -> Any:
        if isinstance(colour, CMYKColor) or (isinstance(colour, list | tuple) and len(colour) == 4):
            refuse(self.name, "CMYK or spot colours", "Use RGB colours: the document is sRGB.")
        return colour

    def showPage(self) -> None:
        refuse(self.name, "more than one page")

    def setFont(self, psfontname: str, size: float, leading: float | None = None) -> None:
        """Remember the font: one in which nothing is shown leaves no trace."""
        self._fontname, self._fontsize = psfontname, size
        self._leading = 1.2 * size if leading is None else leading

    def beginText(self, x: float = 0, y: float = 0, direction: object = None) -> PDFTextObject:
        return _TextObject(self, x, y, direction)

    def drawImage(
        self, image: Any, x: float, y: float, *size: float, mask: object = None, **rest: object
    ) -> tuple[float, float]:
        """A PNG or JPEG, on white where it is transparent, stretched to its box."""
        if rest.keys() - {"width", "height"} or mask not in (None, "auto"):
            refuse(self.name, "a picture with a mask, a boundary or an anchor")
        raster = _raster(self.name, image)
        given = dict(zip(("width", "height"), size, strict=False)) | rest
        width, height = given.get("width") or raster.width, given.get("height") or raster.height
        self.saveState()
        self.transform(width, 0, 0, height, x, y)
        self._code.append(self.keep(raster))
        self.restoreState()
        return raster.width, raster.height

    drawInlineImage = drawImage


class _TextObject(PDFTextObject):  # type: ignore[misc]
    """Text whose characters the file encodes that it is placed in."""

    def _formatText(self, text: str) -> str:
        font = pdfmetrics.getFont(self._fontname)
        name = self._canvas.name
        if not isinstance(font, _DocumentFont):
            refuse(
                name,
                f"the font {self._fontname}, which is none of the document's",
                "Use a name from handouts.pdf.font_names(document.fonts).",
            )
        runs = font.runs(str(text), name)
        shown = [self._canvas.keep(Shown(face.name, self._fontsize, run)) for face, run in runs]
        return " ".join([f"{number(self._leading)} TL", *shown])


class _DocumentFont:
    """A face of ours, with those that stand in for it, as ReportLab measures with it."""

    _multiByte = _dynamicFont = 1  # so that ReportLab asks this font itself for widths
    shapable = False

    def __init__(self, name: str, book: FontBook, face: Face) -> None:
        self.fontName = self.name = name
        self.ascent, self.descent = face.ascent * 1000, face.descent * 1000
        self.face = self  # ReportLab asks a font's face for name and ascent
        self._book = book
        self._face = face

    def runs(self, text: str, source: str) -> list[tuple[Face, str]]:
        """``text`` by the face that draws it. Raises ContentError if none does."""
        return self._book.runs(text, self._face, Source(source))

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: ARG002
        """The width of ``text`` in points. What no face draws is an error when it is shown."""
        with suppress(ContentError):
            return sum(face.width(run, size) for face, run in self.runs(str(text), ""))
        return self._face.width(str(text), size)


class _Resources:
    """Stands for the file that ReportLab's canvas writes into: it takes shadings, nothing else."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.shadings: list[str] = []

    def addShading(self, shading: Any) -> str:
        """The name of a new shading, whose functions stand inside it."""
        self.shadings.append(re.sub(r"\s+", " ", shading.format(self).decode("latin-1")))
        return f"Sh{len(self.shadings) - 1}"

    @staticmethod
    def Reference(part: object, _: object = None) -> object:
        """What ReportLab makes an object of its own stands where it is used."""
        return part

    def ensureMinPdfVersion(self, *_: object) -> None:
        """Every file is PDF 1.7."""

    def __getattr__(self, wish: str) -> NoReturn:
        refuse(self._name, _REFUSED.get(wish, f"what needs “{wish}” of the file"))


def refuse(name: str, what: str, remedy: str = _REMEDY) -> NoReturn:
    """Raise LayoutError: the drawing has ``what`` no picture may have."""
    raise LayoutError(f"the drawing “{name}” has {what}.", Source(name), remedy)


def _register(book: FontBook, family: Literal["body", "heading"], bold: bool) -> str:
    face = book.face(family, bold)
    name = f"{face.name}-{sha256(repr(book.fonts).encode()).hexdigest()[:8]}"
    pdfmetrics.registerFont(_DocumentFont(name, book, face))
    return name


def _raster(name: str, image: Any) -> Raster:
    reader = ImageReader(image)
    file = reader.jpeg_fh()
    if file:
        data: bytes = file.read()
    else:
        out = BytesIO()
        reader._image.save(out, "PNG")
        data = out.getvalue()
    width, height = reader.getSize()
    return Raster(name, float(width), float(height), data)
