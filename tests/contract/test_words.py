"""Sections and notices on a Document: what counts as whole, in order, and as saying something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from handouts.contract import check_document, rules
from handouts.contract.protected import PROTECTED, mark_words, status_words
from handouts.contract.rules import protecting
from handouts.contract.words import same_meaning, says_a_sentence
from handouts.errors import ContentError, LayoutError
from handouts.layout import lay_out, load_layout
from handouts.layout.trial import sample_handout
from handouts.library.brand import load_brand
from handouts.model import (
    NOWHERE,
    Approval,
    Block,
    Brand,
    Cell,
    Document,
    Frame,
    Group,
    Handout,
    Heading,
    LayoutKind,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Notice,
    PageMaster,
    Paragraph,
    Row,
    Running,
    Section,
    Slot,
    Status,
    Table,
    Text,
    WritingLines,
)
from handouts.model.tree import with_nodes
from handouts.workspace import Workspace
from tests.contract.conftest import Clinic
from tests.model.samples import TYPES, UNRESOLVED, changes, sample

EDITION = "0123456789"


def p(text: str) -> Paragraph:
    return Paragraph((Text(text),))


# --- what a text says ---


@pytest.mark.parametrize(
    "block",
    [
        p("Call us now."),
        p("Is it bad? Call us today!"),
        p("“You may bleed.”"),
        p("Puede sangrar mucho…"),
        p("出血 する ことがあります。"),
        ListBlock((ListItem((p("Fever of 100 degrees"),)),)),
        Table((), (), (Row((Cell((p("It may hurt."),)),)),)),
        Group((Group((p("It may hurt."),)),)),
    ],
)
def test_a_sentence_or_an_item_of_three_words_says_something(block: Block) -> None:
    assert says_a_sentence((block,))


@pytest.mark.parametrize(
    "block",
    [
        p("\u00a0"),
        p("One, two, three"),
        p("So few."),
        p("1. 2. 3 4 5."),
        p("... ! ?"),
        Heading((Text("These are all the risks."),)),
        WritingLines(3),
        ListBlock((ListItem((p("Two words"),)), ListItem((p("1 2 3 4"),)))),
        Table((Text("These are all the risks."),), (), (Row((Cell((p("Risk"),)),)),)),
    ],
)
def test_blanks_headings_and_shreds_say_nothing(block: Block) -> None:
    assert not says_a_sentence((block,))


# --- meaning ---


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in UNRESOLVED])
def test_a_change_of_any_field_but_style_and_source_is_another_meaning(kind: type) -> None:
    node = sample(kind)
    assert same_meaning(node, sample(kind), EDITION)
    for name, changed in changes(node):
        assert same_meaning(node, changed, EDITION) is (name in ("style", "source")), name


def test_the_edition_is_filled_in_by_the_layout_stage_alone() -> None:
    slot = Slot("edition")
    assert same_meaning(slot, Text(EDITION), EDITION)
    assert not same_meaning(slot, Text("another"), EDITION)
    assert not same_meaning(slot, LineBreak(), EDITION)
    assert not same_meaning(Slot("page"), Text(EDITION), EDITION)


# --- a document ---


class Laid:
    """A made-up handout in a built-in layout, and its Document as a test changes it."""

    def __init__(self, workspace: Workspace, kind: LayoutKind, status: Status) -> None:
        name = {"enclosure": "referral", "large-print": "large-print"}.get(kind, "standard")
        self.layout = load_layout(workspace, name)
        self.kind = kind
        settings = replace(self.layout.settings, kind=kind)
        self.layout = replace(self.layout, settings=settings)
        self.brand: Brand = replace(load_brand(workspace, ""), sample=False, disclaimer="Ours.")
        sample = sample_handout(self.layout.facts, _terms(workspace))
        self.handout: Handout = replace(sample, approval=Approval(status))
        self.document: Document = self.laid(self.handout)

    def laid(self, handout: Handout) -> Document:
        return lay_out(handout, self.layout, self.brand, "letter")

    def change(self, kind: type, to: Any) -> None:
        """Each node of ``kind`` in the flow by what ``to`` makes of it; None drops it."""

        def nodes(found: tuple[Any, ...]) -> Iterator[Any]:
            for one in found:
                made = to(one) if type(one) is kind else one
                if made is not None:
                    yield with_nodes(made, nodes)

        self.document = replace(self.document, blocks=tuple(nodes(self.document.blocks)))

    def check(self, handout: Handout) -> None:
        origin = self.layout.sheet.origin
        check_document(self.document, handout, self.brand, self.kind, origin)

    def problems(self) -> str:
        try:
            self.check(self.handout)
        except (ContentError, LayoutError) as problem:
            return str(problem)
        return ""


def _terms(workspace: Workspace) -> dict[str, str]:
    from handouts.library import load_library

    return dict(load_library(workspace, "en").interface)


KINDS: tuple[LayoutKind, ...] = ("patient", "large-print", "enclosure", "partial")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", Status)
def test_what_the_layout_stage_makes_is_right(
    clinic: Clinic, kind: LayoutKind, status: Status
) -> None:
    assert Laid(clinic.workspace, kind, status).problems() == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["status", "disclaimer"])
def test_a_notice_stands_once_with_the_programs_words(
    clinic: Clinic, kind: LayoutKind, what: str
) -> None:
    def silent(node: Notice) -> Notice | None:
        return None if node.what == what else node

    def reworded(node: Notice) -> Notice:
        return replace(node, children=(p("All is well."),)) if node.what == what else node

    laid = Laid(clinic.workspace, kind, Status.DRAFT)
    whole = laid.document
    laid.change(Notice, silent)
    assert "/> is missing." in laid.problems()
    laid.document = whole
    laid.change(Notice, reworded)
    assert "does not say what it must: “" in laid.problems()
    laid.document = replace(whole, blocks=(*whole.blocks, *filter(_is(what), _all(whole))))
    assert "stands more than once" in laid.problems()


def _is(what: str) -> Any:
    return lambda node: isinstance(node, Notice) and node.what == what


def _all(document: Document) -> Any:
    from handouts.model.tree import walk

    return walk(document.blocks)


@pytest.mark.parametrize("kind", KINDS)
def test_each_page_master_bears_the_mark(clinic: Clinic, kind: LayoutKind) -> None:
    laid = Laid(clinic.workspace, kind, Status.OVERDUE)
    whole = laid.document
    for name, master in whole.masters.items():
        bare: PageMaster = replace(master, running=master.running[:1])
        laid.document = replace(whole, masters={**whole.masters, name: bare})
        assert f"<status-mark/> on pages of the master {name} is missing" in laid.problems()


def test_a_mark_stands_on_the_edge_of_pages_and_a_notice_in_the_text(clinic: Clinic) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)
    whole = laid.document
    mark = Notice((p(laid.handout.terms["draft_short"]),), "mark")
    laid.document = replace(whole, blocks=(*whole.blocks, mark))
    assert "<status-mark/> stands in the text" in laid.problems()
    bare = {name: replace(one, running=()) for name, one in whole.masters.items()}
    laid.document = replace(whole, masters=bare)
    assert laid.problems().count("is missing") == len(bare)
    notice = Running(Frame(0, 0, 500, 50), (replace(mark, what="status"),))
    with_notice = {name: replace(one, running=(notice,)) for name, one in bare.items()}
    laid.document = replace(whole, masters=with_notice)
    assert laid.problems().count("is missing") == len(bare)


def test_a_notice_that_nothing_asks_for_is_none_of_ours(clinic: Clinic) -> None:
    laid = Laid(clinic.workspace, "patient", Status.APPROVED)
    notice = Notice((p("Draft."),), "status")
    laid.document = replace(laid.document, blocks=(*laid.document.blocks, notice))
    assert "does not say what it must" in laid.problems()


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "..."])
def test_words_that_were_not_written_are_named(clinic: Clinic, blank: str) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)
    laid.handout = replace(
        laid.handout, terms={**laid.handout.terms, "draft_short": blank, "disclaimer": blank}
    )
    laid.document = laid.laid(laid.handout)
    problems = laid.problems()
    assert "content/interface/en.toml: draft_short says nothing" in problems
    assert "content/interface/en.toml: disclaimer says nothing" in problems


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("1 de January 2026", True),
        ("1 DE JANUARY 2026", True),  # the filter upper
        ("1 de December 2026", False),
        ("Maybe", False),
        ("2026", False),
    ],
)
def test_a_layout_may_print_dates_and_no_other_words(
    clinic: Clinic, text: str, right: bool
) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)
    pattern = {"date_pattern": "{day} de {month} {year}"}
    laid.handout = replace(laid.handout, terms={**laid.handout.terms, **pattern})
    laid.document = replace(laid.document, blocks=(*laid.document.blocks, p(text)))
    assert ("the layout adds words that no approval covers" not in laid.problems()) is right


@pytest.mark.parametrize("kind", ["patient", "large-print", "enclosure", "poster"])
def test_whatever_was_selected_what_protects_stands_there(clinic: Clinic, kind: LayoutKind) -> None:
    laid = Laid(clinic.workspace, kind, Status.DRAFT)
    for name in protecting("treatment", kind):
        left = tuple(one for one in laid.handout.sections if one.id != name)
        short = replace(laid.handout, sections=left)
        laid.document = laid.laid(short)
        with pytest.raises(LayoutError, match=f"what protects the patient is missing: {name}"):
            laid.check(short)


def test_a_part_says_so_whatever_the_handout_claims(clinic: Clinic) -> None:
    laid = Laid(clinic.workspace, "partial", Status.APPROVED)
    assert laid.handout.partial
    laid.handout = replace(laid.handout, partial=False)
    laid.document = laid.laid(laid.handout)
    assert "<status-notice/> is missing." in laid.problems()


def demand_each_of(kept: tuple[str, ...], name: str, laid: Laid) -> None:
    """A short sheet of these sections alone is whole; without this one it is refused."""
    left = tuple(one for one in laid.handout.sections if one.id in kept)
    sheet = replace(laid.handout, sections=left, locked=(), partial=True)
    laid.document = laid.laid(sheet)
    laid.check(sheet)
    sheet = replace(sheet, sections=tuple(one for one in left if one.id != name))
    laid.document = laid.laid(sheet)
    with pytest.raises(LayoutError, match=f"what protects the patient is missing: {name}"):
        laid.check(sheet)


@pytest.mark.parametrize("name", rules.URGENT)
def test_a_short_sheet_cannot_do_without_what_is_urgent(clinic: Clinic, name: str) -> None:
    demand_each_of(rules.URGENT, name, Laid(clinic.workspace, "patient", Status.DRAFT))


@pytest.mark.parametrize("name", rules.protecting("treatment", "enclosure"))
def test_an_enclosure_of_few_pages_is_asked_for_what_a_colleague_needs(
    clinic: Clinic, name: str
) -> None:
    """Not for a patient's sections, which it never had."""
    kept = rules.protecting("treatment", "enclosure")
    demand_each_of(kept, name, Laid(clinic.workspace, "enclosure", Status.DRAFT))


