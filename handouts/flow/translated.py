"""The same in two languages: block beside block, so that a finger finds the other line."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Protocol, Self

from handouts.errors import Source
from handouts.flow.block_boxes import ColumnsBox, ImageBox, ItemBox
from handouts.flow.boxes import (
    Box,
    Item,
    PaddedBox,
    PageStart,
    PageStartError,
    Rules,
    Stack,
)
from handouts.flow.structure_tree import StructElem
from handouts.flow.tables import TableBox
from handouts.model import (
    NOWHERE,
    Block,
    Edges,
    Group,
    ListBlock,
    Marker,
    Notice,
    Panel,
    Paragraph,
    Section,
    SideBySide,
    Style,
)

#: Between what is too wide for a column and its twin below it, in points.
_BELOW = 10.0


class PairBox(PaddedBox):
    """A part of each language beside the other's; pictures and tables that a column would squeeze
    stand below each other. One of the two may be empty."""

    what = "these two columns"
    keep_together = True
    keep_share = 1 / 8  # higher ones may go on at the next page, in both columns
    inner: ColumnsBox | Stack

    def __init__(self, columns: Sequence[Stack], gap: float) -> None:
        super().__init__(ColumnsBox(list(columns), [0.5, 0.5], gap), Edges())
        filled = [column for column in columns if _holds(column)]
        self.source = filled[0].children[0].source
        self.before = max(column.children[0].before for column in filled)
        self.after = max(column.children[-1].after for column in filled)
        self.keep_next = any(column.children[-1].keep_next for column in filled)

    def _wrap(self, width: float) -> float:
        if isinstance(self.inner, ColumnsBox):
            columns = self.inner.columns
            share = (width - self.inner.gap) / 2
            if any(_is_wider(column, share) for column in columns):
                columns[1].before, self.keep_share = _BELOW, 2 / 3
                self.inner = Stack([column for column in columns if _holds(column)])
        height = super()._wrap(width)
        self.keep_next = any(
            one.children[-1].keep_next for one in _stacks(self.inner) if _holds(one)
        )
        return height

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        parts = self.inner.split(available, rules)
        if parts is None or not any(map(_holds, _stacks(parts[1]))):
            return None
        head, rest = copy.copy(self), self._rest()
        head.inner, rest.inner = parts
        head.height, rest.height = head.inner.height, rest.inner.height
        head.keep_next = False
        return head, rest


def _is_wider(box: Box, width: float) -> bool:
    """Whether a picture or table in ``box`` would be squeezed."""
    match box:
        case Stack(children=children):
            return any(_is_wider(child, width) for child in children)
        case PaddedBox(inner=inner):
            return _is_wider(inner, width)
        case ImageBox() | TableBox():
            return box.extent()[1] > width
    return False


def _stacks(inner: Box) -> list[Stack]:
    """What stands in the two columns, or below each other."""
    if isinstance(inner, ColumnsBox):
        return inner.columns
    return (
        [one for one in inner.children if isinstance(one, Stack)]
        if isinstance(inner, Stack)
        else []
    )


def _holds(stack: Stack) -> bool:
    return bool(stack.children)


class Setter(Protocol):
    """What of a typesetter is needed here."""

    def items(self, blocks: Sequence[Block]) -> list[Item]:
        """The boxes and page starts of blocks that follow each other."""

    def list_items(self, block: ListBlock, style: Style) -> list[ItemBox]:
        """A box for each item."""

    def keep_lead_in(self, items: list[Item], before: Sequence[Block], block: Block) -> None:
        """Let what leads to ``block`` stay with it."""

    def group(self, items: list[Item], style: Style, block: Block) -> list[Item]:
        """What a block holds, within its frame."""

    def sequence(self, boxes: Sequence[Box], style: Style, block: Block) -> list[Item]:
        """The items of a list, within its frame."""

    def style(self, key: str, source: Source) -> Style:
        """The style of a block."""

    def targets(self, block: Block) -> tuple[StructElem, ...]:
        """What links and bookmarks to ``block`` lead to."""


def translated(setter: Setter, block: SideBySide) -> list[Item]:
    """The boxes of two columns that say the same, each with its twin, and their page starts."""
    one, other = block.columns
    first = next(iter((*one.children, *other.children)), block)
    pairing = _Pairing(setter, block.gap, first.source.file)
    return pairing.rows(one.children, other.children)


class _Pairing:
    """``template``: the file that made what stands around the content."""

    def __init__(self, setter: Setter, gap: float, template: str) -> None:
        self.setter = setter
        self.gap = gap
        self.template = template

    def rows(self, one: Sequence[Block], other: Sequence[Block]) -> list[Item]:
        """Each block with its twin. Without one, what a template made stands alone, as wide as both
        columns; content stays in its own.
        """
        rows: list[Item] = []
        ends: tuple[list[Item], list[Item]] = [], []
        for ours, theirs in self._pairs(one, other):
            if len(ours) == len(theirs) == 1 and _is_open(ours[0], theirs[0]):
                self._lead(ends, (one, other), (ours[0], theirs[0]))
                ends = [], []
                rows += self._opened(ours[0], theirs[0])
            elif not (ours and theirs) and self._is_made(*ours, *theirs):
                ends = [], []
                rows += self.setter.items(ours or theirs)
            else:
                made = self.setter.items(ours), self.setter.items(theirs)
                if ours and theirs:
                    self._lead(ends, (one, other), (ours[0], theirs[0]))
                ends = made
                rows += self._row(*made)
        return rows

    def _pairs(
        self, one: Sequence[Block], other: Sequence[Block]
    ) -> Iterator[tuple[Sequence[Block], Sequence[Block]]]:
        """Runs of blocks that say the same: single blocks where both have the same kinds. Where a
        translation has more paragraphs, all that stand between two other blocks are one run: a
        wrong twin would be worse than none.
        """
        anchors = [self._anchors(blocks) for blocks in (one, other)]
        keys = [[key for _, key in each] for each in anchors]
        matcher: SequenceMatcher[object] = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
        start, low = 0, 0
        for first, second, count in matcher.get_matching_blocks():
            for step in range(count):
                end, high = anchors[0][first + step][0], anchors[1][second + step][0]
                yield from _even(one[start:end], other[low:high])
                yield (one[end],), (other[high],)
                start, low = end + 1, high + 1
        yield from _even(one[start:], other[low:])

    def _anchors(self, blocks: Sequence[Block]) -> list[tuple[int, object]]:
        """What finds its twin: what one line of a template made, and blocks of content that are no
        paragraphs; each with its index."""
        return [
            (index, (type(block), block.source if self._is_made(block) else None))
            for index, block in enumerate(blocks)
            if self._is_made(block) or not isinstance(block, Paragraph)
        ]

    def _is_made(self, *blocks: Block) -> bool:
        """Whether a template made them, and no file of words."""
        return all(
            block.source.file == self.template and block.source != NOWHERE for block in blocks
        )

    def _lead(
        self,
        ends: tuple[list[Item], list[Item]],
        columns: tuple[Sequence[Block], Sequence[Block]],
        blocks: tuple[Block, Block],
    ) -> None:
        for end, column, block in zip(ends, columns, blocks, strict=True):
            at = next(index for index, known in enumerate(column) if known is block)
            self.setter.keep_lead_in(end, column[:at], block)

    def _row(self, ours: Sequence[Item], theirs: Sequence[Item]) -> list[Item]:
        """What cannot be taken apart, beside its twin."""
        starts = [item for item in (*ours, *theirs) if isinstance(item, PageStart)]
        if starts and len(starts) < len(ours) + len(theirs):
            problem = (
                "a page break stands in one language, or among words of which each has others."
            )
            where, remedy = starts[0], "Put it between two sections."
            raise PageStartError(problem, where.source, remedy, where.style)
        if starts:
            return [starts[0]]
        columns = [
            Stack(item for item in items if isinstance(item, Box)) for items in (ours, theirs)
        ]
        return [PairBox(columns, self.gap)] if any(map(_holds, columns)) else []

    def _opened(self, one: Block, other: Block) -> list[Item]:
        """The rows of two blocks that hold others, within one frame."""
        style = self.setter.style(one.style, one.source)  # type: ignore[union-attr]
        if isinstance(one, ListBlock) and isinstance(other, ListBlock):
            own = self.setter.style(other.style, other.source)
            boxes = zip(
                self.setter.list_items(one, style),
                self.setter.list_items(other, own),
                strict=True,
            )
            rows = [PairBox([Stack([ours]), Stack([theirs])], self.gap) for ours, theirs in boxes]
            items = self.setter.sequence(rows, style, one)
        else:
            inside = self.rows(one.children, other.children)  # type: ignore[union-attr, arg-type]
            items = self.setter.group(inside, style, one)
        first = next((item for item in items if isinstance(item, Box)), None)
        if first is not None:
            targets = (*self.setter.targets(one), *self.setter.targets(other))
            first.anchors = (*targets, *first.anchors)
        if style.page_break_before:
            items.insert(0, PageStart(source=one.source, style=one.style))  # type: ignore[union-attr]
        return items


def _is_open(one: Block, other: Block) -> bool:
    """Whether what the two hold can stand in rows. A list without signs, such as a glossary, has
    an order of its own in each language."""
    if isinstance(one, ListBlock) and isinstance(other, ListBlock):
        alike = one.marker is other.marker is not Marker.NONE
        return alike and len(one.items) == len(other.items)
    return type(one) is type(other) and isinstance(one, Section | Group | Panel | Notice)


def _even(
    one: Sequence[Block], other: Sequence[Block]
) -> Iterator[tuple[Sequence[Block], Sequence[Block]]]:
    """Two runs block by block if they have the same kinds, else whole."""
    if list(map(type, one)) == list(map(type, other)):
        yield from (((ours,), (theirs,)) for ours, theirs in zip(one, other, strict=True))
    else:
        yield one, other
