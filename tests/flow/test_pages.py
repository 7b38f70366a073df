"""Pagination: what stays together, what is split, what fills pages, frames and slots."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from handouts.attach.transcript import transcribe
from handouts.errors import LayoutError, Source
from handouts.flow.placed import PlacedAnchor, PlacedImage, PlacedLine, PlacedRect, PlacedSlot
from handouts.model import (
    Block,
    Column,
    Contents,
    ContentsEntry,
    Figure,
    Frame,
    Heading,
    ListBlock,
    ListItem,
    Marker,
    PageBreak,
    PageMaster,
    Panel,
    Paragraph,
    Raster,
    Rule,
    Running,
    Section,
    SideBySide,
    Slot,
    Style,
    Text,
    WritingLines,
)
from handouts.pdf.paint import paint
from tests.flow.placing import PLAIN, STYLES, Result, numbered, para, place

NARROW = 44.0  # holds one "line000" a line


def words(result: Result, page: int) -> list[str]:
    return [line.split()[0] for line in result.lines(page)]


def heading(text: str = "Head", id: str = "") -> Heading:
    return Heading((Text(text),), "h", id)


def bullets(*texts: str, style: str = "list") -> ListBlock:
    return ListBlock(tuple(ListItem((para(text),)) for text in texts), style=style)


def picture(width: float, height: float, **names: object) -> Figure:
    image = Raster("map", width, height, b"")
    return Figure(image, "A map", width, style="p", **names)  # type: ignore[arg-type]


def test_a_list_item_that_is_a_heading_stays_with_what_follows() -> None:
    items = [ListItem((para(f"item{n}"),)) for n in range(4)]
    for at in (3, 4):
        made = [*items[:at], ListItem((heading(),)), *items[at:]]
        for before in range(1, 10):
            blocks = (para(numbered(before, "aaaa")), ListBlock(tuple(made), style="list"))
            result = place(*blocks, para("End"), width=60, height=150)
            assert all("Head" not in result.lines(page.number)[-1] for page in result.pages)


# --- paragraphs ---


def test_a_paragraph_fills_a_page_and_goes_on() -> None:
    result = place(para(numbered(25)), width=NARROW, height=120)
    assert [len(result.lines(page.number)) for page in result.pages] == [10, 10, 5]
    assert result.read() == numbered(25)


def test_no_line_of_a_paragraph_is_left_alone_at_the_head_of_a_page() -> None:
    result = place(para(numbered(11)), width=NARROW, height=120)
    assert [len(result.lines(page.number)) for page in result.pages] == [9, 2]


def test_no_line_of_a_paragraph_is_left_alone_at_the_foot_of_a_page() -> None:
    result = place(para(numbered(9, "aaaa")), para(numbered(4)), width=NARROW, height=120)
    assert words(result, 2) == numbered(4).split()


def test_a_paragraph_of_three_lines_is_not_split() -> None:
    result = place(para(numbered(8, "aaaa")), para(numbered(3)), width=NARROW, height=120)
    assert words(result, 2) == numbered(3).split()


def test_gaps_collapse_and_vanish_at_the_head_of_a_page() -> None:
    styles = {**STYLES, "p": replace(PLAIN, space_before=10, space_after=4)}
    result = place(para("one"), para("two"), para("three"), height=40, styles=styles)
    first, second = result.texts(1)
    assert first.y - second.y == pytest.approx(12 + 10)
    assert result.texts(2)[0].y == pytest.approx(first.y)


def test_a_frame_lower_than_one_line_is_refused() -> None:
    block = Paragraph((Text("one two"),), "p", source=Source("a.md", 4))
    with pytest.raises(LayoutError, match=r"a.md:4: this paragraph is 12 points high"):
        place(block, height=8)


def test_orphans_and_widows_give_way_in_a_very_low_frame() -> None:
    result = place(para(numbered(3)), width=NARROW, height=13)
    assert [words(result, page.number) for page in result.pages] == [
        ["line000"], ["line001"], ["line002"],
    ]  # fmt: skip


# --- headings and chains ---


def test_a_heading_moves_with_what_follows() -> None:
    result = place(
        para(numbered(8, "aaaa")), heading(), para(numbered(5)), width=NARROW, height=120
    )
    assert words(result, 2)[0] == "Head"


def test_a_heading_takes_two_lines_with_it() -> None:
    result = place(
        para(numbered(6, "aaaa")), heading(), para(numbered(5)), width=NARROW, height=120
    )
    assert words(result, 1)[-3:] == ["Head", "line000", "line001"]


def test_headings_in_a_row_stay_together() -> None:
    blocks: list[Block] = [
        para(numbered(5, "aaaa")),
        heading("One"),
        heading("Two"),
        para(numbered(3)),
    ]
    result = place(*blocks, width=NARROW, height=120)
    assert words(result, 2)[:3] == ["One", "Two", "line000"]


def test_a_heading_in_a_section_stays_with_the_section() -> None:
    section = Section((heading(), bullets("one", "two")), "p")
    result = place(para(numbered(8, "aaaa")), section, width=NARROW, height=120)
    assert words(result, 2)[0] == "Head"


def test_a_chain_longer_than_a_page_breaks_somewhere() -> None:
    result = place(*(heading(f"H{index:02}") for index in range(20)), height=60)
    assert result.read() == "".join(f"H{index:02}" for index in range(20))
    assert len(result.pages) == 7


def test_a_heading_before_a_page_break_may_end_its_page() -> None:
    result = place(heading("Cover"), PageBreak(), para("text"))
    assert [result.lines(1), result.lines(2)] == [["Cover"], ["text"]]


def test_a_line_that_leads_to_a_list_stays_with_it() -> None:
    result = place(
        para(numbered(7, "aaaa")), para("You:"), bullets("one", "two", "six"),
        width=NARROW, height=110,
    )  # fmt: skip
    assert result.lines(2) == ["You:", "•one", "•two", "•six"]


# --- lists ---


def test_labels_stand_on_the_first_baseline_of_the_body() -> None:
    numbers = replace(bullets("one", "two"), marker=Marker.NUMBER)
    result = place(numbers)
    labels = [item for item in result.texts() if item.leaf and item.leaf.elem.tag == "Lbl"]
    bodies = [item for item in result.texts() if item.leaf and item.leaf.elem.tag == "P"]
    assert [item.text for item in labels] == ["1.", "2."]
    assert [item.y for item in labels] == [item.y for item in bodies]
    assert all(body.x == 50 + 16 for body in bodies)


def test_long_numbers_push_the_bodies_right_and_align_at_their_end() -> None:
    block = replace(bullets("one", "two"), marker=Marker.NUMBER, start=999)
    result = place(block)
    labels = [item for item in result.texts() if item.leaf and item.leaf.elem.tag == "Lbl"]
    ends = [item.x + item.face.width(item.text, item.size) for item in labels]
    assert ends[0] == pytest.approx(ends[1])
    bodies = {item.x for item in result.texts() if item.leaf and item.leaf.elem.tag == "P"}
    assert len(bodies) == 1
    assert bodies.pop() > ends[0]


def test_a_label_stands_beside_a_heading_in_its_item() -> None:
    item = ListItem((heading("Big"), para("small")))
    result = place(ListBlock((item,), Marker.NUMBER, style="list"))
    label, big, _ = result.texts()
    assert label.y == pytest.approx(big.y)


def test_a_check_box_is_a_picture_with_the_leaf_of_its_label() -> None:
    block = replace(bullets("tick"), marker=Marker.CHECKBOX)
    result = place(block)
    (box,) = [item for _, item in result.items() if isinstance(item, PlacedImage)]
    assert box.leaf is result.tree.label_leaf(block.items[0])


def test_items_without_marker_are_not_indented() -> None:
    result = place(replace(bullets("bare"), marker=Marker.NONE))
    assert result.texts()[0].x == 50


def test_items_stand_item_gap_apart_whatever_their_paragraphs_say() -> None:
    item = ListItem((para("one", "spaced"),))
    other = ListItem((para("two", "spaced"),))
    _, first, _, second = place(ListBlock((item, other), style="list")).texts()
    assert first.y - second.y == pytest.approx(12 + 2)


def test_lists_nest_four_deep() -> None:
    block = bullets("deep")
    for level in range(3):
        block = ListBlock((ListItem((para(f"level {level}"), block)),), style="list")
    result = place(block)
    lefts = {item.text: item.x for item in result.texts()}
    assert lefts["deep"] - lefts["level 2"] == pytest.approx(48)


def test_an_item_is_not_torn() -> None:
    result = place(
        para(numbered(7, "aaaa")), bullets(numbered(2, "bbbb"), numbered(2, "cccc")),
        width=60, height=60,
    )  # fmt: skip
    pages = [result.lines(page.number) for page in result.pages]
    assert all(
        sum("bbbb" in line for line in page) in (0, 2)
        and sum("cccc" in line for line in page) in (0, 2)
        for page in pages
    )


def test_an_item_longer_than_a_page_goes_on_without_a_label() -> None:
    result = place(bullets(numbered(20)), width=60, height=120)
    assert result.read() == "•" + numbered(20)


def test_the_first_and_the_last_item_are_not_left_alone() -> None:
    for before in range(10):
        blocks = (para(numbered(before + 1, "aaaa")), bullets("one", "two", "six", "ten"))
        result = place(*blocks, width=NARROW, height=122)
        last = [line.split()[-1] for line in result.lines(len(result.pages))]
        listed = [line for line in last if not line.startswith("aaaa")]
        assert len(listed) in (0, 2, 4), f"after {before + 1} lines: {last}"


def test_a_list_keeps_as_many_items_at_each_end_as_its_style_says() -> None:
    styles = {**STYLES, "list": replace(STYLES["list"], orphans=3, widows=3)}
    items = [f"it{number:03}" for number in range(7)]
    for before in range(12):
        blocks = (para(numbered(before + 1, "aaaa")), bullets(*items))
        result = place(*blocks, width=NARROW + 10, height=122, styles=styles)
        counts = [sum("it0" in line for line in result.lines(page.number)) for page in result.pages]
        assert [count for count in counts if count] in ([7], [3, 4], [4, 3]), before


def test_a_check_list_may_ask_to_stay_whole_and_takes_its_lead_in_along() -> None:
    styles = {**STYLES, "list": replace(STYLES["list"], keep_together=True)}
    boxes = replace(bullets("one", "two", "six", "ten"), marker=Marker.CHECKBOX)
    for before in range(1, 9):
        blocks = (para(numbered(before, "aaaa")), heading(), para("Check what fits."), boxes)
        result = place(*blocks, width=100, height=122, styles=styles)
        where = [page.number for page in result.pages if "Head" in result.lines(page.number)]
        assert where == [
            page.number
            for page in result.pages
            if any(line.startswith("ten") for line in result.lines(page.number))
        ]


# --- boxes ---


def test_a_panel_stays_together() -> None:
    panel = Panel((para(numbered(4)),), "panel")
    result = place(para(numbered(6, "aaaa")), panel, width=60, height=120)
    assert words(result, 2) == numbered(4).split()


def test_padding_and_borders_take_room() -> None:
    panel = Panel((para("text"),), "panel")
    result = place(panel)
    (text,) = result.texts()
    assert text.x == 50 + 8 + 1
    background = next(item for _, item in result.items() if isinstance(item, PlacedRect))
    assert (background.height, background.width) == (12 + 5 + 7 + 2, 200)


def test_a_panel_taller_than_a_page_is_split_and_open_at_the_tear() -> None:
    styles = {**STYLES, "panel": replace(STYLES["panel"], border_colour="#ff0000")}
    panel = Panel((para(numbered(30)),), "panel")
    result = place(panel, width=60, height=120, styles=styles)
    assert result.read() == numbered(30)
    edges = [
        sum(isinstance(item, PlacedRect) and item.fill == "#ff0000" for item in page.items)
        for page in result.pages
    ]
    assert edges[0] == edges[-1] == 3  # top or bottom, and both sides
    assert set(edges[1:-1]) == {2}


def test_even_round_borders_are_one_stroke_inside_the_box() -> None:
    styles = {**STYLES, "panel": replace(STYLES["panel"], radius=4, border_colour="#ff0000")}
    result = place(Panel((para("x"),), "panel"), styles=styles)
    (rect,) = [item for _, item in result.items() if isinstance(item, PlacedRect)]
    assert (rect.x, rect.width, rect.radius) == (50.5, 199, 3.5)


def test_a_torn_background_has_square_corners_at_the_tear() -> None:
    style = replace(STYLES["panel"], border=Style().border, radius=6)
    result = place(
        Panel((para(numbered(30)),), "panel"), width=60, height=120,
        styles={**STYLES, "panel": style},
    )  # fmt: skip
    kinds = [
        [item.radius for item in page.items if isinstance(item, PlacedRect)]
        for page in result.pages
    ]
    assert kinds[0] == kinds[-1] == [6, 0]
    assert all(kind == [0] for kind in kinds[1:-1])


def test_a_box_without_room_for_text_names_its_source() -> None:
    panel = Panel((para("x"),), "panel", source=Source("a.md", 9))
    with pytest.raises(LayoutError, match=r"a.md:9: this block has no room"):
        place(panel, width=15)


def test_margins_and_the_measure_limit_lines() -> None:
    styles = {
        **STYLES,
        "p": replace(PLAIN, margin_left=10, margin_right=20),
        "section": Style(margin_left=5, max_width=100),
    }
    result = place(Section((para("word " * 40),), "section"), styles=styles)
    assert {item.x for item in result.texts()} == {65}
    widest = max(item.face.width(item.text.rstrip(), 10) for item in result.texts())
    assert 50 < widest <= 70


# --- side by side, figures, lines ---


def test_columns_start_at_one_height_and_share_the_width() -> None:
    block = SideBySide((Column((para("left"),)), Column((para("right"),), 3)), 20, "p")
    left, right = place(block).texts()
    assert (left.y, left.x, right.x) == (right.y, 50, 50 + 45 + 20)


def test_columns_are_split_together() -> None:
    columns = (Column((para(numbered(12, "left")),)), Column((para(numbered(5, "rght")),)))
    result = place(SideBySide(columns, 10, "p"), width=100, height=84)
    assert result.read() == numbered(12, "left") + numbered(5, "rght")
    assert [len(result.lines(page.number)) for page in result.pages] == [7, 5]


def test_a_column_without_width_is_refused() -> None:
    columns = (Column((para("a"),)), Column((para("b"),), 0, source=Source("a.xml", 3)))
    with pytest.raises(LayoutError, match="has no width"):
        place(SideBySide(columns, style="p"))


def test_a_picture_is_never_wider_than_its_column() -> None:
    result = place(picture(400, 100))
    (image,) = [item for _, item in result.items() if isinstance(item, PlacedImage)]
    assert (image.width, image.height) == (200, 50)


def test_a_caption_stays_with_its_picture() -> None:
    result = place(
        para(numbered(4, "aaaa")), picture(60, 60, caption=(Text("Here"),)), width=60, height=120
    )
    assert result.lines(2) == ["Here"]
    assert any(isinstance(item, PlacedImage) for item in result.pages[1].items)


def test_a_picture_too_high_for_a_page_is_refused_by_name() -> None:
    with pytest.raises(LayoutError) as error:
        place(picture(100, 900, source=Source("how.md", 12)), height=640)
    assert str(error.value) == (
        "how.md:12: the picture “map” is 900 points high; the page has room for 640. "
        "Make it smaller or shorter: a picture by its width, text by splitting it."
    )


def test_a_picture_too_high_within_boxes_is_still_named() -> None:
    item = ListItem((Panel((para("x"), picture(100, 900, source=Source("how.md", 12))), "panel"),))
    with pytest.raises(LayoutError, match=r"how.md:12: the picture “map”"):
        place(ListBlock((item,), style="list"), height=640)


def test_writing_lines_without_a_gap_move_on_whole() -> None:
    styles = {**STYLES, "lines": Style(line_gap=0, space_before=1500)}
    result = place(para("before"), WritingLines(6, "lines"), height=100, styles=styles)
    pages = [page.number for page, item in result.items() if isinstance(item, PlacedLine)]
    assert pages == [2] * 6


def test_writing_lines_split_and_are_heard_once() -> None:
    styles = {**STYLES, "lines": Style(line_gap=25)}
    result = place(WritingLines(6, "lines"), height=100, styles=styles)
    drawn = [[item for item in page.items if isinstance(item, PlacedLine)] for page in result.pages]
    assert [len(lines) for lines in drawn] == [4, 2]
    (leaf,) = {line.leaf for lines in drawn for line in lines}
    assert leaf
    assert leaf.elem.actual_text == "line to write on, 6 lines"
    heard = transcribe(paint(result.document, result.tree, result.pages)[0]).lines
    assert "\n".join(heard).count("line to write on") == 1


def test_a_rule_is_a_line_of_the_styles_colour() -> None:
    result = place(Rule("p"))
    (line,) = [item for _, item in result.items() if isinstance(item, PlacedRect)]
    assert (line.width, line.height, line.fill) == (200, 0.75, "#000000")


# --- pages, masters, frames ---


def masters(**frames: tuple[tuple[Frame, ...], str]) -> dict[str, PageMaster]:
    return {name: PageMaster(name, boxes, (), next) for name, (boxes, next) in frames.items()}


def test_an_empty_document_has_one_page() -> None:
    assert len(place().pages) == 1


def test_a_page_break_may_name_a_master() -> None:
    tall = (Frame(50, 60, 200, 400),)
    pages = place(
        para("a"), PageBreak("last"), para("b"), masters=masters(main=(tall, ""), last=(tall, ""))
    ).pages
    assert [page.master for page in pages] == ["main", "last"]


def test_page_breaks_in_a_row_or_at_the_end_make_no_empty_page() -> None:
    result = place(PageBreak(), para("a"), PageBreak(), PageBreak(), para("b"), PageBreak())
    assert [result.lines(1), result.lines(2), len(result.pages)] == [["a"], ["b"], 2]


def test_an_unknown_master_names_those_there_are() -> None:
    with pytest.raises(LayoutError, match=r"a.xml:3: there is no page master “back”.*main"):
        place(para("a"), PageBreak("back", Source("a.xml", 3)), para("b"))


def test_a_master_may_be_followed_by_another() -> None:
    first, other = (Frame(50, 60, 44, 36),), (Frame(50, 60, 44, 72),)
    made = masters(main=(first, "rest"), rest=(other, ""))
    result = place(para(numbered(14)), masters=made)
    assert [len(result.lines(page.number)) for page in result.pages] == [3, 6, 5]


def test_a_style_can_start_a_page() -> None:
    styles = {**STYLES, "new": replace(PLAIN, page_break_before=True)}
    result = place(para("a", "new"), para("b", "new"), styles=styles)
    assert [result.lines(1), result.lines(2)] == [["a"], ["b"]]


def test_a_page_break_in_a_box_is_refused() -> None:
    panel = Panel((para("a"), PageBreak(source=Source("x.xml", 2)), para("b")), "panel")
    with pytest.raises(LayoutError, match=r"x.xml:2: a page break cannot stand in a box"):
        place(panel)


def test_text_flows_through_frames_of_different_widths() -> None:
    frames = (Frame(50, 60, 44, 48), Frame(150, 60, 130, 48))
    text = numbered(40)
    result = place(para(text), masters=masters(main=(frames, "")))
    assert result.read() == text
    first = [item for item in result.texts(1) if item.x < 100]
    second = [item for item in result.texts(1) if item.x >= 150]
    assert len(first) == 4
    assert len(second) == 4
    assert len(second[0].text) > len(first[0].text)


def test_what_only_a_later_frame_can_hold_waits_for_it() -> None:
    frames = (Frame(50, 60, 100, 50), Frame(200, 60, 100, 300))
    result = place(picture(100, 200), masters=masters(main=(frames, "")))
    (image,) = [item for _, item in result.items() if isinstance(item, PlacedImage)]
    assert image.x == 200


def test_a_nearly_empty_last_page_is_avoided_by_closer_gaps() -> None:
    blocks: list[Block] = [para(numbered(3), "spaced") for _ in range(11)]
    # 11 × 36 + 10 × 6 = 456: at a height of 440 the last paragraph would stand alone.
    result = place(*blocks, width=NARROW, height=440)
    assert len(result.pages) == 1
    gaps = {round(a.y - b.y, 2) for a, b in zip(result.texts(), result.texts()[1:], strict=False)}
    assert gaps == {12, 16.2}


def test_gaps_stay_as_they_are_when_closer_ones_do_not_help() -> None:
    blocks: list[Block] = [para(numbered(3), "spaced") for _ in range(12)]
    result = place(*blocks, width=NARROW, height=440)
    assert len(result.pages) == 2
    gaps = {round(a.y - b.y, 2) for a, b in zip(result.texts(1), result.texts(1)[1:], strict=False)}
    assert gaps == {12, 18}


def test_contents_may_stand_in_columns() -> None:
    styles = {**STYLES, "c": replace(PLAIN, columns=2, item_gap=3)}
    heads = [heading(f"H{number}", f"h{number}") for number in range(5)]
    entries = tuple(ContentsEntry((Text(f"E{number}"),), f"h{number}") for number in range(5))
    result = place(Contents(entries, "c"), *heads, styles=styles, width=240)
    found = {
        item.text: (item.x, round(-item.y)) for item in result.texts() if item.text.startswith("E")
    }
    left, right = ({found[name][0] for name in names} for names in (("E0", "E2"), ("E3", "E4")))
    assert max(left) + 100 < min(right)
    assert found["E0"][1] == found["E3"][1]
    assert found["E1"][1] - found["E0"][1] == 15
    assert result.read().startswith("E0E1E2E3E4")


# --- anchors, slots, running content ---


def test_headings_and_ids_are_anchors() -> None:
    section = Section((heading("A"), para("x")), "p", "sect")
    item = ListItem((para("note"),), 1)
    result = place(section, ListBlock((item,), style="list"), heading("B", "b"), para("y"))
    anchors = [item for _, item in result.items() if isinstance(item, PlacedAnchor)]
    assert [(anchor.elem.id, anchor.elem.tag) for anchor in anchors] == [
        ("sect", "Sect"), ("", "H1"), ("ref-1", "Note"), ("b", "H1"),
    ]  # fmt: skip
    assert anchors[0].y == 792 - 60


def test_a_split_block_is_anchored_once() -> None:
    block = Paragraph((Text(numbered(30)),), "p", "long")
    result = place(block, width=NARROW, height=120)
    assert [page.number for page, item in result.items() if isinstance(item, PlacedAnchor)] == [1]


def test_slots_know_pages_and_where_blocks_start() -> None:
    slots = Paragraph(
        (Slot("page"), Text(" "), Slot("pages"), Text(" "), Slot("page-of:goal")), "p"
    )
    goal = Paragraph((Text("goal"),), "p", "goal")
    result = place(slots, PageBreak(), para("b"), PageBreak(), goal)
    assert [item.text for _, item in result.items() if isinstance(item, PlacedSlot)] == [
        "1", "3", "3",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["pagse", "page-of:nowhere"])
def test_a_slot_that_nothing_fills_names_its_source(name: str) -> None:
    with pytest.raises(LayoutError, match=f"a.xml:5.*{name}"):
        place(Paragraph((Slot(name, source=Source("a.xml", 5)),), "p"))


def running(*blocks: Block, height: float = 14, kind: str = "Footer") -> dict[str, PageMaster]:
    part = Running(Frame(50, 740, 200, height), blocks, kind)  # type: ignore[arg-type]
    return {"main": PageMaster("main", (Frame(50, 60, 200, 48),), (part,))}


def test_running_content_is_an_artifact_on_each_page_with_its_own_number() -> None:
    footer = Paragraph((Text("Page "), Slot("page", "000"), Text(" of "), Slot("pages")), "p")
    result = place(para("word " * 60), masters=running(footer))
    slots = [item for _, item in result.items() if isinstance(item, PlacedSlot)]
    count = len(result.pages)
    assert count > 1
    assert [slot.text for slot in slots] == [
        text for page in range(1, count + 1) for text in (str(page), str(count))
    ]
    assert all(slot.leaf is None for slot in slots)
    first = next(item for item in result.texts(1) if item.text == " of ")
    # No room is left for the two digits that the number could have had.
    assert first.x == pytest.approx(slots[0].x + slots[0].face.width("1", 10))


def test_a_watermark_lies_below_the_content() -> None:
    result = place(para("text"), masters=running(para("DRAFT"), kind="Watermark"))
    assert [item.text for item in result.texts()] == ["DRAFT", "text"]


def test_a_watermark_stands_at_the_lower_edge_of_its_frame() -> None:
    above, below = (
        place(para("text"), masters=running(para("DRAFT"), kind="Watermark", height=height))
        for height in (12, 30)
    )
    assert above.texts()[0].y - below.texts()[0].y == pytest.approx(18)


def test_running_content_higher_than_its_frame_is_refused() -> None:
    block = Paragraph((Text("one"),), "p", source=Source("l.xml", 8))
    with pytest.raises(LayoutError, match=r"l.xml:8: the footer is 12 points high.*room for 6"):
        place(para("text"), masters=running(block, height=6))


def test_an_unknown_style_names_its_source() -> None:
    with pytest.raises(LayoutError, match=r"a.md:2: the style “blink”"):
        place(Paragraph((Text("x"),), "blink", source=Source("a.md", 2)))
