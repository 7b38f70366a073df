"""ICD-10-CM codes to conditions: with or without dot, by whole categories, exclusions by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

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


class Fit(Struct, frozen=True):
    """What codes lead to. ``asked`` are the codes as printed.

    ``each`` has, for each of them, the conditions that it fits; ``together`` are those that every
    one fits, and ``sure`` says that one code at least tells the part of the body. ``clash`` are two
    codes that exclude each other, with the rule that says so: then nothing fits.
    """

    asked: tuple[str, ...]
    each: tuple[tuple[str, ...], ...] = ()
    together: tuple[str, ...] = ()
    sure: bool = False
    clash: tuple[str, str, Excludes] | None = None


def fit(codes: Iterable[str], known: Mapping[str, tuple[str, ...]], list_: Codes) -> Fit:
    """What ``codes`` lead to, where ``known`` are the codes of each condition.

    A code fits by itself, or as a category of which every code is for one part of the body
    (``whole``). Raises UsageError for what is no code.
    """
    asked = tuple(normal_code(code) for code in codes)
    if clash := _excluded_pair(asked, list_.excludes):
        return Fit(asked, clash=clash)
    each = tuple(
        tuple(name for name in sorted(known) if _fits(code, known[name])) for code in asked
    )
    together = (name for name in sorted(known) if all(name in fitting for fitting in each))
    sure = any(_tells_the_part(code, known.values(), list_) for code in asked)
    return Fit(asked, each, tuple(together), sure)


def find_condition(codes: Iterable[str], conditions: Mapping[str, Condition], list_: Codes) -> str:
    """The id of the one condition that all ``codes`` ``fit``.

    Raises UsageError if a code fits none, if several conditions fit or a code covers more than them
    (they are listed), or if two codes exclude each other.
    """
    found = fit(codes, {name: one.icd10 for name, one in conditions.items()}, list_)
    if found.clash:
        first, second, rule = found.clash
        note = rule.note.get("en", "")
        raise UsageError(f"{first} and {second} exclude each other: {note}", remedy="Give one.")
    for code, fits in zip(found.asked, found.each, strict=True):
        if not fits:
            # No code is suggested: codes that look alike may be of other parts of the body.
            raise UsageError(f"No handout has the code {code}.", remedy=_SEE_ALL)
    shown = " and ".join(found.asked)
    if not found.together:
        raise UsageError(f"No handout has {shown} together.", remedy="Give one code.")
    if found.sure and len(found.together) == 1:
        return found.together[0]
    fitting = found.together
    listed = "; ".join(_listed(name, found.asked, conditions[name], list_) for name in fitting)
    if len(fitting) > 1:
        verb = "fits" if len(found.asked) == 1 else "fit"
        raise UsageError(
            f"{shown} {verb} more than one condition: {listed}.",
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


def _excluded_pair(
    asked: tuple[str, ...], excludes: Iterable[Excludes]
) -> tuple[str, str, Excludes] | None:
    """The first two codes that exclude each other, with the rule; None if none do."""
    for rule in excludes:
        for first in asked:
            for second in asked:
                if _under(first, rule.a) and _under(second, rule.b) and first != second:
                    return first, second, rule
    return None


def _under(code: str, prefixes: Iterable[str]) -> bool:
    return any(code.startswith(prefix) for prefix in prefixes)


def _fits(code: str, known: Iterable[str]) -> bool:
    return any(leaf.startswith(code) for leaf in known)


def _tells_the_part(code: str, known: Iterable[tuple[str, ...]], list_: Codes) -> bool:
    """Whether ``code`` is for one part of the body, as far as it is written."""
    if _under(code, list_.any_part):
        return False
    return _under(code, list_.whole) or any(code in codes for codes in known)


def _listed(name: str, asked: tuple[str, ...], condition: Condition, list_: Codes) -> str:
    matching = [leaf for leaf in condition.icd10 if any(leaf.startswith(code) for code in asked)]
    titles = [f"{leaf} {list_.titles.get(leaf, '')}".strip() for leaf in matching[:3]]
    more = ", …" if len(matching) > 3 else ""
    return f"{name} ({', '.join(titles)}{more})"
