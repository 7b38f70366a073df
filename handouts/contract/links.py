"""Links: their words hold no second one, and each address among them is where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import unquote

from handouts.errors import Finding
from handouts.model import Link, plain_text
from handouts.model.attributes import MAIL, PLACE
from handouts.model.telephone import phone_problem
from handouts.model.tree import walk_inline
from handouts.visible import SOFT_HYPHEN

_SHOWN_WEB = re.compile(rf"(?<![\w.-])(?i:https?://)?{PLACE}(?!\w)")
_FILE = re.compile(r"[^/]+\.(?:pdf|html?|php|aspx?|docx?|xlsx?|pptx?|txt|csv|png|jpe?g|svg)")
_DOI = re.compile(r"\b10\.[0-9]{4,9}/\S+")
_AROUND = re.compile(r"(?:https?://)?(?:www\.)?(.*?)[/.,;:!?)'\"]*", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"\+?(?:\([0-9]+\)|[0-9])(?:[ ()./-]*[0-9])*")
#: Signs that stand in numbers as a hyphen does, or a full stop.
_SEPARATORS = str.maketrans("‐‑‒–—―−·•∙⋅", "-------....")
_STATE = (
    "A[AEKLPRSZ]|C[AOT]|D[CE]|F[LM]|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|N[CDEHJMVY]|O[HKR]"
    "|P[ARW]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY]"
)
#: What stands beside a number and is not dialled with it: an extension, a room, hours, a day, the
#: ZIP code of a place.
_BESIDE = re.compile(
    r",?\s*(?P<whole>(?:ext\.?|extension|x)\s*(?P<extension>[0-9]{1,6})\b)|\(?\b24/7\b\)?"
    r"|\b(?:room|suite|floor|sala|consultorio|piso)\s*[0-9]{1,4}\b|\b[0-2]?[0-9]:[0-5][0-9]\b"
    r"|(?<![\w./-])(?:(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]"
    r"|[0-9]{1,2}(?P<dot>[/.])[0-9]{1,2}(?P=dot)(?:19|20)[0-9]{2})(?![./-]?\w)"
    rf"|(?<=[a-z.])(?:,\s*|\s+)(?-i:{_STATE})\s+[0-9]{{5}}(?:-[0-9]{{4}})?(?!-?[0-9])",
    re.IGNORECASE,
)
#: What is cited by the numbers of its volume, its issue, its year and its pages.
_CITED = re.compile(
    r"\bISBN\b[-: 0-9]*|(?<!\+)\b[0-9]{1,3}(?: ?\((?:[0-9]{1,2}|(?:19|20)[0-9]{2})\))+"
    r"|\b(?:19|20)[0-9]{2}; ?[0-9]{1,3}(?: ?\([0-9]{1,3}\))?: ?[0-9]+(?:-[0-9]+)?",
    re.IGNORECASE,
)
#: Three digits that may be a number of their own: 911, 9-1-1; no part of 1,000 or 99.9.
_THREE = re.compile(r"(?<!\w)(?<![0-9][.,-])[0-9]([ -]?)[0-9]\1[0-9](?!\w|[.,-][0-9])")
_DAY = r"(?:[0-2]?[0-9]|3[01])[./](?:0?[0-9]|1[0-2])(?:[./](?:[0-9]{2})?)?"
_TIME, _YEAR = rf"(?:{_DAY}|[0-2]?[0-9](?:\.[0-5][0-9])?\.?)", "(?:19|20)[0-9][0-9]"
#: From when to when: 9-11, 8.30-17.00, 24.12.-2.1.
_SPAN = re.compile(
    rf"(?<![0-9])(?<![0-9][.-])(?:{_TIME} ?- ?{_TIME}|{_YEAR} ?- ?{_YEAR})(?![.-]?[0-9])"
)
_DATE = re.compile(rf"(?<![0-9])(?<![0-9][./-]){_DAY}(?![./-]?[0-9])")
#: Letters that are dialled by the keys they stand on: 1-800-QUIT-NOW, 1-800-4-A-CHILD.
_LETTERS = re.compile(
    r"(?<![\w-])(?:1[- ])?(?:[0-9]{3}-|\([0-9]{3}\) ?)(?=[0-9-]*[A-Z])[0-9A-Z]\w*(?:-[0-9A-Z]\w*)*"
)
#: The same with spaces, or with more letters than are dialled; or digits alone.
_SPACED = re.compile(
    r"(?<![\w-])((?:1[- ])?(?:[0-9]{3}[- ]|\([0-9]{3}\) ?)(?:[- ]?[0-9A-Z]){7})[A-Z]*(?!\w)",
    re.IGNORECASE,
)
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
#: Digits that nobody takes for hours, a room or a year.
_CALLED = re.compile(r"[2-9]11|988|112|999|000|[0-9]{6,}")
#: Digits that may be meant where those that are dialled are not seen.
_MEANT = re.compile(rf"{_CALLED.pattern}|(?!(?:19|20)[0-9][0-9]$)[0-9]{{4,}}")
_SHORT, _ANY = re.compile("[0-9]{3,}"), re.compile("[0-9]+")
_MOST_GROUPS = 15
"""Digits of the longest number (ITU-T E.164), each by itself."""


def link_findings(link: Link) -> Iterator[Finding]:
    """What leads a reader of ``link`` elsewhere than she sees."""
    if any(isinstance(one, Link) for one in walk_inline(link.children)):
        yield link_within(link)
        return
    yield from _told(link, _misleading(_words(link), link.href))


def approved_link_findings(link: Link) -> Iterator[Finding]:
    """Why even approved words cannot be printed: they show a number, and dial only another."""
    scheme, _, target = link.href.partition(":")
    if scheme.lower() == "tel":
        yield from _told(
            link, _other_numbers(_less_addresses(_words(link)), target, is_approved=True)
        )


def _told(link: Link, misleading: Iterable[str]) -> Iterator[Finding]:
    for shown in misleading:
        what = f"the link of “{shown}” leads to {link.href}."
        remedy = "Write other words, or let it lead to the number or address that is seen."
        yield Finding(what, link.source, remedy)


def _words(link: Link) -> str:
    return " ".join(plain_text(link.children).replace(SOFT_HYPHEN, "").split())


def link_within(link: Link) -> Finding:
    """That there is a link in the words of ``link``, or will be."""
    what = f"the words of the link to {link.href} hold a link of their own."
    return Finding(what, link.source, "Put them apart: words lead to one place.")


def _misleading(words: str, href: str) -> Iterator[str]:
    """The numbers and addresses in the words of a link that are not where it leads."""
    scheme, _, target = href.partition(":")
    yield from (one for one in MAIL.findall(words) if f"mailto:{one}".lower() != href.lower())
    whole = _bare(unquote(target.removeprefix("//")))
    rest = MAIL.sub(" ", words)
    yield from (doi for doi in _DOI.findall(rest) if not whole.endswith(_bare(doi)))
    for found in _SHOWN_WEB.finditer(_DOI.sub(" ", rest)):
        web = found[0].rstrip(".,;:!?)'")
        if not _leads(web, target):
            yield web
    words = _less_addresses(words)
    if scheme.lower() == "tel":
        yield from _other_numbers(words, target)
    else:
        yield from _undialled_numbers(_CITED.sub(" ", _BESIDE.sub(" ", words)), href)


def _undialled_numbers(words: str, href: str) -> Iterator[str]:
    """The telephone numbers in the words of a link that dials none. Within the handout a link may
    name a short one, as the title that it leads to does."""
    for found in _THREE.finditer(words) if not href.startswith("#") else ():
        if _CALLED.fullmatch(_digits(found[0])) and not _is_named(found, href):
            yield found[0]
    keyed = _SPACED.sub(lambda it: _spelt(it) if it[0].isupper() else it[0], words)
    for found in _NUMBER.finditer(keyed):
        shown = words[slice(*found.span())]
        if shown not in href and any(map(_is_long, (found[0], *found[0].split("/")))):
            yield shown


def _is_long(number: str) -> bool:
    """Whether it can only be a telephone's; what is shorter may be days or years."""
    is_long = not {"(", "+"}.isdisjoint(number) or len(_digits(number)) > 9
    return is_long and not phone_problem(number)


