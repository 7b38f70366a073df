"""The pages of a PDF: on which paper they are, and those of whole sheets alone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

import pikepdf
from msgspec import Struct

from handouts.errors import LayoutError, UsageError
from handouts.names import counted
from handouts.printing.jobs import Paper, Sides, paper_of

_RANGE = re.compile(r"([0-9]{1,5})(?:[-–]([0-9]{1,5}))?")


class Pages(Struct, frozen=True):
    """How many pages there are, and on which paper. ``landscape``: they are wider than high."""

    count: int
    paper: Paper
    landscape: bool


def measured(data: bytes) -> Pages:
    """Raises LayoutError for pages of several sizes, or of one that no paper has, and for a file
    that is locked or broken."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            sizes = [_size(page) for page in pdf.pages]
    except pikepdf.PdfError:
        message = "The file does not open for printing."
        raise LayoutError(message, remedy="Print it from a viewer.") from None
    papers = {paper_of(*size) for size in sizes}
    paper = papers.pop()
    if paper is None or papers:
        width, height = sizes[0]
        found = "of several sizes" if papers else f"of {width:.0f} × {height:.0f} points"
        raise LayoutError(
            f"The pages are {found}, and no printer has such paper.",
            remedy="Print the file from a viewer.",
        )
    return Pages(len(sizes), paper, sizes[0][0] > sizes[0][1])


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(one) for one in page.mediabox)
    turned = int(page.obj.get("/Rotate", 0)) % 180 != 0
    width, height = abs(right - left), abs(top - bottom)
    return (height, width) if turned else (width, height)


def parsed(text: str) -> tuple[range, ...]:
    """Pages as people write them: ``3`` or ``2,5-6``. Raises UsageError."""
    found = []
    for part in text.replace(" ", "").split(","):
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 0 < first <= last:
            raise UsageError(f"“{text}” are no pages.", remedy="Write them as 3 or as 2,5-6.")
        found.append(range(first, last + 1))
    return tuple(found)


def whole_sheets(wanted: Sequence[range], count: int, sides: Sides) -> Sequence[int]:
    """The pages, from 1, of each sheet that holds a page that is wanted. Raises UsageError for a
    page that is not there."""
    pages = {page for one in wanted for page in one if page <= count + 1}
    if beyond := [one[-1] for one in wanted if one[-1] > count]:
        there = f"There is no page {beyond[0]}: the handout has {counted(count, 'page')}."
        raise UsageError(there, remedy="Look at the number at the foot of the page.")
    if sides is not Sides.ONE:
        pages |= {page + 1 if page % 2 else page - 1 for page in pages}
    return sorted(page for page in pages if page <= count)


def excerpt(data: bytes, pages: Iterable[int]) -> bytes:
    """The file with these pages alone, for paper: it claims nothing."""
    kept = set(pages)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number in range(len(pdf.pages), 0, -1):
            if number not in kept:
                del pdf.pages[number - 1]
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
