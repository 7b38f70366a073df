"""A clinic's folder with records of people."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handouts import scaffold
from handouts.cli.app import app

ROOT = Path(__file__).parents[2]

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


def made_in(folder: Path) -> dict[str, bytes]:
    """The copies in a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.pdf"))}


def started(home: Path, *args: str) -> subprocess.Popen[bytes]:
    """``handouts batch r.csv -o out`` in a process of its own, and its workers in its group."""
    words = ["batch", "r.csv", "-o", "out", "--condition", "crps", "--allow-draft", "--as-of"]
    command = [sys.executable, str(ROOT / "generate.py"), *words, "2026-11-21", *args]
    pipe = subprocess.PIPE
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
    try:
        return subprocess.Popen(command, cwd=home, stdout=pipe, stderr=pipe, start_new_session=True)
    finally:
        signal.signal(signal.SIGINT, before)


def lines_of(manifest: Path) -> int:
    """How many lines there are by now."""
    return manifest.read_bytes().count(b"\n") if manifest.exists() else 0


def until(reached: int, manifest: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait for a number of lines; fail if the process ends before."""
    give_up = time.monotonic() + 60
    while lines_of(manifest) < reached:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up
        time.sleep(0.005)
