"""Links: their words hold no second one, and each address among them is where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handouts.errors import Finding
from handouts.model import Link, plain_text
from handouts.model.attributes import MAIL, PLACE
from handouts.model.telephone import dialled, phone_problem
from handouts.model.tree import walk_inline
from handouts.visible import SOFT_HYPHEN

_SHOWN_WEB = re.compile(rf"(?<![\w.-])(?i:https?://)?{PLACE}")
_DOI = re.compile(r"\b10\.[0-9]{4,9}/\S+")
_NUMBER = re.compile(r"\+?\(?[0-9](?:[ ()./\u2011\u2013-]*[0-9])+")
#: What belongs to a number and is not dialled with it, and hours that look like one.
_BESIDE = re.compile(r",?\s*(?:ext\.?|extension|x)\s*[0-9]{1,6}\b|\(?24/7\)?", re.IGNORECASE)
_AROUND = re.compile(r"(?:https?://)?(?:www\.)?(.*?)[/.,;:!?)'\"]*", re.IGNORECASE | re.DOTALL)
_COUNTRY = range(1, 4)
"""The digits of a country's code."""


def link_findings(link: Link) -> Iterator[Finding]:
    """What leads a reader of ``link`` elsewhere than she sees."""
    if any(isinstance(one, Link) for one in walk_inline(link.children)):
        what = f"the words of the link to {link.href} hold a link of their own."
        yield Finding(what, link.source, "Put them apart: words lead to one place.")
        return
    words = " ".join(plain_text(link.children).replace(SOFT_HYPHEN, "").split())
    for shown, leads in _addresses(words, link.href):
        if not leads:
            what = f"the link of “{shown}” leads to {link.href}."
            remedy = "Write other words, or let it lead to the number or address that is seen."
            yield Finding(what, link.source, remedy)


def _addresses(words: str, href: str) -> Iterator[tuple[str, bool]]:
    """The numbers and addresses in the words of a link, and whether it leads there."""
    scheme, _, target = href.partition(":")
    for mail in MAIL.findall(words):
        yield mail, f"mailto:{mail}".lower() == href.lower()
    words = MAIL.sub(" ", words)
    for doi in _DOI.findall(words):
        yield doi, _bare(target).endswith(_bare(doi))
    words = _DOI.sub(" ", words)
    cited = target.lower() if target.lower().startswith("//doi.org/") else ""  # its end alone
    for web in (found[0].rstrip(".,;:!?)'") for found in _SHOWN_WEB.finditer(words)):
        yield web, _bare(web) in _places(target) or _bare(web) in cited
    for number in _NUMBER.findall(_BESIDE.sub(" ", _SHOWN_WEB.sub(" ", words))):
        digits = re.sub("[^0-9]", "", number)
        if scheme.lower() == "tel":
            if len(digits) > 2:  # less is a time of day
                yield number, _is_dialled(number, target)
        elif not phone_problem(number) and ("(" in number or len(digits) > 9):
            yield number, False  # what is shorter may be days or years


def _bare(address: str) -> str:
    return _AROUND.fullmatch(address)[1].lower()  # type: ignore[index]


def _places(target: str) -> set[str]:
    """What a web or mail address may be called: whole, by its host, or by its last part."""
    whole = _bare(target.removeprefix("//"))
    return {whole, _bare(re.split("[/?#]", whole)[0].rpartition("@")[2]), whole.rpartition("/")[2]}


def _is_dialled(number: str, target: str) -> bool:
    """Whether ``target`` dials a ``number``; one of both may lack the code of its country."""
    shown, given = dialled(number).removeprefix("tel:"), target.partition(";")[0].replace("-", "")
    abroad, at_home = sorted((shown, given), key=lambda one: not one.startswith("+"))
    home = at_home.lstrip("0")
    rest = len(abroad) - 1 - len(home)
    has_country = abroad.startswith("+") and not home.startswith("+") and rest in _COUNTRY
    return shown == given or (has_country and len(home) > 5 and abroad.endswith(home))
