"""Boxes: what has a height at a width, can be split between pages, and places its own items."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from math import isnan, nan
from typing import Final, Self

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import LayoutError, Source
from handouts.flow.placed import PlacedAnchor
from handouts.flow.sheet import Sheet
from handouts.flow.structure_tree import StructElem
from handouts.model import NOWHERE, Edges

#: Lengths that differ by less are the same (points).
EPSILON: Final = 0.01


class Inset(Struct, frozen=True):
    """Room left free beside a box, and the widest it may become (0: no limit)."""

    left: float
    right: float
    max_width: float = 0.0


class Rules(Struct, frozen=True):
    """How strictly a split keeps things together.

    What is at most ``capacity`` high and asks to stay together does (0: nothing does). Under
    ``force`` even the last lines of a paragraph may be split off; it ends as soon as something
    is placed. ``spacing`` scales the gaps between boxes. ``open_tables``: they are split between
    rows although they ask to stay together.
    """

    capacity: float
    force: bool = False
    spacing: float = 1.0
    open_tables: bool = False

    def unforced(self) -> Rules:
        """The same without force."""
        return replace(self, force=False)


class Box(ABC):
    """Base of all boxes. One that ``wrap`` returned has a ``height`` (points) and never changes:
    wrapped for another width or split, it gives new boxes.

    ``before`` and ``after`` are gaps to the neighbours (the larger one counts); they vanish at
    the ends of a frame. ``keep_together`` holds up to ``keep_share`` of a page's height, for what
    ``gives_way`` not under ``open_tables``. At most ``stays`` high (points; 0: never), the box
    stays with the next. ``what`` names the box in a message that it does not fit.
    """

    before: float = 0.0
    after: float = 0.0
    keep_next: bool = False
    stays: float = 0.0
    keep_together: bool = False
    insets: tuple[Inset, ...] = ()
    anchors: tuple[StructElem, ...] = ()
    source: Source = NOWHERE
    what: str = "this block"
    keep_share: float = 1.0
    gives_way: bool = False
    draws_border: bool = False  # the box itself draws the border of its style
    width: float = nan  # equal to no width: not wrapped yet
    height: float = 0.0

    def wrap(self, width: float) -> Self:
        """The box at an outer ``width``. LayoutError if margins leave no room."""
        if width == self.width:
            return self
        box = self if isnan(self.width) else copy.copy(self)
        box.width = width
        _, inner = box._inner(width)
        if inner < 1.0:
            raise LayoutError(
                f"{self.what} has no room: margins, padding and indents leave it "
                f"{max(inner, 0.0):.0f} points of width.",
                self.source,
                "Make them smaller in layout.toml, or give it fewer columns.",
            )
        box.height = box._wrap(inner)
        if box.stays:
            box.keep_next = box.height <= box.stays
        return box

    def place(self, sheet: Sheet, x: float, top: float) -> None:
        """Place the items; ``x`` and ``top`` (down from the page's top) are the outer corner."""
        for elem in self.anchors:
            sheet.add(PlacedAnchor(sheet.height - top, elem))
        left, _ = self._inner(self.width)
        self._place(sheet, x + left, top)

    def least(self, rules: Rules) -> float:
        """The least height at which the box may start at the foot of a page."""
        if self._kept(rules):
            return self.height
        return min(self.height, self._least(rules))

    def split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        """A part at most ``available`` high and the rest, both wrapped; None if that cannot be."""
        if self._kept(rules) and not rules.force:
            return None
        return self._split(available, rules)

    def _kept(self, rules: Rules) -> bool:
        if rules.open_tables and self.gives_way:
            return False
        return self.keep_together and self.height <= rules.capacity * self.keep_share

    def extent(self) -> tuple[float, float]:
        """The narrowest width without split words, and the width without line breaks."""
        least, most = self._extent()
        for inset in reversed(self.insets):
            if inset.max_width:
                most = min(most, inset.max_width)
            least, most = least + inset.left + inset.right, most + inset.left + inset.right
        return least, max(least, most)

    def first_baseline(self) -> float | None:
        """Depth of the first baseline below the top of the box; None without text."""
        return None

    def blame(self) -> Box:
        """The innermost box that is too high to be placed."""
        return self

    def _inner(self, width: float) -> tuple[float, float]:
        left = 0.0
        for inset in self.insets:
            left += inset.left
            width -= inset.left + inset.right
            if inset.max_width:
                width = min(width, inset.max_width)
        return left, width

    def _rest(self) -> Self:
        """A copy that stands for what follows a split: no gap before it, no anchor."""
        rest = copy.copy(self)
        rest.anchors = ()
        rest.before = 0.0
        return rest

    @abstractmethod
    def _wrap(self, width: float) -> float:
        """Lay out for the inner ``width``, with what is in it wrapped; returns the height."""

    @abstractmethod
    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        """Place the items; ``x`` is the inner left edge."""

    def _least(self, rules: Rules) -> float:
        del rules
        return self.height

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        del available, rules
        return None

    def _extent(self) -> tuple[float, float]:
        return 1.0, 1.0


class PageStart(Struct, frozen=True):
    """Between boxes: what follows starts a new page, with ``master`` if named. ``style``: that
    which asks for it, if one does."""

    master: str = ""
    source: Source = NOWHERE
    style: str = ""


class PageStartError(LayoutError):
    """A page would start where none can. ``style``: that which asks for it, if one does."""

    def __init__(
        self, problem: str, source: Source | None = None, remedy: str = "", style: str = ""
    ) -> None:
        super().__init__(problem, source, remedy)
        self.style = style


Item = Box | PageStart


def gap_between(upper: Box, lower: Box) -> float:
    """The collapsed gap: the larger of the two wishes."""
    return upper.after if upper.after > lower.before else lower.before


def fill(
    queue: deque[Item], width: float, available: float, rules: Rules
) -> list[tuple[float, Box]]:
    """Take from the front of ``queue`` what fits into ``available``; (top, box) pairs.

    Stops at a PageStart. What a split leaves over goes back to the front. Nothing is taken
    if the first box neither fits nor splits under ``rules``.
    """
    put: list[tuple[float, Box]] = []
    at = 0.0
    while queue:
        box = queue[0]
        if isinstance(box, PageStart):
            break
        queue[0] = box = box.wrap(width)
        if put and not put[-1][1].keep_next:
            rules = rules.unforced()
        top = at + gap_between(put[-1][1], box) * rules.spacing if put else 0.0
        left = available - top
        fits = box.height <= left + EPSILON
        # Under force a chain longer than any frame has to break somewhere.
        if fits and (not box.keep_next or rules.force or _chain_fits(queue, width, left, rules)):
            queue.popleft()
            put.append((top, box))
            at = top + box.height
            continue
        parts = box.split(min(left, box.height - EPSILON), rules)
        if parts is not None:
            queue[0] = parts[1]
            put.append((top, parts[0]))
        break
    return put


def _chain_fits(queue: deque[Item], width: float, available: float, rules: Rules) -> bool:
    """Whether the first box, all that must stay with it, and a start of the next one fit."""
    at = 0.0
    upper: Box | None = None
    for index, item in enumerate(queue):
        if isinstance(item, PageStart):
            break
        queue[index] = box = item.wrap(width)
        if upper is not None:
            at += gap_between(upper, box) * rules.spacing
        if not box.keep_next:
            return at + box.least(rules) <= available + EPSILON
        at += box.height
        if at > available + EPSILON:
            return False
        upper = box
    return True


class Stack(Box):
    """Boxes below each other with collapsed gaps; the outermost gaps are dropped. One that ends
    with a heading stays with what follows."""

    def __init__(self, children: Iterable[Box]) -> None:
        self.children = list(children)
        self.keep_next = bool(self.children) and self.children[-1].keep_next

    def _wrap(self, width: float) -> float:
        self.children = [box.wrap(width) for box in self.children]
        at = 0.0
        for gap, box in self._spaced():
            at = at + gap + box.height
        return at

    def _spaced(self) -> Iterator[tuple[float, Box]]:
        """Each child, and the gap above it."""
        upper: Box | None = None
        for box in self.children:
            yield gap_between(upper, box) if upper else 0.0, box
            upper = box

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        for gap, box in self._spaced():
            top += gap
            box.place(sheet, x, top)
            top += box.height

    def _least(self, rules: Rules) -> float:
        at = 0.0
        for gap, box in self._spaced():
            at += gap
            if not box.keep_next:
                return at + box.least(rules)
            at += box.height
        return at

    def _split(self, available: float, rules: Rules) -> tuple[Self, Self] | None:
        _, width = self._inner(self.width)
        queue: deque[Item] = deque(self.children)
        inside = replace(rules, spacing=1.0)
        put = fill(queue, width, available, inside)
        if not put or not queue:
            return None
        head, rest = copy.copy(self), self._rest()
        head.children = [box for _, box in put]
        rest.children = [box for box in queue if isinstance(box, Box)]
        for part in (head, rest):
            part.height = part._wrap(width)
        return head, rest

    def _extent(self) -> tuple[float, float]:
        extents = [box.extent() for box in self.children] or [(1.0, 1.0)]
        return max(least for least, _ in extents), max(most for _, most in extents)

    def first_baseline(self) -> float | None:
        if not self.children:
            return None
        return self.children[0].first_baseline()

    def blame(self) -> Box:
        return max(self.children, key=lambda box: box.height).blame() if self.children else self


class PaddedBox(Box):
    """A box around the box ``inner``, with room left free on its sides (``pads``, in points)."""

    least_width = 0.0  # what the inner box gets, however narrow this one is

    def __init__(self, inner: Box, pads: Edges) -> None:
        self.inner = inner
        self.pads = pads
        self.keep_next = inner.keep_next

    def _wrap(self, width: float) -> float:
        inside = width - self.pads.left - self.pads.right
        self.inner = self.inner.wrap(max(inside, self.least_width))
        return self.inner.height + self.pads.top + self.pads.bottom

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        self.inner.place(sheet, x + self.pads.left, top + self.pads.top)

    def _least(self, rules: Rules) -> float:
        return self.inner.least(rules) + self.pads.top + self.pads.bottom

    def _extent(self) -> tuple[float, float]:
        least, most = self.inner.extent()
        sides = self.pads.left + self.pads.right
        return least + sides, most + sides

    def first_baseline(self) -> float | None:
        depth = self.inner.first_baseline()
        return None if depth is None else depth + self.pads.top

    def blame(self) -> Box:
        return self.inner.blame()


def split_side_by_side(
    stacks: Sequence[Stack], available: Sequence[float], rules: Rules
) -> list[tuple[Stack, Stack]] | None:
    """Each stack split at its available height: the part that fits, and the rest, maybe empty.

    None if one does not split. Under force such a one moves on whole as long as another gets
    on; None then only if no stack can place anything.
    """
    for strict in (rules.unforced(), rules) if rules.force else (rules,):
        parts: list[tuple[Stack, Stack]] = []
        for stack, height in zip(stacks, available, strict=True):
            empty = Stack(()).wrap(stack.width)
            if stack.height <= height + EPSILON:
                parts.append((stack, empty))
            elif split := stack.split(height, strict):
                parts.append(split)
            elif rules.force:
                parts.append((empty, stack))
            else:
                return None
        if any(head.children for head, _ in parts):
            return parts
    return None
