"""The content that ships: it passes every check, and every handout of it is composed."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from handouts.check.conditions import check_all
from handouts.check.grade import MAX_GRADE
from handouts.check.readability import english_words, measure, printed_words
from handouts.check.syllables import syllables
from handouts.compose import compose, words_of
from handouts.library import Library, load_library
from handouts.model import (
    Handout,
    LayoutFacts,
    Link,
    SectionChoice,
    Selection,
    plain_text,
)
from handouts.workspace import Workspace
from tests.library.conftest import CLINIC, SAMPLE
from tests.tools.make_syllables import spoken_counts

REVIEWED = date(2026, 12, 1)
CONDITIONS = (
    "crps", "crps-arm", "foot", "groin-hernia", "knee-replacement", "nerve-injury", "pelvic",
)  # fmt: skip
CHOICES = (SectionChoice.DEFAULT, SectionChoice.ALL)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(Workspace(None, Path("output")), "en")


def handout(library: Library, condition: str, choice: SectionChoice, audience: str) -> Handout:
    facts = LayoutFacts("any", "enclosure" if audience == "physician" else "patient")
    return compose(library, Selection(condition, choice=choice), CLINIC, facts)


def test_it_passes_every_check(library: Library) -> None:
    assert not list(map(str, check_all(library, SAMPLE, REVIEWED)))


def test_the_conditions(library: Library) -> None:
    assert set(CONDITIONS) == set(library.conditions)


@pytest.mark.parametrize(("condition", "choice"), list(product(CONDITIONS, CHOICES)))
def test_patients_can_read_it(library: Library, condition: str, choice: SectionChoice) -> None:
    measured = measure(handout(library, condition, choice, "patient"))
    assert measured is not None
    assert measured.grade <= MAX_GRADE


@pytest.mark.parametrize("lang", ["en", "es"])
def test_each_shows_the_device_its_harms_and_how_to_move(lang: str) -> None:
    library = load_library(Workspace(None, Path("output")), lang)
    for condition in CONDITIONS:
        blocks = repr(handout(library, condition, SectionChoice.DEFAULT, "patient").sections)
        shown = re.findall(r"Svg\(name='[^']*?(device|complications|moves)", blocks)
        assert shown == ["device", "complications", "moves"]


def test_a_complete_source_leads_to_each_place_that_it_names(library: Library) -> None:
    made = handout(library, "crps", SectionChoice.DEFAULT, "physician")
    (source,) = (one.citation for one in made.references if one.key == "accurate-2017")
    links = {plain_text(one.children): one.href for one in source if isinstance(one, Link)}
    assert links == {
        "PMID 28030470": "https://pubmed.ncbi.nlm.nih.gov/28030470/",
        "doi:10.1097/j.pain.0000000000000814": "https://doi.org/10.1097/j.pain.0000000000000814",
    }


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_citation_has_its_note(library: Library, condition: str) -> None:
    for choice, audience in product(CHOICES, ("patient", "physician")):
        made = handout(library, condition, choice, audience)
        text = repr(made.sections)
        cited = set(re.findall(r"Cite\(key='[^']+', number=(\d+)", text))
        notes = set(re.findall(r"reference=([1-9]\d*)", text))
        assert cited == {str(reference.number) for reference in made.references}
        # Without a list among the sections, the layout prints the references itself.
        assert notes in (set(), cited)
        assert "{{" not in text
        assert "[@" not in text


def test_words_are_counted_as_the_dictionary_says(library: Library) -> None:
    counts = spoken_counts()
    words = {
        word.lower()
        for condition, choice in product(CONDITIONS, CHOICES)
        for sentence in measure_all(handout(library, condition, choice, "patient"))
        for token in printed_words(sentence)
        for word, _ in english_words(token)
    }
    assert len(words) > 500
    wrong = {word for word in words if word in counts and syllables(word) != counts[word]}
    assert not wrong


def measure_all(made: Handout) -> list[str]:
    measured = measure(made)
    return [sentence.text for sentence in measured.sentences] if measured else []


def test_no_condition_has_the_words_of_another(library: Library) -> None:
    texts = {repr(words_of(library, condition).sections) for condition in CONDITIONS}
    assert len(texts) == len(CONDITIONS)
