"""Boxes of text: paragraphs and headings, and the entries of a table of contents."""

from __future__ import annotations

import copy
from math import floor
from typing import Self

from handouts.errors import LayoutError
from handouts.flow.boxes import EPSILON, Box, Rules
from handouts.flow.faces import Face
from handouts.flow.lines import Line, balance_lines, break_lines, fit, wide_word
from handouts.flow.placed import LinkTarget, PlacedLink, PlacedSlot, PlacedText
from handouts.flow.placing import place_line, slot_gain
from handouts.flow.segments import SegmentList
from handouts.flow.sheet import Sheet
from handouts.flow.structure_tree import Leaf
from handouts.model import Align, Slot, Style

_SHOWN = 50  # characters of a word that is refused


class ParagraphBox(Box):
    """Lines at an even distance: the style's leading, more if a run is larger than its style.

    ``balanced`` ones, headings and captions, are split only by force.
    """

    what = "this paragraph"

    def __init__(self, segments: SegmentList, style: Style, face: Face) -> None:
        self.segments = segments
        self.style = style
        self.items = segments.items
        self.lines: list[Line] = []
        self.balanced = False
        self.is_part = False
        self.leading = style.leading * max(1.0, segments.tallest / style.size)
        height = (face.ascent + abs(face.descent)) * style.size
        self.drop = (self.leading - height) / 2 + face.ascent * style.size
        self.slots = any(isinstance(segment.run.atom, Slot) for segment in segments.items)

    def first_baseline(self) -> float | None:
        return self.drop

    def last_line(self) -> tuple[float, float]:
        """Depth of the last baseline below the top, and the width of the last line."""
        width = self.lines[-1].width if self.lines else 0.0
        return self.drop + max(0, len(self.lines) - 1) * self.leading, width

    def _wrap(self, width: float) -> float:
        segments = self.segments
        if self.is_part:  # it comes to a frame of another width
            self.items = self.items[self.lines[0].start : self.lines[-1].end]
        else:
            self.items = segments.items
            if segments.items and segments.widest <= width and not segments.forced:
                self.lines = [Line(0, len(segments.items), segments.widest)]
                return self.leading
        if segments.narrowest > width + EPSILON:
            self.items = fit(self.items, width)
            self._refuse_wide(wide_word(self.items, width), width)
        breaker = balance_lines if self.balanced else break_lines
        self.lines = breaker(self.items, width) if self.items else []
        return len(self.lines) * self.leading

    def _refuse_wide(self, word: str, width: float) -> None:
        """LayoutError for a word that is wider than its line: cut, “1000” is read as “100”."""
        if word:
            raise LayoutError(
                f"“{word[:_SHOWN]}” is wider than its line, which has {floor(width)} points.",
                self.source,
                "Write it shorter or with a hyphen, give it more room, or set it smaller; in a "
                "table, use fewer columns.",
            )

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        _, width = self._inner(self.width)
        align = self.style.align
        baseline = top + self.drop
        for line in self.lines:
            segments = self.items[line.start : line.end]
            left = x
            if align is not Align.START:
                visible = line.width + (slot_gain(sheet, segments) if self.slots else 0.0)
                left += (width - visible) * (0.5 if align is Align.CENTRE else 1.0)
            place_line(sheet, segments, left, baseline)
            baseline += self.leading

    def _least(self, rules: Rules) -> float:
        del rules
        orphans, widows = max(1, self.style.orphans), max(1, self.style.widows)
        if len(self.lines) < orphans + widows:
            return self.height
        return orphans * self.leading

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        orphans, widows = max(1, self.style.orphans), max(1, self.style.widows)
        if rules.force:
            orphans = widows = 1
        elif self.balanced:
            return None
        take = min(int((available + EPSILON) / self.leading), len(self.lines) - widows)
        if take < orphans:
            return None
        head, rest = copy.copy(self), self._rest()
        head.lines, rest.lines = self.lines[:take], self.lines[take:]
        head.is_part = rest.is_part = True
        head.height = len(head.lines) * self.leading
        rest.height = len(rest.lines) * self.leading
        return head, rest

    def _extent(self) -> tuple[float, float]:
        return self.segments.narrowest, self.segments.widest


class EntryBox(Box):
    """A contents entry: text, a dotted leader (an Artifact), the page number at the right."""

    what = "this entry of the contents"
    keep_together = True

    def __init__(self, text: ParagraphBox, face: Face, slot: Slot, leaf: Leaf | None) -> None:
        self.text = text
        self.face = face
        self.slot = slot
        self.leaf = leaf
        self.target: LinkTarget | None = None
        size = text.style.size
        self.number_width = face.width(slot.widest, size)
        #: From the end of a line of text to the number at least: two dots and some air.
        self.reserve = self.number_width + 1.8 * size

    def first_baseline(self) -> float | None:
        return self.text.first_baseline()

    def _wrap(self, width: float) -> float:
        self.text = self.text.wrap(max(width - self.reserve, 1.0))
        return self.text.height

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        self.text.place(sheet, x, top)
        style, face = self.text.style, self.face
        _, width = self._inner(self.width)
        right = x + width
        depth, visible = self.text.last_line()
        y = sheet.height - top - depth
        self._leader(sheet, x + visible, right - self.number_width, y)
        leaf, left, wide = self.leaf, right - self.number_width, self.number_width
        sheet.add(
            PlacedSlot(left, y, wide, self.slot, "", face, style.size, style.colour, leaf, "end")
        )
        if self.target:
            self._links(sheet, x, top, self.target)

    def _leader(self, sheet: Sheet, start: float, end: float, y: float) -> None:
        """Dots from ``start`` to ``end``, counted from the right so that they stand in columns."""
        style, face = self.text.style, self.face
        step = face.width(" .", style.size)
        air = 0.35 * style.size
        count = int((end - start - 2 * air) / step)
        if count > 0:
            x = end - air - count * step
            dots = PlacedText(x, y, " ." * count, face, style.size, style.colour, None)
            sheet.add(dots)

    def _links(self, sheet: Sheet, x: float, top: float, target: LinkTarget) -> None:
        _, width = self._inner(self.width)
        text = self.text
        for index, line in enumerate(text.lines):
            wide = width if index == len(text.lines) - 1 else line.width
            low = sheet.height - top - (index + 1) * text.leading
            sheet.add(PlacedLink(x, low, wide, text.leading, target))

    def _extent(self) -> tuple[float, float]:
        least, most = self.text.extent()
        return least + self.reserve, most + self.reserve
