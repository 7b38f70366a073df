"""Content checks: everything that is wrong with the words and their data, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from handouts.check.agreement import check_agreement
from handouts.check.characters import Repertoire
from handouts.check.data import check_condition_data, check_data, terms_advice
from handouts.check.grade import check_reading
from handouts.check.prose import WordChecks
from handouts.check.translation import gaps
from handouts.check.units import Unit, unit, units
from handouts.check.unused import check_files
from handouts.compose import approvable, compose, section_order, unknown_flags
from handouts.compose.problems import hollow
from handouts.compose.used import Used
from handouts.compose.values import AUDIENCES, Values, label_rows, printable
from handouts.errors import ContentError, Finding, HandoutsError, Source
from handouts.library import Library
from handouts.library.file_roles import is_own_words, section_of
from handouts.library.schema import FrontMatter, OwnFront
from handouts.library.search_words import search_mistakes
from handouts.library.sections import SectionFile, read_own_words, read_section
from handouts.model import Brand, LayoutFacts, Own, SectionChoice, Selection
from handouts.model.tree import walk
from handouts.names import suggest
from handouts.workspace import Workspace

_CHOICES = (SectionChoice.DEFAULT, SectionChoice.ALL)


def check_all(library: Library, brand: Brand, as_of: date) -> tuple[Finding, ...]:
    """Findings of the whole content in the library's language, by file and line."""
    found = [*check_data(library), *check_files(library), *check_agreement(library, as_of)]
    found += search_mistakes(library)
    found += (gap.finding for gap in gaps(library) if gap.is_mistake)
    for name, condition in library.conditions.items():
        if library.words(condition.title):
            found += _condition(library, name, brand, as_of)
        elif library.words({**condition.subtitle, **condition.short_name, **condition.body_part}):
            found += check_condition_data(library, name)
    found += check_sections(library.workspace, library.lang, brand, as_of)
    return _ordered(found)


def check_condition(library: Library, name: str, brand: Brand, as_of: date) -> tuple[Finding, ...]:
    """Findings of one condition, in both readers' handouts, short and long, by file and line.

    Words that are not translated count wherever they are printed or heard: on the pages, in
    figures, values, terms, evidence, the label.
    Raises UsageError if there is no such condition.
    """
    library.condition(name)
    lacking = [one for one in gaps(library) if one.is_mistake]
    printed = _printed(library, name) if lacking else frozenset()
    found = (
        one.finding
        for one in lacking
        if one.condition == name or one.is_of_pages or one.is_within(printed)
    )
    return _ordered([*_condition(library, name, brand, as_of), *terms_advice(library), *found])


def _printed(library: Library, name: str) -> frozenset[str]:
    """What the condition prints beside its sections, as gaps in a language name it."""
    used = Used(library, name, _sections(library, name, []))
    data = {*(f"row.{at}" for at in label_rows(library, name)), *used.values, *used.evidence}
    kinds = (("figure", used.figures), ("text", data), ("term", used.terms))
    return frozenset(f"{kind} {one}" for kind, names in kinds for one in names)


def _condition(library: Library, name: str, brand: Brand, as_of: date) -> Iterator[Finding]:
    yield from check_condition_data(library, name)
    rows = label_rows(library, name)
    for index, row in rows.items():
        if row.checked > as_of:
            source = library.source("label.toml", "row", index, "checked")
            yield _to_come(
                f"the check of the label for {name}", "checked", row.checked, as_of, source
            )
    if rows:
        yield from _words(library, name, brand, as_of)
        yield from _handouts(library, name, brand)


def _words(library: Library, name: str, brand: Brand, as_of: date) -> Iterator[Finding]:
    """What is wrong with the sections that the condition may print, and with what they use."""
    values, repertoire = Values(library, name, brand), Repertoire(brand.fonts)
    checks = WordChecks(library, name, values)
    found = list(_own_words(library, name, as_of))
    sections, seen = _sections(library, name, found), list[Unit]()
    for section in sections:
        blocks = printable(library, name, section)
        own = (unit(section.title, values, section.title_source), *units(blocks, values))
        found += (*section.findings, *hollow(blocks))
        if library.frozen is None:
            found += _review(library.written(section.id, name), as_of)
        found += (one for unit in own for one in checks.findings(unit))
        found += repertoire.in_words(section.title, blocks)
        seen += own
    yield from found
    yield from unknown_flags(library, sections)
    yield from repertoire.in_data(library, name, seen)


