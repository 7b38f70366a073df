"""``handouts batch``: a copy for each of many patients."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from handouts.cli.session import names_in, print_day_option


def _options(command: Any) -> Any:
    options = [
        click.argument(
            "records",
            metavar="RECORDS.csv|.jsonl|-",
            type=click.Path(path_type=Path, allow_dash=True),
        ),
        click.option(
            "--condition",
            default="",
            metavar="NAME|CODE",
            shell_complete=names_in("content/conditions"),
            help="Of records that name none.",
        ),
        click.option(
            "--layout",
            default="standard",
            metavar="NAME",
            show_default=True,
            shell_complete=names_in("layouts"),
            help="Of records that name none.",
        ),
        click.option(
            "--lang", metavar="CODE", help="Of records that name none. Default: the workspace's."
        ),
        click.option(
            "--paper",
            type=click.Choice(["letter", "a4"], case_sensitive=False),
            help="Of records that name none. Default: the workspace's.",
        ),
        click.option(
            "--brand",
            metavar="NAME",
            shell_complete=names_in("brands"),
            help="Whose appearance and phone numbers. Default: the workspace's.",
        ),
        click.option(
            "--map",
            "pairs",
            multiple=True,
            metavar="FIELD=COLUMN",
            help="Which column gives a field, where the names differ. Repeatable.",
        ),
        click.option("--ignore-others", is_flag=True, help="Leave columns without a field out."),
        click.option(
            "-o",
            "--output",
            metavar="DIR/|s3://BUCKET/DIR",
            help="Where to write. Default: batch-DATE in the output folder.",
        ),
        click.option(
            "--merged",
            type=click.Path(path_type=Path),
            metavar="FILE.pdf",
            help="One file for the printer, in place of a file a copy.",
        ),
        click.option("--slips", is_flag=True, help="With --merged: a slip sheet before each copy."),
        click.option(
            "--sort",
            multiple=True,
            metavar="FIELD",
            help="With --merged: the order of the copies. Repeatable. Default: the records'.",
        ),
        click.option(
            "--split-at",
            type=click.IntRange(1),
            metavar="N",
            help="With --merged: files of at most N sheets.",
        ),
        click.option(
            "--one-sided",
            is_flag=True,
            help="With --merged: no blank pages, for sheets with one printed side.",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, 256),
            default=1,
            metavar="N",
            show_default=True,
            help="So many processes.",
        ),
        click.option(
            "--scheduler",
            metavar="tls://HOST:PORT",
            help="The workers of a Dask cluster, in place of processes of this machine.",
        ),
        click.option("--resume", is_flag=True, help="Go on with a batch that was stopped."),
        click.option("--dry-run", is_flag=True, help="Write nothing: say what would happen."),
        click.option("--force", is_flag=True, help="Replace files that are already there."),
        click.option("--allow-draft", is_flag=True, help="Copies of words that no one approved."),
        print_day_option,
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command(
    epilog="""\b
Examples:
  handouts batch recall.csv --condition crps -o recall/
  handouts batch recall.csv --map patient=Name --ignore-others --dry-run
  handouts batch recall.csv --condition crps -o recall/ --resume
  handouts batch recall.csv --condition crps --merged recall.pdf --slips
""",
)
@_options
def batch(as_of: date, **options: Any) -> None:
    """Make a copy for the patient of each record, and a manifest of all copies.

    A record says whose copy it is, and which handout: docs/batch.md lists the fields. What is wrong
    with one stops no other. RECORDS may be - for standard input.
    """
    from handouts.cli.copies import BatchCommand, run_batch

    run_batch(BatchCommand(as_of=as_of, **options))
