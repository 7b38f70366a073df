"""Whether a clinic stands behind the words: the hash of the words, and the status on a date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from handouts.compose.choosing import section_order
from handouts.compose.generated import NEEDED_WORDS
from handouts.compose.pictured import PEOPLE_ALT, QR_ALT, share_of
from handouts.compose.values import AUDIENCES, Values, label_status, printable
from handouts.errors import UsageError
from handouts.library import Library
from handouts.library.schema import ApprovalEntry
from handouts.library.sections import SectionFile
from handouts.model import (
    Approval,
    Block,
    Cite,
    Generated,
    Inline,
    PeopleFigure,
    QRFigure,
    SectionChoice,
    Status,
    Value,
)
from handouts.model.serial import canonical
from handouts.model.tree import inline_of, walk, walk_inline

#: What an editor may change without asking again: the widths of a table's columns.
_NOT_WORDS = frozenset({"widths"})
_DRAFT = Approval(Status.DRAFT)


def words_hash(library: Library, condition: str, lang: str) -> str:
    """What an approval is bound to: SHA-256 over all words that a handout may print.

    That is every section of both readers in the long form, with what ``when`` may add, and the
    values, variables, glossary entries, evidence and label that these sections use. A change of
    layout, brand, spacing or file order keeps the hash.
    """
    if lang != library.lang:
        raise UsageError(f"the library is in {library.lang}, not in {lang}.")
    digest = hashlib.sha256()
    for line in _canonical(library, condition):
        digest.update(line.encode() + b"\n")
    return f"sha256:{digest.hexdigest()}"


def approval_on(library: Library, condition: str, as_of: date) -> Approval:
    """The approval of ``condition`` on ``as_of``."""
    entry = _entry(library, condition)
    return _approval(entry, _until(library, condition, entry), as_of) if entry else _DRAFT


def status_window(
    library: Library, condition: str, lang: str, as_of: date
) -> tuple[Status, date, date]:
    """The status on ``as_of``, and the first and last date on which it is the same."""
    if lang != library.lang:
        raise UsageError(f"the library is in {library.lang}, not in {lang}.")
    entry = _entry(library, condition)
    if entry is None:
        return Status.DRAFT, date.min, date.max
    day = timedelta(days=1)
    until = _until(library, condition, entry)
    status = _approval(entry, until, as_of).status
    if status is Status.DRAFT:
        return status, date.min, entry.approved_on - day
    if status is Status.APPROVED:
        return status, entry.approved_on, until
    return status, max(until + day, entry.approved_on), date.max


def earliest_review(library: Library, condition: str) -> date:
    """The date on which the first section of ``condition`` is due for review."""
    return min(section.front.review_due for section in all_sections(library, condition))


def all_sections(library: Library, condition: str) -> tuple[SectionFile, ...]:
    """Every section of both readers that ``condition`` may print.

    Raises ContentError if one of them cannot be read.
    """
    return tuple(
        library.section(name, condition)
        for audience in AUDIENCES
        for name in section_order(library, condition, audience, SectionChoice.ALL)
        if library.section_file(name, condition) is not None
    )


def _entry(library: Library, condition: str) -> ApprovalEntry | None:
    """The approval that is bound to the words as they are now."""
    entry = library.approvals.get(condition, {}).get(library.lang)
    if entry and entry.words == words_hash(library, condition, library.lang):
        return entry
    return None


def _approval(entry: ApprovalEntry, until: date, as_of: date) -> Approval:
    if as_of < entry.approved_on:
        return _DRAFT
    status = Status.APPROVED if as_of <= until else Status.OVERDUE
    return Approval(status, entry.by, entry.role, entry.approved_on, until)


def _until(library: Library, condition: str, entry: ApprovalEntry) -> date:
    return min(entry.until, earliest_review(library, condition))


def _canonical(library: Library, condition: str) -> Iterator[str]:
    """The words of a condition, one fact a line, in an order that files do not decide."""
    library.condition(condition)
    sections = all_sections(library, condition)
    used: set[str] = set()
    values = Values(library, condition, None)
    for section in sections:
        blocks = printable(library, condition, section)
        yield f"section {section.id} {section.front.role} {section.front.version}"
        yield f"title {canonical(section.title)}"
        yield canonical(blocks, _NOT_WORDS)
        used.update(_facts(library, values, section.title, blocks))
    found = library.conditions[condition]
    yield f"condition {library.words(found.title)!r} {library.words(found.subtitle)!r}"
    yield f"label {label_status(library, condition)!r}"
    yield from sorted(used)


def _facts(
    library: Library, values: Values, title: Iterable[Inline], blocks: tuple[Block, ...]
) -> Iterator[str]:
    """The data behind a section: values, evidence, glossary entries, printed words."""
    for block in walk(blocks):
        if isinstance(block, Generated):
            for key in NEEDED_WORDS[block.name]:
                yield f"word {key} {library.interface.get(key)!r}"
        elif isinstance(block, PeopleFigure | QRFigure):
            key = PEOPLE_ALT if isinstance(block, PeopleFigure) else QR_ALT
            yield f"word {key} {library.interface.get(key)!r}"
        if isinstance(block, PeopleFigure):
            yield f"people {block.key} {share_of(library, block)!r}"
    groups = [tuple(title), *(inline_of(block) for block in walk(blocks))]
    for group in groups:
        for node in walk_inline(group):
            if isinstance(node, Value):
                yield f"value {node.name} {values.text(node.name)!r}"
            elif isinstance(node, Cite):
                evidence = library.evidence.get(node.key)
                citation = library.words(evidence.citation) if evidence else None
                yield f"evidence {node.key} {citation!r} {evidence.url if evidence else ''}"
        for term in library.terms.used(values.spoken(group)):
            yield f"term {term.word} {term.expansion} {term.text}"
