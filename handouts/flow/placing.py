"""One placed line: texts, slots, signs, blanks, underlines, and the areas of links."""

from __future__ import annotations

from typing import Final, assert_never

from handouts.flow.placed import PlacedImage, PlacedLine, PlacedLink, PlacedSlot, PlacedText
from handouts.flow.segments import Run, Segment
from handouts.flow.sheet import Sheet
from handouts.model import Blank, Icon, IconPicture, Slot

# Parts of the type size, below the baseline.
_UNDERLINE_DROP: Final = 0.13
_UNDERLINE_WIDTH: Final = 0.055
# Points.
_BLANK_DROP: Final = 2.0
_BLANK_WIDTH: Final = 0.75


def place_line(sheet: Sheet, segments: list[Segment], x: float, baseline: float) -> float:
    """Place the ``segments`` of one line from ``x``; ``baseline`` runs down from the page's top.

    A slot whose text the sheet knows takes that text's width. Returns the x at which the
    line ends (points).
    """
    y = sheet.height - baseline
    links: list[PlacedLink] = []
    index, count = 0, len(segments)
    end = x
    while index < count:
        run = segments[index].run
        first = index
        while index < count and segments[index].run is run:
            index += 1
        start = x
        if run.atom is not None:
            x = end = _place_atom(sheet, segments[first], x, y)
        else:
            x += _place_text(sheet, segments[first:index], x, y, index == count)
            last = segments[index - 1]
            end = x - last.full + last.core if index == count else x
        if run.style.underline and end > start and run.atom is None:
            _underline(sheet, run, start, end, y)
        if run.style.link and end > start:
            _extend_links(links, run, (start, end), y)
    for link in links:
        sheet.add(link)
    return end


def _place_text(
    sheet: Sheet, segments: list[Segment], x: float, y: float, ends_line: bool
) -> float:
    """Place the segments of one run as one text; returns their width."""
    run = segments[0].run
    text = "".join([segment.text for segment in segments])
    if "\u00ad" in text:
        shown = ends_line and text[-1] == "\u00ad"
        text = text.replace("\u00ad", "") + ("\u00ad" if shown else "")
    if text:
        face, style = run.face, run.style
        adjust = face.kerns(text) if style.block.kern else ()
        y += style.rise
        sheet.add(PlacedText(x, y, text, face, style.size, style.colour, run.leaf, adjust))
    return sum([segment.full for segment in segments])


def _place_atom(sheet: Sheet, segment: Segment, x: float, y: float) -> float:
    """Place an Icon, Blank or Slot; returns the x at which it ends."""
    run, leaf = segment.run, segment.run.leaf
    size, colour = run.style.size, run.style.colour
    y += run.style.rise
    width = segment.core
    match run.atom:
        case Icon(name=name):
            image = IconPicture(name, colour)
            sheet.add(PlacedImage(x, y, width, width / image.width * image.height, image, leaf))
        case Blank():
            low = y - _BLANK_DROP
            sheet.add(PlacedLine(x, low, x + width, low, colour, _BLANK_WIDTH, leaf))
        case Slot() as slot:
            text = sheet.slot_text(slot) if sheet.slot_text else ""
            if text:
                width = run.face.width(text, size)
            sheet.add(PlacedSlot(x, y, width, slot, text, run.face, size, colour, leaf))
        case None:
            pass
        case _:
            assert_never(run.atom)
    return x + width


def slot_gain(sheet: Sheet, segments: list[Segment]) -> float:
    """How much wider than reserved the slots of a line are on this sheet (mostly negative)."""
    if sheet.slot_text is None:
        return 0.0
    gain = 0.0
    for segment in segments:
        run = segment.run
        if isinstance(run.atom, Slot):
            text = sheet.slot_text(run.atom)
            if text:
                gain += run.face.width(text, run.style.size) - segment.core
    return gain


def _underline(sheet: Sheet, run: Run, start: float, end: float, y: float) -> None:
    """An underline, for the eye only."""
    style = run.style
    low = y + style.rise - _UNDERLINE_DROP * style.size
    sheet.add(PlacedLine(start, low, end, low, style.colour, _UNDERLINE_WIDTH * style.size))


def _extend_links(links: list[PlacedLink], run: Run, span: tuple[float, float], y: float) -> None:
    """Add the active area of a run, as high as its type, or lengthen that of the run before."""
    start, end = span
    target, size = run.style.link, run.style.size
    if target is None:
        return
    if links and links[-1].target is target and links[-1].x + links[-1].width >= start - 0.01:
        links[-1].width = end - links[-1].x
        return
    depth = abs(run.face.descent) * size
    height = (run.face.ascent + abs(run.face.descent)) * size
    links.append(PlacedLink(start, y + run.style.rise - depth, end - start, height, target))
