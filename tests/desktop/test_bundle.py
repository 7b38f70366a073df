"""An offline folder installs what is locked, for another computer, without a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from click.testing import CliRunner

from handouts import __version__
from handouts.cli import bundle as command
from handouts.cli.app import app
from handouts.desktop import bundle, own_wheel
from handouts.desktop.bundle import PLATFORMS, PYTHONS, make_bundle
from handouts.errors import OutputError

ROOT = Path(__file__).resolve().parents[2]
LOCK = """\
attrs==26.1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via aiohttp
colorama==0.4 ; sys_platform == 'win32' \\
    --hash=sha256:cc
typing-extensions==4.16.0 ; python_full_version < '3.13' \\
    --hash=sha256:dd
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder / own_wheel.NAME


class Pip:
    """Hears what pip would be told, and puts down what it would fetch."""

    def __init__(self, wheel: Path, fails: str = "") -> None:
        self.wheel, self.fails, self.asked = wheel, fails, list[list[str]]()
        self.wanted = ""

    def __call__(self, arguments: Sequence[str]) -> None:
        self.asked.append(list(arguments))
        if arguments[0] == self.fails:
            raise OutputError("Not all packages could be fetched.")
        if arguments[0] == "download":
            self.wanted = Path(arguments[-1]).read_text("utf-8")
            Path(arguments[arguments.index("--dest") + 1], "attrs-26.1.0.whl").write_bytes(b"a")
        else:
            shutil.copy(self.wheel, arguments[arguments.index("--wheel-dir") + 1])


@pytest.mark.parametrize(
    "case",
    [
        ("windows", "3.12", ["attrs", "colorama", "typing-extensions"]),
        ("windows", "3.13", ["attrs", "colorama"]),
        ("macos", "3.14", ["attrs"]),
        ("linux", "3.11", ["attrs", "typing-extensions"]),
    ],
    ids=str,
)
def test_what_the_other_computer_needs_is_fetched_by_its_hash(
    wheel: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[str, str, list[str]],
) -> None:
    """What the Python here would need says nothing of that."""
    platform, version, packages = case
    (tmp_path / "lock").write_text(LOCK, "utf-8")
    monkeypatch.setattr(bundle, "_LOCKS", (tmp_path / "lock",))
    pip = Pip(wheel)
    made = make_bundle(platform, version, tmp_path, pip)
    assert re.findall(r"^([a-z-]+)==", pip.wanted, re.MULTILINE) == packages
    assert "--require-hashes" in pip.asked[0]
    assert set(PLATFORMS[platform].tags) <= set(pip.asked[0])
    own = (made.folder / "wheels" / own_wheel.NAME).read_bytes()
    listed = (made.folder / "requirements.txt").read_text("utf-8")
    assert listed.endswith(f"=={__version__} --hash=sha256:{sha256(own).hexdigest()}\n")
    assert listed.startswith("attrs==26.1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n")
    (script,) = made.folder.glob("install.*")
    ends = (b"\r\n" in script.read_bytes(), os.access(script, os.X_OK))
    assert ends == ((True, True) if platform == "windows" else (False, True))
    readme = (made.folder / "README.txt").read_text("ascii")
    assert script.name in readme
    assert ("never tried" in readme) == (platform != "linux")
    assert not list(made.folder.parent.glob(".*"))


@pytest.mark.parametrize("fails", ["download", "wheel"])
def test_it_is_whole_or_not_there(wheel: Path, tmp_path: Path, fails: str) -> None:
    with pytest.raises(OutputError, match="Not all"):
        make_bundle("windows", "3.12", tmp_path, Pip(wheel, fails))
    assert not list(tmp_path.iterdir())
    made = make_bundle("windows", "3.12", tmp_path, Pip(wheel))
    before = sorted(made.folder.rglob("*"))
    with pytest.raises(OutputError, match="is already there"):
        make_bundle("windows", "3.12", tmp_path, Pip(wheel))
    assert sorted(made.folder.rglob("*")) == before


