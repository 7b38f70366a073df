"""Drawings by ReportLab: what is recorded, what is refused, and that a record is data."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image as images
from reportlab.graphics.shapes import Circle, Image, Rect, String
from reportlab.lib.colors import CMYKColor, CMYKColorSep, Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph as Words
from reportlab.platypus import Table

from handouts.errors import BrandError, ContentError, LayoutError
from handouts.model import Drawn, Figure, Paragraph, Raster, Shown, Text
from handouts.model.serial import canonical
from handouts.pdf.drawing import drawn, font_names, record
from handouts.pdf.rendering import render
from handouts.pdf.validate import validate
from tests.pdf.drawn import drawing_of
from tests.pdf.samples import ATKINSON, document, fonts, png, unpacked


def recorded(draw: Callable[[Canvas], object]) -> Drawn:
    def drawing(canvas: Canvas) -> None:
        draw(canvas)

    return record("my chart", 100, 50, drawing)


def operators(drawing: Drawn) -> str:
    return " ".join(" ".join(p for p in drawing.content if isinstance(p, str)).split())


def test_shapes_are_kept_as_operators() -> None:
    drawing = drawing_of(Rect(1, 2, 3, 4, fillColor="#ff0000", strokeColor=None))
    assert (drawing.name, drawing.width, drawing.height) == ("my chart", 100, 50)
    assert "1 0 0 rg" in operators(drawing)
    assert "1 2 3 4 re f" in operators(drawing)


def test_a_record_is_the_same_each_time_and_another_for_another_drawing() -> None:
    first, again = (drawing_of(Circle(9, 9, 5)) for _ in range(2))
    other = drawing_of(Circle(9, 9, 5.5))
    assert first == again
    editions = {canonical(document(Figure(it, "a chart", 90))) for it in (first, again, other)}
    assert len(editions) == 2


def test_the_state_of_the_page_does_not_show_through() -> None:
    first = operators(recorded(lambda canvas: canvas.rect(0, 0, 9, 9)))
    assert first.startswith("0 0 0 rg 0 0 0 RG 1 w")


def test_words_are_kept_by_face_and_size_and_bold_is_found() -> None:
    names = font_names(fonts())
    style = ParagraphStyle("x", fontName=names.body, fontSize=11, leading=14)
    drawing = drawn("words", Words("Plain <b>bold</b>", style), width=200)
    shown = [part for part in drawing.content if isinstance(part, Shown)]
    assert [(part.text.strip(), part.size) for part in shown] == [("Plain", 11), ("bold", 11)]
    assert shown[0].face != shown[1].face
    assert names == font_names(fonts())


def test_widths_are_those_of_the_document() -> None:
    names = font_names(fonts())
    assert pdfmetrics.stringWidth("Ж and é", names.body, 10) > 20
    face = pdfmetrics.getFont(names.body_bold)
    assert face.stringWidth("Bold", 10) > pdfmetrics.stringWidth("Bold", names.body, 10)


def test_two_brands_with_one_font_keep_their_fallbacks() -> None:
    plain = replace(fonts(), fallback=())
    with_fallback, without = font_names(fonts()), font_names(plain)
    drawing_of(String(0, 0, "Ж", fontName=with_fallback.body))
    with pytest.raises(ContentError, match="my chart: no font has the character “Ж”"):
        drawing_of(String(0, 0, "Ж", fontName=without.body))


def test_pictures_in_a_drawing_become_rasters_on_white() -> None:
    clear = images.new("RGBA", (4, 2), (255, 0, 0, 0))
    drawing = recorded(lambda canvas: canvas.drawImage(ImageReader(clear), 1, 2, 30, 20))
    (raster,) = (part for part in drawing.content if isinstance(part, Raster))
    assert (raster.width, raster.height) == (4, 2)
    assert "30 0 0 20 1 2 cm" in operators(drawing)
    assert drawing_of(Image(0, 0, 9, 9, clear)).content != drawing.content
    data = render(document(Figure(drawing, "nothing to see", 90)))
    assert validate(data) == ()
    assert b"/SMask" not in unpacked(data)


def test_jpegs_keep_their_bytes_and_cmyk_ones_are_refused() -> None:
    for mode in ("RGB", "CMYK"):
        out = BytesIO()
        images.new(mode, (8, 8)).save(out, "JPEG")
        reader = ImageReader(BytesIO(out.getvalue()))
        drawing = recorded(lambda canvas, it=reader: canvas.drawImage(it, 0, 0))  # type: ignore[misc]
        (raster,) = (part for part in drawing.content if isinstance(part, Raster))
        assert raster.data == out.getvalue()
    with pytest.raises(BrandError, match="CMYK"):
        render(document(Figure(drawing, "a photo", 90)))


def test_gradients_become_shadings() -> None:
    colours = ["#ff0000", "#00ff00", "#0000ff"]
    drawing = recorded(lambda canvas: canvas.linearGradient(0, 0, 100, 0, colours))
    (shading,) = drawing.shadings
    assert "/ShadingType 2" in shading
    assert "/FunctionType 3" in shading
    assert " R" not in shading.replace("/DeviceRGB", "")
    assert validate(render(document(Figure(drawing, "a band", 90)))) == ()


def _link(canvas: Canvas) -> None:
    canvas.linkURL("https://example.org", (0, 0, 9, 9))


def _form_field(canvas: Canvas) -> None:
    canvas.acroForm.checkbox(name="x")


def _alpha(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.5)
    canvas.rect(0, 0, 9, 9, fill=1)
    canvas.setFillAlpha(1)


def _own_font(canvas: Canvas) -> None:
    file = str(ATKINSON / "AtkinsonHyperlegible-Regular.ttf")
    pdfmetrics.registerFont(TTFont("OwnFont", file))
    canvas.setFont("OwnFont", 9)
    canvas.drawString(0, 0, "words")


REFUSED: list[tuple[Callable[[Canvas], Any], str]] = [
    (lambda canvas: canvas.drawString(0, 0, "words"), "the font Helvetica, which is none of the"),
    (_own_font, "the font OwnFont, which is none of the document's. Use a name from"),
    (_link, "a link or a note"),
    (lambda canvas: canvas.linkRect("x", "there", (0, 0, 9, 9)), "a link or a note"),
    (lambda canvas: canvas.bookmarkPage("x"), "bookmarks"),
    (lambda canvas: canvas.addOutlineEntry("x", "x"), "bookmarks"),
    (_form_field, "form fields or scripts"),
    (lambda canvas: canvas.beginForm("x"), "forms of its own"),
    (lambda canvas: canvas.doForm("x"), "forms of its own"),
    (lambda canvas: canvas.showPage(), "more than one page"),
    (_alpha, "transparency"),
    (lambda canvas: canvas.setBlendMode("Multiply"), "blending"),
    (lambda canvas: canvas.drawImage(ImageReader(BytesIO(png())), 0, 0, mask=[0] * 6), "a mask"),
    (lambda canvas: canvas.drawImage(ImageReader(BytesIO(png())), 0, 0, anchor="n"), "an anchor"),
]


@pytest.mark.parametrize(("draw", "words"), REFUSED, ids=[words[:30] for _, words in REFUSED])
def test_what_a_picture_may_not_have_is_refused(draw: Callable[[Canvas], Any], words: str) -> None:
    with pytest.raises(LayoutError, match="the drawing “my chart” has") as caught:
        record("my chart", 100, 50, draw)
    assert words in str(caught.value)


def test_see_through_colours_are_refused() -> None:
    with pytest.raises(LayoutError, match="transparency"):
        drawing_of(Rect(0, 0, 9, 9, fillColor=Color(1, 0, 0, alpha=0.5)))


@pytest.mark.parametrize(
    "colour", [CMYKColor(0, 1, 1, 0), CMYKColorSep(0, 1, 1, 0, spotName="House red")]
)
def test_colours_for_printing_presses_are_refused(colour: Color) -> None:
    with pytest.raises(LayoutError, match=r"CMYK or spot colours\. Use RGB"):
        drawing_of(Rect(0, 0, 9, 9, fillColor=colour))
    with pytest.raises(LayoutError, match="CMYK or spot colours"):
        recorded(lambda canvas: canvas.setStrokeColorCMYK(0, 1, 1, 0))


def test_a_drawing_without_size_is_refused() -> None:
    with pytest.raises(LayoutError, match="has no size"):
        record("nothing", 0, 10, lambda canvas: canvas.rect(0, 0, 1, 1))


def test_a_font_that_shows_nothing_leaves_no_trace() -> None:
    names = font_names(fonts())
    table = Table([[Words("x", ParagraphStyle("x", fontName=names.body))]])
    made = document(Figure(drawn("a table", table), "a table", 90), Paragraph((Text("y"),)))
    data = render(made)
    assert validate(data) == ()
    assert b"Helvetica" not in unpacked(data)
