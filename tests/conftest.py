"""Options of the whole test suite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

from handouts.check import on_paper
from handouts.cli import approve, reprint, session
from handouts.errors import Finding
from handouts.library import Library
from handouts.model import Brand

# Machines of different speed run these tests: no example fails for taking its time. In CI
# the examples are the same ones each time; elsewhere they go on looking for new failures.
settings.register_profile("handouts", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("handouts")


class Golden(Protocol):
    """Compares text with a golden file."""

    def __call__(self, text: str, path: Path) -> None:
        """Fail with a diff if ``text`` is not what ``path`` holds; ``--update-goldens`` writes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-goldens`` writes golden files anew instead of comparing with them."""
    parser.addoption("--update-goldens", action="store_true", help="write golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a golden file, or write it where ``--update-goldens`` is given."""
    update = bool(request.config.getoption("--update-goldens"))

    def compare(text: str, path: Path) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"{path} is missing: run pytest --update-goldens"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(autouse=True)
def the_clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """For commands in this process it is the day on which the tests approve words."""
    for module in (session, approve, reprint):
        monkeypatch.setattr(module, "today", lambda: date(2026, 11, 21))


@pytest.fixture(autouse=True, scope="session")
def pages_are_laid_out_once() -> Iterator[None]:
    """The same files make the same pages: `check` and `approve` look at these once a session.

    Each lays out every condition in every layout, and most tests have the same few workspaces.
    Messages name files by where they lie, so what has findings is looked at anew.
    """
    clean: set[bytes] = set()
    look = on_paper.findings_on_paper

    def once(library: Library, name: str, brand: Brand) -> Iterator[Finding]:
        digest = sha256(repr((name, library.lang, brand.id)).encode())
        for file in library.workspace.files.values():
            digest.update(repr(file.name).encode() + sha256(file.path.read_bytes()).digest())
        if digest.digest() in clean:
            return
        found = list(look(library, name, brand))
        yield from found
        if not found:
            clean.add(digest.digest())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(on_paper, "findings_on_paper", once)
        yield
