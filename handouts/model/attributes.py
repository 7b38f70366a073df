"""Attributes of elements and arguments of directives: their form, and the value they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

_NAME = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\.[a-z0-9]+(?:[-_][a-z0-9]+)*")
_FLAG = re.compile(r"!?[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?")
_ID = re.compile(r"#[A-Za-z0-9_-]+")
#: A host by its name in plain letters: whoever reads the address sees where it leads, so nobody's
#: password stands before it, and no header after a mail address.
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
_SIGN = "[A-Za-z0-9._~%/?#=&+:@!$'()*,;-]"
_REST = rf"[/?#]{_SIGN}{{0,500}}"
#: A web address less its scheme.
PLACE = rf"{_HOST}(?::[0-9]{{1,5}})?(?:{_REST})?"
WEB = re.compile(rf"(?i:https?://){PLACE}")
MAIL = re.compile(rf"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@{_HOST}")
_SCHEME = re.compile(r"(?i:(https?://)|(mailto:)|tel:)")
_ADDRESS = re.compile(rf"{WEB.pattern}|(?i:mailto:){MAIL.pattern}|(?i:tel:)[+0-9*#;a-z=-]{{1,40}}")
#: Enough for any address; larger codes are too fine for a telephone's camera on small paper.
MOST_QR_BYTES = 300


class Attribute(Struct, frozen=True):
    """An attribute: what its value must look like, what it does, and the field that it fills.

    ``field``: "" for the field of the attribute's own name. ``choices``: what each choice stands
    for. ``most``: the highest count; of an address, its characters; of keys, how many.
    """

    kind: Literal[
        "text", "name", "keys", "names", "flags", "language", "points", "count", "widths", "href",
        "address", "choice", "picture",
    ]  # fmt: skip
    about: str
    required: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
    most: int = 99


def one_of(*names: str) -> dict[str, str]:
    """Choices that stand for themselves."""
    return {name: name for name in names}


CLASS = Attribute("name", "the style to use", field="style")
LANG = Attribute("language", "the language of what it holds, such as es")


def address_problem(text: str) -> str:
    """Why no link may lead there: a web, mail or telephone address may stand there, and nothing
    beside it; "" if one may."""
    if _ADDRESS.fullmatch(text):
        return ""
    scheme = _SCHEME.match(text)
    if not scheme:
        return "must begin with https://, http://, mailto: or tel:"
    if scheme[2]:
        return "must be one mail address after mailto:, and nothing behind it"
    if not scheme[1]:
        return "must be one number after tel:, without spaces"
    return _web_problem(text[scheme.end() :])


def _web_problem(rest: str) -> str:
    """What is wrong behind the two slashes of a web address that cannot be used."""
    strange = next((char for char in rest if not re.fullmatch(_SIGN, char)), "")
    host, behind = re.fullmatch(r"([^/?#]*)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    if strange:
        return f"must hold letters from A to Z, digits and their signs, not “{strange}”"
    if "@" in host:
        return "must hold no name and no password before the host"
    if len(behind) > 501:
        return "must have at most 500 characters behind the host"
    return "must name a host in letters from A to Z, such as clinic.example"


def _id_problem(text: str) -> str:
    return "" if _ID.fullmatch(text) else "must be # and an id"


def _long_problem(text: str, most: int) -> str:
    return "" if len(text) <= most else f"must not have {len(text)} characters, but {most} at most"


def value_problem(rule: Attribute, text: str) -> str:
    """What is wrong with an attribute's text; "" if nothing is."""
    parts = text.split()
    match rule.kind:
        case "text" | "picture":
            problem = "" if text.strip() else "must not be empty"
        case "name":
            problem = "" if not text or _NAME.fullmatch(text) else "must be a name such as box-1"
        case "keys":
            right = all(_KEY.fullmatch(part) for part in parts)
            problem = (
                ""
                if right and 1 <= len(parts) <= rule.most
                else f"must be SOURCE.NAME, {rule.most} at most"
            )
        case "names":
            fit = parts and all(_NAME.fullmatch(part) for part in parts)
            problem = "" if fit else "must be names with spaces between them"
        case "flags":
            fit = parts and all(_FLAG.fullmatch(part) for part in parts)
            problem = "" if fit else "must be flags such as off-label or !off-label"
        case "language":
            problem = "" if _LANGUAGE.fullmatch(text) else "must be a language such as es"
        case "points":
            problem = "" if _NUMBER.fullmatch(text) else "must be a number, in points"
        case "count":
            fit = text.isascii() and text.isdigit() and len(text) < 5
            fit = fit and 1 <= int(text) <= rule.most
            problem = "" if fit else f"must be a whole number from 1 to {rule.most}"
        case "widths":
            fit = parts and all(_NUMBER.fullmatch(part) and float(part) > 0 for part in parts)
            problem = "" if fit else "must be numbers with spaces between them"
        case "href":
            problem = _id_problem(text) if text.startswith("#") else address_problem(text)
        case "address":
            problem = _long_problem(text, rule.most) or address_problem(text)
        case "choice":
            problem = "" if text in rule.choices else f"must be one of {', '.join(rule.choices)}"
    return problem


def value_of(rule: Attribute, text: str) -> Any:
    """The value that an attribute's text stands for, once it has no problem."""
    match rule.kind:
        case "points":
            return float(text)
        case "count":
            return int(text)
        case "widths":
            return tuple(float(part) for part in text.split())
        case "names" | "flags":
            return tuple(text.split())
        case "choice":
            return rule.choices[text]
        case _:
            return text
