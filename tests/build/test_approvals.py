"""Approvals are bound to the words, per language, and leave the rest of their file alone."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import approvals, scaffold
from handouts.approvals import Signature
from handouts.compose import approval_on
from handouts.errors import ContentError, HandoutsError, UsageError, WorkspaceError
from handouts.library import Library, load_library
from handouts.library.schema import ApprovalEntry
from handouts.model import Status
from handouts.workspace import Workspace, builtin_root, open_workspace

TODAY = date(2026, 11, 21)
ANN = Signature("Ann Roe", "physician", TODAY)
ENTRY = ApprovalEntry("sha256:ab", "Ann Roe", "physician", TODAY, date(2027, 1, 1))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh workspace."""
    scaffold.init(tmp_path / "clinic")
    return tmp_path / "clinic"


def library(home: Path) -> Library:
    return load_library(open_workspace(home, home), "en")


def test_an_approval_holds_until_the_first_review(home: Path) -> None:
    entry = approvals.approve(library(home), "crps", ANN)
    assert approval_on(library(home), "crps", TODAY).status is Status.APPROVED
    assert approval_on(library(home), "crps", entry.until).status is Status.APPROVED
    assert approval_on(library(home), "groin-hernia", TODAY).status is Status.DRAFT
    approvals.approve(library(home), "groin-hernia", ANN)
    for condition in ("crps", "groin-hernia"):
        assert approval_on(library(home), condition, TODAY).status is Status.APPROVED


def test_an_edit_makes_it_a_draft_again(home: Path) -> None:
    approvals.approve(library(home), "crps", ANN)
    edited = home / "content/sections/risks/en.md"
    edited.parent.mkdir(parents=True)
    edited.write_bytes(
        (builtin_root("content") / "sections/risks/en.md").read_bytes() + b"\nAsk us again.\n"
    )
    assert approval_on(library(home), "crps", TODAY).status is Status.DRAFT
    approvals.approve(library(home), "crps", ANN)
    assert approval_on(library(home), "crps", TODAY).status is Status.APPROVED


def test_without_a_workspace_nothing_is_written(tmp_path: Path) -> None:
    builtin = load_library(Workspace(None, tmp_path), "en")
    with pytest.raises(WorkspaceError, match="handouts init"):
        approvals.approve(builtin, "crps", ANN)
    assert not (builtin_root("content") / "approvals.toml").exists()


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
        approvals.approve(library(home), "crps", Signature("A", "b", TODAY, until))
    kept = approvals.approve(library(home), "crps", Signature("A", "b", TODAY, TODAY))
    assert kept.until == TODAY
    last = approvals.approve(library(home), "crps", ANN).until
    kept = approvals.approve(library(home), "crps", Signature("A", "b", TODAY, last))
    assert kept.until == last


def test_words_whose_review_is_overdue_are_not_approved(home: Path) -> None:
    with pytest.raises(ContentError, match="was due on"):
        approvals.approve(library(home), "crps", Signature("A", "b", date(2099, 1, 1)))


def test_content_with_mistakes_is_not_approved(home: Path) -> None:
    broken = home / "content/values.toml"
    broken.write_bytes(b"")
    with pytest.raises(ContentError, match="unknown value"):
        approvals.approve(library(home), "crps", ANN)
    assert not (home / "content/approvals.toml").exists()


@pytest.mark.parametrize("name", ["", "  ", "a" * 101, "bell\x07"])
def test_a_name_is_one_printable_line(home: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"^--by must"):
        approvals.approve(library(home), "crps", Signature(name, "physician", TODAY))
    with pytest.raises(UsageError, match=r"^--role must"):
        approvals.approve(library(home), "crps", Signature("Ann Roe", name, TODAY))


def test_a_name_is_kept_with_single_spaces_up_to_its_longest(home: Path) -> None:
    entry = approvals.approve(library(home), "crps", Signature("Ann \n Roe", "b" * 100, TODAY))
    assert (entry.by, entry.role) == ("Ann Roe", "b" * 100)


@given(name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_a_name_of_any_letters_comes_back_as_it_was(name: str) -> None:
    entry = ApprovalEntry("sha256:ab", name, 'the "old" \\ role', TODAY, TODAY)
    read = tomllib.loads(approvals.with_entry("", "crps", "en", entry))["crps"]["en"]
    assert (read["by"], read["role"]) == (name, 'the "old" \\ role')


OTHERS = """\
# Our approvals.

[groin-hernia.en] # seen with Bo
words = "sha256:cd"
by = "Bo"
role = "surgeon"
approved_on = 2026-01-01
until = 2027-01-01

# A note on the next one.
[crps.en]
words = "sha256:old"
by = "Cy"
role = "nurse"
approved_on = 2026-01-01
until = 2026-02-01
# A note after it.

[crps.es]
words = "sha256:ef"
by = "Di"
role = "physician"
approved_on = 2026-01-01
until = 2027-01-01
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_other_entries_and_comments_stay(newline: str) -> None:
    text = OTHERS.replace("\n", newline)
    changed = approvals.with_entry(text, "crps", "en", ENTRY)
    before, after = tomllib.loads(text), tomllib.loads(changed)
    assert after["crps"]["en"]["words"] == "sha256:ab"
    assert after["crps"]["es"] == before["crps"]["es"]
    assert after["groin-hernia"] == before["groin-hernia"]
    assert "sha256:old" not in changed
    for kept in ("# Our approvals.", "# seen with Bo", "# A note on the next one.", "# A note aft"):
        assert kept in changed


def test_a_new_entry_is_added_at_the_end() -> None:
    changed = approvals.with_entry(OTHERS, "knee-replacement", "en", ENTRY)
    assert changed.startswith(f"{OTHERS.rstrip()}\n\n[knee-replacement.en]\nwords = ")
    assert tomllib.loads(changed)["knee-replacement"]["en"]["by"] == "Ann Roe"


@pytest.mark.parametrize(
    "text",
    [
        'crps = { en = { words = "x" } }\n',
        'crps.en.words = "x"\n',
        'note = """\n[crps.en]\nwords = "x"\n"""\n',
    ],
)
def test_a_file_that_would_be_damaged_is_refused(text: str) -> None:
    message = r"content/approvals\.toml: .*placed safely\. Write each entry .*: \[crps\.en\]$"
    with pytest.raises(HandoutsError, match=message):
        approvals.with_entry(text, "crps", "en", ENTRY)
