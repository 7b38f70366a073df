"""A letter at the desk: dropped, joined, saved and printed as the command does it; then gone."""

from __future__ import annotations

import gc
import io
import re
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from msgspec import structs

from handouts.approvals import revoke
from handouts.attach.commands import AttachRequest, Outcome, attach
from handouts.attach.decisions import foreseen_notes
from handouts.attach.options import JoinOptions
from handouts.attach.pieces import Gate, Piece
from handouts.attach.reading.inspection import Inspection
from handouts.attach.refusals import Reason, Refused
from handouts.desk import letter_cases
from handouts.desk.letter_cases import Case, foreseen
from handouts.desk.memory import IDLE
from handouts.desk.state import Desk, Rules
from handouts.desk.ui_words import LANGUAGES, words
from handouts.finding.catalogue import Catalogue
from handouts.workspace import open_workspace
from tests.approving import TODAY
from tests.attach.reading.by_hand import letter as letter_of_one_line
from tests.attach.reading.by_hand import pdf
from tests.attach.test_commands import CATALOG, FLATE, WITH_A_DRAFT
from tests.desk.desks import HOST, SIGNED, Browser, files_below, open_desk
from tests.printing.answering import Printer

SAMPLES = Path(__file__).resolve().parents[1] / "attach/samples"
NAME = "Maria Example"
#: On paper that printers have; only who inflates what it says of itself knows that it is a draft.
CARRIES_A_DRAFT = pdf(
    {**letter_of_one_line(), 1: CATALOG, 6: FLATE}
    | {3: re.sub(rb"MediaBox ?\[.*?\]", b"MediaBox[0 0 612 792]", letter_of_one_line()[3])}
)
DOCTORS = {"condition": "crps", "lang": "en", "sheet": "referral"}


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.pdf").read_bytes()


def drop(browser: Browser, letter: bytes, **form: Any) -> str:
    """Send a letter; its file has a patient's name."""
    file = io.BytesIO(letter), f"{NAME}.pdf"
    return browser.post("/attach", {**(form or DOCTORS), "letter": file})


def case_of(browser: Browser) -> Case:
    """What the desk keeps of the letter."""
    cases = [one.item for one in browser.desk.memory._kept.values()]
    return next(one for one in reversed(cases) if isinstance(one, Case))


def result(browser: Browser) -> bytes:
    """The file that "Save" saves."""
    browser.get(browser.link(r"/a/[^\"]*save=yes"))
    assert browser.headers["Content-Disposition"].endswith('filename="letter-with-handout.pdf"')
    return browser.data


def choose(browser: Browser, name: str, value: str) -> str:
    """Press a button of the letter's form, whose choices stay as they are."""
    choices = case_of(browser).choices
    assert choices
    own = {"condition": choices.condition, "lang": choices.lang, "sheet": choices.layout}
    return browser.post(browser.link(r"/a/[^\"/]*"), own | {name: value})


def test_a_doctors_sheet_behind_a_letter(desk: Desk, printer: Printer, tmp_path: Path) -> None:
    """From a handout: the doctor's sheet, joined in the child process; saved, printed once, gone.
    The letter's name and bytes are in no file."""
    letter, before = sample("weasyprint"), files_below(tmp_path)
    browser = Browser(desk)
    browser.get("/h/crps")
    page = drop(browser, letter, **browser.form())
    assert browser.at.startswith("/a/")
    assert 'name="sheet" value="referral" checked' in page
    assert "2 pages of letter, then 3 pages of handout" in page
    assert "The letter’s own pages stay as they are." in page
    assert page.count("<strong>added</strong>") == 3
    assert NAME not in page
    data = result(browser)
    assert data.startswith(letter)
    assert len(pikepdf.open(io.BytesIO(data)).pages) == 5
    assert {page.mediabox[3] // 1 for page in pikepdf.open(io.BytesIO(data)).pages} == {841}
    browser.get(browser.link(r"/a/[^\"]*/page/5.png[^\"]*"))
    assert browser.data.startswith(b"\x89PNG")
    browser.get("/attach")
    press = browser.link(r"/a/[^\"]*/print"), {"key": browser.field("key")}
    browser.post(press[0], {"key": "that of an older page"})
    assert browser.at.startswith("/a/")
    for _ in range(3):
        browser.post(*press)
    for _ in range(200):
        if "Printed: 1 copy, 3 sheets, on Front" in browser.get(browser.at):
            break
        time.sleep(0.05)
    assert printer.printed == [data]
    sent = next(about for name, about in printer.asked if name == "PRINT_JOB")
    assert NAME not in str(sent)
    browser.post(browser.link(r"/a/[^\"]*/next"), {})
    assert browser.at == "/attach"
    assert 'value="crps" lang="en" selected' in browser.page
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, Case)]
    new = files_below(tmp_path) - before
    assert [name for name in new if "/editions/" not in name and "/shelf/" not in name] == []
    assert [name for name in new if letter[:400] in Path(name).read_bytes()] == []


