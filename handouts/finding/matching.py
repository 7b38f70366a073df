"""Which texts a typed word fits: whatever its accents and ending, cut short, or with one slip.

``publish/search.js`` does the same in a browser; ``tests/browser`` compares the two.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Literal

from msgspec import Struct

Kind = Literal["code", "name", "part", "also", "says"]
#: A word of a text: as it is compared, and where it stands (characters, first and behind the last).
Word = tuple[str, int, int]
#: Letters to mark.
Mark = tuple[int, int]

#: How well a word fits: whole, cut short, with a slip.
_WHOLE, _BEGUN, _SLIP = 1.0, 0.8, 0.5


def folded(text: str) -> list[Word]:
    """The words of ``text``: letters and digits, in small letters without accents."""
    found: list[Word] = []
    word, start, end = "", 0, 0
    for place, char in enumerate(f"{text} "):
        bare = [
            one
            for one in unicodedata.normalize("NFKD", char).lower()
            if not unicodedata.category(one).startswith("M")
        ]
        if all(map(str.isalnum, bare)):  # a lone accent belongs to the word before it
            start = start if word else place
            word += "".join(bare)
            end = place + 1
        elif word:
            found.append((word, start, end))
            word = ""
    return found


def stem(word: str) -> str:
    """``word`` without the usual endings of English and Spanish: burns and burning are one."""
    if len(word) >= 4 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) >= 6 and word.endswith("ing"):
        return word[:-3]
    if len(word) >= 5 and word.endswith("ed"):
        return word[:-2]
    if len(word) >= 5 and word.endswith("y"):
        return f"{word[:-1]}i"
    if len(word) >= (5 if word.endswith("e") else 6) and word[-1] in "eao":
        return word[:-1]
    return word


def slips(one: str, other: str, most: int) -> bool:
    """Whether at most ``most`` letters are wrong, missing, too many, or in each other's place."""
    if abs(len(one) - len(other)) > most:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, beside in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != beside))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == beside:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


class Text(Struct, frozen=True):
    """A text by which a condition is found. ``weight``: how much a word of it says."""

    condition: str
    kind: Kind
    lang: str
    text: str
    weight: float


class Match(Struct, frozen=True):
    """How well a typed word fits a text, and the letters that show it."""

    weight: float
    marks: tuple[Mark, ...]


class Index(Struct, frozen=True, dict=True):
    """Texts by their words. A word that stands ``apart`` fits as it is or not at all."""

    texts: tuple[Text, ...]
    apart: frozenset[str]

    @cached_property
    def _words(self) -> dict[str, list[tuple[int, int, int]]]:
        """Text, start and end of each word."""
        found: dict[str, list[tuple[int, int, int]]] = {}
        for number, text in enumerate(self.texts):
            for word, start, end in folded(text.text):
                found.setdefault(word, []).append((number, start, end))
        return found

    @cached_property
    def _stems(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {stem(word): [] for word in sorted(self.apart)}
        for word in self._words:
            found.setdefault(stem(word), []).append(word)
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._words)

    def matches(self, word: str) -> Mapping[int, Match]:
        """What a typed word fits, by the number of the text: a known word itself alone, else what
        it begins, else what it may have been with one slip.
        """
        if (known := self._stems.get(stem(word))) is not None:
            return self._found(known, _WHOLE)
        if begun := list(self._begun_by(word)):
            return self._found(begun, _BEGUN, len(word))
        return self._found(self._near(word, 1), _SLIP)

    def nearly(self, word: str) -> Mapping[int, Match]:
        """What a typed word fits, or may have been with two slips: to be offered, never to fit."""
        found = self.matches(word)
        apart = stem(word) in self._stems
        return found if found or apart else self._found(self._near(word, 2), _SLIP)

    def _begun_by(self, word: str) -> Iterator[str]:
        if len(word) >= 2:
            for place in range(bisect_left(self._sorted, word), len(self._sorted)):
                if not self._sorted[place].startswith(word):
                    return
                yield self._sorted[place]

    def _near(self, word: str, most: int) -> Iterator[str]:
        """Short words are too much like others: of four letters two may be swapped, no more."""
        for other in self._sorted:
            if len(word) >= 5 and len(other) >= 4:
                near = slips(word, other, most if len(word) > 5 else 1)
            else:
                near = len(word) == 4 == len(other) and sorted(word) == sorted(other)
                near = near and slips(word, other, 1)
            if near:
                yield other

    def _found(self, words: Iterable[str], share: float, begun: int = 0) -> dict[int, Match]:
        marks: dict[int, list[Mark]] = {}
        for word in words:
            for number, start, end in self._words[word]:
                last = min(end, start + begun) if begun else end
                marks.setdefault(number, []).append((start, last))
        return {
            number: Match(self.texts[number].weight * share, tuple(sorted(found)))
            for number, found in sorted(marks.items())
        }
