"""Telephone numbers: what passes, and what a telephone dials for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.model.telephone import dialled, emergency_problem, phone_problem


@pytest.mark.parametrize(
    "number",
    [
        "",
        "(212) 736-5000",
        "212.736.5000",
        "+49 30 901820",
        "1-800-222-1222 ext. 12",
        "020 7946/0",
        "+49 30/901820",
    ],
)
def test_good_numbers(number: str) -> None:
    assert phone_problem(number) == ""


@pytest.mark.parametrize(
    "number",
    [
        "call us",
        "12345",
        "1" * 16,
        "((212) 736-5000",
        "212)736(5000",
        "1-800-FLOWERS",
        "1" * 9999,
        "401-846-2200/2201",
        "846-2200/846-2201",
        "112/110/999",
        "988 / 1-800-273-8255",
        "112 / 116117",
        "999 / 0800 1111",
        "000 / 13 11 14",
        "(212) 736-5000/1",
        "030 901820/1",
        "988 1-800-273-8255",
        "212.736.5000\u20135003",
        "+49 (030) 901820",
        "+39 (06) 698 8123",
        "49 (0)30 901820",
        "011 44 (0)20 7946 0958",
    ],
)
def test_bad_numbers(number: str) -> None:
    assert phone_problem(number)


@pytest.mark.parametrize(
    "number", ["911", "9-1-1", "1 1 2", "3114", "116 123", "116-117", "13 11 14", "131114"]
)
def test_emergency_lines_may_be_short(number: str) -> None:
    assert emergency_problem(number) == ""


@pytest.mark.parametrize(
    "number", ["988 911", "988-911", "911 112", "000 112", "15 18", "15 17 18", "911 9", "110-112"]
)
def test_groups_that_may_each_be_an_emergency_line_are_not_dialled(number: str) -> None:
    assert emergency_problem(number) == "may be two numbers"
    assert dialled(number) == ""


def test_a_digit_alone_is_no_emergency_line() -> None:
    assert emergency_problem("9")


@pytest.mark.parametrize(
    ("printed", "dials"),
    [
        ("988", "988"),
        ("9-1-1", "911"),
        ("116 123", "116123"),
        ("(401) 846-2299 EXT. 4", "4018462299"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0049 (0)30 901820", "004930901820"),
        ("(020) 7946 0958", "02079460958"),
        ("030/901820", "030901820"),
    ],
)
def test_what_is_dialled(printed: str, dials: str) -> None:
    assert dialled(printed) == f"tel:{dials}"


@pytest.mark.parametrize(
    "text",
    [
        "your local line",
        "988 (24/7)",
        "988, press 1",
        "988 or 911",
        "1-800-273-TALK",
        "555-0142 #4",
    ],
)
def test_no_telephone_is_led_to_another_number(text: str) -> None:
    assert dialled(text) == ""


@given(st.text(alphabet="0123456789+()-/. x") | st.text())
def test_what_is_dialled_is_a_number_whatever_is_printed(text: str) -> None:
    assert isinstance(phone_problem(text), str)
    digits = dialled(text).removeprefix("tel:").removeprefix("+")
    assert not digits or (digits.isascii() and digits.isdigit())
