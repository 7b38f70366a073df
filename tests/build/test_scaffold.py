"""What ``init`` and ``new`` write works at once and overwrites nothing."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from handouts import output, scaffold
from handouts.attach.transcript import transcribe
from handouts.build import Order, build
from handouts.errors import ContentError, HandoutsError, OutputError, UsageError, WorkspaceError
from handouts.library import load_library
from handouts.library.brand import check_brand, load_brand
from handouts.model import Selection
from handouts.scaffold import Started
from handouts.workspace import Workspace, open_workspace

LEAP_DAY = date(2028, 2, 29)

MAKERS: dict[str, Callable[[Workspace, str], Started]] = {
    "brand": scaffold.new_brand,
    "layout": scaffold.new_layout,
    "section": lambda workspace, name: scaffold.new_section(workspace, name, LEAP_DAY),
    "condition": lambda workspace, name: scaffold.new_condition(workspace, name, LEAP_DAY),
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh workspace."""
    scaffold.init(tmp_path / "clinic")
    return tmp_path / "clinic"


def opened(home: Path) -> Workspace:
    return open_workspace(home, home)


def built(home: Path, selection: Selection) -> Path:
    workspace = opened(home)
    result = build(workspace, Order(selection, workspace.output / "x.pdf", LEAP_DAY))
    assert Path(result.path).read_bytes().startswith(b"%PDF")
    return Path(result.path)


def test_a_new_workspace_builds_at_once_with_the_clinics_brand(home: Path) -> None:
    assert opened(home).default_brand == "clinic"
    assert check_brand(opened(home), "clinic") == ()
    assert load_brand(opened(home)).sample
    built(home, Selection("crps", brand="clinic"))


@pytest.mark.skipif(os.name == "nt", reason="PowerShell has quotes of its own")
@pytest.mark.parametrize("name", ["plain", "a clinic", "O'Brien", "R&D", "a$b;c", "-x", "~q", "#w"])
def test_what_init_says_to_do_next_can_be_typed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (step,) = (one for one in scaffold.init(Path(name)).next_steps if one.startswith("Go there: "))
    command = f"{step.removeprefix('Go there: ')} && pwd -P"
    shell = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert shell.stdout == f"{(tmp_path / name).resolve()}\n"


def test_init_keeps_what_is_there(home: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="is a workspace already"):
        scaffold.init(home)
    (tmp_path / "README.txt").write_text("mine")
    with pytest.raises(UsageError, match="already there"):
        scaffold.init(tmp_path)
    assert (tmp_path / "README.txt").read_text() == "mine"
    assert not (tmp_path / "handouts.toml").exists()


@pytest.mark.parametrize("room", ["content", "brands", "output"])
def test_a_refused_init_leaves_no_workspace(tmp_path: Path, room: str) -> None:
    (tmp_path / room).write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        scaffold.init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [room]


@pytest.mark.parametrize("kind", MAKERS)
def test_a_new_thing_is_in_force_and_is_not_overwritten(home: Path, kind: str) -> None:
    started = MAKERS[kind](opened(home), "mine")
    assert started.next_steps
    assert all(path.is_file() and home in path.parents for path in started.files)
    started.files[0].write_text("my words")
    with pytest.raises(HandoutsError):
        MAKERS[kind](opened(home), "mine")
    assert started.files[0].read_text() == "my words"


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("name", ["../mine", "Mine", "a.b", "con", ""])
def test_names_stay_in_the_workspace(home: Path, kind: str, name: str) -> None:
    before = sorted(home.rglob("*"))
    remedy = "such as my-con" if name == "con" else "small letters, digits"
    with pytest.raises(UsageError, match=rf"cannot be a name\. .*{remedy}"):
        MAKERS[kind](opened(home), name)
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize("kind", MAKERS)
def test_without_a_workspace_there_is_no_place(tmp_path: Path, kind: str) -> None:
    with pytest.raises(WorkspaceError, match="handouts init"):
        MAKERS[kind](Workspace(None, tmp_path), "mine")


