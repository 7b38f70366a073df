"""Forms of telephone numbers, web and mail addresses, and the made-up ones that must not print."""

from __future__ import annotations

import re

from handouts.model.attributes import MAIL, WEB

_PHONE = re.compile(
    r"(?P<number>\+?[0-9(][0-9 ()./\u2011\u2013-]*[0-9])"
    r"(?:,?\s*(?:ext\.?|extension|x)\s*(?P<extension>[0-9]{1,6}))?",
    re.IGNORECASE,
)
_EMERGENCY = re.compile(r"[0-9]{2,6}")

#: No real number or address is longer (RFC 5321 for mail).
_LONGEST = 254

#: Numbers 555-0100 to 555-0199 are kept for stories; 555-1212 reaches directory assistance.
_MADE_UP_PHONE = re.compile(r"(?:^|\D)555\D{0,2}(?:01\d\d|1212)$")
_MADE_UP_HOST = re.compile(
    r"(?:^|[@./])(?:example\.(?:com|org|net)|[^@/]+\.(?:example|invalid|test))(?:[:/?#]|$)",
    re.IGNORECASE,
)


def phone_problem(number: str) -> str:
    """What is wrong with the form of a telephone number; "" for a good or an empty one."""
    if not number:
        return ""
    match = _PHONE.fullmatch(number.strip()) if len(number) <= _LONGEST else None
    digits = sum(char.isdigit() for char in match["number"]) if match else 0
    if match is None or not _balanced(match["number"]):
        return "is not a telephone number"
    if not 7 <= digits <= 15:
        return f"has {digits} digits; a telephone number has 7 to 15"
    return ""


def emergency_problem(number: str) -> str:
    """What is wrong with an emergency line: a short number (911, 112) or a telephone number."""
    if not number.strip():
        return "is empty"
    return "" if _EMERGENCY.fullmatch(number.strip()) else phone_problem(number)


def website_problem(address: str) -> str:
    """What is wrong with the form of a web address; "" for a good or an empty one."""
    good = len(address) <= _LONGEST and WEB.fullmatch(address)
    return "" if not address or good else "is not a web address"


def email_problem(address: str) -> str:
    """What is wrong with the form of a mail address; "" for a good or an empty one."""
    good = len(address) <= _LONGEST and MAIL.fullmatch(address)
    return "" if not address or good else "is not an email address"


def made_up(contact: str) -> bool:
    """Whether a number or address belongs to those set aside for examples."""
    return bool(_MADE_UP_PHONE.search(contact.strip()) or _MADE_UP_HOST.search(contact))


def _balanced(number: str) -> bool:
    return re.sub(r"[^()]", "", number) in ("", "()")
