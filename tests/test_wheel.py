"""The wheel works outside the checkout: installed elsewhere it lists, builds and shows its help."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], CHECKOUT)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment that holds the wheel.

    Its dependencies come from the environment of the tests, through a .pth file: an install
    would need a network. A wheel of pure Python is installed by unpacking it.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / ".venv"
    venv.create(folder, with_pip=False)
    (packages,) = {*folder.glob("lib/python*/site-packages"), *folder.glob("Lib/site-packages")}
    zipfile.ZipFile(wheel).extractall(packages)
    borrowed = [path for path in site.getsitepackages() if Path(path).is_dir()]
    (packages / "dependencies.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _run(command: list[str], folder: Path) -> str:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_the_wheel_holds_all_rooms_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "content/values.toml",
        "layouts/standard/layout.toml",
        "layouts/handout.xml.j2",
        "brands/juniper/logo.svg",
        "brands/lakeside/logo.png",
        "publish/index.html.j2",
        "desktop/requirements.txt",
        "py.typed",
    ):
        assert f"handouts/{part}" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"handouts"}


def test_its_command_is_the_one_of_the_front_desk(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    (info,) = tmp_path.glob("*.dist-info")
    (script,) = PathDistribution(info).entry_points
    assert (script.group, script.name, script.value) == (
        "console_scripts",
        "handouts",
        "handouts.cli:main",
    )


def test_it_builds_a_handout_far_from_the_checkout(python: Path, tmp_path: Path) -> None:
    shown = _run([str(python), "-m", "handouts", "build", "crps"], tmp_path)
    (made,) = (tmp_path / "output").glob("*.pdf")
    assert made.read_bytes().startswith(b"%PDF-")
    assert made.name in shown
    where = _run([str(python), "-c", "import handouts; print(handouts.__file__)"], tmp_path)
    assert str(CHECKOUT) not in where
