"""``handouts attach`` and ``handouts packet`` as a person runs them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result

from handouts.cli.app import app
from handouts.pdf.metadata import parts_of, says_draft
from handouts.pdf.validate import validate

SAMPLES = Path(__file__).parent.parent / "attach" / "samples"


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A workspace whose CRPS words are approved, with a letter in it."""
    folder = tmp_path / "clinic"
    assert run("init", str(folder)).exit_code == 0
    approved = run("--workspace", str(folder), "approve", "crps", "--yes", "--by", "Dr Ann Example",
                   "--role", "pain physician")  # fmt: skip
    assert approved.exit_code == 0, approved.output
    (folder / "letter.pdf").write_bytes((SAMPLES / "typst_ua.pdf").read_bytes())
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="handouts")


def attach(clinic: Path, *arguments: str) -> Result:
    return run("--workspace", str(clinic), "attach", *arguments)


def pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def test_the_result_begins_with_the_letter_and_stays_accessible(clinic: Path) -> None:
    letter = clinic / "letter.pdf"
    before = letter.read_bytes()
    done = attach(clinic, str(letter), "crps")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Attached 2 pages to the letter of ")
    assert "letter.pdf" not in done.output, "the letter's name reaches no log"
    joined = clinic / "letter-with-handout.pdf"
    assert joined.read_bytes().startswith(before)
    assert letter.read_bytes() == before
    assert not [found for found in validate(joined.read_bytes()) if "PDF/UA-1" in str(found)]


def test_a_patient_gets_the_standard_handout(clinic: Path) -> None:
    letter = clinic / "letter.pdf"
    done = attach(clinic, str(letter), "crps", "--for-patient", "-o", str(clinic / "out.pdf"))
    assert done.exit_code == 0, done.output
    assert pages(clinic / "out.pdf") == pages(letter) + 4


def test_a_draft_is_refused_unless_allowed(clinic: Path) -> None:
    letter = str(clinic / "letter.pdf")
    refused = attach(clinic, letter, "groin-hernia")
    assert refused.exit_code == 3
    assert "--allow-draft" in refused.output
    assert not (clinic / "letter-with-handout.pdf").exists()
    assert attach(clinic, letter, "groin-hernia", "--allow-draft").exit_code == 0
    draft = str(clinic / "output" / "groin-hernia.referral.en.pdf")
    by_file = attach(clinic, letter, "--handout", draft, "-o", str(clinic / "x.pdf"))
    assert by_file.exit_code == 3, "a file says itself that it is a draft"


def test_two_handouts_follow_each_other(clinic: Path) -> None:
    out = clinic / "two.pdf"
    done = attach(clinic, str(clinic / "letter.pdf"), "crps", "groin-hernia", "--allow-draft",
                  "-o", str(out))  # fmt: skip
    assert done.exit_code == 0, done.output
    assert pages(out) == pages(clinic / "letter.pdf") + 4
    assert "earlier version" not in done.output


@pytest.mark.parametrize("name", ["signed", "xfa", "portfolio", "aes_256_user", "truncated"])
def test_a_letter_that_cannot_be_used_says_so(clinic: Path, name: str) -> None:
    out = clinic / "out.pdf"
    done = attach(clinic, str(SAMPLES / f"{name}.pdf"), "crps", "-o", str(out))
    assert done.exit_code == 6, done.output
    assert not out.exists()
    assert "Traceback" not in done.output


def test_a_signed_letter_goes_into_an_envelope(clinic: Path) -> None:
    signed = SAMPLES / "signed.pdf"
    out = clinic / "envelope.pdf"
    done = attach(clinic, str(signed), "crps", "--envelope", "-o", str(out))
    assert done.exit_code == 0, done.output
    with pikepdf.open(out) as pdf:
        (inside,) = pdf.attachments.values()
        assert inside.get_file().read_bytes() == signed.read_bytes()


def test_a_password_comes_from_a_file(clinic: Path) -> None:
    passwords = clinic / "password.txt"
    passwords.write_text("wrong\n", encoding="utf-8")
    letter = str(SAMPLES / "aes_256_user.pdf")
    out = str(clinic / "out.pdf")
    wrong = attach(clinic, letter, "crps", "--password-file", str(passwords), "-o", out)
    assert wrong.exit_code == 6
    missing = attach(clinic, letter, "crps", "--password-file", str(clinic / "no"), "-o", out)
    assert missing.exit_code == 2


def test_a_dry_run_builds_and_writes_nothing(clinic: Path) -> None:
    done = attach(clinic, str(clinic / "letter.pdf"), "crps", "--dry-run", "--json")
    reported = json.loads(done.output)
    assert reported["possible"] is True
    assert "title" not in reported["letter"]
    assert not list((clinic / "output").glob("*.pdf"))
    refused = attach(clinic, str(SAMPLES / "signed.pdf"), "crps", "--dry-run")
    assert refused.exit_code == 6


