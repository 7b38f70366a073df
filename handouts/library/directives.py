"""A section's body to nodes: directives (``::: word``) around runs of Markdown."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.errors import Finding, Source
from handouts.library.markdown import (
    Flat,
    Parsed,
    nested,
    parse_inline,
    parse_markdown,
)
from handouts.library.markdown_tokens import MAX_DEPTH
from handouts.library.wordless import wordless
from handouts.model import Block, Heading, Inline, Paragraph, Table
from handouts.model.attributes import value_of, value_problem
from handouts.model.grammar import Directive, Holds
from handouts.model.kinds import KINDS
from handouts.model.tree import walk
from handouts.names import suggest

#: The directives of section files, each with the type of its node.
DIRECTIVES: dict[str, tuple[Directive, type[Any]]] = {
    one.word: (one, kind.type) for kind in KINDS.values() for one in kind.directives
}
#: No validator follows 256 bookmarks of one level, nor a table of more than 1,024 rows.
MAX_HEADINGS, MAX_ROWS = 100, 500
_OPEN = re.compile(r":::[ \t]+([a-z][a-z0-9-]*)(?:[ \t]+(.*))?")
_CLOSE = ":::"


class Body(Struct, frozen=True):
    """The nodes of a section's body, and what is wrong with the text they came from."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]


class _Open(Struct):
    """A directive that is not closed yet, or the section itself (word "")."""

    word: str
    argument: str
    source: Source
    children: Flat = field(default_factory=list)


def parse_body(text: str, file: str, first_line: int) -> Body:
    """Parse a section's body that starts at ``first_line`` of ``file``."""
    reader = _Reader(file)
    run: list[str] = []
    start = first_line
    for number, line in enumerate(text.split("\n"), first_line):
        if line.lstrip().startswith(":::"):
            reader.markdown("\n".join(run), start)
            reader.directive(line, Source(file, number))
            run, start = [], number + 1
        else:
            run.append(line)
    reader.markdown("\n".join(run), start)
    return reader.finished()


class _Reader:
    """The stack of open directives, and the findings."""

    def __init__(self, file: str) -> None:
        self.stack = [_Open("", "", Source(file))]
        self.findings: list[Finding] = []

    def find(self, source: Source, message: str, remedy: str) -> None:
        self.findings.append(Finding(message, source, remedy))

    def markdown(self, text: str, first_line: int) -> None:
        if text.strip():
            self.take(parse_markdown(text, self.stack[0].source.file, first_line))

    def take(self, parsed: Parsed) -> None:
        self.stack[-1].children.extend(parsed.blocks)
        self.findings.extend(parsed.findings)

    def directive(self, line: str, source: Source) -> None:
        line = line.rstrip(" \t")
        if line == _CLOSE:
            self.close(source)
        elif match := _OPEN.fullmatch(line):
            if len(self.stack) == MAX_DEPTH + 1:
                self.find(source, f"directives nest more than {MAX_DEPTH} deep.", "Flatten them.")
            self.stack.append(_Open(match[1], match[2] or "", source))
        else:
            self.find(
                source,
                f"{line.strip()[:40]} is not a directive.",
                "Write ::: and a word at the beginning of a line, and ::: alone to close it.",
            )

    def close(self, source: Source) -> None:
        if len(self.stack) == 1:
            self.find(source, "::: closes nothing.", "Remove it, or open a directive above.")
            return
        too_deep = len(self.stack) > MAX_DEPTH + 1
        opened = self.stack.pop()
        self.stack[-1].children.extend(opened.children if too_deep else self.made(opened))

    def finished(self) -> Body:
        while len(self.stack) > 1:
            opened = self.stack[-1]
            self.find(
                opened.source,
                f"::: {opened.word} is not closed.",
                "Put ::: on a line of its own after its last line.",
            )
            self.close(opened.source)
        blocks = nested(self.stack[0].children)
        self.count(blocks)
        told = {finding.source for finding in self.findings}  # what is left out there is no news
        self.findings += (one for one in wordless(blocks) if one.source not in told)
        return Body(blocks, tuple(dict.fromkeys(self.findings)))

    def count(self, blocks: tuple[Block, ...]) -> None:
        """Refuse more than can be checked, where it begins."""
        nodes = list(walk(blocks))
        headings = [node for node in nodes if isinstance(node, Heading)]
        for one in headings[MAX_HEADINGS : MAX_HEADINGS + 1]:
            what = f"the section has more than {MAX_HEADINGS} headings."
            self.find(one.source, what, "Split the section, or use fewer.")
        for table in nodes:
            if isinstance(table, Table):
                for row in (*table.head, *table.body)[MAX_ROWS : MAX_ROWS + 1]:
                    what = f"the table has more than {MAX_ROWS} rows."
                    self.find(row.source, what, "Make two tables of it.")

    # --- one directive ---

    def made(self, opened: _Open) -> Flat:
        """The node of a directive; what it holds, if it is not right."""
        if opened.word not in DIRECTIVES:
            remedy = suggest(opened.word, DIRECTIVES)
            self.find(opened.source, f"unknown directive “{opened.word}”.", remedy)
            return opened.children
        directive, kind = DIRECTIVES[opened.word]
        if problem := _argument_problem(directive, opened):
            self.find(opened.source, problem, f"Write {directive.example}.")
            return opened.children
        if directive.holds is Holds.TABLE:
            return self.table(directive, opened)
        fields = {**directive.fixed, "source": opened.source}
        if directive.argument:
            fields[directive.argument.field] = value_of(directive.argument, opened.argument)
        if directive.holds is Holds.BLOCKS:
            fields["children"] = nested(opened.children)
        elif directive.holds is Holds.INLINE:
            fields["caption"] = self.caption(directive, opened)
        elif opened.children:
            what = f"::: {opened.word} holds text."
            self.find(opened.source, what, "Close it on the next line with :::.")
        return [(0, kind(**fields))]

    def caption(self, directive: Directive, opened: _Open) -> tuple[Inline, ...]:
        match opened.children:
            case [(0, Paragraph(children=children))]:
                return children
        what = f"::: {opened.word} does not hold one paragraph alone."
        self.find(opened.source, what, f"Write {directive.example}.")
        return ()

    def table(self, directive: Directive, opened: _Open) -> Flat:
        match opened.children:
            case [(0, Table() as table)] if opened.argument:
                caption, findings = parse_inline(opened.argument, opened.source)
                self.findings.extend(findings)
                return [(0, replace(table, caption=caption))]
        if opened.argument:
            what = "::: table does not hold one pipe table alone."
            self.find(opened.source, what, f"Write {directive.example}.")
        return opened.children


def _argument_problem(directive: Directive, opened: _Open) -> str:
    rule = directive.argument
    if rule is None or (not opened.argument and not rule.required):
        return ""
    if not opened.argument:
        return f"::: {opened.word} needs a word after it."
    problem = value_problem(rule, opened.argument)
    return problem and f"{opened.argument[:60]} {problem}."
