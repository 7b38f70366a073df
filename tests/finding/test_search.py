"""A search finds what was meant, says why, and never offers something close as if it fitted."""

from __future__ import annotations

import time
from itertools import combinations
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts.asked import condition_by_code
from handouts.errors import UsageError
from handouts.finding.catalogue import Catalogue
from handouts.finding.matching import slips, stem
from handouts.finding.search import Found, Wanted, search
from handouts.library.icd10 import normal_code
from handouts.publish.search_data import on_page
from handouts.workspace import Workspace
from tests.finding.conftest import TODAY, with_states

SHIPPED = Workspace(None, Path("output"))


def names(found: Found) -> list[str]:
    return [hit.condition for hit in found.hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("g90521", {"crps"}),
        ("G90.521", {"crps"}),
        ("“G90.52-”,", {"crps"}),
        ("m25561", {"knee-replacement"}),
        ("g90.5", {"crps", "crps-arm"}),
        ("M54.5", set()),
        ("M79.67", set()),
        ("knee", {"knee-replacement"}),
        ("Knees", {"knee-replacement"}),
        ("rodilla", {"knee-replacement"}),
        ("kne", {"knee-replacement"}),
        ("rodila", {"knee-replacement"}),
        ("kneee replacment", {"knee-replacement"}),
        ("RSD", {"crps", "crps-arm"}),
        ("causlagia hand", {"crps-arm"}),
        ("Complex Regional Pain Syndrome leg", {"crps"}),
        ("SÍNDROME de dolor regional", {"crps", "crps-arm"}),
        ("sindrome de dolor regional", {"crps", "crps-arm"}),
        ("foot burning after surgery", {"crps", "foot", "nerve-injury"}),
        ("pie que quema", {"crps", "foot", "nerve-injury"}),
        ("my groin hurts since the mesh", {"groin-hernia"}),
        ("hernia mano", set()),
        ("G90.521 knee", {"crps"}),
        ("G90.521 recovery", {"crps"}),
        ("Rosa g90521", {"crps"}),
        ("m54.5 rosa", set()),
        ("G90.521 leg", {"crps"}),
        ("G90.5 hand", {"crps-arm"}),
        ("G90.5 rosa", {"crps", "crps-arm"}),
        ("G89.28 M25.561", {"knee-replacement"}),
        ("back pain", set()),
        ("espalda", set()),
        ("waist", set()),
        ("bazo", set()),
        ("piel", set()),
        ("hip", set()),
        ("knee without surgery", set()),
    ],
)
def test_what_is_found(shipped: Catalogue, typed: str, expected: set[str]) -> None:
    for lang in ("en", "es"):
        assert set(names(search(shipped, typed, lang))) == expected


@pytest.mark.parametrize(
    ("typed", "lang", "layout"),
    [
        ("g90521 spanish large", "es", "large-print"),
        ("español crps", "es", ""),
        ("ESPANOL Letra Grande crps", "es", "large-print"),
        ("crps doctor", "", "referral"),
        ("médico crps", "", "referral"),
        ("crps large print english", "en", "large-print"),
        ("inglés crps", "en", ""),
    ],
)
def test_words_that_choose(shipped: Catalogue, typed: str, lang: str, layout: str) -> None:
    found = search(shipped, typed, "en")
    assert found.wanted == Wanted(lang, layout)
    assert "crps" in names(found)


def test_two_codes_of_different_conditions_make_a_packet_in_their_order(
    shipped: Catalogue,
) -> None:
    found = search(shipped, "m25.561 + g90521 spanish", "en")
    assert (names(found), found.is_packet) == (["knee-replacement", "crps"], True)
    assert found.wanted.lang == "es"
    assert not search(shipped, "m25.561 z96.651", "en").is_packet
    assert search(shipped, "m25.561 G89.28 m79.671", "en").is_packet
    assert not search(shipped, "m25.561 M54.5", "en").hits
    found = search(shipped, "G90.521 m25561 foot Peña", "en")
    assert (names(found), found.is_packet) == (["crps", "knee-replacement"], True)
    assert found.missed == ("Peña",)


def test_words_beside_a_code_choose_or_rank_or_are_missed(shipped: Catalogue) -> None:
    """The code finds what it finds by itself; the page can say which words fit none of it."""
    assert names(search(shipped, "G90.5 rosa", "en")) == ["crps", "crps-arm"]
    assert names(search(shipped, "G90.5 rosa arm", "en")) == ["crps-arm", "crps"]
    for typed, missed in {
        "G90.521 knee": ("knee",),
        "G90.521 leg": (),
        "G90.5 Rosa arm Núñez": ("Rosa", "Núñez"),
        "m54.5 rosa": ("M54.5", "rosa"),
        "m54.5 knee": ("M54.5",),
        "G90.521 M54.5": ("M54.5",),
        "knee bogus": ("bogus",),
    }.items():
        assert search(shipped, typed, "en").missed == missed, typed
    assert marked(search(shipped, "g90521 knee", "en"), "crps") == [("code", "en", ["G90.521"])]


def test_codes_that_exclude_each_other_say_so(shipped: Catalogue) -> None:
    found = search(shipped, "G90.521 G57.71", "es")
    assert not found.hits
    assert "no se codifican juntos" in found.note


