"""Telephone numbers: their forms as printed, and what a telephone dials for them."""

from __future__ import annotations

import re

_PHONE = re.compile(
    r"(?P<number>\+?[0-9(][0-9 ()./\u2011\u2013-]*[0-9])"
    r"(?:,?\s*(?:ext\.?|extension|x)\s*(?P<extension>[0-9]{1,6}))?",
    re.IGNORECASE,
)
#: Such as 911, 9-1-1, 116 123.
_EMERGENCY = re.compile(r"[0-9](?:[ -]?[0-9]){1,5}")
#: A zero that is dialled within the country only: +44 (0)20 7946 0958.
_TRUNK = re.compile(r"^((?:\+|00)[0-9]+)\(0\)")
#: More than any number has, so that a long text is not read for one.
_LONGEST = 254


def phone_problem(number: str) -> str:
    """What is wrong with the form of a telephone number; "" for a good or an empty one."""
    if not number:
        return ""
    match = _PHONE.fullmatch(number.strip()) if len(number) <= _LONGEST else None
    if match is None or re.sub(r"[^()]", "", match["number"]) not in ("", "()"):
        return "is not a telephone number"
    first, *others = (_digits(part) for part in match["number"].split("/"))
    if len(others) > 1 or (len(first) >= 7 and len("".join(others)) > 1):
        return "may be two numbers, with / between them"
    digits = len(_digits(match["number"]))
    if not 7 <= digits <= 15:
        return f"has {digits} digits; a telephone number has 7 to 15"
    return ""


def emergency_problem(number: str) -> str:
    """What is wrong with an emergency line: a short number (911, 112) or a telephone number."""
    if not number.strip():
        return "is empty"
    return "" if _EMERGENCY.fullmatch(number.strip()) else phone_problem(number)


def dialled(number: str) -> str:
    """The ``tel:`` address of a number as printed, without its extension; "" for anything else,
    such as "your local emergency line" or "988 (24/7)": nobody may be led to another number."""
    if emergency_problem(number):
        return ""
    plain = re.sub(r"[^0-9+()]", "", number.lower().partition("x")[0])
    return "tel:" + re.sub(r"[()]", "", _TRUNK.sub(r"\1", plain))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
