"""Room for a person's value: words that say what it is, then what a copy or a patient fills."""

from __future__ import annotations

from handouts.errors import LayoutError
from handouts.flow.boxes import Box
from handouts.flow.faces import Face
from handouts.flow.paragraphs import ParagraphBox
from handouts.flow.placed import PlacedField, PlacedLine, PlacedRect, PlacedWidget
from handouts.flow.sheet import Sheet
from handouts.flow.structure_tree import Leaf, StructElem
from handouts.model import Field, FormField

#: A line that holds fewer letters of middle width is too short for names.
_FEWEST = 8
#: One that fills a cell needs room for a number; with room for so many letters it is for words,
#: and has a second line.
_FEWEST_IN_CELL, _WORDS_IN_CELL = 3, 12
#: The line to write on; and what is left free above and below a field, so that none touch;
#: more above a frame.
_HAIRLINE, _APART, _OVER_FRAME = 0.75, 0.75, 2.5


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


class FormFieldBox(Box):
    """The words on the first line, and after them a field, which patients also write on by hand:
    over a line, or in a frame if it has several. Without words it fills a table's cell, whose
    borders it has. Never split."""

    what = "this field"
    keep_together = True

    def __init__(
        self, words: ParagraphBox, block: FormField, face: Face, elem: StructElem | None
    ) -> None:
        """``face``: in whose letters a patient types."""
        self.words = words
        self.block = block
        self.face = face
        self.elem = elem
        self.lines = block.lines

    def first_baseline(self) -> float | None:
        return self.words.first_baseline()

    def _wrap(self, width: float) -> float:
        self.words = self.words.wrap(width)
        if len(self.words.lines) > 1 or width < self._least_width():
            raise LayoutError(
                f"the field “{self.block.name}” has no room for what is typed.",
                self.source,
                "Write fewer words before it, or give it a wider column.",
            )
        self.lines = self.block.lines
        if not self.words.items and width >= _WORDS_IN_CELL * self.words.style.size / 2:
            self.lines = max(self.lines, 2)
        return self.lines * self._line_height() + _APART + self._above()

    def _place(self, sheet: Sheet, x: float, top: float) -> None:
        _, width = self._inner(self.width)
        style, indent = self.words.style, self._indent()
        left, right = x + indent, x + width
        low = sheet.height - top - self.height + _APART
        height = self.lines * self._line_height()
        self.words.place(sheet, x, top + self._above() + self._line_height() - self.words.leading)
        if self._is_framed():
            frame = PlacedRect(left, low, right - left, height)
            frame.stroke, frame.line_width = style.colour, _HAIRLINE
            sheet.add(frame)
        elif indent:
            sheet.add(PlacedLine(left, low, right, low, style.colour, _HAIRLINE))
        if self.elem:
            sheet.add(
                PlacedWidget(
                    left, low, right - left, height, self.lines, self.block.name,
                    self.block.description, self.face, style.size, style.colour, self.elem,
                )
            )  # fmt: skip

    def _line_height(self) -> float:
        """Viewers set lines as far apart as the font's highest and lowest letters need, and cut
        off what does not fit."""
        return max(
            self.words.leading, (self.face.ascent - self.face.descent) * self.words.style.size
        )

    def _is_framed(self) -> bool:
        return self.block.lines > 1 and bool(self.words.items)

    def _above(self) -> float:
        return _OVER_FRAME if self._is_framed() else _APART

    def _indent(self) -> float:
        return sum(segment.full for segment in self.words.items)

    def _least_width(self) -> float:
        fewest = _FEWEST if self.words.items else _FEWEST_IN_CELL
        return self._indent() + fewest * self.words.style.size / 2

    def _extent(self) -> tuple[float, float]:
        least = self._least_width()
        return least, 3 * least
