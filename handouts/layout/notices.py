"""The program's notices as blocks: a template says where they stand, never what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from handouts.contract.protected import disclaimer_words, imprint, mark_words, status_words
from handouts.errors import Source
from handouts.model import Block, Brand, Handout, Inline, LayoutKind, Paragraph, Span, Text

#: The blocks of each notice, made anew for each place; () for one that nothing asks for.
Notices: TypeAlias = Mapping[str, Callable[[Source], tuple[Block, ...]]]


def notices(handout: Handout, brand: Brand, kind: LayoutKind) -> Notices:
    """What ``<status-notice/>``, ``<status-mark/>`` and ``<disclaimer/>`` stand for."""
    status, mark = status_words(handout, brand), mark_words(handout, brand)
    own = disclaimer_words(handout, brand, kind)
    name, address = imprint(brand, kind)
    return {
        "status": lambda source: _paragraph(source, (status, "")),
        "mark": lambda source: _paragraph(source, (mark, "")),
        "disclaimer": lambda source: _paragraph(
            source, (own + " " * bool(own and name), ""), (name, "strong"), (address, "")
        ),
    }


def _paragraph(source: Source, *parts: tuple[str, str]) -> tuple[Block, ...]:
    """One paragraph of (words, inline style); nothing where there are no words."""
    inline: list[Inline] = []
    for words, style in parts:
        if words:
            text = Text(words, source)
            inline.append(Span((text,), style, source=source) if style else text)
    return (Paragraph(tuple(inline), source=source),) if inline else ()
