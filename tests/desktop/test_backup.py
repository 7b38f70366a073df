"""A backup brings back a clinic's folder: approved, printable byte for byte, or not at all."""

from __future__ import annotations

import json
import os
import stat
import time
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts import output, scaffold
from handouts.approvals.reprinting import reprint
from handouts.build import Order, build, usual_target
from handouts.cli.app import app
from handouts.desktop import backup
from handouts.desktop.backup import MANIFEST, back_up, restore
from handouts.errors import HandoutsError, OutputError, WorkspaceError
from handouts.model import Selection
from handouts.workspace import open_workspace
from tests.approving import TODAY, approve

RISKS = "content/sections/risks/en.md"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, bytes]:
    """A workspace with approved words, and an edition of them that was printed."""
    home = tmp_path_factory.mktemp("backup") / "clinic"
    scaffold.init(home)
    (home / RISKS).parent.mkdir(parents=True)
    (home / RISKS).write_bytes(open_workspace(None, home).files[RISKS].path.read_bytes())
    approve(home)
    workspace = open_workspace(home, home)
    target = usual_target(workspace, Selection("crps"))
    result = build(workspace, Order(Selection("crps"), target, TODAY, require_approved=True))
    (home / "notes.txt").write_text("of somebody", "utf-8")
    return home, result.edition, target.read_bytes()


