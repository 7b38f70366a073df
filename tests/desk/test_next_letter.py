"""After one letter comes the next: which handout stays chosen is plain to see."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import urlencode

import pypdfium2
import pytest

from handouts.approvals import revoke
from handouts.workspace import open_workspace
from tests.desk.desks import SIGNED, Browser, clinic_folder, open_desk

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


def drop(browser: Browser) -> list[str]:
    """Drop a letter with what stands on the page; the text of the pages of the result."""
    asked = re.findall(r'form="letter-form" name="(\w+)" value="([^"]*)" checked', browser.page)
    asked += [
        ("condition", one)
        for one in re.findall(r'<option value="([^"]+)"[^>]* selected', browser.page)
    ]
    letter = {"d": browser.field("d"), "letter": (io.BytesIO(LETTER), "x")}
    browser.post("/attach", {**dict(asked), **letter})
    browser.get(browser.link(r"/a/[^\"?]*/file.pdf[^\"]*"))
    return texts(browser.data)


def test_all_that_was_chosen_stays_and_nothing_that_was_typed(tmp_path: Path) -> None:
    browser = Browser(open_desk(clinic_folder(tmp_path), tmp_path / "shelf"))
    browser.get("/h/crps")
    browser.post("/d", browser.form(length="long", **{"you-patient": "Maria Sample"}))
    form = browser.form()
    browser.post("/d", form | {"section": [one for one in form["section"] if one != "faq"]})
    browser.post("/attach", browser.form())
    first = drop(browser)
    assert len(first) > len(texts(LETTER)) + 12, "on the letter's own paper, and long"
    browser.get("/attach")
    page = browser.post(browser.link(r"/a/[^\"]*/next"), {})
    assert "English · Standard · Long · Sections left out: 1" in " ".join(page.split())
    again = drop(browser)
    assert len(again) == len(first)
    assert not any("What people ask" in text for text in again)
    assert [sum("Maria Sample" in text for text in one) for one in (first, again)] == [1, 0]


def test_a_sheet_whose_layout_is_no_more_stays_named(tmp_path: Path) -> None:
    """Alone or behind the next letter: what is missing is said, and the letter can go on."""
    home = clinic_folder(tmp_path)
    own = home / "layouts/ours/layout.toml"
    own.parent.mkdir()
    own.write_text('extends = "large-print"\ntitle.en = "Ours"\n')
    desk = open_desk(home, tmp_path / "shelf")
    browser = Browser(desk)
    wanted = {"condition": "crps", "lang": "en", "sheet": "ours"}
    browser.post("/attach", {**wanted, "letter": (io.BytesIO(LETTER), "x")})
    assert "Ready" in browser.page
    token = browser.at
    own.parent.rename(home / "layouts/theirs")
    desk.clinic._looked = 0
    assert "Ready" in browser.get(token)
    page = browser.post(f"{token}/sheet", {})
    assert "There is no layout “ours”" in page
    browser.get(token)
    page = browser.post(f"{token}/next", {})
    assert (browser.at, browser.status) == ("/attach", 200)
    assert "English · ours" in page.partition("this handout stays chosen:")[2]
    page = browser.post("/attach", {**wanted, "letter": (io.BytesIO(LETTER), "x")})
    assert "There is no layout “ours”" in page.partition("cannot go behind the letter")[2]
    page = browser.post(browser.link(r"/a/[^\"/]*"), {**wanted, "sheet": "referral"})
    assert "Ready" in page


@pytest.mark.parametrize("typed", ["", "Maria Sample"])
def test_a_packet_stays_chosen_unless_it_is_for_somebody(tmp_path: Path, typed: str) -> None:
    browser = Browser(open_desk(clinic_folder(tmp_path), tmp_path / "shelf"))
    browser.post("/packet/add", {"pick": ["crps en standard", "foot en standard"]})
    browser.post("/packet", {"you-patient": typed, "key": browser.field("key")})
    for _ in range(2):  # the second one in another tab
        browser.get("/packet")
        browser.post("/attach", {"d": browser.field("d")})
        first = drop(browser)
    browser.get("/attach")
    page = browser.post(browser.link(r"/a/[^\"]*/next"), {})
    assert browser.at == "/attach"
    assert ("The packet, " in page) == (not typed)
    if not typed:
        assert drop(browser) == first


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


@pytest.mark.parametrize("lang", ["en", "fr"], ids=["withdrawn", "not written"])
def test_no_other_language_takes_the_place_of_the_one_that_was_asked_for(
    tmp_path: Path, lang: str
) -> None:
    """Nothing goes behind the letter until somebody chooses the other one, whatever else they
    press."""
    home = clinic_folder(tmp_path)
    desk = open_desk(home, tmp_path / "shelf")
    browser = Browser(desk)
    revoke(open_workspace(home, home), "crps", "en", SIGNED["en"])
    desk.clinic._looked = 0
    says = {"en": ("in English", ": Withdrawn"), "fr": ("in fr", ": not written in this language")}
    wanted = {"condition": "crps", "lang": lang, "sheet": "referral"}
    for at_first in (browser.get("/attach?" + urlencode(wanted)), letter_behind(browser, wanted)):
        notice = at_first.partition("Nothing goes behind the letter yet")[2].partition("</div>")[0]
        assert all(words in notice for words in says[lang])
        assert re.findall(r'name="lang" value="([^"]*)"( checked)?', at_first) == [
            ("es", ""),
            (lang, ""),
        ]
        assert 'name="sheet" value="referral" checked' in at_first
    at = browser.at
    page = browser.post(at, {"condition": "crps", "lang": lang, "sheet": "standard"})
    assert "Nothing goes behind the letter yet" in page
    browser.get(f"{at}/file.pdf")
    assert browser.status == 404
    browser.get(at)
    page = browser.post(at, {"condition": "crps", "lang": "es", "sheet": "standard"})
    assert "Nothing goes behind the letter yet" not in page
    assert 'name="lang" value="es" checked' in page
    assert "Ready" in page
    revoke(open_workspace(home, home), "crps", "es", SIGNED["es"])
    desk.clinic._looked = 0
    page = browser.get(at)
    assert "Ready" not in page
    page = browser.post(at, {"condition": "crps", "lang": browser.field("lang"), "sheet": "x"})
    assert "in Español" in page
    assert "Choose another handout, or ask a clinician." in page


def letter_behind(browser: Browser, wanted: dict[str, str]) -> str:
    """Drop a letter for that handout."""
    return browser.post("/attach", {**wanted, "letter": (io.BytesIO(LETTER), "x")})
