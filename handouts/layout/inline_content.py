"""Words of a rendered template to inline content, with white space as in HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from handouts.errors import Source
from handouts.layout.elements import ELEMENTS
from handouts.layout.variables import Placed
from handouts.layout.xml_tree import Child, ContentNode, Node
from handouts.model import Inline, LineBreak, Text
from handouts.model.attributes import value_of

_SPACE = re.compile(r"[ \t\r\n]+")


def fields_of(node: Node) -> dict[str, Any]:
    """The fields that an element's name and attributes decide."""
    rule = ELEMENTS[node.name]
    fields = dict(rule.fixed)
    for name, text in node.attributes.items():
        attribute = rule.attributes[name]
        fields[attribute.field or name] = value_of(attribute, text)
    return fields


class InlineMaker:
    """Makes inline content; one paragraph at a time."""

    def __init__(self, placed: Placed) -> None:
        self.placed = placed
        self.after_space = True  # at a start of line: the next space means nothing

    def inline(self, children: Sequence[Child], source: Source) -> tuple[Inline, ...]:
        """The inline content of one paragraph, without white space at its ends."""
        self.after_space = True
        return _without_end_space(tuple(self._made(children, source)))

    def _made(self, children: Sequence[Child], source: Source) -> list[Inline]:
        made: list[Inline] = []
        for child in children:
            match child:
                case str():
                    text = _SPACE.sub(" ", child)
                    if self.after_space:
                        text = text.removeprefix(" ")
                    if text:
                        self.after_space = text.endswith(" ")
                        made.append(Text(text, source))
                case ContentNode(number=number):
                    nodes: Any = self.placed.makers[number]()
                    made.extend(nodes)
                    self.after_space = False
                case Node():
                    made.append(self._element(child))
        return made

    def _element(self, node: Node) -> Inline:
        kind: Any = ELEMENTS[node.name].node
        fields = fields_of(node)
        if kind is LineBreak:
            self.after_space = True
        elif not node.children:
            self.after_space = False
        if node.children:
            fields["children"] = tuple(self._made(node.children, node.source))
        made: Inline = kind(**fields, source=node.source)
        return made


def _without_end_space(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """``nodes`` without white space (or a line break) at the end."""
    while nodes:
        last = nodes[-1]
        if isinstance(last, LineBreak):
            nodes = nodes[:-1]
        elif isinstance(last, Text) and last.text.endswith(" "):
            text = last.text.rstrip(" ")
            nodes = (*nodes[:-1], Text(text, last.source)) if text else nodes[:-1]
        else:
            break
    return nodes
