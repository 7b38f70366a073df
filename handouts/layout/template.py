"""Templates: checked and compiled at load, rendered to bounded XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from handouts.errors import Finding, LayoutError, Source
from handouts.layout.markup import (
    IN_ATTRIBUTE,
    IN_BLOCKS,
    IN_EITHER,
    IN_WORDS,
    LINE,
    Literal,
    mark_lines,
)
from handouts.layout.variables import shapes

if TYPE_CHECKING:
    from jinja2 import Template as Compiled
    from jinja2.sandbox import SandboxedEnvironment

#: A handout of 60 pages renders to a fifth of this: content itself is only placeholders.
MAX_OUTPUT = 512 * 1024

#: Named by what is forbidden: the allowed ranges would take milliseconds to compile.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LAST_LINE = re.compile(rf'{LINE}="(\d+)"')


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template. ``literals``: its attributes with fixed values, with their lines."""

    file: str
    compiled: Compiled
    literals: tuple[Literal, ...]

    def render(self, values: Mapping[str, Any]) -> str:
        """The template as XML; raises LayoutError if it grows too large."""
        parts: list[str] = []
        size = 0
        for part in self.compiled.generate(values):
            parts.append(part)
            size += len(part)
            if size > MAX_OUTPUT:
                raise LayoutError(
                    f"makes more than {MAX_OUTPUT // 1024} KiB of markup.",
                    Source(self.file, _line_before("".join(parts))),
                    "Remove loops within loops.",
                )
        xml = "".join(parts)
        if odd := _FORBIDDEN.search(xml):
            raise LayoutError(
                f"prints a value with the character U+{ord(odd[0]):04X}.",
                Source(self.file, _line_before(xml[: odd.start()])),
                "Remove it where the value is written: it is not text.",
            )
        return xml


@lru_cache(maxsize=16)
def compile_template(text: str, file: str, terms: tuple[str, ...]) -> Template:
    """Check and compile a template; ``terms`` are the words of the interface that it may print.

    Raises LayoutError with everything that is wrong, each with its line.
    """
    from jinja2 import TemplateSyntaxError

    from handouts.layout.bounds import check_tree

    environment = _environment()
    try:
        marked = mark_lines(environment.lex(text), file)
        tree = environment.parse(marked.text)
        findings = [*marked.findings, *check_tree(tree, shapes(terms), file)]
        if findings:
            raise LayoutError(sorted(findings, key=_place))
        compiled = environment.from_string(tree)
    except TemplateSyntaxError as problem:
        message = (problem.message or "a syntax error").rstrip(".")
        raise LayoutError(f"is not a template: {message}.", Source(file, problem.lineno)) from None
    except RecursionError:
        raise LayoutError("nests too deep.", Source(file, 1), "Flatten it.") from None
    return Template(file, compiled, tuple(marked.literals))


def _environment() -> SandboxedEnvironment:
    """Jinja without its globals, and with the filters and tests that templates may use alone."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    from handouts.layout.bounds import LIST_FILTERS, TESTS, TEXT_FILTERS

    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, cache_size=0)
    environment.globals.clear()
    wanted = {*TEXT_FILTERS, *LIST_FILTERS}
    environment.filters = {
        name: kept for name, kept in environment.filters.items() if name in wanted
    }
    for place in (IN_ATTRIBUTE, IN_WORDS, IN_BLOCKS, IN_EITHER):
        environment.filters[place] = _as_it_is
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


def _as_it_is(value: object) -> object:
    return value


def _place(finding: Finding) -> tuple[int, str]:
    return (finding.source.line if finding.source else 0, finding.message)


def _line_before(xml: str) -> int:
    lines = _LAST_LINE.findall(xml)
    return int(lines[-1]) if lines else 1
