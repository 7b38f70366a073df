"""Approvals: records that keep the words, follow each other, and show an edit by hand."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from handouts import approvals, output, scaffold
from handouts.approvals import Signature
from handouts.attach.given_out import objection
from handouts.attach.reading.xmp import PartStatus
from handouts.build import Order, build, usual_target
from handouts.check.agreement import check_agreement
from handouts.compose import standing
from handouts.errors import ContentError, HandoutsError, UsageError, WorkspaceError
from handouts.library import load_library
from handouts.library.frozen import codes_in, same_words
from handouts.library.records import Record, keep, latest, numbers, record, sealed
from handouts.model import SectionChoice, Selection, Status
from handouts.model.serial import VERSION, readable
from handouts.workspace import Workspace, builtin_root, open_workspace
from tests.approving import ANN, TODAY, approve

pytestmark = pytest.mark.usefixtures("printed_once", "few_layouts")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh workspace."""
    scaffold.init(tmp_path / "clinic")
    return tmp_path / "clinic"


def status(home: Path, condition: str = "crps", as_of: date = TODAY) -> Status:
    return standing(open_workspace(home, home), condition, "en", as_of).approval.status


def files(home: Path) -> list[Path]:
    return sorted((home / "content/approvals").iterdir())


def test_an_approval_holds_for_its_condition_until_its_last_day(home: Path) -> None:
    made = approve(home)
    assert status(home) is Status.APPROVED
    assert status(home, as_of=made.until) is Status.APPROVED
    assert status(home, as_of=made.until.replace(year=2099)) is Status.OVERDUE
    assert status(home, "groin-hernia") is Status.DRAFT
    approve(home, "groin-hernia")
    assert status(home) is status(home, "groin-hernia") is Status.APPROVED


def test_approved_handouts_that_disagree_in_advice_are_found(home: Path) -> None:
    for condition in ("crps", "foot"):
        approve(home, condition)
    local = home / "content/values.local.toml"
    local.write_text('[lifting_limit]\ntext.en = "9 pounds"\n')

    def found() -> list[str]:
        library = load_library(open_workspace(home, home), "en")
        return [str(one) for one in check_agreement(library, TODAY)]

    assert not found()
    approve(home, "foot")
    (said,) = found()
    told = "lifting_limit: “5 pounds (2 kg)” for crps; “9 pounds” for foot. Have those with"
    assert "content/values.local.toml:2: approved handouts disagree in " + told in said
    approve(home)
    assert not found()


def test_each_decision_is_a_record_of_its_own(home: Path) -> None:
    approve(home)
    approve(home, signature=replace(ANN, by="Bo Vance"))
    assert [file.name for file in files(home)] == ["crps.en.0001.json", "crps.en.0002.json"]
    workspace = open_workspace(home, home)
    found = latest(workspace, "crps", "en")
    assert found
    assert found.by == "Bo Vance"
    assert record(workspace, "crps", "en", 1).by == "Ann Roe"


def test_taking_back_makes_a_draft_and_keeps_the_record(home: Path) -> None:
    approve(home)
    workspace = open_workspace(home, home)
    approvals.revoke(workspace, "crps", "en", replace(ANN, by="Cy Dole"))
    assert status(home) is Status.DRAFT
    assert len(files(home)) == 2
    with pytest.raises(UsageError, match="is not approved"):
        approvals.revoke(workspace, "crps", "en", ANN)
    approve(home)
    assert status(home) is Status.APPROVED


def test_without_a_workspace_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="handouts init"):
        approvals.propose(Workspace(None, tmp_path), "crps", "en", TODAY)
    assert not (builtin_root("content") / "approvals").exists()


@pytest.mark.parametrize(
    ("until", "message"),
    [
        (date(2026, 11, 20), r"2026-11-20 is in the past\. Leave it out\.$"),
        (
            date(2099, 1, 1),
            r"after the first .* 20\d\d-.*\. Leave it out, or name an earlier day\.$",
        ),
    ],
)
def test_until_lies_between_today_and_the_first_review(
    home: Path, until: date, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        approve(home, signature=replace(ANN, until=until))
    assert approve(home, signature=replace(ANN, until=TODAY)).until == TODAY
    last = approve(home).until
    assert approve(home, signature=replace(ANN, until=last)).until == last


def test_words_whose_review_is_overdue_are_not_approved(home: Path) -> None:
    with pytest.raises(ContentError, match="was due on"):
        approve(home, signature=replace(ANN, on=date(2099, 1, 1)))


def test_nobody_approves_words_before_they_were_written(home: Path) -> None:
    with pytest.raises(ContentError, match=r"after today \(2020-01-01\)"):
        approve(home, signature=replace(ANN, on=date(2020, 1, 1)))


def test_content_with_mistakes_is_not_approved(home: Path) -> None:
    (home / "content/values.toml").write_bytes(b"")
    with pytest.raises(ContentError, match="unknown value"):
        approve(home)
    assert not (home / "content/approvals").exists()


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "bell\x07"])
def test_a_name_is_one_printable_line(home: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"^--by (must|holds)"):
        approve(home, signature=replace(ANN, by=name))
    with pytest.raises(UsageError, match=r"^--role (must|holds)"):
        approve(home, signature=replace(ANN, role=name))