def test_nothing_is_overwritten_unasked(clinic: Path) -> None:
    letter = clinic / "letter.pdf"
    assert attach(clinic, str(letter), "crps").exit_code == 0
    again = attach(clinic, str(letter), "crps")
    assert again.exit_code == 7
    assert attach(clinic, str(letter), "crps", "--force").exit_code == 0
    onto = attach(clinic, str(letter), "crps", "--force", "-o", str(letter))
    assert onto.exit_code == 2
    assert letter.read_bytes() == (SAMPLES / "typst_ua.pdf").read_bytes()


def test_options_that_do_not_fit_together(clinic: Path) -> None:
    letter = str(clinic / "letter.pdf")
    for options in (
        [],
        ["crps", "--envelope", "--embed"],
        ["crps", "--subject", "Patient/1"],
        ["crps", "groin-hernia", "--envelope"],
        ["crps", "--for-patient", "--layout", "large-print"],
        ["--handout", str(clinic / "none.pdf")],
    ):
        assert attach(clinic, letter, *options).exit_code == 2, options


def test_the_record_system_gets_a_description(clinic: Path) -> None:
    record = clinic / "document.json"
    done = attach(clinic, str(clinic / "letter.pdf"), "crps", "--embed", "--fhir", str(record),
                  "--subject", "Patient/123", "--date", "2026-12-01")  # fmt: skip
    assert done.exit_code == 0, done.output
    reported = json.loads(record.read_text(encoding="utf-8"))
    attachment = reported["content"][0]["attachment"]
    assert attachment["title"] == "DRG stimulation for CRPS of the leg or foot"
    assert attachment["size"] == (clinic / "letter-with-handout.pdf").stat().st_size
    assert reported["docStatus"] == "final"
    assert reported["subject"] == {"reference": "Patient/123"}


def test_letters_travel_through_streams(clinic: Path) -> None:
    letter = (SAMPLES / "typst_ua.pdf").read_bytes()
    command = [sys.executable, "-m", "handouts", "--workspace", str(clinic), "attach", "-", "crps"]
    done = subprocess.run(command, input=letter, capture_output=True, check=True)
    assert done.stdout.startswith(letter)
    assert b"Attached 2 pages" in done.stderr


def test_a_packet_has_contents_that_lead_to_its_parts(clinic: Path) -> None:
    out = clinic / "packet.pdf"
    done = run("--workspace", str(clinic), "packet", "crps", "groin-hernia", "--allow-draft",
               "--file", str(SAMPLES / "typst_ua.pdf"), "-o", str(out))  # fmt: skip
    assert done.exit_code == 0, done.output
    with pikepdf.open(io.BytesIO(out.read_bytes())) as pdf:
        assert len(pdf.pages) == 1 + 4 + 4 + pages(SAMPLES / "typst_ua.pdf")
        links = [link for link in pdf.pages[0].Annots if "/Dest" in link or "/A" in link]
        assert len(links) >= 3
        assert not any(b"packet:" in link.unparse() for link in links)
    assert run("--workspace", str(clinic), "packet").exit_code == 2


def test_each_part_keeps_its_edition_and_status(clinic: Path) -> None:
    """A draft stays a draft in a letter, in a packet, and in what is joined to these again."""
    letter, once = str(clinic / "letter.pdf"), clinic / "once.pdf"
    first = attach(clinic, letter, "crps", "groin-hernia", "--allow-draft", "-o", str(once))
    assert first.exit_code == 0, first.output
    parts = parts_of(once.read_bytes())
    assert sorted(part.status.value for part in parts) == ["approved", "draft"]
    assert all(len(part.edition) == 10 for part in parts)
    again = attach(clinic, str(once), "crps", "-o", str(clinic / "again.pdf"))
    assert again.exit_code == 3
    assert "A handout in the letter is a draft" in again.output
    whole = attach(clinic, str(once), "crps", "--allow-draft", "-o", str(clinic / "again.pdf"))
    assert whole.exit_code == 0, whole.output
    assert set(parts_of((clinic / "again.pdf").read_bytes())) == set(parts)

    packet = ("--workspace", str(clinic), "packet", "crps", "--file", str(once))
    assert run(*packet, "-o", str(clinic / "p.pdf")).exit_code == 3
    done = run(*packet, "--allow-draft", "-o", str(clinic / "p.pdf"))
    assert done.exit_code == 0, done.output
    found = {part.status.value for part in parts_of((clinic / "p.pdf").read_bytes())}
    assert found == {"approved", "draft"}
    assert attach(clinic, letter, "--handout", str(clinic / "p.pdf")).exit_code == 3


def test_drafts_of_the_first_versions_are_drafts() -> None:
    assert says_draft(b"<pdf:Keywords>G90.521, draft</pdf:Keywords>")
    assert not says_draft(b"<pdf:Keywords>G90.521, draftsman</pdf:Keywords>")
