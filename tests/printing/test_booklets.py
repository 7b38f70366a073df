"""Booklets: which page lies where once the sheets are folded, and what is sent to a printer."""

from __future__ import annotations

import io
import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result

from handouts.attach.reading.xmp import packets, parts_of, title_in
from handouts.cli import to_paper
from handouts.cli.app import app
from handouts.printing.imposing import CREEP, sides
from handouts.printing.sheets import measured, on_sheets
from handouts.seal import is_sealed
from tests.approving import approve
from tests.printing.answering import Printer

pytestmark = pytest.mark.usefixtures("printed_once", "home")

BOOKLET = ("crps", "--layout", "booklet")
MIDDLE = 396.0


def run(*args: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, args, input=typed)


def built(*args: str) -> Path:
    done = run("build", *BOOKLET, *args)
    assert done.exit_code == 0, done.output
    return Path(done.stdout.splitlines()[-1])


def halves(data: bytes) -> list[tuple[str, str]]:
    """The text on the left and right of each side, as another program reads it."""
    pdf = pypdfium2.PdfDocument(data)
    texts = [page.get_textpage() for page in pdf]
    return [
        (one.get_text_bounded(right=MIDDLE), one.get_text_bounded(left=MIDDLE)) for one in texts
    ]


def read_through(both: list[tuple[int, int]]) -> Iterator[int]:
    """The pages in the order in which a reader turns them: the sheets lie within each other, so
    their right halves come first, from the outermost in, then their left halves back out."""
    sheets = [(both[at], both[at + 1]) for at in range(0, len(both), 2)]
    for (_, right), (behind, _) in sheets:
        yield from (right, behind)
    for (left, _), (_, behind) in reversed(sheets):
        yield from (behind, left)


@pytest.mark.parametrize("count", [4, 8, 12, 28])
def test_folded_sheets_read_from_the_first_page_to_the_last(count: int) -> None:
    assert list(read_through(list(sides(count)))) == list(range(1, count + 1))


def test_the_sheets_hold_each_page_in_its_place_and_whole() -> None:
    data = built().read_bytes()
    sheets = on_sheets(data)
    pages = measured(sheets)
    assert (pages.count, pages.paper.name, pages.landscape) == (6, "Letter", True)
    found = halves(sheets)
    for (left, right), (one, other) in zip(found, sides(12), strict=True):
        assert f"Page {one} of 12" in left
        assert f"Page {other} of 12" in right
    own = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]
    for texts, both in zip(found, sides(12), strict=True):
        for page, text in zip(both, texts, strict=True):
            assert seen(text) == seen(own[page - 1])


def seen(text: str) -> list[str]:
    """The words of a page, less those that stand for a box to tick: they have no place on it."""
    return text.replace("box to check:", "").split()


