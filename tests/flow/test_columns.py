"""Relative column widths: they hold, unless a word would be split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.flow.columns import content_widths, shared_widths

COLUMN = st.tuples(st.floats(0.1, 9.0), st.floats(1.0, 120.0))
ROOM = st.floats(40.0, 600.0)


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


# --- widths by content ---


def test_short_columns_keep_their_line_and_long_ones_share_the_rest() -> None:
    assert content_widths([20, 30, 30], [40, 600, 300], 400) == [40, 240, 120]


def test_room_to_spare_goes_to_the_columns_by_their_text() -> None:
    assert content_widths([10, 10], [50, 100], 300) == [100, 200]


def test_a_long_column_does_not_starve_another_of_its_longest_word() -> None:
    assert content_widths([10, 90], [900, 100], 200) == [100, 100]
    assert content_widths([10, 130], [900, 140], 200) == [70, 130]


def test_too_little_room_is_taken_from_the_widest() -> None:
    assert content_widths([20, 200, 300], [20, 200, 300], 220) == [20, 100, 100]


@given(st.lists(st.tuples(st.floats(1, 200), st.floats(0, 900)), min_size=1, max_size=7), ROOM)
def test_widths_by_content_fill_the_table_and_hold_the_words(
    columns: list[tuple[float, float]], width: float
) -> None:
    least = [word for word, _ in columns]
    most = [word + more for word, more in columns]
    widths = content_widths(least, most, width)
    assert sum(widths) == pytest.approx(width)
    assert min(widths) > 0
    if sum(least) < width:
        assert all(wide >= word - 1e-6 for wide, word in zip(widths, least, strict=True))
