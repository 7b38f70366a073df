"""A clinic's folder in which commands are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts import scaffold


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, and the working folder."""
    scaffold.init(tmp_path / "clinic")
    monkeypatch.chdir(tmp_path / "clinic")
    return tmp_path / "clinic"
