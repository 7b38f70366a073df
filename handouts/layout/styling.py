"""Styles for every block, by class, surroundings and tag; contrast; contents; headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from handouts.contract.colours import TEXT, ratio
from handouts.errors import Finding, LayoutError, Source
from handouts.layout.styles import StyleSheet, words_of
from handouts.library.brand.contrast import LARGE
from handouts.model import (
    Abbr,
    Block,
    Brand,
    Cell,
    Contents,
    ContentsEntry,
    Group,
    Heading,
    Inline,
    InlineStyle,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Panel,
    Paragraph,
    Part,
    Row,
    Section,
    Span,
    Style,
    Table,
    Text,
    plain_text,
)
from handouts.model.kinds import KINDS
from handouts.model.tree import Levels, with_inline, with_nodes
from handouts.names import suggest

N = TypeVar("N", bound=Block | Part)

#: (style, tag) of the nodes around one, the nearest first.
Ancestors = tuple[tuple[str, str], ...]

_LIST_TAGS = {Marker.NUMBER: "ol", Marker.CHECKBOX: "checklist"}
_PAPER = "#ffffff"
_CONTENT = " content"  # after a cell's key: the style of the paragraphs in it


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
        self.levels = Levels()
        self.use("caption", _PAPER)

    def flow(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """The blocks of the flow: styled, contents filled."""
        made = tuple(self.node(block, (), _PAPER) for block in blocks)
        return tuple(_with_entries(made, tuple(_entries(made))))

    def running(self, blocks: Sequence[Block], style: str, kind: str) -> tuple[Block, ...]:
        """The blocks of a header, footer or watermark: not links, since nobody can follow them."""
        ancestors = ((style, kind),)
        return tuple(self.node(block, ancestors, _PAPER) for block in _unlinked(blocks))

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
            own = key.removesuffix(_CONTENT)
            style = self.sheet.resolve(own, self.brand)
            self.styles[key] = words_of(style) if own != key else style
        return style

    def contrast(self, key: str, style: Style, foreground: str, background: str, name: str) -> None:
        """WCAG 2.1, 1.4.3: 4.5:1, and 3:1 from 18 points, or 14 points bold."""
        large = style.size >= 18 or (style.bold and style.size >= 14)
        need = LARGE if large else TEXT
        if ratio(foreground, background) >= need:
            return
        own = key.removesuffix(_CONTENT)
        at = ("styles", own, name)
        finding = Finding(
            f"{own}: letters {foreground} on {background} have a contrast of "
            f"{ratio(foreground, background):.1f}:1; they need {need:g}:1 (WCAG AA).",
            self.sheet.where(*at),
            "Use a darker colour, or a lighter background.",
        )
        if finding not in self.findings:
            self.findings.append(finding)

    # --- nodes ---

    def node(self, node: N, around: Ancestors, background: str) -> N:
        """``node`` and all in it with the keys of their styles; ``background``: what is behind."""
        tag = self.tag(node, around)
        self.levels.enter(node)
        made: Any
        match node:
            case Table():
                made = self.table(node, around, background)
            case Cell():
                made = self.cell(node, around, background, "")
            case Paragraph() | Heading():
                made = self.text(node, tag, around, background)
            case _:
                made = self.container(node, tag, around, background)
        self.levels.leave(node)
        return cast(N, made)

    def tag(self, node: Block | Part, around: Ancestors) -> str:
        """The name under which a node's style is looked up."""
        match node:
            case Heading():
                return f"h{self.levels.of(node)}"
            case Paragraph() if around and around[0][1] in ("li", "td", "th"):
                # Words directly in a list item or cell look like it, not like a paragraph.
                return around[0][1]
            case ListBlock(marker=marker):
                return _LIST_TAGS.get(marker, "ul")
            case Cell(scope=scope) if scope:
                return "th"
            case _:
                return KINDS[type(node)].style

    def container(self, node: N, tag: str, around: Ancestors, background: str) -> N:
        """A node that holds nodes, or is drawn without text of its own."""
        own = getattr(node, "style", "")
        behind, inner = background, around
        if tag:
            inner = ((own, tag), *around)
        if tag and not isinstance(node, ListItem):
            key = self.sheet.key(own, tag, around)
            behind = self.style(key).background or background
            if isinstance(node, ListBlock):
                self.use(key, background)
            node = replace(cast(Any, node), style=key)
        return with_nodes(node, lambda nodes: [self.node(child, inner, behind) for child in nodes])

    def text(
        self, block: Paragraph | Heading, tag: str, around: Ancestors, background: str
    ) -> Paragraph | Heading:
        key = self.sheet.key(block.style, tag, around)
        if tag in ("td", "th"):
            key += _CONTENT
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

    def table(self, block: Table, around: Ancestors, background: str) -> Table:
        key = self.sheet.key(block.style, "table", around)
        inner = ((block.style, "table"), *around)
        style = self.style(key)
        behind = style.background or background
        head_background = style.header_background or behind
        if style.header_colour:
            self.contrast(key, style, style.header_colour, head_background, "header_colour")
        head = tuple(
            self.row(row, (("", "thead"), *inner), head_background, style.header_colour)
            for row in block.head
        )
        body = tuple(
            self.row(row, (("", "tbody"), *inner), striped, "")
            for row, striped in zip(
                block.body, _striped(behind, style.zebra, len(block.body)), strict=True
            )
        )
        return replace(block, head=head, body=body, style=key)

    def row(self, row: Row, around: Ancestors, background: str, colour: str) -> Row:
        cells = tuple(self.cell(cell, around, background, colour) for cell in row.cells)
        return replace(row, cells=cells)

    def cell(self, cell: Cell, around: Ancestors, background: str, colour: str) -> Cell:
        tag = self.tag(cell, around)
        key = self.sheet.key(cell.style, tag, around)
        inner = ((cell.style, tag), *around)
        # The table's header colour replaces the cell's own: then that was checked already.
        behind = _PAPER if colour else self.style(key).background or background
        self.style(key)
        children = tuple(self.node(child, inner, behind) for child in cell.children)
        return replace(cell, children=children, style=key)

    def finish(self) -> None:
        """Raises LayoutError with all findings."""
        if self.findings:
            raise LayoutError(self.findings)


