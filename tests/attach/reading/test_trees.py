"""Trees are walked in order, each node once, whatever loops and holes they have."""

from __future__ import annotations

import pytest

from handouts.attach.reading import trees
from handouts.attach.reading.objects import Damaged, Name, Ref
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import (
    elements,
    fields,
    leaves,
    number_tree_top,
    outline_items,
    page_annotations,
    pages,
    parents,
    structure_roots,
)
from tests.attach.reading.by_hand import letter, pdf


def holding(objects: dict[int, bytes]) -> PdfFile:
    """A letter with more objects."""
    return PdfFile(pdf({**letter(), **objects}))


PAGES = {
    2: b"<</Type/Pages/Kids[10 0 R 11 0 R]/Count 3/Rotate 90/MediaBox[0 0 1 1]>>",
    10: b"<</Type/Pages/Kids[12 0 R 13 0 R]/Count 2/MediaBox[0 0 2 2]/CropBox[0 0 3 3]>>",
    11: b"<</Type/Page/Rotate 0/Annots[14 0 R <</Subtype/Link>>]>>",
    12: b"<</Type/Page/Kids[11 0 R]>>",
    13: b"<</MediaBox[0 0 9 9]>>",
    14: b"<</Subtype/Text>>",
}


def test_pages_in_order_with_what_they_inherit() -> None:
    opened = holding(PAGES)
    found = list(pages(opened, Ref(2)))
    assert [page.ref.num for page in found] == [12, 13, 11]
    assert [page.value(b"Rotate") for page in found] == [90, 90, 0]
    assert [page.value(b"MediaBox")[2] for page in found] == [2, 9, 1]
    assert [page.value(b"CropBox") for page in found][1:] == [[0, 0, 3, 3], None]
    notes = page_annotations(opened, found[2])
    assert [node for node, _ in notes] == [Ref(14), {b"Subtype": b"Link"}]
    assert [entries[b"Subtype"] for _, entries in notes] == [b"Text", b"Link"]


@pytest.mark.parametrize(
    "kids", [b"[3 0 R 3 0 R]", b"[2 0 R]", b"[99 0 R]", b"[<</Type/Page>>]", b"[4 0 R]", b"[3]"]
)
def test_page_trees_with_holes_and_loops(kids: bytes) -> None:
    opened = holding({2: b"<</Type/Pages/Kids%s/Count 1>>" % kids})
    with pytest.raises(Damaged, match="a hole or a loop"):
        list(pages(opened, Ref(2)))


def test_a_page_tree_has_an_end() -> None:
    assert len(list(pages(holding(PAGES), Ref(2), limit=5))) == 3
    with pytest.raises(Damaged, match="without end"):
        list(pages(holding(PAGES), Ref(2), limit=4))


NUMBERS = {
    10: b"<</Kids[11 0 R 12 0 R 13 0 R 10 0 R]>>",
    11: b"<</Limits[0 4]/Nums[0(a)4(b)]>>",
    12: b"<</Nums[40 14 0 R]>>",
    13: b"<</Limits[7 9]/Nums[7(c)9(d)]>>",
    14: b"(e)",
}


def test_number_trees() -> None:
    opened = holding(NUMBERS)
    assert list(leaves(opened, Ref(10), b"Nums")) == [
        (0, b"a"),
        (4, b"b"),
        (40, Ref(14)),
        (7, b"c"),
        (9, b"d"),
    ]
    assert number_tree_top(opened, Ref(10)) == 40
    assert number_tree_top(opened, {b"Limits": [3, 8]}) == 8
    assert number_tree_top(opened, None) == -1
    assert list(leaves(opened, {b"Names": [b"odd", 1, b"left over"]}, b"Names")) == [(b"odd", 1)]


def test_the_right_edge_suffices_for_the_highest_key() -> None:
    opened = holding({10: b"<</Kids[11 0 R 12 0 R]>>", 11: NUMBERS[13], 12: NUMBERS[11]})
    assert number_tree_top(opened, Ref(10)) == 4
    # Of the branches before the last, those without limits are read as well.
    opened = holding({10: b"<</Kids[12 0 R 11 0 R]>>", 11: NUMBERS[11], 12: NUMBERS[12]})
    assert number_tree_top(opened, Ref(10)) == 40
    assert number_tree_top(opened, {b"Limits": [3, b"x"], b"Nums": [5, None]}) == 5
    assert number_tree_top(opened, {b"Limits": [9, 3]}) == 3


def test_the_parents_of_marked_content_are_read_once() -> None:
    root = b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</ParentTree 10 0 R>>>>"
    opened = holding({**NUMBERS, 1: root, 11: b"<</Nums[0(a)[4](b)]>>"})
    assert parents(opened) == {0: b"a", 7: b"c", 9: b"d", 40: Ref(14)}
    assert parents(opened) is parents(opened)


TAGS = {
    1: b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 10 0 R>>",
    10: b"<</K[11 0 R 15 0 R]>>",
    11: b"<</S/Document/K[12 0 R[14 0 R 13 0 R]<</S/Span/K 5>><</Type/MCR/S/No>> 7 11 0 R]>>",
    12: b"<</S/P/K 13 0 R>>",
    13: b"<</S/Link/K[<</Type/OBJR/S/No>>]>>",
    14: b"<</S/Figure>>",
    15: b"<</Type/Other>>",
}


def test_elements_in_reading_order_each_once() -> None:
    opened = holding(TAGS)
    found = [(num, entries[b"S"]) for num, entries in elements(opened, [Ref(11), Ref(15)])]
    assert found == [(11, b"Document"), (12, b"P"), (13, b"Link"), (14, b"Figure"), (0, b"Span")]
    assert structure_roots(opened) == [Ref(11)]


OUTLINE = {
    10: b"<</Title(one)/First 11 0 R/Next 12 0 R>>",
    11: b"<</Title(below)/Next 10 0 R>>",
    12: b"<</Title(two)/Next 13 0 R>>",
}


def test_bookmarks_in_order() -> None:
    opened = holding(OUTLINE)
    titles = [entries[b"Title"] for _, entries in outline_items(opened, Ref(10))]
    assert titles == [b"one", b"below", b"two"]
    # Viewers show one that is not an object of its own as well.
    direct = {b"Title": b"direct"}
    assert list(outline_items(opened, direct)) == [(direct, direct)]


def test_fields_and_their_kids() -> None:
    opened = holding({10: b"<</T(a)/Kids[11 0 R <</T(c)>>]>>", 11: b"<</T(b)/Kids[10 0 R]>>"})
    roots = [Ref(10), {b"T": b"d"}, Ref(10), None]
    assert [entries[b"T"] for _, entries in fields(opened, roots)] == [b"a", b"b", b"c", b"d"]


def test_no_tree_is_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    loop: dict[bytes, object] = {b"S": Name(b"P"), b"T": b"x"}
    loop[b"Kids"] = loop[b"K"] = [loop]
    opened = holding({})
    monkeypatch.setattr(trees, "MAX_NODES", 50)
    for walk in (
        elements(opened, [loop]),
        fields(opened, [loop]),
        leaves(opened, loop, b"Names"),
    ):
        with pytest.raises(Damaged, match="without end"):
            list(walk)
    assert len(list(elements(opened, [{b"S": Name(b"P")} for _ in range(50)]))) == 50
