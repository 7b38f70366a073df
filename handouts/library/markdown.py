"""Markdown to nodes: one run of text between directives, every node with file and line.

Tokens become nodes directly; nothing is rendered to HTML or text in between. Values and the
numbers of citations stay open: a parsed section serves every handout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import Finding, Source
from handouts.library.markdown_tokens import (
    MAX_DEPTH,
    TOO_LONG,
    VALUE,
    TokenNode,
    block_tree,
    line_node,
    tree,
)
from handouts.library.unread import unread, unread_beside, unread_lines, unread_star
from handouts.library.wordless import shows_something
from handouts.model import (
    Block,
    Cell,
    Cite,
    Heading,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Paragraph,
    Row,
    Scope,
    Section,
    Span,
    Table,
    Text,
    Value,
)
from handouts.model.attributes import address_problem

if TYPE_CHECKING:
    from markdown_it.token import Token

_VALUE_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
_KEY = re.compile(r"@[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_PIPE = re.compile(r"(?<!\\)\|")
_SPACES = re.compile(r"[ \t]+")

#: Blocks before their headings open Sections: each with the level of a heading (3 or 4), or 0.
Flat: TypeAlias = list[tuple[int, Block]]
_OUTER, _INNER = 3, 4


class Parsed(Struct, frozen=True):
    """Flat blocks, and what is wrong with the text they came from."""

    blocks: Flat
    findings: tuple[Finding, ...]


def nested(blocks: Flat, level: int = _OUTER) -> tuple[Block, ...]:
    """Blocks in which each heading opens a Section that ends before the next one like it."""
    parts: list[Flat] = [[]]
    for one in blocks:
        if one[0] == level:
            parts.append([])
        parts[-1].append(one)
    first, *rest = parts
    if level == _INNER:
        before, inside = tuple(block for _, block in first), _plain
    else:
        before, inside = nested(first, _INNER), _deeper
    sections = (Section((part[0][1], *inside(part[1:])), source=part[0][1].source) for part in rest)
    return (*before, *sections)


def _plain(blocks: Flat) -> tuple[Block, ...]:
    return tuple(block for _, block in blocks)


def _deeper(blocks: Flat) -> tuple[Block, ...]:
    return nested(blocks, _INNER)


def parse_markdown(text: str, file: str, first_line: int) -> Parsed:
    """Parse Markdown whose first line is line ``first_line`` of ``file``."""
    # markdown-it would take a carriage return inside a line for a line of its own.
    text = text.replace("\r", " ")
    reader = _Reader(text.split("\n"), file, first_line)
    blocks = reader.blocks(block_tree(text))
    return Parsed(list(blocks), tuple(reader.findings))


def parse_inline(text: str, source: Source) -> tuple[tuple[Inline, ...], tuple[Finding, ...]]:
    """Parse one line of Markdown without blocks, such as a table's caption."""
    reader = _Reader([text], source.file, source.line)
    return reader.inline(line_node(text)), tuple(reader.findings)


def parse_words(text: str, source: Source) -> tuple[tuple[Inline, ...], tuple[Finding, ...]]:
    """Parse one line that holds only words and values, such as a title."""
    found: list[Finding] = []
    nodes: list[Inline] = []
    end = 0
    for match in VALUE.finditer(text):
        if match.start() > end:
            nodes.append(Text(text[end : match.start()], source))
        nodes.append(_value(match[1].strip(), source, found))
        end = match.end()
    if text[end:]:
        nodes.append(Text(text[end:], source))
    return tuple(nodes), (*found, *unread(nodes))


