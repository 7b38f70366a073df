"""A trial of a layout with a made-up handout that holds every kind of block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from handouts.errors import Finding, LayoutError, Source
from handouts.layout.folder import Layout
from handouts.layout.place import lay_out
from handouts.model import (
    Approval,
    Block,
    Brand,
    Cell,
    Cite,
    Handout,
    HandoutSection,
    Heading,
    Label,
    LabelStatus,
    ListBlock,
    ListItem,
    Marker,
    Panel,
    Paragraph,
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

_HERE = Source("(a made-up handout)")
_DAY = date(2026, 1, 1)
_ROLES = ("main-message", "plain", "warning", "note", "small", "form")
_PANELS = ("warning", "urgent", "key", "note", "form")


def try_out(layout: Layout, brand: Brand, terms: Mapping[str, str]) -> tuple[Finding, ...]:
    """What goes wrong when the layout is used: as a draft and approved, on each paper."""
    findings: list[Finding] = []
    draft = sample_handout(layout.settings.audience, terms)
    approved = replace(
        draft,
        approval=Approval(Status.APPROVED, "A. Name", "physician", _DAY, _DAY),
        long=False,
        partial=True,
        references=(),
    )
    for handout in (draft, approved):
        for paper in layout.papers:
            try:
                lay_out(handout, layout, brand, paper)
            except LayoutError as problem:
                findings += [found for found in problem.findings if found not in findings]
    return tuple(findings)


def sample_handout(audience: str, terms: Mapping[str, str]) -> Handout:
    """A draft with a section of each role, and each kind of block that content can hold."""
    return Handout(
        condition="sample",
        title="A made-up handout",
        subtitle="With every kind of block",
        lang="en",
        audience=audience,
        long=True,
        sections=tuple(_sections()),
        references=(Reference(1, "sample", (Text("A source."),)),),
        label=LabelStatus(Label.ON, "A device", "adults", _DAY, "sample"),
        icd10=("A00.0",),
        approval=Approval(Status.DRAFT),
        reviewed=_DAY,
        review_due=_DAY,
        terms=terms,
        abbreviations={},
    )


def _sections() -> Iterator[HandoutSection]:
    for role in _ROLES:
        for last_page in (False, True):
            yield HandoutSection(
                id=f"{role}-last" if last_page else role,
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
    for style in _PANELS:
        inside = ListBlock((ListItem((_words("An item."),)),))
        yield Panel((Section((Heading((Text("A box"),)),)), _words("Words."), inside), style)
    yield WritingLines(2)


def _words(text: str, *, cited: bool = False) -> Paragraph:
    cite = (Cite("sample", 1),) if cited else ()
    return Paragraph((Text(text), Span((Text(" Strong."),), "strong"), *cite))


def _cell(text: str, scope: Scope | None = None) -> Cell:
    return Cell((_words(text),), scope)
