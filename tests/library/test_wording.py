"""What differs between two handouts, as a screen reader says them."""

from __future__ import annotations

import pytest

from handouts.compose.transcripts import another_order, under_headings
from handouts.compose.wording import differences


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


def table(*rows: tuple[str, str]) -> list[str]:
    """Rows of two cells, with marks as a transcript has them: in a line of their own."""
    lines = ["H2: Diary", "Table", "  TBody"]
    for first, second in rows:
        lines.append("    TR")
        for role, cell in (("TH, Scope Row", first), ("TD", second)):
            lines += [f"      {role}", *([f"        P: {cell}"] if cell else [])]
    return lines


RISKS = ["H1: Risks", "  P: Wait.", "H2: Care", "  P: Walk.", "H1: Risks"]


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (
            ["H2: Care", "  H3: Then", "  P: Go."],
            ["H2: Care", "  H4: Then", "  P: Go."],
            ["In Care:", "  was: ### Then", "  now: #### Then"],
        ),
        (["H2: Care"], ["H1: Care"], ["In Care:", "  was: ## Care", "  now: # Care"]),
        (
            table(("Night", ""), ("Day", "✓")),
            table(("Night", "✓"), ("Day", "")),
            [
                "In Diary:",
                "  was: | Night |",
                "  was: | Day | ✓",
                "  now: | Night | ✓",
                "  now: | Day |",
            ],
        ),
        (table(("✓", "")), table(("", "✓")), ["In Diary:", "  was: | ✓ |", "  now: |  | ✓"]),
        (
            table(("Day", "1")),
            table(("Night", ""), ("Day", "1")),
            ["In Diary:", "  now: | Night |"],
        ),
        (
            [*RISKS, "  P: Stop."],
            [*RISKS[:2], "  P: Stop.", *RISKS[2:]],
            ["In Risks:", "  now: Stop.", "In Risks (2):", "  was: Stop."],
        ),
    ],
)
def test_what_moves_is_told_where_it_was_and_is(
    was: list[str], now: list[str], told: list[str]
) -> None:
    found = differences(under_headings(was), under_headings(now), ("Risks",))
    assert found[1:] == told
    assert ("these protect the patient: Risks, Risks (2)." in found[0]) is ("Risks" in was[0])
