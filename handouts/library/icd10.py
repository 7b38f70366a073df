"""ICD-10-CM codes to conditions: with or without dot, by whole categories, exclusions by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from handouts.errors import UsageError
from handouts.library.schema import Codes, Condition, Excludes

_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{0,4})?")
#: What surrounds a code that is pasted from a letter, such as “G90.52-”, or M25.561 and a comma.
_AROUND = " \t\n\u00a0.,;:()\"'“”‘’-–—"
_SEE_ALL = "To see all codes: handouts list codes"


def is_code(text: str) -> bool:
    """Whether ``text`` looks like an ICD-10-CM code or the beginning of one."""
    return _CODE.fullmatch(text.strip(_AROUND).upper()) is not None


def normal_code(code: str) -> str:
    """A code as printed: capitals, with the dot after three characters.

    Raises UsageError if it does not look like an ICD-10-CM code or the beginning of one.
    """
    if not is_code(code):
        raise UsageError(
            f"“{code}” is not an ICD-10-CM code.", remedy="Codes look like G90.521 or G90521."
        )
    bare = code.strip(_AROUND).upper().replace(".", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def find_condition(codes: Iterable[str], conditions: Mapping[str, Condition], list_: Codes) -> str:
    """The id of the one condition that all ``codes`` fit.

    A code fits by itself, or as a category of which every code is for one part of the body
    (``whole``). Raises UsageError if a code fits none, if several conditions fit or a code covers
    more than them (they are listed), or if two codes exclude each other.
    """
    asked = [normal_code(code) for code in codes]
    if clash := excluded_pair(asked, list_.excludes):
        first, second, note = clash
        raise UsageError(f"{first} and {second} exclude each other: {note}", remedy="Give one.")
    candidates = sorted(conditions)
    for code in asked:
        fitting = [name for name in sorted(conditions) if _fits(code, conditions[name].icd10)]
        if not fitting:
            # No code is suggested: codes that look alike may be of other parts of the body.
            raise UsageError(f"No handout has the code {code}.", remedy=_SEE_ALL)
        candidates = [name for name in candidates if name in fitting]
    shown = " and ".join(asked)
    if not candidates:
        raise UsageError(f"No handout has {shown} together.", remedy="Give one code.")
    sure = any(_tells_the_part(code, conditions.values(), list_) for code in asked)
    if sure and len(candidates) == 1:
        return candidates[0]
    listed = "; ".join(_listed(name, asked, conditions[name], list_) for name in candidates)
    if len(candidates) > 1:
        fit = "fits" if len(asked) == 1 else "fit"
        raise UsageError(
            f"{shown} {fit} more than one condition: {listed}.",
            remedy="Name the condition instead.",
        )
    raise UsageError(
        f"{shown} may be of another part of the body than {listed}.",
        remedy="Give the whole code, or name the condition if it is the right one.",
    )


def codes_of(condition: Condition, list_: Codes) -> Codes:
    """The titles of the condition's codes, and the exclusions that concern any of them."""
    titles = {code: list_.titles[code] for code in condition.icd10 if code in list_.titles}
    concerned = (
        one for one in list_.excludes if any(_under(code, (*one.a, *one.b)) for code in titles)
    )
    return Codes(list_.year, list_.until, tuple(concerned), titles=titles)


def excluded_pair(
    codes: Iterable[str], excludes: Iterable[Excludes]
) -> tuple[str, str, str] | None:
    """The first two codes that exclude each other, with the note; None if none do."""
    asked = list(codes)
    for rule in excludes:
        for first in asked:
            for second in asked:
                if _under(first, rule.a) and _under(second, rule.b) and first != second:
                    return first, second, rule.note.get("en", "")
    return None


def _under(code: str, prefixes: Iterable[str]) -> bool:
    return any(code.startswith(prefix) for prefix in prefixes)


def _fits(code: str, known: Iterable[str]) -> bool:
    return any(leaf.startswith(code) for leaf in known)


def _tells_the_part(code: str, conditions: Iterable[Condition], list_: Codes) -> bool:
    """Whether ``code`` is for one part of the body, as far as it is written."""
    if _under(code, list_.any_part):
        return False
    return _under(code, list_.whole) or any(code in one.icd10 for one in conditions)


def _listed(name: str, asked: list[str], condition: Condition, list_: Codes) -> str:
    matching = [leaf for leaf in condition.icd10 if any(leaf.startswith(code) for code in asked)]
    titles = [f"{leaf} {list_.titles.get(leaf, '')}".strip() for leaf in matching[:3]]
    more = ", …" if len(matching) > 3 else ""
    return f"{name} ({', '.join(titles)}{more})"
