"""Jinja with the names, filters and tests of templates and no others; only text is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, NoReturn

from jinja2 import Undefined, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from handouts.errors import LayoutError
from handouts.layout.markup import PLAIN
from handouts.layout.variables import LOOP, VARIABLES, Placeholder
from handouts.names import suggest

#: Each takes one value and refuses, with a TypeError, what it does not fit.
FILTERS: Mapping[str, Callable[[Any], object]] = {
    "capitalize": str.capitalize,
    "lower": str.lower,
    "upper": str.upper,
    "length": len,
}
TESTS: Mapping[str, Callable[[Any], bool]] = {
    "even": lambda number: number & 1 == 0,
    "odd": lambda number: number & 1 == 1,
}
_LOOPED = "_looped"  # the filter around what each loop runs over


class _Unknown(Undefined):
    """A name that is not there ends the rendering, wherever it stands."""

    def __init__(self, *_: object, obj: object = None, name: str = "", **__: object) -> None:
        _refuse(f"unknown variable “{name}”.", suggest(name, _names(obj)))


class Sandbox(SandboxedEnvironment):
    """Jinja without its globals. What does not fit raises a LayoutError without a line.

    Not optimised: that takes longer than it saves in a template that is rendered once.
    """

    def __init__(self) -> None:
        super().__init__(
            autoescape=True, undefined=_Unknown, finalize=_printable, cache_size=0, optimized=False
        )
        self.globals.clear()
        self.filters = {**FILTERS, PLAIN: _plain, _LOOPED: _looped}
        self.tests = dict(TESTS)

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:  # noqa: ARG002
        """Only the variables have attributes: no text, list or number has."""
        return attr in _names(obj)


def guard_loops(tree: nodes.Template) -> nodes.Template:
    """``tree`` with a check, in each loop, that it runs over a list."""
    for loop in tree.find_all(nodes.For):
        guarded = nodes.Filter(loop.iter, _LOOPED, [], [], None, None, lineno=loop.lineno)
        loop.iter = guarded.set_environment(loop.environment)  # type: ignore[arg-type]
    return tree


def _names(obj: object) -> tuple[str, ...]:
    """The names behind the point after ``obj``; all variables where nothing stands before it."""
    match obj:
        case SimpleNamespace():
            return tuple(vars(obj))
        case LoopContext():
            return LOOP
        case str() | int() | list() | tuple() | Placeholder():
            return ()
    return VARIABLES


def _printable(value: object) -> object:
    if isinstance(value, bool):
        _refuse("true or false cannot be printed.", "Ask for it with if.")
    if not isinstance(value, str | int | Placeholder):
        remedy = "Loop over it with for, or name one of its parts."
        _refuse("a list or record cannot be printed as a whole.", remedy)
    return value


def _plain(value: object) -> object:
    if isinstance(value, Placeholder):
        _refuse("content must not stand in an attribute.", "Only plain text fits there.")
    return value


def _looped(value: object) -> object:
    if not isinstance(value, list | tuple):
        _refuse("a loop may only run over a list.", "The documentation of variables lists them.")
    return value


def _refuse(message: str, remedy: str) -> NoReturn:
    raise LayoutError(message, None, remedy)
