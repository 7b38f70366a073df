"""Line breaking: nothing lost, nothing too wide, no lonely last word, balanced headings."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handouts.errors import LayoutError, Source
from handouts.flow.lines import balance_lines, break_lines, fit, wide_word
from handouts.flow.segments import Segment
from handouts.model import Blank, Heading, Link, Paragraph, Text
from tests.flow.placing import PLAIN, maker, outside, para, place

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
    assume(not wide_word(segments, width))
    for breaker in (break_lines, balance_lines):
        lines = breaker(segments, width)
        assert lines[0].start == 0
        assert lines[-1].end == len(segments)
        assert all(a.end == b.start for a, b in pairwise(lines))
        assert all(line.start < line.end for line in lines)
        assert "".join(segment.text for segment in segments) == text
        assert all(line.width <= width + 0.02 for line in lines)


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


def test_a_telephone_number_stands_on_one_line() -> None:
    """Half of one reaches nobody."""
    number = Link((Text("(401) 846-2299 ext. 4"),), "tel:+14018462299", "Call us")
    page = Link((Text("our page of words"),), "https://example.org", "Our page")
    for link, lines in ((number, 2), (page, 3)):
        found = MAKER.segments((Text("At night: "), link), PLAIN).items
        assert len(texts(found, 130 if link is number else 60)) == lines
    assert texts(MAKER.segments((Text("At night: "), number), PLAIN).items, 130)[1] == (
        "(401) 846-2299 ext. 4"
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("ab.cd@ef-gh_ij.kl", ["ab.cd", "@ef-gh_ij", ".kl"]),
        ("x.org/ab-cd_ef%20gh", ["x.org/ab", "-cd_ef", "%20gh"]),
        (
            "no\N{NO-BREAK SPACE}break\N{NO-BREAK SPACE}spaces",
            ["no\N{NO-BREAK SPACE}break\N{NO-BREAK SPACE}", "spaces"],
        ),
    ],
)
def test_what_is_wider_than_a_line_breaks_where_it_is_still_read_as_one(
    text: str, lines: list[str]
) -> None:
    assert texts(fit(segments_of(text), 44), 44) == lines


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("some Pneumonoultramicroscopic words", "Pneumonoultramicroscopic"),
        ("x.org/ab-0123456789abcdef/", "-0123456789abcdef/"),
        ("555-0142-555-0142", "555-0142-555-0142"),
        ("snake_case_snake_case", "snake_case_snake_case"),
    ],
)
@pytest.mark.parametrize("block", [Paragraph, Heading])
def test_any_other_word_that_is_wider_than_its_line_is_refused(
    block: type[Paragraph | Heading], text: str, word: str
) -> None:
    problem = rf"^a\.md:7: “{word}” is wider than its line, which has 50 points\. Write it shorter"
    with pytest.raises(LayoutError, match=problem):
        place(block((Text(text),), "p", source=Source("a.md", 7)), width=50)


def test_a_blank_is_no_longer_than_its_line() -> None:
    result = place(Paragraph((Text("word"), Blank(500, "to fill in"), Text(".")), "p"), width=50)
    assert outside(result) == []
    assert len({item.y for item in result.texts()}) == 2


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
