"""Syllables of English words: a short spelling rule, and a list of the words that break it.

The list (``words/syllables.txt``) is derived from the CMU Pronouncing Dictionary, whose licence
is ``words/LICENSE-cmudict``. ``tests/tools/make_syllables.py`` makes it again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "words" / "syllables.txt"

_VOWELS = re.compile(r"[aeiouy]+")
#: Endings with a silent e: "made", "makes", "failed"; but not "table", "wanted", "places".
_SILENT = re.compile(
    r"(?:[^aeiouyl]|[aeiouyr]l|[^aeioubcdfgkpstzr]l)e$"
    r"|[^aeiouydt]ed$"
    r"|(?:[^aeiouyszxhgcl]|[aeiouyr]l|[^sct]h)es$"
)
#: Vowels side by side that are said apart ("area", "video", "being"), and "-ism".
_APART = tuple(
    re.compile(pattern)
    for pattern in (
        *("ia", "io$", "ios", "iol", "iot", "iu", "eo", "ea$", "ie(?:r|st)$", "yer", "yin"),
        *("[ao]ya", "tua", "ism$"),
    )
)
#: Vowels that these count once too often: "special", "initial", "safely", "unique".
_TOGETHER = tuple(re.compile(pattern) for pattern in ("cia", "tial", "ely$", "que$"))

#: Words of medicine that the dictionary lacks and the rule gets wrong.
_MEDICAL = {"opioid": 3, "opioids": 3}


def by_rule(word: str) -> int:
    """Syllables by spelling alone; ``word`` in lower case."""
    word = word.removesuffix("'s").replace("'", "")
    count = len(_VOWELS.findall(word))
    if count > 1 and _SILENT.search(word):
        count -= 1
    count = max(1, count)
    count += sum(len(pattern.findall(word)) for pattern in _APART)
    count -= sum(len(pattern.findall(word)) for pattern in _TOGETHER)
    return max(1, count)


@lru_cache(4096)
def syllables(word: str) -> int:
    """Syllables of one English word as it is spoken (first pronunciation of the dictionary)."""
    word = word.lower().replace("’", "'")
    exceptions = _exceptions()
    if word in exceptions:
        return exceptions[word]
    return exceptions.get(word.removesuffix("'s")) or by_rule(word)


@cache
def _exceptions() -> dict[str, int]:
    """Words for which the rule is wrong. Each line: a count, then words with that count."""
    found = dict(_MEDICAL)
    for line in DATA.read_text("ascii").splitlines():
        count, *words = line.split()
        found.update(dict.fromkeys(words, int(count)))
    return found
