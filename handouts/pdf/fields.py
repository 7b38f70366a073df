"""What a copy must know of a rendered file to fill its fields: where, and in which glyphs.

A field is a content stream of its own with a reserved MCID, so a copy is the file's own bytes and
an incremental update (ISO 32000-1 7.5.6) of these streams. All this is data, and can be sent to
another process.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from handouts.model import FieldName
from handouts.pdf.object_store import Ending


class FieldPlace(Struct, frozen=True):
    """The stream of one field. Points; ``y``: the first baseline, whose text begins ``indent``
    further right than ``x``; ``head``: the operators that open its marked content."""

    name: FieldName
    number: int
    head: str
    size: float
    x: float
    y: float
    width: float
    indent: float
    leading: float
    lines: int
    font: str  # the key of ``Fillable.glyphs``


class Glyph(Struct, frozen=True):
    """A character in a composite font: the font's resource, its code in hexadecimal digits, its
    advance (em)."""

    resource: str
    code: str
    advance: float


class Fillable(Struct, frozen=True):
    """The fields of a file, the glyphs that may fill them, and how an update of it must end."""

    places: tuple[FieldPlace, ...]
    glyphs: Mapping[str, Mapping[str, Glyph]]
    ending: Ending
