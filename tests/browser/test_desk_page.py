"""The desk page in a real browser: by few clicks, by keys alone, without scripts, for anyone."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from handouts.desk import serving
from tests.browser.conftest import SOON, Served, axe_findings, enter, gather, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


class Clicks:
    """Counts what a hand does."""

    def __init__(self) -> None:
        """None yet."""
        self.count = 0

    def __call__(self, what: Locator) -> None:
        """Click once."""
        self.count += 1
        what.click()


def search(page: Page, served: Served, text: str) -> None:
    """Type into the search field, which has the focus."""
    enter(page, served.address)
    page.keyboard.type(text)
    page.wait_for_selector("#results .open, #results .nothing")


def printed(page: Page) -> str:
    """Wait until it is on paper; what the page says of it."""
    page.wait_for_selector(".notice.good", timeout=20_000)
    return page.inner_text(".notice.good")


@pytest.mark.parametrize(
    ("text", "says"),
    [("g90521", "1 copy, 3 sheets"), ("g90521 spanish large", "1 copy, 7 sheets")],
)
def test_two_clicks_to_paper(page: Page, served: Served, text: str, says: str) -> None:
    """The usual handout by its code, and the Spanish one in large letters."""
    click = Clicks()
    search(page, served, text)
    click(page.locator("#results .open").first)
    click(page.locator("#print"))
    assert says in printed(page)
    assert click.count == 2
    assert page.evaluate("document.activeElement.innerText").startswith("Next patient")
    assert page.evaluate("scrollY") == 0


def test_three_clicks_with_a_name(browser: Browser, served: Served) -> None:
    """The name is on the paper that was shown; after "Next patient" it is nowhere."""
    click = Clicks()
    context = browser.new_context(locale="en-US")
    page = context.new_page()
    search(page, served, "foot burning after surgery")
    click(page.locator("#results .open").first)
    click(page.get_by_label("Patient’s name"))
    before = page.locator(".pages img").first.get_attribute("src")
    page.keyboard.type("Maria Example")
    other = "src => document.querySelector('.pages img').getAttribute('src') !== src"
    page.wait_for_function(other, arg=before)
    assert page.evaluate("document.activeElement.value") == "Maria Example"
    count = len(served.printer.printed)
    click(page.locator("#print"))
    assert "Check the name" in printed(page)
    assert click.count == 3
    assert len(served.printer.printed) == count + 1
    assert "Maria" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.root}/")
    page.go_back()
    page.wait_for_load_state()
    assert "What was typed here is gone" in page.inner_text("main")
    assert "Maria" not in page.content()
    context.close()


def test_another_language_of_the_page_keeps_what_was_typed_and_chosen(
    page: Page, served: Served
) -> None:
    enter(page, served.address)
    page.goto(f"{served.root}/h/crps")
    page.locator("label", has_text="Large print").click()
    page.wait_for_url("**/d/*")
    page.get_by_label("Patient’s name").fill("Maria Example")
    for pressed in ("true", "false"):  # a moment after it was typed
        page.locator('[aria-label^="Favourite"]').click()
        page.wait_for_selector(f'[aria-label^="Favourite"][aria-pressed="{pressed}"]')
    page.locator('[name="you-patient"]').fill("Maria Saved")
    with page.expect_download() as saved:
        page.locator("a[data-saves]").click()
    with pypdfium2.PdfDocument(saved.value.path()) as pdf:
        assert any("Maria Saved" in one.get_textpage().get_text_bounded() for one in pdf)
    page.locator('[name="you-patient"]').fill("Maria Sample")
    page.locator('.head button[name="language"]').click()
    page.wait_for_selector("html[lang=es]")
    assert page.locator('[name="you-patient"]').input_value() == "Maria Sample"
    assert page.locator('[type="radio"][value="large-print"]').is_checked()
    page.locator('.head button[name="language"]').click()
    page.wait_for_selector("html[lang=en]")


def test_a_tab_whose_patient_is_gone_says_so(browser: Browser, served: Served) -> None:
    """It does not say for ever that it prints."""
    context = browser.new_context(locale="en-US")
    first, second = context.new_page(), context.new_page()
    enter(first, served.address)
    served.printer.states = [5]
    first.goto(f"{served.root}/h/crps")
    first.locator("#print").click()
    first.wait_for_url("**/j/*")
    second.goto(f"{served.root}/")
    csrf = second.locator('[name="csrf"]').first.input_value()
    post = "csrf => fetch('/next', { method: 'POST', body: new URLSearchParams({ csrf }) })"
    second.evaluate(post, csrf)
    first.bring_to_front()
    first.wait_for_selector("text=What was typed here is gone")
    served.printer.states = [9]
    context.close()


def test_one_press_of_two_quick_ones(page: Page, served: Served) -> None:
    """A double click prints once. Whoever goes on typing meanwhile presses no other button."""
    enter(page, served.address)
    page.goto(f"{served.root}/h/crps")
    count = len(served.printer.printed)
    served.printer.states = [5]
    page.locator("#print").dblclick()
    page.wait_for_url("**/j/*")
    page.locator("#you-patient").focus()
    served.printer.states = [9]
    printed(page)
    assert page.evaluate(FOCUSED)[0] == "you-patient"
    assert len(served.printer.printed) == count + 1


def test_keys_alone(page: Page, served: Served) -> None:
    """To the search, to a result, to paper and on to the next; Tab goes the way of reading, and
    where it is can be seen. The screen itself is never printed."""
    page.add_init_script("window.print = () => { window.screenPrinted = true }")
    enter(page, served.address)
    page.goto(f"{served.root}/help")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#q:focus")
    page.keyboard.type("foot")
    page.wait_for_selector("#results .open")
    page.route("**/find", lambda _: None, times=1)
    with page.expect_request("**/find"):
        page.fill("#q", "crps")
    page.keyboard.press("Enter")  # opens nothing of what was found before
    page.wait_for_url("**/find")
    page.locator("#q").focus()
    page.wait_for_selector("#results .open")
    page.keyboard.press("ArrowDown")
    assert "open" in str(page.evaluate("document.activeElement.className"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector("#print")
    places = []
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const one = document.activeElement, box = one.getBoundingClientRect();
            const shown = one.closest('.choice') ?? one;
            const style = getComputedStyle(shown);
            const bar = document.querySelector('.act').getBoundingClientRect();
            return one === document.body ? null : [one.id || one.name || one.innerText,
                one.matches('[type=date], [type=time]') // its button shows that by itself
                || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                box.top < innerHeight && box.bottom > 0,
                one.closest('.bar') || box.bottom <= bar.top + box.height] }"""
        )
        if found is None:
            break
        places.append(found)
    assert [one for one in places if not all(one[1:])] == []
    names = [one[0] for one in places]
    assert names.index("you-patient") < names.index("copies") < names.index("print")
    page.keyboard.press("Control+p")
    assert "Printed: 1 copy" in printed(page)
    assert page.evaluate("window.screenPrinted") is None
    page.keyboard.press("Enter")
    page.wait_for_selector("#q:focus")
    page.wait_for_load_state()  # the keys are heard by then
    page.keyboard.press("F1")
    page.wait_for_url("**/help")


