"""Styles for every block, by class, surroundings and tag; contents; headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from handouts.errors import Finding, LayoutError, Source
from handouts.layout.styles import CONTENT, StyleSheet, words_of
from handouts.model import (
    Block,
    Brand,
    Cell,
    Contents,
    ContentsEntry,
    FormField,
    Group,
    Heading,
    Inline,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Panel,
    Paragraph,
    Part,
    Row,
    Section,
    SideBySide,
    Span,
    Style,
    Table,
    Text,
    plain_text,
)
from handouts.model.kinds import KINDS
from handouts.model.tree import Levels, walk_inline, with_inline, with_nodes
from handouts.model.untranslated import with_short_marks
from handouts.names import suggest

N = TypeVar("N", bound=Block | Part)

#: (style, tag) of the nodes around one, the nearest first.
Ancestors = tuple[tuple[str, str], ...]

_LIST_TAGS = {Marker.NUMBER: "ol", Marker.CHECKBOX: "checklist"}


class Resolver:
    """Gives each block its style's full key, and keeps the styles that were used.

    Unknown spans are gathered as findings, each once.
    """

    def __init__(self, sheet: StyleSheet, brand: Brand) -> None:
        self.sheet = sheet
        self.brand = brand
        self.inline = sheet.resolve_inline(brand)
        self.styles: dict[str, Style] = {}
        self.findings: list[Finding] = []
        self.levels = Levels()
        self.use("caption")

    def flow(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """The blocks of the flow: styled, contents filled."""
        made = tuple(self.node(block, ()) for block in blocks)
        return tuple(_with_entries(made, tuple(_entries(made))))

    def running(self, blocks: Sequence[Block], style: str, kind: str) -> tuple[Block, ...]:
        """The blocks of a header, footer or watermark: not links, since nobody can follow them;
        with short marks of what is not translated."""
        repeated = _shortly_marked(_unlinked(blocks))
        return tuple(self.node(block, ((style, kind),)) for block in repeated)

    # --- styles ---

    def use(self, key: str) -> str:
        """Keep the style ``key``."""
        if key not in self.styles:
            own = key.removesuffix(CONTENT)
            style = self.sheet.resolve(own, self.brand)
            self.styles[key] = words_of(style) if own != key else style
        return key

    def columns(self) -> str:
        """The style of two languages beside each other."""
        return self.use(self.sheet.key("", KINDS[SideBySide].style, ()))

    # --- nodes ---

    def node(self, node: N, around: Ancestors) -> N:
        """``node`` and all in it with the keys of their styles."""
        tag = self.tag(node, around)
        self.levels.enter(node)
        made: Any
        match node:
            case Paragraph() | Heading() | FormField():
                made = self.text(node, tag, around)
            case Table():
                head = self.rows(node.head, "thead", (node.style, tag), around)
                body = self.rows(node.body, "tbody", (node.style, tag), around)
                key = self.use(self.sheet.key(node.style, tag, around))
                made = replace(node, head=head, body=body, style=key)
            case _:
                made = self.container(node, tag, around)
        self.levels.leave(node)
        return cast(N, made)

    def rows(
        self, rows: Iterable[Row], part: str, table: tuple[str, str], around: Ancestors
    ) -> tuple[Row, ...]:
        """The rows of one part of a table."""
        return tuple(self.node(row, (("", part), table, *around)) for row in rows)

    def tag(self, node: Block | Part, around: Ancestors) -> str:
        """The name under which a node's style is looked up."""
        match node:
            case Heading():
                return f"h{self.levels.of(node)}"
            case Paragraph() | FormField() if around and around[0][1] in ("li", "td", "th"):
                # Words directly in a list item or cell look like it, not like a paragraph.
                return around[0][1]
            case ListBlock(marker=marker):
                return _LIST_TAGS.get(marker, "ul")
            case Cell(scope=scope) if scope:
                return "th"
            case _:
                return KINDS[type(node)].style

    def container(self, node: N, tag: str, around: Ancestors) -> N:
        """A node that holds nodes, or is drawn without text of its own."""
        inner = around
        if tag:
            own = getattr(node, "style", "")
            inner = ((own, tag), *around)
            if not isinstance(node, ListItem):
                key = self.use(self.sheet.key(own, tag, around))
                node = replace(cast(Any, node), style=key)
        return with_nodes(node, lambda nodes: [self.node(child, inner) for child in nodes])

    def text(
        self, block: Paragraph | Heading | FormField, tag: str, around: Ancestors
    ) -> Paragraph | Heading | FormField:
        key = self.sheet.key(block.style, tag, around)
        if tag in ("td", "th"):
            key += CONTENT
        for node in walk_inline(block.children):
            if isinstance(node, Span) and node.style and node.style not in self.inline:
                self.unknown(node.style, node.source)
        return replace(block, style=self.use(key))

    def unknown(self, name: str, source: Source) -> None:
        finding = Finding(f"unknown inline style “{name}”.", source, suggest(name, self.inline))
        if finding not in self.findings:
            self.findings.append(finding)

    def finish(self) -> None:
        """Raises LayoutError with all findings."""
        if self.findings:
            raise LayoutError(self.findings)


def _entries(blocks: Iterable[Block]) -> Iterator[ContentsEntry]:
    """An entry for each outermost section that has an id and a heading."""
    for block in blocks:
        if isinstance(block, Section):
            if any(isinstance(child, Contents) for child in block.children):
                continue  # the contents do not list themselves
            heading = next((child for child in block.children if isinstance(child, Heading)), None)
            if block.id and heading is not None:
                # The space parts it from the page number, in the text as on paper.
                title = Text(f"{plain_text(heading.children)} ", heading.source)
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


def _shortly_marked(nodes: Iterable[N]) -> Iterator[N]:
    for node in nodes:
        yield with_nodes(with_inline(node, with_short_marks), _shortly_marked)
