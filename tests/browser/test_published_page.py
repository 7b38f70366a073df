"""The published page in a real browser, from a folder: by search, by keyboard, seen by anyone."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handouts.finding.catalogue import Catalogue, read_catalogue
from handouts.library.brand import load_brand
from handouts.publish.webpage import Entry, index_page, look_of
from handouts.workspace import Workspace
from tests.browser.conftest import axe_findings
from tests.finding.conftest import TODAY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SHIPPED = Workspace(None, Path("output"))
#: Not approved, or in English alone.
NOT_HERE = ("crps-arm", "nerve-injury")
NOT_SPANISH = ("pelvic", "groin-hernia")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a published folder: what is approved; the PDFs are empty."""
    folder = tmp_path_factory.mktemp("desk folder")
    catalogue = read_catalogue(SHIPPED, TODAY)
    entries = tuple(entries_of(catalogue))
    for one in entries:
        (folder / one.file).write_bytes(b"%PDF-1.7\n")
    page = index_page(SHIPPED, entries, catalogue, look_of(load_brand(SHIPPED, "juniper")))
    (folder / "index.html").write_text(page, encoding="utf-8")
    return (folder / "index.html").as_uri()


def entries_of(catalogue: Catalogue) -> list[Entry]:
    return [
        Entry(
            condition=row.condition,
            layout=layout.name,
            title=row.title,
            short_name=row.short_name,
            body_part=row.body_part,
            lang=row.lang,
            language=catalogue.languages[row.lang],
            sizes=layout.title,
            for_physician=layout.for_physician,
            on_label=row.on_label,
            duplex=layout.name != "poster",
            sheet="whole",
            approved=TODAY,
            until=date(2027, 11, 21),
            file=f"{row.condition}.{layout.name}.{row.lang}.pdf",
            pages=6,
        )
        for row in catalogue.rows
        if row.condition not in NOT_HERE and (row.lang == "en" or row.condition not in NOT_SPANISH)
        for layout in catalogue.layouts
    ]


def ask(page: Page, text: str) -> None:
    page.fill("#q", text)
    page.wait_for_timeout(250)


def titles(page: Page) -> list[str]:
    found = page.locator("#results:visible h3").all()
    return [one.inner_text() for one in found]


def test_what_is_typed_shows_what_fits_and_why(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "foot burning after surgery")
    assert page.inner_text("#count") == "2 handouts"
    assert page.inner_text("#said") == "2 handouts"
    assert "CRPS of the leg or foot" in titles(page)
    crps = page.locator('[data-condition="crps"]')
    assert (
        crps.locator(".why").inner_text() == "patients say “my foot burns and swells after surgery”"
    )
    assert crps.locator("mark").all_inner_texts() == ["foot", "burns", "surgery"]
    ask(page, "g90521 Rosa")
    assert titles(page) == ["CRPS of the leg or foot"]
    assert page.inner_text("#beside") == "Found by the code. Not found in it: Rosa."
    assert page.inner_text("#said").endswith("Not found in it: Rosa.")
    ask(page, "m54.5 Rosa")
    assert "No handout has: M54.5, Rosa." in page.inner_text("#note")
    assert page.locator("#beside:visible").count() == 0
    ask(page, "")
    assert titles(page) == []
    assert page.locator("#all .card:visible").count() == 5
    assert page.locator("mark, .best").count() == 0


@pytest.mark.parametrize(
    ("typed", "file"),
    [
        ("g90521", "crps.standard.en.pdf"),
        ("g90521 spanish large", "crps.large-print.es.pdf"),
        ("rodilla doctor", "knee-replacement.referral.en.pdf"),
    ],
)
def test_enter_goes_to_the_pdf_that_was_asked_for(
    page: Page, desk: str, typed: str, file: str
) -> None:
    page.goto(desk)
    page.keyboard.type(typed)  # the search has the focus
    page.keyboard.press("Enter")
    focused = page.locator(":focus")
    assert focused.get_attribute("href") == file
    assert focused.evaluate("one => getComputedStyle(one).outlineWidth") == "3px"
    assert (page.locator(".best").all_inner_texts() or [""])[0]
    with page.expect_event("request", lambda one: one.url.endswith(file)):
        page.keyboard.press("Enter")


def test_arrows_escape_and_the_shortcut(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "surgery")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    links = page.locator("#results .best")
    assert links.count() > 2
    assert links.nth(1).evaluate("one => one === document.activeElement")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.locator(":focus").get_attribute("id") == "q"
    page.keyboard.press("Tab")
    page.keyboard.press("Control+k")
    assert page.locator(":focus").get_attribute("id") == "q"
    page.keyboard.press("Escape")
    assert page.input_value("#q") == ""
    assert titles(page) == []


