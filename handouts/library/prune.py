"""Nodes of a section with its ``::: when`` parts decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from msgspec.structs import replace

from handouts.model import Block, ListBlock, Part, When
from handouts.model.tree import with_nodes

N = TypeVar("N", bound=Block | Part)

#: Whether a flag holds; None if that is not known yet.
Holds = Callable[[str], bool | None]


def prune(blocks: Iterable[N], holds: Holds) -> tuple[N, ...]:
    """``blocks`` without what does not hold.

    A ``when`` with flags that are not known yet stays, with these flags alone. Lists that meet
    where a ``when`` began or ended become one list, so that single items can vary.
    """
    return tuple(_joined(one for block in blocks for one in _decided(block, holds)))


def _decided(node: Any, holds: Holds) -> Iterator[Any]:
    if not isinstance(node, When):
        yield with_nodes(node, lambda children: prune(children, holds))
        return
    answers = {flag: _answer(flag, holds) for flag in node.flags}
    if False in answers.values():
        return
    open_flags = tuple(flag for flag, answer in answers.items() if answer is None)
    children = prune(node.children, holds)
    if open_flags:
        yield replace(node, flags=open_flags, children=children)
    else:
        yield from children


def _answer(flag: str, holds: Holds) -> bool | None:
    answer = holds(flag.removeprefix("!"))
    return not answer if flag.startswith("!") and answer is not None else answer


def _joined(blocks: Iterable[Any]) -> Iterator[Any]:
    held: ListBlock | None = None
    for block in blocks:
        if isinstance(block, ListBlock) and held and held.marker is block.marker:
            held = replace(held, items=(*held.items, *block.items))
            continue
        if held:
            yield held
        held = block if isinstance(block, ListBlock) else None
        if held is None:
            yield block
    if held:
        yield held
