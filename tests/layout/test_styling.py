"""Styles as they are checked: which letters are large, and what contrast they need."""

from __future__ import annotations

import pytest

from tests.layout.conftest import Bench


@pytest.mark.parametrize(
    ("size", "bold", "large"),
    [
        (18, False, True),
        (17.9, False, False),
        (14, False, False),
        (14, True, True),
        (13.9, True, False),
    ],
)
def test_letters_are_large_from_18_points_or_14_bold(
    bench: Bench, size: float, bold: bool, large: bool
) -> None:
    """WCAG 2.1, 1.4.3: large letters need 3:1, all others 4.5:1; this grey has 3.5:1."""
    bench.settings(
        f'[styles.pale]\ncolour = "#8a8a8a"\nsize = {size}\nbold = {str(bold).lower()}\n'
    ).template('<p class="pale">a</p>')
    problems = bench.problems(bench.lay_out)
    assert [("3.5:1; they need 4.5:1" in problem) for problem in problems] == [True] * (not large)


@pytest.mark.parametrize(("colour", "enough"), [("#949494", True), ("#959595", False)])
def test_large_letters_need_three_to_one(bench: Bench, colour: str, enough: bool) -> None:
    bench.settings(f'[styles.pale]\ncolour = "{colour}"\nsize = 30\n')
    problems = bench.template('<p class="pale">a</p>').problems(bench.lay_out)
    assert ["they need 3:1" in problem for problem in problems] == [True] * (not enough)
