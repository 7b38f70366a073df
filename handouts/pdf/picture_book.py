"""Pictures in a file: rasters as image XObjects (ISO 32000-1 8.9), all others as forms (8.10)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, assert_never

from handouts.errors import BrandError, Source
from handouts.flow.faces import face_named
from handouts.model import Drawn, IconName, IconPicture, People, Picture, QRCode, Raster, Shown, Svg
from handouts.pdf.font_parts import to_unicode_cmap
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.subsets import SubsetBook
from handouts.pdf.syntax import literal, number

if TYPE_CHECKING:
    from PIL.Image import Image

#: More than any printed page can show; larger ones only cost memory.
_MAX_PIXELS = 40_000_000
_SEGMENT = re.compile(rb"\xff+([\xc0-\xfe])(..)", re.DOTALL)
#: The code of the one glyph in the font of an icon, and what programs extract for it.
ICON_CODE = "o"
ICON_CHARACTERS: Mapping[IconName, str] = {
    "checkbox": "\N{BALLOT BOX}",
    "check": "\N{CHECK MARK}",
    "arrow": "\N{RIGHTWARDS ARROW}",
    "bullet": "\N{BULLET}",
    "cross": "\N{BALLOT X}",
    "phone": "\N{BLACK TELEPHONE}",
}


class PictureBook:
    """The pictures of one file: each is written once, however often it is placed."""

    def __init__(self, store: ObjectStore, fonts: SubsetBook) -> None:
        """No pictures yet; they go into ``store``, and their text is encoded by ``fonts``."""
        self._store = store
        self._fonts = fonts
        self._resources: dict[Picture, tuple[str, int]] = {}  # name and object number
        self._glyphs: dict[IconPicture, str] = {}

    def resource(self, picture: Picture) -> str:
        """The name of the picture in /XObject. Raises BrandError if it cannot be embedded."""
        return self._embedded(picture)[0]

    def glyph(self, icon: IconPicture) -> str:
        """The name in /Font of a font whose glyph ``ICON_CODE``, an em square, looks like
        ``icon`` and is extracted as its character."""
        if icon not in self._glyphs:
            name, form = self._embedded(icon)
            draw = self._store.add_stream("", f"1 0 d0 /{name} Do".encode())
            chars = [*[0] * ord(ICON_CODE), ord(ICON_CHARACTERS[icon.icon])]
            to_unicode = self._store.add_stream("", to_unicode_cmap("Icon", chars))
            code = ord(ICON_CODE)
            font = self._store.add(
                f"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]"
                f"/Resources<</XObject<</{name} {form} 0 R>>>>/CharProcs<</icon {draw} 0 R>>"
                f"/Encoding<</Type/Encoding/Differences[{code}/icon]>>/FirstChar {code}"
                f"/LastChar {code}/Widths[1]/ToUnicode {to_unicode} 0 R>>"
            )
            self._glyphs[icon] = self._fonts.add_icon(font)
        return self._glyphs[icon]

    def entries(self) -> str:
        """The entries of the /XObject resource dictionary."""
        return _references(self._resources.values())

    def _embedded(self, picture: Picture) -> tuple[str, int]:
        if picture not in self._resources:
            if isinstance(picture, Raster):
                entries, data = _raster(picture.name, picture.data)
                own = self._store.add_raw_stream(f"/Type/XObject/Subtype/Image{entries}", data)
            else:
                own = self._write_form(recorded(picture))
            self._resources[picture] = f"X{len(self._resources) + 1}", own
        return self._resources[picture]

    def _write_form(self, drawn: Drawn) -> int:
        """A form of 1 × 1 unit, so that it is placed like a raster; its number."""
        content: list[str] = []
        rasters: dict[Raster, tuple[str, int]] = {}
        for part in drawn.content:
            match part:
                case str():
                    content.append(part)
                case Shown():
                    for font, codes in self._fonts.encode(face_named(part.face), part.text):
                        content.append(f"/{font} {number(part.size)} Tf {literal(codes)} Tj")
                case Raster():
                    rasters[part] = self._embedded(part)
                    content.append(f"/{rasters[part][0]} Do")
                case _:
                    assert_never(part)
        resources = (
            f"/Font {self._fonts.number} 0 R"
            f"/XObject<<{_references(rasters.values())}>>"
            f"/Shading<<{''.join(f'/Sh{at} {it}' for at, it in enumerate(drawn.shadings))}>>"
        )
        return self._store.add_stream(
            f"/Type/XObject/Subtype/Form/BBox[0 0 {drawn.width:.6f} {drawn.height:.6f}]"
            f"/Matrix[{1 / drawn.width:.9f} 0 0 {1 / drawn.height:.9f} 0 0]"
            f"/Resources<<{resources}>>",
            "\n".join(content).encode("latin-1"),
        )


def _references(resources: Iterable[tuple[str, int]]) -> str:
    return "".join(f"/{name} {own} 0 R" for name, own in resources)


@lru_cache(maxsize=64)
def recorded(picture: Svg | Drawn | IconPicture | People | QRCode) -> Drawn:
    """What ReportLab draws for ``picture``."""
    from handouts.pdf import drawings

    match picture:
        case Drawn():
            return picture
        case Svg():
            from handouts.pdf.svg import draw_svg

            return draw_svg(picture.data, picture.name, picture.over)
        case IconPicture():
            return drawings.draw_icon(picture)
        case People():
            return drawings.draw_people(picture)
        case QRCode():
            return drawings.draw_qr_code(picture)
        case _:
            assert_never(picture)


@lru_cache(maxsize=8)
def _raster(name: str, data: bytes) -> tuple[str, bytes]:
    """Dictionary entries and stream data of a PNG or JPEG; the same for the same bytes."""
    with opened_raster(data, "The picture", Source(name), _MAX_PIXELS) as picture:
        as_it_is = picture.mode in {"RGB", "L"} and _is_usual_jpeg(data)
        shown = picture if as_it_is else flattened(picture)
        content = data if as_it_is else zlib.compress(shown.tobytes())
    return (
        f"/Width {shown.width}/Height {shown.height}/BitsPerComponent 8"
        f"/ColorSpace/{'DeviceRGB' if shown.mode == 'RGB' else 'DeviceGray'}"
        f"/Filter/{'DCTDecode' if as_it_is else 'FlateDecode'}"
    ), content


def _is_usual_jpeg(data: bytes) -> bool:
    """Whether the frame of a JPEG is Huffman-coded (ITU-T T.81, table B.1): of arithmetic coding,
    some viewers show nothing but black."""
    at = 2
    while found := _SEGMENT.match(data, at):
        if found[1] in b"\xc0\xc1\xc2":
            return True
        at = found.start(2) + int.from_bytes(found[2])
    return False


@contextmanager
def opened_raster(data: bytes, what: str, at: Source, most: int) -> Iterator[Image]:
    """A PNG or JPEG of at most ``most`` pixels, all unpacked: a damaged one fails here, not in a
    viewer. Raises BrandError, which says ``what`` it is, at ``at``."""
    from PIL import Image as images
    from PIL import UnidentifiedImageError

    try:
        with images.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            # Refused by what the header says, before any pixel is unpacked.
            if picture.width * picture.height > most:
                raise _too_many_pixels(what, at, most, f"{picture.width} × {picture.height}")
            if picture.mode in {"CMYK", "YCCK", "LAB"}:
                problem = f"{what} is in {picture.mode} colours, not the sRGB of the document."
                raise BrandError(problem, at, "Save it as RGB.")
            picture.load()
            yield picture
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError) as problem:
        remedy = "Save it again as a PNG in RGB colours."
        unknown = isinstance(problem, UnidentifiedImageError)  # it names a place in memory
        why = "it is damaged, or no PNG or JPEG" if unknown else problem
        raise BrandError(f"{what} cannot be read: {why}.", at, remedy) from problem
    except images.DecompressionBombError as problem:
        raise _too_many_pixels(what, at, most, "more") from problem


def _too_many_pixels(what: str, at: Source, most: int, size: str) -> BrandError:
    problem = f"{what} has too many pixels ({size}); at most {most:,} are read."
    return BrandError(problem, at, "Save it smaller: 1000 pixels across are plenty.")


def flattened(picture: Image) -> Image:
    """RGB or grey without alpha, laid on white: PDF transparency is nothing for a fax."""
    from PIL import Image as images

    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        white = images.new("RGBA", layer.size, "white")
        return images.alpha_composite(white, layer).convert("RGB")
    if picture.mode.startswith("I"):  # 16 bits a pixel: Pillow would cut them off at 255
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in {"L", "1"}:
        return picture.convert("L")
    return picture.convert("RGB")
