"""``handouts publish``: a folder for the front desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from handouts.cli.session import print_day_option, session


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@print_day_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
def publish(folder: Path, as_of: date, quiet: bool) -> None:
    """Fill DIR with all approved handouts in all layouts, and an index.html to pick from.

    Open index.html in a browser; no server is needed. What is no longer approved is taken out.
    """
    from handouts.cli.report import shown, summary, working
    from handouts.model import BuildResult
    from handouts.publish.shared_folder import INDEX
    from handouts.publish.shared_folder import publish as fill

    with working("publishing", quiet=quiet) as say:

        def report(result: BuildResult) -> None:
            if not quiet:
                say(summary(result))

        done = fill(session().workspace, folder, as_of, report)
    if quiet:
        return
    for name in done.removed:
        click.echo(f"taken out: {name}")
    for name in done.left:
        click.echo(f"no longer approved, but somebody changed it, so it stays: {name}")
    count = len(done.entries)
    click.echo(f"{count} handout{'' if count == 1 else 's'}. Open this file in a browser:")
    click.echo(shown(folder / INDEX))
