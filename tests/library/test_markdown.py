"""Markdown to nodes: what is markup, what stays text, and where it stood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handouts import datafile
from handouts.errors import ContentError, Source
from handouts.library import sections
from handouts.library.directives import parse_body
from handouts.library.markdown import parse_markdown, parse_words
from handouts.library.markdown_tokens import MAX_DEPTH, MAX_PARAGRAPH
from handouts.library.sections import read_section
from handouts.model import (
    Block,
    Cell,
    Cite,
    Heading,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Panel,
    Paragraph,
    Scope,
    Section,
    Span,
    Table,
    Text,
    Value,
)
from handouts.model.tree import inline_of, walk, walk_inline


def parse(text: str) -> tuple[Block, ...]:
    return tuple(block for _, block in parse_markdown(text, "risks/en.md", 11).blocks)


def text_of(blocks: Iterable[Block]) -> str:
    """All characters of all texts, with a space between blocks."""
    return " ".join(
        "".join(node.text for node in walk_inline(inline_of(block)) if isinstance(node, Text))
        for block in walk(blocks)
    )


def findings(text: str) -> list[str]:
    return [str(finding) for finding in parse_markdown(text, "risks/en.md", 11).findings]


def only_finding(text: str) -> str:
    (finding,) = findings(text)
    return finding


def test_inline_nodes_know_their_lines() -> None:
    (paragraph,) = parse("One **two**\nthree {{ fever }}\\\nfour [@a-1; @b] [five](https://x.org)")
    line = [Source("risks/en.md", number) for number in range(11, 14)]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.children == (
        Text("One ", line[0]),
        Span((Text("two", line[0]),), "strong", source=line[0]),
        Text(" three ", line[0]),
        Value("fever", line[1]),
        LineBreak(line[1]),
        Text("four ", line[2]),
        Cite("a-1", source=line[2]),
        Cite("b", source=line[2]),
        Text(" ", line[2]),
        Link((Text("five", line[2]),), "https://x.org", "https://x.org", line[2]),
    )


def test_names_of_values_are_no_emphasis() -> None:
    (paragraph,) = parse("{{ _a_b }} and {{ c_d_ }} *x {{ y*z }} *")
    assert not any(isinstance(node, Span) for node in inline_of(paragraph))


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
    blocks = parse(text)
    assert [type(block) for block in blocks] == [Paragraph]
    assert {type(node) for node in inline_of(blocks[0])} == {Text}
    wanted = text.strip().replace("\n", " ").replace("\\", "")
    assert text_of(blocks) == wanted


@given(st.text(st.sampled_from("ab <>&;\"'/=!?.,:}%$"), min_size=1))
def test_html_stays_text(text: str) -> None:
    assert "".join(text_of(parse(text)).split()) == "".join(text.split())


@given(st.one_of(st.text(), st.text(st.sampled_from("a\r\n\t\x0b\x85\u2028 "))))
@example("a\r\rb {{ x }}")
def test_any_text_is_read(text: str) -> None:
    lines = text.count("\n") + 1
    for block in walk(parse_body(text, "f.md", 1).blocks):
        assert 1 <= block.source.line <= lines
        for node in walk_inline(inline_of(block)):
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
    found = text_of(parse_body("\n".join(lines), "f.md", 1).blocks)
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
    paragraphs = [block for block in walk(parsed.blocks) if isinstance(block, Paragraph)]
    assert [block.source.line for block in paragraphs] == at
    assert [inline_of(block)[0] for block in paragraphs] == [
        Text(f"here {line}", Source("f.md", line)) for line in at
    ]


def test_lists() -> None:
    bullets, numbers, boxes = parse("- a\n- b\n\n3. c\n4. d\n\n- [ ] e\n- [ ] *f*")
    assert isinstance(bullets, ListBlock)
    assert isinstance(numbers, ListBlock)
    assert isinstance(boxes, ListBlock)
    assert [bullets.marker, numbers.marker] == [Marker.DISC, Marker.NUMBER]
    assert numbers.start == 3
    assert boxes.marker is Marker.CHECKBOX
    assert text_of((boxes,)).split() == ["e", "f"]
    assert [item.source.line for item in boxes.items] == [17, 18]


def test_a_list_with_some_check_boxes() -> None:
    assert only_finding("- [ ] a\n- b").startswith("risks/en.md:11: some items of this list have")


def test_headings_in_a_body() -> None:
    flat = parse_markdown("### a\n\nb\n\n#### c\n\n## d", "f.md", 1).blocks
    assert [level for level, _ in flat] == [3, 0, 4, 2]
    assert [type(block) for _, block in flat] == [Heading, Paragraph, Heading, Heading]
    assert only_finding("a\n\n# b").startswith("risks/en.md:13: a heading with # stands in")


def outline(blocks: Iterable[Block]) -> list[object]:
    """The words of each block, Sections as lists."""
    return [
        outline(one.children) if isinstance(one, Section) else text_of((one,)) for one in blocks
    ]


def test_headings_open_sections_that_end_before_the_next_one_like_them() -> None:
    text = "a\n\n#### b\n\nc\n\n### d\n\ne\n\n#### f\n\ng\n\n#### h\n\n### i\n\nj"
    blocks = parse_body(text, "f.md", 1).blocks
    assert outline(blocks) == [
        "a", ["b", "c"], ["d", "e", ["f", "g"], ["h"]], ["i", "j"],
    ]  # fmt: skip
    assert [block.source.line for block in blocks] == [1, 3, 7, 17]


def test_a_heading_within_a_directive_or_item_opens_its_section_there() -> None:
    body = parse_body("::: panel key\na\n\n### b\n\nc\n:::\n\n- d\n\n  ### e\n\n  f", "f.md", 1)
    assert [type(block) for block in walk(body.blocks)] == [
        Panel, Paragraph, Section, Heading, Paragraph,
        ListBlock, ListItem, Paragraph, Section, Heading, Paragraph,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Lift {{ lifting\n_limit }} now.", "Lift {{ lifting _limit }}"),
        ("Lift **{{ lifting_limit** now.", "{{ lifting_limit"),
        ("Lift lifting_limit }} now.", "Lift lifting_limit }}"),
        ("So it is [@one;\n@two].", "[@one; @two]."),
        ("[Call](tel:401 846 2200) us.", "](tel:401 846 2200) us."),
        ("- [x] Signed", "[x] Signed"),
        ("- [] Signed", "[] Signed"),
        ("1. [X] Signed", "[X] Signed"),
        ("A ![sign][1].", "![sign][1]."),
        ("Lift { lifting_limit } now.", "{ lifting_limit } now."),
        ("Lift {brand.name}.", "{brand.name}."),
        ("Call **now.", "**now."),
        ("Call `now`.", "`now`."),
        ("##Walking", "##Walking"),
        ("~~Walk~~ now.", "~~Walk~~ now."),
        ("See (@manuals).", "(@manuals)."),
        ("So it is.[^1]", "[^1]"),
        ("Look [here][1].", "][1]."),
        (":: panel warning\nWalk.\n::", ":: panel warning Walk. ::"),
        ("• Walk.\n• Rest.", "• Walk. • Rest."),
        ("– Walk.", "– Walk."),
        ("Do this:\n-Walk", ": -Walk"),
        ("-Walk", "-Walk"),
        ("> Walk.", "> Walk."),
        ("- [ ]Walk", "[ ]Walk"),
        ("-[ ] Walk", "-[ ] Walk"),
        ("[ ] Walk", "[ ] Walk"),
        ("1. [ ] Walk", "[ ] Walk"),
        ("So it is. [ @one-2017 ]", "[ @one-2017 ]"),
        ("So it is @one-2017.", "@one-2017."),
        ("So it is [one-2017].", "[one-2017]."),
        ("Call {{ clinic_phone}}}.", "{{ clinic_phone }}}"),
        ("Call {{{ clinic_phone }}.", "{{{ clinic_phone }}"),
        ("See [our page] (https://a.org).", "] (https://a.org)."),
        ("See (our page)[https://a.org].", ")[https://a.org]."),
        ("· Walk", "· Walk"),
        ("---", "---"),
        ("===", "==="),
        ("| a | b |", "| a | b |"),
    ],
)
def test_what_is_not_read_does_not_print(text: str, stands: str) -> None:
    assert findings(text) == [
        f"risks/en.md:11: “{stands}” would print as it stands."
        " Write {{ name }}, [@key], [words](https://…), **bold**, ### Heading, - item, - [ ] or"
        " ::: word."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "#1 of all",
        "It is {1 of 2}.",
        "a * b",
        "C#",
        "a – b",
        "pre- and -post",
        "5 > 3",
        "-1 or 1",
        "a::b",
        "— Walk",
        "a · b",
        "_a_ b_c",
        "ana@key-2017.org",
        "- [ ] **a**",
        "- [ ]\n  a",
        r"\*Walk, a \* **b** and \**c*",
        r"\[ ] Walk",
        r"\---",
        "| a",
        "a -- b",
        "{ {{ x }} }",
        "[a] (b)",
    ],
)
def test_what_is_read_as_it_stands(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Do this:\n[ ] Walk", "[ ] Walk"),
        ("- [ ] Walk\n  [ ] Run", "[ ] Run"),
        ("Walking\n---", "---"),
        ("Walking\n ===", "==="),
        ("a\n· Walk", "· Walk"),
    ],
)
def test_a_mark_that_begins_a_line_is_found_on_its_line(text: str, stands: str) -> None:
    assert only_finding(text).startswith(f"risks/en.md:12: “{stands}” would print as it stands. ")


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Take *no more.", "*no more."),
        ("Take **no* more.", "Take *"),
        ("Take *no** more.", "* more."),
        (r"Take \* *no more.", "*no more."),
    ],
)
def test_no_star_is_left_over(text: str, stands: str) -> None:
    assert only_finding(text) == (
        f"risks/en.md:11: “{stands}” would print as it stands. Write **bold**, or \\* for the sign."
    )


def test_a_list_may_count_from_nought() -> None:
    (steps,) = parse("0. a\n1. b")
    assert isinstance(steps, ListBlock)
    assert steps.start == 0


@pytest.mark.parametrize(
    ("text", "line", "typed", "printed"),
    [
        ("2015. a\n2017. b\n2021. c", 12, 2017, 2016),
        ("1. a\n2. b\n4. c", 13, 4, 3),
        ("- a\n\n  2015. b\n  2015. c", 14, 2015, 2016),
        ("0. a\n0. b", 12, 0, 1),
    ],
)
def test_no_number_of_a_list_is_changed(text: str, line: int, typed: int, printed: int) -> None:
    assert only_finding(text).startswith(
        f"risks/en.md:{line}: the number {typed}. would print as {printed}. "
    )


@pytest.mark.parametrize("text", ["1. a\n1. b\n1. c", "7) a\n8) b", "2015. It began.", "- a\n- b"])
def test_numbers_that_print_as_they_are_meant(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize("text", ["5*10*15 mg", "x*10*2", "10**2 and 3**4", "a\nb 5***10***c"])
def test_no_star_between_digits_is_lost(text: str) -> None:
    assert only_finding(text).startswith(
        f"risks/en.md:{11 + text.count(chr(10))}: a star beside a digit would not print"
    )


@pytest.mark.parametrize("text", ["5 * 10 * 15", r"5\*10\*15", "**5**mg", "*5*, a*b*c", "5_10_15"])
def test_stars_that_print_or_make_words_strong(text: str) -> None:
    assert findings(text) == []


def test_a_picture_of_markdown_is_named() -> None:
    assert "“!” before a link makes no picture" in only_finding("A ![sign](https://a.org)")


def test_no_title_of_a_link_is_lost() -> None:
    assert only_finding('[Call](tel:911 "only at night") us.') == (
        "risks/en.md:11: the link to tel:911 has a title that nobody would see: “only at night”."
        " Write it as words, and [words](address) alone."
    )


def test_no_cell_of_a_table_is_lost() -> None:
    table = "| A | B |\n|-|-|\n| one | two \\| 2 |\n|one|two||\nthree\n| x | y | 911 | |"
    assert findings(table) == [
        "risks/en.md:16: a row has more cells than the head: “911” has no column."
        " Add a heading, or write \\| for a | within words."
    ]


def test_a_table_with_widths_in_dashes() -> None:
    (table,) = parse("text\n\n| A | B |\n|---|:------:|\n| a \\| b | [@k] |")[1:]
    assert isinstance(table, Table)
    assert table.widths == (3.0, 6.0)
    assert table.source.line == 13
    head, body = Source("risks/en.md", 13), Source("risks/en.md", 15)
    ((names,), (row,)) = table.head, table.body
    assert (names.source, row.source) == (head, body)
    assert [(cell.scope, cell.source) for cell in (*names.cells, *row.cells)] == [
        (Scope.COLUMN, head), (Scope.COLUMN, head), (None, body), (None, body),
    ]  # fmt: skip
    assert [cell.children for cell in (*names.cells, *row.cells)] == [
        (Paragraph((Text("A", head),), source=head),),
        (Paragraph((Text("B", head),), source=head),),
        (Paragraph((Text("a | b", body),), source=body),),
        (Paragraph((Cite("k", source=body),), source=body),),
    ]


def test_an_empty_cell_holds_nothing() -> None:
    (table,) = parse("| A | B |\n|---|---|\n|  | b |\n| c | |")
    assert isinstance(table, Table)
    assert table.body[0].cells[0] == Cell((), Scope.ROW, source=Source("risks/en.md", 13))


def test_the_first_cell_names_its_row_where_there_are_others() -> None:
    for rows, scope in (("| a | b |", None), ("| a | b |\n| c | d |", Scope.ROW)):
        (table,) = parse(f"| A | B |\n|---|---|\n{rows}")
        assert isinstance(table, Table)
        assert {row.cells[0].scope for row in table.body} == {scope}


@pytest.mark.parametrize(
    "href",
    [
        *("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "page.html", "#a", ""),
        *("https://a.org@b.org", "https://u:p@a.org", "//a.org", "https:///a", "https://аpple.рф"),
        *("mailto:a@b.org?bcc=c@d.org", "mailto:a@b.org,c@d.org", "tel:%0a", "https://a.org/{{"),
    ],
)
def test_links_that_cannot_be_used(href: str) -> None:
    assert "cannot be used on paper" in only_finding(f"[words]({href})")


@pytest.mark.parametrize(
    "href", ["https://a.org/b?c=d", "http://a.org", "mailto:a@b.org", "tel:+1555", "HTTPS://A.ORG"]
)
def test_links_that_can(href: str) -> None:
    assert findings(f"[words]({href})") == []


@pytest.mark.parametrize(
    ("href", "why"),
    [
        ("mailto:a@b.org?subject=x", "one mail address after mailto:, and nothing behind it."),
        ("tel:call-ME", "one number after tel:"),
        ("https://u:p@a.org/b", "no name and no password before the host."),
        ("https://a.org/" + "b" * 501, "must have at most 500 characters behind the host."),
        ("https://localhost/b", "must name a host in letters from A to Z"),
        ("ftp://a.org", "must begin with https://, http://, mailto: or tel:."),
    ],
)
def test_why_a_link_cannot_be_used(href: str, why: str) -> None:
    assert why in only_finding(f"[words]({href})")


def test_a_link_that_holds_a_value() -> None:
    assert "hold no values" in findings("[call](<tel:{{ clinic_phone }}>)")[0]


@pytest.mark.parametrize("text", ["[@]", "[@a b]", "[@A]", "[@a;]", "[@a, @b]"])
def test_citations_that_cannot_be_read(text: str) -> None:
    assert "cannot be read" in only_finding(text)


@pytest.mark.parametrize("text", ["{{ }}", "{{ a.b() }}", "{{ Name }}", "{{ a | safe }}"])
def test_values_that_cannot_be_read(text: str) -> None:
    assert "does not name a value" in only_finding(text)


def test_lists_nest_only_so_deep() -> None:
    def nested(depth: int) -> str:
        return "\n".join(f"{'  ' * level}- a" for level in range(depth))

    assert findings(nested(MAX_DEPTH)) == []
    assert "nest more than 8 deep" in only_finding(nested(MAX_DEPTH + 1))


def test_words_of_a_title_hold_values_and_no_markup() -> None:
    source = Source("f.md", 2)
    words, findings = parse_words("*Ann* & {{ area }}!", source)
    assert findings == ()
    assert words == (Text("*Ann* & ", source), Value("area", source), Text("!", source))


#: What takes longest: each is tried as a whole file, and as paragraphs of the longest kind.
_WORST = [
    *(
        "[",
        "[a",
        "![",
        "[@",
        "*",
        "*a ",
        "_a* ",
        "*a_",
        "*[",
        "[a](",
        "[[a](b)",
        "{{ ",
        "{{" + " " * 99,
    ),
    *("- ", "- a\n", "a\n", "\n", "|a", "|a\n|-\n", "#\n", "a\\\n", "> ", "::: when a\n", ":::\n"),
    *("::: table *\n", "::: a" + " " * 999, "1. a\n", "- [ ] a\n", "a|b\n-|-\n", "\u202e"),
]
_FRONT = """+++
title = "{{ a"
role = "plain"
version = "1"
reviewed = 2026-01-01
review_due = 2027-01-01
+++
"""


@pytest.mark.parametrize("unit", _WORST)
@pytest.mark.parametrize("size", [MAX_PARAGRAPH, sections.MAX_BYTES - 200, datafile.MAX_BYTES])
def test_any_section_is_read_in_a_time_that_grows_with_its_size(
    tmp_path: Path, unit: str, size: int
) -> None:
    path = tmp_path / "en.md"
    one = (unit * size)[: size // len(unit.encode()) * len(unit)]
    many = "\n\n".join([one] * ((sections.MAX_BYTES - 200) // (size + 2) or 1))
    path.write_text(_FRONT + many, "utf-8")
    spent: list[float] = []
    while len(spent) < 3 and min(spent, default=2) >= 2:  # others may be busy here
        start = process_time()
        with suppress(ContentError):
            read_section("a", path, "en.md")
        spent.append(process_time() - start)
    assert min(spent) < 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("a\n\n" + "b " * 751, "f.md:12: a paragraph has 1501 characters; it may have 1500."),
        ("*[" * 201, "f.md:10: a paragraph has 201 opening brackets; it may have 200."),
        ("- a\n- " + "[" * 3001, "f.md:11: a paragraph has 3001 characters"),
        ("::: table " + "*" * 3001 + "\n|a|\n|-|\n:::", "f.md:10: a paragraph has 3001"),
        ("*a " * 9 + "a*" * 9, "f.md:10: emphasis and links nest more than 8 deep."),
        ("*a " * 290 + "a*" * 290, "f.md:10: emphasis and links nest more than 8 deep."),
        ("::: when a\n" * 4000, "f.md:18: directives nest more than 8 deep."),
    ],
)
def test_what_no_honest_text_holds_is_refused_with_its_line(body: str, says: str) -> None:
    found = [str(finding) for finding in parse_body(body, "f.md", 10).findings]
    assert sum(one.startswith(says) for one in found) == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("a\n" * 2001, "f.md:2001: has more than 2000 lines."),
        ("a\n" + "|a" * 18, "f.md:9: a table has more than 16 columns."),
        ("a" * 40_000, "f.md: is larger than 32 KiB."),
        ("a\n[cl\u200bick](https://a.b)", "f.md:9: must not hold what cannot be seen: U+200B ZERO"),
        ("- a\u202eb", "f.md:8: must not hold what cannot be seen: U+202E RIGHT-TO-LEFT OVERRIDE."),
        ("::: warning\nCall\x85 us\n:::", "f.md:9: must not hold what cannot be seen: U+0085 "),
        ("|a|\n|-|\n|e" + "\u0301" * 9, "f.md:10: must not hold what cannot be seen: U+0301 "),
    ],
)
def test_a_section_is_a_few_pages_of_what_can_be_seen(tmp_path: Path, body: str, says: str) -> None:
    path = tmp_path / "en.md"
    path.write_text(_FRONT + body, "utf-8")
    with pytest.raises(ContentError) as caught:
        read_section("a", path, "f.md")
    assert str(caught.value).startswith(says)
