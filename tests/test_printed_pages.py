"""What a printer shows of every handout that ships: which page holds what, how black, how full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts.compose import compose
from handouts.contract.colours import WARNING, ratio
from handouts.flow.faces import FontBook
from handouts.flow.pages import flow
from handouts.flow.placed import PlacedAnchor, PlacedImage, PlacedPage, PlacedText
from handouts.flow.structure_tree import Leaf, StructElem
from handouts.layout import lay_out, load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import (
    Approval,
    Brand,
    Document,
    IconPicture,
    Phone,
    SectionChoice,
    Selection,
    Status,
)
from handouts.pdf.structure import build_structure
from handouts.workspace import open_workspace
from tests.test_handouts import CONDITIONS, LAYOUTS, LOOKS, PAIR, document

WORKSPACE = open_workspace(None, Path("/"))
KEPT = ("warning-signs", "who-to-call")
DEFAULTS = [
    Selection(condition, layout, lang, brand, paper)
    for condition, layout, (lang, brand, paper) in product(CONDITIONS, LAYOUTS, LOOKS)
]
LONG = [
    Selection(condition, layout, lang, brand, paper, SectionChoice.ALL)
    for condition, layout, (lang, brand, paper) in product(
        CONDITIONS, ("standard", "large-print"), LOOKS
    )
]

PAIRS = [
    Selection(condition, PAIR, "en", brand, paper, beside="es")
    for condition, (_, brand, paper) in product(CONDITIONS, LOOKS)
]


def name(selection: Selection) -> str:
    parts = (selection.condition, selection.layout, selection.lang)
    return "-".join((*parts, selection.choice.name.lower()))


def every(*choices: Selection) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("selection", choices, ids=name)


@cache
def pages_of(selection: Selection) -> list[PlacedPage]:
    return placed(document(selection))


def placed(made: Document) -> list[PlacedPage]:
    return flow(made, build_structure(made), FontBook(made.fonts))


def texts(pages: list[PlacedPage]) -> Iterator[tuple[int, PlacedText]]:
    """The texts in reading order of each page's tagged content, and their page."""
    for page in pages:
        for item in page.items:
            if isinstance(item, PlacedText) and item.leaf is not None:
                yield page.number, item


def starts(pages: list[PlacedPage]) -> dict[str, int]:
    """The page on which each block that links point to begins."""
    found: dict[str, int] = {}
    for page in pages:
        for item in page.items:
            if isinstance(item, PlacedAnchor) and item.elem.id:
                found.setdefault(item.elem.id, page.number)
    return found


def around(elem: StructElem, tag: str) -> StructElem | None:
    """The innermost element ``tag`` that holds ``elem``."""
    at: StructElem | None = elem
    while at is not None and at.tag != tag:
        at = at.parent
    return at


def filled(made: Document, page: PlacedPage) -> float:
    """How far down the frame the words of ``page`` reach, from 0 to 1."""
    (frame,) = made.masters[page.master].frames
    lowest = min(item.y for _, item in texts([page]))
    return (made.page_height - frame.y - lowest) / frame.height


# --- black, and in grey ---


@every(*DEFAULTS)
def test_words_are_pure_black_but_for_headings_in_the_brands_colours(selection: Selection) -> None:
    brand = load_brand(WORKSPACE, selection.brand, "en")
    coloured = {brand.colours["primary"], brand.colours["warning"]}
    headings = {"Lbl", "TH", *(f"H{level}" for level in range(1, 5))}
    for _, item in texts(pages_of(selection)):
        if item.colour != "#000000" and item.leaf and item.text != brand.name:
            assert item.colour in coloured
            tags = {*headings, "Figure"}  # the numbers above an array of people
            assert any(around(item.leaf.elem, tag) for tag in tags), item.text