class _Reader:
    """Turns token trees into nodes and collects findings."""

    def __init__(self, lines: list[str], file: str, first_line: int) -> None:
        self.lines = lines
        self.file = file
        self.first_line = first_line
        self.findings: list[Finding] = []

    def source(self, token: Token, offset: int = 0) -> Source:
        start = token.map[0] if token.map else 0
        return Source(self.file, self.first_line + start + offset)

    def find(self, source: Source, message: str, remedy: str) -> None:
        self.findings.append(Finding(message, source, remedy))

    def blocks(
        self, nodes: tuple[TokenNode, ...], depth: int = 0, *, in_bullets: bool = False
    ) -> Iterator[tuple[int, Block]]:
        for node in nodes:
            source = self.source(node.token)
            match node.kind:
                case "paragraph":
                    is_first = in_bullets and node is nodes[0]
                    yield 0, self.paragraph(node, source, in_bullets=is_first)
                case "heading":
                    yield self.heading(node, source)
                case "bullet_list" | "ordered_list":
                    yield 0, self.list_block(node, source, depth + 1)
                case "table":
                    yield 0, self.table(node, source)

    def paragraph(self, node: TokenNode, source: Source, *, in_bullets: bool) -> Paragraph:
        known = len(self.findings)
        words = self.inline(node.children[0])
        if len(self.findings) == known:  # else a mark at its beginning may be told already
            typed = node.children[0].token.content
            self.findings += unread_lines(typed, source, in_bullets=in_bullets)
        return Paragraph(words, source=source)

    def heading(self, node: TokenNode, source: Source) -> tuple[int, Heading]:
        level = int(node.token.tag[1])
        if level not in (_OUTER, _INNER):
            self.find(
                source,
                f"a heading with {'#' * level} stands in the body.",
                "The section's title is in its front matter; use ### or ####.",
            )
        return level, Heading(self.inline(node.children[0]), source=source)

    def list_block(self, node: TokenNode, source: Source, depth: int) -> ListBlock:
        if depth > MAX_DEPTH:
            self.find(source, f"lists nest more than {MAX_DEPTH} deep.", "Flatten the list.")
            return ListBlock((), source=source)
        marker = Marker.NUMBER if node.kind == "ordered_list" else Marker.DISC
        items = []
        boxes = 0
        for child in node.children:
            in_bullets = marker is Marker.DISC
            blocks = nested(list(self.blocks(child.children, depth, in_bullets=in_bullets)))
            if in_bullets and (unboxed := _without_box(blocks)) is not None:
                blocks = unboxed
                boxes += 1
            items.append(ListItem(blocks, source=self.source(child.token)))
        if 0 < boxes < len(items):
            self.find(
                source,
                "some items of this list have a check box and some have none.",
                "Begin every item with [ ], or none.",
            )
        start = int(node.token.attrs.get("start", 1))
        self.numbers(node, start)
        marker = Marker.CHECKBOX if boxes else marker
        return ListBlock(tuple(items), marker, start, source=source)

    def numbers(self, node: TokenNode, start: int) -> None:
        """Find the first number of a list that is typed otherwise than it will print."""
        typed = [int(child.token.info or start) for child in node.children]
        printed = zip(node.children, typed, range(start, start + len(typed)), strict=True)
        wrong = [one for one in printed if one[1] != one[2]]
        if wrong and set(typed) != {1}:
            item, number, other = wrong[0]
            what = f"the number {number}. would print as {other}."
            remedy = "Count one by one, or begin each item with 1. Words may begin so: 2015\\."
            self.find(self.source(item.token), what, remedy)

    def table(self, node: TokenNode, source: Source) -> Table:
        """A pipe table: the first row names columns, the first cell of each other row its row.

        A single row needs no name: its first cell is a cell like the others."""
        first, *others = (row for part in node.children for row in part.children)
        head = self.row(first.children, self.source(first.token), (Scope.COLUMN, Scope.COLUMN))
        scopes = (Scope.ROW if len(others) > 1 else None, None)
        body = [self.row(row.children, self.source(row.token), scopes) for row in others]
        for row in body:
            self.complete(row, len(head.cells))
        delimiter = self.lines[source.line - self.first_line + 1]
        widths = tuple(float(cell.count("-")) for cell in delimiter.strip().strip("|").split("|"))
        return Table((), (head,), tuple(body), widths, source=source)

    def complete(self, row: Row, columns: int) -> None:
        """Find the cells for which there is no column: markdown-it leaves them out."""
        written = self.lines[row.source.line - self.first_line].strip().removeprefix("|")
        if lost := " ".join(cell.strip() for cell in _PIPE.split(written)[columns:]).strip():
            what = f"a row has more cells than the head: “{lost[:40]}” has no column."
            self.find(row.source, what, "Add a heading, or write \\| for a | within words.")

    def row(
        self,
        cells: tuple[TokenNode, ...],
        source: Source,
        scopes: tuple[Scope | None, Scope | None],
    ) -> Row:
        """One row; ``scopes`` are those of its first cell and of the others."""
        made = []
        for column, cell in enumerate(cells):
            inline = self.inline(cell.children[0])
            children = (Paragraph(inline, source=source),) if shows_something(inline) else ()
            made.append(Cell(children, scopes[bool(column)], source=source))
        return Row(tuple(made), source)

    def inline(self, node: TokenNode) -> tuple[Inline, ...]:
        """The inline content of a block; a soft line break in the file is a space in print."""
        source, tokens = self.source(node.token), node.token.children or []
        if excess := node.token.meta.get(TOO_LONG):
            self.find(source, f"a paragraph has {excess}.", "Divide it by an empty line.")
        if any(token.level > MAX_DEPTH for token in tokens):
            what = f"emphasis and links nest more than {MAX_DEPTH} deep."
            self.find(source, what, "Remove the stars that are too many.")
            return ()
        nodes = tuple(_joined(self.runs(tree(tokens), [source])))
        self.findings += unread(nodes)
        return nodes

    def runs(self, nodes: tuple[TokenNode, ...], line: list[Source]) -> Iterator[Inline]:
        texts = [node.token.content if node.kind == "text" else "" for node in nodes]
        for before, node, after in zip(("", *texts), nodes, (*texts[1:], ""), strict=False):
            token, source = node.token, line[0]
            self.findings += unread_beside(node, before, after, source)
            match node.kind:
                case "text":
                    self.findings += unread_star(token.content, source)
                    yield Text(_SPACES.sub(" ", token.content), source)
                case "text_special":  # what a \\ makes plain
                    yield Text(token.content, source)
                case "softbreak":
                    yield Text(" ", source)
                    line[0] = replace(source, line=source.line + 1)
                case "hardbreak":
                    yield LineBreak(source)
                    line[0] = replace(source, line=source.line + 1)
                case "value":
                    yield _value(token.content, source, self.findings)
                case "citation":
                    yield from self.citation(token.content, source)
                case "strong" | "em" as style:
                    if before[-1:].isdigit() or after[:1].isdigit():
                        what = "a star beside a digit would not print: it makes words strong."
                        self.find(source, what, "Write × or \\* for the sign.")
                    yield from _apart(_joined(self.runs(node.children, line)), style, source)
                case "link":
                    if before[-1:] == "!":
                        what = "“!” before a link makes no picture here, and would print."
                        self.find(source, what, "Remove it, or put a space behind it.")
                    yield self.link(node, line)

    def link(self, node: TokenNode, line: list[Source]) -> Link:
        source = line[0]
        href = str(node.token.attrGet("href") or "")
        children = tuple(_joined(self.runs(node.children, line)))
        if problem := "must hold no values" if "%7B%7B" in href else address_problem(href):
            what = f"the link to {href or 'nothing'} cannot be used on paper: it {problem}."
            self.find(source, what, "Write [words](https://clinic.example).")
        if title := node.token.attrGet("title"):
            what = f"the link to {href} has a title that nobody would see: “{title}”."
            self.find(source, what, "Write it as words, and [words](address) alone.")
        return Link(children, href, href, source)

    def citation(self, content: str, source: Source) -> Iterator[Cite]:
        keys = [part.strip() for part in content[1:-1].split(";")]
        if not all(_KEY.fullmatch(key) for key in keys):
            self.find(
                source,
                f"the citation {content} cannot be read.",
                "Write [@key] or [@key-one; @key-two].",
            )
            return
        yield from (Cite(key[1:], source=source) for key in keys)


