"""The last gate before a file: pypdf, which had no part in making it, must read it as we do.

A reader that guesses where we are strict shows what a recipient's viewer might guess. Only what
is cheap is asked: pages, bookmarks, attached files, and whether anything had to be repaired.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.attach import copies
from handouts.attach.opening import Opened
from handouts.attach.reading.crypt import secrets_of
from handouts.attach.reading.inspection import page_size, seen_size, shown_box, turn
from handouts.attach.reading.objects import read_text
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page, named
from handouts.attach.refusals import Reason, Refused
from handouts.attach.selfcheck import measure_catalog

if TYPE_CHECKING:
    from pypdf import PdfReader

_UNIQUE = re.compile(r"\{.*\}|\d+", re.DOTALL)
"""What a complaint names besides what is wrong: a number, or all of a dictionary's entries."""

Shape = tuple[float, float, int]
"""Width and height of a page as it is seen, in points, and its rotation in degrees."""


class Findings(Struct, frozen=True):
    """What a reader finds in a PDF. ``repairs`` are its complaints, without their numbers."""

    pages: tuple[Shape, ...]
    bookmarks: int
    files: dict[str, int]
    repairs: frozenset[str] = frozenset()


def examine(
    pdf: PdfFile, pages: Sequence[Page], sources: Sequence[Opened], what: str
) -> Callable[[], None]:
    """Let pypdf read a finished file, which we have read again as ``pdf`` with these ``pages``.

    ``sources`` are the PDFs that the pages come from, in their order; the password is that of the
    first. What pypdf misreads or repairs in them already, it may misread and repair in the file.
    In the child process that reads letters, pypdf reads in a copy of it, where a system has such.

    The step that must follow waits for the end. It raises ``Refused`` about ``what`` where pypdf
    finds something else than we do.
    """
    pieces = (pdf.base.data, pdf.data) if pdf.base else (pdf.data,)
    password = sources[0].password if pdf.cipher is not None else None

    def read() -> Findings:
        return _seen_by_pypdf(pieces, password, what)

    found = copies.beside(read, Findings)

    def judge() -> None:
        expected, seen = _seen_by_us(pdf, pages), found()
        if seen != expected:
            _compare(seen, _as_pypdf_would(expected, sources, what), what)

    return judge


def _as_pypdf_would(expected: Findings, sources: Sequence[Opened], what: str) -> Findings:
    """What we expect, corrected by what pypdf sees otherwise in the sources."""
    pages: list[Shape] = []
    repairs: set[str] = set()
    bookmarks, files = expected.bookmarks, Counter(expected.files)
    for source in sources:
        ours = _seen_by_us(source.pdf, source.pages)
        theirs = _seen_by_pypdf((source.pdf.data,), source.password, what)
        pages += theirs.pages
        bookmarks += theirs.bookmarks - ours.bookmarks
        files.update(theirs.files)
        files.subtract(ours.files)
        repairs |= theirs.repairs
    return Findings(tuple(pages), bookmarks, +files, frozenset(repairs))


def _compare(found: Findings, expected: Findings, what: str) -> None:
    differences = {
        "other pages": found.pages != expected.pages,
        "other bookmarks": found.bookmarks != expected.bookmarks,
        "other attached files": found.files != expected.files,
        "something to repair": not found.repairs <= expected.repairs,
    }
    if seen := [name for name, differs in differences.items() if differs]:
        detail = f"a second reader finds {' and '.join(seen)} in the result"
        raise Refused(Reason.CHECK_FAILED, what, detail)


# --- As we read ---------------------------------------------------------------------------


def _seen_by_us(pdf: PdfFile, pages: Iterable[Page]) -> Findings:
    files = (read_text(key) for key, _ in named(pdf, b"EmbeddedFiles"))
    shapes = tuple(_shape_by_us(pdf, page) for page in pages)
    return Findings(shapes, measure_catalog(pdf).bookmarks, Counter(files))


def _shape_by_us(pdf: PdfFile, page: Page) -> Shape:
    return *page_size(pdf, page), turn(pdf, page)


# --- As pypdf reads -----------------------------------------------------------------------


def _seen_by_pypdf(pieces: Sequence[bytes], password: str | None, what: str) -> Findings:
    """Strictly first; what strict reading refuses counts as a repair of lenient reading."""
    from pypdf import PdfReader
    from pypdf.errors import WrongPasswordError

    def read(strict: bool) -> Findings:
        stream = io.BufferedReader(Joined(pieces))
        for secret in filter(None, secrets_of(password)):
            with suppress(WrongPasswordError):
                return _ask(PdfReader(stream, strict=strict, password=secret))
        return _ask(PdfReader(stream, strict=strict))  # it tries the empty password by itself

    with _complaints() as repairs:
        try:
            found = read(strict=True)
        except Exception as complaint:
            repairs.append(str(complaint))
            try:
                found = read(strict=False)
            except Exception as error:
                detail = f"a second reader cannot open the result: {type(error).__name__}"
                raise Refused(Reason.CHECK_FAILED, what, detail) from None
    return replace(found, repairs=frozenset(_UNIQUE.sub("#", text) for text in repairs))


def _ask(reader: PdfReader) -> Findings:
    boxes = [(shown_box(page.mediabox, page.cropbox), page.rotation) for page in reader.pages]
    shapes = tuple((*seen_size(box, turn), int(turn) % 360) for box, turn in boxes)
    files = Counter(str(file.name) for file in reader.attachment_list)
    return Findings(shapes, _count_bookmarks(reader.root_object), files)


def _count_bookmarks(catalog: Any) -> int:
    """As pypdf reads each; its own walk over them ends at 100 levels."""

    def entry(owner: Any, key: str) -> Any:
        return owner[key] if isinstance(owner, dict) and key in owner else None

    root = entry(catalog, "/Outlines")
    stack, seen = [entry(root, "/First")], {id(root): root}
    while stack:
        item = stack.pop()
        if isinstance(item, dict) and item and id(item) not in seen:
            seen[id(item)] = item
            stack += [entry(item, "/Next"), entry(item, "/First")]
    return len(seen) - 1


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What pypdf logs while it reads; it reaches no log, because it may quote the letter."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger, listener = logging.getLogger("pypdf"), Listener(logging.WARNING)
    before = logger.level, logger.propagate
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.addHandler(listener)
    try:
        yield heard
    finally:
        logger.removeHandler(listener)
        logger.setLevel(before[0])
        logger.propagate = before[1]


class Joined(io.RawIOBase):
    """Pieces of bytes as one stream, so that a large letter is not copied."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces = [memoryview(piece) for piece in pieces]
        self.size = sum(len(piece) for piece in pieces)
        self.position = 0

    def readable(self) -> bool:
        """Always, and from any place."""
        return True

    seekable = readable

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As in ``io.RawIOBase``."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = max(0, origin + offset)
        return self.position

    def readinto(self, buffer: Any) -> int:
        """As in ``io.RawIOBase``."""
        start = self.position
        for piece in self.pieces:
            if start < len(piece):
                part = piece[start : start + len(buffer)]
                buffer[: len(part)] = part
                self.position += len(part)
                return len(part)
            start -= len(piece)
        return 0
