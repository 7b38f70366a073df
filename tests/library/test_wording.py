"""What differs between two handouts, as a screen reader says them."""

from __future__ import annotations

import pytest

from handouts.compose.wording import another_order, differences, under_headings


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("Lbl: 1.", "Lbl: 4.", ["  was: 1. Wait.", "  now: 4. Wait."]),
        ("Lbl: 10.", "Lbl: •", ["  was: 10. Wait.", "  now: • Wait."]),
        ("Lbl: •", "Lbl, said “box to check:”", ["  was: • Wait.", "  now: “box to check:” Wait."]),
        ("Lbl: G57.70:", "Lbl: G57.79:", ["  was: G57.70: Wait.", "  now: G57.79: Wait."]),
        ("Lbl: Lead:", "Lbl: Leads:", ["  was: Lead: Wait.", "  now: Leads: Wait."]),
        ("Lbl: [Link: 1. → page 1 “Back”]", "Lbl: [Link: 2. → page 3 “Back”]", []),
    ],
)
def test_a_label_is_compared_with_what_it_stands_before(
    was: str, now: str, told: list[str]
) -> None:
    heard = (
        ["H2: Care", "L", "  LI", f"    {label}", "    LBody", "      P: Wait. Then walk."]
        for label in (was, now)
    )
    old, new = map(under_headings, heard)
    assert differences(old, new, ())[2:] == told


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("abc", "abc", []),
        ("abc", "adbc", []),
        ("abc", "ac", []),
        ("abc", "acb", ["  was: a; b; c", "  now: a; c; b"]),
        ("abc", "dca", ["  was: a; c", "  now: c; a"]),
        ("aba", "aab", ["  was: a; b; a", "  now: a; a; b"]),
    ],
)
def test_parts_that_stand_in_another_order_are_told(was: str, now: str, told: list[str]) -> None:
    old, new = (
        [line for name in names for line in (f"H2: {name}", "  P: Wait.", "  H3: Then")]
        for names in (was, now)
    )
    assert another_order(old, new)[1:] == told
