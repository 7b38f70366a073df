"""A packet at the desk: put together by hand or by two codes, printed as it is shown, then gone."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from handouts.approvals import revoke
from handouts.desk import packets, packing
from handouts.desk.memory import IDLE
from handouts.desk.remembered import THIS_PC, Pick
from handouts.desk.shown_sheets import Shown
from handouts.desk.state import Desk, Rules
from handouts.workspace import open_workspace
from tests.approving import approve
from tests.desk.desks import HOST, SIGNED, Browser, clinic_folder, files_below, open_desk
from tests.printing.answering import Printer

SAMPLES = Path(__file__).resolve().parents[1] / "attach/samples"
NAME = "Maria Example"
CODES = "g90521, m79671"
CRPS, FOOT = "crps en standard", "foot en standard"

pytestmark = pytest.mark.usefixtures("answered_here")


def order(browser: Browser) -> list[str]:
    """The handouts of the packet, as the page lists them."""
    browser.get("/packet")
    return re.findall(r'<strong lang="..">(.*?)</strong>', browser.page)


def form(browser: Browser, **changes: Any) -> dict[str, Any]:
    """What a button of the packet's page sends."""
    own = {"key": browser.field("key"), "copies": "1", "sides": "", "paper": "letter"}
    return own | changes


def press_print(browser: Browser, **changes: Any) -> str:
    """Print, and wait until something came of it."""
    browser.post("/packet/print", form(browser, **changes))
    return browser.printed()


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def test_two_codes_to_paper_in_two_presses(desk: Desk, printer: Printer, tmp_path: Path) -> None:
    """“Both as one packet”, “Print”: what is on paper is what was shown; nothing stays."""
    browser, before = Browser(desk), files_below(tmp_path)
    page = browser.post("/find", {"q": CODES})
    assert "Both as one packet" in page
    picks = re.findall(r'name="pick" value="([^"]*)"', page.partition("Both as one packet")[0])
    assert picks == [CRPS, FOOT]
    page = browser.post("/packet/add", {"pick": picks})
    assert browser.at == "/packet"
    assert "Packet: 2 handouts for one patient" in page
    assert '<span class="count">2</span>' in page
    shown = browser.shown()
    assert texts(shown)[0].startswith("Your handouts")
    page = press_print(browser)
    assert f"Printed: 1 copy, {len(texts(shown)) // 2} sheets, on Front" in page
    assert "Next patient" in page
    assert printer.printed == [shown]
    last = desk.shelf.of(THIS_PC).last
    assert set(last) == {Pick("crps", "en", "standard"), Pick("foot", "en", "standard")}
    browser.post("/next", {})
    assert len(desk.memory) == 0
    assert "The packet is empty" in browser.get("/packet")
    new = files_below(tmp_path) - before
    assert [name for name in new if "/editions/" not in name and "/shelf/" not in name] == []


def test_a_packet_is_put_together_by_hand(desk: Desk, printer: Printer) -> None:
    """From a handout with a name on it and from a result; in another order; one less. A button of
    a page that is older does nothing; one press prints once."""
    browser = Browser(desk)
    browser.get("/h/crps")
    browser.post("/packet/add", browser.form(**{"you-patient": NAME, "lang": "es"}))
    assert f'value="{NAME}"' in browser.page
    page = browser.post("/find", {"q": "foot"})
    assert '<span class="count">1</span>' in page
    browser.post("/packet/add", {"pick": FOOT})
    first, second = order(browser)
    pages = texts(browser.shown())
    assert sum(NAME in text for text in pages) >= 1
    old = form(browser, remove="1")
    browser.post("/packet", form(browser, up="1"))
    assert order(browser) == [second, first]
    browser.post("/packet", old)
    assert order(browser) == [second, first]
    browser.post("/packet/add", {"pick": FOOT})
    assert order(browser) == [second, first]
    press = form(browser)
    browser.post("/packet/print", press | {"key": "that of an older page"})
    assert browser.at == "/packet"
    for _ in range(3):
        browser.post("/packet/print", press)
    assert re.search(r"Check the name on pages \d+, \d+ before", press_until_over(browser))
    assert len(printer.printed) == 1
    browser.post(browser.link(r"/j/[^\"]*/again"), {"last": "yes"})
    assert len(printer.printed) == 1
    browser.post("/packet", form(browser, remove="1"))
    assert order(browser) == [second]
    assert any(NAME in text for text in texts(browser.shown()))
    browser.post("/packet", form(browser, **{"you-patient": ""}))
    assert not any(NAME in text for text in texts(browser.shown()))
    browser.post("/packet/empty", {})
    assert order(browser) == []