def test_a_new_condition_builds_at_once(home: Path) -> None:
    scaffold.new_condition(opened(home), "low-back", LEAP_DAY)
    library = load_library(opened(home), "en")
    assert [row.status for row in library.labels if row.condition == "low-back"] == ["off"]
    assert {row.condition for row in library.labels} > {"crps"}, "the built-in rows are kept"
    built(home, Selection("low-back"))
    own = (home / "content/conditions/low-back/en.md").read_text("utf-8")
    assert "::: own main-message\n" in own


def test_a_new_condition_says_what_is_true_of_it(home: Path) -> None:
    scaffold.new_condition(opened(home), "low-back", LEAP_DAY)
    for layout, said in (("standard", "off-label"), ("referral", "Off-label.")):
        file = built(home, Selection("low-back", layout=layout))
        heard = "\n".join(transcribe(file.read_bytes()).lines)
        assert said in heard
        assert "groin" not in heard.replace("numb in the groin", "")
        file.unlink()
    rows = home / "content/label.toml"
    rows.write_text(rows.read_text("utf-8").replace('status = "off"', 'status = "on"'), "utf-8")
    with pytest.raises(ContentError, match="section label-status is empty in this handout"):
        built(home, Selection("low-back"))


def test_a_second_condition_keeps_the_label_row_of_the_first(home: Path) -> None:
    scaffold.new_condition(opened(home), "low-back", LEAP_DAY)
    scaffold.new_condition(opened(home), "hip", LEAP_DAY)
    rows = [row.condition for row in load_library(opened(home), "en").labels]
    assert rows[-2:] == ["low-back", "hip"]


def _start(home: str, name: str) -> None:
    scaffold.new_condition(opened(Path(home)), name, LEAP_DAY)


@pytest.mark.skipif(sys.platform == "win32", reason="processes by fork")
def test_conditions_that_are_started_at_once_lose_no_label_row(home: Path) -> None:
    names = [f"new-{number}" for number in range(6)]
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_start, args=(str(home), name)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    rows = [row.condition for row in load_library(opened(home), "en").labels]
    assert sorted(rows[-6:]) == names


def test_a_file_that_is_being_changed_is_waited_for_in_vain(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_LOCK_SECONDS", 0.1)
    before = sorted(home.rglob("*"))
    with output.alone(home), pytest.raises(OutputError, match="by another command"):
        scaffold.new_condition(opened(home), "low-back", LEAP_DAY)
    assert sorted(home.rglob("*")) == before


def test_a_condition_is_started_whole_or_not_at_all(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(home.rglob("*"))

    def full(*_: object) -> None:
        raise OutputError("no space")

    monkeypatch.setattr(output, "write", full)  # the label's row, which comes last
    with pytest.raises(OutputError, match="no space"):
        scaffold.new_condition(opened(home), "low-back", LEAP_DAY)
    assert sorted(home.rglob("*")) == before


BUILT_IN = {"brand": "juniper", "condition": "crps", "layout": "standard", "section": "risks"}


@pytest.mark.parametrize("kind", BUILT_IN)
def test_what_ships_is_not_started_anew(home: Path, kind: str) -> None:
    """A blank would stand in for it: in each handout, if it is a section that protects."""
    before = set(home.rglob("*"))
    with pytest.raises(UsageError, match=f"There is a {kind} “{BUILT_IN[kind]}” already"):
        MAKERS[kind](opened(home), BUILT_IN[kind])
    assert set(home.rglob("*")) == before


def test_a_new_section_is_due_in_a_year(home: Path) -> None:
    scaffold.new_section(opened(home), "my-words", LEAP_DAY)
    front = load_library(opened(home), "en").section("my-words", "crps").front
    assert (front.reviewed, front.review_due) == (LEAP_DAY, date(2029, 2, 28))


def test_a_new_layout_looks_like_the_standard_one(home: Path) -> None:
    scaffold.new_layout(opened(home), "mine")
    built(home, Selection("crps", layout="mine"))


def test_a_new_brand_prints_sample(home: Path) -> None:
    scaffold.new_brand(opened(home), "branch-office")
    assert load_brand(opened(home), "branch-office").sample
    built(home, Selection("crps", brand="branch-office"))
