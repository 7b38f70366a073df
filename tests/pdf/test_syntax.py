"""Values in PDF syntax."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.pdf.syntax import colour, literal, name, number, rectangle, text_string


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, "1"), (1.5, "1.5"), (-0.001, "0"), (100, "100"), (0.126, "0.13"), (-2.50, "-2.5")],
)
def test_numbers(value: float, expected: str) -> None:
    assert number(value) == expected


def test_rectangles_and_colours() -> None:
    assert rectangle(1, 2.25, 3, 4) == "[1 2.25 3 4]"
    assert colour("#ff8000") == "1 0.502 0"


@given(st.text(st.characters(codec="utf-8")))
def test_text_strings_come_back(text: str) -> None:
    parsed = pikepdf.Object.parse(text_string(text).encode("latin-1"))
    assert str(parsed) == text


@given(st.text(st.characters(codec="latin-1")))
def test_literals_hold_their_codes(codes: str) -> None:
    parsed = pikepdf.Object.parse(literal(codes).encode("latin-1"))
    assert bytes(parsed) == codes.encode("latin-1")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_names_come_back(text: str) -> None:
    assert str(pikepdf.Object.parse(name(text).encode("ascii"))) == "/" + text