def test_what_the_outline_or_layout_locks_is_demanded_too(clinic: Clinic) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)
    laid.handout = replace(laid.handout, locked=("form", "recovery"))
    assert "what protects the patient is missing: recovery." in laid.problems()


PATIENT = ("label-status", "risks", "other-choices", "warning-signs", "who-to-call")
COLLEAGUE = ("ref-label", "ref-harms", "ref-selection", "ref-shared-safety", "ref-contact")
URGENT = ("warning-signs", "who-to-call")


@pytest.mark.parametrize(
    ("kind", "treatment", "information"),
    [
        ("patient", PATIENT, URGENT),
        ("large-print", PATIENT, URGENT),
        ("partial", PATIENT, URGENT),
        ("enclosure", COLLEAGUE, ("ref-shared-safety", "ref-contact")),
        ("poster", ("on-the-wall",), URGENT),
    ],
)
def test_what_protects_whom(
    kind: LayoutKind, treatment: tuple[str, ...], information: tuple[str, ...]
) -> None:
    assert protecting("treatment", kind) == treatment
    assert protecting("information", kind) == information


@pytest.mark.parametrize(
    ("said", "notice", "mark"),
    [
        ((Status.APPROVED, False, False, "patient"), "", ""),
        ((Status.APPROVED, False, False, "physician"), "", ""),
        ((Status.DRAFT, False, False, "patient"), "draft_notice", "draft_short"),
        ((Status.OVERDUE, False, False, "patient"), "overdue_notice", "overdue_short"),
        ((Status.DRAFT, False, False, "physician"), "colleague_notice", "draft_short"),
        ((Status.OVERDUE, False, False, "physician"), "colleague_notice", "overdue_short"),
        ((Status.APPROVED, True, False, "patient"), "sample_notice", "sample"),
        ((Status.APPROVED, False, True, "patient"), "partial_notice", "partial_short"),
        ((Status.DRAFT, True, True, "patient"), "draft_notice sample_notice partial_notice",
         "sample · draft_short · partial_short"),
    ],
)  # fmt: skip
def test_what_the_program_says(
    clinic: Clinic, said: tuple[Status, bool, bool, str], notice: str, mark: str
) -> None:
    status, sample, partial, audience = said
    laid = Laid(clinic.workspace, "patient", status)
    brand = replace(laid.brand, sample=sample)
    terms = {key: key for key in PROTECTED}
    handout = replace(laid.handout, partial=partial, audience=audience, terms=terms)
    assert status_words(handout, brand) == notice
    assert mark_words(handout, brand) == mark
    assert {*notice.split(), *mark.split(" · ")} <= {"", *PROTECTED}


