"""Markdown to nodes: what is markup, what stays text, and where it stood."""

from __future__ import annotations

import re

import pytest
from handouts.library.nodes import (
    CitationUse,
    RawBreak,
    RawHeading,
    RawLink,
    RawList,
    RawParagraph,
    RawSpan,
    RawTable,
    RawText,
    ValueUse,
    walk,
    walk_inline,
    words_of,
)
from hypothesis import example, given
from hypothesis import strategies as st

from handouts.errors import Source
from handouts.library.directives import parse_body
from handouts.library.markdown import MAX_DEPTH, Parsed, parse_markdown, parse_words
from handouts.model import Marker


def parse(text: str) -> Parsed:
    return parse_markdown(text, "risks/en.md", 11)


def text_of(parsed: Parsed) -> str:
    """All characters of all texts, with a space between blocks."""
    return " ".join(
        "".join(node.text for node in walk_inline(words_of(block)) if isinstance(node, RawText))
        for block in walk(parsed.blocks)
    )


def only_finding(text: str) -> str:
    (finding,) = parse(text).findings
    return str(finding)


def test_inline_nodes_know_their_lines() -> None:
    (paragraph,) = parse(
        "One **two**\nthree {{ fever }}\\\nfour [@a-1; @b] [five](https://x.org)"
    ).blocks
    line = [Source("risks/en.md", number) for number in range(11, 14)]
    assert isinstance(paragraph, RawParagraph)
    assert paragraph.children == (
        RawText("One ", line[0]),
        RawSpan((RawText("two", line[0]),), "strong", line[0]),
        RawText(" three ", line[0]),
        ValueUse("fever", line[1]),
        RawBreak(line[1]),
        RawText("four ", line[2]),
        CitationUse(("a-1", "b"), line[2]),
        RawText(" ", line[2]),
        RawLink((RawText("five", line[2]),), "https://x.org", line[2]),
    )


def test_names_of_values_are_no_emphasis() -> None:
    (paragraph,) = parse("{{ _a_b }} and {{ c_d_ }} *x {{ y*z }} *").blocks
    assert not any(isinstance(node, RawSpan) for node in words_of(paragraph))


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b> & <script>alert(1)</script>",
        "<!-- a comment --> &amp; &lt;b&gt;",
        "`code` and ``` more",
        "    four spaces before",
        "> not a quotation",
        "https://example.org and <https://example.org>",
        "[x]: https://example.org",
        "Title\n=====",
        "a\n---\nb",
        "P < 0.001",
        r"\{\{ fever }}",
    ],
)
def test_stays_text(text: str) -> None:
    parsed = parse(text)
    assert [type(block) for block in parsed.blocks] == [RawParagraph]
    assert {type(node) for node in words_of(parsed.blocks[0])} == {RawText}
    wanted = text.strip().replace("\n", " ").replace("\\", "")
    assert text_of(parsed) == wanted


@given(st.text(st.sampled_from("ab <>&;\"'/=!?.,:}%$"), min_size=1))
def test_html_stays_text(text: str) -> None:
    assert "".join(text_of(parse(text)).split()) == "".join(text.split())


@given(st.one_of(st.text(), st.text(st.sampled_from("a\r\n\t\x0b\x85\u2028 "))))
@example("a\r\rb {{ x }}")
def test_any_text_is_read(text: str) -> None:
    parsed = parse_body(text, "f.md", 1)
    lines = text.count("\n") + 1
    for block in walk(parsed.blocks):
        assert 1 <= block.source.line <= lines
        for node in walk_inline(words_of(block)):
            assert 1 <= node.source.line <= lines


_PIECES = ("a", "b", " ", "\n", "**", "*", "[", "](https://e.org)", "{{ x }}", "[@k]", "\\", "<b>")
_STARTS = ("- ", "1. ", "### ", "[ ] ", "    ", "- [ ] ", "  - ", "> ")
_DIRECTIVES = ("::: when x", "::: panel key", "::: lang es", ":::", "::: table Key")
_RUNS = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=12).map("".join)
_LINES = st.one_of(
    st.tuples(st.sampled_from(("", *_STARTS)), _RUNS).map("".join), st.sampled_from(_DIRECTIVES)
)


@given(st.lists(_LINES, max_size=20))
def test_no_letter_is_lost(lines: list[str]) -> None:
    """Whatever the markup, the words that an editor typed are read, in their order."""
    typed = "".join(line for line in lines if not line.startswith(":::"))
    found = text_of(parse_body("\n".join(lines), "f.md", 1))
    assert re.findall("[ab]", found) == re.findall("[ab]", typed)


