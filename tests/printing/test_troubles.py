"""What goes wrong at a printer: said, with its remedy and exit code 10, and the PDF kept."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handouts.cli import to_paper
from handouts.cli.app import app
from handouts.errors import PrintError
from handouts.printing import ipp, queues, sending
from handouts.printing.jobs import Sides, paper_of
from handouts.printing.queues import find
from handouts.printing.sheets import parsed, whole_sheets
from tests.approving import approve
from tests.printing.answering import GOOD, Printer

pytestmark = pytest.mark.usefixtures("printed_once", "home")

LETTER = "na_letter_8.5x11in"
KEPT = "The PDF is kept: output/crps.standard.en.pdf."


def run(printer: Printer, *args: str, typed: str | None = None) -> Result:
    options = ("--printer", printer.uri, "--allow-draft")
    return CliRunner().invoke(app, ["print", "crps", *options, *args], input=typed)


@pytest.mark.parametrize(
    ("says", "args", "heard"),
    [
        ({"printer-state": 5, "printer-state-reasons": "paused"}, (), "It is paused. "),
        ({"printer-state": 5, "printer-state-reasons": "odd-thing"}, (), "It says: odd-thing."),
        ({"printer-is-accepting-jobs": False}, (), "takes no jobs."),
        ({"printer-state-reasons": ["media-jam-error"]}, (), "Paper is jammed."),
        ({"printer-state-reasons": ["media-empty"]}, (), "It is out of paper."),
        (
            {"printer-state-reasons": ["media-empty"], "media-ready": ["iso_a4_210x297mm"]},
            (),
            "It holds A4.",
        ),
        ({"media-supported": ["iso_a4_210x297mm"]}, (), "takes no Letter paper."),
        ({"sides-supported": ["one-sided"]}, ("--duplex", "long"), "Print with --duplex off."),
        ({"copies-supported": (1, 1)}, ("--copies", "2"), "makes 1 copies at most."),
        ({"print-color-mode-supported": ["color"]}, ("--grey",), "Leave --grey out."),
        ({}, ("--tray", "mian"), "Did you mean main?"),
    ],
)
def test_what_a_printer_cannot_do_is_refused_before_anything_is_sent(
    printer: Printer, says: dict[str, Any], args: tuple[str, ...], heard: str
) -> None:
    printer.says |= says
    done = run(printer, *args)
    assert done.exit_code == 10, done.output
    assert heard in done.stderr
    assert KEPT in done.stderr
    assert Path("output/crps.standard.en.pdf").exists()
    assert printer.printed == []


@pytest.mark.parametrize(
    ("says", "args", "sent"),
    [
        ({"printer-state-reasons": ["toner-low-warning", "media-empty-report"]}, (), {}),
        ({"printer-state-reasons": ["media-empty"], "media-ready": [LETTER]}, (), {}),
        ({"sides-supported": ["one-sided"]}, (), {"sides": "one-sided"}),
        ({}, (), {"sides": "two-sided-long-edge", "media": LETTER, "print-scaling": "none"}),
        ({"print-scaling-supported": ["auto"]}, (), {"print-scaling": None}),
        ({}, ("--grey",), {"print-color-mode": "monochrome"}),
        (
            {"print-color-mode-supported": [], "color-supported": False},
            ("--grey",),
            {"print-color-mode": None},
        ),
    ],
)
def test_what_it_can_do_is_asked_of_it_and_nothing_else(
    printer: Printer, says: dict[str, Any], args: tuple[str, ...], sent: dict[str, str | None]
) -> None:
    printer.says = {key: value for key, value in (printer.says | says).items() if value != []}
    done = run(printer, *args)
    assert done.exit_code == 0, done.output
    _, about = printer.asked[-1]
    assert about["ipp-attribute-fidelity"] is True
    assert {key: about["job"].get(key) for key in sent} == sent


@pytest.mark.parametrize(
    ("states", "code", "heard"),
    [
        ([3, 5, 9], 0, "Printed: crps.standard.en"),
        ([5, 7], 10, "was cancelled at Front"),
        ([5, 8], 10, "Front gave up job 7."),
        ([8], 10, "Front gave up job 7."),
        ([5], 10, "has not printed job 7 yet. Front cannot print now. Paper is jammed."),
    ],
)
def test_wait_says_how_it_ended(
    printer: Printer,
    states: list[int],
    code: int,
    heard: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending.wait, "__defaults__", (lambda _: None, 0.5, lambda _: None))
    printer.states = states

    def jam(name: str) -> None:
        if name == "PRINT_JOB":
            printer.says["printer-state-reasons"] = "media-jam"

    printer.on_ask = jam
    done = run(printer, "--wait")
    assert done.exit_code == code, done.output
    assert heard in done.output
    assert (KEPT in done.stderr) is (code == 10)


@pytest.mark.parametrize("state", [3, 4])
def test_what_stops_it_twice_is_said_twice_and_another_tray_stops_nothing(
    printer: Printer, state: int
) -> None:
    """A long job empties its tray more than once; the tray of the other paper may stay empty."""
    reasons = ["none", "media-jam", "media-empty", "media-jam", "media-jam"]
    printer.says |= {"printer-state": state, "media-ready": [LETTER]}
    printer.states = [5, 5, 5, 5, 5, 9]

    def stumble(name: str) -> None:
        if name == "GET_JOB_ATTRIBUTES" and reasons:
            printer.says["printer-state-reasons"] = reasons.pop(0)

    printer.on_ask = stumble
    done = run(printer, "--wait")
    assert done.exit_code == 0, done.output
    assert done.stderr.count("Paper is jammed.") == 2
    assert "out of paper" not in done.stderr


@pytest.mark.parametrize(
    ("status", "heard"),
    [(0x0506, "takes no jobs"), (0x0507, "is busy"), (0x040B, "--tray"), (0x0500, "(0x0500)")],
)
def test_a_job_that_is_not_taken(printer: Printer, status: int, heard: str) -> None:
    printer.status = status
    done = run(printer)
    assert (done.exit_code, printer.printed) == (10, [])
    assert heard in done.stderr


def test_words_that_are_withdrawn_at_the_last_moment_are_not_printed(
    printer: Printer, home: Path
) -> None:
    approve(home)
    day = ("--as-of", "2026-11-21")
    fine = CliRunner().invoke(app, ["print", "crps", "--printer", printer.uri])
    assert fine.exit_code == 0, fine.output
    assert "DRAFT" not in fine.output

    def withdraw(_: str) -> None:
        printer.on_ask = lambda _: None
        who = ("--by", "Ann Roe", "--role", "physician", "--yes", *day)
        command = ["--workspace", str(home), "approve", "crps", "--revoke", *who]
        outcome: list[Result] = []
        thread = threading.Thread(
            target=lambda: outcome.append(CliRunner().invoke(app, command, input="y\n"))
        )
        thread.start()
        thread.join()
        assert outcome[0].exit_code == 0, outcome[0].output

    printer.on_ask = withdraw
    done = CliRunner().invoke(app, ["print", "crps", "--printer", printer.uri])
    assert done.exit_code == 3, done.output
    assert "no longer approves" in done.stderr
    assert len(printer.printed) == 1


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the system's viewer was given."""
    paths: list[Path] = []

    def opens(path: Path) -> bool:
        paths.append(path)
        return True

    monkeypatch.setattr(to_paper, "opens", opens)
    return paths


