"""Which edition a form is of, alone in its file or joined with other documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handouts.attach.bound_forms import Placed
from handouts.attach.reading.objects import Dict
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import (
    Page,
    content,
    elements,
    parents,
    structure_roots,
)
from handouts.attach.reading.xmp import part_in, xmp_text

_DEEPEST = 150


def edition_of(pdf: PdfFile, own: list[Page], field: Placed | None) -> str:
    """The edition of the form that has a field; "" where nothing tells it for sure.

    A join leaves what a part says of itself on its first page, and the part's tags under one
    Document: so the tags of a field lead to the edition, wherever pages were moved to. Of the first
    part, and of a file without tags that was never joined, it stands in the catalog.
    """
    document = _document(pdf, field.key) if field else {}
    places = {page.ref: at for at, page in enumerate(own)}
    found = sorted({places[ref] for ref in _pages(pdf, document) if ref in places})
    # Of pages that were put in with no tags of theirs, the fields lead to those of another part.
    if field is None or field.page not in found:
        bound = structure_roots(pdf) or any(_said(pdf, page.entries) for page in own)
        return "" if bound else _said(pdf, pdf.catalog)
    said = filter(None, (_said(pdf, own[at].entries) for at in found))
    return next(said, "") or (_said(pdf, pdf.catalog) if _is_first(pdf, document) else "")


def _said(pdf: PdfFile, entries: Dict) -> str:
    part = part_in(xmp_text(content(pdf, entries.get(b"Metadata"))))
    return part.edition if part else ""


def _is_first(pdf: PdfFile, document: Dict) -> bool:
    """Whether the tags begin with a document: of one behind it the catalog says nothing, also
    where the pages before it were taken out."""
    kids = structure_roots(pdf)
    for _ in range(_DEEPEST):
        element = pdf.dict(kids[0]) if kids else {}
        if element == document:
            return True
        kids = pdf.kids(element.get(b"K"))
    return False


def _document(pdf: PdfFile, key: int) -> Dict:
    """The innermost Document around a field; nothing where the tags lead to none."""
    element = pdf.dict(parents(pdf).get(key))
    for _ in range(_DEEPEST):
        if pdf.resolve(element.get(b"S")) == b"Document":
            return element
        element = pdf.dict(element.get(b"P"))
    return {}


def _pages(pdf: PdfFile, document: Dict) -> Iterator[Any]:
    for _, element in elements(pdf, [document] if document else []):
        yield element.get(b"Pg")
        yield from (pdf.dict(kid).get(b"Pg") for kid in pdf.kids(element.get(b"K")))
