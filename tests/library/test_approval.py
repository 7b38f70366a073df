"""Approvals: bound to the words, and to dates."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from handouts.compose import approval, earliest_review, status_window, words_hash
from handouts.compose.generated import approval_words
from handouts.errors import UsageError
from handouts.model import Approval, SectionChoice, Status
from tests.library.conftest import FRONT, SAMPLE, Content
from tests.model.samples import BLOCKS, INLINE, changes, sample, story

UNTIL = date(2027, 6, 30)


def words(content: Content, condition: str = "sprain") -> str:
    return words_hash(content.library(), condition, "en")


def approve(content: Content, until: date = UNTIL) -> None:
    content.write(
        "approvals.toml",
        f'[sprain.en]\nwords = "{words(content)}"\nby = "Ana Ruiz"\nrole = "nurse"\n'
        f"approved_on = 2026-12-01\nuntil = {until}\n",
    )


def status(content: Content, as_of: date) -> Status:
    return content.compose(as_of=as_of).approval.status


def test_a_handout_is_a_draft_until_it_is_approved(content: Content) -> None:
    assert status(content, date(2026, 12, 1)) is Status.DRAFT
    approve(content)
    assert status(content, date(2026, 11, 30)) is Status.DRAFT
    assert status(content, date(2026, 12, 1)) is Status.APPROVED
    assert status(content, UNTIL) is Status.APPROVED
    assert status(content, date(2027, 7, 1)) is Status.OVERDUE
    approval = content.compose().approval
    assert (approval.by, approval.role, approval.until) == ("Ana Ruiz", "nurse", UNTIL)


def test_the_first_review_date_ends_an_approval(content: Content) -> None:
    content.change("sections/words/en.md", "review_due = 2027-11-21", "review_due = 2027-01-31")
    assert earliest_review(content.library(), "sprain") == date(2027, 1, 31)
    approve(content)
    assert status(content, date(2027, 1, 31)) is Status.APPROVED
    assert status(content, date(2027, 2, 1)) is Status.OVERDUE


def test_the_window_in_which_a_status_stays(content: Content) -> None:
    def window(as_of: date) -> tuple[Status, date, date]:
        return status_window(content.library(), "sprain", "en", as_of)

    assert window(date(2026, 12, 1)) == (Status.DRAFT, date.min, date.max)
    approve(content)
    first, last = date(2026, 12, 1), UNTIL
    assert window(date(2026, 11, 1)) == (Status.DRAFT, date.min, date(2026, 11, 30))
    assert window(first) == window(last) == (Status.APPROVED, first, last)
    assert window(date(2028, 1, 1)) == (Status.OVERDUE, date(2027, 7, 1), date.max)
    approve(content, until=date(2026, 11, 1))
    assert window(first) == (Status.OVERDUE, first, date.max)


def test_an_approval_in_words() -> None:
    terms = {"not_approved": "None", "approved_by": "By", "approved_on": "on", "months": "J " * 12}
    day = date(2026, 1, 2)
    whole = Approval(Status.APPROVED, "Ana Ruiz", "", day, day)
    assert approval_words(whole, terms).startswith("By Ana Ruiz · on")
    assert approval_words(replace(whole, until=None), terms) == "None"
    assert approval_words(replace(whole, approved_on=None), terms) == "None"


def test_the_approval_is_printed(content: Content) -> None:
    content.section("about", "::: review-info\n:::")
    approve(content)

    def printed(as_of: date) -> str:
        return repr(content.compose(as_of=as_of).sections[0].body)

    assert "Approved by Ana Ruiz, nurse · on December 1, 2026 · until June 30, 2027" in printed(
        UNTIL
    )
    assert "Words: overdue_notice." in printed(date(2027, 7, 1))
    assert "Not approved by a clinic yet" in printed(date(2026, 11, 1))


Change = Callable[[Content], object]

EDITS: dict[str, Change] = {
    "a word": lambda content: content.change("sections/risks/en.md", "lift", "carry"),
    "a title": lambda content: content.change("sections/risks/en.md", "A title", "Risks"),
    "a role": lambda content: content.change("sections/risks/en.md", '"plain"', '"small"'),
    "a word of the long form": lambda content: content.section("words", "Words"),
    "a word for physicians": lambda content: content.change(
        "sections/ref-facts/en.md", "See", "Read"
    ),
    "a link": lambda content: content.change("sections/about/en.md", "still", "[still](tel:1)"),
    "strong words": lambda content: content.change("sections/about/en.md", "still", "**still**"),
    "a citation": lambda content: content.change("sections/about/en.md", "@fda", "@sprain-2020"),
    "a value": lambda content: content.change("values.toml", "5 pounds", "6 pounds"),
    "a value of the clinic": lambda content: (
        content.write("values.local.toml", '[limit]\ntext.en = "6 pounds"\n') and None
    ),
    "a variable": lambda content: content.change(
        "conditions/sprain/condition.toml", 'area.en = "ankle"', 'area.en = "foot"'
    ),
    "a glossary entry in use": lambda content: content.change(
        "glossary/en.toml", "A stiff part", "A hard part"
    ),
    "a source's citation": lambda content: content.change(
        "evidence.toml", "FDA. Approval P1.", "FDA. Approval P2."
    ),
    "the label": lambda content: content.change(
        "label.toml", 'only_if.en = "the joint is stable"', 'only_if.en = "it is stable"'
    ),
    "a title of the handout": lambda content: content.change(
        "conditions/sprain/condition.toml", "A splint for", "Splint for"
    ),
    "an own section": lambda content: (
        content.write(
            "conditions/sprain/en/risks.md",
            FRONT.format(title="A title", audience="patient") + "Mind your ankle.\n",
        )
        and None
    ),
    "a version": lambda content: content.change("sections/risks/en.md", "1.0", "1.1"),
    "a subtitle": lambda content: content.change(
        "conditions/sprain/condition.toml", "What it may do", "What it can do"
    ),
    "a source's address": lambda content: content.change(
        "evidence.toml", "https://fda.example/p1", "https://fda.example/p2"
    ),
    "what an abbreviation stands for": lambda content: content.change(
        "glossary/en.toml", "Food and Drug Administration", "Food & Drug Administration"
    ),
    "a value in a title": lambda content: content.change("values.local.toml", "2 days", "3 days"),
    "a term in a title": lambda content: content.change("glossary/en.toml", "A scan", "A test"),
    "a word that a generated block prints": lambda content: content.change(
        "interface/en.toml", "Signature", "Sign here"
    ),
    "a part for handouts with another section": lambda content: content.change(
        "sections/ref-facts/en.md", "Long.", "Longer."
    ),
    "a part that a selection decides": lambda content: content.section(
        "risks", "Do not lift more than {{ limit }}.\n\n::: when long\nMore.\n:::\n"
    ),
}

NO_EDITS: dict[str, Change] = {
    "spaces and line ends": lambda content: content.change(
        "sections/about/en.md", "A splint holds your", "A splint\nholds   your"
    ),
    "a comment": lambda content: content.change("values.toml", "[limit]", "# why\n[limit]"),
    "another condition's part": lambda content: content.section(
        "risks", "Do not lift more than {{ limit }}.\n\n::: when burn\nMind the skin.\n:::\n"
    ),
    "a glossary entry that is not used": lambda content: content.change(
        "glossary/en.toml", "uses a magnet", "needs a magnet"
    ),
    "evidence that is not cited": lambda content: content.change(
        "evidence.toml", "Roe R. Sprain 2020.", "Roe R. Sprain, 2020."
    ),
    "another condition": lambda content: content.change(
        "conditions/burn/condition.toml", 'area.en = "foot"', 'area.en = "toe"'
    ),
}


def prepare(content: Content) -> None:
    """Words whose facts stand elsewhere: in a title, a generated block, a part of a selection."""
    content.write("values.local.toml", '[rest]\ntext.en = "2 days"\nwhy = "clinic default"\n')
    content.section("words", "The FDA.\n", title="{{ rest }} before an MRI")
    body = "See the label. [@fda]\n\n::: when has-words\nLong.\n:::\n\n::: only-if-box\n:::\n"
    content.section("ref-facts", body, audience="physician")


@pytest.mark.parametrize("kind", [*BLOCKS, *INLINE])
def test_every_field_of_what_is_printed_is_approved(
    content: Content, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where the words came from, and how wide columns are, changes without asking again."""
    library = content.library()

    def hash_of(node: Any) -> str:
        monkeypatch.setattr(approval, "printable", lambda *_: story(node))
        return words_hash(library, "sprain", "en")

    node = sample(kind)
    same = {name for name, changed in changes(node) if hash_of(changed) == hash_of(node)}
    assert same == {"source", "widths"} & set(kind.__struct_fields__)  # type: ignore[attr-defined]


