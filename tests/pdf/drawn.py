"""ReportLab drawings for tests."""

from __future__ import annotations

from reportlab.graphics.shapes import Drawing, Shape

from handouts.model import Drawn
from handouts.pdf.drawing import drawn


def drawing_of(*shapes: Shape) -> Drawn:
    """``shapes`` in a box of 100 × 50 points, recorded."""
    drawing = Drawing(100, 50)
    for shape in shapes:
        drawing.add(shape)
    return drawn("my chart", drawing)
