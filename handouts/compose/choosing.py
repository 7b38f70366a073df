"""Which sections a handout holds, in which order; what protects the patient stays in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from handouts import datafile
from handouts.contract.rules import URGENT, is_part, locked_by_clinic, protecting
from handouts.errors import ContentError, Finding, Source, UsageError
from handouts.library import Library
from handouts.library.sections import SectionFile
from handouts.model import OTHERS, LayoutFacts, SectionChoice, Selection
from handouts.names import suggest

#: The kinds of layouts that make short sheets.
_SHEETS = ("patient", "large-print")


class Chosen(Struct, frozen=True):
    """The sections of a handout, what protects its reader, whether something is missing, and what
    a sheet of few pages leaves out."""

    sections: tuple[SectionFile, ...]
    locked: tuple[str, ...]
    partial: bool
    left_out: tuple[str, ...] = ()


def choose(library: Library, selection: Selection, facts: LayoutFacts) -> Chosen:
    """Resolve the selection to sections.

    For a patient, a few named sections make a short sheet: what is urgent joins them, and the
    handout is partial. Raises UsageError for unknown names and when locked sections are left
    out, ContentError when the outline names a section twice, or one that has no file.
    """
    names = _names(library, selection, facts)
    locked = locked_sections(library, selection.condition, facts)
    missing = tuple(name for name in locked if name not in names)
    part = bool(missing)
    if missing and selection.choice is SectionChoice.NAMED and facts.kind in _SHEETS:
        locked = URGENT
        names += tuple(name for name in URGENT if name not in (*names, *selection.without))
        missing = tuple(name for name in URGENT if name not in names)
    if missing and facts.kind != "partial":
        raise _left_out(library, selection, facts, missing)
    if not names:
        raise UsageError("No section is left.", remedy="Leave out fewer sections.")
    part = part or is_part(library.conditions[selection.condition].kind, facts.kind, names)
    left_out: tuple[str, ...] = ()
    if facts.pages and selection.choice is SectionChoice.DEFAULT:
        usual = _arranged(library, selection.condition, facts, selection.choice)
        left_out = tuple(name for name in usual if name not in names)
    files = _files(library, selection, names, facts.audience)
    return Chosen(files, locked, part or bool(left_out), left_out)


def _left_out(
    library: Library, selection: Selection, facts: LayoutFacts, missing: tuple[str, ...]
) -> UsageError:
    """What to say of a choice, or of the file that makes it, without what protects the patient."""
    message = f"These sections protect the patient and cannot be left out: {', '.join(missing)}."
    remedy = "Add them, or choose a layout of the kind partial."
    if selection.choice is SectionChoice.NAMED or not {*missing}.isdisjoint(selection.without):
        return UsageError(message, remedy=remedy)
    layout = f"layouts/{facts.name}/layout.toml"
    path = library.workspace.find(layout)
    without, key = _without(library, selection.condition, facts.audience)
    if path and OTHERS not in facts.sections:
        file = datafile.load(path, library.workspace.shown(layout), ContentError)
        source = file.source("sections")
    elif not {*missing}.isdisjoint(without):
        source = library.source(f"conditions/{selection.condition}/condition.toml", "sections", key)
    else:
        source = usual_order(library, selection.condition, facts.audience, selection.choice)[2]
    return UsageError(message, source, remedy)


def locked_sections(library: Library, condition: str, facts: LayoutFacts) -> tuple[str, ...]:
    """What a handout for this reader cannot do without: the program's list for its kind, what
    the outline adds, and what the layout adds."""
    own = protecting(library.conditions[condition].kind, facts.kind)
    added = locked_by_clinic(facts.kind, library.outline.of(facts.audience).locked)
    return tuple(dict.fromkeys((*own, *added, *facts.locked)))


def section_order(
    library: Library, condition: str, audience: str, choice: SectionChoice
) -> tuple[str, ...]:
    """The ids of the outline's sections as ``condition`` changes them."""
    facts = LayoutFacts("", "enclosure" if audience == "physician" else "patient")
    return _arranged(library, condition, facts, choice)


def approvable(library: Library, condition: str, audience: str) -> tuple[str, ...]:
    """The ids of all sections that handouts for ``condition`` may hold, and an approval covers."""
    order = section_order(library, condition, audience, SectionChoice.ALL)
    others = library.outline.of(audience).others
    return tuple(dict.fromkeys((*order, *others)))