def test_sections_may_not_change_places_within_the_page(clinic: Clinic) -> None:
    laid = Laid(clinic.workspace, "large-print", Status.DRAFT)
    at = [i for i, one in enumerate(laid.document.blocks) if isinstance(one, Section)]
    blocks = list(laid.document.blocks)
    blocks[at[0]], blocks[at[3]] = blocks[at[3]], blocks[at[0]]
    laid.document = replace(laid.document, blocks=tuple(blocks))
    assert "the sections stand in another order" in laid.problems()


def test_a_section_that_stands_twice_is_found(clinic: Clinic) -> None:
    laid = Laid(clinic.workspace, "large-print", Status.DRAFT)
    first = next(one for one in laid.document.blocks if isinstance(one, Section))
    laid.document = replace(laid.document, blocks=(*laid.document.blocks, first))
    assert f"the section {first.id} stands twice" in laid.problems()


def test_a_section_whose_words_stand_twice_or_without_heading_is_found(clinic: Clinic) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)
    whole = laid.document
    laid.change(
        Section,
        lambda node: (
            replace(node, children=(*node.children, *node.children[1:]))
            if node.id == "risks"
            else node
        ),
    )
    assert "the words of the section risks stand more than once" in laid.problems()
    laid.document = whole
    laid.change(
        Section,
        lambda node: replace(node, children=node.children[1:]) if node.id == "risks" else node,
    )
    assert "the section risks stands without its heading" in laid.problems()


