"""Characters that nobody can see are named; letters, signs and spaces of all scripts are seen."""

from __future__ import annotations

import pytest

from handouts.visible import is_visible, stands_alone, unseen


@pytest.mark.parametrize(
    ("char", "name"),
    [
        *(
            (chr(code), f"U+{code:04X} ")
            for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
        ),
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\u00ad", "U+00AD SOFT HYPHEN"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\n", "U+000A a control character"),
        ("\u2028", "U+2028 LINE SEPARATOR"),
        ("\ue000", "U+E000 a control character"),
        ("\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("\u3164", "U+3164 HANGUL FILLER"),
        ("\ufffc", "U+FFFC OBJECT REPLACEMENT CHARACTER"),
        ("\u0336", "U+0336 COMBINING LONG STROKE OVERLAY"),
        ("\u20e0", "U+20E0 COMBINING ENCLOSING CIRCLE BACKSLASH"),
        ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
        ("\ufdd0", "U+FDD0 a control character"),
    ],
)
def test_what_cannot_be_seen_is_named(char: str, name: str) -> None:
    assert not is_visible(char)
    assert unseen(f"Clinic{char} of the lake\x00").startswith(name)


def test_a_pile_of_accents_is_none_of_a_letter() -> None:
    assert unseen("a\u0300\u0323\u0304b") == ""
    assert unseen("a\u0300\u0323\u0304\u0301b") == "U+0300 COMBINING GRAVE ACCENT"


def test_letters_signs_and_spaces_are_seen() -> None:
    assert unseen("Zoë’s clinic – 5\u00a0–\u202f7 kg, √, Ζωή, 李, é, e\u0301 (24/7) ☐") == ""


@pytest.mark.parametrize("char", "\u0627\u05d0\u0661\u0301\u0308\u093f\u094d\u0e31\u20dd")
def test_what_needs_its_neighbours_does_not_stand_alone(char: str) -> None:
    """Arabic, Hebrew, Arabic digits; accents without a letter; vowel signs of Hindi and Thai."""
    assert not stands_alone(char)


@pytest.mark.parametrize("char", "aé1ếßЖΩ漢 …’“%°½→☐€")
def test_what_is_drawn_as_it_is_stands_alone(char: str) -> None:
    assert stands_alone(char)
