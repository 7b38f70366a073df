"""Contents entries, signs and blanks in lines, boxes within cells, columns that cannot be torn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.model import (
    Align,
    Blank,
    Cell,
    Contents,
    ContentsEntry,
    Edges,
    Figure,
    Frame,
    Group,
    Heading,
    Image,
    Link,
    ListBlock,
    ListItem,
    Mark,
    Marker,
    PageBreak,
    PageMaster,
    Panel,
    Paragraph,
    Row,
    Running,
    Section,
    SideBySide,
    Slot,
    Span,
    Style,
    Table,
    Text,
    VectorPath,
    WritingLines,
)
from handouts.pdf.placed import PlacedImage, PlacedLine, PlacedLink, PlacedSlot
from tests.pdf.placing import PLAIN, STYLES, Result, numbered, outside, para, place


def contents(*titles: str) -> Contents:
    return Contents(tuple(ContentsEntry((Text(title),), title) for title in titles), "list")


def chapter(title: str) -> Heading:
    return Heading((Text(title),), 2, "h", title)


def picture(width: float, height: float) -> Figure:
    path = VectorPath((("M", 0, 0), ("L", 1, 0), ("L", 1, 1), ("Z",)), "#000000")
    return Figure(Image("map", width, height, paths=(path,)), "A map", width, style="p")


# --- contents ---


def book() -> Result:
    return place(
        contents("One", "Two"),
        chapter("One"), para("text"), PageBreak(), chapter("Two"), para("text"),
    )  # fmt: skip


def test_page_numbers_of_the_contents_stand_at_the_right_edge() -> None:
    slots = [item for _, item in book().items() if isinstance(item, PlacedSlot)]
    assert [(slot.text, slot.align, slot.x + slot.width) for slot in slots] == [
        ("1", "end", 250.0),
        ("2", "end", 250.0),
    ]


def test_leaders_are_artifacts_in_columns() -> None:
    leaders = [item for item in book().texts() if item.text.startswith(" .")]
    assert all(item.leaf is None for item in leaders)
    ends = {round(item.x + item.face.width(item.text, item.size), 2) for item in leaders}
    assert len(ends) == 1


def test_an_entry_is_a_link_as_wide_as_its_line() -> None:
    result = book()
    links = [item for _, item in result.items() if isinstance(item, PlacedLink)]
    assert [(link.href, link.description, link.x, link.width) for link in links] == [
        ("#One", "One", 50.0, 200.0),
        ("#Two", "Two", 50.0, 200.0),
    ]
    (block, *_) = result.document.blocks
    assert isinstance(block, Contents)
    assert links[0].elem is result.tree.link_elem(block.entries[0])


def test_a_long_entry_takes_lines_and_its_number_stands_on_the_last() -> None:
    title = "A very long title of a chapter that needs more than one line"
    result = place(contents(title), chapter(title), para("text"), width=150)
    (slot,) = [item for _, item in result.items() if isinstance(item, PlacedSlot)]
    entry = [item for item in result.texts() if item.leaf and item.leaf.elem.tag == "Link"]
    assert len(entry) == 3
    assert slot.y == pytest.approx(entry[-1].y)
    assert len([item for _, item in result.items() if isinstance(item, PlacedLink)]) == 3


# --- signs, blanks, slots in lines ---


def test_a_blank_is_a_line_below_the_baseline_with_its_leaf() -> None:
    blank = Blank(60, "date")
    result = place(Paragraph((Text("Visit: "), blank), "p"))
    (line,) = [item for _, item in result.items() if isinstance(item, PlacedLine)]
    (text,) = result.texts()
    assert line.x2 - line.x1 == pytest.approx(60)
    assert line.y1 == pytest.approx(text.y - 2)
    assert line.leaf is result.tree.leaf(blank)


def test_a_blank_wider_than_its_column_becomes_as_wide_as_it() -> None:
    result = place(Paragraph((Text("Name "), Blank(300, "name")), "p"), width=80)
    (line,) = [item for _, item in result.items() if isinstance(item, PlacedLine)]
    assert line.x2 - line.x1 == pytest.approx(80)


def test_a_sign_is_as_high_as_a_capital_letter() -> None:
    mark = Mark("arrow", "to")
    result = place(Paragraph((mark, Text(" x")), "p"))
    (image,) = [item for _, item in result.items() if isinstance(item, PlacedImage)]
    face = result.texts()[0].face
    assert image.height == pytest.approx(face.cap_height * 10)
    assert image.leaf is result.tree.leaf(mark)


def test_underlines_are_artifacts_and_end_with_the_ink() -> None:
    link = Link((Text("here "),), "#x", "x")
    result = place(Paragraph((link,), "p"))
    (line,) = [item for _, item in result.items() if isinstance(item, PlacedLine)]
    (text,) = result.texts()
    assert line.leaf is None
    assert line.x2 - line.x1 == pytest.approx(text.face.width("here", 10))


@pytest.mark.parametrize(("align", "edge"), [(Align.END, 250.0), (Align.CENTRE, 150.0)])
def test_running_numbers_are_aligned_by_the_text_that_they_have(align: Align, edge: float) -> None:
    styles = {**STYLES, "p": replace(PLAIN, align=align)}
    footer = Running(
        Frame(50, 740, 200, 14), (Paragraph((Text("Page "), Slot("page", "0000")), "p"),)
    )
    masters = {"main": PageMaster("main", (Frame(50, 60, 200, 600),), (footer,))}
    result = place(masters=masters, styles=styles)
    (slot,) = [item for _, item in result.items() if isinstance(item, PlacedSlot)]
    (text,) = result.texts()
    right = slot.x + slot.face.width("1", 10)
    assert (right if align is Align.END else (text.x + right) / 2) == pytest.approx(edge)


def test_contents_in_running_content_are_artifacts_without_links() -> None:
    header = Running(Frame(50, 20, 200, 30), (contents("One"),), "Header")
    masters = {"main": PageMaster("main", (Frame(50, 60, 200, 600),), (header,))}
    result = place(chapter("One"), para("x"), masters=masters)
    (slot,) = [item for _, item in result.items() if isinstance(item, PlacedSlot)]
    assert slot.leaf is None
    assert not [item for _, item in result.items() if isinstance(item, PlacedLink)]


# --- boxes in boxes ---


def test_cells_measure_whatever_stands_in_them() -> None:
    narrow = {**STYLES, "in": replace(PLAIN, margin_left=10, max_width=60)}
    children = (
        Panel((para("boxed words"),), "panel"),
        SideBySide(((para("left"),), (para("right"),)), (1, 1), 6, "p"),
        ListBlock((ListItem((para("item"),)),), style="list"),
        picture(30, 20),
        para("a measure of sixty points at most", "in"),
        WritingLines(1, "p"),
        contents("One"),
    )
    rows = (Row((Cell(children, style="cell"), Cell((para("beside"),), style="cell"))),)
    result = place(Table((), (), rows, style="table"), chapter("One"), para("x"), width=300,
                   styles=narrow)  # fmt: skip
    assert outside(result) == []
    assert "boxed words" in [item.text for item in result.texts()]


def test_a_picture_beside_long_text_moves_on_when_the_columns_are_torn() -> None:
    block = SideBySide(
        ((para(numbered(3)), picture(40, 100)), (para(numbered(20, "rght")),)), (1, 1), 10, "p"
    )
    result = place(block, width=100, height=120)
    images = [page.number for page, item in result.items() if isinstance(item, PlacedImage)]
    assert images == [2]
    assert result.read() == numbered(3) + numbered(20, "rght")


def test_a_panel_first_in_a_list_item_has_the_label_on_its_first_line() -> None:
    item = ListItem((Panel((para("boxed"),), "panel"),))
    label, boxed = place(ListBlock((item,), Marker.NUMBER, style="list")).texts()
    assert label.text == "1."
    assert label.y == pytest.approx(boxed.y)


def test_an_item_that_starts_with_a_picture_has_its_label_at_the_top() -> None:
    result = place(ListBlock((ListItem((picture(30, 50),)),), Marker.NUMBER, style="list"))
    (label,) = result.texts()
    assert 792 - 60 - 12 < label.y < 792 - 60


def test_a_caption_stands_below_the_middle_of_a_centred_picture() -> None:
    styles = {**STYLES, "p": replace(PLAIN, align=Align.CENTRE)}
    result = place(replace(picture(40, 40), caption=(Text("Here"),)), styles=styles)
    (caption,) = result.texts()
    (image,) = [item for _, item in result.items() if isinstance(item, PlacedImage)]
    assert image.x == pytest.approx(130)
    assert caption.x + caption.face.width("Here", 10) / 2 == pytest.approx(150)


def test_kerns_are_those_of_the_line_and_make_it_narrower() -> None:
    result = place(Heading((Text("AVATAR Tomorrow"),), 2, "h"))
    (text,) = result.texts()
    assert text.adjust == text.face.kerns("AVATAR Tomorrow")
    plain = place(Paragraph((Span((Text("AVATAR"),), "strong"),), "p"))
    assert plain.texts()[0].adjust == ()


def test_sections_without_blocks_and_empty_groups_make_nothing() -> None:
    framed = Group((), "panel")
    result = place(Section((), "p"), framed, ListBlock((), style="list"), para("x"))
    assert result.lines() == ["x"]
    assert len(result.pages[0].items) == 1


def test_a_kept_list_is_one_box() -> None:
    styles = {**STYLES, "list": replace(PLAIN, keep_together=True)}
    items = tuple(ListItem((para(word),)) for word in ("one", "two", "three", "four", "five"))
    result = place(para(numbered(4, "aaaa")), ListBlock(items, style="list"), width=60,
                   height=100, styles=styles)  # fmt: skip
    assert result.lines(2) == ["one", "two", "three", "four", "five"]


def test_writing_lines_have_the_colour_and_width_of_the_border() -> None:
    styles = {**STYLES, "lines": Style(border=Edges(bottom=2), border_colour="#abcdef")}
    result = place(WritingLines(2, "lines"), styles=styles)
    lines = [item for _, item in result.items() if isinstance(item, PlacedLine)]
    assert [(line.colour, line.line_width) for line in lines] == [("#abcdef", 2)] * 2
