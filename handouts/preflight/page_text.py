"""The words and lines of a page as PDFium reads them, in points from its upper left corner."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from math import hypot
from typing import Any

import pypdfium2.raw as pdfium
from msgspec import Struct, field
from msgspec.structs import replace

#: More characters on a page than any reader would read.
_MOST_CHARS = 100_000
_SOFT_HYPHENS = {0x02: "-", 0xAD: "-", 0xFFFE: "-"}
_LONGEST_MARK = 64


class Box(Struct, frozen=True):
    """A rectangle in points; ``y`` grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def with_(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around one or more."""
    first, *others = boxes
    for one in others:
        first = first.with_(one)
    return first


class Look(Struct, frozen=True):
    """How letters are drawn. ``colour`` is ``#rrggbb``, "" where it is no plain one; ``hidden``:
    not what is drawn, as the text behind a scan or that of a picture; ``running``: no part of the
    text (an Artifact); ``mcid``: -1 without a tag."""

    size: float
    colour: str
    bold: bool
    hidden: bool
    running: bool
    upright: bool
    mcid: int


class Word(Struct, frozen=True):
    """Letters without a space between them."""

    text: str
    box: Box
    look: Look


class Line(Struct, frozen=True):
    """Words on one baseline of one column."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return around(word.box for word in self.words)

    @property
    def look(self) -> Look:
        """That of its longest word."""
        return max(self.words, key=lambda word: len(word.text)).look

    @property
    def running(self) -> bool:
        return all(word.look.running for word in self.words)


class Paper(Struct, frozen=True):
    """The page's size in points, and the matrix from its own space to that of a reader."""

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        a, b, c, d, e, f = self.matrix
        xs = [a * x + c * y + e for x, y in ((left, bottom), (right, top))]
        ys = [b * x + d * y + f for x, y in ((left, bottom), (right, top))]
        return Box(min(xs), min(ys), max(xs), max(ys))


def paper_of_page(page: Any) -> Paper:
    """How a page lies, whatever its rotation and crop."""
    width, height = page.get_size()
    fine = 100  # PDFium gives whole numbers

    def at(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        size = (0, 0, round(width * fine), round(height * fine), 0)
        pdfium.FPDF_PageToDevice(page, *size, x, y, across, down)
        return across.value / fine, down.value / fine

    (e, f), (ax, ay), (cx, cy) = at(0, 0), at(1000, 0), at(0, 1000)
    turn = ((ax - e) / 1000, (ay - f) / 1000, (cx - e) / 1000, (cy - f) / 1000)
    return Paper(width, height, (*turn, e, f))


class _Growing(Struct):
    """A word that may get more letters."""

    text: str
    box: Box
    look: Look


class _Reader(Struct):
    """Reads the characters of a page; what is the same for a text object is asked once."""

    page: Any
    text: Any
    paper: Paper
    looks: dict[int, Look] = field(default_factory=dict)

    def words(self) -> Iterator[Word]:
        word: _Growing | None = None
        for char, box, look in self.chars():
            if word and (char.isspace() or not _joins(word, box, look)):
                yield Word(word.text, word.box, word.look)
                word = None
            if char.isspace():
                continue
            if word:
                word.text += char
                word.box = word.box.with_(box)
            else:
                word = _Growing(char, box, look)
        if word:
            yield Word(word.text, word.box, word.look)

    def chars(self) -> Iterator[tuple[str, Box, Look]]:
        found = pdfium.FS_RECTF()
        look: Look | None = None
        box = Box(0, 0, 0, 0)
        for at in range(min(pdfium.FPDFText_CountChars(self.text), _MOST_CHARS)):
            code = pdfium.FPDFText_GetUnicode(self.text, at)
            char = _SOFT_HYPHENS.get(code) or (chr(code) if code < 0x110000 else "\ufffd")
            one = pdfium.FPDFText_GetTextObject(self.text, at)
            if not one:  # a space or line end that PDFium adds
                if look:
                    yield " ", box, look
                continue
            look = self.look(one, at)
            if not pdfium.FPDFText_GetLooseCharBox(self.text, at, found):
                continue
            box = self.paper.box(found.left, found.bottom, found.right, found.top)
            yield (char if char >= " " else " "), box, look

    def look(self, one: Any, at: int) -> Look:
        """That of a text object."""
        key = ctypes.cast(one, ctypes.c_void_p).value or 0
        if key not in self.looks:
            self.looks[key] = self._look(one, at)
        return self.looks[key]

    def _look(self, one: Any, at: int) -> Look:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self.text, at, matrix)
        size = pdfium.FPDFText_GetFontSize(self.text, at) * hypot(matrix.c, matrix.d)
        a, b, c, d, *_ = self.paper.matrix
        along = (a * matrix.a + c * matrix.b, b * matrix.a + d * matrix.b)
        upright = along[0] > 0 and abs(along[1]) < 0.1 * along[0]
        mode = pdfium.FPDFTextObj_GetTextRenderMode(one)
        colour = "" if mode else _colour(one)
        mcid = pdfium.FPDFPageObj_GetMarkedContentID(one)
        running = "Artifact" in _marks(one)
        hidden = mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE or _is_spoken(one)
        return Look(round(size, 2), colour, self.bold(at), hidden, running, upright, mcid)

    def bold(self, at: int) -> bool:
        name = ctypes.create_string_buffer(100)
        pdfium.FPDFText_GetFontInfo(self.text, at, name, 100, ctypes.c_int())
        low = name.value.decode("utf-8", "replace").casefold()
        return any(one in low for one in ("bold", "black", "heavy"))


def _joins(word: _Growing, box: Box, look: Look) -> bool:
    """Whether a letter belongs to the word before it: same size, same line, no gap."""
    if look.size != word.look.size or look.upright != word.look.upright:
        return False
    if not look.upright:
        return True
    same = min(word.box.bottom, box.bottom) - max(word.box.top, box.top)
    return same > 0.5 * look.size and -look.size < box.left - word.box.right < 0.3 * look.size


def _colour(one: Any) -> str:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(one, red, green, blue, alpha) or alpha.value < 255:
        return ""
    return f"#{red.value:02x}{green.value:02x}{blue.value:02x}"


def _is_spoken(one: Any) -> bool:
    """Whether other words stand for what is drawn (ActualText, ISO 32000-1 14.9.4)."""
    marks = (pdfium.FPDFPageObj_GetMark(one, at) for at in range(_count(one)))
    kinds = (pdfium.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") for mark in marks)
    return pdfium.FPDF_OBJECT_STRING in kinds


def _count(one: Any) -> int:
    return max(0, int(pdfium.FPDFPageObj_CountMarks(one)))


def _marks(one: Any) -> Iterator[str]:
    for number in range(_count(one)):
        name = (ctypes.c_ushort * _LONGEST_MARK)()
        length = ctypes.c_ulong()
        mark = pdfium.FPDFPageObj_GetMark(one, number)
        if pdfium.FPDFPageObjMark_GetName(mark, name, 2 * _LONGEST_MARK, length):
            yield bytes(name)[: max(0, length.value - 2)].decode("utf-16-le", "replace")


def words_of_page(page: Any, paper: Paper) -> list[Word]:
    """The words of a page in the order of its content, those outside of the paper left out."""
    text = page.get_textpage()
    try:
        found = list(_Reader(page, text, paper).words())
    finally:
        text.close()
    return [
        word
        for word in found
        if word.box.right > 0
        and word.box.bottom > 0
        and word.box.left < paper.width
        and word.box.top < paper.height
    ]


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Upright words by line: words of one height that follow each other without a wide gap."""
    lines: list[list[Word]] = []
    for word in words:
        if not word.look.upright:
            continue
        if lines and _follows(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [Line(tuple(line)) for line in lines]


def _follows(before: Word, word: Word) -> bool:
    if before.look.running != word.look.running:
        return False
    same = min(before.box.bottom, word.box.bottom) - max(before.box.top, word.box.top)
    size = max(before.look.size, word.look.size)
    low = min(before.box.height, word.box.height)
    return same > 0.4 * low and -0.5 * size < word.box.left - before.box.right < 1.2 * size


def as_running(line: Line) -> Line:
    """The line as no part of the text: one that stands on each page."""
    return Line(
        tuple(Word(word.text, word.box, replace(word.look, running=True)) for word in line.words)
    )
