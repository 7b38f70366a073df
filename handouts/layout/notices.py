"""The program's notices as blocks: a template says where they stand, never what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from handouts.contract.protected import (
    disclaimer_words,
    imprint,
    left_out_words,
    mark_words,
    status_words,
)
from handouts.errors import Source
from handouts.model import Block, Brand, Handout, Inline, LayoutKind, Link, Paragraph, Span, Text

#: The blocks of each notice, made anew for each place; () for one that nothing asks for.
Notices: TypeAlias = Mapping[str, Callable[[Source], tuple[Block, ...]]]

#: The line of the interface that says what a link does, by where it leads.
_SPOKEN = {"tel": "call", "mailto": "email", "https": "website", "http": "website"}


def notices(handout: Handout, brand: Brand, kind: LayoutKind) -> Notices:
    """What ``<status-notice/>`` and the other elements of notices stand for."""
    status, mark = status_words(handout, brand), mark_words(handout, brand)
    own, left_out = disclaimer_words(handout, brand, kind), left_out_words(handout)
    return {
        "status": lambda source: _paragraph(source, status),
        "mark": lambda source: _paragraph(source, mark),
        "disclaimer": lambda source: _disclaimer(source, own, imprint(brand, kind), handout.terms),
        "left-out": lambda source: _paragraph(source, left_out),
    }


def _disclaimer(
    source: Source, own: str, where: Sequence[tuple[str, str]], terms: Mapping[str, str]
) -> tuple[Block, ...]:
    """The program's and the clinic's words, then in one paragraph with them its name, in bold,
    and where it is found."""
    if not where:
        return _paragraph(source, own)
    inline: list[Inline] = [Text(f"{own} ".lstrip(), source)]
    inline.append(Span((Text(where[0][0], source),), "strong", source=source))
    for words, href in where[1:]:
        text = Text(words, source)
        said = terms.get(_SPOKEN.get(href.partition(":")[0], ""), "")
        inline.append(Link((text,), href, f"{said} {words}".strip(), source) if href else text)
    return (Paragraph(tuple(inline), source=source),)


def _paragraph(source: Source, words: str) -> tuple[Block, ...]:
    """One paragraph; nothing where there are no words."""
    return (Paragraph((Text(words, source),), source=source),) if words else ()
