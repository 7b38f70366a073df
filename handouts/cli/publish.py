"""``handouts publish``: a folder for the front desk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from handouts.cli.session import print_day_option, session

_STAYS = "not published any more, but somebody changed it, so it stays"


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
    from handouts.names import counted
    from handouts.publish.publishing import publish as fill
    from handouts.publish.shared_folder import INDEX

    with working("publishing", quiet=quiet) as say:

        def report(result: BuildResult) -> None:
            if not quiet:
                say(summary(result))

        def gone(name: str, removed: bool) -> None:
            why = "taken out" if removed else _STAYS
            if not quiet:
                say(f"{why}: {name}")

        entries = fill(session().workspace, folder, as_of, report, gone)
    if quiet:
        return
    click.echo(f"{counted(len(entries), 'handout')}. Open this file in a browser:")
    click.echo(shown(folder / INDEX))
