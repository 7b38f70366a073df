"""Whether a clinic's name and number fit at the foot of each page of the layouts that ship."""

from __future__ import annotations

from collections.abc import Iterator

from handouts.errors import ContentError, Finding, Source
from handouts.flow.faces import FontBook
from handouts.model import FontSet

#: What their footers hold at least: so many lines, so wide (in sizes of their letters).
_LINES, _WIDTH = 2, 29.0


def check_foot(name: str, number: str, fonts: FontSet, source: Source) -> Iterator[Finding]:
    """A finding at ``source`` if ``name``, in bold, and the first ``number`` take more lines.
    Nothing for characters that no font has: ``handouts check`` names them."""
    book, lines, left = FontBook(fonts), 1, _WIDTH
    words = [(word, True) for word in f"{name},".split()]
    for word, bold in words + [(word, False) for word in number.split()]:
        try:
            runs = book.runs(f"{word} ", book.face("body", bold), source)
        except ContentError:
            return
        width = sum(face.width(text, 1.0) for face, text in runs)
        if width > left:
            lines, left = lines + 1, _WIDTH
        while width > left:
            lines, width = lines + 1, width - _WIDTH
        left -= width
    if lines > _LINES:
        message = f"name and the first number take {lines} lines at the foot of a page; two fit."
        yield Finding(message, source, "Write a shorter name, or one with shorter words.")
