"""What differs between two handouts, as a screen reader says them."""

from __future__ import annotations

import pytest

from handouts.compose.wording import differences, under_headings


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
