"""The last gate before paper: what a Document must carry and how, whatever made it.

The rules are the package's own (``contract/rules.py``); neither a template nor a style nor a
file of a workspace can take them back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from handouts.errors import ContentError, Finding, LayoutError

if TYPE_CHECKING:  # the library reads the rules alone: it needs no page flow
    from handouts.contract.sizes import Origin
    from handouts.flow.placed import PlacedPage
    from handouts.model import Brand, Document, Handout, LayoutKind


def check_document(
    document: Document, handout: Handout, brand: Brand, kind: LayoutKind, origin: Origin
) -> None:
    """Whether ``document`` carries all of ``handout``, with its notices, large and dark enough.

    ``kind``: that of its layout. ``origin``: where that sets a key of a style. Raises LayoutError
    with all findings, or ContentError where only the content is wrong.
    """
    from handouts.contract.additions import added_findings
    from handouts.contract.languages import in_languages
    from handouts.contract.rules import protecting
    from handouts.contract.sizes import size_findings
    from handouts.contract.widths import width_findings
    from handouts.contract.words import look_at_words

    layout, content = list[Finding](), list[Finding]()
    for part, one, own in in_languages(document, handout, brand):
        words = look_at_words(part, one, own, kind)
        locked = {*protecting(one.kind, kind), *one.locked}
        bodies = [placed.body for placed in words.placed]
        content += words.content
        layout += words.layout
        layout += added_findings(part, one, own, bodies)
        layout += size_findings(part, words.placed, locked, kind, origin)
    layout += width_findings(document, origin)
    if layout:
        raise LayoutError([*content, *layout])
    if content:
        raise ContentError(content)


def noting(notes: list[str]) -> Callable[[Sequence[PlacedPage], Document], None]:
    """``check_placed``, which also adds to ``notes`` what is to be known of the pages."""

    def look(pages: Sequence[PlacedPage], document: Document) -> None:
        from handouts.contract.fridge import asunder

        check_placed(pages, document)
        notes.extend(asunder(pages))

    return look


def check_placed(pages: Sequence[PlacedPage], document: Document) -> None:
    """Whether all that is placed on ``pages`` can be read, and these are no more than the layout
    holds. Raises LayoutError with all findings."""
    from handouts.contract.positions import position_findings

    findings = position_findings(pages, document)
    if document.most_pages and len(pages) > document.most_pages:
        what = f"the handout has {len(pages)} pages; its layout holds {document.most_pages}."
        remedy = "Say less: leave out a section (--without), or choose another layout."
        findings.append(Finding(what, remedy=remedy))
    if findings:
        raise LayoutError(findings)
