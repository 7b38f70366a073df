"""The pages of a PDF: on which paper they are, and those of whole sheets alone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import pikepdf
from msgspec import Struct
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name

from handouts.attach.options import Private
from handouts.errors import LayoutError, UsageError
from handouts.inputs import read
from handouts.names import counted
from handouts.printing.imposing import FOLDED, SHEETS, imposed, is_imposed, side_of
from handouts.printing.jobs import Obstacle, Paper, Sides, obstacle, paper_name, paper_of
from handouts.seal import is_sealed

#: The section that hangs on the fridge, and the elements that sections stand in.
_WARNING = "warning-signs"
_AROUND = ("/Document", "/Part", "/Sect", "/Div")
_HALVES = {paper_name(keyword) for keyword in SHEETS}
_RANGE = re.compile(r"([0-9]{1,5})(?:[-–]([0-9]{1,5}))?")


class Pages(Struct, frozen=True):
    """How many pages there are, and on which paper. ``landscape``: all are wider than high;
    ``folded``: they are sheets of a booklet. ``fridge``: the one with the warning signs, else the
    last. ``one_sided``: the file asks for that."""

    count: int
    paper: Paper
    landscape: bool
    folded: bool = False
    fridge: int = 0
    one_sided: bool = False

    @property
    def booklet(self) -> bool:
        """Whether they are pages to be laid out on sheets, which are folded."""
        return self.paper.keyword in SHEETS and not self.landscape and self.count % FOLDED == 0


class Sizes(Struct, frozen=True, forbid_unknown_fields=True):
    """Width and height of each page as it is seen, in points."""

    sizes: tuple[tuple[float, float], ...]


class Excerpt(Private, frozen=True, forbid_unknown_fields=True):
    """A file with some of the pages of another, for paper: it claims nothing."""

    data: bytes


def ours(path: Path) -> bytes:
    """A PDF of this program. Raises UsageError for any other."""
    try:
        data = read(path)
    except OSError as problem:
        reason = problem.strerror or "it cannot be opened"
        message = f"{path} cannot be read: {reason}."
        raise UsageError(message, remedy="Check its name and place.") from None
    if not is_sealed(data):
        raise UsageError(
            f"{path} is no handout as this program made it, or is a packet or a letter with one.",
            remedy="Print it from a viewer at 100 %, or at the front desk; a handout: by its name.",
        )
    return data


def measured(data: bytes) -> Pages:
    """The pages of a file of ours. Raises LayoutError as ``pages_of``, and for a file that is
    locked or broken."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            known, fridge = _sizes(pdf), _fridge(pdf)
            sides = pdf.Root.get(Name.ViewerPreferences, Dictionary()).get(Name.Duplex)
    except pikepdf.PdfError:
        known, fridge, sides = Sizes(()), 0, None
    pages = pages_of(known, folded=is_imposed(data), fridge=fridge)
    return replace(pages, one_sided=sides == Name.Simplex)


def _fridge(pdf: pikepdf.Pdf) -> int:
    """The number of the page of a file of ours on which the warning signs begin: behind it there
    may be one for the patient. 0 where there are none, or several handouts.
    """
    pages = [page.obj.objgen for page in pdf.pages]
    waiting = [pdf.Root.get(Name.StructTreeRoot, Dictionary())]
    for element in waiting:
        parts = element.get(Name.K, Array())
        kids = parts if isinstance(parts, Array) else [parts]
        inside = [kid for kid in kids if isinstance(kid, Dictionary) and Name.S in kid]
        if str(element.get(Name.ID, "")) == _WARNING:
            found = [kid.Pg.objgen for kid in inside if Name.Pg in kid]
            return pages.index(found[0]) + 1 if found else 0
        waiting += [kid for kid in inside if str(kid.S) in _AROUND]
    return 0


