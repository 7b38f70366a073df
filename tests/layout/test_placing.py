"""A rendered template becomes Blocks: content in place, levels by nesting, values only text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields, replace

from handouts.layout import lay_out, load_layout
from handouts.layout.trial import sample_handout
from handouts.model import (
    Abbr,
    Approval,
    Blank,
    Cell,
    Contents,
    Document,
    Figure,
    Heading,
    Icon,
    Link,
    ListBlock,
    ListItem,
    Marker,
    PageBreak,
    Panel,
    Paragraph,
    Phone,
    Scope,
    Section,
    SideBySide,
    Slot,
    Span,
    Status,
    Table,
    Text,
    WritingLines,
    plain_text,
)
from handouts.pdf.structure import build_structure
from handouts.workspace import Workspace
from tests.layout.conftest import Bench, a_handout

NASTY = "*Ann* [x](http://e.org) {{ x }} {% set y = 1 %} <b> &amp; <?content 0?> \"'"


def walk(node: object) -> Iterator[Any]:
    """Every node of a document, in order."""
    if isinstance(node, tuple):
        for item in node:
            yield from walk(item)
    elif isinstance(node, Struct):
        yield node
        for item in fields(node):
            yield from walk(getattr(node, item.name))


def only(document: Document, kind: type) -> Any:
    """The only node of a kind among the document's blocks."""
    (found,) = (node for node in walk(document.blocks) if isinstance(node, kind))
    return found


def words(document: Document) -> str:
    return "\n".join(
        plain_text(node.children)
        for node in walk(document.blocks)
        if isinstance(node, Paragraph | Heading)
    )


def levels(document: Document) -> list[str]:
    return [elem.tag for _, elem in build_structure(document).headings]


def test_no_value_turns_into_markup(bench: Bench) -> None:
    bench.template('<p id="{{ handout.condition }}">{{ handout.title }}</p>')
    document = bench.lay_out(replace(a_handout(), title=NASTY))
    (block,) = document.blocks
    assert isinstance(block, Paragraph)
    assert [type(node) for node in block.children] == [Text]
    assert plain_text(block.children) == NASTY


