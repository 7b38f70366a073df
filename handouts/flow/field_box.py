"""Room for a person's value: words that say what it is, and lines that a copy fills."""

from __future__ import annotations

from handouts.errors import LayoutError
from handouts.flow.boxes import Box
from handouts.flow.faces import Face
from handouts.flow.paragraphs import ParagraphBox
from handouts.flow.placed import PlacedField
from handouts.flow.sheet import Sheet
from handouts.flow.structure_tree import Leaf
from handouts.model import Field

#: A line that holds fewer letters of middle width is too short for names.
_FEWEST = 8


class FieldBox(Box):
    """The words on the first line, the value after them and on the lines below; never split."""

    what = "this field"
    keep_together = True

    def __init__(
        self,
        words: ParagraphBox,
        field: Field,
        faces: tuple[tuple[Face, str], ...],
        leaf: Leaf | None,
    ) -> None:
        """``faces``: what draws which characters of the field's repertoire."""
        self.words = words
        self.field = field
        self.faces = faces
        self.leaf = leaf

    def first_baseline(self) -> float | None:
        return self.words.first_baseline()

    def _wrap(self, width: float) -> float:
        self.words = self.words.wrap(width)
        free = width - self._indent()
        if len(self.words.lines) > 1 or free < _FEWEST * self.words.style.size / 2:
            raise LayoutError(
                f"the words before the field “{self.field.name}” leave its value no room.",
                self.source,
                "Write fewer words there, or give the field a wider column.",
            )
        return self.field.lines * self.words.leading

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        _, width = self._inner(self.width)
        style, words = self.words.style, self.words
        words.place(sheet, x, top)
        sheet.add(
            PlacedField(
                x, sheet.height - top - words.drop, width, self._indent(), words.leading,
                self.field.lines, self.field.name, self.faces, style.size, style.colour, self.leaf,
            )
        )  # fmt: skip

    def _indent(self) -> float:
        return sum(segment.full for segment in self.words.items)

    def _extent(self) -> tuple[float, float]:
        least, most = self.words.extent()
        return least, 3 * most
