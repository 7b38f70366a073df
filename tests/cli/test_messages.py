"""One style for messages: a sentence begins with a capital, unless it follows a place in a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from handouts import errors

ROOT = Path(__file__).parents[2] / "handouts"
#: Errors and findings for people. Other exceptions are for programmers.
SPOKEN = {name for name in vars(errors) if name.endswith("Error") or name == "Finding"}


def messages() -> Iterator[tuple[str, str]]:
    """The place and the first words of each message that names no file."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in SPOKEN):
                continue
            placed = len(node.args) > 1 and ast.unparse(node.args[1]) != "None"
            if not node.args or placed or any(one.arg == "source" for one in node.keywords):
                continue
            first = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else None
            said = first or node.args[0]
            if isinstance(said, ast.Constant):
                yield f"{path.name}:{node.lineno}", str(said.value)


def test_a_message_without_a_place_begins_with_a_capital() -> None:
    found = list(messages())
    assert len(found) > 30
    assert [one for one in found if one[1][0].islower() and not one[1].startswith("--")] == []
