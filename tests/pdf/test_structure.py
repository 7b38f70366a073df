"""The structure tree: which node gets which element, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from handouts.errors import AccessibilityError, LayoutError, Source
from handouts.model import (
    Abbr,
    Announcements,
    Blank,
    Block,
    Cell,
    Cite,
    Column,
    Contents,
    ContentsEntry,
    Document,
    Figure,
    FigureLabel,
    Group,
    Heading,
    Icon,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Panel,
    Paragraph,
    Raster,
    Row,
    Rule,
    Scope,
    Section,
    SideBySide,
    Span,
    Table,
    Text,
    WritingLines,
)
from handouts.model.tree import all_inline, with_inline, with_nodes
from handouts.pdf.structure import Leaf, StructElem, StructureTree, build_structure
from tests.model.samples import BLOCKS, TYPES, UNRESOLVED, sample
from tests.pdf.handmade import place
from tests.pdf.samples import document, everything


def tree_of(*blocks: Block) -> StructureTree:
    return build_structure(document(*blocks))


def test_the_document_says_its_language_and_what_it_is() -> None:
    root = tree_of(paragraph()).root
    assert (root.tag, root.lang, root.parent) == ("Document", "en-US", None)
    assert str(build_structure(document(title="")).root.source) == "(document)"


def shape(elem: StructElem) -> str:
    """``P[. Span[.]]``: tags with their kids; a dot is a leaf."""
    kids = " ".join("." if isinstance(kid, Leaf) else shape(kid) for kid in elem.kids)
    return f"{elem.tag}[{kids}]" if kids else elem.tag


def words(text: str = "word") -> tuple[Text, ...]:
    return (Text(text),)


def paragraph(text: str = "word") -> Paragraph:
    return Paragraph(words(text))


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Paragraph((Text("a"), Text("b"))), "P[. .]"),
        (Heading(words()), "H1[.]"),
        (Section((Heading(words()), paragraph())), "Sect[H1[.] P[.]]"),
        (Group((paragraph(),)), "Div[P[.]]"),
        (Panel((paragraph(),)), "Div[P[.]]"),
        (SideBySide((Column((paragraph(),)), Column((paragraph(),)))), "Div[Div[P[.]] Div[P[.]]]"),
        (Paragraph((Span(words(), "strong"), Text("b"))), "P[. .]"),
        (Paragraph((Text("a"), Span(words(), lang="es"))), "P[. Span[.]]"),
        (Paragraph((Span(words(), lang="en-US"),)), "P[.]"),
        (Paragraph((Icon("check", "yes"),)), "P[Span[.]]"),
        (Paragraph((Abbr(words(), "long form"),)), "P[Span[.]]"),
        (Paragraph((Link(words(), "tel:911"),)), "P[Link[.]]"),
        (Paragraph((Cite("key", 1),)), "P[Reference[. Link[.]]]"),
        (
            Contents((ContentsEntry(words(), "x"),)),
            "TOC[TOCI[Reference[Link[. Span[.]]]]]",
        ),
        (ListBlock((ListItem((paragraph(),)),)), "L[LI[Lbl[.] LBody[P[.]]]]"),
        (ListBlock((ListItem((paragraph(),)),), Marker.NONE), "L[LI[LBody[P[.]]]]"),
        (
            ListBlock((ListItem((paragraph(),), 1),), Marker.NUMBER),
            "L[LI[Lbl[.] LBody[Note[P[.]]]]]",
        ),
        (
            ListBlock((ListItem((Paragraph((Span(words()), Text("b"))),)),), Marker.NONE),
            "L[LI[Lbl[.] LBody[P[.]]]]",
        ),
        (ListBlock((ListItem((Paragraph((Span(words()),)),)),), Marker.NONE), "L[LI[LBody[P[.]]]]"),
        (WritingLines(3), "P[Span[.]]"),
        (
            Table(words(), (Row((Cell((paragraph(),), Scope.COLUMN),)),), (Row((Cell(()),)),)),
            "Table[Caption[.] THead[TR[TH[P[.]]]] TBody[TR[TD]]]",
        ),
        (Figure(Raster("x", 1, 1, b""), "a house", 10), "Figure[.]"),
        (Figure(Raster("x", 1, 1, b""), "a house", 10, words()), "Div[Figure[.] Caption[.]]"),
    ],
)
def test_each_node_has_its_element(block: Block, expected: str) -> None:
    assert shape(tree_of(block).root) == f"Document[{expected}]"


def test_reading_order_is_node_order() -> None:
    before, inside, after = Text("before "), Text("link"), Text(" after")
    tree = tree_of(Paragraph((before, Link((inside,), "tel:911"), after)))
    assert list(tree.root.leaves()) == [tree.leaf(node) for node in (before, inside, after)]


def test_language_is_written_only_where_it_changes() -> None:
    spanish = Section((Paragraph(words(), lang="es"), Paragraph(words(), lang="en-US")), lang="es")
    tree = tree_of(spanish, Paragraph(words(), lang="en-US"))
    section, last = (kid for kid in tree.root.kids if isinstance(kid, StructElem))
    assert [elem.lang for elem in section.walk()] == ["es", "", "en-US"]
    assert last.lang == ""


def languages(elem: StructElem, inherited: str = "") -> dict[Leaf, str]:
    """The language of each leaf as a reader finds it; none is written where it is in force."""
    assert elem.lang != inherited or not inherited
    found: dict[Leaf, str] = {}
    for kid in elem.kids:
        if isinstance(kid, Leaf):
            found[kid] = elem.lang or inherited
        else:
            found |= languages(kid, elem.lang or inherited)
    return found


def holder(node: Any) -> Block:
    """A block that holds ``node``, whatever it is."""
    match node:
        case ListItem():
            return ListBlock((node,))
        case Cell():
            return Table((), (), (Row((node,)),))
        case Span():
            return Paragraph((node,))
    block: Block = node
    return block


def _drawn(kinds: Iterable[type], field: str) -> list[type]:
    """The kinds with such a field that a Document may hold."""
    return [
        kind
        for kind in kinds
        if field in kind.__struct_fields__ and kind not in UNRESOLVED  # type: ignore[attr-defined]
    ]


WITH_LANGUAGE = _drawn(TYPES, "lang")


@pytest.mark.parametrize("kind", WITH_LANGUAGE)
def test_each_text_is_in_the_language_of_the_nearest_node_that_names_one(kind: type) -> None:
    spanish = holder(replace(sample(kind), lang="es"))
    tree = tree_of(holder(sample(kind)), spanish, paragraph())
    heard = languages(tree.root)
    inside = [tree.leaf(node) for node in all_inline((spanish,)) if isinstance(node, Text)]
    assert {heard[leaf] for leaf in inside} == {"es"}
    first, _, last = tree.document.blocks
    around = [node for node in all_inline((first, last)) if isinstance(node, Text)]
    assert {heard[tree.leaf(node)] for node in around} == {"en-US"}


def _back(nodes: Iterable[Any]) -> Iterator[Any]:
    """``nodes`` with each text that is heard in the language of the document again."""
    for node in nodes:
        if isinstance(node, Text):
            yield Span((node,), lang="en-US")
        elif not isinstance(node, FigureLabel):
            yield with_nodes(with_inline(node, _back), _back)


@pytest.mark.parametrize("kind", WITH_LANGUAGE)
def test_a_language_within_another_is_written_again(kind: type) -> None:
    (node,) = _back((replace(sample(kind), lang="es"),))
    tree = tree_of(holder(node))
    heard = languages(tree.root)
    texts = [one for one in all_inline((holder(node),)) if isinstance(one, Text)]
    assert {heard[tree.leaf(text)] for text in texts} == {"en-US"}


@pytest.mark.parametrize("kind", _drawn(BLOCKS, "id"))
def test_every_id_names_the_element_of_its_node(kind: type) -> None:
    node = replace(sample(kind), id="here")
    tree = tree_of(node)
    assert tree.by_id == {"here": tree.elem(node)}
    assert [elem for elem in tree.root.walk() if elem.id] == [tree.elem(node)]
    assert tree.elem(node).id == "here"


def test_a_source_is_named_by_its_number() -> None:
    tree = tree_of(ListBlock((ListItem((paragraph(),), 7),), Marker.NUMBER))
    assert {id: elem.tag for id, elem in tree.by_id.items()} == {"ref-7": "Note"}


def test_what_is_drawn_for_words_says_them() -> None:
    icon, blank, short = Icon("check", "yes"), Blank(80, "line"), Abbr(words("DRG"), "long form")
    tree = tree_of(Paragraph((icon, blank, short)))
    assert (tree.elem(icon).actual_text, tree.elem(blank).actual_text) == ("yes", "line")
    assert tree.elem(short).expansion == "long form"


def test_table_cells_carry_scope_and_spans_in_an_attribute_object() -> None:
    head = Cell((paragraph(),), Scope.BOTH, colspan=2)
    body = Cell((paragraph(),), rowspan=3)
    tree = tree_of(Table((), (Row((head,)),), (Row((body,)),)))
    assert tree.elem(head).attributes == {"Table": {"Scope": "Both", "ColSpan": 2}}
    assert tree.elem(body).attributes == {"Table": {"RowSpan": 3}}


@pytest.mark.parametrize(
    ("marker", "numbering", "spoken"),
    [
        (Marker.DISC, "Disc", ""),
        (Marker.NUMBER, "Decimal", ""),
        (Marker.CHECKBOX, "Square", "box to check:"),
    ],
)
def test_lists_say_how_they_are_numbered_and_drawn_labels_have_text(
    marker: Marker, numbering: str, spoken: str
) -> None:
    items = ListBlock((ListItem((paragraph(),)),), marker)
    tree = tree_of(items)
    assert tree.elem(items).attributes == {"List": {"ListNumbering": numbering}}
    assert tree.label_leaf(items.items[0]).elem.actual_text == spoken


def test_a_source_and_its_first_use_lead_to_each_other() -> None:
    first, second = Cite("key", 1), Cite("key", 1)
    item = ListItem((paragraph(),), 1)
    never = ListItem((paragraph(),), 2)
    tree = tree_of(Paragraph((first, second)), ListBlock((item, never), Marker.NUMBER))
    assert tree.by_id["cite-1"] is tree.link_elem(first)
    assert [tree.link_elem(cite).alt for cite in (first, second)] == ["source 1"] * 2
    assert shape(tree.label_leaf(item).elem) == "Link[.]"
    assert tree.label_leaf(never).elem.tag == "Lbl"


def test_what_the_program_says_is_in_the_language_of_the_document() -> None:
    words = Announcements(check_box="casilla:", source_number="fuente {number}")
    boxes = ListBlock((ListItem((paragraph(),)),), Marker.CHECKBOX)
    cite, lines, blank = Cite("key", 3), WritingLines(4), Blank(80, "a llenar")
    blocks = (Group((boxes, Paragraph((cite, blank)), lines), lang="fr"),)
    tree = build_structure(document(*blocks, lang="es", announcements=words))
    said = (
        tree.label_leaf(boxes.items[0]).elem,
        tree.link_elem(cite),
        tree.elem(blank),
        tree.leaf(lines).elem,
    )
    assert [elem.actual_text or elem.alt for elem in said] == [
        "casilla:", "fuente 3", "a llenar", "line to write on, 4 lines",
    ]  # fmt: skip
    assert {elem.lang for elem in said} == {"es"}


def test_a_list_without_markers_has_no_label_leaf() -> None:
    item = ListItem((paragraph(),))
    items = ListBlock((item,), Marker.NONE)
    tree = tree_of(items)
    assert tree.elem(items).attributes == {"List": {"ListNumbering": "None"}}
    with pytest.raises(KeyError):
        tree.label_leaf(item)


def test_link_elements_are_found_by_their_node() -> None:
    link, cite = Link(words(), "tel:911"), Cite("key", 1)
    entry = ContentsEntry(words(), "x")
    tree = tree_of(Contents((entry,)), Paragraph((link, cite)))
    assert {tree.link_elem(node).tag for node in (link, cite, entry)} == {"Link"}


@pytest.mark.parametrize("inner", [Link(words(), "tel:112"), Cite("key", 1)])
def test_a_link_within_a_link_is_refused(inner: Link | Cite) -> None:
    outer = Link((Span((replace(inner, source=Source("a.md", 7)),)),), "tel:911")
    with pytest.raises(AccessibilityError, match=r"a\.md:7: a link stands within a link"):
        tree_of(Paragraph((outer,)))


def test_the_same_node_in_two_places_is_refused() -> None:
    shared = Text("twice", Source("a.md", 7))
    with pytest.raises(LayoutError, match=r"a\.md:7.*two places"):
        tree_of(Paragraph((shared,)), Paragraph((shared,)))


def test_an_id_given_twice_is_refused_naming_both_places() -> None:
    first = Paragraph(words(), id="x", source=Source("a.md", 1))
    second = Paragraph(words("b"), id="x", source=Source("b.md", 2))
    with pytest.raises(LayoutError, match=r"b\.md:2.*“x”.*a\.md:1"):
        tree_of(first, second)


def test_a_figure_without_alternative_text_is_refused() -> None:
    with pytest.raises(AccessibilityError, match=r"fig\.md:3.*“knee\.png”"):
        tree_of(Figure(Raster("knee.png", 1, 1, b""), " ", 10, source=Source("fig.md", 3)))


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(AccessibilityError, match="has no rows"):
        tree_of(Table((), (), ()))


def unmarked(made: Document) -> list[str]:
    tree, pages = place(made)
    for page in pages:
        for item in page.items:
            leaf = getattr(item, "leaf", None)
            if leaf:
                leaf.mcids.append((0, 0))
    try:
        tree.check_marked()
    except AccessibilityError as error:
        return [str(finding.source) for finding in error.findings]
    return []


def test_a_whole_document_is_marked() -> None:
    assert unmarked(everything()) == []


def test_an_element_without_ink_is_an_error_that_names_its_source() -> None:
    empty = Paragraph((), source=Source("empty.md", 4))
    section = Section((Heading(words()), empty), source=Source("section.md", 1))
    assert unmarked(document(section)) == ["empty.md:4"]


EMPTY = Source("empty.md", 4)


@pytest.mark.parametrize(
    "block",
    [
        Paragraph((), source=EMPTY),
        Heading((), source=EMPTY),
        Contents((), source=EMPTY),
        ListBlock((), source=EMPTY),
        Table((), (), (Row((Cell((paragraph(),)), Cell((), Scope.ROW, source=EMPTY))),)),
        Paragraph((Text("a"), Link((), "tel:911", source=EMPTY))),
        Paragraph((Text("a"), Abbr((), "x", source=EMPTY))),
    ],
)
def test_what_should_say_something_is_an_error_when_it_is_empty(block: Block) -> None:
    assert unmarked(document(block, paragraph())) == [str(EMPTY)]


@pytest.mark.parametrize(
    "block",
    [
        Table((), (), (Row((Cell((paragraph(),)), Cell(()))), Row((Cell(()),)))),
        ListBlock((ListItem((WritingLines(2),)),), Marker.NUMBER),
        SideBySide((Column((paragraph(),)), Column((Rule(),)))),
        SideBySide((Column((Rule(),)),)),
        Group((WritingLines(3),)),
        Section((Rule(),)),
        Panel(()),
    ],
)
def test_what_is_meant_to_be_empty_is_no_error(block: Block) -> None:
    assert unmarked(document(block, paragraph())) == []
