"""``handouts impose``: the sheets of a booklet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from handouts.cli.session import print_day_option, session


@click.command(
    epilog="""\b
Examples:
  handouts impose output/crps.booklet.en.pdf
""",
)
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pdf",
    help="Where to write. Default: beside the booklet, as NAME.sheets.pdf.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@print_day_option
def impose(file: Path, target: Path | None, force: bool, as_of: date) -> None:
    """Lay out a booklet of this program on sheets, to print, fold and staple.

    The sheets are for paper alone: a screen reader reads the booklet itself.
    """
    from handouts.attach.pieces import Gate
    from handouts.attach.reading.xmp import parts_of
    from handouts.cli.report import shown, working
    from handouts.errors import UsageError
    from handouts.names import counted
    from handouts.printing.sheets import measured, on_sheets, ours
    from handouts.targets import Targets

    data = ours(file)
    if not measured(data).booklet:
        message = f"{file} is no booklet: its pages are no half sheets."
        raise UsageError(message, remedy="Build one: handouts build crps --layout booklet")
    place = (target or file.with_suffix(".sheets.pdf")).absolute()
    targets = Targets(session().workspace, (file,), force=force)
    targets.demand(place)
    with working("laying out"):
        sheets = on_sheets(data)
    with targets.written({place: sheets}):
        pass
    click.echo(f"{counted(measured(sheets).count // 2, 'sheet')} of {measured(sheets).paper.name}.")
    click.echo("Print at 100 %, on both sides, flipped on the short edge. Fold, and staple twice.")
    if Gate(as_of, session().workspace).draft(parts_of(data)):
        click.echo("DRAFT: for proofreading. No one at your clinic stands behind these words.")
    click.echo(shown(place))
