"""Icons, icon arrays and QR codes: what they look like, also on a fax."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL import Image
from reportlab.graphics.barcode import qrencoder

from handouts.errors import LayoutError
from handouts.model import Figure, IconName, IconPicture, People, Picture, QRCode
from handouts.pdf.picture_book import recorded
from handouts.pdf.validate import validate
from tests.pdf.handmade import painted
from tests.pdf.samples import document


def page_of(picture: Picture, width: float) -> Image.Image:
    """The page with ``picture``, its upper left corner at (60, 60), at 288 dpi in grey."""
    data = painted(document(Figure(picture, "a picture", width)))
    assert validate(data) == ()
    rendered: Image.Image = pypdfium2.PdfDocument(data)[0].render(scale=4).to_pil()
    return rendered.convert("L")


def faxed(picture: Picture, width: float) -> Image.Image:
    """As a standard fax shows it: 204 × 98 dots an inch, black or white."""
    page = page_of(picture, width)
    small = page.resize((round(8.5 * 204), (11 * 98)), Image.Resampling.BOX)
    return small.point(lambda value: 0 if value < 128 else 255)


def darkness(page: Image.Image, box: tuple[float, float, float, float]) -> float:
    """The black part of a box, given in points from the page's upper left corner."""
    across, down = page.width / 612, page.height / 792
    left, top, right, bottom = box
    area = page.crop(
        (round(left * across), round(top * down), round(right * across), round(bottom * down))
    )
    return 1 - sum(area.tobytes()) / 255 / (area.width * area.height)


@pytest.mark.parametrize("name", ["checkbox", "check", "arrow", "bullet", "cross", "phone"])
def test_icons_stay_inside_their_box(name: IconName) -> None:
    picture = IconPicture(name, "#123456")
    page = page_of(picture, picture.width)
    left, top, right, bottom = 60, 60, 60 + picture.width, 160
    assert darkness(page, (left, top, right, bottom)) > 0.1
    for outside in (
        (left - 9, top - 9, left - 0.5, bottom + 9),
        (right + 0.5, top - 9, right + 9, bottom + 9),
        (left, top - 9, right, top - 0.5),
        (left, bottom + 0.5, right, bottom + 9),
    ):
        assert darkness(page, outside) == 0


def test_an_icon_has_its_colour() -> None:
    drawing = recorded(IconPicture("bullet", "#336699"))
    assert ".2 .4 .6 rg" in str(drawing.content[0])


@pytest.mark.parametrize(
    ("count", "of", "grid"),
    [(81, 100, (10, 10)), (7, 20, (10, 2)), (11, 33, (11, 3)), (3, 10, (10, 1)), (2, 5, (5, 1)),
     (9, 23, (10, 3)), (0, 8, (8, 1)), (24, 24, (12, 2))],
)  # fmt: skip
@pytest.mark.parametrize("colour", ["#000000", "#2e7d6b"])
def test_a_fax_still_shows_who_had_it(
    count: int, of: int, grid: tuple[int, int], colour: str
) -> None:
    picture = People(count, of, colour)
    assert (picture.width, picture.height) == (10 * grid[0], 14 * grid[1])
    width = 150 * grid[0] / 10
    fax = faxed(picture, width)
    cell = width / grid[0]
    dark = [
        darkness(fax, (60 + x, 60 + y, 60 + x + cell, 60 + y + 1.4 * cell))
        for y in (1.4 * cell * row for row in range(grid[1]))
        for x in (cell * column for column in range(grid[0]))
    ]
    assert min(dark[:count], default=1) > 0.42
    assert max(dark[count:of], default=0) < 0.32
    assert all(part > 0.08 for part in dark[count:of])
    assert dark[of:] == [0] * (len(dark) - of)


@pytest.mark.parametrize(("count", "of"), [(2, 1), (-1, 10), (0, 0), (5, 1000)])
def test_people_that_cannot_be_drawn(count: int, of: int) -> None:
    with pytest.raises(LayoutError, match=f"{count} of {of} people cannot be drawn"):
        recorded(People(count, of))


def test_a_qr_code_shows_each_module_with_a_quiet_zone() -> None:
    text = "https://juniper-pain.example.org/crps?lang=en"
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = len(code.modules) + 8
    page = page_of(QRCode(text), 4.0 * size)

    def dark(row: int, column: int) -> bool:
        return page.getpixel((4 * (60 + 4 * column + 2), 4 * (60 + 4 * row + 2))) == 0

    read = [[dark(row, column) for column in range(size)] for row in range(size)]
    inner = [row[4:-4] for row in read[4:-4]]
    assert inner == [[bool(module) for module in row] for row in code.modules]
    assert sum(map(sum, read)) == sum(map(sum, inner))


def test_touching_modules_have_no_seam() -> None:
    page = page_of(QRCode("x"), 101)
    finder = page.crop((4 * (60 + 15), 4 * (60 + 15), 4 * (60 + 38), 4 * (60 + 16)))
    assert set(finder.tobytes()) == {0}


@pytest.mark.parametrize("data", ["", "x" * 301])
def test_a_qr_code_of_nothing_or_too_much_is_refused(data: str) -> None:
    with pytest.raises(LayoutError, match="1 to 300 bytes"):
        recorded(QRCode(data))
