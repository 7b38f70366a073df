"""``handouts reprint``: an edition once more, as it was printed."""

from __future__ import annotations

from pathlib import Path

import click

from handouts import __version__
from handouts.cli.session import session, today


@click.command("reprint")
@click.argument("edition")
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pdf",
    help="Where to write.",
)
def reprint_command(edition: str, target: Path) -> None:
    """Write EDITION (the number at the foot of a page) again: the same words as then."""
    from handouts.approvals.reprinting import reprint
    from handouts.cli.report import shown, working

    with working("printing again"):
        made = reprint(session().workspace, edition, target.absolute(), today())
    click.echo(f"The words of edition {edition}.")
    click.echo(f"  SHA-256 {made.sha256}")
    if made.same:
        click.echo("  the same bytes as then")
    else:
        why = "the layout or the brand was changed since"
        if made.program != __version__:
            why = (
                f"it was made by version {made.program} of this program, and this is {__version__}"
            )
        click.echo(f"  another appearance than then: {why} (edition {made.edition} now)")
    if not made.in_force:
        click.echo(
            "  For your records only: this approval holds no more. Do not give it to a patient.",
            err=True,
        )
    click.echo(shown(target.absolute()))
