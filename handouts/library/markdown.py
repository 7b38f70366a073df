"""Markdown to nodes: one run of text between directives, every node with file and line.

Tokens of markdown-it become nodes directly; nothing is rendered to HTML or text in between.
HTML is off, so a tag stays text; so do code, quotes, rules and reference definitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

from handouts.errors import Finding, Source
from handouts.library.nodes import (
    CitationUse,
    RawBlock,
    RawBreak,
    RawCell,
    RawHeading,
    RawInline,
    RawItem,
    RawLink,
    RawList,
    RawParagraph,
    RawSpan,
    RawTable,
    RawText,
    ValueUse,
)
from handouts.model import Marker

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

#: Lists within lists, and directives within directives.
MAX_DEPTH = 8

_VALUE = re.compile(r"\{\{[ \t]*([^{}\n]*?)[ \t]*\}\}")
_VALUE_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")
_CITATION = re.compile(r"\[@[^\]\n]*\]")
_KEY = re.compile(r"@[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_LINK = re.compile(r"(?:https?://|mailto:|tel:)(?:(?!%7B%7B)\S)+", re.IGNORECASE)
_OFF = (
    *("autolink", "backticks", "blockquote", "code", "entity", "fence", "hr"),
    *("html_block", "html_inline", "image", "lheading", "reference"),
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Nodes, and what is wrong with the text they came from."""

    blocks: tuple[RawBlock, ...]
    findings: tuple[Finding, ...]


def parse_markdown(text: str, file: str, first_line: int) -> Parsed:
    """Parse Markdown whose first line is line ``first_line`` of ``file``."""
    # markdown-it would take a carriage return inside a line for a line of its own.
    text = text.replace("\r", " ")
    reader = _Reader(text.split("\n"), file, first_line)
    blocks = reader.blocks(_tree(_parser().parse(text)))
    return Parsed(tuple(blocks), tuple(reader.findings))


def parse_inline(text: str, source: Source) -> tuple[tuple[RawInline, ...], tuple[Finding, ...]]:
    """Parse one line of Markdown without blocks, such as a table's caption."""
    reader = _Reader([text], source.file, source.line)
    (token,) = _parser().parseInline(text)
    return reader.inline(_Node(token, ())), tuple(reader.findings)


def parse_words(text: str, source: Source) -> tuple[tuple[RawInline, ...], tuple[Finding, ...]]:
    """Parse one line that holds only words and values, such as a title."""
    found: list[Finding] = []
    nodes: list[RawInline] = []
    end = 0
    for match in _VALUE.finditer(text):
        if match.start() > end:
            nodes.append(RawText(text[end : match.start()], source))
        nodes.append(_value(match[1], source, found))
        end = match.end()
    if text[end:]:
        nodes.append(RawText(text[end:], source))
    return tuple(nodes), tuple(found)


@dataclass(frozen=True, slots=True)
class _Node:
    """A token with the tokens that it encloses."""

    token: Token
    children: tuple[_Node, ...]

    @property
    def kind(self) -> str:
        return self.token.type.removesuffix("_open")


