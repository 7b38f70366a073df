"""From what a patient says to paper: never what was not shown, never twice, nothing kept."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from msgspec.structs import replace

from handouts.approvals import revoke
from handouts.desk.remembered import THIS_PC, Pick
from handouts.desk.state import Desk, Rules
from handouts.workspace import open_workspace
from tests.desk.desks import HOST, SIGNED, Browser, Now, clinic_folder, files_below, open_desk
from tests.printing.answering import Printer

NAME = "Maria Example"


def test_by_a_code_to_paper_for_one_patient(desk: Desk, printer: Printer, tmp_path: Path) -> None:
    """What is on paper is what was shown; then nothing of the patient is anywhere."""
    browser = Browser(desk)
    before = files_below(tmp_path)
    page = browser.post("/find", {"q": "g90521 spanish large"})
    assert browser.at == "/find"
    assert page.count('class="open"') == 1
    browser.get(browser.link(r"/h/crps\?[^\"]*"))
    assert 'value="es" checked' in browser.page
    assert 'value="large-print" checked' in browser.page
    browser.post("/d", browser.form(**{"you-patient": NAME, "you-appointment_date": "2026-12-03"}))
    assert NAME in browser.page
    shown = browser.shown()
    assert NAME not in browser.at
    page = browser.press_print(copies="2")
    assert "Printed: 2 copies, 14 sheets, on Front" in page
    assert re.search("Check the name on page [0-9]+ before", page)
    assert printer.printed == [shown]
    sent = next(about for name, about in printer.asked if name == "PRINT_JOB")
    assert NAME not in str(sent)
    assert desk.shelf.of(THIS_PC).last == (Pick("crps", "es", "large-print"),)
    browser.post("/next", {})
    assert len(desk.memory) == 0
    assert browser.at == "/"
    new = files_below(tmp_path) - before
    assert [name for name in new if "/editions/" not in name and "/shelf/" not in name] == []
    assert [name for name in new if NAME.encode() in Path(name).read_bytes()] == []


def test_what_was_not_shown_is_not_printed(desk: Desk, printer: Printer) -> None:
    """A press of Print on a form that says something else shows that first."""
    browser = Browser(desk)
    browser.get("/h/crps")
    for changes in ({"lang": "es"}, {"you-patient": NAME}, {"section": ["faq"]}):
        page = browser.press_print(**changes)
        assert "You changed something" in page, changes
        assert browser.at.startswith("/d/")
    assert printer.printed == []
    shown = browser.shown()
    browser.press_print()
    assert printer.printed == [shown]


def test_one_press_is_one_print(desk: Desk, printer: Printer) -> None:
    """The same button again, or the page again, prints nothing; "Print again" has a new key."""
    browser = Browser(desk)
    browser.get("/h/crps")
    address, form = browser.link(r"/d/[^\"]*/print"), browser.form()
    for _ in range(3):
        browser.post(address, form)
    for _ in range(100):
        if "Printed:" in browser.get(browser.at):
            break
    assert len(printer.printed) == 1
    browser.post(browser.link(r"/j/[^\"]*/again"), {"last": "yes"})
    assert len(printer.printed) == 1
    assert "Printed: 1 copy, 1 sheet" in browser.press_print()
    assert len(printer.printed) == 2


def test_no_draft_leaves_the_desk(tmp_path: Path, printer: Printer) -> None:
    """There is no button, a request without one prints nothing, nor does an approval that was
    taken back after the pages were shown; a clinic may allow drafts to be proofread."""
    home, clock = clinic_folder(tmp_path, printer.uri), Now()
    desk = open_desk(home, tmp_path / "shelf", now=clock)
    browser = Browser(desk)
    browser.get("/h/pelvic")
    assert "A draft: it cannot be printed" in browser.page
    assert '/print"' not in browser.page
    address = browser.link(r"/d/[^\"]*/file.pdf").replace("file.pdf", "print")
    key = next(one.item for one in desk.memory._kept.values()).key  # type: ignore[attr-defined]
    browser.post(address, {"condition": "pelvic", "lang": "en", "layout": "standard", "key": key})
    for _ in range(100):
        if "nothing was printed" in browser.get(browser.at):
            break
    assert "is a draft" in browser.page
    browser.get("/h/crps")
    revoke(open_workspace(home, home), "crps", "en", SIGNED["en"])
    clock.time += timedelta(seconds=2)
    desk.clinic._looked = 0
    page = browser.press_print()
    assert "nothing was printed" in page
    assert printer.printed == []
    rules = Rules(frozenset({HOST}), allow_draft=True)
    allowed = Browser(open_desk(home, tmp_path / "shelf", rules))
    allowed.get("/h/pelvic")
    assert "Print 1 draft to proofread" in allowed.page
    assert "Printed: 1 copy" in allowed.press_print()


def test_the_day_after_its_review_it_is_not_printed(tmp_path: Path, printer: Printer) -> None:
    """A page that stood open over the last day of an approval prints no more."""
    clock = Now()
    desk = open_desk(clinic_folder(tmp_path, printer.uri), tmp_path / "shelf", now=clock)
    browser = Browser(desk)
    browser.get("/h/crps")
    assert "Print 1 copy" in browser.page
    clock.time += timedelta(days=500)
    assert "nothing was printed" in browser.press_print()
    assert "is past its review date" in browser.page
    assert printer.printed == []


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"printer-state": 5, "printer-state-reasons": "media-empty-error"}, "out of paper"),
        ({"printer-state": 5, "printer-state-reasons": "media-jam-error"}, "jammed"),
        ({"printer-is-accepting-jobs": False}, "takes nothing now"),
        ({"media-supported": ["iso_a4_210x297mm"]}, "takes no Letter paper"),
        ({"document-format-supported": ["image/urf"]}, "takes no PDF"),
    ],
)
def test_a_printer_in_trouble(
    desk: Desk, printer: Printer, says: dict[str, object], words: str
) -> None:
    """It is said that nothing was printed, and why; what was chosen stays, and prints later."""
    browser = Browser(desk)
    browser.get("/h/foot")
    browser.post("/d", browser.form(**{"you-patient": NAME}))
    good = dict(printer.says)
    printer.says.update(says)
    page = browser.press_print()
    assert words in page
    assert "nothing was printed" in page.casefold()
    assert NAME in page
    assert "role=alert" in page
    assert printer.printed == []
    printer.says.update(good)
    assert "Printed: 1 copy" in browser.press_print()


def test_a_printer_that_is_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or none: the PDF opens, to be printed by hand."""
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    home = clinic_folder(tmp_path, "ipp://127.0.0.1:9/ipp/print")
    browser = Browser(open_desk(home, tmp_path / "shelf"))
    browser.get("/h/foot")
    assert "127.0.0.1:9 does not answer" in browser.page
    assert "nothing was printed" in browser.press_print()
    assert "Nothing answers" in browser.page
    bare = Browser(open_desk(clinic_folder(tmp_path / "bare"), tmp_path / "shelf"))
    bare.get("/h/foot")
    assert "Open the PDF and print from there" in bare.page
    assert "No printer" in bare.page


