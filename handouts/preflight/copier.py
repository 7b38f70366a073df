"""Pictures of a page: as it is, in grey, and after a second photocopy; what each shows of words."""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Struct
from PIL import Image, ImageChops, ImageFilter

from handouts.contract.colours import ratio
from handouts.preflight.page_text import Box, Word

_Rgb: TypeAlias = tuple[int, int, int]
_DPI = 150
_MOST_PIXELS = 8_000_000
#: Millimetres by which the glass and the drum of a copier spread an edge.
_SPREAD = 0.07
_MM = 72 / 25.4
#: Levels of 255: what is lighter than this counts as paper.
_PAPER = 240
#: Colours that differ by less are one (of 255); none within the second: the letters are covered.
_SAME, _COVERED = 16, 60
#: An edge of a shape is seen from this difference on; it stays from the second on (of 255).
_SEEN, _STAYS = 32, 12
#: The side of the squares in which edges are counted, in points, and the part of one that counts.
_SQUARE, _MANY = 12, 0.05
#: Pixels between those that are compared to find an edge.
_APART = 3
#: Pixels: the side of a square on pages that are drawn small.
_LEAST_SIDE = 16


class Pictures(Struct, frozen=True):
    """A page in colour, in grey, and as the copy of a copy. ``across`` and ``down``: pixels a
    point, whole ones at the edges."""

    colour: Any
    grey: Any
    copy: Any
    across: float
    down: float


def pictures(page: Any, weakest_grey: int) -> Pictures:
    """Draw a page, and copy it twice. ``weakest_grey``: percent of black that a copier keeps."""
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    scale = min(scale, 8_000 / max(width, height))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
    colour = bitmap.to_pil().convert("RGB")
    bitmap.close()
    grey = colour.convert("L")
    copy = grey
    for _ in range(2):
        copy = _photocopied(copy, weakest_grey / 100, scale)
    return Pictures(colour, grey, copy, colour.width / width, colour.height / height)


def _photocopied(image: Any, weakest: float, scale: float) -> Any:
    """What a copier makes of it: edges spread, pale greys turn white, dark ones black."""
    span = 1 - 2 * weakest
    curve = [
        round(255 * (1 - min(1.0, max(0.0, (1 - level / 255 - weakest) / span))))
        for level in range(256)
    ]
    variance = (_SPREAD * _MM * scale) ** 2  # in pixels, below 1; a box of it is fast
    spread = ImageFilter.BoxBlur(variance / 2 / (1 - variance))
    return image.filter(spread).point(curve)


def ink(shown: Pictures) -> float:
    """How much of the page is black, greys by their share, in percent."""
    histogram: list[int] = shown.grey.histogram()
    total = sum(histogram)
    return 100 * sum(count * (255 - level) for level, count in enumerate(histogram)) / total / 255


def drawn_box(shown: Pictures) -> Box | None:
    """The box around all that is drawn, in points; None where nothing is."""
    found = shown.grey.point([255] * _PAPER + [0] * (256 - _PAPER)).getbbox()
    if found is None:
        return None
    left, top, right, bottom = found
    return Box(left / shown.across, top / shown.down, right / shown.across, bottom / shown.down)


def _pixels(shown: Pictures, box: Box) -> tuple[int, int, int, int]:
    width, height = shown.grey.size
    left = min(max(0, int(box.left * shown.across)), width - 1)
    top = min(max(0, int(box.top * shown.down)), height - 1)
    right = min(max(left + 1, round(box.right * shown.across)), width)
    bottom = min(max(top + 1, round(box.bottom * shown.down)), height)
    return left, top, right, bottom


# --- Contrast of words --------------------------------------------------------------------


class Contrast(Struct, frozen=True):
    """Of a word: on screen or on the paper of a colour printer, in grey, and on the second copy."""

    colour: float
    grey: float
    copy: float


