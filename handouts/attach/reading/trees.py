"""Walk and extend the trees of a PDF: pages, names, numbers, outlines, fields (7.7.3, 7.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from handouts.attach.reading.objects import Damaged, Dict, Ref
from handouts.attach.reading.reader import Objects, PdfFile

INHERITED: Final = (b"Resources", b"MediaBox", b"CropBox", b"Rotate")
MAX_NODES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its object number, its entries, and what it inherits from the page tree."""

    num: int
    entries: Dict
    inherited: Dict

    def value(self, key: bytes) -> Any:
        """An entry of the page's own, or the one it inherits."""
        return self.entries[key] if key in self.entries else self.inherited.get(key)


def pages(pdf: Objects, root: Any, limit: int = MAX_NODES) -> Iterator[Page]:
    """All pages in order. Raises :class:`Damaged` for a tree with loops or with holes."""
    seen: set[int] = set()
    stack: list[tuple[Any, Dict]] = [(root, {})]
    while stack:
        node, inherited = stack.pop()
        entries = pdf.resolve(node)
        if type(node) is not Ref or type(entries) is not dict or node.num in seen:
            raise Damaged("a page tree with a hole or a loop")
        seen.add(node.num)
        if len(seen) > limit:
            raise Damaged("a page tree without end")
        if b"Kids" in entries and entries.get(b"Type") != b"Page":
            below = inherited
            own = {key: entries[key] for key in INHERITED if key in entries}
            if own:
                below = {**inherited, **own}
            stack.extend((kid, below) for kid in reversed(pdf.array(entries[b"Kids"])))
        else:
            yield Page(node.num, entries, inherited)


def leaves(pdf: Objects, root: Any, key: bytes) -> Iterator[tuple[Any, Any]]:
    """The pairs of a name tree (``key`` is ``Names``) or number tree (``Nums``), in order."""
    stack, seen, count = [root], set[int](), 0
    while stack:
        node = stack.pop()
        if type(node) is Ref:
            if node.num in seen:
                continue
            seen.add(node.num)
        count += 1
        if count > MAX_NODES:
            raise Damaged("a tree without end")
        entries = pdf.dict(node)
        stack.extend(reversed(pdf.array(entries.get(b"Kids"))))
        pairs = pdf.array(entries.get(key))
        for position in range(0, len(pairs) - 1, 2):
            yield pdf.resolve(pairs[position]), pairs[position + 1]


def number_tree_top(pdf: Objects, root: Any) -> int:
    """The highest key of a number tree, -1 for an empty one; reads only its right edge."""
    highest = -1
    stack, seen = [root], set[int]()
    while stack:
        node = stack.pop()
        if type(node) is Ref:
            if node.num in seen:
                continue
            seen.add(node.num)
        entries = pdf.dict(node)
        limits = pdf.array(entries.get(b"Limits"))
        if len(limits) == 2:
            highest = max(highest, pdf.int(limits[1], -1))
        kids = pdf.array(entries.get(b"Kids"))
        # All kids that state no limits must be looked at; of those that do, the last suffices.
        stack.extend(kid for kid in kids[:-1] if b"Limits" not in pdf.dict(kid))
        stack.extend(kids[-1:])
        keys = pdf.array(entries.get(b"Nums"))[0::2]
        highest = max([highest, *(pdf.int(key, -1) for key in keys)])
    return highest


def number_tree_get(pdf: Objects, root: Any, wanted: int) -> Any:
    """The value under a key of a number tree, unresolved; ``None`` where there is none."""
    stack, seen = [root], set[int]()
    while stack:
        node = stack.pop()
        if type(node) is Ref:
            if node.num in seen:
                continue
            seen.add(node.num)
        entries = pdf.dict(node)
        limits = pdf.array(entries.get(b"Limits"))
        if len(limits) == 2 and not (
            pdf.int(limits[0], wanted) <= wanted <= pdf.int(limits[1], wanted)
        ):
            continue
        pairs = pdf.array(entries.get(b"Nums"))
        keys = pairs[0::2]
        if wanted in keys:
            return pairs[2 * keys.index(wanted) + 1]
        stack.extend(reversed(pdf.array(entries.get(b"Kids"))))
    return None


def elements(pdf: Objects, roots: list[Any]) -> Iterator[tuple[int, Dict]]:
    """All structure elements below (and with) ``roots``, in reading order, each once.

    An element that stands directly in its parent's ``/K`` has no number; it is given as 0.
    """
    seen: set[int] = set()
    stack = list(reversed(roots))
    count = 0
    while stack:
        node = stack.pop()
        num = node.num if type(node) is Ref else 0
        entries = pdf.resolve(node)
        if type(entries) is list:
            stack.extend(reversed(entries))
            continue
        if type(entries) is not dict or (num and num in seen):
            continue
        if b"S" not in entries or entries.get(b"Type") in (b"MCR", b"OBJR"):
            continue
        seen.add(num)
        count += 1
        if count > MAX_NODES:
            raise Damaged("a structure tree without end")
        yield num, entries
        stack.extend(reversed(pdf.kids(entries.get(b"K"))))


def outline_items(pdf: Objects, first: Any) -> Iterator[tuple[Ref, Dict]]:
    """The outline items from ``first`` on: its siblings and all below them, in order."""
    seen: set[int] = set()
    stack = [first]
    while stack:
        node = stack.pop()
        if type(node) is not Ref or node.num in seen:
            continue
        seen.add(node.num)
        if len(seen) > MAX_NODES:
            raise Damaged("bookmarks without end")
        entries = pdf.dict(node)
        if not entries:
            continue
        yield node, entries
        stack.append(entries.get(b"Next"))
        stack.append(entries.get(b"First"))


def fields(pdf: Objects, roots: list[Any]) -> Iterator[tuple[Any, Dict]]:
    """All form fields and their kids, each once, parents first."""
    seen: set[int] = set()
    stack = list(reversed(roots))
    count = 0
    while stack:
        node = stack.pop()
        if type(node) is Ref:
            if node.num in seen:
                continue
            seen.add(node.num)
        count += 1
        if count > MAX_NODES:
            raise Damaged("form fields without end")
        entries = pdf.dict(node)
        yield node, entries
        stack.extend(reversed(pdf.array(entries.get(b"Kids"))))


def page_annotations(pdf: Objects, page: Page) -> list[tuple[Any, Dict]]:
    """The annotations of a page: each as it stands in the array, and resolved."""
    return [(item, pdf.dict(item)) for item in pdf.array(page.entries.get(b"Annots"))]


def structure_roots(pdf: PdfFile) -> list[Any]:
    """The elements directly below the structure tree root."""
    tree = pdf.dict(pdf.catalog.get(b"StructTreeRoot"))
    return [kid for kid in pdf.kids(tree.get(b"K")) if b"S" in pdf.dict(kid)]
