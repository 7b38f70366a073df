"""Whether a clinic's words fit on the lines of the layouts that ship, and at their feet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handouts.errors import ContentError, Finding, Source
from handouts.flow.faces import FontBook, lines_taken
from handouts.flow.segments import split_word
from handouts.model import FontSet

#: What their footers hold at least: so many lines, so wide (in sizes of their letters).
_LINES, _WIDTH = 2, 28.0
#: Those of small pages, which stay together: the name alone.
_NARROW = 25.6
#: The line of large print on A4 that ends with how to find the clinic.
_LINE = 25.0


def check_foot(name: str, number: str, fonts: FontSet, source: Source) -> Iterator[Finding]:
    """A finding at ``source`` if ``name``, in bold, and the first ``number`` take more lines.
    Nothing for characters that no font has: ``handouts check`` names them."""
    book = FontBook(fonts)
    try:
        bold, light = (
            [book.width(f"{word} ", bold=bold, source=source) for word in text.split()]
            for text, bold in ((f"{name},", True), (number, False))
        )
    except ContentError:
        return
    long, alone = lines_taken([*bold, *light], _WIDTH), lines_taken(bold, _NARROW)
    remedy = "Write a shorter name, or one with shorter words."
    if long > _LINES:
        message = f"name and the first number take {long} lines at the foot of a page; two fit."
        yield Finding(message, source, remedy)
    elif alone > _LINES:
        message = f"name takes {alone} lines at the foot of a small page; two fit."
        yield Finding(message, source, remedy)


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
