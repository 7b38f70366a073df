"""Content streams: placed items become operators inside marked content (ISO 32000-1 14.6).

Each item stands in its leaf's marked content or in an Artifact, so nothing on a page is untagged
(PDF/UA-1 7.1). Neighbouring items of one leaf share one. Graphics state that is in force is
not set again: state outlives marked content and text objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from msgspec import Struct, field

from handouts.flow.placed import (
    Placed,
    PlacedAnchor,
    PlacedField,
    PlacedImage,
    PlacedLine,
    PlacedLink,
    PlacedPage,
    PlacedRect,
    PlacedSlot,
    PlacedText,
    PlacedWidget,
)
from handouts.flow.structure_tree import Leaf, StructElem
from handouts.model import Document, IconPicture
from handouts.pdf.fields import FieldPlace
from handouts.pdf.picture_book import ICON_CODE, PictureBook
from handouts.pdf.subsets import SubsetBook
from handouts.pdf.syntax import colour, literal, number, rectangle, text_string

#: Control points of a quarter circle of radius 1.
_CIRCLE = 0.5523


class Stream(Struct):
    """One of a page's content streams. That of a slot is self-contained, and ``entries`` of its
    dictionary say what a later change must know."""

    data: bytes
    entries: str = ""
    place: FieldPlace | None = None


class Painted(Struct):
    """What painting learns: leaves by page, where pictures stand."""

    #: for each page the leaves of its MCIDs, in order
    leaves: list[list[Leaf]] = field(default_factory=list)
    #: bounding boxes of Figures on their page
    boxes: dict[StructElem, tuple[float, float, float, float]] = field(default_factory=dict)


class PagePainter:
    """Writes the operators of one page. Lengths are points in PDF user space."""

    def __init__(
        self,
        page: PlacedPage,
        document: Document,
        fonts: SubsetBook,
        pictures: PictureBook,
        painted: Painted,
    ) -> None:
        """A fresh page. Adds marked content to the leaves and to ``painted``."""
        self._index = page.number - 1
        self._fonts = fonts
        self._pictures = pictures
        self._painted = painted
        self._leaves: list[Leaf] = []
        painted.leaves.append(self._leaves)
        self._running = _running_frames(document, page.master)
        self._ops: list[str] = []
        self._streams: list[Stream] = []
        self._open: Leaf | str | None = None
        self._in_text = False
        self._at = (0, 0)  # start of the line in 1/100 pt: rounding must not add up
        self._font = ("", 0.0)
        self._fill = "#000000"
        self._stroke = "#000000"
        self._line_width = 1.0

    def paint(self, items: Sequence[Placed]) -> list[Stream]:
        """The content streams of ``items``, in order: one for each slot, and what lies between."""
        for item in items:
            self._paint(item)
        self._end_stream()
        return self._streams

    def _paint(self, item: Placed) -> None:
        match item:
            case PlacedText():
                self._paint_text(item)
            case PlacedRect():
                self._paint_rect(item)
            case PlacedLine():
                self._paint_line(item)
            case PlacedImage():
                self._paint_image(item)
            case PlacedSlot():
                self._paint_slot(item)
            case PlacedField():
                self._paint_field(item)
            case PlacedLink() | PlacedAnchor() | PlacedWidget():
                pass  # annotations and destinations are no content
            case _:
                assert_never(item)

    def _end_stream(self) -> None:
        """Close the open stream. Its graphics state goes on in the next (7.8.2)."""
        self._leave()
        if self._ops:
            self._streams.append(Stream("\n".join(self._ops).encode("latin-1")))
            self._ops = []

    # --- marked content ---

    def _enter(self, leaf: Leaf | None, x: float, y: float) -> None:
        """Be inside the marked content of ``leaf``, or of the Artifact that holds (x, y)."""
        content: Leaf | str = self._artifact(x, y) if leaf is None else leaf
        if content is self._open or (isinstance(content, str) and content == self._open):
            return
        self._leave()
        self._ops.append(content if isinstance(content, str) else self._open_content(content))
        self._open = content

    def _open_content(self, leaf: Leaf) -> str:
        """Reserve the page's next MCID for ``leaf``; the operator that opens the marked content."""
        mcid = len(self._leaves)
        self._leaves.append(leaf)
        # Programs that extract text look for ActualText here; once, if lines go on elsewhere.
        said = "" if leaf.mcids else leaf.elem.actual_text
        leaf.mcids.append((self._index, mcid))
        text = f"/ActualText{text_string(said)}" if said else ""
        return f"/{leaf.elem.tag} <</MCID {mcid}{text}>> BDC"

    def _artifact(self, x: float, y: float) -> str:
        """The operator that opens an Artifact; in a running frame it says which (14.8.2.2)."""
        for kind, (left, bottom, right, top) in self._running:
            if left <= x <= right and bottom <= y <= top:
                return f"/Artifact <</Type/Pagination/Subtype/{kind}>> BDC"
        return "/Artifact BMC"

    def _leave(self) -> None:
        self._end_text()
        if self._open is not None:
            self._ops.append("EMC")
            self._open = None

    def _end_text(self) -> None:
        if self._in_text:
            self._ops.append("ET")
            self._in_text = False

    # --- state ---

    def _set_fill(self, value: str) -> None:
        if value != self._fill:
            self._fill = value
            self._ops.append(f"{colour(value)} rg")

    def _set_stroke(self, value: str, width: float) -> None:
        if value != self._stroke:
            self._stroke = value
            self._ops.append(f"{colour(value)} RG")
        if width != self._line_width:
            self._line_width = width
            self._ops.append(f"{number(width)} w")

    # --- items ---

    def _paint_text(self, item: PlacedText) -> None:
        if not item.text:
            return
        self._enter(item.leaf, item.x, item.y)
        if not self._in_text:
            self._ops.append("BT")
            self._in_text = True
            self._at = (0, 0)
        self._set_fill(item.colour)
        x, y = round(item.x * 100), round(item.y * 100)
        self._ops.append(f"{number((x - self._at[0]) / 100)} {number((y - self._at[1]) / 100)} Td")
        self._at = (x, y)
        start = 0
        for resource, codes in self._fonts.encode(item.face, item.text):
            if self._font != (resource, item.size):
                self._font = (resource, item.size)
                self._ops.append(f"/{resource} {number(item.size)} Tf")
            kerns = [(at - start, by) for at, by in item.adjust if start <= at < start + len(codes)]
            self._ops.append(_show(codes, kerns))
            start += len(codes)

    def _paint_rect(self, item: PlacedRect) -> None:
        if not item.fill and not item.stroke:
            return
        self._enter(None, item.x + item.width / 2, item.y + item.height / 2)
        self._end_text()
        if item.fill:
            self._set_fill(item.fill)
        if item.stroke:
            self._set_stroke(item.stroke, item.line_width)
        self._ops.append(_rounded(item) if item.radius > 0 else _plain(item))
        self._ops.append("B" if item.fill and item.stroke else "f" if item.fill else "S")

    def _paint_line(self, item: PlacedLine) -> None:
        self._enter(item.leaf, item.x1, item.y1)
        self._end_text()
        self._set_stroke(item.colour, item.line_width)
        start = f"{number(item.x1)} {number(item.y1)} m"
        self._ops.append(f"{start} {number(item.x2)} {number(item.y2)} l S")

    def _paint_image(self, item: PlacedImage) -> None:
        self._enter(item.leaf, item.x, item.y)
        self._end_text()
        matrix = " ".join(
            number(value) for value in (item.width, 0, 0, item.height, item.x, item.y)
        )
        if item.leaf and isinstance(item.image, IconPicture):
            self._font = (self._pictures.glyph(item.image), 1.0)
            self._ops.append(f"BT /{self._font[0]} 1 Tf {matrix} Tm ({ICON_CODE}) Tj ET")
            return
        self._ops.append(f"q {matrix} cm /{self._pictures.resource(item.image)} Do Q")
        if item.leaf and item.leaf.elem.tag == "Figure":
            box = (item.x, item.y, item.x + item.width, item.y + item.height)
            self._painted.boxes[item.leaf.elem] = box

    def _paint_slot(self, item: PlacedSlot) -> None:
        """A stream of its own, with its own state: an update replaces it whole."""
        self._end_stream()
        subset = self._fonts.slot(item.face, item.slot, item.text)
        x = item.x
        if item.align == "end":
            x += item.width - item.face.width(item.text, item.size)
        artifact = self._artifact(item.x, item.y)
        content = self._open_content(item.leaf) if item.leaf else artifact
        operators = (
            f"{content}\nq BT {colour(item.colour)} rg /{subset.resource} {number(item.size)} Tf "
            f"{number(x)} {number(item.y)} Td {literal(subset.encode(item.text))} Tj ET Q\nEMC"
        )
        below = item.y + item.face.descent * item.size
        above = item.y + item.face.ascent * item.size
        box = rectangle(item.x, below, item.x + item.width, above)
        entries = f"/HandoutsSlot<</Name{text_string(item.slot.name)}/Rect{box}>>"
        self._streams.append(Stream(operators.encode("latin-1"), entries))

    def _paint_field(self, item: PlacedField) -> None:
        """A stream of its own that says and shows nothing: a copy fills it."""
        self._end_stream()
        opening = self._open_content(item.leaf) if item.leaf else self._artifact(item.x, item.y)
        head = f"{opening}\nq BT {colour(item.colour)} rg "
        place = FieldPlace(
            item.name, 0, head, item.size, item.x, item.y, item.width, item.indent,
            item.leading, item.lines, self._fonts.fields(item.faces),
        )  # fmt: skip
        self._streams.append(Stream(f"{opening}\nEMC".encode(), place=place))


