"""Printed texts of a brand: bounded, and without characters that nobody can see."""

from __future__ import annotations

import pytest

from handouts.library.brand import check_brand, load_brand
from tests.library.brand.conftest import PLAIN, MakeBrand, picture

#: Each text, where it is printed from, and the most characters that it may have.
BOUNDS = {
    "name": ("name", 2, "Northside Pain Clinic", 80),
    "address": ("address", 3, "12 Harbour Street", 60),
    "label": ("label", 8, '"Clinic"', 60),
    "hours": ("hours", 10, "Monday to Friday, 8 am to 5 pm", 80),
    "night label": ("label", 13, "Nights and weekends", 60),
    "alt": ("alt", 18, "A white field", 160),
    "disclaimer": ("disclaimer", 22, "Ask us.", 400),
    "disclaimer in another language": ("disclaimer", 23, "Pregúntenos.", 400),
}
WHOLE = (
    "\n"
    + PLAIN
    + (
        '\n[logo]\nfile = "logo.png"\nalt = "A white field"\nwidth = 100\n'
        '\n[disclaimer]\nen = "Ask us."\nes = "Pregúntenos."\n'
    )
)


def _findings(make_brand: MakeBrand, old: str, new: str) -> list[str]:
    assert WHOLE.count(old) == 1
    workspace = make_brand(WHOLE.replace(old, new), logo__png=picture())
    return [str(finding) for finding in check_brand(workspace)]


@pytest.mark.parametrize("name", BOUNDS)
def test_a_text_that_is_too_long_is_refused(make_brand: MakeBrand, name: str) -> None:
    key, line, old, most = BOUNDS[name]
    quotes = '"' if old.startswith('"') else ""
    assert _findings(make_brand, old, quotes + "í" * most + quotes) == []
    (found,) = _findings(make_brand, old, quotes + "í" * (most + 1) + quotes)
    assert found.endswith(
        f"brand.toml:{line}: {key} has {most + 1} characters; it may have {most}. Write it shorter."
    )


@pytest.mark.parametrize("name", BOUNDS)
def test_a_text_with_what_cannot_be_seen_is_refused(make_brand: MakeBrand, name: str) -> None:
    key, line, old, _ = BOUNDS[name]
    new = old.replace('"', "")[:3] + "\u202eno\u202c"
    (found,) = _findings(make_brand, old, f'"{new}"' if old.startswith('"') else new)
    where, _, rest = found.partition(" must not hold what cannot be seen: U+202E RIGHT-TO-LEFT")
    assert f"brand.toml:{line}: " in where
    assert key in where.split()[-1].split(".")
    assert rest


def test_an_address_has_no_line_end_within_a_line(make_brand: MakeBrand) -> None:
    (found,) = _findings(make_brand, "12 Harbour Street", "12 Harbour\\nStreet")
    assert "brand.toml:3: address must not hold what cannot be seen: U+000A" in found


def test_addresses_and_numbers_are_bounded(make_brand: MakeBrand) -> None:
    site = "https://northside-pain.org/contact"
    (found,) = _findings(make_brand, site, site + "/" + "a" * 100)
    assert ":4: website has 135 characters" in found
    (found,) = _findings(make_brand, "desk@", "desk" * 25 + "@")
    assert ":5: email has 119 characters" in found
    (found,) = _findings(make_brand, "(401) 846-2200", "(401)" + " " * 50 + "846-2200")
    assert ":9: number has 63 characters" in found


def test_an_address_has_six_lines_at_most(make_brand: MakeBrand) -> None:
    six = '"12 Harbour Street"' + ', "Floor"' * 4
    assert _findings(make_brand, '"12 Harbour Street"', six) == []
    (found,) = _findings(make_brand, '"12 Harbour Street"', six + ', "Door"')
    assert "brand.toml:3: address has more than 6 lines. Write fewer." in found


def test_a_no_break_space_is_a_space(make_brand: MakeBrand) -> None:
    brand = load_brand(make_brand(PLAIN.replace("12 Harbour", "12\u00a0Harbour")))
    assert brand.address[0] == "12\u00a0Harbour Street"
