"""The grammar of section files: Markdown to a tree of markdown-it's tokens, in bounded time.

HTML is off, so a tag stays text; so do code, quotes, rules and reference definitions.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

#: Lists within lists, directives within directives, emphasis within emphasis.
MAX_DEPTH = 8
#: Reading a paragraph may take time that grows with the square of its characters, and with its
#: opening brackets times its characters.
MAX_PARAGRAPH, MAX_BRACKETS = 1_500, 200

VALUE = re.compile(r"\{\{([^{}\n]*)\}\}")
_CITATION = re.compile(r"\[@[^\]\n]*\]")
_OFF = (
    *("autolink", "backticks", "blockquote", "code", "entity", "fence", "hr"),
    *("html_block", "html_inline", "image", "lheading", "reference"),
    "text_join",  # a sign that was escaped is no mark that is left over
)
#: What ``Token.meta`` tells of a paragraph that was left unread.
TOO_LONG = "too-long"


class TokenNode(Struct, frozen=True):
    """A token with the tokens that it encloses."""

    token: Token
    children: tuple[TokenNode, ...]

    @property
    def kind(self) -> str:
        return self.token.type.removesuffix("_open")


def block_tree(text: str) -> tuple[TokenNode, ...]:
    """The blocks of ``text``."""
    return tree(_parser().parse(text))


def line_node(text: str) -> TokenNode:
    """One line of Markdown without blocks."""
    (token,) = _parser().parseInline(text)
    return TokenNode(token, ())


def tree(tokens: list[Token]) -> tuple[TokenNode, ...]:
    """Tokens that open and close, as nodes that enclose."""
    top: list[TokenNode] = []
    stack: list[tuple[Token, list[TokenNode]]] = []
    for token in tokens:
        if token.nesting == 1:
            stack.append((token, []))
            continue
        opened, children = stack.pop() if token.nesting == -1 else (token, [])
        (stack[-1][1] if stack else top).append(TokenNode(opened, tuple(children)))
    return tuple(top)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * MAX_DEPTH})
    parser.enable("table").disable(list(_OFF))
    parser.core.ruler.before("inline", "length", _length_rule)
    parser.inline.ruler.before("escape", "value", _value_rule)
    parser.inline.ruler.before("link", "citation", _citation_rule)
    # Links that we refuse are findings, not text: so every address is let through here.
    parser.validateLink = _any_address  # type: ignore[method-assign, assignment]
    return parser


def _any_address(_: str) -> bool:
    return True


def _length_rule(state: StateCore) -> None:
    """Leave the content of a paragraph unread that is too long."""
    for token in state.tokens:
        if token.type == "inline" and (excess := _excess(token.content)):
            token.meta = {TOO_LONG: excess}
            token.content = ""


def _excess(text: str) -> str:
    """What a paragraph has too much of to be read in a bounded time; "" if nothing."""
    for has, most, what in (
        (len(text), MAX_PARAGRAPH, "characters"),
        (text.count("["), MAX_BRACKETS, "opening brackets"),
    ):
        if has > most:
            return f"{has} {what}; it may have {most}"
    return ""


def _value_rule(state: StateInline, silent: bool) -> bool:
    return _push(state, silent, VALUE, "value")


def _citation_rule(state: StateInline, silent: bool) -> bool:
    return _push(state, silent, _CITATION, "citation")


def _push(state: StateInline, silent: bool, pattern: re.Pattern[str], kind: str) -> bool:
    match = pattern.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push(kind, "", 0)
        token.content = match[1].strip() if pattern.groups else match[0]
    state.pos = match.end()
    return True
