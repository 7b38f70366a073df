"""The last gate before paper: what is shown may be an hour old, and the records are asked again."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import handouts.printing.sending
import handouts.printing.sheets
from handouts.attach import guard
from handouts.attach.refusals import Reason, Refused
from handouts.desk.state import Desk
from tests.desk.desks import Browser, clinic_folder, open_desk
from tests.printing.answering import Printer

SAMPLES = Path(__file__).resolve().parents[1] / "attach/samples"
DOCTORS = {"condition": "crps", "lang": "en", "sheet": "referral"}


def drop(browser: Browser, letter: bytes, **form: str) -> str:
    return browser.post("/attach", {**(form or DOCTORS), "letter": (io.BytesIO(letter), "l.pdf")})


def one_language(browser: Browser) -> None:
    browser.get("/h/crps")


def two_languages(browser: Browser) -> None:
    browser.get("/h/crps?layout=bilingual&lang=es")


def packet(browser: Browser) -> None:
    for pick in ("crps en standard", "foot en standard"):
        browser.post("/packet/add", {"pick": pick})


def letter(browser: Browser) -> None:
    drop(browser, (SAMPLES / "weasyprint.pdf").read_bytes())


def press_print(browser: Browser) -> str:
    """Print, and wait until something came of it."""
    place = browser.link(r"/(?:d/[^\"]*/|a/[^\"]*/|packet/)print")
    own = browser.form() if place.startswith("/d/") else {}
    browser.post(place, own | {"key": browser.field("key")})
    for _ in range(400):
        if not (browser.at.startswith("/j/") and 'data-from="/j/' in browser.page):
            return browser.page
        time.sleep(0.05)
        browser.get(browser.at)
    raise AssertionError("it prints for ever")


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("shown", [one_language, two_languages, packet, letter])
def test_a_record_that_was_moved_away_stops_what_was_approved_by_it(
    shown: Callable[[Browser], None], desk: Desk, printer: Printer, tmp_path: Path
) -> None:
    """By hand, in a file manager, between the look and the press: nothing says “withdrawn”."""
    browser = Browser(desk)
    shown(browser)
    records = list((tmp_path / "clinic/content/approvals").rglob("crps.e*.json"))
    for record in records:
        record.rename(tmp_path / record.name)
    desk.clinic._looked = 0
    assert "names an approval whose record is not there any more" in press_print(browser)
    assert printer.printed == []
    for record in records:
        (tmp_path / record.name).rename(record)
    desk.clinic._looked = 0
    browser.get(browser.at)
    assert "Printed" in press_print(browser)
    assert len(printer.printed) == 1


@pytest.mark.usefixtures("answered_here")
def test_a_handout_of_another_clinic_goes_with_the_letter_that_carries_it(
    desk: Desk, printer: Printer, tmp_path: Path
) -> None:
    """Its records are not here, and need not be."""
    (tmp_path / "other").mkdir()
    other = Browser(open_desk(clinic_folder(tmp_path / "other"), tmp_path / "shelf2"))
    drop(other, (SAMPLES / "weasyprint.pdf").read_bytes(), **DOCTORS | {"condition": "foot"})
    other.get(other.link(r"/a/[^\"]*save=yes"))
    for record in (tmp_path / "clinic/content/approvals").rglob("foot.*.json"):
        record.unlink()
    browser = Browser(desk)
    assert "5 pages of letter, then 3 pages of handout" in drop(browser, other.data)
    assert "Printed" in press_print(browser)
    assert printer.printed[0].startswith(other.data)


def test_the_desk_itself_reads_no_page_of_a_letter(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter may be made to harm who reads it: a child with limits does, to show, to plan and to
    print it, also a page of it alone."""

    def read(*_: object) -> object:
        raise AssertionError("read in this process")

    monkeypatch.setattr(handouts.printing.sheets, "pikepdf", read)
    for name in ("measured", "excerpt", "on_sheets"):
        monkeypatch.setattr(handouts.printing.sending, name, read)
    browser = Browser(desk)
    letter(browser)
    assert "3 sheets" in browser.page
    assert "Printed" in press_print(browser)
    browser.post(browser.link(r"/j/[^\"]*/again"), {"last": "yes"})
    assert "Printed" in press_print(browser)
    whole, last = printer.printed
    assert 0 < len(last) < len(whole)


def test_a_letter_that_cannot_be_measured_is_saved_and_not_printed(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child is stopped when it takes too long."""
    ask = guard.ask

    def late(name: str, *rest: Any) -> Any:
        if name == "page_sizes":
            raise Refused(Reason.TOO_SLOW)
        return ask(name, *rest)

    monkeypatch.setattr(guard, "ask", late)
    browser = Browser(desk)
    letter(browser)
    assert "does not open for printing" in browser.page
    assert 'id="print"' not in browser.page
    assert browser.link(r"/a/[^\"]*save=yes")
    assert printer.printed == []
