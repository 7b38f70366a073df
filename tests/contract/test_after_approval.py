"""Once words are approved: whatever is done to the files, these are printed, or nothing is."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts import cache
from handouts.build import Order, build
from handouts.errors import HandoutsError
from handouts.library.content_files import interface_words
from handouts.model import BuildResult, SectionChoice, Selection, Status
from tests.approving import TODAY
from tests.contract.conftest import Clinic
from tests.contract.test_bypasses import ADDED, MORE, SIX, Bypass
from tests.pdf.dump import text_in_tag_order

pytestmark = pytest.mark.usefixtures("printed_once", "few_layouts")

WANTED = Selection("crps", brand="clinic")
RECORD = "content/approvals/crps.en.0001.json"
VALUES = "content/values.toml"
GLOSSARY = "content/glossary/en.toml"
EVIDENCE = "content/evidence.toml"
OUTLINE = "content/outline.toml"
CONDITION = "content/conditions/crps/condition.toml"
RISKS = "content/sections/risks/en.md"


def made(clinic: Clinic, selection: Selection = WANTED, as_of: date = TODAY) -> BuildResult:
    target = clinic.root / "output" / "out.pdf"
    order = Order(selection, target, as_of, force=True, require_approved=True)
    return build(clinic.workspace, order)


def words(result: BuildResult) -> str:
    return text_in_tag_order(Path(result.path).read_bytes()).replace(result.edition, "EDITION")


@pytest.fixture(scope="module")
def words_before(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is printed of the approved words before anything is done to the files."""
    clinic = Clinic(tmp_path_factory.mktemp("before") / "clinic")
    clinic.approve()
    return words(made(clinic))


@pytest.fixture
def approved(clinic: Clinic) -> Clinic:
    clinic.approve()
    return clinic


def record(old: str, new: str) -> Callable[[Clinic], None]:
    """Change the record of the approval by hand."""

    def edit(clinic: Clinic) -> None:
        file = clinic.root / RECORD
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def written(clinic: Clinic, name: str, data: bytes) -> None:
    """Put bytes into a file."""
    clinic.write(name, "")
    (clinic.root / name).write_bytes(data)


def of_another_condition(clinic: Clinic) -> None:
    clinic.approve("groin-hernia")
    other = clinic.root / "content/approvals/groin-hernia.en.0001.json"
    (clinic.root / RECORD).write_bytes(other.read_bytes())


def resealed_words(clinic: Clinic) -> None:
    """Other words under the old seal."""
    file = clinic.root / RECORD
    data = json.loads(file.read_bytes())
    data["words"]["sections"].pop("risks")
    file.write_text(json.dumps(data))


#: Edits of the words and of their records, beside those that test_bypasses has.
EDITS = (
    Bypass("no risks", lambda clinic: clinic.edit(OUTLINE, '  "risks",\n', ""), ""),
    Bypass("another limit", lambda clinic: clinic.edit(VALUES, "5 pounds", "50 pounds"), ""),
    Bypass("no limit", lambda clinic: clinic.edit(VALUES, "[lifting_limit]", "[lftng_limit]"), ""),
    Bypass("another term", lambda clinic: clinic.edit(GLOSSARY, "wire", "wand"), ""),
    Bypass("other people", lambda clinic: clinic.edit(EVIDENCE, "2017", "2027"), ""),
    Bypass("another title", lambda clinic: clinic.edit(CONDITION, "DRG stimulation", "A cure"), ""),
    Bypass("a broken file", lambda clinic: clinic.write(VALUES, "[["), ""),
    Bypass("no such section", lambda clinic: clinic.write(RISKS, ""), ""),
    Bypass("not UTF-8", lambda clinic: written(clinic, RISKS, b"\xff\xfe"), ""),
    Bypass("a longer time", record('"until": "2027', '"until": "2037'), ""),
    Bypass("fewer risks, kept", record("infection", "affection"), ""),
    Bypass("a section less, kept", resealed_words, ""),
    Bypass("another condition's record", of_another_condition, ""),
    Bypass("an empty record", lambda clinic: written(clinic, RECORD, b""), ""),
    Bypass("no record", lambda clinic: (clinic.root / RECORD).unlink(), ""),
)


@pytest.mark.parametrize("bypass", [*SIX, *MORE, *ADDED, *EDITS], ids=lambda bypass: bypass.name)
def test_the_approved_words_are_printed_or_nothing_is(
    approved: Clinic, bypass: Bypass, words_before: str
) -> None:
    bypass.edit(approved)
    try:
        after = made(approved)
    except HandoutsError:
        return
    assert after.status is Status.APPROVED
    assert words(after) == words_before


OPTIONS = (
    replace(WANTED, without=("risks",)),
    replace(WANTED, choice=SectionChoice.NAMED, sections=("risks", "risks")),
    replace(WANTED, choice=SectionChoice.NAMED, sections=("main-message", "../../risks")),
    replace(WANTED, proposed=True),
    replace(WANTED, lang="es"),
)


@pytest.mark.parametrize("selection", OPTIONS, ids=repr)
def test_no_option_leaves_out_what_protects(approved: Clinic, selection: Selection) -> None:
    with pytest.raises(HandoutsError):
        made(approved, selection)


def test_a_short_sheet_says_so_and_keeps_what_protects(approved: Clinic) -> None:
    short = replace(WANTED, choice=SectionChoice.NAMED, sections=("main-message",))
    text = words(made(approved, short))
    assert interface_words(approved.workspace, "en")["partial_notice"] in text
    assert all(title in text for title in ("Warning signs", "Call 911", "Who to call"))


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2026, 11, 20), date(2030, 1, 1), date.max])
def test_no_other_day_is_one_of_the_approval(approved: Clinic, day: date) -> None:
    with pytest.raises(HandoutsError, match=r"has not been approved|past its review date"):
        made(approved, as_of=day)


def test_no_record_of_a_build_is_believed(approved: Clinic) -> None:
    result = made(approved)
    kept = cache.record_path(approved.workspace, Path(result.path))
    order = Order(WANTED, Path(result.path), date(2030, 1, 1), require_approved=True)
    kept.write_text(kept.read_text().replace("2027-", "2037-"))
    with pytest.raises(HandoutsError, match="past its review date"):
        build(approved.workspace, order)


def test_an_edit_during_the_build_changes_no_word(approved: Clinic, words_before: str) -> None:
    """A file that changes between two stages: the words were read once, and are those approved."""

    def edit(stage: str) -> None:
        if stage in ("content", "layout", "pdf"):
            approved.write(RISKS, f"edited at {stage}")

    order = Order(WANTED, approved.root / "output" / "out.pdf", TODAY, force=True)
    assert words(build(approved.workspace, order, edit)) == words_before


def test_an_approval_during_a_build_belongs_to_the_next(approved: Clinic) -> None:
    approved.edit(RISKS, "Problems are very common", "Problems are common")
    worker = threading.Thread(target=approved.approve)
    worker.start()
    first = made(approved)
    worker.join()
    assert "very common" in words(made(approved))
    assert first.status is Status.APPROVED
