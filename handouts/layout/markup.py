"""A template's text before Jinja sees it: each start tag gets its line, each {{ … }} its place.

Jinja's own lexer says what is markup and what is an expression, so the two never disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.entities import html5

from msgspec import Struct, field

from handouts.errors import Finding, Source

LINE = "_line"  # the attribute that carries an element's line through Jinja
PLAIN = "_plain"  # the filter around each expression in an attribute

Lexed = Iterable[tuple[int, str, str]]

_SIGN = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*|&(?P<named>#?\w+;)?|[<>\"']")
_XML_ENTITIES = ("amp;", "lt;", "gt;", "quot;", "apos;")


def line_at(xml: str) -> int:
    """The template's line at the end of ``xml``, the beginning of what was rendered."""
    before, _, after = xml.rpartition(f' {LINE}="')
    line, _, rest = after.partition('"')
    return int(line) + rest.count("\n") if before else 1


class Scanner(Struct):
    """Where in the markup we are: between tags, in a tag, or in a value after its ``quote``."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    line: int = 1
    in_tag: bool = False
    quote: str = ""
    around: list[tuple[bool, str]] = field(default_factory=list)  # at each open if or for

    def scan(self, tokens: Lexed) -> str:
        """The text of a lexed template with lines and places; what is wrong is kept."""
        return "".join(self._tokens(tokens))

    def find(self, message: str, remedy: str = "") -> None:
        self.findings.append(Finding(message, Source(self.file, self.line), remedy))

    def _tokens(self, tokens: Lexed) -> Iterable[str]:
        first = False  # whether the next name is the first word of a {% … %}
        for line, kind, value in tokens:
            # White space that {%- takes away: Jinja counts its lines, and so do we.
            yield "\n" * (line - self.line)
            self.line = line
            match kind:
                case "data":
                    yield "".join(self._data(value))
                case "variable_begin":
                    if self.in_tag and not self.quote:
                        self.find("{{ … }} must stand inside the quotes of an attribute.")
                    yield value + "("
                case "variable_end":
                    yield f"){'|' + PLAIN if self.quote else ''}{value}"
                case _:
                    if kind == "name" and first:
                        self._statement(value)
                    first = kind == "block_begin" or (first and kind == "whitespace")
                    yield value
            if kind != "data":
                self.line += value.count("\n")

    def _statement(self, word: str) -> None:
        """The first word of a ``{% … %}``: each way through a template has the same tags."""
        here = (self.in_tag, self.quote)
        if word in ("if", "for"):
            self.around.append(here)
        elif word in ("elif", "else", "endif", "endfor") and self.around:
            if here != self.around[-1]:
                self.find(f"{{% {word} %}} stands inside a tag that began elsewhere.", "Move it.")
            if word.startswith("end"):
                self.around.pop()

    def _data(self, text: str) -> Iterable[str]:
        """Text between the Jinja parts, sign by sign."""
        at = 0
        for sign in _SIGN.finditer(text):
            self.line += text.count("\n", at, sign.start())
            yield text[at : sign.start()]
            yield self._entity(sign["named"]) if sign[0][0] == "&" else self._sign(sign[0])
            at = sign.end()
        self.line += text.count("\n", at)
        yield text[at:]

    def _sign(self, sign: str) -> str:
        if self.quote:
            self.quote = "" if sign == self.quote else self.quote
        elif self.in_tag:
            self.in_tag = sign != ">"
            self.quote = sign if sign in "\"'" else ""
        elif sign == "<":
            self.find("< begins no tag.", "Write {# … #} for a comment, &lt; for the sign.")
        elif sign[0] == "<":
            self.in_tag = True
            return sign if sign[1] == "/" else f'{sign} {LINE}="{self.line}"'
        return sign

    def _entity(self, name: str | None) -> str:
        """A character by name or number; XML knows only five of HTML's names."""
        if name is None or (name[0] != "#" and name not in html5):
            self.find("& begins no known character name.", "Write &amp; for the sign itself.")
            return "&amp;"
        if name[0] == "#" or name in _XML_ENTITIES:
            return f"&{name}"
        return "".join(f"&#{ord(char)};" for char in html5[name])
