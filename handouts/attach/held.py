"""The handouts in the files that a PDF holds, and in those that these hold (7.11.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from handouts.attach.options import Limits
from handouts.attach.reading.inspection import look
from handouts.attach.reading.objects import Ref, Stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.xmp import PartStatus, parts_of

_EF: Final = re.compile(rb"/(?:E|#45)(?:F|#46)(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])")
_SYSTEMS: Final = (b"F", b"UF", b"DOS", b"Mac", b"Unix")
"""The entries of an ``/EF``: a file may be there for each kind of system."""
_DEEPEST: Final = 3
_HEAD: Final = 1024


class Held:
    """The handouts (``parts``) in the files within a PDF; ``unread``: whether there are PDFs among
    these of which nobody knows.

    Files are looked for in every object, so wherever they hang: by name, on a page, a note, a
    picture, a link. All PDFs within may have the size of one letter together.
    """

    def __init__(self, pdf: PdfFile, limits: Limits) -> None:
        self.parts: dict[PartStatus, None] = {}
        self.unread = False
        self._limits = limits
        self._left = limits.size
        self._search(pdf, 1)

    def _search(self, pdf: PdfFile, depth: int) -> None:
        for stream, num in self._files(pdf):
            inner = self._pdf_in(pdf, stream, num)
            if inner and depth > _DEEPEST:
                self.unread = True
            elif inner:
                self._look(inner, depth)

    def _files(self, pdf: PdfFile) -> Iterator[tuple[Stream, int]]:
        """The files right within a PDF, each once."""
        seen = set[int]()
        for num in [*pdf.xref] if _may_hold(pdf) else ():
            try:
                found = [*_files_in(pdf, pdf.get(num))]
            except Exception:  # whatever is wrong there: a file may hang on it
                self.unread = True
                continue
            for stream, own in found:
                if own not in seen:
                    seen.add(own)
                    self.unread |= _locks_files_alone(pdf)
                    yield stream, own

    def _pdf_in(self, pdf: PdfFile, stream: Stream, num: int) -> bytes:
        """The file, if it is a PDF, else nothing: a file of another kind may be of any size."""
        try:
            if not stream.raw or b"%PDF-" not in pdf.decode(stream, num, _HEAD, cut=True):
                return b""
            inner = pdf.decode(stream, num, max(1, self._left))  # zlib: 0 is "no limit"
        except Exception:  # whatever is wrong with it, it is no fault of the letter
            self.unread = True
            return b""
        self._left -= len(inner)
        return inner

    def _look(self, inner: bytes, depth: int) -> None:
        try:
            pdf = PdfFile(inner)
            self.parts |= dict.fromkeys(look(pdf, self._limits.pages)[0].parts)
        except Exception:  # as above; what stands in its plain bytes is known all the same
            self.parts |= dict.fromkeys(parts_of(inner))
            self.unread = True
            return
        self._search(pdf, depth + 1)


def _locks_files_alone(pdf: PdfFile) -> bool:
    """Whether attached files are encrypted in another way than the rest (7.6.5, ``/EFF``): they
    are not read."""
    lock = pdf.dict(pdf.trailer.get(b"Encrypt"))
    usual = lock.get(b"StmF", b"Identity")
    return bool(lock.get(b"EFF", usual) != usual)


def _may_hold(pdf: PdfFile) -> bool:
    """Whether ``/EF`` stands anywhere: of most letters, not each object need be read."""
    try:
        return any(map(_EF.search, chain([pdf.data], map(pdf.pack_text, pdf.packs))))
    except Exception:  # what cannot be read may say so
        return True


def _files_in(pdf: PdfFile, value: Any) -> Iterator[tuple[Stream, int]]:
    """The files that an object names, at any depth within it."""
    stack = [value]
    while stack:
        value = stack.pop()
        if type(value) is Stream:
            value = value.entries
        if type(value) is list:
            stack.extend(value)
        elif type(value) is dict:
            stack.extend(value.values())
            forms = pdf.resolve(value.get(b"EF"))
            for place in map(forms.get, _SYSTEMS) if type(forms) is dict else ():
                stream = pdf.resolve(place)
                if type(stream) is Stream and type(place) is Ref:
                    yield stream, place.num
