"""Whose words are printed: those that a clinic approved, or newer ones as a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.choosing import section_order
from handouts.compose.values import AUDIENCES, Values, label_row, printable
from handouts.errors import HandoutsError
from handouts.library import Library, load_library
from handouts.library.frozen import FrozenWords, frozen_library, in_language, same_words
from handouts.library.load import shipped_words
from handouts.library.records import Record, content_digest, latest
from handouts.library.schema import Condition, Evidence
from handouts.library.sections import SectionFile
from handouts.model import (
    Approval,
    Cite,
    PeopleFigure,
    SectionChoice,
    Status,
    Value,
)
from handouts.model.tree import inline_of, walk, walk_inline
from handouts.workspace import Workspace

DRAFT = Approval(Status.DRAFT)
_DAY = timedelta(days=1)


class Standing(Struct, frozen=True):
    """The words to print, their approval, and the dates on which that holds.

    ``record`` is the number of the record that keeps the words, 0 for a draft. ``notes`` say
    what waits, or was withdrawn.
    """

    library: Library
    approval: Approval
    first: date
    last: date
    record: int = 0
    notes: tuple[str, ...] = ()


def standing(
    workspace: Workspace, condition: str, lang: str, as_of: date, proposed: bool = False
) -> Standing:
    """The words of ``condition`` that are printed on ``as_of``.

    Those that were approved, whatever the files say now, until a clinician approves others, takes
    the approval back, or an editor marks a change as safety. ``proposed``: as the files say now.
    Raises WorkspaceError for a record that cannot be trusted, and errors of the files where
    they are what is printed.
    """
    found = latest(workspace, condition, lang)
    if found is None or found.words is None:
        return Standing(load_library(workspace, lang), DRAFT, date.min, date.max)
    current, mistakes = _current(workspace, found)
    withdrawn = _withdrawn(workspace, found.words, current)
    if proposed or withdrawn or as_of < found.on:
        none = proposed and current is not None and same_words(found.words, current)
        return _draft(workspace, found, as_of, withdrawn, none)
    library = frozen_library(found.words, workspace, shipped_words(workspace, lang))
    approval = approval_of(found, as_of)
    first, last = (found.on, found.until)
    if approval.status is Status.OVERDUE:
        first, last = found.until + _DAY, date.max
    notes = _waiting(found, current, mistakes)
    return Standing(library, approval, first, last, found.number, notes)


def approval_of(found: Record, as_of: date) -> Approval:
    """What a record that approves words says on ``as_of``."""
    status = Status.APPROVED if as_of <= found.until else Status.OVERDUE
    return Approval(
        status, found.by, found.role, found.on, found.until, found.licence, found.reference
    )


def _draft(
    workspace: Workspace, found: Record, as_of: date, withdrawn: list[str], none: bool
) -> Standing:
    """Words of today as a draft; ``none``: they are not newer than those approved."""
    first, last = (date.min, found.on - _DAY) if as_of < found.on else (found.on, date.max)
    note = f"The words approved on {found.on} were withdrawn: {' '.join(withdrawn)}"
    library = load_library(workspace, found.lang)
    notes = (note,) if withdrawn else ()
    if none:
        notes = ("No newer words wait: these are the approved ones, printed as a draft.",)
    return Standing(library, DRAFT, first, last, notes=notes)


def _waiting(found: Record, current: FrozenWords | None, mistakes: str) -> tuple[str, ...]:
    if current and found.words and same_words(found.words, current):
        return ()
    words = f"Printing the words approved on {found.on}; newer ones"
    if mistakes:
        return (f"{words} have mistakes: {mistakes}",)
    return (f"{words} wait. See: handouts diff {found.condition}",)


def _current(workspace: Workspace, found: Record) -> tuple[FrozenWords | None, str]:
    """The words as the files say now; None, and the first mistake, where they cannot be read."""
    if found.files and content_digest(workspace) == found.files:
        return found.words, ""
    try:
        current = words_of(load_library(workspace, found.lang), found.condition)
        wrong = [one for section in current.sections.values() for one in section.findings]
        return current, str(wrong[0]) if wrong else ""
    except HandoutsError as problem:
        return None, str(problem.findings[0])


def _withdrawn(workspace: Workspace, kept: FrozenWords, current: FrozenWords | None) -> list[str]:
    """Why words that are marked as safety differ from those that were approved.

    Of files that cannot be read, each line that marks safety in a way nobody has approved.
    """
    if current is not None:
        before = kept.marked
        return sorted(
            why for name, (why, text) in current.marked.items() if before.get(name) != (why, text)
        )
    approved = {why for why, _ in kept.marked.values()}
    found: set[str] = set()
    for file in workspace.files.values():
        if not file.builtin and file.name.startswith("content/") and file.path.suffix != ".json":
            lines = file.path.read_text(encoding="utf-8", errors="replace").splitlines()
            pairs = (line.partition("=") for line in lines)
            found |= {
                text.strip().strip("\"'") for key, _, text in pairs if key.strip() == "safety"
            }
    return sorted(found - approved - {""})


# --- What an approval keeps -----------------------------------------------------------------


def words_of(library: Library, condition: str) -> FrozenWords:
    """Everything that the handouts for ``condition`` may print, as the library has it.

    That is every section of both readers in the long form, with what ``when`` may add, and the
    values, variables, glossary entries, evidence and label that these sections use.
    Raises ContentError if a section cannot be read.
    """
    facts = library.condition(condition)
    sections = {
        section.id: replace(section, blocks=printable(library, condition, section))
        for section in all_sections(library, condition)
    }
    label = label_row(library, condition)
    used = _Used(library, condition, sections.values())
    return FrozenWords(
        condition,
        library.lang,
        _facts(facts, library.lang),
        library.outline,
        replace(label, only_if=in_language(label.only_if, library.lang)),
        {
            key: _printed(found, library.lang)
            for key, found in sorted(library.evidence.items())
            if key in used.evidence
        },
        {
            name: replace(value, text=in_language(value.text, library.lang))
            for name, value in sorted(library.values.items())
            if name in used.values
        },
        tuple(term for term in library.terms.terms if term.word in used.terms),
        dict(sorted(library.interface.items())),
        sections,
    )


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


def _facts(condition: Condition, lang: str) -> Condition:
    """The condition's file in one language."""
    return replace(
        condition,
        title=in_language(condition.title, lang),
        subtitle=in_language(condition.subtitle, lang),
        short_name=in_language(condition.short_name, lang),
        body_part=in_language(condition.body_part, lang),
        variables={
            name: in_language(texts, lang) for name, texts in sorted(condition.variables.items())
        },
    )


