"""A trial of a layout with made-up handouts that hold every kind of block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import get_args

from msgspec.structs import replace

from handouts.contract import check_document
from handouts.contract.rules import is_part, protecting
from handouts.errors import ContentError, Finding, LayoutError, Source
from handouts.layout.folder import Layout, load_layout
from handouts.layout.place import lay_out, lay_out_copy
from handouts.library.brand import load_brand
from handouts.library.content_files import interface_words
from handouts.library.schema import Role
from handouts.model import (
    Approval,
    Beside,
    Block,
    Brand,
    Cell,
    Cite,
    Handout,
    HandoutSection,
    Heading,
    Label,
    LabelStatus,
    LayoutFacts,
    ListBlock,
    ListItem,
    Marker,
    Panel,
    Paragraph,
    Phone,
    Reference,
    Row,
    Scope,
    Section,
    Span,
    Status,
    Table,
    Text,
    WritingLines,
)
from handouts.model.kinds import PANELS
from handouts.workspace import Workspace

_HERE = Source("(a made-up handout)")
_DAY = date(2026, 1, 1)
_TWINS = ("es", "en")


def check_layout(workspace: Workspace, name: str) -> tuple[Finding, ...]:
    """Everything that is wrong with a layout; () if nothing is."""
    try:
        layout = load_layout(workspace, name)
        lang = workspace.default_lang if workspace.default_lang in workspace.languages else "en"
        return _try_out(layout, load_brand(workspace, ""), interface_words(workspace, lang))
    except LayoutError as problem:
        return problem.findings


def _try_out(layout: Layout, brand: Brand, terms: Mapping[str, str]) -> tuple[Finding, ...]:
    """What goes wrong in any status, with all that a handout and a brand may have or lack; if
    nothing does, what a handout of this kind must carry and does not."""
    findings: dict[Finding, None] = {}
    breaches: dict[Finding, None] = {}
    papers = layout.papers  # each is tried once: what they change was checked at load
    for whole, clinic in product(_handouts(layout, terms), _clinics(brand)):
        handout = _with_twin(whole, clinic) if layout.facts.bilingual else whole
        for paper in papers:
            try:
                made = [lay_out(handout, layout, clinic, paper)]
                if not layout.facts.bilingual:  # a person's copy is in one language
                    made += filter(None, [lay_out_copy(handout, layout, clinic, paper)])
            except LayoutError as problem:
                findings.update(dict.fromkeys(problem.findings))
                continue
            kind, origin = layout.facts.kind, layout.sheet.origin
            for document in made:
                try:
                    check_document(document, handout, clinic, kind, origin)
                except (ContentError, LayoutError) as problem:
                    breaches.update(dict.fromkeys(problem.findings))
        papers = layout.papers[:1]
    return tuple(findings or breaches)


def _handouts(layout: Layout, terms: Mapping[str, str]) -> Iterator[Handout]:
    """A handout of each status with everything, and a part with nothing that can be missing."""
    full = sample_handout(layout.facts, terms)
    for status in Status:
        by = Approval(status, "A. Name", "physician", _DAY, _DAY, "A 1")
        whole = replace(full, approval=by if status is not Status.DRAFT else Approval(status))
        yield whole
        first = tuple(section for section in full.sections if not section.last_page)
        # A short sheet has a mark more on each page; there is none for a colleague.
        out = {"section": "A section"} if layout.facts.pages else {}
        part = replace(
            whole,
            partial=full.partial or full.audience == "patient",
            sections=first,
            left_out=out,
        )
        yield replace(part, subtitle="", long=False, references=(), icd10=())


def _with_twin(handout: Handout, clinic: Brand) -> Handout:
    """The same in a second language, with the same words."""
    lang = next(one for one in _TWINS if one != handout.lang)
    twin = replace(handout, lang=lang, prefix=f"{lang}-", references=())
    return replace(handout, beside=Beside(twin, clinic))


def _clinics(brand: Brand) -> Iterator[Brand]:
    """A clinic of which everything is known, as itself and as a sample; one with no more than a
    name. Colours, fonts and logo are those of ``brand``."""
    phone = Phone("A line", "(555) 012-3456", "always")
    full = replace(
        brand, sample=False, address=("A street", "A town"), phones=(phone, phone),
        night_phone=phone, website="https://clinic.example", email="a@clinic.example",
        fax=phone.number, portal="https://clinic.example/refer",
        disclaimer="A notice.",
    )  # fmt: skip
    yield full
    yield replace(full, sample=True)
    yield replace(
        full, address=(), phones=(), night_phone=Phone("", ""), website="", email="", fax="",
        portal="",
        disclaimer="", logo=None,
    )  # fmt: skip


def sample_handout(facts: LayoutFacts, terms: Mapping[str, str]) -> Handout:
    """A draft with a section of each role, and each kind of block that content can hold."""
    sections = tuple(_sections(facts))
    return Handout(
        condition="sample",
        title="A made-up handout",
        subtitle="With every kind of block",
        lang="en",
        audience=facts.audience,
        long=True,
        sections=sections,
        references=(Reference(1, "sample", (Text("A source."),)),),
        label=LabelStatus(Label.ON, "A device", "adults", _DAY, "sample"),
        icd10=("A00.0",),
        approval=Approval(Status.DRAFT),
        reviewed=_DAY,
        review_due=_DAY,
        terms=terms,
        abbreviations={},
        partial=is_part("treatment", facts.kind, {section.id for section in sections}),
    )


def _sections(facts: LayoutFacts) -> Iterator[HandoutSection]:
    """What protects the reader, then a section of each role, on the last page and before it.

    A partial handout leaves out what protects."""
    if facts.kind != "partial":
        for name in protecting("treatment", facts.kind):
            yield _section(name, "plain", False)
    for role in get_args(Role):
        yield _section(role, role, False)
        if facts.last_page is None or facts.last_page:
            yield _section(f"{role}-last", role, True)


def _section(id: str, role: Role, last_page: bool) -> HandoutSection:
    return HandoutSection(
        id=id,
        title=f"A section: {role}",
        body=tuple(_body()),
        role=role,
        last_page=last_page,
        version="1.0",
        reviewed=_DAY,
        review_due=_DAY,
        source=_HERE,
    )


def _body() -> Iterator[Block]:
    yield _words("Words, and strong ones.", cited=True)
    yield Section((Heading((Text("A heading"),)),))
    for marker in Marker:
        yield ListBlock((ListItem((_words("An item."),)), ListItem((_words("Another."),))), marker)
    yield Table(
        (Text("A table"),),
        (Row((_cell("Name", Scope.COLUMN), _cell("Number", Scope.COLUMN))),),
        (Row((_cell("One", Scope.ROW), _cell("1"))), Row((_cell("Two", Scope.ROW), _cell("2")))),
    )
    for style in (*PANELS, "form"):
        inside = ListBlock((ListItem((_words("An item."),)),))
        yield Panel((Section((Heading((Text("A box"),)),)), _words("Words."), inside), style)
    yield WritingLines(2)


def _words(text: str, *, cited: bool = False) -> Paragraph:
    cite = (Cite("sample", 1),) if cited else ()
    return Paragraph((Text(text), Span((Text(" Strong."),), "strong"), *cite))


def _cell(text: str, scope: Scope | None = None) -> Cell:
    return Cell((_words(text),), scope)
