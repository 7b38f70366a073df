"""``handouts batch``: a copy for each record, nothing lost, nothing doubled, nothing told."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from click.testing import CliRunner

from handouts import approvals, output
from handouts.cli import copies
from handouts.cli.app import app
from handouts.errors import ContentError
from handouts.pdf.validate import validate
from handouts.personal import private_files
from handouts.personal.manifest import Manifest
from handouts.personal.press import Press
from handouts.personal.printing import print_copies
from handouts.personal.record_files import Columns, RecordFile
from handouts.workspace import open_workspace
from tests.approving import ANN, approve
from tests.personal.conftest import (
    ROOT,
    lines_of,
    made_in,
    mode,
    person,
    read_manifest,
    run,
    started,
    until,
    write_csv,
)


def text_of(path: Path) -> str:
    """What a PDF says, on one line."""
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.split())


def test_csv_and_json_lines_make_the_same_private_files(home: Path) -> None:
    rows = [person(0, id="a17"), person(1, id="b-2"), person(2, id="")]
    lines = "\n".join(json.dumps(row) for row in rows)
    (home / "r.jsonl").write_text(f"\n{lines}\n", "utf-8")
    write_csv(home / "r.csv", rows)
    for name in ("csv", "jsonl"):
        done = run(f"r.{name}", "-o", name)
        assert (done.exit_code, done.stderr) == (0, ""), done.output
    assert run("-", "-o", "piped", input=lines).exit_code == 0
    copies = made_in(home / "csv")
    assert copies == made_in(home / "jsonl") == made_in(home / "piped")
    assert list(copies) == [
        "000001-a17.crps.standard.en.pdf",
        "000002-b-2.crps.standard.en.pdf",
        "000003.crps.standard.en.pdf",
    ]
    assert mode(home / "csv") == 0o700
    assert {mode(path) for path in (home / "csv").iterdir()} == {0o600}
    for row, kept in zip(rows, read_manifest(home / "csv/manifest.jsonl"), strict=True):
        path = home / "csv" / kept["path"]
        assert kept["status"] == "ok"
        assert sha256(path.read_bytes()).hexdigest() == kept["sha256"]
        assert f"Name: {row['patient']}" in text_of(path)
    kept_text = (home / "csv/manifest.jsonl").read_text("utf-8")
    for told in (kept_text, done.output, *copies):
        assert "Exámple" not in told
        assert "555" not in told


def test_what_is_wrong_with_a_record_is_said_and_stops_no_other(home: Path) -> None:
    head = "patient,appointment_date,phone,condition,layout,sections,id\n"
    bad = {
        "Secret One,2020-01-01,,,,,": ("appointment_date", "is past"),
        "Secret Two,,call me,,,,": ("phone", ""),
        "Secret Three,,,,,,secret-three": ("id", "with a digit"),
        "Secret Four,,,,,,four4": ("id", "the patient's name"),
        "Secret Five,,,Secretcondition,,,": ("condition", "means none"),
        "Secret Six,,,,Secretlayout,,": ("layout", "unknown"),
        "Secret Seven,,,,,Secretsection,": ("sections", "unknown"),
        "Secret Eight,,": ("", "has 3 cells"),
        '"Secret Nine,,,,,,': ("", "quotation mark"),
        "שלום Secret,,,,,,": ("patient", "HEBREW"),
        ",,,,,standard,": ("sections", "unknown"),
        f"Secret {'x' * 90},,,,,,": ("patient", "room for 80"),
    }
    good = "Ana Example,2026-12-01,,,,,\n"
    text = head + good + "".join(f"{line}\n" for line in bad) + good
    (home / "r.csv").write_bytes(text.encode() + b"Secret \xff,,,,,,\n" + good.encode())
    done = run("r.csv", "-o", "out")
    assert done.exit_code == 9
    rows = read_manifest(home / "out/manifest.jsonl")
    assert [row["record"] for row in rows if row["status"] == "ok"] == [1, 14, 16]
    assert len(made_in(home / "out")) == 3
    wanted = [*bad.values(), ("", "UTF-8")]
    failed = [row for row in rows if row["status"] == "failed"]
    assert len(failed) == len(wanted)
    for row, (field, problem) in zip(failed, wanted, strict=True):
        assert row["why"][0]["field"] == field
        assert problem in row["why"][0]["problem"]
        assert f"r.csv:{row['line']}: " in done.stderr
    told = done.output + (home / "out/manifest.jsonl").read_text("utf-8")
    assert "secret" not in told.casefold()


def test_a_name_that_cannot_be_written_down_stops_no_other_record(home: Path) -> None:
    bad = ['{"patient": "Ana", "\\ud800x": "1"}', '{"patient": "Ana", "\\u001b[2Jx": "1"}']
    (home / "r.jsonl").write_text("\n".join((*bad, '{"patient": "Bea"}')), "utf-8")
    done = run("r.jsonl", "-o", "out")
    assert done.exit_code == 9
    rows = read_manifest(home / "out/manifest.jsonl")
    assert [row["status"] for row in rows] == ["failed", "failed", "ok"]
    assert "\x1b" not in done.output


def test_a_letter_that_no_font_has_is_told_with_its_field(home: Path) -> None:
    write_csv(home / "r.csv", [person(0, patient="Հակոբ", note=""), person(1, note="ԲԺ 1")])
    done = run("r.csv", "-o", "out")
    assert done.exit_code == 9
    told = [line for line in done.stderr.splitlines() if "no font has" in line]
    for line, field in zip(told, ("patient", "note"), strict=True):
        assert f"{field} cannot be printed: no font has the character" in line


def test_no_word_of_a_person_is_in_what_a_mistake_of_ours_says(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("Ana Exámple")

    write_csv(home / "r.csv", [person(0)])
    monkeypatch.setattr(Press, "_fitting", broken)
    done = run("r.csv", "-o", "out", "--debug")
    assert done.exit_code == 9
    assert "KeyError" in done.output
    assert "Exámple" not in done.output


def test_values_are_text_whatever_they_look_like(home: Path) -> None:
    names = ["<b>Ana</b> &amp;", "../../etc/passwd", '=HYPERLINK("x")', "(x) Tj ET \\( {{ name }}"]
    write_csv(home / "r.csv", [{"patient": name} for name in names])
    assert run("r.csv", "-o", "out").exit_code == 0
    copies = sorted((home / "out").glob("*.pdf"))
    for path, name in zip(copies, names, strict=True):
        assert f"Name: {name}" in text_of(path)
        assert not validate(path.read_bytes())
    assert {path.name for path in home.iterdir()} >= {"out", "r.csv"}


def test_words_that_no_one_approved_are_refused_to_each_record(home: Path) -> None:
    write_csv(home / "r.csv", [person(0), person(1), person(2)])
    words = ["batch", "r.csv", "--condition", "crps", "-o", "out"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 9
    assert done.stderr.count("has not been approved") == 3
    assert not (home / "out").exists(), "nothing was made, so nothing is left"


def test_words_that_are_approved_no_more_are_not_gone_on_with(home: Path) -> None:
    approve(home)
    write_csv(home / "r.csv", [person(0), person(1), person(2)])
    words = ["batch", "r.csv", "--condition", "crps", "-o", "out"]
    assert CliRunner().invoke(app, words).exit_code == 0
    before = made_in(home / "out")
    manifest = home / "out/manifest.jsonl"  # it was stopped before it wrote of the third
    manifest.write_bytes(b"".join(manifest.read_bytes().splitlines(keepends=True)[:-1]))
    approvals.revoke(open_workspace(home, home), "crps", "en", ANN)
    done = CliRunner().invoke(app, [*words, "--resume"])
    assert (done.exit_code, done.stderr.count("has not been approved")) == (9, 3)
    assert {row["status"] for row in read_manifest(home / "out/manifest.jsonl")} == {"failed"}
    assert "Taken out, approved no more: 2 that were there." in done.stdout
    assert os.listdir(home / "out") == ["manifest.jsonl"]
    approve(home)
    assert CliRunner().invoke(app, [*words, "--resume"]).exit_code == 0
    after = made_in(home / "out")
    assert list(after) == list(before)
    assert not {*after.values()} & {*before.values()}


def test_the_pages_of_a_copy_can_be_printed_again_by_their_number(home: Path) -> None:
    approve(home)
    write_csv(home / "r.csv", [person(0)])
    for args in (["-o", "out"], ["--merged", "all.pdf"]):
        done = CliRunner().invoke(app, ["batch", "r.csv", "--condition", "crps", *args])
        assert done.exit_code == 0, done.output
        (kept,) = (home / "editions").glob("*.json")
        again = CliRunner().invoke(app, ["reprint", kept.stem, "-o", f"{len(args[1])}.pdf"])
        assert "the same bytes as then" in again.stdout
        kept.unlink()


TABLES = {
    "Excel in Europe": ("﻿Name;Birth date;Other\nAna;1956-02-03;x\n", ("--ignore-others",), 1),
    "two columns of one name that give no field, and two without": (
        "Name,City,City,,\nAna,x,y,,\n",
        ("--ignore-others",),
        1,
    ),
    "line ends in a cell": ('Name,note\nAna,"one\ntwo"\nBea,x\n', (), 2),
    "a quote that nothing closes": ('Name,note\nAna,"one\nBea,x\nCea,y\n', (), 2),
}


@pytest.mark.parametrize("case", TABLES)
def test_tables_as_programs_write_them(home: Path, case: str) -> None:
    text, options, made = TABLES[case]
    (home / "r.csv").write_bytes(text.encode())
    run("r.csv", "-o", "out", "--map", "patient=Name", *options)
    assert len(made_in(home / "out")) == made


def test_quotes_that_belong_to_no_cell_cost_their_rows_and_none_between(home: Path) -> None:
    """Such as inches: the next quote may stand records below."""
    rows = ['Ana,bring 5" lift', "Bea,x", 'Cea,6" lift', 'Dea,"one', 'Eea,"two', 'Fea,"a\nb"']
    (home / "r.csv").write_text("\n".join(("patient,note", *rows, "Gea,x")), "utf-8")
    assert run("r.csv", "-o", "out").exit_code == 9
    kept = {row["line"]: row["status"] for row in read_manifest(home / "out/manifest.jsonl")}
    ok, failed = "ok", "failed"
    assert kept == {2: failed, 3: ok, 4: failed, 5: failed, 6: failed, 7: ok, 9: ok}
    texts = [text_of(path) for path in sorted((home / "out").glob("*.pdf"))]
    for name, text in zip(("Bea", "Fea", "Gea"), texts, strict=True):
        assert f"Name: {name} Note: " in text


def test_a_file_that_cannot_be_read_on_is_not_taken_for_one_that_ended() -> None:
    class Broken(BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 20:
                raise OSError(errno.EIO, "Input/output error")
            return super().readline(size)

    records = iter(RecordFile(Broken(b"patient\nAna\nBea\nCea\nDea\n"), "r.csv", Columns()))
    assert [next(records).line for _ in range(4)] == [2, 3, 4, 5]
    with pytest.raises(ContentError, match=r"r\.csv:5: cannot be read on"):
        next(records)


HEADS = {
    "Secret Ana,1956-02-03\n": "no column is called like a field",
    "patient,Room\nSecret,x\n": "no field is called like the column “Room”",
    "patient,patient\nSecret,x\n": "two columns have the same name",
    "Secret Ana,2099-12-03,Phone\n": "a column is called like a value",
    f"patient,{'x' * 70_000}\nSecret,x\n": "has more than 65,536 bytes",
    "patient,City,City,,\nSecret,x,,,\n": "like the column “City”, without a name. Name its field",
    "patient,Phone\rSecret,5\r": "has the line ends of old Macs. Save it as “CSV UTF-8”",
    "patient\n": "holds no records",
    "": "holds no records",
    "PK\x03\x04\0\0Secret": "is not text in UTF-8",
}


@pytest.mark.parametrize("text", HEADS)
def test_a_table_without_a_head_is_refused_before_anything_is_written(
    home: Path, text: str
) -> None:
    (home / "r.csv").write_bytes(text.encode("latin-1"))
    done = run("r.csv", "-o", "out")
    assert done.exit_code == 3
    assert HEADS[text] in done.stderr
    assert "Secret" not in done.output
    assert not (home / "out").exists()


def test_a_dry_run_writes_nothing(home: Path) -> None:
    write_csv(home / "r.csv", [person(0), person(1, appointment_date="2020-01-01")])
    before = sorted(home.rglob("*"))
    done = run("r.csv", "--dry-run")
    assert done.exit_code == 9
    assert "Would make 1 copy of 1 edition." in done.stdout
    assert "r.csv:3: appointment_date is past." in done.stderr
    assert sorted(home.rglob("*")) == before


# --- Stopped, and gone on with ------------------------------------------------------------


def gone(group: int) -> None:
    """Wait until a group has ended: workers end with the process that started them."""
    give_up = time.monotonic() + 10
    with suppress(ProcessLookupError):
        while time.monotonic() < give_up:
            os.killpg(group, 0)
            time.sleep(0.05)
        pytest.fail("a worker goes on without the process that started it")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_in_the_middle_it_goes_on_with_no_copy_lost_or_doubled(
    home: Path, workers: str
) -> None:
    count, manifest = 3_000, home / "out/manifest.jsonl"
    write_csv(home / "r.csv", [person(number) for number in range(count)])
    process = started(home, "--workers", workers)
    until(301, manifest, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert lines_of(manifest) < count, "it was to be killed in the middle"
    gone(process.pid)
    written = made_in(home / "out")
    for path in sorted((home / "out").glob("*.pdf")):
        assert not validate(path.read_bytes()), f"{path} is half-written"
        break
    doubled = manifest.read_bytes().splitlines(keepends=True)[9]
    with manifest.open("ab") as file:
        file.write(doubled + b'{"record":301,"sta')  # the kill came while a line was written
    (home / "out/.000301.pdf.0123456789abcdef.tmp").write_bytes(b"half")
    next(iter(sorted((home / "out").glob("*.pdf")))).unlink()  # one that somebody deleted
    spoiled = sorted((home / "out").glob("*.pdf"))[5]
    spoiled.write_bytes(b"")  # and one that a power cut took

    again = started(home, "--workers", workers, "--resume", "--force")
    out, err = again.communicate()
    assert again.returncode == 0, (out, err)
    rows = read_manifest(manifest)
    assert sorted(row["record"] for row in rows) == list(range(1, count + 1))
    copies = made_in(home / "out")
    assert {row["path"]: row["sha256"] for row in rows} == {
        name: sha256(data).hexdigest() for name, data in copies.items()
    }
    assert all(copies[name] == data for name, data in written.items()), "the same bytes again"
    assert {path.name for path in (home / "out").iterdir()} == {*copies, "manifest.jsonl"}


def test_the_manifest_has_the_hash_of_the_records_that_were_read(home: Path) -> None:
    write_csv(home / "r.csv", [person(0)])
    write_csv(home / "new.csv", [person(1)])
    old = sha256((home / "r.csv").read_bytes()).hexdigest()
    begin = print_copies

    def replaced(*args: Any) -> Any:
        (home / "new.csv").replace(home / "r.csv")  # behind the back of who has opened it
        return begin(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copies, "print_copies", replaced)
        done = run("r.csv", "--merged", "a.pdf")
    assert done.exit_code == 0, done.output
    header = (home / "a.manifest.jsonl").read_text("utf-8").splitlines()[0]
    assert json.loads(header)["records"] == old


def test_only_the_same_batch_is_gone_on_with(home: Path) -> None:
    rows = [person(0), person(1)]
    write_csv(home / "r.csv", rows)
    assert run("r.csv", "-o", "out").exit_code == 0
    kept = made_in(home / "out")
    refused = {
        (): "a batch was made here before",
        ("--force",): "a batch was made here before",
        ("--resume", "--paper", "a4"): "another paper",
        ("--resume", "--map", "note=phone"): "another --map",
    }
    for args, message in refused.items():
        done = run("r.csv", "-o", "out", *args)
        assert done.exit_code in (2, 7)
        assert message in done.stderr
    elsewhere = run("r.csv", "--resume")
    assert (elsewhere.exit_code, "There is no batch in" in elsewhere.stderr) == (2, True)
    piped = run("-", "-o", "out", "--resume", input="patient\nAna\n")
    assert (piped.exit_code, "standard input is gone" in piped.stderr) == (2, True)
    write_csv(home / "r.csv", [*rows, person(2)])
    assert "other records" in run("r.csv", "-o", "out", "--resume").stderr
    assert made_in(home / "out") == kept


def test_a_file_in_the_way_is_not_replaced_and_stops_no_other(home: Path) -> None:
    write_csv(home / "r.csv", [person(0), person(1)])
    (home / "out").mkdir()
    theirs = home / "out/000001.crps.standard.en.pdf"
    theirs.write_bytes(b"theirs")
    assert run("r.csv", "-o", "out").exit_code == 9
    assert run("r.csv", "-o", "out", "--resume").exit_code == 9
    assert theirs.read_bytes() == b"theirs"
    assert len(made_in(home / "out")) == 2
    assert run("r.csv", "-o", "out", "--resume", "--force").exit_code == 0
    assert theirs.read_bytes() != b"theirs"
    theirs.write_bytes(b"patient\nAna\n")
    for args in (["-o", "out"], ["--merged", "out/000001.pdf"]):
        assert run(str(theirs), *args, "--force").exit_code == 2
    assert theirs.read_bytes() == b"patient\nAna\n"


def test_who_goes_on_after_a_change_hears_of_copies_that_differ(home: Path) -> None:
    """Also when the files are back as they were: copies of both are in the folder."""
    write_csv(home / "r.csv", [person(0), person(1)])
    assert run("r.csv", "-o", "out").exit_code == 0
    (brand,) = home.glob("brands/*/brand.toml")
    before = brand.read_text()
    for number, changed in ("", False), ("\n# another number\n", True), ("", True):
        (home / "out/000001.crps.standard.en.pdf").unlink()
        brand.write_text(before + number)
        done = run("r.csv", "-o", "out", "--resume")
        assert done.exit_code == 0, done.output
        assert ("files changed since it began" in done.stdout) is changed
        told = run("r.csv", "-o", "out", "--resume", "--json")
        assert json.loads(told.stdout)["changed"] is changed


def test_two_batches_at_once_in_one_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(home / "r.csv", [person(0)])
    monkeypatch.setattr(output, "_LOCK_SECONDS", 0.1)
    with output.alone(home / "out"):
        done = run("r.csv", "-o", "out", "--resume")
        assert done.exit_code == 7
        assert "is being changed by another command" in done.stderr
        assert os.listdir(home / "out") == [".lock"]
    assert not (home / "out").exists()


@pytest.mark.parametrize("full_after", [0, 2])
def test_a_full_disk_is_said_and_nothing_is_half_written(
    home: Path, monkeypatch: pytest.MonkeyPatch, full_after: int
) -> None:
    write_csv(home / "r.csv", [person(number) for number in range(4)])
    write, copies = private_files.write_all, 0

    def full(handle: int, data: bytes) -> None:
        nonlocal copies
        copies += data.startswith(b"%PDF")
        if copies > full_after:
            write(handle, data[:100])
            raise OSError(errno.ENOSPC, "no space")
        write(handle, data)

    with monkeypatch.context() as patch:
        patch.setattr(private_files, "write_all", full)
        done = run("r.csv", "-o", "out")
    assert done.exit_code == 7
    assert "no space on the disk" in done.stderr
    kept = made_in(home / "out")
    rows = read_manifest(home / "out/manifest.jsonl")
    assert [row["path"] for row in rows] == list(kept)
    assert len(kept) == full_after
    assert not [name for name in os.listdir(home / "out") if name.endswith(".tmp")]
    assert run("r.csv", "-o", "out", "--resume").exit_code == 0
    assert len(made_in(home / "out")) == 4


def children_of(pid: int) -> list[int]:
    """The workers of a batch, from the moment on at which they begin."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    with suppress(OSError):
        return [
            int(one) for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()
        ]
    return []


