"""``handouts batch -o s3://…``: copies in an object store; here one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handouts.cli.app import app
from tests.personal.conftest import made_in, person, read_manifest, run, write_csv

fsspec = pytest.importorskip("fsspec")

URL = "memory://clinic/recall"


@pytest.fixture
def store() -> Iterator[Any]:
    """An empty store."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    yield memory
    memory.store.clear()


def stored(memory: Any) -> dict[str, bytes]:
    """The copies in the store, by name."""
    paths = sorted(memory.find("/clinic/recall"))
    return {
        path.rpartition("/")[2]: memory.cat_file(path) for path in paths if path.endswith(".pdf")
    }


def kept_manifest(home: Path) -> Path:
    """The manifest of a batch whose copies are in a store."""
    (found,) = (home / "output").glob("batch-*/manifest.jsonl")
    return found


def test_a_store_gets_the_same_copies_and_the_same_manifest(home: Path, store: Any) -> None:
    write_csv(home / "r.csv", [person(0), person(1, appointment_date="2020-01-01"), person(2)])
    assert run("r.csv", "-o", "here").exit_code == 9
    done = run("r.csv", "-o", f"{URL}/")
    assert done.exit_code == 9
    assert stored(store) == made_in(home / "here")
    manifest = kept_manifest(home)
    assert store.cat_file("/clinic/recall/manifest.jsonl") == manifest.read_bytes()
    assert read_manifest(manifest) == read_manifest(home / "here/manifest.jsonl")
    assert done.stdout.splitlines()[-2:] == [str(manifest.parent.relative_to(home)), URL]
    assert not made_in(manifest.parent)


def test_a_folder_may_be_named_as_an_address(home: Path) -> None:
    write_csv(home / "r.csv", [person(0)])
    assert run("r.csv", "-o", f"{home.as_uri()}/my%20out").exit_code == 0
    assert len(made_in(home / "my out")) == 1


def test_a_batch_to_a_store_is_gone_on_with(home: Path, store: Any) -> None:
    write_csv(home / "r.csv", [person(number) for number in range(4)])
    assert run("r.csv", "-o", URL).exit_code == 0
    whole = stored(store)
    manifest = kept_manifest(home)
    lines = manifest.read_bytes().splitlines(keepends=True)
    manifest.write_bytes(b"".join(lines[:3]))  # killed: two rows, four objects
    store.rm_file("/clinic/recall/000001.crps.standard.en.pdf")
    store.pipe_file("/clinic/recall/000004.crps.standard.en.pdf", b"theirs")
    assert run("r.csv", "-o", URL).exit_code == 7, "a batch was made here before"
    done = run("r.csv", "-o", URL, "--resume")
    assert done.exit_code == 9
    assert "000004.crps.standard.en.pdf is already there" in done.stderr
    assert stored(store) == {**whole, "000004.crps.standard.en.pdf": b"theirs"}
    assert run("r.csv", "-o", URL, "--resume", "--force").exit_code == 0
    assert stored(store) == whole
    assert sorted(row["record"] for row in read_manifest(manifest)) == [1, 2, 3, 4]
    manifest.unlink()
    assert run("r.csv", "-o", URL).exit_code == 0, "the very same objects are in nobody's way"


def test_what_a_store_refuses_is_said(
    home: Path, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(home / "r.csv", [person(0)])

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("Ana Exámple may not")

    monkeypatch.setattr(type(store), "pipe_file", refuse)
    done = run("r.csv", "-o", URL)
    assert done.exit_code == 7
    assert "the store does not take it (PermissionError). Check the address" in done.stderr
    assert "Exámple" not in done.output


REFUSED = {
    "ftp://host/folder": "is no place for copies. A folder is, or one of s3://",
    "s3://key:secret@bucket/folder": "s3://…: holds more than a bucket and a folder",
    "s3://bucket": "names no folder in a bucket. Write s3://BUCKET/FOLDER.",
    "s3://bucket/folder": "needs a package that is not here. Install it beside this program: ",
}


@pytest.mark.parametrize("url", REFUSED)
def test_addresses_that_are_no_place(home: Path, url: str) -> None:
    write_csv(home / "r.csv", [person(0)])
    done = run("r.csv", "-o", url)
    assert done.exit_code == 2
    assert REFUSED[url] in done.stderr
    assert "secret" not in done.output


def test_clean_says_where_copies_in_a_store_are(home: Path, store: Any) -> None:
    write_csv(home / "r.csv", [person(0)])
    assert run("r.csv", "-o", URL).exit_code == 0
    done = CliRunner().invoke(app, ["clean", "--older-than", "0"])
    assert f"its copies are in an object store, so they stay: {URL}" in done.stdout
    assert "Removed 0 files" in done.stdout
    assert kept_manifest(home).exists()
    assert len(stored(store)) == 1
