"""Structure elements and their leaves: what flow draws for and paint tags (ISO 32000-1 14.7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct, field

from handouts.errors import AccessibilityError, Finding, Source
from handouts.model import Cite, ContentsEntry, Document, FormField, Heading, Link, ListItem

#: A value in an attribute object: a name is a str, a whole number an int, a rectangle a tuple.
AttributeValue: TypeAlias = str | int | tuple[float, ...]


class Leaf(Struct, eq=False):
    """An ordered run of marked content of one element: what one inline node draws.

    ``mcids`` holds (page index from 0, MCID) pairs, added by paint.
    """

    elem: StructElem
    mcids: list[tuple[int, int]] = field(default_factory=list)


class StructElem(Struct, eq=False):
    """A structure element (ISO 32000-1 table 323).

    ``attributes`` maps an owner (``Table``, ``List``, ``Layout``) to its attributes.
    ``may_be_empty``: an element that is right without any content, such as an empty table cell.
    """

    tag: str
    parent: StructElem | None
    source: Source
    kids: list[StructElem | Leaf] = field(default_factory=list)
    lang: str = ""
    alt: str = ""
    actual_text: str = ""
    expansion: str = ""
    id: str = ""
    title: str = ""
    attributes: dict[str, dict[str, AttributeValue]] = field(default_factory=dict)
    may_be_empty: bool = False

    def walk(self) -> Iterator[StructElem]:
        """This element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, StructElem):
                yield from kid.walk()

    def leaves(self) -> Iterator[Leaf]:
        """The leaves of this element and of all below it, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Leaf):
                yield kid
            else:
                yield from kid.leaves()


class StructureTree(Struct, eq=False):
    """All elements and leaves of a Document, found by the identity of the node.

    The Document is held, so an ``id()`` cannot be reused while the tree lives.
    """

    document: Document
    root: StructElem
    headings: list[tuple[Heading, StructElem]] = field(default_factory=list)
    by_id: dict[str, StructElem] = field(default_factory=dict)
    _elems: dict[int, StructElem] = field(default_factory=dict)
    _leaves: dict[int, Leaf] = field(default_factory=dict)
    _links: dict[int, StructElem] = field(default_factory=dict)
    _labels: dict[int, Leaf] = field(default_factory=dict)
    _spaces: dict[int, Leaf] = field(default_factory=dict)
    _forms: dict[int, StructElem] = field(default_factory=dict)

    def elem(self, node: object) -> StructElem:
        """The element of a block, list item, row, cell or inline node. KeyError if it has none."""
        return self._elems[id(node)]

    def leaf(self, node: object) -> Leaf:
        """The leaf of an inline node that is drawn, of a Figure's picture, of WritingLines, or
        of a ContentsEntry's page number. KeyError if it has none."""
        return self._leaves[id(node)]

    def label_leaf(self, item: ListItem) -> Leaf:
        """The leaf of a list item's Lbl. KeyError if the list has no markers."""
        return self._labels[id(item)]

    def space_leaf(self, cite: Cite) -> Leaf:
        """The leaf of the space, or comma and space, before a citation's number."""
        return self._spaces[id(cite)]

    def is_cited(self, number: int) -> bool:
        """Whether the source with this number is cited in the document."""
        return f"cite-{number}" in self.by_id

    def link_elem(self, node: Link | Cite | ContentsEntry | ListItem) -> StructElem:
        """The Link element that owns the node's annotations; of a ListItem that in its Lbl."""
        return self._links[id(node)]

    def form_elem(self, node: FormField) -> StructElem:
        """The Form element that owns the node's widget."""
        return self._forms[id(node)]

    def check_marked(self) -> None:
        """Raise AccessibilityError, naming each source, if an element has got no marked content."""
        findings: dict[Source, Finding] = {}  # at each place that of the innermost element
        for elem in self.root.walk():
            leaves = list(elem.leaves())
            # Without leaves there is nothing that paint could have forgotten.
            if not (any(leaf.mcids for leaf in leaves) or (elem.may_be_empty and not leaves)):
                problem = f"nothing was drawn for a {elem.tag} element."
                remedy = "Remove it or give it words: a reader would meet an empty place."
                findings[elem.source] = Finding(problem, elem.source, remedy)
        if findings:
            raise AccessibilityError(findings.values())
