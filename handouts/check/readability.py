"""How hard words are to read, offline: Flesch–Kincaid and SMOG for English, Szigriszt for Spanish.

The way of counting is explained to editors in docs/editors.md; a change here is a change there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import sqrt
from statistics import median
from typing import assert_never

from msgspec import Struct

from handouts.check.spanish import spanish_words
from handouts.check.syllables import syllables
from handouts.errors import Source
from handouts.model import (
    Abbr,
    Blank,
    Block,
    Cite,
    Handout,
    Icon,
    Inline,
    LineBreak,
    Link,
    Paragraph,
    Part,
    Slot,
    Span,
    Table,
    Text,
    Value,
)
from handouts.model.tree import nodes_in
from handouts.spoken import spoken_token

#: Lists and paragraphs that are not prose to learn from.
NOT_BODY = frozenset({"references", "glossary", "review-info"})

LONG_WORD = 3  # syllables, by SMOG
SHORTEST = 4  # printed words: a shorter sentence is never called a hard one

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-ZÁÉÍÓÚÑ0-9¿¡])")
#: Full stops that end an abbreviation, by language.
_NO_END = {
    lang: re.compile(rf"(?:\b(?:{words})|\b[A-Z])\.[\"”’)]*$")
    for lang, words in (
        ("en", r"Dr|Mr|Mrs|Ms|St|vs|No|e\.g|i\.e"),
        ("es", r"Dra?|Sra?|Srta|Uds?|EE|UU|núm|p\. ej|ej|vs"),
    )
}
_TOKEN = re.compile(r"[^\s/–—…]+")
_EDGE = re.compile(r"^[^\w$%°+]+|[^\w%°+]+$")
_ADDRESS = re.compile(r"\S*(?:@|://|\bwww\.)\S*|(?<!\w)\+?\(?\d[\d().-]{6,}\d")


class Sentence(Struct, frozen=True):
    """A sentence, with its counts. ``printed`` is its number of words as printed."""

    text: str
    source: Source
    printed: int
    words: int
    syllables: int
    long_words: int

    @property
    def grade(self) -> float:
        """Flesch–Kincaid of this sentence alone: for finding the worst ones."""
        return _flesch_kincaid(1, self.words, self.syllables)


class Readability(Struct, frozen=True):
    """The grades of a text in English, or its points in Spanish, and the counts behind them."""

    sentences: tuple[Sentence, ...]
    lang: str = "en"

    @property
    def words(self) -> int:
        """Words as they are spoken."""
        return sum(sentence.words for sentence in self.sentences)

    @property
    def median(self) -> float:
        """Half of the sentences have so many printed words or more."""
        return median(sentence.printed for sentence in self.sentences) if self.sentences else 0

    @property
    def flesch_kincaid(self) -> float:
        """US school grade by Flesch and Kincaid."""
        total = sum(sentence.syllables for sentence in self.sentences)
        return _flesch_kincaid(len(self.sentences), self.words, total)

    @property
    def smog(self) -> float:
        """US school grade by SMOG (McLaughlin 1969)."""
        if not self.sentences:
            return 0.0
        long_words = sum(sentence.long_words for sentence in self.sentences)
        return round(3.1291 + 1.0430 * sqrt(long_words * 30 / len(self.sentences)), 1)

    @property
    def grade(self) -> float:
        """The higher of the two; 0 for Spanish."""
        return max(self.flesch_kincaid, self.smog) if self.lang == "en" else 0.0

    @property
    def ease(self) -> float:
        """Szigriszt-Pazos: from 0 (hard) to 100 (easy), on the INFLESZ scale; 0 for English."""
        total = sum(sentence.syllables for sentence in self.sentences)
        if self.lang != "es" or not self.words:
            return 0.0
        points = 206.84 - 62.3 * total / self.words - self.words / len(self.sentences)
        return round(points, 1)

    def worst(self, count: int) -> tuple[Sentence, ...]:
        """The sentences that raise the higher grade most, hardest first."""
        by_words = self.lang == "en" and self.smog >= self.flesch_kincaid
        ordered = sorted(
            (one for one in self.sentences if one.printed >= SHORTEST),
            key=lambda one: (-one.long_words if by_words else 0, -one.grade, one.source),
        )
        return tuple(ordered[:count])


def _flesch_kincaid(sentences: int, words: int, total: int) -> float:
    if not sentences or not words:
        return 0.0
    return round(0.39 * words / sentences + 11.8 * total / words - 15.59, 1)


def handout_grade(handout: Handout) -> tuple[float, float]:
    """The grade of a handout's body in English, and its points in Spanish; 0.0 elsewhere."""
    measured = measure(handout)
    return (measured.grade, measured.ease) if measured else (0.0, 0.0)


