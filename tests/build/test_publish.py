"""A published folder holds what is approved, and nothing that no longer is."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import date
from functools import partial
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from handouts import approvals, output, scaffold
from handouts.build import Order, build, usual_target
from handouts.errors import (
    BatchError,
    BrandError,
    ContentError,
    HandoutsError,
    LayoutError,
    OutputError,
    Source,
    UsageError,
    WorkspaceError,
)
from handouts.finding.catalogue import read_catalogue
from handouts.library.brand import load_brand
from handouts.model import BuildResult, Selection
from handouts.publish.publishing import publish
from handouts.publish.shared_folder import INDEX, MANIFEST, SharedFolder
from handouts.publish.webpage import Entry, Look, index_page, look_of
from handouts.two_languages import is_bilingual
from handouts.workspace import Workspace, open_workspace
from tests.approving import ANN, approve

pytestmark = pytest.mark.usefixtures("printed_once")

TODAY = date(2026, 11, 21)
#: The layouts beside the standard one.
OTHERS = ("large-print", "one-page", "referral", "trifold")


@pytest.fixture
def with_each_layout(tmp_path: Path) -> Path:
    """A workspace in which one condition is approved, with all layouts that ship."""
    scaffold.init(tmp_path / "clinic")
    set_sample(tmp_path / "clinic", False)
    approve(tmp_path / "clinic", "crps")
    return tmp_path / "clinic"


@pytest.fixture
def with_each_condition(few_layouts: None, with_each_layout: Path) -> Path:
    """The same with few layouts."""
    del few_layouts
    return with_each_layout


@pytest.fixture
def home(few_conditions: None, with_each_condition: Path) -> Path:
    """The same with few layouts and few conditions."""
    del few_conditions
    return with_each_condition


def set_sample(home: Path, sample: bool) -> None:
    """Whether the clinic's brand is one."""
    file = home / "brands/clinic/brand.toml"
    old, new = (f"sample = {str(one).lower()}" for one in (not sample, sample))
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def opened(home: Path) -> Workspace:
    return open_workspace(home, home)


def in_one_language(home: Path) -> list[str]:
    """The layouts of which no other language needs an approval."""
    workspace = opened(home)
    return [one for one in workspace.names("layouts") if not is_bilingual(workspace, one)]


def withdraw(home: Path, condition: str) -> None:
    approvals.revoke(opened(home), condition, "en", ANN)


def pdfs(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.pdf")}


def test_all_layouts_of_what_is_approved(with_each_layout: Path, tmp_path: Path) -> None:
    home = with_each_layout
    entries = publish(opened(home), tmp_path / "desk", TODAY)
    assert pdfs(tmp_path / "desk") == {f"crps.{layout}.en.pdf" for layout in in_one_language(home)}
    page = (tmp_path / "desk" / INDEX).read_text("utf-8")
    for entry in entries:
        assert f'href="{entry.file}"' in page


def test_a_second_time_everything_is_found_unchanged(home: Path, tmp_path: Path) -> None:
    publish(opened(home), tmp_path / "desk", TODAY)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "desk").glob("*.[ph]*")}
    found: list[bool] = []
    publish(opened(home), tmp_path / "desk", TODAY, lambda result: found.append(result.cached))
    assert found
    assert all(found)
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_a_layout_of_words_that_nobody_approved_is_no_failure(
    with_each_layout: Path, tmp_path: Path
) -> None:
    """As a poster, in a clinic that approved its words before there was one."""
    home = with_each_layout
    section = "content/sections/my-notes/en.md"
    outline = opened(home).find("content/outline.toml")
    written = opened(home).find(section)
    assert outline
    assert written
    (home / "content/sections/later").mkdir(parents=True)
    (home / "content/sections/later/en.md").write_text(written.read_text("utf-8"), "utf-8")
    text = outline.read_text("utf-8").replace('others = ["', 'others = ["later", "')
    (home / "content/outline.toml").write_text(text, "utf-8")
    (home / "layouts/later").mkdir(parents=True)
    own = 'extends = "standard"\nkind = "partial"\nsections = ["later"]\nlast_page = []\n'
    (home / "layouts/later/layout.toml").write_text(f'{own}title.en = "Later"\n', "utf-8")
    (home / "layouts/other").mkdir()  # for conditions that are about no treatment
    own = 'extends = "standard"\nsections = ["warning-signs", "who-to-call"]\n'
    (home / "layouts/other/layout.toml").write_text(f'{own}title.en = "Other"\n', "utf-8")
    publish(opened(home), tmp_path / "desk", TODAY)
    assert not any(".later." in one or ".other." in one for one in pdfs(tmp_path / "desk"))
    assert "crps.poster.en.pdf" in pdfs(tmp_path / "desk")


