"""One style for messages, as ``docs/engineers.md`` has it: capital, quotes, full stop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from handouts import errors

ROOT = Path(__file__).parents[2] / "handouts"
#: Errors and findings for people. Other exceptions are for programmers.
SPOKEN = {name for name in vars(errors) if name.endswith("Error") or name == "Finding"}
#: What makes one with a place that it knows.
PLACED = {"self.find", "self._find", "self._note", "self.fail", "self.refuse", "source.problem"}


class Message(NamedTuple):
    """A message with its values in braces, and whether the place of what is wrong precedes it."""

    at: str
    text: str
    remedy: str
    placed: bool


def messages() -> Iterator[Message]:
    """Each message and remedy of the package that is written where it is raised."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in SPOKEN | PLACED:
                continue
            named = {one.arg: one.value for one in node.keywords}
            placed = ast.unparse(node.func) in PLACED or "source" in named
            placed |= len(node.args) > 1 and ast.unparse(node.args[1]) != "None"
            said = [text for one in node.args if (text := _words(one))]
            remedy = _words(named["remedy"]) if "remedy" in named else "".join(said[1:2])
            if node.args and _words(node.args[0]):
                yield Message(f"{path.name}:{node.lineno}", said[0], remedy, placed)


def _words(node: ast.expr) -> str:
    """The sentence that a literal holds; "" for a word, and for what is no literal."""
    if isinstance(node, ast.Constant) and " " in str(node.value):
        return str(node.value)
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(_shown(part) for part in node.values)


def _shown(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        value = ast.unparse(part.value).replace("'", "")
        return f"{{{value}!r}}" if part.conversion == ord("r") else f"{{{value}}}"
    return str(ast.literal_eval(part))


def departing(pattern: str, *, placed: bool | None = None) -> list[str]:
    return [
        f"{one.at}: {one.text}"
        for one in messages()
        if re.search(pattern, one.text) and placed in {None, one.placed}
    ]


def test_a_message_begins_with_a_capital_unless_a_place_stands_before_it() -> None:
    assert len(list(messages())) > 200
    assert departing(r"^[a-z]", placed=False) == []
    assert departing(r"^[A-Z][a-z]* ", placed=True) == []


def test_a_message_is_a_sentence_and_so_is_its_remedy_unless_it_ends_with_what_to_type() -> None:
    assert departing(r"[^.?}…]$") == []
    ends = re.compile(r"([.?}…]|(: |Try: |See: )\S.*)$")
    assert [one for one in messages() if one.remedy and not ends.search(one.remedy)] == []


def test_what_somebody_wrote_stands_within_quotes() -> None:
    assert (
        departing(r"unknown [a-z ]*\{(?!kind)|[Tt]here is no [a-z ]*\{(?!kind|TEMPLATE)|!r") == []
    )
    assert departing("’|'[^']+'") == []
