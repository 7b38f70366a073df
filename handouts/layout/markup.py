"""A template's tags, before Jinja sees them: checked one by one, each with its line added.

Jinja's own lexer says what is markup and what is an expression, so the two never disagree.
Elements must be balanced within each Jinja block: what is rendered is then well formed, on
every path through the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.entities import html5

from handouts.errors import Finding, Source
from handouts.layout.elements import (
    ELEMENTS,
    placement_problem,
    unknown_attribute,
    unknown_element,
)
from handouts.model.attributes import value_problem
from handouts.model.grammar import Holds

LINE = "_line"  # the attribute that carries an element's line through Jinja
MAX_DEPTH = 24

#: Filters put around each output; they say where it stands, and print nothing else there.
IN_ATTRIBUTE, IN_WORDS, IN_BLOCKS, IN_EITHER = "_attribute", "_words", "_blocks", "_either"
PLACES = {Holds.INLINE: IN_WORDS, Holds.BLOCKS: IN_BLOCKS, Holds.EITHER: IN_EITHER}

Lexed = Iterable[tuple[int, str, str]]

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_ATTRIBUTE = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)\s*=\s*([\"'])")
_ENTITY = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]*);|#\d{1,7};|#x[0-9A-Fa-f]{1,6};)")
_XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")
_OPENING, _CLOSING = ("if", "for"), ("endif", "endfor")


@dataclass(frozen=True, slots=True)
class Literal:
    """An attribute whose value holds no expression."""

    element: str
    attribute: str
    value: str
    source: Source


@dataclass(slots=True)
class Marked:
    """The template's text with lines added, and what was found."""

    text: str
    literals: list[Literal]
    findings: list[Finding]


def mark_lines(tokens: Lexed, file: str) -> Marked:
    """Check the tags of a lexed template and add its line to each start tag."""
    scanner = _Scanner(file)
    for _, kind, value in tokens:
        scanner.token(kind, value)
    scanner.finish()
    return Marked("".join(scanner.out), scanner.literals, scanner.findings)


@dataclass(slots=True)
class _Open:
    """An open element, or an open Jinja block ("" as element) with the state at its start."""

    element: str
    line: int
    state: tuple[str, str] = ("", "")


