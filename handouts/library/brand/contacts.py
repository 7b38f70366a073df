"""Forms of web and mail addresses, and the made-up contacts that must not print."""

from __future__ import annotations

import re

from handouts.model.attributes import MAIL, WEB

#: No real address is longer (RFC 5321 for mail).
_LONGEST = 254

#: Numbers 555-0100 to 555-0199 are kept for stories; 555-1212 reaches directory assistance.
_MADE_UP_PHONE = re.compile(
    r"(?:^|\D)555\D{0,2}(?:01\d\d|1212)(?:,?\s*(?:ext|x).*)?$", re.IGNORECASE
)
_MADE_UP_HOST = re.compile(
    r"(?:^|[@./])(?:example\.(?:com|org|net)|[^@/]+\.(?:example|invalid|test))(?:[:/?#]|$)",
    re.IGNORECASE,
)


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
