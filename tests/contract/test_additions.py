"""What a template may write by itself: every field of every node that can carry words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields, replace

from handouts.contract.additions import added_findings
from handouts.layout import lay_out, load_layout
from handouts.layout.trial import sample_handout
from handouts.library.brand import load_brand
from handouts.library.content_files import interface_words
from handouts.model import (
    Announcements,
    Approval,
    Brand,
    Cell,
    Column,
    Contents,
    ContentsEntry,
    Document,
    Figure,
    FigureLabel,
    Frame,
    Group,
    Handout,
    Label,
    LayoutFacts,
    Link,
    ListBlock,
    ListItem,
    Marker,
    PageMaster,
    Paragraph,
    Phone,
    QRFigure,
    Reference,
    Row,
    Running,
    Section,
    SideBySide,
    Span,
    Status,
    Table,
    Text,
)
from handouts.model.kinds import KINDS
from handouts.model.tree import all_inline, walk, with_inline, with_nodes
from handouts.workspace import Workspace
from tests.contract.conftest import Clinic
from tests.flow.placing import plain_document
from tests.model.samples import BLOCKS, INLINE, TYPES, UNRESOLVED, changes, sample

BRAND = replace(
    load_brand(Workspace(None, Path("output")), ""),
    sample=False,
    website="https://example.org",
    email="ask@example.org",
    fax="",
    portal="",
    phones=(Phone("Day", "(555) 012-3456 x7", "9 to 5"),),
)
HANDOUT = sample_handout(LayoutFacts("own", "patient"), {})

#: Why a field of a node cannot carry words that a template writes.
NO_WORDS = {
    "style": "names a style: the sizes and colours of its words are looked at",
    "id": "is never printed or read aloud",
    "source": "is never printed",
    "width": "a length",
    "widths": "lengths",
    "gap": "a length",
    "marker": "one of four signs",
    "scope": "says which cells a heading names",
    "colspan": "a number of cells",
    "rowspan": "a number of cells",
    "count": "a number of lines or people",
    "lines": "a number of lines",
    "repertoire": "is never printed",
    "FormField.name": "names an entry, and is heard nowhere",
    "Field.name": "which field of a person's data stands there",
    "Icon.name": "one of six signs",
    "Slot.name": "says which number the flow fills in",
    "Slot.widest": "is never printed",
    "PageBreak.master": "names a page master",
    "ContentsEntry.target": "an id",
    "Cite.key": "names a source; no template has this node",
    "Cite.number": "no template has this node, and its link leads to what stands there",
    "PeopleFigure.key": "names numbers of the evidence; no template has this node",
    "NamedFigure.name": "names a figure of the content; no template has this node",
    "FigureLabel.x": "a place",
    "FigureLabel.y": "a place",
    "FigureLabel.align": "one of three",
    "Figure.image": "a file of the layout: what a picture shows, no program can read",
    "Notice.what": "which of the program's notices: words.py looks at what it says",
    "Notice.children": "the program's own: words.py looks at them",
}


def block(node: Any) -> Any:
    """``node`` in what it may stand in."""
    match node:
        case ListItem():
            return ListBlock((node,), Marker.NUMBER)
        case Cell():
            return block(Row((node,)))
        case Row():
            return Table((), (), (node,))
        case Column():
            return SideBySide((node,))
        case ContentsEntry():
            return Contents((node,))
        case FigureLabel():
            return replace(sample(Figure), labels=(node,))
    return node if isinstance(node, BLOCKS) else Paragraph((node,))


def texts(node: Any) -> Iterator[str]:
    """All that is printed or spoken in ``node`` and below it."""
    for one in walk((block(node),)):
        for part in (one, *all_inline((one,))):
            spoken = ("text", "spoken", "alt", "description", "expansion")
            yield from (getattr(part, name, "") for name in spoken)


def reworded(nodes: Any) -> Iterator[Any]:
    """``nodes`` with other words."""
    for node in nodes:
        if isinstance(node, Text):
            yield replace(node, text="There are no risks.")
        else:
            made = with_inline(node, reworded)
            yield made if isinstance(node, INLINE) else with_nodes(made, reworded)


def changed(node: Any) -> Iterator[tuple[str, Any]]:
    """Each field of ``node`` with a copy that says something else in this field alone."""
    kind = KINDS[type(node)]
    held = (*kind.blocks, *kind.inline)
    yield from ((name, copy) for name, copy in changes(node) if name not in held)
    for name in held:
        yield name, replace(node, **{name: tuple(reworded(getattr(node, name)))})


def added(node: Any, handout: Handout, brand: Brand = BRAND, running: bool = False) -> list[str]:
    document = plain_document(*(() if running else (block(node),)))
    if running:
        part = Running(Frame(0, 0, 500, 50), (block(node),))
        master = document.masters[document.first_master]
        document = replace(document, masters={"page": PageMaster("page", master.frames, (part,))})
    return [one.message for one in added_findings(document, handout, brand, ())]


@pytest.mark.parametrize("running", [False, True])
@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in UNRESOLVED])
def test_each_field_is_looked_at_or_carries_no_words(kind: type, running: bool) -> None:
    node = sample(kind)
    if isinstance(node, ListBlock):
        node = replace(node, marker=Marker.NUMBER)
    handout = replace(HANDOUT, terms={str(at): text for at, text in enumerate(texts(node))})
    assert added(node, handout, running=running) == []
    silent = {name for name, copy in changed(node) if not added(copy, handout, running=running)}
    exempt = {name for name in silent if name in NO_WORDS or f"{kind.__name__}.{name}" in NO_WORDS}
    assert silent == exempt
    named = {name.partition(".")[2] for name in NO_WORDS if name.startswith(f"{kind.__name__}.")}
    assert named <= silent, "a reason for a field that is looked at"


def test_the_document_says_what_the_handout_and_the_brand_say(clinic: Clinic) -> None:
    layout, brand = load_layout(clinic.workspace, "standard"), load_brand(clinic.workspace, "")
    by = Approval(Status.APPROVED, "Ann Roe", "physician", date(2026, 1, 2), date(2027, 1, 2))
    by = replace(by, record="crps.en.0001")
    handout = replace(HANDOUT, terms=interface_words(clinic.workspace, "en"), approval=by)
    made = lay_out(handout, layout, brand, "letter")
    said = {
        "title": handout.title,
        "lang": handout.lang,
        "author": brand.name,
        "subject": handout.subtitle,
        "keywords": handout.icd10,
        "modified": handout.reviewed,
        "status": Status.APPROVED,
        "until": by.until,
        "approval": "crps.en.0001",
        "announcements": Announcements(
            **{name: handout.terms[name] for name in Announcements.__struct_fields__}
        ),
        "titles": {},
        "announced": {},
    }
    assert {name: getattr(made, name) for name in said} == said
    drawn = {"page_width", "page_height", "masters", "first_master", "blocks", "styles"}
    drawn |= {"inline_styles", "fonts", "edition", "duplex", "most_pages"}
    assert {field.name for field in fields(Document)} == {*said, *drawn}


# --- lines and addresses ---


def line(*nodes: Any) -> Paragraph:
    return Paragraph(nodes)


@pytest.mark.parametrize(
    ("href", "right"),
    [
        ("https://example.org", True),
        ("https://example.org.evil.example", False),
        ("mailto:ask@example.org", True),
        ("mailto:other@example.org", False),
        ("tel:5550123456", True),
        ("tel:55501234567", False),
        ("tel:911", True),
        ("#risks", True),
        ("https://doi.org/1", True),
        ("https://doi.org/2", False),
    ],
)
def test_links_lead_to_the_clinic_or_where_the_handouts_own_do(href: str, right: bool) -> None:
    cited = Reference(1, "key", (Text("A source."), Link((Text("1"),), "https://doi.org/1")))
    handout = replace(HANDOUT, references=(cited,))
    assert (added(line(Link((Text(HANDOUT.title),), href)), handout) == []) is right


def test_a_sections_own_links_may_stand_elsewhere() -> None:
    body = (line(Link((Text("more"),), "https://more.example")),)
    code = QRFigure("https://code.example", "A code")
    section = replace(HANDOUT.sections[0], body=(*body, code))
    handout = replace(HANDOUT, sections=(section,))
    for href in ("https://more.example", "https://code.example"):
        link = line(Link((Text(HANDOUT.title),), href))
        assert added(link, handout) == []
        assert len(added(link, HANDOUT)) == 1


def test_no_later_rule_takes_back_the_link_of_an_approved_source() -> None:
    link = Link((Text("See old-a.org."),), "https://doi.org/1")
    handout = replace(HANDOUT, references=(Reference(1, "key", (link,)),))
    assert added(line(link), handout) == ["the link of “old-a.org” leads to https://doi.org/1."]
    handout = replace(handout, approval=replace(HANDOUT.approval, status=Status.OVERDUE))
    assert added(line(link), handout) == []
    own = replace(link, href="tel:911", children=(Text("Day 112"),))
    assert added(line(own), handout)


def test_no_template_prints_a_samples_number() -> None:
    number = line(Text("(555) 012-3456 x7"))
    call = line(Link((Text(HANDOUT.title),), "tel:5550123456"))
    for node in (number, call):
        assert added(node, HANDOUT) == []
        assert len(added(node, HANDOUT, replace(BRAND, sample=True))) == 1


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("label", Label)
def test_lines_that_do_not_hold_are_not_printed(status: Status, label: Label) -> None:
    holds = {
        "approved": status is Status.APPROVED,
        "approved_long_ago": status is Status.APPROVED,
        "not_approved": status is not Status.APPROVED,
        "draft": status is not Status.APPROVED,
        "label_on": label is Label.ON,
        "label_off": label is Label.OFF,
        "label_only_if": label is Label.ONLY_IF,
        "only_if_yes": label is Label.ONLY_IF,
        "page": True,
        "draft_short": False,
    }
    handout = replace(
        HANDOUT,
        terms={key: f"words {key}" for key in holds},
        approval=Approval(status),
        label=replace(HANDOUT.label, status=label),
    )
    found = {key: added(line(Text(f"words {key}")), handout) == [] for key in holds}
    assert found == holds


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("A MADE-UP HANDOUT", True),  # the filter upper
        ("a made-up handout · (Page)", True),
        ("A made-up handout | Page", True),
        ("A made-up handouts", False),
        ("A made-up handout 2", False),
        ("✗ A made-up handout", False),
        ("\u202eA made-up handout", False),
        ("A made-up handout ½", False),
    ],
)
def test_known_lines_and_punctuation_are_all_that_a_layout_writes(text: str, right: bool) -> None:
    handout = replace(HANDOUT, terms={"page": "Page"})
    assert (added(line(Text(text)), handout) == []) is right


def test_what_is_unknown_is_shown_as_it_stands() -> None:
    (message,) = added(line(Text("A made-up handout. There are NO risks.")), HANDOUT)
    assert message.endswith("covers: “. There are NO risks.”.")


@pytest.mark.parametrize("lang", ["", "en", "fr", "en-GB"])
def test_a_layouts_words_are_in_the_handouts_language(lang: str) -> None:
    right = lang in ("", "en")
    title = Text(HANDOUT.title)
    inside = Group((Section((replace(HANDOUT.sections[0].body[0]),), id="s"),), lang=lang)
    for node in (line(Span((title,), lang=lang)), Paragraph((title,), lang=lang)):
        assert (added(node, HANDOUT) == []) is right
    body = inside.children[0].children  # type: ignore[union-attr]
    found = list(added_findings(plain_document(inside), HANDOUT, BRAND, (body,)))
    assert (found == []) is right


def test_what_a_section_marks_itself_stays() -> None:
    body = (Paragraph((Text("Ceci"),), lang="fr"),)
    document = plain_document(Section(body, id="s"))
    assert list(added_findings(document, HANDOUT, BRAND, (body,))) == []


@pytest.mark.parametrize(
    ("numbers", "start", "marker", "right"),
    [
        ((1, 2), 1, Marker.NUMBER, True),
        ((2, 1), 1, Marker.NUMBER, False),
        ((1,), 1, Marker.NUMBER, True),
        ((2,), 1, Marker.NUMBER, False),
        ((2,), 2, Marker.NUMBER, False),
        ((3,), 1, Marker.NUMBER, False),
        ((0, 0), 1, Marker.NUMBER, True),
        ((0, 0), 2, Marker.NUMBER, False),
        ((0, 0), 2, Marker.DISC, True),
    ],
)
def test_each_source_stands_under_its_own_number(
    numbers: tuple[int, ...], start: int, marker: Marker, right: bool
) -> None:
    sources = [Reference(at, "key", (Text(f"Source {'AB'[at - 1]}."),)) for at in (1, 2)]
    items = [
        ListItem((line(sources[number - 1].citation[0] if 0 < number < 3 else Text("")),), number)
        for number in numbers
    ]
    handout = replace(HANDOUT, references=tuple(sources))
    listed = ListBlock(tuple(items), marker, start)
    assert (added(listed, handout) == []) is right
    other = replace(items[0], children=(line(Text("Source B.")),), reference=1)
    message = "the layout gives the number 1 to another source."
    assert added(ListBlock((other,), Marker.NUMBER), handout) == [message]