def test_a_printer_with_one_side(desk: Desk, printer: Printer) -> None:
    """The button tells the sheets that come out of it."""
    printer.says["sides-supported"] = ["one-sided"]
    browser = Browser(desk)
    browser.get("/h/crps")
    assert "prints one side only" in browser.page
    assert "6 sheets · one side" in browser.page


def test_fields_that_cannot_be_printed(desk: Desk, printer: Printer) -> None:
    """Each is named, with what is wrong; nothing can be printed until it is right."""
    browser = Browser(desk)
    browser.get("/h/crps")
    wrong = {
        "you-patient": "M" * 85,
        "you-appointment_date": "2020-01-01",
        "you-phone": "call me",
        "you-note": "\u202eevil",
    }
    browser.post("/d", browser.form(**wrong))
    assert "Patient’s name: too long by 5 letters." in browser.page
    assert "Appointment: is in the past." in browser.page
    assert browser.page.count('aria-invalid="true"') == 4
    assert not re.search(r'/d/[^"]*/print"', browser.page)
    assert "M" * 85 in browser.page
    cleared = dict.fromkeys(wrong, "")
    browser.post("/d", {**browser.form(**cleared), "you-patient": "<b>Ana</b> & \u201cJo\u201d"})
    assert browser.shown().startswith(b"%PDF-")
    assert "<b>Ana" not in browser.client.get(browser.at, base_url=f"http://{HOST}").text
    assert printer.printed == []


def test_all_that_may_be_chosen_is_shown(desk: Desk) -> None:
    """Every layout, language and length has its pages, as pictures, as text and enlarged."""
    browser = Browser(desk)
    browser.get("/h/crps")
    layouts = [one.name for one in desk.clinic.view().catalogue.layouts]
    for changes in (*({"layout": name} for name in layouts), {"lang": "es"}, {"length": "long"}):
        browser.get("/h/crps")
        browser.post("/d", browser.form(**changes))
        assert "up to date" in browser.page, changes
        assert browser.shown().startswith(b"%PDF-")
    browser.get("/h/crps")
    browser.get(browser.link(r"/d/[^\"]*/page/1.png"))
    assert browser.data.startswith(b"\x89PNG")
    browser.get("/h/crps")
    browser.get(browser.link(r"/d/[^\"]*/look/1"))
    assert "Page 1" in browser.page
    browser.get(browser.link(r"/d/[^\"]*/text"))
    assert "H1" in browser.page
    browser.get("/h/nothing")
    assert browser.status == 404


