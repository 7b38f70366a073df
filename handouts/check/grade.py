"""Checks of how hard a patient handout is to read."""

from __future__ import annotations

from collections.abc import Iterator

from handouts.check.readability import Readability, measure
from handouts.errors import Finding
from handouts.model import Handout

MAX_GRADE = 6.0
LEAST_EASE = 55.0  # of Spanish: “normal” on the INFLESZ scale
MAX_WORDS = 20  # in a sentence
MAX_MEDIAN = 11  # of the words in a sentence
WORST = 5  # sentences that are shown when a handout is too hard


def check_reading(handout: Handout, form: str) -> Iterator[Finding]:
    """Sentences that are too long, each and in the middle, and a grade that is too high.

    ``form`` says which handout of its condition it is.
    """
    measured = measure(handout)
    if measured is None:
        return
    what = f"{handout.condition} ({form})"
    for sentence in measured.sentences:
        if sentence.printed > MAX_WORDS:
            yield Finding(
                f"a sentence of {sentence.printed} words: “{_short(sentence.text)}”.",
                sentence.source,
                f"Make two of it; {MAX_WORDS} words are the limit.",
            )
    if measured.median > MAX_MEDIAN:
        yield Finding(
            f"Half of the sentences of {what} have {measured.median:g} words or more.",
            None,
            f"Make short ones of the long ones; {MAX_MEDIAN} words are the limit.",
        )
    if measured.grade > MAX_GRADE or (measured.lang == "es" and measured.ease < LEAST_EASE):
        yield _too_hard(what, measured)
        for sentence in measured.worst(WORST):
            alone = Readability((sentence,), measured.lang)
            points = f"{alone.ease:g} points" if alone.ease else f"grade {sentence.grade:g}"
            yield Finding(
                f"a hard sentence ({points}): “{_short(sentence.text)}”.",
                sentence.source,
                "Use shorter words and sentences.",
            )


def _too_hard(what: str, measured: Readability) -> Finding:
    if measured.lang == "es":
        return Finding(
            f"{what} has {measured.ease:g} points (Szigriszt-Pazos).",
            None,
            f"The least is {LEAST_EASE:g}, INFLESZ “normal”; the worst sentences are listed.",
        )
    return Finding(
        f"{what} reads at grade {measured.grade:g} "
        f"(Flesch–Kincaid {measured.flesch_kincaid:g}, SMOG {measured.smog:g}).",
        None,
        f"The limit is {MAX_GRADE:g}; the worst sentences are listed.",
    )


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
