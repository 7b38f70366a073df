"""Content checks: everything that is wrong with the words and their data, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from handouts.check.characters import Repertoire
from handouts.check.data import check_condition_data, check_data
from handouts.check.grade import check_reading
from handouts.check.prose import WordChecks
from handouts.check.units import Unit, unit, units
from handouts.check.unused import check_files, section_of
from handouts.compose import compose, section_order, unknown_flags
from handouts.compose.values import AUDIENCES, Values, printable
from handouts.errors import ContentError, Finding, HandoutsError, Source
from handouts.library import Library
from handouts.library.sections import SectionFile, read_section
from handouts.model import Brand, LayoutFacts, SectionChoice, Selection
from handouts.workspace import Workspace

_CHOICES = (SectionChoice.DEFAULT, SectionChoice.ALL)


def check_all(library: Library, brand: Brand, as_of: date) -> tuple[Finding, ...]:
    """Findings of the whole content in the library's language, by file and line."""
    found = [*check_data(library), *check_files(library)]
    for name, condition in library.conditions.items():
        if library.words(condition.title):
            found += check_condition(library, name, brand, as_of)
        elif library.words({**condition.subtitle, **condition.short_name, **condition.body_part}):
            found += check_condition_data(library, name)
    found += check_sections(library.workspace, library.lang, brand, as_of)
    return _ordered(found)


def check_condition(library: Library, name: str, brand: Brand, as_of: date) -> tuple[Finding, ...]:
    """Findings of one condition, in both readers' handouts, short and long, by file and line.

    Raises UsageError if there is no such condition.
    """
    library.condition(name)
    found = list(check_condition_data(library, name))
    if any(row.condition == name for row in library.labels):
        found += _words(library, name, brand, as_of)
        found += _handouts(library, name, brand)
    return _ordered(found)


def _words(library: Library, name: str, brand: Brand, as_of: date) -> Iterator[Finding]:
    """What is wrong with the sections that the condition may print, and with what they use."""
    values, repertoire = Values(library, name, brand), Repertoire(brand.fonts)
    checks = WordChecks(library, name, values)
    found: list[Finding] = []
    sections, seen = _sections(library, name, found), list[Unit]()
    for section in sections:
        blocks = printable(library, name, section)
        own = (unit(section.title, values, section.title_source), *units(blocks, values))
        found += (*section.findings, *_review(section, as_of))
        found += (one for unit in own for one in checks.findings(unit))
        found += repertoire.in_words(section.title, blocks)
        seen += own
    yield from found
    yield from unknown_flags(library, sections)
    yield from repertoire.in_data(library, name, seen)


def check_sections(
    workspace: Workspace, lang: str, brand: Brand, as_of: date
) -> tuple[Finding, ...]:
    """Findings of each section file of a clinic by itself, whatever its data say of it."""
    found, repertoire = list[Finding](), Repertoire(brand.fonts)
    for name, file in workspace.files.items():
        if file.builtin or (section := section_of(name, lang)) is None:
            continue
        try:
            read = read_section(section, file.path, workspace.shown(name))
        except ContentError as problem:
            found += problem.findings
        else:
            found += (*read.findings, *_review(read, as_of))
            found += repertoire.in_words(read.title, read.blocks)
    return _ordered(found)


def _sections(library: Library, name: str, found: list[Finding]) -> tuple[SectionFile, ...]:
    """Every section that the condition may print; what cannot be read is added to ``found``."""
    sections: dict[str, SectionFile] = {}
    for audience in AUDIENCES:
        for choice in _CHOICES:
            for section in section_order(library, name, audience, choice):
                if library.section_file(section, name) is None or section in sections:
                    continue
                try:
                    sections[section] = library.section(section, name)
                except ContentError as problem:
                    found += problem.findings
    return tuple(sections.values())


def _review(section: SectionFile, as_of: date) -> Iterator[Finding]:
    front = section.front
    source = Source(section.source.file, section.title_source.line)
    if front.review_due < as_of:
        yield Finding(
            f"the review of {section.id} was due on {front.review_due.isoformat()}.",
            source,
            "Review it, then set reviewed, review_due and version.",
        )
    if front.reviewed > as_of:
        what = f"{section.id} was reviewed on {front.reviewed.isoformat()}, which is to come."
        yield Finding(what, source, "Correct reviewed, or leave --as-of out.")


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
                yield from check_reading(handout)


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without repetitions, by file and line; findings without a place come first."""
    nowhere = Source("")
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.source or nowhere, one.message)))
