"""Library and Selection to Handout: content resolved, checked, immutable."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from handouts.compose.approval import (
    DRAFT,
    Standing,
    earliest_review,
    standing,
    told_of_record,
    words_of,
)
from handouts.compose.choosing import Chosen, approvable, choose, section_order
from handouts.compose.generated import Generator, make_reference
from handouts.compose.pictured import PictureData
from handouts.compose.problems import Bodies, citations, findings_in, unknown_flags
from handouts.compose.values import (
    Values,
    condition_flags,
    has_phone,
    label_status,
)
from handouts.compose.writer import Writer
from handouts.errors import ContentError, Finding
from handouts.library import Library
from handouts.library.prune import prune
from handouts.library.schema import Term
from handouts.library.sections import SectionFile, checked_by
from handouts.model import (
    Approval,
    Block,
    Brand,
    Handout,
    HandoutSection,
    LayoutFacts,
    Reference,
    SectionChoice,
    Selection,
    plain_text,
)
from handouts.model.tree import inline_of, walk

__all__ = [
    "DRAFT",
    "Sources",
    "Standing",
    "Words",
    "approvable",
    "choose",
    "cited",
    "compose",
    "compose_words",
    "earliest_review",
    "section_order",
    "standing",
    "told_of_record",
    "unknown_flags",
    "words_of",
]


class Sources(Struct, frozen=True):
    """The sources of a handout, by number; and those of them that it lists itself."""

    numbered: tuple[Reference, ...]
    listed: tuple[Reference, ...]


class Words(Struct, frozen=True):
    """What a handout in one language is made of: the words, the clinic, and their approval."""

    library: Library
    brand: Brand
    approval: Approval = DRAFT


def compose(
    library: Library,
    selection: Selection,
    brand: Brand,
    layout_facts: LayoutFacts,
    approval: Approval = DRAFT,
) -> Handout:
    """Resolve ``selection`` to a Handout; ``approval`` is that of the library's words.

    Raises as ``compose_words``.
    """
    return compose_words(Words(library, brand, approval), selection, layout_facts)


def compose_words(
    words: Words, selection: Selection, layout_facts: LayoutFacts, sources: Sources | None = None
) -> Handout:
    """Resolve ``selection`` to a Handout; ``sources`` are those that two languages share.

    Raises UsageError for names that do not exist and for locked sections that are left out,
    ContentError with all findings of the sections at once.
    """
    library, brand = words.library, words.brand
    condition = library.condition(selection.condition)
    label = label_status(library, selection.condition)
    chosen, bodies = _bodies(library, selection, brand, layout_facts)
    if sources is None:
        own = tuple(
            make_reference(library, number, key, is_complete(selection, layout_facts))
            for number, key in enumerate(_keys(library, bodies), 1)
        )
        sources = Sources(own, own)
    generator = _generator(library, selection, bodies, words.approval, sources)
    open_bodies = bodies
    if selection.sections or selection.without:  # what goes with the other sections goes, too
        open_bodies = _open_bodies(library, selection, brand, layout_facts, chosen)
    findings = findings_in(library, selection.condition, bodies, open_bodies)
    values = Values(library, selection.condition, brand)
    writer = Writer(
        values,
        {reference.key: reference.number for reference in sources.numbered},
        library.terms,
        generator.blocks,
        PictureData(library, values, brand, findings, width=layout_facts.people),
        findings,
    )
    sections = tuple(_section(writer, section, blocks, layout_facts) for section, blocks in bodies)
    for section in sections:  # a list that has nothing to list is else left out in silence
        if section.id in selection.sections and not section.body:
            writer.findings.append(_without_entries(section))
    if writer.findings:
        raise ContentError(writer.findings)
    return Handout(
        condition=selection.condition,
        title=library.words(condition.title),
        subtitle=library.words(condition.subtitle),
        lang=library.lang,
        audience=layout_facts.audience,
        long=selection.choice is SectionChoice.ALL,
        sections=tuple(section for section in sections if section.body),
        references=generator.references,
        label=label,
        icd10=condition.icd10,
        approval=generator.approval,
        reviewed=generator.reviewed,
        review_due=generator.review_due,
        terms=library.interface,
        abbreviations=dict(sorted(writer.abbreviations.items())),
        partial=chosen.partial,
        kind=condition.kind,
        locked=chosen.locked,
        left_out=dict(_headings(words, selection, layout_facts, chosen)),
    )


def _headings(
    words: Words, selection: Selection, facts: LayoutFacts, chosen: Chosen
) -> Iterator[tuple[str, str]]:
    """The sections that are left out and would say something, with their headings."""
    library = words.library
    values = Values(library, selection.condition, words.brand)
    flags = _flags(library, selection, words.brand, facts, chosen)
    for name in chosen.left_out:
        section = library.section(name, selection.condition)
        if prune(section.blocks, flags.__contains__):
            yield name, values.spoken(section.title)


def cited(
    library: Library, selection: Selection, brand: Brand, facts: LayoutFacts
) -> tuple[str, ...]:
    """The keys of the sources that a handout cites, by first use. Raises as ``compose``."""
    library.condition(selection.condition)  # or its refusal
    return _keys(library, _bodies(library, selection, brand, facts)[1])


def is_complete(selection: Selection, facts: LayoutFacts) -> bool:
    """Whether sources are listed with all that finds them, not short and linked."""
    return selection.choice is SectionChoice.ALL or facts.audience == "physician"


def _keys(library: Library, bodies: Bodies) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key, _ in citations(bodies) if key in library.evidence))


def _bodies(
    library: Library, selection: Selection, brand: Brand, facts: LayoutFacts
) -> tuple[Chosen, Bodies]:
    """The sections, each with the blocks that the handout's flags leave."""
    chosen = choose(library, selection, facts)
    flags = _flags(library, selection, brand, facts, chosen)
    return chosen, tuple(
        (one, prune(one.blocks, flags.__contains__)) for one in _in_print(chosen, facts)
    )


