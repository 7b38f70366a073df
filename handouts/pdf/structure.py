"""The structure tree: a StructElem for each node that has one, a Leaf for each that is drawn.

It is built from the Document before anything is drawn, so reading order is block order
(ISO 32000-1 14.7.2). Painting only adds (page, MCID) pairs to the leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn, TypeVar, assert_never

from handouts.errors import AccessibilityError, LayoutError, Source
from handouts.flow.structure_tree import AttributeValue, Leaf, StructElem, StructureTree
from handouts.model import (
    Abbr,
    Announcements,
    Blank,
    Block,
    Cell,
    Cite,
    Contents,
    ContentsEntry,
    Document,
    Field,
    Figure,
    FigureLabel,
    FormField,
    Generated,
    Group,
    Heading,
    Icon,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Marker,
    NamedFigure,
    Notice,
    Own,
    PageBreak,
    Panel,
    Paragraph,
    Part,
    PeopleFigure,
    Pictured,
    Row,
    Rule,
    Section,
    SideBySide,
    Slot,
    Span,
    Table,
    Text,
    Value,
    When,
    WritingLines,
)
from handouts.model.blocks import Column
from handouts.model.kinds import KINDS
from handouts.model.tree import Levels, all_inline, nodes_in, walk_inline

__all__ = ["Leaf", "StructElem", "StructureTree", "build_structure"]

_T = TypeVar("_T")

_NUMBERING = {
    Marker.DISC: "Disc",
    Marker.NUMBER: "Decimal",
    Marker.CHECKBOX: "Square",
    Marker.NONE: "None",
}


def build_structure(document: Document) -> StructureTree:
    """The structure tree of ``document``.

    Raises LayoutError if a node or an id occurs twice, AccessibilityError if a Figure has no
    alternative text or a Table no rows.
    """
    root = StructElem("Document", None, Source(document.title or "(document)"), lang=document.lang)
    tree = StructureTree(document, root)
    builder = _Builder(tree)
    builder.nodes(document.blocks, root, document.lang)
    return tree


class _Builder:
    """Walks the Document once and fills the tree."""

    def __init__(self, tree: StructureTree) -> None:
        self.tree = tree
        self.levels = Levels()
        self.labels: set[int] = set()  # Spans that are labels of items
        self.typed: set[str] = set()  # names of fields
        self.home = tree.document.lang  # the language of the column, else the Document's
        self.cited = {
            one.number for one in all_inline(tree.document.blocks) if isinstance(one, Cite)
        }

    # --- elements and leaves ---

    def new(
        self, node: Block | Part | Inline, parent: StructElem, lang: str
    ) -> tuple[StructElem, str]:
        """A new element below ``parent`` for ``node``, with the tag of its kind and the node's own
        id; and the language in force in it, which is written on it only where it changes."""
        elem = self.add(KINDS[type(node)].tag, parent, node.source)
        self.record(self.tree._elems, node, elem, node.source)
        self.name(elem, getattr(node, "id", ""))
        return elem, self.speak(elem, getattr(node, "lang", ""), lang)

    @property
    def words(self) -> Announcements:
        """What is said beside the words of the page."""
        document = self.tree.document
        return document.announced.get(self.home, document.announcements)

    def announce(self, elem: StructElem, words: str, lang: str) -> None:
        """Let ``elem`` be heard as ``words``, which are in the language of its column."""
        elem.actual_text = words
        self.speak(elem, self.home, lang)

    @staticmethod
    def speak(elem: StructElem, own: str, inherited: str) -> str:
        """The language in force in ``elem``, of which ``own`` is its own, if it has one."""
        elem.lang = own if own != inherited else ""
        return own or inherited

    def add(self, tag: str, parent: StructElem, source: Source) -> StructElem:
        """A new element below ``parent`` that stands for no node of its own."""
        elem = StructElem(tag, parent, source)
        parent.kids.append(elem)
        return elem

    def name(self, elem: StructElem, id: str) -> None:
        """Give ``elem`` an id, if there is one, that is unique in the file (PDF/UA-1 7.9)."""
        if id in self.tree.by_id:
            raise LayoutError(
                f"the id “{id}” occurs twice (first at {self.tree.by_id[id].source}).",
                elem.source,
                "Give each block an id of its own.",
            )
        if id:
            elem.id = id
            self.tree.by_id[id] = elem

    def leaf(self, node: Block | Part | Inline, elem: StructElem) -> None:
        leaf = Leaf(elem)
        elem.kids.append(leaf)
        self.record(self.tree._leaves, node, leaf, node.source)

    @staticmethod
    def record(table: dict[int, _T], node: object, value: _T, source: Source) -> None:
        if id(node) in table:
            raise LayoutError(
                f"the same {type(node).__name__} node stands in two places of the document.",
                source,
                "A layout must make a fresh node for each place.",
            )
        table[id(node)] = value

    # --- blocks ---

    def nodes(self, nodes: Iterable[Block | Part], parent: StructElem, lang: str) -> None:
        for node in nodes:
            around = self.home
            if isinstance(node, Column):
                self.home = node.lang or around
            self.levels.enter(node)
            self.node(node, parent, lang)
            self.levels.leave(node)
            self.home = around

    def node(self, node: Block | Part, parent: StructElem, lang: str) -> None:
        if isinstance(node, Pictured):
            self.figure(node, parent, lang)
            return
        match node:
            case Paragraph() | Heading():
                self.paragraph(node, parent, lang)
            case ListBlock():
                self.list_block(node, parent, lang)
            case ListItem() | FigureLabel():
                raise TypeError("it is met in its list or figure")
            case Table():
                self.table(node, parent, lang)
            case Cell():
                self.cell(node, parent, lang)
            case Section() | Group() | Panel() | Notice() | SideBySide() | Column() | Row():
                elem, lang = self.new(node, parent, lang)
                elem.may_be_empty = True
                self.nodes(nodes_in(node), elem, lang)
            case Contents():
                elem, lang = self.new(node, parent, lang)
                self.nodes(node.entries, elem, lang)
            case ContentsEntry():
                self.contents_entry(node, parent, lang)
            case WritingLines():
                self.writing_lines(node, parent, lang)
            case Field():
                elem, lang = self.new(node, parent, lang)
                self.inlines(node.children, elem, lang)
                self.leaf(node, elem)
            case FormField():
                self.form_field(node, parent, lang)
            case PageBreak() | Rule():
                pass  # nothing to read, or Artifacts only
            case When() | Own() | Generated() | PeopleFigure() | NamedFigure():
                _refuse_unresolved(node)
            case _:
                assert_never(node)

    def paragraph(self, block: Paragraph | Heading, parent: StructElem, lang: str) -> None:
        elem, lang = self.new(block, parent, lang)
        if isinstance(block, Heading):
            elem.tag += str(self.levels.of(block))
            self.tree.headings.append((block, elem))
        self.inlines(block.children, elem, lang)

    def list_block(self, block: ListBlock, parent: StructElem, lang: str) -> None:
        elem, lang = self.new(block, parent, lang)
        elem.attributes["List"] = {"ListNumbering": _NUMBERING[block.marker]}
        for item in block.items:
            entry, item_lang = self.new(item, elem, lang)
            if block.marker is not Marker.NONE:
                self.label(block.marker, item, entry, item_lang)
            elif term := _term(item):
                self.inline(term, self.add("Lbl", entry, term.source), item_lang)
                self.labels.add(id(term))
            body = self.add("LBody", entry, item.source)
            body.may_be_empty = not item.reference
            if item.reference:
                body = self.add("Note", body, item.source)
                self.name(body, f"ref-{item.reference}")
            self.nodes(item.children, body, item_lang)

    def label(self, marker: Marker, item: ListItem, parent: StructElem, lang: str) -> None:
        """Lbl: a sign or a number; the number of a source leads back to its first use."""
        label = self.add("Lbl", parent, item.source)
        if marker is Marker.CHECKBOX:
            self.announce(label, self.words.check_box, lang)
        if item.reference in self.cited:
            label = self.add("Link", label, item.source)
            self.tree._links[id(item)] = label
        self.tree._labels[id(item)] = leaf = Leaf(label)
        label.kids.append(leaf)

    def writing_lines(self, block: WritingLines, parent: StructElem, lang: str) -> None:
        span = self.add("Span", self.new(block, parent, lang)[0], block.source)
        words = self.words.writing_line if block.count == 1 else self.words.writing_lines
        self.announce(span, words.replace("{count}", str(block.count)), lang)
        self.leaf(block, span)

    def form_field(self, block: FormField, parent: StructElem, lang: str) -> None:
        """Form, which holds nothing but its widget: the form's writer holds that it does."""
        if block.name in self.typed:
            problem = (
                f"the field “{block.name}” occurs twice: what is typed into one stands in both."
            )
            raise LayoutError(problem, block.source, "Put it into one place.")
        self.typed.add(block.name)
        elem, lang = self.new(block, parent, lang)
        self.inlines(block.children, elem, lang)
        form = self.add("Form", elem, block.source)
        elem.may_be_empty = form.may_be_empty = True
        self.record(self.tree._forms, block, form, block.source)

    def table(self, block: Table, parent: StructElem, lang: str) -> None:
        if not block.head and not block.body:
            raise AccessibilityError("a table has no rows.", block.source, "Give it a row.")
        elem, lang = self.new(block, parent, lang)
        if block.caption:
            self.inlines(block.caption, self.add("Caption", elem, block.source), lang)
        for tag, rows in (("THead", block.head), ("TBody", block.body)):
            if rows:
                self.nodes(rows, self.add(tag, elem, block.source), lang)

    def cell(self, cell: Cell, parent: StructElem, lang: str) -> None:
        elem, lang = self.new(cell, parent, lang)
        elem.may_be_empty = cell.scope is None
        attributes: dict[str, AttributeValue] = {}
        if cell.scope:
            elem.tag = "TH"
            attributes["Scope"] = cell.scope.value
        if cell.colspan > 1:
            attributes["ColSpan"] = cell.colspan
        if cell.rowspan > 1:
            attributes["RowSpan"] = cell.rowspan
        if attributes:
            elem.attributes["Table"] = attributes
        self.nodes(cell.children, elem, lang)

    def figure(self, block: Pictured, parent: StructElem, lang: str) -> None:
        """Figure, and beside it in a Div its Caption: a reader who hears the alternative text
        of a Figure does not hear what stands inside it."""
        if not block.alt.strip():
            name = block.image.name if isinstance(block, Figure) else type(block).__name__
            raise AccessibilityError(
                f"the picture “{name}” has no alternative text.",
                block.source,
                "Say in a sentence what it shows (PDF/UA-1 7.3).",
            )
        if block.caption:
            parent = self.add("Div", parent, block.source)
        elem, _ = self.new(block, parent, lang)
        elem.alt = block.alt
        self.leaf(block, elem)
        if isinstance(block, Figure):
            self.labels_of(block)
        if block.caption:
            caption = self.add("Caption", parent, block.source)
            self.inlines(block.caption, caption, self.speak(caption, block.lang, lang))

    def labels_of(self, figure: Figure) -> None:
        """Words in a picture are parts of it: its alternative text is heard in their place."""
        leaf = self.tree.leaf(figure)
        for label in figure.labels:
            for text in walk_inline(label.children):
                self.record(self.tree._leaves, text, leaf, text.source)

    def contents_entry(self, entry: ContentsEntry, parent: StructElem, lang: str) -> None:
        item, lang = self.new(entry, parent, lang)
        link = self.add("Link", self.add("Reference", item, entry.source), entry.source)
        self.tree._links[id(entry)] = link
        self.inlines(entry.children, link, lang)
        self.leaf(entry, self.add("Span", link, entry.source))

    # --- inline content ---

    def inlines(self, nodes: Iterable[Inline], parent: StructElem, lang: str) -> None:
        for node in nodes:
            if id(node) not in self.labels:
                self.inline(node, parent, lang)

    def inline(self, node: Inline, parent: StructElem, lang: str) -> None:
        match node:
            case Text() | Slot():
                self.leaf(node, parent)
            case Span():
                if node.lang and node.lang != lang:
                    parent, lang = self.new(node, parent, lang)
                self.inlines(node.children, parent, lang)
            case Icon() | Blank():
                elem, _ = self.new(node, parent, lang)
                self.announce(elem, node.spoken, lang)
                self.leaf(node, elem)
            case Link():
                _refuse_within_link(node, parent)
                elem, lang = self.new(node, parent, lang)
                self.tree._links[id(node)] = elem
                self.inlines(node.children, elem, lang)
            case Abbr():
                elem, lang = self.new(node, parent, lang)
                elem.expansion = node.expansion
                self.inlines(node.children, elem, lang)
            case Cite():
                self.citation(node, parent, lang)
            case LineBreak():
                pass
            case Value():
                _refuse_unresolved(node)
            case _:
                assert_never(node)

    def citation(self, node: Cite, parent: StructElem, lang: str) -> None:
        """Reference: what parts the number from the words before, then its Link. The first use of
        a source has the id ``cite-NUMBER``."""
        _refuse_within_link(node, parent)
        reference, _ = self.new(node, parent, lang)
        self.tree._spaces[id(node)] = space = Leaf(reference)
        reference.kids.append(space)
        link = self.add("Link", reference, node.source)
        link.alt = self.words.source_number.replace("{number}", str(node.number))
        self.speak(link, self.home, lang)
        self.tree._links[id(node)] = link
        if f"cite-{node.number}" not in self.tree.by_id:
            self.name(link, f"cite-{node.number}")
        self.leaf(node, link)


def _term(item: ListItem) -> Span | None:
    """The Span that an item of a list without markers begins with, if more follows."""
    match item.children:
        case (Paragraph(children=(Span() as term, _, *_)), *_):
            return term
    return None


def _refuse_within_link(node: Link | Cite, parent: StructElem | None) -> None:
    while parent:
        if parent.tag == "Link":
            what = "a link stands within a link, which would lead nowhere (PDF/UA-1 7.18.5)."
            raise AccessibilityError(what, node.source, "Put them apart.")
        parent = parent.parent


def _refuse_unresolved(
    node: When | Own | Generated | PeopleFigure | NamedFigure | Value,
) -> NoReturn:
    """What only section files hold must never reach, or silently miss, the page."""
    raise LayoutError(
        f"a {type(node).__name__} stands in a Document.",
        node.source,
        "Resolve it first: only handouts.compose knows what stands in its place.",
    )
