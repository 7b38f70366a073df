"""Approvals: they keep the words, which are printed until their review date."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts.compose import compose, earliest_review, standing, words_of
from handouts.compose.approval import Standing
from handouts.compose.generated import approval_words
from handouts.compose.marks import marks_of
from handouts.compose.wording import changes, parts
from handouts.errors import ContentError, UsageError
from handouts.library import load_library
from handouts.library.frozen import FrozenWords, frozen_library
from handouts.library.records import Record, keep, sealed, set_aside
from handouts.model import Approval, LayoutFacts, LayoutKind, SectionChoice, Selection, Status
from handouts.model.serial import Extent, canonical, read, readable
from handouts.workspace import Workspace
from tests.library.conftest import CLINIC, FRONT, SAMPLE, Content

FIRST = date(2026, 12, 1)
UNTIL = date(2027, 6, 30)
TABLE = "::: table Rules\n| Task | May | Must not |\n|---|---|---|\n| Lift | {} | {} |\n:::\n"


def words(content: Content, condition: str = "sprain") -> FrozenWords:
    return words_of(content.library(), condition)


def approve(content: Content, until: date = UNTIL) -> None:
    kept = words(content)
    kept = replace(kept, marks=marks_of(content.library(), kept))
    keep(content.workspace, Record("sprain", "en", "Ana Ruiz", "nurse", FIRST, until, words=kept))


def stand(content: Content, as_of: date = FIRST, proposed: bool = False) -> Standing:
    return standing(content.workspace, "sprain", "en", as_of, proposed)


def printed(content: Content, as_of: date = FIRST, proposed: bool = False) -> str:
    """All that a long handout says, as text."""
    found = stand(content, as_of, proposed)
    selection = Selection("sprain", choice=SectionChoice.ALL)
    handout = compose(found.library, selection, CLINIC, LayoutFacts("x", "patient"))
    return canonical(handout, Extent.MEANING)


def status(content: Content, as_of: date) -> Status:
    return stand(content, as_of).approval.status


def test_approved_addresses_that_lead_elsewhere_are_printed_but_no_number(content: Content) -> None:
    """A code with a short address was approved with the long one beside it."""
    path, code = "sections/about/en.md", "\n::: qr https://a.org/1\nGo to b.org/help.\n:::\n"
    content.change(path, "still", f"still [c.org](https://a.org/2)\n{code}\nstill")
    with pytest.raises(ContentError, match=r"“c\.org”"):
        compose(content.library(), Selection("sprain"), CLINIC, LayoutFacts("x", "patient"))
    approve(content)
    assert "b.org/help" in printed(content)


def test_a_layout_names_a_section_that_nobody_approved(content: Content) -> None:
    approve(content)
    content.section("tips", "Rest when you are tired.")
    content.change("outline.toml", 'all = ["about", ', 'all = ["tips", "about", ')
    facts = LayoutFacts("x", "patient", sections=("tips", "*"))
    with pytest.raises(ContentError, match=r"tips is none of those approved\. Have it approved"):
        compose(stand(content).library, Selection("sprain"), CLINIC, facts)
    chosen = Selection("sprain", choice=SectionChoice.NAMED, sections=("tips",))
    with pytest.raises(UsageError, match=r"tips is none of those approved"):
        compose(stand(content).library, chosen, CLINIC, LayoutFacts("x", "patient"))


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("[401-846-2200, fax 401-846-2201](tel:4018462200)", "tel:4018462200"),
        ("[{{ clinic_phone }}](tel:5550123457)", "tel:5550123456"),
        ("[Call **{{ emergency_line }}** now](tel:988)", "tel:911"),
        ("[{{ clinic_website }}](https://a.org)", "https://hill.example"),
        ("[c.org](tel:4018462200)", "tel:4018462200"),
        ("[Desk 12345](tel:4018462200)", "tel:4018462200"),
        ("[911](tel:912)", ""),
        ("[Call 401-846-2201](tel:4018462200)", ""),
        ("[401-846-2200 ext. 5](tel:4018462200;ext=6)", ""),
    ],
)
def test_an_approved_link_is_printed_unless_it_dials_another_number(
    link: str, leads: str, content: Content
) -> None:
    """Today's rules refuse each of them as new words."""
    content.change("sections/about/en.md", "still", f"still {link}")
    with pytest.raises(ContentError, match=r"leads to|hold a link of their own"):
        content.compose()
    approve(content)
    if leads:
        found = re.findall(r"href\W+([\w:/.]+)", printed(content))
        assert [one for one in found if "//fda." not in one] == [leads]
        return
    with pytest.raises(ContentError, match="leads to tel"):
        printed(content)


