"""Glossary terms and abbreviations in words."""

from __future__ import annotations

import pytest

from handouts.library.schema import Term
from handouts.library.terms import TermFinder

TERMS = TermFinder(
    (
        Term("Lead", "A wire.", ("leads",)),
        Term("Lead anchor", "A part."),
        Term("DRG", "A bump.", ("DRGs",), "dorsal root ganglion"),
        Term("Off-label", "Not approved."),
        Term("US", "A land."),
    )
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Leads lead.", ["Lead", "Lead"]),
        ("A lead anchor", ["Lead anchor"]),
        ("a leader misleads", []),
        ("OFF-LABEL use", ["Off-label"]),
        ("DRGs, DRG's and drg", ["DRG", "DRG"]),
        ("call us", []),
        ("the US", ["US"]),
    ],
)
def test_terms_are_whole_words_and_capitals_count_in_abbreviations(
    text: str, words: list[str]
) -> None:
    assert [term.word for term in TERMS.used(text)] == words


def test_abbreviations_have_an_expansion() -> None:
    found = [(start, end, term.word) for start, end, term in TERMS.abbreviations("DRGs, US, DRG")]
    assert found == [(0, 4, "DRG"), (10, 13, "DRG")]


def test_an_empty_glossary_finds_nothing() -> None:
    assert list(TermFinder(()).used("any")) == []
