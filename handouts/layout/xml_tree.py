"""Rendered XML to a tree of elements that know their line; entities and DTDs are refused."""

from __future__ import annotations

from typing import NoReturn, TypeAlias
from xml.parsers import expat

from msgspec import Struct, field

from handouts.errors import LayoutError, Source
from handouts.layout.markup import LINE, line_at
from handouts.layout.variables import PLACEHOLDER

MAX_NODES = 20_000
MAX_DEPTH = 48


class ContentNode(Struct, frozen=True):
    """Where content goes: the number of its placeholder."""

    number: int


class Node(Struct):
    """An element, its attributes, and what it holds in order."""

    name: str
    attributes: dict[str, str]
    source: Source
    children: list[Child] = field(default_factory=list)


Child: TypeAlias = Node | ContentNode | str


def parse_xml(xml: str, file: str) -> Node:
    """The outermost element of rendered XML. ``file`` is the template's name for messages."""
    return _Parser(file).parse(xml)


class _Parser:
    def __init__(self, file: str) -> None:
        self.file = file
        self.stack = [Node("", {}, Source(file, 1))]
        self.line = 1  # of the last start tag, in the template
        self.count = 0

    def parse(self, xml: str) -> Node:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.words
        parser.ProcessingInstructionHandler = self.instruction
        parser.StartDoctypeDeclHandler = self.declaration
        parser.EntityDeclHandler = self.declaration
        try:
            parser.Parse(xml.encode("utf-8"), True)
        except expat.ExpatError as problem:
            self.line = line_at(xml.encode()[: parser.ErrorByteIndex].decode(errors="ignore"))
            inner = self.stack[-1]
            remedy = f"<{inner.name}> of line {inner.source.line} is open there."
            self.fail(f"is not well formed: {expat.ErrorString(problem.code)}.", remedy)
        (root,) = (child for child in self.stack[0].children if isinstance(child, Node))
        return root

    def fail(self, message: str, remedy: str = "") -> NoReturn:
        raise LayoutError(message, Source(self.file, self.line), remedy)

    def add(self, child: Child) -> None:
        self.count += 1
        if self.count > MAX_NODES:
            self.fail(f"makes more than {MAX_NODES} elements.", "Remove loops within loops.")
        self.stack[-1].children.append(child)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.line = int(attributes.pop(LINE, self.line))
        node = Node(name, attributes, Source(self.file, self.line))
        self.add(node)
        self.stack.append(node)
        if len(self.stack) > MAX_DEPTH:
            self.fail(f"elements nest more than {MAX_DEPTH} deep.", "Flatten them.")

    def end(self, _: str) -> None:
        self.stack.pop()

    def words(self, text: str) -> None:
        self.add(text)

    def instruction(self, target: str, data: str) -> None:
        if target != PLACEHOLDER or not data.isdigit():
            self.fail("a processing instruction is not allowed.", "Remove it.")
        self.add(ContentNode(int(data)))

    def declaration(self, *_: object) -> None:
        self.fail("a document type or entity declaration is not allowed.", "Remove it.")
