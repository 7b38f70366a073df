"""The text of marked content, as a program that reads aloud gets it (ISO 32000-1 14.6, 14.7.4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct, field

from handouts.attach.reading.encodings import Encoding, encoding_of
from handouts.attach.reading.objects import (
    Damaged,
    Dict,
    Name,
    Objects,
    Ref,
    Word,
    read_text,
)
from handouts.attach.reading.tokens import parse
from handouts.attach.reading.trees import INSTEAD, Page, content, is_off, layers_off

#: The object number of a page or form, and an MCID in its content.
Mark = tuple[int, int]

_IMAGE_END: Final = re.compile(rb"[\s>]EI(?=\s|$)")
_SHOWING: Final = (b"Tj", b"TJ", b"'", b'"')
_DEEPEST: Final = 12


class _Open(Struct):
    """A marked-content sequence; ``mark`` is None in what no element holds, such as Artifacts."""

    mark: Mark | None
    is_replaced: bool = False  # other words stand for what it shows, or nobody sees it
    is_reversed: bool = False  # each of its strings is written from its end (14.8.2.3.3)


class MarkedText(Struct):
    """The text of each marked-content sequence, read page by page; white space as it stands."""

    pdf: Objects
    pieces: defaultdict[Mark, list[str]] = field(default_factory=lambda: defaultdict(list))
    _encodings: dict[int, Encoding] = field(default_factory=dict)
    off: frozenset[Any] = frozenset()

    def __post_init__(self) -> None:
        self.off = layers_off(self.pdf)

    def read(self, page: Page) -> None:
        """Add the text of ``page``. What stands behind a mistake in its content is not read."""
        data = content(self.pdf, page.entries.get(b"Contents"))
        _Stream(self, page.ref.num, self.pdf.dict(page.value(b"Resources"))).read(data, [])

    def take(self, mark: Mark) -> str:
        """The text of ``mark``, once: no second element can repeat it."""
        return "".join(self.pieces.pop(mark, ()))

    def encoding(self, font: Any) -> Encoding:
        """The encoding of a font, read once."""
        if type(font) is not Ref:
            return encoding_of(self.pdf, self.pdf.dict(font))
        if font.num not in self._encodings:
            self._encodings[font.num] = encoding_of(self.pdf, self.pdf.dict(font))
        return self._encodings[font.num]


class _Stream(Struct):
    """One content stream: that of a page, or of a form that it draws."""

    text: MarkedText
    owner: int
    resources: Dict
    depth: int = 0

    def read(self, data: bytes, around: list[_Open]) -> None:
        opened = list(around)
        font = Encoding(1, {})
        saved: list[Encoding] = []
        for operator, operands in _operations(data):
            match operator:
                case b"BDC" | b"BMC":
                    opened.append(self.begin(operands, opened))
                case b"EMC" if len(opened) > len(around):
                    opened.pop()
                case b"q":
                    saved.append(font)
                case b"Q" if saved:
                    font = saved.pop()
                case b"Tf" if len(operands) > 1:
                    font = self.text.encoding(self.named(b"Font", operands[-2]))
                case b"gs" if operands:
                    state = self.text.pdf.dict(self.named(b"ExtGState", operands[-1]))
                    set_font = self.text.pdf.array(state.get(b"Font"))[:1]
                    font = self.text.encoding(*set_font) if set_font else font
                case b"Do" if operands:
                    self.draw(self.named(b"XObject", operands[-1]), opened)
                case _ if operator in _SHOWING and operands:
                    self.show(operands[-1], font, opened)

    def begin(self, operands: list[Any], opened: list[_Open]) -> _Open:
        """A sequence without an MCID belongs to the one around it, unless it is an Artifact."""
        around = opened[-1] if opened else _Open(None)
        is_reversed = around.is_reversed or operands[:1] == [b"ReversedChars"]
        if operands and operands[0] == b"Artifact":
            return _Open(None)
        given = operands[-1] if len(operands) > 1 else {}
        named = self.named(b"Properties", given) if type(given) is Name else given
        if operands and operands[0] == b"OC" and is_off(self.text.pdf, named, self.text.off):
            return _Open(around.mark, is_replaced=True)
        properties = self.text.pdf.dict(named)
        mcid = self.text.pdf.resolve(properties.get(b"MCID"))
        mark = (self.owner, mcid) if type(mcid) is int else around.mark
        words = (self.text.pdf.resolve(properties.get(key)) for key in INSTEAD)
        said = next((found for found in words if type(found) is bytes), None)
        if said is None or not mark:
            return _Open(mark, around.is_replaced, is_reversed)
        if not around.is_replaced:
            self.text.pieces[mark].append(read_text(said))
        return _Open(mark, is_replaced=True)

    def named(self, kind: bytes, name: Any) -> Any:
        """A resource by its name, unresolved."""
        found = self.text.pdf.dict(self.resources.get(kind))
        return found.get(name) if type(name) is Name else None

    def show(self, operand: Any, font: Encoding, opened: list[_Open]) -> None:
        if opened and opened[-1].mark and not opened[-1].is_replaced:
            parts = operand if type(operand) is list else [operand]
            step = -1 if opened[-1].is_reversed else 1
            for codes in (part for part in parts if type(part) is bytes):
                self.text.pieces[opened[-1].mark].extend(font.read(codes)[::step])

    def draw(self, form: Any, opened: list[_Open]) -> None:
        entries = self.text.pdf.dict(form)
        if is_off(self.text.pdf, entries.get(b"OC"), self.text.off):
            return
        if type(form) is Ref and entries.get(b"Subtype") == b"Form" and self.depth < _DEEPEST:
            own = self.text.pdf.dict(entries.get(b"Resources")) or self.resources
            inner = _Stream(self.text, form.num, own, self.depth + 1)
            inner.read(content(self.text.pdf, form), opened[-1:])


def _operations(data: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    """Operators with their operands, up to the first mistake; inline images are left out."""
    operands: list[Any] = []
    at = 0
    while True:
        try:
            value, at = parse(data, at)
        except Damaged:
            return
        if type(value) is not Word:
            operands.append(value)
            continue
        if value == b"ID":
            end = _IMAGE_END.search(data, at)
            if end is None:
                return
            at = end.end()
        yield bytes(value), operands
        operands = []
