"""Links: their words hold no second one, and an address among them is where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handouts.errors import Finding
from handouts.model import Link, plain_text
from handouts.model.attributes import MAIL, WEB
from handouts.model.telephone import dialled, phone_problem
from handouts.model.tree import walk_inline
from handouts.visible import SOFT_HYPHEN

_NO_ADDRESS = re.compile(r"https?://|/$", re.IGNORECASE)


def link_findings(link: Link) -> Iterator[Finding]:
    """What leads a reader of ``link`` elsewhere than she sees."""
    if any(isinstance(one, Link) for one in walk_inline(link.children)):
        what = f"the words of the link to {link.href} hold a link of their own."
        yield Finding(what, link.source, "Put them apart: words lead to one place.")
        return
    words = " ".join(plain_text(link.children).replace(SOFT_HYPHEN, "").split()).rstrip(".,;:")
    if words and not _leads(link.href, _meant(words, link.href)):
        what = f"the link of “{words}” leads to {link.href}."
        remedy = "Write other words, or let it lead to the number or address that is seen."
        yield Finding(what, link.source, remedy)


def _meant(words: str, href: str) -> str:
    """The address that ``words`` are; "" if they are none. A short number is one in a call only."""
    if MAIL.fullmatch(words):
        return f"mailto:{words}"
    if href.lower().startswith("tel:") or not phone_problem(words):
        return dialled(words)
    return words if WEB.fullmatch(f"https://{_NO_ADDRESS.sub('', words)}") else ""


def _leads(href: str, meant: str) -> bool:
    """Whether ``href`` is what was ``meant``, if anything: of a number, with its country or not."""
    if meant.startswith("tel:"):
        scheme, _, number = href.replace("-", "").partition(":")
        own = meant.removeprefix("tel:")
        abroad = number.startswith("+") and number.endswith(own.lstrip("0"))
        return scheme.lower() == "tel" and (number == own or abroad)
    return not meant or _NO_ADDRESS.sub("", href).lower() == _NO_ADDRESS.sub("", meant).lower()
