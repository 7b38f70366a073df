"""Nodes of a section file resolved: values, citations, abbreviations, generated blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.compose.pictured import PictureData
from handouts.compose.values import Values
from handouts.errors import Finding
from handouts.library.terms import TermFinder
from handouts.model import Abbr, Block, Cite, Generated, Group, Inline, Part, Span, Text, Value
from handouts.model.tree import with_inline, with_nodes

N = TypeVar("N", bound=Block | Part)


class Writer(Struct, dict=True, weakref=True):
    """Resolves the blocks of one section after another; collects what is wrong."""

    values: Values
    numbers: Mapping[str, int]  # of citations, by first use
    terms: TermFinder
    generate: Callable[[Generated], tuple[Block, ...]]
    pictures: PictureData
    findings: list[Finding] = field(default_factory=list)
    abbreviations: dict[str, str] = field(default_factory=dict)  # used so far, in order
    _seen: set[str] = field(default_factory=set)  # in this section

    def section(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks of one section; abbreviations begin anew."""
        self._seen = set()
        return tuple(self._nodes(blocks, foreign=False))

    def inline(self, nodes: Iterable[Inline]) -> tuple[Inline, ...]:
        """Inline content with its values and citations resolved."""
        return tuple(_joined(self._filled(nodes)))

    def _nodes(self, nodes: Iterable[N], foreign: bool) -> Iterator[N]:
        """``foreign``: in another language, so without our abbreviations."""
        for node in nodes:
            if isinstance(node, Generated):
                yield from self.generate(node)  # type: ignore[misc]
            else:
                yield self._node(node, foreign or (isinstance(node, Group) and bool(node.lang)))

    def _node(self, node: N, foreign: bool) -> N:
        resolved = with_inline(node, lambda inline: self._words(inline, foreign))
        return with_nodes(
            self.pictures.filled(resolved), lambda inside: self._nodes(inside, foreign)
        )

    def _words(self, nodes: Iterable[Inline], foreign: bool) -> Iterable[Inline]:
        inline = self.inline(nodes)
        return inline if foreign else self._abbreviated(inline)

    def _filled(self, nodes: Iterable[Inline]) -> Iterator[Inline]:
        for cites, run in groupby(nodes, lambda node: isinstance(node, Cite)):
            if cites:
                yield from self._numbered(run)
                continue
            for node in run:
                if isinstance(node, Value):
                    yield from self._value(node)
                else:
                    yield with_inline(node, self.inline)

    def _value(self, node: Value) -> tuple[Inline, ...]:
        if problem := self.values.problem(node.name, node.source):
            self.findings.append(problem)
        return self.values.find(node.name, node.source) or ()

    def _numbered(self, run: Iterable[Inline]) -> list[Cite]:
        """Numbers in a run rise, however the author ordered the keys."""
        known = (one for one in run if isinstance(one, Cite) and one.key in self.numbers)
        return sorted(
            (replace(one, number=self.numbers[one.key]) for one in known),
            key=lambda cite: cite.number,
        )

    def _abbreviated(self, nodes: Iterable[Inline]) -> Iterator[Inline]:
        """Wrap the first use of each abbreviation in this section."""
        for node in nodes:
            if isinstance(node, Text):
                yield from self._abbreviated_text(node)
            elif isinstance(node, Span):
                yield with_inline(node, self._abbreviated)
            else:
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


def _joined(nodes: Iterable[Inline]) -> list[Inline]:
    """Neighbouring texts joined, since a run is one leaf of the structure tree; a citation hugs
    the word before it, so that a raised number never begins a line."""
    joined: list[Inline] = []
    for node in nodes:
        last = joined[-1] if joined else None
        if isinstance(node, Text) and isinstance(last, Text):
            joined[-1] = replace(last, text=last.text + node.text)
        elif isinstance(node, Cite) and isinstance(last, Text):
            text = last.text.rstrip()
            joined[-1:] = [replace(last, text=text), node] if text else [node]
        elif not isinstance(node, Text) or node.text:
            joined.append(node)
    return joined
