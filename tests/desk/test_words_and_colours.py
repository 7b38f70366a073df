"""The page's words are whole in each language; its colours are legible for any brand."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.contract.colours import ratio
from handouts.desk.ui_words import LANGUAGES, words
from handouts.finding.palette import palette
from handouts.printing.printers import _TROUBLES

DESK = Path(__file__).resolve().parents[2] / "handouts/desk"
PRINTING = DESK.parent / "printing"
SLOTS = ("printer", "paper", "others", "most", "tray", "size", "pages")


def slots(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def obstacles() -> set[str]:
    """The keys of what keeps a printer from printing."""
    text = "".join(path.read_text("utf-8") for path in sorted(PRINTING.glob("*.py")))
    named = {key for one in re.findall(r"\bkey(?:, remedy)? = (.*)", text) for key in _quoted(one)}
    return {*_TROUBLES, *named, *re.findall(r'\bkey="([a-z-]+)"', text)}


def _quoted(text: str) -> list[str]:
    return re.findall(r'"([a-z-]+)"', text)


def test_each_obstacle_is_said_in_words_of_the_page() -> None:
    """In no command's: nobody at a desk types an option."""
    assert len(obstacles()) > 20
    for lang in LANGUAGES:
        for key in obstacles():
            assert "--" not in words(lang)(f"obstacle.{key}", **dict.fromkeys(SLOTS, "x"))


def test_each_language_says_the_same() -> None:
    """The same keys with the same slots; nothing is said that no page says."""
    english, *others = (words(lang)._words for lang in LANGUAGES)
    for other in others:
        assert other.keys() == english.keys()
        assert [key for key in english if slots(english[key]) != slots(other[key])] == []


def test_every_word_on_a_page_exists_and_is_used() -> None:
    """Also those whose key is put together."""
    texts = [path.read_text("utf-8") for path in sorted(DESK.rglob("*.html"))]
    texts += [path.read_text("utf-8") for path in sorted(DESK.glob("*.py"))]
    text = "\n".join(texts)
    whole = set(re.findall(r'\bt(?:\.rich)?\(["\']([a-z_.-]+)["\']', text))
    begun = tuple(re.findall(r'\bt\("([a-z_.-]+\.)" ~', text))
    known = words("en")._words
    for key in whole - {one for one in whole if one.endswith(".")}:
        assert key in known or f"{key}.one" in known, key
    said = {key for key in known if key.startswith(begun)}
    quoted = set(re.findall(r'"([a-z]+[a-z_.-]*)"', text))
    said |= {key for key in known if key.startswith("layout.")}  # Words.layout
    said |= {f"obstacle.{key}" for key in obstacles()}  # Words.finding
    for key in known.keys() - said:
        assert {key, key.removesuffix(".one").removesuffix(".many")} & (whole | quoted), key


colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
brands = st.fixed_dictionaries(
    dict.fromkeys(("primary", "text", "muted", "tint", "warning"), colours)
)


@pytest.mark.parametrize("dark", [False, True])
@given(brand=brands)
def test_any_brand_is_legible(brand: dict[str, str], *, dark: bool) -> None:
    """Text has 4.5:1 on each ground that it stands on, lines of controls have 3:1."""
    found = palette(brand, dark=dark)
    for ground in ("page", "card", "tint"):
        for name in ("text", "muted", "primary", "warning", "draft", "good"):
            assert ratio(found[name], found[ground]) >= 4.5, (name, ground, found)
        assert ratio(found["border"], found[ground]) >= 3, (ground, found)
    for tone in ("warning", "draft", "good"):
        assert ratio(found[f"on-{tone}"], found[f"{tone}-ground"]) >= 7, (tone, found)
        assert ratio(found[tone], found[f"{tone}-ground"]) >= 4.5, (tone, found)
    assert ratio(found["on-primary"], found["primary"]) >= 4.5
    assert ratio(found["on-mark"], found["mark"]) >= 7