def grey(colour: str) -> float:
    """How black a colour prints without colours, from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 1 - (0.299 * red + 0.587 * green + 0.114 * blue) / 255


@pytest.mark.parametrize("layout", ["standard", "large-print"])
def test_911_is_the_stronger_box_without_colours(layout: str) -> None:
    palest = "#c90000"  # a brand may be no paler, and red prints paler than it looks
    while ratio(palest, "#ffffff") < WARNING:
        palest = f"#{int(palest[1:3], 16) - 1:02x}0000"
    brand = load_brand(WORKSPACE, "juniper", "en")
    pale = replace(brand, colours={**brand.colours, "warning": palest})
    made = laid_out("crps", layout, pale)
    warning, today = made.styles["warning"], made.styles["urgent"]
    assert warning.border.top * grey(warning.border_colour) > 1.5 * today.border.top
    heads = made.styles["warning.h3"], made.styles["urgent.h3"]
    strengths = [head.size * grey(head.colour) for head in heads]
    assert strengths[0] >= strengths[1]


def laid_out(condition: str, layout: str, brand: Brand) -> Document:

    chosen = load_layout(WORKSPACE, layout)
    selection = Selection(condition, layout, "en", brand.id, "letter")
    handout = compose(load_library(WORKSPACE, "en"), selection, brand, chosen.facts)
    return lay_out(handout, chosen, brand, "letter")


@every(*(one for one in DEFAULTS if (one.condition, one.layout) == ("crps", "referral")))
def test_columns_stand_apart_on_each_paper(selection: Selection) -> None:
    for master in document(selection).masters.values():
        left, right = master.frames[-2:]
        assert left.x + left.width + 12 <= right.x


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_an_approved_enclosure_has_its_title_above_both_columns_and_three_pages(paper: str) -> None:
    number = Phone("Clinic", "(401) 846-2299")
    brand = load_brand(WORKSPACE, "lakeside", "en")
    brand = replace(brand, sample=False, phones=(number,), night_phone=number, disclaimer="")
    layout = load_layout(WORKSPACE, "referral")
    selection = Selection("crps", "referral", "en", brand.id, paper)
    draft = compose(load_library(WORKSPACE, "en"), selection, brand, layout.facts)
    handout = replace(draft, approval=Approval(Status.APPROVED, "Ann Roe", "physician"))
    made = lay_out(handout, layout, brand, paper)
    pages = placed(made)
    assert len(pages) == 3
    head = next(iter(made.masters.values())).frames[0]
    lines = [
        item for _, item in texts(pages[:1]) if made.page_height - item.y < head.y + head.height
    ]
    said = "".join(item.text for item in lines)
    assert handout.title in said
    assert brand.name in said
    assert "Key points" not in said


# --- large print ---


@every(*(one for one in DEFAULTS + LONG if one.layout == "large-print"))
def test_warning_signs_and_phones_have_the_last_page_of_large_print(selection: Selection) -> None:
    pages = pages_of(selection)
    begins = starts(pages)
    assert [id for id, page in begins.items() if page == len(pages)] == list(KEPT)
    assert all_on_the_last(pages, selection.lang)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_real_phone_numbers_fit_there_too(condition: str) -> None:
    brand = load_brand(WORKSPACE, "juniper", "en")
    number = "(401) 846-2299 ext. 4410"
    phones = {"phones": (Phone("Clinic", number),), "night_phone": Phone("Nights", number)}
    made = laid_out(condition, "large-print", replace(brand, sample=False, **phones))
    pages = placed(made)
    assert all_on_the_last(pages, "en")
    assert sum(number in item.text for _, item in texts(pages[-1:])) == 2


#: Words of the last page, from its top to its end.
LAST_WORDS = {
    "en": ("Keep this page where you can see it", "Call 911.", "988", "Call us today", "Day:",
           "Show your card"),
    "es": ("Tenga esta página donde la pueda ver", "Llame al 911.", "988", "Llámenos hoy",
           "De día:", "Muestre su tarjeta"),
}  # fmt: skip


def all_on_the_last(pages: list[PlacedPage], lang: str) -> bool:
    """Whether the last page holds its title, all of both boxes and the phone lines, no other."""
    words = dict.fromkeys((len(pages) - 1, len(pages)), "")
    for page, item in texts(pages[-2:]):
        words[page] += item.text
    before, last = words.values()
    return all(part in last and part not in before for part in LAST_WORDS[lang])


@every(
    *(
        Selection(one, "large-print", lang, "juniper", "letter")
        for one, lang in product(CONDITIONS, ("en", "es"))
    )
)
def test_the_main_message_stands_on_the_first_page_of_large_print(selection: Selection) -> None:
    assert starts(pages_of(selection))["main-message"] == 1


# --- breaks ---


@every(*DEFAULTS, *LONG)
def test_no_line_ends_within_a_hyphenated_term(selection: Selection) -> None:
    before: PlacedText | None = None
    for _, item in texts(pages_of(selection)):
        if before and before.leaf is item.leaf and before.y != item.y:
            assert not before.text.rstrip().endswith("-"), before.text + "|" + item.text
        before = item


@every(*DEFAULTS, *LONG)
def test_no_page_holds_one_or_two_references_alone(selection: Selection) -> None:
    pages = pages_of(selection)
    found = [
        sum(isinstance(item, PlacedAnchor) and item.elem.id.startswith("ref-") and
            item.elem.id[4:].isdigit() for item in page.items)
        for page in pages
    ]  # fmt: skip
    counts = [count for count in found if count]
    if selection.choice is SectionChoice.ALL or selection.layout == "referral":
        counts = counts[-2:]  # complete sources have four lines or more: one may begin on a page
        assert len(counts) <= 1 or counts[-1] >= 3, counts
    else:
        assert len(counts) <= 1 or min(counts) >= 3, counts


def begins_whole(page: PlacedPage, sources: int) -> bool:
    """Whether it begins with what is not split: a picture, the last three of ``sources``, the
    diary, a check list with its heading."""
    first = next(item.leaf for item in page.items
                 if isinstance(item, PlacedText | PlacedImage) and item.leaf)  # fmt: skip
    item = around(first.elem, "LI")
    ids = (one.id.removeprefix("ref-") for one in item.walk()) if item else ()
    is_filled_in = section_of(first) in ("trial-diary", "tell-us-first", "questions-to-ask")
    return bool(around(first.elem, "Figure")) or f"{sources - 2}" in ids or is_filled_in


@every(*(one for one in DEFAULTS + LONG if one.layout != "referral"))
def test_no_page_is_a_third_empty_before_what_follows(selection: Selection) -> None:
    """Half empty, before what is not split: in large print a picture is half a page high."""
    made, pages = document(selection), pages_of(selection)
    sources = sum(id.removeprefix("ref-").isdigit() for id in starts(pages))
    bare = [
        page.number
        for page, following in pairwise(pages)
        if page.master == following.master
        and filled(made, page) < (0.5 if begins_whole(following, sources) else 0.64)
    ]
    assert bare == []


@every(*(one for one in DEFAULTS + LONG + PAIRS if one.layout != "referral"))
def test_the_page_of_the_references_is_not_nearly_empty(selection: Selection) -> None:
    made, pages = document(selection), pages_of(selection)
    assert filled(made, pages[-2]) > 0.3


@every(*DEFAULTS, *LONG, *PAIRS)
def test_a_check_list_stands_on_one_page(selection: Selection) -> None:
    where: dict[int, set[int]] = {}
    for page in pages_of(selection):
        for item in page.items:
            match item:
                case PlacedImage(image=IconPicture(icon="checkbox"), leaf=leaf) if leaf:
                    block = around(leaf.elem, "L")
                    where.setdefault(id(block), set()).add(page.number)
    assert where or selection.layout == "referral"
    assert all(len(pages) == 1 for pages in where.values())


@every(*PAIRS)
def test_a_finger_finds_the_other_picture_on_the_same_page(selection: Selection) -> None:
    """Beside its twin where a column is wide enough, else below it."""
    shown = {
        (page.number, id(figure)): section_of(item.leaf)
        for page in pages_of(selection)
        for item in page.items
        if isinstance(item, PlacedImage) and item.leaf and section_of(item.leaf)
        if (figure := around(item.leaf.elem, "Figure"))
    }
    assert shown
    assert len({figure for _, figure in shown}) == len(shown)
    sections = Counter((number, section) for (number, _), section in shown.items())
    for number, section in sections:
        name = section.removeprefix("es-")
        assert sections[number, name] == sections[number, f"es-{name}"], (number, name)


# --- the long version ---


@every(*LONG)
def test_a_table_to_fill_in_keeps_its_heading(selection: Selection) -> None:
    pages = pages_of(selection)
    heading = starts(pages)["trial-diary"]
    rows = [
        page
        for page, item in texts(pages)
        if item.leaf and around(item.leaf.elem, "TBody") and section_of(item.leaf) == "trial-diary"
    ]
    assert heading == rows[0]
    if selection.layout == "standard":
        assert {*rows} == {heading}, "the page that a patient brings"


def section_of(leaf: Leaf) -> str:
    """The id of the innermost section that holds ``leaf``."""
    section = around(leaf.elem, "Sect")
    return section.id if section else ""


@every(*LONG)
def test_contents_stand_on_one_page_in_print_of_the_usual_size_on_the_first(
    selection: Selection,
) -> None:
    made = document(selection)
    (frame,) = made.masters["page"].frames
    found = [
        (page, item.y)
        for page, item in texts(pages_of(selection))
        if item.leaf and around(item.leaf.elem, "TOC")
    ]
    heights = [y for _, y in found]
    large = selection.layout == "large-print"
    assert {page for page, _ in found} == {2 if large else 1}
    assert max(heights) - min(heights) < frame.height / (1 if large else 3)