def _is_named(found: re.Match[str], href: str) -> bool:
    """Whether a short number begins a name that the host has, too: the 988 Lifeline's page."""
    host = re.match("(?:https?://)?([^/?#]*)", href.lower())[1]  # type: ignore[index]
    name = re.search(rf"(?<![0-9]){_digits(found[0])}-?([a-z]+)", host)
    return bool(name and re.search(rf"\b{name[1]}\b", found.string[found.end() :].lower()))


def _less_addresses(words: str) -> str:
    """``words`` without mail and web addresses, with plain hyphens and full stops."""
    words = _DOI.sub(" ", MAIL.sub(" ", words))
    return _SHOWN_WEB.sub(" ", words).translate(_SEPARATORS)


def _leads(web: str, target: str) -> bool:
    """Whether an address is the target, the beginning of it from its host on, or the name of its
    file; of a DOI, any part."""
    shown, whole = _bare(web), _bare(target.removeprefix("//"))
    if whole.startswith("doi.org/"):
        return shown in whole
    place = whole if target.startswith("//") else whole.rpartition("@")[2]
    file = re.split("[?#]", place)[0].rpartition("/")[2]
    if _FILE.fullmatch(shown) and shown == file:
        return True
    follows = place.removeprefix(shown)
    ends = r"[^\w-]" if "/" in shown else "[/?#:]"
    return place.startswith(shown) and bool(re.match(f"{ends}|$", follows))


