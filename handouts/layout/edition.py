"""The edition of a Document: a short hash of its words, values, pictures and styles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from hashlib import sha256
from operator import is_not
from typing import Any

from handouts.model import Document, FontFamily, Slot, Text

LENGTH = 10
#: Where a node came from and where a font lies differ from machine to machine; words do not.
_LEFT_OUT = {"source"}
_LEFT_OUT_OF_FONTS = {"regular", "bold"}


def with_edition(document: Document) -> Document:
    """The document with its edition filled in, also where the page prints it.

    The edition is the first ten hexadecimal digits of SHA-256 over the canonical Document:
    every field by name, sorted; no sources; before the edition and page numbers are known.
    """
    edition = sha256(canonical(document)).hexdigest()[:LENGTH]
    filled: Document = _fill(document, edition)
    return replace(filled, edition=edition)


def canonical(document: Document) -> bytes:
    """The document as bytes that are the same wherever and whenever it is made."""
    out: list[str] = []
    _write(document, out)
    return "\n".join(out).encode("utf-8", "surrogatepass")


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    """The fields of a node that count, sorted; None for what is not a node."""
    if not is_dataclass(kind):
        return None
    left_out = _LEFT_OUT | (_LEFT_OUT_OF_FONTS if kind is FontFamily else set())
    return tuple(sorted(item.name for item in fields(kind) if item.name not in left_out))


def _write(value: Any, out: list[str]) -> None:
    """One value, with its type and size first, so that no two values write alike."""
    kind: Any = type(value)
    if kind is str:
        out.append(f"s{len(value)} {value}")
    elif kind is tuple:
        out.append(f"l{len(value)}")
        for item in value:
            _write(item, out)
    elif (names := _names(kind)) is not None:
        out.append(kind.__name__)
        for name in names:
            _write(getattr(value, name), out)
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
            _write(key, out)
            _write(value[key], out)
    else:
        raise TypeError(f"a Document holds a {kind.__name__}")


def _fill(node: Any, edition: str) -> Any:
    """``node`` with the edition's text in its slots; what holds none stays the same object."""
    kind: Any = type(node)
    if kind is tuple:
        items = tuple([_fill(item, edition) for item in node])
        return items if any(map(is_not, items, node)) else node
    if kind is Slot:
        return Text(edition, node.source) if node.name == "edition" else node
    if kind is dict:
        return {key: _fill(value, edition) for key, value in node.items()}
    changed = {}
    for name in _names_of_parts(kind):
        old = getattr(node, name)
        new = _fill(old, edition)
        if new is not old:
            changed[name] = new
    return replace(node, **changed) if changed else node


#: Fields below which inline content may stand.
_PARTS = {
    "blocks", "body", "caption", "cells", "children", "columns", "entries", "head", "items",
    "masters", "running",
}  # fmt: skip


@cache
def _names_of_parts(kind: Any) -> tuple[str, ...]:
    if not is_dataclass(kind):
        return ()
    return tuple(item.name for item in fields(kind) if item.name in _PARTS)
