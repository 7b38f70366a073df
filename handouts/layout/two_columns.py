"""Two languages beside each other: what a template makes of each, in two columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from handouts.errors import LayoutError
from handouts.layout.assemble import Built, RunningPart
from handouts.layout.settings import GUTTER
from handouts.model import NOWHERE, Block, Column, SideBySide
from handouts.model.tree import ids_in, with_prefix


def apart(built: Built, prefix: str) -> Built:
    """What the template made of the second language, with ids that the first has not."""
    ids = {id for id in ids_in(built.blocks) if not id.startswith(prefix)}
    return replace(built, blocks=with_prefix(built.blocks, prefix, ids))


def beside(halves: Mapping[str, Sequence[Block]], style: Callable[[], str]) -> tuple[Block, ...]:
    """The blocks of one language alone; of two in columns, of which each is read as a whole.

    One language wholly, then the other: who listens hears hers without the other between its
    sentences, and both begin with a title to jump to. On paper block stands beside block.
    """
    if len(halves) == 1:
        (blocks,) = halves.values()
        return tuple(blocks)
    place = next((block.source for blocks in halves.values() for block in blocks), NOWHERE)
    columns = tuple(Column(tuple(own), lang=lang, source=place) for lang, own in halves.items())
    return (SideBySide(columns, GUTTER, style(), source=place),)


def matched(made: Sequence[Built]) -> list[tuple[RunningPart, ...]]:
    """Each running part in all languages. Raises LayoutError for one that a language lacks."""
    first = [part.source for part in made[0].running]
    for one in made[1:]:
        if [part.source for part in one.running] != first:
            part = next(part for part in (*made[0].running, *one.running))
            raise LayoutError(
                f"a <{part.kind}> stands in one language alone.",
                part.source,
                "Give both what is repeated on each page.",
            )
    return list(zip(*(one.running for one in made), strict=True))
