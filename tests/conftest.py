"""Options of the whole test suite."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

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
