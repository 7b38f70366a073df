"""No code comes from the folder in which the command runs, nor from the person's own settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from handouts import scaffold
from handouts.importing import HOME, trusted_path

ROOT = Path(__file__).resolve().parents[1]
LETTER = ROOT / "tests" / "attach" / "samples" / "typst_ua.pdf"

#: What our code, the libraries and the child import, also what they only try to import.
PLANTED = [
    "json",
    "click",
    "msgspec",
    "pathlib",
    "numpy",
    "reportlab_settings",
    "reportlab_mods",
    "local_rl_settings",
    "pypdf",
    "pikepdf",
    "page_validation",
    "jinja2",
    "secrets",
    "resource",
]

#: What ReportLab would ask the environment for, and cannot read.
SETTINGS = {"RL_pageCompression": "none", "SOURCE_DATE_EPOCH": "yesterday"}


def plant(folder: Path, ran: Path) -> None:
    """Files that say that they were run."""
    for name in PLANTED:
        (folder / f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write({name!r} + ' ')\n")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A workspace in which a letter lies beside Python files, and a HOME with settings."""
    scaffold.init(tmp_path / "desk")
    shutil.copy(LETTER, tmp_path / "desk" / "letter.pdf")
    plant(tmp_path / "desk", tmp_path / "ran")
    for name in (".reportlab_settings", ".reportlab_mods"):
        code = f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})\n"
        (tmp_path / name).write_text(code)
    return tmp_path / "desk"


def run(desk: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command, "attach", "letter.pdf", "crps", "--allow-draft", "--force"],
        capture_output=True,
        text=True,
        check=False,
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(desk.parent), **SETTINGS},
    )


@pytest.mark.parametrize(
    "command",
    [
        (str(ROOT / "generate.py"),),
        ("-P", str(ROOT / "generate.py")),
        ("-m", "handouts"),
        ("-c", "from handouts.cli import main; main()"),
    ],
)
def test_nothing_in_the_current_folder_is_run(desk: Path, command: tuple[str, ...]) -> None:
    done = run(desk, *command)
    assert done.returncode == 0, done.stderr
    assert (desk / "letter-with-handout.pdf").exists()
    assert not (desk.parent / "ran").exists(), (desk.parent / "ran").read_text()


def test_what_lies_beside_the_door_of_a_checkout_is_not_run(desk: Path) -> None:
    """The front desk works there, too: letters come with files of any name."""
    checkout = desk.parent / "checkout"
    checkout.mkdir()
    (checkout / "handouts").symlink_to(ROOT / "handouts")
    for name in ("layouts", "generate.py"):
        (checkout / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "generate.py", checkout / "door.py")
    plant(checkout, desk.parent / "ran")
    shutil.copy(LETTER, checkout / "letter.pdf")
    done = run(checkout, "door.py", "--workspace", str(desk))
    assert done.returncode == 0, done.stderr
    assert not (desk.parent / "ran").exists(), (desk.parent / "ran").read_text()


def test_the_path_keeps_what_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path)
    installed = [entry for entry in sys.path if "site-packages" in entry]
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(tmp_path / "link"), HOME, *installed])
    assert trusted_path() == installed