def _show(codes: str, kerns: list[tuple[int, float]]) -> str:
    """Tj, or TJ with kerns (9.4.3)."""
    if not kerns:
        return f"{literal(codes)} Tj"
    parts = []
    last = 0
    for at, by in kerns:
        if at > last:
            parts.append(literal(codes[last:at]))
        parts.append(number(by))
        last = at
    parts.append(literal(codes[last:]))
    return f"[{''.join(parts)}] TJ"


def _plain(item: PlacedRect) -> str:
    return " ".join(number(value) for value in (item.x, item.y, item.width, item.height)) + " re"


def _rounded(item: PlacedRect) -> str:
    """A path of four lines and four quarter circles, counter-clockwise."""
    r = min(item.radius, item.width / 2, item.height / 2)
    c = r * (1 - _CIRCLE)
    left, bottom, right, top = item.x, item.y, item.x + item.width, item.y + item.height
    steps: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("m", (left + r, bottom)),
        ("l", (right - r, bottom)),
        ("c", (right - c, bottom, right, bottom + c, right, bottom + r)),
        ("l", (right, top - r)),
        ("c", (right, top - c, right - c, top, right - r, top)),
        ("l", (left + r, top)),
        ("c", (left + c, top, left, top - c, left, top - r)),
        ("l", (left, bottom + r)),
        ("c", (left, bottom + c, left + c, bottom, left + r, bottom)),
    )
    path = [" ".join([*(number(value) for value in points), op]) for op, points in steps]
    return " ".join([*path, "h"])


_Frames = list[tuple[str, tuple[float, float, float, float]]]


def _running_frames(document: Document, master: str) -> _Frames:
    """The running frames of a page master as (kind, box in PDF user space), 1 pt wider."""
    frames: _Frames = []
    if master in document.masters:
        for running in document.masters[master].running:
            frame = running.frame
            top = document.page_height - frame.y
            box = (frame.x - 1, top - frame.height - 1, frame.x + frame.width + 1, top + 1)
            frames.append((running.kind, box))
    return frames
