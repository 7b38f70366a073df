"""Where no printer can be told: the right file opens, and the page says what is set there."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest

from handouts.approvals import revoke
from handouts.attach.reading.xmp import parts_of
from handouts.desk.state import Desk
from handouts.printing.sheets import measured, on_sheets
from handouts.workspace import open_workspace
from tests.desk.desks import HOST, SIGNED, Browser, clinic_folder, open_desk
from tests.printing.answering import Printer

LETTER = Path(__file__).resolve().parents[1] / "attach/samples/weasyprint.pdf"
PAPER = r"/d/[^\"]*/paper.pdf"
SPANISH = {"Accept-Language": "es"}

pytestmark = pytest.mark.usefixtures("answered_here")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A browser at a desk without a printer."""
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    return Browser(open_desk(clinic_folder(tmp_path), tmp_path / "shelf"))


def opened(browser: Browser, pattern: str = PAPER) -> bytes:
    """The PDF behind “Open the PDF and print from there”."""
    keep = browser.page, browser.at
    browser.get(browser.link(pattern))
    browser.page, browser.at = keep
    return browser.data


@pytest.mark.parametrize(
    ("layout", "english", "spanish"),
    [
        (
            "standard",
            "Letter, both sides, flip on long edge.",
            "Letter, dos caras, girar por el borde largo.",
        ),
        (
            "trifold",
            "Letter, both sides, flip on short edge. Then fold it.",
            "Letter, dos caras, girar por el borde corto. Luego dóblelo.",
        ),
        ("poster", "Tabloid, one side.", "Tabloid, una cara."),
        (
            "booklet",
            "Letter, both sides, flip on short edge. Then fold and staple it.",
            "Letter, dos caras, girar por el borde corto. Luego dóblelo y engrápelo.",
        ),
    ],
)
def test_each_sheet_says_how_it_is_printed(
    bare: Browser, layout: str, english: str, spanish: str
) -> None:
    """A booklet opens as its sheets, all else as it is."""
    page = bare.get(f"/h/crps?size={layout}")
    assert f"<small>Set there: actual size, {english}</small>" in page
    paper = opened(bare)
    assert paper == on_sheets(bare.shown())
    assert measured(paper).folded == (layout == "booklet")
    page = bare.get(f"/h/crps?size={layout}", headers=SPANISH)
    assert f"<small>Elija allí: tamaño real, {spanish}</small>" in page


def test_what_was_chosen_is_said_and_on_the_sheets(bare: Browser) -> None:
    """Copies, the sheet of a page, the name; a booklet is on both sides at a desk of one side."""
    bare.get("/h/crps?size=booklet")
    bare.post("/d", bare.form(**{"you-patient": "Ana Example", "pages": "3", "copies": "2"}))
    assert "flip on short edge, pages 3, 4, 2 copies. Then fold" in bare.page
    texts = [one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(opened(bare))]
    assert any("Ana Example" in text for text in texts)
    assert not re.search(r'name="(sides|last)"', bare.page)
    bare.get("/h/crps")
    bare.post("/d", bare.form(last="yes", layout="booklet"))
    assert "Then fold and staple it." in bare.page
    bare.get("/h/crps")
    bare.post("/d", bare.form(sides="one"))
    assert "Letter, one side" in bare.page
    bare.get("/h/crps?size=booklet")
    assert "Letter, both sides, flip on short edge. Then fold" in bare.page
    bare.get("/h/crps")
    assert 'value="one" selected' in bare.page


def test_a_packet_and_a_letter_say_it_too(bare: Browser) -> None:
    for pick in ("crps en standard", "foot en standard"):
        bare.post("/packet/add", {"pick": pick})
    assert "<small>Set there: actual size, Letter, both sides, flip on long edge.</small>" in (
        bare.page
    )
    assert opened(bare) == bare.shown()
    form = {"condition": "crps", "lang": "en", "sheet": "referral"}
    bare.post("/attach", {**form, "letter": (io.BytesIO(LETTER.read_bytes()), "l.pdf")})
    assert "print from there. Set there: actual size, A4, both sides, flip on long edge." in (
        bare.page
    )


@pytest.mark.parametrize(
    ("layout", "says", "why"),
    [
        ("booklet", {"sides-supported": ["one-sided"]}, "does not print both sides"),
        ("booklet", {"document-format-supported": ["image/urf"]}, "takes no PDF"),
        ("poster", {}, "takes no Tabloid paper"),
    ],
)
def test_what_a_printer_cannot_do_is_said_before_the_press(
    desk: Desk, printer: Printer, layout: str, says: dict[str, object], why: str
) -> None:
    """No sheets are promised; there and once refused, the way by hand is the right one."""
    printer.says.update(says)
    browser = Browser(desk)
    page = browser.get(f"/h/crps?size={layout}")
    how = "Tabloid, one side." if layout == "poster" else "short edge. Then fold and staple it."
    for part in ("It cannot be printed like this", why, how):
        assert part in page, part
    (button,) = re.findall(r'(?s)<button[^>]*id="print".*?</button>', page)
    assert "sheet" not in button
    assert "prints one side only" not in page
    sheets = opened(browser)
    page = browser.press_print()
    assert "nothing was printed" in page.casefold()
    assert page.count(why) == 1
    assert how in page
    assert opened(browser) == sheets == on_sheets(browser.shown())
    assert printer.printed == []


