"""``handouts printers``: which printers there are, and what they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from handouts.printing.printers import Printer


@click.command()
@click.argument("name", metavar="[NAME|URI]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def printers(name: str | None, as_json: bool) -> None:
    """Say which printers there are, what paper is in them, and what they can do.

    NAME is a queue of this computer, or the address of a printer: ipp://HOST/ipp/print.
    """
    from handouts.cli.report import echo_json
    from handouts.cli.reported import PrinterRow, PrintersReport
    from handouts.cli.session import session
    from handouts.printing.printers import troubles
    from handouts.printing.queues import default, find, queues

    found = [find(name)] if name else queues()
    usual = session().workspace.default_printer or ("" if name else default())
    if as_json:
        rows = (
            PrinterRow(
                name=one.name,
                uri=one.address.uri,
                usual=usual in (one.name, one.address.uri),
                ready=one.takes_pdf and not troubles(one),
                pdf=one.takes_pdf,
                two_sided=one.two_sided,
                colour=one.colour,
                copies=one.copies,
                papers=one.papers,
                loaded=one.loaded,
                trays=one.trays,
                reasons=one.reasons,
            )
            for one in found
        )
        echo_json(PrintersReport(tuple(rows)))
        return
    if not found:
        click.echo("No printer is set up on this computer. One in the network has an address:")
        click.echo("  handouts printers ipp://HOST/ipp/print")
    for one in found:
        _show(one, usual=usual in (one.name, one.address.uri))


def _show(printer: Printer, *, usual: bool) -> None:
    from handouts.printing.jobs import paper_name
    from handouts.printing.printers import troubles

    can = [
        "both sides" if printer.two_sided else "one side",
        "colour" if printer.colour else "grey",
        *([] if printer.takes_pdf else ["takes no PDF"]),
    ]
    click.echo(f"{printer.name}{' (usual)' if usual else ''}: {', '.join(can)}")
    papers = printer.loaded or printer.papers
    if papers:
        is_in = "in it" if printer.loaded else "takes"
        click.echo(f"    {is_in}: {', '.join(map(paper_name, papers[:8]))}")
    if printer.trays:
        click.echo(f"    trays: {', '.join(printer.trays)}")
    for trouble in troubles(printer):
        click.echo(f"    {trouble}")
