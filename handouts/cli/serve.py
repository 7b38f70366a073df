"""``handouts serve``: the page for the front desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from handouts.cli.session import session


@click.command()
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--port", type=click.IntRange(1024, 65_535), metavar="N", help="Default: 8765, if it is free."
)
@click.option("--allow-draft", is_flag=True, help="Print words that no one has approved.")
@click.option("--edit", is_flag=True, help="Show editors the newest words, at each change anew.")
@click.option(
    "--behind",
    default="",
    metavar="https://HOST",
    help="A proxy with TLS on this computer offers the page there.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The start token is the first line of FILE. Default: a new one each time.",
)
def serve(**options: Any) -> None:
    """Serve the page from which the front desk finds and prints handouts.

    It answers this computer alone, until Ctrl-C. docs/it.md has the rest.
    """
    from handouts.cli.desk import ServeCommand, run_serve

    run_serve(ServeCommand(**options, debug=session().debug))
