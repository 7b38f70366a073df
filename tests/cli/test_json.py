"""``--json``: each output is of its type, and ``docs/json.md`` names every key."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from msgspec import Struct

from handouts.cli.app import app
from handouts.cli.reported import (
    REPORTS,
    BuildReport,
    ForecastReport,
    JoinReport,
    ListReport,
    PreflightReport,
    PrintersReport,
    PrintReport,
    StatusReport,
)
from tests.printing.answering import answering

pytestmark = pytest.mark.usefixtures("printed_once")

ROOT = Path(__file__).parents[2]
LETTER = str(ROOT / "tests/attach/samples/typst_ua.pdf")
SIGNED = str(ROOT / "tests/attach/samples/signed.pdf")
DOCS = (ROOT / "docs/json.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        (BuildReport, ("build", "crps")),
        (BuildReport, ("build", "crps", "groin-hernia", "--require-approved")),
        (JoinReport, ("attach", LETTER, "crps", "--allow-draft", "-o", "joined.pdf")),
        (JoinReport, ("packet", "crps", "--file", LETTER, "--allow-draft")),
        (JoinReport, ("attach", LETTER, "crps", "--allow-draft", "-o", "joined.pdf", "-q")),
        (JoinReport, ("packet", "crps", "--allow-draft", "-q")),
        (ForecastReport, ("attach", LETTER, "--dry-run")),
        (ForecastReport, ("attach", SIGNED, "--dry-run")),
        (ForecastReport, ("attach", str(ROOT / "README.md"), "--dry-run")),
        (PrintReport, ("print", "crps", "--allow-draft", "--printer", "Front")),
        (PrintReport, ("print", "crps", "--allow-draft", "--printer", "Other")),
        (PrintersReport, ("printers",)),
        (PreflightReport, ("preflight", "crps", LETTER)),
        (PreflightReport, ("preflight", str(ROOT / "tests/attach/samples/latex.pdf"), "-q")),
        (ListReport, ("list",)),
        (ListReport, ("list", "codes")),
        (StatusReport, ("status",)),
    ],
)
@pytest.mark.usefixtures("home")
def test_each_output_is_of_its_type(
    kind: type[Struct], args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering() as printer:
        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{printer.port}")
        printed = CliRunner().invoke(app, [*args, "--json"]).stdout
    read = msgspec.json.encode(msgspec.json.decode(printed, type=kind))
    assert msgspec.json.decode(read) == msgspec.json.decode(printed), "no key that is not of it"


def _keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from _keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _keys(value)


@pytest.mark.parametrize("kind", REPORTS)
def test_the_docs_name_every_key(kind: type[Struct]) -> None:
    name = str(msgspec.inspect.type_info(kind).tag)  # type: ignore[attr-defined]
    section = DOCS.split(f"## {name}\n")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z0-9_]+)`", section))
    states = {"draft", "approved", "due", "overdue", "withdrawn", "later", "never", "broken"}
    assert set(_keys(msgspec.json.schema(kind))) - {"schema"} - named == set()
    assert named - set(_keys(msgspec.json.schema(kind))) <= {*states, "not_approved"}


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8")
def test_a_folder_whose_name_is_no_text_is_written_as_python_does(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = home / os.fsdecode(b"odd\xff")
    odd.mkdir()
    (home / "content/sections").mkdir()
    (home / "content/sections" / odd.name).touch()
    monkeypatch.chdir(odd)
    done = CliRunner().invoke(app, ["build", "crps", "--json", "-o", "a.pdf"])
    assert done.exit_code == 0, done.output
    assert Path(json.loads(done.stdout)["built"][0]["path"]) == Path.cwd() / "a.pdf"
