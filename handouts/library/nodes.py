"""What a parsed section consists of before values, flags and citations are resolved.

These nodes mirror the model's Blocks, and add what only content files have: values, citations,
and directives. They depend on the file alone, so a parsed section serves every handout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from handouts.errors import Source
from handouts.model import Marker


@dataclass(frozen=True, slots=True)
class RawText:
    """Characters that are printed as they stand."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class RawBreak:
    """A forced line break."""

    source: Source


@dataclass(frozen=True, slots=True)
class ValueUse:
    """``{{ name }}``."""

    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class CitationUse:
    """``[@key1; @key2]``."""

    keys: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class RawSpan:
    """``**strong**`` or ``*em*``."""

    children: tuple[RawInline, ...]
    style: Literal["strong", "em"]
    source: Source


@dataclass(frozen=True, slots=True)
class RawLink:
    """``[words](https://…)``."""

    children: tuple[RawInline, ...]
    href: str
    source: Source


RawInline: TypeAlias = RawText | RawBreak | ValueUse | CitationUse | RawSpan | RawLink


@dataclass(frozen=True, slots=True)
class RawParagraph:
    """A paragraph."""

    children: tuple[RawInline, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class RawHeading:
    """``###`` or ``####``."""

    children: tuple[RawInline, ...]
    level: int
    source: Source


@dataclass(frozen=True, slots=True)
class RawItem:
    """A list item."""

    children: tuple[RawBlock, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class RawList:
    """A list; CHECKBOX when its items begin with ``[ ]``."""

    items: tuple[RawItem, ...]
    marker: Marker
    start: int
    source: Source


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell of a pipe table."""

    children: tuple[RawInline, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class RawTable:
    """A pipe table; ``widths`` are the numbers of dashes in its delimiter row."""

    caption: tuple[RawInline, ...]
    head: tuple[RawCell, ...]
    rows: tuple[tuple[RawCell, ...], ...]
    widths: tuple[float, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class When:
    """``::: when FLAG !FLAG``: the children stand only if all flags hold."""

    flags: tuple[str, ...]
    children: tuple[RawBlock, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Boxed:
    """``::: panel CLASS``."""

    style: str
    children: tuple[RawBlock, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class InLanguage:
    """``::: lang TAG``."""

    lang: str
    children: tuple[RawBlock, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Lines:
    """``::: lines N``."""

    count: int
    source: Source


@dataclass(frozen=True, slots=True)
class Generated:
    """A block that compose writes: glossary, references, only-if-box, review-info."""

    kind: str
    source: Source


RawBlock: TypeAlias = (
    RawParagraph | RawHeading | RawList | RawTable | When | Boxed | InLanguage | Lines | Generated
)


def walk(blocks: Iterable[RawBlock]) -> Iterator[RawBlock]:
    """Every block with those inside it, in order."""
    for block in blocks:
        yield block
        match block:
            case When(children=inner) | Boxed(children=inner) | InLanguage(children=inner):
                yield from walk(inner)
            case RawList(items=items):
                for item in items:
                    yield from walk(item.children)


def walk_inline(nodes: Iterable[RawInline]) -> Iterator[RawInline]:
    """Every inline node with those inside it, in order."""
    for node in nodes:
        yield node
        if isinstance(node, RawSpan | RawLink):
            yield from walk_inline(node.children)


def words_of(block: RawBlock) -> tuple[RawInline, ...]:
    """The inline nodes that belong to this block itself: a table's are caption and cells."""
    match block:
        case RawParagraph(children=children) | RawHeading(children=children):
            return children
        case RawTable(caption=caption, head=head, rows=rows):
            cells = (cell for row in (head, *rows) for cell in row)
            return (*caption, *(node for cell in cells for node in cell.children))
    return ()
