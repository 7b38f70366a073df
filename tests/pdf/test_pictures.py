"""Pictures: what goes into the file, and what is refused."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from handouts.flow.icons import icon_image
from handouts.pdf.images import path_operators
from PIL import Image as Raster

from handouts.errors import BrandError
from handouts.model import Figure, IconName, Image, VectorPath
from handouts.pdf.validate import validate
from tests.pdf.handmade import painted
from tests.pdf.samples import document, png


def encoded(picture: Raster.Image, kind: str) -> bytes:
    out = BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def embedded(data: bytes) -> tuple[pikepdf.Pdf, Any]:
    image = Image("test.png", 60, 40, data)
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
    expected = Raster.open(BytesIO(png(mode=mode))).convert("RGB" if "RGB" in space else "L")
    assert picture.read_bytes() == expected.tobytes()


def test_transparency_is_laid_on_white() -> None:
    clear = Raster.new("RGBA", (2, 1), (255, 0, 0, 0))
    clear.putpixel((1, 0), (255, 0, 0, 255))
    _pdf, picture = embedded(encoded(clear, "PNG"))
    assert picture.read_bytes() == b"\xff\xff\xff" + b"\xff\x00\x00"
    assert "/SMask" not in picture


def test_sixteen_bits_become_eight() -> None:
    deep = Raster.frombytes("I;16", (2, 1), (0x8000).to_bytes(2, "little") + b"\xff\xff")
    _pdf, picture = embedded(encoded(deep, "PNG"))
    assert list(picture.read_bytes()) == [128, 255]


@pytest.mark.parametrize(("mode", "space"), [("RGB", "/DeviceRGB"), ("L", "/DeviceGray")])
def test_jpeg_passes_through_as_it_is(mode: str, space: str) -> None:
    data = encoded(Raster.new(mode, (16, 8)), "JPEG")
    _pdf, picture = embedded(data)
    assert picture.ColorSpace == space
    assert picture.read_raw_bytes() == data


def test_cmyk_is_refused() -> None:
    data = encoded(Raster.new("CMYK", (16, 8)), "JPEG")
    with pytest.raises(BrandError, match=r"test\.png: .*CMYK.*Save it as RGB"):
        embedded(data)


@pytest.mark.parametrize("data", [b"", b"no picture", png()[:60], png()[:-30]])
def test_damaged_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(BrandError, match=r"test\.png: The picture cannot be read"):
        embedded(data)


def test_a_picture_too_large_for_paper_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handouts.pdf.images._MAX_PIXELS", 100)
    with pytest.raises(BrandError, match="more pixels"):
        embedded(png(61, 40))


def test_a_picture_is_written_once() -> None:
    image = Image("twice", 60, 40, png())
    made = painted(document(Figure(image, "one", 60), Figure(image, "two", 30)))
    pdf = pikepdf.open(BytesIO(made))
    assert list(pdf.pages[0].Resources.XObject.keys()) == ["/X1"]


@pytest.mark.parametrize(
    ("path", "operator"),
    [
        (VectorPath((), fill="#ff0000"), "1 0 0 rg f"),
        (VectorPath((), fill="#ff0000", even_odd=True), "1 0 0 rg f*"),
        (VectorPath((), stroke="#0000ff", stroke_width=2), "0 0 1 RG 2 w 1 J 1 j S"),
        (VectorPath((), "#ff0000", "#0000ff", even_odd=True), "1 0 0 rg 0 0 1 RG 1 w 1 J 1 j B*"),
        (VectorPath((), even_odd=True), "n"),
        (VectorPath((("M", 1, 2.5), ("C", 1, 2, 3, 4, 5, 6), ("Z",))), "1 2.5 m 1 2 3 4 5 6 c h n"),
    ],
)
def test_paths_become_operators(path: VectorPath, operator: str) -> None:
    assert path_operators(path) == operator


def test_vector_pictures_are_upright() -> None:
    pdfium = pytest.importorskip("pypdfium2")
    black = VectorPath((("M", 0, 0), ("L", 10, 0), ("L", 10, 5), ("L", 0, 5), ("Z",)), "#000000")
    data = painted(document(Figure(Image("top half", 10, 10, paths=(black,)), "black above", 100)))
    page = pdfium.PdfDocument(data)[0].render(scale=1).to_pil().convert("L")
    assert [page.getpixel((100, y)) for y in (80, 150)] == [0, 255]


@pytest.mark.parametrize("name", ["checkbox", "check", "arrow", "bullet", "cross", "phone"])
def test_marks_stay_inside_their_box(name: IconName) -> None:
    image = icon_image(name, "#123456")
    assert image.height == 100
    colours = {path.stroke or path.fill for path in image.paths}
    assert colours == {"#123456"}
    for path in image.paths:
        margin = path.stroke_width / 2 if path.stroke else 0
        values = [value for _, *points in path.commands for value in points]
        assert all(float(x) - margin >= -1 for x in values)
        assert all(float(x) + margin <= image.width + 1 for x in values[::2])
        assert all(float(y) + margin <= 101 for y in values[1::2])
