"""Font subsets: which code shows which character, and the font objects that say so.

A face becomes one symbolic TrueType font (ISO 32000-1 9.6.3), or several when a document needs
more than some 220 of its characters. A Latin-1 character keeps its own code, which leaves
content streams readable; the order of other codes follows from the set of characters alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from handouts.errors import LayoutError, Source
from handouts.flow.faces import Face
from handouts.pdf.reportlab_fixes import ObjectStore, to_unicode_cmap
from handouts.pdf.syntax import number

#: Codes for characters outside Latin-1: not 0 (.notdef), not LF and CR (line ends in strings).
_FREE = tuple(code for code in (*range(1, 32), *range(127, 161)) if code not in {10, 13, 160})
_LATIN = frozenset((*range(32, 127), *range(160, 256)))
_SYMBOLIC = 4
_FORCE_BOLD = 1 << 18


class Subset:
    """Characters of one face with fixed codes. ``resource`` is its name in /Font."""

    def __init__(self, face: Face, resource: str, chars: Iterable[int]) -> None:
        """Give each of ``chars`` a code. At most 96 + 95 Latin and 61 other characters."""
        self.face = face
        self.resource = resource
        free = iter(_FREE)
        self.codes: dict[int, int] = {
            char: char if char in _LATIN else next(free) for char in sorted(set(chars))
        }

    def encode(self, text: str) -> str:
        """``text`` as character codes, one below 256 for each character."""
        return text.translate(self.codes)

    def write(self, store: ObjectStore) -> int:
        """Write font, descriptor, font file and ToUnicode map; the number of the font."""
        chars = [0] * (max(self.codes.values(), default=0) + 1)
        for char, code in self.codes.items():
            chars[code] = char
        data = self.face.subset(chars)
        name = f"{_tag(data)}+{self.face.ttf.name.decode('ascii')}"
        font_file = store.add_stream(f"/Length1 {len(data)}", data)
        to_unicode = store.add_stream("", to_unicode_cmap(name, chars))
        descriptor = store.add(_descriptor(self.face, name, font_file))
        first = min(self.codes.values(), default=0)
        widths = " ".join(number(self.face.ttf.getCharWidth(char)) for char in chars[first:])
        return store.add(
            f"<</Type/Font/Subtype/TrueType/BaseFont/{name}/FirstChar {first}"
            f"/LastChar {len(chars) - 1}/Widths[{widths}]"
            f"/FontDescriptor {descriptor} 0 R/ToUnicode {to_unicode} 0 R>>"
        )


class SubsetBook:
    """The subsets of all faces that a document draws with.

    Slots have subsets of their own, so that a later change of a slot's text needs no other
    font than the one already in the file.
    """

    def __init__(self) -> None:
        """No faces yet."""
        self._text: dict[str, list[Subset]] = {}
        self._slots: dict[str, Subset] = {}

    def add_text(self, face: Face, chars: set[str]) -> None:
        """Take in the characters of flowing text in ``face``."""
        wanted = sorted(ord(char) for char in chars)
        latin = [char for char in wanted if char in _LATIN]
        other = [char for char in wanted if char not in _LATIN]
        free = len(_FREE)
        parts = [latin + other[:free]]
        parts += [other[at : at + free] for at in range(free, len(other), free)]
        first = sum(len(subsets) for subsets in self._text.values()) + 1
        self._text[face.name] = [
            Subset(face, f"F{first + index}", part) for index, part in enumerate(parts)
        ]

    def add_slot(self, face: Face, repertoire: set[str], source: Source) -> None:
        """Take in the whole repertoire of the slots in ``face``.

        Raises LayoutError if the repertoire does not fit into one font.
        """
        chars = {ord(char) for char in repertoire}
        if len(chars - _LATIN) > len(_FREE):
            raise LayoutError(
                f"A slot's repertoire has more than {len(_FREE)} characters outside Latin-1.",
                source,
                "Declare fewer characters.",
            )
        self._slots[face.name] = Subset(face, f"S{len(self._slots) + 1}", chars)

    def slot(self, face: Face) -> Subset:
        """The subset that slots in ``face`` are drawn with."""
        return self._slots[face.name]

    def encode(self, face: Face, text: str) -> list[tuple[str, str]]:
        """``text`` as (font resource, character codes): one pair unless subsets change."""
        subsets = self._text[face.name]
        if len(subsets) == 1:
            return [(subsets[0].resource, subsets[0].encode(text))]
        runs: list[tuple[str, str]] = []
        for char in text:
            subset = next(part for part in subsets if ord(char) in part.codes)
            code = subset.encode(char)
            if runs and runs[-1][0] == subset.resource:
                runs[-1] = (subset.resource, runs[-1][1] + code)
            else:
                runs.append((subset.resource, code))
        return runs

    def write(self, store: ObjectStore) -> None:
        """Write all fonts and the /Font resource dictionary."""
        subsets = [subset for part in self._text.values() for subset in part]
        subsets += self._slots.values()
        entries = "".join(f"/{subset.resource} {subset.write(store)} 0 R" for subset in subsets)
        store.fill(store.fonts, f"<<{entries}>>")


def _tag(data: bytes) -> str:
    """Six capital letters that name the subset (9.6.4), from its content."""
    digest = hashlib.sha256(data).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _descriptor(face: Face, name: str, font_file: int) -> str:
    """A FontDescriptor (9.8). Ascent and descent are the font's own, in thousandths of an em."""
    ttf = face.ttf
    box = " ".join(number(edge) for edge in ttf.bbox)
    # ReportLab reads "bold" from the weight; PDF's ForceBold would thicken true bold outlines.
    flags = (ttf.flags & ~_FORCE_BOLD) | _SYMBOLIC
    return (
        f"<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{box}]"
        f"/ItalicAngle {number(ttf.italicAngle)}/Ascent {number(face.ascent * 1000)}"
        f"/Descent {number(face.descent * 1000)}/CapHeight {number(ttf.capHeight)}"
        f"/XHeight {number(face.x_height * 1000)}/StemV {number(ttf.stemV)}"
        f"/FontFile2 {font_file} 0 R>>"
    )