def press_until_over(browser: Browser) -> str:
    """The page of a job that has ended."""
    for _ in range(400):
        if 'data-from="/j/' not in browser.get(browser.at):
            return browser.page
        time.sleep(0.05)
    raise AssertionError("it prints for ever")


def test_each_part_begins_on_the_front_of_a_sheet(desk: Desk, printer: Printer) -> None:
    """Both sides: blank pages between; one side: none. Where a press of Print changes that, the
    other pages are shown first."""
    browser = Browser(desk)
    browser.post("/packet/add", {"pick": [CRPS, FOOT]})
    assert sum("blank on purpose" in text for text in texts(browser.shown())) == 1
    press_print(browser, sides="one")
    assert browser.at == "/packet"
    assert printer.printed == []
    shown = browser.shown()
    assert not any("blank on purpose" in text for text in texts(shown))
    press_print(browser, sides="one")
    assert printer.printed == [shown]
    browser.get("/packet")
    press_print(browser, sides="one", paper="a4")
    assert browser.at == "/packet"
    with pikepdf.open(io.BytesIO(browser.shown())) as pdf:
        assert {float(page.mediabox[3]) // 1 for page in pdf.pages} == {841}


def test_no_draft_is_bound(desk: Desk, printer: Printer) -> None:
    """None is offered; a forged request gets no pages, and what is wrong can be removed."""
    browser = Browser(desk)
    page = browser.post("/find", {"q": "pelvic"})
    assert 'value="pelvic en' not in page
    browser.post("/packet/add", {"pick": [CRPS, "pelvic en standard"]})
    assert "Part 2 is a draft" in browser.page
    assert '/packet/print"' not in browser.page
    shown = desk.memory.latest(desk.memory.owner(next(iter(desk._visitors.values())).id), Shown)
    assert shown
    browser.post("/packet/print", {"key": shown.key, "copies": "1"})
    assert printer.printed == []
    browser.post("/packet/add", {"pick": "no such thing"})
    assert len(order(browser)) == 2


def test_a_packet_that_was_refused_is_tried_anew_when_it_is_opened(
    desk: Desk, printer: Printer, tmp_path: Path
) -> None:
    """A clinician approved it again meanwhile; nothing was changed on the page."""
    browser, home = Browser(desk), tmp_path / "clinic"
    browser.post("/packet/add", {"pick": [CRPS, FOOT]})
    revoke(open_workspace(home, home), "crps", "en", SIGNED["en"])
    desk.clinic._looked = 0
    assert "Part 1 is a draft" in browser.get("/packet")
    assert "Part 1 is a draft" in browser.get("/packet")
    approve(home, "crps", SIGNED["en"])
    desk.clinic._looked = 0
    assert "There are no pages" not in browser.get("/packet")
    assert "Printed: 1 copy" in press_print(browser)
    assert len(printer.printed) == 1


def test_a_packet_outlives_a_search_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages come back after a search. It is one browser's, and is gone after ten minutes in
    which nobody looked; it holds so many handouts and says so."""
    browser, other = Browser(desk), Browser(desk)
    browser.post("/packet/add", {"pick": [CRPS, FOOT]})
    for _ in range(45):  # more than is kept of what is shown
        desk.memory.keep(desk.memory.owner(next(iter(desk._visitors.values())).id), "shown")
    browser.post("/find", {"q": "knee"})
    assert '<span class="count">2</span>' in browser.page
    assert len(order(browser)) == 2
    address = browser.link(r"/d/[^\"]*/file.pdf")
    assert order(other) == []
    other.get(address)
    assert other.status == 403
    browser.get(address.replace("file.pdf", "look/1"))
    browser.get(browser.link(r"/d/[^\"/]*"))
    assert browser.at == "/packet"
    other.get("/")
    other.post("/packet/add", {"csrf": browser.field("csrf"), "pick": CRPS})
    assert other.status == 403
    layouts = ("standard", "large-print", "referral")
    picks = [f"{one} {layout}" for one in ("crps en", "crps es", "foot en") for layout in layouts]
    monkeypatch.setattr(packets, "MOST", 3)
    browser.post("/packet/add", {"pick": picks})
    assert len(order(browser)) == 3
    monkeypatch.setattr(packing, "MOST", 3)
    assert "A packet holds 3 handouts, no more." in browser.get("/packet")
    later = desk.memory._clock() + IDLE + 1
    desk.memory._clock = lambda: later
    browser.get("/printer")
    assert len(desk.memory) == 0


def test_a_packet_goes_behind_a_letter(desk: Desk) -> None:
    letter = (Path(__file__).resolve().parents[1] / "attach/samples/weasyprint.pdf").read_bytes()
    browser = Browser(desk)
    browser.post("/packet/add", {"pick": [CRPS, FOOT]})
    shown = browser.shown()
    page = browser.post("/attach", {"d": browser.field("d"), "letter": (io.BytesIO(letter), "x")})
    assert f"The packet, {len(texts(shown))} pages." in page
    browser.get(browser.link(r"/a/[^\"]*save=yes"))
    assert browser.data.startswith(letter)
    assert len(texts(browser.data)) == 2 + len(texts(shown))


def test_a_packet_says_for_whom_it_is(desk: Desk, printer: Printer) -> None:
    """What is typed on its page is on every part with a place for it, as it is shown, and nowhere
    else; a poster and a doctor's sheet say that they have none."""
    browser = Browser(desk)
    browser.post("/packet/add", {"pick": [CRPS, "foot en poster", "crps en referral"]})
    assert browser.page.count("no place for a name") == 2
    browser.post("/packet", form(browser, remove="1"))  # no paper of this printer is for a wall
    typed = {"you-patient": NAME, "you-appointment_date": "2020-01-01"}
    browser.post("/packet", form(browser, **typed))
    assert "Appointment: is in the past." in browser.page
    assert browser.page.count('aria-invalid="true"') == 1
    assert '/packet/print"' not in browser.page
    browser.post("/packet", {"you-appointment_date": ""})
    assert f'value="{NAME}"' in browser.page
    browser.post("/packet/add", {"pick": FOOT})
    assert NAME not in browser.at
    shown = browser.shown()
    named = [number for number, text in enumerate(texts(shown), 1) if NAME in text]
    assert len(named) == 2
    assert f"the name is on pages {named[0]}, {named[1]}" in browser.page
    before = browser.page
    press_print(browser, **{"you-patient": "Rosa Example"})
    assert browser.at == "/packet"  # what was not shown is shown first
    assert printer.printed == []
    browser.post("/packet", form(browser, **{"you-patient": NAME}))
    assert browser.page.count(NAME) == before.count(NAME)
    page = press_print(browser, **{"you-patient": NAME})
    assert f"Check the name on pages {named[0]}, {named[1]}" in page
    assert [texts(one) for one in printer.printed] == [texts(shown)]
    assert NAME not in str([about for _, about in printer.asked])
    browser.post("/next", {})
    assert len(desk.memory) == 0


def test_what_was_typed_on_a_handouts_page_stays_in_the_packet(desk: Desk) -> None:
    """The patient's name is the packet's; a side stays with its handout; what differs is listed.
    Two names are no packet."""
    browser = Browser(desk)

    def put(condition: str, **typed: str) -> None:
        browser.get(f"/h/{condition}")
        you = {f"you-{key}": text for key, text in typed.items()}
        browser.post("/packet/add", browser.form(**you))

    put("crps", patient=NAME, side="left", appointment_date="2099-12-03", appointment_time="9:30")
    put("foot", patient=NAME, appointment_date="2099-12-10")
    assert f'name="you-patient" type="text" value="{NAME}"' in browser.page
    assert 'name="you-appointment_date" type="date" value="2099-12-03"' in browser.page
    assert re.findall(r'<span class="own">(.*?)</span>', browser.page) == [
        "Side: Left",
        "Appointment: 2099-12-10",
    ]
    crps, foot = (text for text in texts(browser.shown()) if NAME in text)
    assert "Side: left" in crps
    assert "9:30" in crps
    assert "December 10, 2099" in foot
    assert "Side:" not in foot
    assert "9:30" not in foot
    browser.post("/packet", form(browser, **{"you-side": "right"}))
    assert "Side: Left" not in browser.page
    crps, foot = (text for text in texts(browser.shown()) if NAME in text)
    assert "Side: right" in crps
    assert "Side: right" in foot
    put("crps", patient="Rosa Example", lang="es")
    assert "Patient’s name: two handouts say two things." in browser.page
    assert '/packet/print"' not in browser.page
    assert "Empty the packet" in browser.page
    browser.post("/packet", form(browser, remove="2"))
    assert "two things" not in browser.page
    put("crps", patient="Rosa Example", lang="es")
    buttons = re.findall(r'aria-label="((?:Remove|Up): [^"]*)"', browser.page)
    assert len({*buttons}) == len(buttons) == 5
    assert "Remove: CRPS of the leg or foot, English, Standard (3)" in buttons
    browser.post("/packet", {"key": browser.field("csrf"), "alike": "yes"})
    assert "two things" not in browser.page
    pages = texts(browser.shown())
    assert not any("Rosa Example" in text for text in pages)
    assert sum(NAME in text for text in pages) == 3


def test_a_packet_names_the_handouts_that_it_warns_of(
    tmp_path: Path, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off-label, a draft, newer words: each notice says of which handout."""
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    home = clinic_folder(tmp_path, printer.uri)
    edited = home / "content/conditions/foot/condition.toml"
    edited.parent.mkdir(parents=True, exist_ok=True)
    source = open_workspace(None, home).files["content/conditions/foot/condition.toml"].path
    edited.write_text(source.read_text("utf-8").replace("for foot pain", "for pain"), "utf-8")
    rules = Rules(frozenset({HOST}), allow_draft=True)
    browser = Browser(open_desk(home, tmp_path / "shelf", rules))
    browser.post("/packet/add", {"pick": [CRPS, FOOT, "pelvic en standard"]})
    rows = [one for one in browser.desk.clinic.view().catalogue.rows if one.lang == "en"]
    names = {one.condition: one.short_name for one in rows}

    def told(page: str, words: str) -> set[str]:
        (notice,) = (one for one in page.split('<div class="notice') if words in one)
        said = notice.partition("</div></div>")[0]
        return {one for one, name in names.items() if f">{name}<" in said}

    assert {one.condition for one in rows if one.on_label} & {"crps", "foot", "pelvic"} == {"crps"}
    assert told(browser.page, "for this use") == {"foot", "pelvic"}
    assert told(browser.page, "Drafts, for proofreading only") == {"pelvic"}
    assert told(browser.page, "Newer ones wait") == {"foot"}


class _Defaults(HTMLParser):
    """The name of the button that Enter presses in each form with fields to type into: the first
    of the form in the order of the page (HTML, implicit submission)."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.typed = "", set[str]()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag == "form":
            self.inside = own.get("id") or str(self.getpos())
        form = own.get("form") or self.inside
        kind = own.get("type") or "text"
        if tag == "input" and kind in ("text", "search", "date", "time", "tel", "password"):
            self.typed.add(form)
        if tag == "button" and own.get("type", "submit") == "submit":
            self.found.setdefault(form, own.get("name") or own.get("formaction") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = ""


def _one_handout(browser: Browser) -> None:
    browser.get("/h/crps")


def _two_parts(browser: Browser) -> None:
    browser.post("/packet/add", {"pick": [CRPS, FOOT]})


def _locked_letter(browser: Browser) -> None:
    data = (SAMPLES / "aes_256_user.pdf").read_bytes()
    form = {"condition": "crps", "lang": "en", "sheet": "referral"}
    browser.post("/attach", {**form, "letter": (io.BytesIO(data), "l.pdf")})


@pytest.mark.parametrize("shown", [_one_handout, _two_parts, _locked_letter])
def test_enter_in_a_field_presses_no_button_that_takes_something_away(
    desk: Desk, shown: Callable[[Browser], None]
) -> None:
    browser = Browser(desk)
    shown(browser)
    page = _Defaults()
    page.feed(browser.page)
    assert page.typed
    assert {page.found[form] for form in page.typed if form in page.found} <= {""}
    if shown is _two_parts:
        assert "Packet: 2 handouts" in browser.page


def test_a_blank_more_makes_no_other_patient(desk: Desk) -> None:
    browser = Browser(desk)
    for condition, name in (("crps", "Ana Example"), ("foot", " Ana  Example ")):
        browser.get(f"/h/{condition}")
        browser.post("/packet/add", browser.form(**{"you-patient": name}))
    assert "Packet: 2 handouts" in browser.page
    assert "two handouts say two things" not in browser.page
