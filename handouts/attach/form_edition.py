"""Which edition a form is of, alone in its file or joined with other documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handouts.attach.reading.objects import Dict, read_text
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import (
    Page,
    content,
    elements,
    field_line,
    parents,
    structure_roots,
    widgets,
)
from handouts.attach.reading.xmp import part_in, xmp_text

_DEEPEST = 150


def edition_of(pdf: PdfFile, own: list[Page], name: str) -> str:
    """The edition of the form that has a field ``name``; "" where nothing tells it for sure.

    A join leaves what a part says of itself on its first page, and the part's tags under one
    Document: so the tags of a field lead to the edition. Of the first part, and of a file without
    tags that was never joined, it stands in the catalog.
    """
    first = _first_page(pdf, own, name)
    if first is None:
        bound = structure_roots(pdf) or any(_said(pdf, page.entries) for page in own)
        return "" if bound else _said(pdf, pdf.catalog)
    return _said(pdf, own[first].entries) or ("" if first else _said(pdf, pdf.catalog))


def _said(pdf: PdfFile, entries: Dict) -> str:
    part = part_in(xmp_text(content(pdf, entries.get(b"Metadata"))))
    return part.edition if part else ""


def _first_page(pdf: PdfFile, own: list[Page], name: str) -> int | None:
    """Where the document begins to which a field belongs by its tags. Of pages that were put in
    with no tags of theirs, the fields lead to tags of another document."""
    places = {page.ref: at for at, page in enumerate(own)}
    for at, widget in ((at, one) for at, page in enumerate(own) for one in widgets(pdf, page)):
        named = (one.get(b"T") for one in field_line(pdf, widget))
        if name in map(read_text, map(pdf.resolve, named)):
            found = {places[ref] for ref in _pages(pdf, _document(pdf, widget)) if ref in places}
            return min(found) if at in found else None
    return None


def _document(pdf: PdfFile, widget: Dict) -> Dict:
    """The innermost Document around a field; nothing where the tags lead to none."""
    element = pdf.dict(parents(pdf).get(pdf.int(widget.get(b"StructParent"), -1)))
    for _ in range(_DEEPEST):
        if pdf.resolve(element.get(b"S")) == b"Document":
            return element
        element = pdf.dict(element.get(b"P"))
    return {}


def _pages(pdf: PdfFile, document: Dict) -> Iterator[Any]:
    for _, element in elements(pdf, [document] if document else []):
        yield element.get(b"Pg")
        yield from (pdf.dict(kid).get(b"Pg") for kid in pdf.kids(element.get(b"K")))
