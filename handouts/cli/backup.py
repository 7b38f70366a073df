"""``handouts backup`` and ``handouts restore``: a clinic's folder in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from handouts.cli.session import session


@click.command()
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file of that name.")
def backup(file: Path, force: bool) -> None:
    """Write your clinic's words, brands, layouts, approvals and editions into one file.

    PDFs are not in it, nor other files of yours.
    """
    from handouts.cli.report import shown, working
    from handouts.desktop.backup import back_up
    from handouts.names import counted

    with working("reading"):
        made = back_up(session().workspace, file, force=force)
    click.echo(f"{counted(len(made.files), 'file')}, {made.said}.")
    click.echo(shown(file))


@click.command()
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def restore(file: Path, folder: Path) -> None:
    """Make the clinic's folder DIR of a backup: all of it, each file as it was, or nothing.

    DIR must not be there yet.
    """
    from handouts import __version__
    from handouts.cli.report import shown, working
    from handouts.desktop.backup import restore as unpack
    from handouts.names import counted

    with working("restoring"):
        made = unpack(file, folder)
    if made.program != __version__:
        click.echo(f"- handouts {made.program} made this backup; this is {__version__}.", err=True)
    click.echo(f"{counted(len(made.files), 'file')}, {made.said}. See: handouts status")
    click.echo(shown(folder))