FOCUSED = """() => { const one = document.activeElement;
    return [one.id || one.name, one.getAttribute("aria-label") ?? one.value ?? ""] }"""


def pressed(page: Page, key: str) -> list[str]:
    """Press a key, and wait for the pages that it asks for; what has the focus then."""
    page.evaluate("document.querySelector('#bar').dataset.before = 'yes'")
    page.keyboard.press(key)
    page.wait_for_selector("#bar:not([data-before])")
    page.wait_for_selector("#preview:not([aria-busy=true])")
    focused: list[str] = page.evaluate(FOCUSED)
    return focused


def test_the_focus_stays_where_keys_have_chosen(page: Page, served: Served) -> None:
    """So the next key goes on there, and a screen reader is not thrown to the top."""
    enter(page, served.address)
    page.goto(f"{served.root}/h/crps")
    page.locator("#to-sections").click()
    page.locator('[name="section"]').nth(1).focus()
    section = page.evaluate(FOCUSED)
    assert [pressed(page, "Space"), pressed(page, "Space")] == [section, section]
    page.locator("#to-how").click()
    for name in ("grey", "last"):
        page.locator(f'[name="{name}"]').focus()
        assert [pressed(page, "Space"), pressed(page, "Space")] == [[name, "yes"]] * 2
    for step in ("One copy more", "One copy less"):
        page.get_by_label(step).focus()
        assert pressed(page, "Enter") == ["", step]
    page.get_by_label("One copy more").focus()
    pressed(page, "Enter")
    pressed(page, "Enter")
    assert page.locator("#copies").input_value() == "3"


