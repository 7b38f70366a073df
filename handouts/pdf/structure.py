"""The structure tree: a StructElem for each node that has one, a Leaf for each that is drawn.

It is built from the Document before anything is drawn, so reading order is block order
(ISO 32000-1 14.7.2). Painting only adds (page, MCID) pairs to the leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from handouts.errors import AccessibilityError, LayoutError, Source
from handouts.flow.structure_tree import AttributeValue, Leaf, StructElem, StructureTree
from handouts.model import (
    Abbr,
    Blank,
    Block,
    Cell,
    Cite,
    Contents,
    ContentsEntry,
    Document,
    Figure,
    Group,
    Heading,
    Icon,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    Marker,
    PageBreak,
    Panel,
    Paragraph,
    Row,
    Rule,
    Section,
    SideBySide,
    Slot,
    Span,
    Table,
    Text,
    WritingLines,
)

__all__ = ["Leaf", "StructElem", "StructureTree", "build_structure"]

_T = TypeVar("_T")

_NUMBERING = {
    Marker.DISC: "Disc",
    Marker.NUMBER: "Decimal",
    Marker.CHECKBOX: "Square",
    Marker.NONE: "None",
}
_LABEL_TEXT = {Marker.DISC: "\N{BULLET}", Marker.CHECKBOX: "\N{BALLOT BOX}"}


def build_structure(document: Document) -> StructureTree:
    """The structure tree of ``document``.

    Raises LayoutError if a node or an id occurs twice, AccessibilityError if a Figure has no
    alternative text or a Table no rows.
    """
    root = StructElem("Document", None, Source(document.title or "(document)"), lang=document.lang)
    tree = StructureTree(document, root)
    builder = _Builder(tree)
    builder.blocks(document.blocks, root, document.lang)
    return tree


class _Builder:
    """Walks the Document once and fills the tree."""

    def __init__(self, tree: StructureTree) -> None:
        self.tree = tree

    # --- elements and leaves ---

    def new(
        self, tag: str, parent: StructElem, node: object, source: Source, id: str = ""
    ) -> StructElem:
        """A new element below ``parent`` that stands for ``node``."""
        elem = self.add(tag, parent, source)
        if id:
            self.name(elem, id)
        self.record(self.tree._elems, node, elem, source)
        return elem

    def add(self, tag: str, parent: StructElem, source: Source) -> StructElem:
        """A new element below ``parent`` that stands for no node of its own."""
        elem = StructElem(tag, parent, source)
        parent.kids.append(elem)
        return elem

    def name(self, elem: StructElem, id: str) -> None:
        """Give ``elem`` an id that is unique in the file (PDF/UA-1 7.9)."""
        if id in self.tree.by_id:
            raise LayoutError(
                f"The id {id!r} occurs twice (first at {self.tree.by_id[id].source}).",
                elem.source,
                "Give each block an id of its own.",
            )
        elem.id = id
        self.tree.by_id[id] = elem

    def leaf(self, node: object, elem: StructElem, source: Source) -> None:
        leaf = Leaf(elem)
        elem.kids.append(leaf)
        self.record(self.tree._leaves, node, leaf, source)

    @staticmethod
    def record(table: dict[int, _T], node: object, value: _T, source: Source) -> None:
        if id(node) in table:
            raise LayoutError(
                f"The same {type(node).__name__} node stands in two places of the document.",
                source,
                "A layout must make a fresh node for each place.",
            )
        table[id(node)] = value

    # --- blocks ---

    def blocks(self, blocks: Sequence[Block], parent: StructElem, lang: str) -> None:
        for block in blocks:
            self.block(block, parent, lang)

    def block(self, block: Block, parent: StructElem, lang: str) -> None:
        match block:
            case Paragraph() | Heading():
                self.paragraph(block, parent, lang)
            case Section() | Group() | Panel():
                tag = "Sect" if isinstance(block, Section) else "Div"
                elem = self.new(tag, parent, block, block.source, block.id)
                elem.may_be_empty = True
                self.blocks(block.children, elem, self.lang(elem, block.lang, lang))
            case ListBlock():
                self.list_block(block, parent, lang)
            case Table():
                self.table(block, parent, lang)
            case Figure():
                self.figure(block, parent, lang)
            case SideBySide():
                outer = self.new("Div", parent, block, block.source)
                outer.may_be_empty = True
                for column in block.columns:
                    inner = self.add("Div", outer, block.source)
                    inner.may_be_empty = True
                    self.blocks(column, inner, lang)
            case Contents():
                toc = self.new("TOC", parent, block, block.source)
                for entry in block.entries:
                    self.contents_entry(entry, toc, lang)
            case PageBreak() | Rule() | WritingLines():
                pass  # nothing to read, or Artifacts only

    def paragraph(self, block: Paragraph | Heading, parent: StructElem, lang: str) -> None:
        tag = f"H{block.level}" if isinstance(block, Heading) else "P"
        elem = self.new(tag, parent, block, block.source, block.id)
        if isinstance(block, Heading):
            self.tree.headings.append((block, elem))
        self.inlines(block.children, elem, self.lang(elem, block.lang, lang))

    def list_block(self, block: ListBlock, parent: StructElem, lang: str) -> None:
        elem = self.new("L", parent, block, block.source, block.id)
        elem.attributes["List"] = {"ListNumbering": _NUMBERING[block.marker]}
        inherited = self.lang(elem, block.lang, lang)
        for item in block.items:
            entry = self.new("LI", elem, item, item.source)
            item_lang = self.lang(entry, item.lang, inherited)
            # A note's label belongs inside the Note, so that it can be told from the others.
            body = self.add("LBody", entry, item.source) if item.note else entry
            if item.note:
                body = self.add("Note", body, item.source)
            if block.marker is not Marker.NONE:
                label = self.add("Lbl", body, item.source)
                label.actual_text = _LABEL_TEXT.get(block.marker, "")
                self.tree._labels[id(item)] = leaf = Leaf(label)
                label.kids.append(leaf)
            if item.id:
                self.name(body, item.id)
            if not item.note:
                body = self.add("LBody", entry, item.source)
                body.may_be_empty = True
            self.blocks(item.children, body, item_lang)

    def table(self, block: Table, parent: StructElem, lang: str) -> None:
        if not block.head and not block.body:
            raise AccessibilityError("A table without rows.", block.source, "Give it a row.")
        elem = self.new("Table", parent, block, block.source, block.id)
        inherited = self.lang(elem, block.lang, lang)
        if block.caption:
            caption = self.add("Caption", elem, block.source)
            self.inlines(block.caption, caption, inherited)
        for tag, rows in (("THead", block.head), ("TBody", block.body)):
            if rows:
                part = self.add(tag, elem, block.source)
                for row in rows:
                    self.row(row, part, inherited)

    def row(self, row: Row, parent: StructElem, lang: str) -> None:
        elem = self.new("TR", parent, row, row.source)
        elem.may_be_empty = True
        for cell in row.cells:
            self.cell(cell, elem, lang)

    def cell(self, cell: Cell, parent: StructElem, lang: str) -> None:
        elem = self.new("TH" if cell.scope else "TD", parent, cell, cell.source)
        elem.may_be_empty = cell.scope is None
        attributes: dict[str, AttributeValue] = {}
        if cell.scope:
            attributes["Scope"] = cell.scope.value
        if cell.colspan > 1:
            attributes["ColSpan"] = cell.colspan
        if cell.rowspan > 1:
            attributes["RowSpan"] = cell.rowspan
        if attributes:
            elem.attributes["Table"] = attributes
        self.blocks(cell.children, elem, self.lang(elem, cell.lang, lang))

    def figure(self, block: Figure, parent: StructElem, lang: str) -> None:
        """Figure, and beside it in a Div its Caption: a reader who hears the alternative text
        of a Figure does not hear what stands inside it."""
        if not block.alt.strip():
            raise AccessibilityError(
                f"The picture {block.image.name!r} has no alternative text.",
                block.source,
                "Say in a sentence what it shows (PDF/UA-1 7.3).",
            )
        if block.caption:
            parent = self.add("Div", parent, block.source)
        elem = self.new("Figure", parent, block, block.source, block.id)
        elem.alt = block.alt
        inherited = self.lang(elem, block.lang, lang)
        self.leaf(block, elem, block.source)
        if block.caption:
            caption = self.add("Caption", parent, block.source)
            self.lang(caption, block.lang, lang)
            self.inlines(block.caption, caption, inherited)

    def contents_entry(self, entry: ContentsEntry, parent: StructElem, lang: str) -> None:
        item = self.new("TOCI", parent, entry, entry.source)
        link = self.add("Link", self.add("Reference", item, entry.source), entry.source)
        self.tree._links[id(entry)] = link
        self.inlines(entry.children, link, lang)
        self.leaf(entry, link, entry.source)

    # --- inline content ---

    def inlines(self, nodes: Sequence[Inline], parent: StructElem, lang: str) -> None:
        for node in nodes:
            self.inline(node, parent, lang)

    def inline(self, node: Inline, parent: StructElem, lang: str) -> None:
        match node:
            case Text() | Slot():
                self.leaf(node, parent, node.source)
            case Span():
                if node.lang and node.lang != lang:
                    elem = self.new("Span", parent, node, node.source)
                    self.inlines(node.children, elem, self.lang(elem, node.lang, lang))
                else:
                    self.inlines(node.children, parent, lang)
            case Icon() | Blank():
                elem = self.new("Span", parent, node, node.source)
                elem.actual_text = node.spoken
                self.leaf(node, elem, node.source)
            case Link():
                elem = self.new("Link", parent, node, node.source)
                self.tree._links[id(node)] = elem
                self.inlines(node.children, elem, lang)
            case Abbr():
                elem = self.new("Span", parent, node, node.source)
                elem.expansion = node.expansion
                self.inlines(node.children, elem, lang)
            case Cite():
                reference = self.new("Reference", parent, node, node.source)
                link = self.add("Link", reference, node.source)
                self.tree._links[id(node)] = link
                self.leaf(node, link, node.source)
            case LineBreak():
                pass

    @staticmethod
    def lang(elem: StructElem, own: str, inherited: str) -> str:
        """The language in force in ``elem``; written on it only where it changes."""
        if own and own != inherited:
            elem.lang = own
        return own or inherited
