"""``handouts shortcut``: an icon for the desk."""

from __future__ import annotations

from pathlib import Path

import click

from handouts.cli.session import session

SYSTEMS = ("windows", "linux", "macos")
_ELSEWHERE = "- It names the Python and folders of this computer. Best make it where it will be."


@click.command()
@click.option("--on", "system", type=click.Choice(SYSTEMS), help="Default: this computer's system.")
@click.option(
    "-o",
    "folder",
    metavar="FOLDER",
    default=Path(),
    type=click.Path(path_type=Path),
    help="Where to put it, such as ~/Desktop. Default: the current folder.",
)
@click.option("--force", is_flag=True, help="Replace a file of that name.")
def shortcut(system: str | None, folder: Path, force: bool) -> None:
    """Make an icon that opens the page for the desk with a double click."""
    from handouts.cli.report import shown
    from handouts.desktop.shortcut import HERE, put_shortcut

    made = put_shortcut(session().workspace, system or HERE, folder, force=force)
    if system not in (None, HERE):
        click.echo(_ELSEWHERE, err=True)
    click.echo("A double click on it opens the page for the desk:")
    click.echo(shown(made))
