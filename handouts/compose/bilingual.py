"""Two languages beside each other: one handout of two, with one list of sources and one status."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from msgspec.structs import replace

from handouts.compose import (
    Sources,
    Words,
    cited,
    compose_words,
    is_complete,
    told_of_record,
)
from handouts.compose.generated import make_reference
from handouts.errors import ContentError, Finding, UsageError
from handouts.library import Library
from handouts.library.content_files import value_source
from handouts.model import (
    Approval,
    Beside,
    Handout,
    LayoutFacts,
    Reference,
    Selection,
    Status,
    weakest,
)
from handouts.model.tree import ids_in, with_prefix

_DIGITS = re.compile("[0-9]+")


def compose_all(selection: Selection, facts: LayoutFacts, words: Sequence[Words]) -> Handout:
    """The handout in the language of the first ``words``, and in that of the second beside it.

    Raises UsageError where the layout is made for another number of languages, ContentError where
    the two would say different things, and as ``compose_words``.
    """
    if len(words) != (2 if facts.bilingual else 1):
        raise UsageError(
            f"The layout {facts.name} prints {'two languages' if facts.bilingual else 'one'}.",
            remedy="Name the second one: --beside CODE"
            if facts.bilingual
            else "Leave out --beside.",
        )
    if len(words) == 1:
        return _composed(selection, facts, words[0])
    first, second = words
    one, other = (_with_status(own, words) for own in words)
    listed = _sources(selection, facts, words)
    handout = _composed(selection, facts, one, Sources(listed, listed))
    twin = _composed(selection, facts, other, Sources(listed, ()))
    if findings := [*_differences(handout, twin), *_contradictions(first, second)]:
        raise ContentError(findings)
    unapproved = _unapproved(words)
    twin = replace(_prefixed(twin), unapproved=unapproved)
    return replace(handout, beside=Beside(twin, second.brand), unapproved=unapproved)


def _composed(
    selection: Selection, facts: LayoutFacts, words: Words, sources: Sources | None = None
) -> Handout:
    with told_of_record(words.approval):
        return compose_words(words, selection, facts, sources)


# --- One status, one list of sources -----------------------------------------------------------


def _with_status(own: Words, words: Iterable[Words]) -> Words:
    """Words that nobody may print as approved: a page has the status of the weaker language."""
    status = weakest(one.approval.status for one in words)
    if own.approval.status is status:
        return own
    return replace(own, approval=Approval(status, record=own.approval.record))


def _unapproved(words: Sequence[Words]) -> str:
    """The name of the one language that nobody approved; "" where it is both, or neither."""
    lacking = [one.library for one in words if one.approval.status is not Status.APPROVED]
    return lacking[0].interface.get("language_name", lacking[0].lang) if len(lacking) == 1 else ""


def _sources(
    selection: Selection, facts: LayoutFacts, words: Iterable[Words]
) -> tuple[Reference, ...]:
    """The sources of both, numbered as the first cites them, then as the second does."""
    keys: dict[str, Library] = {}
    for one in words:
        with told_of_record(one.approval):
            for key in cited(one.library, selection, one.brand, facts):
                keys.setdefault(key, one.library)
    complete = is_complete(selection, facts)
    numbered = enumerate(keys.items(), 1)
    return tuple(
        make_reference(library, number, key, complete) for number, (key, library) in numbered
    )


# --- What must be the same in both -------------------------------------------------------------


def _differences(one: Handout, other: Handout) -> Iterator[Finding]:
    """Sections that stand in one language alone, or in another order; another label."""
    for first, second in zip_longest(one.sections, other.sections):
        ids = [None if each is None else each.id for each in (first, second)]
        if ids[0] != ids[1]:
            what = " and ".join(
                f"{name or 'none'} in {of.lang}" for name, of in zip(ids, (one, other), strict=True)
            )
            yield Finding(
                f"The sections of {one.condition} differ: {what} stand beside each other.",
                None,
                "Print each language alone, or have both approved again.",
            )
            return
    if one.label.status is not other.label.status:
        told = f"{one.label.status.value} in {one.lang}, {other.label.status.value} in {other.lang}"
        remedy = "Print each language alone, or have both approved again."
        yield Finding(f"The label of {one.condition} differs: {told}.", None, remedy)


def _contradictions(first: Words, second: Words) -> Iterator[Finding]:
    """Values whose numbers differ: approved words of one language may be older."""
    one, other = first.library, second.library
    are_files = one.frozen is None and other.frozen is None
    for name, value in one.values.items():
        if name not in other.values:
            continue
        texts = [one.words(value.text), other.words(other.values[name].text)]
        if len({tuple(sorted(_DIGITS.findall(text))) for text in texts}) > 1:
            remedy = "Print each language alone, or have the older words approved again."
            yield Finding(
                f"{one.lang} and {other.lang} disagree in {name}: “{texts[0]}”, “{texts[1]}”.",
                value_source(one.files, name, "text") if are_files else None,
                "Write the same numbers in both." if are_files else remedy,
            )


# --- Ids are unique in a file ---------------------------------------------------------------------


def _prefixed(handout: Handout) -> Handout:
    """``handout`` with its language before each id, and before those that its links lead to."""
    prefix = f"{handout.lang}-"
    bodies = [block for section in handout.sections for block in section.body]
    ids = {*ids_in(bodies), *(section.id for section in handout.sections)}
    return replace(
        handout,
        prefix=prefix,
        sections=tuple(
            replace(section, body=with_prefix(section.body, prefix, ids))
            for section in handout.sections
        ),
    )
