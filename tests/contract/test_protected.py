"""The program's own words, and the kinds of what ships: a workspace adds, it takes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from handouts.contract import check_placed
from handouts.contract.protected import LONGEST, PROTECTED
from handouts.errors import ContentError, UsageError
from handouts.layout import check_layout, lay_out, load_layout
from handouts.layout.trial import sample_handout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.library.content_files import interface_words
from handouts.library.slots import SLOTS
from handouts.model import Approval, Status
from handouts.pdf.rendering import render_timed
from handouts.workspace import Workspace
from tests.contract.conftest import Clinic

EN = "content/interface/en.toml"
FR = "content/interface/fr.toml"
DAY = date(2026, 1, 1)


def wrong(workspace: Workspace, lang: str) -> list[str]:
    try:
        load_library(workspace, lang)
    except ContentError as problem:
        return [str(finding) for finding in problem.findings]
    return []


@pytest.mark.parametrize("key", PROTECTED)
@pytest.mark.parametrize("said", ["", " ", "All is well."])
def test_in_a_language_that_ships_they_stay_as_they_are(
    clinic: Clinic, key: str, said: str
) -> None:
    shipped = interface_words(clinic.workspace, "en")[key]
    slots = "".join(f"{{{name}}}" for name in SLOTS.get(key, ()))
    clinic.edit(EN, f'\n{key} = "{shipped}"', f'\n{key} = "{said}{slots}"')
    (finding,) = wrong(clinic.workspace, "en")
    line = (clinic.root / EN).read_text("utf-8").split("\n").index(f'{key} = "{said}{slots}"') + 1
    assert finding.startswith(f"{clinic.root / EN}:{line}: {key} is the program's own: “{shipped}”")


def test_all_other_words_are_the_clinics(clinic: Clinic) -> None:
    clinic.edit(EN, 'page = "Page"', 'page = "Sheet"')
    assert wrong(clinic.workspace, "en") == []


def test_a_line_that_is_missing_is_filled_in(clinic: Clinic) -> None:
    shipped = interface_words(clinic.workspace, "en")
    clinic.write(EN, 'website = "Web"\n')
    assert interface_words(clinic.workspace, "en") == {**shipped, "website": "Web"}
    assert check_layout(clinic.workspace, "standard") == ()
    assert clinic.build().pages == 6


def test_in_another_language_each_must_say_something(clinic: Clinic) -> None:
    clinic.write(FR, 'draft_short = "…"\npage = "Page"\n')
    found = wrong(clinic.workspace, "fr")
    assert [one.split(": ")[1].split(" ")[0] for one in found] == list(PROTECTED)
    assert found[1].startswith(f"{clinic.root / FR}:1: draft_short says nothing")
    names = {key: "".join(f" {{{name}}}" for name in SLOTS.get(key, ())) for key in PROTECTED}
    clinic.write(FR, "".join(f'{key} = "Paroles{slots}"\n' for key, slots in names.items()))
    assert wrong(clinic.workspace, "fr") == []
    clinic.write(FR, "".join(f'{key} = "{"w" * 41}{slots}"\n' for key, slots in names.items()))
    found = wrong(clinic.workspace, "fr")
    assert len(found) == len(LONGEST)
    assert found[0].startswith(f"{clinic.root / FR}:2: draft_short has 41 characters; its place")


@pytest.mark.parametrize("layout", ["standard", "large-print", "referral", "booklet"])
@pytest.mark.parametrize("status", Status)
def test_the_longest_marks_of_any_language_have_their_place(
    clinic: Clinic, layout: str, status: Status
) -> None:
    found = load_layout(clinic.workspace, layout)
    shipped = interface_words(clinic.workspace, "en")
    long = {key: ("AMERICANO " * most)[: most - 1] + "." for key, most in LONGEST.items()}
    made = sample_handout(found.facts, {**shipped, **long})
    approval = Approval(status, "A", "B", DAY, DAY)
    made = replace(made, partial=made.audience == "patient", approval=approval)
    document = lay_out(made, found, load_brand(clinic.workspace, ""), "letter")
    assert render_timed(document, check_placed)[0]


def test_a_layout_of_ones_own_has_any_kind(clinic: Clinic) -> None:
    sheets = {"partial": '"warning-signs", "who-to-call"', "poster": '"on-the-wall"'}
    for kind, names in sheets.items():
        sections = f"sections = [{names}]\nlast_page = []\n"
        text = f'extends = "standard"\nkind = "{kind}"\n{sections}title.en = "Own"\n'
        if kind == "poster":
            text += 'sheet = "double"\n'
            text += "scale = 2\nsmallest = { size = 36, leading = 42 }\n" + POSTER
        clinic.write(f"layouts/{kind}/layout.toml", text)
        assert clinic.build(kind).pages >= 1
        assert check_layout(clinic.workspace, kind) == ()
    clinic.edit("layouts/poster/layout.toml", "size = 36, leading = 42", "size = 30, leading = 36")
    clinic.edit("layouts/poster/layout.toml", "scale = 2", "scale = 1.5")
    with pytest.raises(Exception, match=r"here they have 36 to 96"):
        clinic.build("poster")


POSTER = """
[masters.page]
frames = [{ top = 56, left = 80, right = 80, bottom = 72 }]
[masters.page.regions]
watermark = { top = 14, left = 90, right = 90, height = 40 }
footer = { bottom = 10, left = 90, right = 90, height = 62 }
[styles.section]
rail = 0
[styles."warning.section"]
rail = 0
[styles.label]
size = 24
leading = 29
[styles."footer.p"]
size = 12
leading = 15
[styles."mark-of-draft.p"]
size = 12
leading = 15
"""


def test_a_condition_of_ones_own_may_be_information(clinic: Clinic) -> None:
    found = clinic.workspace.find("content/conditions/crps/condition.toml")
    assert found
    text = found.read_text("utf-8").replace('kind = "treatment"', 'kind = "information"')
    without = '[sections]\npatient_without = ["risks", "other-choices", "label-status"]\n'
    clinic.write("content/conditions/own/condition.toml", text + without)
    labels = clinic.workspace.find("content/label.toml")
    assert labels
    row = labels.read_text("utf-8").split("[[row]]")[1].replace('"crps"', '"own"')
    clinic.write("content/label.toml", f"{labels.read_text('utf-8')}\n[[row]]{row}")
    for path in sorted((found.parent / "en").glob("*.md")):
        clinic.write(f"content/conditions/own/en/{path.name}", path.read_text("utf-8"))
    message = clinic.workspace.find("content/sections/main-message/en.md")
    assert message
    own = message.read_text("utf-8").replace("when crps", "when own")
    clinic.write("content/conditions/own/en/main-message.md", own)
    assert clinic.build(condition="own").pages >= 3
    with pytest.raises(UsageError, match="cannot be left out: warning-signs, who-to-call"):
        clinic.build("poster", "own")  # its words are about an implant
    clinic.edit("content/conditions/own/condition.toml", '"information"', '"treatment"')
    with pytest.raises(Exception, match="cannot be left out: label-status, risks, other-choices"):
        clinic.build(condition="own")
