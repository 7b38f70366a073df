"""Each condition in each layout, made and validated: what a build would refuse shows here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from msgspec.structs import replace

from handouts.check.grade import check_reading
from handouts.compose import Words
from handouts.compose.bilingual import compose_all
from handouts.contract import check_placed
from handouts.contract.protected import mark_words
from handouts.errors import Finding, HandoutsError, LayoutError, UsageError
from handouts.fitting import Fitting
from handouts.layout import Layout, demand_room, lay_out_for_print, load_layout
from handouts.library import Library, load_library
from handouts.library.brand import load_brand
from handouts.model import Brand, Document, Handout, SectionChoice, Selection, Status
from handouts.pdf.rendering import render_timed
from handouts.pdf.validate import validate
from handouts.workspace import Workspace

_CHOICES = (SectionChoice.DEFAULT, SectionChoice.ALL)


def readable_layouts(workspace: Workspace) -> Iterator[Layout]:
    """The layouts that can be read; what is wrong with others is found elsewhere."""
    for name in workspace.names("layouts"):
        try:
            yield load_layout(workspace, name)
        except HandoutsError:
            continue


def _marks(
    library: Library, handout: Handout, layout: Layout, brand: Brand, paper: str
) -> Iterator[Finding]:
    """Marks for the head of each page that its frame has no room for: of a short sheet that is a
    draft, or overdue."""
    for status, key in ((Status.DRAFT, "draft_short"), (Status.OVERDUE, "overdue_short")):
        marked = _marked(handout, status)
        try:
            demand_room(marked, layout, brand, paper)
        except LayoutError as problem:
            why = problem.findings[0].message
            what = f"“{mark_words(marked, brand)}” is too long in {layout.name}: {why}"
            file = library.source(f"interface/{library.lang}.toml", key)
            yield Finding(what, file, "Say it shorter: sample, partial_short or this line.")


def _marked(handout: Handout, status: Status) -> Handout:
    """A short sheet of this status, in each language."""
    beside = handout.beside
    return replace(
        handout,
        partial=handout.audience == "patient",
        approval=replace(handout.approval, status=status),
        beside=replace(beside, handout=_marked(beside.handout, status)) if beside else None,
    )


def findings_on_paper(
    library: Library, name: str, brand: Brand, layouts: Iterable[Layout]
) -> Iterator[Finding]:
    """What is wrong with the handouts of condition ``name``, short and long, in each of ``layouts``
    that is of one language.

    A layout that names its sections may not be meant for each condition: that is no mistake.
    """
    single = [one for one in layouts if not one.facts.bilingual]
    yield from _on_paper(name, single, (Words(library, brand),))


def findings_of_pairs(
    library: Library, name: str, brand: Brand, layouts: Iterable[Layout]
) -> Iterator[Finding]:
    """The same of layouts of two languages: the workspace's own, with the library's beside it."""
    workspace, own = library.workspace, library.workspace.default_lang
    if own == library.lang:
        return
    try:
        first = Words(load_library(workspace, own), load_brand(workspace, brand.id, own))
    except HandoutsError:  # it is reported on its own
        return
    if first.library.words(first.library.condition(name).title):
        pairs = [one for one in layouts if one.facts.bilingual]
        yield from _on_paper(name, pairs, (first, Words(library, brand)))


def _on_paper(name: str, layouts: Iterable[Layout], words: Sequence[Words]) -> Iterator[Finding]:
    library, brand = words[0].library, words[0].brand
    usual, seen = library.workspace.default_paper, set[str]()
    has_own_words = any(
        not library.workspace.files[f"content/interface/{one.library.lang}.toml"].builtin
        for one in words
    )
    for layout, choice in product(layouts, _CHOICES):
        paper = usual if usual in layout.papers else layout.papers[0]
        wanted = Selection(name, layout.name, library.lang, paper=paper, choice=choice)
        try:
            wanted = Fitting(words, layout).fitted(wanted)
            handout = compose_all(wanted, layout.facts, words)
            if layout.facts.pages and handout.audience == "patient":  # less than what others print
                for one in handout.all_languages:
                    yield from check_reading(one, layout.name)
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
