"""Whether a clinic's words fit on the lines of the layouts that ship, and at their feet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handouts.errors import ContentError, Finding, Source
from handouts.flow.faces import FontBook
from handouts.flow.segments import split_word
from handouts.model import FontSet

#: What their footers hold at least, on A4: so many lines, so wide (in sizes of their letters).
_LINES, _WIDTH = 2, 28.0
#: The line of large print on A4 that ends with how to find the clinic.
_LINE = 25.0


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


def check_words(texts: Iterable[tuple[str, Source]], fonts: FontSet) -> Iterator[Finding]:
    """A finding for each text, at its place, that holds a word wider than a line."""
    book = FontBook(fonts)
    for text, source in texts:
        for part in (part for word in text.split() for part in split_word(word)):
            try:
                runs = book.runs(part, book.face("body", bold=False), source)
            except ContentError:
                continue
            if sum(face.width(run, 1.0) for face, run in runs) > _LINE:
                message = f"“{part[:50]}” is wider than a line of large print."
                yield Finding(message, source, "Write it shorter or with a hyphen.")
