"""Approved words stay printable: after an upgrade, after a roll-back, with two versions at once.

``samples/clinic-0.1.0.zip`` is a backup that version 0.1.0 made. It is never made anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handouts.approvals.reprinting import reprint
from handouts.compose import standing
from handouts.desktop.backup import restore
from handouts.errors import WorkspaceError
from handouts.library import records
from handouts.library.editions import Printed, recall
from handouts.library.records import Record, record
from handouts.model import Status
from handouts.model.serial import read, readable
from handouts.workspace import EDITIONS, open_workspace
from tests.approving import TODAY
from tests.pdf.dump import text_in_tag_order

SAMPLE = Path(__file__).parent / "samples/clinic-0.1.0.zip"
#: Of the clinic's own words; ours never said this.
SAID = "Call the clinic on Hill Road before you drive."
Data = dict[str, Any]


class LaterRecord(Record, frozen=True):
    """What a later version may keep beside the rest."""

    reason: str = ""


class LaterPrinted(Printed, frozen=True):
    copies: int = 1


@pytest.fixture
def home(tmp_path: Path) -> Path:
    restore(SAMPLE, tmp_path / "clinic")
    return tmp_path / "clinic"


def status(home: Path) -> Status:
    return standing(open_workspace(home, home), "crps", "en", TODAY).approval.status


def test_what_an_earlier_version_approved_is_printed(home: Path, tmp_path: Path) -> None:
    assert status(home) is Status.APPROVED
    (edition,) = (one.stem for one in (home / EDITIONS).iterdir())
    workspace = open_workspace(home, home)
    assert recall(workspace, edition).program == "0.1.0"
    made = reprint(workspace, edition, tmp_path / "again.pdf", TODAY)
    assert made.in_force
    assert SAID in " ".join(text_in_tag_order((tmp_path / "again.pdf").read_bytes()).split())


def test_a_later_version_reads_what_this_one_wrote(home: Path) -> None:
    (file,) = (home / "content/approvals").iterdir()
    kept = record(open_workspace(home, home), "crps", "en", 1)
    later = read(file.read_bytes(), LaterRecord)
    assert (later.words, later.seal, later.reason) == (kept.words, kept.seal, "")
    (file,) = (home / EDITIONS).iterdir()
    assert read(file.read_bytes(), LaterPrinted).copies == 1


def rewrite(home: Path, change: Callable[[Data], object]) -> Path:
    """The record as a later version might have written it, with a seal that is right."""
    (file,) = (home / "content/approvals").iterdir()
    data = json.loads(file.read_bytes())
    change(data)
    file.write_text(json.dumps({**data, "seal": records._seal_of(data)}), "utf-8")
    return file


def deep(data: Data) -> list[Data]:
    """The nodes of one section."""
    nodes: list[Data] = data["words"]["sections"]["risks"]["blocks"]
    return nodes


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(reason="recalled"),
        lambda data: data["words"].update(warning="new"),
        lambda data: deep(data)[0].update(only_for="children"),
        lambda data: deep(data)[0].update(type="Film"),
    ],
    ids=["a decision", "words", "a block", "a kind of block"],
)
def test_what_only_a_later_version_understands_is_refused_and_stays(
    home: Path, change: Callable[[Data], object]
) -> None:
    """Printed without it, the words might say what nobody approved."""
    file = rewrite(home, change)
    text = file.read_bytes()
    with pytest.raises(WorkspaceError, match=r"by a later version of handouts.*Update") as problem:
        status(home)
    assert "crps.en.0001.json" in str(problem.value)
    assert "delete" not in str(problem.value)
    assert file.read_bytes() == text


def test_a_later_version_that_said_nothing_new_is_understood(home: Path) -> None:
    kept = record(open_workspace(home, home), "crps", "en", 1)
    values = {name: getattr(kept, name) for name in Record.__struct_fields__}
    rewrite(
        home, lambda data: data.update(json.loads(readable(LaterRecord(**values))), type="Record")
    )
    assert status(home) is Status.APPROVED


def test_an_edition_of_a_later_version_is_refused(home: Path) -> None:
    (file,) = (home / EDITIONS).iterdir()
    file.write_text(json.dumps({**json.loads(file.read_bytes()), "copies": 2}), "utf-8")
    with pytest.raises(WorkspaceError, match=r"by a later version of handouts.*Update"):
        recall(open_workspace(home, home), file.stem)