def test_what_pip_does_not_find_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By pip itself, with nowhere to look."""
    lock = "no-such-package==1 \\\n    --hash=sha256:" + 64 * "0" + "\n"
    (tmp_path / "lock").write_text(lock, "utf-8")
    monkeypatch.setattr(bundle, "_LOCKS", (tmp_path / "lock",))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    done = CliRunner().invoke(app, ["bundle", "linux", "-o", str(tmp_path / "new")])
    assert done.exit_code == OutputError.exit_code
    assert "no-such-package==1" in done.output
    assert "pip" not in os.listdir(tmp_path)


def test_an_installed_program_gives_the_wheel_that_it_came_from(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site-packages"
    zipfile.ZipFile(wheel).extractall(site)
    (info,) = site.glob("*.dist-info")
    monkeypatch.setattr(own_wheel, "HOME", str(site))
    monkeypatch.setattr(own_wheel, "distribution", lambda _: Distribution.at(info))
    own_wheel.own_wheel(tmp_path, Pip(wheel))
    again = zipfile.ZipFile(tmp_path / own_wheel.NAME)
    was = zipfile.ZipFile(wheel)
    assert sorted(again.namelist()) == sorted(was.namelist())
    for name in set(was.namelist()) - {f"{info.name}/RECORD"}:
        assert again.read(name) == was.read(name)
    lines = [set(one.read(f"{info.name}/RECORD").decode().split()) for one in (again, was)]
    assert lines[0] == lines[1]
    (site / "handouts/errors.py").write_bytes(b"")
    with pytest.raises(OutputError, match=r"errors.py: was changed since it was installed"):
        own_wheel.own_wheel(tmp_path, Pip(wheel))


def test_the_shell_script_installs_from_the_folder_alone(wheel: Path, tmp_path: Path) -> None:
    """With the wheel of a program that needs nothing else, and no way to a registry."""
    version = "{}.{}".format(*sys.version_info[:2])
    if sys.platform == "win32" or version not in PYTHONS:
        pytest.skip("a script for a shell")
    made = make_bundle("linux", version, tmp_path / "a b", Pip(wheel))
    own = (made.folder / "requirements.txt").read_text("utf-8").splitlines()[-1]
    (made.folder / "requirements.txt").write_text(own + "\n", "utf-8")
    script = made.folder / "install.sh"
    text = script.read_text("utf-8")
    assert " -q ||" in text
    script.write_text(text.replace(" -q ||", " -q --no-deps ||"), "utf-8")
    clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_NO_CACHE_DIR": "1"}
    done = subprocess.run([script], capture_output=True, text=True, check=False, env=clean)
    if "ensurepip" in done.stdout + done.stderr:
        pytest.skip("this Python makes no environments with pip")
    python = made.folder / ".venv/bin/python"
    assert python.exists(), done.stderr
    where = subprocess.run(
        [python, "-c", "import importlib.metadata as m; print(m.version('handouts'))"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert where.stdout.strip() == __version__
    assert "It is not installed" in done.stdout  # its packages are missing, and it says so
    shutil.rmtree(made.folder / ".venv")
    own_changed = own[:-4] + "0000"
    (made.folder / "requirements.txt").write_text(own_changed + "\n", "utf-8")
    done = subprocess.run([script], capture_output=True, text=True, check=False, env=clean)
    assert done.returncode == 1
    assert "Please show the lines above" in done.stdout
    assert "hash" in done.stderr.lower()


def test_the_command_offers_what_there_is() -> None:
    assert tuple(PLATFORMS) == command.PLATFORMS
    assert PYTHONS == command.PYTHONS
    classifier = (ROOT / ".github/workflows/tests.yml").read_text("utf-8")
    assert all(f'"{one}"' in classifier for one in PYTHONS)
