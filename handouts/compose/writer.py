"""Nodes to Blocks: values, citations and abbreviations resolved, headings nested."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from handouts.compose.values import Values
from handouts.errors import Finding, Source
from handouts.library.nodes import (
    Boxed,
    CitationUse,
    Generated,
    InLanguage,
    Lines,
    RawBlock,
    RawBreak,
    RawHeading,
    RawInline,
    RawLink,
    RawList,
    RawParagraph,
    RawSpan,
    RawTable,
    RawText,
    ValueUse,
    When,
)
from handouts.library.terms import TermFinder
from handouts.model import (
    Abbr,
    Block,
    Cell,
    Cite,
    Group,
    Heading,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Panel,
    Paragraph,
    Row,
    Scope,
    Section,
    Span,
    Table,
    Text,
    WritingLines,
)
from handouts.names import suggest


@dataclass
class Writer:
    """Writes the Blocks of one section after another; collects what is wrong."""

    values: Values
    known_values: Iterable[str]
    numbers: Mapping[str, int]  # of citations, by first use
    terms: TermFinder
    generate: Callable[[Generated], tuple[Block, ...]]
    findings: list[Finding] = field(default_factory=list)
    abbreviations: dict[str, str] = field(default_factory=dict)  # used so far, in order
    _seen: set[str] = field(default_factory=set)  # in this section

    def section(self, blocks: Iterable[RawBlock]) -> tuple[Block, ...]:
        """The Blocks of one section; abbreviations begin anew."""
        self._seen = set()
        return self.blocks(blocks)

    def blocks(self, blocks: Iterable[RawBlock], foreign: bool = False) -> tuple[Block, ...]:
        """Blocks in order; each heading opens a part that ends before the next like it."""
        written = [block for raw in blocks for block in self.block(raw, foreign)]
        return _nested(written, 3)

    def block(self, raw: RawBlock, foreign: bool) -> Iterator[Block]:
        source = raw.source
        match raw:
            case RawParagraph(children=children):
                yield Paragraph(self.words(children, foreign), source=source)
            case RawHeading(children=children, level=level):
                yield Heading(self.words(children, foreign), level, source=source)
            case RawList(items=items, marker=marker, start=start):
                inner = (
                    ListItem(self.blocks(item.children, foreign), source=item.source)
                    for item in items
                )
                yield ListBlock(tuple(inner), marker, start, source=source)
            case RawTable():
                yield self.table(raw, foreign)
            case Boxed(style=style, children=inside):
                yield Panel(self.blocks(inside, foreign), style, source=source)
            case InLanguage(lang=lang, children=inside):
                yield Group(self.blocks(inside, foreign=True), lang=lang, source=source)
            case Lines(count=count):
                yield WritingLines(count, source=source)
            case Generated():
                yield from self.generate(raw)
            case When():
                raise AssertionError("flags are decided before words are written")

    def table(self, raw: RawTable, foreign: bool) -> Table:
        def cell(children: tuple[RawInline, ...], source: Source, scope: Scope | None) -> Cell:
            words = self.words(children, foreign)
            inside = (Paragraph(words, source=source),) if words else ()
            return Cell(inside, scope, source=source)

        head = Row(
            tuple(cell(one.children, one.source, Scope.COLUMN) for one in raw.head), raw.source
        )
        body = tuple(
            Row(
                tuple(
                    cell(one.children, one.source, None if column else Scope.ROW)
                    for column, one in enumerate(row)
                ),
                row[0].source,
            )
            for row in raw.rows
        )
        caption = self.words(raw.caption, foreign)
        return Table(caption, (head,), body, raw.widths, source=raw.source)

    def words(self, nodes: Iterable[RawInline], foreign: bool = False) -> tuple[Inline, ...]:
        """Inline content. ``foreign``: in another language, so without our abbreviations."""
        words = self.inline(nodes)
        return words if foreign else tuple(self.abbreviated(words))

    def inline(self, nodes: Iterable[RawInline]) -> tuple[Inline, ...]:
        written: list[Inline] = []
        for node in nodes:
            match node:
                case RawText(text=text, source=source):
                    _add(written, Text(text, source))
                case RawBreak(source=source):
                    written.append(LineBreak(source))
                case RawSpan(children=children, style=style, source=source):
                    written.append(Span(self.inline(children), style, source=source))
                case RawLink(children=children, href=href, source=source):
                    inside = self.inline(children)
                    written.append(Link(inside, href, href, source))
                case CitationUse(keys=keys, source=source):
                    self.cite(written, keys, source)
                case ValueUse(name=name, source=source):
                    for part in self.value(name, source):
                        _add(written, part)
        return tuple(written)

    def value(self, name: str, source: Source) -> tuple[Inline, ...]:
        found = self.values.find(name, source)
        if found is None:
            known = sorted(self.known_values)
            self.findings.append(Finding(f"unknown value {name}.", source, suggest(name, known)))
        return found or ()

    def cite(self, written: list[Inline], keys: tuple[str, ...], source: Source) -> None:
        """Citations hug the word before them: a raised number never begins a line."""
        if written and isinstance(written[-1], Text):
            text = written[-1].text.rstrip()
            written[-1:] = [replace(written[-1], text=text)] if text else []
        # Numbers in a run rise, however the author ordered the keys.
        known = sorted((key for key in keys if key in self.numbers), key=self.numbers.__getitem__)
        written.extend(Cite(key, self.numbers[key], source) for key in known)

    def abbreviated(self, nodes: Iterable[Inline]) -> Iterator[Inline]:
        """Wrap the first use of each abbreviation in this section."""
        for node in nodes:
            match node:
                case Text():
                    yield from self._abbreviated_text(node)
                case Span(children=children):
                    yield replace(node, children=tuple(self.abbreviated(children)))
                case _:
                    yield node

    def _abbreviated_text(self, node: Text) -> Iterator[Inline]:
        end = 0
        for start, stop, term in self.terms.abbreviations(node.text):
            form = node.text[start:stop]
            self.abbreviations[form] = term.expansion
            if term.word in self._seen:
                continue
            self._seen.add(term.word)
            if start > end:
                yield replace(node, text=node.text[end:start])
            yield Abbr((replace(node, text=form),), term.expansion, node.source)
            end = stop
        if node.text[end:]:
            yield replace(node, text=node.text[end:])


def _add(written: list[Inline], node: Inline) -> None:
    """Join neighbouring texts: a run is one leaf of the structure tree."""
    last = written[-1] if written else None
    if isinstance(node, Text) and isinstance(last, Text):
        written[-1] = replace(last, text=last.text + node.text)
    elif node != Text(""):
        written.append(node)


def _nested(blocks: list[Block], level: int) -> tuple[Block, ...]:
    """Headings of ``level`` open Sections that hold what follows them."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading) and block.level == level:
            parts.append([])
        parts[-1].append(block)
    first, *rest = parts
    if level < 4:
        first = list(_nested(first, level + 1))
    sections = (
        Section(
            (part[0], *(_nested(part[1:], level + 1) if level < 4 else part[1:])),
            source=part[0].source,
        )
        for part in rest
    )
    return (*first, *sections)
