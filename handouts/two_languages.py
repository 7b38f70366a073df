"""Layouts for two languages: which one stands beside the other."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from handouts.asked import demand
from handouts.errors import UsageError
from handouts.inputs import read
from handouts.workspace import Workspace

_MAX_PARENTS = 8


def beside(workspace: Workspace, layout: str, lang: str, wanted: str | None) -> str:
    """The language that ``layout`` prints beside ``lang``; "" for a layout of one language.

    Without a wish the workspace's own beside another, and beside that the only other one. Raises
    UsageError where there is none, or more than one, and for a wish that cannot be.
    """
    if not is_bilingual(workspace, layout):
        if wanted is not None:
            raise UsageError(
                f"--beside is for layouts of two languages; {layout} prints one.",
                remedy="Add --layout bilingual, or leave --beside out.",
            )
        return ""
    others = [one for one in workspace.languages if one != lang]
    if wanted is not None:
        demand("language", wanted, workspace.languages)
        if wanted == lang:
            raise UsageError(
                f"{lang} cannot stand beside itself.", remedy="Name another one: --beside CODE"
            )
        return wanted
    if workspace.default_lang in others:
        return workspace.default_lang
    if len(others) != 1:
        there = f"There are: {', '.join(others)}." if others else "There is no other one."
        raise UsageError(
            f"The layout {layout} prints two languages. Which one beside {lang}?",
            remedy=f"{there} --beside CODE names it.",
        )
    return others[0]


def pairs(workspace: Workspace, lang: str) -> Iterator[str]:
    """Each language that is usual beside ``lang``: one of the two is the workspace's own, which
    its staff read."""
    own = workspace.default_lang
    yield from (one for one in workspace.languages if one != lang and own in (one, lang))


def is_bilingual(workspace: Workspace, layout: str) -> bool:
    """Whether ``layout.toml``, or what it extends, says so. Nothing else is read: a build that
    finds its PDF unchanged asks this. What is wrong in the file is told where it is used.
    """
    for _ in range(_MAX_PARENTS):
        path = workspace.find(f"layouts/{layout}/layout.toml")
        try:
            data = read(path) if path else b""
            if b"bilingual" not in data and b"extends" not in data:
                return False
            table = tomllib.loads(data.decode())
        except (OSError, ValueError):
            return False
        if "bilingual" in table:
            return table["bilingual"] is True
        layout = str(table.get("extends", ""))
    return False