@pytest.fixture(scope="module")
def saved(clinic: tuple[Path, str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("saved") / "clinic.zip"
    back_up(open_workspace(clinic[0], clinic[0]), file, force=False)
    return file


def test_what_was_printed_is_printed_again_byte_for_byte(
    clinic: tuple[Path, str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, edition, pdf = clinic
    run = CliRunner().invoke
    monkeypatch.chdir(tmp_path)
    made = run(app, ["--workspace", str(home), "backup", "a.zip"])
    assert made.exit_code == 0, made.output
    assert made.output.splitlines() == ["6 files, 1 decision, 1 edition.", "a.zip"]
    assert run(app, ["--workspace", str(home), "backup", "a.zip"]).exit_code == 7
    assert run(app, ["--workspace", str(home), "backup", "b.zip"]).exit_code == 0
    assert Path("a.zip").read_bytes() == Path("b.zip").read_bytes()
    done = run(app, ["restore", "a.zip", "again"])
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "again"), done.output
    again = Path("again").absolute()
    kept = {one.relative_to(again).as_posix() for one in again.rglob("*") if one.is_file()}
    assert kept < {one.relative_to(home).as_posix() for one in home.rglob("*") if one.is_file()}
    assert not {name for name in kept if name.startswith("output") or name == "notes.txt"}
    assert all((again / name).read_bytes() == (home / name).read_bytes() for name in kept)
    status = [
        run(app, ["--workspace", str(one), "status", "--json"]).output for one in (home, again)
    ]
    assert status[0].replace(str(home), "") == status[1].replace(str(again), "")
    assert '"approved"' in status[0]
    printed = reprint(open_workspace(again, again), edition, tmp_path / "again.pdf", TODAY)
    assert printed.same
    assert (tmp_path / "again.pdf").read_bytes() == pdf
    assert run(app, ["restore", "a.zip", "again"]).exit_code == 7


def test_a_file_of_any_size_is_whole_and_as_private_as_the_backup(tmp_path: Path) -> None:
    home, file, again = tmp_path / "clinic", tmp_path / "a.zip", tmp_path / "again"
    scaffold.init(home)
    large, size = home / "brands/clinic/poster.tif", 100_000_010
    with large.open("wb") as picture:
        picture.truncate(size - 3)
        picture.seek(size - 3)
        picture.write(b"end")
    back_up(open_workspace(home, home), file, force=False)
    file.chmod(0o600)
    for days, name in ((1, ".again.0123456789abcdef.tmp"), (0, ".again.0123456789abcde0.tmp")):
        (tmp_path / name / "content").mkdir(parents=True)  # of a restore that was killed
        os.utime(tmp_path / name, (time.time() - days * 86_400,) * 2)
    restore(file, again)
    with (again / "brands/clinic/poster.tif").open("rb") as picture:
        assert picture.seek(-3, os.SEEK_END) == size - 3
        assert picture.read() == b"end"
    modes = {one.stat().st_mode & 0o777 for one in again.rglob("*") if one.is_file()}
    assert modes == {0o600} or os.name == "nt"
    assert [one.name for one in tmp_path.glob(".again*")] == [".again.0123456789abcde0.tmp"]


def packed(file: Path, change: Callable[[dict[str, bytes]], object], to: Path) -> Path:
    """The backup with other entries, and a list that fits them."""
    with zipfile.ZipFile(file) as old:
        files = {one: old.read(one) for one in old.namelist()}
    contents = json.loads(files.pop(MANIFEST))
    change(files)
    contents["files"] = {name: sha256(data).hexdigest() for name, data in files.items()}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr(MANIFEST, json.dumps(contents))
        for name, data in files.items():
            new.writestr(name, data)
    return to


@pytest.mark.parametrize(
    "name",
    [
        *("../out.toml", "content/../../out.toml", "/etc/out.toml", "content//a", "content/"),
        *("content\\..\\..\\out", "C:/out", "content/a:b", "content/nul.toml", "content/a."),
        *("notes.txt", "output/a.pdf", ".lock", "content/.a", "brands/a\nb", "content"),
        "CONTENT/VALUES.TOML/..",
    ],
)
def test_no_name_leaves_the_folder(saved: Path, tmp_path: Path, name: str) -> None:
    bad = packed(saved, lambda files: files.update({name: b"x"}), tmp_path / "bad.zip")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WorkspaceError, match=r"is no whole backup: .* Nothing was restored"):
        restore(bad, tmp_path / "deep/new")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_a_bomb_and_a_changed_word_are_refused(saved: Path, tmp_path: Path) -> None:
    def refused(file: Path, why: str) -> None:
        with pytest.raises(WorkspaceError, match=why):
            restore(file, tmp_path / "new")
        assert not (tmp_path / "new").exists()

    twice = {"content/a.md": b"x", "content/A.md": b"y"}
    refused(packed(saved, lambda files: files.update(twice), tmp_path / "1.zip"), "twice")
    refused(packed(saved, lambda files: files.pop("handouts.toml"), tmp_path / "2.zip"), "hold")
    with zipfile.ZipFile(saved) as old:
        entries = [(one, old.read(one)) for one in old.infolist()]
    for name, why, kind, packing in (
        ("link.zip", "link or a folder", stat.S_IFLNK, zipfile.ZIP_DEFLATED),
        ("anew.zip", "packed it anew", stat.S_IFREG, zipfile.ZIP_BZIP2),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as new:
            for one, data in entries:
                entry = zipfile.ZipInfo(one.filename)
                if one.filename == RISKS:
                    entry.external_attr, entry.compress_type = kind << 16, packing
                new.writestr(entry, data)
        refused(tmp_path / name, why)
    with zipfile.ZipFile(tmp_path / "words.zip", "w") as new:
        for one, data in entries:
            new.writestr(one.filename, data + b" " * (one.filename == RISKS))
    refused(tmp_path / "words.zip", f"{RISKS} is not as it was")


def test_what_would_fill_the_disk_is_refused(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = packed(saved, lambda files: files.update({"brands/a": bytes(90_000)}), tmp_path / "b")
    monkeypatch.setattr(backup, "MOST_BYTES", 85_000)
    assert bomb.stat().st_size < backup.MOST_BYTES
    with pytest.raises(WorkspaceError, match="would fill more than"):
        restore(bomb, tmp_path / "new")


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_file_is_refused_and_nothing_is_left(
    saved: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder, whole = tmp_path_factory.mktemp("damaged"), bytearray(saved.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    (folder / "a.zip").write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        restore(folder / "a.zip", folder / "new")
    except WorkspaceError:
        assert os.listdir(folder) == ["a.zip"]
    else:  # a time or a mark that nobody reads
        restore(saved, folder / "whole")
        for one in (folder / "whole").rglob("*.*"):
            copy = folder / "new" / one.relative_to(folder / "whole")
            assert one.is_dir() or copy.read_bytes() == one.read_bytes()


def test_a_full_disk_leaves_nothing(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, count = output.write, 0

    def full(target: Path, data: bytes, mode: int) -> None:
        nonlocal count
        count += 1
        if count == 4:
            raise OutputError("there is no space")
        real(target, data, mode)

    monkeypatch.setattr(output, "write", full)
    with pytest.raises(OutputError, match="no space"):
        restore(saved, tmp_path / "deep/new")
    assert not list(tmp_path.iterdir())


def test_it_is_of_one_moment_whoever_writes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves two files that belong together while the first was read, not the second."""
    home, real = tmp_path / "clinic", backup._bytes
    scaffold.init(home)
    both = [home / f"content/sections/{name}/en.md" for name in ("a", "b")]
    for one in both:
        one.parent.mkdir(parents=True)
        one.write_bytes(b"old")
    saves = ["a", "b"]

    def read(path: Path) -> bytes:
        data = real(path)
        if path in both and saves:
            saves.clear()
            for one in both:
                one.write_bytes(b"newer")
        return data

    monkeypatch.setattr(backup, "_bytes", read)
    back_up(open_workspace(home, home), tmp_path / "a.zip", force=False)
    restore(tmp_path / "a.zip", tmp_path / "again")
    said = {(tmp_path / "again" / one.relative_to(home)).read_bytes() for one in both}
    assert said == {b"newer"}
    monkeypatch.setattr(output, "_LOCK_SECONDS", 0.1)
    with output.alone(home), pytest.raises(OutputError, match="by another command"):
        back_up(open_workspace(home, home), tmp_path / "b.zip", force=False)


def test_what_could_not_be_restored_is_not_backed_up(tmp_path: Path) -> None:
    home = tmp_path / "clinic"
    scaffold.init(home)
    odd = home / "content/a?.md"
    odd.write_bytes(b"")
    (home / "brands/link").symlink_to(home)
    for why in ("is a link", "on every computer"):
        with pytest.raises(HandoutsError, match=why):
            back_up(open_workspace(home, home), tmp_path / "a.zip", force=False)
        (home / "brands/link").unlink(missing_ok=True)
    assert not (tmp_path / "a.zip").exists()
    odd.unlink()
    with pytest.raises(OutputError, match="among the files"):
        back_up(open_workspace(home, home), home / "content/a.zip", force=False)
