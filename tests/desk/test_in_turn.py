"""What is pressed one after the other is done so: only what is shown is saved or printed."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from handouts.desk import attaching, guarding, packing
from handouts.desk.state import Desk
from tests.desk.desks import HOST, Browser
from tests.printing.answering import Printer

LETTER = (Path(__file__).resolve().parents[1] / "attach/samples/weasyprint.pdf").read_bytes()
OTHER = (Path(__file__).resolve().parents[1] / "attach/samples/typst_ua.pdf").read_bytes()
PATIENTS = {"condition": "crps", "lang": "en", "sheet": "standard"}
DOCTORS = {**PATIENTS, "sheet": "referral"}

pytestmark = pytest.mark.usefixtures("answered_here", "printed_once")


@contextmanager
def pressed(
    browser: Browser, path: str, form: dict[str, Any], monkeypatch: pytest.MonkeyPatch, work: str
) -> Iterator[None]:
    """A press whose work takes until after the next press has come."""
    begun, room = threading.Event(), attaching if work == "settled" else packing
    slow: Callable[..., Any] = getattr(room, work)

    def made(*args: Any, **kwargs: Any) -> Any:
        if threading.current_thread() is first:
            begun.set()
            time.sleep(2 if work == "bound" else 0.5)
        return slow(*args, **kwargs)

    monkeypatch.setattr(room, work, made)
    fields = {"csrf": browser.field("csrf"), **form}
    client = browser.client
    first = threading.Thread(
        target=lambda: client.post(path, data=fields, base_url=f"http://{HOST}")
    )
    first.start()
    assert begun.wait(20)
    yield
    first.join(20)


def dropped(browser: Browser) -> str:
    """A letter with the doctor's sheet; the address of its page."""
    browser.post("/attach", {**DOCTORS, "letter": (io.BytesIO(LETTER), "x")})
    assert "Ready" in browser.page
    return browser.at


def pages_of(data: bytes) -> int:
    return len(pypdfium2.PdfDocument(data))


def saved(browser: Browser, case: str) -> int:
    browser.get(f"{case}/file.pdf")
    return pages_of(browser.data)


