"""What a condition says in its own words within shared sections."""

from __future__ import annotations

from datetime import date

import pytest

from handouts.errors import ContentError
from handouts.library.load import load_library
from handouts.library.prune import prune
from handouts.model import ListBlock, Paragraph, plain_text
from handouts.model.tree import walk
from tests.library.conftest import Content

FRONT = """+++
version = "1.0"
reviewed = 2026-11-20
review_due = 2027-01-02
+++
"""
SECTION = """+++
title = "About"
role = "plain"
version = "1.0"
reviewed = 2026-11-19
review_due = 2027-11-19
+++
- one
::: own more
- as usual
:::
- three
"""


def said(content: Content, condition: str) -> list[list[str]]:
    """The lists and paragraphs of the section, each with its words."""
    section = load_library(content.workspace, "en").section("about", condition)
    blocks = prune(section.blocks, lambda _: False)
    assert all(isinstance(block, ListBlock | Paragraph) for block in blocks)
    return [
        [plain_text(one.children) for one in walk((block,)) if isinstance(one, Paragraph)]
        for block in blocks
    ]


def test_they_stand_in_their_place_and_a_list_stays_one(content: Content) -> None:
    content.write("sections/about/en.md", SECTION)
    content.write("conditions/sprain/en.md", f"{FRONT}::: own more\n- two\n- half\n:::\n")
    assert said(content, "sprain") == [["one", "two", "half", "three"]]
    assert said(content, "burn") == [["one", "as usual", "three"]], "it says nothing of its own"


def test_their_dates_and_their_safety_mark_are_the_sections(content: Content) -> None:
    content.write("sections/about/en.md", SECTION)
    marked = FRONT.replace("version", 'safety = "A wrong step."\nversion', 1)
    content.write("conditions/sprain/en.md", f"{marked}::: own more\n- two\n:::\n")
    library = load_library(content.workspace, "en")
    front = library.section("about", "sprain").front
    assert (front.reviewed, front.review_due) == (date(2026, 11, 20), date(2027, 1, 2))
    assert front.safety == "A wrong step."
    assert library.section("about", "burn").front.review_due == date(2027, 11, 19)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("words\n", "stands outside of ::: own NAME"),
        ("::: own more\n- two\n:::\n::: own more\n- 2\n:::\n", "::: own more stands twice"),
        ("::: own more\n::: own more\n- 2\n:::\n:::\n", "::: own stands in another"),
        ("::: own moore\n- two\n:::\n", "no section asks for moore. Did you mean more?"),
    ],
)
def test_what_is_wrong_is_found_in_its_file(content: Content, body: str, says: str) -> None:
    content.write("sections/about/en.md", SECTION)
    content.write("conditions/sprain/en.md", FRONT + body)
    found = [str(one) for one in content.check() if says in str(one)]
    assert found, content.check()
    assert all("conditions/sprain/en.md:" in one for one in found)


def test_a_file_that_cannot_be_read_stops_what_needs_it(content: Content) -> None:
    content.write("sections/about/en.md", SECTION)
    content.write("conditions/sprain/en.md", "no front matter\n")
    with pytest.raises(ContentError, match="begin with front matter"):
        load_library(content.workspace, "en").section("about", "sprain")
    assert len(content.wrong()) == 1  # though each section needs it
