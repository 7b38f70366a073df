"""What the words of sections use: values, evidence, terms, figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from handouts.compose.values import Values
from handouts.errors import HandoutsError
from handouts.library import Library
from handouts.library.figure_files import FigureFile, figure_words
from handouts.library.sections import SectionFile
from handouts.model import Cite, Inline, NamedFigure, PeopleFigure, Value
from handouts.model.tree import inline_of, walk, walk_inline


class Used:
    """The names of values, evidence, terms and figures that sections use."""

    def __init__(self, library: Library, condition: str, sections: Iterable[SectionFile]) -> None:
        self.values: set[str] = set()
        self.evidence: set[str] = set()
        self.terms: set[str] = set()
        self.figures: set[str] = set()
        resolved = Values(library, condition, None)
        for section in sections:
            self.values.update(values_in(section))
            self.figures.update(figures_in(section))
            for nodes in _groups(section):
                for node in walk_inline(nodes):
                    if isinstance(node, Cite):
                        self.evidence.add(node.key)
                self.terms.update(term.word for term in library.terms.used(resolved.spoken(nodes)))
            for block in walk(section.blocks):
                if isinstance(block, PeopleFigure):
                    self.evidence.update(key.partition(".")[0] for key in block.key.split())
        for name in self.figures:
            with suppress(HandoutsError):  # it is found where it stands
                self.values.update(values_of(library.figure(name)))


def values_in(section: SectionFile) -> Iterator[str]:
    """The names of the values that the words of a section use."""
    return (name for group in _groups(section) for name in _named(group))


def figures_in(section: SectionFile) -> Iterator[str]:
    """The names of the figures in a section."""
    return (block.name for block in walk(section.blocks) if isinstance(block, NamedFigure))


def values_of(figure: FigureFile) -> Iterator[str]:
    """The names of the values that the words and bars of a figure use."""
    yield from _named(figure_words(figure))
    yield from (bar.value for bar in figure.bars)


def _named(nodes: Iterable[Inline]) -> Iterator[str]:
    return (node.name for node in walk_inline(nodes) if isinstance(node, Value))


def _groups(section: SectionFile) -> Iterator[tuple[Any, ...]]:
    """The lines of words of a section: its title, then those of each block."""
    yield section.title
    for block in walk(section.blocks):
        yield inline_of(block)
