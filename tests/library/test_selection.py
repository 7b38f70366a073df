"""Which sections a handout holds: names, order, and what cannot be left out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from handouts.contract.rules import URGENT
from handouts.errors import ContentError, UsageError
from handouts.model import SectionChoice
from tests.library.conftest import PATIENT, PHYSICIAN, Content

PARTIAL = replace(PATIENT, kind="partial")


def ids(content: Content, **wanted: object) -> list[str]:
    return [section.id for section in content.compose(**wanted).sections]  # type: ignore[arg-type]


def test_the_outline_decides(content: Content) -> None:
    assert ids(content) == ["about", "risks", "sources"]
    assert ids(content, choice=SectionChoice.ALL) == ["about", "risks", "words", "sources"]
    assert ids(content, facts=PHYSICIAN) == ["ref-facts"]


def test_named_sections_in_the_order_given(content: Content) -> None:
    named = {"choice": SectionChoice.NAMED, "sections": ("risks", "about")}
    assert ids(content, **named) == ["risks", "about"]


def test_a_condition_changes_the_outline(content: Content) -> None:
    path = "conditions/sprain/condition.toml"
    content.change(path, "[variables]", '[sections]\npatient = ["risks", "about"]\n[variables]')
    assert ids(content) == ["risks", "about"]
    content.change(path, 'patient = ["risks", "about"]', 'patient_without = ["about", "words"]')
    # Nothing is cited: so there are no sources to list.
    assert ids(content) == ["risks"]
    assert ids(content, choice=SectionChoice.ALL) == ["risks"]
    assert ids(content, condition="burn") == ["about", "risks", "sources"]
    content.change(path, "patient_without", "physician_without")
    content.change(path, '"about", "words"', '"ref-facts"')
    with pytest.raises(UsageError, match="No section is left"):
        ids(content, facts=PHYSICIAN)


def test_a_condition_changes_the_outline_for_physicians(content: Content) -> None:
    content.section("ref-more", "More.", audience="physician")
    content.change("outline.toml", 'all = ["ref-facts"]', 'all = ["ref-facts", "ref-more"]')
    assert ids(content, facts=PHYSICIAN) == ["ref-facts"]
    path = "conditions/sprain/condition.toml"
    content.change(path, "[variables]", '[sections]\nphysician = ["ref-more"]\n[variables]')
    assert ids(content, facts=PHYSICIAN) == ["ref-more"]
    assert ids(content, facts=PHYSICIAN, condition="burn") == ["ref-facts"]
    assert ids(content) == ["about", "risks", "sources"]


def test_a_section_of_the_outline_without_a_file_is_known(content: Content) -> None:
    content.change("outline.toml", 'all = ["about",', 'all = ["about", "later",')
    with pytest.raises(ContentError, match="the section later has no file"):
        ids(content, choice=SectionChoice.NAMED, sections=("risks", "later"))


def test_what_protects_the_patient_cannot_be_left_out(content: Content) -> None:
    with pytest.raises(UsageError, match="cannot be left out: risks"):
        ids(content, without=("risks",))
    locked = replace(PATIENT, locked=("about",))
    with pytest.raises(UsageError, match="cannot be left out: risks, about"):
        ids(content, facts=locked, without=("risks", "about"))
    content.change(
        "conditions/sprain/condition.toml",
        "[variables]",
        '[sections]\npatient_without = ["risks"]\n[variables]',
    )
    with pytest.raises(UsageError, match="cannot be left out: risks"):
        ids(content)


def test_a_partial_layout_may_and_the_handout_says_so(content: Content) -> None:
    assert content.compose(facts=PARTIAL).partial is False
    assert content.compose(facts=PARTIAL, without=("risks",)).partial is True


def test_named_sections_make_a_short_sheet_with_what_is_urgent(content: Content) -> None:
    for name in URGENT:
        content.section(name, "Call us today.")
    handout = content.compose(choice=SectionChoice.NAMED, sections=("about", URGENT[1]))
    assert [one.id for one in handout.sections] == ["about", URGENT[1], URGENT[0]]
    assert handout.partial
    with pytest.raises(UsageError, match=f"cannot be left out: {URGENT[0]}"):
        ids(content, choice=SectionChoice.NAMED, sections=("about",), without=(URGENT[0],))
    content.section("ref-more", "More.", audience="physician")
    locked = replace(PHYSICIAN, locked=("ref-facts",))
    with pytest.raises(UsageError, match="cannot be left out: ref-facts"):
        ids(content, facts=locked, choice=SectionChoice.NAMED, sections=("ref-more",))


def test_a_poster_takes_no_section_beside_its_message(content: Content) -> None:
    content.section("on-the-wall", "It may help. It can also harm you.")
    content.change("outline.toml", 'all = ["about",', 'all = ["on-the-wall", "about",')
    wall = replace(PATIENT, name="wall", kind="poster", sections=("on-the-wall", "risks"))
    named = {"facts": wall, "choice": SectionChoice.NAMED}
    assert ids(content, **named, sections=wall.sections) == [*wall.sections]
    for names in (("about",), ("about", *wall.sections)):
        with pytest.raises(UsageError, match=r"wall is a poster: it has one message.* about\."):
            ids(content, **named, sections=names)


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "line"),
    [
        ("outline.toml", 'default = ["about"', 'default = ["about", "about"', "default", 3),
        ("outline.toml", 'all = ["about"', 'all = ["about", "about"', "all", 4),
        ("conditions/sprain/condition.toml", "[variables]",
         '[sections]\npatient = ["about", "risks", "about"]\n[variables]', "patient", 0),
    ],
)  # fmt: skip
def test_a_list_that_names_a_section_twice_is_told_with_its_place(  # noqa: PLR0917 - a table
    content: Content, file: str, old: str, new: str, key: str, line: int
) -> None:
    content.change(file, old, new)
    choice = SectionChoice.ALL if key == "all" else SectionChoice.DEFAULT
    with pytest.raises(ContentError) as caught:
        ids(content, choice=choice)
    (finding,) = caught.value.findings
    assert finding.message == f"about stands twice in {key}."
    assert finding.source
    assert finding.source.file == f"content/{file}"
    assert finding.source.line == line or not line


@pytest.mark.parametrize("choice", SectionChoice)
def test_unknown_names_are_told_at_once(content: Content, choice: SectionChoice) -> None:
    with pytest.raises(UsageError) as caught:
        ids(content, choice=choice, sections=("abuot",), without=("riskss",))
    assert [str(finding) for finding in caught.value.findings] == [
        "There is no section “abuot” (language en). Did you mean about?",
        "There is no section “riskss” (language en). Did you mean risks?",
    ]


def test_names_that_do_not_fit(content: Content) -> None:
    named = {"choice": SectionChoice.NAMED}
    with pytest.raises(UsageError, match="Named twice: risks"):
        ids(content, **named, sections=("risks", "risks"))
    with pytest.raises(UsageError, match="ref-facts is written for another reader"):
        ids(content, **named, sections=("risks", "ref-facts"))
    with pytest.raises(UsageError, match="There is no condition “spain”"):
        ids(content, condition="spain")


def test_sections_without_a_file_and_broken_ones_are_told_at_once(content: Content) -> None:
    content.change(
        "outline.toml", '["about", "risks", "sources"]', '["about", "no", "ref-facts", "risks"]'
    )
    content.section("about", "::: panel red\n:::")
    content.write("sections/risks/en.md", "no front matter")
    with pytest.raises(ContentError) as caught:
        ids(content)
    assert [finding.message for finding in caught.value.findings] == [
        "red must be one of warning, urgent, key, note.",
        "the section no has no file in language en.",
        "ref-facts is written for another reader (physician).",
        "does not begin with front matter.",
    ]
