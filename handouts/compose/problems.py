"""What is wrong with a handout's sections before their words are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from handouts.compose.generated import NEEDED_WORDS
from handouts.compose.values import known_flags
from handouts.errors import Finding, Source
from handouts.library import Library
from handouts.library.icd10 import codes_of
from handouts.library.sections import SectionFile
from handouts.library.wordless import is_hollow
from handouts.model import Block, Cite, Generated, Group, When
from handouts.model.tree import Node, all_inline, nodes_in, walk
from handouts.names import suggest

#: Sections with their blocks as the handout's flags decide.
Bodies: TypeAlias = tuple[tuple[SectionFile, tuple[Block, ...]], ...]


def findings_in(
    library: Library, condition: str, bodies: Bodies, open_bodies: Bodies
) -> list[Finding]:
    """Unknown flags, wrong citations, a second list of references, words that are missing.

    ``open_bodies``: the same sections with each ``::: when`` that may still be decided. A box or
    heading that has words in these, and none in ``bodies``, goes with them.
    """
    return [
        *unknown_flags(library, (section for section, _ in bodies)),
        *_wrong_citations(library, bodies),
        *_repeated_references(bodies),
        *_missing_words(library, bodies),
        *_missing_notes(library, condition, bodies),
        *_emptied(bodies, open_bodies),
    ]


def unknown_flags(library: Library, sections: Iterable[SectionFile]) -> list[Finding]:
    """Flags of ``::: when`` that nothing sets."""
    known = known_flags(library)
    return [
        Finding(f"unknown flag “{flag.removeprefix('!')}”.", block.source, suggest(flag, known))
        for section in sections
        for block in walk(section.blocks)
        if isinstance(block, When)
        for flag in block.flags
        if flag.removeprefix("!") not in known
    ]


def citations(bodies: Bodies) -> Iterator[tuple[str, Source]]:
    """Keys that are cited, in order and with repetitions, and where."""
    for _, blocks in bodies:
        for node in all_inline(blocks):
            if isinstance(node, Cite):
                yield node.key, node.source


def citation_problem(library: Library, key: str, source: Source) -> Finding | None:
    """Why ``[@key]``, which stands at ``source``, cannot be printed; None if it can."""
    if key not in library.evidence:
        return Finding(f"unknown citation “{key}”.", source, suggest(key, library.evidence))
    found = library.evidence[key]
    if found.authors or library.words(found.citation).strip():
        return None
    where = library.source("evidence.toml", key, "citation")
    what = f"{key}.citation has no text in language {library.lang}."
    return Finding(what, where, f"Add {library.lang}.")


def _wrong_citations(library: Library, bodies: Bodies) -> Iterator[Finding]:
    for key, source in citations(bodies):
        if problem := citation_problem(library, key, source):
            yield problem


def _generated(bodies: Bodies) -> Iterator[Generated]:
    for _, blocks in bodies:
        yield from (block for block in walk(blocks) if isinstance(block, Generated))


def _repeated_references(bodies: Bodies) -> Iterator[Finding]:
    """A source has one note that its citations link to: so the list stands once."""
    lists = [block for block in _generated(bodies) if block.name == "references"]
    for block in lists[1:]:
        yield Finding(
            "the references stand twice in this handout.",
            block.source,
            "Put one of them between ::: when !has-SECTION and :::.",
        )


def _missing_words(library: Library, bodies: Bodies) -> Iterator[Finding]:
    """Words that generated blocks print and interface/<lang>.toml lacks, or leaves empty."""
    source = library.source(f"interface/{library.lang}.toml")
    for key in dict.fromkeys(key for one in _generated(bodies) for key in NEEDED_WORDS[one.name]):
        if not library.interface.get(key, "").strip():
            yield Finding(f"{key} is missing.", source, "Add it.")


def _missing_notes(library: Library, condition: str, bodies: Bodies) -> Iterator[Finding]:
    """Codes that exclude each other, where the list of codes is printed, without words for it."""
    if all(block.name != "codes" for block in _generated(bodies)):
        return
    for rule in codes_of(library.conditions[condition], library.codes).excludes:
        if not library.words(rule.note).strip():
            place = ("excludes", library.codes.excludes.index(rule), "note")
            what = f"{'.'.join(map(str, place))} has no text in language {library.lang}."
            yield Finding(what, library.source("icd10.toml", *place), f"Add {library.lang}.")


def hollow(nodes: Iterable[Node]) -> Iterator[Finding]:
    """Boxes and headings without words below them, the outermost: they would be left out."""
    for node in nodes:
        if is_hollow(node):
            yield Finding(
                "in this handout nothing stands below this heading, or in this box.",
                node.source,
                "Write words for it, or put the ::: when around it as well.",
            )
        else:
            yield from hollow(nodes_in(node))


def _emptied(bodies: Bodies, open_bodies: Bodies) -> Iterator[Finding]:
    """Boxes and headings of which ``::: when`` leaves nothing, and sections that it leaves no words
    or words of another language alone."""
    for (section, blocks), (_, undecided) in zip(bodies, open_bodies, strict=True):
        here = {block.source for block in walk(blocks)}
        yield from (one for one in hollow(undecided) if one.source in here)
        if not blocks or (_are_foreign(blocks) and not _are_foreign(section.blocks)):
            how = "has only words of another language" if blocks else "is empty"
            yield Finding(
                f"the section {section.id} {how} in this handout.",
                section.source,
                "Write words for it; or, if nothing locks it, leave it out in condition.toml: below"
                f' [sections], {section.front.audience}_without = ["{section.id}"].',
            )


def _are_foreign(blocks: Iterable[Block]) -> bool:
    return all(isinstance(block, Group) and block.lang for block in blocks)
