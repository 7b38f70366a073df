"""Layouts on half and double sheets: what stands on which page, for whom, how large."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace

from handouts.check.readability import measure
from handouts.compose import compose
from handouts.errors import Source
from handouts.flow.pages import page_count
from handouts.layout import load_layout
from handouts.layout.masters import page_size
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.library.brand.foot import check_foot
from handouts.model import Approval, Phone, SectionChoice, Selection, Status, WritingLines
from handouts.model.tree import walk
from tests.test_handouts import CONDITIONS, LOOKS, PAIR, document
from tests.test_printed_pages import KEPT, WORKSPACE, pages_of, section_of, starts, texts

NAMED = (SectionChoice.NAMED, ("faq",))


def every(layout: str) -> pytest.MarkDecorator:
    selections = [
        Selection(condition, layout, lang, brand, paper)
        for condition, (lang, brand, paper) in product(CONDITIONS, LOOKS)
    ]
    return pytest.mark.parametrize("selection", selections, ids=lambda one: str(one.condition))


@pytest.mark.parametrize("layout", WORKSPACE.names("layouts"))
@pytest.mark.parametrize(("lang", "brand", "paper"), LOOKS, ids=["en", "es"])
def test_a_foot_has_room_for_a_name_and_a_number_as_long_as_brand_md_says(
    layout: str, lang: str, brand: str, paper: str
) -> None:
    library = load_library(WORKSPACE, lang)
    longest = max(CONDITIONS, key=lambda name: len(library.condition(name).title[lang]))
    beside = ("es" if lang == "en" else "en") if layout == PAIR else ""
    number = Phone("Clinic", "(401) 846-2200 ext. 4512")
    contacts = {"phones": (number,), "night_phone": number, "sample": False}
    selection = Selection(longest, layout, lang, brand, paper, beside=beside)
    for name in (
        "Harbour Center for Interventional Pain Medicine & Rehabilitation of Newport City",
        "Northwestern University Department of Anesthesiology, Division of Pain Medicine",
    ):
        assert not list(
            check_foot(name, number.number, load_brand(WORKSPACE, brand, lang).fonts, Source(""))
        )
        assert page_count(document(selection, name=name, **contacts))


@pytest.mark.parametrize(
    ("paper", "sheet", "inches"),
    [
        ("letter", "whole", (8.5, 11)),
        ("letter", "half", (5.5, 8.5)),
        ("letter", "double", (11, 17)),
        ("letter", "double-landscape", (17, 11)),
        ("a4", "half", (148 / 25.4, 210 / 25.4)),
        ("a4", "whole-landscape", (297 / 25.4, 210 / 25.4)),
        ("a4", "double", (297 / 25.4, 420 / 25.4)),
    ],
)
def test_sheets_of_a_paper(paper: str, sheet: str, inches: tuple[float, float]) -> None:
    found = page_size(paper, sheet)  # type: ignore[arg-type]
    assert (found.width, found.height) == pytest.approx([72 * one for one in inches], abs=0.01)


# --- booklets ---


@every("booklet")
def test_a_booklet_has_its_message_on_the_cover_and_what_is_urgent_on_its_back(
    selection: Selection,
) -> None:
    pages = pages_of(selection)
    begins = starts(pages)
    assert begins["main-message"] == 1
    on_back = {section_of(item.leaf) for page, item in texts(pages) if page == len(pages)
               if item.leaf}  # fmt: skip
    assert on_back == {"", *KEPT}
    notes = begins["notes"]
    assert max(page for id, page in begins.items() if id.startswith("ref-")) < notes
    assert notes < len(pages)


@pytest.mark.parametrize(
    "wanted",
    [
        Selection("crps", "booklet", "en", "juniper", "letter", SectionChoice.ALL),
        Selection("crps", "booklet", "en", "juniper", "letter", *NAMED),
    ],
    ids=["long", "short sheet"],
)
def test_bare_pages_fill_a_booklet_to_a_multiple_of_four(wanted: Selection) -> None:
    made = document(wanted)
    count = page_count(made)
    notes = [one for one in made.blocks if getattr(one, "id", "") == "notes"]
    bare = sum(isinstance(one, WritingLines) for one in walk(notes))
    assert count % 4 == 0
    assert bare <= 4
    kept = tuple(one for one in made.blocks if one not in notes)
    assert count - 2 <= page_count(replace(made, blocks=kept)) + bare <= count


# --- posters ---


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("status", Status)
def test_a_poster_says_benefit_and_risk_in_one_breath_and_whom_to_ask(
    condition: str, status: Status
) -> None:
    library, layout = load_library(WORKSPACE, "en"), load_layout(WORKSPACE, "poster")
    brand = load_brand(WORKSPACE, "juniper", "en")
    handout = compose(library, Selection(condition, "poster"), brand, layout.facts)
    handout = replace(handout, approval=Approval(status))
    assert handout.partial
    assert [section.id for section in handout.sections] == ["on-the-wall"]
    measured = measure(handout)
    assert measured
    assert measured.grade <= 6
    said = [sentence.text for sentence in measured.sentences]
    assert "may ease" in said[0]
    assert said[1] == "It can also harm you."
    assert "Problems are very common." in said
    assert "Ask us for the handout." in said


@every("poster")
def test_a_poster_is_one_page_on_any_paper_in_any_brand(selection: Selection) -> None:
    day = Phone("Clinic", "(401) 846-2200 ext. 4512", "Monday to Friday, 8 am to 5 pm")
    clinic = {
        "name": "Department of Anesthesiology and Pain Medicine, Washington Memorial Hospital",
        "address": ("12 Harbour Street, Suite 400", "Newport, RI 02840"),
        "phones": (day, day),
        "night_phone": day,
        "website": "https://northside-pain.org",
        "email": "desk@northside-pain.org",
        "disclaimer": "",
        "sample": False,
    }
    for brand, paper in product(WORKSPACE.names("brands"), ("letter", "a4")):
        wanted = replace(selection, brand=brand, paper=paper)
        assert page_count(document(wanted)) == page_count(document(wanted, **clinic)) == 1