@pytest.mark.parametrize("kind", [Paragraph, ListItem, Row, Heading])
def test_no_part_of_a_section_may_be_missing(clinic: Clinic, kind: type) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)
    laid.change(kind, lambda node: None if node.source == NOWHERE else node)
    assert "do not stand there whole" in laid.problems()


def test_a_link_may_not_lead_elsewhere() -> None:
    meant = Paragraph((Link((Text("Call"),), "tel:911"),))
    placed = Paragraph((Link((Text("Call"),), "tel:912"),), style="p")
    assert not same_meaning(meant, placed, EDITION)


TOP, LEFT = Frame(50, 50, 500, 100), Frame(50, 160, 240, 500)
RIGHT, FOOT = Frame(300, 160, 250, 500), Frame(50, 670, 500, 50)


@pytest.mark.parametrize(
    ("frames", "right"),
    [
        ((TOP, LEFT, RIGHT, FOOT), True),
        ((RIGHT, LEFT), False),
        ((LEFT, TOP), False),
        ((FOOT, LEFT), False),
        ((LEFT, replace(RIGHT, y=50, height=100)), False),
        ((LEFT, replace(RIGHT, y=100, height=100)), True),
        ((LEFT, replace(LEFT, y=400)), False),
        ((LEFT, replace(LEFT, y=660)), True),
        ((LEFT, replace(LEFT, x=200)), False),
    ],
)
def test_words_run_through_frames_as_eyes_do(
    clinic: Clinic, frames: tuple[Frame, ...], right: bool
) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)
    masters = dict(laid.document.masters)
    masters["page"] = replace(masters["page"], frames=frames)
    laid.document = replace(laid.document, masters=masters)
    assert ("page master page are not in reading order" not in laid.problems()) is right


@pytest.mark.parametrize("kind", [ListBlock, Table])
def test_a_section_stands_in_no_table_and_no_list(clinic: Clinic, kind: type) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)

    def inside(node: Block) -> Block:
        if not isinstance(node, Section) or node.id != "risks":
            return node
        row = Row((Cell((node,)),))
        return ListBlock((ListItem((node,)),)) if kind is ListBlock else Table((), (), (row,))

    laid.document = replace(laid.document, blocks=tuple(map(inside, laid.document.blocks)))
    assert "the section risks does not stand on the page" in laid.problems()


def test_the_last_heading_before_the_words_is_theirs(clinic: Clinic) -> None:
    laid = Laid(clinic.workspace, "patient", Status.DRAFT)
    whole = laid.document
    other = Heading((Text(laid.handout.title),))
    for order, right in (((other, None), True), ((None, other), False)):
        before, after = order

        def headed(node: Section, before: Any = before, after: Any = after) -> Section:
            if node.id != "risks":
                return node
            head, *rest = node.children
            return replace(node, children=tuple(filter(None, (before, head, after, *rest))))

        laid.document = whole
        laid.change(Section, headed)
        assert ("the section risks stands without its heading" not in laid.problems()) is right
