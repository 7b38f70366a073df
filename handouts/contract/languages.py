"""Two languages on the Document: each is held to all rules, as if it stood there alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from handouts.errors import LayoutError
from handouts.model import Block, Brand, Document, Handout, SideBySide


def in_languages(
    document: Document, handout: Handout, brand: Brand
) -> Iterator[tuple[Document, Handout, Brand]]:
    """The part of ``document`` in each language of ``handout``, with the handout and clinic whose
    words must stand there.

    Raises LayoutError where a language is not wholly in a column of its own, or the two do not
    have one status.
    """
    if handout.beside is None:
        yield document, handout, brand
        return
    twin = handout.beside.handout
    if twin.approval.status is not handout.approval.status:
        message = "the two languages have not the same status."
        raise LayoutError(message, remedy="Print both as the weaker of the two.")
    both = (handout, brand), (twin, handout.beside.brand)
    for index, (one, own) in enumerate(both):
        langs = (handout.lang, twin.lang)
        yield (
            replace(
                document,
                lang=one.lang,
                blocks=_column(document.blocks, index, langs),
                masters={
                    name: replace(
                        master,
                        running=tuple(
                            replace(part, blocks=_column(part.blocks, index, langs))
                            for part in master.running
                        ),
                    )
                    for name, master in document.masters.items()
                },
            ),
            replace(one, beside=None),
            own,
        )


def _column(blocks: Sequence[Block], index: int, langs: tuple[str, str]) -> tuple[Block, ...]:
    """The blocks in one of two columns, which are all that there is."""
    match blocks:
        case (SideBySide() as both,) if tuple(one.lang for one in both.columns) == langs:
            return both.columns[index].children
    message = f"{langs[0]} and {langs[1]} do not stand in columns of their own."
    raise LayoutError(message, next((block.source for block in blocks), None))
