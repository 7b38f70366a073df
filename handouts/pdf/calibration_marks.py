"""The pictures of the test sheet: frames, crosses, rulers, greys, lines and an arrow. Points."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from handouts.model import Drawn
from handouts.pdf.drawing import FontNames, record

MM = 72 / 25.4
#: Millimetres from each edge of the paper at which a frame stands.
FRAMES = (2, 3, 4, 5, 6, 8, 10, 12)
#: Percent of black.
GREYS = (3, 5, 8, 10, 12, 15, 20, 25, 30, 40)
#: Points.
WIDTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)
#: Millimetres from the edges to the middle of each cross.
CROSS = 19.0

_SIZE = 9.0
_HAIR = 0.5
_INCH = 72.0


def edges(width: float, height: float, fonts: FontNames) -> Drawn:
    """A whole page: nested frames with their figures at each edge, and a cross in each corner.

    It is the same seen from the back, so that the crosses of both sides meet.
    """

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(_HAIR)
        canvas.setFont(fonts.body, _SIZE)
        for gap in FRAMES:
            inset = gap * MM
            canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
        for quarter, along in enumerate((width, height, width, height)):
            canvas.saveState()
            _turn(canvas, quarter, width, height)
            _figures(canvas, along, quarter)
            canvas.restoreState()
        for x in (CROSS * MM, width - CROSS * MM):
            for y in (CROSS * MM, height - CROSS * MM):
                _cross(canvas, x, y)

    return record("edges", width, height, draw)


def _turn(canvas: Canvas, quarter: int, width: float, height: float) -> None:
    """Let the next edge of the page, against the clock, be the lower one."""
    origin = ((0, 0), (width, 0), (width, height), (0, height))[quarter]
    canvas.translate(*origin)
    canvas.rotate(90 * quarter)


def _figures(canvas: Canvas, along: float, quarter: int) -> None:
    """A line from each frame to its figure, which stands upright, in the middle of the edge."""
    step, end = 14.0, (FRAMES[-1] + 1.5) * MM
    start = (along - step * (len(FRAMES) - 1)) / 2
    for number, gap in enumerate(FRAMES):
        x = start + number * step
        canvas.line(x, gap * MM, x, end)
        canvas.saveState()
        canvas.translate(x, end + 0.7 * _SIZE)
        canvas.rotate(-90 * quarter)
        canvas.drawCentredString(0, -_SIZE / 3, str(gap))
        canvas.restoreState()


def _cross(canvas: Canvas, x: float, y: float) -> None:
    """Two arms of 5 mm each way, with a stroke every millimetre."""
    canvas.line(x - 5 * MM, y, x + 5 * MM, y)
    canvas.line(x, y - 5 * MM, x, y + 5 * MM)
    for number in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5):
        at = number * MM
        canvas.line(x + at, y - 1.5, x + at, y + 1.5)
        canvas.line(x - 1.5, y + at, x + 1.5, y + at)


def rulers(fonts: FontNames) -> Drawn:
    """Lines of 10 cm and 4 in across, and of 5 cm upwards."""
    width, height = 430.0, 5 * 10 * MM + 4

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(_HAIR)
        canvas.setFont(fonts.body, 12)
        for y, unit, parts, count, words in (
            (height - 24, MM, 10, 100, "10 cm"),
            (height - 84, _INCH / 8, 8, 32, "4 in"),
        ):
            _ruler(canvas, y, unit, parts, count)
            canvas.drawString(unit * count + 8, y - 4, words)
        canvas.translate(width - 46, 2)
        canvas.rotate(90)
        _ruler(canvas, 0, MM, 10, 50)
        canvas.rotate(-90)
        canvas.drawString(8, 2.5 * 10 * MM - 4, "5 cm")

    return record("rulers", width, height, draw)


def _ruler(canvas: Canvas, y: float, unit: float, parts: int, count: int) -> None:
    """A line of ``count`` units, with a long stroke after each ``parts`` of them."""
    canvas.line(0.25, y, unit * count, y)
    for number in range(count + 1):
        long = 12 if number % parts == 0 else 7 if number % parts == parts // 2 else 4
        canvas.line(unit * number + 0.25, y, unit * number + 0.25, y + long)


def greys(fonts: FontNames) -> Drawn:
    """A field of each grey, and under it its figure in the same grey."""
    step, side = 47.0, 38.0

    def draw(canvas: Canvas) -> None:
        canvas.setFont(fonts.body, 14)
        for number, percent in enumerate(GREYS):
            canvas.setFillGray(1 - percent / 100)
            canvas.rect(number * step, 20, side, side, stroke=0, fill=1)
            canvas.drawCentredString(number * step + side / 2, 4, f"{percent} %")

    return record("greys", step * len(GREYS), 60.0, draw)


def lines(fonts: FontNames) -> Drawn:
    """Lines across, each thicker than the one before, with its width."""
    step, width = 66.0, 52.0

    def draw(canvas: Canvas) -> None:
        canvas.setFont(fonts.body, 12)
        for number, thick in enumerate(WIDTHS):
            x = number * step
            canvas.setLineWidth(thick)
            canvas.line(x, 30, x + width, 30)
            canvas.line(x, 20, x + width, 26)
            canvas.drawCentredString(x + width / 2, 4, f"{thick:g}")

    return record("lines", step * len(WIDTHS), 36.0, draw)


def arrow() -> Drawn:
    """An arrow that points up."""

    def draw(canvas: Canvas) -> None:
        path = canvas.beginPath()
        path.moveTo(40, 100)
        for x, y in ((80, 55), (54, 55), (54, 0), (26, 0), (26, 55), (0, 55)):
            path.lineTo(x, y)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)

    return record("arrow", 80.0, 100.0, draw)
