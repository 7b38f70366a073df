"""What is known when all pages are: the texts of slots, and the running content of each page."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from handouts.errors import LayoutError
from handouts.flow.boxes import EPSILON, Stack
from handouts.flow.placed import PlacedAnchor, PlacedPage, PlacedSlot
from handouts.flow.sheet import Sheet
from handouts.flow.typeset import Typesetter
from handouts.model import NOWHERE, PageMaster, Running, Slot


class Completion:
    """Fills slots, and places headers, footers and watermarks, each made into boxes once."""

    def __init__(self, setter: Typesetter, pages: Sequence[PlacedPage]) -> None:
        """``setter`` must have no tree; ``pages`` must hold all content already."""
        self.setter = setter
        self.count = len(pages)
        self.starts: dict[str, int] = {}
        for page in pages:
            for item in page.items:
                if isinstance(item, PlacedAnchor) and item.elem.id:
                    self.starts.setdefault(item.elem.id, page.number)
        self.stacks: dict[int, Stack] = {}

    def demand_room(self) -> None:
        """Raises LayoutError for running content of any page that is higher than its frame."""
        for master in self.setter.document.masters.values():
            for running in master.running:
                self._stack(running)

    def complete(self, page: PlacedPage, master: PageMaster) -> None:
        """Fill the slots of ``page`` and add the running content of ``master`` as Artifacts: a
        watermark below the content and at the lower edge of its frame, others above and at the
        upper.

        Raises LayoutError for a slot that nothing fills, or content higher than its frame.
        """
        for item in page.items:
            if isinstance(item, PlacedSlot):
                item.text = self._text(item.slot, page.number)
        sheet = Sheet(page, self.setter.document.page_height, artifact=True)
        sheet.slot_text = lambda slot: self._text(slot, page.number)
        for running in master.running:
            before = len(page.items)
            stack, frame = self._stack(running), running.frame
            spare = frame.height - stack.height if running.kind == "Watermark" else 0.0
            stack.place(sheet, frame.x, frame.y + spare)
            if running.kind == "Watermark":
                page.items[:] = page.items[before:] + page.items[:before]

    def _text(self, slot: Slot, number: int) -> str:
        """What fills ``slot`` on page ``number``."""
        if slot.name == "page":
            return str(number)
        if slot.name == "pages":
            return str(self.count)
        id = slot.name.removeprefix("page-of:")
        if id == slot.name or id not in self.starts:
            raise LayoutError(
                f"nothing can fill the slot “{slot.name}”.",
                slot.source,
                "Use page, pages, or page-of:ID with the id of a block in this document.",
            )
        return str(self.starts[id])

    def _stack(self, running: Running) -> Stack:
        stack = self.stacks.get(id(running))
        if stack is None:
            source = running.blocks[0].source if running.blocks else NOWHERE
            stack = self.setter.stack(running.blocks, "running content", source)
            stack = stack.wrap(running.frame.width)
            if stack.height > running.frame.height + EPSILON:
                raise LayoutError(
                    f"the {running.kind.lower()} is {ceil(stack.height)} points high; its frame "
                    f"has room for {floor(running.frame.height)}.",
                    source,
                    "Make its text shorter, such as the name in brand.toml, its letters smaller, "
                    f"or the frame higher ({running.source}).",
                )
            self.stacks[id(running)] = stack
        return stack
