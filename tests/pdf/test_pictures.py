"""Pictures: what goes into the file, and what is refused."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image as images
from reportlab.graphics.shapes import String

from handouts.errors import BrandError
from handouts.model import Drawn, Figure, Picture, Raster, Shown
from handouts.pdf.drawing import font_names
from handouts.pdf.validate import validate
from tests.pdf.drawn import drawing_of
from tests.pdf.handmade import painted
from tests.pdf.samples import document, fonts, png


def encoded(picture: images.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def embedded(data: bytes) -> tuple[pikepdf.Pdf, Any]:
    image = Raster("test.png", 60, 40, data)
    made = painted(document(Figure(image, "a picture", 60)))
    assert validate(made) == ()
    pdf = pikepdf.open(BytesIO(made))
    return pdf, pdf.pages[0].Resources.XObject.X1


@pytest.mark.parametrize(
    ("mode", "space"),
    [("RGB", "/DeviceRGB"), ("L", "/DeviceGray"), ("1", "/DeviceGray"), ("P", "/DeviceRGB")],
)
def test_png_keeps_its_size_and_colours(mode: str, space: str) -> None:
    _pdf, picture = embedded(png(mode=mode))
    assert (picture.Width, picture.Height, picture.BitsPerComponent) == (60, 40, 8)
    assert picture.ColorSpace == space
    expected = images.open(BytesIO(png(mode=mode))).convert("RGB" if "RGB" in space else "L")
    assert picture.read_bytes() == expected.tobytes()


def test_transparency_is_laid_on_white() -> None:
    clear = images.new("RGBA", (2, 1), (255, 0, 0, 0))
    clear.putpixel((1, 0), (255, 0, 0, 255))
    _pdf, picture = embedded(encoded(clear, "PNG"))
    assert picture.read_bytes() == b"\xff\xff\xff" + b"\xff\x00\x00"
    assert "/SMask" not in picture


def test_sixteen_bits_become_eight() -> None:
    deep = images.frombytes("I;16", (2, 1), (0x8000).to_bytes(2, "little") + b"\xff\xff")
    _pdf, picture = embedded(encoded(deep, "PNG"))
    assert list(picture.read_bytes()) == [128, 255]


@pytest.mark.parametrize(("mode", "space"), [("RGB", "/DeviceRGB"), ("L", "/DeviceGray")])
def test_jpeg_passes_through_as_it_is(mode: str, space: str) -> None:
    data = encoded(images.new(mode, (16, 8)), "JPEG")
    _pdf, picture = embedded(data)
    assert picture.ColorSpace == space
    assert picture.read_raw_bytes() == data


#: 8 × 8 pixels of grey, and its frame of the kind that arithmetic coding has (SOF9).
ARITHMETIC = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c"
    "1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc9"
    "000b080008000801011100ffcc000600101005ffda0008010100003f00ff006fffd9"
)


def test_a_jpeg_that_some_viewers_show_black_is_unpacked() -> None:
    _pdf, picture = embedded(ARITHMETIC)
    assert picture.Filter == "/FlateDecode"
    assert set(picture.read_bytes()) == {90}


def test_cmyk_is_refused() -> None:
    data = encoded(images.new("CMYK", (16, 8)), "JPEG")
    with pytest.raises(BrandError, match=r"test\.png: .*CMYK.*Save it as RGB"):
        embedded(data)


@pytest.mark.parametrize("data", [b"", b"no picture", png()[:60], png()[:-30]])
def test_damaged_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(BrandError, match=r"test\.png: The picture cannot be read"):
        embedded(data)


def test_a_picture_too_large_for_paper_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handouts.pdf.picture_book._MAX_PIXELS", 100)
    with pytest.raises(BrandError, match="too many pixels"):
        embedded(png(61, 40))


def test_a_picture_is_written_once() -> None:
    image = Raster("twice", 60, 40, png())
    made = painted(document(Figure(image, "one", 60), Figure(image, "two", 30)))
    pdf = pikepdf.open(BytesIO(made))
    assert list(pdf.pages[0].Resources.XObject.keys()) == ["/X1"]


def form(picture: Picture) -> tuple[pikepdf.Pdf, Any]:
    made = painted(document(Figure(picture, "a drawing", 100)))
    assert validate(made) == ()
    pdf = pikepdf.open(BytesIO(made))
    return pdf, pdf.pages[0].Resources.XObject


def test_a_drawing_becomes_a_form_of_one_unit() -> None:
    drawing = Drawn("half", 20, 10, ("1 0 0 rg 0 0 20 5 re f",))
    _pdf, objects = form(drawing)
    made = objects.X1
    assert [float(value) for value in made.BBox] == [0, 0, 20, 10]
    assert [float(value) for value in made.Matrix] == [0.05, 0, 0, 0.1, 0, 0]
    assert made.read_bytes() == b"1 0 0 rg 0 0 20 5 re f"


def test_a_drawing_brings_its_rasters_and_gradients() -> None:
    photo = Raster("photo", 60, 40, png())
    shading = "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 9 0]/Function<</FunctionType 2"
    shading += "/Domain[0 1]/N 1/C0[0 0 0]/C1[1 1 1]>>>>"
    drawing = Drawn("both", 9, 9, ("q 9 0 0 9 0 0 cm", photo, "Q", "/Sh0 sh"), (shading,))
    _pdf, objects = form(drawing)
    assert objects.X2.read_bytes() == b"q 9 0 0 9 0 0 cm\n/X1 Do\nQ\n/Sh0 sh"
    assert objects.X2.Resources.XObject.X1.objgen == objects.X1.objgen
    assert objects.X2.Resources.Shading.Sh0.ShadingType == 2


def test_text_of_a_drawing_has_the_documents_codes_and_fonts() -> None:
    names = font_names(fonts())
    drawing = drawing_of(String(0, 0, "Жé", fontName=names.body, fontSize=9))
    shown = [part for part in drawing.content if isinstance(part, Shown)]
    assert [(part.text, part.size) for part in shown] == [("Ж", 9.0), ("é", 9.0)]
    _pdf, objects = form(drawing)
    made = objects.X1
    resources = [key for key in made.Resources.Font if f"{key} 9 Tf".encode() in made.read_bytes()]
    assert len(resources) == 2
    assert "0416" in "".join(
        made.Resources.Font[key].ToUnicode.read_bytes().decode() for key in resources
    )


def test_vector_pictures_are_upright() -> None:
    black = Drawn("top half", 10, 10, ("0 g 0 5 10 5 re f",))
    data = painted(document(Figure(black, "black above", 100)))
    page = pypdfium2.PdfDocument(data)[0].render(scale=1).to_pil().convert("L")
    assert [page.getpixel((100, y)) for y in (80, 150)] == [0, 255]
