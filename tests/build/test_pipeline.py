"""The way from a selection to a PDF: what is demanded before an old file is replaced."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts import cache, scaffold
from handouts.build import Order, build
from handouts.errors import AccessibilityError, ContentError, Finding, OutputError
from handouts.model import Selection, Status
from handouts.pdf.validate import validate
from handouts.workspace import Workspace, open_workspace
from tests.approving import approve

TODAY = date(2026, 11, 21)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A fresh workspace."""
    scaffold.init(tmp_path / "clinic")
    return open_workspace(tmp_path / "clinic", tmp_path)


def usual(workspace: Workspace) -> Order:
    return Order(
        Selection("crps", brand="clinic"), workspace.output / "crps.standard.en.pdf", TODAY
    )


def test_a_build_says_what_it_made(workspace: Workspace) -> None:
    stages: list[str] = []
    result = build(workspace, usual(workspace), stages.append)
    data = Path(result.path).read_bytes()
    assert validate(data) == ()
    assert stages == ["look up", "content", "layout", "pdf", "check", "write"]
    assert set(stages) <= set(result.seconds)
    assert result.pages > 1
    assert 3 < result.grade <= 6
    assert result.status is Status.DRAFT
    assert len(result.edition) == 10


def test_a_pdf_that_fails_the_check_does_not_replace_the_old_one(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = usual(workspace)
    build(workspace, order)
    old = order.target.read_bytes()
    finding = Finding("PDF/UA-1 7.1: made up.")
    monkeypatch.setattr("handouts.pdf.validate.validate", lambda _: (finding,))
    with pytest.raises(AccessibilityError, match="made up"):
        build(workspace, replace(order, force=True))
    assert order.target.read_bytes() == old
    assert sorted(path.name for path in order.target.parent.iterdir()) == [
        ".cache",
        "crps.standard.en.pdf",
    ]


def test_a_draft_is_refused_before_layout_where_approval_is_required(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handouts.layout.lay_out", None)
    wanted = replace(usual(workspace), require_approved=True)
    with pytest.raises(ContentError, match="has not been approved") as refused:
        build(workspace, replace(wanted, selection=Selection("crps", lang="es")))
    assert "handouts approve crps --lang es" in refused.value.findings[0].remedy
    with pytest.raises(ContentError, match="has not been approved"):
        build(workspace, wanted)
    assert not usual(workspace).target.exists()


def test_a_known_draft_is_refused_too(workspace: Workspace) -> None:
    build(workspace, usual(workspace))
    with pytest.raises(ContentError, match="has not been approved"):
        build(workspace, replace(usual(workspace), require_approved=True))


def test_no_record_is_believed_about_the_status(workspace: Workspace) -> None:
    order = usual(workspace)
    build(workspace, order)
    record = cache.record_path(workspace, order.target)
    record.write_bytes(record.read_bytes().replace(b'"draft"', b'"approved"'))
    with pytest.raises(ContentError, match="has not been approved"):
        build(workspace, replace(order, require_approved=True))


def test_approval_holds_until_its_last_day(workspace: Workspace) -> None:
    assert workspace.root
    entry = approve(workspace.root)
    opened = open_workspace(workspace.root, workspace.output)
    order = replace(usual(opened), require_approved=True)
    assert build(opened, order).status is Status.APPROVED
    late = replace(order, as_of=entry.until.replace(year=entry.until.year + 1))
    with pytest.raises(ContentError, match="past its review date"):
        build(opened, late)


def test_a_foreign_file_is_not_replaced(workspace: Workspace, tmp_path: Path) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"a letter")
    order = replace(usual(workspace), target=letter)
    with pytest.raises(OutputError, match=r"letter\.pdf: is already there.*--force"):
        build(workspace, order)
    assert letter.read_bytes() == b"a letter"
    build(workspace, replace(order, force=True))
    assert letter.read_bytes().startswith(b"%PDF")


def test_a_foreign_file_that_appears_meanwhile_is_not_replaced(
    workspace: Workspace, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"

    def save_a_letter(stage: str) -> None:
        if stage == "write":
            letter.write_bytes(b"a letter")

    with pytest.raises(OutputError, match=r"letter\.pdf: is already there"):
        build(workspace, replace(usual(workspace), target=letter), save_a_letter)
    assert letter.read_bytes() == b"a letter"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["letter.pdf"]


@pytest.mark.parametrize("force", [False, True])
def test_no_build_writes_among_the_files_it_reads(workspace: Workspace, force: bool) -> None:
    assert workspace.root
    target = workspace.root / "content" / "crps.pdf"
    with pytest.raises(OutputError, match="made from"):
        build(workspace, replace(usual(workspace), target=target, force=force))
    assert not target.exists()


def test_our_own_file_elsewhere_is_replaced(workspace: Workspace, tmp_path: Path) -> None:
    order = replace(usual(workspace), target=tmp_path / "desk" / "crps.pdf")
    build(workspace, order)
    (workspace.root or tmp_path).joinpath("brands/clinic/note.txt").write_text("x")
    again = build(open_workspace(workspace.root, tmp_path), order)
    assert not again.cached


def test_one_handout_does_not_replace_another_under_its_name(
    workspace: Workspace, tmp_path: Path
) -> None:
    order = replace(usual(workspace), target=tmp_path / "mine.pdf")
    build(workspace, order)
    other = replace(order, selection=Selection("groin-hernia", brand="clinic"))
    with pytest.raises(OutputError, match="not this handout"):
        build(workspace, other)


def test_two_builds_at_once_end_with_one_whole_file(workspace: Workspace) -> None:
    args = ["--workspace", str(workspace.root), "build", "crps", "--force", "-q"]
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "handouts", *args, "--as-of", "2026-11-21"],
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(3)
    ]
    for child in children:
        _, problem = child.communicate(timeout=60)
        assert child.returncode == 0, problem.decode()
    target = usual(workspace).target
    assert validate(target.read_bytes()) == ()
    assert build(workspace, usual(workspace)).cached
    assert not [path for path in target.parent.iterdir() if path.suffix == ".tmp"]


def test_where_a_clinic_lies_has_no_part_in_the_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two computers with the same files print the same edition: the logo is a file, too."""
    made = []
    for name in ("here", "far/away"):
        home = tmp_path / name / "clinic"
        scaffold.init(home)
        shutil.copytree(ROOT / "handouts/brands/juniper", home / "brands/juniper")
        monkeypatch.chdir(home if name == "here" else tmp_path)
        workspace = open_workspace(home, Path.cwd())
        order = Order(Selection("crps", brand="juniper"), home / "output" / "crps.pdf", TODAY)
        build(workspace, order)
        made.append(order.target.read_bytes())
    assert made[0] == made[1]
