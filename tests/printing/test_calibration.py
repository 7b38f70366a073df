"""The test sheet: two tagged sides whose marks have the size that they name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result
from PIL import ImageChops

from handouts.cli.app import app
from handouts.layout.masters import PAPERS
from handouts.pdf.calibration_marks import CROSS, FRAMES, GREYS
from handouts.preflight.examining import examine
from handouts.preflight.findings import Aims, Rule
from handouts.printing.calibration import render_sheet
from handouts.printing.calibration_words import WORDS
from tests.printing.answering import Printer

DAY = date(2026, 11, 22)
SHEETS = [(paper, lang) for paper in PAPERS for lang in WORDS]
_DPI = 254  # a tenth of a millimetre


@pytest.fixture(scope="module", params=SHEETS, ids="-".join)
def made(request: pytest.FixtureRequest) -> tuple[str, str, bytes]:
    paper, lang = request.param
    return paper, lang, render_sheet(paper, lang, DAY)


def shown(data: bytes, page: int) -> pypdfium2.PdfBitmap:
    picture = pypdfium2.PdfDocument(data)[page].render(scale=_DPI / 72, grayscale=True)
    return picture.to_pil()


def test_it_is_one_sheet_that_is_read_as_it_is_seen(made: tuple[str, str, bytes]) -> None:
    paper, lang, data = made
    words = WORDS[lang]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2
        assert str(pdf.Root.Lang) == lang
        assert tuple(map(float, pdf.pages[0].mediabox[2:])) == pytest.approx(
            PAPERS[paper], abs=0.01
        )
        heard = list(_heard(pdf.Root.StructTreeRoot))
    assert heard == [
        *(words.edges_alt, words.arrow_alt, "H1", "P"),
        *("H2", "P", words.size_alt, "H2", "P"),
        *("H2", "P", words.grey_alt, "H2", "P", words.thin_alt),
        *(words.edges_alt, words.arrow_alt, "H1"),
        *("H2", *["P"] * len(words.flip_do), "H2", *["P"] * len(words.register_do)),
        *("H2", *["P"] * len(words.found_what)),
    ]


def _heard(element: Any) -> Iterator[str]:
    """The elements of a structure tree in order: of a picture its alternative text."""
    kids: Any = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary) or "/S" not in kid:
            continue
        if kid.S in ("/H1", "/H2", "/P", "/Figure"):
            yield str(kid.Alt) if "/Alt" in kid else str(kid.S)[1:]
        else:
            yield from _heard(kid)


def test_the_frames_stand_where_their_figures_say(made: tuple[str, str, bytes]) -> None:
    picture = shown(made[2], 0)
    width, height = picture.size
    for edge in (
        picture.crop((0, height // 3, 130, height // 3 + 1)),
        picture.crop((width - 130, height // 3, width, height // 3 + 1)).transpose(0),
        picture.crop((width // 3, 0, width // 3 + 1, 130)).rotate(90, expand=True),
        picture.crop((width // 3, height - 130, width // 3 + 1, height)).rotate(-90, expand=True),
    ):
        dark = [x for x in range(edge.width) if edge.getpixel((x, 0)) < 200]
        places = {round(x / 10) for x in dark}
        assert places == set(FRAMES)


def test_the_rulers_are_as_long_as_they_say() -> None:
    picture = shown(render_sheet("letter", "en", DAY), 0)
    found = set()
    for y in range(picture.height // 5, picture.height // 2):
        found.add(_longest(picture.crop((280, y, 1700, y + 1)).tobytes()))
    assert {one for one in found if one > 900} <= {*range(998, 1003), *range(1014, 1019)}
    assert {round(one, -1) for one in found if one > 900} == {1000, 1020}


def _longest(row: bytes) -> int:
    """The pixels of the longest dark line in a row."""
    runs = groupby(row, lambda level: level < 128)
    return max((len(list(run)) for dark, run in runs if dark), default=0)


def test_the_crosses_of_both_sides_meet_however_the_sheet_is_turned(
    made: tuple[str, str, bytes],
) -> None:
    front, back = shown(made[2], 0), shown(made[2], 1)
    width, height = front.size
    half, middle = 60, CROSS * 10
    for x in (middle, width - middle):
        for y in (middle, height - middle):
            box = tuple(map(round, (x - half, y - half, x + half, y + half)))
            cross = front.crop(box)
            assert cross.point(lambda level: 255 if level < 128 else 0).getbbox()
            assert ImageChops.difference(cross, back.crop(box)).getbbox() is None
            across = tuple(map(round, (width - x - half, y - half, width - x + half, y + half)))
            other = back.crop(across).transpose(0)  # seen through the paper
            blurred = ImageChops.difference(cross.reduce(4), other.reduce(4))
            assert max(blurred.getdata()) < 110


def test_preflight_finds_on_the_sheet_what_the_sheet_is_there_to_show() -> None:
    report = examine(render_sheet("letter", "en", DAY), *_aims(), "the sheet")
    assert {one.rule for one in report.findings} == {Rule.EDGE, Rule.CONTRAST, Rule.COPY}
    pale = next(one for one in report.findings if one.rule is Rule.CONTRAST)
    assert f"“{GREYS[0]}”" in pale.message
    assert round(report.looked[0].edge) == FRAMES[0]


def _aims() -> tuple[float, int, tuple[int, ...]]:
    return Aims().edge, Aims().weakest_grey, ()


# --- The command --------------------------------------------------------------------------


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["calibrate", *args, "--as-of", "2026-11-22"])


def test_the_sheet_is_written_and_written_anew_but_over_no_other_file(home: Path) -> None:
    done = run("--lang", "es", "--paper", "a4")
    target = home / "output" / "calibrate.es.a4.pdf"
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "output/calibrate.es.a4.pdf")
    assert target.read_bytes() == render_sheet("a4", "es", DAY)
    assert run("--lang", "es", "--paper", "a4").exit_code == 0
    target.write_bytes(target.read_bytes() + b"\n% a note")
    refused = run("--lang", "es", "--paper", "a4")
    assert (refused.exit_code, target.read_bytes()[-8:]) == (7, b"% a note")
    assert run("-o", "sheet.pdf").exit_code == 0
    assert run("-o", "sheet.pdf").exit_code == 7


def test_the_sheet_goes_to_the_printer_and_leaves_no_file(home: Path, printer: Printer) -> None:
    done = run("--print", "--printer", printer.uri)
    assert done.exit_code == 0, done.stderr
    assert "Sent: the test sheet, Letter" in done.stdout
    assert printer.printed == [render_sheet("letter", "en", DAY)]
    assert not list(home.rglob("*.pdf"))
    job = next(about for name, about in printer.asked if name == "PRINT_JOB")
    assert job["job-name"] == "handouts test sheet"
    assert job["job"]["sides"] == "two-sided-long-edge"
    assert job["job"]["print-scaling"] == "none"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--printer", "Front"), 2, "--printer goes with --print. Add --print."),
        (("--print", "-o", "a.pdf"), 2, "-o and --print exclude each other."),
        (("--print",), 10, "Error:"),
    ],
)
@pytest.mark.usefixtures("home")
def test_what_cannot_be_done_is_said(args: tuple[str, ...], code: int, said: str) -> None:
    done = run(*args)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
