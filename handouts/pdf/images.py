"""Pictures as XObjects: raster images (ISO 32000-1 8.9) and vector paths as forms (8.10)."""

from __future__ import annotations

import zlib
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from handouts.errors import BrandError, Source
from handouts.model import Image, VectorPath
from handouts.pdf.reportlab_fixes import ObjectStore
from handouts.pdf.syntax import colour, number

if TYPE_CHECKING:
    from PIL.Image import Image as Raster

_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}
#: More than any printed page can show; larger ones only cost memory.
_MAX_PIXELS = 40_000_000


class ImageBook:
    """The pictures of one file: each is written once, however often it is placed."""

    def __init__(self, store: ObjectStore) -> None:
        """No pictures yet; they go into ``store``."""
        self._store = store
        self._resources: dict[Image, str] = {}
        self._numbers: list[int] = []

    def resource(self, image: Image) -> str:
        """The name of the picture in /XObject. Raises BrandError if it cannot be embedded."""
        resource = self._resources.get(image)
        if resource is None:
            write = _write_form if image.paths else _write_raster
            self._numbers.append(write(image, self._store))
            resource = self._resources[image] = f"X{len(self._numbers)}"
        return resource

    def entries(self) -> str:
        """The entries of the /XObject resource dictionary."""
        return "".join(f"/X{at} {num} 0 R" for at, num in enumerate(self._numbers, 1))


def _write_form(image: Image, store: ObjectStore) -> int:
    """A form of 1 × 1 unit, y upwards, so that it is placed like a raster image."""
    matrix = f"{1 / image.width:.9f} 0 0 {-1 / image.height:.9f} 0 1"
    box = f"[0 0 {number(image.width)} {number(image.height)}]"
    content = "\n".join(path_operators(path) for path in image.paths)
    return store.add_stream(
        f"/Type/XObject/Subtype/Form/BBox{box}/Matrix[{matrix}]/Resources<<>>",
        content.encode("ascii"),
    )


def path_operators(path: VectorPath) -> str:
    """The operators that construct and paint a path (8.5), in the image's own coordinates."""
    parts = []
    if path.fill:
        parts.append(f"{colour(path.fill)} rg")
    if path.stroke:
        parts.append(f"{colour(path.stroke)} RG {number(path.stroke_width)} w 1 J 1 j")
    for command, *values in path.commands:
        points = " ".join(f"{float(value):.3f}".rstrip("0").rstrip(".") for value in values)
        parts.append(f"{points} {_OPERATORS[str(command)]}".lstrip())
    star = "*" if path.even_odd and path.fill else ""
    paint = {(True, True): "B", (True, False): "f", (False, True): "S", (False, False): "n"}
    parts.append(paint[bool(path.fill), bool(path.stroke)] + star)
    return " ".join(parts)


def _write_raster(image: Image, store: ObjectStore) -> int:
    entries, data = _raster(image.name, image.data)
    return store.add_raw_stream(f"/Type/XObject/Subtype/Image{entries}", data)


@lru_cache(maxsize=8)
def _raster(name: str, data: bytes) -> tuple[str, bytes]:
    """Dictionary entries and stream data of a PNG or JPEG; the same for the same bytes."""
    from PIL import Image as Picture
    from PIL import UnidentifiedImageError

    source = Source(name)
    try:
        with Picture.open(BytesIO(data)) as picture:
            size = f"/Width {picture.width}/Height {picture.height}/BitsPerComponent 8"
            if picture.width * picture.height > _MAX_PIXELS:
                raise BrandError(
                    "The picture has more pixels than paper can show.", source, "Scale it down."
                )
            if picture.mode in {"CMYK", "YCCK", "LAB"}:
                raise BrandError(
                    f"The picture uses {picture.mode} colours, which differ from the sRGB of the "
                    "document.",
                    source,
                    "Save it as RGB.",
                )
            if picture.format == "JPEG" and picture.mode in {"RGB", "L"}:
                picture.load()  # a damaged file must fail here, not in a viewer
                space = "DeviceRGB" if picture.mode == "RGB" else "DeviceGray"
                return f"{size}/ColorSpace/{space}/Filter/DCTDecode", data
            flat = _flattened(picture)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Picture.DecompressionBombError,
    ) as error:
        raise BrandError(
            f"The picture cannot be read: {error}.", source, "Use a PNG or JPEG file."
        ) from error
    space = "DeviceRGB" if flat.mode == "RGB" else "DeviceGray"
    return f"{size}/ColorSpace/{space}/Filter/FlateDecode", zlib.compress(flat.tobytes())


def _flattened(picture: Raster) -> Raster:
    """RGB or grey without alpha, laid on white: PDF transparency is nothing for a fax."""
    from PIL import Image as Picture

    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        white = Picture.new("RGBA", layer.size, "white")
        return Picture.alpha_composite(white, layer).convert("RGB")
    if picture.mode.startswith("I"):  # 16 bits a pixel: Pillow would cut them off at 255
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in {"L", "1"}:
        return picture.convert("L")
    return picture.convert("RGB")
