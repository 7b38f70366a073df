"""Walk the trees of a PDF: pages, names, numbers, outlines, fields, tags (7.7.3, 7.9, 14.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct

from handouts.attach.reading.filters import Undecodable
from handouts.attach.reading.objects import Damaged, Dict, Objects, Oversized, Ref, Stream
from handouts.attach.reading.reader import PdfFile

INHERITED: Final = (b"Resources", b"MediaBox", b"CropBox", b"Rotate")
INSTEAD: Final = (b"ActualText", b"Alt", b"E")
"""The entries of marked content and of elements whose words are heard for what is shown (14.9)."""
MAX_NODES: Final = 2_000_000
_MAX_LEVELS: Final = 64


class Page(Struct, frozen=True):
    """A page: where its object is, its entries, and what it inherits from the page tree."""

    ref: Ref
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
            own = {key: entries[key] for key in INHERITED if key in entries}
            below = {**inherited, **own}
            stack.extend((kid, below) for kid in reversed(pdf.array(entries[b"Kids"])))
        else:
            yield Page(node, entries, inherited)


def _walk(
    pdf: Objects, roots: list[Any], below: Callable[[Dict], list[Any]], what: str
) -> Iterator[tuple[Any, Dict]]:
    """The nodes of a tree and their entries, parents first, each indirect one once.

    ``below`` gives the kids of a node. Raises :class:`Damaged` for a tree without end.
    """
    stack, seen, count = list(reversed(roots)), set[int](), 0
    while stack:
        node = stack.pop()
        if type(node) is Ref:
            if node.num in seen:
                continue
            seen.add(node.num)
        count += 1
        if count > MAX_NODES:
            raise Damaged(f"{what} without end")
        entries = pdf.resolve(node)
        if type(entries) is Stream:  # jsPDF writes fields, and the form, with an empty stream
            entries = entries.entries
        if type(entries) is list:
            stack.extend(reversed(entries))
        elif type(entries) is dict:
            yield node, entries
            stack.extend(reversed(below(entries)))


def leaves(pdf: Objects, root: Any, key: bytes) -> Iterator[tuple[Any, Any]]:
    """The pairs of a name tree (``key`` is ``Names``) or number tree (``Nums``), in order."""
    for _, entries in _walk(pdf, [root], lambda node: pdf.array(node.get(b"Kids")), "a tree"):
        pairs = pdf.array(entries.get(key))
        for position in range(0, len(pairs) - 1, 2):
            yield pdf.resolve(pairs[position]), pairs[position + 1]


def named(pdf: Objects, tree: bytes) -> Iterator[tuple[Any, Any]]:
    """The pairs of a name tree of the catalog, such as ``EmbeddedFiles`` (7.7.4)."""
    return leaves(pdf, pdf.dict(pdf.catalog.get(b"Names")).get(tree), b"Names")


def destinations(pdf: Objects) -> dict[bytes, Any]:
    """The named destinations (12.3.2.3)."""
    found = {bytes(name): value for name, value in pdf.dict(pdf.catalog.get(b"Dests")).items()}
    pairs = named(pdf, b"Dests")
    return found | {bytes(name): value for name, value in pairs if isinstance(name, bytes)}


def number_tree_top(pdf: Objects, root: Any) -> int:
    """The highest key of a number tree, -1 for an empty one; reads only its right edge."""

    def right(node: Dict) -> list[Any]:
        # All kids that state no limits must be looked at; of those that do, the last suffices.
        kids = pdf.array(node.get(b"Kids"))
        return [kid for kid in kids[:-1] if b"Limits" not in pdf.dict(kid)] + kids[-1:]

    highest = -1
    for _, entries in _walk(pdf, [root], right, "a tree"):
        limits = pdf.array(entries.get(b"Limits"))
        keys = limits[1:2] + pdf.array(entries.get(b"Nums"))[0::2]
        highest = max([highest, *(pdf.int(key, -1) for key in keys)])
    return highest


def _is_element(entries: Dict) -> bool:
    return b"S" in entries and entries.get(b"Type") not in (b"MCR", b"OBJR")


def elements(pdf: Objects, roots: list[Any]) -> Iterator[tuple[int, Dict]]:
    """All structure elements below (and with) ``roots``, in reading order, each once.

    An element that stands directly in its parent's ``/K`` has no number; it is given as 0.
    """

    def below(node: Dict) -> list[Any]:
        return pdf.kids(node.get(b"K")) if _is_element(node) else []

    for node, entries in _walk(pdf, roots, below, "a structure tree"):
        if _is_element(entries):
            yield (node.num if type(node) is Ref else 0), entries


def page_labels(pdf: Objects, count: int) -> list[tuple[int, Any]]:
    """The page labels of a file of ``count`` pages: each range's first page, from 0 (12.4.2)."""
    pairs = leaves(pdf, pdf.catalog.get(b"PageLabels"), b"Nums")
    return [(key, value) for key, value in pairs if type(key) is int and 0 <= key < count]


