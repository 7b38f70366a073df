"""Whose words are printed: those that a clinic approved, or newer ones as a draft."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.choosing import approvable
from handouts.compose.marks import why_withdrawn
from handouts.compose.used import Used
from handouts.compose.values import AUDIENCES, label_row, printable
from handouts.errors import ContentError, Finding, HandoutsError, Source
from handouts.library import Library, load_library
from handouts.library.content_files import shipped_words
from handouts.library.frozen import (
    FrozenWords,
    codes_in,
    facts_in,
    frozen_library,
    in_language,
    same_words,
)
from handouts.library.icd10 import codes_of
from handouts.library.load import read_library
from handouts.library.records import InForce, Record, content_digest, in_force
from handouts.library.schema import Evidence, Share
from handouts.library.sections import SectionFile
from handouts.model import NOWHERE, Approval, Status
from handouts.workspace import APPROVALS, Workspace

DRAFT = Approval(Status.DRAFT)
_DAY = timedelta(days=1)


class Standing(Struct, frozen=True):
    """The words to print, their approval, and the dates on which that holds.

    ``decided`` is what a clinician did, ``record`` the number of the record that keeps the words, 0
    for a draft. ``notes`` say what waits, or was withdrawn.
    """

    library: Library
    approval: Approval
    first: date
    last: date
    decided: InForce
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
    decided = in_force(workspace, condition, lang, as_of)
    found = decided.holds
    later = decided.later.on if decided.later else None
    end = later - _DAY if later else date.max
    if found is None or found.words is None:
        wait = (f"Words are approved from {later} on.",) if later else ()
        library = load_library(workspace, lang)
        return Standing(library, DRAFT, date.min, end, decided, notes=wait)
    read, current, mistakes, withdrawn = _today(workspace, found, found.words)
    if withdrawn and current is None and not proposed:
        raise ContentError([Finding(_withdrawal(found, withdrawn)), *mistakes])
    if proposed or withdrawn:
        notes = _of_draft(found, current if proposed else None, withdrawn)
        library = read or load_library(workspace, lang)
        return Standing(library, DRAFT, found.on, end, decided, notes=notes)
    library = frozen_library(found.words, workspace, shipped_words(workspace, lang))
    approval = approval_of(found, as_of)
    first, last = (found.on, found.until)
    if approval.status is Status.OVERDUE:
        first, last = found.until + _DAY, date.max
    notes = _waiting(found, decided.later, current, mistakes)
    return Standing(library, approval, first, min(last, end), decided, found.number, notes)


def approval_of(found: Record, as_of: date) -> Approval:
    """What a record that approves words says on ``as_of``."""
    status = Status.APPROVED if as_of <= found.until else Status.OVERDUE
    return Approval(
        status, found.by, found.role, found.on, found.until, found.licence, found.reference,
        found.translation_checked_by,
    )  # fmt: skip


@contextmanager
def told_of_record(approval: Approval) -> Iterator[None]:
    """Approved words have no file to mend: what today's rules refuse in them is told of their
    record.
    """
    try:
        yield
    except HandoutsError as problem:
        if not approval.record:
            raise
        records = (one.rpartition(".")[0] for one in approval.record.split())
        place = Source(", ".join(f"{APPROVALS}/{one}.json" for one in records))
        last = (
            "If nothing else was chosen or changed, such as the brand or the layout, this version "
            "cannot print these approved words. An editor mends them (see: handouts check), and a "
            "clinician approves them anew."
        )
        raise type(problem)(
            replace(one, source=place, remedy=f"{one.remedy} {last}".lstrip())
            if one.source == NOWHERE
            else one
            for one in problem.findings
        ) from problem


def _of_draft(found: Record, proposed: FrozenWords | None, withdrawn: list[str]) -> tuple[str, ...]:
    if proposed and found.words and same_words(found.words, proposed):
        return ("No newer words wait: these are the approved ones, printed as a draft.",)
    return (_withdrawal(found, withdrawn),) if withdrawn else ()


def _withdrawal(found: Record, withdrawn: list[str]) -> str:
    return f"The words approved on {found.on} were withdrawn: {' '.join(withdrawn)}"


def _waiting(
    found: Record,
    later: Record | None,
    current: FrozenWords | None,
    mistakes: tuple[Finding, ...],
) -> tuple[str, ...]:
    if current and found.words and same_words(found.words, current):
        return ()
    words = f"Printing the words approved on {found.on}; newer ones"
    if mistakes:
        return (f"{words} have mistakes: {mistakes[0]}",)
    if later and later.words and current and same_words(later.words, current):
        return (f"{words} are approved from {later.on} on.",)
    return (f"{words} wait. See: handouts diff {found.condition}",)


def _today(
    workspace: Workspace, found: Record, kept: FrozenWords
) -> tuple[Library | None, FrozenWords | None, tuple[Finding, ...], list[str]]:
    """What was read, the words as the files say now, what is wrong with them, and why they
    withdraw the kept. None for what need not be read, or cannot.
    """
    if found.files and content_digest(workspace) == found.files:
        return None, kept, (), []
    library, wrong = read_library(workspace, kept.lang)
    withdrawn = why_withdrawn(library, wrong, kept)
    if wrong:
        workspace.demand_there()  # what a drive that is gone does not give is no mistake
        return None, None, wrong, withdrawn
    try:
        current = words_of(library, kept.condition)
    except HandoutsError as problem:
        return library, None, problem.findings, withdrawn
    mistakes = (one for section in current.sections.values() for one in section.findings)
    return library, current, tuple(mistakes), withdrawn


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
    used = Used(library, condition, sections.values())
    return FrozenWords(
        condition,
        library.lang,
        facts_in(facts, library.lang),
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
        codes_in(codes_of(facts, library.codes), library.lang),
        {name: library.figure(name) for name in sorted(used.figures)},
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
        for name in approvable(library, condition, audience)
        if library.section_file(name, condition) is not None
    )


def _printed(evidence: Evidence, lang: str) -> Evidence:
    """What a handout may print of a source: not what the checks compare words with."""
    return replace(
        evidence,
        citation=in_language(evidence.citation, lang),
        short=in_language(evidence.short, lang),
        people={name: _share(share, lang) for name, share in evidence.people.items()},
        time={},
        result={},
        funding={},
        says_so={},
    )


def _share(share: Share, lang: str) -> Share:
    return replace(
        share,
        name=in_language(share.name, lang),
        yes=in_language(share.yes, lang),
        no=in_language(share.no, lang),
    )
