"""Elements of a rendered template to Blocks, with content in place of its placeholders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from handouts.errors import BrandError, LayoutError, Source
from handouts.layout.elements import ELEMENTS, value_problem
from handouts.layout.inline_content import WordMaker
from handouts.layout.tree import Child, ContentNode, Node
from handouts.layout.variables import Nodes, Placed
from handouts.model import (
    Block,
    Brand,
    Cell,
    Contents,
    Figure,
    Group,
    Heading,
    Inline,
    ListBlock,
    ListItem,
    Marker,
    PageBreak,
    Panel,
    Paragraph,
    Picture,
    Row,
    Rule,
    Scope,
    Section,
    SideBySide,
    Table,
    WritingLines,
)

RUNNING = ("header", "footer", "watermark")
#: Content's headings begin at this level, as if its section stood at the outermost level.
_CONTENT_LEVEL = 3
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class RunningPart:
    """A header, footer or watermark with the masters and the region that it is meant for."""

    kind: str
    region: str
    masters: tuple[str, ...]
    style: str
    blocks: tuple[Block, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Built:
    """What a template made."""

    first_master: str
    blocks: tuple[Block, ...]
    running: tuple[RunningPart, ...]


def build(root: Node, placed: Placed, brand: Brand, pictures: Mapping[str, Path]) -> Built:
    """Blocks of a parsed template. ``pictures``: files of the layout by name."""
    builder = _Builder(placed, brand, pictures)
    running = tuple(
        builder.running(child)
        for child in root.children
        if isinstance(child, Node) and child.name in RUNNING
    )
    blocks = builder.blocks(root, 0)
    return Built(root.attributes.get("master", ""), blocks, running)


class _Builder:
    """One method for each kind of element. ``depth`` counts the sections around it."""

    def __init__(self, placed: Placed, brand: Brand, pictures: Mapping[str, Path]) -> None:
        self.placed = placed
        self.brand = brand
        self.pictures = pictures
        self.words = WordMaker(placed)
        self.makers: dict[str, Callable[[Node, int], Block | None]] = {
            "section": self.section,
            "div": lambda node, depth: Group(self.blocks(node, depth), **self.common(node)),
            "aside": lambda node, depth: Panel(self.blocks(node, depth), **self.common(node)),
            "h": self.heading,
            "p": lambda node, _: Paragraph(self.inline(node), **self.common(node)),
            "ul": self.list,
            "ol": self.list,
            "table": self.table,
            "figure": self.figure,
            "side-by-side": self.side_by_side,
            "logo": self.logo,
            "contents": lambda node, _: Contents((), **self.plain(node)),
            "writing-lines": lambda node, _: WritingLines(
                int(node.attributes["count"]), **self.plain(node)
            ),
            "rule": lambda node, _: Rule(**self.plain(node)),
            "page-break": lambda node, _: PageBreak(
                node.attributes.get("master", ""), source=node.source
            ),
        }

    def running(self, node: Node) -> RunningPart:
        given = self.checked(node)
        return RunningPart(
            node.name,
            given.get("region", node.name),
            tuple(given.get("on", "").split()),
            given.get("class", ""),
            self.blocks(node, 0),
            node.source,
        )

    # --- attributes ---

    @staticmethod
    def checked(node: Node) -> dict[str, str]:
        """The attributes of ``node``, each of its right form. Jinja may have filled them."""
        for name, value in node.attributes.items():
            rule = ELEMENTS[node.name].attributes[name]
            if problem := value_problem(rule, value):
                raise LayoutError(f"{name}={value!r} on <{node.name}> {problem}.", node.source)
        return node.attributes

    def plain(self, node: Node) -> dict[str, Any]:
        return {"style": self.checked(node).get("class", ""), "source": node.source}

    def common(self, node: Node) -> dict[str, Any]:
        given = node.attributes
        return {**self.plain(node), "id": given.get("id", ""), "lang": given.get("lang", "")}

    # --- children ---

    def inline(self, node: Node) -> tuple[Inline, ...]:
        words = self.words.inlines(node.children, node.source)
        if not words:
            raise LayoutError(
                f"<{node.name}> is empty.", node.source, "Give it words, or put {% if %} around it."
            )
        return words

    def blocks(self, node: Node, depth: int) -> tuple[Block, ...]:
        """The blocks in ``node``; white space between them means nothing."""
        made: list[Block] = []
        for child in node.children:
            if isinstance(child, ContentNode):
                made.extend(self.content(child, depth))
            elif isinstance(child, Node) and child.name not in RUNNING:
                block = self.makers[child.name](child, depth)
                if block is not None:
                    made.append(block)
        return tuple(made)

    def content(self, node: ContentNode, depth: int) -> Sequence[Block]:
        """Blocks of content, their headings one level below the section they stand in."""
        nodes: Any = self.placed.makers[node.number]()
        return _at_depth(nodes, depth + 2 - _CONTENT_LEVEL)

    def either(self, node: Node, depth: int) -> tuple[Block, ...]:
        """Blocks, or words that make one paragraph."""
        if _holds_blocks(node.children, self.placed):
            return self.blocks(node, depth)
        words = self.words.inlines(node.children, node.source)
        return (Paragraph(words, source=node.source),) if words else ()

    @staticmethod
    def parts(node: Node, *names: str) -> list[Node]:
        return [child for child in node.children if isinstance(child, Node) and child.name in names]

    # --- blocks ---

    def section(self, node: Node, depth: int) -> Section:
        return Section(self.blocks(node, depth + 1), **self.common(node))

    def heading(self, node: Node, depth: int) -> Heading:
        level = min(depth + 1, _DEEPEST)
        return Heading(self.inline(node), level=level, **self.common(node))

    def list(self, node: Node, depth: int) -> ListBlock | None:
        common = self.common(node)
        items = tuple(self.item(item, depth) for item in self.parts(node, "li"))
        if not items:
            return None
        if node.name == "ol":
            return ListBlock(items, Marker.NUMBER, int(node.attributes.get("start", "1")), **common)
        return ListBlock(items, Marker(node.attributes.get("marker", "disc")), **common)

    def item(self, node: Node, depth: int) -> ListItem:
        given = self.checked(node)
        number = given.get("reference", "")
        return ListItem(
            self.either(node, depth),
            id=f"ref-{number}" if number else "",
            note=bool(number),
            lang=given.get("lang", ""),
            source=node.source,
        )

    def table(self, node: Node, depth: int) -> Table | None:
        common = self.common(node)
        captions = self.parts(node, "caption")
        if not captions:
            self.refuse(node, "<table> has no caption.", "Add <caption>: it says what it shows.")
        head, body = (
            tuple(
                self.row(row, depth, head=part == "thead")
                for group in self.parts(node, part)
                for row in self.parts(group, "tr")
            )
            for part in ("thead", "tbody")
        )
        if not body:
            return None
        widths = tuple(float(width) for width in node.attributes.get("widths", "").split())
        return Table(self.inline(captions[0]), head, body, widths, **common)

    def row(self, node: Node, depth: int, *, head: bool) -> Row:
        cells = []
        for cell in self.parts(node, "th", "td"):
            given = self.checked(cell)
            scope = given.get("scope", "column" if head else "row")
            cells.append(
                Cell(
                    self.either(cell, depth),
                    Scope(scope.capitalize()) if cell.name == "th" else None,
                    int(given.get("colspan", "1")),
                    int(given.get("rowspan", "1")),
                    given.get("class", ""),
                    given.get("lang", ""),
                    cell.source,
                )
            )
        return Row(tuple(cells), node.source)

    def side_by_side(self, node: Node, depth: int) -> SideBySide:
        columns = self.parts(node, "column")
        if not columns:
            self.refuse(node, "<side-by-side> has no column.", "Add <column>.")
        return SideBySide(
            tuple(self.blocks(column, depth) for column in columns),
            tuple(float(self.checked(column).get("width", "1")) for column in columns),
            float(self.checked(node).get("gap", "12")),
            **self.plain(node),
        )

    def logo(self, node: Node, _: int) -> Figure | None:
        brand = self.brand
        if brand.logo is None:
            return None
        return Figure(brand.logo, brand.logo_alt, brand.logo_width, **self.plain(node))

    def figure(self, node: Node, _: int) -> Figure:
        given = self.checked(node)
        width = float(given["width"])
        captions = self.parts(node, "figcaption")
        return Figure(
            self.picture(given["image"], width, node.source),
            given["alt"],
            width,
            self.inline(captions[0]) if captions else (),
            **self.common(node),
        )

    def picture(self, name: str, width: float, source: Source) -> Picture:
        from handouts.library.brand.logo import read_logo

        if name not in self.pictures:
            raise LayoutError(
                f"there is no picture {name}.", source, "Put it into the layout's folder."
            )
        try:
            return read_logo(self.pictures[name], name, width, source, source)
        except BrandError as problem:
            raise LayoutError(problem.findings) from problem

    @staticmethod
    def refuse(node: Node, message: str, remedy: str) -> NoReturn:
        raise LayoutError(message, node.source, remedy)


def _holds_blocks(children: Sequence[Child], placed: Placed) -> bool:
    for child in children:
        if isinstance(child, Node) and ELEMENTS[child.name].kind == "block":
            return True
        if isinstance(child, ContentNode) and _are_blocks(placed.makers[child.number]()):
            return True
    return False


def _are_blocks(nodes: Nodes) -> bool:
    return any(isinstance(node, Block) for node in nodes)


def _at_depth(blocks: Sequence[Block], by: int) -> Sequence[Block]:
    """``blocks`` with headings moved ``by`` levels."""
    if not by:
        return blocks
    moved: list[Block] = []
    for block in blocks:
        match block:
            case Heading(level=level):
                moved.append(replace(block, level=max(1, min(level + by, _DEEPEST))))
            case Section() | Group() | Panel():
                moved.append(replace(block, children=tuple(_at_depth(block.children, by))))
            case _:
                moved.append(block)
    return moved