def outline_items(pdf: Objects, first: Any) -> Iterator[tuple[Any, Dict]]:
    """The outline items from ``first`` on: its siblings and all below them, in order."""
    root = pdf.catalog.get(b"Outlines")

    def below(node: Dict) -> list[Any]:
        return [kid for kid in (node.get(b"First"), node.get(b"Next")) if kid != root]

    roots = [] if first == root else [first]
    for node, entries in _walk(pdf, roots, below, "bookmarks"):
        if entries:
            yield node, entries


def fields(pdf: Objects, roots: list[Any]) -> Iterator[tuple[Any, Dict]]:
    """All form fields and their kids, each once, parents first."""
    return _walk(pdf, roots, lambda node: pdf.array(node.get(b"Kids")), "form fields")


def page_annotations(pdf: Objects, page: Page) -> list[tuple[Any, Dict]]:
    """The annotations of a page: each as it stands in the array, and resolved."""
    return [(item, pdf.dict(item)) for item in pdf.array(page.entries.get(b"Annots"))]


def widgets(pdf: Objects, page: Page) -> Iterator[Dict]:
    """The fields on a page, or what stands for them there, whether a form lists them or not."""
    for _, entries in page_annotations(pdf, page):
        if pdf.resolve(entries.get(b"Subtype")) == b"Widget":
            yield entries


def field_line(pdf: Objects, entries: Dict) -> list[Dict]:
    """A field, or what stands for one on a page, and the fields above it (12.7.3.1)."""
    line = [entries]
    while len(line) < _MAX_LEVELS and (above := pdf.dict(line[-1].get(b"Parent"))):
        line.append(above)
    return line


def content(pdf: Objects, value: Any) -> bytes:
    """The decoded bytes of a content stream, or of an array of them (7.8.2).

    One that does not decode counts as empty: what a viewer shows of it stays as it is. Raises
    :class:`Oversized`.
    """
    parts = []
    for ref in pdf.kids(value):
        stream = pdf.resolve(ref)
        if type(stream) is not Stream:
            continue
        try:
            parts.append(pdf.decode(stream, ref.num if type(ref) is Ref else 0))
        except Oversized:
            raise
        except (Damaged, Undecodable):
            continue
    return b"\n".join(parts)


def structure_roots(pdf: PdfFile) -> list[Any]:
    """The elements directly below the structure tree root."""
    tree = pdf.dict(pdf.catalog.get(b"StructTreeRoot"))
    return [kid for kid in pdf.kids(tree.get(b"K")) if b"S" in pdf.dict(kid)]


def parents(pdf: PdfFile) -> dict[int, Any]:
    """The parents of marked content, by the keys of the ParentTree (14.7.4.4); read once a file."""
    if pdf.parents is None:
        tree = pdf.dict(pdf.catalog.get(b"StructTreeRoot")).get(b"ParentTree")
        pairs = leaves(pdf, tree, b"Nums")
        pdf.parents = {key: value for key, value in pairs if type(key) is int}
    return pdf.parents


def layers_off(pdf: Objects) -> frozenset[Any]:
    """The layers that are not shown when a file is opened (8.11.4.3)."""
    layers = pdf.dict(pdf.catalog.get(b"OCProperties"))
    usual = pdf.dict(layers.get(b"D"))
    off = {layer for layer in pdf.array(usual.get(b"OFF")) if type(layer) is Ref}
    if pdf.resolve(usual.get(b"BaseState")) == b"OFF":
        every = (layer for layer in pdf.array(layers.get(b"OCGs")) if type(layer) is Ref)
        off.update(layer for layer in every if layer not in pdf.array(usual.get(b"ON")))
    return frozenset(off)


def is_off(pdf: Objects, layer: Any, off: frozenset[Any]) -> bool:
    """Whether a layer is ``off``, or by its rule those are whose member a content is (8.11.2.2)."""
    if type(layer) is Ref and layer in off:
        return True
    entries = pdf.dict(layer)
    members = [one in off for one in pdf.kids(entries.get(b"OCGs")) if type(one) is Ref]
    if not members or b"VE" in entries:  # an expression may say anything: rather heard than not
        return False
    match pdf.resolve(entries.get(b"P")):
        case b"AllOn":
            return any(members)
        case b"AnyOff":
            return not any(members)
        case b"AllOff":
            return not all(members)
    return all(members)
