"""The clinic's files as the desk has them: a drive that goes and comes, a file with a mistake."""

from __future__ import annotations

import math
from pathlib import Path

from handouts.desk.state import Desk
from tests.desk.desks import Browser


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