def test_of_two_choices_the_later_one_goes_behind_the_letter(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the first one takes."""
    browser = Browser(desk)
    case = dropped(browser)
    doctors = saved(browser, case)
    with pressed(browser, case, PATIENTS, monkeypatch, "settled"):
        browser.post(case, DOCTORS)
    assert re.findall(r'name="sheet" value="(\w+)" checked', browser.page) == ["referral"]
    assert saved(browser, case) == doctors


def test_what_is_saved_is_what_was_chosen_last(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(desk)
    case = dropped(browser)
    doctors = saved(browser, case)
    browser.get(case)
    with pressed(browser, case, PATIENTS, monkeypatch, "settled"):
        patients = saved(browser, case)
    assert patients == pages_of(LETTER) + 6 != doctors


def test_of_two_tabs_each_saves_what_it_shows(desk: Desk) -> None:
    """Another handout is chosen in the second one: the first one's file is no more, and its press
    leads to what is there now."""
    browser = Browser(desk)
    case = dropped(browser)
    first = browser.link(r"/a/[^\"]*save=yes")
    browser.post(case, PATIENTS)
    second = browser.link(r"/a/[^\"]*save=yes")
    browser.get(first)
    assert browser.at == case
    browser.get(second)
    assert pages_of(browser.data) == pages_of(LETTER) + 6


def test_nothing_is_printed_while_another_handout_is_chosen(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(desk)
    case = dropped(browser)
    press = {key: browser.field(key) for key in ("key", "printer")}
    with pressed(browser, case, PATIENTS, monkeypatch, "settled"):
        browser.post(f"{case}/print", press)
    assert browser.at == case
    assert printer.printed == []
    browser.post(f"{case}/print", {key: browser.field(key) for key in ("key", "printer")})
    assert "Printed" in browser.printed()
    assert pages_of(printer.printed[0]) == pages_of(LETTER) + 6


def test_a_press_that_waited_too_long_says_so_and_can_be_pressed_again(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a script or a reload opens the address of the press, there is the letter, too."""
    browser = Browser(desk)
    case = dropped(browser)
    press = {key: browser.field(key) for key in ("key", "printer")}
    monkeypatch.setattr(guarding, "_PATIENCE", 0.01)
    with pressed(browser, case, DOCTORS, monkeypatch, "settled"):
        browser.post(f"{case}/print", press)
        assert (browser.status, printer.printed) == (503, [])
        assert "press again" in browser.get(browser.at)
    browser.get(f"{case}/print")
    assert (browser.at, browser.status) == (case, 200)
    browser.post(f"{case}/print", {key: browser.field(key) for key in ("key", "printer")})
    assert "Printed" in browser.printed()
    browser.post(f"{case}/next", {})
    assert "What was typed here is gone" in browser.get(f"{case}/print")


def test_a_notice_of_what_was_printed_is_not_shown_beside_another_handout(desk: Desk) -> None:
    """Its edition goes into a chart."""
    browser = Browser(desk)
    case = dropped(browser)
    browser.post(f"{case}/print", {key: browser.field(key) for key in ("key", "printer")})
    assert "For the chart" in browser.printed()
    job = browser.at
    browser.post(case, PATIENTS)
    page = browser.get(job)
    assert "For the chart" not in page
    assert "Print one copy" in page or "Print 1 copy" in page


def test_a_desk_has_one_letter(desk: Desk) -> None:
    """The wrong file, the way back, the right one, and the next patient's."""
    browser = Browser(desk)
    wrong, right = dropped(browser), dropped(browser)
    browser.get(wrong)
    assert browser.at == right
    assert "This is another letter" in browser.page
    browser.get(right)
    assert "This is another letter" not in browser.page
    browser.post(wrong, PATIENTS)
    assert "This is another letter" in browser.page
    browser.get(f"{wrong}/file.pdf")
    assert browser.status == 403
    browser.post(f"{right}/next", {})
    browser.get("/attach")
    assert browser.at == "/attach"


def test_a_second_letter_takes_the_place_of_the_first_one_while_that_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was chosen for the one before goes behind it."""
    browser = Browser(desk)
    case = dropped(browser).rpartition("/")[2]
    one, two = ({"case": case, "letter": (io.BytesIO(data), "x")} for data in (LETTER, OTHER))
    with pressed(browser, "/attach", one, monkeypatch, "settled"):
        browser.post("/attach", two)
    assert "Ready" in browser.page
    assert re.findall(r'name="sheet" value="(\w+)" checked', browser.page) == ["referral"]
    last = browser.at
    browser.get("/attach")
    assert browser.at == last


@pytest.mark.parametrize("press", ["next", "sheet"])
def test_what_is_pressed_while_another_letter_is_read_is_about_that_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, press: str
) -> None:
    browser = Browser(desk)
    case = dropped(browser)
    other = {"case": case.rpartition("/")[2], "letter": (io.BytesIO(OTHER), "x")}
    with pressed(browser, "/attach", other, monkeypatch, "settled"):
        if press == "next":
            browser.post(f"{case}/next", {})
        else:
            browser.post(case, PATIENTS)
    assert browser.status == 200
    browser.get("/attach")
    if press == "next":
        assert browser.at == "/attach", "no letter is left"
    else:
        assert saved(browser, browser.at) == pages_of(OTHER) + 6


def test_a_search_forgets_the_letter_that_is_being_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever searches does not wait for the letter of the patient before."""
    browser = Browser(desk)
    browser.get("/attach")
    one = {**DOCTORS, "letter": (io.BytesIO(LETTER), "x")}
    with pressed(browser, "/attach", one, monkeypatch, "settled"):
        browser.post("/find", {"q": "foot"})
    browser.get("/attach")
    assert browser.at == "/attach"


def packet(browser: Browser) -> None:
    browser.post("/packet/add", {"pick": ["crps en standard", "foot en standard"]})


def test_what_is_taken_out_while_a_name_is_set_comes_back_by_no_older_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is what the packet is; the name is in it."""
    browser = Browser(desk)
    packet(browser)
    form = {"key": browser.field("key"), "you-patient": "Ana Example"}
    with pressed(browser, "/packet", form, monkeypatch, "bound"):
        browser.post("/packet", {**form, "remove": "1"})
    listed = browser.page.count('name="remove"')
    assert browser.get("/packet").count('name="remove"') == listed > 0
    assert "Ana Example" in browser.page


def test_a_packet_is_not_printed_with_what_is_being_taken_out(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(desk)
    packet(browser)
    before, key = browser.link(r"/d/[^\"]*/file.pdf"), browser.field("key")
    press = {"key": key, "printer": printer.uri}
    with pressed(browser, "/packet", {"key": key, "remove": "1"}, monkeypatch, "bound"):
        browser.post("/packet/print", press)
    assert browser.at == "/packet"
    assert printer.printed == []
    browser.get(before)
    assert browser.status == 403, "the file of before"
