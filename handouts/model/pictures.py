"""Pictures: what figures, logos and icons show, as data. ``handouts.pdf`` draws them.

Each has a ``name`` for messages and a ``width`` and ``height`` in units of its own: their ratio is
what the flow needs to know.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from handouts.model.inlines import IconName

#: Icons that are not as wide as they are high.
_ICON_WIDTHS: dict[IconName, float] = {"arrow": 126.0, "bullet": 60.0}


class Raster(Struct, frozen=True, tag=True):
    """A PNG or JPEG (RGB or grey); size in pixels."""

    name: str
    width: float
    height: float
    data: bytes


class Svg(Struct, frozen=True, tag=True):
    """The bytes of an SVG file that was found sound when it was read; size of its viewBox.

    ``over``: an SVG of the program, of the same size, drawn over it from its upper left corner.
    """

    name: str
    width: float
    height: float
    data: bytes
    over: bytes = b""


class Shown(Struct, frozen=True, tag=True):
    """Characters that a drawing shows. ``face``: the hash of the font's content and axes."""

    face: str
    size: float
    text: str


class Drawn(Struct, frozen=True, tag=True):
    """A recorded drawing; size in points.

    ``content``: operators (ISO 32000-1 8.2), and between them the text and rasters that they
    show, whose names only the file knows. ``shadings``: the dictionaries of /Sh0, /Sh1, …
    """

    name: str
    width: float
    height: float
    content: tuple[str | Shown | Raster, ...]
    shadings: tuple[str, ...] = ()


class IconPicture(Struct, frozen=True, tag=True):
    """One of the small signs of the text, as high as a capital letter. Colour ``#rrggbb``."""

    icon: IconName
    colour: str = "#000000"

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"icon {self.icon}"

    @property
    def width(self) -> float:
        """In hundredths of its height."""
        return _ICON_WIDTHS.get(self.icon, 100.0)

    @property
    def height(self) -> float:
        """100 units."""
        return 100.0


class People(Struct, frozen=True, tag=True):
    """An icon array: ``of`` people (1 to 100) in rows, the first ``count`` of them filled."""

    count: int
    of: int = 100
    colour: str = "#000000"

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.count} of {self.of} people"

    @property
    def columns(self) -> int:
        """People in a row: ten, or what makes rows of equal length."""
        return next((count for count in (10, 11, 9, 12, 8) if self.of % count == 0), 10)

    @property
    def width(self) -> float:
        """10 units for each column."""
        return 10.0 * min(self.columns, self.of)

    @property
    def height(self) -> float:
        """14 units for each row."""
        return 14.0 * -(-self.of // self.columns)


class QRCode(Struct, frozen=True, tag=True):
    """A QR code with its quiet zone: black on white, whatever the colours around it."""

    data: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"QR code of {self.data}"

    @property
    def width(self) -> float:
        """It is square."""
        return 1.0

    @property
    def height(self) -> float:
        """It is square."""
        return 1.0


Picture: TypeAlias = Raster | Svg | Drawn | IconPicture | People | QRCode
