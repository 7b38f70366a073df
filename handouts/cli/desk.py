"""From the options of ``handouts serve`` to a page that answers, until it is told to stop."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import click
from msgspec import Struct

from handouts.cli.session import now, session
from handouts.desk import serving
from handouts.desk.app import create_app
from handouts.desk.clinic import Clinic
from handouts.desk.memory import new_token
from handouts.desk.remembered import Shelf
from handouts.desk.state import Desk, Rules
from handouts.errors import UsageError
from handouts.inputs import read_line
from handouts.workspace import Workspace, open_workspace

_SWEEP = 20.0
_LONGEST = 500
_LEAST = 22  # letters of 128 bits in base 64
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{_LEAST},200}}")


class ServeCommand(Struct, frozen=True):
    """The options of ``handouts serve``."""

    show: bool
    port: int | None
    allow_draft: bool
    edit: bool
    behind: str
    token_file: Path | None
    debug: bool


def run_serve(command: ServeCommand) -> None:
    """Serve the page. Where one of the same options runs already, say where, and open that.

    Raises UsageError, OutputError, WorkspaceError.
    """
    workspace = session().workspace
    host = serving.demand_https(command.behind) if command.behind else ""
    folder = Path(click.get_app_dir("handouts"))
    kinds = {"edit": command.edit, "drafts": command.allow_draft, "behind": bool(host)}
    kind = "".join(f"-{name}" for name, is_so in kinds.items() if is_so)
    name = str(workspace.root or "")
    file = folder / f"running{kind}.{sha256(name.encode()).hexdigest()[:8]}.json"
    if not host and command.port is None and (known := serving.already(file, name)):
        click.echo("The page runs already.", err=True)
        _tell(command, folder, known.address)
        return
    clinic = Clinic(_opener(workspace), now)
    clinic.view()  # what is wrong in the workspace is told here, not on the page
    found = serving.listening(command.port)
    port = int(found.getsockname()[1])
    token = _token(command.token_file) if command.token_file else new_token()
    hosts = {host} if host else {f"{serving.LOOPBACK}:{port}", f"localhost:{port}"}
    rules = Rules(frozenset(hosts), bool(host), command.allow_draft, command.edit)
    desk = Desk(clinic, Shelf(folder / "desks"), rules, token)
    app = create_app(desk, debug=command.debug)
    running = serving.Running(port, name, token)
    address = f"https://{host}/open?token={token}" if host else running.address
    click.echo("The page for the front desk. To stop it: Ctrl-C", err=True)
    _tell(command, folder, address)
    with desk.at_work(), serving.announced(file, running):
        serving.serve(app, found, desk.memory.sweep, _SWEEP)


def _opener(workspace: Workspace) -> Callable[[], Workspace]:
    """The same workspace, opened anew: its settings may have changed."""

    def reopened() -> Workspace:
        if workspace.root is None:
            return Workspace(None, workspace.output)
        return open_workspace(workspace.root, workspace.root)

    return reopened


def _token(file: Path) -> str:
    """Raises UsageError for one that could be guessed."""
    try:
        lines = read_line(file, _LONGEST).decode("ascii").split()
    except (OSError, ValueError):
        lines = []
    if not lines or not _TOKEN.fullmatch(lines[0]):
        raise UsageError(
            f"The token file needs one line of {_LEAST} letters and digits or more.",
            remedy='Make one: python -c "import secrets; print(secrets.token_urlsafe())"',
        )
    return lines[0]


def _tell(command: ServeCommand, folder: Path, address: str) -> None:
    click.echo(address)
    if command.show:
        click.launch(str(serving.door(folder, address)))
