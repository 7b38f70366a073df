"""Small pictures of a letter's pages, for somebody who looks whether it is the right one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from handouts.attach.options import Private
from handouts.attach.refusals import Reason, Refused
from handouts.attach.rewriting import shown_by_pdfium

_LONGEST = 4_000


class Thumbnails(Private, frozen=True, forbid_unknown_fields=True):
    """PNG files, one for each page that was asked for; empty where a page cannot be drawn."""

    pictures: tuple[bytes, ...]


def thumbnails(data: bytes, numbers: Sequence[int], width: int, password: str | None) -> Thumbnails:
    """The pages of those numbers, from 1, ``width`` pixels wide. Unguarded. Raises ``Refused``."""
    import pypdfium2 as pdfium

    try:
        document = shown_by_pdfium(data, password)
    except pdfium.PdfiumError:
        raise Refused(Reason.DAMAGED, detail="it cannot be shown") from None
    return Thumbnails(tuple(_picture(document, number, width) for number in numbers))


def _picture(document: Any, number: int, width: int) -> bytes:
    import pypdfium2 as pdfium

    try:
        page = document[number - 1]
        across, down = page.get_size()
        image = page.render(scale=min(width / max(across, 1), _LONGEST / max(down, 1))).to_pil()
    except (pdfium.PdfiumError, IndexError):
        return b""
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG", compress_level=4)
    return out.getvalue()
