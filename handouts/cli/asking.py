"""Where a person's data comes from: a file, standard input, or questions at the terminal.

Never from options: everybody on a computer can read the list of its processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from handouts.build import Order
from handouts.errors import Source
from handouts.layout import demand_personal, load_layout
from handouts.personal.entries import ENTRIES, Person, cleaned
from handouts.personal.person import read_person
from handouts.targets import STDIN, Targets
from handouts.workspace import Workspace

_STREAM = "-"
_TERMINAL = Source("(what was typed)")


def person_for(
    workspace: Workspace, data: str | None, orders: Sequence[Order], *, named: bool
) -> Person:
    """The person whose copy ``orders`` ask for; ``data``: a JSON file, ``-``, or None to ask.

    ``named``: whether the result's file was. Raises ContentError, UsageError for a
    poster, and as ``Targets.demand``.
    """
    for name in {order.selection.layout for order in orders}:
        demand_personal(load_layout(workspace, name))
    if data is None:
        return _asked(orders[0].as_of)
    path = None if data == _STREAM else Path(data)
    targets = Targets(workspace, (STDIN if path is None else path,), force=orders[0].force)
    targets.demand(*(order.target for order in orders if named))
    return read_person(path)


def _asked(today: date) -> Person:
    """Each field in turn, until what is typed is right; nothing typed leaves it out."""
    click.echo("Nothing typed leaves a field out.", err=True)
    given: dict[str, str] = {}
    for key, entry in ENTRIES.items():
        name = key.replace("_", " ").capitalize()
        while True:
            typed = click.prompt(
                f"{name} (such as {entry.sample})", "", show_default=False, err=True
            )
            text, problem = cleaned(key, typed, today)
            if not problem:
                break
            click.echo(f"  It {problem}.", err=True)
        if text:
            given[key] = text
    return Person(given, _TERMINAL)