def _own_words(library: Library, name: str, as_of: date) -> Iterator[Finding]:
    """What is wrong with the condition's own words that no section shows."""
    try:
        own = library.own_words(name)
    except ContentError as problem:
        yield from problem.findings
        return
    if own is None:
        return
    yield from _due("these words", own.front, own.source, as_of)
    unread: list[Finding] = []
    sections = _sections(library, name, unread)
    if unread:  # reported on their own; what they ask for is unknown
        return
    asked = {
        block.name
        for section in sections
        for block in walk(library.written(section.id, name).blocks)
        if isinstance(block, Own)
    }
    for passage, block in own.passages.items():
        if passage not in asked:
            what = f"no section asks for {passage}."
            yield Finding(what, block.source, suggest(passage, asked))


def check_sections(
    workspace: Workspace, lang: str, brand: Brand, as_of: date
) -> tuple[Finding, ...]:
    """Findings of each section file of a clinic by itself, whatever its data say of it."""
    found, repertoire = list[Finding](), Repertoire(brand.fonts)
    for name, file in workspace.files.items():
        section = section_of(name, lang)
        if file.builtin or (section is None and not is_own_words(name, lang)):
            continue
        try:
            found += _alone(section, file.path, workspace.shown(name), repertoire, as_of)
        except ContentError as problem:
            found += problem.findings
    return _ordered(found)


def _alone(
    section: str | None, path: Path, shown: str, repertoire: Repertoire, as_of: date
) -> Iterator[Finding]:
    """Findings of one file of words by itself; ``section`` is None for a condition's own words."""
    if section is None:
        own = read_own_words(path, shown)
        yield from (*own.findings, *_due("these words", own.front, own.source, as_of))
        yield from repertoire.in_words((), tuple(own.passages.values()))
    else:
        read = read_section(section, path, shown)
        yield from (*read.findings, *_review(read, as_of))
        yield from repertoire.in_words(read.title, read.blocks)


def _sections(library: Library, name: str, found: list[Finding]) -> tuple[SectionFile, ...]:
    """Every section that the condition may print; what cannot be read is added to ``found``."""
    sections: dict[str, SectionFile] = {}
    for audience in AUDIENCES:
        usual = section_order(library, name, audience, SectionChoice.DEFAULT)
        for section in (*usual, *approvable(library, name, audience)):
            if library.section_file(section, name) is None or section in sections:
                continue
            try:
                sections[section] = library.section(section, name)
            except ContentError as problem:
                found += problem.findings
    return tuple(sections.values())


def _review(section: SectionFile, as_of: date) -> Iterator[Finding]:
    source = Source(section.source.file, section.title_source.line)
    yield from _due(section.id, section.front, source, as_of)


def _due(
    what: str, front: FrontMatter | OwnFront, source: Source, as_of: date
) -> Iterator[Finding]:
    due = front.review_due
    if due < as_of:
        message = f"the review of {what} was due on {due.isoformat()}."
        yield Finding(message, source, "Review it, then set reviewed, review_due and version.")
    if front.reviewed > as_of:
        what = f"the review of {what}"
        yield _to_come(what, "reviewed", front.reviewed, as_of, source)
    elif due < front.reviewed:
        message = f"the review of {what} is due before it was done."
        yield Finding(message, source, "Correct the dates.")


def _to_come(what: str, key: str, day: date, as_of: date, source: Source) -> Finding:
    remedy = f"Correct {key}, or today: the date of this computer, or --as-of."
    return Finding(f"{what} is dated {day}, after today ({as_of}).", source, remedy)


def _handouts(library: Library, name: str, brand: Brand) -> Iterator[Finding]:
    """What shows only in a whole handout: sections, empty parts, the grade."""
    for audience in AUDIENCES:
        facts = LayoutFacts("check", "enclosure" if audience == "physician" else "patient")
        for choice in _CHOICES:
            selection = Selection(name, lang=library.lang, choice=choice)
            try:
                handout = compose(library, selection, brand, facts)
            except HandoutsError as problem:
                yield from problem.findings
                continue
            if audience == "patient":
                yield from check_reading(handout, "long" if handout.long else "short")


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without repetitions, by file and line; findings without a place come first."""
    nowhere = Source("")
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.source or nowhere, one.message)))