def test_what_is_no_longer_approved_is_taken_out(home: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    approve(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    assert any(name.startswith("groin") for name in pdfs(desk))
    withdraw(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    assert all(name.startswith("crps") for name in pdfs(desk))
    assert "groin" not in (desk / INDEX).read_text("utf-8")


def test_nothing_approved_is_said_and_makes_no_folder_full(home: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    publish(opened(home), desk, TODAY)
    with pytest.raises(ContentError, match="Nothing is approved"):
        publish(opened(home), desk, date(2099, 1, 1))
    assert pdfs(desk) == set()
    assert "On January 1, 2099 no handout is approved" in (desk / INDEX).read_text("utf-8")
    with pytest.raises(ContentError, match="Nothing is approved"):
        publish(opened(home), tmp_path / "new", date(2099, 1, 1))
    assert not (tmp_path / "new").exists(), "nor an empty one"


def test_a_sample_is_not_published_and_does_not_stay(home: Path, tmp_path: Path) -> None:
    """Nobody at a shared folder fills in the numbers that a sample leaves out."""
    desk = tmp_path / "desk"
    publish(opened(home), desk, TODAY)
    set_sample(home, True)
    with pytest.raises(BrandError, match="the brand clinic is a sample") as refused:
        publish(opened(home), desk, TODAY)
    assert "brand.toml" in str(refused.value)
    assert pdfs(desk) == set()
    set_sample(home, False)
    publish(opened(home), desk, TODAY)
    there = pdfs(desk)
    assert there
    (home / "brands/clinic/brand.toml").write_text("nonsense = 1\n")
    with pytest.raises(BrandError, match="nonsense"):
        publish(opened(home), desk, TODAY)
    assert pdfs(desk) == there, "no handout can be made, and these are approved"


def test_a_foreign_file_stays(home: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / INDEX).write_text("my page")
    with pytest.raises(OutputError, match="did not put it there"):
        publish(opened(home), desk, TODAY)
    assert (desk / INDEX).read_text() == "my page"


def test_a_file_that_somebody_changed_is_named_each_time_and_stays(
    home: Path, tmp_path: Path
) -> None:
    desk = tmp_path / "desk"
    publish(opened(home), desk, TODAY)
    changed = desk / "crps.standard.en.pdf"
    changed.write_bytes(b"my notes on it")
    for _ in range(2):
        said: dict[str, bool] = {}
        with pytest.raises(BatchError, match="somebody has changed it since a publish"):
            publish(opened(home), desk, TODAY, on_gone=said.__setitem__)
        assert not said, "it is approved"
    for _ in range(2):
        with pytest.raises(ContentError):
            publish(opened(home), desk, date(2099, 1, 1), on_gone=said.__setitem__)
        assert said.pop(changed.name) is False
    assert changed.read_bytes() == b"my notes on it"


@pytest.mark.parametrize("touched", [(INDEX,), (MANIFEST,), (INDEX, MANIFEST)])
def test_withdrawn_words_go_from_a_folder_that_somebody_touched(
    home: Path, tmp_path: Path, touched: tuple[str, ...]
) -> None:
    desk = tmp_path / "desk"
    approve(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    withdraw(home, "groin-hernia")
    for name in touched:
        (desk / name).write_bytes((desk / name).read_bytes()[:-1])
    before = [(desk / name).read_bytes() for name in touched]
    with pytest.raises(OutputError) as refused:
        publish(opened(home), desk, TODAY)
    assert [Path(str(one.source)).name for one in refused.value.findings] == [*touched][::-1]
    assert before == [(desk / name).read_bytes() for name in touched]
    assert not any("groin" in name for name in pdfs(desk))
    for name in touched:
        (desk / name).unlink()
    publish(opened(home), desk, TODAY)
    assert pdfs(desk) == listed(desk)


def test_withdrawn_words_go_before_anything_is_built_or_said(home: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    approve(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    withdraw(home, "groin-hernia")

    def stop(_: BuildResult) -> None:
        raise Stopped

    said: dict[str, bool] = {}
    with pytest.raises(Stopped):
        publish(opened(home), desk, TODAY, stop, said.__setitem__)
    assert pdfs(desk) == {f"crps.{one}.en.pdf" for one in in_one_language(home)}
    assert len(said) == len(pdfs(desk))


def without_record(home: Path, desk: Path) -> Path:
    """A published folder that lost its record, and of which a handout was then withdrawn."""
    approve(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    withdraw(home, "groin-hernia")
    (desk / MANIFEST).unlink()
    return desk


def test_without_its_record_a_folder_is_known_by_its_page_and_the_seals(
    home: Path, tmp_path: Path
) -> None:
    desk = without_record(home, tmp_path / "desk")
    mine = desk / "letter.pdf"
    mine.write_bytes((desk / "groin-hernia.standard.en.pdf").read_bytes())
    publish(opened(home), desk, TODAY)
    assert pdfs(desk) == {*listed(desk), mine.name}


@pytest.mark.parametrize("lost", ["", "is gone", "is empty"])
@pytest.mark.parametrize("page", ["whole", "gone"])
def test_a_copy_that_somebody_keeps_stays_and_is_named_where_nothing_says_whose_it_is(
    home: Path, tmp_path: Path, lost: str, page: str
) -> None:
    desk = tmp_path / "desk"
    approve(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    withdraw(home, "groin-hernia")
    copy, old = desk / "crps-old.of.2026.pdf", "groin-hernia.standard.en.pdf"
    copy.write_bytes((desk / "crps.standard.en.pdf").read_bytes())
    if lost == "is gone":
        (desk / MANIFEST).unlink()
    elif lost:
        (desk / MANIFEST).write_bytes(b"")
    if page == "gone":
        (desk / INDEX).unlink()
    said: dict[str, bool] = {}
    try:
        publish(opened(home), desk, TODAY, on_gone=said.__setitem__)
        named = set()
    except HandoutsError as problem:
        named = {Path(str(found.source)).name for found in problem.findings}
    assert copy.exists()
    is_forgotten = bool(lost) and page == "gone"
    assert (old in pdfs(desk), said.get(old)) == (is_forgotten, None if is_forgotten else True)
    if lost == "is empty" and is_forgotten:
        assert named == {MANIFEST}, "all of it stays as it is"
    else:
        assert (copy.name in named, old in named) == (bool(lost), is_forgotten)


@pytest.mark.parametrize("stopped", [False, True])
def test_what_nothing_knows_is_named_until_it_is_gone_or_published_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    desk, real = tmp_path / "desk", output.write
    approve(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    withdraw(home, "groin-hernia")
    old = {name for name in pdfs(desk) if name.startswith("groin")}
    edited = desk / "groin-hernia.standard.en.pdf"
    edited.write_bytes(edited.read_bytes() + b"% my notes")
    for name in (INDEX, MANIFEST):
        (desk / name).unlink()

    def write(target: Path, data: bytes) -> None:
        real(target, data)
        if target == desk / MANIFEST:
            raise Stopped

    if stopped:
        with monkeypatch.context() as patch, suppress(Stopped):
            patch.setattr(output, "write", write)
            publish(opened(home), desk, TODAY)

    def named() -> set[str]:
        try:
            publish(opened(home), desk, TODAY)
        except OutputError as problem:
            return {Path(str(found.source)).name for found in problem.findings}
        return set()

    assert named() == named() == named() == old
    edited.unlink()
    assert named() == named() == old - {edited.name}
    for revoked in (home / "content/approvals").glob("groin-hernia.en.0002.json"):
        revoked.unlink()
    assert named() == set()
    withdraw(home, "groin-hernia")
    assert named() == set()
    assert pdfs(desk) == listed(desk), "they were known again"


def test_without_its_record_a_changed_file_of_the_page_is_named_each_time(
    home: Path, tmp_path: Path
) -> None:
    desk = without_record(home, tmp_path / "desk")
    edited = desk / "groin-hernia.standard.en.pdf"
    edited.write_bytes(edited.read_bytes() + b"% my notes")
    for _ in range(2):
        said: dict[str, bool] = {}
        publish(opened(home), desk, TODAY, on_gone=said.__setitem__)
        assert said[edited.name] is False
    assert edited.read_bytes().endswith(b"% my notes")


def test_what_another_has_put_there_in_the_meantime_is_replaced(home: Path, tmp_path: Path) -> None:
    desk, made = tmp_path / "desk", tmp_path / "crps.standard.en.pdf"
    target = SharedFolder(desk)
    publish(opened(home), desk, TODAY)
    made.write_bytes(b"another edition")
    target.take(made, sha256(made.read_bytes()).hexdigest())
    target.fill(lambda _: "", lambda _: set())
    assert (desk / made.name).read_bytes() == b"another edition"
    assert not target.stuck


def fail_to_build(home: Path, _: pytest.MonkeyPatch) -> None:
    (home / "layouts/mine").mkdir()
    (home / "layouts/mine/layout.toml").write_text("x = = 1")


def fail_to_write(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = output.write

    def full(target: Path, data: bytes) -> None:
        if target.parent.name == "desk":
            raise OutputError("there is no space on the disk.")
        real(target, data)

    monkeypatch.setattr(output, "write", full)


def fail_to_remove(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def remove(path: Path) -> None:
        if path.name == "groin-hernia.large-print.en.pdf":
            raise OutputError("is open in another program.", Source(str(path)))
        path.unlink()

    monkeypatch.setattr(output, "remove", remove)


def fail_to_change(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_to_write(home, monkeypatch)
    fail_to_remove(home, monkeypatch)


FAILURES = (None, fail_to_build, fail_to_write, fail_to_remove, fail_to_change)


@pytest.mark.parametrize("fail", FAILURES)
def test_withdrawn_words_go_whatever_else_fails_and_that_is_told(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fail: Callable[[Path, pytest.MonkeyPatch], None] | None,
) -> None:
    desk = tmp_path / "desk"
    approve(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    (desk / "groin-hernia.standard.en.pdf").write_bytes(b"my notes on it")
    there = {name for name in pdfs(desk) if "groin" in name}
    withdraw(home, "groin-hernia")
    said: dict[str, bool] = {}
    with monkeypatch.context() as patch:
        if fail:
            fail(home, patch)
        with pytest.raises((BatchError, OutputError)) if fail else nullcontext() as problem:
            publish(opened(home), desk, TODAY, on_gone=said.__setitem__)
    is_stuck = fail in (fail_to_remove, fail_to_change)
    stuck = {"groin-hernia.large-print.en.pdf"} if is_stuck else set()
    assert all(name in str(problem and problem.value) for name in stuck)
    assert said.pop("groin-hernia.standard.en.pdf") is False
    assert len(there) > len(stuck) + 1
    assert said == dict.fromkeys(there - stuck - {"groin-hernia.standard.en.pdf"}, True)
    with suppress(BatchError):
        publish(opened(home), desk, TODAY)
    assert {name for name in pdfs(desk) if "groin" in name} == {"groin-hernia.standard.en.pdf"}


def test_the_page_leads_to_nothing_that_could_not_be_written(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first PDF, in large print, finds no space."""
    desk, full = tmp_path / "desk", list[int]()

    def fsync(handle: int, sync: Callable[[int], None] = os.fsync) -> None:
        if not full and os.fstat(handle).st_size > 50_000 and (desk / MANIFEST).exists():
            full.append(handle)
            raise OSError(errno.ENOSPC, "full")
        sync(handle)

    broken = home / "layouts/referral/layout.toml"
    broken.parent.mkdir()
    broken.write_text("[page")
    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OutputError, match=r"no space(?s:.*)the layout referral"):
        publish(opened(home), desk, TODAY)
    written = {"crps.standard.en.pdf"}
    assert pdfs(desk) == written
    assert {*re.findall('href="(.*pdf)"', (desk / INDEX).read_text())} == written


@pytest.mark.parametrize("inside", ["content", "layouts/mine", "brands/clinic"])
def test_nothing_is_published_among_the_files_it_is_made_from(home: Path, inside: str) -> None:
    with pytest.raises(OutputError, match="made from"):
        publish(opened(home), home / inside, TODAY)
    assert not list(home.rglob(INDEX))


def test_a_name_in_the_manifest_does_not_reach_outside(home: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    publish(opened(home), desk, TODAY)
    precious = tmp_path / "precious.pdf"
    precious.write_bytes((desk / "crps.standard.en.pdf").read_bytes())
    (desk / "notes.txt").write_text("mine")
    data = json.loads((desk / MANIFEST).read_text())
    for name in ("../precious.pdf", "..", ".", "", "a\0.pdf"):
        data["files"][name] = data["files"]["crps.standard.en.pdf"]
    data["files"]["notes.txt"] = sha256(b"mine").hexdigest()
    (desk / MANIFEST).write_text(json.dumps(data))
    publish(opened(home), desk, TODAY)
    assert precious.exists()
    assert (desk / "notes.txt").exists(), "nothing that a publish makes has this name"


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_what_took_the_place_of_a_pdf_that_is_gone_stays(
    with_each_layout: Path, tmp_path: Path
) -> None:
    home, desk = with_each_layout, tmp_path / "desk"
    approve(home, "groin-hernia")
    publish(opened(home), desk, TODAY)
    withdraw(home, "groin-hernia")
    names = [f"groin-hernia.{layout}.en.pdf" for layout in ("large-print", "referral", "standard")]
    for name in names:
        (desk / name).unlink()
    for layout in ("one-page", "trifold"):
        (desk / f"groin-hernia.{layout}.en.pdf").unlink()
    (desk / names[0]).mkdir()
    (desk / names[1]).symlink_to(tmp_path / "elsewhere")
    (desk / names[2]).touch()
    others = {name for name in pdfs(desk) if "groin" in name} - {*names}
    said: dict[str, bool] = {}
    publish(opened(home), desk, TODAY, on_gone=said.__setitem__)
    assert said == {**dict.fromkeys(names, False), **dict.fromkeys(others, True)}
    assert all(os.path.lexists(desk / name) for name in names)


def test_an_empty_page_of_somebody_else_stays(home: Path, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / INDEX).touch()
    with pytest.raises(OutputError, match="did not put it there"):
        publish(opened(home), desk, TODAY)


@pytest.mark.parametrize("name", [INDEX, MANIFEST, "crps.standard.en.pdf"])
def test_a_folder_is_filled_by_one_at_a_time(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The other one waits, here for a moment."""
    desk, real = tmp_path / "desk", output.write
    approve(home, "groin-hernia")
    said: list[str] = []

    def write(target: Path, data: bytes) -> None:
        if target == desk / name and not said:
            with pytest.raises(OutputError) as problem:
                publish(opened(home), desk, LATER)
            said.append(str(problem.value))
        real(target, data)

    monkeypatch.setattr(output, "_LOCK_SECONDS", 0.1)
    monkeypatch.setattr(output, "write", write)
    publish(opened(home), desk, TODAY)
    assert "another command" in said[0]
    assert pdfs(desk) == listed(desk)


@pytest.mark.parametrize("text", ["{", "[]", '{"files": 3}', "{}"])
def test_a_damaged_manifest_is_not_guessed_at(home: Path, tmp_path: Path, text: str) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / MANIFEST).write_text(text)
    with pytest.raises(UsageError, match="earlier publish"):
        publish(opened(home), desk, TODAY)


def test_one_failure_does_not_stop_the_others(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handouts.publish import publishing as module

    def failing(workspace: Workspace, order: Order) -> BuildResult:
        if order.selection.layout == "large-print":
            raise LayoutError("made up")
        return build(workspace, order)

    monkeypatch.setattr(module, "build", failing)
    with pytest.raises(BatchError, match="crps, large-print, en: made up"):
        publish(opened(home), tmp_path / "desk", TODAY)
    assert "crps.standard.en.pdf" in pdfs(tmp_path / "desk")


def break_values(home: Path) -> None:
    (home / "content/values.local.toml").write_text("x = = 1")


def break_layout(home: Path) -> None:
    (home / "layouts/mine").mkdir()
    (home / "layouts/mine/layout.toml").write_text("x = = 1")


def break_record(home: Path) -> None:
    (home / "content/approvals/knee-replacement.en.0001.json").write_text("{")


def break_language(home: Path) -> None:
    (home / "content/interface").mkdir()
    (home / "content/interface/en.toml").write_text("x = = 1")


@pytest.mark.parametrize(
    ("broken", "named", "stay"),
    [
        (break_values, "", {"crps", "knee-replacement"}),
        (break_layout, "the layout mine: .*layout.toml:1", {"crps", "knee-replacement"}),
        (break_record, "knee-replacement, en: .*0001.json", {"crps"}),
        (break_language, "", {"crps", "knee-replacement"}),
    ],
)
def test_what_was_taken_back_is_taken_out_whatever_is_broken(
    with_each_condition: Path,
    tmp_path: Path,
    broken: Callable[[Path], None],
    named: str,
    stay: set[str],
) -> None:
    home, desk = with_each_condition, tmp_path / "desk"
    for name in ("groin-hernia", "knee-replacement"):
        approve(home, name)
    publish(opened(home), desk, TODAY)
    withdraw(home, "groin-hernia")
    broken(home)
    with pytest.raises(BatchError, match=named) if named else nullcontext():
        publish(opened(home), desk, TODAY)
    assert {name.partition(".")[0] for name in pdfs(desk)} == stay
    assert pdfs(desk) == listed(desk)


def test_words_withdrawn_by_a_file_with_mistakes_are_taken_out(home: Path, tmp_path: Path) -> None:
    publish(opened(home), tmp_path / "desk", TODAY)
    (home / "content/values.local.toml").write_text('[lifting_limit]\nsafety "too high"\n')
    with pytest.raises(BatchError, match=r"crps, en: The words .* were withdrawn"):
        publish(opened(home), tmp_path / "desk", TODAY)
    assert pdfs(tmp_path / "desk") == set()


# --- Stopped, failed, two at once ----------------------------------------------------------

LATER = date(2026, 12, 24)


class Stopped(BaseException):
    """The process ends here."""


def listed(folder: Path) -> set[str]:
    """The PDFs to which the index page leads."""
    seen = read((folder / INDEX).read_text("utf-8")).seen
    return {str(attrs["href"]) for tag, attrs in seen if tag == "a"}


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("writes", range(6))
def test_a_publish_that_was_stopped_is_mended_by_the_next(
    with_each_condition: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    writes: int,
    again: bool,
) -> None:
    """Whichever of the manifest, three PDFs, the index and the manifest was the last."""
    home, desk = with_each_condition, tmp_path / "desk"
    approve(home, "groin-hernia")
    if again:
        publish(opened(home), desk, TODAY)
        (home / "brands/clinic/note.txt").write_text("all is built anew")
    withdraw(home, "crps")
    left = [writes]
    real = output.write

    def write(target: Path, data: bytes) -> None:
        if target.parent == desk:
            if left[0] == 0:
                raise Stopped
            left[0] -= 1
        real(target, data)

    with monkeypatch.context() as patch:
        patch.setattr(output, "write", write)
        with suppress(Stopped):
            publish(opened(home), desk, TODAY)
    approve(home, "knee-replacement")
    withdraw(home, "groin-hernia")
    entries = publish(opened(home), desk, LATER)
    assert pdfs(desk) == listed(desk) == {entry.file for entry in entries}
    assert {entry.file.partition(".")[0] for entry in entries} == {"knee-replacement"}
    assert {path.name for path in desk.iterdir()} == pdfs(desk) | {INDEX, MANIFEST}


@pytest.mark.parametrize("name", [INDEX, MANIFEST, "crps.standard.en.pdf"])
def test_two_at_once_leave_a_folder_that_the_next_one_mends(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The other one begins and ends just before ``name`` is written, on another day, on a drive
    where no process can keep others out.
    """
    desk = tmp_path / "desk"
    real = output.write
    others: list[Path] = []
    no_locks = partial(os.open, os.devnull, os.O_RDONLY)
    monkeypatch.setattr(output, "lock", lambda _: no_locks())

    def write(target: Path, data: bytes) -> None:
        if target == desk / name and not others:
            others.append(target)
            approve(home, "groin-hernia")
            publish(opened(home), desk, LATER)
        real(target, data)

    with monkeypatch.context() as patch:
        patch.setattr(output, "write", write)
        publish(opened(home), desk, TODAY)
    publish(opened(home), desk, TODAY)
    assert pdfs(desk) == listed(desk)
    withdraw(home, "groin-hernia")
    publish(opened(home), desk, LATER)
    assert pdfs(desk) == listed(desk)
    assert all(file.startswith("crps") for file in pdfs(desk))


@pytest.mark.parametrize("other", [False, True])
def test_words_that_are_taken_back_while_it_builds_are_not_published(
    home: Path, tmp_path: Path, other: bool
) -> None:
    """And another publish, which took them out meanwhile, stays right."""
    desk = tmp_path / "desk"
    approve(home, "groin-hernia")
    built: list[str] = []

    def take_back(result: BuildResult) -> None:
        built.append(result.condition)
        if built[-2:] == ["crps", "groin-hernia"]:  # all of the first are built
            withdraw(home, "crps")
            if other:
                publish(opened(home), desk, TODAY)

    with pytest.raises(
        BatchError, match=r"crps, en: its words were taken back.* Publish once more"
    ):
        publish(opened(home), desk, TODAY, take_back)
    assert built.count("crps") > 0
    assert pdfs(desk) == listed(desk)
    assert {file.partition(".")[0] for file in pdfs(desk)} == {"groin-hernia"}


def test_a_picture_too_narrow_for_approved_words_names_no_place_of_theirs(
    with_each_layout: Path,
) -> None:
    own = with_each_layout / "layouts/own/layout.toml"
    own.parent.mkdir(parents=True)
    own.write_text('extends = "booklet"\ntitle.en = "Own"\nscale = 1.1\n', "utf-8")
    workspace = opened(with_each_layout)
    selection = Selection("crps", layout="own")
    with pytest.raises(LayoutError, match=r"too few for its words\. Leave it more room") as raised:
        build(workspace, Order(selection, usual_target(workspace, selection), TODAY))
    assert "built in" not in str(raised.value)


def test_a_language_of_the_workspace_that_is_not_there_takes_nothing_out(
    home: Path, tmp_path: Path
) -> None:
    desk = tmp_path / "desk"
    publish(opened(home), desk, TODAY)
    before = {path.name for path in desk.iterdir()}
    settings = home / "handouts.toml"
    settings.write_text(re.sub('lang = "en"', 'lang = "fr"', settings.read_text("utf-8")), "utf-8")
    with pytest.raises(WorkspaceError, match=r"handouts\.toml:[0-9]+: there is no language “fr”"):
        publish(opened(home), desk, TODAY)
    assert {path.name for path in desk.iterdir()} == before


def test_a_number_that_changes_while_it_builds_is_not_published_beside_the_old_one(
    home: Path, tmp_path: Path
) -> None:
    desk = tmp_path / "desk"
    publish(opened(home), desk, TODAY)
    before = {path.name: path.read_bytes() for path in desk.iterdir()}
    (brand,) = home.glob("brands/*/brand.toml")

    words = brand.read_text("utf-8")

    def edit(_: BuildResult) -> None:
        brand.write_text(f"{words}\n", "utf-8")

    def edit_and_take_back(_: BuildResult) -> None:
        brand.write_text(f"{words}\n", "utf-8")
        brand.write_text(words, "utf-8")

    for change in (edit_and_take_back, edit):
        with pytest.raises(OutputError, match=r"files changed while .*Publish once more"):
            publish(opened(home), desk, TODAY, change)
    assert {path.name: path.read_bytes() for path in desk.iterdir()} == before


def test_the_page_says_when_words_were_approved(home: Path, tmp_path: Path) -> None:
    publish(opened(home), tmp_path / "desk", LATER)
    page = (tmp_path / "desk" / INDEX).read_text("utf-8")
    assert "Approved on November 21, 2026" in page


@pytest.mark.parametrize("fails", ["all builds", "the disk"])
def test_a_failed_publish_leaves_no_empty_folder(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    from handouts.publish import publishing as module

    def failing(*_: object) -> BuildResult:
        raise LayoutError("made up")

    def full(path: Path, *_: object) -> None:
        if "desk" in path.parts:
            raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(module, "build", failing if fails == "all builds" else build)
    if fails == "the disk":
        monkeypatch.setattr(output, "_write_through", full)
    with pytest.raises((BatchError, OutputError)):
        publish(opened(home), tmp_path / "new" / "desk", TODAY)
    assert not (tmp_path / "new").exists()


# --- The page -----------------------------------------------------------------------------

KNEE = Entry(
    condition="knee-replacement",
    layout="large-print",
    file="knee-replacement.large-print.es.pdf",
    title='Rodilla <b> & "x"',
    short_name="Rodilla </script>",
    body_part="Rodilla",
    lang="es",
    language="Español",
    sizes={"en": "Large print", "es": "Letra grande"},
    for_physician=False,
    on_label=False,
    pages=7,
    duplex=True,
    sheet="whole",
    approved=date(2026, 10, 7),
    until=date(2027, 1, 1),
)


def page_of(*entries: Entry, lang: str = "en") -> str:
    workspace = Workspace(None, Path("output"), default_lang=lang)
    return index_page(workspace, entries, read_catalogue(workspace, TODAY), Look())


class Reader(HTMLParser):
    """Collects elements; knows which must be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "input", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


def test_the_page_is_well_formed_and_says_what_a_desk_needs() -> None:
    page = read(page_of(KNEE))
    text = " ".join(page.text)
    for said in ("Rodilla", "Español", "Large print", "Letra grande", "7 pages", "4 hojas"):
        assert said in text
    for day in ("October 7, 2026", "January 1, 2027", "1 de enero de 2027"):
        assert day in text
    assert KNEE.title in text
    assert "doctor’s order" in text
    assert "long edge" in text


def test_the_page_needs_no_server_and_nothing_else() -> None:
    page = read(page_of(KNEE))
    tags = [tag for tag, _ in page.seen]
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert "link" not in tags
    fetched = [value for _, attrs in page.seen for key, value in attrs.items() if key == "src"]
    assert fetched == []
    assert not [attrs for _, attrs in page.seen if "style" in attrs or "onclick" in attrs]
    (link,) = (attrs for tag, attrs in page.seen if tag == "a")
    assert (link["hreflang"], link["href"]) == ("es", KNEE.file)
    (policy,) = (attrs["content"] for _, attrs in page.seen if "http-equiv" in attrs)
    assert policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize(("workspace_lang", "spoken"), [("en", "en"), ("es", "es"), ("fr", "en")])
def test_the_page_speaks_the_workspaces_language(workspace_lang: str, spoken: str) -> None:
    page = read(page_of(KNEE, lang=workspace_lang))
    assert ("html", {"lang": spoken}) in page.seen
    assert {"en": "Patient handouts", "es": "Folletos para pacientes"}[spoken] in page.text


def test_sheets_are_counted_as_the_layout_is_printed() -> None:
    assert [replace(KNEE, pages=pages).sheets for pages in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert replace(KNEE, duplex=False).sheets == 7
    assert replace(KNEE, sheet="half", pages=16).sheets == 4


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"sheet": "whole-landscape", "pages": 2}, "Flip it on the short edge"),
        ({"sheet": "half", "pages": 16}, "Print it as a booklet: “Booklet”"),
        ({"sheet": "double", "pages": 1, "duplex": False}, "Print it on one side"),
    ],
)
def test_what_is_printed_in_another_way_than_most_says_how(
    changes: dict[str, Any], said: str
) -> None:
    page = page_of(replace(KNEE, **changes))
    told = [one for one in ("Flip it", "Print it as", "Print it on one") if one in page]
    assert told == [
        one
        for one in ("Flip it", "Print it as", "Print it on one")
        if said[:7] and said.startswith(one)
    ]
    assert said in page


def test_words_of_another_language_say_so() -> None:
    """A screen reader speaks a Spanish name in Spanish, whatever the page speaks."""
    page = read(page_of(KNEE))
    spans = [attrs for tag, attrs in page.seen if tag == "span" and "data-in" in attrs]
    assert {"data-in": "en", "lang": "es"} in spans
    assert ("h4", {"lang": "es"}) in page.seen


def test_a_colleagues_sheet_is_named_as_such_and_stands_last() -> None:
    usual = replace(KNEE, layout="standard", file="knee-replacement.standard.es.pdf")
    doctors = replace(KNEE, layout="a", for_physician=True, file="knee-replacement.a.es.pdf")
    page = page_of(doctors, KNEE, usual)
    assert "For a colleague" in page
    files = re.findall('href="(.*?)"', page)
    assert files == [usual.file, KNEE.file, doctors.file]


def test_the_page_knows_of_other_handouts_nothing_but_codes() -> None:
    page = page_of(KNEE)
    assert "M25.561" in page
    assert "G90.521" in page
    for absent in ("CRPS of", "groin", "hernia repair", "Complex regional", "Sudeck"):
        assert absent.lower() not in page.lower()


@pytest.mark.parametrize("brand", ["juniper", "lakeside"])
def test_the_clinics_name_logo_and_colours(brand: str) -> None:
    workspace = Workspace(None, Path("output"))
    look = look_of(load_brand(workspace, brand))
    page = index_page(workspace, (KNEE,), read_catalogue(workspace, TODAY), look)
    assert look.clinic in page
    assert look.colours["primary"] in page
    kind = {"juniper": "svg+xml", "lakeside": "png"}[brand]
    assert f'<img src="data:image/{kind};base64,' in page


def test_withdrawn_words_in_a_folder_that_nobody_may_change_are_named(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(_: Path) -> None:
        raise PermissionError(errno.EROFS, "read-only")

    desk = tmp_path / "desk"
    publish(opened(home), desk, TODAY)
    withdraw(home, "crps")
    monkeypatch.setattr(output, "lock", read_only)
    with pytest.raises(OutputError, match="you may not write here") as problem:
        publish(opened(home), desk, TODAY)
    said = [str(finding) for finding in problem.value.findings[1:]]
    assert said == [
        f"{desk / name}: is still there, and no longer belongs there. Take it out."
        for name in sorted(pdfs(desk))
    ]
    assert said
