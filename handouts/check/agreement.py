"""The handouts of all conditions, side by side: advice in which they differ, words said twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from handouts.check.readability import body_texts, printed_words, split_sentences
from handouts.compose import standing
from handouts.compose.values import Values
from handouts.errors import ContentError, Finding, HandoutsError
from handouts.library import Library
from handouts.library.records import numbers
from handouts.model import Status

#: Words of a sentence that may stand in two conditions' own words.
SHORT = 8


def check_agreement(library: Library, as_of: date) -> Iterator[Finding]:
    """What only a look at several conditions shows."""
    yield from _advice_of_its_own(library)
    yield from _approved_advice(library, as_of)
    yield from _copied(library)


def _advice_of_its_own(library: Library) -> Iterator[Finding]:
    """A condition's variable that stands in for advice which all handouts give."""
    for name, condition in library.conditions.items():
        for variable in condition.variables:
            if variable in library.values:
                yield Finding(
                    f"{variable} is advice that all handouts give; here {name} would differ.",
                    library.source(f"conditions/{name}/condition.toml", "variables", variable),
                    "Remove it, or give it another name.",
                )


def _approved_advice(library: Library, as_of: date) -> Iterator[Finding]:
    """Advice of which two handouts that are given to patients say different things."""
    said: dict[str, dict[str, list[str]]] = {}
    workspace, lang = library.workspace, library.lang
    for name in (one for one in library.conditions if numbers(workspace, one, lang)):
        try:
            found = standing(workspace, name, lang, as_of)
        except HandoutsError:  # it is reported on its own
            continue
        if found.approval.status is Status.APPROVED:
            for value, one in found.library.values.items():
                said.setdefault(value, {}).setdefault(library.words(one.text), []).append(name)
    for value, texts in said.items():
        if len(texts) > 1:
            told = "; ".join(f"“{text}” for {', '.join(names)}" for text, names in texts.items())
            yield Finding(
                f"approved handouts disagree in {value}: {told}.",
                Values(library, next(iter(library.conditions)), None).source(value),
                "Have those with the older advice approved again: handouts approve CONDITION.",
            )


def _copied(library: Library) -> Iterator[Finding]:
    """Long sentences that stand twice in what conditions say in their own words."""
    first: dict[tuple[str, ...], tuple[str, str]] = {}
    for name in library.conditions:
        try:
            own = library.own_words(name)
        except ContentError:  # it is reported on its own
            continue
        for text, source in body_texts(own.passages.values() if own else ()):
            for sentence in split_sentences(text):
                words = tuple(printed_words(sentence.casefold()))
                if len(words) <= SHORT:
                    continue
                before = first.setdefault(words, (name, str(source)))
                if before != (name, str(source)):
                    yield Finding(
                        f"“{sentence}” stands in the words of {before[0]}, too ({before[1]}).",
                        source,
                        "Write it once, in the section around ::: own; `::: when` can limit it.",
                    )
