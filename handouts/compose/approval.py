"""Whose words are printed: those that a clinic approved, or newer ones as a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.choosing import section_order
from handouts.compose.values import AUDIENCES, Values, label_row, printable
from handouts.errors import ContentError, Finding, HandoutsError, Source
from handouts.inputs import read
from handouts.library import Library, load_library, schema
from handouts.library.content_files import shipped_words
from handouts.library.figure_files import figure_words
from handouts.library.frozen import FrozenWords, frozen_library, in_language, same_words
from handouts.library.icd10 import codes_of
from handouts.library.load import read_library
from handouts.library.records import Record, content_digest, latest
from handouts.library.schema import SOURCE, Condition, Evidence, Share
from handouts.library.sections import SectionFile
from handouts.model import (
    NOWHERE,
    Approval,
    Cite,
    Inline,
    NamedFigure,
    PeopleFigure,
    SectionChoice,
    Status,
    Value,
)
from handouts.model.tree import inline_of, walk, walk_inline
from handouts.workspace import APPROVALS, Workspace

DRAFT = Approval(Status.DRAFT)
_DAY = timedelta(days=1)
#: A mark as somebody may have written it, such as “Safety” or “saftey”; no part of a longer name.
_MARK = re.compile(r"(?im)(?<![\w-])safety(?![\w-])|^\s*[\"']?s[a-z]{3,5}y[\"']?\s*=")


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
    read, current, mistakes, withdrawn = _today(workspace, found, found.words)
    if withdrawn and current is None and not proposed:
        raise ContentError([Finding(_withdrawal(found, withdrawn)), *mistakes])
    if proposed or withdrawn or as_of < found.on:
        none = proposed and current is not None and same_words(found.words, current)
        return _draft(read or load_library(workspace, lang), found, as_of, withdrawn, none)
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
        place = Source(f"{APPROVALS}/{approval.record.rpartition('.')[0]}.json")
        remedy = (
            "This version cannot print these approved words. An editor mends them (see: handouts "
            "check), and a clinician approves them anew."
        )
        raise type(problem)(
            replace(one, source=place, remedy=remedy) if one.source == NOWHERE else one
            for one in problem.findings
        ) from problem


def _draft(
    library: Library, found: Record, as_of: date, withdrawn: list[str], none: bool
) -> Standing:
    """Words of today as a draft; ``none``: they are not newer than those approved."""
    first, last = (date.min, found.on - _DAY) if as_of < found.on else (found.on, date.max)
    notes = (_withdrawal(found, withdrawn),) if withdrawn else ()
    if none:
        notes = ("No newer words wait: these are the approved ones, printed as a draft.",)
    return Standing(library, DRAFT, first, last, notes=notes)


def _withdrawal(found: Record, withdrawn: list[str]) -> str:
    return f"The words approved on {found.on} were withdrawn: {' '.join(withdrawn)}"


def _waiting(
    found: Record, current: FrozenWords | None, mistakes: tuple[Finding, ...]
) -> tuple[str, ...]:
    if current and found.words and same_words(found.words, current):
        return ()
    words = f"Printing the words approved on {found.on}; newer ones"
    if mistakes:
        return (f"{words} have mistakes: {mistakes[0]}",)
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
    withdrawn = _withdrawn(library, wrong, kept)
    if wrong:
        return None, None, wrong, withdrawn
    try:
        current = words_of(library, kept.condition)
    except HandoutsError as problem:
        return library, None, problem.findings, withdrawn
    mistakes = (one for section in current.sections.values() for one in section.findings)
    return library, current, tuple(mistakes), withdrawn


# --- What withdraws ---------------------------------------------------------------------------


def _withdrawn(library: Library, wrong: Iterable[Finding], kept: FrozenWords) -> list[str]:
    """What is marked as safety in a way that nobody approved: each mark by itself, in whatever
    the kept words or those of today print. A file with mistakes that may hold a mark counts, too.
    """
    now, unknown = _marks(library, wrong, kept)
    before = kept.marked
    reasons = {mark[0] for name, mark in now.items() if before.get(name) != mark}
    if kept.lang != SOURCE:
        now, more = _marks(*read_library(library.workspace, SOURCE), kept)
        approved = kept.source_marks
        reasons |= {mark[0] for name, mark in now.items() if approved.get(name) != _short(mark)}
        unknown |= more
    return sorted(unknown | reasons)


def source_marks(library: Library, words: FrozenWords) -> dict[str, str]:
    """What is marked as safety in the words that ``words`` translate, as fingerprints: who approves
    these knows of it. A later mark, or change of what is marked, withdraws them."""
    if words.lang == SOURCE:
        return {}
    now, _ = _marks(*read_library(library.workspace, SOURCE), words)
    return {name: _short(mark) for name, mark in now.items()}


def _short(mark: tuple[str, str]) -> str:
    return sha256("\n".join(mark).encode()).hexdigest()[:16]


def _marks(
    library: Library, wrong: Iterable[Finding], kept: FrozenWords
) -> tuple[Mapping[str, tuple[str, str]], set[str]]:
    """What is marked in whatever the kept words print, or those that ``library`` has now; and why
    that cannot be told of a file."""
    conditions = {kept.condition: kept.facts, **library.conditions}
    library = replace(library, conditions=conditions, labels=(*library.labels, kept.label))
    sections, broken = _sections_of_either(library, kept)
    used = {*kept.values, *(name for section in sections.values() for name in _values(section))}
    used |= {name for name in library.values for text in broken.values() if name in text}
    lang = library.lang
    values = {name: _value(one, lang) for name, one in library.values.items() if name in used}
    facts = _facts(library.conditions[kept.condition], lang)
    broken |= _broken_data(library.workspace, wrong, kept.condition)
    unknown = {
        f"{library.workspace.shown(name)} has mistakes, so nobody can tell what its “safety” is"
        " about."
        for name, text in broken.items()
        if _MARK.search(text)
    }
    return replace(kept, facts=facts, values=values, sections=sections).marked, unknown


def _broken_data(workspace: Workspace, wrong: Iterable[Finding], condition: str) -> dict[str, str]:
    """The text of each file with mistakes in which values, or this condition, may be marked."""
    places = {finding.source.file for finding in wrong if finding.source}
    files = (f"conditions/{condition}/condition.toml", "values.toml", "values.local.toml")
    names = (f"content/{file}" for file in files)
    return {name: _as_text(workspace, name) for name in names if workspace.shown(name) in places}


def _sections_of_either(
    library: Library, kept: FrozenWords
) -> tuple[dict[str, SectionFile], dict[str, str]]:
    """The sections of the kept words and of the outline, as today's files have them; and the
    text of each file that cannot be read.
    """
    condition, sections, broken = kept.condition, dict[str, SectionFile](), dict[str, str]()
    now = (section_order(library, condition, one, SectionChoice.ALL) for one in AUDIENCES)
    for name in dict.fromkeys(chain(kept.sections, *now)):
        if (file := library.section_file(name, condition)) is None:
            continue
        try:
            section = library.section(name, condition)
            sections[name] = replace(section, blocks=printable(library, condition, section))
        except ContentError:
            broken[file] = _as_text(library.workspace, file)
    return sections, broken


def _as_text(workspace: Workspace, name: str) -> str:
    """What a broken file says, whatever its encoding; the mark itself if nobody can open it."""
    try:
        return read(workspace.files[name].path).replace(b"\0", b"").decode("utf-8", "replace")
    except OSError:
        return "safety"


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
            name: _value(value, library.lang)
            for name, value in sorted(library.values.items())
            if name in used.values
        },
        tuple(term for term in library.terms.terms if term.word in used.terms),
        dict(sorted(library.interface.items())),
        sections,
        codes_of(facts, library.codes),
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


def _value(value: schema.Value, lang: str) -> schema.Value:
    return replace(value, text=in_language(value.text, lang))


def _values(section: SectionFile) -> Iterator[str]:
    """The names of the values that a section uses."""
    return (name for group in _groups(section) for name in _named(group))


def _named(nodes: Iterable[Inline]) -> Iterator[str]:
    return (node.name for node in walk_inline(nodes) if isinstance(node, Value))


class _Used:
    """The names of values, evidence and terms that sections use."""

    def __init__(self, library: Library, condition: str, sections: Iterable[SectionFile]) -> None:
        self.values: set[str] = set()
        self.evidence: set[str] = set()
        self.terms: set[str] = set()
        self.figures: set[str] = set()
        resolved = Values(library, condition, None)
        for section in sections:
            self.values.update(_values(section))
            for nodes in _groups(section):
                for node in walk_inline(nodes):
                    if isinstance(node, Cite):
                        self.evidence.add(node.key)
                self.terms.update(term.word for term in library.terms.used(resolved.spoken(nodes)))
            for block in walk(section.blocks):
                if isinstance(block, PeopleFigure):
                    self.evidence.update(key.partition(".")[0] for key in block.key.split())
                elif isinstance(block, NamedFigure):
                    self.figures.add(block.name)
                    figure = library.figure(block.name)
                    self.values.update(_named(figure_words(figure)))
                    self.values.update(bar.value for bar in figure.bars)


def _groups(section: SectionFile) -> Iterator[tuple[Any, ...]]:
    """The lines of words of a section: its title, then those of each block."""
    yield section.title
    for block in walk(section.blocks):
        yield inline_of(block)
