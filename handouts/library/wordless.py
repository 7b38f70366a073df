"""What says nothing: parts of a section that a reader would meet as an empty place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handouts.errors import Finding
from handouts.model import (
    Cite,
    Group,
    Heading,
    Link,
    ListItem,
    NamedFigure,
    Panel,
    Paragraph,
    PeopleFigure,
    Pictured,
    Section,
    Table,
    Text,
    Value,
)
from handouts.model.inlines import Inline
from handouts.model.tree import Node, all_inline, inline_of, nodes_in, walk_inline
from handouts.visible import SOFT_HYPHEN


def has_words(nodes: Iterable[Inline]) -> bool:
    """Whether there is a letter or a digit in it; a value, resolved later, says something."""
    return any(
        isinstance(node, Value) or (isinstance(node, Text) and any(map(str.isalnum, node.text)))
        for node in walk_inline(nodes)
    )


def shows_something(nodes: Iterable[Inline]) -> bool:
    """Whether ink would be seen, if only that of a sign."""
    return has_words(nodes) or any(
        isinstance(node, Cite)
        or (isinstance(node, Text) and node.text.replace(SOFT_HYPHEN, "").strip())
        for node in walk_inline(nodes)
    )


def wordless(nodes: Iterable[Node]) -> Iterator[Finding]:
    """Each part without the words that it must have; not the empty parts within such a part."""
    for node in nodes:
        if problem := _problem(node):
            what, remedy = problem
            yield Finding(what, node.source, remedy)
            continue
        if isinstance(node, Table):
            yield from _cells(node)
        for link in walk_inline(inline_of(node)):
            if isinstance(link, Link) and not has_words(link.children):
                what = f"the link to {link.href} has no words."
                yield Finding(what, link.source, "Write [words](address).")
        yield from wordless(nodes_in(node))


def is_hollow(node: Node) -> bool:
    """Whether a part has a heading at most, and nothing that stands below it."""
    around = (Section, Group, Panel)
    return isinstance(node, around) and all(
        isinstance(one, Heading) or is_hollow(one) for one in nodes_in(node)
    )


def _problem(node: Node) -> tuple[str, str] | None:
    """What is missing and what to do."""
    said = has_words(inline_of(node))
    match node:
        case Heading() | ListItem() if not has_words(all_inline([node])):
            name = "heading" if isinstance(node, Heading) else "list item"
            return f"a {name} has no words.", "Write them, or remove the line."
        case Paragraph() if not shows_something(node.children):
            return "a paragraph has nothing to read.", "Write words, or remove the line."
        case Table() if not said:
            return "a table has no caption.", "Put it between ::: table Caption and :::."
        case Table() if not node.body:
            return "a table has only headings.", "Write a row below the dashes."
        case _ if isinstance(node, Pictured | PeopleFigure | NamedFigure) and not said:
            return "a caption has no words.", "Write them above the closing :::."
    return None


def _cells(table: Table) -> Iterator[Finding]:
    """Cells that name a column or a row, and do not."""
    for row in (*table.head, *table.body):
        for cell in row.cells:
            if cell.scope and not has_words(all_inline([cell])):
                what = "a cell that names a column or a row has no words."
                remedy = "Write them: the first row and the first column are headings."
                yield Finding(what, cell.source, remedy)
