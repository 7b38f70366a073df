"""Editions: printed again with the same words, and the approved words stay whatever is edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts import approvals, cache, scaffold
from handouts.approvals.reprinting import reprint
from handouts.approvals.review import render_report
from handouts.approvals.signing import render_sheet
from handouts.attach.reading.xmp import parts_of
from handouts.build import Order, build, usual_target
from handouts.errors import (
    ContentError,
    HandoutsError,
    LayoutError,
    OutputError,
    Source,
    UsageError,
    WorkspaceError,
)
from handouts.library import records
from handouts.library.brand import load_brand
from handouts.library.editions import recall, remember
from handouts.library.frozen import FrozenWords
from handouts.model import BuildResult, Selection, Status
from handouts.model.serial import read, readable
from handouts.pdf.validate import page_count, validate
from handouts.workspace import builtin_root, open_workspace
from tests.approving import ANN, TODAY, approve
from tests.pdf.dump import text_in_tag_order

pytestmark = pytest.mark.usefixtures("printed_once", "few_layouts")

CRPS = Selection("crps")
RISKS = "sections/risks/en.md"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace whose CRPS words are approved."""
    scaffold.init(tmp_path / "clinic")
    approve(tmp_path / "clinic")
    return tmp_path / "clinic"


def made(home: Path, selection: Selection = CRPS, **rules: bool) -> BuildResult:
    workspace = open_workspace(home, home)
    order = Order(selection, usual_target(workspace, selection), TODAY, **rules)
    return build(workspace, order)


def edit(home: Path, old: str = '"\nrole', new: str = ', anew"\nrole') -> None:
    """Change the section on risks: by default its title."""
    text = (builtin_root("content") / RISKS).read_text("utf-8")
    assert old in text
    (home / "content" / RISKS).parent.mkdir(parents=True, exist_ok=True)
    (home / "content" / RISKS).write_text(text.replace(old, new), encoding="utf-8")


def test_the_desk_prints_the_approved_words_after_an_edit(home: Path) -> None:
    before = made(home, require_approved=True)
    edit(home)
    after = made(home, require_approved=True)
    assert (after.edition, after.sha256, after.status) == (
        before.edition,
        before.sha256,
        Status.APPROVED,
    )
    assert after.notes == (
        "Printing the words approved on 2026-11-21; newer ones wait. See: handouts diff crps",
    )
    assert made(home).cached
    assert made(home).notes == after.notes
    proposed = made(home, replace(CRPS, proposed=True))
    assert proposed.status is Status.DRAFT
    assert Path(proposed.path).name == "crps.standard.en.proposed.pdf"
    assert ", anew" in text_in_tag_order(Path(proposed.path).read_bytes())
    with pytest.raises(ContentError, match="has not been approved"):
        made(home, replace(CRPS, proposed=True), require_approved=True)
    approve(home)
    assert made(home).notes == ()
    assert ", anew" in text_in_tag_order(Path(made(home).path).read_bytes())


def test_a_broken_file_does_not_stop_the_desk(home: Path) -> None:
    before = made(home)
    (home / "content/values.toml").write_text("[limit")
    after = made(home)
    assert (after.sha256, after.status) == (before.sha256, Status.APPROVED)


def test_an_edition_comes_again_in_the_same_bytes(home: Path, tmp_path: Path) -> None:
    first = made(home)
    edit(home)
    approve(home)
    second = made(home)
    assert second.edition != first.edition
    again = reprint(open_workspace(home, home), first.edition, tmp_path / "again.pdf", TODAY)
    assert again.same
    assert not again.in_force
    assert hashlib.sha256((tmp_path / "again.pdf").read_bytes()).hexdigest() == first.sha256
    assert reprint(open_workspace(home, home), second.edition, tmp_path / "now.pdf", TODAY).in_force


def test_another_appearance_is_named(home: Path, tmp_path: Path) -> None:
    first = made(home)
    brand = home / "brands/clinic/brand.toml"
    brand.write_text(brand.read_text().replace("#1f4e5f", "#003366"))
    again = reprint(open_workspace(home, home), first.edition, tmp_path / "again.pdf", TODAY)
    assert not again.same
    assert again.edition != first.edition


