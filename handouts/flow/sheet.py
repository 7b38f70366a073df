"""A page while it is filled: lengths run down from its top left corner, items run up from below."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from handouts.flow.placed import (
    Placed,
    PlacedAnchor,
    PlacedLink,
    PlacedPage,
    PlacedRect,
    PlacedWidget,
)
from handouts.model import Slot


class Sheet(Struct):
    """Where boxes place their items. ``height`` is the page's, in points.

    ``artifact``: what is placed now is drawn for the eye only (a repeated table header, running
    content). ``slot_text`` knows the text of a slot early, so that no room is left around it.
    """

    page: PlacedPage
    height: float
    artifact: bool = False
    slot_text: Callable[[Slot], str] | None = None

    def add(self, item: Placed) -> None:
        """Put an item on the page: an Artifact has no leaf, and is no link, anchor or field."""
        if self.artifact:
            if isinstance(item, PlacedLink | PlacedAnchor | PlacedWidget):
                return
            if not isinstance(item, PlacedRect):
                item.leaf = None
        self.page.items.append(item)

    def fill(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle whose upper left corner is (x, top)."""
        self.add(PlacedRect(x, self.height - top - height, width, height, fill=colour))
