"""Approve the words of a condition in a test's workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from handouts import approvals
from handouts import workspace as workspaces
from handouts.library.records import Record
from handouts.workspace import Workspace, open_workspace
from tests.fewer import FEW_LAYOUTS, layouts_named, shipping

TODAY = date(2026, 11, 21)
ANN = approvals.Signature("Ann Roe", "physician", TODAY)


def approve(
    home: Path, condition: str = "crps", signature: approvals.Signature = ANN, lang: str = "en"
) -> Record:
    """Approve what the files of the workspace ``home`` say now.

    An approval looks at each layout and keeps none: where all that ship are there, few are enough.
    """
    rooms: Callable[[str], Path] = workspaces.builtin_root
    if rooms("layouts") == _LAYOUTS:
        rooms = shipping("layouts", _few_layouts())
    with patch.object(workspaces, "builtin_root", rooms):
        return _approved(open_workspace(home, home), condition, signature, lang)


_LAYOUTS = workspaces.builtin_root("layouts")
#: It goes when the process ends.
_FOLDER = TemporaryDirectory(prefix="approving-")


@cache
def _few_layouts() -> Path:
    return layouts_named(FEW_LAYOUTS, Path(_FOLDER.name) / "layouts")


def _approved(
    workspace: Workspace, condition: str, signature: approvals.Signature, lang: str
) -> Record:
    own = tuple(
        (name, str(file.path) if file.builtin else sha256(file.path.read_bytes()).hexdigest())
        for name, file in workspace.files.items()
    )
    proposal = _proposed(_Same(workspace), own, condition, lang, signature.on)
    return approvals.approve(workspace, proposal, signature)


class _Same:
    """A workspace that counts as the same wherever it lies: its files, and which ship, are told
    beside it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _proposed(
    same: _Same, own: tuple[tuple[str, str], ...], condition: str, lang: str, on: date
) -> approvals.Proposal:
    """A proposal checks every layout: once for the same files is enough for all tests."""
    del own  # keys the cache
    return approvals.propose(same.workspace, condition, lang, on)
