"""The one serialiser: any value of the model as text that is the same wherever it is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any

from msgspec import Struct

from handouts.model.brand import FontFamily

#: Where a node came from and where a font lies differ from machine to machine; words do not.
_SOURCES = frozenset({"source"})
_FONT_FILES = frozenset({"regular", "bold"})


def canonical(value: Any, without: frozenset[str] = frozenset()) -> str:
    """``value`` as text: every field by name, sorted, but for sources and fields ``without``.

    Each value is led by its type and size, so that no two values are written alike.
    """
    out: list[str] = []
    _write(value, out, _SOURCES | without)
    return "\n".join(out)


@cache
def _names(kind: Any, without: frozenset[str]) -> tuple[str, ...] | None:
    """The fields of a node that count, sorted; None for what is not a node."""
    if not issubclass(kind, Struct):
        return None
    left_out = without | (_FONT_FILES if kind is FontFamily else frozenset())
    return tuple(sorted(name for name in kind.__struct_fields__ if name not in left_out))


def _write(value: Any, out: list[str], without: frozenset[str]) -> None:
    kind: Any = type(value)
    if kind is str:
        out.append(f"s{len(value)} {value}")
    elif kind is tuple:
        out.append(f"l{len(value)}")
        for item in value:
            _write(item, out, without)
    elif (names := _names(kind, without)) is not None:
        out.append(kind.__name__)
        for name in names:
            _write(getattr(value, name), out, without)
    elif kind is float:
        out.append(f"f{value:.4f}")
    elif value is None or isinstance(value, bool | int | date):
        out.append(f"{kind.__name__} {value}")
    elif isinstance(value, bytes):
        out.append(f"b{sha256(value).hexdigest()}")
    elif isinstance(value, Enum):
        out.append(f"e{value.name}")
    elif isinstance(value, Mapping):
        out.append(f"m{len(value)}")
        for key in sorted(value):
            _write(key, out, without)
            _write(value[key], out, without)
    else:
        raise TypeError(f"the model holds a {kind.__name__}")
