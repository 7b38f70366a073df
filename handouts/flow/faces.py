"""Fonts: faces with their widths and kerns, and the book that finds one for each character.

A face is keyed by the hash of its file's content and its axis values, never by a path, and is
read once in a process, by HarfBuzz. Outlines must be TrueType: ReportLab embeds nothing else.
"""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from struct import error as StructError
from struct import unpack_from
from typing import Literal

import uharfbuzz

from handouts.errors import BrandError, ContentError, Source
from handouts.model import FontFamily, FontSet
from handouts.visible import stands_alone

#: Characters drawn with the glyph of another one where a font lacks them. They keep their own
#: code and Unicode value, so copied and spoken text is true to the words.
STAND_INS = {
    0x00A0: 0x0020,  # no-break space
    0x202F: 0x0020,  # narrow no-break space
    0x2010: 0x002D,  # hyphen
    0x2011: 0x002D,  # non-breaking hyphen
}
_NO_LIGATURES = dict.fromkeys(("liga", "clig", "calt", "ccmp", "locl", "rlig"), False)
_NEEDED = ("cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp")
_REMEDY = "Use a TrueType font (.ttf with glyf outlines) in brand.toml."

_lock = threading.RLock()
_faces: dict[str, Face] = {}
_digests: dict[tuple[str, int, int], str] = {}


class Face:
    """One weight of one family. Metrics are in em (1.0 = the size of the type).

    ``name`` is the hash of the font's content and axes: the same in every process.
    """

    def __init__(self, name: str, label: str, data: bytes) -> None:
        """Read the TrueType file ``data``. ``label`` names it in messages (BrandError)."""
        self.name = name
        self.label = label
        self.data = data
        self._font = _parse(data, label)
        em = self._em = self._font.face.upem
        ascent, descent = unpack_from(">hh", self._table("hhea"), 4)
        self.ascent: float = ascent / em
        self.descent: float = descent / em
        self.cap_height, self.x_height = self._heights()
        self.glyphs = self._read_glyphs()
        self.advances = {
            char: self._font.get_glyph_h_advance(glyph) / em for char, glyph in self.glyphs.items()
        }
        self._default: float = self._font.get_glyph_h_advance(0) / em
        self._words: dict[str, float] = {}
        self._kerns: dict[str, tuple[tuple[int, float], ...]] = {}

    def _table(self, tag: str) -> bytes:
        return bytes(self._font.face.reference_table(tag).data)

    def _heights(self) -> tuple[float, float]:
        """Of a capital and of a small x, from table OS/2; early versions of it have neither."""
        os2 = self._table("OS/2")
        if len(os2) < 90 or unpack_from(">H", os2)[0] < 2:
            ascent = unpack_from(">h", os2, 68)[0] / self._em if len(os2) >= 70 else self.ascent
            return ascent, 0.7 * ascent
        x_height, cap_height = unpack_from(">hh", os2, 86)
        return cap_height / self._em, x_height / self._em or 0.7 * cap_height / self._em

    def _read_glyphs(self) -> dict[int, int]:
        """The glyph of each character that the face can draw: the same where text is measured
        and where it is embedded."""
        glyphs = {char: self._font.get_nominal_glyph(char) for char in self._font.face.unicodes}
        for char, stand_in in STAND_INS.items():
            if char not in glyphs and stand_in in glyphs:
                glyphs[char] = glyphs[stand_in]
        return glyphs

    def has(self, char: str) -> bool:
        """Whether the face can draw ``char``."""
        return ord(char) in self.advances

    def covers(self, text: str) -> bool:
        """Whether the face can draw all of ``text``."""
        return self.advances.keys() >= set(map(ord, text))

    def width(self, text: str, size: float) -> float:
        """The width of ``text`` in points at ``size``, without kerning."""
        width = self._words.get(text)
        if width is None:
            advances = self.advances
            width = sum([advances.get(ord(char), self._default) for char in text])
            if len(self._words) < 20_000:
                self._words[text] = width
        return width * size

    def kerns(self, text: str) -> tuple[tuple[int, float], ...]:
        """Kerns as (index, thousandths of an em), each subtracted before the character at
        that index as in a TJ array (ISO 32000-1 9.4.3); () when there are none."""
        kerns = self._kerns.get(text)
        if kerns is None:
            kerns = self._shape(text)
            if len(self._kerns) < 5_000:
                self._kerns[text] = kerns
        return kerns

    def _shape(self, text: str) -> tuple[tuple[int, float], ...]:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        with _lock:
            uharfbuzz.shape(self._font, buffer, _NO_LIGATURES | {"kern": True})
        positions = buffer.glyph_positions
        if positions is None or len(positions) != len(text):
            return ()
        kerns = []
        for index, (char, position) in enumerate(zip(text[:-1], positions, strict=False), 1):
            advance = self.advances.get(ord(char), 0.0) * 1000
            kern = round(advance - position.x_advance * 1000 / self._em)
            # No kern hides a letter under the next, or parts a word; only quotes come near this.
            most = round(advance / 2)
            if kern := max(-most, min(kern, most)):
                kerns.append((index, float(kern)))
        return tuple(kerns)


