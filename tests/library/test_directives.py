"""Directives: what they hold, how they nest, and what is reported when they do not."""

from __future__ import annotations

import pytest

from handouts.errors import Source
from handouts.library.directives import MAX_HEADINGS, MAX_ROWS, parse_body
from handouts.library.prune import prune
from handouts.model import (
    Generated,
    Group,
    ListBlock,
    Panel,
    Paragraph,
    Table,
    Text,
    When,
    WritingLines,
)


def findings(body: str) -> list[str]:
    return [str(finding) for finding in parse_body(body, "f.md", 10).findings]


def test_directives_nest_and_know_their_lines() -> None:
    parsed = parse_body(
        "::: panel key\n::: when a !b\ntext\n:::\n:::\n\n::: lang es\nhola\n:::\n", "f.md", 10
    )
    assert parsed.findings == ()
    panel, spanish = parsed.blocks
    assert isinstance(panel, Panel)
    (when,) = panel.children
    assert isinstance(when, When)
    assert (panel.style, panel.source.line) == ("key", 10)
    assert (when.flags, when.source.line) == (("a", "!b"), 11)
    assert when.children[0].source == Source("f.md", 12)
    assert isinstance(spanish, Group)
    assert (spanish.lang, spanish.source.line) == ("es", 16)


def test_lines_and_generated_blocks() -> None:
    parsed = parse_body("::: lines 4\n:::\n::: glossary\n:::\n::: review-info\n:::", "f.md", 1)
    assert parsed.blocks == (
        WritingLines(4, source=Source("f.md", 1)),
        Generated("glossary", Source("f.md", 3)),
        Generated("review-info", Source("f.md", 5)),
    )


def test_a_table_gets_its_caption() -> None:
    (table,) = parse_body("::: table In *studies* [@a]\n|A|\n|-|\n|b|\n:::", "f.md", 1).blocks
    assert isinstance(table, Table)
    assert table.caption[0] == Text("In ", Source("f.md", 1))
    assert len(table.caption) == 4


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("a\n::: when x\nb", "f.md:11: ::: when is not closed."),
        ("a\n:::", "f.md:11: ::: closes nothing."),
        ("::: pannel key\n:::", "f.md:10: unknown directive “pannel”. Did you mean panel?"),
        (
            "::: panel red\n:::",
            "f.md:10: red must be one of warning, urgent, key, note. Write ::: panel warning.",
        ),
        ("::: panel\n:::", "f.md:10: ::: panel needs a word after it. Write"),
        ("::: when\nx\n:::", "f.md:10: ::: when needs a word after it."),
        ("::: when a|b\nx\n:::", "f.md:10: a|b must be flags such as"),
        ("::: lang Spanish\nx\n:::", "f.md:10: Spanish must be a language such as es."),
        ("::: lines\n:::", "f.md:10: ::: lines needs a word after it. Write ::: lines 4."),
        ("::: lines -3\n:::", "f.md:10: -3 must be a whole number from 1 to 40."),
        ("::: lines ²\n:::", "f.md:10: ² must be a whole number from 1 to 40."),
        ("::: lines 41\n:::", "f.md:10: 41 must be a whole number from 1 to 40."),
        ("::: glossary\nwords\n:::", "f.md:10: ::: glossary holds text."),
        ("::: table Caption\nwords\n:::", "f.md:10: ::: table does not hold one pipe table"),
        ("::: table\n|A|\n|-|\n|a|\n:::", "f.md:11: a table has no caption."),
        ("|A|\n|-|\n|a|", "f.md:10: a table has no caption."),
        ("- a\n  ::: when x\n  b\n  :::", "f.md:11: ::: when x is not a directive."),
        (":::when x\nb\n:::", "f.md:10: :::when x is not a directive."),
    ],
)
def test_what_is_wrong_is_reported(body: str, wanted: str) -> None:
    assert findings(body)[0].startswith(wanted)


def test_directives_nest_only_so_deep() -> None:
    assert findings("::: panel key\n" * 8 + ":::\n" * 8) == []
    assert "nest more than 8 deep" in findings("::: panel key\n" * 9 + ":::\n" * 9)[0]


def test_all_findings_come_at_once() -> None:
    assert len(findings("::: panel red\n::: lines x\n:::\n{{ X }}\n[@]\n:::\n:::")) == 5


def test_flags_decide_and_single_items_vary() -> None:
    body = "- a\n::: when one\n- b\n:::\n::: when !one two\n- c\n:::\n- d\n\ntext\n"
    blocks = parse_body(body, "f.md", 1).blocks

    def items(*flags: str) -> list[str]:
        (items, _) = prune(blocks, flags.__contains__)
        assert isinstance(items, ListBlock)
        words = []
        for item in items.items:
            (paragraph,) = item.children
            assert isinstance(paragraph, Paragraph)
            (text,) = paragraph.children
            assert isinstance(text, Text)
            words.append(text.text)
        return words

    assert items("one", "two") == ["a", "b", "d"]
    assert items("two") == ["a", "c", "d"]
    assert items() == ["a", "d"]


def test_flags_that_are_not_known_yet_stay() -> None:
    blocks = parse_body("::: when one two !three\ntext\n:::", "f.md", 1).blocks
    known = {"one": True, "three": False}
    (when,) = prune(blocks, known.get)
    assert isinstance(when, When)
    assert when.flags == ("two",)
    assert prune(blocks, {"three": True}.get) == ()


def test_no_more_headings_and_rows_than_can_be_checked() -> None:
    headings, table = "### a\n" * MAX_HEADINGS, "::: table A\n|a|\n|-|\n" + "|b|\n" * (MAX_ROWS - 1)
    assert findings(f"{headings}{table}:::") == []
    assert findings(f"{headings}### b\n### c\n{table}|c|\n|d|\n:::") == [
        f"f.md:{10 + MAX_HEADINGS}: the section has more than 100 headings. "
        "Split the section, or use fewer.",
        f"f.md:{10 + MAX_HEADINGS + 4 + MAX_ROWS}: the table has more than 500 rows. "
        "Make two tables of it.",
    ]


@pytest.mark.parametrize(
    ("body", "lists"),
    [
        ("::: when x\n1. a\n:::\n2. b\n3. c", [(1, 2)]),
        ("::: when x\n3. a\n:::\n::: when y z\n4. b\n:::\n5. c", [(3, 2)]),
        ("::: when x\n::: when z\n1. a\n:::\n2. b\n:::\n3. c", [(1, 1)]),
        ("- o\n::: when x\n1. a\n:::\n2. b", [(1, 1), (1, 1)]),
        ("1. o\n::: when x\n2. a\n:::\n3. b", [(1, 2)]),
        ("::: when y\n1. o\n:::\n2. a", [(1, 2)]),
        ("::: when x\n1. a\n\nb\n:::\n4. c", [(4, 1)]),
        ("::: when x\n:::\n4. c", [(4, 1)]),
        ("5. a\n6. b\n1) c\n2) d", [(5, 2), (1, 2)]),
    ],
)
def test_a_list_begins_at_its_number_whichever_items_vary(
    body: str, lists: list[tuple[int, int]]
) -> None:
    """``y`` holds and ``x`` does not; ``z`` is known later, and holds."""
    blocks = parse_body(body, "f.md", 1).blocks
    pruned = prune(prune(blocks, {"x": False, "y": True}.get), {"y": True, "z": True}.get)
    found = [(one.start, len(one.items)) for one in pruned if isinstance(one, ListBlock)]
    assert found == lists