def test_a_reprint_passes_the_same_gates(home: Path, tmp_path: Path) -> None:
    """No layout of today takes away what protects the patient from the words of then."""
    edition = made(home).edition
    template = home / "layouts/handout.xml.j2"
    text = (builtin_root("layouts") / "handout.xml.j2").read_text("utf-8")
    template.write_text(text.replace('<disclaimer class="end"/>', "<p>No risks.</p>"))
    with pytest.raises(LayoutError, match="<disclaimer/> is missing"):
        reprint(open_workspace(home, home), edition, tmp_path / "again.pdf", TODAY)
    assert not (tmp_path / "again.pdf").exists()


def test_a_new_look_of_words_that_were_taken_back_is_a_draft(home: Path, tmp_path: Path) -> None:
    edition = made(home).edition
    approvals.revoke(open_workspace(home, home), "crps", "en", ANN)
    brand = home / "brands/clinic/brand.toml"
    brand.write_text(brand.read_text().replace("#1f4e5f", "#003366"))
    reprint(open_workspace(home, home), edition, tmp_path / "again.pdf", TODAY)
    (part,) = parts_of((tmp_path / "again.pdf").read_bytes())
    assert part.status == "draft"


def mark(home: Path) -> None:
    edit(home, "version =", 'safety = "The number was wrong."\nversion =')


def mistake(home: Path) -> None:
    """Words withdrawn, and newer ones that nobody can read."""
    mark(home)
    (home / "content/values.local.toml").write_text("x = = 1")


def touch(home: Path) -> None:
    """Newer words wait: the approved ones hold."""
    edit(home)


@pytest.mark.parametrize(
    ("change", "today", "holds"),
    [
        (touch, TODAY, True),
        (mark, TODAY, False),
        (mistake, TODAY, False),
        (touch, date(2099, 1, 1), False),
    ],
)
def test_words_that_were_withdrawn_or_are_overdue_are_for_the_records(
    home: Path, tmp_path: Path, change: Callable[[Path], None], today: date, holds: bool
) -> None:
    """The same bytes as then; in another look, a draft."""
    edition = made(home).edition
    change(home)
    again = reprint(open_workspace(home, home), edition, tmp_path / "again.pdf", today)
    assert (again.same, again.in_force) == (True, holds)
    brand = home / "brands/clinic/brand.toml"
    brand.write_text(brand.read_text().replace("#1f4e5f", "#003366"))
    reprint(open_workspace(home, home), edition, tmp_path / "look.pdf", today)
    (part,) = parts_of((tmp_path / "look.pdf").read_bytes())
    assert part.status == ("approved" if holds else "draft")


def test_no_other_file_passes_for_an_unchanged_handout(home: Path) -> None:
    """A draft in the place of an approved PDF, and its hash in the record of the build."""
    approved = made(home)
    edit(home)
    draft = made(home, replace(CRPS, proposed=True))
    Path(approved.path).write_bytes(Path(draft.path).read_bytes())
    workspace = open_workspace(home, home)
    record = cache.record_path(workspace, Path(approved.path))
    record.write_text(record.read_text().replace(approved.sha256, draft.sha256))
    again = made(home, require_approved=True)
    assert again.sha256 == approved.sha256


@pytest.mark.parametrize("edition", ["0000000000", "../x", "", "A" * 10])
def test_an_unknown_edition_is_named(home: Path, tmp_path: Path, edition: str) -> None:
    with pytest.raises(UsageError, match="is not known here"):
        reprint(open_workspace(home, home), edition, tmp_path / "a.pdf", TODAY)


def test_reprinting_overwrites_nothing_and_reads_nothing_broken(home: Path, tmp_path: Path) -> None:
    edition = made(home).edition
    (tmp_path / "a.pdf").write_bytes(b"a letter")
    with pytest.raises(OutputError, match="already there"):
        reprint(open_workspace(home, home), edition, tmp_path / "a.pdf", TODAY)
    assert (tmp_path / "a.pdf").read_bytes() == b"a letter"
    (home / f"editions/{edition}.json").write_bytes(b"{")
    with pytest.raises(WorkspaceError, match=r"editions.*cannot be read"):
        reprint(open_workspace(home, home), edition, tmp_path / "b.pdf", TODAY)


