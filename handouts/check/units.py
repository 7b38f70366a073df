"""The units that checks look at: a paragraph, a list item, a table as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from handouts.compose.pictured import share_of
from handouts.compose.values import Values
from handouts.errors import HandoutsError, Source
from handouts.model import (
    Block,
    Cite,
    Group,
    Inline,
    LineBreak,
    ListBlock,
    NamedFigure,
    Paragraph,
    Part,
    PeopleFigure,
    Table,
    Text,
)
from handouts.model import Value as ValueNode
from handouts.model.tree import inline_of, nodes_in, walk, walk_inline
from handouts.visible import SOFT_HYPHEN

#: Stands for a value in the words that were typed by hand.
VALUE = "\ufffc"


class Unit(Struct, frozen=True):
    """Words that stand together.

    ``text`` is what a reader gets, ``typed`` what an editor typed (values are one sign), ``cites``
    the keys of the sources that are cited here.
    """

    text: str
    typed: str
    cites: tuple[tuple[str, Source], ...]
    uses: tuple[tuple[str, Source], ...]  # values
    source: Source
    foreign: str = ""  # the other language that they are in


def units(nodes: Iterable[Block | Part], values: Values, foreign: str = "") -> Iterator[Unit]:
    """The units of blocks, in order. A list inside a list item is units of its own."""
    for node in nodes:
        match node:
            case Table():
                runs = [inline_of(one) for one in walk((node,))]
                yield _joined(runs, values, node.source, foreign)
            case ListBlock(items=items):
                for item in items:
                    yield from _item(item.children, values, item.source, foreign)
            case NamedFigure():
                yield _joined(_figure(node, values), values, node.source, foreign)
            case PeopleFigure():
                yield _joined((node.caption, *_numbers(node, values)), values, node.source, foreign)
            case Group(lang=lang) if lang:
                yield from units(node.children, values, foreign=lang)
            case _:
                if inline := inline_of(node):
                    yield unit(inline, values, node.source, foreign)
                yield from units(nodes_in(node), values, foreign)


def _figure(node: NamedFigure, values: Values) -> Iterator[tuple[Inline, ...]]:
    """The caption of a figure, and what it says and shows; a number alone is one of a scale."""
    yield node.caption
    try:
        figure = values.library.figure(node.name)
    except HandoutsError:  # composing tells what is wrong with it
        return
    yield figure.alt
    for label in figure.labels:
        if not values.spoken(label.children).isdigit():
            yield label.children


def _numbers(node: PeopleFigure, values: Values) -> Iterator[tuple[Inline, ...]]:
    """The numbers that a picture of people draws, each by itself: they stand in its source, too."""
    for share in (share_of(values.library, key) for key in node.key.split()):
        if share:
            drawn = filter(None, (share.count, share.of, share.not_counted))
            yield from ((Text(str(number)),) for number in drawn)


def unit(nodes: Iterable[Inline], values: Values, source: Source, foreign: str = "") -> Unit:
    """One run of inline nodes as a unit, such as a title."""
    return _joined((tuple(nodes),), values, source, foreign)


def _item(blocks: Iterable[Block], values: Values, source: Source, foreign: str) -> Iterator[Unit]:
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    rest = [block for block in blocks if not isinstance(block, Paragraph)]
    if paragraphs:
        yield _joined((one.children for one in paragraphs), values, source, foreign)
    yield from units(rest, values, foreign)


def _joined(
    runs: Iterable[tuple[Inline, ...]], values: Values, source: Source, foreign: str
) -> Unit:
    text: list[str] = []
    typed: list[str] = []
    cites: list[tuple[str, Source]] = []
    uses: list[tuple[str, Source]] = []
    for run in runs:
        text.append(values.spoken(run).replace(SOFT_HYPHEN, ""))
        nodes = list(walk_inline(run))
        uses += [(node.name, node.source) for node in nodes if isinstance(node, ValueNode)]
        cites += [(node.key, node.source) for node in nodes if isinstance(node, Cite)]
        typed.append("".join(_typed(node) for node in nodes))
    return Unit("\n".join(text), "\n".join(typed), tuple(cites), tuple(uses), source, foreign)


def _typed(node: Inline) -> str:
    """What an editor typed for ``node`` itself."""
    if isinstance(node, Text):
        return node.text.replace(SOFT_HYPHEN, "")
    return VALUE if isinstance(node, ValueNode) else " " if isinstance(node, LineBreak) else ""
