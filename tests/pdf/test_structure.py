"""The structure tree: which node gets which element, and what is refused."""

from __future__ import annotations

import pytest

from handouts.errors import AccessibilityError, LayoutError, Source
from handouts.model import (
    Abbr,
    Block,
    Cell,
    Cite,
    Column,
    Contents,
    ContentsEntry,
    Document,
    Figure,
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
    Scope,
    Section,
    SideBySide,
    Span,
    Table,
    Text,
    WritingLines,
)
from handouts.pdf.structure import Leaf, StructElem, StructureTree, build_structure
from tests.pdf.handmade import place
from tests.pdf.samples import document, everything


def tree_of(*blocks: Block) -> StructureTree:
    return build_structure(document(*blocks))


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
        (Paragraph((Cite("key", 1),)), "P[Reference[Link[.]]]"),
        (
            Contents((ContentsEntry(words(), "x"),)),
            "TOC[TOCI[Reference[Link[. .]]]]",
        ),
        (ListBlock((ListItem((paragraph(),)),)), "L[LI[Lbl[.] LBody[P[.]]]]"),
        (ListBlock((ListItem((paragraph(),)),), Marker.NONE), "L[LI[LBody[P[.]]]]"),
        (
            ListBlock((ListItem((paragraph(),), 1),), Marker.NUMBER),
            "L[LI[LBody[Note[Lbl[.] P[.]]]]]",
        ),
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


def test_table_cells_carry_scope_and_spans_in_an_attribute_object() -> None:
    head = Cell((paragraph(),), Scope.BOTH, colspan=2)
    body = Cell((paragraph(),), rowspan=3)
    tree = tree_of(Table((), (Row((head,)),), (Row((body,)),)))
    assert tree.elem(head).attributes == {"Table": {"Scope": "Both", "ColSpan": 2}}
    assert tree.elem(body).attributes == {"Table": {"RowSpan": 3}}


def test_lists_say_how_they_are_numbered_and_drawn_labels_have_text() -> None:
    ticks = ListBlock((ListItem((paragraph(),)),), Marker.CHECKBOX)
    tree = tree_of(ticks)
    assert tree.elem(ticks).attributes == {"List": {"ListNumbering": "Square"}}
    assert tree.label_leaf(ticks.items[0]).elem.actual_text == "☐"


def test_a_list_without_markers_has_no_label_leaf() -> None:
    item = ListItem((paragraph(),))
    tree = tree_of(ListBlock((item,), Marker.NONE))
    with pytest.raises(KeyError):
        tree.label_leaf(item)


def test_link_elements_are_found_by_their_node() -> None:
    link, cite = Link(words(), "tel:911"), Cite("key", 1)
    entry = ContentsEntry(words(), "x")
    tree = tree_of(Contents((entry,)), Paragraph((link, cite)))
    assert {tree.link_elem(node).tag for node in (link, cite, entry)} == {"Link"}


def test_the_same_node_in_two_places_is_refused() -> None:
    shared = Text("twice", Source("a.md", 7))
    with pytest.raises(LayoutError, match=r"a\.md:7.*two places"):
        tree_of(Paragraph((shared,)), Paragraph((shared,)))


def test_an_id_given_twice_is_refused_naming_both_places() -> None:
    first = Paragraph(words(), id="x", source=Source("a.md", 1))
    second = Paragraph(words("b"), id="x", source=Source("b.md", 2))
    with pytest.raises(LayoutError, match=r"b\.md:2.*'x'.*a\.md:1"):
        tree_of(first, second)


def test_a_figure_without_alternative_text_is_refused() -> None:
    with pytest.raises(AccessibilityError, match=r"fig\.md:3.*'knee\.png'"):
        tree_of(Figure(Raster("knee.png", 1, 1, b""), " ", 10, source=Source("fig.md", 3)))


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(AccessibilityError, match="without rows"):
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


def test_what_is_meant_to_be_empty_is_no_error() -> None:
    table = Table((), (), (Row((Cell((paragraph(),)), Cell(()))),))
    lines = ListBlock((ListItem((WritingLines(2),)),), Marker.NUMBER)
    assert unmarked(document(table, Group((WritingLines(3),)), lines)) == []
