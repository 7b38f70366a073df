"""``handouts diff``: what changed in the words, for a clinician to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts.cli.session import names_in, session

if TYPE_CHECKING:
    from handouts.library import Library


@click.command()
@click.argument(
    "names",
    nargs=-1,
    required=True,
    metavar="CONDITION | A B",
    shell_complete=names_in("content/conditions"),
)
@click.option("--lang", metavar="CODE", help="Language. Default: the workspace's; of A and B, all.")
def diff(names: tuple[str, ...], lang: str | None) -> None:
    """Show how words differ: those of CONDITION from what was approved; or A from B.

    A and B are two workspaces (folders), or two PDFs of handouts.
    """
    from handouts.cli.report import working
    from handouts.errors import UsageError

    paths = [Path(name) for name in names]
    with working("comparing"):
        if len(names) == 1:
            lines = list(_since_approval(names[0], lang))
        elif len(names) == 2 and all(path.is_dir() for path in paths):
            lines = list(_workspaces(paths[0], paths[1], lang))
        elif len(names) == 2 and not lang and all(path.suffix.lower() == ".pdf" for path in paths):
            lines = list(_pdfs(paths[0], paths[1]))
        else:
            remedy = "Name one condition; or two folders; or two PDFs, without --lang."
            raise UsageError("Those cannot be compared.", remedy=remedy)
    for line in lines:
        click.echo(line)


def _since_approval(condition: str, lang: str | None) -> Iterator[str]:
    from handouts.asked import condition_named, language_named
    from handouts.compose import words_of
    from handouts.compose.wording import changes
    from handouts.errors import WorkspaceError
    from handouts.library import load_library, records

    workspace = session().workspace
    condition = condition_named(workspace, condition)
    chosen = language_named(workspace, lang)
    found = records.last_words(workspace, condition, chosen)
    if found is None or found.words is None:
        records.latest(workspace, condition, chosen)  # the error of a record that cannot be read
        load_library(workspace, chosen).condition(condition)  # its error, in a language without it
        yield f"{condition} ({chosen}) was never approved: all its words are a draft."
        return
    now = words_of(load_library(workspace, chosen), condition)
    yield f"{condition} ({chosen}), approved on {found.on} by {found.by}, {found.role}:"
    yield from changes(workspace, found.words, now) or ["  the words are the same."]
    with suppress(WorkspaceError):  # what cannot be trusted, too, approves nothing
        last = records.latest(workspace, condition, chosen)
        if last and last.words is None:
            yield f"  This approval was {last.said}: the words are a draft."


def _workspaces(before: Path, after: Path, lang: str | None) -> Iterator[str]:
    """The words of each condition and language, as the files of two workspaces have them now."""
    from handouts.compose import words_of
    from handouts.compose.wording import changes
    from handouts.errors import UsageError
    from handouts.library import load_library
    from handouts.workspace import open_workspace

    old, new = (open_workspace(path, path) for path in (before, after))
    languages = dict.fromkeys((*old.languages, *new.languages))
    if lang and lang not in languages:
        raise UsageError(
            f"Neither has words in {lang}.", remedy=f"There are: {', '.join(languages)}."
        )
    for chosen in [lang] if lang else languages:
        was, now = (
            load_library(one, chosen) if chosen in one.languages else None for one in (old, new)
        )
        told: dict[tuple[str, ...], list[str]] = {}  # the same change of a shared section once
        for name in dict.fromkeys((*_written(was), *_written(now))):
            if was is None or name not in _written(was):
                yield f"{name} ({chosen}): only in “{after}”."
            elif now is None or name not in _written(now):
                yield f"{name} ({chosen}): only in “{before}”."
            else:
                lines = tuple(changes(new, words_of(was, name), words_of(now, name)))
                told.setdefault(lines, []).append(name)
        for lines, names in told.items():
            yield f"{', '.join(names)} ({chosen}):"
            yield from lines or ["  the words are the same."]


def _written(library: Library | None) -> list[str]:
    """The conditions that are written in the library's language."""
    if library is None:
        return []
    return [name for name, one in library.conditions.items() if library.words(one.title)]


def _pdfs(before: Path, after: Path) -> Iterator[str]:
    """What two PDFs say to a screen reader, under each heading."""
    from handouts.attach import commands, guard
    from handouts.attach.options import Limits
    from handouts.compose.transcripts import another_order, under_headings
    from handouts.compose.wording import differences, protecting_titles
    from handouts.errors import HandoutsError

    limits = Limits()
    was, now = (
        guard.transcribe(
            commands.read_letter(path, limits, f"The file “{path}”"), None, limits, f"“{path}”"
        ).lines
        for path in (before, after)
    )
    yield f"{after}, compared with {before}:"
    workspace = session().workspace
    try:
        titles = protecting_titles(workspace)
    except HandoutsError:  # what both PDFs say does not hang on files of today
        titles = protecting_titles(workspace.shipped)
    lines = differences(under_headings(was), under_headings(now), titles)
    lines += another_order(was, now)
    yield from lines or ["  the words are the same."]
