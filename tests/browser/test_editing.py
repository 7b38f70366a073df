"""The editors' page in a real browser: a saved file changes what is on the screen."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from handouts import scaffold
from handouts.desk.app import create_app
from handouts.desk.clinic import Clinic
from handouts.desk.remembered import Shelf
from handouts.desk.state import Desk, Rules
from handouts.workspace import builtin_root, open_workspace
from tests.approving import approve

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 90_000
RISKS = "content/sections/risks/en.md"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")


class Editing(Desk):
    """A desk with editors, and where it answers."""

    address = ""
    home = Path()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editing]:
    import waitress

    home = tmp_path_factory.mktemp("browser") / "clinic"
    scaffold.init(home)
    approve(home)
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    host = f"127.0.0.1:{found.getsockname()[1]}"
    clinic = Clinic(lambda: open_workspace(home, home), lambda: datetime(2026, 11, 21, 10, 42))  # noqa: DTZ001
    desk = Editing(clinic, Shelf(home.parent / "desks"), Rules(frozenset({host}), edit=True), "go")
    desk.address, desk.home = f"http://{host}", home
    server = waitress.create_server(create_app(desk), sockets=[found], threads=8, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    with desk.at_work():
        thread.start()
        yield desk
        server.close()


def test_a_saved_file_changes_the_page_and_axe_finds_nothing(served: Editing) -> None:
    words = builtin_root("content").joinpath("sections/risks/en.md").read_text("utf-8")
    own = served.home / RISKS
    own.parent.mkdir(parents=True)
    wrong: list[str] = []
    with playwright.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{served.address}/open?token=go")
        page.wait_for_selector("#q")
        page.click("nav >> text=Edit")
        page.click("a:has-text('English') >> nth=0")
        page.wait_for_selector("#edit-findings:has-text('Nothing to mend')")

        page.evaluate("scrollTo(0, 600)")
        own.write_text(words.replace("Some need more surgery.", "Some need a new wire."), "utf-8")
        page.wait_for_selector("#edit-heard .new:has-text('Some need a new wire.')")
        assert page.evaluate("scrollY") == 600
        assert "page 2 changed" in page.inner_text("#edit-pages")
        picture = page.locator("#edit-pages .new img")
        assert picture.count() == 1
        assert picture.evaluate("one => one.complete && one.naturalWidth === 800")

        page.click("#edit-follow")
        page.wait_for_timeout(900)  # what was asked for before is answered
        own.write_text(words.replace('role = "warning"', 'role = "warnings"'), "utf-8")
        page.wait_for_timeout(3000)
        assert page.locator(".notice").count() == 0
        page.click("text=Follow")
        page.wait_for_selector("text=These pages are old")
        page.click("#edit-findings [data-copy]")
        page.wait_for_selector("#edit-copied:has-text('risks/en.md:')", state="attached")
        line = words.splitlines().index('role = "warning"') + 1
        assert page.evaluate("navigator.clipboard.readText()") == f"{own}:{line}"

        page.click("#edit-follow")  # axe tells of parts that are swapped while it looks
        page.wait_for_timeout(900)
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": min(height, 14_000)})
            result = axe.Axe().run(page).response
            assert not result["violations"], result["violations"]
            assert not result["incomplete"], [one["nodes"] for one in result["incomplete"]]
        browser.close()
    assert wrong == []


def test_without_scripts_a_link_shows_the_newest(served: Editing) -> None:
    own = served.home / RISKS
    words = builtin_root("content").joinpath("sections/risks/en.md").read_text("utf-8")
    own.write_text(words, "utf-8")
    with playwright.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_context(locale="en-US", java_script_enabled=False).new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{served.address}/open?token=go")
        page.wait_for_selector("#q")
        page.goto(f"{served.address}/edit/crps")
        assert page.locator("#edit-follow").is_hidden()
        own.write_text(words.replace("Some need more surgery.", "Some need another wire."), "utf-8")
        page.click("text=Show the newest")
        assert "Some need another wire." in page.inner_text("#edit-heard")
        browser.close()
