"""What a packet adds to the pages of its parts: blank pages, and its own page numbers.

All of it is an Artifact (14.8.2.2): a screen reader passes over it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from handouts.attach.importer import Importer
from handouts.attach.nametrees import free_name
from handouts.attach.opening import Opened
from handouts.attach.reading.inspection import Box, page_box, page_size, turn
from handouts.attach.reading.objects import Dict, Name, Objects, Real, Ref, Stream
from handouts.attach.reading.page_look import operations
from handouts.attach.reading.tokens import MARKED_CONTENT
from handouts.attach.reading.trees import Page, content, page_annotations
from handouts.attach.update import Update

SLIP: Final = (150.0, 12.0)
"""Width and height of a page number's own page, in points."""
_SIDE: Final = 24.0
_END: Final = 10.0
"""How far a page number stays from the sides, and from the foot or the head, of a page."""
_ENDS: Final = {b"q": b"Q", b"BT": b"ET", b"BMC": b"EMC", b"BDC": b"EMC"}
"""The operators that open something, and those that close it."""


_IMAGE: Final = (b"BI", b"ID")
_COMMENT: Final = re.compile(rb"%[^\r\n]*")
_WITHIN: Final = re.compile(rb"[(<\[]|\A(?:BI|ID)")
"""How what follows the last operator begins, where it is no whole operand; or an image without its
end."""


class Place(Struct, frozen=True):
    """Where a slip goes: its lower left corner on a page as it is seen, behind all that the page
    draws; ``ends`` close what the page's own content leaves open."""

    corner: tuple[float, float]
    ends: Sequence[bytes] = ()


def starts(counts: Sequence[int], *, odd: bool) -> list[int]:
    """The first page of each of several parts, from 1; ``odd``: each begins on an odd page."""
    firsts, following = [], 1
    for count in counts:
        following += odd and following % 2 == 0
        firsts.append(following)
        following += count
    return firsts


def _as_artifact(update: Update, page: Dict) -> bytes:
    """Take the content off an imported page; none of it is tagged any more."""
    streams = page.pop(b"Contents")
    text = content(update, streams)
    for ref in update.kids(streams):
        update.changed.pop(ref.num, None)
    return MARKED_CONTENT.sub(b"/Artifact BMC", text)


class BlankPages:
    """Adds blank pages that say that they are; they share one content."""

    def __init__(self, update: Update, source: Opened) -> None:
        self.update = update
        self.added = 0
        importer = Importer(update, source.pdf, None)
        importer.run()
        own = update.edit(importer.page_refs[0])
        own[b"Contents"] = update.add(Stream({}, _as_artifact(update, own)))
        del update.changed[importer.page_refs[0].num]
        self.page = own

    def add(self) -> None:
        """Append one behind all pages that are there."""
        root_ref = self.update.catalog[b"Pages"]
        root = self.update.edit(root_ref)
        page = self.update.add({**self.page, b"Parent": root_ref})
        self.update.edit_array(root, b"Kids").append(page)
        root[b"Count"] = self.update.int(root.get(b"Count")) + 1
        self.added += 1


# --- Page numbers of the packet ---------------------------------------------------------------


def stamp(
    update: Update, pages: Sequence[Page], slips: Opened, places: Sequence[Place | None]
) -> None:
    """Put each page's slip, a page of its own in ``slips``, at its place on the page, if any."""
    importer = Importer(update, slips.pdf, None)
    importer.run()
    for page, slip, place in zip(pages, importer.page_refs, places, strict=True):
        own = update.edit(slip)
        entries = {
            b"Type": Name(b"XObject"),
            b"Subtype": Name(b"Form"),
            b"BBox": own[b"MediaBox"],
            b"Resources": own[b"Resources"],
        }
        update.put(slip, Stream(entries, _as_artifact(update, own)))
        if place is not None:
            _draw(update, page, slip, place)


def _draw(update: Update, page: Page, form: Ref, place: Place) -> None:
    """Draw a form over all that a page has, in a graphics state of its own."""
    entries = update.edit(page.ref)
    resources = dict(update.dict(page.value(b"Resources")))
    forms = dict(update.dict(resources.get(b"XObject")))
    name = free_name(b"Slip", forms, lambda number: b"%d" % number)
    forms[name] = form
    resources[b"XObject"] = forms
    entries[b"Resources"] = resources
    numbers = b" ".join(b"%.2f" % number for number in _matrix(update, page, place.corner))
    drawn = b"\n%s q %s cm /%s Do Q\n" % (b" ".join([*place.ends, b"Q"]), numbers, name)
    before, after = (update.add(Stream({}, text)) for text in (b"q\n", drawn))
    entries[b"Contents"] = [before, *update.kids(entries.get(b"Contents")), after]


