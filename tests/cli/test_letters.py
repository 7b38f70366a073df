"""``handouts attach`` and ``handouts packet`` as a person runs them."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from handouts.attach.reading.xmp import parts_of
from handouts.cli import letters
from handouts.cli import session as cli_session
from handouts.cli.app import app
from handouts.errors import UsageError
from handouts.library.content_files import shipped_words
from handouts.pdf.validate import validate
from handouts.workspace import open_workspace

SAMPLES = Path(__file__).parent.parent / "attach" / "samples"

pytestmark = pytest.mark.usefixtures("answered_here", "printed_once", "few_layouts")


@pytest.fixture
def clinic(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose CRPS words are approved, with a letter in it."""
    folder = tmp_path / "clinic"
    shutil.copytree(_approved(tmp_path_factory.getbasetemp()), folder)
    (folder / "letter.pdf").write_bytes((SAMPLES / "typst_ua.pdf").read_bytes())
    return folder


@cache
def _approved(base: Path) -> Path:
    folder = base / "approved clinic"
    assert run("init", str(folder)).exit_code == 0
    approved = run("--workspace", str(folder), "approve", "crps", "--yes", "--by", "Dr Ann Example",
                   "--role", "pain physician")  # fmt: skip
    assert approved.exit_code == 0, approved.output
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
    assert done.output.startswith("Attached 3 pages to the letter of ")
    assert done.output.split("\n")[-2] == str(clinic / "letter-with-handout.pdf")
    joined = clinic / "letter-with-handout.pdf"
    assert joined.read_bytes().startswith(before)
    assert letter.read_bytes() == before
    assert not [found for found in validate(joined.read_bytes()) if "PDF/UA-1" in str(found)]


def test_a_patient_gets_the_standard_handout(clinic: Path) -> None:
    letter = clinic / "letter.pdf"
    done = attach(clinic, str(letter), "crps", "--for-patient", "-o", str(clinic / "out.pdf"))
    assert done.exit_code == 0, done.output
    assert pages(clinic / "out.pdf") == pages(letter) + 6


def test_a_draft_is_refused_unless_allowed(clinic: Path) -> None:
    letter = str(clinic / "letter.pdf")
    refused = attach(clinic, letter, "groin-hernia")
    assert refused.exit_code == 3
    assert "--allow-draft" in refused.output
    assert not (clinic / "letter-with-handout.pdf").exists()
    assert attach(clinic, letter, "groin-hernia", "--allow-draft").exit_code == 0
    draft = str(clinic / "output" / "groin-hernia.referral.en.pdf")
    by_file = attach(clinic, letter, "--file", draft, "-o", str(clinic / "x.pdf"))
    assert by_file.exit_code == 3, "a file says itself that it is a draft"


def test_two_handouts_follow_each_other(clinic: Path) -> None:
    out = clinic / "two.pdf"
    done = attach(clinic, str(clinic / "letter.pdf"), "crps", "groin-hernia", "--allow-draft",
                  "-o", str(out))  # fmt: skip
    assert done.exit_code == 0, done.output
    assert pages(out) == pages(clinic / "letter.pdf") + 3 + 3
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


