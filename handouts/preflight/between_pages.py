"""What is wrong between a page and the next: lonely lines, tables and boxes that are split."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from handouts.preflight.findings import PageFinding, Rule, quoted
from handouts.preflight.page_rules import LookedAt, usual_size
from handouts.preflight.page_shapes import Shape, TaggedTable, ruled, same_sides
from handouts.preflight.page_text import Box, Line, around, as_running

#: The part of a page, from its upper and lower edge, in which running lines stand.
_RUNNING = 0.15
_ENDS = re.compile(r"[.!?:;…][\"”’)\]]*$")
_SAME_PLACE = 3.0


def without_running(pages: Sequence[LookedAt]) -> list[LookedAt]:
    """The pages of a file, with the lines that stand on most of them known as running."""
    places: Counter[tuple[str, int]] = Counter()
    for page in pages:
        places.update({_key(line) for line in page.lines if _outer(page, line)})
    often = {key for key, count in places.items() if count > 1 and count * 3 > len(pages)}

    def known(page: LookedAt, line: Line) -> Line:
        return as_running(line) if _outer(page, line) and _key(line) in often else line

    return [replace(page, lines=[known(page, line) for line in page.lines]) for page in pages]


def _outer(page: LookedAt, line: Line) -> bool:
    band = _RUNNING * page.paper.height
    return line.box.bottom < band or line.box.top > page.paper.height - band


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.box.top / _SAME_PLACE)


def findings(pages: Sequence[LookedAt], tables: Sequence[TaggedTable]) -> Iterator[PageFinding]:
    """What is wrong where one page ends and the next begins. ``pages`` follow each other."""
    pages = without_running(pages)
    usual = usual_size([line for page in pages for line in _body(page)])
    for page, after in pairwise(pages):
        if after.number == page.number + 1:
            yield from _lonely(page, after, usual)
            yield from _split(page, after, tables)
    if len(pages) > 1:
        yield from _nearly_empty(pages[-1])


def _body(page: LookedAt) -> list[Line]:
    return [line for line in page.lines if not line.running and not line.look.hidden]


# --- Lonely lines -------------------------------------------------------------------------


def _lonely(page: LookedAt, after: LookedAt, usual: float) -> Iterator[PageFinding]:
    above, below = _body(page), _body(after)
    if not above or not below:
        return
    last, first = above[-1], below[0]
    if _is_heading(page, above, usual):
        message = f"It ends with the heading {quoted([last.text])}."
        remedy = "Move it to the page of its text."
        yield PageFinding(page.number, Rule.LONELY, message, remedy)
    elif _continues(last, first):
        if len(above) > 1 and _apart(above[-2], last):
            message = f"It ends with the first line of a paragraph: {quoted([last.text])}."
            remedy = "Keep two lines of it together."
            yield PageFinding(page.number, Rule.LONELY, message, remedy)
        if len(below) < 2 or _apart(first, below[1]):
            message = f"It begins with the last line of a paragraph: {quoted([first.text])}."
            remedy = "Keep two lines of it together."
            yield PageFinding(after.number, Rule.LONELY, message, remedy)


def _is_heading(page: LookedAt, lines: list[Line], usual: float) -> bool:
    last = lines[-1]
    large = last.look.size > 1.1 * usual or (
        last.look.bold and all(word.look.bold for word in last.words)
    )
    lowest = all(line.box.bottom <= last.box.bottom + 1 for line in lines)
    drawn = any(shape.box.bottom > last.box.bottom + 2 for shape in _of_text(page))
    before = [line for line in lines[-4:-1] if line.look.size != last.look.size]
    alone = len(lines) > 1 and (bool(before) or not all(line.look.bold for line in lines[-4:]))
    return large and lowest and alone and not drawn and not _ENDS.search(last.text)


def _of_text(page: LookedAt) -> list[Shape]:
    """What is drawn above the running lines at the foot."""
    foot = [line.box.top for line in page.lines if line.running and _outer(page, line)]
    low = [top for top in foot if top > page.paper.height / 2]
    end = min(low, default=page.paper.height)
    return [shape for shape in page.shapes if shape.box.top < end - 2]


def _continues(last: Line, first: Line) -> bool:
    """Whether a sentence goes on from the one line to the other."""
    one, other = last.look, first.look
    same = (one.size, one.colour, one.bold) == (other.size, other.colour, other.bold)
    return same and not _ENDS.search(last.text) and first.text[:1].islower()


def _apart(line: Line, after: Line) -> bool:
    """Whether two lines that follow each other are of two paragraphs."""
    step = after.box.bottom - line.box.bottom
    other = line.look.size != after.look.size
    return (
        other
        or not 0 < step < 1.6 * after.look.size
        or (step > 1.45 * after.look.size and bool(_ENDS.search(line.text)))
    )


def _nearly_empty(page: LookedAt) -> Iterator[PageFinding]:
    lines = _body(page)
    if 0 < len(lines) < 3 and not any(shape.box.height > 40 for shape in _of_text(page)):
        what = "one line" if len(lines) == 1 else "two lines"
        message = f"It has {what} only: {quoted([line.text for line in lines])}."
        remedy = "Shorten the text before, and save a page."
        yield PageFinding(page.number, Rule.LONELY, message, remedy)


# --- Tables and boxes ---------------------------------------------------------------------


def _split(page: LookedAt, after: LookedAt, tables: Sequence[TaggedTable]) -> Iterator[PageFinding]:
    room = _room(page)
    for name, above, below in (*_tables(page, after, tables), *_boxes(page, after)):
        if above.height + below.height < room:
            message = f"{name} goes on on page {after.number}, though one page would hold it."
            remedy = "Keep it together, or begin it on a new page."
            yield PageFinding(page.number, Rule.SPLIT, message, remedy)
            return  # a table may stand in a box


def _room(page: LookedAt) -> float:
    """The height that a page has for text."""
    boxes = [line.box for line in _body(page)]
    return around(boxes).height if boxes else page.paper.height


def _tables(
    page: LookedAt, after: LookedAt, tables: Sequence[TaggedTable]
) -> Iterator[tuple[str, Box, Box]]:
    for table in tables:
        parts = [
            [
                word.box
                for word in one.words
                if word.look.mcid in table.marked.get(one.number - 1, ())
            ]
            for one in (page, after)
        ]
        if len(table.marked) == 2 and all(parts):
            yield "A table", around(parts[0]), around(parts[1])
    if tables:
        return
    for above in ruled(page.shapes):
        for below in ruled(after.shapes):
            if same_sides(above, below) and _ends(page, above) and _begins(after, below):
                yield "A table", above, below


def _boxes(page: LookedAt, after: LookedAt) -> Iterator[tuple[str, Box, Box]]:
    for above in page.shapes:
        if not above.is_box or not _ends(page, above.box):
            continue
        for below in after.shapes:
            alike = (above.fill, above.stroke) == (below.fill, below.stroke)
            if not alike or not below.is_box or not same_sides(above.box, below.box):
                continue
            if _begins(after, below.box) and not _begins_anew(after, below.box):
                yield "A box", above.box, below.box


def _ends(page: LookedAt, box: Box) -> bool:
    """Whether a box is the last of a page's text, and holds some of it."""
    lines = [line.box for line in _body(page)]
    within = [one for one in lines if _holds(box, one)]
    return bool(within) and all(one.top < box.bottom for one in lines)


def _begins(page: LookedAt, box: Box) -> bool:
    """Whether a box is the first of a page's text, and holds some of it."""
    lines = [line.box for line in _body(page)]
    within = [one for one in lines if _holds(box, one)]
    return bool(within) and all(one.bottom > box.top for one in lines) and box.height < _tall(page)


def _tall(page: LookedAt) -> float:
    return 0.8 * page.paper.height


def _holds(box: Box, line: Box) -> bool:
    return (
        box.top - 2 < line.top
        and line.bottom < box.bottom + 2
        and box.left - 2 < line.left
        and line.right < box.right + 2
    )


def _begins_anew(page: LookedAt, box: Box) -> bool:
    """Whether a box begins with a heading: then it is one of its own."""
    first = next(line for line in _body(page) if _holds(box, line.box))
    others = [line for line in _body(page) if _holds(box, line.box)][1:]
    size = usual_size(others) if others else first.look.size
    return first.look.bold or first.look.size > 1.1 * size
