"""Handouts on a real IPP printer, by its address and through CUPS."""

from __future__ import annotations

import io
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner, Result

from handouts.cli.app import app
from handouts.printing import ipp
from handouts.seal import is_sealed
from tests.printing.conftest import Real

pytestmark = pytest.mark.usefixtures("printed_once")

CRPS = ("crps", "--allow-draft")


def run(*args: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["print", *args], input=typed)


def job(real: Real) -> dict[str, Any]:
    """The last job as the printer had it."""
    number = int(real.printed()[-1].name.partition("-")[0])
    answer = ipp.ask(ipp.Address(real.uri), "GET_JOB_ATTRIBUTES", {"job-id": number})
    return dict(answer.jobs[0])


def pages(data: bytes) -> list[bytes]:
    """Each page as pixels in grey."""
    pdf = pypdfium2.PdfDocument(data)
    return [page.render(scale=1, grayscale=True).to_pil().tobytes() for page in pdf]


def far(one: bytes, other: bytes) -> float:
    """How much two pictures differ: 0 to 1."""
    assert len(one) == len(other)
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one) / 255


def test_a_printer_gets_the_handout_byte_for_byte_and_nobodys_name(
    home: Path, real_printer: Real
) -> None:
    options = ("--copies", "2", "--tray", "main", "--grey", "--wait", "--json")
    done = run(*CRPS, "--printer", real_printer.uri, *options)
    assert done.exit_code == 0, done.output
    assert "DRAFT: for proofreading." in done.stderr
    row = json.loads(done.stdout)["printed"][0]
    assert (row["state"], row["pages"], row["sheets"]) == ("printed", 6, 6)
    assert (
        real_printer.printed()[-1].read_bytes()
        == (home / "output/crps.standard.en.pdf").read_bytes()
    )
    sent = job(real_printer)
    assert sent["job-name"] == "crps.standard.en"
    assert sent["job-originating-user-name"] == "handouts"
    assert (sent["copies"], sent["sides"]) == (2, "two-sided-long-edge")
    size = {"x-dimension": 21590, "y-dimension": 27940}
    assert sent["media-col"] == {"media-size": size, "media-source": "main"}
    assert sent["print-color-mode"] == "monochrome"


def test_a_draft_is_not_printed(home: Path, real_printer: Real) -> None:
    before = real_printer.printed()
    done = run("crps", "--printer", real_printer.uri)
    assert done.exit_code == 3
    assert "is a draft" in done.output
    assert (home / "output/crps.standard.en.pdf").exists()
    assert real_printer.printed() == before


def test_a_persons_copy_is_printed_and_lies_nowhere(
    home: Path, real_printer: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = home.parent / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = sorted(home.rglob("*"))
    data = json.dumps({"patient": "Ana Example"})
    done = run(*CRPS, "--data", "-", "--printer", real_printer.uri, "--wait", typed=data)
    assert done.exit_code == 0, done.output
    printed = real_printer.printed()[-1].read_bytes()
    assert is_sealed(printed)
    text = pypdfium2.PdfDocument(printed)[5].get_textpage().get_text_range()
    assert "Ana Example" in text
    assert "Ana" not in json.dumps(job(real_printer), default=str)
    assert [one for one in home.rglob("*") if one.is_file() and one not in before] == []
    assert list(temporary.iterdir()) == []


def test_pages_are_whole_sheets_and_the_last_page_is_alone(home: Path, real_printer: Real) -> None:
    for options, numbers, sides in (
        (("--pages", "3"), (3, 4), "two-sided-long-edge"),
        (("--pages", "2,5", "--duplex", "short"), (1, 2, 5, 6), "two-sided-short-edge"),
        (("--pages", "3", "--duplex", "off"), (3,), "one-sided"),
        (("--last-page",), (6,), "one-sided"),
    ):
        done = run(*CRPS, "--printer", real_printer.uri, "--wait", *options)
        assert done.exit_code == 0, done.output
        whole = pages((home / "output/crps.standard.en.pdf").read_bytes())
        assert pages(real_printer.printed()[-1].read_bytes()) == [whole[one - 1] for one in numbers]
        assert job(real_printer)["sides"] == sides


def test_through_cups_the_pages_look_the_same(
    home: Path, real_printer: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", real_printer.cups)
    there = CliRunner().invoke(app, ["printers"])
    assert "Front (usual): both sides" in there.stdout
    before = len(real_printer.printed())
    done = run(*CRPS, "--copies", "2", "--tray", "main", "--wait")
    assert done.exit_code == 0, done.output
    assert "Printed: crps.standard.en: 6 pages, 2 copies, 6 sheets, both sides" in done.stdout
    assert len(real_printer.printed()) == before + 1
    wanted = pages((home / "output/crps.standard.en.pdf").read_bytes())
    came = pages(real_printer.printed()[-1].read_bytes())
    assert len(came) == len(wanted)
    assert max(map(far, came, wanted)) < 0.002
    sent = job(real_printer)
    assert sent["sides"] == "two-sided-long-edge"
    assert sent["media-col"]["media-source"] == "main"
    assert sent["job-originating-user-name"] == "handouts"


@pytest.mark.usefixtures("home")
def test_a_stopped_queue_keeps_the_pdf_and_a_near_name_is_told(
    real_printer: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", real_printer.cups)
    real_printer.queue("cupsdisable", "Front")
    try:
        done = run(*CRPS)
    finally:
        real_printer.queue("cupsenable", "Front")
    assert done.exit_code == 10
    assert "Front cannot print now. It is paused." in done.stderr
    assert "The PDF is kept: output/crps.standard.en.pdf." in done.stderr
    other = run(*CRPS, "--printer", "Frant")
    assert other.exit_code == 10
    assert "Did you mean Front?" in other.stderr


@pytest.mark.usefixtures("home")
def test_a_job_that_is_cancelled_while_we_wait_is_said(
    real_printer: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", real_printer.cups)
    asked, real = [], time.sleep

    def slept(seconds: float) -> None:
        asked.append(seconds)
        if len(asked) == 1:
            real_printer.queue("cancel", "-a")
        real(seconds)

    monkeypatch.setattr(time, "sleep", slept)
    done = run(*CRPS, "--copies", "99", "--wait")
    assert done.exit_code == 10, done.output
    assert "was cancelled at Front" in done.stderr


def test_a_file_of_ours_is_printed_as_it_is_and_no_other(home: Path, real_printer: Real) -> None:
    run(*CRPS, "--printer", real_printer.uri, "--last-page", "--wait")
    built = home / "output/crps.standard.en.pdf"
    named = home / "ana-example.pdf"
    named.write_bytes(built.read_bytes())
    refused = run(str(named), "--printer", real_printer.uri)
    assert refused.exit_code == 3
    done = run(str(named), "--allow-draft", "--printer", real_printer.uri, "--wait")
    assert done.exit_code == 0, done.output
    assert real_printer.printed()[-1].read_bytes() == built.read_bytes()
    assert "ana" not in str(job(real_printer)["job-name"])
    changed = io.BytesIO()
    with pikepdf.open(named) as pdf:
        pdf.save(changed)
    named.write_bytes(changed.getvalue())
    assert run(str(named), "--allow-draft", "--printer", real_printer.uri).exit_code == 2
