"""Each condition in each layout, made and validated: what a build would refuse shows here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from msgspec.structs import replace

from handouts.compose import compose
from handouts.contract import check_placed
from handouts.contract.protected import mark_words
from handouts.errors import Finding, HandoutsError, LayoutError, UsageError
from handouts.fitting import Fitting
from handouts.layout import Layout, demand_room, lay_out_for_print, load_layout
from handouts.library import Library
from handouts.model import Brand, Document, Handout, SectionChoice, Selection, Status
from handouts.pdf.rendering import render_timed
from handouts.pdf.validate import validate

_CHOICES = (SectionChoice.DEFAULT, SectionChoice.ALL)


def _layouts(library: Library) -> Iterator[Layout]:
    """The layouts in force that can be read; what is wrong with others is found elsewhere."""
    for name in library.workspace.names("layouts"):
        try:
            yield load_layout(library.workspace, name)
        except HandoutsError:
            continue


def _marks(
    library: Library, handout: Handout, layout: Layout, brand: Brand, paper: str
) -> Iterator[Finding]:
    """Marks for the head of each page that its frame has no room for: of a short sheet that is a
    draft, or overdue."""
    sheet = replace(handout, partial=handout.audience == "patient")
    for status, key in ((Status.DRAFT, "draft_short"), (Status.OVERDUE, "overdue_short")):
        marked = replace(sheet, approval=replace(handout.approval, status=status))
        try:
            demand_room(marked, layout, brand, paper)
        except LayoutError as problem:
            why = problem.findings[0].message
            what = f"“{mark_words(marked, brand)}” is too long in {layout.name}: {why}"
            file = library.source(f"interface/{library.lang}.toml", key)
            yield Finding(what, file, "Say it shorter: sample, partial_short or this line.")


def findings_on_paper(library: Library, name: str, brand: Brand) -> Iterator[Finding]:
    """What is wrong with the handouts of condition ``name``, short and long, in every layout.

    A layout that names its sections may not be meant for each condition: that is no mistake.
    """
    usual, seen = library.workspace.default_paper, set[str]()
    has_own_words = not library.workspace.files[f"content/interface/{library.lang}.toml"].builtin
    for layout, choice in product(_layouts(library), _CHOICES):
        paper = usual if usual in layout.papers else layout.papers[0]
        wanted = Selection(name, layout.name, library.lang, paper=paper, choice=choice)
        try:
            wanted = Fitting(library, brand, layout).fitted(wanted)
            handout = compose(library, wanted, brand, layout.facts)
            document = lay_out_for_print(handout, layout, brand, paper)
            if document.edition in seen:  # short and long are often the same
                continue
            if has_own_words and choice is SectionChoice.DEFAULT:
                yield from _marks(library, handout, layout, brand, paper)
            seen.add(document.edition)
            for found in as_printed(document):
                yield replace(found, message=f"{name} in {layout.name}: {found.message}")
        except UsageError:
            continue
        except HandoutsError as problem:
            yield from problem.findings


def as_printed(document: Document) -> tuple[Finding, ...]:
    """What the validator finds in the PDF of ``document``. Raises errors of what cannot be drawn
    or must not be printed."""
    data, _ = render_timed(document, check_placed)
    return validate(data)