def _printed(evidence: Evidence, lang: str) -> Evidence:
    """What a handout may print of a source: not what the checks compare words with."""
    return replace(
        evidence,
        citation=in_language(evidence.citation, lang),
        short=in_language(evidence.short, lang),
        time={},
        result={},
        funding={},
        says_so={},
    )


class _Used:
    """The names of values, evidence and terms that sections use."""

    def __init__(self, library: Library, condition: str, sections: Iterable[SectionFile]) -> None:
        self.values: set[str] = set()
        self.evidence: set[str] = set()
        self.terms: set[str] = set()
        resolved = Values(library, condition, None)
        for section in sections:
            for nodes in _groups(section):
                for node in walk_inline(nodes):
                    if isinstance(node, Value):
                        self.values.add(node.name)
                    elif isinstance(node, Cite):
                        self.evidence.add(node.key)
                self.terms.update(term.word for term in library.terms.used(resolved.spoken(nodes)))
            for block in walk(section.blocks):
                if isinstance(block, PeopleFigure):
                    self.evidence.add(block.key.partition(".")[0])


def _groups(section: SectionFile) -> Iterator[tuple[Any, ...]]:
    """The lines of words of a section: its title, then those of each block."""
    yield section.title
    for block in walk(section.blocks):
        yield inline_of(block)
