"""``handouts clean``: remove copies that batches made."""

from __future__ import annotations

import time
from pathlib import Path

import click

from handouts.cli.session import session, today

_NOT_UNDONE = (
    "What was printed, sent, copied, backed up or kept by a printer's queue is not removed."
)


@click.command()
@click.argument("folders", nargs=-1, metavar="[DIR]...", type=click.Path(path_type=Path))
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(0, 36_500),
    required=True,
    metavar="N",
    help="Batches that were begun N days ago, or earlier.",
)
@click.option("--dry-run", is_flag=True, help="Remove nothing: say what would be.")
def clean(folders: tuple[Path, ...], days: int, dry_run: bool) -> None:
    """Remove the copies of old batches in each DIR, by their manifests. Default: the output folder.

    Files that somebody changed stay, and are named.
    """
    from handouts import output
    from handouts.cli.report import shown
    from handouts.errors import BatchError, Finding, OutputError, Source, UsageError
    from handouts.personal import cleaning

    for folder in folders:
        if not folder.is_dir():
            raise UsageError("is no folder.", Source(str(folder)), "Check its name.")
    places = [output.place_of(folder) for folder in folders] or [session().workspace.output]
    found = [one for place in places for one in cleaning.old_batches(place, days, today())]
    total, problems = 0, list[Finding]()
    for manifest in found:
        try:
            cleaned = cleaning.clean(manifest, dry_run=dry_run)
        except OutputError as problem:  # of this batch: the others go
            problems += problem.findings
            continue
        total += cleaned.removed
        if cleaned.store:
            where = f"{cleaned.store}: remove them there, then {shown(manifest)}"
            click.echo(f"its copies are in an object store, so they stay: {where}")
        for path in cleaned.changed:
            click.echo(f"changed by somebody, so it stays: {shown(path)}")
    before = time.time() - max(days * 86_400, output.STALE_SECONDS)
    for path in [one for place in places for one in cleaning.unfinished(place, before)]:
        total += 1
        if not dry_run:
            output.remove(path)
    what = "Would remove" if dry_run else "Removed"
    batches = "batch" if len(found) == 1 else "batches"
    click.echo(f"{what} {total:,} files of {len(found)} {batches}.")
    if total and not dry_run:
        click.echo(_NOT_UNDONE)
    if problems:
        raise BatchError([Finding("Some batches could not be removed whole."), *problems])