def lines_taken(words: Iterable[float], room: float) -> int:
    """How many lines words of these widths take, each with its space."""
    lines, left = 1, room
    for width in words:
        if width > left:
            lines, left = lines + 1, room
        left -= width
        while left < 0:  # a word that is wider than a line goes on in the next ones
            lines, left = lines + 1, left + room
    return lines


class FontBook:
    """The faces of one document. Raises BrandError for a font file that cannot be embedded."""

    def __init__(self, fonts: FontSet) -> None:
        """Nothing is read before a face is asked for."""
        self.fonts = fonts
        self._known: dict[tuple[str, bool], Face] = {}
        self._fallbacks: dict[tuple[str, bool], Face] = {}

    def face(self, family: Literal["body", "heading"], bold: bool) -> Face:
        """The face for a family and weight of the layout."""
        face = self._known.get((family, bold))
        if face is None:
            chosen = self.fonts.body if family == "body" else self.fonts.heading
            path, axes = _file(chosen, bold)
            face = self._known[family, bold] = _face(path, axes, _BASE if axes else None)
        return face

    def runs(self, text: str, face: Face, source: Source) -> list[tuple[Face, str]]:
        """``text`` split where ``face`` lacks a character and a fallback must draw it.

        Raises ContentError naming the character and ``source`` when no font has it, or when it
        would not print right without its neighbours.
        """
        if face.covers(text) and (text.isascii() or all(map(stands_alone, text))):
            return [(face, text)]
        runs: list[tuple[Face, str]] = []
        for char in text:
            known = face.has(char) and stands_alone(char)
            chosen = face if known else self._fallback(char, face, source)
            if runs and runs[-1][0] is chosen:
                runs[-1] = (chosen, runs[-1][1] + char)
            else:
                runs.append((chosen, char))
        return runs

    def width(self, text: str, *, bold: bool, source: Source) -> float:
        """How wide ``text`` of the body is, in parts of its size. Raises as ``runs``."""
        runs = self.runs(text, self.face("body", bold), source)
        return sum(face.width(part, 1.0) for face, part in runs)

    def fullest(self, text: str, face: Face, source: Source) -> Face:
        """The one that draws most of ``text`` alone, ``face`` or a fallback: for what is typed,
        which has one font. Raises as ``runs``."""
        faces = [face, *(one for one, _ in self.runs(text, face, source))]
        return max(faces, key=lambda one: sum(map(one.has, text)))

    def _fallback(self, char: str, face: Face, source: Source) -> Face:
        bold = not any(known is face and not key[1] for key, known in self._known.items())
        found = self._fallbacks.get((char, bold))
        if found is not None:
            return found
        shown = f"“{char}” (U+{ord(char):04X} {unicodedata.name(char, 'without a name')})"
        if not stands_alone(char):
            raise ContentError(
                f"the character {shown} would not print right: it is written from right to left, "
                "or belongs on a letter beside it.",
                source,
                "Replace it: handouts are set in scripts such as Latin, Greek and Cyrillic.",
            )
        for family in (self.fonts.body, self.fonts.heading, *self.fonts.fallback):
            path, axes = _file(family, bold)
            if axes and ord(char) not in _characters(path, _digest(path)):
                continue
            candidate = _face(path, axes, _block(char) if axes else None)
            if candidate.has(char):
                self._fallbacks[char, bold] = candidate
                return candidate
        raise ContentError(
            f"no font has the character {shown}.",
            source,
            "Replace it, or add a font that has it to the brand.",
        )


