"""Handout: everything that a layout may use, resolved and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from handouts.errors import Source
from handouts.model.blocks import Block
from handouts.model.inlines import Inline
from handouts.selection import Status

#: The keyword in the metadata of a PDF that no clinic stands behind.
DRAFT_KEYWORD = "draft"


@dataclass(frozen=True, slots=True)
class Approval:
    """The status, and who approved which words until when (empty for a draft)."""

    status: Status
    by: str = ""
    role: str = ""
    approved_on: date | None = None
    until: date | None = None


class Label(Enum):
    """The device's label for this condition (design decision 14)."""

    ON = "on"
    OFF = "off"
    ONLY_IF = "only-if"


@dataclass(frozen=True, slots=True)
class LabelStatus:
    """Label status: device × condition × age, with the date on which it was checked."""

    status: Label
    device: str
    ages: str
    checked: date
    evidence: str
    only_if: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A numbered source. ``id`` of its list item in the handout is ``ref-NUMBER``."""

    number: int
    key: str
    citation: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class HandoutSection:
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


@dataclass(frozen=True, slots=True)
class Handout:
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
    partial: bool = False  # a selection from which protecting sections are missing