def test_an_edition_under_the_name_of_another_prints_neither(home: Path, tmp_path: Path) -> None:
    plain, large = made(home), made(home, replace(CRPS, layout="large-print"))
    folder, target = home / "editions", tmp_path / "again.pdf"
    (folder / f"{large.edition}.json").replace(folder / f"{plain.edition}.json")
    workspace = open_workspace(home, home)
    for edition, why in ((plain.edition, "is of another edition"), (large.edition, "not known")):
        with pytest.raises(HandoutsError, match=why):
            reprint(workspace, edition, target, TODAY)
    assert not target.exists()
    assert made(home).edition == plain.edition
    assert reprint(workspace, plain.edition, target, TODAY).same


def test_drafts_are_not_remembered(home: Path) -> None:
    made(home, Selection("groin-hernia"))
    assert not (home / "editions").exists()


def test_an_edition_that_was_not_remembered_is_with_the_next_build(home: Path) -> None:
    editions = home / "editions"
    editions.write_bytes(b"a file")
    for _ in range(2):
        (note,) = made(home).notes
        assert note.startswith("This edition cannot be printed again by its number: ")
    editions.unlink()
    for _ in range(2):
        again = made(home)
        assert again.notes == ()
        (known,) = editions.iterdir()
        assert known.stem == again.edition
        known.unlink()
    made(home)
    assert made(home).cached


def test_the_status_of_an_unchanged_handout_is_worked_out_anew(home: Path) -> None:
    """Neither the record of a build nor the day on which it was made is believed."""
    result = made(home)
    workspace = open_workspace(home, home)
    path = cache.record_path(workspace, Path(result.path))
    data = json.loads(path.read_bytes())
    data["result"]["status"] = "draft"
    path.write_text(json.dumps(data))
    assert made(home).status is Status.APPROVED
    draft = made(home, Selection("groin-hernia"))
    path = cache.record_path(workspace, Path(draft.path))
    path.write_bytes(path.read_bytes().replace(b'"draft"', b'"approved"'))
    again = made(home, Selection("groin-hernia"))
    assert (again.status, again.cached) == (Status.DRAFT, False)


@pytest.mark.usefixtures("few_conditions", "few_layouts")
def test_the_report_has_a_page_for_each_condition(home: Path) -> None:
    data = render_report(open_workspace(home, home), (), TODAY)
    assert data == render_report(open_workspace(home, home), (), TODAY)
    assert validate(data) == ()
    assert page_count(data) == 4
    text = text_in_tag_order(data)
    once = {f"crps ({lang})": 1 for lang in ("en", "es")}
    wanted = {**once, "PEMAT-P": 4, "IPDASi: certification": 4, "Date:": 4}
    assert {words: text.count(words) for words in wanted} == wanted


def test_the_page_to_sign_is_accessible(home: Path) -> None:
    workspace = open_workspace(home, home)
    brand = load_brand(workspace, "", "en")
    first = approvals.propose(workspace, "groin-hernia", "en", TODAY)
    edit(home)
    changed = approvals.propose(open_workspace(home, home), "crps", "en", TODAY)
    for proposal, said in ((first, "all of them are new"), (changed, ", anew")):
        data = render_sheet(proposal, ANN, brand, "a4")
        assert validate(data) == ()
        text = text_in_tag_order(data)
        for words in (said, "Ann Roe, physician", "stand behind them", "risks"):
            assert words in text


@pytest.mark.parametrize("worse", ["W" * 90, "infection\U0001f600"])
def test_approved_words_that_cannot_be_printed_any_more_are_told_of_their_record(
    home: Path, worse: str
) -> None:
    """An older version may have kept what the rules of today refuse: no file of words is wrong."""
    edition = made(home).edition
    workspace = open_workspace(home, home)
    found = records.latest(workspace, "crps", "en")
    assert found
    text = readable(found.words).replace(b"infection", worse.encode())
    records.keep(workspace, replace(found, words=read(text, FrozenWords)))
    with pytest.raises(HandoutsError) as caught:
        made(home)
    assert {one.source for one in caught.value.findings} == {
        Source("content/approvals/crps.en.0002.json")
    }
    assert "An editor mends them" in str(caught.value)
    printed = recall(workspace, edition)
    remember(workspace, replace(printed, record=2))
    with pytest.raises(HandoutsError, match=r"crps\.en\.0002\.json"):
        reprint(workspace, edition, home / "again.pdf", TODAY)
