"""How values are written in PDF syntax (ISO 32000-1 7.3): numbers, names, strings, colours."""

from __future__ import annotations

from codecs import BOM_UTF16_BE
from functools import lru_cache

_ESCAPES = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)", "\r": "\\r"})
_REGULAR = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+*!$&'=?@^`|~"
)


def number(value: float) -> str:
    """A number with at most two decimals: 1/100 pt is finer than any printer."""
    text = f"{value:.2f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def literal(codes: str) -> str:
    """A literal string of character codes (each below 256), as text is shown in a content
    stream."""
    return f"({codes.translate(_ESCAPES)})"


def text_string(text: str) -> str:
    """A text string (7.9.2.2): ASCII as it is, all else as UTF-16BE."""
    if text.isascii() and text.isprintable():
        return literal(text)
    return f"<{(BOM_UTF16_BE + text.encode('utf-16-be', 'replace')).hex().upper()}>"


def name(text: str) -> str:
    """A name object; characters that are not regular are written as #xx (7.3.5)."""
    return "/" + "".join(
        char if char in _REGULAR else "".join(f"#{byte:02X}" for byte in char.encode())
        for char in text
    )


def rectangle(x1: float, y1: float, x2: float, y2: float) -> str:
    """A rectangle: lower left and upper right corner, in points."""
    return f"[{number(x1)} {number(y1)} {number(x2)} {number(y2)}]"


@lru_cache(maxsize=256)
def colour(value: str) -> str:
    """The three components of a ``#rrggbb`` colour, without operator."""
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in (red, green, blue))
