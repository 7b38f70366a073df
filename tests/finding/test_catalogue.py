"""The catalogue says how each condition stands, and search words change nothing that is printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from handouts import approvals, cache, scaffold
from handouts.build import Order, build, usual_target
from handouts.check.everything import notes
from handouts.compose import standing
from handouts.finding.catalogue import Catalogue, read_catalogue
from handouts.finding.search import search
from handouts.library.load import load_library
from handouts.library.search_words import (
    read_search_words,
    search_mistakes,
    without_patients_words,
)
from handouts.model import Selection
from handouts.workspace import Workspace, open_workspace
from tests.approving import ANN, approve
from tests.finding.conftest import TODAY


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace in which two conditions were approved, and one of the two taken back."""
    scaffold.init(tmp_path / "clinic")
    for condition in ("crps", "foot"):
        approve(tmp_path / "clinic", condition)
    approvals.revoke(opened(tmp_path / "clinic"), "foot", "en", ANN)
    return tmp_path / "clinic"


def opened(home: Path) -> Workspace:
    return open_workspace(home, home)


def read(home: Path, day: date = TODAY) -> Catalogue:
    return read_catalogue(opened(home), day)


def states(catalogue: Catalogue) -> dict[str, str]:
    return {row.condition: row.state for row in catalogue.rows if row.lang == "en"}


def test_how_each_condition_stands(home: Path) -> None:
    known = read(home)
    assert len(known.rows) == 2 * len(known.conditions)
    crps = known.row("crps", "en")
    assert crps
    assert (crps.state, crps.by, crps.since, crps.on_label) == ("approved", "Ann Roe", TODAY, True)
    assert crps.until
    assert states(known) == dict.fromkeys(known.conditions, "draft") | {
        "crps": "approved",
        "foot": "withdrawn",
    }
    spanish = known.row("crps", "es")
    assert spanish
    assert (spanish.state, spanish.body_part) == ("draft", "Pierna o pie")
    assert "Rodilla" in known.body_parts("es")
    assert known.languages == {"en": "English", "es": "Español"}
    assert {one.name: one.for_physician for one in known.layouts}["referral"]
    assert states(read(home, crps.until + timedelta(1)))["crps"] == "overdue"
    assert hash(known.rows)


def edit(home: Path, name: str, text: str) -> None:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_safety_change_withdraws_and_newer_words_wait(home: Path) -> None:
    source = opened(home).files["content/conditions/crps/condition.toml"].path.read_text("utf-8")
    edit(home, "content/conditions/crps/condition.toml", source.replace("for CRPS", "for CRPS,"))
    row = read(home).row("crps", "en")
    assert row
    assert (row.state, row.newer, "wait" in row.why) == ("approved", True, True)
    assert row.title == "DRG stimulation for CRPS of the leg or foot"
    edit(home, "content/conditions/crps/condition.toml", f'safety = "lead"\n{source}')
    row = read(home).row("crps", "en")
    assert row
    assert (row.state, row.newer, "withdrawn" in row.why) == ("withdrawn", False, True)


def test_a_code_leads_to_approved_words_only_if_they_were_approved_for_it(home: Path) -> None:
    source = opened(home).files["content/conditions/crps/condition.toml"].path.read_text("utf-8")
    new = source.replace('"G57.70",', "").replace("icd10 = [\n", 'icd10 = [\n  "M25.569",\n')
    edit(home, "content/conditions/crps/condition.toml", new)
    known = read(home)
    assert [hit.condition for hit in search(known, "G57.70", "en").hits] == ["crps"]
    assert not search(known, "G57.70", "es").hits, "no Spanish words are approved"
    assert "crps" not in [hit.condition for hit in search(known, "M25.569", "en").hits]


def break_condition(home: Path) -> None:
    edit(home, "content/conditions/knee-replacement/condition.toml", "x = = 1")


def break_record(home: Path) -> None:
    edit(home, "content/approvals/knee-replacement.en.0001.json", "{")


