"""A clinic's folder with records of people."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handouts import scaffold
from handouts.cli.app import app

Row = Mapping[str, str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, and the working folder."""
    scaffold.init(tmp_path / "clinic")
    monkeypatch.chdir(tmp_path / "clinic")
    return tmp_path / "clinic"


def run(*args: str, input: str | bytes | None = None) -> Result:
    """``handouts batch`` of drafts of the CRPS handout, with more arguments."""
    words = ["batch", *args, "--condition", "crps", "--allow-draft"]
    return CliRunner().invoke(app, words, input=input)


def person(number: int, **more: str) -> dict[str, str]:
    """A record: everybody has another name and day."""
    return {
        "patient": f"Ana Exámple{chr(65 + number % 26)}{chr(97 + number // 26 % 26)}",
        "appointment_date": f"2026-12-{number % 28 + 1:02}",
        "phone": "(555) 012-3456",
        **more,
    }


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    """The records as CSV, with the columns of the first."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def read_manifest(path: Path) -> list[dict[str, Any]]:
    """The rows below the first line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()[1:]]


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return os.stat(path).st_mode & 0o777


Check = Callable[[], bool]
