"""What a template may name: each variable with its kind, and its value for a Handout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import SimpleNamespace
from typing import Any, TypeAlias

from handouts.model import (
    Blank,
    Block,
    Brand,
    Handout,
    HandoutSection,
    Inline,
    Link,
    ListItem,
    Phone,
    Slot,
    Status,
    Text,
)
from handouts.model.tree import walk


class Kind(Enum):
    """What a variable is, so that a template that puts it in a wrong place is refused."""

    TEXT = "text"
    NUMBER = "a number"
    FLAG = "true or false"
    WORDS = "words with links or lines to fill in"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class Value:
    """A variable that is printed or asked for."""

    kind: Kind
    about: str


@dataclass(frozen=True, slots=True)
class Record:
    """A variable with attributes."""

    fields: Mapping[str, Shape]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Each:
    """A variable to loop over."""

    item: Shape
    about: str


Shape: TypeAlias = Value | Record | Each


def _text(about: str) -> Value:
    return Value(Kind.TEXT, about)


def _flag(about: str) -> Value:
    return Value(Kind.FLAG, about)


_PHONE = {
    "label": _text("what the number is for"),
    "number": Value(Kind.WORDS, "the number as a link, or a line to fill in"),
    "hours": _text("when somebody answers"),
    "known": _flag("whether there is a number to print"),
}

_SECTION = {
    "id": _text("its name in the library"),
    "title": _text("its heading"),
    "body": Value(Kind.BLOCKS, "its words"),
    "role": _text("its part on the page: main-message, plain, warning, note, small or form"),
    "last_page": _flag("whether it belongs to the last page, which stands alone"),
    "version": _text("its version"),
    "reviewed": _text("the date of its review"),
    "review_due": _text("the date of its next review"),
}

_HANDOUT: dict[str, Shape] = {
    "condition": _text("the condition's name in the library"),
    "title": _text("the title"),
    "subtitle": _text("the line below the title; may be empty"),
    "lang": _text("the language, such as en"),
    "audience": _text("patient or physician"),
    "long": _flag("all sections were asked for: print contents"),
    "partial": _flag("parts that protect the patient are left out: say so"),
    "draft": _flag("no clinic has approved these words: say so"),
    "overdue": _flag("the approval has run out (then draft is true, too)"),
    "approved_by": _text("who approved the words, with the role; empty for a draft"),
    "approved_on": _text("when; empty for a draft"),
    "approved_until": _text("until when; empty for a draft or without an end"),
    "reviewed": _text("the date of the newest review"),
    "review_due": _text("the date of the next review"),
    "label_status": _text("on, off or only-if"),
    "label_device": _text("the device that the label is about"),
    "label_checked": _text("the date on which the label was checked"),
    "has_last_page": _flag("whether a section belongs to the last page"),
    "icd10": Each(_text("a code"), "the ICD-10-CM codes"),
    "sections": Each(Record(_SECTION), "the sections, in order"),
    "references": Each(
        Record(
            {
                "number": Value(Kind.NUMBER, "its number"),
                "words": Value(Kind.WORDS, "the citation"),
            }
        ),
        "the numbered sources, if no section prints them",
    ),
}

_BRAND: dict[str, Shape] = {
    "name": _text("the clinic's name"),
    "sample": _flag("not a real clinic: say so"),
    "address": Each(_text("a line"), "the address"),
    "phone": Record(_PHONE, "the first phone number"),
    "phones": Each(Record(_PHONE), "all phone numbers of the day"),
    "night_phone": Record(_PHONE, "the number for nights and weekends"),
    "emergency": _text("the emergency line, such as 911"),
    "website": _text("the web address; may be empty"),
    "email": _text("the mail address; may be empty"),
    "disclaimer": _text("the clinic's own notice; may be empty"),
    "has_logo": _flag("whether there is a logo"),
}

LOOP = Record(
    {
        "first": _flag("the first turn"),
        "last": _flag("the last turn"),
        "index": Value(Kind.NUMBER, "which turn, from 1"),
    },
    "inside a loop: which turn this is",
)


def shapes(terms: Iterable[str]) -> dict[str, Shape]:
    """Every variable of a template. ``terms`` are the keys of interface/<lang>.toml."""
    return {
        "handout": Record(_HANDOUT, "the words"),
        "brand": Record(_BRAND, "the clinic"),
        "terms": Record(
            {term: _text("as in content/interface/<lang>.toml") for term in terms},
            "words that layouts print, in the handout's language",
        ),
        "edition": Value(Kind.WORDS, "ten signs that stand for exactly these words"),
        "paper": _text("letter or a4"),
    }


# --- Values -------------------------------------------------------------------------------

Nodes: TypeAlias = tuple[Inline, ...] | tuple[Block, ...]
PLACEHOLDER = "content"


@dataclass(slots=True)
class Placeholder:
    """Stands for content in the rendered XML: an instruction that no text can turn into."""

    number: int

    def __html__(self) -> str:
        return f"<?{PLACEHOLDER} {self.number}?>"


@dataclass(slots=True)
class Placed:
    """Content that the template may place, by the number of its placeholder.

    Each entry makes its nodes anew, since a node must not stand in two places.
    """

    makers: list[Callable[[], Nodes]] = field(default_factory=list)

    def add(self, make: Callable[[], Nodes]) -> Placeholder:
        self.makers.append(make)
        return Placeholder(len(self.makers) - 1)

    def same(self, nodes: Nodes) -> Placeholder:
        return self.add(lambda: nodes)


def values(
    handout: Handout, brand: Brand, paper: str, spell: Callable[[Any], str]
) -> tuple[dict[str, Any], Placed]:
    """The variables' values, and the content behind their placeholders.

    ``spell`` writes a date in words.
    """
    placed = Placed()
    return {
        "handout": _handout(handout, placed, spell),
        "brand": _brand(brand, placed, handout.terms),
        "terms": SimpleNamespace(**handout.terms),
        "edition": placed.add(lambda: (Slot("edition", "0" * 10, "0123456789abcdef"),)),
        "paper": paper,
    }, placed


def _handout(handout: Handout, placed: Placed, spell: Callable[[Any], str]) -> SimpleNamespace:
    approval = handout.approval
    unprinted = () if _prints_references(handout.sections) else handout.references
    return SimpleNamespace(
        condition=handout.condition,
        title=handout.title,
        subtitle=handout.subtitle,
        lang=handout.lang,
        audience=handout.audience,
        long=handout.long,
        partial=handout.partial,
        draft=approval.status is not Status.APPROVED,
        overdue=approval.status is Status.OVERDUE,
        approved_by=", ".join(filter(None, (approval.by, approval.role))),
        approved_on=spell(approval.approved_on) if approval.approved_on else "",
        approved_until=spell(approval.until) if approval.until else "",
        reviewed=spell(handout.reviewed),
        review_due=spell(handout.review_due),
        label_status=handout.label.status.value,
        label_device=handout.label.device,
        label_checked=spell(handout.label.checked),
        has_last_page=any(section.last_page for section in handout.sections),
        icd10=handout.icd10,
        sections=[_section(section, placed, spell) for section in handout.sections],
        references=[
            SimpleNamespace(
                number=reference.number,
                words=placed.same(reference.citation),
            )
            for reference in unprinted
        ],
    )


def _section(
    section: HandoutSection, placed: Placed, spell: Callable[[Any], str]
) -> SimpleNamespace:
    return SimpleNamespace(
        id=section.id,
        title=section.title,
        body=placed.same(section.body),
        role=section.role,
        last_page=section.last_page,
        version=section.version,
        reviewed=spell(section.reviewed),
        review_due=spell(section.review_due),
    )


def _prints_references(sections: Iterable[HandoutSection]) -> bool:
    return any(
        isinstance(node, ListItem) and node.reference
        for section in sections
        for node in walk(section.body)
    )


def _brand(brand: Brand, placed: Placed, terms: Mapping[str, str]) -> SimpleNamespace:
    phones = [_phone(phone, brand, placed, terms) for phone in brand.phones]
    return SimpleNamespace(
        name=brand.name,
        sample=brand.sample,
        address=brand.address,
        phone=phones[0] if phones else _phone(Phone("", ""), brand, placed, terms),
        phones=phones,
        night_phone=_phone(brand.night_phone, brand, placed, terms),
        emergency=brand.emergency,
        website=brand.website,
        email=brand.email,
        disclaimer=brand.disclaimer,
        has_logo=brand.logo is not None,
    )


def _phone(phone: Phone, brand: Brand, placed: Placed, terms: Mapping[str, str]) -> SimpleNamespace:
    # A sample clinic's number must never reach paper: a patient would call it.
    number = "" if brand.sample else phone.number
    spoken = terms.get("fill_in_phone", "")
    call = terms.get("call", "")

    def words() -> tuple[Inline, ...]:
        if not number:
            return (Blank(110.0, spoken),)
        dialled = "tel:" + re.sub(r"[^0-9+]", "", number.partition("x")[0])
        return (Link((Text(number),), dialled, f"{call} {number}".strip()),)

    return SimpleNamespace(
        label=phone.label, number=placed.add(words), hours=phone.hours, known=bool(number)
    )