def test_where_no_pdf_is_taken_a_viewer_opens_and_says_what_to_set(
    printer: Printer, opened: list[Path]
) -> None:
    printer.says["document-format-supported"] = ["image/urf"]
    done = run(printer, "--copies", "2", "--tray", "main")
    assert done.exit_code == 0, done.output
    assert [path.name for path in opened] == ["crps.standard.en.pdf"]
    assert "Front takes no PDF." in done.stderr
    assert done.stderr.endswith(
        "crps.standard.en opens. Set by hand:\n  size: 100 % (“actual size”)\n  paper: Letter\n"
        "  sides: both sides, flipped on the long edge\n  copies: 2\n  tray: main\n"
    )
    assert "DRAFT: for proofreading." in done.stdout
    copy = run(printer, "--data", "-", typed=json.dumps({"patient": "Ana Example"}))
    assert copy.exit_code == 10
    assert "A person's copy is kept nowhere." in copy.stderr
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--layout", "trifold"), "Letter\n  sides: both sides, flipped on the short edge\n"),
        (("--layout", "poster"), "Tabloid\n  sides: one side\n"),
        (("--paper", "a4", "--duplex", "off"), "A4\n  sides: one side\n"),
        (("--last-page",), "Letter\n  sides: one side\n  pages: 6\n"),
        (
            ("--pages", "3"),
            "Letter\n  sides: both sides, flipped on the long edge\n  pages: 3, 4\n",
        ),
    ],
)
@pytest.mark.usefixtures("opened")
def test_what_to_set_is_what_a_printer_would_have_been_told(
    args: tuple[str, ...], said: str, printer: Printer
) -> None:
    printer.says["document-format-supported"] = ["image/urf"]
    done = run(printer, *args)
    assert done.exit_code == 0, done.output
    assert done.stderr.endswith(f"  size: 100 % (“actual size”)\n  paper: {said}")