def usual_order(
    library: Library, condition: str, audience: str, choice: SectionChoice
) -> tuple[tuple[str, ...], str, Source]:
    """The sections that a list names for ``condition``, the key of this list, and its place."""
    outline, changes = library.outline.of(audience), library.conditions[condition].sections
    own = changes.physician if audience == "physician" else changes.patient
    if choice is not SectionChoice.ALL and own:
        file = f"conditions/{condition}/condition.toml"
        return own, audience, library.source(file, "sections", audience)
    key = "all" if choice is SectionChoice.ALL else "default"
    names = outline.all if choice is SectionChoice.ALL else outline.default
    return names, key, library.source("outline.toml", audience, key)


def repeated(names: Sequence[str], key: str, source: Source) -> Iterator[Finding]:
    """Sections that stand twice in one list: nobody can tell which place is meant."""
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Finding(f"{name} stands twice in {key}.", source, "Remove one.")


def _without(library: Library, condition: str, audience: str) -> tuple[tuple[str, ...], str]:
    """The sections that a condition does without, and the key that says so."""
    changes = library.conditions[condition].sections
    if audience == "physician":
        return changes.physician_without, "physician_without"
    return changes.patient_without, "patient_without"


def _arranged(
    library: Library, condition: str, facts: LayoutFacts, choice: SectionChoice
) -> tuple[str, ...]:
    """The sections that the layout names, and in the place of ``*`` the outline's others."""
    without, _ = _without(library, condition, facts.audience)
    order, _, _ = usual_order(library, condition, facts.audience, choice)
    others = tuple(name for name in order if name not in facts.sections)
    named = (others if name == OTHERS else (name,) for name in facts.sections)
    return tuple(name for names in named for name in names if name not in without)


def _names(library: Library, selection: Selection, facts: LayoutFacts) -> tuple[str, ...]:
    known = {*library.section_names, *library.outline.of(facts.audience).known}
    _refuse_unknown(library, (*selection.sections, *selection.without), known)
    if selection.choice is SectionChoice.NAMED:
        names = selection.sections
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise UsageError(f"Named twice: {', '.join(twice)}.", remedy="Name each once.")
        _refuse_beside_message(names, facts)
    else:
        listed = usual_order(library, selection.condition, facts.audience, selection.choice)
        if findings := tuple(repeated(*listed)):
            raise ContentError(findings)
        names = _arranged(library, selection.condition, facts, selection.choice)
    return tuple(name for name in names if name not in selection.without)


def _refuse_unknown(library: Library, names: Iterable[str], known: Iterable[str]) -> None:
    known = set(known)
    findings = [
        _not_approved(name)
        if library.workspace.find(f"content/sections/{name}/{library.lang}.md")
        else Finding(
            f"There is no section “{name}” (language {library.lang}).", None, suggest(name, known)
        )
        for name in names
        if name not in known
    ]
    if findings:
        raise UsageError(findings)


def _refuse_beside_message(names: Sequence[str], facts: LayoutFacts) -> None:
    """A poster has one message: what its layout names."""
    if facts.kind != "poster" or OTHERS in facts.sections:
        return
    if others := [name for name in names if name not in facts.sections]:
        raise UsageError(
            f"The layout {facts.name} is a poster: it has one message, and no room beside it for "
            f"{', '.join(others)}.",
            remedy="Leave out --section, or choose another layout.",
        )


def _not_approved(name: str) -> Finding:
    remedy = "Have it approved, as a section of all in outline.toml; --proposed prints a draft."
    return Finding(f"The section {name} is none of those approved.", remedy=remedy)


def _files(
    library: Library, selection: Selection, names: Iterable[str], audience: str
) -> tuple[SectionFile, ...]:
    """Parse the sections; all their findings at once."""
    found: list[SectionFile] = []
    findings: list[Finding] = []
    for name in names:
        if library.section_file(name, selection.condition) is None:
            findings.append(_no_file(library, name, audience))
            continue
        try:
            section = library.section(name, selection.condition)
        except ContentError as problem:
            findings.extend(problem.findings)
            continue
        if section.front.audience != audience:
            message = f"{name} is written for another reader ({section.front.audience})."
            wrong = Finding(message, section.source, f"This layout is for: {audience}.")
            if name in selection.sections:
                raise UsageError((wrong,))
            findings.append(wrong)
            continue
        found.append(section)
        findings.extend(section.findings)
    if findings:
        raise ContentError(findings)
    return tuple(found)


def _no_file(library: Library, name: str, audience: str) -> Finding:
    if library.frozen is not None:
        return _not_approved(name)
    return Finding(
        f"the section {name} has no file in language {library.lang}.",
        library.source("outline.toml", audience, "all"),
        f"Write content/sections/{name}/{library.lang}.md, or remove it from the outline.",
    )
