"""Handout: everything that a layout may use, resolved and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import Source
from handouts.model.blocks import Block
from handouts.model.brand import Brand
from handouts.model.inlines import Inline
from handouts.selection import Status, weakest

#: What a handout is about: it decides which sections protect the patient.
ConditionKind: TypeAlias = Literal["treatment", "information"]


class Approval(Struct, frozen=True):
    """The status, and who approved which words until when (empty for a draft).

    ``record`` is the reference of the record that keeps the words.
    """

    status: Status
    by: str = ""
    role: str = ""
    approved_on: date | None = None
    until: date | None = None
    licence: str = ""
    record: str = ""
    translation_checked_by: str = ""


class Label(Enum):
    """The device's label for this condition (design decision 14)."""

    ON = "on"
    OFF = "off"
    ONLY_IF = "only-if"


class LabelStatus(Struct, frozen=True):
    """Label status: device × condition × age, with the date on which it was checked."""

    status: Label
    device: str
    ages: str
    checked: date
    evidence: str
    only_if: str = ""


class Reference(Struct, frozen=True):
    """A numbered source. ``id`` of its list item in the handout is ``ref-NUMBER``."""

    number: int
    key: str
    citation: tuple[Inline, ...]


class HandoutSection(Struct, frozen=True):
    """A resolved section: its words, where on the sheet it belongs, its dates."""

    id: str
    title: str
    body: tuple[Block, ...]
    role: str  # layout class: "main-message", "warning", "plain", "small", …
    last_page: bool  # belongs to the last page that stands alone
    version: str
    reviewed: date
    review_due: date
    source: Source


class Beside(Struct, frozen=True):
    """The same handout in a second language, and the clinic in that language."""

    handout: Handout
    brand: Brand


class Handout(Struct, frozen=True):
    """Everything a layout may use: words resolved, checked, immutable."""

    condition: str
    title: str
    subtitle: str
    lang: str
    audience: str  # "patient" or "physician"
    long: bool  # all sections: the layout adds a table of contents
    sections: tuple[HandoutSection, ...]
    references: tuple[Reference, ...]
    label: LabelStatus
    icd10: tuple[str, ...]
    approval: Approval
    reviewed: date  # the newest section's
    review_due: date  # the earliest section's
    terms: Mapping[str, str]  # interface/<lang>.toml: words that layouts print
    abbreviations: Mapping[str, str]
    partial: bool = False  # protecting sections are missing, or some for which there was no room
    kind: ConditionKind = "treatment"
    locked: tuple[
        str, ...
    ] = ()  # what protects its reader: its kind's, the outline's, the layout's
    left_out: Mapping[str, str] = {}  # headings of what a sheet of few pages leaves out, by id
    beside: Beside | None = None
    prefix: str = ""  # of one that stands beside another: before its ids, unique in the file
    unapproved: str = ""  # the name of the language that nobody approved, where one of two is

    @property
    def column(self) -> Literal["left", "right", ""]:
        """Where it stands of two languages."""
        if self.beside:
            return "left"
        return "right" if self.prefix else ""

    def node_id(self, section: HandoutSection) -> str:
        """The id of a section's node."""
        return self.prefix + section.id

    @property
    def all_languages(self) -> tuple[Handout, ...]:
        """The handout in its language; and in that beside it, if there is one."""
        return (self, self.beside.handout) if self.beside else (self,)

    @property
    def standing(self) -> Approval:
        """What holds for all that is printed: of two languages, until the first approval ends."""
        if self.beside is None:
            return self.approval
        both = self.approval, self.beside.handout.approval
        days = [one.until for one in both if one.until]
        return replace(
            self.approval,
            status=weakest(one.status for one in both),
            until=min(days, default=None),
            record=" ".join(one.record for one in both if one.record),
        )
