"""A smaller library: what a test asks of all conditions or layouts is the same with few."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from handouts import workspace as workspaces

#: The conditions and the layouts of the smaller library.
FEW = ("crps", "groin-hernia")
FEW_LAYOUTS = ("large-print", "referral", "standard")


def content_of(names: tuple[str, ...], made: Path) -> Path:
    """A copy of the built-in content in ``made`` with no more than these conditions."""
    shutil.copytree(workspaces.builtin_root("content"), made)
    for folder in (made / "conditions").iterdir():
        if folder.name not in names:
            shutil.rmtree(folder)
    label, evidence = made / "label.toml", made / "evidence.toml"
    head, *rows = label.read_text("utf-8").split("[[row]]")
    kept = [row for row in rows if any(f'condition = "{name}"' in row for name in names)]
    label.write_text("[[row]]".join([head, *kept]), "utf-8", newline="\n")
    lines = evidence.read_text("utf-8").split("\n")
    for number, line in enumerate(lines):
        if line.startswith("conditions = "):
            about = [name for name in ("*", *names) if f'"{name}"' in line]
            lines[number] = f"conditions = {json.dumps(about or ['*'])}"
    evidence.write_text("\n".join(lines), "utf-8", newline="\n")
    return made


def layouts_named(names: tuple[str, ...], made: Path) -> Path:
    """A copy of the built-in layouts in ``made`` with no more than these."""
    shutil.copytree(workspaces.builtin_root("layouts"), made)
    for folder in made.iterdir():
        if folder.is_dir() and folder.name not in names:
            shutil.rmtree(folder)
    return made


def shipping(room: str, instead: Path) -> Callable[[str], Path]:
    """What to put in place of ``builtin_root``, so that what lies in ``instead`` ships there."""
    rooms = workspaces.builtin_root
    return lambda one: instead if one == room else rooms(one)
