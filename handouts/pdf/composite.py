"""Composite fonts (ISO 32000-1 9.7): what draws the values of fields, in codes of two bytes."""

from __future__ import annotations

from collections.abc import Sequence

from handouts.flow.faces import Face
from handouts.pdf.font_parts import descriptor, subset_of, to_unicode_cmap
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.syntax import number


def write_composite(face: Face, chars: Sequence[str], store: ObjectStore) -> int:
    """Write ``face`` as a Type 0 font in which ``chars[n]`` has the code n + 1; its number.

    Characters that share a glyph keep codes of their own, so each is copied and heard as it is.
    """
    codes = [ord(char) for char in chars]
    subset = subset_of(face, codes)
    font_file = store.add_stream(f"/Length1 {len(subset.data)}", subset.data)
    about = store.add(descriptor(face, subset, font_file))
    glyphs = b"".join(subset.glyphs[code].to_bytes(2, "big") for code in codes)
    map_ = store.add_stream("", b"\0\0" + glyphs)
    widths = " ".join(number(face.advances[code] * 1000) for code in codes)
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    descendant = store.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{subset.name}{system}"
        f"/FontDescriptor {about} 0 R/CIDToGIDMap {map_} 0 R/DW 0/W[1[{widths}]]>>"
    )
    cmap = store.add_stream("", to_unicode_cmap(subset.name, [0, *codes], digits=4))
    return store.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{subset.name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {cmap} 0 R>>"
    )
