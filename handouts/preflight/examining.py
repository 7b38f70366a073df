"""Look at a PDF page by page, with PDFium. Unguarded: ``handouts.preflight`` does it safely."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from math import ceil
from typing import Any

import pypdfium2 as pdfium

from handouts.attach.refusals import Reason, Refused
from handouts.preflight import between_pages, copier, page_rules
from handouts.preflight.findings import (
    MOST_PAGES,
    Aims,
    PageFigures,
    PageFinding,
    Report,
    Rule,
)
from handouts.preflight.page_rules import LookedAt
from handouts.preflight.page_shapes import shapes_of, tagged_tables
from handouts.preflight.page_text import lines_of, paper_of_page, words_of_page

_REASONS = {
    pdfium.raw.FPDF_ERR_FORMAT: Reason.DAMAGED,
    pdfium.raw.FPDF_ERR_PASSWORD: Reason.PASSWORD,
    pdfium.raw.FPDF_ERR_SECURITY: Reason.CERTIFICATE,
}


def examine(
    data: bytes, edge: float, weakest_grey: int, pages: tuple[int, ...], what: str
) -> Report:
    """What is wrong with a PDF on paper. Raises ``Refused`` for a file that cannot be read."""
    if b"%PDF-" not in data[:1024]:
        raise Refused(Reason.NOT_PDF, what)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as problem:
        reason = _REASONS.get(problem.err_code, Reason.DAMAGED)
        raise Refused(reason, what, "it does not open") from None
    with closing(document):
        if not len(document):
            raise Refused(Reason.EMPTY, what)
        if document.get_formtype() != pdfium.raw.FORMTYPE_NONE:
            document.init_forms()
        return _examined(document, data, Aims(edge, weakest_grey, pages), what)


def _examined(document: Any, data: bytes, aims: Aims, what: str) -> Report:
    count = len(document)
    wanted = [number for number in aims.pages or range(1, count + 1) if number <= count]
    looked, figures, found = list[LookedAt](), list[PageFigures](), list[PageFinding]()
    for number in wanted[:MOST_PAGES]:
        try:
            page, row, findings = _page(document, number, aims)
        except pdfium.PdfiumError:
            raise Refused(Reason.DAMAGED, what, f"page {number} cannot be shown") from None
        looked.append(page)
        figures.append(row)
        found += findings
    found += between_pages.findings(looked, tagged_tables(data))
    found += _sizes(looked)
    found += _left(wanted)
    found.sort(key=lambda one: one.page)
    return Report(count, ceil(count / 2), tuple(figures), tuple(found))


def _page(
    document: Any, number: int, aims: Aims
) -> tuple[LookedAt, PageFigures, list[PageFinding]]:
    with closing(document[number - 1]) as page:
        paper = paper_of_page(page)
        words = words_of_page(page, paper)
        looked = LookedAt(number, paper, words, lines_of(words), shapes_of(page, paper))
        shown = copier.pictures(page, aims.weakest_grey)
    return (
        looked,
        page_rules.figures(looked, shown),
        list(page_rules.findings(looked, shown, aims)),
    )


def _sizes(pages: list[LookedAt]) -> Iterator[PageFinding]:
    """Printers take the paper of the first page for all."""
    sizes = [sorted((round(one.paper.width), round(one.paper.height))) for one in pages]
    other = [page.number for page, size in zip(pages, sizes, strict=True) if size != sizes[0]]
    if other:
        message = "Its paper is not that of the first page."
        remedy = "Make all pages of one size."
        yield PageFinding(other[0], Rule.PAPER, message, remedy)


def _left(wanted: list[int]) -> Iterator[PageFinding]:
    if left := wanted[MOST_PAGES:]:
        message = (
            f"Pages {left[0]} to {left[-1]} were not looked at: {MOST_PAGES} at most in one go."
        )
        last = left[:MOST_PAGES][-1]
        remedy = f"Look at them, too: --pages {left[0]}-{last}"
        yield PageFinding(0, Rule.PAGES, message, remedy)
