"""Finding glossary terms and abbreviations in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from handouts.library.schema import Term


class TermFinder(Struct, frozen=True, dict=True, weakref=True):
    """Finds the forms of glossary terms in text. A form in capitals matches only capitals."""

    terms: tuple[Term, ...]

    @cached_property
    def _exact(self) -> dict[str, Term]:
        return {form: term for term in self.terms for form in term.forms if _is_capitals(form)}

    @cached_property
    def _folded(self) -> dict[str, Term]:
        forms = ((form, term) for term in self.terms for form in term.forms)
        return {form.casefold(): term for form, term in forms if not _is_capitals(form)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _any_of([*self._exact, *self._folded], re.IGNORECASE)

    @cached_property
    def _abbreviations(self) -> re.Pattern[str]:
        return _any_of([form for term in self.terms if term.expansion for form in term.forms])

    def used(self, text: str) -> Iterator[Term]:
        """The terms whose forms stand in ``text``, in order, with repetitions."""
        for match in self._pattern.finditer(text):
            form = match[0]
            term = self._exact.get(form) or self._folded.get(form.casefold())
            if term is not None:
                yield term

    def abbreviations(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Where abbreviations with an expansion stand in ``text``: start, end, term."""
        for match in self._abbreviations.finditer(text):
            term = self._exact.get(match[0]) or self._folded.get(match[0].casefold())
            if term is not None:
                yield match.start(), match.end(), term


def _is_capitals(form: str) -> bool:
    """Abbreviations such as DRG or CRPS, and their plurals (DRGs)."""
    letters = [letter for letter in form if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) * 2 > len(letters)


def _any_of(forms: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """Any of these forms as whole words, the longest first."""
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    if not ordered:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", flags)