@dataclass(slots=True)
class _Scanner:
    """Where in the markup we are: between tags, in the tag ``tag``, in a value after ``quote``."""

    file: str
    out: list[str] = field(default_factory=list)
    literals: list[Literal] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    line: int = 1
    tag: str = ""
    quote: str = ""
    attribute: str = ""
    value: list[str] | None = None  # None once an expression makes it unknown
    given: set[str] = field(default_factory=set)
    await_word: bool = False

    def find(self, message: str, remedy: str = "", line: int = 0) -> None:
        self.findings.append(Finding(message, Source(self.file, line or self.line), remedy))

    @property
    def parent(self) -> str:
        """The innermost open element; "" outside of all."""
        return next((entry.element for entry in reversed(self.stack) if entry.element), "")

    def token(self, kind: str, value: str) -> None:
        """One token of Jinja's lexer."""
        match kind:
            case "data":
                self.data(value)
            case "raw_begin" | "raw_end":
                self.find("{% raw %} is not allowed.", "Write the text as it is.")
            case "variable_begin":
                self.out.append(value + "(")
                self.expression()
            case "variable_end":
                self.out.append(f")|{self.place()}{value}")
            case "comment" | "comment_begin" | "comment_end":
                self.out.append(
                    "".join(char for char in value if char == "\n") if kind == "comment" else value
                )
            case _:
                self.out.append(value)
                self.statement(kind, value)
        if kind != "data":
            self.line += value.count("\n")

    def statement(self, kind: str, value: str) -> None:
        if kind == "block_begin":
            self.await_word = True
        elif kind == "name" and self.await_word:
            self.await_word = False
            self.block(value)

    def block(self, word: str) -> None:
        """The first word of a ``{% … %}``."""
        state = (self.tag, self.quote)
        if word in _OPENING:
            self.stack.append(_Open("", self.line, state))
            if self.quote:
                self.value = None
            return
        if word not in (*_CLOSING, "elif", "else"):
            return  # refused by the check of the syntax tree
        while self.stack and self.stack[-1].element:
            opened = self.stack.pop()
            self.find(
                f"<{opened.element}> is not closed within its {{% … %}} block.",
                f"Put </{opened.element}> before {{% {word} %}}.",
                opened.line,
            )
        if self.stack and self.stack[-1].state != state:
            self.find(f"{{% {word} %}} stands inside a tag that began elsewhere.", "Move it.")
            self.tag, self.quote = self.stack[-1].state
        if word in _CLOSING and self.stack:
            self.stack.pop()

    def expression(self) -> None:
        if self.quote:
            self.value = None
        elif self.tag:
            self.find("{{ … }} must stand inside the quotes of an attribute.")

    def place(self) -> str:
        """The filter that says where the expression stands."""
        if self.tag:
            return IN_ATTRIBUTE
        holds = ELEMENTS[self.parent].holds if self.parent in ELEMENTS else Holds.EITHER
        return PLACES.get(holds, IN_ATTRIBUTE)

    # --- text between the Jinja parts ---

    def data(self, text: str) -> None:
        at = 0
        while at < len(text):
            step = self.in_value if self.quote else self.in_tag if self.tag else self.in_text
            at = step(text, at)

    def emit(self, text: str) -> None:
        self.out.append(text)
        self.line += text.count("\n")

    def in_text(self, text: str, at: int) -> int:
        """Words up to the next tag, and the tag's name."""
        end = text.find("<", at)
        end = len(text) if end < 0 else end
        words = text[at:end]
        holds = ELEMENTS[self.parent].holds if self.parent in ELEMENTS else Holds.EITHER
        if words.strip() and holds in (Holds.BLOCKS, Holds.PARTS, Holds.NOTHING):
            line = self.line + words[: len(words) - len(words.lstrip())].count("\n")
            message = f"words must not stand directly in <{self.parent}>."
            self.find(message, "Put them into <p>.", line)
        self.emit(self.entities(words))
        if end == len(text):
            return end
        match = _TAG.match(text, end)
        if match is None:
            self.find(self.odd_sign(text, end), "Write {# … #} for a comment, &lt; for the sign.")
            return end + 1
        if match[1]:
            return self.close(text, match)
        self.open(match[2])
        return match.end()

    @staticmethod
    def odd_sign(text: str, at: int) -> str:
        for start, name in (
            ("<!--", "an XML comment"),
            ("<!", "a document type or entity declaration"),
            ("<?", "a processing instruction"),
        ):
            if text.startswith(start, at):
                return f"{name} is not allowed."
        return "< begins no tag."

    def entities(self, words: str) -> str:
        """Named characters as numbers, since XML knows only five of HTML's names."""
        if "&" not in words:
            return words
        parts, at = [], 0
        while (sign := words.find("&", at)) >= 0:
            match = _ENTITY.match(words, sign)
            name = match[1] if match else ""
            if match is None or (name and name + ";" not in html5):
                self.find("& begins no known character name.", "Write &amp; for the sign itself.")
                parts.append(words[at:sign] + "&amp;")
                at = sign + 1
                continue
            known = (
                match[0]
                if not name or name in _XML_ENTITIES
                else "".join(f"&#{ord(char)};" for char in html5[name + ";"])
            )
            parts.append(words[at:sign] + known)
            at = match.end()
        return "".join(parts) + words[at:]

    def open(self, name: str) -> None:
        """A start tag's name: is it known, and may it stand here?"""
        problem = unknown_element(name) if name not in ELEMENTS else None
        if problem is None and self.parent in {*ELEMENTS, ""}:
            problem = placement_problem(name, self.parent)
        if problem:
            self.find(*problem)
        if sum(1 for entry in self.stack if entry.element) == MAX_DEPTH:
            self.find(f"elements nest more than {MAX_DEPTH} deep.", "Flatten them.")
        self.tag, self.given = name, set()
        self.stack.append(_Open(name, self.line))
        self.emit(f'<{name} {LINE}="{self.line}"')

    def in_tag(self, text: str, at: int) -> int:
        """White space, one attribute's name, or the end of the start tag."""
        if text[at].isspace():
            self.emit(text[at])
            return at + 1
        if text[at] == ">" or text.startswith("/>", at):
            end = ">" if text[at] == ">" else "/>"
            self.end_tag(closed=end == "/>")
            self.emit(end)
            return at + len(end)
        match = _ATTRIBUTE.match(text, at)
        if match is None:
            self.find(f"<{self.tag}> has an attribute without a quoted value.", 'Write name="…".')
            return at + 1
        self.begin_attribute(match[1])
        self.quote = match[2]
        self.emit(f" {match[0]}")
        return match.end()

    def begin_attribute(self, name: str) -> None:
        self.attribute, self.value = name, []
        if self.tag in ELEMENTS and name not in ELEMENTS[self.tag].attributes:
            self.find(*unknown_attribute(self.tag, name))
        elif name in self.given:
            self.find(f"<{self.tag}> has {name} twice.", "Put the choice into one value.")
        self.given.add(name)

    def end_tag(self, *, closed: bool) -> None:
        rule = ELEMENTS.get(self.tag)
        if rule is not None:
            for name, attribute in rule.attributes.items():
                if attribute.required and name not in self.given:
                    self.find(f"<{self.tag}> needs the attribute {name}.", attribute.about + ".")
        if closed and self.stack and self.stack[-1].element == self.tag:
            self.stack.pop()
        self.tag = ""

    def in_value(self, text: str, at: int) -> int:
        """An attribute's value, up to its closing quote."""
        end = text.find(self.quote, at)
        part = text[at:] if end < 0 else text[at:end]
        if "<" in part:
            self.find("< must not stand in an attribute.", "Write &lt;.")
            part = part.replace("<", "")
        if self.value is not None:
            self.value.append(part)
        self.emit(self.entities(part))
        if end < 0:
            return len(text)
        self.end_value()
        self.emit(self.quote)
        self.quote = ""
        return end + 1

    def end_value(self) -> None:
        rule = ELEMENTS[self.tag].attributes.get(self.attribute) if self.tag in ELEMENTS else None
        if self.value is None or rule is None:
            return
        value = "".join(self.value)
        if problem := value_problem(rule, value):
            self.find(f"{self.attribute}={value!r} on <{self.tag}> {problem}.")
        else:
            source = Source(self.file, self.line)
            self.literals.append(Literal(self.tag, self.attribute, value, source))

    def close(self, text: str, match: re.Match[str]) -> int:
        """An end tag: it must close the innermost element of this Jinja block."""
        end = text.find(">", match.end())
        if end < 0 or text[match.end() : end].strip():
            self.find(f"</{match[2]} is not ended by >.")
            return match.end()
        if self.stack and self.stack[-1].element == match[2]:
            self.stack.pop()
        else:
            opened = self.stack[-1].element if self.stack else ""
            remedy = f"Close <{opened}> first." if opened else "Its start tag is not in this block."
            self.find(f"</{match[2]}> closes nothing here.", remedy)
        self.emit(text[match.start() : end + 1])
        return end + 1

    def finish(self) -> None:
        """The end of the template: everything must be closed."""
        if self.tag:
            self.find(f"the tag <{self.tag} is not ended.", "Write > at its end.")
        for opened in self.stack:
            if opened.element:
                self.find(f"<{opened.element}> is not closed.", "", opened.line)
