"""The marks of words that nobody has translated yet: in files, and on pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from handouts.model.inlines import Inline, Text
from handouts.model.tree import with_inline

#: Stands before words of the source in the files of a new language, and in print.
UNTRANSLATED = "(not translated)"
#: The same where room is for words alone: what every page repeats, and labels of pictures.
_SHORT = "(?)"


def shortly_marked(text: str) -> str:
    """``text`` as such a place prints it."""
    return text.replace(UNTRANSLATED, _SHORT)


def with_short_marks(nodes: Iterable[Inline]) -> Iterator[Inline]:
    """Inline content as such a place prints it."""
    for node in nodes:
        if isinstance(node, Text):
            yield replace(node, text=shortly_marked(node.text))
        else:
            yield with_inline(node, with_short_marks)
