"""A clinic's folder in which commands are given, and a form that patients fill in."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts import scaffold
from tests.cli.filled_in import run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, and the working folder."""
    scaffold.init(tmp_path / "clinic")
    monkeypatch.chdir(tmp_path / "clinic")
    return tmp_path / "clinic"


@pytest.fixture(scope="session")
def form(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A form with the panel and the diary."""
    target = tmp_path_factory.mktemp("form") / "form.pdf"
    done = run("build", "crps", "--section", "trial-diary", "--fillable", "-o", str(target))
    assert done.exit_code == 0, done.output
    return target.read_bytes()