def codes_to_try(catalogue: Catalogue) -> list[str]:
    """Every code and each of its beginnings, and some of no handout."""
    whole = sorted(catalogue.codes.titles)
    cut = {code.replace(".", "")[:length] for code in whole for length in range(3, 8)}
    return [*whole, *sorted(cut), "M54.5", "Z99", "G43.1"]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_code_finds_what_the_command_finds(shipped: Catalogue, lang: str) -> None:
    """One condition where the command takes it; several where it asks; else none."""
    typed: list[tuple[str, ...]] = [(code,) for code in codes_to_try(shipped)]
    typed += combinations(["G89.28", "M25.561", "G90.52", "G57.71", "N50.8", "M79.671"], 2)
    for codes in typed:
        found = search(shipped, " ".join(codes), lang)
        try:
            expected = [condition_by_code(SHIPPED, codes, lang, TODAY)]
        except UsageError as problem:
            expected = []
            if "more than one condition" in str(problem):
                expected = [name for name in shipped.conditions if f"{name} (" in str(problem)]
        if not found.is_packet:
            assert sorted(names(found)) == expected, codes
            for hit in found.hits:
                shown = [one.text[slice(*one.marks[0])] for one in hit.reasons]
                assert shown == [normal_code(code) for code in codes]


def test_a_code_of_conditions_elsewhere_is_not_sure(shipped: Catalogue) -> None:
    foot = replace(shipped, rows=tuple(row for row in shipped.rows if row.condition == "foot"))
    assert names(search(foot, "G89.21", "en")) == ["foot"]
    found = search(replace(foot, elsewhere=("G89.21",)), "G89.21", "en")
    assert (names(found), found.near) == ([], ("foot",))


def test_a_page_finds_by_the_words_of_languages_that_it_has_not(shipped: Catalogue) -> None:
    """The handout is there in English, and the patient says “rodilla”."""
    knee = on_page(shipped, {("knee-replacement", "en")})
    spanish = [text for text in knee.index.texts if text.lang == "es"]
    assert {text.condition for text in spanish} == {"knee-replacement"}
    for text in ("rodilla", *(one.text for one in spanish)):
        for lang in ("en", "es"):
            assert names(search(knee, text, lang)) == ["knee-replacement"], text
    assert names(search(knee, "mano", "en")) == []
    approved = with_states(shipped, {("knee-replacement", "es"): "approved"})
    here = on_page(approved, {("knee-replacement", "en")})
    assert {row.lang: row.state for row in here.rows} == {"en": "draft", "es": "draft"}


def test_what_is_approved_in_the_wanted_language_comes_first(shipped: Catalogue) -> None:
    known = with_states(shipped, {("nerve-injury", "es"): "approved", ("crps", "en"): "approved"})
    asked = "foot burning after surgery"
    assert names(search(known, asked, "en")) == ["crps", "nerve-injury", "foot"]
    assert names(search(known, asked, "es")) == ["nerve-injury", "crps", "foot"]
    assert names(search(known, f"{asked} spanish", "en")) == ["nerve-injury", "crps", "foot"]
    assert names(search(known, "spanish", "en"))[:2] == ["nerve-injury", "crps"]


def marked(found: Found, condition: str) -> list[tuple[str, str, list[str]]]:
    (hit,) = [hit for hit in found.hits if hit.condition == condition]
    return [
        (one.kind, one.lang, [one.text[start:end] for start, end in one.marks])
        for one in hit.reasons
    ]


def test_why_it_fits(shipped: Catalogue) -> None:
    found = search(shipped, "foot burning after surgery", "en")
    assert marked(found, "crps") == [("says", "en", ["foot", "burns", "surgery"])]
    found = search(shipped, "causlagia hand", "en")
    assert marked(found, "crps-arm") == [("name", "en", ["hand"]), ("also", "en", ["Causalgia"])]
    assert marked(search(shipped, "rodil", "en"), "knee-replacement") == [("name", "es", ["rodil"])]
    assert marked(search(shipped, "prótesis", "en"), "knee-replacement") == [
        ("also", "es", ["prótesis"])
    ]


def test_what_is_near_is_offered_and_does_not_fit(shipped: Catalogue) -> None:
    for typed, near in {
        "M79.67": ("foot",),
        "M79.67 rosa": ("foot",),
        "knee bogus": ("knee-replacement",),
        "pelvsi hernea": ("groin-hernia", "pelvic"),
        "hrenai repair": ("groin-hernia",),
        "M54.5": (),
        "M54.5 knee": (),
        "G90.521 M54.5": (),
        "back pain": (),
        "zzzz": (),
    }.items():
        found = search(shipped, typed, "en")
        assert (names(found), found.near, found.asked) == ([], near, True), typed


@pytest.mark.parametrize("typed", ["", "  ", "the", "a", "e", "¿?", "que la de"])
def test_nothing_is_looked_for(shipped: Catalogue, typed: str) -> None:
    assert search(shipped, typed, "en") == Found(Wanted(), (), asked=False)


def test_endings_and_slips() -> None:
    for one, other in (("burning", "burns"), ("surgeries", "surgery"), ("nerves", "nerve")):
        assert stem(one) == stem(other)
    for one, other in (("pie", "pierna"), ("hand", "handle"), ("mano", "manta")):
        assert stem(one) != stem(other)
    for typed in ("hernai", "herna", "herniia", "hernja", "ehrnia"):
        assert slips(typed, "hernia", 1)
    assert not slips("hrenai", "hernia", 1)
    assert slips("hrenai", "hernia", 2)


def test_three_hundred_conditions_are_searched_while_somebody_types(shipped: Catalogue) -> None:
    rows = tuple(
        replace(row, condition=f"{row.condition}-{number}", title=f"{row.title} {number}x")
        for number in range(43)
        for row in shipped.rows
    )
    many = replace(shipped, rows=rows)
    assert len(search(many, "foot", "en").hits) > 100
    for typed in ("foot burning after surgery", "g90521", "causlagia hadn", "zzzzz yyyyyy"):
        start = time.perf_counter()
        search(many, typed, "en")
        assert time.perf_counter() - start < 0.5
