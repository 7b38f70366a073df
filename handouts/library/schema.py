"""The shape of the content's TOML files: one Struct a table. Unknown keys are errors."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Literal
from urllib.parse import quote

from msgspec import Struct, field

from handouts.datafile import Keys
from handouts.model import ConditionKind

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
#: The key of a safety mark.
MARK = "safety"


#: What may be meant as a key of TOML among words: before an equals sign.
_LINE = re.compile(r"\W*(\w[\w-]*)[ \t]*(?:\.[ \t]*\w+[ \t]*)?[\"']?[ \t]*=")
#: Words of a sentence, as alike as a slip of the key.
_WORDS = ("safe", "safely")
#: Why a change must withdraw the words that were approved before it.
Reason = Annotated[str, "the reason in words, or be left out"]


def may_be_mark(key: str, alike: float = 0.8) -> bool:
    """Whether a key is that of a safety mark, or a misspelt one."""
    return bool(get_close_matches(key.casefold(), (MARK,), cutoff=alike))


def is_marked_line(line: str) -> bool:
    """Whether a line of Markdown is a safety mark that stands among the words."""
    found = _LINE.match(line)
    return found is not None and found[1].casefold() not in _WORDS and may_be_mark(found[1])


#: Where a file chooses its keys, a mark must not pass for one of them: nothing would withdraw.
NAMES = Keys(
    lambda key: not may_be_mark(key),
    f"may be a “{MARK}” line, which has no place here.",
    "Put that line at the top of condition.toml, beside the version of a section, or beside the"
    " text of a value. If it is none, give it another name.",
)
LANGUAGES = Keys(
    lambda key: bool(_LANGUAGE.fullmatch(key)),
    "is no language.",
    "Write one such as en. A line that is no text of a language stands above this table.",
)
Name = Annotated[str, NAMES]
Language = Annotated[str, LANGUAGES]
#: The same words by language: ``title.en = "…"``.
ByLanguage = dict[Language, str]
#: The language that the others are translated from.
SOURCE = "en"
#: What the path of an address holds as it is (RFC 3986).
_PLAIN = "/:@!$&'()*+,;="

#: What no condition says of itself: the label, the selection, the layout and the brand do.
FIXED_FLAGS = (
    "on-label",
    "off-label",
    "only-if",
    "short",
    "long",
    "few-pages",
    "patient",
    "physician",
    "phone",
)

Audience = Literal["patient", "physician"]
Role = Literal["main-message", "plain", "warning", "note", "small", "form"]


class FrontMatter(Struct, frozen=True):
    """What stands between the ``+++`` lines of a section.

    ``translates`` is the version of the source's words that these were made from.
    """

    title: str
    role: Role
    version: str
    reviewed: date
    review_due: date
    last_page: bool = False
    audience: Audience = "patient"
    safety: Reason = ""
    translates: str = ""
    translated_by: str = ""
    checked_by: str = ""  # name and qualification


class OwnFront(Struct, frozen=True):
    """What stands between the ``+++`` lines of a condition's own words."""

    version: str
    reviewed: date
    review_due: date
    safety: Reason = ""
    translates: str = ""
    translated_by: str = ""
    checked_by: str = ""


