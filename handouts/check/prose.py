"""Checks of single units of words: sources, advice, capitals, promotion."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from msgspec import Struct, field

from handouts.check.figures import numbers_in, numbers_without_source, source_numbers
from handouts.check.shares import share_in
from handouts.check.units import Unit
from handouts.compose.generated import complete_citation
from handouts.compose.problems import citation_problem
from handouts.compose.values import Values
from handouts.errors import Finding
from handouts.library import Library
from handouts.library.placeholders import left_over
from handouts.library.schema import Value

_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]*[A-Z](?:s\b|\b)")
_ROMAN = re.compile(r"[IVX]+")

#: Words that sell instead of tell, by language. "Cure" is not among them: "not a cure" is said.
PROMOTION: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("amazing", "best in class", "breakthrough", "cutting-edge", "cutting edge"),
        *("durable relief", "especially effective", "game changer", "game-changing"),
        *("gold standard", "groundbreaking", "guarantee", "guaranteed", "highly effective"),
        *("hope", "innovative", "latest technology", "life-changing", "major advancement"),
        *("miracle", "outperform", "outperformed", "outperforms", "painless", "powerful"),
        *("preferred option", "proven to work", "remarkable", "revolutionary", "risk-free"),
        *("safe and effective", "state of the art", "state-of-the-art", "superior"),
        *("unparalleled", "world-class"),
    )
}


class Guards:
    """Finds advice of ``values.toml`` that somebody typed in the words of these languages."""

    def __init__(self, library: Library, *langs: str) -> None:
        self.patterns = tuple(
            (name, re.compile(pattern, re.IGNORECASE), is_own)
            for name, value in library.values.items()
            for lang in langs
            for is_own, patterns in enumerate((value.guard.get(lang, ()), _whole(value, lang)))
            for pattern in patterns
            if is_pattern(pattern)
        )

    def typed_in(
        self, text: str, cited: Collection[str] = frozenset()
    ) -> Iterator[tuple[str, str]]:
        """The name of each value that a line of ``text`` says, and what was typed.

        Numbers that are ``cited`` are a source's, where only a value's own text fits: a result must
        not change with a clinic's advice.
        """
        for name, pattern, is_own in self.patterns:
            found = next(filter(None, map(pattern.search, text.split("\n"))), None)
            numbers = numbers_in(found[0]) if found and is_own else []
            if found and not (numbers and all(one in cited for one in numbers)):
                yield name, found[0]


class WordChecks(Struct, frozen=True, dict=True, weakref=True):
    """The checks of one condition's words."""

    library: Library
    condition: str
    values: Values
    guards: dict[str, Guards] = field(default_factory=dict)

    def findings(self, unit: Unit) -> Iterator[Finding]:
        """Everything that is wrong with ``unit``."""
        yield from self._values(unit)
        yield from self._left_over(unit)
        yield from self._sources(unit)
        yield from self._figures(unit)
        yield from self._by_hand(unit)
        yield from self._promotion(unit)
        if not unit.foreign:
            yield from self._capitals(unit)

    def _values(self, unit: Unit) -> Iterator[Finding]:
        for name, source in unit.uses:
            if problem := self.values.problem(name, source):
                yield problem

    def _left_over(self, unit: Unit) -> Iterator[Finding]:
        if sentence := left_over(unit.typed):
            yield Finding(
                f"“{sentence}” is what a new file says.", unit.source, "Write your own words."
            )

    def _sources(self, unit: Unit) -> Iterator[Finding]:
        if not unit.cites and (share := share_in(unit.typed)):
            yield Finding(
                f"“{share}” has no source.",
                unit.source,
                "Cite one in the same paragraph, list item or table: [@key].",
            )
        for key, source in unit.cites:
            if problem := citation_problem(self.library, key, source):
                yield problem
            evidence = self.library.evidence.get(key)
            if evidence is None:
                continue
            if evidence.marker == "memory":
                yield Finding(
                    f"{key} is from memory: nobody has checked it against its source.",
                    source,
                    'Check it, then set marker = "verified" and the date; or leave it out.',
                )
            said = evidence.says_so.get(self.library.lang, ())
            if evidence.is_direct(self.condition) or _says(unit.text, said):
                continue
            population = self.library.words(evidence.population) or "other people"
            words = " or ".join(f"“{one}”" for one in said) or "(says_so is empty)"
            yield Finding(
                f"{key} is about {population}, and this does not say so for {self.condition}.",
                source,
                f"Say so in the same paragraph, list item or table: {words}.",
            )

    def _figures(self, unit: Unit) -> Iterator[Finding]:
        if wrong := numbers_without_source(self.library, unit):
            keys = ", ".join(dict.fromkeys(key for key, _ in unit.cites))
            yield Finding(
                f"{' and '.join(wrong)} cannot be found in {keys}.",
                unit.source,
                "Correct the number, cite its source, or add it to the source in evidence.toml.",
            )

    def _by_hand(self, unit: Unit) -> Iterator[Finding]:
        cited = source_numbers(self.library, unit)
        if unit.foreign:
            yield from self._in_another_language(unit, cited)
            return
        for name, typed in self._guards("").typed_in(unit.typed, cited):
            yield Finding(
                f"“{typed}” is advice typed by hand.",
                unit.source,
                f"Use {{{{ {name} }}}}, so that a clinic can change it in one place.",
            )

    def _in_another_language(self, unit: Unit, cited: Collection[str]) -> Iterator[Finding]:
        """Advice among words that can hold no value of ours: it says what the value says there."""
        for name, typed in self._guards(unit.foreign).typed_in(unit.typed, cited):
            said = self.library.values[name].text.get(unit.foreign, "")
            if typed.casefold() not in said.casefold():
                what = f"“{typed}” is not what the value {name} says in {unit.foreign}."
                remedy = f"Write “{said}”." if said else f"Add its text in {unit.foreign}."
                yield Finding(what, unit.source, remedy)

    def _promotion(self, unit: Unit) -> Iterator[Finding]:
        if found := self._banned.search(unit.typed):
            yield Finding(f"“{found[0]}” promotes.", unit.source, "Say what was found, in numbers.")

    def _capitals(self, unit: Unit) -> Iterator[Finding]:
        for match in _CAPITALS.finditer(unit.text):
            word = match[0]
            if word in self._explained or word.removesuffix("s") in self._explained:
                continue
            if not _ROMAN.fullmatch(word):
                yield Finding(
                    f"{word} is not explained.",
                    unit.source,
                    f"Add it to glossary/{self.library.lang}.toml with its expansion, or write "
                    "words.",
                )

    @cached_property
    def _explained(self) -> frozenset[str]:
        """Forms of glossary terms, and names that a source carries in its citation."""
        forms = (form for term in self.library.terms.terms for form in term.forms)
        cited = (
            match[0]
            for evidence in self.library.evidence.values()
            for match in _CAPITALS.finditer(complete_citation(self.library, evidence))
        )
        return frozenset({*forms, *cited})

    def _guards(self, foreign: str) -> Guards:
        """For words of the library's language, and of the ``foreign`` one among them, if any."""
        if foreign not in self.guards:
            self.guards[foreign] = Guards(self.library, self.library.lang, foreign)
        return self.guards[foreign]

    @cached_property
    def _banned(self) -> re.Pattern[str]:
        words = sorted(PROMOTION.get(self.library.lang, ()), key=len, reverse=True)
        either = "|".join(map(re.escape, words)) or "(?!)"
        return re.compile(rf"\b(?:{either})\b", re.IGNORECASE)


