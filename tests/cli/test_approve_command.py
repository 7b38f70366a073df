"""approve, diff and reprint at the terminal: what a clinician sees, is asked, and may leave."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from handouts.cli.app import app
from handouts.library import records
from handouts.pdf.validate import validate
from handouts.workspace import builtin_root, open_workspace

pytestmark = pytest.mark.usefixtures("printed_once", "few_layouts")

DAY = ("--as-of", "2026-11-21")
NAME = ("--by", "Ann Roe", "--role", "dr", "--yes", *DAY)
RISKS = "content/sections/risks/en.md"


def run(*args: str, answers: str = "") -> Result:
    return CliRunner().invoke(app, list(args), input=answers, prog_name="handouts")


def kept(home: Path) -> list[str]:
    folder = home / "content/approvals"
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def edit(home: Path, old: str, new: str) -> None:
    text = (builtin_root("content") / "sections/risks/en.md").read_text("utf-8")
    assert old in text
    (home / RISKS).parent.mkdir(parents=True, exist_ok=True)
    (home / RISKS).write_text(text.replace(old, new), encoding="utf-8")


def test_it_shows_the_words_and_asks(home: Path) -> None:
    asked = run("approve", "crps", *DAY, answers="y\nAnn Roe\nPA-C\n")
    assert asked.exit_code == 0, asked.output
    for said in (
        "DRG stimulation for CRPS",
        "An implant for CRPS pain?",
        "What can go wrong",
        "grade",
        "review due",
        "Do you stand behind",
    ):
        assert said in asked.output
    assert "Ann Roe, physician assistant" in asked.output
    assert kept(home) == ["crps.en.0001.json"]


@pytest.mark.parametrize("answers", ["n\n", "", "y\n", "y\nAnn Roe\n"])
def test_who_says_no_or_leaves_approves_nothing(home: Path, answers: str) -> None:
    left = run("approve", "crps", *DAY, answers=answers)
    assert left.exit_code != 0
    assert "Traceback" not in left.output
    assert kept(home) == []


def test_the_next_time_it_shows_what_changed(home: Path) -> None:
    assert "was never approved" in run("diff", "crps").output
    assert run("approve", "crps", *NAME).exit_code == 0
    assert "the words are the same" in run("diff", "crps").output
    edit(home, "Problems are very common", "Problems are common")
    shown = run("diff", "crps").output
    assert "1 part changed; these protect the patient: risks." in shown
    assert "In risks:\n  was: Problems are very common" in shown
    assert "  now: Problems are common" in shown
    again = run("approve", "crps", *NAME)
    assert "now: Problems are common" in again.output
    assert kept(home) == ["crps.en.0001.json", "crps.en.0002.json"]


def test_taking_back(home: Path) -> None:
    assert run("approve", "crps", *NAME, "--revoke").exit_code == 2
    run("approve", "crps", *NAME)
    assert run("build", "crps", "groin-hernia", *DAY).exit_code == 0
    with pikepdf.open(home / "output/crps.standard.en.pdf") as pdf:
        for name, user in (("own", ""), ("closed", "secret")):
            locked = pikepdf.Encryption(owner="owner", user=user)
            pdf.save(home / f"output/{name}.pdf", encryption=locked)
    assert run("approve", "crps", *DAY, "--revoke", answers="n\n").exit_code != 0
    assert len(kept(home)) == 1
    taken = run("approve", "crps", *NAME, "--revoke")
    assert taken.exit_code == 0, taken.output
    assert "is a draft now" in taken.output
    assert f"Remove {home / 'output/crps.standard.en.pdf'}" in taken.output
    assert f"Remove {home / 'output/own.pdf'}" in taken.output
    assert f"Look whether these words are in {home / 'output/closed.pdf'}" in taken.output
    assert "was taken back by Ann Roe on 2026-11-21" in run("diff", "crps").output
    assert "groin-hernia" not in taken.output
    assert "DRAFT" in run("build", "crps", *DAY).output


def test_what_is_no_longer_there_can_be_taken_back(home: Path) -> None:
    """A condition that was renamed, or that a newer release lacks: its PDFs are still approved."""
    run("approve", "crps", *NAME)
    workspace = open_workspace(home, home)
    made = records.latest(workspace, "crps", "en")
    assert made
    records.keep(workspace, replace(made, condition="heel", number=0))
    said = "heel (en) is approved until"
    assert said in run("status", *DAY).stderr
    assert run("approve", "heel", *NAME).exit_code == 2
    taken = run("approve", "heel", *NAME, "--revoke")
    assert "heel (en) is a draft now" in taken.output
    assert said not in run("status", *DAY).output


@pytest.mark.parametrize(
    "other",
    [
        ("--sheet", "sign.pdf"),
        ("--words", "0123456789"),
        ("--until", "2027-01-01"),
        ("--licence", "12 345"),
    ],
)
def test_taking_back_goes_with_no_option_of_approving(home: Path, other: tuple[str, str]) -> None:
    run("approve", "crps", *NAME)
    refused = run("approve", "crps", *NAME, "--revoke", *other)
    assert refused.exit_code == 2
    assert f"--revoke and {other[0]} exclude each other." in refused.stderr
    assert kept(home) == ["crps.en.0001.json"]
    assert not (home / "sign.pdf").exists()


@pytest.mark.usefixtures("home")
def test_a_language_that_does_not_exist_has_no_differences() -> None:
    asked = run("diff", "crps", "--lang", "xx")
    assert (asked.exit_code, asked.stdout) == (2, "")
    assert "There is no language “xx”. There are: en, es." in asked.stderr


def test_words_whose_record_cannot_be_read_were_not_never_approved(home: Path) -> None:
    assert run("approve", "crps", *NAME).exit_code == 0
    (home / "content/approvals" / kept(home)[0]).write_bytes(b"{}")
    asked = run("diff", "crps")
    assert (asked.exit_code, asked.stdout) == (5, "")
    assert "was changed since it was written" in asked.stderr


def test_a_page_to_sign_approves_nothing(home: Path) -> None:
    made = run("approve", "crps", *DAY, "--sheet", "sign.pdf")
    assert made.exit_code == 0, made.output
    assert validate((home / "sign.pdf").read_bytes()) == ()
    assert kept(home) == []
    assert run("approve", "crps", *DAY, "--sheet", "sign.pdf").exit_code == 7
    assert run("approve", "crps", *DAY, "--sheet", "content/sign.pdf").exit_code == 7


def test_an_edition_is_printed_again(home: Path) -> None:
    run("approve", "crps", *NAME)
    edition = run("build", "crps", *DAY).output.rpartition("edition ")[2][:10]
    again = run("reprint", edition, "-o", "again.pdf")
    assert "the same bytes as then" in again.output
    assert (home / "again.pdf").read_bytes() == (home / "output/crps.standard.en.pdf").read_bytes()
    run("approve", "crps", *NAME, "--revoke")
    assert "this approval holds no more" in run("reprint", edition, "-o", "late.pdf").output
    assert run("reprint", "0123456789", "-o", "no.pdf").exit_code == 2
    assert not (home / "no.pdf").exists()


def test_a_sheet_stands_for_its_words(home: Path) -> None:
    words = run("approve", "crps", *DAY, answers="n\n").output.partition("words ")[2][:10]
    edit(home, "Problems are very common", "Problems are common")
    refused = run("approve", "crps", *NAME, "--words", words)
    assert refused.exit_code == 2
    assert f"not {words}" in refused.stderr
    (home / RISKS).unlink()
    assert run("approve", "crps", *NAME, "--words", words).exit_code == 0


@pytest.mark.usefixtures("home")
def test_after_taking_back_the_last_approval_is_what_counts() -> None:
    run("approve", "crps", *NAME)
    run("approve", "crps", *NAME, "--revoke")
    again = run("approve", "crps", *NAME)
    assert "Since the approval of 2026-11-21 by Ann Roe, physician" in again.output
    assert "nothing changed" in again.output


def test_a_code_leads_to_approved_words_that_were_approved_for_it(home: Path) -> None:
    run("approve", "crps", *NAME)
    own = home / "content/conditions/crps/condition.toml"
    own.parent.mkdir(parents=True)
    text = (builtin_root("content") / "conditions/crps/condition.toml").read_text("utf-8")
    own.write_text(text.replace('"G90.521"', '"G89.4", "G90.521"'), encoding="utf-8")
    assert run("build", "--icd10", "G90.521", *DAY).exit_code == 0
    assert run("build", "--icd10", "G89.4", *DAY).exit_code == 2