def face_named(name: str) -> Face:
    """The face of that name; it has been read before in this process."""
    return _faces[name]


def _file(family: FontFamily, bold: bool) -> tuple[str, tuple[tuple[str, float], ...]]:
    if bold:
        return family.bold, family.bold_axes
    return family.regular, family.regular_axes


#: Latin, its extensions, punctuation, currency and arrows: the part of a variable font that
#: is instanced at once. Other characters come by blocks of 256, each when first needed,
#: and with a space, which stands at the end of a line for the ear.
_BASE = (*range(0x20, 0x250), *range(0x1E00, 0x1F00), *range(0x2000, 0x2300))


def _block(char: str) -> tuple[int, ...]:
    code = ord(char)
    if code in _BASE:
        return _BASE
    return (0x20, *range(code & ~0xFF, (code | 0xFF) + 1))


def _face(path: str, axes: tuple[tuple[str, float], ...], chars: tuple[int, ...] | None) -> Face:
    """The face of a file; of a variable font, the part ``chars`` at the axis values ``axes``."""
    digest = _digest(path)
    wanted = hashlib.sha256(repr((digest, axes, chars and (chars[0], chars[-1]))).encode())
    name = wanted.hexdigest()[:16]
    with _lock:
        face = _faces.get(name)
        if face is None:
            data = _read(path)
            if axes and chars:
                data = _instance(data, axes, chars, path)
            face = _faces[name] = Face(name, path, data)
    return face


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BrandError(
            f"the font file {Path(path).name} cannot be read: {error.strerror}.",
            Source(path),
            _REMEDY,
        ) from error


def _digest(path: str) -> str:
    """The hash of a file's content, computed again only when the file has changed."""
    try:
        stat = Path(path).stat()
        key = (path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return hashlib.sha256(_read(path)).hexdigest()
    digest = _digests.get(key)
    if digest is None:
        digest = _digests[key] = hashlib.sha256(_read(path)).hexdigest()
    return digest


@lru_cache(maxsize=16)
def _characters(path: str, digest: str) -> frozenset[int]:  # noqa: ARG001  (keys the cache)
    """All characters of a variable font, known before any of it is instanced."""
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob(_read(path))).unicodes)


def _instance(
    data: bytes, axes: tuple[tuple[str, float], ...], chars: tuple[int, ...], path: str
) -> bytes:
    """A static font from a variable one, holding only ``chars``: some milliseconds.

    HarfBuzz leaves head.modified as it is, so the bytes carry no time of day.
    """
    try:
        face = uharfbuzz.Face(uharfbuzz.Blob(data))
        wanted = uharfbuzz.SubsetInput()
        wanted.unicode_set.update(chars)
        values = dict(axes)
        for axis in face.axis_infos:
            value = values.pop(axis.tag, axis.default_value)
            wanted.pin_axis_location(face, axis.tag, value)
        if values:
            raise BrandError(
                f"the font file {Path(path).name} has no axis {', '.join(sorted(values))}.",
                Source(path),
                "Name only axes that the variable font has, or use a static font.",
            )
        return bytes(uharfbuzz.subset(face, wanted).blob.data)
    except (RuntimeError, MemoryError) as error:
        reason = f"the font file {Path(path).name} is broken: {error}."
        raise BrandError(reason, Source(path), _REMEDY) from error


def _parse(data: bytes, label: str) -> uharfbuzz.Font:
    """HarfBuzz's view of a TrueType file, which it reads leniently: what it would take for empty
    is refused here."""
    name = Path(label).name
    if data[:4] == b"OTTO":
        reason = f"the font file {name} has PostScript (CFF) outlines."
        raise BrandError(reason, Source(label), _REMEDY)
    face = uharfbuzz.Face(uharfbuzz.Blob(data))
    if not (_is_whole(data) and face.glyph_count and {*_NEEDED} <= {*face.table_tags}):
        raise BrandError(f"the font file {name} is broken.", Source(label), _REMEDY)
    return uharfbuzz.Font(face)


def _is_whole(data: bytes) -> bool:
    """Whether all tables that the file lists lie within it (OpenType, table directory)."""
    try:
        (count,) = unpack_from(">H", data, 4)
        entries = [unpack_from(">II", data, 20 + 16 * at) for at in range(count)]
    except StructError:
        return False
    return all(offset + length <= len(data) for offset, length in entries)
