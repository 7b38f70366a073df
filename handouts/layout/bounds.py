"""What a template's expressions and statements may be: an allow-list of Jinja's syntax tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import nodes

from handouts.errors import Finding, Source
from handouts.layout.markup import IN_ATTRIBUTE, IN_BLOCKS, IN_EITHER, IN_WORDS
from handouts.layout.variables import LOOP, Each, Kind, Record, Shape, Value
from handouts.names import suggest

MAX_EXPRESSION_DEPTH = 8
MAX_STATEMENT_DEPTH = 10
MAX_LOOP_DEPTH = 2
MAX_WORD = 200
MAX_CHOICES = 20

#: Filters that change the case of a text, and ``length`` of a list.
TEXT_FILTERS = ("capitalize", "lower", "upper")
LIST_FILTERS = ("length",)
TESTS = ("even", "odd")

_PRINTED: Mapping[str, tuple[Kind, ...]] = {
    IN_ATTRIBUTE: (Kind.TEXT, Kind.NUMBER),
    IN_WORDS: (Kind.TEXT, Kind.NUMBER, Kind.WORDS),
    IN_BLOCKS: (Kind.BLOCKS,),
    IN_EITHER: (Kind.TEXT, Kind.NUMBER, Kind.WORDS, Kind.BLOCKS),
}
_WHERE = {
    IN_ATTRIBUTE: "in an attribute",
    IN_WORDS: "among words",
    IN_BLOCKS: "among blocks",
    IN_EITHER: "here",
}
_COMPARISONS = ("eq", "ne", "lt", "lteq", "gt", "gteq", "in", "notin")
_FLAG = Value(Kind.FLAG, "")
_TEXT = Value(Kind.TEXT, "")
_NUMBER = Value(Kind.NUMBER, "")
_NAMED = {
    nodes.Call: "a call",
    nodes.Macro: "a macro",
    nodes.CallBlock: "a call",
    nodes.Include: "an include",
    nodes.Import: "an import",
    nodes.FromImport: "an import",
    nodes.Extends: "extends (layout.toml has a key for it)",
    nodes.Block: "a block",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.With: "with",
    nodes.FilterBlock: "a filter block",
    nodes.Concat: "building text with ~",
    nodes.Getitem: "square brackets",
    nodes.List: "a list of its own",
    nodes.Tuple: "a list of its own",
    nodes.Dict: "a table of its own",
}


def check_tree(tree: nodes.Template, shapes: Mapping[str, Shape], file: str) -> list[Finding]:
    """Everything in a parsed template that it must not hold, with its line."""
    checker = _Checker(file)
    checker.statements(tree.body, dict(shapes), 0, 0)
    return checker.findings


class _Checker:
    """Walks statements with the names in scope; an expression yields its shape, or None."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def find(self, node: nodes.Node, message: str, remedy: str = "") -> None:
        self.findings.append(Finding(message, Source(self.file, node.lineno), remedy))

    def refuse(self, node: nodes.Node) -> None:
        named = _NAMED.get(type(node))
        if named is None and isinstance(node, nodes.BinExpr | nodes.UnaryExpr):
            named = f"reckoning with {node.operator}"
        named = named or f"a {type(node).__name__.lower()}"
        self.find(
            node,
            f"a template must not hold {named}.",
            "It may print variables, ask with if, and loop over variables with for.",
        )

    # --- statements ---

    def statements(
        self, body: Sequence[nodes.Node], scope: dict[str, Shape], depth: int, loops: int
    ) -> None:
        for node in body:
            if depth > MAX_STATEMENT_DEPTH:
                self.find(node, f"blocks nest more than {MAX_STATEMENT_DEPTH} deep.", "Flatten.")
                return
            match node:
                case nodes.Output():
                    self.output(node, scope)
                case nodes.If():
                    self.expression(node.test, scope)
                    for branch in (node.body, node.elif_, node.else_):
                        self.statements(branch, scope, depth + 1, loops)
                case nodes.For():
                    self.loop(node, scope, depth, loops)
                case _:
                    self.refuse(node)

    def loop(self, node: nodes.For, scope: dict[str, Shape], depth: int, loops: int) -> None:
        if node.recursive:
            self.find(node, "a recursive loop is not allowed.", "Remove recursive.")
        if loops == MAX_LOOP_DEPTH:
            self.find(node, f"loops nest more than {MAX_LOOP_DEPTH} deep.", "Flatten them.")
            return
        if not isinstance(node.target, nodes.Name):
            self.find(node, "a loop has one name.", "Write {% for section in … %}.")
            return
        item = self.looped(node.iter, scope)
        inner = {**scope, node.target.name: item or Record({})}
        if item is None:
            return
        if node.test is not None:
            self.expression(node.test, inner)
        self.statements(node.body, {**inner, "loop": LOOP}, depth + 1, loops + 1)
        self.statements(node.else_, scope, depth + 1, loops)

    def looped(self, node: nodes.Node, scope: dict[str, Shape]) -> Shape | None:
        """The shape of an item of what a loop runs over."""
        if not isinstance(node, nodes.Name | nodes.Getattr):
            remedy = "Such as {% for section in handout.sections %}."
            self.find(node, "a loop may only run over a variable.", remedy)
            return None
        shape = self.expression(node, scope)
        if shape is not None and not isinstance(shape, Each):
            self.find(node, f"{_written(node)} is not a list.", "Loop over a list.")
            return None
        return shape.item if shape else None

    def output(self, node: nodes.Output, scope: dict[str, Shape]) -> None:
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                continue
            place = part.name if isinstance(part, nodes.Filter) else ""
            if not isinstance(part, nodes.Filter) or part.node is None or place not in _PRINTED:
                self.refuse(part)  # pragma: no cover - markup wraps each output
                continue
            shape = self.expression(part.node, scope)
            if shape is not None:
                self.printed(part.node, shape, place)

    def printed(self, node: nodes.Expr, shape: Shape, place: str) -> None:
        if not isinstance(shape, Value):
            fields = shape.fields if isinstance(shape, Record) else ()
            remedy = f"It has {', '.join(fields)}." if fields else "Loop over it with for."
            self.find(node, f"{_written(node)} cannot be printed as a whole.", remedy)
        elif shape.kind is Kind.FLAG:
            self.find(node, f"{_written(node)} is true or false.", "Ask for it with if.")
        elif shape.kind not in _PRINTED[place]:
            remedy = {
                Kind.BLOCKS: "It holds blocks: put it beside paragraphs, not into one.",
            }.get(shape.kind, "Put it into <p>.")
            if place == IN_ATTRIBUTE:
                remedy = "Only plain text fits there."
            self.find(node, f"{_written(node)} must not stand {_WHERE[place]}.", remedy)

    # --- expressions ---

    def expression(self, node: nodes.Node, scope: dict[str, Shape], depth: int = 0) -> Shape | None:
        if depth > MAX_EXPRESSION_DEPTH:
            self.find(node, f"an expression nests more than {MAX_EXPRESSION_DEPTH} deep.", "Split.")
            return None
        inner = depth + 1
        shape: Shape | None = _FLAG
        match node:
            case nodes.Name():
                shape = self.name(node, scope)
            case nodes.Getattr():
                shape = self.attribute(node, scope, inner)
            case nodes.Const():
                shape = self.constant(node)
            case nodes.Not():
                self.expression(node.node, scope, inner)
            case nodes.And() | nodes.Or():
                self.expression(node.left, scope, inner)
                self.expression(node.right, scope, inner)
            case nodes.Compare():
                shape = self.comparison(node, scope, inner)
            case nodes.CondExpr():
                shape = self.choice(node, scope, inner)
            case nodes.Filter() | nodes.Test():
                shape = self.filtered(node, scope, inner)
            case _:
                self.refuse(node)
                shape = None
        return shape

    def name(self, node: nodes.Name, scope: dict[str, Shape]) -> Shape | None:
        if node.name not in scope:
            self.find(node, f"unknown variable {node.name}.", suggest(node.name, scope))
        return scope.get(node.name)

    def attribute(self, node: nodes.Getattr, scope: dict[str, Shape], depth: int) -> Shape | None:
        of = self.expression(node.node, scope, depth)
        if of is None:
            return None
        if not isinstance(of, Record):
            self.find(node, f"{_written(node.node)} has no attributes.", "Name it alone.")
            return None
        if node.attr not in of.fields:
            written = f"{_written(node.node)}.{node.attr}"
            self.find(node, f"unknown variable {written}.", suggest(node.attr, of.fields))
        return of.fields.get(node.attr)

    def constant(self, node: nodes.Const) -> Shape | None:
        if isinstance(node.value, bool):
            return _FLAG
        if isinstance(node.value, int):
            return _NUMBER
        if isinstance(node.value, str) and len(node.value) <= MAX_WORD:
            return _TEXT
        self.find(node, f"only words of up to {MAX_WORD} signs and whole numbers may be written.")
        return None

    def comparison(self, node: nodes.Compare, scope: dict[str, Shape], depth: int) -> Shape | None:
        self.expression(node.expr, scope, depth)
        for operand in node.ops:
            other = operand.expr
            if operand.op not in _COMPARISONS:
                self.refuse(operand)
            elif operand.op in ("in", "notin") and isinstance(other, nodes.List | nodes.Tuple):
                constants = all(isinstance(item, nodes.Const) for item in other.items)
                if not constants or len(other.items) > MAX_CHOICES:
                    self.find(other, f"a choice holds up to {MAX_CHOICES} written words.")
            else:
                self.expression(other, scope, depth)
        return _FLAG

    def choice(self, node: nodes.CondExpr, scope: dict[str, Shape], depth: int) -> Shape | None:
        self.expression(node.test, scope, depth)
        first = self.expression(node.expr1, scope, depth)
        if node.expr2 is None:
            self.find(node, "if in an expression needs else.", "Write {{ a if b else c }}.")
            return None
        second = self.expression(node.expr2, scope, depth)
        if isinstance(first, Value) and isinstance(second, Value) and first.kind != second.kind:
            self.find(node, "both sides of if … else must be of one kind.", "Use {% if %}.")
            return None
        return first

    def filtered(
        self, node: nodes.Filter | nodes.Test, scope: dict[str, Shape], depth: int
    ) -> Shape | None:
        test = isinstance(node, nodes.Test)
        known = TESTS if test else TEXT_FILTERS + LIST_FILTERS
        kind = "test" if test else "filter"
        if node.name not in known:
            self.find(node, f"unknown {kind} {node.name}.", suggest(node.name, known))
            return None
        if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.find(node, f"the {kind} {node.name} takes nothing in brackets.", "Remove them.")
        shape = self.expression(node.node, scope, depth) if node.node else None
        if shape is None:
            return None
        if test:
            fits, result = shape == _NUMBER or _is(shape, Kind.NUMBER), _FLAG
        elif node.name in LIST_FILTERS:
            fits, result = isinstance(shape, Each), _NUMBER
        else:
            fits, result = _is(shape, Kind.TEXT), _TEXT
        if not fits:
            self.find(node, f"the {kind} {node.name} does not fit {_written(node.node)}.")
        return result


def _is(shape: Shape, kind: Kind) -> bool:
    return isinstance(shape, Value) and shape.kind is kind


def _written(node: nodes.Node | None) -> str:
    """A name as it stands in the template."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_written(node.node)}.{node.attr}"
    return "this"
