"""Walking and changing the tree of nodes, by the fields that the registry names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import is_not
from typing import Any, TypeAlias, TypeVar

from msgspec.structs import replace

from handouts.model.blocks import Block, Heading, Part, Section
from handouts.model.inlines import Inline, Link
from handouts.model.kinds import KINDS

Node: TypeAlias = Block | Part
N = TypeVar("N", bound=Block | Part | Inline)

_DEEPEST = 6


def nodes_in(node: Node) -> Iterator[Node]:
    """The blocks and parts directly in ``node``, in reading order."""
    for field in KINDS[type(node)].blocks:
        yield from getattr(node, field)


def inline_of(node: Node | Inline) -> tuple[Inline, ...]:
    """The inline content of ``node`` itself: a paragraph's, or the caption of a table."""
    fields = KINDS[type(node)].inline
    if not fields:  # most nodes: this is asked of each, many times
        return ()
    return tuple([one for field in fields for one in getattr(node, field)])


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every block and part, with those inside it, in reading order."""
    found: list[Node] = []
    _gather(nodes, found)
    return iter(found)


def _gather(nodes: Iterable[Node], found: list[Node]) -> None:
    # A list that grows: of generators in each other, each passes on what the deepest one yields.
    for node in nodes:
        found.append(node)
        for field in KINDS[type(node)].blocks:
            _gather(getattr(node, field), found)


def walk_inline(nodes: Iterable[Inline]) -> Iterator[Inline]:
    """Every inline node, with those inside it, in reading order."""
    for node in nodes:
        yield node
        if inside := inline_of(node):
            yield from walk_inline(inside)


def all_inline(nodes: Iterable[Node]) -> Iterator[Inline]:
    """Every inline node below blocks and parts, in reading order."""
    for node in walk(nodes):
        yield from walk_inline(inline_of(node))


def headings_before(nodes: Sequence[Node]) -> int:
    """How many headings ``nodes`` begin with, if something follows them; else 0."""
    return next((at for at, node in enumerate(nodes) if not isinstance(node, Heading)), 0)


def with_nodes(node: N, change: Callable[[tuple[Any, ...]], Iterable[Node]]) -> N:
    """``node`` with ``change`` applied to each run of blocks or parts directly in it."""
    return _changed(node, KINDS[type(node)].blocks, change)


def with_inline(node: N, change: Callable[[tuple[Any, ...]], Iterable[Inline]]) -> N:
    """``node`` with ``change`` applied to each run of inline content directly in it."""
    return _changed(node, KINDS[type(node)].inline, change)


def ids_in(nodes: Iterable[Node]) -> set[str]:
    """The ids of ``nodes`` and of all in them."""
    return {id for node in walk(nodes) if (id := getattr(node, "id", ""))}


def with_prefix(nodes: Iterable[Block], prefix: str, ids: Collection[str]) -> tuple[Block, ...]:
    """``nodes`` with ``prefix`` before each of ``ids``, and in the links that lead there."""

    def inline(line: Iterable[Inline]) -> Iterator[Inline]:
        for one in line:
            inside = with_inline(one, inline)
            if isinstance(inside, Link) and inside.href[:1] == "#" and inside.href[1:] in ids:
                inside = replace(inside, href=f"#{prefix}{inside.href[1:]}")
            yield inside

    def changed(node: Any) -> Any:
        if getattr(node, "id", "") in ids:
            node = replace(node, id=prefix + node.id)
        return with_nodes(with_inline(node, inline), lambda inside: map(changed, inside))

    return tuple(map(changed, nodes))


def _changed(node: N, fields: tuple[str, ...], change: Callable[[Any], Iterable[Any]]) -> N:
    if not fields:
        return node
    new: dict[str, Any] = {}
    for field in fields:
        old = getattr(node, field)
        made = tuple(change(old))
        if len(made) != len(old) or any(map(is_not, made, old)):
            new[field] = made
    return replace(node, **new) if new else node


class Levels:
    """The levels of headings, from nesting alone: no gap can happen (PDF/UA-1 7.4.2).

    A heading is one level below the nearest Section around its own that has had a heading; the
    document counts as a Section. Nodes must be met in reading order.
    """

    def __init__(self) -> None:
        self._headed = [False]  # the document, then the Sections that are open

    def enter(self, node: Node) -> None:
        """Begin ``node``; each call needs its ``leave``."""
        if isinstance(node, Section):
            self._headed.append(False)

    def leave(self, node: Node) -> None:
        """End ``node``."""
        if isinstance(node, Section):
            self._headed.pop()

    def of(self, heading: Heading) -> int:
        """The level of ``heading``, which stands here: 1 to 6."""
        del heading
        self._headed[-1] = True
        return min(sum(self._headed), _DEEPEST)
