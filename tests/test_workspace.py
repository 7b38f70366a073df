"""Which file is in force: a workspace's over the built-in twin, file by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.errors import OutputError, WorkspaceError
from handouts.workspace import open_workspace


def make(root: Path, marker: str = "schema = 1\n") -> Path:
    (root / "content").mkdir(parents=True)
    (root / "handouts.toml").write_text(marker, encoding="utf-8")
    return root


def test_a_workspace_file_replaces_its_builtin_twin(tmp_path: Path) -> None:
    root = make(tmp_path / "clinic")
    (root / "content" / "values.toml").write_text("", encoding="utf-8")
    (root / "content" / "extra.toml").write_text("", encoding="utf-8")
    workspace = open_workspace(root, tmp_path)
    values = workspace.files["content/values.toml"]
    assert (values.builtin, values.replaces) == (False, True)
    assert not workspace.files["content/extra.toml"].replaces
    assert workspace.files["content/evidence.toml"].builtin
    assert workspace.find("content/values.toml") == root / "content" / "values.toml"
    assert workspace.find("../../etc/passwd") is None


def test_the_nearest_workspace_upwards_is_found(tmp_path: Path) -> None:
    root = make(tmp_path / "clinic", 'schema = 1\nbrand = "ours"\npaper = "a4"\noutput = "out"\n')
    below = root / "content" / "deep"
    below.mkdir()
    workspace = open_workspace(None, below)
    assert (workspace.root, workspace.default_brand, workspace.default_paper) == (
        root,
        "ours",
        "a4",
    )
    assert workspace.output == root / "out"
    assert open_workspace(None, tmp_path).root is None


def test_hidden_files_are_not_in_force_and_links_are_refused(tmp_path: Path) -> None:
    root = make(tmp_path / "clinic")
    (root / "content" / ".hidden.md").write_text("", encoding="utf-8")
    mine = [file.name for file in open_workspace(root, tmp_path).files.values() if not file.builtin]
    assert mine == []
    for link in (root / "content" / "link.md", root / "layouts"):
        link.symlink_to(tmp_path)
        with pytest.raises(WorkspaceError, match=f"{link}: is a link; no words are read"):
            _ = open_workspace(root, tmp_path).files
        link.unlink()


def test_names_are_the_folders_below() -> None:
    names = open_workspace(None, Path("/")).names("content/sections")
    assert "risks" in names
    assert names == tuple(sorted(names))


@pytest.mark.parametrize(
    ("marker", "says"),
    [
        ("schema = 2\n", "schema is 2"),
        ("schema = 1\nbrnd = 'x'\n", "Did you mean brand"),
        ("schema = 1\npaper = 'a5'\n", r"toml:2: paper: .*letter"),
    ],
)
def test_a_wrong_marker_is_refused(tmp_path: Path, marker: str, says: str) -> None:
    with pytest.raises(WorkspaceError, match=says):
        open_workspace(make(tmp_path / "clinic", marker), tmp_path)


def test_a_folder_without_marker_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="handouts init"):
        open_workspace(tmp_path, tmp_path)


OUTSIDE = ["../..", "..", ".", "", "/elsewhere/x", "out/../../x"]
TAKEN = ["content", "Content/pdf", "layouts/../brands", "editions", "handouts.toml"]


@pytest.mark.parametrize("given", [*OUTSIDE, *TAKEN])
def test_the_output_folder_is_one_of_its_own(tmp_path: Path, given: str) -> None:
    root = make(tmp_path / "clinic", f'schema = 1\n\noutput = "{given}"\n')
    with pytest.raises(WorkspaceError, match=r"toml:3: output must be a folder of its own"):
        open_workspace(root, tmp_path)


def test_an_output_folder_may_lie_deeper(tmp_path: Path) -> None:
    root = make(tmp_path / "clinic", 'schema = 1\noutput = "Printed/Our handouts"\n')
    assert open_workspace(root, tmp_path).output == root / "Printed" / "Our handouts"


@pytest.mark.parametrize("name", ["handouts.toml", "editions/ab.json", "content/new/x.pdf"])
def test_what_handouts_are_made_from_is_no_place_for_results(tmp_path: Path, name: str) -> None:
    root = make(tmp_path / "clinic")
    (tmp_path / "hard").hardlink_to(root / "handouts.toml")
    (tmp_path / "link").symlink_to(root / "content")
    for target in (root / name, tmp_path / "hard", tmp_path / "link" / "deep" / "x.pdf"):
        with pytest.raises(OutputError, match="made from"):
            open_workspace(root, tmp_path).refuse_inputs(target)
    open_workspace(root, tmp_path).refuse_inputs(root / "output" / "x.pdf")
