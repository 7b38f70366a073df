"""Checks of the TOML files against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handouts.check.prose import Guards, is_pattern
from handouts.compose.choosing import repeated, section_order, usual_order
from handouts.compose.values import AUDIENCES, FIXED_VALUES, Values, label_row, label_rows
from handouts.errors import ContentError, Finding, Source
from handouts.library import Library
from handouts.library.content_files import value_source
from handouts.library.placeholders import is_placeholder
from handouts.library.schema import SOURCE, Evidence
from handouts.model import SectionChoice
from handouts.names import is_slug, suggest

_CHOICES = (SectionChoice.DEFAULT, SectionChoice.ALL)


def check_data(library: Library) -> Iterator[Finding]:
    """What is wrong with the data files of a library, whatever the condition."""
    yield from _outline(library)
    yield from _labels(library)
    yield from _evidence(library)
    yield from _values(library)
    yield from _glossary(library)
    yield from terms_advice(library)


def check_condition_data(library: Library, name: str) -> Iterator[Finding]:
    """What is wrong with the file of one condition."""
    condition = library.conditions[name]
    file = f"conditions/{name}/condition.toml"
    if not is_slug(name):
        yield Finding(
            f"{name} cannot name a condition.",
            library.source(file),
            "Use lower-case letters, digits and single hyphens.",
        )
    yield from _texts(library, name)
    yield from _advice(library, _said_of(library, name))
    rows = label_rows(library, name)
    for index, row in rows.items():
        source = library.source("label.toml", "row", index)
        yield from _unwritten("device", row.device, source)
        if index != min(rows):
            yield Finding(f"{name} has a row above, so this one is not read.", source, "Keep one.")
    for key in condition.evidence:
        if key not in library.evidence:
            yield _unknown("evidence", key, library.source(file, "evidence"), library.evidence)
    for code in dict.fromkeys(condition.icd10):
        source = library.source(file, "icd10")
        if condition.icd10.count(code) > 1:
            yield Finding(f"the code {code} stands twice.", source, "Remove one.")
        titles = library.codes.titles
        if not titles.get(code, "").strip():
            yield Finding(
                f"the code {code} has no title.",
                library.source("icd10.toml", "titles", code) if code in titles else source,
                f'Add "{code}" = "…" to [titles] of icd10.toml, as the official list has it.',
            )
    yield from _order(library, name, file)
    try:
        label_row(library, name)
    except ContentError as problem:
        yield from problem.findings


def _order(library: Library, name: str, file: str) -> Iterator[Finding]:
    """What is wrong with the sections that a condition changes, and with the order that follows."""
    changes = library.conditions[name].sections
    for key in ("patient", "patient_without", "physician", "physician_without"):
        names: tuple[str, ...] = getattr(changes, key)
        source = library.source(file, "sections", key)
        for section in dict.fromkeys(names):
            if section not in library.section_names:
                yield _unknown("section", section, source, library.section_names)
        yield from repeated(names, key, source)
    for audience in AUDIENCES:
        usual, whole = (section_order(library, name, audience, choice) for choice in _CHOICES)
        *_, where = usual_order(library, name, audience, SectionChoice.DEFAULT)
        for section in usual:
            if section not in whole:
                what = f"{section} does not stand in all, so nobody can approve it."
                remedy = f"Add it to all of [{audience}] in outline.toml."
                yield Finding(what, where, remedy)


def _texts(library: Library, name: str) -> Iterator[Finding]:
    """Words that are missing in this language, or that nobody has written yet."""
    condition, file = library.conditions[name], f"conditions/{name}/condition.toml"
    for key in ("title", "subtitle", "short_name", "body_part"):
        text = library.words(getattr(condition, key))
        if not text.strip():
            yield _untranslated(library, file, key)
        yield from _unwritten(key, text, library.source(file, key, library.lang))
    if not label_rows(library, name):
        return
    values = Values(library, name, None)
    for variable, texts in condition.variables.items():
        source = values.source(variable)
        if problem := values.problem(variable, source):
            yield problem
        yield from _unwritten(variable, library.words(texts), source)
        yield from _overruled(variable, source)


def _unwritten(key: str, text: str, source: Source) -> Iterator[Finding]:
    if is_placeholder(key, text):
        yield Finding(f"“{text}” is what a new file says.", source, "Write your own words.")


def _overruled(name: str, source: Source) -> Iterator[Finding]:
    if name in FIXED_VALUES:
        what = f"{name} is not read here: the brand, the label or the title says it."
        yield Finding(what, source, "Write it there, and remove it here.")


def _outline(library: Library) -> Iterator[Finding]:
    for audience in ("patient", "physician"):
        outline = library.outline.of(audience)
        for key in ("default", "all", "locked", "others"):
            names: tuple[str, ...] = getattr(outline, key)
            source = library.source("outline.toml", audience, key)
            for name in dict.fromkeys(names):
                if name not in library.section_names and not _has_twin(library, name):
                    yield _unknown("section", name, source, library.section_names)
            yield from repeated(names, key, source)
        for key in ("default", "all"):
            for name in outline.locked:
                if name not in getattr(outline, key):
                    yield Finding(
                        f"{name} protects the patient and is missing in {key}.",
                        library.source("outline.toml", audience, key),
                        "Add it.",
                    )


def _has_twin(library: Library, section: str) -> bool:
    """Whether the source has it: then a handout says that it is not translated."""
    return library.workspace.find(f"content/sections/{section}/{SOURCE}.md") is not None


def _labels(library: Library) -> Iterator[Finding]:
    for index, row in enumerate(library.labels):
        source = library.source("label.toml", "row", index)
        if row.condition not in library.conditions:
            yield _unknown("condition", row.condition, source, library.conditions)
        if row.evidence not in library.evidence:
            yield _unknown("evidence", row.evidence, source, library.evidence)
        missing = not (library.words(row.only_if) or row.only_if.get(SOURCE))  # else it is a gap
        if row.status == "only-if" and missing:
            yield Finding(
                "the status is only-if, and only_if does not say if what.",
                source,
                f'Add only_if.{library.lang} = "…".',
            )


def _evidence(library: Library) -> Iterator[Finding]:
    for key, evidence in library.evidence.items():
        for condition in evidence.conditions:
            if condition != "*" and condition not in library.conditions:
                source = library.source("evidence.toml", key, "conditions")
                yield _unknown("condition", condition, source, library.conditions)
        yield from _reference(library, key, evidence)
        if not library.words(evidence.population):
            yield _untranslated(library, "evidence.toml", key, "population")


def _reference(library: Library, key: str, evidence: Evidence) -> Iterator[Finding]:
    """What a reader would miss to find the source."""
    if not evidence.authors:
        if not library.words(evidence.citation):
            yield _untranslated(library, "evidence.toml", key, "citation")
        return
    for name in ("title", "journal", "year"):
        if not getattr(evidence, name):
            yield Finding(
                f"{key} has authors but no {name}.",
                library.source("evidence.toml", key),
                f"Add {name} = …, or write a citation instead of authors.",
            )


def _values(library: Library) -> Iterator[Finding]:
    for name, value in library.values.items():
        yield from _overruled(name, value_source(library.files, name))
        for pattern in value.guard.get(library.lang, ()):
            if not is_pattern(pattern):
                yield Finding(
                    f"the guard {pattern} is not a regular expression that may be used: at most "
                    "200 characters, no repeated groups, no references back, few choices.",
                    value_source(library.files, name, "guard"),
                    "Mend it, or leave the guard out: the value's own text is guarded anyway.",
                )
        if value.evidence and value.evidence not in library.evidence:
            source = value_source(library.files, name, "evidence")
            yield _unknown("evidence", value.evidence, source, library.evidence)


def _glossary(library: Library) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, term in enumerate(library.terms.terms):
        for key in ("word", "text"):
            if not getattr(term, key).strip():
                source = library.source(f"glossary/{library.lang}.toml", "term", index, key)
                yield Finding(f"{key} is empty.", source, "Write it, or remove the entry.")
        for form in term.forms:
            first = seen.setdefault(form.casefold(), index)
            if first != index:
                yield Finding(
                    f"“{form}” belongs to {library.terms.terms[first].word} and to {term.word}.",
                    library.source(f"glossary/{library.lang}.toml", "term", index),
                    "Keep it in one entry.",
                )


def terms_advice(library: Library) -> Iterator[Finding]:
    """Numbers of advice in the glossary."""
    glossary = f"glossary/{library.lang}.toml"
    texts = (
        (term.text, library.source(glossary, "term", index, "text"))
        for index, term in enumerate(library.terms.terms)
    )
    return _advice(library, texts)


def _said_of(library: Library, name: str) -> Iterator[tuple[str, Source]]:
    """A condition's titles and variables, each with its place."""
    condition, file = library.conditions[name], f"conditions/{name}/condition.toml"
    for key in ("title", "subtitle"):
        words = library.words(getattr(condition, key))
        yield words, library.source(file, key, library.lang)
    for variable, own in condition.variables.items():
        yield library.words(own), library.source(file, "variables", variable, library.lang)


def _advice(library: Library, texts: Iterable[tuple[str, Source]]) -> Iterator[Finding]:
    """Numbers of advice in words that can hold no value: these would stay when it changes."""
    guards = Guards(library, library.lang)
    for text, source in texts:
        for value, typed in guards.typed_in(text):
            yield Finding(
                f"“{typed}” is advice typed by hand.",
                source,
                f"Leave it out here, and print {{{{ {value} }}}} in a section.",
            )


def _unknown(kind: str, name: str, source: Source, known: Iterable[str]) -> Finding:
    return Finding(f"unknown {kind} “{name}”.", source, suggest(name, known))


def _untranslated(library: Library, file: str, *path: str) -> Finding:
    return Finding(
        f"{'.'.join(path)} has no text in language {library.lang}.",
        library.source(file, *path),
        f"Add {library.lang}.",
    )
