"""The last gate before paper: what is shown may be an hour old, and the records are asked again."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

import handouts.printing.sending
import handouts.printing.sheets
from handouts.approvals import revoke
from handouts.attach import guard
from handouts.attach.reading.xmp import parts_of
from handouts.attach.refusals import Reason, Refused
from handouts.desk.state import Desk
from handouts.desk.stations import Known
from handouts.finding.catalogue import Catalogue
from handouts.workspace import open_workspace
from tests.desk.desks import HOST, SIGNED, Browser, clinic_folder, open_desk
from tests.printing.answering import Printer

SAMPLES = Path(__file__).resolve().parents[1] / "attach/samples"
OURS = f"http://{HOST}"
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


def press_print(browser: Browser, **changes: str) -> str:
    """Print, and wait until something came of it."""
    place = browser.link(r"/(?:d/[^\"]*/|a/[^\"]*/|packet/)print")
    own = browser.form() if place.startswith("/d/") else {}
    browser.post(place, own | {"key": browser.field("key")} | changes)
    return browser.printed()


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
    shown(browser)
    assert "Printed" in press_print(browser)
    assert len(printer.printed) == 1


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("shown", [one_language, packet, letter])
def test_while_the_folder_is_away_pages_are_looked_at_and_given_out_by_nobody(
    shown: Callable[[Browser], None], desk: Desk, printer: Printer, tmp_path: Path
) -> None:
    browser, home = Browser(desk), tmp_path / "clinic"
    shown(browser)
    place = browser.at
    saved = re.search(r"/[da]/[^\"]*/file.pdf", browser.page)
    home.rename(tmp_path / "away")
    desk.clinic._looked = 0
    page = browser.get(place)
    assert (browser.status, "cannot be reached" in page) == (200, True)
    picture = browser.link(r"/[da]/[^\"]*/page/1.png[^\"]*")
    assert "cannot be reached" in press_print(browser)
    assert printer.printed == []
    if saved:
        browser.get(saved[0])
        assert (browser.status, browser.data[:4] == b"%PDF") == (422, False)
    browser.get(picture)
    assert browser.data.startswith(b"\x89PNG")
    (tmp_path / "away").rename(home)
    desk.clinic._looked = 0
    browser.get(place)
    assert "Printed" in press_print(browser)


def test_a_record_under_another_name_approves_nothing_from_the_next_look_on(
    desk: Desk, tmp_path: Path
) -> None:
    browser = Browser(desk)
    browser.get("/h/crps")
    file = browser.link(r"/d/[^\"]*/file.pdf")
    (record,) = (tmp_path / "clinic/content/approvals").rglob("crps.en.*.json")
    record.rename(record.with_stem(f"{record.stem}-old"))
    desk.clinic._looked = 0
    browser.get(file)
    assert not browser.data.startswith(b"%PDF")
    assert "Approved" not in browser.get("/h/crps").partition("<h2")[0]


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
    print it, also once more."""

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
    first, again = printer.printed  # it has no page for the fridge
    assert first == again


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


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("how", ["cuts the connection", "says nonsense", "names no job"])
def test_a_printer_that_does_not_say_whether_it_took_it_may_have_printed(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """A page that said “nothing was printed” would make a second paper of the same patient."""
    whole = printer.answer

    def lost(path: str, data: bytes) -> bytes:
        answer = whole(path, data)
        if not printer.printed:
            return answer
        if how == "cuts the connection":
            raise ConnectionAbortedError
        return b"nonsense" if how == "says nonsense" else answer[:8] + b"\x03"

    monkeypatch.setattr(printer, "answer", lost)
    browser = Browser(desk)
    browser.get("/h/crps")
    page = press_print(browser)
    assert len(printer.printed) == 1
    assert "Front: nothing was printed" not in page
    assert "it may have printed" in page


def withdraw(desk: Desk, tmp_path: Path) -> None:
    """A clinician takes the approval of CRPS back."""
    home = tmp_path / "clinic"
    revoke(open_workspace(home, home), "crps", "en", SIGNED["en"])
    desk.clinic._looked = 0


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("shown", [one_language, packet, letter])
def test_withdrawn_words_that_say_approved_leave_by_no_address(
    shown: Callable[[Browser], None], desk: Desk, printer: Printer, tmp_path: Path
) -> None:
    """Not printed, not opened, not saved: not from a page that was open, nor from its notice."""
    browser = Browser(desk)
    shown(browser)
    file = browser.link(r"/(?:d|a)/[^\"]*/file.pdf[^\"]*")
    page = browser.page
    assert browser.client.get(file, base_url=OURS).mimetype == "application/pdf"
    withdraw(desk, tmp_path)
    assert browser.client.get(file, base_url=OURS).status_code == 303
    browser.page = page
    notice = press_print(browser)
    assert "These words may not be given out any more." in notice
    assert "--allow-draft" not in notice
    assert printer.printed == []
    for found in re.findall(r"/(?:d|a)/[^\"]*/file.pdf[^\"]*", notice):
        answer = browser.client.get(found, base_url=OURS)
        statuses = {part.status for part in parts_of(answer.data)}
        assert answer.status_code == 303 or "approved" not in statuses


@pytest.mark.usefixtures("answered_here")
def test_a_letter_with_withdrawn_words_in_it_leaves_by_no_address(
    desk: Desk, tmp_path: Path
) -> None:
    browser = Browser(desk)
    drop(browser, (SAMPLES / "weasyprint.pdf").read_bytes(), **DOCTORS)
    browser.get(browser.link(r"/a/[^\"]*save=yes"))
    drop(browser, browser.data, **DOCTORS | {"condition": "foot"})
    file = browser.link(r"/a/[^\"]*save=yes")
    withdraw(desk, tmp_path)
    browser.get(file)
    assert not browser.data.startswith(b"%PDF")
    assert "The letter carries a handout that nobody stands behind" in browser.page
    assert "file.pdf" not in browser.page


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("shown", [one_language, packet, letter])
def test_another_printer_than_the_one_on_the_button_is_shown_first(
    shown: Callable[[Browser], None],
    desk: Desk,
    printer: Printer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A queue that vanishes between the look and the press: the name of a patient comes out
    nowhere else, unasked."""
    (front,) = [one for one in desk.printers.known(printer.uri).stations if one.printer]
    private = structs.replace(front, name="Private-office", label="Private-office")
    both = Known((private, front), private.name, is_asked=True)
    monkeypatch.setattr(desk.printers, "known", lambda _: both)
    browser = Browser(desk)
    shown(browser)
    assert "Private-office" in browser.page
    left = Known((front,), front.name, is_asked=True)
    monkeypatch.setattr(desk.printers, "known", lambda _: left)
    page = press_print(browser, printer="Private-office")
    assert "Private-office is not there any more" in page
    assert printer.printed == []
    assert "Printed" in press_print(browser, printer=front.name)


@pytest.mark.usefixtures("answered_here")
def test_what_was_chosen_stays_while_a_printer_sleeps(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tray, too, which no page can offer while the printer does not answer; and all that was
    chosen at the press, without a script."""
    browser = Browser(desk)
    browser.get("/h/crps")
    (front,) = [one for one in desk.printers.known(printer.uri).stations if one.printer]
    asleep = Known((structs.replace(front, printer=None),), front.name, is_asked=True)
    monkeypatch.setattr(desk.printers, "known", lambda _: asleep)
    monkeypatch.setattr(desk.printers, "ask_again", lambda: None)
    printer.raw = b"asleep"
    page = press_print(browser, tray="tray-2", copies="5", grey="yes", pages="1-2")
    assert "nothing was printed" in page
    form = browser.form()
    assert (form["tray"], form["copies"], form["pages"]) == ("tray-2", "5", "1-2")
    assert form["grey"] == ["yes"]


@pytest.mark.usefixtures("answered_here")
def test_another_letter_is_printed_and_says_whose_name_is_behind_it(
    desk: Desk, printer: Printer
) -> None:
    """A letter in the place of one that was printed: its own paper, and the name is told."""
    browser = Browser(desk)
    browser.get("/h/crps")
    form = browser.form(**{"you-patient": "Ana Example", "layout": "large-print"})
    drop(browser, (SAMPLES / "weasyprint.pdf").read_bytes(), **form)
    assert "who it is for: Ana Example." in browser.page
    assert "Printed" in press_print(browser)
    case = browser.field("case")
    drop(browser, (SAMPLES / "weasyprint.pdf").read_bytes() + b"%\n", case=case)
    assert "who it is for: Ana Example." in browser.page
    assert "Printed" in press_print(browser)
    assert len(printer.printed) == 2


@pytest.mark.usefixtures("answered_here")
def test_a_choice_outlives_a_field_that_is_wrong_for_a_moment(desk: Desk) -> None:
    """A page without pages has no copies to choose, and keeps what was chosen."""
    browser = Browser(desk)
    browser.get("/h/crps")
    wish = {"copies": "5", "grey": "yes", "pages": "1-2"}
    browser.post("/d", browser.form(**wish, **{"you-phone": "5"}))
    assert "cannot be printed" in browser.page
    browser.post("/d", browser.form(**{"you-phone": "(555) 012-3456"}))
    form = browser.form()
    assert {key: form[key] for key in wish} == wish | {"grey": ["yes"]}
    assert "Print 5 copies" in browser.page


@pytest.mark.usefixtures("answered_here")
@pytest.mark.parametrize("state", [7, 8])
def test_a_job_that_was_dropped_is_not_said_to_be_printed(
    desk: Desk, printer: Printer, state: int
) -> None:
    """Stopped here, at the printer, or given up by it: some pages may be out."""
    printer.states = [5, state]
    browser = Browser(desk)
    browser.get("/h/crps")
    page = press_print(browser)
    assert "not all of it is on paper" in page
    assert "These pages were printed" not in page
    assert 'id="print"' in page


@pytest.mark.usefixtures("answered_here")
def test_what_is_stopped_while_it_is_sent_is_dropped_once_it_has_a_number(
    desk: Desk, printer: Printer
) -> None:
    """A printer that wakes up takes long to answer, and prints whatever was pressed meanwhile."""
    asked, stopped = threading.Event(), threading.Event()
    printer.states = [5]

    def wake(name: str) -> None:
        if name == "PRINT_JOB":
            asked.set()
            stopped.wait(10)
        if name == "CANCEL_JOB":
            printer.states = [7]

    printer.on_ask = wake
    browser = Browser(desk)
    browser.get("/h/crps")
    browser.post(browser.link(r"/d/[^\"]*/print"), browser.form() | {"key": browser.field("key")})
    assert asked.wait(10)
    browser.post(browser.link(r"/j/[^\"]*/stop"), {})
    stopped.set()
    assert "not all of it is on paper" in browser.printed()
    assert [name for name, _ in printer.asked].count("CANCEL_JOB") == 1


@pytest.mark.usefixtures("answered_here")
def test_a_page_shows_what_stops_a_printer_as_long_as_it_does(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not the printer counts its sheets."""
    monkeypatch.setattr(handouts.printing.sending, "_LONGEST_STEP", 0.1)
    printer.states = [5]
    browser = Browser(desk)
    browser.get("/h/crps")
    browser.post(browser.link(r"/d/[^\"]*/print"), browser.form() | {"key": browser.field("key")})
    page = browser.at

    def shows(text: str, *, there: bool = True) -> bool:
        until = time.monotonic() + 10
        while (text in browser.get(page)) is not there and time.monotonic() < until:
            time.sleep(0.1)
        return (text in browser.get(page)) is there

    for reasons, words in (
        ("media-jam", "jammed"),
        ("media-empty", "out of paper"),
        ("media-jam", "jammed"),
    ):
        printer.says["printer-state-reasons"] = reasons
        assert shows(words)
        printer.says["printer-state-reasons"] = "none"
        assert shows(words, there=False)
    printer.states = [9]
    assert "Printed" in browser.printed()


@pytest.mark.usefixtures("answered_here")
def test_a_page_without_the_name_is_said_to_have_none(desk: Desk) -> None:
    """Before the press, and after it: the name is on the first page of large print, not on the
    page for the fridge."""
    browser = Browser(desk)
    browser.get("/h/crps?layout=large-print")
    browser.post("/d", browser.form(**{"you-patient": "Ana Example", "last": "yes"}))
    assert "The pages you chose do not have the patient’s name." in browser.page
    page = press_print(browser)
    assert "Printed" in page
    assert "Check the name" not in page


@pytest.mark.usefixtures("answered_here")
def test_an_edition_that_could_not_be_kept_is_told_and_tried_again(
    desk: Desk, tmp_path: Path
) -> None:
    """Its number is for the chart only where it can be printed again by it."""
    editions = tmp_path / "clinic/editions"
    editions.write_text("in the way")
    browser = Browser(desk)
    browser.get("/h/crps")
    assert "cannot be printed again" in browser.page or "editions" in browser.page
    editions.unlink()
    browser.get("/h/crps")
    assert [one.suffix for one in editions.rglob("*") if one.is_file()]


@pytest.mark.usefixtures("answered_here")
def test_the_page_of_a_job_says_nothing_of_another_packet(desk: Desk) -> None:
    """A part is removed after the press: what was printed had it."""
    browser = Browser(desk)
    packet(browser)
    assert "Printed" in press_print(browser)
    job = browser.at
    browser.get("/packet")
    browser.post("/packet", {"key": browser.field("key"), "remove": "1"})
    assert "For the chart" not in browser.get(job)


def test_a_search_in_another_tab_takes_nothing_from_what_prints(
    desk: Desk, printer: Printer
) -> None:
    """How it ends is heard; what was typed for nobody is forgotten."""
    browser = Browser(desk)
    browser.post("/d", {"condition": "crps", "lang": "en", "you-patient": "Ana Example"})
    typed = browser.at
    printer.states = [5]
    browser.get("/h/crps")
    browser.post(browser.link(r"/d/[^\"]*/print"), browser.form())
    job = browser.at
    assert job.startswith("/j/")
    browser.post("/find", {"q": "knee"})
    assert "Knee" in browser.page
    browser.get(typed)
    assert browser.status == 403
    assert "something else was searched for" in browser.page
    browser.get(job)
    assert browser.status == 200, browser.page
    printer.states = [9]
    assert "Printed: 1 copy" in browser.printed()


def test_the_icon_once_more_takes_nothing_from_the_desk(desk: Desk) -> None:
    browser = Browser(desk)
    browser.post("/packet/add", {"pick": "crps en standard"})
    browser.post("/d", {"condition": "crps", "lang": "en", "you-patient": "Ana Example"})
    typed = browser.at
    browser.get("/open?token=start-token")
    assert browser.status == 200
    assert '<span class="count">1</span>' in browser.get("/")
    assert "Ana Example" in browser.get(typed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "_visitors", {})  # another start of the program
        browser.get("/open?token=start-token")
        assert '<span class="count">' not in browser.get("/")


def test_a_condition_that_goes_while_it_prints_is_said_to_be_printed(
    desk: Desk, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a mistake of ours never says that nothing was."""
    browser = Browser(desk)
    browser.post("/packet/add", {"pick": "crps en standard"})
    browser.get("/h/crps")
    browser.post(browser.link(r"/d/[^\"]*/print"), browser.form())
    job = browser.at
    monkeypatch.setattr(Catalogue, "row", lambda *_: None)
    browser.get(job)
    assert "Printed: 1 copy" in browser.printed()
    assert len(printer.printed) == 1
    assert "Only on a doctor’s order" in browser.page, "nobody knows of what is gone"
    assert "Only on a doctor’s order" in browser.get("/packet")
    monkeypatch.setattr(Catalogue, "row", lambda *_: 1 / 0)
    browser.get(job)
    assert browser.status == 500
    assert "Look at the printer before you print again." in browser.page


def test_a_page_that_is_not_there_is_no_printer_that_does_not_answer(desk: Desk) -> None:
    browser = Browser(desk)
    browser.get("/h/crps")
    page = browser.post("/d", browser.form(pages="99"))
    assert "There is no page 99" in page
    assert "Front does not answer" not in page
