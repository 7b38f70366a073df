"""Templates: compiled within bounds, and filled in to XML of bounded size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import Finding, LayoutError, Source
from handouts.layout.markup import Scanner, line_at

if TYPE_CHECKING:
    from jinja2 import Template as Compiled

#: A handout of 60 pages renders to a fifth of this: content itself is only placeholders.
MAX_OUTPUT = 512 * 1024

#: Named by what is forbidden: the allowed ranges would take milliseconds to compile.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Template(Struct, frozen=True):
    """A template within bounds."""

    file: str
    compiled: Compiled

    def render(self, values: Mapping[str, Any]) -> str:
        """The template as XML.

        Raises LayoutError with file and line for an unknown variable, a value that does not fit
        its place, and for more than MAX_OUTPUT characters.
        """
        parts: list[str] = []
        size = 0
        for part in self._parts(values):
            parts.append(part)
            size += len(part)
            if size > MAX_OUTPUT:
                raise LayoutError(
                    f"makes more than {MAX_OUTPUT // 1024} KiB of markup.",
                    Source(self.file, line_at("".join(parts))),
                    "Remove loops within loops.",
                )
        xml = "".join(parts)
        if odd := _FORBIDDEN.search(xml):
            raise LayoutError(
                f"prints a value with the character U+{ord(odd[0]):04X}.",
                Source(self.file, line_at(xml[: odd.start()])),
                "Remove it where the value is written: it is not text.",
            )
        return xml

    def _parts(self, values: Mapping[str, Any]) -> Iterator[str]:
        try:
            yield from self.compiled.generate(values)
        except LayoutError as problem:  # our own: it knows all but the line
            source = Source(self.file, _line_of(problem))
            raise LayoutError(
                [replace(found, source=source) for found in problem.findings]
            ) from None
        except TypeError as problem:
            source = Source(self.file, _line_of(problem))
            message = f"a value does not fit its comparison, filter or test: {problem}."
            raise LayoutError(message, source) from None


@lru_cache(maxsize=16)
def compile_template(text: str, file: str) -> Template:
    """Check and compile a template.

    Raises LayoutError with everything that is out of bounds, each with its line. Names and
    elements are checked when it is filled in.
    """
    from jinja2 import TemplateSyntaxError

    from handouts.layout.bounds import check_tree
    from handouts.layout.sandbox import Sandbox, guard_loops

    environment = Sandbox()
    scanner = Scanner(file)
    try:
        tree = environment.parse(scanner.scan(environment.lex(text)))
        findings = [*scanner.findings, *check_tree(tree, file)]
        if findings:
            raise LayoutError(sorted(findings, key=_place))
        compiled = environment.from_string(guard_loops(tree))
    except TemplateSyntaxError as problem:
        message = (problem.message or "a syntax error").rstrip(".")
        raise LayoutError(f"is not a template: {message}.", Source(file, problem.lineno)) from None
    except ValueError as problem:  # a number with more digits than Python reads
        raise LayoutError(f"is not a template: {problem}.", Source(file, 1)) from None
    except RecursionError:
        raise LayoutError("nests too deep.", Source(file, 1), "Flatten it.") from None
    return Template(file, compiled)


def _place(finding: Finding) -> tuple[int, str]:
    return (finding.source.line if finding.source else 0, finding.message)


def _line_of(problem: BaseException) -> int:
    """The template's line in a traceback that Jinja has rewritten."""
    line, at = 1, problem.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == "<template>":
            line = at.tb_lineno
        at = at.tb_next
    return line