def _bare(address: str) -> str:
    return _AROUND.fullmatch(address)[1].lower()  # type: ignore[index]


def _other_numbers(words: str, target: str, is_approved: bool = False) -> Iterator[str]:
    """The numbers and extensions in ``words`` that a link to a telephone does not dial; of
    approved words, other numbers only where the one that is dialled is not seen."""
    dials, behind = re.fullmatch("([^;*#a-z]*)(.*)", target, re.IGNORECASE).groups()  # type: ignore[union-attr]
    own = re.findall("(?:ext=|[pwx*#])([0-9]+)", behind)  # dialled after it
    for found in _BESIDE.finditer(words) if own else ():
        if found["extension"] not in (None, *own):
            yield found["whole"]
    words = _BESIDE.sub(" ", words)
    keyed = _SPACED.sub(partial(_as_dialled, dials=dials), words)
    keyed = _LETTERS.sub(lambda found: _keyed(found[0]), keyed)
    if (alone := _digits(keyed)) in own or _is_end(alone, dials):
        return
    rests = [(found, list(_not_dialled(found[0], dials))) for found in _NUMBER.finditer(keyed)]
    is_shown, is_short = any(len(rest) != 1 for _, rest in rests), len(_digits(dials)) < 7
    if is_shown:
        called, less = (_CALLED, _less_spans if is_short else _less_times)
    elif not any(map(str.isalpha, keyed)):
        called, less = _ANY, _digits
    else:
        longer = _CALLED if is_approved else _MEANT
        called, less = (_SHORT if is_short else longer), _less_spans
    for found, rest in rests if not (is_shown and is_approved) else ():
        others = (one for one in map(less, rest) if not (is_shown and _is_end(one, dials)))
        if any(map(called.fullmatch, others)):
            yield words[slice(*found.span())]


def _keyed(words: str) -> str:
    """The digits that letters stand for."""
    return words.upper().translate(_KEYS)


def _as_dialled(found: re.Match[str], dials: str) -> str:
    """Words in digits if these are the number that is dialled; as long as they were."""
    return _spelt(found) if _is_same(_keyed(found[1]), dials) else found[0]


def _spelt(found: re.Match[str]) -> str:
    """The digits of ``_SPACED``, and blanks for letters that are not dialled."""
    return _keyed(found[1]).ljust(len(found[0]))


def _not_dialled(number: str, dials: str) -> Iterator[str]:
    """What is before, between and behind those digits of ``number`` that are dialled."""
    number = number.replace("(0)", "")  # left out from abroad
    groups = list(re.finditer(r"\+?[0-9]+", number))
    start = rest = end = 0
    while start < len(groups):
        several = (groups[start : start + count] for count in range(1, _MOST_GROUPS + 1))
        parts = ("".join(one[0] for one in some) for some in several)
        same = _is_same if start == rest else _is_equal  # an area code is no country's
        count = next((count for count, part in enumerate(parts, 1) if same(part, dials)), 0)
        if count:
            yield number[end : groups[start].start()]
            rest = start + count
            end = groups[rest - 1].end()
        start += count or 1
    yield number[end:]


def _less_spans(text: str) -> str:
    """The digits of ``text`` less days and hours; 9-11 may be meant for 911."""
    return _digits(text if text.strip(" ()/.-") == "9-11" else _SPAN.sub(" ", text))


def _less_times(text: str) -> str:
    return _digits(_DATE.sub(" ", _SPAN.sub(" ", text)))


def _is_end(shown: str, dials: str) -> bool:
    """Whether it is the local part of the number that is dialled, or the extension it ends in."""
    whole = _digits(dials)
    return 4 <= len(shown) <= 7 < len(whole) and whole.endswith(shown)


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
