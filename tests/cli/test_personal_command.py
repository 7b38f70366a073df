"""``handouts build --data`` and ``--ask``: a copy for one person."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handouts.attach.transcript import transcribe
from handouts.cli.app import app
from handouts.personal.entries import ENTRIES
from tests.approving import approve

NAME = "Zyprian Exemplar"
DATA = {"patient": NAME, "appointment_date": "2026-12-03"}


def run(*args: str, given: str = "") -> Result:
    return CliRunner().invoke(app, [*args], input=given)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(DATA, indent=1))
    return path


def everything_written(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_each_copy_gets_a_number_and_is_private(home: Path, data: Path) -> None:
    for number in (1, 2):
        result = run("build", "crps", "--data", str(data))
        assert result.exit_code == 0, result.stderr
        path = home / "output" / f"crps.standard.en.copy-{number}.pdf"
        assert result.stdout.splitlines()[-1] == str(path.relative_to(home))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert f"P: Name: {NAME}" in "\n".join(transcribe(path.read_bytes()).lines)


def test_no_value_goes_anywhere_but_into_the_copy(home: Path, data: Path) -> None:
    before = set(everything_written(home))
    result = run("build", "crps", "--data", str(data), "--json", "-v")
    assert NAME not in result.output
    new = {path: held for path, held in everything_written(home).items() if path not in before}
    assert {path.suffix for path in new} == {".pdf"}
    for path, held in new.items():
        assert NAME not in str(path)
        for form in (
            NAME.encode(),
            NAME.encode("utf-16-be"),
            NAME.encode("utf-16-be").hex().encode(),
        ):
            assert form not in held  # not even in its metadata: it is drawn, glyph by glyph


@pytest.mark.usefixtures("home")
def test_standard_input_and_a_name_for_the_file(tmp_path: Path) -> None:
    target = tmp_path / "for-the-desk.pdf"
    args = ("build", "crps", "--data", "-", "-o", str(target))
    assert run(*args, given=json.dumps(DATA)).exit_code == 0
    again = run(*args, given=json.dumps({"patient": "Other Example"}))
    assert again.exit_code == 7
    assert "is already there" in again.stderr
    assert NAME in "\n".join(transcribe(target.read_bytes()).lines)
    assert run(*args, "--force", given=json.dumps({"patient": "Other Example"})).exit_code == 0
    assert NAME not in "\n".join(transcribe(target.read_bytes()).lines)


@pytest.mark.usefixtures("home")
def test_the_data_are_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "patient.pdf"  # whatever it is called
    source.write_text(json.dumps(DATA))
    result = run("build", "crps", "--data", str(source), "-o", str(source), "--force")
    assert result.exit_code == 2
    assert json.loads(source.read_text()) == DATA


def test_questions_are_asked_until_the_answer_is_right(home: Path) -> None:
    answers = [NAME, "3 May 56", "1956-05-03", *[""] * (len(ENTRIES) - 2)]
    result = run("build", "crps", "--ask", given="\n".join(answers) + "\n")
    assert result.exit_code == 0, result.stderr
    assert "It must be a day such as 2026-12-03." in result.stderr
    (path,) = (home / "output").glob("*.pdf")
    heard = "\n".join(transcribe(path.read_bytes()).lines)
    assert f"P: Name: {NAME}" in heard
    assert "P: Born: May 3, 1956" in heard


def test_the_words_are_those_that_are_approved(home: Path, data: Path) -> None:
    result = run("build", "crps", "--data", str(data), "--require-approved")
    assert (result.exit_code, list((home / "output").glob("*.pdf"))) == (3, [])
    approve(home)
    result = run("build", "crps", "--data", str(data), "--require-approved")
    assert result.exit_code == 0, result.stderr
    (path,) = (home / "output").glob("*.pdf")
    assert not any("DRAFT" in line for line in transcribe(path.read_bytes()).lines)


def test_a_copy_goes_with_a_letter_and_into_a_packet(home: Path, data: Path) -> None:
    run("build", "crps", "--data", str(data))
    (copy,) = (home / "output").glob("*.pdf")
    approved = run("packet", "--file", str(copy), "--allow-draft", "-o", "packet.pdf")
    assert approved.exit_code == 0, approved.stderr
    packet = home / "packet.pdf"
    assert f"P: Name: {NAME}" in "\n".join(transcribe(packet.read_bytes()).lines)
    assert stat.S_IMODE(packet.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("{", 3, "(standard input):1: is no JSON"),
        ("[]", 3, "must be one JSON object"),
        ('{"patient": "A", "patient": "B"}', 3, "patient stands there twice"),
        ('{\n"side": "top"}', 3, "(standard input):2: side must be one of"),
        (f'{{"note": "{"x" * 100_000}"}}', 3, "is too long"),
        ("[" * 90_000, 3, "is no JSON"),
    ],
)
def test_bad_data(home: Path, text: str, code: int, words: str) -> None:
    result = run("build", "crps", "--data", "-", given=text)
    assert result.exit_code == code
    assert words in result.stderr
    assert not list((home / "output").glob("*.pdf"))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("crps", "--data", "-", "--ask"), "exclude each other"),
        (("--all", "--ask"), "of one handout, or of a few"),
        (("crps", "--layout", "referral", "--data", "-"), "has no place for the field"),
    ],
)
def test_what_does_not_fit(args: tuple[str, ...], words: str) -> None:
    result = run("build", *args, given=json.dumps(DATA))
    assert result.exit_code in (2, 4)
    assert words in result.stderr
