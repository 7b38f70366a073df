"""``handouts build``: write handouts as PDF."""

from __future__ import annotations

from typing import Any

import click

from handouts.cli.session import as_of_option, global_options, names_in


@click.command(
    epilog="""\b
Examples:
  handouts build crps
  handouts build --icd10 G90.521 --layout large-print
  handouts build --all --brand juniper -o printed/
""",
)
@click.argument(
    "conditions", nargs=-1, metavar="[CONDITION]...", shell_complete=names_in("content/conditions")
)
@click.option("--all", "every", is_flag=True, help="All conditions; goes on when one fails.")
@click.option(
    "--icd10",
    "codes",
    multiple=True,
    metavar="CODE",
    help="Find the condition by an ICD-10-CM code or its beginning; dot optional. Repeatable.",
)
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="ID",
    shell_complete=names_in("content/sections"),
    help="These sections, in this order. Repeatable.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="ID",
    shell_complete=names_in("content/sections"),
    help="Leave this section out. Repeatable.",
)
@click.option("--all-sections", is_flag=True, help="The long version, with contents.")
@click.option(
    "--layout",
    default="standard",
    show_default=True,
    shell_complete=names_in("layouts"),
    help="How it looks: standard, large-print, referral, or your own.",
)
@click.option("--lang", metavar="CODE", help="Language. Default: the workspace's, else en.")
@click.option(
    "--brand",
    metavar="NAME",
    shell_complete=names_in("brands"),
    help="Whose looks and phone numbers. Default: the workspace's.",
)
@click.option(
    "--paper", type=click.Choice(["letter", "a4"]), help="Default: the workspace's, else letter."
)
@as_of_option
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
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Print how long each stage took.")
@global_options
def build(**words: Any) -> None:
    """Write the handout for each CONDITION as PDF."""
    from handouts.cli.orders import Request, run

    run(Request(**words))
