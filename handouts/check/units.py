"""The units that checks look at: a paragraph, a list item, a table as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handouts.compose.values import Values
from handouts.errors import Source
from handouts.library.nodes import (
    Boxed,
    CitationUse,
    InLanguage,
    RawBlock,
    RawHeading,
    RawInline,
    RawList,
    RawParagraph,
    RawTable,
    RawText,
    ValueUse,
    When,
    walk_inline,
    words_of,
)

#: Stands for a value in the words that were typed by hand.
VALUE = "\ufffc"


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that stand together.

    ``text`` is what a reader gets, ``typed`` what an editor typed (values are one sign), ``cites``
    the keys of the sources that are cited here.
    """

    text: str
    typed: str
    cites: tuple[tuple[str, Source], ...]
    uses: tuple[tuple[str, Source], ...]  # values
    source: Source
    foreign: bool = False  # in another language


def units(blocks: Iterable[RawBlock], values: Values, foreign: bool = False) -> Iterator[Unit]:
    """The units of blocks, in order. A list inside a list item is units of its own."""
    for block in blocks:
        match block:
            case RawParagraph() | RawHeading():
                yield unit(words_of(block), values, block.source, foreign)
            case RawTable(caption=caption, head=head, rows=rows):
                cells = (cell.children for row in (head, *rows) for cell in row)
                yield _joined((caption, *cells), values, block.source, foreign)
            case RawList(items=items):
                for item in items:
                    yield from _item(item.children, values, item.source, foreign)
            case When(children=children) | Boxed(children=children):
                yield from units(children, values, foreign)
            case InLanguage(children=children):
                yield from units(children, values, foreign=True)


def unit(nodes: Iterable[RawInline], values: Values, source: Source, foreign: bool = False) -> Unit:
    """One run of inline nodes as a unit, such as a title."""
    return _joined((tuple(nodes),), values, source, foreign)


def _item(
    blocks: Iterable[RawBlock], values: Values, source: Source, foreign: bool
) -> Iterator[Unit]:
    paragraphs = [block for block in blocks if isinstance(block, RawParagraph)]
    rest = [block for block in blocks if not isinstance(block, RawParagraph)]
    if paragraphs:
        yield _joined((one.children for one in paragraphs), values, source, foreign)
    yield from units(rest, values, foreign)


def _joined(
    runs: Iterable[tuple[RawInline, ...]], values: Values, source: Source, foreign: bool
) -> Unit:
    text, typed, cites, uses = [], [], [], []
    for run in runs:
        text.append(values.spoken(run))
        words = ""
        for node in walk_inline(run):
            match node:
                case RawText():
                    words += node.text
                case ValueUse(name=name):
                    words += VALUE
                    uses.append((name, node.source))
                case CitationUse(keys=keys):
                    cites += [(key, node.source) for key in keys]
        typed.append(words)
    return Unit("\n".join(text), "\n".join(typed), tuple(cites), tuple(uses), source, foreign)
