"""Marks of Markdown that are not written right, and so would print as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from handouts.errors import Finding, Source
from handouts.library.markdown_tokens import TokenNode
from handouts.model import Inline, Text
from handouts.model.tree import walk_inline

_KEY = r"[a-z][a-z0-9-]*-\d{4}"
_ADDRESS = r"(?:https?:|mailto:|tel:|www\.)"
_UNREAD = re.compile(
    r"(?:\{\{|\[ ?@|!\[|\]\(|^\[[xX]?\]"  # values, citations, pictures, links, check boxes
    r"|\{ ?[a-z][a-z0-9_.]* ?\}|\*\*|~~|`|^#{1,6}[^\W\d]"  # braces, bold, code, headings
    r"|\(@[a-z]|\[\^|\]\[|(?:^| )::(?: |$)"  # citations, notes, links, boxes
    r"|(?:^|[.:;!?] )[•▪◦‣] |^[–>] |(?:^|[.:!?] )-[^\W\d]"  # lists, quotations
    rf"|(?<![\w.])@{_KEY}\b|\[{_KEY}\]|\] \({_ADDRESS}|\) ?\[{_ADDRESS}"  # citations, links
    r").{0,40}|.{0,40}\}\}"
)
#: Where a line begins: a check box, an item, a row of a table; a rule is a line alone.
_UNREAD_LINE = re.compile(
    r"(?:\[[ xX]?\]|-\[|[·•▪◦‣] |\|(?=.*\|[ \t]*$)).{0,40}|(?:-{3,}|={3,})(?=[ \t]*$)"
)
_BOX = re.compile(r"\[ \](?:[ \t\n]|$)")
_STAR = re.compile(r"(?<![\w*])\*[^\W\d].{0,40}")
_STAR_BEFORE, _STAR_AFTER = re.compile(r"\w*\W?(?<!\*)\*$"), re.compile(r"\*(?!\*).{0,40}")
_HOW = (
    "Write {{ name }}, [@key], [words](https://…), **bold**, ### Heading, - item, - [ ] or"
    " ::: word."
)
_HOW_STAR = "Write **bold**, or \\* for the sign."


def unread(nodes: Iterable[Inline]) -> Iterator[Finding]:
    """Values, citations, links and marks among ``nodes``."""
    for node in walk_inline(nodes):
        if isinstance(node, Text) and (match := _UNREAD.search(node.text)):
            yield _finding(match[0], node.source)


def unread_lines(text: str, source: Source, *, in_bullets: bool) -> Iterator[Finding]:
    """The first line of a paragraph, as it was typed, that begins with a mark.

    ``in_bullets``: it begins an item with a bullet, where a check box is read.
    """
    start = 3 if in_bullets and _BOX.match(text) else 0
    for number, line in enumerate(text[start:].split("\n")):
        if match := _UNREAD_LINE.match(line.lstrip(" \t")):
            yield _finding(match[0], Source(source.file, source.line + number))
            return


def unread_star(text: str, source: Source) -> Iterator[Finding]:
    """A star before a word of ``text``, where none is escaped: it makes nothing strong."""
    if match := _STAR.search(text):
        yield _finding(match[0], source, _HOW_STAR)


def unread_beside(node: TokenNode, before: str, after: str, source: Source) -> Iterator[Finding]:
    """A brace that is left over beside a value, or a star beside strong words."""
    if node.kind == "value" and (before[-1:] == "{" or after[:1] == "}"):
        left, right = "{" * (before[-1:] == "{"), "}" * (after[:1] == "}")
        yield _finding(f"{left}{{{{ {node.token.content} }}}}{right}", source)
    elif node.kind in ("strong", "em") and (
        match := _STAR_BEFORE.search(before[-40:]) or _STAR_AFTER.match(after)
    ):
        yield _finding(match[0], source, _HOW_STAR)


def _finding(stands: str, source: Source, remedy: str = _HOW) -> Finding:
    return Finding(f"“{stands.strip()}” would print as it stands.", source, remedy)
