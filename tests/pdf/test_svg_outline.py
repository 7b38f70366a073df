"""Outlines of SVG shapes: what the standard says of path data, shapes, lengths and transforms."""

from __future__ import annotations

from xml.etree.ElementTree import XML

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.pdf.svg_outline import Outline, drawn_outline, matrix


def outline(shape: str) -> Outline:
    """The outline of ``shape`` in a picture of 200 × 100 units."""
    return drawn_outline(XML(shape), 200, 100)


def code(shape: str) -> str:
    return outline(shape).code()


def path(data: str) -> str:
    return code(f'<path d="{data}"/>')


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("M1 2 3 4m5,6-7-8", "1 2 m 3 4 l 8 10 m 1 2 l"),
        ("m1 2h3v4H-5V.5z", "1 2 m 4 2 l 4 6 l -5 6 l -5 0.5 l h"),
        ("M1 2L3 4zl1 1", "1 2 m 3 4 l h 2 3 l"),
        ("M0 0c1 2 3 4 5 6s7 8 9 9", "0 0 m 1 2 3 4 5 6 c 7 8 12 14 14 15 c"),
        ("M5 5S1 2 3 4", "5 5 m 5 5 1 2 3 4 c"),
        ("M0 0Q3 3 6 0T12 0", "0 0 m 2 2 4 2 6 0 c 8 -2 10 -2 12 0 c"),
        ("M3 3t6 6", "3 3 m 3 3 5 5 9 9 c"),
        ("M0 0A0 5 0 0 1 9 9", "0 0 m 0 0 9 9 9 9 c"),
        ("M4 4A5 5 0 0 1 4 4", "4 4 m"),
        ("M1.5.5e1-2e-1", None),
        ("M1e-9 0L1 .000012", "0 0 m 1 0.000012 l"),
        ("M0 0L1", None),
        ("M0 0A5 5 0 2 0 9 9", None),
        ("none", ""),
    ],
)
def test_path_data(data: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="takes"):
            path(data)
    else:
        assert path(data) == expected


def test_an_arc_goes_the_way_its_flags_say_and_grows_to_reach_its_end() -> None:
    def curves(data: str) -> list[float]:
        return [round(number, 3) for number in outline(f'<path d="M0 0{data}"/>').numbers[2:]]

    right, below = [5.523, 0, 10, 4.477, 10, 10], [0, 5.523, 4.477, 10, 10, 10]
    assert curves("A10 10 0 0 1 10 10") == curves("a1e1 10 0 0110 10") == right
    assert curves("A10 10 0 0 0 10 10") == below
    assert len(curves("A10 10 0 1 1 10 10")) == 3 * 6
    assert curves("A1 1 0 0 1 20 0")[4:6] == [10, -10]
    assert curves("A10 20 90 0 1 40 0")[4:6] == [20, -10]


@pytest.mark.parametrize(
    ("shape", "same"),
    [
        ('<rect x="1" y="2" width="10%" height="10%"/>', "M1 2h20v10h-20z"),
        (
            '<rect width="1in" height="20" ry="2" rx="auto"/>',
            "M2 0h92a2 2 0 012 2v16a2 2 0 01-2 2h-92a2 2 0 01-2-2v-16a2 2 0 012-2z",
        ),
        (
            '<rect width="8" height="4" rx="9"/>',
            "M4 0h0a4 2 0 014 2v0a4 2 0 01-4 2h0a4 2 0 01-4-2v0a4 2 0 014-2z",
        ),
        ('<circle cx="5" cy="50%" r="3pt"/>', "M9 50a4 4 0 01-8 0a4 4 0 018 0z"),
        ('<ellipse rx="4" ry="2"/>', "M4 0a4 2 0 01-8 0a4 2 0 018 0z"),
        ('<line x1="1" y2="2"/>', "M1 0L0 2"),
        ('<polyline points="1,2 3,4"/>', "M1 2 3 4"),
        ('<polygon points="1,2 3,4"/>', "M1 2 3 4z"),
        ('<rect width="0" height="9"/>', ""),
        ('<ellipse rx="0" ry="2"/>', ""),
        ("<polyline/>", ""),
    ],
)
def test_a_shape_is_the_path_that_the_standard_says(shape: str, same: str) -> None:
    assert code(shape) == path(same)


def test_bounds_are_those_of_the_curve_not_of_its_control_points() -> None:
    shape = outline('<path d="M0 0C0 8 8 8 8 0ZM20 1L21 2"/>')
    assert shape.bounds() == pytest.approx((0, 0, 21, 6))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, 0, 0, 1, 0, 0)),
        ("translate(5) scale(2)", (2, 0, 0, 2, 5, 0)),
        ("scale(2,3)translate(5 6)", (2, 0, 0, 3, 10, 18)),
        ("rotate(90 10 0)", (0, 1, -1, 0, 10, -10)),
        ("rotate(-90)", (0, -1, 1, 0, 0, 0)),
        ("skewX(45)", (1, 0, 1, 1, 0, 0)),
        ("skewY(45)", (1, 1, 0, 1, 0, 0)),
        ("matrix(1 2 3 4 5 6)", (1, 2, 3, 4, 5, 6)),
    ],
)
def test_transforms(text: str, expected: tuple[float, ...]) -> None:
    assert matrix(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["matrix(1 2)", "rotate(1 2)", "scale(1 2 3)", "translate(1,2,3)"])
def test_a_transform_with_other_numbers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="other numbers"):
        matrix(text)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8).filter(lambda it: len(it) % 2 == 0))
def test_any_number_is_written_as_pdf_can_read_it(numbers: list[float]) -> None:
    written = path(f"M{' '.join(map(repr, numbers))}")
    assert "e" not in written
    shown = [float(one) for one in written.split() if one not in "ml"]
    assert shown == pytest.approx(numbers, rel=1e-6, abs=1e-6)
