"""What a machine says of a handout, item by item: never a pass that it cannot know."""

from __future__ import annotations

import pytest

from handouts.check.items import ITEMS, Judged, judged
from tests.library.conftest import Content, content

__all__ = ["content"]

CDC = "CDC Clear Communication Index"
MAIN = """\
+++
title = "A title"
role = "main-message"
version = "1.0"
reviewed = 2026-11-21
review_due = 2027-11-21
+++
"""


def said(content: Content) -> dict[tuple[str, int], Judged]:
    return {
        (title, number): found
        for title, items in judged(content.compose())
        for number, _, found in items
    }


def test_the_items_are_those_of_the_sources() -> None:
    numbers = [[number for number, _, _ in items] for items in ITEMS.values()]
    assert numbers == [
        [*range(1, 13), *range(15, 27)], [*range(1, 21)], [*range(1, 9)], [*range(1, 7)],
    ]  # fmt: skip


def test_a_page_of_plain_paragraphs_passes_little(content: Content) -> None:
    found = said(content)
    passed = {item for item, (verdict, _) in found.items() if verdict == "pass"}
    assert passed == {(CDC, 9), ("IPDASi: certification", 2)}, "parts with headings, and sources"


@pytest.mark.parametrize(
    ("body", "item", "wanted"),
    [
        ("- a b c\n- d", (CDC, 8), ("pass", "about")),
        ("x", (CDC, 8), ("fail", "no list")),
        ("- [ ] a b c", ("PEMAT-P", 23), ("pass", "about/en.md:8")),
        ("::: lines 2\n:::\nx", ("PEMAT-P", 23), ("pass", "about/en.md:8")),
        ("**x** y", (CDC, 3), ("pass", "about")),
        ("x", (CDC, 3), ("fail", "about")),
        ("::: panel key\nx\n:::", (CDC, 3), ("pass", "about")),
        ("x", (CDC, 4), ("fail", "no picture")),
        ("x", ("PEMAT-P", 17), ("none", "no picture")),
        ("Neurological complications necessitate hospitalization. " * 9, ("PEMAT-P", 3), ("fail",)),
        ("x", ("PEMAT-P", 3), ("person",)),
    ],
)
def test_what_it_can_count(
    content: Content, body: str, item: tuple[str, int], wanted: tuple[str, ...]
) -> None:
    content.write("sections/about/en.md", MAIN + body)
    assert said(content)[item][: len(wanted)] == wanted


@pytest.mark.parametrize(
    ("body", "one", "three", "eight"),
    [
        ("x", "fail", "fail", "fail"),
        ("It helped 37% [@fda].", "fail", "fail", "fail"),
        ("It helped 37 of 100 people [@fda].", "pass", "pass", "fail"),
        ("It helped 37 of 100; 63 of 100 not [@fda].", "pass", "pass", "person"),
        ("It helped 37 of 100 [@fda].\n\nIt helped 37% [@fda].", "pass", "fail", "fail"),
        (
            "::: table In studies [@fda]\n|A|B|\n|-|-|\n|x|37 of 100|\n|y|63 of 100|\n:::",
            "pass", "pass", "person",
        ),
    ],
)  # fmt: skip
def test_chances(content: Content, body: str, one: str, three: str, eight: str) -> None:
    content.write("sections/about/en.md", MAIN + body)
    items = dict(judged(content.compose()))["IPDASi: probabilities"]
    verdicts = {number: verdict for number, _, (verdict, _) in items}
    assert (verdicts[1], verdicts[3], verdicts[8]) == (one, three, eight)