def test_a_handout_is_a_draft_until_it_is_approved(content: Content) -> None:
    assert status(content, FIRST) is Status.DRAFT
    approve(content)
    assert status(content, date(2026, 11, 30)) is Status.DRAFT
    assert status(content, FIRST) is Status.APPROVED
    assert status(content, UNTIL) is Status.APPROVED
    assert status(content, date(2027, 7, 1)) is Status.OVERDUE
    approval = content.compose().approval
    assert (approval.by, approval.role, approval.until) == ("Ana Ruiz", "nurse", UNTIL)


def test_the_first_review_date_is_known(content: Content) -> None:
    content.change("sections/words/en.md", "review_due = 2027-11-21", "review_due = 2027-01-31")
    assert earliest_review(content.library(), "sprain") == date(2027, 1, 31)


def test_the_window_in_which_a_status_stays(content: Content) -> None:
    def window(as_of: date) -> tuple[Status, date, date]:
        found = stand(content, as_of)
        return found.approval.status, found.first, found.last

    assert window(FIRST) == (Status.DRAFT, date.min, date.max)
    approve(content)
    assert window(date(2026, 11, 1)) == (Status.DRAFT, date.min, date(2026, 11, 30))
    assert window(FIRST) == window(UNTIL) == (Status.APPROVED, FIRST, UNTIL)
    assert window(date(2028, 1, 1)) == (Status.OVERDUE, date(2027, 7, 1), date.max)
    assert stand(content, FIRST, proposed=True).approval.status is Status.DRAFT


def test_an_approval_that_begins_later_leaves_the_one_before(content: Content) -> None:
    """Somebody approves in a zone where it is tomorrow."""

    def decide(on: date, kept: FrozenWords | None) -> None:
        keep(content.workspace, Record("sprain", "en", "Bo", "md", on, UNTIL, words=kept))

    def found(as_of: date) -> tuple[int, Status, date, date, date | None]:
        now = stand(content, as_of)
        begins = now.decided.later.on if now.decided.later else None
        return now.record, now.approval.status, now.first, now.last, begins

    next_day, third = date(2026, 12, 2), date(2026, 12, 3)
    decide(next_day, words(content))
    assert found(FIRST) == (0, Status.DRAFT, date.min, FIRST, next_day)
    assert stand(content).notes == ("Words are approved from 2026-12-02 on.",)
    approve(content)
    assert found(FIRST) == (2, Status.APPROVED, FIRST, UNTIL, None), "the last that has begun"
    content.change("sections/risks/en.md", "lift", "carry")
    decide(third, words(content))
    decide(next_day, words(content))
    assert found(FIRST) == (2, Status.APPROVED, FIRST, FIRST, next_day)
    (note,) = stand(content).notes
    assert note.endswith("2026-12-01; newer ones are approved from 2026-12-02 on.")
    assert found(third) == found(next_day) == (4, Status.APPROVED, next_day, UNTIL, None)
    content.change("sections/risks/en.md", "carry", "pull")
    assert stand(content).notes[0].endswith("newer ones wait. See: handouts diff sprain")
    content.change("sections/risks/en.md", "version =", 'safety = "Too high."\nversion =')
    assert found(FIRST) == (0, Status.DRAFT, FIRST, FIRST, next_day)
    decide(third, None)
    assert found(FIRST)[:2] == (0, Status.DRAFT), "one that is taken back is so at once"


