"""Logos from pixels: sharp enough, small enough, opaque, RGB or grey."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as pictures

from handouts.errors import BrandError, Source
from handouts.library.brand import logo
from handouts.model import Picture, Raster
from tests.library.brand.conftest import picture
from tests.library.brand.draw_lakeside_logo import TARGET, draw_logo

AT = Source("brand.toml", 7)
WIDTH_AT = Source("brand.toml", 9)


def _read(tmp_path: Path, data: bytes, name: str = "logo.png", width: float = 100) -> Picture:
    (tmp_path / name).write_bytes(data)
    return logo.read_logo(tmp_path / name, name, width, AT, WIDTH_AT)


def _bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "PNG"), ("L", "PNG"), ("RGB", "JPEG")])
def test_plain_pictures_keep_their_bytes(tmp_path: Path, mode: str, kind: str) -> None:
    data = picture(mode, kind=kind)
    assert _read(tmp_path, data) == Raster("logo.png", 300, 200, data)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
def test_other_pictures_become_opaque_rgb_on_white(tmp_path: Path, mode: str) -> None:
    image = _read(tmp_path, picture(mode))
    assert isinstance(image, Raster)
    with pictures.open(BytesIO(image.data)) as read:
        assert (read.mode, read.size) == ("RGB", (300, 200))
        see_through = mode in ("RGBA", "LA")
        assert read.getpixel((0, 0)) == ((255, 255, 255) if see_through else (0, 0, 0))


def test_a_photo_lying_on_its_side_is_set_upright(tmp_path: Path) -> None:
    turned = pictures.Exif()
    turned[0x0112] = 6
    image = _read(tmp_path, picture(kind="JPEG", exif=turned), "logo.jpg", width=90)
    assert (image.width, image.height) == (200, 300)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_a_camera_wrote_into_a_picture_is_not_carried_on(tmp_path: Path, kind: str) -> None:
    notes = pictures.Exif()
    notes[0x010E] = "taken at Sampletown"
    noted = BytesIO()
    with pictures.open(BytesIO(picture("RGB", kind=kind))) as plain:
        plain.save(noted, kind, exif=notes)
    image = _read(tmp_path, noted.getvalue())
    assert b"Sampletown" in noted.getvalue()
    assert isinstance(image, Raster)
    assert b"Sampletown" not in image.data


def test_a_coarse_logo_is_told_how_many_pixels_it_needs(tmp_path: Path) -> None:
    with pytest.raises(BrandError) as caught:
        _read(tmp_path, picture(size=(200, 100)), width=144)
    assert str(caught.value) == (
        "brand.toml:9: the logo logo.png is too coarse: 200 pixels across 144 points are 100 dpi, "
        "and print needs 150. Use a picture at least 300 pixels wide, or an SVG, or write "
        "width = 96."
    )
    with pytest.raises(BrandError, match=r"300 pixels wide, or an SVG\.$"):
        _read(tmp_path, picture(size=(10, 5)), width=144)  # 4 points wide are no logo


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (picture("CMYK", kind="JPEG"), "logo.jpg", "is in CMYK colours"),
        (_bomb(60_000, 60_000), "logo.png", "too many pixels"),
        (_bomb(3000, 3000), "logo.png", "too many pixels (3000 × 3000)"),
        (_bomb(300, 300), "logo.png", "cannot be read"),
        (picture()[:80], "logo.png", "cannot be read"),
        (b"", "logo.png", "cannot be read: it is damaged, or no PNG or JPEG."),
        (bytes(logo.MAX_BYTES + 1), "logo.png", "is larger than 2 MiB"),
        (picture(kind="GIF"), "logo.gif", "is not a PNG, JPEG or SVG file"),
        (picture(kind="GIF"), "logo.png", "cannot be read"),
        (picture(size=(300, 2000)), "logo.png", "points high; at most 180 fit. Write width = 27"),
        (b"<html/>", "logo.svg", "logo.svg:1: is not an SVG picture"),
    ],
)
def test_logos_that_are_refused(tmp_path: Path, data: bytes, name: str, words: str) -> None:
    with pytest.raises(BrandError) as caught:
        _read(tmp_path, data, name)
    assert words in str(caught.value)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(BrandError, match="cannot be read: No such file"):
        logo.read_logo(tmp_path / "logo.png", "logo.png", 72, AT, WIDTH_AT)


@given(st.binary(max_size=300), st.integers(0, 200), st.sampled_from(["PNG", "JPEG"]))
def test_damaged_pictures_never_yield_anything_but_a_brand_error(
    noise: bytes, at: int, kind: str
) -> None:
    data = picture(kind=kind, size=(40, 30))
    try:
        image = logo.read_raster(data[:at] + noise + data[at + len(noise) :], "logo", AT)
    except BrandError:
        return
    assert image.data


def test_the_lakeside_logo_is_what_its_script_draws() -> None:
    with pictures.open(TARGET) as stored:
        assert stored.mode == "RGB"
        assert stored.size == draw_logo().size
        differing = zip(stored.tobytes(), draw_logo().tobytes(), strict=True)
        assert max(abs(one - other) for one, other in differing) <= 8
