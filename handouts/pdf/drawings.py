"""The pictures that come with the program, drawn by ReportLab: icons, icon arrays, QR codes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import TypeAlias

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from handouts.errors import LayoutError, Source
from handouts.model import Drawn, IconName, IconPicture, People, QRCode
from handouts.model.attributes import MOST_QR_BYTES
from handouts.pdf.drawing import record

_Point: TypeAlias = tuple[float, float]
#: Modules of white around a QR code (ISO/IEC 18004 6.3.8).
_QUIET_ZONE = 4


def draw_icon(picture: IconPicture) -> Drawn:
    """An icon, 100 units high."""

    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(picture.colour)
        canvas.setStrokeColor(picture.colour)
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        _ICONS[picture.icon](canvas)

    return record(picture.name, picture.width, picture.height, draw)


def draw_people(picture: People) -> Drawn:
    """An icon array: filled people first, row by row from the top; the others in outline."""
    if not (0 <= picture.count <= picture.of and 1 <= picture.of <= 100):
        raise LayoutError(
            f"{picture.count} of {picture.of} people cannot be drawn.",
            Source(picture.name),
            "Count 0 to 100 people, and no more than there are.",
        )
    places = [
        (10.0 * (at % picture.columns), picture.height - 14.0 * (at // picture.columns + 1))
        for at in range(picture.of)
    ]

    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(picture.colour)
        canvas.setStrokeColor(picture.colour)
        canvas.setLineWidth(0.9)
        canvas.setLineJoin(1)
        for fill, group in ((1, places[: picture.count]), (0, places[picture.count :])):
            if group:
                path = canvas.beginPath()
                for x, y in group:
                    _add_person(path, x, y)
                canvas.drawPath(path, stroke=1, fill=fill, fillMode=1)

    return record(picture.name, picture.width, picture.height, draw)


def draw_qr_code(picture: QRCode) -> Drawn:
    """a QR code of error correction M, one unit a module, with its quiet zone."""
    from reportlab.graphics.barcode import qrencoder

    if not 1 <= len(picture.data.encode()) <= MOST_QR_BYTES:
        raise LayoutError(
            f"a QR code holds 1 to {MOST_QR_BYTES} bytes, not {len(picture.data.encode())}.",
            Source(picture.name[:60]),
            "Use a shorter address.",
        )
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(picture.data)
    code.make()
    size = float(code.getModuleCount() + 2 * _QUIET_ZONE)

    def draw(canvas: Canvas) -> None:
        canvas.setFillColor("#ffffff")
        canvas.rect(0, 0, size, size, stroke=0, fill=1)
        canvas.setFillColor("#000000")
        path = canvas.beginPath()  # one path: no seams between modules that touch
        for row, modules in enumerate(code.modules, _QUIET_ZONE + 1):
            x = _QUIET_ZONE
            for dark, run in groupby(map(bool, modules)):
                width = len(list(run))
                if dark:
                    path.rect(x, size - row, width, 1)
                x += width
        canvas.drawPath(path, stroke=0, fill=1, fillMode=1)

    return record(picture.name, size, size, draw)


def _add_person(path: PDFPathObject, x: float, y: float) -> None:
    """Head and body in a box of 10 × 14 units whose lower left corner is (x, y)."""
    path.circle(x + 5, y + 10.6, 2.2)
    path.moveTo(x + 1.6, y + 1.2)
    path.lineTo(x + 1.6, y + 4)
    path.curveTo(x + 1.6, y + 8.4, x + 8.4, y + 8.4, x + 8.4, y + 4)
    path.lineTo(x + 8.4, y + 1.2)
    path.close()


def _lines(canvas: Canvas, width: float, *lines: tuple[_Point, ...]) -> None:
    canvas.setLineWidth(width)
    path = canvas.beginPath()
    for start, *rest in lines:
        path.moveTo(*start)
        for point in rest:
            path.lineTo(*point)
    canvas.drawPath(path)


def _checkbox(canvas: Canvas) -> None:
    canvas.setFillColor("#ffffff")
    canvas.setLineWidth(9)
    canvas.rect(5, 5, 90, 90, stroke=1, fill=1)


def _phone(canvas: Canvas) -> None:
    """A handset, lying diagonally."""
    canvas.setLineWidth(4)
    path = canvas.beginPath()
    path.moveTo(8, 80)
    path.lineTo(24, 96)
    path.lineTo(44, 74)
    path.lineTo(33, 62)
    path.curveTo(38, 50, 50, 38, 62, 33)
    path.lineTo(74, 44)
    path.lineTo(96, 24)
    path.lineTo(80, 8)
    path.curveTo(74, 2, 62, 2, 50, 8)
    path.curveTo(30, 18, 18, 30, 8, 50)
    path.curveTo(2, 62, 2, 74, 8, 80)
    path.close()
    canvas.drawPath(path, stroke=1, fill=1)


_ICONS: dict[IconName, Callable[[Canvas], None]] = {
    "checkbox": _checkbox,
    "check": lambda canvas: _lines(canvas, 15, ((10, 45), (38, 16), (90, 84))),
    "cross": lambda canvas: _lines(canvas, 15, ((12, 12), (88, 88)), ((12, 88), (88, 12))),
    "arrow": lambda canvas: _lines(
        canvas, 12, ((8, 50), (116, 50)), ((82, 84), (118, 50), (82, 16))
    ),
    "bullet": lambda canvas: canvas.circle(30, 50, 25, stroke=0, fill=1),
    "phone": _phone,
}