def _value(name: str, source: Source, findings: list[Finding]) -> Value:
    if not _VALUE_NAME.fullmatch(name):
        findings.append(
            Finding(
                f"{{{{ {name} }}}} does not name a value.",
                source,
                "A value is one name in lower case, such as {{ clinic_phone }}.",
            )
        )
    return Value(name, source)


def _apart(nodes: Iterable[Inline], style: str, source: Source) -> Iterator[Inline]:
    """A Span of ``nodes`` and, behind it, the citations that end them: these are one run with those
    that follow."""
    words, ending = [*nodes], list[Inline]()
    while words and isinstance(last := words[-1], Cite | Text):
        if isinstance(last, Text) and last.text.strip():
            words[-1] = replace(last, text=last.text.rstrip()) if ending else last
            break
        ending.insert(0, words.pop())
    if words:
        yield Span(tuple(words), style, source=source)
    yield from ending


def _joined(nodes: Iterator[Inline]) -> Iterator[Inline]:
    """Join neighbouring texts, so that a paragraph of several lines is one run."""
    held: Text | None = None
    for node in nodes:
        if isinstance(node, Text):
            held = replace(held, text=held.text + node.text) if held else node
            continue
        if held and held.text:
            yield held
        held = None
        yield node
    if held and held.text:
        yield held


def _without_box(blocks: tuple[Block, ...]) -> tuple[Block, ...] | None:
    """The blocks of a list item without the ``[ ]`` that begins it; None if none does."""
    match blocks:
        case (Paragraph(children=(Text(text=text) as run, *rest)) as first, *others):
            if text.startswith("[ ] "):
                children = (replace(run, text=text[4:].lstrip()), *rest)
                return (replace(first, children=children), *others)
    return None
