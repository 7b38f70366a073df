"""Library and Selection to Handout: content resolved, checked, immutable."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from handouts.compose.approval import approval_on, earliest_review, status_window, words_hash
from handouts.compose.context import (
    Values,
    condition_flags,
    has_phone,
    known_flags,
    known_values,
    label_status,
)
from handouts.compose.generated import NEEDED_WORDS, Generator, make_references
from handouts.compose.selection import Chosen, choose, section_order
from handouts.compose.words import Writer
from handouts.errors import ContentError, Finding
from handouts.library import Library
from handouts.library.nodes import (
    CitationUse,
    Generated,
    RawBlock,
    When,
    walk,
    walk_inline,
    words_of,
)
from handouts.library.prune import prune
from handouts.library.schema import Term
from handouts.library.sections import SectionFile
from handouts.model import (
    Brand,
    Handout,
    HandoutSection,
    LayoutFacts,
    SectionChoice,
    Selection,
    plain_text,
)
from handouts.names import suggest

__all__ = [
    "approval_on",
    "choose",
    "compose",
    "earliest_review",
    "section_order",
    "status_window",
    "words_hash",
]


def compose(
    library: Library, selection: Selection, brand: Brand, as_of: date, layout_facts: LayoutFacts
) -> Handout:
    """Resolve ``selection`` to a Handout.

    Raises UsageError for names that do not exist and for locked sections that are left out,
    ContentError with all findings of the sections at once.
    """
    condition = library.condition(selection.condition)
    chosen = choose(library, selection, layout_facts)
    flags = _flags(library, selection, brand, layout_facts, chosen)
    findings = [*unknown_flags(library, chosen.sections), *_missing_words(library, chosen.sections)]
    pruned = [(one, prune(one.blocks, flags.__contains__)) for one in chosen.sections]
    keys = _cited(library, pruned, findings)
    values = Values(library, selection.condition, brand)
    long = selection.choice is SectionChoice.ALL
    references = make_references(library, keys, long or layout_facts.audience == "physician")
    approval = approval_on(library, selection.condition, as_of)
    reviewed = max(one.front.reviewed for one in chosen.sections)
    review_due = min(one.front.review_due for one in chosen.sections)
    terms = _terms(library, values, pruned)
    generator = Generator(library, references, terms, approval, reviewed, review_due)
    writer = Writer(
        values,
        known_values(library, condition),
        {key: number for number, key in enumerate(keys, 1)},
        library.terms,
        generator.blocks,
        [],
    )
    if findings:
        raise ContentError(findings)
    sections = tuple(_section(writer, one, blocks) for one, blocks in pruned)
    if writer.findings:
        raise ContentError(dict.fromkeys(writer.findings))
    return Handout(
        condition=selection.condition,
        title=library.words(condition.title),
        subtitle=library.words(condition.subtitle),
        lang=library.lang,
        audience=layout_facts.audience,
        long=long,
        sections=sections,
        references=references,
        label=label_status(library, selection.condition),
        icd10=condition.icd10,
        approval=approval,
        reviewed=reviewed,
        review_due=review_due,
        terms=library.interface,
        abbreviations=dict(sorted(writer.abbreviations.items())),
        partial=bool(chosen.missing),
    )


def unknown_flags(library: Library, sections: Iterable[SectionFile]) -> list[Finding]:
    """Flags of ``::: when`` that nothing sets."""
    known = known_flags(library)
    return [
        Finding(f"unknown flag {flag.removeprefix('!')}.", block.source, suggest(flag, known))
        for section in sections
        for block in walk(section.blocks)
        if isinstance(block, When)
        for flag in block.flags
        if flag.removeprefix("!") not in known
    ]


def _flags(
    library: Library, selection: Selection, brand: Brand, facts: LayoutFacts, chosen: Chosen
) -> frozenset[str]:
    length = "long" if selection.choice is SectionChoice.ALL else "short"
    has = (f"has-{section.id}" for section in chosen.sections)
    phone = ("phone",) if has_phone(brand) else ()
    own = condition_flags(library, selection.condition)
    return frozenset({*own, length, facts.audience, *has, *phone})


def _cited(
    library: Library,
    pruned: Iterable[tuple[SectionFile, tuple[RawBlock, ...]]],
    findings: list[Finding],
) -> tuple[str, ...]:
    """Keys of citations by first use; unknown ones become findings."""
    keys: dict[str, None] = {}
    for _, blocks in pruned:
        for block in walk(blocks):
            for node in walk_inline(words_of(block)):
                if not isinstance(node, CitationUse):
                    continue
                for key in node.keys:
                    if key in library.evidence:
                        keys[key] = None
                    else:
                        what = f"unknown citation {key}."
                        remedy = suggest(key, library.evidence)
                        findings.append(Finding(what, node.source, remedy))
    return tuple(keys)


def _missing_words(library: Library, sections: Iterable[SectionFile]) -> list[Finding]:
    """Words that generated blocks print and interface/<lang>.toml does not hold."""
    needed = {
        key: None
        for section in sections
        for block in walk(section.blocks)
        if isinstance(block, Generated)
        for key in NEEDED_WORDS[block.kind]
    }
    source = library.source(f"interface/{library.lang}.toml")
    return [
        Finding(f"{key} is missing.", source, "Add it.")
        for key in needed
        if key not in library.interface
    ]


def _terms(
    library: Library, values: Values, pruned: Iterable[tuple[SectionFile, tuple[RawBlock, ...]]]
) -> tuple[Term, ...]:
    """Glossary terms that the handout uses, in the order of first use."""
    found: dict[str, Term] = {}
    for section, blocks in pruned:
        groups = [section.title, *(words_of(block) for block in walk(blocks))]
        for group in groups:
            for term in library.terms.used(values.spoken(group)):
                found.setdefault(term.word, term)
    return tuple(found.values())


def _section(writer: Writer, section: SectionFile, blocks: tuple[RawBlock, ...]) -> HandoutSection:
    front = section.front
    body = writer.section(blocks)
    title = plain_text(writer.inline(section.title))
    if not body:
        writer.findings.append(
            Finding(
                f"the section {section.id} is empty in this handout.",
                section.source,
                "Leave it out of this condition's outline, or write words for it.",
            )
        )
    return HandoutSection(
        section.id,
        title,
        body,
        front.role,
        front.last_page,
        front.version,
        front.reviewed,
        front.review_due,
        section.source,
    )
