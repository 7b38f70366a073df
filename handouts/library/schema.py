"""The shape of the content's TOML files: one frozen dataclass a table. Unknown keys are errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

#: The same words by language: ``title.en = "…"``.
ByLanguage = dict[str, str]

Audience = Literal["patient", "physician"]
Role = Literal["main-message", "plain", "warning", "note", "small", "form"]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands between the ``+++`` lines of a section."""

    title: str
    role: Role
    version: str
    reviewed: date
    review_due: date
    last_page: bool = False
    audience: Audience = "patient"


@dataclass(frozen=True, slots=True)
class AudienceOutline:
    """Which sections a reader gets, in which order, and which protect the reader."""

    default: tuple[str, ...]
    all: tuple[str, ...]
    locked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """``outline.toml``."""

    patient: AudienceOutline
    physician: AudienceOutline

    def of(self, audience: str) -> AudienceOutline:
        """The outline for ``patient`` or ``physician``."""
        return self.physician if audience == "physician" else self.patient


@dataclass(frozen=True, slots=True)
class OutlineChanges:
    """``[sections]`` of a condition: another default order, or sections it does without."""

    patient: tuple[str, ...] = ()
    patient_without: tuple[str, ...] = ()
    physician: tuple[str, ...] = ()
    physician_without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """``conditions/<id>/condition.toml``."""

    title: ByLanguage
    subtitle: ByLanguage
    short_name: ByLanguage
    body_part: ByLanguage
    icd10: tuple[str, ...]
    flags: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    variables: dict[str, ByLanguage] = field(default_factory=dict)
    sections: OutlineChanges = OutlineChanges()


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One ``[[row]]`` of ``label.toml``: device × condition × ages."""

    device: str
    condition: str
    ages: str
    status: Literal["on", "off", "only-if"]
    checked: date
    evidence: str
    only_if: ByLanguage = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelRows:
    """``label.toml``."""

    row: tuple[LabelRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many people, for an icon array."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may be cited, and for whom it is evidence."""

    citation: ByLanguage
    population: ByLanguage
    conditions: tuple[str, ...]
    marker: Literal["verified", "memory"]
    checked: date
    url: str = ""
    says_so: dict[str, tuple[str, ...]] = field(default_factory=dict)
    people: dict[str, Share] = field(default_factory=dict)

    def is_direct(self, condition: str) -> bool:
        """Whether its population is that of ``condition``, or any."""
        return not self.conditions or "*" in self.conditions or condition in self.conditions


@dataclass(frozen=True, slots=True)
class Value:
    """Advice that recurs: its text, why, and patterns that must not be typed by hand."""

    text: ByLanguage
    why: str = ""
    evidence: str = ""
    guard: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry; ``expansion`` is what an abbreviation stands for."""

    word: str
    text: str
    also: tuple[str, ...] = ()
    expansion: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The word and its other forms."""
        return (self.word, *self.also)


@dataclass(frozen=True, slots=True)
class Glossary:
    """``glossary/<lang>.toml``."""

    term: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Excludes:
    """Codes (or prefixes) that the ICD-10-CM list does not allow together."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Codes:
    """``icd10.toml``."""

    excludes: tuple[Excludes, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApprovalEntry:
    """``[crps.en]`` of ``approvals.toml``: who approved which words, until when."""

    words: str
    by: str
    role: str
    approved_on: date
    until: date
