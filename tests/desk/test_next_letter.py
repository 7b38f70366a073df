"""After one letter comes the next: which handout stays chosen is plain to see."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from tests.desk.desks import Browser, clinic_folder, open_desk

LETTER = (Path(__file__).resolve().parents[1] / "attach/samples/weasyprint.pdf").read_bytes()

pytestmark = pytest.mark.usefixtures("answered_here")


@pytest.mark.parametrize(
    ("lang", "layout", "said"),
    [("en", "referral", "English · Doctor’s sheet"), ("es", "large-print", "Español · Large")],
)
def test_the_handout_that_stays_is_named(tmp_path: Path, lang: str, layout: str, said: str) -> None:
    """With its language and sheet, and with a way to another; it goes behind the next letter."""
    browser = Browser(open_desk(clinic_folder(tmp_path), tmp_path / "shelf"))
    wanted = {"condition": "crps", "lang": lang, "sheet": layout}
    browser.post("/attach", {**wanted, "letter": (io.BytesIO(LETTER), "x")})
    page = browser.post(browser.link(r"/a/[^\"]*/next"), {})
    assert browser.at == "/attach"
    name = {"en": "CRPS of the leg or foot", "es": "SDRC de la pierna o el pie"}[lang]
    notice = page.partition("this handout stays chosen:")[2].partition("</div></div>")[0]
    assert f'<span lang="{lang}">{name}</span>' in notice
    assert said in notice
    assert re.findall(r'name="sheet" value="([^"]*)" checked', page) == [layout]
    page = browser.get(browser.link(r"/attach\?condition="))
    assert "stays chosen" not in page
    assert not re.search(r'<option value="crps"[^>]*selected', page)
