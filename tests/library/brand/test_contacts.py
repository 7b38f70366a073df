"""Web and mail addresses, made-up contacts: what passes and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.library.brand.contacts import (
    email_problem,
    made_up,
    website_problem,
)


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
        ("(555) 555-0142, ext. 4", True),
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
    for problem_of in (website_problem, email_problem):
        assert isinstance(problem_of(text), str)
