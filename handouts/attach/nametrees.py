"""Find free names, and insert into a name tree without rewriting all of it (7.9.6)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container
from itertools import count
from typing import Any, AnyStr

from handouts.attach.reading.objects import Damaged, Dict, Ref
from handouts.attach.update import Update


def free_name(name: AnyStr, taken: Container[AnyStr], ending: Callable[[int], AnyStr]) -> AnyStr:
    """The name, or the first one that is not taken when it is numbered from 2 on."""
    numbered = (name + ending(number) for number in count(2))
    return next(fresh for fresh in numbered if fresh not in taken) if name in taken else name


def insert_name(update: Update, owner: Dict, key: bytes, name: bytes, value: Any) -> None:
    """Add a pair to the name tree under ``key`` of ``owner``, made when it is missing.

    Only the nodes on the way to the right leaf become part of the update.
    """

    def text(key: Any) -> bytes:
        key = update.resolve(key)
        return key if isinstance(key, bytes) else b""

    def first_key(kid: Any) -> bytes:
        limits = update.array(update.dict(kid).get(b"Limits"))
        return text(limits[0]) if limits else b""

    node = update.edit_entry(owner, key)
    if not node:
        node[b"Names"] = []
    for _ in range(64):
        limits = update.array(node.get(b"Limits"))
        if len(limits) == 2:
            low, high = (update.resolve(limit) for limit in limits)
            node[b"Limits"] = [min(low, name), max(high, name)]
        kids = update.array(node.get(b"Kids"))
        if not kids:
            break
        place = max(0, bisect_right(kids, name, key=first_key) - 1)
        chosen = kids[place]
        if type(chosen) is not Ref:
            chosen = update.add(dict(update.dict(chosen)))
            update.edit_array(node, b"Kids")[place] = chosen
        node = update.edit(chosen)
    else:
        raise Damaged("a name tree without end")
    pairs = update.edit_array(node, b"Names")
    place = 2 * bisect_left(range(len(pairs) // 2), name, key=lambda at: text(pairs[2 * at]))
    pairs[place:place] = [name, value]
