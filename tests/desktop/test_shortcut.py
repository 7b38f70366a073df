"""An icon runs just what it says: each is read by somebody else's program."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import LnkParse3
import pytest
from click.testing import CliRunner

from handouts import scaffold
from handouts.cli.app import app
from handouts.desktop import shortcut
from handouts.errors import OutputError, UsageError
from handouts.workspace import open_workspace

#: What shells, entries and shortcuts give a meaning to.
ODD = 'Ä b\'c "d" $HOME `e` 100% \\\\f %u ~;&日本'
#: What it starts instead of the page: it writes down what it was given.
HEARS = "import json, os, sys; json.dump(sys.argv[1:], open(os.environ['HEARD'], 'w'))\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a folder with an odd name, and a program that hears how it is started."""
    scaffold.init(tmp_path / ODD)
    (tmp_path / "generate.py").write_text(HEARS, "utf-8")
    monkeypatch.setattr(shortcut, "HOME", str(tmp_path))
    return tmp_path / ODD


def heard(command: list[str], file: Path) -> list[str]:
    """The arguments with which ``command`` starts the program."""
    subprocess.run(command, check=True, env={**os.environ, "HEARD": str(file)}, timeout=60)
    give_up = time.monotonic() + 20
    while not file.exists() or not file.read_text("utf-8"):
        assert time.monotonic() < give_up, "it never started"
        time.sleep(0.05)
    words: list[str] = json.loads(file.read_text("utf-8"))
    return words


def test_the_shell_and_gnome_start_just_what_an_icon_says(home: Path, tmp_path: Path) -> None:
    workspace = open_workspace(home, home)
    started = ["serve", "--workspace", str(home), "--open"]
    script = shortcut.put_shortcut(workspace, "macos", tmp_path, force=False)
    assert heard([str(script)], tmp_path / "heard") == started
    if gio := shutil.which("gio"):
        entry = shortcut.put_shortcut(workspace, "linux", tmp_path, force=False)
        assert os.access(entry, os.X_OK)
        text = entry.read_text("utf-8").replace("Terminal=true", "Terminal=false")
        entry.write_text(text, "utf-8")
        assert heard([gio, "launch", str(entry)], tmp_path / "by gio") == started


def test_a_windows_shortcut_says_to_another_reader_what_it_is_to_run() -> None:
    python = r"C:\Users\Zoë 日本\100% own\python.exe"
    share = r"\\server\Clinic files\hand outs" + "\\"
    data = shortcut.windows_link([python, "-P", "-m", "handouts", "serve", "--workspace", share])
    link = LnkParse3.lnk_file(io.BytesIO(data))
    link.process()
    read = link.get_json(get_all=True)
    assert read["data"]["working_directory"] == r"C:\Users\Zoë 日本\100% own"
    quoted = r'"\\server\Clinic files\hand outs\\"'
    assert read["data"]["command_line_arguments"] == f"-P -m handouts serve --workspace {quoted}"
    assert read["link_info"]["local_base_path_unicode"] == python
    assert read["link_info"]["location"] == "Local"
    assert read["extra"]["ENVIRONMENTAL_VARIABLES_LOCATION_BLOCK"]["target_unicode"] == python
    assert read["header"]["windowstyle"] == "SW_SHOWMINNOACTIVE"


@pytest.mark.parametrize("path", [r"C:\%TEMP%\python.exe", "C:\\" + "x" * 300 + r"\python.exe"])
def test_what_windows_would_run_otherwise_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match=r"another text|is longer than the 259 signs"):
        shortcut.windows_link([path, "serve"])


def test_a_path_with_a_line_end_is_refused(tmp_path: Path) -> None:
    scaffold.init(tmp_path / "two\nlines")
    with pytest.raises(UsageError, match="what cannot be seen"):
        shortcut.command(open_workspace(tmp_path / "two\nlines", tmp_path))


def test_the_command_takes_the_place_of_no_file_but_its_own(home: Path, tmp_path: Path) -> None:
    words = ["--workspace", str(home), "shortcut", "-o", str(tmp_path)]
    name = shortcut.ICONS[shortcut.HERE].name
    for _ in range(2):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        assert done.output.splitlines()[-1].endswith(name)
    (tmp_path / name).write_text("somebody's", "utf-8")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == OutputError.exit_code
    assert (tmp_path / name).read_text("utf-8") == "somebody's"
    assert CliRunner().invoke(app, [*words, "--force"]).exit_code == 0
    assert "generate.py" in (tmp_path / name).read_text("utf-8")
    other = CliRunner().invoke(app, ["shortcut", "--on", "windows", "-o", str(tmp_path)])
    assert "Best make it where it will be" in other.output
    assert (tmp_path / "Handouts.lnk").read_bytes()[:4] == b"L\0\0\0"


def test_an_installed_program_is_started_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortcut, "HOME", str(tmp_path))
    words = shortcut.command(open_workspace(None, tmp_path))
    assert words == [sys.executable, "-P", "-m", "handouts", "serve", "--open"]
