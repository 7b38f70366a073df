"""The program that the system opens PDFs with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click

#: ``xdg-open`` tries one program after another, and stays where the viewer does (seconds).
_LONGEST = 5


def opens(pdf: Path) -> bool:
    """Whether a program was found that opens it."""
    if sys.platform != "linux":
        return click.launch(str(pdf)) == 0
    program = shutil.which("xdg-open")
    if program is None:
        return False
    opener = subprocess.Popen(  # Click would not wait, nor hear that there is no viewer
        [program, str(pdf.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C here closes no viewer
    )
    try:
        return opener.wait(_LONGEST) == 0
    except subprocess.TimeoutExpired:
        return True
