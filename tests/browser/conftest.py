"""A real browser for tests: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def _absent(reason: str) -> None:
    """Skip the test; where the environment says ``MUST_BROWSE``, fail."""
    if os.environ.get("MUST_BROWSE"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Where it or Playwright is not installed the test is skipped; with ``MUST_BROWSE``
    set it fails."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _absent("not installed: playwright")
    if chromium is None:
        _absent("not installed: chromium")
    with sync_playwright() as running:
        one = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield one
        one.close()


def axe_findings(page: Page) -> list[str]:
    """What axe finds wrong with a page as it stands, and what it cannot decide."""
    from axe_playwright_python.sync_playwright import Axe

    said = Axe().run(page).response
    return [
        f"{kind} {one['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for kind in ("violations", "incomplete")
        for one in said[kind]
        for node in one["nodes"]
    ]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page in a profile of its own, 1280 × 800, in English. What a script says is wrong
    fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    one = context.new_page()
    wrong: list[str] = []
    one.on("pageerror", lambda error: wrong.append(str(error)))
    one.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield one
    context.close()
    assert wrong == []
