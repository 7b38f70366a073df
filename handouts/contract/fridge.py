"""Whether what is looked for in a hurry stands on one page, and no other words behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from handouts.contract.rules import URGENT

if TYPE_CHECKING:
    from handouts.flow.placed import PlacedPage
    from handouts.flow.structure_tree import Leaf, StructElem

_REMEDY = "Shorten the name, the numbers or the address of the brand, or these words."


def asunder(pages: Sequence[PlacedPage]) -> Iterator[str]:
    """What to say of a handout whose page for the fridge is torn, or is not the last one, as its
    words say. It is made all the same: all words are there."""
    places, root = _places(pages)
    if root is None:
        return
    leaves = list(root.leaves())
    urgent = [at for at, leaf in enumerate(leaves) if _is_urgent(leaf.elem)]
    there = {page for at in urgent for page in places[id(leaves[at])]}
    if len(there) > 1:
        yield f"The warning signs and whom to call do not fit on one page. {_REMEDY}"
    elif there:
        behind = {page for leaf in leaves[urgent[-1] + 1 :] for page in places[id(leaf)]}
        if behind - there and not _is_for_one(pages):  # whose panel may have a page of its own
            yield f"Behind the page with the warning signs comes another one. {_REMEDY}"


def _is_for_one(pages: Sequence[PlacedPage]) -> bool:
    from handouts.flow.placed import PlacedField, PlacedWidget

    return any(isinstance(one, PlacedField | PlacedWidget) for page in pages for one in page.items)


def _places(pages: Sequence[PlacedPage]) -> tuple[dict[int, set[int]], StructElem | None]:
    """The pages on which each leaf stands, by its identity, and the element around them all."""
    found, root = defaultdict[int, set[int]](set), None
    for page in pages:
        for item in page.items:
            leaf: Leaf | None = getattr(item, "leaf", None)
            if leaf is None:
                continue
            found[id(leaf)].add(page.number)
            root = root or leaf.elem
    while root is not None and root.parent is not None:
        root = root.parent
    return found, root


def _is_urgent(elem: StructElem | None) -> bool:
    while elem is not None:
        if elem.id.endswith(URGENT):  # of two languages, each has its own name before it
            return True
        elem = elem.parent
    return False
