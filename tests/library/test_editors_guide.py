"""The guide for editors tells of everything that an editor may write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from handouts.check.grade import MAX_GRADE, MAX_WORDS
from handouts.check.readability import english_words
from handouts.compose.values import BRAND_VALUES, LABEL_VALUES
from handouts.library.directives import MAX_HEADINGS, MAX_ROWS
from handouts.library.markdown_tokens import MAX_DEPTH
from handouts.library.schema import FIXED_FLAGS, FrontMatter, Role
from handouts.model.kinds import GENERATED, PANELS
from tests.library.conftest import Content

GUIDE = (Path(__file__).parents[2] / "docs/editors.md").read_text("utf-8")


@pytest.mark.parametrize(
    "word",
    [
        *BRAND_VALUES,
        *LABEL_VALUES,
        "condition_title",
        *FIXED_FLAGS,
        *PANELS,
        *get_args(Role),
        *FrontMatter.__struct_fields__,
    ],
)
def test_every_word_is_told(word: str) -> None:
    assert re.search(rf"`[^`]*\b{re.escape(word)}\b[^`]*`", GUIDE)


@pytest.mark.parametrize("word", ["when", "panel", "lang", "table", "lines", *GENERATED])
def test_every_directive_is_told(word: str) -> None:
    assert f"| `::: {word}" in GUIDE


def test_the_limits_are_told() -> None:
    assert f"grade {MAX_GRADE} or below" in GUIDE
    assert f"more than {MAX_WORDS}\nwords" in GUIDE
    assert f"nest up to {MAX_DEPTH} deep" in GUIDE
    assert f"{MAX_HEADINGS} headings" in GUIDE
    assert f"{MAX_ROWS} rows" in GUIDE


def test_the_examples_of_counting_hold() -> None:
    assert sum(count for _, count in english_words("81")) == 3
    for digits, words in re.findall(r'"([\d%]+)" is\s+"([a-z\s]+)"', GUIDE):
        assert [word for word, _ in english_words(digits)] == words.split()


def test_the_example_of_a_section_is_read(content: Content) -> None:
    example = re.search(r"```\n(\+\+\+\n.*?)```", GUIDE, re.DOTALL)
    assert example
    text = example[1].replace("infection-2022", "fda").replace("lifting_limit", "limit")
    content.write("sections/about/en.md", text)
    assert content.check() == ()