def test_name_role_and_licence_are_kept(home: Path) -> None:
    made = approve(home, signature=Signature("Ann \n Roe", "Dr.", TODAY, licence="A 12-3"))
    assert (made.by, made.role, made.licence) == ("Ann Roe", "physician", "A 12-3")
    assert approve(home, signature=replace(ANN, role="b" * 100)).role == "b" * 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_a_record_of_any_letters_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    (tmp_path / "handouts.toml").touch()
    workspace = Workspace(tmp_path, tmp_path)
    made = Record("crps", "en", name, 'the "old" \\ role', TODAY, TODAY)
    path = keep(workspace, made)
    found = latest(workspace, "crps", "en")
    assert found
    assert replace(found, version=0, seal="", number=0) == made
    assert len(numbers(workspace, "crps", "en")) == int(path.name.split(".")[2])


def test_words_that_an_older_version_kept_are_composed_when_read(home: Path) -> None:
    approve(home)
    found = latest(open_workspace(home, home), "crps", "en")
    assert found
    assert found.words
    older = replace(found.words, interface={**found.words.interface, "page": "Cafe\u0301"})
    keep(open_workspace(home, home), replace(found, words=older))
    again = latest(open_workspace(home, home), "crps", "en")
    assert again
    assert again.words
    assert again.words == replace(older, interface={**older.interface, "page": "Caf\u00e9"})


# --- Edits by hand ------------------------------------------------------------------------

Edit = Callable[[Path], object]


def _text(old: str, new: str) -> Edit:
    def edit(file: Path) -> None:
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


EDITS: dict[str, Edit] = {
    "a longer time": _text('"until": "2027-', '"until": "2029-'),
    "another name": _text("Ann Roe", "Ann Row"),
    "a word": _text("infection", "inflection"),
    "no seal": _text('"seal"', '"deal"'),
    "a version": _text('"version": 1', '"version": 0'),
    "nothing in it": lambda file: file.write_bytes(b""),
    "no record": lambda file: file.write_bytes(b"[1, 2]"),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:5000]),
    "deep": lambda file: file.write_bytes(b"[" * 100_000),
    "that of another": lambda file: file.write_bytes(
        file.with_name("groin-hernia.en.0001.json").read_bytes()
    ),
    "another number": _text('"number": 1', '"number": 2'),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_record_that_was_changed_approves_nothing(home: Path, edit: str) -> None:
    approve(home)
    approve(home, "groin-hernia")
    EDITS[edit](files(home)[0])
    with pytest.raises(WorkspaceError, match=r"content/approvals/crps\.en\.0001\.json"):
        status(home)
    assert status(home, "groin-hernia") is Status.APPROVED


@pytest.mark.parametrize(
    ("condition", "lang"), [("groin-hernia", "en"), ("crps", "es"), ("groin-hernia", "es")]
)
def test_a_record_under_the_name_of_another_handout_approves_no_layout_of_it(
    home: Path, condition: str, lang: str
) -> None:
    approve(home)
    files(home)[0].rename(home / f"content/approvals/{condition}.{lang}.0001.json")
    workspace = open_workspace(home, home)
    for layout in ("standard", "large-print", "referral"):
        selection = Selection(condition, layout, lang)
        with pytest.raises(WorkspaceError, match=r"is a copy of crps\.en\.0001\.json"):
            build(workspace, Order(selection, usual_target(workspace, selection), TODAY))
    assert not (home / "output").exists() or not [*(home / "output").glob("*.pdf")]
    assert status(home) is Status.DRAFT


@pytest.mark.parametrize("number", ["0002", "0003", "9999"])
def test_no_copy_brings_a_revoked_approval_back(home: Path, number: str) -> None:
    approve(home)
    first = files(home)[0].read_bytes()
    approvals.revoke(open_workspace(home, home), "crps", "en", ANN)
    (home / f"content/approvals/crps.en.{number}.json").write_bytes(first)
    with pytest.raises(WorkspaceError, match=r"is a copy of crps\.en\.0001\.json"):
        status(home)
    approve(home) if number != "9999" else None
    if number != "9999":
        assert status(home) is Status.APPROVED


@pytest.mark.parametrize("name", ["crps.en.00001.json", "crps.en.٠٠٠١.json"])
def test_a_number_in_another_form_names_no_record(home: Path, name: str) -> None:
    approve(home)
    files(home)[0].rename(home / "content/approvals" / name)
    with pytest.raises(WorkspaceError, match="under another name"):
        status(home)


