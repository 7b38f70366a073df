"""``handouts print``: handouts on paper."""

from __future__ import annotations

from typing import Any

import click

from handouts.cli.selecting import person_options, selection_options

_DUPLEX = ("long", "short", "off")


@click.command(
    "print",
    epilog="""\b
Examples:
  handouts print crps
  handouts print G90.521 --layout large-print --lang es
  handouts print crps --copies 20 --printer Front
  handouts print crps --pages 3
  handouts print output/crps.standard.en.pdf
""",
)
@selection_options(layout="standard")
@click.option(
    "--printer",
    default="",
    metavar="NAME|URI",
    help="A queue, or ipp://HOST/ipp/print. Default: the workspace's, else the computer's.",
)
@click.option(
    "--copies", type=click.IntRange(1, 999), default=1, metavar="N", help="How many copies."
)
@click.option(
    "--duplex",
    type=click.Choice(_DUPLEX, case_sensitive=False),
    help="Both sides, flipped on this edge. Default: long, where the printer can.",
)
@click.option(
    "--tray", default="", metavar="NAME", help="The tray. “handouts printers” shows them."
)
@click.option("--grey", is_flag=True, help="Without colour.")
@click.option("--pages", default="", metavar="3|2,5-6", help="Only the sheets with these pages.")
@click.option("--last-page", is_flag=True, help="Only the page for the fridge, alone.")
@click.option("--wait", is_flag=True, help="Wait until it is on paper, and say how it ended.")
@click.option("--allow-draft", is_flag=True, help="Print words that no one has approved.")
@click.option("--proposed", is_flag=True, help="A draft of newer words than those approved.")
@person_options
def print_command(**options: Any) -> None:
    """Print the handout for each CONDITION, or a PDF of this program.

    A file is named with its ending, .pdf. A copy for one person is kept nowhere.
    """
    from handouts.cli.to_paper import PrintCommand, run_print

    run_print(PrintCommand(**options))