def test_a_dry_run_asks_for_the_password_too(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_asking", lambda _: lambda: "user")
    done = attach(clinic, str(SAMPLES / "aes_256_user.pdf"), "crps", "--dry-run")
    assert (done.exit_code, "can take a handout" in done.output) == (0, True)


def test_a_password_that_is_not_utf_8_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def prompt(*_: object, **__: object) -> str:
        return b"Gr\xfcn".decode()

    command: Any = SimpleNamespace(from_stream=False, password_file=None)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("click.prompt", prompt)
    ask = letters._asking(command)
    assert ask
    with pytest.raises(UsageError, match=r"not text in UTF-8\. Use --password-file"):
        ask()


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


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("crps",), 0),
        (("crps", "--as-of", "2099-01-01"), 3),
        (("groin-hernia",), 3),
        (("groin-hernia", "--allow-draft"), 0),
        (("crps", "groin-hernia"), 3),
        (("crps", "--section", "nonsense"), 2),
        (("nonsense",), 2),
        (("crps", "--file", "draft.pdf"), 3),
        (("crps", "--file", str(SAMPLES / "signed.pdf")), 6),
        (("crps", "-o", "draft.pdf"), 7),
        (("crps", "-o", "letter.pdf", "--force"), 2),
        (("--letter", "drafted.pdf", "crps"), 3),
        (("--letter", "drafted.pdf", "crps", "--envelope"), 3),
        (("--letter", "drafted.pdf", "crps", "--allow-draft"), 0),
    ],
)
def test_a_dry_run_says_what_the_run_says(
    clinic: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(clinic)
    drafted = attach(clinic, "letter.pdf", "groin-hernia", "--allow-draft", "-o", "drafted.pdf")
    assert drafted.exit_code == 0
    (clinic / "output/groin-hernia.referral.en.pdf").rename("draft.pdf")
    letter = ("letter.pdf",) if arguments[0] != "--letter" else ()
    arguments = (*letter, *(one for one in arguments if one != "--letter"))
    before = sorted(clinic.rglob("*"))
    foreseen = attach(clinic, *arguments, "--dry-run")
    assert sorted(clinic.rglob("*")) == before
    done = attach(clinic, *arguments)
    assert (foreseen.exit_code, done.exit_code) == (code, code), foreseen.output + done.output
    assert foreseen.stderr == done.stderr


@pytest.mark.parametrize("command", ["attach", "packet"])
def test_what_lies_where_a_handout_would_be_built_is_told_first(
    clinic: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """By a dry run, too, and before another handout is built."""
    monkeypatch.chdir(clinic)
    names = ("letter.pdf", "--dry-run") if command == "attach" else ()
    kind = "referral" if command == "attach" else "standard"
    handouts = ("knee-replacement", "crps", "--allow-draft")
    (clinic / "output").mkdir(exist_ok=True)
    (clinic / f"output/crps.{kind}.en.pdf").write_bytes(b"with notes")
    told = run(command, *names, *handouts)
    assert told.exit_code == 7
    assert "it is not this handout" in told.stderr
    assert len(list((clinic / "output").glob("*.pdf"))) == 1
    shutil.rmtree("output")
    Path("output").touch()
    told = run(command, *names, *handouts)
    assert told.exit_code == 7
    assert "is a file, so no folder" in told.stderr


@pytest.mark.parametrize("name", ["signed", "xfa", "portfolio", "aes_256_user", "cut off", "no"])
def test_a_dry_run_foresees_an_envelope(clinic: Path, name: str) -> None:
    letter = clinic / "other.pdf"
    whole = (SAMPLES / "typst_ua.pdf").read_bytes()
    made = {"cut off": whole[: len(whole) // 2], "no": b"no PDF"}
    letter.write_bytes(made.get(name) or (SAMPLES / f"{name}.pdf").read_bytes())
    options = [str(letter), "crps", "--envelope", "--json"]
    foreseen, done = attach(clinic, *options, "--dry-run"), attach(clinic, *options)
    assert foreseen.exit_code == done.exit_code == (6 if name == "no" else 0)
    assert json.loads(foreseen.stdout)["possible"] is (name != "no")
    assert attach(clinic, *options, "--dry-run", "--embed").exit_code == 2


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
        ["crps", "--subject", "Jane", "--fhir", str(clinic / "x.json")],
        ["crps", "groin-hernia", "--envelope"],
        ["crps", "--for-patient", "--layout", "large-print"],
        ["--file", str(clinic / "none.pdf")],
    ):
        assert attach(clinic, letter, *options).exit_code == 2, options
    assert run("--workspace", str(clinic), "build", "crps", "--layout", "referral").exit_code == 0
    file = ("--file", str(next((clinic / "output").glob("*.pdf"))))
    for option in (["--section", "faq"], ["--layout", "standard"], ["--for-patient"]):
        refused = attach(clinic, letter, *file, *option)
        assert refused.exit_code == 2
        assert f"{option[0]} chooses what is built" in refused.output
    done = attach(clinic, letter, *file, "-o", str(clinic / "x.pdf"))
    assert done.exit_code == 0, done.output


def test_the_record_system_gets_a_description(clinic: Path) -> None:
    record = clinic / "document.json"
    done = attach(clinic, str(clinic / "letter.pdf"), "crps", "--embed", "--fhir", str(record),
                  "--subject", "Patient/123", "--as-of", "2026-12-01")  # fmt: skip
    assert done.exit_code == 0, done.output
    reported = json.loads(record.read_text(encoding="utf-8"))
    attachment = reported["content"][0]["attachment"]
    assert attachment["title"] == "DRG stimulation for CRPS of the leg or foot"
    assert attachment["size"] == (clinic / "letter-with-handout.pdf").stat().st_size
    assert reported["docStatus"] == "final"
    assert reported["subject"] == {"reference": "Patient/123"}
    day = datetime(2026, 12, 1).astimezone()
    assert datetime.fromisoformat(reported["date"]) == day


@pytest.mark.parametrize(
    ("languages", "said"),
    [(["es"], "es"), (["es", "es"], "es"), (["es", "de"], None), ([""], None)],
)
def test_the_description_says_the_language_of_the_handouts(
    clinic: Path, languages: list[str], said: str | None
) -> None:
    files = []
    for number, language in enumerate(languages):
        files += ["--file", str(clinic / f"{number}.pdf")]
        with pikepdf.open(SAMPLES / "handout_typst.pdf") as pdf:
            pdf.Root.Lang = pikepdf.String(language)
            pdf.save(files[-1])
    record = clinic / "document.json"
    for envelope in [[], ["--envelope"]][: 3 - len(languages)]:
        done = attach(clinic, str(clinic / "letter.pdf"), *files, *envelope, "--force",
                      "--fhir", str(record))  # fmt: skip
        assert done.exit_code == 0, done.output
        reported = json.loads(record.read_text(encoding="utf-8"))
        assert reported["content"][0]["attachment"].get("language") == said, envelope


def test_the_file_is_named_to_programs_too(clinic: Path) -> None:
    done = attach(clinic, str(clinic / "letter.pdf"), "crps", "--json")
    assert json.loads(done.stdout)["path"] == str(clinic / "letter-with-handout.pdf")
    bound = run("--workspace", str(clinic), "packet", "crps", "--json")
    path = Path(json.loads(bound.stdout)["path"])
    assert (path.parent, pages(path)) == (clinic / "output", 8)
    shown = run("--workspace", str(clinic), "packet", "crps").stdout
    assert shown.split("\n")[-2] == str(path)


def test_letters_travel_through_streams(clinic: Path) -> None:
    letter = (SAMPLES / "typst_ua.pdf").read_bytes()
    command = [sys.executable, "-m", "handouts", "--workspace", str(clinic), "attach", "-", "crps"]
    done = subprocess.run(command, input=letter, capture_output=True, check=True)
    assert done.stdout.startswith(letter)
    assert b"Attached 3 pages" in done.stderr


def test_a_packet_goes_to_standard_output(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clinic)
    file = clinic / "packet.pdf"
    assert run("packet", "crps", "-o", str(file)).exit_code == 0
    done = run("packet", "crps", "-o", "-")
    assert done.exit_code == 0
    assert done.stdout_bytes == file.read_bytes()
    assert done.stderr.startswith("Joined 1 document")
    assert not Path("-").exists()


def test_a_packet_in_a_language_without_its_words_names_them(clinic: Path) -> None:
    words = shipped_words(open_workspace(None, Path("/")), "en")
    own = {**words, "packet_page": "Seite {seite}"}
    del own["packet_title"]
    lines = "".join(f"{key} = {json.dumps(text)}\n" for key, text in own.items())
    (clinic / "content/interface/de.toml").parent.mkdir(parents=True)
    (clinic / "content/interface/de.toml").write_text(lines, "utf-8")
    made = run("--workspace", str(clinic), "packet", "--lang", "de", "--file",
               str(SAMPLES / "typst_ua.pdf"), "-o", str(clinic / "packet.pdf"))  # fmt: skip
    assert made.exit_code == 3, made.output
    for key in ("packet_title", "packet_page"):
        assert f"interface/de.toml: {key} is missing, or cannot be filled in." in made.output


def test_a_packet_has_contents_that_lead_to_its_parts(clinic: Path) -> None:
    out = clinic / "packet.pdf"
    done = run("--workspace", str(clinic), "packet", "crps", "groin-hernia", "--allow-draft",
               "--file", str(SAMPLES / "typst_ua.pdf"), "-o", str(out))  # fmt: skip
    assert done.exit_code == 0, done.output
    with pikepdf.open(io.BytesIO(out.read_bytes())) as pdf:
        assert len(pdf.pages) == 2 + 6 + 6 + pages(SAMPLES / "typst_ua.pdf")
        assert str(pdf.docinfo.Title) == "Your handouts"
        links = [link for link in pdf.pages[0].Annots if "/Dest" in link or "/A" in link]
        assert len(links) >= 3
        assert not any(b"packet:" in link.unparse() for link in links)
    assert run("--workspace", str(clinic), "packet").exit_code == 2
    one = run("--workspace", str(clinic), "packet", "crps")
    assert one.stdout.startswith("Joined 1 document into one of 8 pages.\n")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("aes_256_user", "opens only with a password"),
        ("signed", "carries a digital signature"),
        ("none", "'s file cannot be read"),
    ],
)
def test_which_of_several_files_cannot_be_used_is_said(
    clinic: Path, name: str, problem: str
) -> None:
    good, bad = str(SAMPLES / "handout_typst.pdf"), str(SAMPLES / f"{name}.pdf")
    one, two = ["--file", bad], ["crps", "--file", good, "--file", bad]
    for arguments, what in (
        (["packet", *one], "Part 1"),
        (["packet", *two], "Part 3"),
        (["attach", str(clinic / "letter.pdf"), *one], "The handout"),
        (["attach", str(clinic / "letter.pdf"), *two], "Handout 3"),
    ):
        refused = run("--workspace", str(clinic), *arguments)
        assert f"{what} {problem}".replace(" '", "'") in " ".join(refused.output.split())


def test_a_packets_contents_have_room_for_any_title(clinic: Path) -> None:
    """A file may say that it is called a megabyte, and laying that out takes minutes."""
    long = clinic / "long.pdf"
    with pikepdf.open(SAMPLES / "scanner.pdf") as pdf:
        pdf.docinfo["/Title"] = "Discharge letter " * 60_000
        pdf.save(long)
    out = clinic / "packet.pdf"
    command = ("--workspace", str(clinic), "packet", "groin-hernia", "--allow-draft", "--file")
    done = run(*command, str(long), "-o", str(out))
    assert done.exit_code == 0, done.output
    said = " ".join(PdfReader(out).pages[0].extract_text().split())
    assert "Discharge le…, page 9" in said
    assert len(said) < 1000


@pytest.mark.skipif(os.name == "nt", reason="of modes")
def test_a_packet_that_is_there_becomes_as_private_as_its_files(clinic: Path) -> None:
    given = clinic / "private.pdf"
    given.write_bytes((SAMPLES / "scanner.pdf").read_bytes())
    command = ("--workspace", str(clinic), "packet", "groin-hernia", "--allow-draft", "--file")
    for mode in (0o644, 0o600):
        given.chmod(mode)
        done = run(*command, str(given))
        assert done.exit_code == 0, done.output
        packet = clinic / done.output.splitlines()[-1].split("/clinic/")[-1]
        assert packet.stat().st_mode & 0o077 == mode & 0o077, done.output


def test_a_packet_for_one_side_and_the_name_of_a_file(clinic: Path) -> None:
    """A file's name may be a person's: it is printed only where that is asked for."""
    untitled = clinic / "Pat Sample.pdf"
    untitled.write_bytes((SAMPLES / "scanner.pdf").read_bytes())
    out = clinic / "one.pdf"
    command = ("--workspace", str(clinic), "packet", "groin-hernia", "--allow-draft", "--file",
               str(untitled), "-o", str(out), "--force")  # fmt: skip
    for options, count, listed in (
        ((), 2 + 6 + 2, "Part 2, page 9"),
        (("--one-sided",), 1 + 6 + 2, "Part 2, page 8"),
        (("--list-names",), 2 + 6 + 2, "Pat Sample, page 9"),
    ):
        done = run(*command, *options)
        assert done.exit_code == 0, done.output
        reader = PdfReader(out)
        assert len(reader.pages) == count
        assert listed in reader.pages[0].extract_text()
        assert (b"Pat Sample" in out.read_bytes()) is ("--list-names" in options)
        last = reader.pages[-1].extract_text()
        assert f"Packet page {count} of {count}" in last


def test_each_part_keeps_its_edition_and_status(clinic: Path) -> None:
    """A draft stays a draft in a letter, in a packet, and in what is joined to these again."""
    letter, once = str(clinic / "letter.pdf"), clinic / "once.pdf"
    first = attach(clinic, letter, "crps", "groin-hernia", "--allow-draft", "-o", str(once))
    assert first.exit_code == 0, first.output
    parts = parts_of(once.read_bytes())
    assert sorted(part.status for part in parts) == ["approved", "draft"]
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
    found = {part.status for part in parts_of((clinic / "p.pdf").read_bytes())}
    assert found == {"approved", "draft"}
    assert attach(clinic, letter, "--file", str(clinic / "p.pdf")).exit_code == 3


def recompressed(path: Path, rewrite: Callable[[bytes], bytes]) -> None:
    """What another program may do to a file of ours: XMP in another form, and compressed."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for holder in (pdf.Root, *(page.obj for page in pdf.pages)):
            if "/Metadata" in holder:
                packet = holder.Metadata.read_bytes()
                holder.Metadata = pdf.make_stream(rewrite(packet), holder.Metadata.stream_dict)
        pdf.save(path, recompress_flate=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"handouts:status" not in path.read_bytes()


def as_attributes(packet: bytes) -> bytes:
    """The same properties with another prefix, as attributes."""
    text = re.sub(rb"(</?|xmlns:)handouts\b", rb"\1h", packet)
    status = re.search(rb"<h:status>(\w+)</h:status>", text)
    if status is None:  # the letter's own
        return packet
    text = text.replace(status[0], b"")
    return text.replace(b'xmlns:h="', b'h:status="%s" xmlns:h="' % status[1], 1)


@pytest.mark.parametrize("rewrite", [bytes, as_attributes])
@pytest.mark.parametrize("carrier", ["handout", "letter", "envelope", "packet"])
def test_a_draft_that_another_program_wrote_anew_is_a_draft(
    clinic: Path, carrier: str, rewrite: Callable[[bytes], bytes]
) -> None:
    letter, out = str(clinic / "letter.pdf"), str(clinic / "out.pdf")
    once = clinic / "once.pdf"
    made = attach(clinic, letter, "groin-hernia", "--allow-draft", "-o", str(once))
    assert made.exit_code == 0, made.output
    recompressed(once, rewrite)
    tries = {
        "handout": ("attach", letter, "--file", str(once)),
        "letter": ("attach", str(once), "crps"),
        "envelope": ("attach", str(once), "crps", "--envelope"),
        "packet": ("packet", "--file", str(once), "crps"),
    }
    refused = run("--workspace", str(clinic), *tries[carrier], "-o", out)
    assert refused.exit_code == 3, refused.output
    assert "is a draft" in refused.output
    assert not Path(out).exists()
    assert (
        run("--workspace", str(clinic), *tries[carrier], "-o", out, "--allow-draft").exit_code == 0
    )


def test_words_that_no_longer_hold_are_given_out_by_no_file(clinic: Path) -> None:
    """An approved PDF outlives its approval: the workspace and the day are asked."""
    built = run("--workspace", str(clinic), "build", "crps")
    assert built.exit_code == 0, built.output
    old = clinic / "output" / "crps.standard.en.pdf"
    (part,) = parts_of(old.read_bytes())
    assert part.until
    assert part.approval.startswith("crps.en.0001.")
    kept = clinic / "kept.pdf"
    kept.write_bytes(old.read_bytes())
    letter = str(clinic / "letter.pdf")

    def given(name: str, *options: str) -> Result:
        return attach(clinic, letter, "--file", str(kept), "-o", str(clinic / name), *options)

    assert given("a.pdf").exit_code == 0
    late = (part.until + timedelta(days=1)).isoformat()
    assert "past its review date" in given("b.pdf", "--as-of", late).output
    who = ("--yes", "--by", "Dr Ann Example", "--role", "surgeon")
    risks = clinic / "content" / "sections" / "recovery" / "en.md"
    shipped = open_workspace(clinic, clinic).find("content/sections/recovery/en.md")
    assert shipped
    risks.parent.mkdir(parents=True)
    risks.write_text(shipped.read_text("utf-8").replace("swim", "bathe"), encoding="utf-8")
    assert given("c.pdf").exit_code == 0, "newer words wait, the old ones hold"
    assert run("--workspace", str(clinic), "approve", "crps", *who).exit_code == 0
    assert "older than the words" in given("d.pdf").output
    revoked = run("--workspace", str(clinic), "approve", "crps", "--revoke", *who)
    assert revoked.exit_code == 0, revoked.output
    again = given("e.pdf")
    assert again.exit_code == 3
    assert "no longer approves" in again.output
    carried = attach(clinic, str(clinic / "a.pdf"), "--file", str(SAMPLES / "typst_ua.pdf"))
    assert carried.exit_code == 3
    assert "A handout in the letter" in carried.output
    assert given("f.pdf", "--allow-draft", "--fhir", str(clinic / "f.json")).exit_code == 0
    assert json.loads((clinic / "f.json").read_bytes())["docStatus"] == "preliminary"


def test_a_day_that_is_past_makes_nothing_approved_again(clinic: Path) -> None:
    """--as-of names a day to come: the words of a past review date are not approved today."""
    late = date(2029, 1, 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli_session, "today", lambda: late)
        for day in ((), ("--as-of", "2026-11-21")):
            strict = run("--workspace", str(clinic), "build", "crps", "--require-approved", *day)
            assert strict.exit_code == 3, strict.output
            assert "past its review date" in strict.output


@pytest.mark.parametrize(
    ("words", "draft"), [("G90.521, draft", True), ("G90.521, draftsman", False)]
)
def test_drafts_of_the_first_versions_are_drafts(words: str, draft: bool) -> None:
    space = "http://ns.adobe.com/pdf/1.3/"
    packet = f"<rdf:RDF xmlns:pdf='{space}'><pdf:Keywords>{words}</pdf:Keywords></rdf:RDF>"
    assert bool(parts_of(packet.encode())) is draft