@given(st.lists(st.sampled_from(["p", "", "when", "list", "lang"]), min_size=1, max_size=30))
def test_lines_survive_directives(kinds: list[str]) -> None:
    lines: list[str] = []
    at: list[int] = []
    for kind in kinds:
        if kind in ("when", "lang"):
            lines += ["", f"::: {kind} es"]
        if kind:
            at.append(len(lines) + 1)
            lines.append(f"{'- ' if kind == 'list' else ''}here {len(lines) + 1}")
        if kind in ("when", "lang"):
            lines.append(":::")
        lines.append("")
    parsed = parse_body("\n".join(lines), "f.md", 1)
    paragraphs = [block for block in walk(parsed.blocks) if isinstance(block, RawParagraph)]
    assert [block.source.line for block in paragraphs] == at
    assert [words_of(block)[0] for block in paragraphs] == [
        RawText(f"here {line}", Source("f.md", line)) for line in at
    ]


def test_lists() -> None:
    bullets, numbers, boxes = parse("- a\n- b\n\n3. c\n4. d\n\n- [ ] e\n- [ ] *f*").blocks
    assert isinstance(bullets, RawList)
    assert isinstance(numbers, RawList)
    assert isinstance(boxes, RawList)
    assert [bullets.marker, numbers.marker] == [Marker.DISC, Marker.NUMBER]
    assert numbers.start == 3
    assert boxes.marker is Marker.CHECKBOX
    assert text_of(Parsed((boxes,), ())).split() == ["e", "f"]
    assert [item.source.line for item in boxes.items] == [17, 18]


def test_a_list_with_some_check_boxes() -> None:
    assert only_finding("- [ ] a\n- b").startswith("risks/en.md:11: some items of this list have")


def test_headings_in_a_body() -> None:
    three, four, two = parse("### a\n\n#### b\n\n## c").blocks
    assert isinstance(three, RawHeading)
    assert isinstance(four, RawHeading)
    assert (three.level, four.level) == (3, 4)
    assert only_finding("a\n\n# b").startswith("risks/en.md:13: a heading with # stands in")
    assert isinstance(two, RawHeading)


def test_a_table_with_widths_in_dashes() -> None:
    (table,) = parse("text\n\n| A | B |\n|---|:------:|\n| a \\| b | [@k] |").blocks[1:]
    assert isinstance(table, RawTable)
    assert table.widths == (3.0, 6.0)
    assert table.source.line == 13
    assert [cell.children[0] for cell in table.head] == [
        RawText("A", Source("risks/en.md", 13)),
        RawText("B", Source("risks/en.md", 13)),
    ]
    ((first, second),) = table.rows
    assert first.children == (RawText("a | b", Source("risks/en.md", 15)),)
    assert second.children == (CitationUse(("k",), Source("risks/en.md", 15)),)


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "page.html", "#risks", ""],
)
def test_links_that_cannot_be_used(href: str) -> None:
    assert "cannot be used on paper" in only_finding(f"[words]({href})")


@pytest.mark.parametrize(
    "href", ["https://a.org/b?c=d", "http://a.org", "mailto:a@b.org", "tel:+1555", "HTTPS://A.ORG"]
)
def test_links_that_can(href: str) -> None:
    assert parse(f"[words]({href})").findings == ()


def test_a_link_that_holds_a_value_or_nothing() -> None:
    assert "hold no values" in str(parse("[call](<tel:{{ clinic_phone }}>)").findings[0])
    assert "has no words" in only_finding("[](https://a.org)")


@pytest.mark.parametrize("text", ["[@]", "[@a b]", "[@A]", "[@a;]", "[@a, @b]"])
def test_citations_that_cannot_be_read(text: str) -> None:
    assert "cannot be read" in only_finding(text)


@pytest.mark.parametrize("text", ["{{ }}", "{{ a.b() }}", "{{ Name }}", "{{ a | safe }}"])
def test_values_that_cannot_be_read(text: str) -> None:
    assert "does not name a value" in only_finding(text)


def test_lists_nest_only_so_deep() -> None:
    def nested(depth: int) -> str:
        return "\n".join(f"{'  ' * level}- a" for level in range(depth))

    assert parse(nested(MAX_DEPTH)).findings == ()
    assert "nest more than 8 deep" in only_finding(nested(MAX_DEPTH + 1))


def test_words_of_a_title_hold_values_and_no_markup() -> None:
    source = Source("f.md", 2)
    words, findings = parse_words("*Ann* & {{ area }}!", source)
    assert findings == ()
    assert words == (RawText("*Ann* & ", source), ValueUse("area", source), RawText("!", source))
