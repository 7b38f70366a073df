"""What every command knows: the workspace, the as-of date, and options that work anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import cached_property, partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource
from msgspec import Struct

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from handouts.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])

#: The environment variable by which a shell asks for completions.
COMPLETE = "_HANDOUTS_COMPLETE"


class Session(Struct, dict=True, weakref=True):
    """One run of the command. ``given`` is the folder after ``--workspace``."""

    given: Path | None = None
    debug: bool = False
    verbose: bool = False

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace in force. Raises WorkspaceError."""
        from handouts.workspace import open_workspace

        return open_workspace(self.given, Path.cwd())


def session() -> Session:
    """The session of the running command."""
    return click.get_current_context().find_root().ensure_object(Session)


def now() -> datetime:
    """The clock is read here and nowhere else."""
    return datetime.now()  # noqa: DTZ005 - the day is this place's, whatever its zone is called


def today() -> date:
    """The day at this place."""
    return now().date()


def moment(as_of: date) -> datetime:
    """This moment; or, where the day was given, its beginning. Both with the zone of this place.

    Raises UsageError where the system's zone (``TZ``) is none.
    """
    from handouts.errors import UsageError

    source = click.get_current_context().get_parameter_source("as_of")
    given = source is ParameterSource.COMMANDLINE
    try:
        return (datetime.combine(as_of, time()) if given else now()).astimezone()
    except (ValueError, OverflowError):
        message = "This computer's time zone (TZ) is a day or more from any other."
        raise UsageError(message, remedy="Set it right.") from None


def as_date(value: str) -> date:
    """A date such as 2026-11-21, of a year that a data file may hold, too.

    Raises Click's usage error.
    """
    from handouts.datafile import YEARS

    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"“{value}” is not a date. Write it as 2026-11-21.") from None
    if day.year not in YEARS:
        raise click.BadParameter(f"{value} is not from {YEARS[0]} to {YEARS[-1]}.")
    return day


def _keep(ctx: click.Context, option: click.Parameter, value: object) -> None:
    if value:
        setattr(ctx.find_root().ensure_object(Session), str(option.name), value)


def global_options(command: click.Command) -> click.Command:
    """``--workspace``, ``--debug`` and ``-v``, before or after the name of the command."""
    anywhere = partial(click.option, callback=_keep, expose_value=False, is_eager=True)
    debug = anywhere("--debug", is_flag=True, help="Show a traceback when something fails.")
    workspace = anywhere(
        "--workspace",
        "given",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="The clinic's folder with handouts.toml. Default: the nearest one upwards.",
    )
    verbose = anywhere("-v", "--verbose", is_flag=True, help="Print how long the work took.")
    return workspace(debug(verbose(command)))


def as_of_option(command: F) -> F:
    """``--as-of``: the as-of date, which decides statuses."""
    return click.option(
        "--as-of",
        "as_of",
        metavar="DATE",
        type=as_date,
        default=lambda: today().isoformat(),
        help="The day that counts as today. Default: today.",
    )(command)


def _not_past(value: str) -> date:
    return max(as_date(value), today())


def print_day_option(command: F) -> F:
    """``--as-of`` of what is printed: no clinic stands behind words because it did so once."""
    return click.option(
        "--as-of",
        "as_of",
        metavar="DATE",
        type=_not_past,
        default=lambda: today().isoformat(),
        help="The day that it is for; one that is past counts as today. Default: today.",
    )(command)


def completed(known: Callable[[Workspace], Iterable[str]]) -> Callable[..., list[CompletionItem]]:
    """Shell completion with what ``known`` finds in the workspace; nothing in a broken one."""

    def complete(ctx: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from handouts.errors import HandoutsError

        try:
            names = known(ctx.find_root().ensure_object(Session).workspace)
        except (HandoutsError, OSError):
            return []
        begun = start.casefold()
        return [CompletionItem(name) for name in names if name.casefold().startswith(begun)]

    return complete


def names_in(folder: str) -> Callable[..., list[CompletionItem]]:
    """Shell completion with the names of the folders below ``folder`` of the workspace."""
    return completed(lambda workspace: workspace.names(folder))


def _codes(workspace: Workspace) -> list[str]:
    from handouts.library import load_library

    library = load_library(workspace, workspace.default_lang)
    return sorted({code for one in library.conditions.values() for code in one.icd10})


def _parts_of_files(workspace: Workspace) -> list[str]:
    """All that ``where`` finds: files, and the names in their paths."""
    return sorted({part for name in workspace.files for part in (name, *PurePath(name).parts)})


#: Shell completion with ICD-10-CM codes, and with what ``where`` finds.
codes, parts_of_files = completed(_codes), completed(_parts_of_files)
