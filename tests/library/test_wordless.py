"""Parts of a section that would be an empty place: refused where they are written."""

from __future__ import annotations

import pytest

from handouts.library.directives import parse_body

SHY, NBSP = "\u00ad", "\u00a0"
CELL = "a cell that names a column or a row has no words."


def findings(body: str) -> list[str]:
    return [str(finding) for finding in parse_body(body, "f.md", 10).findings]


def table(*rows: str) -> str:
    head, *body = rows
    return "\n".join(("::: table Rules", head, "|-|-|", *body, ":::"))


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (table("| | B |", "| a | b |"), f"11: {CELL}"),
        (table(f"| A | {NBSP} |", "| a | b |"), f"11: {CELL}"),
        (table(f"| A | **{SHY}** |", "| a | b |"), f"11: {CELL}"),
        (table("| A | – |", "| a | b |"), f"11: {CELL}"),
        (table("| A | B |", "| a | b |", f"| {SHY} | b |"), f"14: {CELL}"),
        (table("| A | B |", "| | |", "| a | b |"), f"13: {CELL}"),
        (table("| A | B |"), "11: a table has only headings. Write a row below the dashes."),
        (f"::: table {SHY}\n| A |\n|-|\n| a |\n:::", "11: a table has no caption."),
        ("###", "10: a heading has no words."),
        ("a\n\n#### ####", "12: a heading has no words."),
        (f"### {SHY}", "10: a heading has no words."),
        ("- ", "10: a list item has no words."),
        ("- a\n-\n- c", "11: a list item has no words."),
        ("1. a\n   - b\n   -", "12: a list item has no words."),
        ("- [ ]", "10: a list item has no words."),
        ("- ###", "10: a list item has no words."),
        (f"- {SHY}", "10: a list item has no words."),
        ("- [@a]", "10: a list item has no words."),
        ("a [](https://a.org)", "10: the link to https://a.org has no words."),
        (f"- a [**{SHY}**](https://a.org)", "10: the link to https://a.org has no words."),
        (SHY, "10: a paragraph has nothing to read."),
        (f"a\n\n**{SHY}** {NBSP}", "12: a paragraph has nothing to read."),
        (f"::: panel key\n{SHY}\n:::", "11: a paragraph has nothing to read."),
        (f"::: qr https://a.org\n{SHY}\n:::", "10: a caption has no words."),
    ],
)
def test_an_empty_place_is_refused(body: str, wanted: str) -> None:
    (found,) = findings(body)
    assert found.startswith(f"f.md:{wanted}")


@pytest.mark.parametrize(
    "body",
    [
        table("| Day | Pain |", "| 1 | |", f"| 2 | {NBSP} |", f"| 3 | {SHY} |", "| 4 | – |"),
        table("| {{ area }} | b |", "| 5 | [@a] |"),
        "- - a\n- {{ area }}",
        "[{{ clinic_name }}](https://a.org)",
        "…",
    ],
)
def test_what_may_be_short_or_blank(body: str) -> None:
    assert findings(body) == []


def test_a_blank_cell_of_a_form_holds_nothing_that_is_drawn() -> None:
    (form,) = parse_body(table("| Day | Pain |", f"| 1 | {SHY} |"), "f.md", 1).blocks
    assert form.body[0].cells[1].children == ()  # type: ignore[union-attr]
