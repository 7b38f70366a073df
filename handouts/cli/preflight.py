"""``handouts preflight``: what will go wrong with a PDF on paper, page by page."""

from __future__ import annotations

from typing import Any

import click

from handouts.cli.selecting import selection_options
from handouts.preflight.findings import EDGE_MM, WEAKEST_GREY


@click.command(
    "preflight",
    epilog="""\b
Examples:
  handouts preflight crps
  handouts preflight letter.pdf
  handouts preflight crps --layout large-print --paper a4
""",
)
@selection_options(layout="standard")
@click.option("--pages", default="", metavar="3|2,5-6", help="Only these pages.")
@click.option(
    "--edge",
    type=click.FloatRange(0, 25),
    default=EDGE_MM,
    show_default=True,
    metavar="MM",
    help="What your printer leaves white at each edge.",
)
@click.option(
    "--weakest-grey",
    type=click.IntRange(1, 40),
    default=WEAKEST_GREY,
    show_default=True,
    metavar="PERCENT",
    help="The palest grey that your copier keeps, in percent of black.",
)
@click.option("--proposed", is_flag=True, help="A draft of newer words than those approved.")
def preflight_command(**options: Any) -> None:
    """Look at a PDF as a printer, a copier and a reader will: any PDF, or a CONDITION's handout.

    A file is named with its ending, .pdf. Ends with exit code 4 where something is to mend.
    """
    from handouts.cli.looking import PreflightCommand, run_preflight

    run_preflight(PreflightCommand(**options))
