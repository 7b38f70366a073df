"""The clinic's folder lies on a drive that goes, at each step: a message, and nothing half-done."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from handouts import approvals, scaffold
from handouts.build import Order, build, usual_target
from handouts.compose import standing
from handouts.errors import HandoutsError
from handouts.model import BuildResult, Selection, Status
from handouts.publish.publishing import publish
from handouts.workspace import open_workspace
from tests.approving import ANN, TODAY, approve

pytestmark = pytest.mark.usefixtures("printed_once")

T = TypeVar("T")

#: What the interpreter says before it goes to the disk.
_STEPS = {"open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.link", "os.remove"}
CRPS = Selection("crps")


class Drive:
    """A folder that goes away at a step of the work below it, and comes back after some more."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.steps, self.goes, self.back = folder, 0, 0, 0
        self.on, self.busy = False, False
        self.lost = list[Path]()
        sys.addaudithook(self._heard)

    def _heard(self, event: str, args: tuple[object, ...]) -> None:
        if not self.on or self.busy or event not in _STEPS:
            return
        if not any(str(one).startswith(str(self.folder)) for one in args[:2]):
            return
        self.busy = True
        self.steps += 1
        if self.steps == self.goes:
            self.folder.rename(self.away)
        elif self.steps == self.back and self.away.exists():
            self._return()
        self.busy = False

    @property
    def away(self) -> Path:
        return self.folder.with_name("away")

    def _return(self) -> None:
        if self.folder.exists():  # somebody wrote where the drive should be
            shutil.rmtree(self.folder)
        self.away.rename(self.folder)

    def during(self, work: Callable[[], T], goes: int, lasts: int) -> T | HandoutsError:
        """What ``work`` gives, or the error that it ends with; then the drive is there again."""
        self.steps, self.goes, self.back = 0, goes, goes + lasts
        self.on = True
        try:
            return work()
        except HandoutsError as problem:
            return problem
        finally:
            self.on = False
            self.lost = list(self.folder.rglob("*")) if self.away.exists() else []
            if self.away.exists():
                self._return()


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("gone") / "clinic"
    scaffold.init(home)
    brand = home / "brands/clinic/brand.toml"
    brand.write_text(brand.read_text("utf-8").replace("sample = true", "sample = false"), "utf-8")
    for lang in ("content/sections/risks/en.md", "content/values.toml"):
        there = open_workspace(None, home).files[lang].path
        (home / lang).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(there, home / lang)
    approve(home)
    return home


@pytest.fixture
def drive(clinic: Path, tmp_path: Path) -> Drive:
    shutil.copytree(clinic, tmp_path / "clinic")
    return Drive(tmp_path / "clinic")


def state(root: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()
    }


def steps_of(drive: Drive, work: Callable[[], object]) -> int:
    drive.during(work, 0, 0)
    return drive.steps


@pytest.mark.parametrize("lasts", [1, 2, 1_000_000])
def test_whose_words_hold_is_never_answered_from_half_a_drive(drive: Drive, lasts: int) -> None:
    def status() -> Status:
        workspace = open_workspace(drive.folder, drive.folder)
        found = standing(workspace, "crps", "en", TODAY)
        assert not workspace.files["content/values.toml"].builtin
        return found.approval.status

    assert status() is Status.APPROVED
    failed = 0
    for step in range(1, steps_of(drive, status) + 1):
        said = drive.during(status, step, lasts)
        assert said is Status.APPROVED or isinstance(said, HandoutsError), step
        failed += isinstance(said, HandoutsError)
        assert isinstance(said, Status) or said.findings[0].remedy, f"{said}"
    assert failed


@pytest.mark.parametrize("lasts", [1, 1_000_000])
def test_a_build_is_whole_or_not_at_all(drive: Drive, lasts: int) -> None:
    def built() -> BuildResult:
        workspace = open_workspace(drive.folder, drive.folder)
        order = Order(CRPS, usual_target(workspace, CRPS), TODAY, require_approved=True)
        return build(workspace, order)

    before = state(drive.folder)
    last = steps_of(drive, built)
    made = state(drive.folder)
    shutil.rmtree(drive.folder / "output")
    shutil.rmtree(drive.folder / "editions")
    cached = {name for name in made if ".cache/" in name}
    for step in range(1, last + 1, 2):
        said = drive.during(built, step, lasts)
        assert not isinstance(said, HandoutsError) or said.findings[0].remedy, f"{step}: {said}"
        after = state(drive.folder)
        for name, data in after.items():
            if name.endswith(".tmp"):  # what no process can remove from a drive that is gone
                assert lasts > 1, f"{step}: {name}"
            elif not name.startswith("output/.cache/"):  # it says how long the work took
                assert data == made[name], f"{step}: {name}"
        assert {name: after[name] for name in before} == before
        lost = [one for one in drive.lost if one.suffix and one.parent.name != ".cache"]
        kept = not lost and made.keys() - after.keys() <= cached
        assert kept or isinstance(said, HandoutsError) or "by its number" in said.notes[-1], step
        shutil.rmtree(drive.folder / "output", ignore_errors=True)
        shutil.rmtree(drive.folder / "editions", ignore_errors=True)


@pytest.mark.usefixtures("few_layouts")
def test_a_publish_takes_nothing_out_because_a_drive_is_gone(drive: Drive, tmp_path: Path) -> None:
    """The folder of the desk is elsewhere: what is published there stays."""

    def published() -> int:
        return len(publish(open_workspace(drive.folder, drive.folder), tmp_path / "desk", TODAY))

    steps = steps_of(drive, published)
    before = set(os.listdir(tmp_path / "desk"))
    last = steps_of(drive, published)
    assert last < steps
    assert len(before) > 3
    for step in range(1, last + 1, 3):
        said = drive.during(published, step, 1_000_000)
        assert isinstance(said, int) or said.findings[0].remedy, f"{step}: {said}"
        assert set(os.listdir(tmp_path / "desk")) == before, f"{step}: {said}"


def test_two_decisions_never_get_one_number_because_a_drive_is_gone(drive: Drive) -> None:
    folder = drive.folder / "content/approvals"

    def revoked() -> object:
        return approvals.revoke(open_workspace(drive.folder, drive.folder), "crps", "en", ANN)

    (first,) = folder.iterdir()
    text = first.read_bytes()
    for step in range(1, steps_of(drive, revoked) + 1):
        for one in {*folder.iterdir()} - {first}:
            one.unlink()
        said = drive.during(revoked, step, 1_000_000)
        assert first.read_bytes() == text
        made = sorted({*folder.iterdir()} - {first})
        if not isinstance(said, HandoutsError):
            assert [one.name for one in made] == ["crps.en.0002.json"], step
