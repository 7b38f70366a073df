"""The one serialiser: any value of the model as plain data, and as text that is the same anywhere.

A field that holds its default is not written: a field that a later version adds changes no text.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

T = TypeVar("T")

#: Of this form of the text. Another one makes other editions; an approval keeps the form it had.
VERSION = 1


class Extent(Enum):
    """How much is written: the fields that are left out, by name, or by type and name."""

    #: All but where a node came from and where a font lies: they differ from machine to machine.
    #: An edition, and the words that an approval keeps.
    ALL = frozenset(
        {
            *("source", "FontFamily.regular", "FontFamily.bold"),
            *("SectionFile.title_source", "SectionFile.body"),
            *("SectionFile.first_line", "SectionFile.findings"),
        }
    )
    #: What an approval covers: no widths, no dates of review that are not printed, and nothing of
    #: the data that only guards the editors' work.
    MEANING = frozenset(
        {
            *ALL,
            *("Blank.width", "Figure.width", "QRFigure.width"),
            *("Column.width", "SideBySide.gap", "Table.widths", "Slot.widest", "Slot.repertoire"),
            *("FrontMatter.reviewed", "FrontMatter.review_due", "FrontMatter.last_page"),
            *("OwnFront.reviewed", "OwnFront.review_due"),
            *("translates", "translated_by", "checked_by", "FrozenWords.marks"),
            *("Evidence.population", "Evidence.conditions", "Evidence.marker"),
            *("Evidence.checked", "Evidence.says_so", "Evidence.n", "Evidence.certainty"),
            *("Evidence.time", "Evidence.result", "Evidence.funding"),
            *("Value.why", "Value.evidence", "Value.guard"),
        }
    )


def plain(value: Any, extent: Extent = Extent.ALL) -> Any:  # noqa: PLR0911 - one a kind of value
    """``value`` as what JSON has: each Struct with its type, then its fields without defaults."""
    kind: Any = type(value)
    if value is None or kind in (str, int, bool):
        return value
    if kind is float:
        return round(value, 4)
    if kind is tuple:
        return [plain(item, extent) for item in value]
    if issubclass(kind, Struct):
        found = {"type": kind.__name__}
        for name, default in _written(kind, extent):
            inside = getattr(value, name)
            if inside != default:
                found[name] = plain(inside, extent)
        return found
    if isinstance(value, Mapping):
        return {key: plain(inside, extent) for key, inside in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"the model holds a {kind.__name__}")


@cache
def _written(kind: Any, extent: Extent) -> tuple[tuple[str, Any], ...]:
    """The fields of a Struct that are written, each with its default."""
    left_out = extent.value
    return tuple(
        (item.name, _default(item))
        for item in fields(kind)
        if item.name not in left_out and f"{kind.__name__}.{item.name}" not in left_out
    )


def _default(item: msgspec.structs.FieldInfo) -> Any:
    made = item.default_factory is not NODEFAULT
    return item.default_factory() if made else item.default


def canonical(value: Any, extent: Extent = Extent.ALL) -> str:
    """``value`` as one line of JSON: keys sorted, so that the order of fields says nothing."""
    return json.dumps(plain(value, extent), sort_keys=True, separators=(",", ":"))


def readable(value: Any) -> bytes:
    """``value`` as JSON with a line for each fact: to be kept, compared, and read again."""
    text: bytes = msgspec.json.encode(plain(value))
    return msgspec.json.format(text, indent=1) + b"\n"


def read(text: bytes, kind: type[T]) -> T:
    """What ``readable`` wrote. Raises ``msgspec.DecodeError`` for anything else."""
    return msgspec.json.decode(text, type=kind)


def unknown(data: Any, value: Any) -> str:
    """The first key of ``data`` for which ``value``, which was read from it, has no field; "" if
    there is none. A later version wrote it, and what it means would be left out.
    """
    if isinstance(value, Struct):
        known: tuple[str, ...] = value.__struct_fields__
        own = {key: inside for key, inside in data.items() if key != "type"}
        pairs = [(own[key], getattr(value, key)) for key in own if key in known]
        if later := [str(key) for key in own if key not in known]:
            return later[0]
    elif isinstance(value, Mapping):
        pairs = list(zip(data.values(), value.values(), strict=True))
    elif isinstance(value, tuple):
        pairs = list(zip(data, value, strict=True))
    else:
        return ""
    return next(filter(None, (unknown(*pair) for pair in pairs)), "")
