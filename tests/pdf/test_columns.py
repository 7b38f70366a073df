"""Relative column widths: they hold, unless a word would be torn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.pdf.columns import shared_widths

COLUMN = st.tuples(st.floats(0.1, 9.0), st.floats(1.0, 120.0))


def test_widths_are_in_proportion() -> None:
    assert shared_widths([1, 2], [10, 10], 90) == [30, 60]


def test_a_column_that_is_too_narrow_gets_its_longest_word() -> None:
    assert shared_widths([1, 4, 4], [50, 10, 10], 250) == [50, 100, 100]


@given(st.lists(COLUMN, min_size=1, max_size=7), st.floats(40.0, 600.0))
def test_no_word_is_torn_while_there_is_room(
    columns: list[tuple[float, float]], width: float
) -> None:
    shares, least = zip(*columns, strict=True)
    widths = shared_widths(shares, least, width)
    assert sum(widths) == pytest.approx(width)
    if sum(least) < width:
        assert all(wide >= word - 1e-6 for wide, word in zip(widths, least, strict=True))
