"""Links: their words hold no second one, and each address among them is where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handouts.errors import Finding
from handouts.model import Link, plain_text
from handouts.model.attributes import MAIL, PLACE
from handouts.model.telephone import phone_problem
from handouts.model.tree import walk_inline
from handouts.visible import SOFT_HYPHEN

_SHOWN_WEB = re.compile(rf"(?<![\w.-])(?i:https?://)?{PLACE}(?!\w)")
_DOI = re.compile(r"\b10\.[0-9]{4,9}/\S+")
_AROUND = re.compile(r"(?:https?://)?(?:www\.)?(.*?)[/.,;:!?)'\"]*", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"\+?(?:\([0-9]+\)|[0-9])(?:[ ()./-]*[0-9])*")
#: Signs that stand in numbers as a hyphen does, or a full stop.
_SEPARATORS = str.maketrans("‐‑‒–—―−·•∙⋅", "-------....")
#: What stands beside a number and is not dialled with it: an extension, hours, a day, a citation.
_BESIDE = re.compile(
    r",?\s*(?P<whole>(?:ext\.?|extension|x)\s*(?P<extension>[0-9]{1,6})\b)|\(?24/7\)?"
    r"|\bISBN\b[-: 0-9]*|(?<!\+)\b[0-9]{1,3} \((?:19|20)[0-9]{2}\)"
    r"|\b(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}(?P<dot>[/.])[0-9]{1,2}(?P=dot)[0-9]{4})\b",
    re.IGNORECASE,
)
#: Letters that are dialled by the keys they stand on: 1-800-QUIT-NOW.
_LETTERS = re.compile(r"(?<=[0-9]-)[A-Z]{2,}(?:-[A-Z]+)*\b")
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
#: Digits that nobody takes for hours, a room or a year.
_CALLED = re.compile(r"[2-9]11|988|112|999|000|[0-9]{6,}")
_SHORT, _ANY = re.compile("[0-9]{3,}"), re.compile("[0-9]+")
_MOST_GROUPS = 15
"""Digits of the longest number (ITU-T E.164), each by itself."""


def link_findings(link: Link) -> Iterator[Finding]:
    """What leads a reader of ``link`` elsewhere than she sees."""
    if any(isinstance(one, Link) for one in walk_inline(link.children)):
        yield link_within(link)
        return
    words = " ".join(plain_text(link.children).replace(SOFT_HYPHEN, "").split())
    for shown in _misleading(words, link.href):
        what = f"the link of “{shown}” leads to {link.href}."
        remedy = "Write other words, or let it lead to the number or address that is seen."
        yield Finding(what, link.source, remedy)


def link_within(link: Link) -> Finding:
    """That there is a link in the words of ``link``, or will be."""
    what = f"the words of the link to {link.href} hold a link of their own."
    return Finding(what, link.source, "Put them apart: words lead to one place.")


def _misleading(words: str, href: str) -> Iterator[str]:
    """The numbers and addresses in the words of a link that are not where it leads."""
    scheme, _, target = href.partition(":")
    yield from (one for one in MAIL.findall(words) if f"mailto:{one}".lower() != href.lower())
    words = MAIL.sub(" ", words)
    whole = _bare(target.removeprefix("//"))
    yield from (doi for doi in _DOI.findall(words) if not whole.endswith(_bare(doi)))
    words = _DOI.sub(" ", words)
    for web in (found[0].rstrip(".,;:!?)'") for found in _SHOWN_WEB.finditer(words)):
        if not _leads(web, target):
            yield web
    words = _SHOWN_WEB.sub(" ", words).translate(_SEPARATORS)
    if scheme.lower() == "tel":
        yield from _other_numbers(words, *target.partition(";")[::2])
        return
    for number in _NUMBER.findall(_BESIDE.sub(" ", words)):
        is_long = "(" in number or len(_digits(number)) > 9  # what is shorter may be days or years
        if is_long and number not in target and not phone_problem(number):
            yield number


def _leads(web: str, target: str) -> bool:
    """Whether an address is the target, its host or a part of it; of a DOI, any part."""
    shown = _bare(web)
    whole = rf"(?<![\w.-])(?:www\.)?{re.escape(shown)}(?![\w-])"
    is_of_doi = target.lower().startswith("//doi.org/") and shown in target.lower()
    return is_of_doi or bool(re.search(whole, target, re.IGNORECASE))


def _bare(address: str) -> str:
    return _AROUND.fullmatch(address)[1].lower()  # type: ignore[index]


def _other_numbers(words: str, dials: str, parameters: str) -> Iterator[str]:
    """The numbers and extensions in ``words`` that a link to a telephone does not dial."""
    dialled = re.findall("ext=([0-9]+)", parameters)
    for found in _BESIDE.finditer(words):
        if dialled and found["extension"] not in (None, *dialled):
            yield found["whole"]
    words = _BESIDE.sub(" ", words)
    keyed = _LETTERS.sub(lambda found: found[0].translate(_KEYS), words)
    rests = [(found, list(_not_dialled(found[0], dials))) for found in _NUMBER.finditer(keyed)]
    called = _CALLED
    if all(len(rest) == 1 for _, rest in rests):  # none is dialled: a short one is taken for it
        is_bare = not any(map(str.isalpha, keyed))
        called = _ANY if is_bare else _SHORT if len(_digits(dials)) < 7 else _CALLED
    for found, rest in rests:
        if any(map(called.fullmatch, rest)):
            yield words[slice(*found.span())]


def _not_dialled(number: str, dials: str) -> Iterator[str]:
    """The digits of ``number`` before, between and behind those that ``dials`` has."""
    groups = re.findall(r"\+?[0-9]+", number.replace("(0)", ""))  # left out from abroad
    start = rest = 0
    while start < len(groups):
        parts = ("".join(groups[start : start + count]) for count in range(1, _MOST_GROUPS + 1))
        same = _is_same if start == rest else _is_equal  # an area code is no country's
        count = next((count for count, part in enumerate(parts, 1) if same(part, dials)), 0)
        if count:
            yield _digits("".join(groups[rest:start]))
            rest = start + count
        start += count or 1
    yield _digits("".join(groups[rest:]))


def _is_equal(shown: str, dials: str) -> bool:
    return _digits(shown) == _digits(dials)


def _is_same(shown: str, dials: str) -> bool:
    """Whether both are one number; one of them may lack the code of its country."""
    one, other = _international(shown), _international(dials)
    if one[0] == other[0]:
        return one == other
    abroad, home = (one[1], other[1]) if one[0] else (other[1], one[1])
    if abroad.startswith("1"):  # North America: no 0 before the area
        return abroad[1:] == home
    short = home.lstrip("0")
    return abroad.endswith(short) and len(short) > 5 and 1 <= len(abroad) - len(short) <= 3


def _international(number: str) -> tuple[bool, str]:
    """Whether it begins with the code of its country, as +1, 001 or 1 (401) 846-2200 does; its
    digits."""
    digits = _digits(number)
    if number.startswith("00"):
        return True, digits.lstrip("0")
    return number.startswith("+") or (len(digits) == 11 and digits.startswith("1")), digits


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)
