"""Names in messages: what a slug is, "did you mean", and nouns with their number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(name: str) -> bool:
    """Whether ``name`` may name a file: lower-case letters, digits and single hyphens."""
    return len(name) <= 64 and _SLUG.fullmatch(name) is not None


def meant(word: str, known: Iterable[str]) -> list[str]:
    """The names that ``word`` means: itself, else each that has it as a part, such as "knee"."""
    folded, names = word.casefold(), sorted(known)
    return [folded] if folded in names else [name for name in names if folded in name.split("-")]


def suggest(name: str, candidates: Iterable[str]) -> str:
    """A remedy for an unknown name: "Did you mean …?", else the names there are."""
    known = sorted(set(candidates))
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), list(by_folded), 3, 0.6)
    if close:
        return f"Did you mean {_either([by_folded[match] for match in close])}?"
    if not known:
        return "There are none."
    shown = ", ".join(known[:12])
    return f"There are: {shown}, …" if len(known) > 12 else f"There are: {shown}."


def counted(count: int, noun: str) -> str:
    """``1 page``, ``2 pages``: a number with a noun whose plural ends with "s"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
