"""``handouts preflight``: what it says, what it writes for programs, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handouts.cli.app import app
from tests.preflight.test_rules import pdf, text

SAMPLES = Path(__file__).parents[1] / "attach" / "samples"

pytestmark = pytest.mark.usefixtures("printed_once", "answered_here")


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["preflight", *args])


def test_a_handout_and_a_file_are_looked_at_in_one_go(home: Path) -> None:
    (home / "Tiny.PDF").write_bytes(pdf(text("tiny", size=5), text("tiny", size=6)))
    done = run("crps", "Tiny.PDF")
    assert done.exit_code == 4
    lines = done.stdout.splitlines()
    assert lines[0] == "crps.standard.en: 6 pages, Letter, 3 sheets on both sides"
    assert lines[2] == "Nothing to mend."
    assert lines[3] == "Tiny.PDF: 2 pages, Letter, 1 sheet on both sides"
    assert lines[5].startswith("page 1: “tiny”: letters of 5 points. Few can read them.")
    assert lines[-1] == "2 things to mend."
    quiet = run("crps", "Tiny.PDF", "-q")
    assert quiet.stdout.splitlines() == lines[5:-1]
    assert run("crps").exit_code == 0


def test_programs_get_every_figure_and_finding(home: Path) -> None:
    (home / "tiny.pdf").write_bytes(pdf(text("tiny", size=5)))
    done = run("tiny.pdf", "--json")
    assert done.exit_code == 4
    (file,) = json.loads(done.stdout)["files"]
    assert (file["name"], file["pages"], file["sheets"]) == ("tiny.pdf", 1, 1)
    assert file["looked"][0]["smallest"] == 5
    assert [(one["page"], one["rule"]) for one in file["findings"]] == [(1, "size")]


def test_options_reach_the_rules(home: Path) -> None:
    (home / "near.pdf").write_bytes(pdf(text("Page 1", x=15), text("Page 2", x=15), text("x")))
    assert run("near.pdf", "--edge", "3", "--pages", "1").exit_code == 0
    both = run("near.pdf", "--edge", "6", "--pages", "1-2", "-q")
    assert [line[:7] for line in both.stdout.splitlines()] == ["page 1:", "page 2:"]
    assert "Printers leave 6 mm white." in both.stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("gone.pdf",), 6, "The file gone.pdf cannot be read: No such file or directory."),
        (("locked.pdf",), 6, "The file locked.pdf opens only with a password"),
        (("broken.pdf",), 6, "The file broken.pdf is damaged"),
        (("words.pdf",), 6, "The file words.pdf is not a PDF."),
        (("letter.pdf", "--pages", "9"), 2, "There is no page 9: the file has 2 pages."),
        (("letter.pdf", "--layout", "referral"), 2, "--layout chooses what is built"),
        (("letter.docx",), 2, "There is no condition “letter.docx”."),
        ((), 2, "Which handout?"),
    ],
)
def test_what_cannot_be_looked_at_is_named(
    home: Path, args: tuple[str, ...], code: int, said: str
) -> None:
    for name, sample in (("locked", "aes_256_user"), ("broken", "truncated"), ("letter", "pdf_20")):
        shutil.copy(SAMPLES / f"{sample}.pdf", home / f"{name}.pdf")
    (home / "words.pdf").write_text("Dear colleague")
    done = run(*args)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