CONFLICTS = (
    "crps.en.0002 (Bo's conflicted copy 2026-11-22).json",
    "crps.en.0002-DESKTOP-AB1.json",
    "crps.en.0002.sync-conflict-20261122-101010-ABCDEFG.json",
    "crps.en.0002.json.conflict1",
)


@pytest.mark.parametrize("conflict", CONFLICTS)
@pytest.mark.parametrize("set_aside", ["approval", "revocation"])
def test_of_two_decisions_at_once_none_holds_until_somebody_decides_anew(
    home: Path, conflict: str, set_aside: str
) -> None:
    """A sync program keeps one of them under another name."""
    approve(home)
    workspace, second = open_workspace(home, home), home / "content/approvals/crps.en.0002.json"
    approvals.revoke(workspace, "crps", "en", replace(ANN, by="Bo Lee"))
    taken_back = second.read_bytes()
    second.unlink()
    approve(home)
    made = latest(workspace, "crps", "en")
    assert made
    approved = second.read_bytes()
    second.write_bytes(approved if set_aside == "revocation" else taken_back)
    aside = second.with_name(conflict)
    aside.write_bytes(taken_back if set_aside == "revocation" else approved)
    said = "taken back by Bo Lee" if set_aside == "revocation" else "approved by Ann Roe"
    with pytest.raises(WorkspaceError, match=rf"{said}.* Do not delete or rename it.*--revoke"):
        status(home)
    assert status(home, "groin-hernia") is Status.DRAFT
    # What was printed from either is asked for.
    part = PartStatus("ab", "approved", date.max, made.reference)
    with pytest.raises(WorkspaceError, match="under another name"):
        objection(part, TODAY, workspace)
    again = approve(home)
    assert (again.aside, status(home)) == (
        (json.loads(aside.read_bytes())["seal"],),
        Status.APPROVED,
    )
    assert "is older than" in objection(part, TODAY, workspace)
    approvals.revoke(workspace, "crps", "en", ANN)
    assert status(home) is Status.DRAFT
    assert "no longer approves" in objection(part, TODAY, workspace)


def test_a_decision_that_was_set_aside_is_taken_back_with_the_other(home: Path) -> None:
    approve(home)
    (first,) = files(home)
    first.rename(first.with_name("crps.en.0001 (1).json"))
    approvals.revoke(open_workspace(home, home), "crps", "en", ANN)
    assert (status(home), files(home)[1].name) == (Status.DRAFT, "crps.en.0002.json")


def test_a_second_file_of_the_same_decision_is_no_other(home: Path) -> None:
    approve(home)
    (first,) = files(home)
    first.with_name("crps.en.0001 - Copy.json").write_bytes(first.read_bytes())
    first.with_name(".crps.en.0002.json.0123456789abcdef.tmp").write_bytes(first.read_bytes())
    first.with_name("README.txt").write_text("Ours.")
    assert status(home) is Status.APPROVED


def test_a_record_without_a_number_is_no_copy_of_another(home: Path) -> None:
    made = sealed(Record("crps", "en", "Ann Roe", "physician", TODAY, TODAY))
    (home / "content/approvals").mkdir()
    (home / "content/approvals/crps.en.0001.json").write_bytes(readable(made))
    with pytest.raises(WorkspaceError, match=r"0001\.json: .* does not say its number, so it"):
        status(home)


def test_a_damaged_record_is_healed_by_approving_anew(home: Path) -> None:
    approve(home)
    files(home)[0].write_bytes(b"{")
    with pytest.raises(WorkspaceError, match="let a clinician approve anew"):
        status(home)
    approve(home)
    assert status(home) is Status.APPROVED


def test_what_was_decided_meanwhile_is_no_surprise(home: Path) -> None:
    approve(home)
    workspace = open_workspace(home, home)
    proposal = approvals.propose(workspace, "crps", "en", TODAY)
    approvals.revoke(workspace, "crps", "en", ANN)
    with pytest.raises(UsageError, match="just now"):
        approvals.approve(workspace, proposal, ANN)
    assert status(home) is Status.DRAFT


def test_what_was_taken_back_at_the_last_moment_stays_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last look at the records, when the new one is about to get its name."""
    approve(home)
    workspace = open_workspace(home, home)
    proposal = approvals.propose(workspace, "crps", "en", TODAY)
    real = output.create

    def create(target: Path, data: bytes) -> None:
        monkeypatch.undo()
        approvals.revoke(workspace, "crps", "en", ANN)
        real(target, data)

    monkeypatch.setattr(output, "create", create)
    with pytest.raises(UsageError, match="just now"):
        approvals.approve(workspace, proposal, ANN)
    assert status(home) is Status.DRAFT


def test_a_record_of_a_later_version_is_right_and_not_believed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another computer of the clinic may have it: nobody shall delete the file for that."""
    approve(home)
    with monkeypatch.context() as later:
        later.setattr("handouts.library.records.VERSION", VERSION + 1)
        approve(home)
    with pytest.raises(WorkspaceError, match=r"by a later version of handouts.*Update") as problem:
        status(home)
    assert "crps.en.0002.json" in str(problem.value)
    assert "delete" not in str(problem.value)


