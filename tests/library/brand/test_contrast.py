"""Contrast: measured as WCAG 2.1 does, with a colour that would pass."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.contract.colours import ratio
from handouts.errors import Source
from handouts.library.brand.brand_file import Colours
from handouts.library.brand.contrast import check_colours

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def _found(colours: Colours) -> list[str]:
    return [str(finding) for finding in check_colours(colours, Source)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.478), ("#ff0000", "#ffffff", 3.998)],
)
def test_ratios_agree_with_published_ones(one: str, other: str, expected: float) -> None:
    assert ratio(one, other) == pytest.approx(expected, abs=0.001)
    assert ratio(one, other) == ratio(other, one)


def test_the_default_colours_pass() -> None:
    assert _found(Colours()) == []


def test_a_weak_colour_is_told_its_ratio_and_a_better_one() -> None:
    (finding,) = _found(Colours(text="#777777", tint="#ffffff"))
    assert finding == (
        "text: text #777777 has a contrast of 4.47:1 on white and 4.47:1 on tint; "
        "text needs 7:1 (WCAG AAA). Use #595959 or darker."
    )


def test_accent_needs_only_what_an_ornament_needs() -> None:
    assert _found(Colours(accent="#949494", tint="#ffffff")) == []
    assert "an ornament needs 3:1" in _found(Colours(accent="#959595", tint="#ffffff"))[0]
    assert "an ornament needs 3:1" in _found(Colours(accent="#aaaaaa"))[0]


def test_only_the_accent_may_be_left_empty() -> None:
    assert _found(Colours(accent="")) == []
    assert "primary is “”, not a colour" in _found(Colours(primary=""))[0]


def test_a_dark_tint_is_the_one_to_change() -> None:
    (finding,) = _found(Colours(tint="#202020"))
    assert finding.startswith("tint: tint #202020 is too dark to print on")


@given(text=COLOURS, accent=COLOURS, tint=COLOURS)
def test_advice_taken_leads_to_colours_that_pass(text: str, accent: str, tint: str) -> None:
    values = {"text": text, "accent": accent, "tint": tint}
    for _ in range(3):  # a new tint may call for other inks
        advice = {
            finding.split(":", 1)[0]: found[0]
            for finding in _found(Colours(**values))
            if (found := re.findall(r"Use (#[0-9a-f]{6})", finding))
        }
        values |= advice
    assert _found(Colours(**values)) == []
