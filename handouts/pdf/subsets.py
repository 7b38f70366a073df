"""Font subsets: which code shows which character, and the font objects that say so.

A face becomes one symbolic TrueType font (ISO 32000-1 9.6.3), or several when a document needs
more than some 220 of its characters. A Latin-1 character keeps its own code, which leaves
content streams readable; other codes follow from the order in which characters are shown.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFontFace

from handouts.errors import BrandError, LayoutError, Source
from handouts.flow.faces import Face
from handouts.model import Slot
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.syntax import number

#: Codes for characters outside Latin-1: not 0 (.notdef), not LF and CR (line ends in strings).
_FREE = tuple(code for code in (*range(1, 32), *range(127, 161)) if code not in {10, 13, 160})
_LATIN = frozenset((*range(32, 127), *range(160, 256)))
_SYMBOLIC = 4
#: At most so many entries stand in one ``beginbfchar`` block (Adobe note 5411, 1.4.1).
_CMAP_BLOCK = 100
_FORCE_BOLD = 1 << 18
_lock = threading.Lock()


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
        with _lock:  # ReportLab's parser moves a read pointer that all threads would share
            ttf = parsed(self.face)
            data = bytes(ttf.makeSubset(chars))
        name = f"{_tag(data)}+{ttf.name.decode('ascii')}"
        font_file = store.add_stream(f"/Length1 {len(data)}", data)
        to_unicode = store.add_stream("", to_unicode_cmap(name, chars))
        descriptor = store.add(_descriptor(self.face, ttf, name, font_file))
        first = min(self.values(), default=0)
        widths = " ".join(number(ttf.getCharWidth(char)) for char in chars[first:])
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

    def __init__(self, store: ObjectStore) -> None:
        """No faces yet; ``number`` is that of the /Font resource dictionary."""
        self.number = store.reserve()
        self._text: dict[str, list[Subset]] = {}
        self._slots: dict[str, Subset] = {}
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
        entries += "".join(f"/I{at} {font} 0 R" for at, font in enumerate(self._icons, 1))
        store.fill(self.number, f"<<{entries}>>")


@lru_cache(maxsize=64)
def parsed(face: Face) -> TTFontFace:
    """ReportLab's view of a face, which it embeds. Raises BrandError for a broken font."""
    try:
        ttf = TTFontFace(BytesIO(face.data))
    except Exception as error:  # also struct.error and whatever else the parser lets through
        raise BrandError(
            f"the font file {Path(face.label).name} cannot be embedded: {error}.",
            Source(face.label),
            "Use a TrueType font (.ttf with glyf outlines) in brand.toml.",
        ) from error
    # A file may hold several character maps, of which ReportLab takes the last: what is embedded
    # are the glyphs that were measured.
    ttf.charToGlyph = face.glyphs
    ttf.charWidths = {char: advance * 1000 for char, advance in face.advances.items()}
    return ttf


def _tag(data: bytes) -> str:
    """Six capital letters that name the subset (9.6.4), from its content."""
    digest = hashlib.sha256(data).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _descriptor(face: Face, ttf: TTFontFace, name: str, font_file: int) -> str:
    """A FontDescriptor (9.8). Ascent and descent are the font's own, in thousandths of an em."""
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


def to_unicode_cmap(name: str, chars: Sequence[int]) -> bytes:
    """A ToUnicode CMap for a simple font: code ``n`` stands for character ``chars[n]``, 0 for
    none (ISO 32000-1 9.10.3).

    ReportLab's own maps code 0 to U+0000, which PDF/UA-1 7.21.7 forbids, puts 256 entries into
    one block, and writes five digits for characters beyond the Basic Multilingual Plane.
    """
    used = [
        f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>"
        for code, char in enumerate(chars)
        if char
    ]
    blocks = []
    for start in range(0, len(used), _CMAP_BLOCK):
        part = used[start : start + _CMAP_BLOCK]
        blocks += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
        *blocks,
        "endcmap",
        "CMapName currentdict /CMap defineresource pop",
        "end",
        "end",
    ]
    return "\n".join(lines).encode("ascii")
