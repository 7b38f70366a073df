"""A desk to try, and a printer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from handouts.desk.state import Desk
from tests.desk.desks import clinic_folder, open_desk
from tests.printing.answering import Printer, answering


@pytest.fixture
def printer() -> Iterator[Printer]:
    """A made-up printer."""
    with answering() as one:
        yield one


@pytest.fixture
def desk(tmp_path: Path, printer: Printer, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with a printer, and no CUPS; all that it could write to lies in ``tmp_path``."""
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return open_desk(clinic_folder(tmp_path, printer.uri), tmp_path / "shelf")
