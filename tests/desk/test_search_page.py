"""What the page says of a search: found by a code, in part, or not at all."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from operator import methodcaller
from pathlib import Path

import pytest

from handouts.desk.remembered import THIS_PC, Pick
from handouts.workspace import open_workspace
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


@pytest.mark.parametrize(
    ("layout", "line"),
    [("schema =\n", 1), ('kind = "patient"\nsize = 3\n', 2)],
    ids=["saved half-way", "an unknown key"],
)
def test_a_mistake_in_the_clinics_own_standard_layout_stops_its_handouts_alone(
    tmp_path: Path, layout: str, line: int
) -> None:
    """It is said with file and line where the pages would be; what does not extend it is as
    before."""
    home = clinic_folder(tmp_path)
    own = home / "layouts/standard/layout.toml"
    own.parent.mkdir()
    own.write_text(layout)
    browser = Browser(open_desk(home, tmp_path / "shelf"))
    browser.post("/favourite", {"condition": "crps", "lang": "en", "layout": "standard"})
    assert "CRPS of the leg or foot" in browser.page, "it stays a favourite"
    page = browser.post("/find", {"q": "g90.521"})
    assert (browser.status, page.count('class="open"')) == (200, 1)
    page = browser.get(browser.link(r"/h/crps\?[^\"]*size=standard"))
    assert browser.status == 200
    assert f"{own}:{line}: " in page.partition("There are no pages")[2]
    assert "Choose another sheet." in page
    assert 'name="layout" value="standard" checked' in page
    assert not re.search(r"/d/[^\"]*/(page|print)", page)
    page = browser.post("/d", browser.form(layout="referral"))
    assert "There are no pages" not in page
    assert browser.shown().startswith(b"%PDF")
    page = browser.post("/packet/add", {"pick": ["crps en referral", "foot en standard"]})
    assert f"{own}:{line}: " in page
    page = browser.get("/attach?condition=crps&lang=en")
    assert re.findall(r'name="sheet" value="([^"]*)"( checked)?', page) == [
        ("referral", " checked"),
        ("standard", ""),
    ]


def test_two_languages_wait_for_the_one_that_is_not_approved(tmp_path: Path) -> None:
    """A card, a favourite: what it opens could not be printed."""
    browser = Browser(open_desk(clinic_folder(tmp_path), tmp_path / "shelf"))
    for condition, code in (("crps", "g90.521"), ("foot", "m79.671")):  # foot is in English alone
        page = browser.post("/find", {"q": f"{code} two languages"})
        page = page.partition('id="results"')[2]
        assert page.count('class="open"') == 1
        waits = condition == "foot"
        assert ('class="badge dashed">Draft' in page) is waits
        assert ('class="badge good"' in page) is not waits
        assert ("/packet/add" in page) is not waits
        asked = {"condition": condition, "lang": "en", "layout": "bilingual"}
        browser.post("/favourite", asked | {"back": "/"})
        assert ("two languages · Draft" in browser.page.lower().replace("draft", "Draft")) is waits


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("second", ["en", "es"])
def test_what_one_of_two_languages_loses_the_page_says_of_both(
    tmp_path: Path, lang: str, second: str
) -> None:
    home = clinic_folder(tmp_path)
    name = f"content/sections/risks/{second}.md"
    text = open_workspace(home, home).shipped.files[name].path.read_text("utf-8")
    (home / name).parent.mkdir(parents=True)
    (home / name).write_text(text.replace("+++", '+++\nsafety = "Too low."', 1), "utf-8")
    browser = Browser(open_desk(home, tmp_path / "shelf"))
    browser.get(f"/h/crps?lang={lang}&layout=bilingual")
    assert "Take old copies out of the rack." in browser.page
    assert "Nobody at the clinic has approved" not in browser.page
    browser.post("/packet/add", {"pick": f"crps {lang} bilingual"})
    assert "ithdrawn" in browser.page


def test_stars_pressed_at_once_in_many_tabs_all_stay(tmp_path: Path) -> None:
    desk = open_desk(clinic_folder(tmp_path), tmp_path / "shelf")
    picks = [Pick("crps", "en", f"layout-{number}") for number in range(20)]

    def star(pick: Pick) -> None:
        desk.shelf.change(THIS_PC, methodcaller("with_favourite", pick))

    with ThreadPoolExecutor(8) as tabs:
        list(tabs.map(star, picks))
    assert {*desk.shelf.of(THIS_PC).favourites} == {*picks}
