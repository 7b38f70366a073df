"""What the page says of a search: found by a code, in part, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.desks import Browser, clinic_folder, open_desk


@pytest.mark.parametrize(
    ("typed", "opens", "says"),
    [
        ("G90.521 knee", 1, "Found by the code. Not found in it: knee."),
        ("Rosa g90521", 1, "Found by the code. Not found in it: Rosa."),
        ("g90521 spanish", 1, ""),
        ("m54.5 Rosa", 0, "No handout has: M54.5, Rosa."),
        ("G90.521 G57.71", 0, "not coded together"),
    ],
)
def test_a_code_is_found_whatever_stands_beside_it(
    tmp_path: Path, typed: str, opens: int, says: str
) -> None:
    browser = Browser(open_desk(clinic_folder(tmp_path), tmp_path / "shelf"))
    page = browser.post("/find", {"q": typed})
    assert page.count('class="open"') == opens
    assert says in page
    assert ("Not found in it" in page) == ("Not found in it" in says)