@pytest.mark.parametrize("after", [0.0, 0.2, 0.5])
def test_who_stops_it_sees_no_traceback_of_a_worker_that_begins(home: Path, after: float) -> None:
    write_csv(home / "r.csv", [person(number) for number in range(3_000)])
    process = started(home, "--workers", "2")
    while not children_of(process.pid) and process.poll() is None:
        time.sleep(0.005)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in err
    gone(process.pid)


def test_a_worker_that_is_killed_is_told_and_nothing_is_lost(home: Path) -> None:
    count, manifest = 3_000, home / "out/manifest.jsonl"
    write_csv(home / "r.csv", [person(number) for number in range(count)])
    process = started(home, "--workers", "2")
    until(301, manifest, process)
    os.kill(children_of(process.pid)[0], signal.SIGKILL)
    _, err = process.communicate()
    assert process.returncode == 7
    assert b"worker process was ended" in err
    again = started(home, "--resume")
    assert again.wait() == 0
    assert sorted(row["record"] for row in read_manifest(manifest)) == list(range(1, count + 1))


# --- Size ---------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_records(home: Path) -> None:
    script = (
        "import re, sys; from click.testing import CliRunner; from handouts.cli.app import app;"
        "done = CliRunner().invoke(app, sys.argv[1:]); assert not done.exit_code, done.output;"
        "print(re.search(r'VmHWM:\\s+([0-9]+) kB', open('/proc/self/status').read())[1])"
    )
    peaks = []
    for count in (200, 20_000):
        write_csv(home / "r.csv", [person(number) for number in range(count)])
        words = ["batch", "r.csv", "--condition", "crps", "--allow-draft", "--dry-run"]
        command = [sys.executable, "-c", script, *words, "--as-of", "2026-11-21"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, cwd=home, env=env, capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout) / 1024)
    assert peaks[1] < 200
    assert peaks[1] - peaks[0] < 10


def test_files_that_change_while_copies_are_made_are_told_then_and_later(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(home / "r.csv", [person(0), person(1)])
    (brand,) = home.glob("brands/*/brand.toml")
    before, add = brand.read_text(), Manifest.add

    def and_edit(self: Manifest, rows: Any) -> None:
        add(self, rows)
        brand.write_text(f"{before}\n# another number\n")

    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "add", and_edit)
        done = run("r.csv", "-o", "out")
    assert done.exit_code == 0, done.output
    assert "files changed since it began" in done.stdout
    brand.write_text(before)
    again = run("r.csv", "-o", "out", "--resume")
    assert "2 were there" in again.stdout
    assert "files changed since it began" in again.stdout
    assert len(read_manifest(home / "out/manifest.jsonl")) == 2
