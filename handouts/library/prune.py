"""Nodes of a section with its ``::: when`` parts decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from handouts.library.nodes import Boxed, InLanguage, RawBlock, RawItem, RawList, When

#: Whether a flag holds; None if that is not known yet.
Holds = Callable[[str], bool | None]


def prune(blocks: Iterable[RawBlock], holds: Holds) -> tuple[RawBlock, ...]:
    """``blocks`` without what does not hold.

    A ``when`` with flags that are not known yet stays, with these flags alone. Lists that meet
    where a ``when`` began or ended become one list, so that single items can vary.
    """
    return tuple(_joined(_decided(blocks, holds)))


def _decided(blocks: Iterable[RawBlock], holds: Holds) -> Iterator[RawBlock]:
    for block in blocks:
        match block:
            case When(flags=flags, children=children):
                answers = {flag: _answer(flag, holds) for flag in flags}
                if False in answers.values():
                    continue
                open_flags = tuple(flag for flag, answer in answers.items() if answer is None)
                if open_flags:
                    yield replace(block, flags=open_flags, children=prune(children, holds))
                else:
                    yield from _decided(children, holds)
            case Boxed(children=children) | InLanguage(children=children):
                yield replace(block, children=prune(children, holds))
            case _:
                yield block


def _answer(flag: str, holds: Holds) -> bool | None:
    answer = holds(flag.removeprefix("!"))
    return not answer if flag.startswith("!") and answer is not None else answer


def _joined(blocks: Iterable[RawBlock]) -> Iterator[RawBlock]:
    held: RawList | None = None
    for block in blocks:
        if isinstance(block, RawList):
            if held and held.marker is block.marker:
                items: tuple[RawItem, ...] = (*held.items, *block.items)
                held = replace(held, items=items)
                continue
            if held:
                yield held
            held = block
            continue
        if held:
            yield held
        held = None
        yield block
    if held:
        yield held
