"""Line breaking: nothing lost, nothing too wide, no lonely last word, balanced headings."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.flow.lines import balance_lines, break_lines, fit
from handouts.flow.segments import Segment
from handouts.model import Heading, Paragraph, Text
from tests.flow.placing import PLAIN, maker, para, place

MAKER = maker()
LETTERS = st.text("abcdefgilmnorstu-/.—–,@W ", min_size=1, max_size=200)


def segments_of(text: str) -> list[Segment]:
    return MAKER.segments((Text(text),), PLAIN).items


def texts(segments: list[Segment], width: float) -> list[str]:
    lines = break_lines(segments, width)
    return ["".join(segment.text for segment in segments[x.start : x.end]) for x in lines]


@given(LETTERS, st.floats(6, 300))
def test_lines_hold_all_characters_and_are_never_too_wide(text: str, width: float) -> None:
    segments = fit(segments_of(text), width)
    for breaker in (break_lines, balance_lines):
        lines = breaker(segments, width)
        assert lines[0].start == 0
        assert lines[-1].end == len(segments)
        assert all(a.end == b.start for a, b in pairwise(lines))
        assert all(line.start < line.end for line in lines)
        assert "".join(segment.text for segment in segments) == text
        widest = max(MAKER.fonts.face("body", bold=False).width(char, PLAIN.size) for char in text)
        assert all(line.width <= max(width, widest) + 0.02 for line in lines)


@given(LETTERS, st.floats(40, 300))
def test_a_balanced_heading_has_no_more_lines(text: str, width: float) -> None:
    segments = fit(segments_of(text), width)
    assert len(balance_lines(segments, width)) <= len(break_lines(segments, width))


def test_words_break_between_words_before_within() -> None:
    assert texts(segments_of("some words here"), 40) == ["some ", "words ", "here"]


def test_a_hyphenated_term_stays_on_one_line_while_a_line_can_hold_it() -> None:
    wide = fit(segments_of("the off-label use and/or not"), 50)
    assert texts(wide, 50) == ["the ", "off-label ", "use and/or ", "not"]
    narrow = fit(segments_of("the off-label use"), 30)
    assert texts(narrow, 30) == ["the ", "off-", "label ", "use"]


def test_a_word_wider_than_the_column_is_torn_between_characters() -> None:
    segments = fit(segments_of("a Pneumonoultramicroscopic b"), 50)
    lines = texts(segments, 50)
    assert "".join(lines) == "a Pneumonoultramicroscopic b"
    assert len(lines) >= 3


def test_one_character_a_line_if_not_even_two_fit() -> None:
    assert texts(fit(segments_of("abc"), 1), 1) == ["a", "b", "c"]


def test_fit_leaves_fitting_segments_alone() -> None:
    segments = segments_of("some words")
    assert fit(segments, 100) == segments


def test_a_paragraph_does_not_end_with_a_lonely_short_word() -> None:
    # Greedy breaking leaves "so" alone on the last line.
    text = "A small bundle of nerve cells sits on each side of the spine or so"
    for width in range(120, 260):
        lines = texts(segments_of(text), width)
        if len(lines) > 1 and lines[-1] == "so":
            narrower = texts(segments_of(text), width * 0.88)
            assert len(narrower) > len(lines), f"{width}: {lines}"


def test_a_heading_has_lines_of_about_one_length() -> None:
    heading = Heading((Text("What happens on the day of the operation and after it"),), "h")
    result = place(heading, width=300)
    first, second = result.lines()
    assert abs(len(first) - len(second)) < 12


@pytest.mark.parametrize("align", ["START", "CENTRE", "END"])
def test_alignment_places_the_ink_without_spaces_at_its_end(align: str) -> None:
    from msgspec.structs import replace

    from handouts.model import Align
    from tests.flow.placing import STYLES, bounds

    styles = {**STYLES, "p": replace(PLAIN, align=Align[align])}
    result = place(para("one two three four five six"), width=70, styles=styles)
    assert len(result.texts()) > 1
    for item in result.texts():
        left, _, right, _ = bounds(item)
        if align == "START":
            assert left == pytest.approx(50)
        elif align == "END":
            assert right == pytest.approx(120)
        else:
            assert (left + right) / 2 == pytest.approx(85)


def test_lines_stand_on_the_grid_of_the_leading() -> None:
    result = place(para("one two three four five six"), width=50)
    ys = [item.y for item in result.texts()]
    assert all(a - b == pytest.approx(12) for a, b in pairwise(ys))


def test_a_larger_run_needs_more_room() -> None:
    from handouts.model import Span

    result = place(
        Paragraph((Text("a "), Span((Text("B"),), "big"), Text(" c d e f g")), "p"), width=30
    )
    ys = sorted({item.y for item in result.texts()}, reverse=True)
    assert ys[0] - ys[1] == pytest.approx(24)


def test_one_word_alone_takes_another_one_with_it() -> None:
    text = "Do live as on most days. Write down pain, sleep, and walking."
    width = MAKER.fonts.face("body", bold=False).width(text.removesuffix(" walking."), 10) + 1
    assert texts(segments_of(text), width) == [
        "Do live as on most days. Write down pain, sleep, ",
        "and walking.",
    ]
