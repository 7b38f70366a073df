"""Which sections a layout takes: the names in layout.toml against the library's outline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from handouts import datafile
from handouts.contract.rules import always_protecting, locked_by_clinic
from handouts.errors import ContentError, Finding, Source
from handouts.library.schema import AudienceOutline, Outline
from handouts.model import OTHERS, LayoutFacts
from handouts.names import suggest
from handouts.workspace import Workspace

OUTLINE = "content/outline.toml"


def arrangement_problems(
    workspace: Workspace, facts: LayoutFacts, where: Callable[..., Source]
) -> Iterator[Finding]:
    """What is wrong with a layout's sections; ``where`` tells a key's line.

    A layout takes sections of the outline alone: an approval holds the words of these.
    """
    named = (*facts.sections, *(facts.last_page or ()), *facts.locked, *facts.priority)
    if named == (OTHERS,):
        return  # nothing to look up
    outline = _outline(workspace, facts.audience)
    yield from _unknown("sections", facts.sections, {*outline.known, OTHERS}, where)
    yield from _unknown("last_page", facts.last_page or (), outline.known, where)
    yield from _unknown("locked", facts.locked, outline.known, where)
    yield from _unknown("priority", facts.priority, outline.known, where)
    repeated = sorted({name for name in facts.sections if facts.sections.count(name) > 1})
    if repeated:
        message = f"sections names {', '.join(repeated)} more than once."
        yield Finding(message, where("sections"), "Name each once.")
    if OTHERS not in facts.sections:
        yield from _left_out(facts, outline, where)


def _left_out(
    facts: LayoutFacts, outline: AudienceOutline, where: Callable[..., Source]
) -> Iterator[Finding]:
    """What protects the patient, and what is given a place on the last page."""
    # What any handout of this kind needs; one about a treatment needs more, and says so itself.
    added = locked_by_clinic(facts.kind, outline.locked)
    needed = dict.fromkeys((*always_protecting(facts.kind), *added, *facts.locked))
    locked = [name for name in needed if name not in facts.sections]
    if locked and facts.kind != "partial":
        yield Finding(
            f"sections leaves out what protects the patient: {', '.join(locked)}.",
            where("sections"),
            'Add them, or write kind = "partial": then the page says so.',
        )
    placed = [name for name in facts.last_page or () if name not in facts.sections]
    if placed:
        message = f"last_page names what sections leaves out: {', '.join(placed)}."
        yield Finding(message, where("last_page"), "Add them to sections, or remove them here.")


def _unknown(
    key: str, names: Iterable[str], known: Iterable[str], where: Callable[..., Source]
) -> Iterator[Finding]:
    for name in names:
        if name not in known:
            yield Finding(f"{key}: unknown section “{name}”.", where(key), suggest(name, known))


def _outline(workspace: Workspace, audience: str) -> AudienceOutline:
    """Raises ContentError if the outline is missing or wrong."""
    path, shown = workspace.find(OUTLINE), workspace.shown(OUTLINE)
    if path is None:
        raise ContentError("is missing: the order of sections is unknown.", Source(shown))
    file = datafile.load(path, shown, ContentError)
    return datafile.convert(file, Outline, ContentError).of(audience)
