"""Content checks: everything that is wrong with the words and their data, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from handouts.check.data import check_condition_data, check_data
from handouts.check.grade import check_reading
from handouts.check.prose import WordChecks
from handouts.check.units import unit, units
from handouts.compose import compose, section_order, unknown_flags
from handouts.compose.values import AUDIENCES, Values, known_values, printable
from handouts.errors import ContentError, Finding, HandoutsError, Source
from handouts.library import Library
from handouts.library.sections import SectionFile
from handouts.model import Brand, LayoutFacts, SectionChoice, Selection

_CHOICES = (SectionChoice.DEFAULT, SectionChoice.ALL)


def check_all(library: Library, brand: Brand, as_of: date) -> tuple[Finding, ...]:
    """Findings of the whole content in the library's language, by file and line."""
    found = list(check_data(library))
    for name in library.conditions:
        found += check_condition(library, name, brand, as_of)
    return _ordered(found)


def check_condition(library: Library, name: str, brand: Brand, as_of: date) -> tuple[Finding, ...]:
    """Findings of one condition, in both readers' handouts, short and long, by file and line.

    Raises UsageError if there is no such condition.
    """
    condition = library.condition(name)
    found = list(check_condition_data(library, name))
    if any(row.condition == name for row in library.labels):
        sections = _sections(library, name, found)
        checks = WordChecks(library, name, known_values(library, condition))
        values = Values(library, name, brand)
        for section in sections:
            found += section.findings
            found += _review(section, as_of)
            found += checks.findings(unit(section.title, values, section.title_source))
            for one in units(printable(library, name, section), values):
                found += checks.findings(one)
        found += unknown_flags(library, sections)
        found += _handouts(library, name, brand)
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
    if front.review_due < front.reviewed:
        yield Finding(
            f"{section.id} is due for review before it was reviewed.", source, "Correct the dates."
        )


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
