"""An icon that starts the page for the desk: a file for the desktop of each system."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from handouts import inputs, output
from handouts.desktop.shell_link import LONGEST, shell_link
from handouts.errors import Source, UsageError
from handouts.importing import HOME
from handouts.targets import Targets
from handouts.workspace import Workspace

#: The system on which this program runs.
HERE = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
_SAID = "Find, see and print handouts"
#: What Windows takes for the name of a variable, and puts another text in its place.
_VARIABLE = re.compile("%[^%]+%")


class Icon(Struct, frozen=True):
    """What the file of a system is called, and what makes its content of a command."""

    name: str
    made: Callable[[Sequence[str]], bytes]


def put_shortcut(workspace: Workspace, system: str, folder: Path, *, force: bool) -> Path:
    """Write the icon for ``system`` into ``folder``.

    Raises UsageError for a path that the system would not take as it is, OutputError for another
    file in its place, unless ``force``.
    """
    icon = ICONS[system]
    target = output.demand_folder(folder) / icon.name
    data = icon.made(command(workspace))
    with output.explaining(target):
        if not target.is_file() or inputs.read(target, len(data)) != data:
            with Targets(workspace, (), force=force).written({target: data}):
                pass
        if os.name == "posix":  # who may read it may run it
            target.chmod(target.stat().st_mode | (target.stat().st_mode & 0o444) >> 2)
    return target


def command(workspace: Workspace) -> list[str]:
    """What starts the page with the Python, the program and the workspace of now.

    Raises UsageError for a path with what cannot be seen.
    """
    checkout = Path(HOME, "generate.py")
    program = [str(checkout)] if checkout.is_file() else ["-m", "handouts"]
    where = ["--workspace", str(workspace.root)] if workspace.root else []
    words = [sys.executable, "-P", *program, "serve", *where, "--open"]
    for word in words:
        if not word.isprintable():
            message = "An icon cannot hold what cannot be seen, and this path does."
            raise UsageError(message, Source(word), "Give the folder another name.")
    return words


def desktop_entry(words: Sequence[str]) -> bytes:
    """Linux: a Desktop Entry (freedesktop.org, version 1.5)."""
    line = " ".join(map(_in_entry, words))
    return (
        "[Desktop Entry]\nType=Application\nVersion=1.5\nName=Handouts\n"
        f"Comment={_SAID}\nIcon=printer\nTerminal=true\nExec={line}\n"
    ).encode()


def _in_entry(word: str) -> str:
    """Quoted for Exec, and escaped once more as each string of an entry; % begins a field code."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%")
    return f'"{quoted}"'.replace("\\", "\\\\")


def shell_script(words: Sequence[str]) -> bytes:
    """macOS: a script that the Terminal runs when it is clicked."""
    return f"#!/bin/sh\n# {_SAID}. Close the window to end it.\nexec {shlex.join(words)}\n".encode()


def windows_link(words: Sequence[str]) -> bytes:
    """Windows: a shortcut. Raises UsageError where Windows would not run just this."""
    for word in words:
        if _VARIABLE.search(word):
            message = "Windows puts another text in place of what stands between two “%”."
            raise UsageError(message, Source(word), "Give the folder another name.")
    if len(words[0].encode("utf-16-le")) // 2 >= LONGEST:
        message = f"is longer than the {LONGEST - 1} signs that a shortcut takes."
        raise UsageError(message, Source(words[0]), "Install Python nearer to the disk's root.")
    return shell_link(words, _SAID)


ICONS: Mapping[str, Icon] = {
    "linux": Icon("Handouts.desktop", desktop_entry),
    "macos": Icon("Handouts.command", shell_script),
    "windows": Icon("Handouts.lnk", windows_link),
}
