"""``handouts calibrate``: a test sheet for a printer and a copier."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from handouts.cli.session import as_of_option, session


class CalibrateCommand(Struct, frozen=True):
    """The options of ``handouts calibrate``."""

    target: Path | None
    paper: str | None
    lang: str
    to_paper: bool
    printer: str
    as_of: date


@click.command()
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pdf",
    help="Where to write. Default: in the output folder.",
)
@click.option(
    "--paper",
    type=click.Choice(["letter", "a4"], case_sensitive=False),
    help="Default: the workspace's, else letter.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "es"], case_sensitive=False),
    default="en",
    show_default=True,
    help="Language.",
)
@click.option("--print", "to_paper", is_flag=True, help="Print it; no file is written.")
@click.option(
    "--printer",
    default="",
    metavar="NAME|URI",
    help="A queue, or ipp://HOST/ipp/print. Default: the workspace's, else the computer's.",
)
@as_of_option
def calibrate(**options: Any) -> None:
    """Make a sheet that shows what a printer and a copier do to a page.

    Its two sides show size, white edge, weakest grey, thinnest line, and how the back comes out.
    """
    _run(CalibrateCommand(**options))


def _run(command: CalibrateCommand) -> None:
    from handouts.errors import UsageError
    from handouts.printing.calibration import render_sheet

    if command.printer and not command.to_paper:
        raise UsageError("--printer goes with --print.", remedy="Add --print.")
    if command.target and command.to_paper:
        raise UsageError("-o and --print exclude each other.", remedy="Use one.")
    paper = command.paper or session().workspace.default_paper
    data = render_sheet(paper, command.lang, command.as_of)
    if command.to_paper:
        _print(data, command.printer, command.as_of)
    else:
        _write(command.target, f"calibrate.{command.lang}.{paper}.pdf", data)


def _write(given: Path | None, name: str, data: bytes) -> None:
    from handouts import cache, output
    from handouts.cli.report import shown

    workspace = session().workspace
    target = output.demand_file(given or workspace.output / name)
    workspace.refuse_inputs(target)
    is_ours = target.exists() and cache.untouched(target)
    (output.write if is_ours and not given else output.create)(target, data)
    click.echo("Print it on both sides, at 100 %. How to read it: docs/printing.md")
    click.echo(shown(target))


def _print(data: bytes, name: str, as_of: date) -> None:
    from handouts.attach.pieces import Gate
    from handouts.printing.jobs import Settings, Sides
    from handouts.printing.queues import find
    from handouts.printing.sending import demand_fit, prepare, send

    printer = find(name or session().workspace.default_printer)
    job = prepare(printer, "handouts test sheet", data, Settings())
    demand_fit(printer, job)
    sent = send(printer, job, Gate(as_of, session().workspace))
    click.echo(f"Sent: the test sheet, {job.paper.name}")
    click.echo(f"    {printer.name}, job {sent.number}")
    if job.sides is Sides.ONE:
        click.echo("    This printer prints one side of a sheet: the back is on a second one.")