def test_a_sheet_with_no_place_for_a_name_says_so(desk: Desk, printer: Printer) -> None:
    """On a wall, beside a second language, for a colleague: the name stays in its field, and the
    page says that it is not printed."""
    browser = Browser(desk)
    browser.get("/h/crps")
    assert re.search("<h1[^>]*>CRPS of the leg or foot</h1>", browser.page)
    assert "DRG stimulation for CRPS of the leg or foot</p>" in browser.page
    for layout in ("poster", "bilingual", "referral"):
        browser.get("/h/crps")
        browser.post("/d", browser.form(layout=layout, **{"you-patient": NAME}))
        assert "What you typed for the patient is not on this sheet." in browser.page
        assert "This sheet has no place for a name." in browser.page
        assert f'value="{NAME}"' in browser.page
        pages = pypdfium2.PdfDocument(browser.shown())
        assert not any(NAME in page.get_textpage().get_text_bounded() for page in pages)
    browser.press_print(**{"you-patient": NAME})
    assert "Check the name" not in browser.page
    assert len(printer.printed) == 1


def test_a_left_out_section(desk: Desk) -> None:
    """What is unchecked is left out; what protects the patient has no box to uncheck."""
    browser = Browser(desk)
    browser.get("/h/crps")
    form = browser.form()
    kept = [name for name in form["section"] if name != "faq"]
    assert "warning-signs" not in form["offered"]
    browser.post("/d", {**form, "section": kept})
    count = len(form["offered"]) + 5
    assert f"Sections: {count - 1} of {count}" in browser.page
    assert browser.form()["section"] == kept
    forged = {**form, "offered": [*form["offered"], "warning-signs"]}
    browser.post("/d", forged)
    assert "cannot be left out" in browser.page


def test_a_sheet_of_few_pages_offers_what_it_has_no_room_for(desk: Desk) -> None:
    """All its sections stand in the list; what is unchecked makes room, and can be checked again.
    It has no long version."""
    browser = Browser(desk)
    browser.get("/h/crps?layout=one-page")
    form, crowded = browser.form(), browser.page.count("no room on this sheet")
    assert {"faq", "how-it-works", "main-message"} <= set(form["offered"]) == set(form["section"])
    assert 'name="length"' not in browser.page
    count = len(form["offered"]) + 5
    assert f"Sections: {count - crowded} of {count}" in browser.page
    kept = [name for name in form["section"] if name not in ("main-message", "living-with-it")]
    browser.post("/d", {**form, "section": kept})
    assert browser.page.count("no room on this sheet") < crowded
    assert browser.form()["offered"] == form["offered"]
    assert browser.form()["section"] == kept


@pytest.mark.parametrize("layout", ["poster", "referral", "large-print", "one-page"])
def test_what_was_unchecked_stays_so_on_the_way_by_another_sheet(desk: Desk, layout: str) -> None:
    """A sheet that has no such section keeps in mind that it was left out."""
    browser = Browser(desk)
    browser.get("/h/crps")
    form = browser.form()
    kept = [name for name in form["section"] if name != "faq"]
    browser.post("/d", {**form, "section": kept})
    browser.post("/d", browser.form(layout=layout))
    assert "There are no pages" not in browser.page
    browser.post("/d", browser.form(layout="standard"))
    assert browser.form()["section"] == kept
    browser.post("/d", {**browser.form(), "section": form["section"]})
    assert browser.form()["section"] == form["section"]


def test_the_files_change_while_the_page_is_open(tmp_path: Path) -> None:
    """A new brand is there at the next look; a folder that is gone leaves what was read, and says
    so."""
    home = clinic_folder(tmp_path)
    desk = open_desk(home, tmp_path / "shelf")
    browser = Browser(desk)
    assert "Your clinic’s name" in browser.page
    settings = home / "handouts.toml"
    settings.write_text(settings.read_text().replace('brand = "clinic"', 'brand = "juniper"'))
    desk.clinic._looked = 0
    assert "Juniper Example Pain Clinic" in browser.get("/")
    gone = tmp_path / "gone"
    home.rename(gone)
    desk.clinic._looked = 0
    assert "cannot be reached" in browser.get("/")
    assert "9:30" in browser.page
    gone.rename(home)
    desk.clinic._looked = 0
    assert "cannot be reached" not in browser.get("/")


