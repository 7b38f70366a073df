"""``handouts approve``: a clinician stands behind the words."""

from __future__ import annotations

from datetime import date

import click

from handouts.cli.session import as_date, as_of_option, names_in, session


@click.command()
@click.argument("condition", shell_complete=names_in("content/conditions"))
@click.option("--by", required=True, metavar="NAME", help="Who approves.")
@click.option("--role", required=True, metavar="ROLE", help="As what, for example: physician.")
@click.option("--lang", metavar="CODE", help="Language. Default: the workspace's, else en.")
@click.option(
    "--until",
    metavar="DATE",
    type=as_date,
    help="Last day. Default, and at most: the first section's review date.",
)
@as_of_option
def approve(  # noqa: PLR0913, PLR0917 - one parameter an option
    condition: str, by: str, role: str, lang: str | None, until: date | None, as_of: date
) -> None:
    """Approve the words of CONDITION, as they are now, for printing.

    An edit of the words, or a passed review date, makes them a draft again.
    """
    from handouts import approvals
    from handouts.cli.orders import demand
    from handouts.library import load_library

    workspace = session().workspace
    path = approvals.approvals_path(workspace)
    demand("condition", condition, workspace.names("content/conditions"))
    library = load_library(workspace, lang or workspace.default_lang)
    signature = approvals.Signature(by, role, as_of, until)
    entry = approvals.approve(library, condition, signature)
    click.echo(f"Approved: {condition} ({library.lang}), until {entry.until.isoformat()}")
    click.echo(f"  by      {entry.by}, {entry.role}")
    click.echo(f"  words   {library.words(library.conditions[condition].title)}")
    click.echo(f"          {entry.words}")
    click.echo(f"  kept in {path}")
