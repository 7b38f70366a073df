"""What the system refuses (streams, names, a home that is none) has its message and exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from handouts import scaffold
from handouts.cli.app import app
from handouts.cli.report import CLEAR_LINE

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="devices and shells of Linux")


def _run(shell: str, folder: Path, **environment: str) -> tuple[int, str]:
    """The exit code and standard error of a line in which $H is the command."""
    done = subprocess.run(
        ["/bin/sh", "-c", shell.replace("$H", f"'{sys.executable}' '{ROOT / 'generate.py'}'")],
        cwd=folder,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        check=False,
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(
    ("shell", "code", "says"),
    [
        ("$H list > /dev/full", 7, "Standard output cannot be written: No space left on device."),
        ("$H list >&-", 7, "Standard output cannot be written: it is closed."),
        ("$H --help > /dev/full", 7, "Standard output cannot be written: No space left on device."),
        ("$H --version >&-", 7, "Standard output cannot be written: it is closed."),
        ("{ sleep 1; $H --help; echo $? >&3; } 3>code | true; sleep 1; exit $(cat code)", 7, ""),
        ("$H list > /dev/null 2>&-", 0, ""),
        ("$H attach - crps --allow-draft <&-", 6, "The letter "),
        ("{ $H list; echo $? >&3; } 3>code | true; sleep 1; exit $(cat code)", 7, ""),
        ("$H build nosuch 2> /dev/full", 2, ""),
        ("$H list -v > /dev/null 2> /dev/full", 7, ""),
        ("TZ=XXX-30 $H list > /dev/null", 0, ""),
    ],
)
def test_streams(tmp_path: Path, shell: str, code: int, says: str) -> None:
    got, said = _run(shell, tmp_path)
    assert (got, said.startswith(f"Error: {says}" if says else "")) == (code, True), said
    assert said.count("\n") == bool(says)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace, with a letter in it."""
    scaffold.init(tmp_path / "home")
    shutil.copy(ROOT / "tests/attach/samples/typst_ua.pdf", tmp_path / "home/letter.pdf")
    return tmp_path / "home"


def demand_wiped(said: str, says: str) -> None:
    """What was announced is wiped away."""
    shown = said.split(CLEAR_LINE)
    assert says in shown
    assert "…" not in shown[-1]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("build crps", "crps: pdf …"),
        ("attach letter.pdf --dry-run", "looking at the letter …"),
        ("list", ""),
    ],
)
def test_work_is_announced_on_a_terminal_and_wiped_away(home: Path, line: str, says: str) -> None:
    import pty

    terminal, its_end = pty.openpty()
    command = [sys.executable, str(ROOT / "generate.py"), *line.split()]
    subprocess.run(command, cwd=home, stderr=its_end, stdout=subprocess.DEVNULL, check=False)
    os.close(its_end)
    said = b""
    with suppress(OSError):  # how Linux says that the other end is closed
        while part := os.read(terminal, 4096):
            said += part
    os.close(terminal)
    demand_wiped(said.decode(), says)


@pytest.mark.usefixtures("few_layouts", "printed_once", "answered_here")
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("attach letter.pdf crps --allow-draft", "joining …"),
        ("attach letter.pdf crps --allow-draft --force -q", ""),
        ("packet crps --allow-draft", "binding …"),
        ("check crps", "checking …"),
        ("check letter.pdf", "checking …"),
        ("approve crps --sheet sheet.pdf", "checking the words …"),
    ],
)
def test_so_is_that_of_other_commands(
    home: Path, monkeypatch: pytest.MonkeyPatch, line: str, says: str
) -> None:
    monkeypatch.chdir(home)
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr("handouts.cli.report.sys", SimpleNamespace(stderr=terminal))
    done = CliRunner().invoke(app, line.split(), color=True)
    demand_wiped(done.stderr, says)


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("")
    got, said = _run("$H build crps -o a.pdf > /dev/null", tmp_path, HOME=str(home))
    assert (got, said) == (0, "")


@pytest.mark.parametrize(
    "line",
    [
        ["build", "crps", "-o", "a" * 256 + ".pdf"],
        ["--workspace", "é" * 128, "list"],
        ["init", "a/" * 2001],
        ["attach", "a\0.pdf", "crps"],
        ["attach", "letter.pdf", "crps", "--max-size", "999999999999"],
        ["attach", "letter.pdf", "crps", "--max-seconds", "9" * 5000],
        ["list", "--workspace", "\ud800" * 200],
        ["build", "crps", "--as-of", "9999-12-31"],
        ["new", "condition", "gout", "--as-of", "0001-01-01"],
    ],
    ids=" ".join,
)
def test_what_no_file_system_or_computer_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, line).exit_code == 2
    assert not list(tmp_path.iterdir())
