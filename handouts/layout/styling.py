"""Styles for every block, by class, surroundings and tag; contrast; contents; headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handouts.errors import Finding, LayoutError, Source
from handouts.layout.styles import StyleSheet, words_of
from handouts.library.brand.contrast import LARGE, TEXT, ratio
from handouts.model import (
    Abbr,
    Block,
    Brand,
    Cell,
    Contents,
    ContentsEntry,
    Figure,
    Group,
    Heading,
    Inline,
    InlineStyle,
    Link,
    ListBlock,
    ListItem,
    Marker,
    PageBreak,
    Panel,
    Paragraph,
    Row,
    Rule,
    Section,
    SideBySide,
    Span,
    Style,
    Table,
    Text,
    WritingLines,
    plain_text,
)
from handouts.names import suggest

Ancestors = tuple[tuple[str, str], ...]

#: The names under which styles are looked up.
_TAGS: dict[type, str] = {
    Section: "section",
    Group: "div",
    Panel: "aside",
    Table: "table",
    Figure: "figure",
    SideBySide: "side-by-side",
    WritingLines: "writing-lines",
    Rule: "rule",
    Contents: "contents",
    PageBreak: "",
}
_LIST_TAGS = {Marker.NUMBER: "ol", Marker.CHECKBOX: "checklist"}
_PAPER = "#ffffff"
_WORDS = " words"  # after a cell's key: the style of the words in it


class Resolver:
    """Gives each block its style's full key, and keeps the styles that were used.

    Findings (contrast, unknown spans) are gathered, each once.
    """

    def __init__(self, sheet: StyleSheet, brand: Brand) -> None:
        self.sheet = sheet
        self.brand = brand
        self.inline = sheet.resolve_inline(brand)
        self.styles: dict[str, Style] = {}
        self.findings: list[Finding] = []
        self.level = 0  # of the last heading
        self.use("caption", _PAPER)

    def flow(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """The blocks of the flow: styled, contents filled, headings without gaps."""
        made = tuple(self.block(block, (), _PAPER) for block in blocks)
        entries = tuple(_entries(made))
        return tuple(_with_entries(block, entries) for block in made)

    def running(self, blocks: Sequence[Block], style: str, kind: str) -> tuple[Block, ...]:
        """The blocks of a header, footer or watermark: not links, since nobody can follow them."""
        ancestors = ((style, kind),)
        return tuple(self.block(_unlinked(block), ancestors, _PAPER) for block in blocks)

    # --- styles ---

    def use(self, key: str, background: str) -> str:
        """Keep the style ``key`` and check its letters against ``background``."""
        style = self.style(key)
        if style.colour:
            self.contrast(key, style, style.colour, style.background or background, "colour")
        return key

    def style(self, key: str) -> Style:
        style = self.styles.get(key)
        if style is None:
            own = key.removesuffix(_WORDS)
            style = self.sheet.resolve(own, self.brand)
            self.styles[key] = words_of(style) if own != key else style
        return style

    def contrast(self, key: str, style: Style, foreground: str, background: str, name: str) -> None:
        """WCAG 2.1, 1.4.3: 4.5:1, and 3:1 from 18 points, or 14 points bold."""
        large = style.size >= 18 or (style.bold and style.size >= 14)
        need = LARGE if large else TEXT
        if ratio(foreground, background) >= need:
            return
        at = ("styles", key.removesuffix(_WORDS), name)
        finding = Finding(
            f"{key.removesuffix(_WORDS)}: letters {foreground} on {background} have a contrast of "
            f"{ratio(foreground, background):.1f}:1; they need {need:g}:1 (WCAG AA).",
            self.sheet.where(*at),
            "Use a darker colour, or a lighter background.",
        )
        if finding not in self.findings:
            self.findings.append(finding)

    def background(self, key: str, background: str) -> str:
        return self.style(key).background or background

    # --- blocks ---

    def block(self, block: Block, around: Ancestors, background: str) -> Block:
        if isinstance(block, Heading):
            self.level = min(block.level, self.level + 1)
            block = replace(block, level=self.level)
        tag = _tag(block, around)
        key = self.sheet.key(getattr(block, "style", ""), tag, around)
        inner = ((getattr(block, "style", ""), tag), *around)
        made: Block = block
        match block:
            case Paragraph():
                made = self.words(block, key + _WORDS if tag in ("td", "th") else key, background)
            case Heading():
                made = self.words(block, key, background)
            case Section() | Group() | Panel():
                behind = self.background(key, background)
                children = tuple(self.block(child, inner, behind) for child in block.children)
                made = replace(block, children=children, style=key)
            case ListBlock():
                made = self.list(block, self.use(key, background), inner, background)
            case Table():
                made = self.table(block, key, inner, background)
            case SideBySide():
                behind = self.background(key, background)
                columns = tuple(
                    tuple(self.block(child, inner, behind) for child in column)
                    for column in block.columns
                )
                made = replace(block, columns=columns, style=key)
            case Figure() | Contents() | WritingLines() | Rule():
                self.style(key)
                made = replace(block, style=key)
        return made

    def words(self, block: Paragraph | Heading, key: str, background: str) -> Paragraph | Heading:
        self.use(key, background)
        style = self.styles[key]
        self.spans(block.children, key, style, style.background or background)
        return replace(block, style=key)

    def spans(self, nodes: Sequence[Inline], key: str, style: Style, background: str) -> None:
        """Every span's style exists, and its letters stand out."""
        for node in nodes:
            if isinstance(node, Span | Link | Abbr):
                name = node.style if isinstance(node, Span) else "link"
                if isinstance(node, Span) and name and name not in self.inline:
                    self.unknown(name, node.source)
                colour = self.inline.get(name, _SAME).colour
                if colour and not isinstance(node, Abbr):
                    self.contrast(key, style, colour, background, "colour")
                self.spans(node.children, key, style, background)

    def unknown(self, name: str, source: Source) -> None:
        finding = Finding(f"unknown inline style {name}.", source, suggest(name, self.inline))
        if finding not in self.findings:
            self.findings.append(finding)

    def list(self, block: ListBlock, key: str, inner: Ancestors, background: str) -> ListBlock:
        behind = self.background(key, background)
        items = tuple(self.item(item, inner, behind) for item in block.items)
        return replace(block, items=items, style=key)

    def item(self, item: ListItem, around: Ancestors, background: str) -> ListItem:
        inner = (("", "li"), *around)
        children = tuple(self.block(child, inner, background) for child in item.children)
        return replace(item, children=children)

    def table(self, block: Table, key: str, inner: Ancestors, background: str) -> Table:
        style = self.style(key)
        behind = self.background(key, background)
        head_ground = style.header_background or behind
        if style.header_colour:
            self.contrast(key, style, style.header_colour, head_ground, "header_colour")
        head = tuple(
            self.row(row, (("", "thead"), *inner), head_ground, style.header_colour)
            for row in block.head
        )
        body = tuple(
            self.row(row, (("", "tbody"), *inner), background, "")
            for row, background in zip(
                block.body, _striped(behind, style.zebra, len(block.body)), strict=True
            )
        )
        return replace(block, head=head, body=body, style=key)

    def row(self, row: Row, around: Ancestors, background: str, colour: str) -> Row:
        return replace(
            row, cells=tuple(self.cell(c, around, background, colour) for c in row.cells)
        )

    def cell(self, cell: Cell, around: Ancestors, background: str, colour: str) -> Cell:
        tag = "th" if cell.scope else "td"
        key = self.sheet.key(cell.style, tag, around)
        inner = ((cell.style, tag), *around)
        # The table's header colour replaces the cell's own: then that was checked already.
        behind = _PAPER if colour else self.background(key, background)
        self.style(key)
        children = tuple(self.block(child, inner, behind) for child in cell.children)
        return replace(cell, children=children, style=key)

    def finish(self) -> None:
        """Raises LayoutError with all findings."""
        if self.findings:
            raise LayoutError(self.findings)