class AudienceOutline(Struct, frozen=True):
    """Which sections a reader gets, in which order, and which protect the reader.

    ``others`` stand in no order: a layout names them, as a poster does.
    """

    default: tuple[str, ...]
    all: tuple[str, ...]
    locked: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Every section that may be printed, and approved."""
        return (*self.all, *self.others)


class Outline(Struct, frozen=True):
    """``outline.toml``."""

    patient: AudienceOutline
    physician: AudienceOutline

    def of(self, audience: str) -> AudienceOutline:
        """The outline for ``patient`` or ``physician``."""
        return self.physician if audience == "physician" else self.patient


class OutlineChanges(Struct, frozen=True):
    """``[sections]`` of a condition: another default order, or sections it does without."""

    patient: tuple[str, ...] = ()
    patient_without: tuple[str, ...] = ()
    physician: tuple[str, ...] = ()
    physician_without: tuple[str, ...] = ()


class Condition(Struct, frozen=True):
    """``conditions/<id>/condition.toml``."""

    title: ByLanguage
    subtitle: ByLanguage
    short_name: ByLanguage
    body_part: ByLanguage
    icd10: tuple[str, ...]
    kind: ConditionKind = "treatment"  # which sections protect the patient
    flags: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # other names under which it is found
    variables: dict[Name, ByLanguage] = field(default_factory=dict)
    sections: OutlineChanges = OutlineChanges()
    safety: Reason = ""


class LabelRow(Struct, frozen=True):
    """One ``[[row]]`` of ``label.toml``: the device for one condition; it has no other."""

    device: str
    condition: str
    ages: str
    status: Literal["on", "off", "only-if"]
    checked: date
    evidence: str
    only_if: ByLanguage = field(default_factory=dict)


class LabelRows(Struct, frozen=True):
    """``label.toml``."""

    row: tuple[LabelRow, ...] = ()


class Share(Struct, frozen=True):
    """So many of so many people, for an icon array: ``count`` had it (``yes``), the others had not
    (``no``), but for those who were ``not_counted``. ``name``: whose array it is."""

    count: int
    of: int
    not_counted: int = 0
    name: ByLanguage = field(default_factory=dict)
    yes: ByLanguage = field(default_factory=dict)
    no: ByLanguage = field(default_factory=dict)


class Evidence(Struct, frozen=True):
    """What may be cited, and for whom it is evidence.

    An article has authors, title, journal and year; what is none has a ``citation``.
    """

    population: ByLanguage
    conditions: tuple[str, ...]
    marker: Literal["verified", "memory"]
    checked: date
    citation: ByLanguage = field(default_factory=dict)
    short: ByLanguage = field(default_factory=dict)
    authors: str = ""
    title: str = ""
    journal: str = ""
    year: int = 0
    volume: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    registry: str = ""
    url: str = ""
    n: int = 0
    time: ByLanguage = field(default_factory=dict)
    result: ByLanguage = field(default_factory=dict)
    funding: ByLanguage = field(default_factory=dict)
    certainty: Literal["", "high", "moderate", "low to moderate", "low", "very low"] = ""
    says_so: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    people: dict[Name, Share] = field(default_factory=dict)

    @property
    def addresses(self) -> dict[str, str]:
        """Where it can be read, by the words that name the place; the lasting one comes last."""
        found = {
            f"PMID {self.pmid}": self.pmid and f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/",
            f"doi:{self.doi}": self.doi and f"https://doi.org/{quote(self.doi, _PLAIN)}",
        }
        known = {words: address for words, address in found.items() if address}
        return known or ({self.url.partition("://")[2].rstrip("/"): self.url} if self.url else {})

    @property
    def address(self) -> str:
        """The one where a short citation leads; "" if nowhere on the web."""
        return next(reversed(self.addresses.values()), "")

    @property
    def place(self) -> str:
        """Journal, year, volume and pages, as reference lists have them (ICMJE)."""
        volume = f";{self.volume}" if self.volume else ""
        pages = f":{self.pages}" if self.pages else ""
        return f"{self.journal} {self.year}{volume}{pages}" if self.journal else ""

    def is_direct(self, condition: str) -> bool:
        """Whether its population is that of ``condition``, or any (``*``)."""
        return "*" in self.conditions or condition in self.conditions


class Value(Struct, frozen=True):
    """Advice that recurs: its text, why, and patterns that must not be typed by hand.

    ``phone``: the text is a number to dial. ``weeks``: from which week until which it may end, for
    a ruler; the text says the same in weeks or days.
    """

    text: ByLanguage
    why: str = ""
    phone: bool = False
    weeks: tuple[int, ...] = ()
    evidence: str = ""
    guard: dict[Language, tuple[str, ...]] = field(default_factory=dict)
    safety: Reason = ""


class Term(Struct, frozen=True):
    """A glossary entry; ``expansion`` is what an abbreviation stands for, ``translates`` the word
    of the source's entry, where it is another."""

    word: str
    text: str
    also: tuple[str, ...] = ()
    expansion: str = ""
    translates: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The word and its other forms."""
        return (self.word, *self.also)


class Glossary(Struct, frozen=True):
    """``glossary/<lang>.toml``."""

    term: tuple[Term, ...] = ()


class Excludes(Struct, frozen=True):
    """Codes (or prefixes) that the ICD-10-CM list does not allow together."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    note: ByLanguage


class Codes(Struct, frozen=True):
    """``icd10.toml``: ``whole`` are categories of one part of the body, ``any_part`` of none.

    ``year``: the list's fiscal year, which ends on the day ``until``.
    """

    year: int = 0
    until: date = date.max
    excludes: tuple[Excludes, ...] = ()
    whole: tuple[str, ...] = ()
    any_part: tuple[str, ...] = ()
    titles: dict[Name, str] = field(default_factory=dict)
