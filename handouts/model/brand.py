"""Brand: a clinic's appearance and contacts, and the fonts of a document."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from handouts.errors import Source
from handouts.model.inlines import NOWHERE
from handouts.model.pictures import Picture


class FontFamily(Struct, frozen=True):
    """Font files (TrueType outlines) by weight; paths on this machine.

    ``digest``: SHA-256 of each of a clinic's own files, in hexadecimal digits; "" for those of a
    package. So an edition covers their bytes, though not where they lie.
    """

    name: str
    regular: str
    bold: str
    #: axis values when the files are variable fonts, e.g. {"wght": 700}; () for static ones
    regular_axes: tuple[tuple[str, float], ...] = ()
    bold_axes: tuple[tuple[str, float], ...] = ()
    digest: str = ""


class FontSet(Struct, frozen=True):
    """The families of a document and those to fall back on, in order, for missing characters."""

    body: FontFamily
    heading: FontFamily
    fallback: tuple[FontFamily, ...] = ()


class Phone(Struct, frozen=True):
    """A labelled number. ``number`` as printed; "" prints a line to fill in."""

    label: str
    number: str
    hours: str = ""


class Brand(Struct, frozen=True):
    """A clinic's appearance and contacts. ``sample``: not a real clinic; phones are not printed."""

    id: str
    name: str
    sample: bool
    address: tuple[str, ...]
    phones: tuple[Phone, ...]  # the first is the one in the running footer
    night_phone: Phone
    emergency: str
    website: str
    email: str
    fax: str  # where colleagues send papers; "" prints a line to fill in, as does portal
    portal: str
    colours: Mapping[str, str]  # "primary", "accent", "text", "muted", "tint", "warning": #rrggbb
    logo: Picture | None
    logo_alt: str
    logo_width: float
    fonts: FontSet
    disclaimer: str
    source: Source = NOWHERE
