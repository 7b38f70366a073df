"""Nodes of a section file resolved: values, citations, abbreviations, generated blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeAlias, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.compose.pictured import PictureData
from handouts.compose.values import LINKED_VALUES, Values
from handouts.contract.links import approved_link_findings, link_findings, link_within
from handouts.errors import Finding
from handouts.library.schema import Term
from handouts.library.terms import TermFinder
from handouts.library.wordless import is_hollow
from handouts.model import (
    Abbr,
    Block,
    Cell,
    Cite,
    FigureLabel,
    Generated,
    Group,
    Inline,
    Link,
    Paragraph,
    Part,
    Span,
    Text,
    Value,
    plain_text,
)
from handouts.model.tree import walk_inline, with_inline, with_nodes

N = TypeVar("N", bound=Block | Part)
#: What becomes of resolved inline content; of one abbreviation in it.
_Finish: TypeAlias = Callable[[tuple[Inline, ...]], Iterable[Inline]]
_Explain: TypeAlias = Callable[[Text, Term], Inline]


class Writer(Struct, dict=True, weakref=True):
    """Resolves the blocks of one section after another; collects what is wrong."""

    values: Values
    numbers: Mapping[str, int]  # of citations, by first use
    terms: TermFinder
    generate: Callable[[Generated], tuple[Block, ...]]
    pictures: PictureData
    findings: list[Finding] = field(default_factory=list)
    abbreviations: dict[str, str] = field(default_factory=dict)  # used so far, in order
    _written: set[str] = field(default_factory=set)  # terms that were written out

    def section(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """The blocks of one section. An abbreviation is written out at its first use in the
        sentences of the handout, and stands alone from there."""
        return tuple(self._nodes(blocks, self._written_out))

    def inline(self, nodes: Iterable[Inline]) -> tuple[Inline, ...]:
        """Inline content with its values and citations resolved."""
        return tuple(_joined(self._filled(nodes)))

    def _nodes(self, nodes: Iterable[N], finish: _Finish) -> Iterator[N]:
        for node in nodes:
            if isinstance(node, Generated):
                yield from self.generate(node)  # type: ignore[misc]
                continue
            writer, own = self, finish
            if isinstance(node, Cell) and not self.values.around:
                own = self._expanded
            if isinstance(node, FigureLabel):  # too short
                own = tuple
            elif isinstance(node, Group) and node.lang:  # another language has other abbreviations
                writer, own = replace(self, values=replace(self.values, around=node.lang)), tuple
            made = writer._node(node, own)
            if not is_hollow(made):
                yield made

    def _node(self, node: N, finish: _Finish) -> N:
        """``finish``: what becomes of the abbreviations in sentences. Headings and captions are
        short, as cells are."""
        is_short = finish == self._written_out and not isinstance(node, Paragraph)
        own = self._expanded if is_short else finish
        resolved = with_inline(node, lambda inline: _joined(own(self.inline(inline))))
        return with_nodes(
            self.pictures.filled(resolved, self.values.around),
            lambda inside: self._nodes(inside, finish),
        )

    def _filled(self, nodes: Iterable[Inline]) -> Iterator[Inline]:
        for cites, run in groupby(_runs_closed(nodes), lambda node: isinstance(node, Cite)):
            if cites:
                yield from self._numbered(run)
                continue
            for node in run:
                if isinstance(node, Value):
                    yield from self._value(node)
                    continue
                yield from (
                    self._link(node)
                    if isinstance(node, Link)
                    else (with_inline(node, self.inline),)
                )

    def _link(self, written: Link) -> Iterable[Inline]:
        """A link with its words resolved. In approved words, one around the clinic's own number
        leaves that number its link; nothing else holds them back but a wrong number."""
        made = with_inline(written, self.inline)
        if self.values.library.frozen is not None:
            if any(isinstance(one, Link) for one in walk_inline(made.children)):
                return made.children
            self.findings += approved_link_findings(made)
            return (made,)
        self.findings += link_findings(made)
        if _will_link(written):
            self.findings.append(link_within(written))
        return (made,)

    def _value(self, node: Value) -> tuple[Inline, ...]:
        if problem := self.values.problem(node.name, node.source):
            self.findings.append(problem)
        return self.values.find(node.name, node.source) or ()

    def _numbered(self, run: Iterable[Inline]) -> list[Cite]:
        """Numbers in a run rise, each once, however the author wrote the keys."""
        known = {
            self.numbers[one.key]: one
            for one in run
            if isinstance(one, Cite) and one.key in self.numbers
        }
        return [replace(one, number=number) for number, one in sorted(known.items())]

    def _written_out(self, nodes: tuple[Inline, ...]) -> Iterator[Inline]:
        """What an abbreviation stands for, in brackets behind its first use, unless the words
        around it say so."""
        around = plain_text(nodes).casefold()

        def explain(text: Text, term: Term) -> Inline:
            self._written.add(term.word)
            if term.expansion.casefold() in around:
                return text
            return replace(text, text=f"{text.text} ({term.expansion})")

        return self._explained(nodes, explain)

    def _expanded(self, nodes: tuple[Inline, ...]) -> Iterator[Inline]:
        """The expansion of an abbreviation that was not yet written out is heard in its place."""
        return self._explained(nodes, lambda text, term: Abbr((text,), term.expansion, text.source))

    def _explained(self, nodes: Iterable[Inline], explain: _Explain) -> Iterator[Inline]:
        for node in nodes:
            if isinstance(node, Text):
                yield from self._explained_text(node, explain)
            elif isinstance(node, Span):
                yield with_inline(node, lambda inside: _joined(self._explained(inside, explain)))
            else:
                yield node

    def _explained_text(self, node: Text, explain: _Explain) -> Iterator[Inline]:
        end = 0
        for start, stop, term in self.terms.abbreviations(node.text):
            form = node.text[start:stop]
            self.abbreviations[form] = term.expansion
            if term.word in self._written:
                continue
            if start > end:
                yield replace(node, text=node.text[end:start])
            yield explain(replace(node, text=form), term)
            end = stop
        if node.text[end:]:
            yield replace(node, text=node.text[end:])


def _will_link(link: Link) -> bool:
    """Whether the words of ``link`` hold a link in each brand that says all of itself."""
    values = (one for one in walk_inline(link.children) if isinstance(one, Value))
    return any(one.name in LINKED_VALUES for one in values)


def _runs_closed(nodes: Iterable[Inline]) -> list[Inline]:
    """Without the spaces between citations: these are one run."""
    given = list(nodes)
    around = zip((None, *given), given, (*given[1:], None), strict=False)
    return [
        node
        for before, node, after in around
        if not (isinstance(before, Cite) and isinstance(after, Cite) and _is_space(node))
    ]


def _is_space(node: Inline) -> bool:
    return isinstance(node, Text) and not node.text.strip()


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
