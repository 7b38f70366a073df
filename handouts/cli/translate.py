"""``handouts translate``: how far each language is."""

from __future__ import annotations

import click

from handouts.cli.reported import GapRow, LanguageRow, TranslationReport, as_row
from handouts.cli.session import completed, session


@click.command()
@click.argument("action", metavar="status", type=click.Choice(["status"]))
@click.option(
    "--lang",
    metavar="CODE",
    shell_complete=completed(lambda workspace: workspace.languages),
    help="Only this language.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def translate(action: str, lang: str | None, as_json: bool) -> None:  # noqa: ARG001
    """Show what each language lacks, or has from older English words, section by section."""
    from handouts.check.translation import gaps
    from handouts.cli.report import echo_json, working
    from handouts.errors import UsageError
    from handouts.library.load import read_library
    from handouts.library.schema import SOURCE
    from handouts.names import suggest

    workspace = session().workspace
    known = [one for one in workspace.languages if one != SOURCE]
    if lang not in (None, *known):
        raise UsageError(f"Nothing is translated into “{lang}”.", remedy=suggest(str(lang), known))
    rows = []
    for one in [lang] if lang else known:
        with working(f"reading {one}", quiet=as_json):
            found = gaps(read_library(workspace, one)[0])
        unchecked = sum(gap.state == "not checked" for gap in found)
        listed = (gap for gap in found if gap.state != "not checked")
        gap_rows = (
            GapRow(gap.name, gap.condition, gap.state, as_row(gap.finding)) for gap in listed
        )
        rows.append(LanguageRow(one, unchecked, tuple(gap_rows)))
    if as_json:
        echo_json(TranslationReport(tuple(rows)))
        return
    for row in rows:
        click.secho(f"{row.lang}: {len(row.gaps) or 'nothing'} to do", bold=True)
        for gap in row.gaps:
            whose = f" ({gap.condition})" if gap.condition and gap.condition not in gap.name else ""
            more = f": {gap.finding.message}" if gap.state == "out of date" else ""
            click.echo(f"  {gap.state:14}  {gap.name}{whose}{more}")
        if row.unchecked:
            click.echo(f"  {row.unchecked} files that no qualified person has checked")
