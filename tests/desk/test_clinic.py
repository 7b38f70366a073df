"""The clinic's files as the desk has them: a drive that goes and comes, a file with a mistake."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts.desk.state import Desk
from tests.desk.desks import Browser
from tests.desk.test_onto_paper import letter, one_language, packet, press_print
from tests.printing.answering import Printer


def test_a_folder_that_was_away_for_a_moment_is_read_again_once_it_is_back(
    desk: Desk, tmp_path: Path
) -> None:
    """Within the second in which the desk does not look, nothing else tells that it was away."""
    browser, home = Browser(desk), tmp_path / "clinic"
    desk.clinic._looked = math.inf
    home.rename(tmp_path / "away")
    for address in ("/h/crps", "/h/foot"):
        assert "cannot be reached" in browser.get(address)
    (tmp_path / "away").rename(home)
    for address in ("/h/crps", "/h/foot"):
        assert "There are no pages" not in browser.get(address)


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("shown", [one_language, packet, letter])
def test_a_mistake_in_the_settings_is_no_drive_that_is_gone(
    shown: Callable[[Browser], None], desk: Desk, printer: Printer, tmp_path: Path
) -> None:
    """Its line is shown, and nothing is given out while it stands: all commands end with it."""
    browser, settings = Browser(desk), tmp_path / "clinic/handouts.toml"
    shown(browser)
    place, right = browser.at, settings.read_text()
    saved = re.search(r"/[da]/[^\"]*/file.pdf", browser.page)
    settings.write_text(f"{right}printer = [\n")
    line = f"{settings}:{right.count(chr(10)) + 1}: "
    desk.clinic._looked = 0
    page = browser.get(place)
    assert (browser.status, line in page) == (200, True)
    assert "cannot be reached" not in page
    refused = press_print(browser)
    assert line in refused.partition("nothing was printed")[2]
    assert "print from there" not in refused
    assert printer.printed == []
    if saved:
        browser.get(saved[0])
        assert (browser.status, browser.data[:4] == b"%PDF") == (422, False)
    settings.write_text(right)
    desk.clinic._looked = 0
    assert line not in browser.get(place)
    assert "Printed" in press_print(browser)


def test_a_link_in_place_of_a_file_is_named(desk: Desk, tmp_path: Path) -> None:
    browser, link = Browser(desk), tmp_path / "clinic/content/values.local.toml"
    link.symlink_to(tmp_path / "elsewhere.toml")
    desk.clinic._looked = 0
    page = browser.get("/h/crps")
    assert f"{link}: is a link" in page
    assert "cannot be reached" not in page