_LONGEST_PATTERN = 200
_SLOW = re.compile(r"\)[*+{]|\\[1-9]|\(\?P=")
#: What leaves a choice where a pattern fits: ``a?``, ``a|b``, ``a{1,3}``, ``a+``; not as a sign.
_CHOICE = re.compile(
    r"\\.|\[[^]]*\]|\(\?|(?P<many>[*+]|\{\d*,\})|[?|]|\{(?P<least>\d*),(?P<most>\d+)\}"
)
_MANY, _MOST_WAYS = 128, 512


def is_pattern(pattern: str) -> bool:
    """Whether ``pattern`` is a regular expression of the kind that always ends soon.

    A repeated group or a reference back to one can take longer than anybody waits, and so can
    many choices: each multiplies the ways to try.
    """
    if len(pattern) > _LONGEST_PATTERN or _SLOW.search(pattern) or _ways(pattern) > _MOST_WAYS:
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _ways(pattern: str) -> int:
    """In how many ways a pattern may be tried at one place."""
    ways = 1
    for choice in _CHOICE.finditer(pattern):
        if choice["many"]:
            ways *= _MANY
        elif choice["most"]:
            ways *= max(1, int(choice["most"]) - int(choice["least"] or 0) + 1)
        elif choice[0] in "?|":
            ways *= 2
    return ways


def _whole(value: Value, lang: str) -> tuple[str, ...]:
    """A value's own text as a pattern of whole words.

    Only if it holds a number: "by half or more" is also how a study's result is told, and that
    must not change when a clinic changes its advice.
    """
    text = value.text.get(lang, "")
    counted = any(sign.isdigit() for sign in text)
    return (rf"(?<!\w){re.escape(text)}(?!\w)",) if counted else ()


def _says(text: str, phrases: tuple[str, ...]) -> bool:
    folded = " ".join(text.split()).casefold()
    return any(" ".join(phrase.split()).casefold() in folded for phrase in phrases)
