"""Pagination: from Document, StructureTree and FontBook to pages of placed items."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise, product
from math import ceil, floor

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.errors import LayoutError
from handouts.flow.boxes import EPSILON, Box, Item, PageStart, Rules, fill
from handouts.flow.faces import FontBook
from handouts.flow.labels import NarrowedError
from handouts.flow.placed import PlacedLine, PlacedPage
from handouts.flow.running import Completion
from handouts.flow.sheet import Sheet
from handouts.flow.structure_tree import StructureTree
from handouts.flow.typeset import Typesetter
from handouts.model import Document, Frame, PageMaster

#: A last page filled less than this is avoided if closer gaps between blocks allow it.
_NEARLY_EMPTY = 0.4
#: A page filled less than this before a table lets the table be split: at first, then as an attempt
#: where a page before the last is filled less than ``_GOOD``.
_SPLIT_BELOW = (0.6, 0.75, 1.0)
_GOOD = 0.75
#: A mark of a fold: how far it is from the edge, which printers leave bare, and how long (points).
_FROM_EDGE, _FOLD, _FOLD_WIDTH, _FOLD_COLOUR = 12.25, 6.0, 0.75, "#000000"
_CLOSER = (0.85, 0.7, 0.6, 0.5, 0.4)


class _Filled(Struct):
    """A frame of a page and the boxes in it: (depth below the frame's top, box)."""

    frame: Frame
    boxes: list[tuple[float, Box]]

    def used(self) -> float:
        return _depth(self.boxes)


class _Page(Struct):
    master: PageMaster
    frames: list[_Filled] = field(default_factory=list)

    def share(self) -> float:
        """How much of the page's frames is filled, from 0 to 1."""
        return sum(f.used() for f in self.frames) / sum(f.height for f in self.master.frames)


class _Attempt(Struct, frozen=True):
    """How pages are filled: gaps between blocks are scaled by ``spacing``; a table is split where
    the page before it would be filled less than ``split_below``."""

    spacing: float = 1.0
    split_below: float = _SPLIT_BELOW[0]


def flow(document: Document, tree: StructureTree, fonts: FontBook) -> list[PlacedPage]:
    """The pages of ``document``: at least one.

    Raises LayoutError, naming the source, for what no frame can hold and for unknown masters
    and styles; ContentError for a character that no font has.
    """
    pages = _filled(document, Typesetter(document, tree, fonts))
    placed: list[PlacedPage] = []
    for names, parts in _sheets(pages):
        target = PlacedPage(len(placed) + 1, names[0])
        placed.append(target)
        sheet = Sheet(target, document.page_height)
        for used in (frame for page in parts for frame in page.frames):
            for depth, box in used.boxes:
                box.place(sheet, used.frame.x, used.frame.y + depth)
    completion = Completion(Typesetter(document, None, fonts), placed)
    for target in placed:
        master = document.masters[target.master]
        completion.complete(target, master)
        _mark_folds(Sheet(target, document.page_height), document.page_height, master)
    return placed


def page_count(document: Document) -> int:
    """How many pages ``document`` takes; nothing is placed on them. Raises as ``flow``."""
    setter = Typesetter(document, None, FontBook(document.fonts))
    return len(_sheets(_filled(document, setter)))


def overfull(document: Document) -> PageMaster | None:
    """The first master for the head of a sheet, that is with another one on its pages and the next
    of none, whose frames do not hold it: the rest takes a sheet of its own. Raises as ``flow``."""
    masters = document.masters.values()
    heads = {master.onto for master in masters} - {master.next for master in masters}
    pages = _filled(document, Typesetter(document, None, FontBook(document.fonts)))
    for page, following in pairwise(pages):
        if page.master.name in heads and page.master is following.master:
            return page.master
    return None


def _filled(document: Document, setter: Typesetter) -> list[_Page]:
    pages: list[_Page] = []
    for start, boxes in _parts(setter):
        named = start.master or not pages
        master = _master(document, start) if named else _next(document, pages[-1].master)
        pages += _best(document, boxes, master)
    return pages


def _sheets(pages: Iterable[_Page]) -> list[tuple[list[str], list[_Page]]]:
    """What stands on each page of the file, with the names of its masters: frames of a master that
    stands on the page of another join the first such page without them."""
    sheets: list[tuple[list[str], list[_Page]]] = []
    for page in pages:
        name, onto = page.master.name, page.master.onto
        free = (sheet for sheet in sheets if sheet[0][0] == onto and name not in sheet[0])
        if not onto or (found := next(free, None)) is None:
            found = ([onto or name], [])
            sheets.append(found)
        found[0].append(name)
        found[1].append(page)
    return sheets


def _mark_folds(sheet: Sheet, height: float, master: PageMaster) -> None:
    """Short lines near the upper and lower edge, where the sheet is folded."""
    for x, foot in product(master.folds, (_FROM_EDGE, height - _FROM_EDGE - _FOLD)):
        sheet.add(PlacedLine(x, foot, x, foot + _FOLD, _FOLD_COLOUR, _FOLD_WIDTH))


def _parts(setter: Typesetter) -> list[tuple[PageStart, list[Item]]]:
    """The content between page starts. Page starts with nothing between count as one."""
    start = PageStart()
    parts: list[tuple[PageStart, list[Item]]] = []
    boxes: list[Item] = []
    for item in setter.items(setter.document.blocks):
        if isinstance(item, Box):
            boxes.append(item)
            continue
        if boxes:
            parts.append((start, boxes))
            boxes = []
            start = item
        elif item.master:
            start = item
    if boxes or not parts:
        parts.append((start, boxes))
    return parts


def _master(document: Document, start: PageStart) -> PageMaster:
    """The master that a page start names, or the document's first one."""
    name = start.master or document.first_master
    master = document.masters.get(name)
    if master is None:
        known = ", ".join(sorted(document.masters))
        raise LayoutError(
            f"there is no page master “{name}”.", start.source, f"The layout has: {known}."
        )
    if not master.frames:
        raise LayoutError(f"the page master {name} has no frame.", start.source, "Give it one.")
    return master


def _next(document: Document, master: PageMaster) -> PageMaster:
    return _master(document, PageStart(master.next)) if master.next else master


# --- filling frames -----------------------------------------------------------------------


def _best(document: Document, boxes: Sequence[Item], master: PageMaster) -> list[_Page]:
    """The pages of ``boxes``: with fewer of them or less bare paper, where a table may be split
    for that; and without a nearly empty last one, if closer gaps are enough for that."""
    paginate = partial(_paginate, document, boxes, master)
    pages = paginate(_Attempt())
    if _bare(pages)[1]:
        tried = [paginate(_Attempt(1.0, share)) for share in _SPLIT_BELOW[1:]]
        pages = min([pages, *tried], key=_bare)
    if len(pages) > 1 and pages[-1].share() <= _NEARLY_EMPTY:
        for spacing in _CLOSER:
            closer = paginate(_Attempt(spacing))
            if len(closer) < len(pages) and closer[-1].share() > _NEARLY_EMPTY:
                return closer
    return pages


def _bare(pages: Sequence[_Page]) -> tuple[int, float]:
    """How many pages there are, and how much lacks in those that others follow."""
    return len(pages), sum(max(0.0, _GOOD - page.share()) for page in pages[:-1])


def _paginate(
    document: Document, items: Sequence[Item], master: PageMaster, attempt: _Attempt
) -> list[_Page]:
    queue = deque(items)
    pages = [_Page(master)]
    while True:
        page = pages[-1]
        for index, frame in enumerate(page.master.frames):
            try:
                boxes = _fill_frame(document, queue, page.master, index, attempt)
            except NarrowedError as problem:
                raise _narrow(problem, page.master) from None
            page.frames.append(_Filled(frame, boxes))
            if not queue:
                return pages
        pages.append(_Page(_next(document, page.master)))


def _fill_frame(
    document: Document, queue: deque[Item], master: PageMaster, index: int, attempt: _Attempt
) -> list[tuple[float, Box]]:
    """What goes into one frame: with all rules, unless a table leaves too little there; else with
    fewer, else nothing if a higher frame follows, else by force. LayoutError if not even that
    puts a box into it."""
    if not queue:
        return []
    frame = master.frames[index]
    highest, spacing = _highest(document, master, index), attempt.spacing
    strict = Rules(highest, spacing=spacing)
    for rules in (strict, replace(strict, open_tables=True), Rules(0.0, spacing=spacing)):
        left = deque(queue)
        boxes = fill(left, frame.width, frame.height, rules)
        opened = rules is not strict or not left or isinstance(left[0], PageStart)
        if boxes and (opened or _depth(boxes) >= attempt.split_below * frame.height):
            queue.clear()
            queue.extend(left)
            return boxes
    if highest > frame.height + EPSILON:
        return []
    boxes = fill(queue, frame.width, frame.height, Rules(0.0, True, spacing))
    box = queue[0] if queue else None
    if not boxes and isinstance(box, Box):
        raise _too_high(box, frame)
    return boxes


def _depth(boxes: Sequence[tuple[float, Box]]) -> float:
    """How far down ``boxes`` reach from the frame's top."""
    return boxes[-1][0] + boxes[-1][1].height if boxes else 0.0


def _highest(document: Document, master: PageMaster, index: int) -> float:
    """The height of the highest frame that the flow reaches from this one on."""
    heights = [frame.height for frame in master.frames[index:]]
    seen = {master.name}
    following = _next(document, master)
    while following.name not in seen:
        seen.add(following.name)
        heights += [frame.height for frame in following.frames]
        following = _next(document, following)
    if following.name == master.name or following is master:
        heights += [frame.height for frame in master.frames]
    return max(heights)


def _narrow(problem: NarrowedError, master: PageMaster) -> LayoutError:
    """The same with the frames as its place: they, and what stands around a picture, narrow it."""
    (found,) = problem.findings
    what = f"in the frames of the page master {master.name}, {found.message}"
    return LayoutError(what, master.source, found.remedy)


def _too_high(box: Box, frame: Frame) -> LayoutError:
    culprit = box.blame()
    held = culprit.height <= frame.height
    less = ", less the head, caption and boxes around it" if held else ""
    return LayoutError(
        f"{culprit.what} is {ceil(culprit.height)} points high; the page has room for "
        f"{floor(frame.height)}{less}.",
        culprit.source,
        "Make it smaller or shorter: a picture by its width, text by splitting it.",
    )
