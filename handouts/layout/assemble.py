"""Elements of a rendered template to nodes, with content in place of its placeholders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct

from handouts.errors import BrandError, LayoutError, Source
from handouts.layout.elements import ELEMENTS, RUNNING
from handouts.layout.inline_content import InlineMaker, fields_of
from handouts.layout.notices import Notices
from handouts.layout.variables import Nodes, Placed
from handouts.layout.xml_tree import Child, ContentNode, Node
from handouts.model import (
    Block,
    Brand,
    Field,
    FieldName,
    Figure,
    FormField,
    Group,
    Inline,
    Notice,
    Panel,
    Paragraph,
    Picture,
    Shape,
    SideBySide,
    Table,
    Text,
)
from handouts.model.grammar import Holds, Kind
from handouts.model.kinds import KINDS


class RunningPart(Struct, frozen=True):
    """A header, footer or watermark with the masters and the region that it is meant for."""

    kind: str
    region: str
    masters: tuple[str, ...]
    style: str
    blocks: tuple[Block, ...]
    source: Source


class Built(Struct, frozen=True):
    """What a template made."""

    first_master: str
    blocks: tuple[Block, ...]
    running: tuple[RunningPart, ...]


class Parts(Struct, frozen=True):
    """What elements stand for. ``pictures``: files of the layout by name; ``shape``: which fields
    are given, and how long; ``descriptions``: what is heard of a field that is typed into."""

    brand: Brand
    notices: Notices
    pictures: Mapping[str, Path]
    shape: Shape
    descriptions: Mapping[FieldName, str] = {}


def build(root: Node, placed: Placed, parts: Parts) -> Built:
    """The nodes of a parsed template.

    A running part that holds nothing vanishes, such as a watermark for a status of which there
    is nothing to say.
    """
    assembler = _Assembler(placed, parts)
    running = (
        assembler.running(child)
        for child in root.children
        if isinstance(child, Node) and child.name in RUNNING
    )
    return Built(
        root.attributes.get("master", ""),
        assembler.blocks(root),
        tuple(part for part in running if part.blocks),
    )


class _Assembler:
    """Makes the node of each element by the rows of the registry."""

    def __init__(self, placed: Placed, parts: Parts) -> None:
        self.placed = placed
        self.parts = parts
        self.maker = InlineMaker(placed)

    def running(self, node: Node) -> RunningPart:
        given = fields_of(node)
        return RunningPart(
            node.name,
            given.get("region", node.name),
            given.get("on", ()),
            given.get("style", ""),
            self.blocks(node),
            node.source,
        )

    # --- children ---

    def blocks(self, node: Node) -> tuple[Block, ...]:
        """The blocks in ``node``; white space between them means nothing."""
        made: list[Block] = []
        for child in node.children:
            if isinstance(child, ContentNode):
                nodes: Any = self.placed.makers[child.number]()
                made.extend(nodes)
            elif isinstance(child, Node) and child.name not in RUNNING:
                made.extend(self.made(child))
        return tuple(made)

    def inline(self, node: Node) -> tuple[Inline, ...]:
        inline = self.maker.inline(node.children, node.source)
        if not inline:
            self.refuse(node, "is empty.", "Give it words, or put {% if %} around it.")
        return inline

    def either(self, node: Node) -> tuple[Block, ...]:
        """Blocks, or words that make one paragraph."""
        if _holds_blocks(node.children, self.placed):
            return self.blocks(node)
        inline = self.maker.inline(node.children, node.source)
        return (Paragraph(inline, source=node.source),) if inline else ()

    # --- one element ---

    def made(self, node: Node) -> tuple[Any, ...]:
        """The node of an element; nothing for a list without items, a table without rows, a box
        without blocks, a notice that nothing asks for."""
        kind_of_node = ELEMENTS[node.name].node
        if kind_of_node is None:
            return self.logo(node)
        kind = KINDS[kind_of_node]
        fields = {**fields_of(node), **self.held(node, kind)}
        if kind.type is Notice:
            fields["children"] = self.parts.notices[fields["what"]](node.source)
        if kind.type is Field:
            return self.field(fields, node.source)
        if kind.type in (Notice, Group, Panel) and not fields["children"]:
            return ()
        if kind.type is Table and not fields["caption"]:
            self.refuse(node, "has no caption.", "Add <caption>: it says what it shows.")
        if kind.type is Figure:
            fields["image"] = self.picture(fields["image"], fields["width"], node.source)
        elif kind.holds is Holds.PARTS and kind.blocks and not fields[kind.blocks[-1]]:
            if kind.type is SideBySide:
                self.refuse(node, "has no column.", "Add <column>.")
            return ()
        return (kind.type(**fields, source=node.source),)

    def held(self, node: Node, kind: Kind) -> dict[str, Any]:
        """What stands between the tags of an element, by field."""
        match kind.holds:
            case Holds.INLINE:
                return {kind.inline[0]: self.inline(node)}
            case Holds.BLOCKS:
                return {kind.blocks[0]: self.blocks(node)}
            case Holds.EITHER:
                return {kind.blocks[0]: self.either(node)}
        fields: dict[str, Any] = dict.fromkeys((*kind.blocks, *kind.inline), ())
        for child in node.children:
            if isinstance(child, Node):
                field, value = self.part(child, kind)
                fields[field] = (*fields[field], *value)
        return fields

    def part(self, node: Node, kind: Kind) -> tuple[str, tuple[Any, ...]]:
        """The field of its parent that an element fills, and with what."""
        rule = ELEMENTS[node.name]
        if not rule.field:
            return kind.blocks[0], self.made(node)
        if rule.holds is Holds.INLINE:
            return rule.field, self.inline(node)
        if node.name == "thead":
            _name_columns(node)
        return rule.field, self.blocks(node)

    def field(self, fields: dict[str, Any], source: Source) -> tuple[Field | FormField, ...]:
        """Room for a value of the shape's length; nothing where there is none."""
        shape = self.parts.shape
        lines = dict(shape.lines).get(fields["name"], 0)
        if not lines:
            return ()
        # The space is read between the words and the value, which is seen apart from them.
        words = (*fields.pop("children"), Text(" ", source))
        if shape.typed:
            said = self.parts.descriptions[fields["name"]]
            return (FormField(words, description=said, lines=lines, **fields, source=source),)
        return (Field(words, lines=lines, repertoire=shape.repertoire, **fields, source=source),)

    def logo(self, node: Node) -> tuple[Figure, ...]:
        fields, brand = fields_of(node), self.parts.brand
        logo, width = brand.logo, brand.logo_width
        if logo is None:
            return ()
        if most := fields.pop("height", 0.0):
            width = min(width, most * logo.width / logo.height)
        return (Figure(logo, brand.logo_alt, width, **fields, source=node.source),)

    def picture(self, name: str, width: float, source: Source) -> Picture:
        from handouts.library.brand.logo import read_logo

        if name not in self.parts.pictures:
            raise LayoutError(
                f"there is no picture “{name}”.", source, "Put it into the layout's folder."
            )
        try:
            return read_logo(self.parts.pictures[name], name, width, source, source)
        except BrandError as problem:
            raise LayoutError(problem.findings) from problem

    @staticmethod
    def refuse(node: Node, message: str, remedy: str) -> NoReturn:
        raise LayoutError(f"<{node.name}> {message}", node.source, remedy)


def _name_columns(head: Node) -> None:
    """The header cells of a header row name columns, unless they say otherwise."""
    for row in head.children:
        for cell in row.children if isinstance(row, Node) else ():
            if isinstance(cell, Node) and cell.name == "th":
                cell.attributes.setdefault("scope", "column")


def _holds_blocks(children: Sequence[Child], placed: Placed) -> bool:
    for child in children:
        if isinstance(child, Node) and ELEMENTS[child.name].place == "block":
            return True
        if isinstance(child, ContentNode) and _are_blocks(placed.makers[child.number]()):
            return True
    return False


def _are_blocks(nodes: Nodes) -> bool:
    return any(isinstance(node, Block) for node in nodes)