def test_spaces_and_the_order_of_keys_are_no_change(home: Path) -> None:
    approve(home)
    (file,) = files(home)
    data = json.loads(file.read_bytes())
    file.write_text(json.dumps(dict(reversed(data.items()))), encoding="utf-8")
    assert status(home) is Status.APPROVED


def test_a_wrong_choice_of_approved_words_is_told_as_one(home: Path) -> None:
    """Before it is told that this version may be unable to print them."""
    approve(home)
    workspace = open_workspace(home, home)
    chosen = Selection("crps", choice=SectionChoice.NAMED, sections=("ref-harms",))
    order = Order(chosen, usual_target(workspace, chosen), TODAY)
    with pytest.raises(HandoutsError) as caught:
        build(workspace, order)
    (found,) = (one for one in caught.value.findings if "another reader" in one.message)
    own, _, last = found.remedy.partition("If nothing else was chosen or changed")
    assert "patient" in own
    assert "this version cannot print these approved words" in last


def test_another_language_is_no_news_for_the_words_of_the_others(home: Path) -> None:
    """Nor is a record of before, when it kept the notes of codes in every language."""
    shipped = (builtin_root("content") / "icd10.toml").read_text("utf-8")
    record = approve(home)
    assert record.words
    assert {tuple(one.note) for one in record.words.codes.excludes} == {("en",)}
    more = shipped.replace("note.en", 'note.fr = "Une note"\nnote.en')
    (home / "content/icd10.toml").write_text(more, "utf-8")
    workspace = open_workspace(home, home)
    assert standing(workspace, "crps", "en", TODAY).notes == ()
    before = replace(record.words, codes=load_library(workspace, "en").codes)
    now = replace(record.words, codes=codes_in(before.codes, "en"))
    assert same_words(before, now)
    changed = shipped.replace("are not coded together", "are never coded together")
    (home / "content/icd10.toml").write_text(changed, "utf-8")
    (note,) = standing(open_workspace(home, home), "crps", "en", TODAY).notes
    assert "newer ones wait" in note


# --- Several at once ----------------------------------------------------------------------


def _approve_some(home: str, name: str) -> None:
    workspace = open_workspace(Path(home), Path(home))
    for number in range(5):
        keep(workspace, Record("crps", "en", f"{name} {number}", "nurse", TODAY, TODAY))


def test_several_at_once_lose_nothing(home: Path) -> None:
    context = multiprocessing.get_context("fork")
    names = ("Ann", "Bo", "Cy", "Di")
    workers = [context.Process(target=_approve_some, args=(str(home), name)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    workspace = open_workspace(home, home)
    known = numbers(workspace, "crps", "en")
    kept = {record(workspace, "crps", "en", number).by for number in known}
    assert kept == {f"{name} {number}" for name in names for number in range(5)}


def test_a_drive_without_hard_links_loses_nothing_either(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr("os.link", no_links)
    workspace = open_workspace(home, home)
    made = Record("crps", "en", "Ann", "nurse", TODAY, TODAY)
    assert [keep(workspace, made).name[-9:-5] for _ in range(3)] == ["0001", "0002", "0003"]


def test_a_folder_that_cannot_be_written_is_named(home: Path) -> None:
    (home / "content").mkdir(exist_ok=True)
    (home / "content/approvals").write_bytes(b"a file")
    with pytest.raises(HandoutsError, match="content/approvals"):
        approve(home)


def test_every_pdf_of_the_output_folder_that_is_approved_is_known(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that nobody may read: it may be one."""
    workspace = open_workspace(home, home)
    by = b"<handouts:approval>crps.en.0001</handouts:approval>"

    def read(path: Path) -> bytes:
        if path.name == "locked.pdf":
            raise PermissionError
        return path.read_bytes()

    monkeypatch.setattr(approvals, "read", read)
    for name in ("a.pdf", "B.PDF", "desk/c.pdf", "locked.pdf", "note.txt"):
        path = workspace.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(by)
    (workspace.output / "other.pdf").write_bytes(by.replace(b"crps", b"hip"))
    found, closed = approvals.printed(workspace, "crps", "en")
    assert {path.name for path in found} == {"a.pdf", "B.PDF", "c.pdf"}
    assert [path.name for path in closed] == ["locked.pdf"]
