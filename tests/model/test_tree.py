"""Levels of headings from nesting; changing a tree keeps what does not change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from handouts.model import (
    Block,
    Group,
    Heading,
    ListBlock,
    ListItem,
    Panel,
    Section,
)
from handouts.model.kinds import KINDS
from handouts.model.tree import Levels, nodes_in, with_inline, with_nodes
from handouts.pdf.structure import build_structure
from tests.flow.placing import plain_document
from tests.model.samples import (
    TYPES,
    paragraph,
    sample,
    words,
)


def _nested(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(children, max_size=4).map(tuple)
    kinds = (Section, Section, Group, Panel, lambda nodes: ListBlock((ListItem(nodes),)))
    return st.one_of(*(st.builds(kind, some) for kind in kinds))


_TREES = st.lists(
    st.recursive(
        st.one_of(st.builds(lambda: Heading(words())), st.builds(paragraph)), _nested, max_leaves=25
    ),
    max_size=6,
)


def _flat(nodes: Iterable[Any]) -> Iterator[Heading | Section]:
    """The headings and outermost Sections among ``nodes``, whatever else is around them."""
    for node in nodes:
        if isinstance(node, Heading | Section):
            yield node
        else:
            yield from _flat(nodes_in(node))


def _depths(nodes: Iterable[Any], above: int = 0) -> Iterator[int]:
    """The level of each heading; ``above``: how many Sections around have had a heading."""
    headed = False
    for node in _flat(nodes):
        if isinstance(node, Heading):
            headed = True
            yield min(above + 1, 6)
        else:
            yield from _depths(node.children, above + headed)


@given(_TREES)
def test_levels_follow_from_nesting_without_a_gap(blocks: list[Block]) -> None:
    tree = build_structure(plain_document(*blocks))
    levels = [int(elem.tag.removeprefix("H")) for _, elem in tree.headings]
    assert levels == list(_depths(blocks))
    assert levels[:1] in ([], [1])
    assert all(second <= first + 1 for first, second in pairwise(levels))


def test_there_are_six_levels() -> None:
    node = Heading(words())
    levels = Levels()
    found = []
    for _ in range(8):
        levels.enter(Section(()))
        found.append(levels.of(node))
    assert found == [1, 2, 3, 4, 5, 6, 6, 6]
    levels.leave(Section(()))
    levels.leave(Panel(()))
    for _ in range(3):
        levels.leave(Section(()))
    assert levels.of(node) == 4


@pytest.mark.parametrize("kind", TYPES)
def test_what_does_not_change_stays_the_same_object(kind: type) -> None:
    node = sample(kind)
    assert with_nodes(node, list) is node
    assert with_inline(node, list) is node


@pytest.mark.parametrize("kind", [kind for kind in TYPES if KINDS[kind].blocks])
def test_a_change_of_nodes_goes_into_their_field_alone(kind: type) -> None:
    _assert_changed(sample(kind), KINDS[kind].blocks, with_nodes)


@pytest.mark.parametrize("kind", [kind for kind in TYPES if KINDS[kind].inline])
def test_a_change_of_words_goes_into_their_field_alone(kind: type) -> None:
    _assert_changed(sample(kind), KINDS[kind].inline, with_inline)


def _assert_changed(node: Any, names: tuple[str, ...], change: Callable[..., Any]) -> None:
    fewer, again = change(node, lambda run: run[1:]), change(node, lambda run: map(replace, run))
    for field in fields(node):
        old = getattr(node, field.name)
        assert getattr(fewer, field.name) == (old[1:] if field.name in names else old)
        assert getattr(again, field.name) == old
        assert (getattr(again, field.name) is old) == (field.name not in names)