def test_the_hash_is_the_same_in_every_process() -> None:
    """Sets have another order with another seed; an approval is bound to the words."""
    code = (
        "from pathlib import Path;from handouts.library import load_library;"
        "from handouts.compose import words_hash;from handouts.workspace import Workspace;"
        "print(words_hash(load_library(Workspace(None, Path('x')), 'en'), 'crps', 'en'))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_makes_a_draft_again(content: Content, edit: str) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    prepare(content)
    approve(content)
    before = words(content)
    EDITS[edit](content)
    assert words(content) != before
    assert status(content, date(2026, 12, 1)) is Status.DRAFT


@pytest.mark.parametrize("edit", NO_EDITS)
def test_what_is_no_edit_of_the_words(content: Content, edit: str) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    NO_EDITS[edit](content)
    assert status(content, date(2026, 12, 1)) is Status.APPROVED


def test_selection_and_brand_keep_an_approval(content: Content) -> None:
    approve(content)
    for handout in (content.compose(choice=SectionChoice.ALL), content.compose(brand=SAMPLE)):
        assert handout.approval.status is Status.APPROVED


def test_an_approval_holds_for_one_condition_and_language(content: Content) -> None:
    approve(content)
    assert content.compose("burn").approval.status is Status.DRAFT
    with pytest.raises(UsageError, match="the library is in en, not in es"):
        words_hash(content.library(), "sprain", "es")
    with pytest.raises(UsageError, match="the library is in en, not in es"):
        status_window(content.library(), "sprain", "es", UNTIL)
