"""A clinic's workspace, whose files a test changes one by one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handouts import scaffold
from handouts.build import Order, build
from handouts.check.everything import content
from handouts.layout import check_layout
from handouts.model import SectionChoice, Selection
from handouts.selection import BuildResult
from handouts.workspace import Workspace, open_workspace
from tests.approving import approve

TODAY = date(2026, 12, 1)


class Clinic:
    """A workspace with a real clinic's brand."""

    def __init__(self, root: Path) -> None:
        scaffold.init(root)
        self.root = root
        self.edit("brands/clinic/brand.toml", "sample = true", "sample = false")

    @property
    def workspace(self) -> Workspace:
        """Opened anew: the files as they are now."""
        return open_workspace(self.root, self.root)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace ``old``, which must be there, everywhere in the clinic's copy of a file."""
        found = self.workspace.find(name)
        assert found
        text = found.read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new))

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def build(
        self, layout: str = "standard", condition: str = "crps", paper: str = "letter"
    ) -> BuildResult:
        """Print the usual handout, as the front desk does."""
        name = f"{condition}.{layout}.pdf"
        choice = SectionChoice.DEFAULT
        wanted = Selection(condition, layout, brand="clinic", paper=paper, choice=choice)
        return build(self.workspace, Order(wanted, self.root / "output" / name, TODAY))

    def checked(self, layout: str = "standard", condition: str = "crps") -> str:
        """What ``check`` finds in the condition and the layout."""
        workspace = self.workspace
        found = [one for part in content(workspace, [condition], TODAY) for one in part.findings]
        return "\n".join(map(str, [*found, *check_layout(workspace, layout)]))

    def approve(self, condition: str = "crps") -> None:
        approve(self.root, condition)


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    """A clinic's fresh workspace, in which the built-in handouts can be built."""
    return Clinic(tmp_path / "clinic")
