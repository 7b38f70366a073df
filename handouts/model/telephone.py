"""Telephone numbers: their forms as printed, and what a telephone dials for them."""

from __future__ import annotations

import re

_PHONE = re.compile(
    r"(?P<number>\+?[0-9(][0-9 ()./\u2011\u2013-]*[0-9])"
    r"(?:,?\s*(?:ext\.?|extension|x)\s*(?P<extension>[0-9]{1,6}))?",
    re.IGNORECASE,
)
_SHORT = re.compile(r"[0-9](?:[ -]?[0-9]){1,5}")
#: Such as 911, 9-1-1, 116 123, 13 11 14; other groups, as in 911 112, may each be a number.
_EMERGENCY = re.compile(r"[0-9]+|[0-9](?:[ -][0-9])+|116[ -][0-9]{3}|13 [0-9]{2} [0-9]{2}")
#: A zero that is dialled within the country only: +44 (0)20 7946 0958.
_TRUNK = re.compile(r"^((?:\+|00)[0-9]+)\(0\)")
#: Such a zero in another form, which one country dials and another does not: +49 (030) 901820.
_DOUBTFUL = re.compile(r"[0-9][^0-9]*\(0")
#: What an area code begins with, as a short number of its own (988, 112, 000) does not.
_AREA = re.compile(r"\+|00?[1-9]")
#: No number is longer that begins neither so nor with its country.
_LONGEST_PLAIN = 11
#: More than any number has, so that a long text is not read for one.
_LONGEST = 254


def phone_problem(number: str) -> str:
    """What is wrong with the form of a telephone number; "" for a good or an empty one."""
    if not number:
        return ""
    match = _PHONE.fullmatch(number.strip()) if len(number) <= _LONGEST else None
    if match is None or re.sub(r"[^()]", "", match["number"]) not in ("", "()"):
        return "is not a telephone number"
    if _may_be_two(match["number"]):
        return "may be two numbers"
    plain = re.sub(r"[^0-9+()]", "", match["number"])
    if _DOUBTFUL.search(_TRUNK.sub(r"\1", plain)):
        return "has a zero in brackets that may have to be left out"
    digits = len(_digits(plain))
    if not 7 <= digits <= 15:
        return f"has {digits} digits; a telephone number has 7 to 15"
    return ""


def emergency_problem(number: str) -> str:
    """What is wrong with an emergency line: a short number (911, 112) or a telephone number."""
    if not number.strip():
        return "is empty"
    if not _SHORT.fullmatch(short := number.strip()):
        return phone_problem(number)
    return "" if _EMERGENCY.fullmatch(short) else "may be two numbers"


def dialled(number: str) -> str:
    """The ``tel:`` address of a number as printed, without its extension; "" for anything else,
    such as "your local emergency line" or "988 (24/7)": nobody may be led to another number."""
    if emergency_problem(number):
        return ""
    plain = re.sub(r"[^0-9+()]", "", number.lower().partition("x")[0])
    return "tel:" + re.sub(r"[()]", "", _TRUNK.sub(r"\1", plain))


def _may_be_two(number: str) -> bool:
    """Whether there is another form in it than area code/number and number/0, a switchboard."""
    first, *others = (re.sub(r"[^0-9+]", "", part) for part in number.split("/"))
    if not _AREA.match(first):
        return bool(others) or len(first) > _LONGEST_PLAIN
    return len(others) > 1 or (len(_digits(first)) >= 7 and others not in ([], ["0"]))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
