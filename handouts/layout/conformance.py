"""Rendered markup against the elements that there are: names, places, attributes, classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from handouts.errors import Finding, LayoutError, Source
from handouts.layout.elements import (
    ELEMENTS,
    placement_problem,
    unknown_attribute,
    unknown_element,
)
from handouts.layout.masters import Master
from handouts.layout.styles import StyleSheet
from handouts.layout.variables import Placed
from handouts.layout.xml_tree import ContentNode, Node
from handouts.library.schema import Role
from handouts.model import Block
from handouts.model.attributes import value_problem
from handouts.model.grammar import Holds
from handouts.model.kinds import PANELS
from handouts.names import suggest

#: Classes of content and of sections, which a layout need not give a style.
CLASSES = (*PANELS, "form", "references", "numeral", *(f"role-{role}" for role in get_args(Role)))

Problem = tuple[str, str, Source]  # (problem, remedy, where)


def check_elements(
    root: Node, placed: Placed, sheet: StyleSheet, masters: Mapping[str, Master]
) -> None:
    """Raises LayoutError with everything in the markup that has no meaning, once a line."""
    problems = dict.fromkeys(_Checker(placed, sheet, masters).element(root, ""))
    if problems:
        raise LayoutError([Finding(what, at, remedy) for what, remedy, at in problems])


class _Checker:
    def __init__(self, placed: Placed, sheet: StyleSheet, masters: Mapping[str, Master]) -> None:
        self.placed = placed
        self.sheet = sheet
        self.masters = masters

    def element(self, node: Node, parent: str) -> Iterator[Problem]:
        """The element itself, then what it holds."""
        if node.name not in ELEMENTS:
            yield *unknown_element(node.name), node.source
            return
        if misplaced := placement_problem(node.name, parent):
            yield *misplaced, node.source
            return
        yield from self.attributes(node)
        holds, source = ELEMENTS[node.name].holds, node.source
        for child in node.children:
            match child:
                case Node():
                    source = child.source
                    yield from self.element(child, node.name)
                case ContentNode(number=number):
                    blocks = any(isinstance(made, Block) for made in self.placed.makers[number]())
                    yield from _content(node.name, holds, blocks, source)
                case str() if child.strip() and holds not in (Holds.INLINE, Holds.EITHER):
                    shown = " ".join(child.split())[:40]
                    message = f"words must not stand directly in <{node.name}>: “{shown}”."
                    yield message, "Put them into <p>.", source

    def attributes(self, node: Node) -> Iterator[Problem]:
        rules = ELEMENTS[node.name].attributes
        for name, value in node.attributes.items():
            if name not in rules:
                yield *unknown_attribute(node.name, name), node.source
            elif problem := value_problem(rules[name], value):
                yield f'{name}="{value}" on <{node.name}> {problem}.', "", node.source
            else:
                yield from self.reference(node, name, value)
        for name, rule in rules.items():
            if rule.required and name not in node.attributes:
                message = f"<{node.name}> needs the attribute {name}."
                yield message, rule.about + ".", node.source

    def reference(self, node: Node, attribute: str, value: str) -> Iterator[Problem]:
        """A name of something in layout.toml."""
        kind, known = "", set[str]()
        match attribute:
            case "class" if node.name == "span":
                kind, known = "inline style", set(self.sheet.inline)
            case "class" if not self.sheet.knows(value):
                kind, known = "style", {*self.sheet.blocks, *CLASSES}
            case "master" | "on":
                kind, known = "page master", set(self.masters)
            case "region":
                kind = "region"
                known = {name for master in self.masters.values() for name in master.regions}
        for name in value.split() if kind else ():
            if name not in known:
                yield f"unknown {kind} “{name}”.", suggest(name, known), node.source


def _content(name: str, holds: Holds, blocks: bool, source: Source) -> Iterator[Problem]:
    if holds not in (Holds.EITHER, Holds.BLOCKS if blocks else Holds.INLINE):
        what, remedy = "words", "Put them into <p>."
        if blocks:
            what, remedy = "blocks", "Put them beside paragraphs, not into one."
        yield f"{what} of content must not stand directly in <{name}>.", remedy, source
