"""``handouts bundle``: a folder that installs this program without a network."""

from __future__ import annotations

from pathlib import Path

import click

PLATFORMS = ("windows", "macos", "linux", "linux-arm")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@click.command()
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.option(
    "--python",
    "version",
    type=click.Choice(PYTHONS),
    default="3.12",
    show_default=True,
    help="The Python there.",
)
@click.option(
    "-o",
    "folder",
    metavar="FOLDER",
    default=Path(),
    type=click.Path(path_type=Path),
    help="Where to put it. Default: the current folder.",
)
def bundle(platform: str, version: str, folder: Path) -> None:
    """Make a folder from which PLATFORM installs this program without a network.

    Fetches the locked packages, so it needs a network here. Python itself is not in it.
    """
    from handouts.cli.report import shown, working
    from handouts.desktop.bundle import make_bundle

    with working("fetching"):
        made = make_bundle(platform, version, folder)
    click.echo(f"{made.wheels} packages, {made.size / 1e6:.0f} MB. Python {version} is not in it.")
    click.echo("Copy the folder, and see README.txt in it:")
    click.echo(shown(made.folder))
