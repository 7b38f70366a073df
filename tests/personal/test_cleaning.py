"""``handouts clean``: what batches made goes, what somebody changed stays."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handouts.cli import clean as command
from handouts.cli.app import app
from tests.personal.conftest import person, run, write_csv


@pytest.fixture
def batches(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of copies, and a file for the printer, made on the day of the tests; it is a month
    later."""
    write_csv(home / "r.csv", [person(0), person(1), person(2)])
    assert run("r.csv", "-o", "sent/out").exit_code == 0
    assert run("r.csv", "--merged", "sent/all.pdf").exit_code == 0
    monkeypatch.setattr(command, "today", lambda: date(2026, 12, 21))
    return home / "sent"


def cleaned(*args: str) -> Result:
    """``handouts clean sent`` with these options."""
    done = CliRunner().invoke(app, ["clean", "sent", *args])
    assert done.exit_code == 0, done.output
    return done


def names(folder: Path) -> list[str]:
    """All files and folders below one."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_old_copies_go_and_younger_ones_stay(batches: Path) -> None:
    before = names(batches)
    assert "Removed 0 files of 0 batches." in cleaned("--older-than", "31").stdout
    assert "Would remove 4 files of 2 batches." in cleaned("--older-than", "30", "--dry-run").stdout
    assert names(batches) == before
    done = cleaned("--older-than", "30")
    assert "Removed 4 files of 2 batches." in done.stdout
    assert "is not removed" in done.stdout
    assert names(batches) == []


def test_what_somebody_changed_or_put_there_stays(batches: Path) -> None:
    copies = sorted((batches / "out").glob("*.pdf"))
    copies[0].write_bytes(copies[0].read_bytes() + b"a note")
    copies[1].unlink()
    copies[1].symlink_to(batches.parent / "r.csv")
    (batches / "out/letter.pdf").write_bytes(b"theirs")
    (batches / "out/000009.theirs.pdf").write_bytes(b"theirs")
    done = cleaned("--older-than", "30")
    assert done.stdout.count("changed by somebody, so it stays") == 2
    left = {"out", *(f"out/{path.name}" for path in copies[:2])}
    assert set(names(batches)) == left | {"out/letter.pdf", "out/000009.theirs.pdf"}
    assert (batches.parent / "r.csv").is_file()


def test_a_changed_copy_is_named_after_the_batch_was_gone_on_with(batches: Path) -> None:
    copy = sorted((batches / "out").glob("*.pdf"))[0]
    copy.write_bytes(copy.read_bytes() + b"a note")
    (batches / "out/000009.theirs.pdf").write_bytes(b"theirs")
    manifest = batches / "out/manifest.jsonl"
    head, first, *others = manifest.read_text("utf-8").splitlines()
    failed = json.dumps({"record": json.loads(first)["record"], "status": "failed", "line": 2})
    manifest.write_text("\n".join((head, *others, failed)) + "\n", "utf-8")
    done = cleaned("--older-than", "30")
    assert done.stdout.count("changed by somebody, so it stays") == 1
    assert copy.name in done.stdout
    assert copy.is_file()


def test_what_a_killed_batch_left_goes_too(batches: Path) -> None:
    manifest = batches / "out/manifest.jsonl"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    manifest.write_text("".join(lines[:2]) + lines[2][:30], "utf-8")
    (batches / "out/.000004.pdf.0123456789abcdef.tmp").write_bytes(b"half")
    cleaned("--older-than", "30")
    assert names(batches) == []


def test_a_damaged_manifest_keeps_no_other_batch(batches: Path) -> None:
    manifest = batches / "all.manifest.jsonl"
    with manifest.open("a", encoding="utf-8") as file:
        file.write("{}\n")
    done = CliRunner().invoke(app, ["clean", "sent", "--older-than", "30"])
    assert done.exit_code == 9
    assert "all.manifest.jsonl:6: is damaged" in done.stderr
    assert manifest.is_file()
    assert not (batches / "out").exists()


def test_a_manifest_leads_to_no_file_elsewhere(batches: Path) -> None:
    manifest, precious = batches / "out/manifest.jsonl", batches.parent / "r.csv"
    hashed = sha256(precious.read_bytes()).hexdigest()
    with manifest.open("a", encoding="utf-8") as file:
        row = {"record": 9, "status": "ok", "path": "../../r.csv", "sha256": hashed}
        file.write(json.dumps(row) + "\n")
    cleaned("--older-than", "30")
    assert precious.is_file()
