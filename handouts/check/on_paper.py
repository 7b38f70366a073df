"""Each condition in each layout, made and validated: what a build would refuse shows here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from msgspec.structs import replace

from handouts.compose import compose
from handouts.contract import check_placed
from handouts.errors import Finding, HandoutsError, UsageError
from handouts.layout import Layout, lay_out_for_print, load_layout
from handouts.library import Library
from handouts.model import Brand, Document, SectionChoice, Selection
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


def findings_on_paper(library: Library, name: str, brand: Brand) -> Iterator[Finding]:
    """What is wrong with the handouts of condition ``name``, short and long, in every layout.

    A layout that names its sections may not be meant for each condition: that is no mistake.
    """
    usual, seen = library.workspace.default_paper, set[str]()
    for layout, choice in product(_layouts(library), _CHOICES):
        wanted = Selection(name, layout.name, library.lang, choice=choice)
        paper = usual if usual in layout.papers else layout.papers[0]
        try:
            handout = compose(library, wanted, brand, layout.facts)
            document = lay_out_for_print(handout, layout, brand, paper)
            if document.edition in seen:  # short and long are often the same
                continue
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
