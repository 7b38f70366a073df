"""``handouts build``: write handouts as PDF."""

from __future__ import annotations

from typing import Any

import click

from handouts.cli.selecting import person_options, selection_options


@click.command(
    epilog="""\b
Examples:
  handouts build crps
  handouts build G90.521 --layout large-print
  handouts build --all --brand juniper -o printed/
  handouts build crps --ask
""",
)
@click.option("--all", "every", is_flag=True, help="All conditions; goes on when one fails.")
@selection_options(layout="standard")
@click.option(
    "-o",
    "--output",
    metavar="DIR/|FILE.pdf",
    help="Where to write. Default: the output folder.",
)
@click.option(
    "--force", is_flag=True, help="Build again even if nothing changed; replace a foreign file."
)
@click.option("--require-approved", is_flag=True, help="Refuse words that no one has approved.")
@click.option("--proposed", is_flag=True, help="A draft of newer words than those approved.")
@person_options
@click.option("--fillable", is_flag=True, help="A form that patients type into.")
@click.option("--open", "show", is_flag=True, help="Show the PDF when it is built.")
def build(**options: Any) -> None:
    """Write the handout for each CONDITION as PDF."""
    from handouts.cli.orders import Request, run

    run(Request(**options))
