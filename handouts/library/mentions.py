"""What files name in their text: figures, values, terms."""

from __future__ import annotations

import re
from pathlib import Path

from handouts.workspace import Workspace

_FIGURE = re.compile(r"^::: figure (\S+)", re.MULTILINE)


def figures_shown(workspace: Workspace) -> set[str]:
    """The figures that a file of words shows."""
    return named_in(workspace, "content/", ".md", _FIGURE)


def named_in(workspace: Workspace, folder: str, ending: str, pattern: re.Pattern[str]) -> set[str]:
    """All names that ``pattern`` finds in files below ``folder``."""
    paths = (
        file.path
        for file in workspace.files.values()
        if file.name.startswith(folder) and file.name.endswith(ending)
    )
    return {name for path in paths for name in pattern.findall(_text(path))}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
