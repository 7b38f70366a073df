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
    out: list[Any] = []
    lost: ListBlock | None = None  # what does not hold would have begun the list that follows
    is_seam = False
    for block in blocks:
        is_when = isinstance(block, When)
        is_seam |= is_when
        last = out[-1] if out else None
        decided = list(_decided(block, holds))
        if not decided:
            begun = _first_list(block)
            lost = lost or (None if begun and _continues(begun, last) else begun)
            continue
        first, *others = decided
        if is_seam and isinstance(last, ListBlock) and _continues(last, first):
            out[-1] = replace(last, items=(*last.items, *first.items))
        else:
            out.append(_begun(first, lost))
        out += others
        lost, is_seam = None, is_when
    return tuple(out)


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


def _continues(before: ListBlock, block: Any) -> bool:
    return isinstance(block, ListBlock) and block.marker is before.marker


def _first_list(block: Any) -> ListBlock | None:
    """The list that a ``when`` begins with, if it holds nothing but lists."""
    if isinstance(block, ListBlock):
        return block
    found = [_first_list(child) for child in block.children] if isinstance(block, When) else []
    return found[0] if found and all(found) else None


def _begun(block: Any, lost: ListBlock | None) -> Any:
    """A list, in a ``when`` or not, with the number at which a lost one would have begun it."""
    if lost and isinstance(block, When) and block.children:
        return replace(block, children=(_begun(block.children[0], lost), *block.children[1:]))
    if lost and _continues(lost, block):
        return replace(block, start=lost.start)
    return block