def test_behind_decisions_made_at_once_nothing_holds_until_the_next_begins(
    content: Content,
) -> None:
    approve(content)
    first = content.root / "content/approvals/sprain.en.0001.json"
    made = read(first.read_bytes(), Record)
    copy = first.with_name("sprain.en.0001 (conflicted copy).json")
    copy.write_bytes(readable(sealed(replace(made, by="Bo"))))
    aside = tuple(one.seal for one in set_aside(content.workspace, "sprain", "en").values())
    keep(content.workspace, replace(made, on=date(2026, 12, 2), aside=aside))
    assert len(aside) == 1
    assert status(content, FIRST) is Status.DRAFT
    assert status(content, date(2026, 12, 2)) is Status.APPROVED


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

    def shown(as_of: date) -> str:
        return repr(content.compose(as_of=as_of).sections[0].body)

    assert "Approved by Ana Ruiz, nurse · on December 1, 2026 · until June 30, 2027" in shown(UNTIL)
    assert "Words: overdue_short." in shown(date(2027, 7, 1))
    assert "Not approved by a clinic yet" in shown(date(2026, 11, 1))


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
    "a list's kind": lambda content: content.section("about", "1. One.\n2. Two.\n"),
    "a place in a table": lambda content: content.section("words", TABLE.format("", "yes")),
    "the order of sections": lambda content: content.change(
        "outline.toml", '"about", "risks", "sources"', '"risks", "about", "sources"'
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
    "lines of a file": lambda content: content.change("values.toml", "[limit]", "\n\n[limit]"),
    "a review date": lambda content: content.change(
        "sections/about/en.md", "review_due = 2027-11-21", "review_due = 2028-11-21"
    ),
    "a word of layouts that is new": lambda content: content.change(
        "interface/en.toml", "call =", 'shelf = "Shelf"\ncall ='
    ),
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
    "a value that is not used": lambda content: (
        content.write("values.local.toml", '[rest]\ntext.en = "2 days"\nwhy = "ours"\n') and None
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
    table = TABLE.format("yes", "")
    content.section("words", f"The FDA.\n\n{table}", title="{{ rest }} before an MRI")
    body = "See the label. [@fda]\n\n::: when has-words\nLong.\n:::\n\n::: only-if-box\n:::\n"
    content.section("ref-facts", body, audience="physician")


@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_approved_words_are_printed(content: Content, edit: str) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    prepare(content)
    approve(content)
    before = printed(content)
    EDITS[edit](content)
    found = stand(content)
    assert found.approval.status is Status.APPROVED
    assert printed(content) == before
    (note,) = found.notes
    assert note.startswith("Printing the words approved on 2026-12-01; newer ones wait.")
    assert stand(content, proposed=True).approval.status is Status.DRAFT
    assert changes(content.workspace, found_words(content), words(content)), "diff shows nothing"


def test_diff_tells_each_number_and_language_beside_other_changes(content: Content) -> None:
    """And of what has no line, where it stands."""
    share = 'count = 5, of = 9, name.en = "A", yes.en = "well", no.en = "not"'
    people = f"\n[fda.people]\nwell = {{ {share} }}\n"
    evidence = (content.root / "content/evidence.toml").read_text("utf-8")
    content.write("evidence.toml", evidence + people)
    content.change("values.toml", '5 pounds"', '911"\nweeks = [6, 8]')
    body = "::: people fda.well\nFive of nine. [@fda]\n:::\n\n::: lang es\nHola.\n:::\n"
    content.section("about", f"{body}\nUp to {{{{ limit }}}}.\n")
    approve(content)
    content.change("evidence.toml", "of = 9,", "of = 9, not_counted = 1,")
    content.change("values.toml", "[6, 8]", "[2, 8]\nphone = true")
    content.change("sections/about/en.md", "lang es", "lang pt")
    content.change("conditions/sprain/condition.toml", 'en = "Sprain"', 'en = "Sprains"')
    content.change("sections/risks/en.md", "We help", "Here we help")
    told = changes(content.workspace, found_words(content), words(content))
    new = [line for line in told if line.startswith("  now:")]
    assert "  now: (in pt) Hola." in new
    assert "  now: value limit: 911 (weeks 2 to 8) (a number to dial)" in new
    assert "  now: people fda.well: 5 of 9, 1 not counted A | well | not" in new
    assert told[-1] == (
        "Something that lines of text do not show, such as classes: in this handout."
    )


def found_words(content: Content) -> FrozenWords:
    """The words that the approval keeps, read from its file."""
    (file,) = (content.root / "content/approvals").iterdir()
    kept = read(file.read_bytes(), Record).words
    assert kept
    return kept


def test_what_is_proposed_is_what_the_files_say(content: Content) -> None:
    approve(content)
    before = printed(content)
    content.section("risks", "Other words.\n")
    assert "Other words" in printed(content, proposed=True)
    assert printed(content) == before


@pytest.mark.parametrize("edit", NO_EDITS)
def test_what_is_no_edit_of_the_words(content: Content, edit: str) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    NO_EDITS[edit](content)
    found = stand(content)
    assert (found.approval.status, found.notes) == (Status.APPROVED, ())


def test_a_broken_file_does_not_stop_the_desk(content: Content) -> None:
    approve(content)
    before = printed(content)
    content.write("values.toml", "[limit")
    (note,) = stand(content).notes
    assert "newer ones have mistakes: content/values.toml" in note
    assert printed(content) == before
    with pytest.raises(ContentError):
        stand(content, proposed=True)


def test_selection_and_brand_keep_an_approval(content: Content) -> None:
    approve(content)
    for handout in (content.compose(choice=SectionChoice.ALL), content.compose(brand=SAMPLE)):
        assert handout.approval.status is Status.APPROVED


def test_an_approval_holds_for_one_condition(content: Content) -> None:
    approve(content)
    assert content.compose("burn").approval.status is Status.DRAFT


SHIPPED = ("crps", "groin-hernia", "knee-replacement")


@pytest.mark.parametrize("condition", SHIPPED)
def test_kept_words_make_the_same_handouts(condition: str) -> None:
    """Every selection from the kept words says what it says from the files."""
    workspace = Workspace(None, Path("x"))
    library = load_library(workspace, "en")
    kept = read(readable(words_of(library, condition)), FrozenWords)
    frozen = frozen_library(kept, workspace, {})
    kinds: tuple[LayoutKind, ...] = ("patient", "enclosure")
    for kind in kinds:
        for choice in (SectionChoice.DEFAULT, SectionChoice.ALL):
            selection, facts = Selection(condition, choice=choice), LayoutFacts("x", kind)
            for brand in (CLINIC, SAMPLE):
                from_files = compose(library, selection, brand, facts)
                assert canonical(compose(frozen, selection, brand, facts)) == canonical(from_files)


@pytest.mark.parametrize("condition", SHIPPED)
def test_every_word_of_a_handout_stands_in_the_lines_of_diff(condition: str) -> None:
    workspace = Workspace(None, Path("x"))
    library = load_library(workspace, "en")
    said = parts(workspace, words_of(library, condition))
    shown = "\n".join(line for _, lines in said for line in lines)
    handout = compose(library, Selection(condition), CLINIC, LayoutFacts("x", "patient"))
    for section in handout.sections:
        assert section.title in shown


def test_the_text_is_the_same_in_every_process() -> None:
    """Sets have another order with another seed; an approval is bound to the words."""
    code = (
        "from pathlib import Path;from handouts.library import load_library;"
        "from handouts.compose import words_of;from handouts.workspace import Workspace;"
        "from handouts.model.serial import readable;from hashlib import sha256;"
        "library = load_library(Workspace(None, Path('x')), 'en');"
        "print(sha256(readable(words_of(library, 'crps'))).hexdigest())"
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
