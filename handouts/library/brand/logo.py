"""Logos: a PNG or JPEG of bounded size, sharp enough on paper, or an SVG; as a Picture."""

from __future__ import annotations

import math
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from handouts.errors import BrandError, Source
from handouts.library.brand.brand_file import read_file
from handouts.model import Picture, Raster

if TYPE_CHECKING:
    from PIL.Image import Image

#: Limits against pictures made to exhaust a machine, far above what a logo needs.
MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 6_000_000

#: Fewer dots per inch than this look ragged on paper.
MIN_DPI = 150

#: Points. Narrower or wider is no logo; higher would push the words off the first page.
MIN_WIDTH, MAX_WIDTH = 18.0, 540.0
MAX_HEIGHT = 180.0

_SUFFIXES = (".png", ".jpg", ".jpeg", ".svg")
_SMALLER = "Save it smaller: 1000 pixels across are plenty."


def read_logo(path: Path, name: str, width: float, at: Source, width_at: Source) -> Picture:
    """the logo at ``path``, to be printed ``width`` points wide.

    ``name`` is what messages call the file; ``at`` and ``width_at`` are the places in
    brand.toml that name the file and its width. Raises BrandError.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise BrandError(
            f"the logo {path.name} is not a PNG, JPEG or SVG file.", at, "Save it as one of them."
        )
    data = read_file(path, "logo", MAX_BYTES, at, _SMALLER)
    picture: Picture
    if path.suffix.lower() == ".svg":
        from handouts.pdf.svg import read_svg

        # The picture's name is a part of the edition: where the file lies has no part in it.
        picture = replace(read_svg(data, name), name=path.name)
    else:
        picture = read_raster(data, path.name, at)
        _check_sharpness(picture, path.name, width, width_at)
    height = width * picture.height / picture.width
    if height > MAX_HEIGHT:
        fitting = math.floor(MAX_HEIGHT * picture.width / picture.height)
        raise BrandError(
            f"the logo would be {height:.0f} points high; at most {MAX_HEIGHT:.0f} fit.",
            width_at,
            f"Write width = {fitting}." if fitting >= MIN_WIDTH else "Use a less narrow picture.",
        )
    return picture


def read_raster(data: bytes, name: str, at: Source) -> Raster:
    """A PNG or JPEG as a Raster without transparency. Raises BrandError naming ``at``.

    What a PDF takes as it is (upright, opaque, RGB or grey, without notes on when, where and by
    whom it was taken) keeps its bytes; anything else is laid on white, as paper does, and becomes
    a PNG.
    """
    from PIL import ImageOps

    from handouts.pdf.picture_book import flattened, opened_raster

    with opened_raster(data, f"the logo {name}", at, MAX_PIXELS) as picture:
        if _as_it_is(picture):
            return Raster(name, float(picture.width), float(picture.height), data)
        upright = flattened(ImageOps.exif_transpose(picture)).convert("RGB")
    out = BytesIO()
    upright.save(out, "PNG")
    return Raster(name, float(upright.width), float(upright.height), out.getvalue())


#: Where Pillow keeps what a camera or an editor wrote into a picture: a PDF would carry it on.
_NOTES = frozenset({"exif", "xmp", "comment", "photoshop"})


def _as_it_is(picture: Image) -> bool:
    upright = picture.getexif().get(0x0112, 1) == 1
    plain = picture.mode in ("L", "RGB") and "transparency" not in picture.info
    alone = getattr(picture, "n_frames", 1) == 1
    return plain and upright and alone and _NOTES.isdisjoint(picture.info)


def _check_sharpness(raster: Raster, name: str, width: float, at: Source) -> None:
    needed = math.ceil(width / 72 * MIN_DPI)
    if raster.width < needed:
        dpi = math.floor(raster.width / (width / 72))
        widest = math.floor(raster.width / MIN_DPI * 72)
        narrower = f", or write width = {widest}" if widest >= MIN_WIDTH else ""
        raise BrandError(
            f"the logo {name} is too coarse: {raster.width:.0f} pixels across {width:g} points "
            f"are {dpi} dpi, and print needs {MIN_DPI}.",
            at,
            f"Use a picture at least {needed} pixels wide, or an SVG{narrower}.",
        )
