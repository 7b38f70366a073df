"""Copies: the bytes of an edition, and after them an incremental update of its fields.

ISO 32000-1 7.5.6. All that a copy changes are the content streams of the fields; text is encoded
glyph by glyph, so no value can become an operator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

from msgspec import Struct

from handouts.model import FieldName
from handouts.pdf.fields import FieldPlace, Fillable, Glyph
from handouts.pdf.syntax import number
from handouts.seal import BLANK

#: The lines of each field's value.
Lines: TypeAlias = Mapping[FieldName, Sequence[str]]

_ID: Final = re.compile(rb"/ID\[<([0-9a-f]{32})>")


class Copy(Struct, frozen=True):
    """What follows the edition's bytes in one copy, and the SHA-256 of the whole."""

    update: bytes
    sha256: str


class Filler:
    """Fills the fields of one rendered edition, as often as one likes."""

    def __init__(self, data: bytes, fillable: Fillable) -> None:
        """``data``: the edition; a copy begins with it."""
        self.data = data
        self._fields = [
            _Field(place, fillable.glyphs[place.font])
            for place in sorted(fillable.places, key=lambda place: place.number)
        ]
        self._ending = fillable.ending
        self._hash = sha256(data)
        self._head = self._cross_references()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The object numbers of the fields' streams: all that a copy changes."""
        return tuple(field.number for field in self._fields)

    def lines(self, values: Mapping[FieldName, str]) -> Lines:
        """The value of each field in lines of its width.

        Raises KeyError for a field or a character that the edition has no room or glyph for.
        """
        return {field.name: field.broken(values[field.name]) for field in self._fields}

    def fill(self, lines: Lines) -> Copy:
        """A copy with these lines, as many for each field as the edition has room for.

        Raises ValueError where they are more or fewer fields or lines: a mistake of the caller.
        """
        if len(lines) != len(self._fields):
            raise ValueError("the edition has other fields")
        out: list[bytes] = []
        rows: list[bytes] = []
        at = len(self.data)
        for field in self._fields:
            part = field.written(lines[field.name])
            rows.append(b"\1%b\0" % at.to_bytes(8, "big"))
            out.append(part)
            at += len(part)
        rows.append(b"\1%b\0" % at.to_bytes(8, "big"))
        out += (self._head, *rows, b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at)
        update = b"".join(out)
        seal = self._hash.copy()
        seal.update(update)
        update = update.replace(BLANK, seal.hexdigest()[:32].encode())
        whole = self._hash.copy()
        whole.update(update)
        return Copy(update, whole.hexdigest())

    def _cross_references(self) -> bytes:
        """What stands before the rows of the update's cross-reference stream (7.5.8), which lists
        itself."""
        own, numbers = self._ending.size, self.numbers
        index = b" ".join(b"%d 1" % number_ for number_ in (*numbers, own))
        first = _ID.findall(self.data[self._ending.startxref :])[-1]
        return (
            b"%d 0 obj\n<</Type/XRef/Size %d/W[1 8 1]/Index[%b]/Root %d 0 R/Info %d 0 R/Prev %d"
            b"/ID[<%b><%b>]/Length %d>>\nstream\n"
        ) % (
            own, own + 1, index, self._ending.root, self._ending.info, self._ending.startxref,
            first, BLANK, 10 * (len(numbers) + 1),
        )  # fmt: skip


class _Field:
    """One field of an edition: breaks text into its lines, and writes them as its stream."""

    def __init__(self, place: FieldPlace, glyphs: Mapping[str, Glyph]) -> None:
        self.name = place.name
        self.number = place.number
        self._place = place
        self._glyphs = glyphs
        self._advances = {char: glyph.advance * place.size for char, glyph in glyphs.items()}
        most = glyphs[" "].resource
        #: Codes of the font that draws nearly all: what it lacks comes from others.
        self._codes = {
            ord(char): glyph.code for char, glyph in glyphs.items() if glyph.resource == most
        }
        self._font = f"/{most} {number(place.size)} Tf "
        self._starts = (
            f"{number(place.x + place.indent)} {number(place.y)} Td ",
            f" {number(-place.indent)} {number(-place.leading)} Td ",
            f" 0 {number(-place.leading)} Td ",
        )

    def written(self, lines: Sequence[str]) -> bytes:
        """The object of the field's stream."""
        if len(lines) != self._place.lines:
            raise ValueError("the field has another number of lines")
        parts = [self._place.head, self._font]
        last = len(lines) - 1
        for at, line in enumerate(lines):
            # A space ends each line but the last, so that words stay apart where text is read.
            parts += (self._starts[min(at, 2)], self._shown(line if at == last else f"{line} "))
        content = "".join((*parts, " ET Q\nEMC")).encode("latin-1")
        head = b"%d 0 obj\n<</Length %d>>\nstream\n" % (self.number, len(content))
        return head + content + b"\nendstream\nendobj\n"

    def _shown(self, text: str) -> str:
        """The operators that show ``text``, with the font of each run where fonts change."""
        coded = text.translate(self._codes)
        if len(coded) == 4 * len(text):
            return f"<{coded}> Tj"
        parts: list[str] = []
        font = ""
        for char in text:
            glyph = self._glyphs[char]
            if glyph.resource != font:
                font = glyph.resource
                parts.append(f"> Tj /{font} {number(self._place.size)} Tf <")
            parts.append(glyph.code)
        return "".join(parts).removeprefix("> Tj ") + "> Tj " + self._font.rstrip()

    def broken(self, text: str) -> list[str]:
        """``text`` in lines, as many words in each as it holds; a word that is wider than a line is
        cut where that ends."""
        advance = self._advances.__getitem__
        width, room = self._place.width, self._place.width - self._place.indent
        space = advance(" ")
        lines: list[str] = []
        line: list[str] = []
        used = 0.0
        for word in text.split(" "):
            own = sum(map(advance, word))
            if line and used + space + own <= room:
                line.append(word)
                used += space + own
                continue
            if line:
                lines.append(" ".join(line))
                room = width
            rest = word
            while own > room:
                end = self._most(rest, room)
                lines.append(rest[:end])
                rest, room = rest[end:], width
                own = sum(map(advance, rest))
            line, used = [rest], own
        return [*lines, " ".join(line)]

    def _most(self, word: str, room: float) -> int:
        """How many characters of ``word`` fit into ``room``; one at least."""
        used = 0.0
        for at, char in enumerate(word):
            used += self._advances[char]
            if used > room:
                return max(at, 1)
        return len(word)
