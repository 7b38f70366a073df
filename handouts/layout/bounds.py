"""What a template may hold: an allow-list of Jinja's syntax tree, and how deep it may nest."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from handouts.errors import Finding, Source
from handouts.layout.markup import PLAIN
from handouts.layout.sandbox import FILTERS, TESTS
from handouts.names import suggest

MAX_DEPTH = 20
MAX_LOOP_DEPTH = 2

#: Nothing here calls, assigns, includes, or makes a longer text of two.
_ALLOWED = (
    nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.Tuple, nodes.List, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand,
    nodes.CondExpr, nodes.Filter, nodes.Test,
)  # fmt: skip
_NAMED = {
    nodes.Call: "a call",
    nodes.CallBlock: "a call",
    nodes.FromImport: "an import",
    nodes.Import: "an import",
    nodes.Include: "an include",
    nodes.Extends: "extends (layout.toml has a key for it)",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.FilterBlock: "a filter block",
    nodes.Concat: "building text with ~",
    nodes.Getitem: "square brackets",
    nodes.Dict: "a table of its own",
}


def check_tree(tree: nodes.Template, file: str) -> list[Finding]:
    """Everything in a parsed template that it must not hold, with its line."""
    return [
        Finding(message, Source(file, node.lineno), remedy)
        for node, message, remedy in _problems(tree, 0, 0)
    ]


def _problems(outer: nodes.Node, depth: int, loops: int) -> Iterator[tuple[nodes.Node, str, str]]:
    """(node, problem, remedy) below ``outer``, which stands in ``loops`` loops."""
    for node in outer.iter_child_nodes():
        if not isinstance(node, _ALLOWED):
            yield (
                node,
                f"a template must not hold {_name(node)}.",
                "It may print variables, ask with if, and loop over variables with for.",
            )
        elif isinstance(node, nodes.Filter) and node.name not in (*FILTERS, PLAIN):
            yield node, f"unknown filter “{node.name}”.", suggest(node.name, FILTERS)
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            yield node, f"unknown test “{node.name}”.", suggest(node.name, TESTS)
        elif isinstance(node, nodes.Const) and isinstance(node.value, float):
            yield node, "only words and whole numbers may be written.", "Round it."
        elif depth == MAX_DEPTH:
            yield node, f"this nests more than {MAX_DEPTH} deep.", "Flatten it."
        elif isinstance(node, nodes.For):
            yield from _loop_problems(node, loops)
            yield from _problems(node, depth + 1, loops + 1)
        else:
            yield from _problems(node, depth + 1, loops)


def _loop_problems(loop: nodes.For, loops: int) -> Iterator[tuple[nodes.Node, str, str]]:
    if loop.recursive:
        yield loop, "a recursive loop is not allowed.", "Remove recursive."
    if loops == MAX_LOOP_DEPTH:
        yield loop, f"loops nest more than {MAX_LOOP_DEPTH} deep.", "Flatten them."
    if not isinstance(loop.target, nodes.Name):
        yield loop, "a loop has one name.", "Write {% for section in … %}."
    if not isinstance(loop.iter, nodes.Name | nodes.Getattr):
        remedy = "Such as {% for section in handout.sections %}."
        yield loop, "a loop may only run over a variable.", remedy


def _name(node: nodes.Node) -> str:
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr) and type(node) not in _NAMED:
        return f"reckoning with {node.operator}"
    return _NAMED.get(type(node), f"a {type(node).__name__.lower()}")
