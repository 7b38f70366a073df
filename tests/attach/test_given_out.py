"""Whether a printed handout may still be given out, by what its file says and the day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from handouts import scaffold
from handouts.attach import given_out
from handouts.attach.given_out import objection
from handouts.attach.reading.xmp import PartStatus, part_in, parts_of
from handouts.library.records import Record, record
from handouts.namespaces import HANDOUTS
from handouts.workspace import open_workspace
from tests.approving import ANN, TODAY, approve

LAST = date(2027, 11, 21)


@pytest.mark.parametrize(
    ("part", "day", "why"),
    [
        (PartStatus("ab", "approved", LAST), LAST, ""),
        (PartStatus("ab", "approved", LAST), LAST + timedelta(days=1), r"past.*\(2027-11-21\)"),
        (PartStatus("ab", "approved"), date.max, ""),
        (PartStatus("ab", "overdue"), date.min, "past its review date$"),
        (PartStatus("ab", "draft", LAST), LAST, "is a draft"),
    ],
)
def test_a_part_is_given_out_until_its_last_day(part: PartStatus, day: date, why: str) -> None:
    said = objection(part, day)
    assert bool(said) is bool(why)
    assert re.search(why, said)


@pytest.mark.parametrize(
    ("inside", "status"),
    [
        ("<h:status>approved</h:status>", "approved"),
        ("<h:edition>ab</h:edition>", "draft"),
        ("<h:status>fine</h:status>", "draft"),
        ("<h:status>approved</h:status><h:until>soon</h:until>", "draft"),
        ("<h:status>&said;</h:status>", "draft"),
        ("<dc:title>None of ours</dc:title>", None),
    ],
)
def test_what_does_not_say_that_it_is_approved_is_a_draft(inside: str, status: str | None) -> None:
    text = f'<rdf:RDF xmlns:h="{HANDOUTS}">{inside}</rdf:RDF>'
    part = part_in(text)
    assert (part.status if part else None) == status
    assert [found.status for found in parts_of(text.encode())] == ([status] if status else [])


@pytest.mark.parametrize(
    "text",
    [
        "<rdf:RDF xmlns:h='{}'><h:status><!-- not -->approved</h:status></rdf:RDF>",
        "<RDF xmlns='urn:rdf'><status xmlns='{}'>approved</status></RDF >",
        "<r:RDF xmlns:h='{}' xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<h:status r:parseType='Resource'><r:value>approved</r:value></h:status></r:RDF>",
        "<x:xmpmeta xmlns:h='{}'>\n<rdf:RDF><x h:status='approved'/></rdf:RDF>",
        "<rdf:RDF xmlns:h='{}'><broken></rdf:li><h:status>approved</h:status></rdf:RDF>",
    ],
)
def test_a_status_is_read_however_it_is_written(text: str) -> None:
    for status in ("approved", "draft"):
        said = text.format(HANDOUTS).replace("approved", status).encode()
        assert [part.status for part in parts_of(b"1 0 obj" + said + b"endobj")] == [status]


def test_words_that_are_approved_from_tomorrow_on_wait_for_it(tmp_path: Path) -> None:
    scaffold.init(tmp_path / "clinic")
    approve(tmp_path / "clinic")
    tomorrow = TODAY + timedelta(days=1)
    approve(tmp_path / "clinic", signature=replace(ANN, on=tomorrow))
    workspace = open_workspace(tmp_path / "clinic", tmp_path)
    first, second = (
        PartStatus("ab", "approved", LAST, record(workspace, "crps", "en", one).reference)
        for one in (1, 2)
    )
    assert objection(first, TODAY, workspace) == objection(second, tomorrow, workspace) == ""
    assert objection(second, TODAY, workspace) == "has words that are approved from 2026-11-22 on"
    assert "is older than" in objection(first, tomorrow, workspace)


@pytest.mark.parametrize(
    ("approval", "holds", "why"),
    [
        ("crps.en.0002.0123456789", 2, ""),
        ("crps.en.0002.0123456789", 3, "is older than"),
        ("crps.en.0002.0123456789", 0, "no longer approves"),
        ("crps.en.0002.aaaaaaaaaa", 3, ""),
        ("crps.en.0007.0123456789", 3, ""),
        ("crps.en.0002.0123456789.x", 3, ""),
        ("", 0, ""),
    ],
)
def test_only_a_record_of_the_workspace_is_asked_whether_it_holds(
    approval: str, holds: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another clinic's record may have the same number, but not the same seal."""
    own = Record("crps", "en", "Ann", "MD", LAST, LAST, number=2, seal="0123456789abcdef")
    monkeypatch.setattr(given_out, "numbers", lambda *_: [1, 2, 3])
    monkeypatch.setattr(given_out, "record", lambda *asked: {2: own}[asked[3]])
    monkeypatch.setattr(given_out, "standing", lambda *_: SimpleNamespace(record=holds))
    part = PartStatus("ab", "approved", LAST, approval)
    said = objection(part, LAST, open_workspace(None, Path("/")))
    assert bool(said) is bool(why)
    assert why in said