@given(title=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_stays_text(bench: Bench, title: str) -> None:
    bench.template("<p>x{{ handout.title }}x</p>")
    (block,) = bench.lay_out(replace(a_handout(), title=title)).blocks
    assert isinstance(block, Paragraph)
    if "￾" not in title and "￿" not in title:
        assert " ".join(plain_text(block.children).split(" ")).replace(" ", "") == (
            f"x{title}x".replace(" ", "")
        )


def test_a_character_that_is_no_text_is_named(bench: Bench) -> None:
    bench.template("<p>fine</p>\n<p>{{ handout.title }}</p>")
    handout = replace(a_handout(), title="a\x00b")
    (problem,) = bench.problems(lambda: bench.lay_out(handout))
    assert problem.startswith("handout.xml.j2:3: prints a value with the character U+0000")


def test_content_stands_in_its_place(bench: Bench) -> None:
    document = bench.lay_out()
    sections = [block for block in document.blocks if isinstance(block, Section)]
    assert [section.id for section in sections] == [part.id for part in a_handout().sections]
    assert isinstance(sections[0].children[0], Heading)
    assert words(document).split("\n")[1].startswith("Words, and strong ones.")


def test_sources_survive(bench: Bench) -> None:
    bench.template("<p>one</p>\n\n<p>two</p>")
    first, second = bench.lay_out().blocks
    assert first.source.line == 2
    assert second.source.line == 4


def test_heading_level_follows_from_nesting(bench: Bench) -> None:
    bench.template(
        "<h>one</h><section><h>two</h><section><h>three</h></section></section><section><h>two</h>"
        "{% for s in handout.sections if s.id == 'plain' %}{{ s.body }}{% endfor %}</section>"
    )
    assert levels(bench.lay_out())[:5] == ["H1", "H2", "H3", "H2", "H3"]


def test_content_in_a_deeper_section_has_deeper_headings(bench: Bench) -> None:
    bench.template(
        "<h>one</h><section><h>two</h><section><h>three</h>"
        "{% for s in handout.sections if s.id == 'plain' %}{{ s.body }}{% endfor %}"
        "</section></section>"
    )
    assert set(levels(bench.lay_out())[3:]) == {"H4"}


def test_levels_have_no_gaps(bench: Bench) -> None:
    bench.template("<h>one</h><section><section><section><h>deep</h></section></section></section>")
    assert levels(bench.lay_out()) == ["H1", "H2"]


def test_white_space_is_as_in_html(bench: Bench) -> None:
    bench.template("<p>\n  one\n  <strong> two </strong> three<br/>\n  four&nbsp;\n</p>")
    assert words(bench.lay_out()) == "one two three four\u00a0"


def test_words(bench: Bench) -> None:
    bench.settings("[inline.loud]\nbold = true\n")
    bench.template(
        '<p><a href="tel:911" title="Call 911">call</a> <abbr title="two words">TW</abbr> '
        '<checkbox spoken="box"/> <icon name="arrow" spoken="to"/> '
        '<blank width="50" spoken="line"/> <slot name="pages"/> {{ edition }} '
        '<span class="loud" lang="es">hola</span> <em>so</em></p>'
    )
    document = bench.lay_out()
    link = only(document, Link)
    assert (link.href, link.description) == ("tel:911", "Call 911")
    assert only(document, Abbr).expansion == "two words"
    assert [node.name for node in walk(document.blocks) if isinstance(node, Icon)] == [
        "checkbox",
        "arrow",
    ]
    assert only(document, Blank).width == 50.0
    assert only(document, Slot).name == "pages"
    spans = [node for node in walk(document.blocks) if isinstance(node, Span)]
    assert [(span.style, span.lang) for span in spans] == [("loud", "es"), ("em", "")]
    assert f" {document.edition} " in words(document)


def test_lists(bench: Bench) -> None:
    bench.template(
        '<ul marker="checkbox"><li>one</li><li><p>two</p><p>more</p></li></ul>'
        '<ol start="3"><li reference="4">three</li></ol><ul></ul>'
    )
    boxes, numbers = bench.lay_out().blocks
    assert isinstance(boxes, ListBlock)
    assert boxes.marker is Marker.CHECKBOX
    assert [len(item.children) for item in boxes.items] == [1, 2]
    assert isinstance(numbers, ListBlock)
    assert (numbers.start, numbers.items[0].reference) == (3, 4)


def test_tables(bench: Bench) -> None:
    bench.template(
        '<table widths="2 1"><caption>Cap</caption><thead><tr><th>a</th><th>b</th></tr></thead>'
        '<tbody><tr><th>c</th><td/></tr><tr><td colspan="2"><p>d</p></td></tr></tbody></table>'
    )
    table = only(bench.lay_out(), Table)
    assert table.widths == (2.0, 1.0)
    assert [cell.scope for cell in table.head[0].cells] == [Scope.COLUMN, Scope.COLUMN]
    assert [cell.scope for cell in table.body[0].cells] == [Scope.ROW, None]
    assert table.body[1].cells[0].colspan == 2


def test_a_table_without_caption_is_refused(bench: Bench) -> None:
    bench.template("<table><tbody><tr><td>a</td></tr></tbody></table>")
    (problem,) = bench.problems(bench.lay_out)
    assert problem.startswith("handout.xml.j2:2: <table> has no caption.")


def test_an_empty_paragraph_is_refused(bench: Bench) -> None:
    bench.template("<p>{{ handout.subtitle }}</p>")
    (problem,) = bench.problems(lambda: bench.lay_out(replace(a_handout(), subtitle="")))
    assert problem.startswith("handout.xml.j2:2: <p> is empty.")


def test_an_attribute_from_a_value_is_checked(bench: Bench) -> None:
    bench.template('<p id="{{ handout.title }}">a</p>')
    (problem,) = bench.problems(bench.lay_out)
    assert problem.startswith('handout.xml.j2:2: id="A made-up handout" on <p> must be a name')


def test_print_elements(bench: Bench) -> None:
    bench.template(
        '<side-by-side gap="9"><column width="2"><logo/></column><column><p>b</p></column>'
        '</side-by-side><aside><p>c</p></aside><writing-lines count="3"/>'
        '<page-break master="page"/>'
    )
    document = bench.lay_out()
    columns = only(document, SideBySide)
    assert ([column.width for column in columns.columns], columns.gap) == ([2.0, 1.0], 9.0)
    assert only(document, Figure).alt == bench.brand.logo_alt
    assert only(document, Panel)
    assert only(document, WritingLines).count == 3
    assert only(document, PageBreak).master == "page"


def test_contents_list_the_sections(bench: Bench) -> None:
    bench.template(
        '<section id="c"><h>Contents</h><contents/></section>'
        '<section id="a"><h>First</h></section><div><section id="b"><h>Second</h>'
        "</section></div><section><h>Without id</h></section>"
    )
    entries = only(bench.lay_out(), Contents).entries
    assert [(entry.target, plain_text(entry.children)) for entry in entries] == [
        ("a", "First "),
        ("b", "Second "),
    ]


def test_pictures_lie_in_the_layouts_folder(bench: Bench) -> None:
    space = "http://www.w3.org/2000/svg"
    path = '<path d="M0 0H9V9Z" fill="#000000"/>'
    bench.write("small/dot.svg", f'<svg xmlns="{space}" viewBox="0 0 9 9">{path}</svg>')
    bench.template(
        '<figure image="dot.svg" alt="A dot" width="40"><figcaption>Dot</figcaption></figure>'
    )
    figure = only(bench.lay_out(), Figure)
    assert (figure.alt, figure.width, plain_text(figure.caption)) == ("A dot", 40.0, "Dot")
    assert (figure.image.width, figure.image.height) == (9, 9)


def test_a_picture_that_is_missing_or_broken_is_named(bench: Bench) -> None:
    bench.template('<figure image="no.svg" alt="A dot" width="40"/>')
    assert "handout.xml.j2:2: there is no picture “no.svg”" in bench.problems(bench.lay_out)[0]
    bench.write("small/no.svg", "not a picture")
    (problem,) = bench.problems(bench.lay_out)
    assert problem.startswith("no.svg:1: is not well-formed XML")


def test_running_parts_stand_on_their_masters(bench: Bench) -> None:
    bench.settings("[masters.last]\nframes = [{ top = 9, left = 9, right = 9, bottom = 9 }]\n")
    bench.template('<footer><p><slot name="page"/> <a href="tel:1">call</a></p></footer><p>a</p>')
    document = bench.lay_out()
    (footer,) = document.masters["page"].running
    assert footer.kind == "Footer"
    # Nobody can follow a link in an Artifact: its words stand alone.
    assert not [node for node in walk(footer.blocks) if isinstance(node, Link)]
    assert document.masters["last"].running == ()


def test_a_running_part_without_a_region_is_refused(bench: Bench) -> None:
    bench.template("<header><p>a</p></header><p>b</p>")
    (problem,) = bench.problems(bench.lay_out)
    assert "no page master has a region header" in problem


def test_geometry_is_relative_to_the_paper(bench: Bench) -> None:
    bench.settings("").write(
        "small/layout.toml",
        (bench.root / "layouts/small/layout.toml").read_text().replace('["letter"]', '["a4"]'),
    )
    document = lay_out(a_handout(), bench.load(), bench.brand, "a4")
    frame = document.masters["page"].frames[0]
    assert frame.width == pytest.approx(595.276 - 144)
    assert frame.height == pytest.approx(841.89 - 144)


def test_a_paper_that_the_layout_is_not_made_for(bench: Bench) -> None:
    (problem,) = bench.problems(lambda: lay_out(a_handout(), bench.load(), bench.brand, "a4"))
    assert "is not made for a4 paper" in problem


def test_a_sample_clinic_has_lines_to_fill_in(bench: Bench) -> None:
    assert bench.brand.sample
    bench.brand = replace(bench.brand, phones=(Phone("Clinic", "(555) 012-3456"),))
    bench.template("<p>{{ brand.phone.number }}</p>{% if brand.phone.known %}<p>x</p>{% endif %}")
    (block,) = bench.lay_out().blocks
    assert isinstance(block, Paragraph)
    assert [type(node) for node in block.children] == [Blank]


def test_a_known_number_is_a_link(bench: Bench) -> None:
    phones = (Phone("Clinic", "(555) 012-3456 x 7"),)
    bench.brand = replace(bench.brand, sample=False, phones=phones)
    bench.template("<p>{{ brand.phone.number }}</p>")
    link = only(bench.lay_out(), Link)
    assert link.href == "tel:5550123456"


BUILT_IN = ("standard", "large-print", "referral", "booklet")


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_draft_says_so_to_eye_and_ear(name: str, bench: Bench) -> None:
    workspace = Workspace(None, bench.root)
    layout = load_layout(workspace, name)
    terms = _interface(workspace)
    draft = sample_handout(layout.facts, terms)
    document = lay_out(draft, layout, bench.brand, "letter")
    notice = "colleague_notice" if layout.facts.audience == "physician" else "draft_notice"
    assert terms[notice] in words(document)
    assert terms["sample_notice"] in words(document)
    for master in document.masters.values():
        marks = [part for part in master.running if part.kind == "Watermark"]
        seen = "".join(node.text for node in walk(marks[0].blocks) if isinstance(node, Text))
        assert terms["sample"] in seen
        assert terms["draft_short"] in seen


@pytest.mark.parametrize("name", BUILT_IN)
def test_an_approved_handout_of_a_clinic_has_no_mark(name: str, bench: Bench) -> None:
    workspace = Workspace(None, bench.root)
    terms = _interface(workspace)
    layout = load_layout(workspace, name)
    draft = sample_handout(layout.facts, terms)
    approved = replace(draft, approval=Approval(Status.APPROVED, "A. Name"))
    brand = replace(bench.brand, sample=False)
    document = lay_out(approved, layout, brand, "letter")
    assert terms["draft_notice"] not in words(document)
    assert terms["colleague_notice"] not in words(document)
    for master in document.masters.values():
        assert all(part.kind != "Watermark" for part in master.running)


@pytest.mark.parametrize("name", BUILT_IN)
def test_title_edition_and_page_stand_on_every_page(name: str, bench: Bench) -> None:
    workspace = Workspace(None, bench.root)
    layout = load_layout(workspace, name)
    handout = sample_handout(layout.facts, _interface(workspace))
    document = lay_out(handout, layout, bench.brand, "letter")
    for master in document.masters.values():
        (footer,) = (part for part in master.running if part.kind == "Footer")
        seen = "".join(node.text for node in walk(footer.blocks) if isinstance(node, Text))
        slots = [node.name for node in walk(footer.blocks) if isinstance(node, Slot)]
        assert handout.title in seen
        assert document.edition in seen
        assert slots == ["page", "pages"]


def test_references_are_printed_once(bench: Bench) -> None:
    bench.template(
        "{% for r in handout.references %}"
        "<ol><li reference='{{ r.number }}'>{{ r.words }}</li></ol>"
        "{% else %}<p>printed by a section</p>{% endfor %}"
    )
    assert only(bench.lay_out(), ListItem).reference == 1
    handout = a_handout()
    listed = ListBlock((ListItem((Paragraph((Text("a"),)),), 1),))
    section = replace(handout.sections[0], body=(Panel((listed,)),))
    assert words(bench.lay_out(replace(handout, sections=(section,)))) == "printed by a section"


def _interface(workspace: Workspace) -> dict[str, str]:
    from handouts import datafile
    from handouts.errors import ContentError

    path = workspace.find("content/interface/en.toml")
    assert path is not None
    return datafile.load(path, "en.toml", ContentError).data


def test_cells_have_boxes_and_words_of_their_own(bench: Bench) -> None:
    bench.settings("").write(
        "small/layout.toml",
        (bench.root / "layouts/small/layout.toml")
        .read_text()
        .replace("[styles.td]", "[styles.td]\nsize = 9\npadding = [4]\n"),
    )
    document = bench.lay_out()
    cell = next(node for node in walk(document.blocks) if isinstance(node, Cell) and not node.scope)
    inside = cell.children[0]
    assert isinstance(inside, Paragraph)
    box, letters = document.styles[cell.style], document.styles[inside.style]
    assert (box.padding.top, letters.padding.top) == (4.0, 0.0)
    assert (box.size, letters.size) == (9.0, 9.0)