def free_places(part: Opened) -> list[Place | None]:
    """For each page of a part a place for its slip where nothing is drawn, nor filled in."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(part.pdf.data)
    try:
        document.init_forms()  # what viewers draw of fields without an appearance
        return [_free_place(part, page, document[at]) for at, page in enumerate(part.pages)]
    finally:
        document.close()


def _free_place(part: Opened, page: Page, seen: Any) -> Place | None:
    above = list(_boxes_above(part.pdf, page))
    places = (at for at in _places(part, page) if not _meets(_slip_box(part.pdf, page, at), above))
    corner = next((at for at in places if _is_free(seen, at)), None)
    ends = corner and _left_open(part.pdf, page)
    return None if corner is None or ends is None else Place(corner, ends)


def _left_open(pdf: Objects, page: Page) -> list[bytes] | None:
    """What closes all that a page's content leaves open (8.4.2); ``None`` where the page draws on
    behind a ``Q`` without a ``q``: to put a ``q`` before would change what that shows. ``None``,
    too, where it ends within a string or an array, as if it had been cut off: more would be of it.
    """
    text = content(pdf, page.entries.get(b"Contents"))
    ends, stray, rest = list[bytes](), False, text
    for operator, found in operations(text):
        rest = found[0] if operator in _IMAGE else text[found.end() :]
        if stray and operator != b"Q":
            return None
        if operator in _ENDS:
            ends.insert(0, _ENDS[operator])
        elif operator in ends:
            ends.remove(operator)
        else:
            stray |= operator == b"Q"
    is_cut = _WITHIN.search(_COMMENT.sub(b"", rest)) and not rest.endswith(b"EI")
    return None if is_cut else ends


def _places(part: Opened, page: Page) -> Iterator[tuple[float, float]]:
    """Where a slip may go: at the foot or else the head; on the right, the left, in the middle."""
    unit = part.pdf.resolve(page.entries.get(b"UserUnit"))
    if type(unit) in {int, Real} and float(unit) != 1:
        return
    width, height = page_size(part.pdf, page)
    right = width - SLIP[0] - _SIDE
    for y in (_END, height - SLIP[1] - _END):
        for x in (right, _SIDE, (_SIDE + right) / 2):
            yield x, y


def _boxes_above(pdf: Objects, page: Page) -> Iterator[Box]:
    """The rectangles of what is drawn over a page, also where it is white: its fields, whatever
    they are, and whether a form lists them, and other annotations."""
    for _, entries in page_annotations(pdf, page):
        if pdf.resolve(entries.get(b"Subtype")) in (b"Link", b"Popup"):
            continue
        sides = [pdf.resolve(side) for side in pdf.array(entries.get(b"Rect"))[:4]]
        if len(sides) == 4 and all(type(side) in {int, Real} for side in sides):
            left, bottom, right, top = map(float, sides)
            yield min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _slip_box(pdf: Objects, page: Page, place: tuple[float, float]) -> Box:
    """The rectangle of a slip at a place, in the page's own coordinates."""
    a, b, c, d, x, y = _matrix(pdf, page, place)
    far_x, far_y = x + a * SLIP[0] + c * SLIP[1], y + b * SLIP[0] + d * SLIP[1]
    return min(x, far_x), min(y, far_y), max(x, far_x), max(y, far_y)


def _meets(box: Box, others: Sequence[Box]) -> bool:
    left, bottom, right, top = box
    return any(
        left < east and west < right and bottom < north and south < top
        for west, south, east, north in others
    )


def _is_free(page: Any, place: tuple[float, float]) -> bool:
    """Whether a page is white where the slip goes, by what PDFium prints and shows: a layer or a
    stamp may be for one of them alone (8.11.4.4, 12.5.3)."""
    (x, y), (width, height) = place, page.get_size()
    if not (0 <= x <= width - SLIP[0] and 0 <= y <= height - SLIP[1]):
        return False  # the page is too small for it
    cut = (x, y, width - x - SLIP[0], height - y - SLIP[1])
    renders = (page.render(crop=cut, grayscale=True, optimize_mode=to) for to in ("print", None))
    return all(map(_is_white, renders))


def _is_white(shown: Any) -> bool:
    rows = bytes(shown.buffer)
    return all(
        not rows[start : start + shown.width].strip(b"\xff")
        for start in range(0, shown.stride * shown.height, shown.stride)
    )


def _matrix(pdf: Objects, page: Page, place: tuple[float, float]) -> tuple[float, ...]:
    """From a slip's own coordinates to those of a page that may be turned (8.3.4, 7.7.3.3)."""
    left, bottom, right, top = page_box(pdf, page)
    x, y = place
    return {
        0: (1, 0, 0, 1, left + x, bottom + y),
        90: (0, 1, -1, 0, right - y, bottom + x),
        180: (-1, 0, 0, -1, right - x, top - y),
        270: (0, -1, 1, 0, left + y, top - x),
    }[turn(pdf, page)]