@pytest.mark.parametrize("becomes", ["another name", "a mistake"])
def test_a_layout_is_no_more_while_the_page_is_open(
    tmp_path: Path, printer: Printer, becomes: str
) -> None:
    """What was made and approved stays, on paper, too; what is asked for anew says why not, and
    leads to the other layouts."""
    home = clinic_folder(tmp_path, printer.uri)
    own = home / "layouts/ours/layout.toml"
    own.parent.mkdir()
    own.write_text('extends = "large-print"\ntitle.en = "Ours"\n')
    desk = open_desk(home, tmp_path / "shelf")
    browser = Browser(desk)
    browser.get("/h/crps?size=ours")
    browser.post("/d", browser.form())
    at, shown = browser.at, browser.shown()
    if becomes == "a mistake":
        own.write_text("schema =\n")
        says = f"{own}:1: "
    else:
        own.parent.rename(home / "layouts/theirs")
        says = "There is no layout “ours”"
    desk.clinic._looked = 0
    page = browser.get(at)
    assert (browser.status, browser.shown()) == (200, shown)
    assert 'name="layout" value="ours" checked' in page
    assert "There are no pages" not in page
    assert "Printed: " in browser.press_print()
    assert printer.printed == [shown]
    browser.get(at)
    page = browser.post("/d", browser.form(**{"you-patient": NAME}))
    assert browser.status == 200
    assert says in page.partition("There are no pages")[2]
    assert "There are no pages" not in browser.post("/d", browser.form(layout="large-print"))
    assert says in browser.get("/h/crps?size=ours")


def test_what_was_refused_is_tried_anew_when_it_is_opened(tmp_path: Path, printer: Printer) -> None:
    """Somebody mended the layout, and nothing was changed on the page."""
    home = clinic_folder(tmp_path, printer.uri)
    own = home / "layouts/ours/layout.toml"
    own.parent.mkdir()
    own.write_text("schema =\n")
    desk = open_desk(home, tmp_path / "shelf")
    browser = Browser(desk)
    browser.get("/h/crps")
    browser.post("/d", browser.form(layout="ours", **{"you-patient": NAME}))
    at = browser.at
    assert "There are no pages" in browser.page
    own.write_text('extends = "large-print"\ntitle.en = "Ours"\n')
    desk.clinic._looked = 0
    page = browser.get(at)
    assert "There are no pages" not in page
    assert f'value="{NAME}"' in page
    assert browser.at == at
    assert "Printed: 1 copy" in browser.press_print()
    assert len(printer.printed) == 1


def test_what_a_desk_remembers(desk: Desk, tmp_path: Path) -> None:
    """Favourites, printer, sides, paper and language of the page: not the patient's language."""
    browser = Browser(desk)
    browser.get("/h/crps?lang=es&size=large-print")
    browser.post(
        "/favourite", {"condition": "crps", "lang": "es", "layout": "large-print", "back": "/"}
    )
    browser.post("/prefs", {"language": "es", "back": "//evil.example"})
    assert browser.at == "/"
    assert "Favoritos en este equipo" in browser.page
    browser.get("/h/crps")
    browser.post("/d", browser.form(sides="one", paper="a4", copies="3", grey="yes"))
    kept = desk.shelf.of(THIS_PC)
    assert (kept.sides, kept.paper, kept.language) == ("one", "a4", "es")
    assert kept.favourites == (Pick("crps", "es", "large-print"),)
    again = Browser(open_desk(tmp_path / "clinic", tmp_path / "shelf"))
    again.get("/h/crps")
    assert 'value="en" checked' in again.page
    assert 'value="a4" selected' in again.page
    assert 'name="copies" value="1"' in again.page
    (tmp_path / "shelf" / f"{THIS_PC}.json").write_text("{")
    assert replace(desk.shelf.of(THIS_PC)) == type(kept)()


@pytest.mark.parametrize(
    ("layout", "pages"), [("standard", "5"), ("trifold", "1"), ("booklet", "1")]
)
def test_the_name_is_looked_for_on_all_sides_that_are_printed(
    desk: Desk, layout: str, pages: str
) -> None:
    """A page comes with the other side of its sheet."""
    browser = Browser(desk)
    browser.post("/d", {"condition": "crps", "lang": "en", "layout": layout, "you-patient": NAME})
    (shown,) = re.findall('href="#page-([0-9]+)"', browser.page)
    assert shown != pages
    page = browser.press_print(pages=pages)
    assert f"Check the name on page {shown} before" in page
    assert "do not have the patient" not in page
