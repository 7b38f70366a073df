"""Make the pictures of docs/front-desk.md: the desk page as a browser shows it.

Run ``python -m tests.tools.make_desk_pictures`` after a change of how the page looks.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import enter, running
from tests.desk.desks import clinic_folder
from tests.printing.answering import answering

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parents[2] / "docs/images"
WIDTH, SHOWN_WIDTH, COLOURS = 1280, 960, 64


def find(page: Page) -> None:
    """What a patient says."""
    page.fill("#q", "foot burning after surgery")
    page.wait_for_selector("#results .open")


def handout(page: Page) -> None:
    """The handout for one patient."""
    page.locator("#results .open", has_text="CRPS").click()
    page.fill("#you-patient", "Ana Example")
    page.wait_for_selector("#preview a[href^='#page-']")


def printed(page: Page) -> None:
    """It is on paper."""
    page.locator("#print").click()
    page.wait_for_selector(".notice.good")


def packet(page: Page) -> None:
    """Two codes for one patient."""
    page.get_by_role("button", name="Next patient").click()
    page.wait_for_selector("#q:focus")
    page.fill("#q", "g90521 m79671")
    page.get_by_role("button", name="Both as one packet").click()
    page.wait_for_url("**/packet")
    page.fill("#you-patient", "Ana Example")
    page.wait_for_selector("#preview a[href^='#page-']")


#: Those that can be seen: others are fetched later.
PICTURES_THERE = """() => [...document.images].every(
  one => one.complete || one.getBoundingClientRect().top > innerHeight)"""
#: One after another, each from where the one before it ended: name, way, height.
PICTURES: tuple[tuple[str, Callable[[Page], None], int], ...] = (
    ("find", find, 720),
    ("handout", handout, 800),
    ("printed", printed, 720),
    ("packet", packet, 800),
)


def save(png: bytes, name: str) -> None:
    """Write a picture, smaller and of few colours."""
    with Image.open(io.BytesIO(png)) as image:
        high = round(image.height * SHOWN_WIDTH / image.width)
        small = image.convert("RGB").resize((SHOWN_WIDTH, high), Image.Resampling.LANCZOS)
    few = small.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    few.save(FOLDER / f"desk-{name}.png", optimize=True)


def take(page: Page, address: str) -> None:
    """All pictures."""
    enter(page, address)
    for name, go, height in PICTURES:
        page.set_viewport_size({"width": WIDTH, "height": height})
        go(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_function(PICTURES_THERE)
        save(page.screenshot(), name)


def main() -> None:
    """Write all pictures anew."""
    with TemporaryDirectory() as name, answering() as printer, sync_playwright() as playwright:
        folder = Path(name)
        printer.says["printer-name"] = "HP-Front"
        home = clinic_folder(folder, printer.uri)
        settings = home / "handouts.toml"
        settings.write_text(settings.read_text().replace('brand = "clinic"', 'brand = "juniper"'))
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with running(home, folder) as process:
            assert process.stdout is not None
            page = browser.new_context(locale="en-US").new_page()
            take(page, process.stdout.readline().strip())
        browser.close()


if __name__ == "__main__":
    main()
