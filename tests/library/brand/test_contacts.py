"""Telephone numbers, web and mail addresses: what passes and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.library.brand.contacts import (
    email_problem,
    emergency_problem,
    made_up,
    phone_problem,
    website_problem,
)


@pytest.mark.parametrize(
    "number",
    ["", "(212) 736-5000", "212.736.5000", "+49 30 901820", "1-800-222-1222 ext. 12", "020 7946/0"],
)
def test_good_numbers(number: str) -> None:
    assert phone_problem(number) == ""


@pytest.mark.parametrize(
    "number",
    ["call us", "12345", "1" * 16, "((212) 736-5000", "212)736(5000", "1-800-FLOWERS", "1" * 9999],
)
def test_bad_numbers(number: str) -> None:
    assert phone_problem(number)


@pytest.mark.parametrize(("number", "good"), [("911", True), ("112", True), ("9", False)])
def test_emergency_lines_may_be_short(number: str, good: bool) -> None:
    assert (emergency_problem(number) == "") is good


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("", True),
        ("https://clinic-name.org", True),
        ("http://clinic.co.uk:8080/a/b?c=d#e", True),
        ("clinic-name.org", False),
        ("ftp://clinic.org", False),
        ("https://clinic.org/a b", False),
        ("https://user@clinic.org", False),
    ],
)
def test_websites(address: str, good: bool) -> None:
    assert (website_problem(address) == "") is good


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("", True),
        ("desk@clinic.org", True),
        ("a.b+c@d-e.fr", True),
        ("a@b", False),
        ("a b@c.de", False),
    ],
)
def test_emails(address: str, good: bool) -> None:
    assert (email_problem(address) == "") is good


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("(555) 555-0142", True),
        ("+1 212 555 0100", True),
        ("(212) 736-5000", False),
        ("https://example.org/a", True),
        ("https://juniper.example", True),
        ("desk@example.com", True),
        ("https://example-clinic.org", False),
    ],
)
def test_made_up_contacts(contact: str, expected: bool) -> None:
    assert made_up(contact) is expected


@given(st.text())
def test_no_text_upsets_the_forms(text: str) -> None:
    for problem_of in (phone_problem, emergency_problem, website_problem, email_problem):
        assert isinstance(problem_of(text), str)
