"""Pages placed by hand, one inline node a line: tests of painting need no layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from handouts.flow.faces import FontBook
from handouts.flow.placed import (
    LinkTarget,
    PlacedAnchor,
    PlacedImage,
    PlacedLine,
    PlacedLink,
    PlacedPage,
    PlacedRect,
    PlacedSlot,
    PlacedText,
)
from handouts.model import (
    Abbr,
    Blank,
    Block,
    Cite,
    Contents,
    ContentsEntry,
    Document,
    Figure,
    Group,
    Heading,
    Icon,
    IconPicture,
    Inline,
    Link,
    ListBlock,
    Marker,
    Panel,
    Paragraph,
    Section,
    SideBySide,
    Slot,
    Span,
    Table,
    Text,
    WritingLines,
)
from handouts.pdf.paint import paint
from handouts.pdf.structure import Leaf, StructElem, StructureTree, build_structure

SIZE = 11.0
LINE = 14.0


@dataclass
class Placer:
    """Puts each inline node of a document on a line of its own."""

    document: Document
    tree: StructureTree
    fonts: FontBook
    pages: list[PlacedPage] = field(default_factory=list)
    y: float = 0.0
    bold: bool = False

    def run(self) -> list[PlacedPage]:
        """All pages, each with a band and a footer as Artifacts."""
        self.blocks(self.document.blocks)
        count = str(len(self.pages))
        for page in self.pages:
            for item in page.items:
                if isinstance(item, PlacedSlot):
                    item.text = count if item.slot.name == "pages" else str(page.number)
        return self.pages

    def line(self) -> PlacedPage:
        """Go down one line, to a new page where this one is full."""
        self.y -= LINE
        if not self.pages or self.y < 60:
            page = PlacedPage(len(self.pages) + 1, self.document.first_master)
            width = self.document.page_width
            page.items.append(PlacedRect(0, self.document.page_height - 20, width, 20, "#dde8f0"))
            face = self.fonts.face("body", False)
            page.items.append(PlacedText(60, 30, "Page ", face, 9, "#444444", None))
            slot = Slot("page")
            page.items.append(PlacedSlot(90, 30, 20, slot, "", face, 9, "#444444", None))
            self.pages.append(page)
            self.y = self.document.page_height - 60
        return self.pages[-1]

    def text(self, text: str, leaf: Leaf) -> float:
        """One line of text; its width."""
        page = self.line()
        face = self.fonts.face("body", self.bold)
        x = 60.0
        for run, part in self.fonts.runs(text, face, leaf.elem.source):
            kerns = run.kerns(part)
            page.items.append(PlacedText(x, self.y, part, run, SIZE, "#000000", leaf, kerns))
            x += run.width(part, SIZE) - sum(kern for _, kern in kerns) * SIZE / 1000
        return x - 60

    def blocks(self, blocks: Sequence[Block]) -> None:
        """All blocks, one below the other."""
        for block in blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        """One block."""
        match block:
            case Heading() | Paragraph():
                self.anchor(block)
                self.bold = isinstance(block, Heading)
                self.inlines(block.children)
                self.bold = False
                if isinstance(block, Heading) and block.children and not block.id:
                    self.pages[-1].items.append(PlacedAnchor(self.y, self.tree.elem(block)))
            case Section() | Group() | Panel():
                self.anchor(block)
                self.blocks(block.children)
            case ListBlock():
                self.list(block)
            case Table():
                self.inlines(block.caption)
                for row in (*block.head, *block.body):
                    for cell in row.cells:
                        self.blocks(cell.children)
            case Figure():
                self.figure(block)
            case SideBySide():
                for column in block.columns:
                    self.blocks(column.children)
            case Contents():
                for entry in block.entries:
                    self.entry(entry)
            case WritingLines():
                leaf = self.tree.leaf(block)
                page = self.pages[-1] if self.pages else self.line()
                page.items.append(PlacedLine(60, self.y, 300, self.y, "#000000", 0.5, leaf))
            case _:
                pass

    def anchor(self, block: Heading | Paragraph | Section | Group | Panel) -> None:
        """The place of a block with an id."""
        if block.id:
            self.line().items.append(PlacedAnchor(self.y, self.tree.elem(block)))

    def list(self, block: ListBlock) -> None:
        """A list: label, then body."""
        for number, item in enumerate(block.items, block.start):
            if block.marker is Marker.CHECKBOX:
                leaf = self.tree.label_leaf(item)
                page = self.line()
                mark = IconPicture("checkbox")
                page.items.append(PlacedImage(60, self.y, 8, 8, mark, leaf))
            elif block.marker is not Marker.NONE:
                label = f"{number}." if block.marker is Marker.NUMBER else "•"
                self.text(label, self.tree.label_leaf(item))
            if item.reference:
                note = self.tree.by_id[f"ref-{item.reference}"]
                self.pages[-1].items.append(PlacedAnchor(self.y, note))
            self.blocks(item.children)

    def figure(self, block: Figure) -> None:
        """A picture and its caption."""
        height = block.width * block.image.height / block.image.width
        page = self.line()
        self.y -= height
        leaf = self.tree.leaf(block)
        page.items.append(PlacedImage(60, self.y, block.width, height, block.image, leaf))
        self.inlines(block.caption)

    def entry(self, entry: ContentsEntry) -> None:
        """A line of the contents: words, page number, link."""
        self.inlines(entry.children)
        face = self.fonts.face("body", False)
        slot = Slot(f"page-of:{entry.target}")
        leaf = self.tree.leaf(entry)
        self.pages[-1].items.append(
            PlacedSlot(400, self.y, 30, slot, "", face, SIZE, "#000000", leaf, "end")
        )
        self.link(self.tree.link_elem(entry), f"#{entry.target}", "To this part", 370)

    def link(self, elem: StructElem, href: str, description: str, width: float) -> None:
        """The active area on the present line."""
        link = PlacedLink(60, self.y - 3, width, LINE, LinkTarget(elem, href, description))
        self.pages[-1].items.append(link)

    def inlines(self, nodes: Sequence[Inline]) -> None:
        """Inline nodes, a line each."""
        for node in nodes:
            self.inline(node)

    def inline(self, node: Inline) -> None:
        """One inline node."""
        match node:
            case Text():
                self.text(node.text, self.tree.leaf(node))
            case Span() | Abbr():
                self.inlines(node.children)
            case Link():
                self.inlines(node.children)
                self.link(self.tree.link_elem(node), node.href, node.description, 100)
            case Cite():
                self.text(str(node.number), self.tree.leaf(node))
                target = f"#ref-{node.number}"
                self.link(self.tree.link_elem(node), target, f"Source {node.number}", 8)
            case Icon():
                page = self.line()
                leaf = self.tree.leaf(node)
                page.items.append(PlacedImage(60, self.y, 8, 8, IconPicture(node.name), leaf))
            case Blank():
                page = self.line()
                leaf = self.tree.leaf(node)
                page.items.append(
                    PlacedLine(60, self.y, 60 + node.width, self.y, "#000000", 0.5, leaf)
                )
            case Slot():
                page = self.line()
                face = self.fonts.face("body", False)
                leaf = self.tree.leaf(node)
                page.items.append(PlacedSlot(60, self.y, 30, node, "", face, SIZE, "#000000", leaf))
            case _:
                pass


def place(document: Document) -> tuple[StructureTree, list[PlacedPage]]:
    """The tree and the placed pages of ``document``."""
    tree = build_structure(document)
    return tree, Placer(document, tree, FontBook(document.fonts)).run()


def painted(document: Document) -> bytes:
    """The bytes of ``document``, placed by hand."""
    tree, pages = place(document)
    return paint(document, tree, pages)[0]


def texts(elems: Iterator[StructElem]) -> list[str]:
    """The tags of elements, for short assertions."""
    return [elem.tag for elem in elems]