def _open_bodies(
    library: Library, selection: Selection, brand: Brand, facts: LayoutFacts, chosen: Chosen
) -> Bodies:
    """As ``_bodies``, with each ``::: when`` that asks for a section that is not chosen."""
    flags = _flags(library, selection, brand, facts, chosen)

    def holds(flag: str) -> bool | None:
        return flag in flags or (None if flag.startswith("has-") else False)

    return tuple((one, prune(one.blocks, holds)) for one in _in_print(chosen, facts))


def _in_print(chosen: Chosen, facts: LayoutFacts) -> list[SectionFile]:
    """The sections as they are read: those of the last page stand last."""
    return sorted(chosen.sections, key=lambda one: facts.on_last_page(one.id, one.front.last_page))


def _generator(
    library: Library, selection: Selection, bodies: Bodies, approval: Approval, sources: Sources
) -> Generator:
    """What the whole handout decides: numbers of sources, terms in use, approval, dates."""
    fronts = [section.front for section, _ in bodies]
    translated = library.is_translation((one for one, _ in bodies), selection.condition)
    return Generator(
        library,
        selection.condition,
        references=sources.listed,
        terms=_terms(library, Values(library, selection.condition, None), bodies),
        approval=approval,
        reviewed=max(front.reviewed for front in fronts),
        review_due=min(front.review_due for front in fronts),
        unchecked=translated and not checked_by(fronts),
    )


def _flags(
    library: Library, selection: Selection, brand: Brand, facts: LayoutFacts, chosen: Chosen
) -> frozenset[str]:
    length = "long" if selection.choice is SectionChoice.ALL else "short"
    has = (f"has-{section.id}" for section in chosen.sections)
    few = ("few-pages",) if facts.pages else ()
    phone = ("phone",) if has_phone(brand) else ()
    own = condition_flags(library, selection.condition)
    return frozenset({*own, length, facts.audience, *few, *has, *phone})


def _terms(library: Library, values: Values, bodies: Bodies) -> tuple[Term, ...]:
    """Glossary terms that the handout uses, in the order of first use."""
    found: dict[str, Term] = {}
    for section, blocks in bodies:
        groups = [section.title, *(inline_of(block) for block in walk(blocks))]
        for group in groups:
            for term in library.terms.used(values.spoken(group)):
                found.setdefault(term.word, term)
    return tuple(found.values())


def _without_entries(section: HandoutSection) -> Finding:
    what = f"the section {section.id} has nothing to list in this handout."
    return Finding(what, section.source, "Leave it out, or add the sections that it serves.")


def _section(
    writer: Writer, section: SectionFile, blocks: tuple[Block, ...], facts: LayoutFacts
) -> HandoutSection:
    front = section.front
    body = writer.section(blocks)
    writer.findings += writer.values.unwritable(section.title)
    title = plain_text(writer.inline(section.title))
    return HandoutSection(
        section.id,
        title,
        body,
        front.role,
        facts.on_last_page(section.id, front.last_page),
        front.version,
        front.reviewed,
        front.review_due,
        section.source,
    )
