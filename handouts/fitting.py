"""Sections by priority: as many as a layout's pages hold; what protects the patient, always."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose import Words, told_of_record
from handouts.compose.bilingual import compose_all
from handouts.contract.sizes import STYLES
from handouts.errors import Finding, LayoutError, UsageError
from handouts.flow.pages import overfull, page_count
from handouts.layout import Layout, lay_out_for_print
from handouts.model import (
    NO_ONE,
    Document,
    Handout,
    Heading,
    PageBreak,
    PageMaster,
    Paragraph,
    SectionChoice,
    Selection,
    Shape,
)
from handouts.model.tree import walk
from handouts.names import counted


class NoRoom(Finding, frozen=True):
    """That words do not fit a layout of few pages: with another brand, or in another layout, they
    may."""


class Fitting(Struct, frozen=True):
    """What handouts are made of, for ``shape`` of a person's values, and in which layout."""

    words: Sequence[Words]  # in each language
    layout: Layout
    shape: Shape = NO_ONE

    def fitted(self, selection: Selection) -> Selection:
        """``selection`` without the sections for which the pages have no room beside what is locked
        and what matters more; the same where the layout has as many pages as it takes.

        Sections that were named are all printed, or none. Raises UsageError where all are asked
        for, LayoutError where the locked ones alone do not fit, and what ``compose_all`` and
        ``lay_out_for_print`` raise.
        """
        facts = self.layout.facts
        if not facts.pages:
            return selection
        if selection.choice is SectionChoice.ALL:
            raise UsageError(
                f"All sections do not fit {counted(facts.pages, 'page')} of {facts.name}.",
                remedy="Leave out --all-sections, or choose another layout.",
            )
        if self._fits(selection):
            return selection
        named = selection.choice is SectionChoice.NAMED
        out = () if named else self._ranked(selection)
        self._demand(_without(selection, out), named=named)
        for name in out:
            less = tuple(one for one in out if one != name)
            out = less if self._fits(_without(selection, less)) else out
        return _without(selection, out)

    def _demand(self, least: Selection, *, named: bool) -> None:
        """Raises LayoutError where not even the sections of ``least`` fit."""
        facts, problems = self.layout.facts, tuple[Finding, ...]()
        master = None
        try:
            document = self._laid_out(least)
            if page_count(document) <= facts.pages:
                return
            master = overfull(document)
        except LayoutError as problem:
            if not named:
                raise
            problems = problem.findings
        if master:
            raise LayoutError([self._overfull(master, document)])
        what = "These sections do" if named else "What protects the patient does"
        too_much = NoRoom(
            f"{what} not fit the layout {facts.name}, which has {counted(facts.pages, 'page')}.",
            self.layout.source,
            "Choose another layout, such as standard, or say it shorter: these words, or the name, "
            "the numbers and the address of the brand.",
        )
        raise LayoutError([too_much, *problems])

    def _ranked(self, selection: Selection) -> tuple[str, ...]:
        """The sections that may be left out, the most important first."""
        handout = self._composed(selection)
        there = [one.id for one in handout.sections if one.id not in handout.locked]
        ranked = dict.fromkeys((*self.layout.facts.priority, *there))
        return tuple(name for name in ranked if name in there)

    def _fits(self, selection: Selection) -> bool:
        try:
            return self._pages(selection) <= self.layout.facts.pages
        except LayoutError:  # a picture or table that is wider than the frames
            return False

    def _pages(self, selection: Selection) -> int:
        return page_count(self._laid_out(selection))

    def _laid_out(self, selection: Selection) -> Document:
        handout = self._composed(selection)
        brand = self.words[0].brand
        with told_of_record(handout.standing):
            return lay_out_for_print(handout, self.layout, brand, selection.paper, self.shape)

    def _overfull(self, master: PageMaster, document: Document) -> Finding:
        """The head of a sheet that does not fit its frame, and the line that sets its letters."""
        head = takewhile(lambda block: not isinstance(block, PageBreak), document.blocks)
        keys = (one.style for one in walk(head) if isinstance(one, Paragraph | Heading))
        largest = max(keys, key=lambda key: document.styles[key].size, default="")
        where, _ = self.layout.sheet.origin(STYLES, largest, "size")
        return Finding(
            f"the frames of the page master {master.name} do not hold what stands in them.",
            master.source,
            f"Make them higher, or set smaller letters ({where}), or say it shorter.",
        )

    def _composed(self, selection: Selection) -> Handout:
        return compose_all(selection, self.layout.facts, self.words)


def _without(selection: Selection, names: tuple[str, ...]) -> Selection:
    return replace(selection, without=(*selection.without, *names))