@pytest.mark.parametrize(
    ("wish", "says", "heard"),
    [
        ({"grey": "yes"}, {"print-color-mode-supported": ["color"]}, "quite esa opción"),
        ({"copies": "3"}, {"copies-supported": (1, 1)}, "hace 1 copias como máximo"),
        ({}, {"printer-state-reasons": ["media-jam-error"]}, "Saque el papel atascado."),
        ({}, {"printer-state": 5, "printer-state-reasons": ["spool-area-full"]}, "está parada."),
        ({}, {"printer-is-accepting-jobs": False}, "no acepta nada ahora."),
        ({"pages": "x"}, {}, "«x» no son páginas."),
        ({"pages": "2-99"}, {}, "No hay página 99: la última es la 6."),
    ],
)
def test_what_a_printer_cannot_do_is_said_in_words_of_the_page(
    desk: Desk, printer: Printer, wish: dict[str, str], says: dict[str, object], heard: str
) -> None:
    """Not in those of a command, which nobody types here, and not in English."""
    printer.says.update(says)
    browser = Browser(desk)
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    browser.get("/h/crps")
    browser.post("/d", browser.form(**wish))
    page = browser.press_print()
    assert heard in page
    assert " --" not in re.sub(r"(?s)<!--.*?-->|<style.*?</style>", "", page)


@pytest.mark.parametrize(
    ("status", "states", "heard"),
    [
        (0x0506, [9], "no acepta nada ahora."),
        (0x0507, [9], "Pulse Imprimir otra vez en un minuto."),
        (0x0500, [9], "no lo aceptó."),
        (0, [5, 7], "Se canceló en"),
        (0, [5, 8], "lo abandonó."),
    ],
)
def test_a_printers_refusal_is_said_in_words_of_the_page(
    desk: Desk, printer: Printer, status: int, states: list[int], heard: str
) -> None:
    """With what a clerk can do: nobody at a desk starts a queue."""
    printer.status, printer.states = status, states
    browser = Browser(desk)
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "es"
    browser.get("/h/crps")
    page = browser.press_print()
    assert heard in page
    assert "queue" not in page


def test_a_packet_of_several_papers_says_which_pages_go_on_which(desk: Desk) -> None:
    """The half-size pages of a booklet are for its sheets."""
    browser = Browser(desk)
    picks = ["crps en standard", "foot en poster", "crps en booklet"]
    browser.post("/packet/add", {"pick": picks})
    sizes = re.search(r"several sizes: ([^.]*)\.", browser.page)
    assert sizes
    runs = [one.split(": ") for one in sizes[1].split(", ")]
    assert [name for _, name in runs] == ["Letter", "Tabloid", "Letter", "half Letter"]
    letters, tabloid, _, halves = ([*map(int, span.split("–"))] for span, _ in runs)
    pages = pypdfium2.PdfDocument(browser.shown())
    assert halves[-1] == len(pages)
    assert [round(pages[number - 1].get_width()) for number in letters] == [612, 612]
    assert [round(pages[number - 1].get_width()) for number in halves] == [396, 396]
    assert pages[tabloid[0] - 1].get_width() > 700
    assert "The half-size pages are a booklet" in browser.page


def test_a_letter_may_be_tried_once_paper_is_put_in(desk: Desk, printer: Printer) -> None:
    printer.says["media-ready"] = ["na_letter_8.5x11in"]
    browser = Browser(desk)
    form = {"condition": "crps", "lang": "en", "sheet": "referral"}
    browser.post("/attach", {**form, "letter": (io.BytesIO(LETTER.read_bytes()), "l.pdf")})
    assert "Front has no A4 paper in it." in browser.page
    del printer.says["media-ready"]
    key, at = browser.field("key"), browser.field("printer")
    browser.post(browser.link(r"/a/[^\"]*/print"), {"key": key, "printer": at})
    assert "Printed: 1 copy" in browser.printed()


def test_sheets_of_withdrawn_words_leave_by_no_address(bare: Browser, tmp_path: Path) -> None:
    """Nor while nobody can ask the approvals."""
    bare.get("/h/crps?size=booklet")
    file, home = bare.link(PAPER), tmp_path / "clinic"
    assert parts_of(opened(bare))[0].status == "approved"
    home.rename(tmp_path / "away")
    bare.desk.clinic._looked = 0
    assert bare.client.get(file, base_url=f"http://{HOST}").status_code == 422
    (tmp_path / "away").rename(home)
    revoke(open_workspace(home, home), "crps", "en", SIGNED["en"])
    bare.desk.clinic._looked = 0
    assert bare.client.get(file, base_url=f"http://{HOST}").status_code == 303


def test_the_notes_of_a_handout_are_no_packets(bare: Browser) -> None:
    assert "To be known of this handout" in bare.get("/h/crps?size=trifold")
    spanish = bare.get("/h/crps?size=trifold", headers=SPANISH)
    assert "Conviene saber de este folleto" in spanish
    for pick in ("crps en trifold", "foot en standard"):
        bare.post("/packet/add", {"pick": pick})
    assert "To be known of this packet" in bare.page


@pytest.mark.parametrize(
    ("picks", "is_there"),
    [
        (["crps en standard"], True),
        (["crps en referral"], False),
        (["crps en standard", "foot en standard"], False),
    ],
)
def test_a_page_for_the_fridge_is_offered_where_one_has_the_warning_signs(
    bare: Browser, picks: list[str], is_there: bool
) -> None:
    """Of a packet the last page may be a list of sources, or somebody's appointment."""
    for pick in picks:
        condition, _, layout = pick.split()
        bare.get(f"/h/{condition}?layout={layout}")
        bare.post("/packet/add", {"pick": pick})
    page = bare.page if picks[1:] else bare.get(f"/h/{condition}?layout={layout}")
    assert ('name="last"' in page) is is_there