def test_the_focus_follows_a_handout_through_the_packet(page: Page, served: Served) -> None:
    """Where its button is no more, no other one is pressed by mistake."""
    enter(page, served.address)
    gather(page, served, "crps?size=one-page", "foot?size=one-page", "crps?lang=es&size=one-page")
    last = page.locator('[name="up"]').last
    label = last.get_attribute("aria-label")
    last.focus()
    assert pressed(page, "Enter") == ["up", label]
    assert page.locator('[name="up"]').first.get_attribute("aria-label") == label
    assert pressed(page, "Enter")[0] == "order"
    order = page.locator(".order strong").all_inner_texts()
    page.keyboard.press("Enter")
    page.locator('[name="remove"]').first.focus()
    assert pressed(page, "Enter")[0] == "order"
    assert page.locator(".order strong").all_inner_texts() == order[1:]
    assert page.locator("#tab-packet .count").inner_text() == "2"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)[0] == "remove"


def test_it_opens_by_its_file(page: Page, served: Served, tmp_path: Path) -> None:
    """As an icon opens it: the browser comes from a file, which is another site to it."""
    page.goto(serving.door(tmp_path, served.address).as_uri())
    page.wait_for_selector("#q:focus")
    assert page.url == f"{served.root}/"
    page.reload()
    page.wait_for_selector("#q:focus")


def test_without_scripts(browser: Browser, served: Served) -> None:
    """Find, choose, look and print are buttons of forms."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, served.address)
    page.fill("#q", "g90.521")
    page.get_by_role("button", name="Find").click()
    page.locator("#results .open").first.click()
    page.get_by_label("Español").check()
    page.get_by_role("button", name="Show these pages").click()
    assert page.inner_text("h1") == "SDRC de la pierna o el pie"
    assert "Estimulación" in page.inner_text("#title")
    page.fill("#you-patient", "Ana Example")
    page.locator("#print").click()
    page.locator("#notices").get_by_text("You changed something").wait_for()
    count = len(served.printer.printed)
    served.printer.states = [3, 5, 9]
    page.locator("#print").click()
    page.wait_for_url("**/j/*")
    how_far = page.get_by_role("link", name="See how far it is")
    on_paper = page.locator("#notices").get_by_text("Printed: 1 copy")
    deadline = time.monotonic() + 30
    while not on_paper.count() and time.monotonic() < deadline:
        page.wait_for_timeout(300)
        if how_far.count():
            how_far.click()
    assert on_paper.count() == 1
    assert len(served.printer.printed) == count + 1
    page.get_by_role("button", name="Next patient").click()
    assert page.url == f"{served.root}/"
    context.close()


PAGES = (
    *("/", "/find", "/h/crps", "/h/pelvic", "/h/crps?lang=es&size=large-print", "/help"),
    *("wrong", "printed", "failed", "look", "text"),
)


def went(page: Page, served: Served, path: str) -> None:
    """To one of the views."""
    if path == "/find":
        page.fill("#q", "foot")
        page.wait_for_selector("#results .open")
        return
    page.goto(f"{served.root}{path if path.startswith('/') else '/h/crps'}")
    if path == "wrong":
        page.fill("#you-patient", "M" * 90)
        page.wait_for_selector(".bad")
    elif path == "printed":
        page.locator("#print").click()
        printed(page)
    elif path == "failed":
        served.printer.says["printer-is-accepting-jobs"] = False
        page.locator("#print").click()
        page.wait_for_selector(".notice.warning")
        served.printer.says["printer-is-accepting-jobs"] = True
    elif path == "look":
        page.locator(".pages a").first.click()
    elif path == "text":
        page.locator("a", has_text=re.compile("Read as text|Leer como texto")).click()


#: A desk's screen, a phone, and a screen at 200 %. The dark has other colours and nothing else.
WIDTHS = (1280, 640, 320)
LOOKS = {
    "en-US": {1280: "light", 640: "dark", 320: "light"},
    "es-MX": {1280: "dark", 320: "light"},
}


@pytest.mark.parametrize("lang", LOOKS)
def test_anyone_can_use_it(browser: Browser, served: Served, lang: str) -> None:
    """Nothing that axe finds wrong or cannot decide, no sideways scroll: on a phone, at 200 %, in
    the dark, in both languages. The whole page is looked at: no part hides below the bar."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale=lang)
    page = context.new_page()
    enter(page, served.address)
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(served.root)
        went(page, served, path)
        page.wait_for_load_state("networkidle")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found[f"{path} {width}"] = [f"scrolls {over} px sideways"] if over > 0 else []
            if scheme := LOOKS[lang].get(width):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                height = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": width, "height": min(int(height) + 200, 8000)})
                found[f"{path} {width}"] += axe_findings(page)
        page.set_viewport_size({"width": 1280, "height": 800})
    context.close()
    assert {view: what for view, what in found.items() if what} == {}


