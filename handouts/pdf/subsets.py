"""Font subsets: which code shows which character, and the font objects that say so.

A face becomes one symbolic TrueType font (ISO 32000-1 9.6.3), or several when a document needs
more than some 220 of its characters. A Latin-1 character keeps its own code, which leaves
content streams readable; other codes follow from the order in which characters are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from handouts.errors import LayoutError
from handouts.flow.faces import Face
from handouts.model import Slot
from handouts.pdf.composite import write_composite
from handouts.pdf.fields import Glyph
from handouts.pdf.font_parts import descriptor, parsed, subset_of, to_unicode_cmap
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.syntax import number

#: Codes for characters outside Latin-1: not 0 (.notdef), not LF and CR (line ends in strings).
_FREE = tuple(code for code in (*range(1, 32), *range(127, 161)) if code not in {10, 13, 160})
_LATIN = frozenset((*range(32, 127), *range(160, 256)))


class _Full(Exception):
    """A subset has no code left."""


class Subset(dict[int, int]):
    """Codes by the characters of one face, each given when its character is first shown.

    ``resource`` is the font's name in /Font. At most 96 + 95 Latin and 61 other characters.
    """

    def __init__(self, face: Face, resource: str) -> None:
        """No characters yet."""
        self.face = face
        self.resource = resource
        self._free = iter(_FREE)

    def __missing__(self, char: int) -> int:
        code = char if char in _LATIN else next(self._free, 0)
        if not code:
            raise _Full
        self[char] = code
        return code

    def encode(self, text: str) -> str:
        """``text`` as character codes, one below 256 for each character."""
        return text.translate(self)

    def write(self, store: ObjectStore) -> int:
        """Write font, descriptor, font file and ToUnicode map; the number of the font."""
        chars = [0] * (max(self.values(), default=0) + 1)
        for char, code in self.items():
            chars[code] = char
        subset = subset_of(self.face, chars)
        font_file = store.add_stream(f"/Length1 {len(subset.data)}", subset.data)
        to_unicode = store.add_stream("", to_unicode_cmap(subset.name, chars))
        about = store.add(descriptor(self.face, subset, font_file))
        first = min(self.values(), default=0)
        ttf = parsed(self.face)
        widths = " ".join(number(ttf.getCharWidth(char)) for char in chars[first:])
        return store.add(
            f"<</Type/Font/Subtype/TrueType/BaseFont/{subset.name}/FirstChar {first}"
            f"/LastChar {len(chars) - 1}/Widths[{widths}]"
            f"/FontDescriptor {about} 0 R/ToUnicode {to_unicode} 0 R>>"
        )


class SubsetBook:
    """The subsets of all faces that a document draws with.

    Slots have subsets of their own, so that a later change of a slot's text needs no other
    font than the one already in the file.
    """

    def __init__(self, store: ObjectStore) -> None:
        """No faces yet; ``number`` is that of the /Font resource dictionary."""
        self.number = store.reserve()
        self._text: dict[str, list[Subset]] = {}
        self._slots: dict[str, Subset] = {}
        self._fields: dict[str, dict[str, tuple[Face, set[str]]]] = {}
        self._glyphs: dict[str, dict[str, Glyph]] = {}
        self._icons: list[int] = []
        self._count = 0

    def slot(self, face: Face, slot: Slot, text: str) -> Subset:
        """The subset that draws ``text`` in a slot, now with the slot's whole repertoire.

        Raises LayoutError if the repertoires of all slots in ``face`` do not fit into one font.
        """
        subset = self._slots.setdefault(face.name, Subset(face, f"S{len(self._slots) + 1}"))
        try:
            subset.encode("".join(sorted({*slot.repertoire, *text})))
        except _Full:
            raise LayoutError(
                f"a slot's repertoire has more than {len(_FREE)} characters outside Latin-1.",
                slot.source,
                "Declare fewer characters.",
            ) from None
        return subset

    def encode(self, face: Face, text: str) -> list[tuple[str, str]]:
        """``text`` as (font resource, character codes): one pair unless subsets change."""
        subsets = self._text.setdefault(face.name, [])
        if len(subsets) == 1:
            try:
                return [(subsets[0].resource, subsets[0].encode(text))]
            except _Full:
                pass
        runs: list[tuple[str, str]] = []
        for char in text:
            subset, code = self._code(face, subsets, char)
            if runs and runs[-1][0] == subset.resource:
                runs[-1] = (subset.resource, runs[-1][1] + code)
            else:
                runs.append((subset.resource, code))
        return runs

    def fields(self, faces: Sequence[tuple[Face, str]]) -> str:
        """The key in ``glyphs`` of what draws a field in ``faces``, each with its characters."""
        key = faces[0][0].name
        for face, chars in faces:
            letters = self._fields.setdefault(key, {}).setdefault(face.name, (face, set()))[1]
            letters.update(chars)
        return key

    def glyphs(self) -> dict[str, dict[str, Glyph]]:
        """How a copy shows each character of a field, once all fonts are written."""
        return self._glyphs

    def add_icon(self, font: int) -> str:
        """The name in /Font of a font, by its object number, whose one glyph is an icon."""
        self._icons.append(font)
        return f"I{len(self._icons)}"

    def _code(self, face: Face, subsets: list[Subset], char: str) -> tuple[Subset, str]:
        """The code of ``char`` in the first of ``subsets`` that has or takes it, else a new one."""
        for subset in subsets:
            with suppress(_Full):
                return subset, subset.encode(char)
        self._count += 1
        subsets.append(Subset(face, f"F{self._count}"))
        return subsets[-1], subsets[-1].encode(char)

    def write(self, store: ObjectStore) -> None:
        """Write all fonts and the /Font resource dictionary."""
        subsets = [subset for part in self._text.values() for subset in part]
        subsets += self._slots.values()
        entries = "".join(f"/{subset.resource} {subset.write(store)} 0 R" for subset in subsets)
        for at, (key, faces) in enumerate(self._fields.items(), 1):
            shown = self._glyphs[key] = {}
            for part, (face, letters) in enumerate(faces.values(), 1):
                resource, chars = f"P{at}x{part}", sorted(letters)
                entries += f"/{resource} {write_composite(face, chars, store)} 0 R"
                for code, char in enumerate(chars, 1):
                    shown[char] = Glyph(resource, f"{code:04X}", face.advances[ord(char)])
        entries += "".join(f"/I{at} {font} 0 R" for at, font in enumerate(self._icons, 1))
        store.fill(self.number, f"<<{entries}>>")