def page_sizes(data: bytes) -> Sizes:
    """The sizes of its pages. Unguarded. Raises ``pikepdf.PdfError``."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return _sizes(pdf)


def _sizes(pdf: pikepdf.Pdf) -> Sizes:
    return Sizes(tuple(_size(page) for page in pdf.pages))


def pages_of(read: Sizes, *, folded: bool = False, fridge: int = 0) -> Pages:
    """Raises LayoutError for pages of several sizes, or of one that no paper has, and for none."""
    sizes = read.sizes
    if not sizes:
        message = "The file does not open for printing."
        raise LayoutError(message, remedy="Print it from a viewer.")
    paper = paper_of(*sizes[0])
    if paper is None or any(paper_of(*size) != paper for size in sizes):
        raise LayoutError([_of_no_paper(sizes)])
    landscape = all(width > height for width, height in sizes)
    return Pages(len(sizes), paper, landscape, folded, fridge)


def _of_no_paper(sizes: Sequence[tuple[float, float]]) -> Obstacle:
    """Why these pages cannot be one job, and how each run of one size is printed by hand."""
    runs = [(name, [*run]) for name, run in groupby(enumerate(sizes, 1), lambda one: _name(one[1]))]
    if len({name for name, _ in runs}) == 1:
        message = f"The pages are {runs[0][0]}, and no printer has such paper."
        return obstacle(message, "Print the file from a viewer.", key="odd-size", size=runs[0][0])
    ends = [(name, run[0][0], run[-1][0]) for name, run in runs]
    said = ", ".join(
        f"{first}–{last}: {name}" if last > first else f"{first}: {name}"
        for name, first, last in ends
    )
    remedy = "Print them from a viewer, each size by itself, on its own paper."
    key = "several-sizes"
    if any(name in _HALVES for name, _ in runs):
        remedy, key = f"{remedy} The half-size pages are a booklet: choose that there.", "halves"
    message = f"The pages have several sizes ({said}), and one job has one paper."
    return obstacle(message, remedy, key=key, pages=said)


def _name(size: tuple[float, float]) -> str:
    paper = paper_of(*size)
    return paper.name if paper else f"{size[0]:.0f} × {size[1]:.0f} points"


def on_sheets(data: bytes) -> bytes:
    """The sheets of a booklet; any other file as it is. Raises LayoutError, as ``measured``."""
    pages = measured(data)
    return imposed(data, SHEETS[pages.paper.keyword]) if pages.booklet else data


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
            message, remedy = f"“{text}” are no pages.", "Write them as 3 or as 2,5-6."
            raise UsageError([obstacle(message, remedy, key="no-pages", pages=text)])
        found.append(range(first, last + 1))
    return tuple(found)


def whole_sheets(wanted: Sequence[range], count: int, sides: Sides) -> Sequence[int]:
    """The pages, from 1, of each sheet that holds a page that is wanted. Raises UsageError for a
    page that is not there."""
    pages = _there(wanted, count)
    if sides is not Sides.ONE:
        pages |= {page + 1 if page % 2 else page - 1 for page in pages}
    return sorted(page for page in pages if page <= count)


def folded_sheets(wanted: Sequence[range], count: int) -> Sequence[int]:
    """The sides, from 1, of each sheet of a booklet that holds a page that is wanted; it has
    ``count`` sides. Raises as ``whole_sheets``."""
    fronts = {side_of(page, 2 * count) - 1 & ~1 for page in _there(wanted, 2 * count)}
    return sorted(side for front in fronts for side in (front + 1, front + 2))


def _there(wanted: Sequence[range], count: int) -> set[int]:
    if beyond := [one[-1] for one in wanted if one[-1] > count]:
        there = f"There is no page {beyond[0]}: the handout has {counted(count, 'page')}."
        remedy = "Look at the number at the foot of the page."
        pages, most = str(beyond[0]), str(count)
        raise UsageError([obstacle(there, remedy, key="no-such-page", pages=pages, most=most)])
    return {page for one in wanted for page in one}


def excerpt(data: bytes, pages: Iterable[int]) -> Excerpt:
    """The file with these pages alone. Unguarded. Raises ``pikepdf.PdfError``."""
    kept = set(pages)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number in range(len(pdf.pages), 0, -1):
            if number not in kept:
                del pdf.pages[number - 1]
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return Excerpt(out.getvalue())