@pytest.mark.parametrize("lang", ["en-US", "es-MX"])
def test_the_head_takes_two_lines_of_a_phone(browser: Browser, served: Served, lang: str) -> None:
    """With the number of a packet's parts, too. Nothing in it overlaps; the printer is heard."""
    context = browser.new_context(locale=lang, has_touch=True)
    page = context.new_page()
    enter(page, served.address)
    page.goto(f"{served.root}/h/crps")
    page.locator("[formaction='/packet/add']").click()
    page.wait_for_url("**/packet")
    for width in (320, 360, 390, 400):
        page.set_viewport_size({"width": width, "height": 800})
        boxes = page.evaluate(
            """() => [...document.querySelectorAll(".head a, .head button")].map(one => {
            const box = one.getBoundingClientRect(), hidden = one.scrollWidth - one.clientWidth;
            return [box.left, box.top, box.right, box.bottom, hidden] })"""
        )
        lines = {round((top + bottom) / 2 / 20) for _, top, _, bottom, _ in boxes}
        assert len(lines) == 2, (width, boxes)
        for number, (left, top, right, bottom, hidden) in enumerate(boxes):
            assert right <= width
            assert hidden <= 0
            for other in boxes[number + 1 :]:
                apart = other[0] >= right or other[2] <= left
                assert apart or other[1] >= bottom or other[3] <= top, (width, boxes)
    assert page.locator("#printer").inner_text().startswith("Front: ")
    context.close()


def test_an_icon_opens_no_page_of_other_options(served: Served, tmp_path: Path) -> None:
    """One that gives out drafts, or shows what an editor saves, is none for the desk."""

    def address(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    with (
        running(served.home, tmp_path, "--allow-draft") as drafts,
        running(served.home, tmp_path, "--edit") as editing,
        running(served.home, tmp_path) as desk,
    ):
        there = [address(one) for one in (drafts, editing, desk)]
        assert len(set(there)) == 3
        for options, known in zip((("--allow-draft",), ("--edit",), ()), there, strict=True):
            with running(served.home, tmp_path, *options) as again:
                assert address(again) == known
                assert again.wait(SOON) == 0


def test_the_program_is_gone(browser: Browser, served: Served, tmp_path: Path) -> None:
    """The page says so, and that nothing was printed since; stopped by Ctrl-C, it leaves no file
    and no child."""
    with running(served.home, tmp_path) as process:
        assert process.stdout is not None
        context = browser.new_context()
        page = context.new_page()
        enter(page, process.stdout.readline().strip())
        config = list(tmp_path.rglob("running*.json"))
        assert len(config) == 1
        assert config[0].stat().st_mode & 0o777 == 0o600
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) == 130
    assert list(tmp_path.rglob("running*.json")) == []
    page.keyboard.type("crps")
    page.wait_for_selector("#lost")
    assert "Nothing was printed since" in page.inner_text("#lost")
    context.close()


def test_a_second_start_finds_the_first(served: Served, tmp_path: Path) -> None:
    """The icon, clicked again, opens the page that runs."""
    with running(served.home, tmp_path) as first:
        assert first.stdout is not None
        address = first.stdout.readline()
        with running(served.home, tmp_path) as second:
            out, _ = second.communicate(timeout=30)
        assert second.returncode == 0
        assert out == address
        first.terminate()
        assert first.wait(SOON) == 128 + signal.SIGTERM
