"""Sizes, leading and contrast of each text in its place: the limit itself passes, less does not."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handouts.contract.colours import ratio
from handouts.contract.rules import SIZES
from handouts.contract.sizes import size_findings
from handouts.contract.words import Placed
from handouts.errors import Source
from handouts.model import (
    Abbr,
    Block,
    Cell,
    Cite,
    Contents,
    ContentsEntry,
    Document,
    Figure,
    FigureLabel,
    Frame,
    Group,
    Heading,
    InlineStyle,
    LayoutKind,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Notice,
    PageMaster,
    Panel,
    Paragraph,
    QRFigure,
    Row,
    Running,
    Section,
    Span,
    Style,
    Table,
    Text,
    WritingLines,
)
from handouts.model.handout import HandoutSection
from tests.flow.placing import plain_document
from tests.model.samples import sample

HERE = Source("layouts/own/handout.xml.j2", 7)
#: The smallest sizes that each kind promises, in points; written out, so that none can slip.
LEAST: dict[LayoutKind, dict[str, float]] = {
    "patient": {"text": 12, "notice": 9.5, "small": 9.5, "running": 9, "raised": 8, "label": 12},
    "partial": {"text": 12, "notice": 9.5, "small": 9.5, "running": 9, "raised": 8, "label": 12},
    "large-print": {
        "text": 18,
        "notice": 18,
        "small": 16,
        "running": 16,
        "raised": 16,
        "label": 17,
    },
    "enclosure": {"text": 10, "notice": 8, "small": 8, "running": 8, "raised": 8, "label": 10},
    "poster": {"text": 36, "notice": 12, "small": 12, "running": 12, "raised": 12, "label": 24},
}
KINDS = tuple(SIZES)


def words(style: str = "own", *more: Any) -> Paragraph:
    return Paragraph((Text("words"), *more), style=style, source=HERE)


def document(block: Block, own: Style, running: bool = False, **styles: Style) -> Document:
    """A document whose styles suit every kind of layout, but for ``own``."""
    plain = plain_document(block)
    fine = Style(size=36, leading=42)
    known = dict.fromkeys((*plain.styles, "p", "box", "caption"), fine)
    master = plain.masters[plain.first_master]
    if running:
        part = Running(Frame(0, 0, 500, 50), (block,))
        master = PageMaster(master.name, master.frames, (part,))
    return replace(
        plain,
        blocks=() if running else (block,),
        styles={**known, "own": own, **styles},
        inline_styles={"link": InlineStyle(), "cite": InlineStyle(scale=0.5)},
        masters={master.name: master},
    )


def origin(table: str, name: str, key: str) -> tuple[Source, str]:
    """A layout with a file for each style, and a line for each key."""
    return Source(f"{table}.{name}.{key}", 1), "brand.text" if key == "colour" else ""


def found(
    made: Document, kind: LayoutKind = "patient", role: str = "plain", locked: bool = False
) -> list[str]:
    placed = []
    for node in made.blocks:
        if isinstance(node, Section):
            section: Any = _section(node, role)
            placed.append(Placed(section, node, node.children))
    findings = size_findings(made, placed, {"s"} if locked else (), kind, origin)
    assert all(one.source and one.remedy for one in findings)
    return [one.message for one in findings]


def _section(node: Section, role: str) -> HandoutSection:
    from datetime import date

    day = date(2026, 12, 1)
    meant = tuple(
        replace(one, style="warning") if isinstance(one, Panel) else one  # as content has it
        for one in node.children
    )
    return HandoutSection("s", "S", meant, role, False, "1", day, day, HERE)


def in_list(item: ListItem) -> ListBlock:
    return ListBlock((item,), Marker.DISC, style="box")


#: Where a text may stand, and which of the sizes it then needs.
PLACES: dict[str, tuple[Any, str, bool]] = {
    "a paragraph": (words(), "text", False),
    "a heading": (Heading((Text("words"),), style="own", source=HERE), "text", False),
    "an item": (in_list(ListItem((words(),))), "text", False),
    "a numbered item": (
        ListBlock((ListItem((words("p"),)),), Marker.NUMBER, style="own", source=HERE), "text",
        False,
    ),
    "a cell": (
        Table((), (), (Row((Cell((words(),), style="box"),)),), style="box"), "text", False,
    ),
    "contents": (
        Contents((ContentsEntry((Text("words"),), "s", source=HERE),), style="own"), "text", False,
    ),
    "a reference": (in_list(ListItem((words(),), reference=1)), "small", False),
    "a notice": (Notice((words(),), "status", style="box"), "notice", False),
    "a footer": (words(), "running", True),
    "a mark": (Notice((words(),), "mark", style="box"), "running", True),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", PLACES)
def test_each_place_has_its_smallest_size(place: str, kind: LayoutKind) -> None:
    block, what, running = PLACES[place]
    least = LEAST[kind][what]
    for size, right in ((least, True), (least - 0.1, False)):
        made = document(block, Style(size=size, leading=size * 1.2), running)
        assert (found(made, kind) == []) is right, size


def test_a_list_without_items_or_style_has_no_numbers_to_look_at() -> None:
    """The flow refuses a style that is missing, and says where."""
    item = ListItem((words("p"),))
    tiny = Style(size=1, leading=36, colour=PALE)
    for items, style in (((), "own"), ((item,), "missing")):
        numbers = ListBlock(items, Marker.NUMBER, style=style, source=HERE)
        assert found(document(numbers, tiny)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_largest_size(kind: LayoutKind) -> None:
    largest = 96 if kind == "poster" else 40
    for size, right in ((largest, True), (largest + 0.1, False)):
        made = document(words(), Style(size=size, leading=size * 1.2))
        assert (found(made, kind) == []) is right


@pytest.mark.parametrize("kind", KINDS)
def test_raised_numbers_have_a_smallest_size(kind: LayoutKind) -> None:
    least = LEAST[kind]["raised"]
    for size, right in ((least, True), (least - 0.1, False)):
        scale = size / 36
        made = document(words("p", Cite("key", 1)), Style())
        made = replace(made, inline_styles={"cite": InlineStyle(scale=scale)})
        assert (found(made, kind) == []) is right


@pytest.mark.parametrize(
    "block",
    [
        QRFigure("https://example.org", "A code", 84, (Text("words"),), style="box", source=HERE),
        Table(
            (Text("words"),),
            (),
            (Row((Cell((words("p"),), style="box"),)),),
            style="box",
            source=HERE,
        ),
    ],
)
def test_a_caption_is_text(block: Block) -> None:
    for size, right in ((12, True), (11.9, False)):
        own = Style(size=size, leading=14)
        assert (found(document(block, own, box=own, caption=own)) == []) is right


@pytest.mark.parametrize("kind", KINDS)
def test_labels_in_pictures_have_a_smallest_size(kind: LayoutKind) -> None:
    least = LEAST[kind]["label"]
    label = FigureLabel((Text("words"),), 4, 20, 40, style="own", source=HERE)
    for size, right in ((least, True), (least - 0.1, False)):
        block = replace(sample(Figure), labels=(label,), style="p", source=HERE)
        assert (found(document(block, Style(size=size, leading=size * 1.2)), kind) == []) is right


@pytest.mark.parametrize(
    "node", [Span((Text("x"),), "tiny"), Link((Text("x"),), "tel:911"), Abbr((Text("x"),), "y")]
)
def test_no_words_within_words_are_smaller(node: Any) -> None:
    made = document(words("own", node), Style(size=15, leading=18))
    for scale, right in ((0.8, True), (0.79, False), (2.7, False)):
        change = InlineStyle(scale=scale)
        scaled = replace(made, inline_styles=dict.fromkeys(("tiny", "link", "abbr"), change))
        assert (found(scaled) == []) is right


def test_small_print_is_a_matter_of_role_and_never_of_what_protects() -> None:
    section = Section((words(),), id="s", style="box", source=HERE)
    made = document(section, Style(size=9.5, leading=12))
    assert found(made, role="small") == []
    assert found(made, role="plain") != []
    assert found(made, role="small", locked=True) != []


def test_no_element_around_a_section_makes_it_small_print() -> None:
    section = Section((words(),), id="s", style="box", source=HERE)
    made = document(section, Style(size=9.5, leading=12))
    placed = Placed(_section(section, "plain"), section, section.children)
    made = replace(made, blocks=(in_list(ListItem((section,), reference=1)),))
    assert "9.5 points" in size_findings(made, [placed], (), "patient", origin)[0].message


@pytest.mark.parametrize("size", [12, 20, 40])
def test_leading(size: float) -> None:
    for leading, right in ((size * 1.15, True), (size * 1.14, False), (0.0, False)):
        made = document(words(), Style(size=size, leading=leading))
        assert (found(made) == []) is right


def test_a_finding_names_the_line_that_sets_the_value() -> None:
    """Whoever mends it opens layout.toml there; which text it hit stands beside it."""
    tiny, pale = Style(size=5, leading=6), Style(size=30, leading=36, colour="#cccccc")
    dark = replace(pale, background="#bbbbbb")
    tight = Style(size=30, leading=20)
    for style, line, remedy in (
        (tiny, "styles.own.size:1", "Set size of [styles.own] in layout.toml."),
        (tight, "styles.own.leading:1", "Set leading of the style own in layout.toml."),
        (replace(tight, leading=99), "styles.own.leading:1", "Keep leading below 2.5 times"),
        (pale, "styles.own.colour:1", "Change this colour, or text in brand.toml."),
        (dark, "styles.own.colour:1", "the background at styles.own.background:1, or text in b"),
    ):
        (finding,) = size_findings(document(words(), style), (), (), "patient", origin)
        assert str(finding.source) == line
        assert remedy in finding.remedy
        assert "such as those of layouts/own/handout.xml.j2:7" in finding.message
    (finding,) = size_findings(
        document(Paragraph((Text("x"),), "own"), tiny), (), (), "patient", origin
    )
    assert "such as" not in finding.message


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (InlineStyle(scale=0.2), "inline.new.scale:1"),
        (InlineStyle(colour="#cccccc"), "inline.new.colour:1"),
    ],
)
def test_words_within_words_are_blamed_for_what_they_change(change: InlineStyle, line: str) -> None:
    made = document(words("own", Span((Text("x"),), "new")), Style(size=30, leading=36))
    made = replace(made, inline_styles={"new": change})
    (finding,) = size_findings(made, (), (), "patient", origin)
    assert str(finding.source) == line


def test_tables_and_lists_are_blamed_for_their_colours() -> None:
    row = Row((Cell((words("p"),), style="box"),))
    table = Table((), (row,), (row, row), style="own", source=HERE)
    numbers = ListBlock((ListItem((words("p"),)),), Marker.NUMBER, style="own", source=HERE)
    fine = Style(size=30, leading=36)
    for block, style, line in (
        (table, replace(fine, header_colour=PALE), "styles.own.header_colour:1"),
        (table, replace(fine, header_background="#333333"), "styles.own.header_background:1"),
        (table, replace(fine, zebra="#333333"), "styles.own.zebra:1"),
        (numbers, replace(fine, marker_colour=PALE), "styles.own.marker_colour:1"),
        (numbers, replace(fine, colour=PALE), "styles.own.colour:1"),
    ):
        (finding,) = size_findings(document(block, style), (), (), "patient", origin)
        assert line in (str(finding.source), finding.remedy.partition(" at ")[2].partition(",")[0])


# --- contrast ---


PALE, GREY = "#777777", "#6b6b6b"  # 4.48:1 and 5.3:1 on white


def test_letters_stand_out_from_the_nearest_background() -> None:
    assert ratio(PALE, "#ffffff") < 4.5 < ratio(GREY, "#ffffff") < 7
    assert found(document(words(), Style(size=30, leading=36, colour=GREY))) == []
    assert found(document(words(), Style(size=30, leading=36, colour=PALE))) != []
    dark = Style(size=30, leading=36, background="#222222")
    inside = Group((words("p"),), style="own", source=HERE)
    assert "#000000 on #222222" in found(document(inside, dark))[0]
    light = replace(dark, background="#ffffff")
    between = Group((Group((words("p"),), style="light"),), style="own")
    assert found(document(between, dark, light=light)) == []


@pytest.mark.parametrize("role", ["warning", "plain"])
@pytest.mark.parametrize("panel", [True, False])
def test_warnings_stand_out_more(role: str, panel: bool) -> None:
    inside: Block = Panel((words(),), style="box", source=HERE) if panel else words()
    section = Section((inside,), id="s", style="box", source=HERE)
    made = document(section, Style(size=30, leading=36, colour=GREY))
    assert (found(made, role=role) == []) is (role == "plain" and not panel)


@pytest.mark.parametrize(("marker", "fine"), [(Marker.DISC, True), (Marker.NUMBER, False)])
def test_signs_of_a_list_stand_out_like_icons_and_numbers_like_words(
    marker: Marker, fine: bool
) -> None:
    block = ListBlock((ListItem((words("p"),)),), marker, style="own", source=HERE)
    made = document(block, Style(size=30, leading=36, marker_colour=PALE))
    assert (found(made, role="warning") == []) is fine
    made = document(block, Style(size=30, leading=36, marker_colour="#aaaaaa"))
    assert found(made) != []


def test_colours_of_words_numbers_heads_and_stripes_count() -> None:
    span = words("p", Span((Text("x"),), "pale"))
    made = replace(document(span, Style()), inline_styles={"pale": InlineStyle(colour=PALE)})
    assert PALE in found(made)[0]
    numbers = ListBlock((ListItem((words("p"),)),), Marker.NUMBER, style="own", source=HERE)
    assert PALE in found(document(numbers, Style(size=30, leading=36, marker_colour=PALE)))[0]
    assert PALE in found(document(numbers, Style(size=30, leading=36, colour=PALE)))[0]
    row = Row((Cell((words("p"),), style="box"),))
    table = Table((), (row,), (row, row), style="own", source=HERE)
    for change in (
        {"header_colour": PALE},
        {"header_background": "#333333"},
        {"zebra": "#333333"},
    ):
        wrong = found(document(table, Style(size=30, leading=36, **change)))  # type: ignore[arg-type]
        assert len(wrong) == 1, change
    striped = Style(size=30, leading=36, zebra="#333333")
    assert found(document(replace(table, body=(row,)), striped)) == []
    # No table paints its background.
    black = Style(size=30, leading=36, header_colour="#ffffff", background="#000000")
    (message,) = found(document(table, black))
    assert "#ffffff on #ffffff" in message
    head = {"header_colour": "#ffffff", "header_background": "#333333"}
    assert found(document(table, Style(size=30, leading=36, **head))) == []  # type: ignore[arg-type]


def test_each_style_is_told_once() -> None:
    made = document(Group((words(), words(), words()), style="box"), Style(size=1, leading=0.5))
    assert [message.split(" of ")[0] for message in found(made)] == ["lines", "text has letters"]


def test_every_style_place_and_background_is_told() -> None:
    """Whoever mends the first finding must not meet the next one only then."""
    tiny = Style(size=1, leading=16)
    notice = Notice((words(),), "status", style="box")
    made = document(Group((words(), words("other"), notice), style="box"), tiny, other=tiny)
    assert len(found(made)) == 3
    pale, paler = (Style(size=30, leading=36, colour=colour) for colour in (PALE, "#aaaaaa"))
    ground = replace(pale, background="#eeeeee")
    inside = Group((words(),), style="ground", source=HERE)
    span = words("own", Span((Text("x"),), "paler"))
    made = document(Group((span, words("other"), inside), style="box"), pale, other=paler)
    made = replace(
        made,
        styles={**made.styles, "ground": ground},
        inline_styles={"paler": InlineStyle(colour=paler.colour)},
    )
    assert len(found(made)) == 4


def test_lines_to_write_on_have_room_and_can_be_seen() -> None:
    block = Group((WritingLines(3, style="own", source=HERE),), style="box")

    def lines(own: Style, background: str = "") -> list[str]:
        return found(document(block, own, box=Style(background=background)))

    assert lines(Style(line_gap=14)) == []
    assert lines(Style(line_gap=13.9)) == [
        f"lines to write on are 13.9 points apart (style own), such as those of {HERE}; "
        "handwriting needs 14."
    ]
    assert lines(Style(colour="#949494")) == []
    assert lines(Style(colour="#ffffff", border_colour="#949494")) == []
    assert lines(Style(border_colour="#959595")) == [
        f"lines to write on are #959595 on #ffffff (style own), such as those of {HERE}: "
        "a contrast of 2.9:1; here it is 3:1 or more."
    ]
    assert len(lines(Style(colour="#949494"), background="#eeeeee")) == 1
    # They draw no background of their own.
    assert len(lines(Style(colour="#ffffff", background="#000000"))) == 1