def test_what_is_not_there_is_said_and_what_is_near_is_not_chosen(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "hernia español")
    assert page.locator(".lacks:visible").all_inner_texts() == ["Not here: Español."]
    assert page.locator(".best").count() == 0
    ask(page, "knee bogus")
    assert page.inner_text("#none") == "Nothing found for “knee bogus”."
    assert titles(page) == ["Knee pain after replacement"]
    assert page.locator(".best").count() == 0
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "q"
    for typed in ("M54.5", "G90.511"):
        ask(page, typed)
        assert titles(page) == []
        assert page.is_visible("#ask")
    ask(page, "G89.21")
    assert page.is_visible("#notice"), "it may be a nerve, of which there is no handout here"
    assert titles(page) == ["Foot pain after surgery or injury"]


def test_two_codes_and_codes_that_exclude_each_other(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "m25.561 g90.521")
    assert page.inner_text("#count") == "2 codes, 2 handouts: open each."
    assert titles(page) == ["Knee pain after replacement", "CRPS of the leg or foot"]
    ask(page, "G90.521 G57.71")
    assert "not coded together" in page.inner_text("#note")


def test_parts_of_the_body_and_the_other_language(page: Page, desk: str) -> None:
    page.goto(desk)
    page.click("#parts button:has-text('Knee')")
    assert titles(page) == ["Knee pain after replacement"]
    page.click("#switch")
    assert titles(page) == ["Dolor de rodilla después de un reemplazo"]
    assert page.locator(".best").get_attribute("href") == "knee-replacement.standard.es.pdf"
    assert page.inner_text("#count") == "1 folleto"
    assert page.title() == "Folletos para pacientes"
    assert page.locator("html").get_attribute("lang") == "es"
    ask(page, "me quema")
    assert "el paciente dice «" in page.locator(".why:visible").first.inner_text()


def test_without_scripts_everything_is_listed(browser: Browser, desk: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(desk)
    text = page.locator("main").inner_text()
    context.close()
    assert "Which handout?" not in text
    assert "Patients" not in text
    for said in ("Leg or foot", "Groin pain after hernia repair", "3 sheets", "Large print"):
        assert said in text
    assert text.count("Approved on November 21, 2026, until November 21, 2027") == 8


def test_nothing_is_fetched_and_the_policy_stops_what_is_not_the_pages_own(
    browser: Browser, desk: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(desk)
    ask(page, "knee")
    assert [one for one in asked if not one.startswith("data:")] == [desk]
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'document.title = \"run\"'}))"
    )
    assert page.title() == "Patient handouts"
    context.close()


STATES = {"start": "", "found": "foot burning after surgery", "none": "knee bogus"}


#: 640: at 1280, with a zoom of 200 %. The dark has other colours and nothing else.
LOOKS = ((320, "light"), (640, "dark"), (1280, "light"))
SMALL = (
    "[...document.querySelectorAll('button, a, input')].filter(one => one.checkVisibility())"
    ".filter(one => one.getBoundingClientRect().height < 36"
    " || one.getBoundingClientRect().width < 36).map(one => `too small: ${one.outerHTML}`)"
)


@pytest.mark.parametrize("state", STATES)
def test_anyone_can_use_it(page: Page, desk: str, state: str) -> None:
    page.goto(desk)
    ask(page, STATES[state])
    found: dict[str, list[str]] = {}
    for width, scheme in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth") - width
        sideways = [f"scrolls {over} px sideways"] if over > 0 else []
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height})
        found[f"{width} {scheme}"] = [*axe_findings(page), *sideways, *page.evaluate(SMALL)]
    assert {look: what for look, what in found.items() if what} == {}


def test_with_larger_letters_nothing_is_cut(page: Page, desk: str) -> None:
    page.set_viewport_size({"width": 640, "height": 800})
    page.goto(desk)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    ask(page, "knee")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_on_paper_it_is_a_list(page: Page, desk: str) -> None:
    page.goto(desk)
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.is_visible("#find")
    assert not page.is_visible("#switch")
    assert page.is_visible("text=Groin pain after hernia repair")
    colours = page.evaluate("getComputedStyle(document.querySelector('h3')).color")
    assert re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colours)
    assert max(map(int, re.findall(r"\d+", colours))) < 128, "dark letters on white paper"