def measure(handout: Handout) -> Readability | None:
    """The readability of a handout's body; None in a language that is not measured."""
    parts = measure_parts(handout)
    if parts is None:
        return None
    sentences = tuple(one for part in parts.values() for one in part.sentences)
    return Readability(sentences, handout.lang)


def measure_parts(handout: Handout) -> dict[str, Readability] | None:
    """The readability of each section by its id; None in a language that is not measured.

    What abbreviations stand for is printed where they first stand, and counts there.
    """
    counter = COUNTERS.get(handout.lang)
    if counter is None:
        return None
    count = counter(set(handout.abbreviations))
    found = {}
    for section in handout.sections:
        counted = (
            count(sentence, source)
            for text, source in body_texts(section.body)
            for sentence in split_sentences(text, handout.lang)
        )
        sentences = tuple(one for one in counted if one.words)
        found[section.id] = Readability(sentences, handout.lang)
    return found


def body_texts(nodes: Iterable[Block | Part]) -> Iterator[tuple[str, Source]]:
    """The prose of blocks: paragraphs and list items, without headings, tables and sources."""
    for node in nodes:
        if getattr(node, "lang", "") or getattr(node, "style", "") in NOT_BODY:
            continue
        match node:
            case Paragraph(children=children):
                yield "".join(_printed(children)), node.source
            case Table():
                pass
            case _:
                yield from body_texts(nodes_in(node))


def _printed(nodes: Iterable[Inline]) -> Iterator[str]:
    """Words on the page; not phone numbers, lines to fill in, and numbers of citations."""
    for node in nodes:
        match node:
            case Text(text=text):
                yield text
            case LineBreak() | Icon():
                yield " "
            case Link(href=href) if href.startswith("tel:") and len(href) > 10:
                pass
            case Span(lang="") | Link() | Abbr():
                yield from _printed(node.children)
            case Span() | Blank() | Slot() | Cite() | Value():
                pass
            case _:
                assert_never(node)


def split_sentences(text: str, lang: str = "en") -> list[str]:
    """Sentences of a paragraph; one without a full stop is a sentence too."""
    found: list[str] = []
    for part in _SENTENCE_END.split(text):
        if found and _NO_END[lang].search(found[-1]):
            found[-1] += " " + part
        else:
            found.append(part)
    return [part.strip() for part in found if part.strip()]


def printed_words(text: str) -> list[str]:
    """Words as printed: between spaces, without punctuation; addresses are left out."""
    tokens = (_EDGE.sub("", token) for token in _TOKEN.findall(_ADDRESS.sub(" ", text)))
    return [token for token in tokens if any(sign.isalnum() for sign in token)]


def _counter(
    words: Callable[[str], list[tuple[str, int]]], explained: set[str]
) -> Callable[[str, Source], Sentence]:
    """A counter of sentences, in which ``explained`` abbreviations are not long; ``words`` are the
    spoken ones of a printed one."""

    def count(text: str, source: Source) -> Sentence:
        printed = printed_words(text)
        spoken = [part for word in printed for part in words(word)]
        return Sentence(
            text,
            source,
            len(printed),
            len(spoken),
            sum(size for _, size in spoken),
            sum(size >= LONG_WORD and word not in explained for word, size in spoken),
        )

    return count


def english_words(token: str) -> list[tuple[str, int]]:
    """The spoken words of a printed one, each with its syllables."""
    if any(sign.isdigit() for sign in token):
        return [(word, english_syllables(word)) for word in spoken_token(token)]
    return [(part, english_syllables(part)) for part in token.split("-") if part]


def english_syllables(word: str) -> int:
    """Syllables of a word; of an abbreviation in capitals, of its letters' names."""
    letters = word.replace(".", "").removesuffix("s")
    if len(letters) > 1 and letters.isalpha() and letters.isupper():
        return sum(3 if letter == "W" else 1 for letter in letters)
    return syllables(re.sub(r"[^A-Za-z'’]", "", word))


#: The counters by language. A language without one is not measured.
COUNTERS: dict[str, Callable[[set[str]], Callable[[str, Source], Sentence]]] = {
    "en": partial(_counter, english_words),
    "es": partial(_counter, spanish_words),
}
