"""A section's body to nodes: directives (``::: word``) around runs of Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from handouts.errors import Finding, Source
from handouts.library.markdown import MAX_DEPTH, Parsed, parse_inline, parse_markdown
from handouts.library.nodes import (
    Boxed,
    Generated,
    InLanguage,
    Lines,
    RawBlock,
    RawTable,
    When,
    walk,
)
from handouts.names import suggest

PANELS = ("warning", "urgent", "key", "note")
GENERATED = ("glossary", "references", "only-if-box", "review-info")
MAX_LINES = 40

_OPEN = re.compile(r":::[ \t]+([a-z][a-z0-9-]*)(?:[ \t]+(.*?))?[ \t]*")
_CLOSE = re.compile(r":::[ \t]*")
_FLAG = re.compile(r"!?[a-z0-9]+(?:-[a-z0-9]+)*")
_LANG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(slots=True)
class _Open:
    """A directive that is not closed yet, or the section itself (word "")."""

    word: str
    args: str
    source: Source
    children: list[RawBlock] = field(default_factory=list)


def parse_body(text: str, file: str, first_line: int) -> Parsed:
    """Parse a section's body that starts at ``first_line`` of ``file``."""
    body = _Body(file)
    run: list[str] = []
    start = first_line
    for number, line in enumerate(text.split("\n"), first_line):
        if line.lstrip().startswith(":::"):
            body.markdown("\n".join(run), start)
            body.directive(line, Source(file, number))
            run, start = [], number + 1
        else:
            run.append(line)
    body.markdown("\n".join(run), start)
    return body.finished()


class _Body:
    """The stack of open directives, and the findings."""

    def __init__(self, file: str) -> None:
        self.stack = [_Open("", "", Source(file))]
        self.findings: list[Finding] = []

    def markdown(self, text: str, first_line: int) -> None:
        if not text.strip():
            return
        parsed = parse_markdown(text, self.stack[0].source.file, first_line)
        self.stack[-1].children.extend(parsed.blocks)
        self.findings.extend(parsed.findings)

    def directive(self, line: str, source: Source) -> None:
        if _CLOSE.fullmatch(line):
            self.close(source)
        elif match := _OPEN.fullmatch(line):
            if len(self.stack) > MAX_DEPTH:
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
        opened = self.stack.pop()
        self.stack[-1].children.extend(self.built(opened))

    def finished(self) -> Parsed:
        while len(self.stack) > 1:
            opened = self.stack[-1]
            self.find(
                opened.source,
                f"::: {opened.word} is not closed.",
                "Put ::: on a line of its own after its last line.",
            )
            self.close(opened.source)
        for block in walk(self.stack[0].children):
            if isinstance(block, RawTable) and not block.caption:
                self.find(
                    block.source,
                    "a table has no caption.",
                    "Put it between ::: table Caption and :::.",
                )
        return Parsed(tuple(self.stack[0].children), tuple(self.findings))

    def find(self, source: Source, message: str, remedy: str) -> None:
        self.findings.append(Finding(message, source, remedy))

    def built(self, opened: _Open) -> list[RawBlock]:
        build = _BUILDERS.get(opened.word)
        if build is None:
            self.find(
                opened.source,
                f"unknown directive {opened.word}.",
                suggest(opened.word, _BUILDERS),
            )
            return opened.children
        return build(self, opened)

    def when(self, opened: _Open) -> list[RawBlock]:
        flags = tuple(opened.args.split())
        wrong = [flag for flag in flags if not _FLAG.fullmatch(flag)]
        if wrong or not flags:
            what = f"{wrong[0]} is not a flag." if wrong else "::: when names no flag."
            self.find(opened.source, what, "Write ::: when FLAG or ::: when !FLAG.")
            return opened.children
        return [When(flags, tuple(opened.children), opened.source)]

    def panel(self, opened: _Open) -> list[RawBlock]:
        if opened.args not in PANELS:
            what = f"unknown panel {opened.args or '(no name)'}."
            self.find(opened.source, what, suggest(opened.args, PANELS))
        return [Boxed(opened.args, tuple(opened.children), opened.source)]

    def lang(self, opened: _Open) -> list[RawBlock]:
        if not _LANG.fullmatch(opened.args):
            what = f"{opened.args or '(nothing)'} is not a language."
            self.find(opened.source, what, "Write its tag, such as ::: lang es.")
        return [InLanguage(opened.args, tuple(opened.children), opened.source)]

    def table(self, opened: _Open) -> list[RawBlock]:
        match opened.children:
            case [RawTable() as table] if opened.args:
                caption, findings = parse_inline(opened.args, opened.source)
                self.findings.extend(findings)
                return [replace(table, caption=caption)]
        if opened.args:
            what = "::: table does not hold one pipe table alone."
            remedy = "Write ::: table Caption, a pipe table, and ::: to close it."
            self.find(opened.source, what, remedy)
        return opened.children

    def lines(self, opened: _Open) -> list[RawBlock]:
        self.expect_empty(opened)
        if not opened.args.isascii() or not opened.args.isdigit():
            self.find(opened.source, "::: lines needs a number.", "Write ::: lines 4.")
            return []
        count = int(opened.args[:4])
        if not 1 <= count <= MAX_LINES:
            self.find(opened.source, f"{count} writing lines.", f"Ask for 1 to {MAX_LINES}.")
            return []
        return [Lines(count, opened.source)]

    def generated(self, opened: _Open) -> list[RawBlock]:
        self.expect_empty(opened)
        return [Generated(opened.word, opened.source)]

    def expect_empty(self, opened: _Open) -> None:
        if opened.children:
            what = f"::: {opened.word} holds text."
            self.find(opened.source, what, "Close it on the next line with :::.")


_BUILDERS: dict[str, Callable[[_Body, _Open], list[RawBlock]]] = {
    "when": _Body.when,
    "panel": _Body.panel,
    "lang": _Body.lang,
    "table": _Body.table,
    "lines": _Body.lines,
    **dict.fromkeys(GENERATED, _Body.generated),
}
