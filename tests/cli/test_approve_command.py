"""approve, diff and reprint at the terminal: what a clinician sees, is asked, and may leave."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handouts import scaffold
from handouts.cli.app import app
from handouts.pdf.validate import validate
from handouts.workspace import builtin_root

DAY = ("--date", "2026-11-21")
NAME = ("--by", "Ann Roe", "--role", "dr", "--yes", *DAY)
RISKS = "content/sections/risks/en.md"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    scaffold.init(tmp_path / "clinic")
    monkeypatch.chdir(tmp_path / "clinic")
    return tmp_path / "clinic"


def run(*args: str, answers: str = "") -> Result:
    return CliRunner().invoke(app, list(args), input=answers, prog_name="handouts")


def records(home: Path) -> list[str]:
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
    for said in ("DRG stimulation for CRPS", "risks", "grade", "review due", "Do you stand behind"):
        assert said in asked.output
    assert "Ann Roe, physician assistant" in asked.output
    assert records(home) == ["crps.en.0001.json"]


@pytest.mark.parametrize("answers", ["n\n", "", "y\n", "y\nAnn Roe\n"])
def test_who_says_no_or_leaves_approves_nothing(home: Path, answers: str) -> None:
    left = run("approve", "crps", *DAY, answers=answers)
    assert left.exit_code != 0
    assert "Traceback" not in left.output
    assert records(home) == []


def test_the_next_time_it_shows_what_changed(home: Path) -> None:
    assert "all its words are a draft" in run("diff", "crps").output
    assert run("approve", "crps", *NAME).exit_code == 0
    assert "the words are the same" in run("diff", "crps").output
    edit(home, "Problems are common", "Problems are very common")
    shown = run("diff", "crps").output
    assert "-Problems are common" in shown
    assert "+Problems are very common" in shown
    again = run("approve", "crps", *NAME)
    assert "+Problems are very common" in again.output
    assert records(home) == ["crps.en.0001.json", "crps.en.0002.json"]


def test_taking_back(home: Path) -> None:
    assert run("approve", "crps", *NAME, "--revoke").exit_code == 2
    run("approve", "crps", *NAME)
    assert run("approve", "crps", *DAY, "--revoke", answers="n\n").exit_code != 0
    assert len(records(home)) == 1
    taken = run("approve", "crps", *NAME, "--revoke")
    assert taken.exit_code == 0, taken.output
    assert "is a draft now" in taken.output
    assert "DRAFT" in run("build", "crps", *DAY).output


def test_a_page_to_sign_approves_nothing(home: Path) -> None:
    made = run("approve", "crps", *DAY, "--sheet", "sign.pdf")
    assert made.exit_code == 0, made.output
    assert validate((home / "sign.pdf").read_bytes()) == ()
    assert records(home) == []
    assert run("approve", "crps", *DAY, "--sheet", "sign.pdf").exit_code == 7


def test_an_edition_is_printed_again(home: Path) -> None:
    run("approve", "crps", *NAME)
    edition = run("build", "crps", *DAY).output.rpartition("edition ")[2][:10]
    again = run("reprint", edition, "-o", "again.pdf")
    assert "the same bytes as then" in again.output
    assert (home / "again.pdf").read_bytes() == (home / "output/crps.standard.en.pdf").read_bytes()
    run("approve", "crps", *NAME, "--revoke")
    assert "does not hold any more" in run("reprint", edition, "-o", "late.pdf").output
    assert run("reprint", "0123456789", "-o", "no.pdf").exit_code == 2
    assert not (home / "no.pdf").exists()