def _tree(tokens: list[Token]) -> tuple[_Node, ...]:
    top: list[_Node] = []
    stack: list[tuple[Token, list[_Node]]] = []
    for token in tokens:
        if token.nesting == 1:
            stack.append((token, []))
            continue
        opened, children = stack.pop() if token.nesting == -1 else (token, [])
        (stack[-1][1] if stack else top).append(_Node(opened, tuple(children)))
    return tuple(top)


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

    def blocks(self, nodes: tuple[_Node, ...], depth: int = 0) -> Iterator[RawBlock]:
        for node in nodes:
            source = self.source(node.token)
            match node.kind:
                case "paragraph":
                    yield RawParagraph(self.inline(node.children[0]), source)
                case "heading":
                    yield self.heading(node, source)
                case "bullet_list" | "ordered_list":
                    yield self.list_block(node, source, depth + 1)
                case "table":
                    yield self.table(node, source)

    def heading(self, node: _Node, source: Source) -> RawHeading:
        level = int(node.token.tag[1])
        if level not in (3, 4):
            self.find(
                source,
                f"a heading with {'#' * level} stands in the body.",
                "The section's title is in its front matter; use ### or ####.",
            )
        return RawHeading(self.inline(node.children[0]), level, source)

    def list_block(self, node: _Node, source: Source, depth: int) -> RawList:
        if depth > MAX_DEPTH:
            self.find(source, f"lists nest more than {MAX_DEPTH} deep.", "Flatten the list.")
            return RawList((), Marker.DISC, 1, source)
        marker = Marker.NUMBER if node.kind == "ordered_list" else Marker.DISC
        items = []
        boxes = 0
        for child in node.children:
            blocks = tuple(self.blocks(child.children, depth))
            if marker is Marker.DISC and (unboxed := _without_box(blocks)) is not None:
                blocks = unboxed
                boxes += 1
            items.append(RawItem(blocks, self.source(child.token)))
        if 0 < boxes < len(items):
            self.find(
                source,
                "some items of this list have a check box and some have none.",
                "Begin every item with [ ], or none.",
            )
        start = int(node.token.attrGet("start") or 1)
        return RawList(tuple(items), Marker.CHECKBOX if boxes else marker, start, source)

    def table(self, node: _Node, source: Source) -> RawTable:
        rows = [
            tuple(
                RawCell(self.inline(cell.children[0]), self.source(row.token))
                for cell in row.children
            )
            for part in node.children
            for row in part.children
        ]
        delimiter = self.lines[source.line - self.first_line + 1]
        widths = tuple(float(cell.count("-")) for cell in delimiter.strip().strip("|").split("|"))
        return RawTable((), rows[0], tuple(rows[1:]), widths, source)

    def inline(self, node: _Node) -> tuple[RawInline, ...]:
        """The inline content of a block; a soft line break in the file is a space in print."""
        tree = _tree(node.token.children or [])
        line = [self.source(node.token)]
        return tuple(_joined(self.runs(tree, line)))

    def runs(self, nodes: tuple[_Node, ...], line: list[Source]) -> Iterator[RawInline]:
        for node in nodes:
            token, source = node.token, line[0]
            match node.kind:
                case "text":
                    yield RawText(token.content, source)
                case "softbreak":
                    yield RawText(" ", source)
                    line[0] = replace(source, line=source.line + 1)
                case "hardbreak":
                    yield RawBreak(source)
                    line[0] = replace(source, line=source.line + 1)
                case "value":
                    yield _value(token.content, source, self.findings)
                case "citation":
                    yield self.citation(token.content, source)
                case "strong" | "em" as style:
                    yield self.span(node, style, line)
                case "link":
                    yield self.link(node, line)

    def span(self, node: _Node, style: Literal["strong", "em"], line: list[Source]) -> RawSpan:
        source = line[0]
        return RawSpan(tuple(_joined(self.runs(node.children, line))), style, source)

    def link(self, node: _Node, line: list[Source]) -> RawLink:
        source = line[0]
        href = str(node.token.attrGet("href") or "")
        children = tuple(_joined(self.runs(node.children, line)))
        if not _LINK.fullmatch(href):
            self.find(
                source,
                f"the link to {href or 'nothing'} cannot be used on paper.",
                "Links begin with https://, http://, mailto: or tel:, and hold no values.",
            )
        if not children:
            self.find(source, f"the link to {href} has no words.", "Write [words](address).")
        return RawLink(children, href, source)

    def citation(self, content: str, source: Source) -> CitationUse:
        keys = tuple(part.strip() for part in content[1:-1].split(";"))
        for key in keys:
            if not _KEY.fullmatch(key):
                self.find(
                    source,
                    f"the citation {content} cannot be read.",
                    "Write [@key] or [@key-one; @key-two].",
                )
                return CitationUse((), source)
        return CitationUse(tuple(key[1:] for key in keys), source)


def _value(name: str, source: Source, findings: list[Finding]) -> ValueUse:
    if not _VALUE_NAME.fullmatch(name):
        findings.append(
            Finding(
                f"{{{{ {name} }}}} does not name a value.",
                source,
                "A value is one name in lower case, such as {{ clinic_phone }}.",
            )
        )
    return ValueUse(name, source)


def _joined(nodes: Iterator[RawInline]) -> Iterator[RawInline]:
    """Join neighbouring texts, so that a paragraph of several lines is one run."""
    held: RawText | None = None
    for node in nodes:
        if isinstance(node, RawText):
            held = replace(held, text=held.text + node.text) if held else node
            continue
        if held and held.text:
            yield held
        held = None
        yield node
    if held and held.text:
        yield held


def _without_box(blocks: tuple[RawBlock, ...]) -> tuple[RawBlock, ...] | None:
    """The blocks of a list item without the ``[ ]`` that begins it; None if none does."""
    match blocks:
        case (RawParagraph(children=(RawText(text=text) as run, *rest)) as first, *others):
            if text.startswith("[ ] "):
                children = (replace(run, text=text[4:].lstrip()), *rest)
                return (replace(first, children=children), *others)
    return None


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * MAX_DEPTH})
    parser.enable("table").disable(list(_OFF))
    parser.inline.ruler.before("escape", "value", _value_rule)
    parser.inline.ruler.before("link", "citation", _citation_rule)
    # Links that we refuse are findings, not text: so every address is let through here.
    parser.validateLink = _any_address  # type: ignore[method-assign, assignment]
    return parser


def _any_address(_: str) -> bool:
    return True


def _value_rule(state: StateInline, silent: bool) -> bool:
    return _push(state, silent, _VALUE, "value")


def _citation_rule(state: StateInline, silent: bool) -> bool:
    return _push(state, silent, _CITATION, "citation")


def _push(state: StateInline, silent: bool, pattern: re.Pattern[str], kind: str) -> bool:
    match = pattern.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push(kind, "", 0)
        token.content = match[1] if pattern.groups else match[0]
    state.pos = match.end()
    return True