def break_language(home: Path) -> None:
    edit(home, "content/interface/en.toml", "x = = 1")


def break_layout(home: Path) -> None:
    edit(home, "layouts/referral/layout.toml", "x = = 1")


def break_search(home: Path) -> None:
    edit(home, "content/search/en.toml", "x = = 1")


@pytest.mark.parametrize(
    "broken", [break_condition, break_record, break_language, break_layout, break_search]
)
def test_a_mistake_in_one_file_hides_nothing_else(
    home: Path, broken: Callable[[Path], None]
) -> None:
    before = read(home)
    broken(home)
    after = read(home)
    assert after.conditions == before.conditions
    assert states(after)["crps"] == "approved"
    assert len(after.layouts) == len(before.layouts) - (broken is break_layout)
    assert [hit.condition for hit in search(after, "crps leg", "en").hits] == ["crps"]
    if broken in (break_condition, break_record):
        row = after.row("knee-replacement", "en")
        assert row
        assert row.state == "broken"
        assert "knee-replacement" in row.why
    if broken is break_record:
        assert states(after)["pelvic"] == "draft"


# --- Search words ----------------------------------------------------------------------------

OWN = """\
[says]
crps = ["it feels like ants"]
[layouts]
large-print = ["huge"]
"""


def test_a_clinics_own_search_words_stand_in_the_place_of_ours_one_by_one(home: Path) -> None:
    edit(home, "content/search/en.toml", OWN)
    known = read(home)
    found = search(known, "ants huge", "en")
    assert [hit.condition for hit in found.hits] == ["crps"]
    assert found.wanted.layout == "large-print"
    row = known.row("crps", "en")
    assert row
    assert row.says == ("it feels like ants",)
    assert "RSD" in row.also
    other = known.row("pelvic", "en")
    assert other
    assert "my bladder hurts" in other.says


def test_search_words_are_no_part_of_an_approval_nor_of_an_edition(home: Path) -> None:
    workspace = opened(home)
    order = Order(Selection("crps"), usual_target(workspace, Selection("crps")), TODAY)
    before, files = build(workspace, order), cache.fingerprint(workspace)
    edit(home, "content/search/en.toml", OWN)
    after = build(opened(home), order)
    assert (after.sha256, after.edition, after.cached) == (before.sha256, before.edition, True)
    assert cache.fingerprint(opened(home)) == files
    found = standing(opened(home), "crps", "en", TODAY)
    assert (found.approval.status.value, found.notes) == ("approved", ())
    decided = found.decided.holds
    assert decided
    assert decided.words
    assert approvals.propose(opened(home), "crps", "en", TODAY).files == decided.files


def test_check_names_what_is_unknown_and_what_is_missing(home: Path) -> None:
    edit(home, "content/search/en.toml", '[says]\ncrpss = ["x"]\ncrps = []\nfoot = ["…"]\n')
    library = load_library(opened(home), "en")
    unknown, empty = sorted(search_mistakes(library), key=lambda one: one.message, reverse=True)
    assert "crpss" in unknown.message
    assert "crps" in (unknown.remedy or "")
    assert (unknown.source and unknown.source.line) == 2
    assert "foot has a phrase" in empty.message
    missing, _ = notes(library, (), TODAY)
    assert missing.message.startswith("crps has no words of patients")
    edit(home, "content/search/en.toml", "nonsense = 1\n")
    (unread,) = search_mistakes(load_library(opened(home), "en"))
    assert "nonsense" in unread.message


@pytest.mark.parametrize("lang", ["en", "es"])
def test_each_condition_that_ships_has_words_of_patients(lang: str) -> None:
    library = load_library(Workspace(None, Path("output")), lang)
    assert not list(without_patients_words(library))
    words, _ = read_search_words(library.workspace, lang)
    assert words.also.keys() <= words.says.keys() == library.conditions.keys()
    assert words.languages.keys() == set(library.workspace.languages)
    assert words.layouts.keys() <= set(library.workspace.names("layouts"))
