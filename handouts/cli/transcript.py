"""``handouts transcript``: a PDF as a screen reader reads it."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", metavar="FILE.pdf", type=_FILE)
@click.option(
    "--password-file",
    type=_FILE,
    metavar="FILE",
    help="The PDF's password is the first line of FILE.",
)
def transcript(file: Path, password_file: Path | None) -> None:
    """Show what a screen reader says of a tagged PDF, in its order.

    A line for each element: its role, what is heard in place of its text, its text. A character
    that the file does not name itself (some Asian fonts) is shown as �.
    """
    from handouts.attach import commands, guard
    from handouts.attach.options import Limits
    from handouts.cli.report import working

    limits = Limits()
    data = commands.read_letter(file, limits, "The file")
    password = commands.read_password(password_file) if password_file else None
    with working("reading"):
        found = guard.transcribe(data, password, limits)
    for line in found.lines:
        click.echo(line)