def test_an_empty_file_is_no_letter_and_the_one_before_is_gone(desk: Desk) -> None:
    """A scan that failed: the pages of the letter before would be saved under its name."""
    browser = Browser(desk)
    drop(browser, sample("weasyprint"), **DOCTORS)
    case = browser.field("case")
    page = drop(browser, b"", case=case)
    assert "This is not a PDF" in page
    assert "save=yes" not in page
    assert case_of(browser).letter == b""
    browser.post("/attach", {"case": browser.field("case"), "letter": (io.BytesIO(), "")})
    assert "No letter was chosen" in browser.page
    assert "This is not a PDF" in drop(Browser(desk), b"")


def by_command(letter: bytes, piece: Piece) -> tuple[Reason | None, Outcome | None]:
    """Why the command refuses the letter, or what it makes of it."""
    try:
        return None, attach(AttachRequest(letter, (piece,), Gate(TODAY)))
    except Refused as refusal:
        return refusal.reason, None


@pytest.mark.usefixtures("answered_here")
def test_the_page_does_what_the_command_does(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sample is joined to the same bytes, or refused for the same reason, with words for what
    its reader will notice. Whatever is dropped, there is an answer."""
    monkeypatch.setattr(letter_cases, "_pictures", lambda *_: {})
    browser, owner = Browser(desk), desk.memory.owner(next(iter(desk._visitors.values())).id)
    others = {"nothing": b"\0", "words": b"Dear colleague", "a header": b"%PDF-1.7\n"}
    files = {path.stem: path.read_bytes() for path in sorted(SAMPLES.glob("*.pdf"))} | others
    seen, piece = set[Reason | None](), None
    for name, letter in sorted(files.items(), key=lambda one: one[0] != "weasyprint"):
        page = drop(browser, letter)
        assert browser.status == 200, name
        case = case_of(browser)
        desk.memory.forget(owner)
        piece = case.sheet.piece if case.sheet else piece
        assert piece
        reason, expected = by_command(letter, piece)
        seen.add(case.reason)
        assert case.reason is reason, name
        notes = foreseen_notes(case.report, JoinOptions()) if case.report else []
        assert len(foreseen(case.report) if case.report else []) == len(notes), name
        if expected is None:
            assert case.outcome is None, name
            assert words("en")(f"l.no.{case.why}", mb=100) in page, name
            continue
        assert case.outcome is not None, name
        assert case.outcome.data == expected.data, name
        assert [note for note in expected.notes if note not in notes and note not in page] == []
    assert seen >= {None, Reason.SIGNED, Reason.CERTIFIED, Reason.PASSWORD, Reason.RESTRICTED}
    assert seen >= {Reason.XFA, Reason.PORTFOLIO, Reason.CUT_OFF, Reason.NOT_PDF}


def test_each_thing_foreseen_is_said_once() -> None:
    plain = Inspection(1, ((612, 792),), "1.7", "", "en", tagged=True, revisions=1)
    assert not foreseen(plain)
    assert not foreseen_notes(plain, JoinOptions())
    for flags in (
        {"needs_rewrite": True},
        {"needs_rewrite": True, "hybrid": True},
        {"tagged": False},
        {"silent": True, "untagged": (1,)},
        {"untagged": (1, 3, 4)},
        {"revisions": 3},
        {"javascript": 1},
        {"launches": 1},
        {"form_actions": 2},
    ):
        report = structs.replace(plain, **flags)
        assert len(foreseen_notes(report, JoinOptions())) == 1
        (line,) = foreseen(report)
        for lang in LANGUAGES:
            assert words(lang)(line.key, **line.slots)


def test_each_reason_has_words() -> None:
    for reason in Reason:
        key = letter_cases._WORDS.get(reason, "bad")
        for lang in LANGUAGES:
            assert words(lang)(f"l.no.{key}", mb=1)
            assert words(lang)(f"l.do.{key}")


@pytest.mark.usefixtures("answered_here")
def test_a_password_is_used_once_and_kept_nowhere(desk: Desk) -> None:
    browser = Browser(desk)
    page = drop(browser, sample("aes_256_user"))
    assert "opens only with a password" in page
    assert 'type="password"' in page
    assert "This password does not open the letter" in choose(browser, "password", "geheim")
    page = choose(browser, "password", "user")
    assert "The letter is locked: save the file" in page
    assert '/print"' not in page
    data = result(browser)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(data))
    assert len(pikepdf.open(io.BytesIO(data), password="user").pages) == 5  # noqa: S106
    kept = structs.asdict(case_of(browser))
    assert not [key for key, value in kept.items() if value in ("user", "geheim")]
    assert case_of(browser).pictures, "the pages were drawn while it was known"
    assert "opens only with a password" in choose(browser, "sheet", "standard")


@pytest.mark.usefixtures("answered_here")
def test_a_signed_letter_goes_inside_as_it_is(desk: Desk) -> None:
    browser, letter = Browser(desk), sample("signed")
    page = drop(browser, letter)
    assert "The letter is signed. No sheet can go behind it." in page
    assert 'class="joined"' not in page
    assert "save=yes" not in page
    page = choose(browser, "envelope", "yes")
    assert "A printer or a fax does not show the letter." in page
    assert '/print"' not in page
    with pikepdf.open(io.BytesIO(result(browser))) as pdf:
        assert len(pdf.pages) == 3
        assert [one.get_file().read_bytes() for one in pdf.attachments.values()] == [letter]
    assert "The letter is signed" in choose(browser, "envelope", "no")
    drop(browser, letter)
    browser.post(browser.link(r"/a/[^\"]*/sheet"), {})
    assert 'value="referral" checked' in browser.page
    assert browser.at.startswith("/d/")


@pytest.mark.usefixtures("answered_here")
def test_earlier_versions_are_told_of_and_left_out(desk: Desk) -> None:
    browser, letter = Browser(desk), sample("revisions")
    assert "The letter holds 2 earlier versions of itself." in drop(browser, letter)
    assert result(browser).startswith(letter)
    page = choose(browser, "alone", "yes")
    assert "earlier versions of itself" not in page
    assert "Written as one version." in page
    assert "The letter’s own pages stay as they are" not in page
    assert result(browser).count(b"startxref") == 1
    assert "2 earlier versions" in choose(browser, "alone", "no")


@pytest.mark.usefixtures("answered_here")
def test_what_was_chosen_and_typed_stays(desk: Desk) -> None:
    """A name that was typed goes behind the letter, on the patient's sheet; where the doctor's has
    no place for it, the page says so. The file may be chosen later, or forgotten at first."""
    browser = Browser(desk)
    browser.get("/h/crps")
    browser.post("/attach", browser.form(**{"you-patient": NAME, "lang": "es"}))
    assert browser.at == "/attach"
    assert 'value="standard" checked' in browser.page
    token = browser.field("d")
    browser.post("/attach", {"d": token, "letter": (io.BytesIO(), "")})
    assert "No letter was chosen" in browser.page
    assert browser.field("d") == token
    page = drop(browser, sample("weasyprint"), d=token)
    case = case_of(browser)
    assert case.sheet
    assert case.sheet.values == {"patient": NAME}
    assert case.sheet.choices.lang == "es"
    assert "What you typed for the patient" not in page
    page = choose(browser, "sheet", "referral")
    assert "What you typed for the patient is not on this sheet." in page
    choose(browser, "sheet", "standard")
    case = case_of(browser)
    assert case.sheet
    assert case.sheet.values == {"patient": NAME}


@pytest.mark.usefixtures("answered_here")
def test_no_draft_goes_with_a_letter(tmp_path: Path, desk: Desk, printer: Printer) -> None:
    """None is offered, a forged request gets none, a letter that carries one is refused, and what
    was taken back after the join is not printed; a clinic may allow drafts to be proofread."""
    browser, letter = Browser(desk), sample("weasyprint")
    assert 'value="pelvic"' not in drop(browser, letter)
    page = drop(browser, letter, condition="pelvic", lang="en", sheet="referral")
    assert "Choose a handout. Then you see all pages here." in page
    page = drop(browser, WITH_A_DRAFT["metadata"])
    assert "The letter carries a handout that nobody stands behind" in page
    assert "save=yes" not in page
    drop(browser, letter)
    home = tmp_path / "clinic"
    revoke(open_workspace(home, home), "crps", "en", SIGNED["en"])
    desk.clinic._looked = 0
    browser.post(browser.link(r"/a/[^\"]*/print"), {"key": browser.field("key")})
    for _ in range(200):
        if "nothing was printed" in browser.get(browser.at):
            break
        time.sleep(0.05)
    assert printer.printed == []
    rules = Rules(frozenset({HOST}), allow_draft=True)
    allowed = Browser(open_desk(home, tmp_path / "shelf", rules))
    page = drop(allowed, letter, condition="pelvic", lang="en", sheet="referral")
    assert "Drafts, for proofreading only" in page
    drop(allowed, CARRIES_A_DRAFT, **DOCTORS | {"lang": "es"})
    assert case_of(allowed).outcome
    allowed.desk.rules = Rules(frozenset({HOST}))
    allowed.post(allowed.link(r"/a/[^\"]*/print"), {"key": allowed.field("key")})
    for _ in range(200):
        if "nothing was printed" in allowed.get(allowed.at):
            break
        time.sleep(0.05)
    assert "is a draft" in allowed.page
    assert printer.printed == []


@pytest.mark.usefixtures("answered_here")
def test_a_letter_is_one_browsers_and_dies(desk: Desk) -> None:
    """Nobody else sees it, by no address; it is gone with the next patient, a new search, and after
    ten minutes in which nobody asked for it. A look at the printer is no sign of life."""
    mine, other = Browser(desk), Browser(desk)
    drop(mine, sample("weasyprint"))
    at = mine.at
    for path in (at, f"{at}/file.pdf", f"{at}/page/1.png"):
        other.get(path)
        assert other.status == 403, path
    for path in (at, f"{at}/print", f"{at}/next", f"{at}/sheet"):
        other.get("/")
        other.post(path, {"key": mine.field("key"), **DOCTORS})
        assert other.status == 403, path
    other.get("/attach")
    assert other.at == "/attach"
    other.post("/attach", {"case": at.removeprefix("/a/"), "letter": (io.BytesIO(b"x"), "x")})
    mine.post(at, {"csrf": "wrong", **DOCTORS})
    assert mine.status == 403
    mine.get("/attach")
    assert (mine.at, mine.status) == (at, 200)
    for address, form in (("/next", {}), ("/find", {"q": "knee"})):
        mine.post(address, form)
        mine.get(at)
        assert mine.status == 403
        mine.get("/")
        drop(mine, sample("weasyprint"))
        at = mine.at
    later = desk.memory._clock() + IDLE + 1
    mine.get("/printer")
    desk.memory._clock = lambda: later
    mine.get("/printer")
    assert len(desk.memory) == 0
    assert "open too long" in mine.get(at)


@pytest.mark.usefixtures("answered_here")
def test_too_large_a_letter_is_told_of(desk: Desk) -> None:
    browser = Browser(desk)
    page = drop(browser, b"%PDF-1.7\n" + bytes(100_000_001))
    assert "The letter is larger than 100 MB." in page
    drop(browser, b"%PDF-1.7\n" + bytes(101_500_000))
    assert browser.status == 413
    assert len(desk.memory._kept) == 1


@pytest.mark.usefixtures("answered_here")
def test_letters_take_no_more_memory_than_there_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest letters make room; what takes no room stays, as a packet does."""
    from handouts.desk import memory

    monkeypatch.setattr(memory, "_MOST_BYTES", 400_000)
    browser = Browser(desk)
    browser.post("/packet/add", {"pick": "crps en standard"})
    for _ in range(4):
        drop(browser, sample("weasyprint"))
    held = desk.memory._kept.values()
    assert 0 < sum(one.size for one in held) <= 400_000
    assert isinstance(case_of(browser), Case)
    assert ">1</span>" in browser.get("/")


@pytest.mark.usefixtures("answered_here")
def test_a_letter_stays_while_other_desks_are_at_work(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(desk)
    drop(browser, sample("weasyprint"))
    at = browser.at
    monkeypatch.setattr(letter_cases, "_PATIENCE", 0.01)
    with ExitStack() as others:
        while desk.joining.acquire(blocking=False):
            others.callback(desk.joining.release)
        drop(browser, sample("typst_ua"), case=at.removeprefix("/a/"))
        assert browser.status == 503
    browser.get("/attach")
    assert (browser.at, browser.status) == (at, 200)
    assert case_of(browser).letter == sample("weasyprint")


@pytest.mark.usefixtures("answered_here")
def test_of_a_packet_behind_a_letter_is_told_what_is_in_it(desk: Desk) -> None:
    """Whatever becomes of the packet afterwards; the next letter gets the same."""
    browser = Browser(desk)
    browser.post("/packet/add", {"pick": ["crps en standard", "foot en standard"]})
    browser.post(
        "/attach", {"d": browser.field("d"), "letter": (io.BytesIO(sample("weasyprint")), "x")}
    )
    at, bound, off_label = browser.at, case_of(browser).packet, "not always"
    assert bound
    assert off_label in browser.page.lower()
    browser.get("/packet")
    browser.post("/packet", {"key": browser.field("key"), "remove": "1"})
    assert "not always" not in browser.page.lower()
    page = browser.get(at)
    assert off_label in page.lower()
    browser.post(f"{at}/next", {})
    browser.post(
        "/attach", {"d": browser.field("d"), "letter": (io.BytesIO(sample("typst_ua")), "x")}
    )
    assert case_of(browser).packet == bound


@pytest.mark.usefixtures("answered_here")
def test_the_next_letter_after_a_condition_that_is_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(desk)
    drop(browser, sample("weasyprint"))
    at = browser.at
    monkeypatch.setattr(Catalogue, "row", lambda *_: None)
    browser.post(f"{at}/next", {})
    assert (browser.at, browser.status) == ("/attach", 200)
