"""``handouts where``: which file is in force."""

from __future__ import annotations

import click

from handouts.cli.session import parts_of_files, session


@click.command()
@click.argument("name", required=False, shell_complete=parts_of_files)
def where(name: str | None) -> None:
    """Say which files are in force: yours, or the built-in ones.

    NAME is a file such as content/values.toml, or a part of its path such as risks or crps.
    Without NAME: the folders, and every file of your workspace.
    """
    from pathlib import PurePosixPath

    from handouts.errors import UsageError
    from handouts.names import suggest

    workspace = session().workspace
    if name is None:
        root = workspace.root or "none (built-in files only); make one with: handouts init DIR"
        click.echo(f"workspace  {root}")
        click.echo(f"output     {workspace.output}")
        found = [file for file in workspace.files.values() if not file.builtin]
    else:
        wanted = PurePosixPath(name.replace("\\", "/"))
        found = [
            file
            for file in workspace.files.values()
            if file.name == str(wanted)
            or str(wanted) in (parts := PurePosixPath(file.name)).parts
            or str(wanted) == parts.stem
            or f"{parts}".startswith(f"{wanted}/")
        ]
        if not found:
            known = {part for file in workspace.files for part in PurePosixPath(file).parts}
            raise UsageError(f"No file is called “{name}”.", remedy=suggest(name, known))
    for file in found:
        whose = "built-in" if file.builtin else "yours, replaces ours" if file.replaces else "yours"
        click.echo(f"{whose:<20}  {file.name}\n{'':<20}  {file.path}")