def test_inner_pages_move_to_the_fold_by_the_thickness_of_paper() -> None:
    with pikepdf.open(io.BytesIO(on_sheets(built().read_bytes()))) as pdf:
        written = [page.obj.Contents.read_bytes().decode() for page in pdf.pages]
    moved = [[float(one) for one in re.findall(r"0 0 1 ([0-9.]+) 0 cm", text)] for text in written]
    assert round(CREEP / 72 * 25.4, 3) == 0.1
    for number, (left, right) in enumerate(moved):
        assert left == pytest.approx(number // 2 * CREEP, abs=0.001)
        assert right == pytest.approx(MIDDLE - number // 2 * CREEP, abs=0.001)


def test_marks_stand_on_the_fold_and_clear_of_all_words() -> None:
    (page, *_) = pypdfium2.PdfDocument(on_sheets(built().read_bytes()))
    texts = page.get_textpage()
    boxes = [texts.get_charbox(at) for at in range(texts.count_chars())]
    assert boxes
    assert all(right < MIDDLE - 20 or left > MIDDLE + 20 for left, _, right, _ in boxes)


def test_sheets_claim_nothing_and_keep_whose_words_they_hold(home: Path) -> None:
    approve(home)
    data = built().read_bytes()
    sheets = on_sheets(data)
    assert parts_of(sheets) == parts_of(data)
    assert parts_of(sheets)[0].status == "approved"
    assert is_sealed(sheets)
    (packet,) = packets(sheets)
    assert title_in(packet).startswith("Sheets to print and fold, not tagged: DRG")
    assert "pdfaid" not in packet
    assert "pdfuaid" not in packet
    with pikepdf.open(io.BytesIO(sheets)) as pdf:
        assert not {"/StructTreeRoot", "/MarkInfo", "/OutputIntents"} & set(pdf.Root.keys())


def test_a_persons_words_are_on_the_sheets_for_those_alone_who_may_read_them(home: Path) -> None:
    (home / "ana.json").write_text('{"patient": "Ana Example"}')
    copy = built("--data", "ana.json")
    assert run("impose", str(copy), "-o", "ana.pdf").exit_code == 0
    made = home / "ana.pdf"
    assert "Ana Example" in "".join(map("".join, halves(made.read_bytes())))
    assert stat.S_IMODE(made.stat().st_mode) == 0o600


def test_what_is_no_booklet_is_not_imposed(home: Path) -> None:
    run("build", "crps")
    done = run("impose", "output/crps.standard.en.pdf")
    assert done.exit_code == 2
    assert "is no booklet" in done.stderr
    path = built()
    path.write_bytes(path.read_bytes() + b"\n")
    done = run("impose", str(path))
    assert done.exit_code == 2
    assert "is no handout as this program made it" in done.stderr
    assert not list(home.rglob("*.sheets.pdf"))


def test_print_sends_sheets_on_both_sides_flipped_on_the_short_edge(printer: Printer) -> None:
    done = run("print", *BOOKLET, "--printer", printer.uri, "--allow-draft")
    assert done.exit_code == 0, done.output
    assert "6 pages, 3 sheets, both sides, flipped on the short edge, Letter" in done.stdout
    _, about = printer.asked[-1]
    assert about["job"]["sides"] == "two-sided-short-edge"
    assert about["job"]["media"] == "na_letter_8.5x11in"
    (sent,) = printer.printed
    assert "Page 12 of 12" in halves(sent)[0][0]


@pytest.mark.parametrize("thing", ["booklet", "sheets"])
def test_a_draft_is_refused_as_pages_and_as_sheets(printer: Printer, thing: str) -> None:
    path = built()
    if thing == "sheets":
        run("impose", str(path))
        path = path.with_suffix(".sheets.pdf")
    done = run("print", str(path), "--printer", printer.uri)
    assert (done.exit_code, printer.printed) == (3, [])
    assert "is a draft" in done.stderr
    assert run("print", str(path), "--printer", printer.uri, "--allow-draft").exit_code == 0
    assert printer.asked[-1][1]["job"]["sides"] == "two-sided-short-edge"


def test_a_printer_of_one_side_is_refused(printer: Printer) -> None:
    printer.says["sides-supported"] = ["one-sided", "two-sided-long-edge"]
    done = run("print", *BOOKLET, "--printer", printer.uri, "--allow-draft")
    assert (done.exit_code, printer.printed) == (10, [])
    assert "does not print both sides, flipped on the short edge." in done.stderr
    assert "use another printer, or another layout" in done.stderr


@pytest.mark.parametrize(
    ("args", "heard"),
    [
        (("--duplex", "off"), "on both sides, flipped on the short edge"),
        (("--duplex", "long"), "on both sides, flipped on the short edge"),
        (("--last-page",), "the back of its cover"),
        (("--pages", "13"), "There is no page 13: the handout has 12 pages."),
    ],
)
def test_what_would_be_no_booklet(printer: Printer, args: tuple[str, ...], heard: str) -> None:
    done = run("print", *BOOKLET, "--printer", printer.uri, "--allow-draft", *args)
    assert (done.exit_code, printer.printed) == (2, [])
    assert heard in done.stderr


def test_a_sheet_again_that_jammed(printer: Printer) -> None:
    given = ("--printer", printer.uri, "--allow-draft", "--pages", "3")
    assert run("print", *BOOKLET, *given).exit_code == 0
    (sent,) = printer.printed
    front, back = halves(sent)
    for number, half in zip((10, 3, 4, 9), (*front, *back), strict=True):
        assert f"Page {number} of 12" in half


def test_where_the_printer_cannot_be_told_no_single_pages_come_out(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(to_paper, "opens", lambda _: pytest.fail("a viewer would print pages"))
    printer.says["document-format-supported"] = ["image/urf"]
    done = run("print", *BOOKLET, "--printer", printer.uri, "--allow-draft")
    assert done.exit_code == 10
    assert "handouts impose FILE.pdf" in done.stderr
    assert "The PDF is kept: output/crps.booklet.en.pdf." in done.stderr


def test_copies_of_booklets_do_not_go_into_one_file(home: Path) -> None:
    (home / "all.csv").write_text("patient\nAna Example\nBen Example\n")
    given = ("--condition", "crps", "--layout", "booklet", "--allow-draft")
    done = run("batch", "all.csv", *given, "--merged", "all.pdf")
    assert done.exit_code == 2, done.output
    assert "booklet is printed on sheets of its own" in done.stderr
    assert not (home / "all.pdf").exists()
    (home / "mixed.csv").write_text("patient,layout\nAna Example,standard\nBen Example,booklet\n")
    done = run("batch", "mixed.csv", *given[:2], given[-1], "--merged", "mixed.pdf")
    assert done.exit_code == 9, done.output
    assert "mixed.csv:3: layout booklet is printed on sheets of its own" in done.stderr
    assert (home / "mixed.pdf").exists()
    assert run("batch", "all.csv", *given, "-o", "copies").exit_code == 0


def test_nobodys_name_goes_on_a_wall(printer: Printer, home: Path) -> None:
    (home / "ana.json").write_text(json.dumps({"patient": "Ana Example"}))
    wall = ("crps", "--layout", "poster")
    for command in (
        ("build", *wall, "--ask"),
        ("build", *wall, "--data", "ana.json"),
        ("build", *wall, "--fillable"),
        ("print", *wall, "--ask", "--printer", printer.uri, "--allow-draft"),
    ):
        done = run(*command)
        assert done.exit_code == 2, done.output
        assert "Nobody's name goes on a wall: poster is a poster." in done.stderr
        assert "Patient" not in done.output
    (home / "all.csv").write_text("patient\nAna Example\n")
    given = ("--condition", "crps", "--layout", "poster", "--allow-draft", "-o", "copies")
    done = run("batch", "all.csv", *given)
    assert "goes on a wall" in done.stderr
    assert not list(home.rglob("*.pdf"))
