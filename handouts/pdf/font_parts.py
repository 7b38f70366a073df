"""What simple and composite fonts share: the subset of a face, its descriptor, its Unicode map."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from struct import unpack_from

from msgspec import Struct
from reportlab.pdfbase.ttfonts import TTFontFace

from handouts.errors import BrandError, Source
from handouts.flow.faces import Face
from handouts.pdf.syntax import number

_SYMBOLIC = 4
#: At most so many entries stand in one ``beginbfchar`` block (Adobe note 5411, 1.4.1).
_CMAP_BLOCK = 100
_FORCE_BOLD = 1 << 18
_lock = threading.Lock()


class FontFile(Struct, frozen=True):
    """A part of a face as a TrueType file; ``glyphs``: the index in it of each character."""

    data: bytes
    name: str
    glyphs: Mapping[int, int]


def subset_of(face: Face, chars: Sequence[int]) -> FontFile:
    """The font file with the glyphs of ``chars``, character codes, or 0 for none."""
    with _lock:  # ReportLab's parser moves a read pointer that all threads would share
        ttf = parsed(face)
        data = bytes(ttf.makeSubset(chars))
    glyphs: dict[int, int] = {}
    known = {0: 0}  # glyphs are numbered as they are first met
    for char in chars:
        glyphs[char] = known.setdefault(face.glyphs.get(char, 0), len(known))
    return FontFile(data, f"{_tag(data)}+{ttf.name.decode('ascii')}", glyphs)


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
    # Glyphs without an advance of their own have the last one (OpenType, hmtx), which ReportLab
    # gives them in thousandths of an em, as if these were the font's units.
    (count,) = unpack_from(">H", ttf.get_table("hhea"), 34)
    last, _ = ttf.hmetrics[count - 1]
    ttf.hmetrics[count:] = [(last, bearing) for _, bearing in ttf.hmetrics[count:]]
    return ttf


def _tag(data: bytes) -> str:
    """Six capital letters that name the subset (9.6.4), from its content."""
    digest = hashlib.sha256(data).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def descriptor(face: Face, subset: FontFile, font_file: int) -> str:
    """A FontDescriptor (9.8). Ascent and descent are the font's own, in thousandths of an em."""
    ttf = parsed(face)
    box = " ".join(number(edge) for edge in ttf.bbox)
    # ReportLab reads "bold" from the weight; PDF's ForceBold would thicken true bold outlines.
    flags = (ttf.flags & ~_FORCE_BOLD) | _SYMBOLIC
    return (
        f"<</Type/FontDescriptor/FontName/{subset.name}/Flags {flags}/FontBBox[{box}]"
        f"/ItalicAngle {number(ttf.italicAngle)}/Ascent {number(face.ascent * 1000)}"
        f"/Descent {number(face.descent * 1000)}/CapHeight {number(ttf.capHeight)}"
        f"/XHeight {number(face.x_height * 1000)}/StemV {number(ttf.stemV)}"
        f"/FontFile2 {font_file} 0 R>>"
    )


def to_unicode_cmap(name: str, chars: Sequence[int], digits: int = 2) -> bytes:
    """A ToUnicode CMap: code ``n``, of so many hexadecimal ``digits``, stands for the character
    ``chars[n]``, 0 for none (ISO 32000-1 9.10.3).

    ReportLab's own maps code 0 to U+0000, which PDF/UA-1 7.21.7 forbids, puts 256 entries into
    one block, and writes five digits for characters beyond the Basic Multilingual Plane.
    """
    used = [
        f"<{code:0{digits}X}> <{chr(char).encode('utf-16-be').hex().upper()}>"
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
        f"<{'0' * digits}> <{'F' * digits}>",
        "endcodespacerange",
        *blocks,
        "endcmap",
        "CMapName currentdict /CMap defineresource pop",
        "end",
        "end",
    ]
    return "\n".join(lines).encode("ascii")
