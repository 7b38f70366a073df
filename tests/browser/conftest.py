"""A real browser for tests: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct

from tests.desk.desks import clinic_folder
from tests.printing.answering import Printer, answering

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


ROOT = Path(__file__).resolve().parents[2]
#: In so many seconds a page stops that is told to, whatever is open.
SOON = 5


def _absent(reason: str) -> None:
    """Skip the test; where the environment says ``MUST_BROWSE``, fail."""
    if os.environ.get("MUST_BROWSE"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests: its event loop must not be there when others begin one.

    Where it or Playwright is not installed the test is skipped; with ``MUST_BROWSE``
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

    axe = Axe("null") if page.evaluate("'axe' in window") else Axe()  # loaded once a page
    said = axe.run(page, options={"resultTypes": ["violations", "incomplete"]}).response
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


# --- The desk page ------------------------------------------------------------------------


class Served(Struct):
    """``handouts serve`` as it runs: the address that opens it, its printer, its process."""

    address: str
    printer: Printer
    process: subprocess.Popen[str]
    home: Path

    @property
    def root(self) -> str:
        """Its first page, for a browser that was let in."""
        return self.address.partition("/open")[0]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The command itself, with a made-up printer."""
    folder = tmp_path_factory.mktemp("served")
    with answering() as printer:
        home = clinic_folder(folder, printer.uri)
        settings = home / "handouts.toml"
        settings.write_text(settings.read_text().replace('brand = "clinic"', 'brand = "juniper"'))
        with running(home, folder) as process:
            assert process.stdout is not None
            yield Served(process.stdout.readline().strip(), printer, process, home)
            process.send_signal(signal.SIGTERM)
            assert process.wait(SOON) == 128 + signal.SIGTERM


def enter(page: Page, address: str) -> None:
    """Open the page by the address that lets in, and be where that leads to."""
    page.goto(address)
    page.wait_for_url(f"{address.partition('/open')[0]}/")
    page.wait_for_selector("#q:focus")


def gather(page: Page, served: Served, *handouts: str) -> None:
    """Into the packet, one after the other, each from its own page."""
    for one in handouts:
        page.goto(f"{served.root}/h/{one}")
        page.get_by_role("button", name="Add to packet").click()
        page.wait_for_url("**/packet")


@contextmanager
def running(home: Path, folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """``handouts serve`` on any port; nothing of it is left, however the test ends."""
    environment = os.environ | {"HOME": str(folder), "CUPS_SERVER": "127.0.0.1:9"}
    command = (sys.executable, "-P", str(ROOT / "generate.py"), "--workspace", str(home), "serve")
    # What a shell runs in the background ignores Ctrl-C, and so would all that it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            (*command, *options), stdout=subprocess.PIPE, text=True, env=environment
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield process
        finally:
            process.kill()
