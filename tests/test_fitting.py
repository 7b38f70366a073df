"""Sheets of few pages: what they keep, what they leave out and name, and where it stands."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from handouts import scaffold
from handouts.approvals.reprinting import reprint
from handouts.build import Order, build
from handouts.check.grade import check_reading
from handouts.check.readability import handout_grade
from handouts.cli.app import app
from handouts.compose import Words, compose
from handouts.contract import check_placed
from handouts.errors import HandoutsError, LayoutError, UsageError
from handouts.fitting import Fitting
from handouts.flow.faces import FontBook
from handouts.flow.pages import flow
from handouts.flow.placed import PlacedLine, PlacedPage, PlacedText
from handouts.flow.structure_tree import StructElem
from handouts.layout import Layout, check_layout, load_layout
from handouts.model import BuildResult, Document, Handout, SectionChoice, Selection, Status
from handouts.pdf.structure import build_structure
from handouts.workspace import open_workspace
from tests.approving import TODAY, approve
from tests.pdf.dump import text_in_tag_order
from tests.test_handouts import (
    BUILT_IN,
    CONDITIONS,
    LOOKS,
    SHEETS,
    brand_in,
    document,
    layout_named,
    library_in,
    transcript,
    words_for,
)
from tests.test_handouts import fitted as fitted_once

LIBRARY = library_in("en")
BRAND = brand_in("juniper", "en")
LOCKED = {"label-status", "risks", "other-choices", "warning-signs", "who-to-call"}
#: The longest words and the shortest.
PLACED = [
    Selection(condition, layout, lang, brand, paper)
    for layout in SHEETS
    for condition, lang, brand, paper in (
        ("pelvic", "es", "lakeside", "letter"),
        ("pelvic", "es", "lakeside", "a4"),
        ("crps", "en", "juniper", "letter"),
    )
]
each_sheet = pytest.mark.parametrize("layout", SHEETS)
each_placed = pytest.mark.parametrize(
    "selection", PLACED, ids=lambda one: f"{one.condition}-{one.layout}-{one.lang}-{one.paper}"
)


def fitted(layout: Layout, **chosen: object) -> Selection:
    wanted = replace(Selection("crps", layout.name), **chosen)
    return Fitting([Words(LIBRARY, BRAND)], layout).fitted(wanted)


def composed(selection: Selection) -> Handout:
    """What is printed of a selection."""
    (words,) = words_for(selection)
    facts = layout_named(selection.layout).facts
    return compose(words.library, fitted_once(selection), words.brand, facts)


def kept(layout: Layout, **chosen: object) -> set[str]:
    handout = compose(LIBRARY, fitted(layout, **chosen), BRAND, layout.facts)
    return {section.id for section in handout.sections}


@cache
def pages_of(selection: Selection) -> list[PlacedPage]:
    return placed(document(selection))


def placed(made: Document) -> list[PlacedPage]:
    return flow(made, build_structure(made), FontBook(made.fonts))


def texts(page: PlacedPage) -> list[PlacedText]:
    return [item for item in page.items if isinstance(item, PlacedText) and item.text.strip()]


# --- what fits ---


def test_a_head_that_is_higher_than_its_frame_is_named(tmp_path: Path) -> None:
    """No fewer words below it would help."""
    home = tmp_path / "clinic"
    scaffold.init(home)
    (home / "layouts/mine").mkdir(parents=True)
    text = 'extends = "one-page"\ntitle.en = "Mine"\n[styles.h1]\nsize = 28\nleading = 33\n'
    (home / "layouts/mine/layout.toml").write_text(text)
    sheet = load_layout(open_workspace(home, home), "mine")
    for chosen in ({}, {"choice": SectionChoice.NAMED, "sections": ("faq",)}):
        with pytest.raises(LayoutError) as raised:
            fitted(sheet, **chosen)
        (found,) = raised.value.findings
        assert "the page master front do not hold what stands in them" in found.message
        assert found.source == sheet.sheet.where("masters", "front", "frames")
        assert "layouts/mine/layout.toml:4" in found.remedy


@each_sheet
def test_what_protects_stays_and_the_first_by_priority_that_fit_join_it(layout: str) -> None:
    sheet = layout_named(layout)
    there = kept(sheet)
    assert there >= LOCKED
    assert "main-message" in there
    left_out = next(one for one in sheet.settings.priority if one not in there)
    first = replace(sheet.settings, priority=(left_out, "sources", "main-message"))
    assert left_out in kept(replace(sheet, settings=first))


@each_sheet
@pytest.mark.parametrize("condition", CONDITIONS)
def test_scans_and_deep_heat_are_on_each_sheet_of_few_pages(layout: str, condition: str) -> None:
    """Either can kill or maim who has the device."""
    handout = composed(Selection(condition, layout, *LOOKS[0]))
    assert "living-with-it" in {section.id for section in handout.sections}


@each_sheet
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_it_may_do_stands_beside_what_can_go_wrong(
    layout: str, condition: str, lang: str
) -> None:
    """On the smaller paper, in the brand of the longer name: what is optional gives way to it."""
    library, sheet = library_in(lang), layout_named(layout)
    least = {"main-message", "what-it-may-do", *LOCKED}
    others = tuple(one for one in library.outline.patient.default if one not in least)
    wanted = Selection(condition, layout, lang, "lakeside", without=others)
    words = [Words(library, brand_in("lakeside", lang))]
    assert Fitting(words, sheet).fitted(wanted) == wanted


@each_sheet
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("look", [*LOOKS, ("en", "lakeside", "a4")], ids="-".join)
def test_what_is_left_reads_at_grade_6_and_has_no_long_sentence(
    layout: str, condition: str, look: tuple[str, str, str]
) -> None:
    wanted = Selection(condition, layout, *look)
    assert fitted_once(wanted).without
    handout = composed(wanted)
    assert list(map(str, check_reading(handout, layout))) == []
    grade, points = handout_grade(handout)
    assert (0 < grade <= 6) if look[0] == "en" else points >= 65


@each_sheet
def test_what_is_left_out_by_hand_makes_room_and_is_named(layout: str) -> None:
    sheet = layout_named(layout)
    more = kept(sheet, without=("main-message", "what-it-may-do"))
    assert more - kept(sheet)
    wanted = fitted(sheet, without=("main-message",))
    handout = compose(LIBRARY, wanted, BRAND, sheet.facts)
    assert "The main message" in handout.left_out.values()
    assert handout.partial


@each_sheet
def test_named_sections_are_all_printed_or_none(layout: str) -> None:
    sheet = layout_named(layout)
    named = {"choice": SectionChoice.NAMED}
    assert kept(sheet, sections=("faq",), **named) == {"faq", "warning-signs", "who-to-call"}
    many = ("what-it-may-do", "risks", "candidacy", "trial", "recovery", "living-with-it", "faq")
    with pytest.raises(LayoutError, match="These sections do not fit"):
        kept(sheet, sections=many, **named)
    with pytest.raises(UsageError, match="All sections do not fit 2 pages"):
        kept(sheet, choice=SectionChoice.ALL)


@each_sheet
def test_too_many_words_that_protect_are_refused_and_nothing_is_written(
    layout: str, tmp_path: Path
) -> None:
    scaffold.init(tmp_path / "clinic")
    risks = BUILT_IN.find("content/sections/risks/en.md")
    assert risks
    own = tmp_path / "clinic/content/sections/risks/en.md"
    own.parent.mkdir(parents=True)
    own.write_text(risks.read_text("utf-8") + "\nIt can harm you. Ask us first.\n" * 90, "utf-8")
    workspace = open_workspace(tmp_path / "clinic", tmp_path)
    order = Order(Selection("crps", layout, brand="clinic"), tmp_path / "out.pdf", TODAY)
    with pytest.raises(LayoutError, match=r"What protects the patient does not fit.*2 pages"):
        build(workspace, order)
    assert not (tmp_path / "out.pdf").exists()


def test_more_pages_than_a_layout_holds_do_not_come_to_paper() -> None:
    made = document(Selection("crps"))
    assert made.most_pages == 0
    with pytest.raises(LayoutError, match="6 pages; its layout holds 2"):
        check_placed(placed(made), replace(made, most_pages=2))


# --- what it says ---


@each_sheet
def test_the_page_and_the_result_name_what_is_left_out(layout: str, tmp_path: Path) -> None:
    order = Order(Selection("crps", layout), tmp_path / "out.pdf", TODAY)
    result = build(BUILT_IN, order)
    said = " ".join(text_in_tag_order((tmp_path / "out.pdf").read_bytes()).split())
    left = said.partition("This sheet leaves out: ")[2].partition(" Ask us for the full handout.")[
        0
    ]
    assert "“How it works”" in left
    assert f"It leaves out: {left}" in result.notes[-1]
    assert "This is a part of a longer handout." in said
    assert result.pages == 2


def test_a_template_that_hides_what_is_left_out_is_refused(tmp_path: Path) -> None:
    layout = "trifold"
    scaffold.init(tmp_path / "clinic")
    found = BUILT_IN.find(f"layouts/{layout}/handout.xml.j2")
    assert found
    own = tmp_path / "clinic/layouts" / layout / "handout.xml.j2"
    own.parent.mkdir(parents=True)
    own.write_text(found.read_text("utf-8").replace('<left-out class="left-out"/>', ""), "utf-8")
    workspace = open_workspace(tmp_path / "clinic", tmp_path)
    order = Order(Selection("crps", layout, brand="clinic"), tmp_path / "out.pdf", TODAY)
    with pytest.raises(LayoutError, match="<left-out/> is missing"):
        build(workspace, order)
    assert any("<left-out/> is missing" in str(one) for one in check_layout(workspace, layout))


# --- approved ones, and copies ---


def test_an_approved_sheet_comes_again_in_the_same_bytes(tmp_path: Path) -> None:
    layout = "one-page"
    scaffold.init(tmp_path / "clinic")
    approve(tmp_path / "clinic")
    workspace = open_workspace(tmp_path / "clinic", tmp_path)
    order = Order(Selection("crps", layout), tmp_path / "out.pdf", TODAY, require_approved=True)
    first: BuildResult = build(workspace, order)
    assert first.status is Status.APPROVED
    assert reprint(workspace, first.edition, tmp_path / "again.pdf", TODAY).same


@each_sheet
def test_a_copy_for_a_patient_has_its_panel_on_two_pages(
    layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scaffold.init(tmp_path / "clinic")
    monkeypatch.chdir(tmp_path / "clinic")
    values = {
        "patient": "Ana Example", "birth_date": "1970-01-02", "side": "left",
        "appointment_date": "2026-12-07", "appointment_time": "09:30",
        "appointment_place": "Room 12", "clinician": "Ann Roe", "phone": "(401) 846-2299",
        "note": "Call us first. " * 16,
    }  # fmt: skip
    words = ["build", "crps", "--layout", layout, "--data", "-", "-o", "copy.pdf"]
    made = CliRunner().invoke(app, words, input=json.dumps(values))
    assert made.exit_code == 0, made.output
    assert "2 pages" in made.output
    said = transcript(Path("copy.pdf").read_bytes())
    assert "Ana Example" in said
    assert "Call 911" in said


# --- on paper ---


@each_placed
def test_no_word_is_smaller_than_a_patient_reads(selection: Selection) -> None:
    least = 12.0 if selection.layout == "one-page" else 9.0
    for page in pages_of(selection):
        for text in texts(page):
            assert text.size >= least or not any(map(str.isalpha, text.text)), text


@each_placed
def test_the_warning_signs_stand_together_whole(selection: Selection) -> None:
    """In one column or panel; the phone lines in it, too, or first in the one beside it."""
    made = document(selection)
    columns = {
        id: {column(made, page, text) for page in pages_of(selection) for text in texts(page)
             if within(text, id)}
        for id in ("warning-signs", "who-to-call")
    }  # fmt: skip
    (signs,), (phones,) = columns["warning-signs"], columns["who-to-call"]
    assert signs[0] == phones[0], "the same side of the sheet"
    assert signs[1] == phones[1] or selection.layout == "trifold"


def column(made: Document, page: PlacedPage, text: PlacedText) -> tuple[int, float]:
    """The side of the sheet, and the left edge of the frame that the text stands in."""
    frames = [frame for master in made.masters.values() for frame in master.frames
              if page.master in (master.name, master.onto)]  # fmt: skip
    return page.number, max(frame.x for frame in frames if frame.x <= text.x + 0.5)


def within(text: PlacedText, id: str) -> bool:
    elem: StructElem | None = text.leaf.elem if text.leaf else None
    while elem is not None and elem.id != id:
        elem = elem.parent
    return elem is not None


FOLDED = [one for one in PLACED if one.layout == "trifold"]


@pytest.mark.parametrize("selection", FOLDED, ids=lambda one: f"{one.condition}-{one.paper}")
def test_words_keep_off_the_folds_which_are_marked(selection: Selection) -> None:
    made = document(selection)
    widths = []
    for page in pages_of(selection):
        folds = made.masters[page.master].folds
        marks = [item for item in page.items if isinstance(item, PlacedLine) and item.leaf is None]
        ticks = [one for one in marks if one.x1 == one.x2 and one.x1 in folds]
        assert len(ticks) == 4
        bare = made.page_height - 12  # what printers leave white at each edge
        assert all(12 <= one.y1 < one.y2 <= bare for one in ticks)
        for text in texts(page):
            right = text.x + text.face.width(text.text.rstrip(), text.size)
            assert all(right <= fold - 11.3 or text.x >= fold + 11.3 for fold in folds)
        widths.append([right - left for left, right in pairwise((0, *folds, made.page_width))])
    outside, inside = widths
    assert inside == pytest.approx(outside[::-1])
    flap, back, front = outside
    assert back == pytest.approx(front)
    assert 2.8 < front - flap < 5.7, "1 to 2 mm"


def test_a_leaflet_is_read_front_inside_flap_back() -> None:
    selection = FOLDED[0]
    made, tree = document(selection), build_structure(document(selection))
    order = {id(leaf): at for at, leaf in enumerate(tree.root.leaves())}
    first: dict[tuple[int, float], int] = {}
    for page in flow(made, tree, FontBook(made.fonts)):
        for text in texts(page):
            if text.leaf:
                place = column(made, page, text)
                first[place] = min(first.get(place, 9999), order[id(text.leaf)])
    front, *inside, flap, back = sorted(first, key=lambda place: first[place])
    assert [one[0] for one in (front, *inside, flap, back)] == [1, 2, 2, 2, 1, 1]
    assert inside == sorted(inside)
    assert flap[1] < back[1] < front[1]


# --- layout.toml ---


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('onto = "front"', 'onto = "signs"', "no page master “signs” has pages of its own"),
        ('onto = "front"\npanels = [-4.25, 0, 0]', 'onto = "front"\npanels = [0, 0, 0]',
         "has regions or panels of its own"),
        ("{ panel = 1, top = 18, left = 18, right = 12, bottom = 18 },\n  { panel = 2, top = 18, "
         "left = 12, right = 12, bottom = 55", "{ panel = 1, top = 18, left = 18, right = 12, "
         "bottom = 18 },\n  { panel = 4, top = 18, left = 12, right = 12, bottom = 55",
         "there is no panel 4"),
        ("{ panel = 2, top = 18, left = 12, right = 12, bottom = 55", "{ panel = 3, top = 18, "
         "left = 12, right = 12, bottom = 55", "frames lie over each other on the page of front"),
        ("pages = 2\n", "", "priority needs pages"),
        ('"main-message",', '"main-mesage",', "priority: unknown section “main-mesage”"),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_is_refused(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    scaffold.init(tmp_path / "clinic")
    found = BUILT_IN.find("layouts/trifold/layout.toml")
    assert found
    text = found.read_text("utf-8")
    assert old in text
    own = tmp_path / "clinic/layouts/trifold/layout.toml"
    own.parent.mkdir(parents=True)
    own.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(HandoutsError, match=message):
        load_layout(open_workspace(tmp_path / "clinic", tmp_path), "trifold")
