"""Pictures of pages, for the screen: the same PDF that is printed."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from typing import Final

from handouts.errors import LetterError

LOCK: Final = threading.Lock()  # PDFium knows one thread
_MOST_BYTES: Final = 60_000_000
_MOST_PIXELS: Final = 40_000_000
_LONGEST: Final = 4_000


class Pictures:
    """Pages as PNG files. Those of nobody's own handout are kept for a while."""

    def __init__(self) -> None:
        """None yet."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._held = 0

    def page(self, data: bytes, number: int, width: int, known_as: str = "") -> bytes:
        """Page ``number``, from 1, ``width`` pixels wide. ``known_as``: the hash of bytes that
        are nobody's, so that their pictures are made once.

        Raises LetterError where there is no such page, or PDFium cannot read it.
        """
        key = known_as, number, width
        with self._lock:
            if known_as and (found := self._kept.get(key)):
                self._kept.move_to_end(key)
                return found
        picture = rendered(data, number, width)
        if known_as:
            self._keep(key, picture)
        return picture

    def _keep(self, key: tuple[str, int, int], picture: bytes) -> None:
        with self._lock:
            self._held += len(picture) - len(self._kept.get(key, b""))
            self._kept[key] = picture
            while self._held > _MOST_BYTES:
                self._held -= len(self._kept.popitem(last=False)[1])


def rendered(data: bytes, number: int, width: int) -> bytes:
    """A page as PNG. Raises LetterError."""
    import pypdfium2

    with LOCK:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            raise _unreadable() from None
        try:
            if not 1 <= number <= len(pdf):
                raise _unreadable()
            page = pdf[number - 1]
            across, down = page.get_size()
            scale = width / max(across, 1.0)
            scale = min(scale, _LONGEST / max(down, 1.0))
            if across * down * scale * scale > _MOST_PIXELS:
                raise _unreadable()
            image = page.render(scale=scale, may_draw_forms=False).to_pil()
        except pypdfium2.PdfiumError:
            raise _unreadable() from None
        finally:
            pdf.close()
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG", compress_level=4)
    return out.getvalue()


def pages_with(data: bytes, text: str) -> tuple[int, ...]:
    """The pages that print ``text``, from 1; none for no text."""
    import pypdfium2

    if not text:
        return ()
    with LOCK:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return ()
        try:
            found = (page.get_textpage().search(text).get_next() for page in pdf)
            return tuple(number for number, one in enumerate(found, 1) if one is not None)
        finally:
            pdf.close()


def _unreadable() -> LetterError:
    return LetterError("There is no picture of this page.", remedy="Open the PDF.")