def contrast(shown: Pictures, word: Word) -> Contrast | None:
    """How a word stands out of what is behind it; None where nothing of it is seen."""
    box = _pixels(shown, word.box)
    crop = shown.colour.crop(box)
    counted = sorted(crop.getcolors(crop.width * crop.height), reverse=True)
    colours = [colour for _, colour in counted]
    letters = _rgb(word.look.colour) if word.look.colour else None
    if letters is None and len(colours) == 1:
        return None
    if letters and not any(_apart(letters, one) <= _COVERED for one in colours):
        return None  # something is drawn over it
    others = (one for one in colours if letters is None or _apart(one, letters) > _SAME)
    ground = next(others, colours[0])
    letters = letters or max(colours, key=lambda one: _apart(one, ground))
    darker = _level(letters) < _level(ground)
    return Contrast(
        ratio(_hex(letters), _hex(ground)),
        ratio(_grey(letters), _grey(ground)),
        _on_copy(shown, box, darker),
    )


def _on_copy(shown: Pictures, box: tuple[int, int, int, int], darker: bool) -> float:
    """The contrast of a word on the second copy: paper against the strongest part of letters."""
    levels = shown.copy.crop(box).histogram()
    total = sum(levels)
    if not darker:
        levels = levels[::-1]
    strongest = _nth(levels, 0.05 * total)
    ground = 255 - _nth(levels[::-1], 0.2 * total)
    if not darker:
        strongest, ground = 255 - strongest, 255 - ground
    return ratio(_hex((strongest, strongest, strongest)), _hex((ground, ground, ground)))


def _nth(levels: list[int], wanted: float) -> int:
    """The level at which so many pixels are reached, from black on."""
    for level, count in enumerate(levels):
        wanted -= count
        if wanted <= 0:
            return level
    return 255


def _rgb(colour: str) -> _Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(rgb: _Rgb) -> str:
    red, green, blue = rgb
    return f"#{red:02x}{green:02x}{blue:02x}"


def _level(rgb: _Rgb) -> int:
    """The grey that a printer makes of a colour (ITU-R BT.601)."""
    red, green, blue = rgb
    return round(0.299 * red + 0.587 * green + 0.114 * blue)


def _grey(rgb: _Rgb) -> str:
    level = _level(rgb)
    return _hex((level, level, level))


def _apart(one: _Rgb, other: _Rgb) -> int:
    """How far two colours are from each other, in the channel that differs most."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]), abs(one[2] - other[2]))


# --- What is no word ----------------------------------------------------------------------


def lost_shapes(shown: Pictures, after: Any, words: list[Box]) -> list[Box]:
    """Where edges of shapes are seen in colour and none in ``after``, in squares of the page."""
    before = _by_square(shown, _edges(shown.colour), _SEEN, words)
    left = _by_square(shown, _edges(after), _STAYS, words)
    left = left.filter(ImageFilter.MaxFilter(3))  # an edge may stay in the square beside
    width, height = before.size
    wide, high = shown.grey.width / shown.across / width, shown.grey.height / shown.down / height
    return [
        Box(x * wide, y * high, (x + 1) * wide, (y + 1) * high)
        for y in range(height)
        for x in range(width)
        if before.getpixel((x, y)) > 255 * _MANY > 4 * left.getpixel((x, y))
    ]


def _by_square(shown: Pictures, edges: Any, level: int, words: list[Box]) -> Any:
    """Of each square the part with edges of this level or more, 255 for all of it."""
    mask = edges.point([0] * level + [255] * (256 - level))
    for box in words:
        mask.paste(0, _pixels(shown, box))
    side = max(_LEAST_SIDE, round(_SQUARE * shown.across))
    size = (max(1, mask.width // side), max(1, mask.height // side))
    return mask.resize(size, Image.Resampling.BOX)


def _edges(image: Any) -> Any:
    """How much each pixel differs from those left of it and above, in the channel that does most,
    a few pixels away: further than an edge is smoothed."""
    found = None
    for shift in ((_APART, 0), (0, _APART)):
        moved = ImageChops.difference(image, ImageChops.offset(image, *shift))
        for band in moved.split():
            found = band if found is None else ImageChops.lighter(found, band)
    return found
