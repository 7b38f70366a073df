"""What somebody sets in a viewer, to print a file where no printer can be told."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from handouts.printing.jobs import Paper, Settings, Sides
from handouts.printing.sending import on_paper
from handouts.printing.sheets import Pages


class ByHand(Struct, frozen=True):
    """Besides 100 %: the paper and its sides, and the numbers of the pages, none where all are.
    ``folded``: these are sheets of a booklet. ``has_fridge``: one page is for the fridge."""

    paper: Paper
    sides: Sides
    folded: bool
    has_fridge: bool
    pages: Sequence[int]
    copies: int
    tray: str
    grey: bool


def by_hand(pages: Pages, settings: Settings) -> ByHand:
    """As ``settings`` say, of a file with these ``pages``; of a booklet they are its sheets. Raises
    UsageError for pages that are not there, and for a booklet on one side."""
    sides, chosen = on_paper(None, pages, settings)
    return ByHand(
        paper=pages.paper,
        sides=sides,
        folded=pages.folded,
        has_fridge=pages.fridge > 0 and not pages.folded,
        pages=chosen,
        copies=settings.copies,
        tray=settings.tray,
        grey=settings.grey,
    )
