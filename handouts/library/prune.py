"""Nodes of a section with its ``::: when`` parts decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from msgspec.structs import replace

from handouts.model import Block, Heading, ListBlock, Part, When
from handouts.model.tree import nodes_in, with_nodes

N = TypeVar("N", bound=Block | Part)

#: Whether a flag holds; None if that is not known yet.
Holds = Callable[[str], bool | None]


def prune(blocks: Iterable[N], holds: Holds) -> tuple[N, ...]:
    """``blocks`` without what does not hold, and without what held nothing else.

    A ``when`` with flags that are not known yet stays, with these flags alone. Lists that meet
    where a ``when`` began or ended become one list, so that single items can vary; it counts from
    where the first of them did, whether or not that holds.
    """
    kept: list[Any] = []
    meets = False
    for block in blocks:
        meets |= isinstance(block, When)
        for one in _decided(block, holds):
            if meets and kept and _is_same_list(kept[-1], one):
                kept[-1] = replace(kept[-1], items=(*kept[-1].items, *one.items))
            else:
                kept.append(one)
            meets = False
        meets |= isinstance(block, When)
    return tuple(one for one in kept if not isinstance(one, ListBlock) or one.items)


def _is_same_list(first: Any, second: Any) -> bool:
    lists = isinstance(first, ListBlock) and isinstance(second, ListBlock)
    return lists and first.marker is second.marker


def _decided(node: Any, holds: Holds) -> Iterator[Any]:
    if not isinstance(node, When):
        pruned = with_nodes(node, lambda children: prune(children, holds))
        if _holds_more(pruned) or not _holds_more(node):
            yield pruned
        return
    answers = {flag: _answer(flag, holds) for flag in node.flags}
    if False in answers.values():
        match node.children:
            case (ListBlock() as left_out,):
                yield replace(left_out, items=())
        return
    open_flags = tuple(flag for flag, answer in answers.items() if answer is None)
    children = prune(node.children, holds)
    if open_flags:
        yield replace(node, flags=open_flags, children=children)
    else:
        yield from children


def _holds_more(node: Any) -> bool:
    """Whether something stands in it beside a heading."""
    return any(not isinstance(one, Heading) for one in nodes_in(node))


def _answer(flag: str, holds: Holds) -> bool | None:
    answer = holds(flag.removeprefix("!"))
    return not answer if flag.startswith("!") and answer is not None else answer