_SAME = InlineStyle()


def _striped(background: str, zebra: str, count: int) -> Iterator[str]:
    return (zebra if zebra and number % 2 else background for number in range(count))


def _entries(blocks: Iterable[Block]) -> Iterator[ContentsEntry]:
    """An entry for each outermost section that has an id and a heading."""
    for block in blocks:
        if isinstance(block, Section):
            if any(isinstance(child, Contents) for child in block.children):
                continue  # the contents do not list themselves
            heading = next((child for child in block.children if isinstance(child, Heading)), None)
            if block.id and heading is not None:
                title = Text(plain_text(heading.children), heading.source)
                yield ContentsEntry((title,), block.id, heading.source)
        elif isinstance(block, Group | Panel):
            yield from _entries(block.children)


def _with_entries(nodes: Iterable[N], entries: tuple[ContentsEntry, ...]) -> Iterator[N]:
    for node in nodes:
        if isinstance(node, Contents):
            yield replace(node, entries=entries)
        else:
            yield with_nodes(node, lambda inside: _with_entries(inside, entries))


def _unlinked(nodes: Iterable[N]) -> Iterator[N]:
    """``nodes`` with the words of their links in place of the links."""
    for node in nodes:
        yield with_nodes(with_inline(node, _without_links), _unlinked)


def _without_links(nodes: Iterable[Inline]) -> Iterator[Inline]:
    for node in nodes:
        if isinstance(node, Link):
            yield from _without_links(node.children)
        else:
            yield with_inline(node, _without_links)
