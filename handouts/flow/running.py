"""What is known when all pages are: the texts of slots, and the running content of each page."""

from __future__ import annotations

from collections.abc import Sequence

from handouts.errors import LayoutError
from handouts.flow.boxes import EPSILON, Stack
from handouts.flow.placed import PlacedAnchor, PlacedPage, PlacedSlot
from handouts.flow.sheet import Sheet
from handouts.flow.typeset import Typesetter
from handouts.model import NOWHERE, PageMaster, Running, Slot


class SlotTexts:
    """The text of each slot, from the number of pages and where blocks start."""

    def __init__(self, pages: Sequence[PlacedPage]) -> None:
        """``pages`` must hold all content already."""
        self.pages = pages
        self.starts: dict[str, int] = {}
        for page in pages:
            for item in page.items:
                if isinstance(item, PlacedAnchor) and item.elem.id:
                    self.starts.setdefault(item.elem.id, page.number)

    def text(self, slot: Slot, number: int) -> str:
        """What fills ``slot`` on page ``number``. LayoutError for a name that nothing fills."""
        if slot.name == "page":
            return str(number)
        if slot.name == "pages":
            return str(len(self.pages))
        id = slot.name.removeprefix("page-of:")
        if id == slot.name or id not in self.starts:
            raise LayoutError(
                f"Nothing can fill the slot {slot.name!r}.",
                slot.source,
                "Use page, pages, or page-of:ID with the id of a block in this document.",
            )
        return str(self.starts[id])

    def fill(self) -> None:
        """Write the texts into the slots of the pages."""
        for page in self.pages:
            for item in page.items:
                if isinstance(item, PlacedSlot):
                    item.text = self.text(item.slot, page.number)


class RunningContent:
    """Places headers, footers and watermarks as Artifacts; each is made into boxes once."""

    def __init__(self, setter: Typesetter, page_height: float, known: SlotTexts) -> None:
        """``setter`` must have no tree; ``page_height`` in points."""
        self.setter = setter
        self.page_height = page_height
        self.known = known
        self.stacks: dict[int, Stack] = {}

    def place(self, page: PlacedPage, master: PageMaster) -> None:
        """Add the running content of ``master``: a watermark below the content, others above.

        Raises LayoutError if it is higher than its frame.
        """
        sheet = Sheet(page, self.page_height, artifact=True)
        sheet.slot_text = lambda slot: self.known.text(slot, page.number)
        for running in master.running:
            before = len(page.items)
            self._stack(running).place(sheet, running.frame.x, running.frame.y)
            if running.kind == "Watermark":
                page.items[:] = page.items[before:] + page.items[:before]

    def _stack(self, running: Running) -> Stack:
        stack = self.stacks.get(id(running))
        if stack is None:
            source = running.blocks[0].source if running.blocks else NOWHERE
            stack = self.setter.stack(running.blocks, "running content", source)
            stack.wrap(running.frame.width)
            if stack.height > running.frame.height + EPSILON:
                raise LayoutError(
                    f"The {running.kind.lower()} is {stack.height:.0f} points high; its frame "
                    f"has room for {running.frame.height:.0f}.",
                    source,
                    "Make the frame higher or the text shorter.",
                )
            self.stacks[id(running)] = stack
        return stack