def test_a_viewer_that_opens_the_first_alone_is_said_to_have(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what joined a part, and that it is a draft."""
    printer.says["document-format-supported"] = ["image/urf"]
    monkeypatch.setattr(to_paper, "opens", lambda path: "crps." in path.name)
    done = run(printer, "knee", "--section", "faq", "--json")
    assert done.exit_code == 10, done.output
    (row,) = json.loads(done.stdout)["printed"]
    assert (row["name"].split(".")[0], row["state"]) == ("crps", "opened")
    assert "The PDF is kept: output/knee-rep" in done.stderr
    assert "warning-signs and who-to-call were added" in done.stderr
    assert "DRAFT: for proofreading." in done.stderr


def test_where_no_viewer_is_the_pdf_is_kept_and_not_called_opened(
    printer: Printer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    printer.says["document-format-supported"] = ["image/urf"]
    monkeypatch.setenv("PATH", str(tmp_path))
    for opener in ("", "#!/bin/sh\nexit 3\n"):  # none at all, and one that finds no viewer
        if opener:
            (tmp_path / "xdg-open").write_text(opener)
            (tmp_path / "xdg-open").chmod(0o700)
        done = run(printer, "--json")
        assert done.exit_code == 10, done.output
        assert "opened" not in done.stdout
        assert "No program here opens one. The PDF is kept: output/crps.stan" in done.stderr
        assert Path("output/crps.standard.en.pdf").is_file()


def test_on_windows_the_viewer_opens(opened: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUPS_SERVER")
    monkeypatch.setattr(queues, "sys", SimpleNamespace(platform="win32"))
    done = CliRunner().invoke(app, ["print", "crps", "--allow-draft", "--json"])
    assert done.exit_code == 0, done.output
    assert len(opened) == 1
    assert "printers of Windows" in done.stderr
    assert json.loads(done.stdout)["printed"][0]["state"] == "opened"
    assert CliRunner().invoke(app, ["printers"]).exit_code == 10


def test_nobody_types_a_patients_name_for_a_draft(printer: Printer) -> None:
    done = CliRunner().invoke(app, ["print", "crps", "--ask", "--printer", printer.uri])
    assert done.exit_code == 3, done.output
    assert "is a draft" in done.stderr
    assert "Patient" not in done.output


def test_what_the_build_says_is_said(printer: Printer) -> None:
    done = run(printer, "--section", "recovery")
    assert done.exit_code == 0, done.output
    assert "A short sheet, marked as a part." in done.stdout


def test_a_computer_without_printers(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{printer.port}")
    printer.says = {}
    shown = CliRunner().invoke(app, ["printers"])
    assert (shown.exit_code, "No printer is set up" in shown.stdout) == (0, True)
    done = CliRunner().invoke(app, ["print", "crps", "--allow-draft"])
    assert done.exit_code == 10
    assert "None is set up." in done.stderr


def test_the_workspace_names_its_printer(printer: Printer, home: Path) -> None:
    marker = home / "handouts.toml"
    marker.write_text(marker.read_text("utf-8") + f'printer = "{printer.uri}"\n', "utf-8")
    done = CliRunner().invoke(app, ["print", "crps", "--allow-draft"])
    assert done.exit_code == 0, done.output
    assert len(printer.printed) == 1


@given(data=st.binary(max_size=60), at=st.integers(0, 400))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_answer_is_a_mistake_of_ours(printer: Printer, data: bytes, at: int) -> None:
    printer.raw, printer.says = None, dict(GOOD)
    request = ipp._message(ipp.Address(printer.uri), "GET_PRINTER_ATTRIBUTES", {}, ipp.Attributes())
    good = printer.answer("/", request)
    printer.raw = good[:at] + data + good[at + len(data) :]
    try:
        found = find(printer.uri)
    except PrintError:
        return
    assert found.name


@pytest.mark.parametrize(
    "uri",
    [
        *("http://a/", "ipp://", "ipp://[::1", "ipp://a:99999/", "ipp://a:b/", "ipp://me:pw@a/"),
        *(
            "://",
            "ipp:///ipp",
            "ipp://a b/",
            "ipp://\u202e/",
            "ipp://a/?b",
            "ipp://.../",
            "ipp://*",
        ),
    ],
)
def test_an_odd_address_is_a_message(uri: str) -> None:
    done = CliRunner().invoke(app, ["printers", uri])
    assert done.exit_code in (2, 10), done.output
    assert "pw" not in done.output


@pytest.mark.parametrize("text", ["0", "3-2", "a", "", ",", "1-", "-1", "1;2", "999999"])
def test_pages_that_are_none(printer: Printer, text: str) -> None:
    if text:
        assert run(printer, "--pages", text).exit_code == 2
    assert printer.printed == []


def test_sheets() -> None:
    pages = parsed("3, 5-6")
    assert whole_sheets(pages, 6, Sides.LONG) == [3, 4, 5, 6]
    assert whole_sheets(parsed("5"), 5, Sides.LONG) == [5]
    assert whole_sheets(pages, 6, Sides.ONE) == [3, 5, 6]
    paper = paper_of(792, 612)
    assert paper
    assert (paper.name, paper.size) == ("Letter", (21590, 27940))
    assert paper_of(600, 600) is None


@pytest.mark.parametrize(
    ("args", "count", "on"),
    [
        (("--lang", "es", "--data", "d.json"), 7, "911"),  # the panel is behind it
        (("--layout", "trifold"), 2, "911"),
        (("--layout", "one-page"), 2, "911"),
    ],
)
def test_the_page_for_the_fridge_is_that_of_the_warning_signs(
    home: Path, printer: Printer, args: tuple[str, ...], count: int, on: str
) -> None:
    data = {
        "patient": "Ana Example", "birth_date": "1956-02-03", "side": "left",
        "appointment_date": "2099-12-03", "appointment_time": "9:30",
        "appointment_place": "2nd floor, room 4", "clinician": "Dr. Sample",
        "phone": "(555) 012-3456", "note": "Bring your list of medicines. " * 19,
    }  # fmt: skip
    (home / "d.json").write_text(json.dumps(data))
    for more in ((), ("--last-page",)):
        done = run(printer, *args, *more)
        assert done.exit_code == 0, done.output
    whole, alone = (texts(sent) for sent in printer.printed)
    assert (len(whole), len(alone)) == (count, 1)
    assert on in alone[0]
    assert alone[0] in whole


@pytest.mark.usefixtures("home")
def test_a_sheet_without_warning_signs_has_no_page_for_the_fridge(printer: Printer) -> None:
    done = run(printer, "--layout", "referral", "--last-page")
    assert done.exit_code == 2
    assert "There is no page for the fridge" in done.stderr
    assert printer.printed == []


def test_the_pages_of_a_copy_that_was_printed_can_be_printed_again(
    home: Path, printer: Printer
) -> None:
    approve(home)
    options = ("--printer", printer.uri, "--data", "-")
    typed = json.dumps({"patient": "Ana Example"})
    done = CliRunner().invoke(app, ["print", "crps", *options], input=typed)
    assert done.exit_code == 0, done.output
    (kept,) = (home / "editions").glob("*.json")
    again = CliRunner().invoke(app, ["reprint", kept.stem, "-o", "again.pdf"])
    assert again.exit_code == 0, again.output
    assert not any("Ana" in text for text in texts((home / "again.pdf").read_bytes()))


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]