_SAME = InlineStyle()


def _tag(block: Block, around: Ancestors) -> str:
    """The name under which a block's style is looked up."""
    match block:
        case Heading(level=level):
            tag = f"h{level}"
        case Paragraph():
            # Words directly in a list item or cell look like it, not like a paragraph.
            parent = around[0][1] if around else ""
            tag = parent if parent in ("li", "td", "th") else "p"
        case ListBlock(marker=marker):
            tag = _LIST_TAGS.get(marker, "ul")
        case _:
            tag = _TAGS[type(block)]
    return tag


def _striped(background: str, zebra: str, count: int) -> Iterator[str]:
    return (zebra if zebra and number % 2 else background for number in range(count))


def _entries(blocks: Sequence[Block]) -> Iterator[tuple[str, str, Source]]:
    """(id, heading, source) of each outermost section that has both."""
    for block in blocks:
        if isinstance(block, Section):
            if any(isinstance(child, Contents) for child in block.children):
                continue  # the contents do not list themselves
            heading = next((child for child in block.children if isinstance(child, Heading)), None)
            if block.id and heading is not None:
                yield block.id, plain_text(heading.children), heading.source
        elif isinstance(block, Group | Panel):
            yield from _entries(block.children)


def _with_entries(block: Block, entries: Sequence[tuple[str, str, Source]]) -> Block:
    match block:
        case Contents():
            made = tuple(
                ContentsEntry((Text(title, source),), id, source) for id, title, source in entries
            )
            return replace(block, entries=made)
        case Section() | Group() | Panel():
            children = tuple(_with_entries(child, entries) for child in block.children)
            return replace(block, children=children)
        case SideBySide():
            columns = tuple(
                tuple(_with_entries(child, entries) for child in column) for column in block.columns
            )
            return replace(block, columns=columns)
    return block


def _unlinked(block: Block) -> Block:
    """``block`` with the words of its links in place of the links."""
    match block:
        case Paragraph() | Heading():
            return replace(block, children=tuple(_plain_words(block.children)))
        case Section() | Group() | Panel():
            return replace(block, children=tuple(_unlinked(child) for child in block.children))
        case SideBySide():
            columns = tuple(tuple(_unlinked(child) for child in column) for column in block.columns)
            return replace(block, columns=columns)
    return block


def _plain_words(nodes: Sequence[Inline]) -> Iterator[Inline]:
    for node in nodes:
        if isinstance(node, Link):
            yield from _plain_words(node.children)
        elif isinstance(node, Span | Abbr):
            yield replace(node, children=tuple(_plain_words(node.children)))
        else:
            yield node
