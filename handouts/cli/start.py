"""``handouts init`` and ``handouts new``: files to start from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts.cli.session import as_of_option, session

if TYPE_CHECKING:
    from handouts.scaffold import Started

KINDS = ("condition", "section", "layout", "brand", "language")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make DIR your clinic's workspace: your brand, words and layouts; it builds at once."""
    from handouts import scaffold

    _report(scaffold.init(folder))


@click.command()
@click.argument("kind", type=click.Choice(KINDS, case_sensitive=False))
@click.argument("name")
@as_of_option
def new(kind: str, name: str, as_of: date) -> None:
    """Start a new condition, section, layout, brand or language called NAME in your workspace."""
    from handouts import scaffold
    from handouts.cli.report import working

    workspace = session().workspace
    if kind == "condition":
        with working("reading"):
            started = scaffold.new_condition(workspace, name, as_of)
    elif kind == "section":
        started = scaffold.new_section(workspace, name, as_of)
    elif kind == "language":
        from handouts.new_language import new_language

        with working("reading"):
            started = new_language(workspace, name)
    elif kind == "layout":
        started = scaffold.new_layout(workspace, name)
    else:
        started = scaffold.new_brand(workspace, name)
    _report(started)


def _report(started: Started) -> None:
    from handouts.cli.report import shown

    click.echo("Next:")
    for step in started.next_steps:
        click.echo(f"  {step}")
    click.echo("Written:")
    for path in started.files:
        click.echo(shown(path))
