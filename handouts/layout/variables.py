"""What a template may name: the variables' values for a Handout, content as placeholders."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any, TypeAlias

from msgspec import Struct, field

from handouts.contract.protected import PROTECTED
from handouts.model import (
    FIELD_NAMES,
    Blank,
    Block,
    Brand,
    FieldName,
    Handout,
    HandoutSection,
    Inline,
    LayoutKind,
    Link,
    ListItem,
    Phone,
    Shape,
    Slot,
    Status,
    Text,
)
from handouts.model.dates import spell_date
from handouts.model.telephone import dialled
from handouts.model.tree import walk

#: Where each variable begins.
VARIABLES = (
    *("handout", "brand", "terms", "edition", "paper", "kind", "column"),
    *("personal", "bare_pages"),
)
#: What a template may know of the loop that it is in.
LOOP = ("first", "last", "index")

Nodes: TypeAlias = tuple[Inline, ...] | tuple[Block, ...]
PLACEHOLDER = "content"


class Placeholder(Struct):
    """Stands for content in the rendered XML: an instruction that no text can turn into."""

    number: int

    def __html__(self) -> str:
        return f"<?{PLACEHOLDER} {self.number}?>"


class Placed(Struct):
    """Content that the template may place, by the number of its placeholder.

    Each entry makes its nodes anew, since a node must not stand in two places.
    """

    makers: list[Callable[[], Nodes]] = field(default_factory=list)

    def add(self, make: Callable[[], Nodes]) -> Placeholder:
        self.makers.append(make)
        return Placeholder(len(self.makers) - 1)

    def same(self, nodes: Nodes) -> Placeholder:
        return self.add(lambda: nodes)


class Pages(Struct, frozen=True):
    """The pages that are made: on which paper (``letter``, ``a4``), what for, and how many more
    fill the last sheet of a booklet."""

    paper: str
    kind: LayoutKind
    bare: int = 0


def values(
    handout: Handout, brand: Brand, pages: Pages, shape: Shape
) -> tuple[dict[str, Any], Placed]:
    """The variables' values, and the content behind their placeholders.

    ``shape``: which fields have a value.
    """

    def spell(day: date) -> str:
        return spell_date(day, handout.terms)

    placed = Placed()
    return {
        "handout": _handout(handout, placed, spell),
        "brand": _brand(brand, placed, handout.terms),
        "terms": _terms(handout.terms),
        "edition": placed.add(lambda: (Slot("edition", "0" * 10, "0123456789abcdef"),)),
        "paper": pages.paper,
        "kind": pages.kind,
        "column": handout.column,
        "personal": SimpleNamespace(
            given=bool(shape.lines), fields=_fields(handout.terms, dict(shape.lines))
        ),
        "bare_pages": list(range(1, pages.bare + 1)),
    }, placed


def _terms(terms: Mapping[str, str]) -> SimpleNamespace:
    """The words for layouts; those of the notices are the program's alone."""
    return SimpleNamespace(**{key: terms[key] for key in terms if key not in PROTECTED})


#: Where a value stands in a panel of two columns: by how long it may be.
_COLUMNS: Mapping[FieldName, str] = {
    **dict.fromkeys(FIELD_NAMES, "wide"),
    **dict.fromkeys(("birth_date", "side", "phone"), "narrow"),
    "note": "whole",
}


def descriptions(terms: Mapping[str, str]) -> dict[FieldName, str]:
    """What is heard of each field that a patient types into; without words for it, its label."""
    return {
        name: terms.get(f"type_{name}") or terms.get(f"field_{name}", name) for name in FIELD_NAMES
    }


def _fields(terms: Mapping[str, str], given: Collection[FieldName]) -> list[SimpleNamespace]:
    """All fields that a copy may have, with the words before each."""
    return [
        SimpleNamespace(
            name=name,
            label=terms.get(f"field_{name}", ""),
            column=_COLUMNS[name],
            given=name in given,
        )
        for name in FIELD_NAMES
    ]


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
        sections=[_section(section, handout, placed, spell) for section in handout.sections],
        references=[
            SimpleNamespace(
                number=reference.number,
                words=placed.same(reference.citation),
            )
            for reference in unprinted
        ],
    )


def _section(
    section: HandoutSection, handout: Handout, placed: Placed, spell: Callable[[Any], str]
) -> SimpleNamespace:
    return SimpleNamespace(
        id=handout.node_id(section),
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


def _website_code(brand: Brand, terms: Mapping[str, str]) -> str:
    """What is heard of a QR code of the clinic's website."""
    return terms.get("qr_alt", "").replace("{address}", brand.website)


#: A logo that is so many times as wide as high is a wordmark: beside a title it could not be read.
_WIDE = 2


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
        website_code=_website_code(brand, terms),
        email=brand.email,
        disclaimer=brand.disclaimer,
        has_logo=brand.logo is not None,
        has_wide_logo=brand.logo is not None and brand.logo.width > _WIDE * brand.logo.height,
    )


def _phone(phone: Phone, brand: Brand, placed: Placed, terms: Mapping[str, str]) -> SimpleNamespace:
    # A sample clinic's number must never reach paper: a patient would call it.
    number = "" if brand.sample else phone.number
    spoken = terms.get("fill_in_phone", "")
    call = terms.get("call", "")

    def words() -> tuple[Inline, ...]:
        if not number:
            return (Blank(110.0, spoken),)
        return (Link((Text(number),), dialled(number), f"{call} {number}".strip()),)

    return SimpleNamespace(
        label=phone.label, number=placed.add(words), hours=phone.hours, known=bool(number)
    )
