"""Words of a rendered template to inline content, with white space as in HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handouts.errors import LayoutError, Source
from handouts.layout.elements import ELEMENTS, ICONS, value_problem
from handouts.layout.tree import Child, ContentNode, Node
from handouts.layout.variables import Placed
from handouts.model import (
    Abbr,
    Blank,
    Icon,
    Inline,
    LineBreak,
    Link,
    Slot,
    Span,
    Text,
    plain_text,
)

_SPACE = re.compile(r"[ \t\r\n]+")
_WIDEST_PAGE = "00"


class WordMaker:
    """Makes inline content; one paragraph at a time."""

    def __init__(self, placed: Placed) -> None:
        self.placed = placed
        self.after_space = True  # at a start of line: the next space means nothing

    def inlines(self, children: Sequence[Child], source: Source) -> tuple[Inline, ...]:
        """The words of one paragraph, without white space at its ends."""
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
        given = node.attributes
        for name, value in given.items():
            if problem := value_problem(ELEMENTS[node.name].attributes[name], value):
                raise LayoutError(f"{name}={value!r} on <{node.name}> {problem}.", node.source)
        if node.name == "br":
            self.after_space = True
            return LineBreak(node.source)
        if not node.children:
            self.after_space = False
        words = tuple(self._made(node.children, node.source))
        return _MAKERS.get(node.name, _span)(given, words, node)


def _span(given: dict[str, str], words: tuple[Inline, ...], node: Node) -> Inline:
    style = given.get("class", "") if node.name == "span" else node.name
    return Span(words, style, given.get("lang", ""), node.source)


def _link(given: dict[str, str], words: tuple[Inline, ...], node: Node) -> Inline:
    return Link(words, given["href"], given.get("title") or plain_text(words), node.source)


def _icon(given: dict[str, str], _: tuple[Inline, ...], node: Node) -> Inline:
    name = next(icon for icon in ICONS if icon == given.get("name", "checkbox"))
    return Icon(name, given["spoken"], node.source)


_MAKERS: Mapping[str, Callable[[dict[str, str], tuple[Inline, ...], Node], Inline]] = {
    "a": _link,
    "abbr": lambda given, words, node: Abbr(words, given["title"], node.source),
    "icon": _icon,
    "checkbox": _icon,
    "blank": lambda given, _, node: Blank(float(given["width"]), given["spoken"], node.source),
    "slot": lambda given, _, node: Slot(given["name"], _WIDEST_PAGE, source=node.source),
}


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
