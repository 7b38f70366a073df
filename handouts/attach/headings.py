"""Keep headings of one kind: a file must not mix unnumbered and numbered ones (PDF/UA-1, 7.4.4)."""

from __future__ import annotations

import re
from typing import Any, Final

from handouts.attach.joined_tree import JoinedTree
from handouts.attach.reading.objects import Damaged, Name, Objects, Ref, Stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import MAX_NODES, elements
from handouts.attach.update import Update

_UNNUMBERED: Final = re.compile(rb"/S\s?/H(?![0-9A-Za-z#_-])")
_NUMBERED: Final = frozenset((b"H1", b"H2", b"H3", b"H4", b"H5", b"H6"))


def _may_hold_unnumbered(pdf: PdfFile) -> bool:
    """Whether any element of a file may be an ``/H``: a quick search instead of a walk."""
    if _UNNUMBERED.search(pdf.data):
        return True
    packs = {where for where, _, packed in pdf.xref.values() if packed}
    for num in packs:
        stream = pdf.get(num)
        if type(stream) is Stream and _UNNUMBERED.search(pdf.decode(stream, num)):
            return True
    return False


def settle_headings(tree: JoinedTree, handout: Ref) -> None:
    """Number the unnumbered headings of one side when the other side's are numbered.

    ``handout`` is the handout's Document in the tree; all else there is the letter's.
    """
    update = tree.update
    kinds = {element[b"S"] for _, element in elements(update, [handout])}
    numbered = not kinds.isdisjoint(_NUMBERED)
    if not numbered and b"H" not in kinds:
        return
    if not _may_hold_unnumbered(update.base):
        number_headings(update, handout)
    elif numbered:
        number_headings(update, tree.document)


def _is_heading(pdf: Objects, node: Any) -> bool:
    return bool(pdf.dict(node).get(b"S") == b"H")


def number_headings(update: Update, root: Ref) -> None:
    """Turn each ``/H`` below ``root`` into H1 to H6.

    The level is how many of the groups around it have a heading.
    """
    stack: list[tuple[Any, int]] = [(root, 0)]
    seen: set[int] = set()
    while stack:
        node, level = stack.pop()
        if type(node) is not Ref or node.num in seen:
            continue
        seen.add(node.num)
        if len(seen) > MAX_NODES:
            raise Damaged("a structure tree without end")
        kids = update.kids(update.dict(node).get(b"K"))
        below = level + any(_is_heading(update, kid) for kid in kids)
        for kid in kids:
            if type(kid) is Ref and _is_heading(update, kid):
                update.edit(kid)[b"S"] = Name(b"H%d" % min(below, 6))
            stack.append((kid, below))
