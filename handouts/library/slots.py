"""Lines of ``interface/<lang>.toml`` that the program fills in: what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

SLOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "packet_part": ("number",),
    "packet_page": ("page", "pages"),
    "source_number": ("number",),
    "writing_lines": ("count",),
    "date_pattern": ("month", "day", "year"),
    "date_and_time": ("weekday", "date", "time"),
    "people_alt": ("name", "of", "count", "yes", "rest", "no"),
    "people_of": ("of",),
    "people_each_of": ("of",),
    "icd10_year": ("year",),
    "qr_alt": ("address",),
    "unapproved_part": ("language",),
}
_BRACES: Final = re.compile(r"\{[^{}]*\}|[{}]")
#: Lines of names that are parted by spaces: how many there are.
_NAMES: Final = {"months": (12, "twelve"), "weekdays": (7, "seven")}


def slot_problems(words: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The keys of lines that would print or say a number wrong, what is wrong, and what to do."""
    for key, names in SLOTS.items():
        wanted = [f"{{{name}}}" for name in names]
        if words.get(key) and {*_BRACES.findall(words[key])} != {*wanted}:
            remedy = "What stands in braces is filled in; it is the same in each language."
            yield key, f"{key} must hold {' and '.join(wanted)}, and no other braces.", remedy
    for key, (count, spelt) in _NAMES.items():
        found = len(words.get(key, "").split())
        if found not in (0, count):
            yield key, f"{key} has {found} words.", f"Write {spelt}, with spaces between them."
