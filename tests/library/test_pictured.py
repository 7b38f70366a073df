"""Pictures that a section asks for: numbers from the evidence, words for a listener, tags."""

from __future__ import annotations

import io
import re
from collections import deque

import pikepdf
import pytest
from msgspec.structs import replace

from handouts.compose import words_of
from handouts.compose.pictured import PictureData
from handouts.compose.values import Values
from handouts.errors import ContentError, LayoutError
from handouts.model import (
    Figure,
    LayoutFacts,
    ListBlock,
    ListItem,
    Paragraph,
    QRFigure,
    Svg,
    Text,
    plain_text,
)
from handouts.model.serial import Extent, canonical
from handouts.pdf import render
from handouts.pdf.validate import validate
from tests.flow.placing import flowed
from tests.library.conftest import CLINIC, FILES, Content
from tests.pdf.dump import dump
from tests.pdf.samples import document

PEOPLE = "::: people sprain-2020.well\n81 of 100 people with a sprain [@sprain-2020].\n:::\n"
NUMBERS = """
[sprain-2020.people]
well = {count = 81, of = 100, name.en = "Splint", yes.en = "well", no.en = "not well"}
few = {count = 5, of = 9, not_counted = 1, name.en = "Rest", yes.en = "well", no.en = "not well"}
"""
ALT = "Splint: 81 of 100 are filled in: well. 19: not well."
QR = "::: qr https://hill.example/sprain\nhill.example/sprain\n:::\n"


@pytest.fixture
def content(content: Content) -> Content:
    content.write("evidence.toml", FILES["evidence.toml"] + NUMBERS)
    return content


def words_now(content: Content) -> str:
    return canonical(words_of(content.library(), "sprain"), Extent.MEANING)


def test_people_get_their_numbers_and_words_from_data(content: Content) -> None:
    content.section("about", PEOPLE + "\n" + QR)
    people, code = content.compose().sections[0].body
    assert isinstance(people, Figure)
    assert people.alt == ALT
    said = [plain_text(one.children) for one in people.labels]
    assert said == ["Splint. Each is one of 100.", "81 well", "19 not well"]
    assert plain_text(people.caption) == "81 of 100 people with a sprain."
    assert isinstance(code, QRFigure)
    assert (code.href, code.alt) == (
        "https://hill.example/sprain",
        "Opens https://hill.example/sprain.",
    )


def test_among_words_of_another_language_their_own_are_heard_in_the_handouts(
    content: Content,
) -> None:
    content.section("about", f"::: lang es\n{PEOPLE}\n{QR}:::\n")
    source = ListBlock((ListItem((Paragraph((Text("Roe R."),)),), reference=1),))
    data = render(document(*content.compose().sections[0].body, source))
    assert validate(data) == ()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tags = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        assert [str(one.Lang) for one in tags if one.S == "/Figure"] == ["en", "en"]
        said = [one.K for one in tags if one.S == "/Caption"]
        assert [(str(one.S), str(one.Lang)) for one in said] == [("/Span", "es")] * 2


def test_both_are_figures_with_words_in_a_valid_file(content: Content) -> None:
    content.section("about", PEOPLE + "\n" + QR)
    source = ListBlock((ListItem((Paragraph((Text("Roe R."),)),), reference=1),))
    data = render(document(*content.compose().sections[0].body, source))
    assert validate(data) == ()
    heard = dump(data)
    assert f"Figure Alt='{ALT}'" in heard
    assert "Figure Alt='Opens https://hill.example/sprain.'" in heard


def test_a_change_of_numbers_or_words_needs_a_new_approval(content: Content) -> None:
    content.section("about", PEOPLE)
    before = words_now(content)
    assert words_now(content) == before
    content.change("evidence.toml", "81", "80")
    after = words_now(content)
    assert after != before
    content.change("interface/en.toml", "are filled", "is filled")
    assert words_now(content) != after


def test_the_numbers_of_a_picture_stand_in_its_source(content: Content) -> None:
    content.section("about", PEOPLE.replace("81 of 100", "Some").replace(".well", ".few"))
    told = "5 and 9 and 1 cannot be found in sprain-2020."
    assert [one.message for one in content.check()] == [told]
    result = 'result.en = "5 of 9; 1 had no result."\nconditions = ["sprain"]'
    content.change("evidence.toml", 'conditions = ["sprain"]', result)
    assert content.check() == ()


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (PEOPLE.replace(".well", ".ill"), "evidence.toml has no people sprain-2020.ill."),
        (
            PEOPLE.replace("sprain-2020.well", "spain.well"),
            "evidence.toml has no people spain.well.",
        ),
        (PEOPLE.replace(" [@sprain-2020]", ""), "the caption does not cite sprain-2020."),
        (PEOPLE.replace("@sprain-2020", "@fda"), "the caption does not cite sprain-2020."),
        (
            PEOPLE.replace("\n:::", "\n\nMore.\n:::"),
            "does not hold one paragraph alone.",
        ),
        (
            QR.replace("https://hill.example/sprain", "hill", 1),
            "hill must begin with https://",
        ),
        (
            QR.replace("/sprain", "/" + "a" * 280, 1),
            "must not have 301 characters, but 300 at most.",
        ),
        (QR.replace("/sprain", "/ü", 1), "digits and their signs, not “ü”"),
        (QR.replace("https://hill.example/sprain", "#a", 1), "#a must begin with https://"),
        ("::: qr\nx\n:::", "::: qr needs a word after it."),
    ],
)
def test_what_is_wrong_with_a_picture_is_reported(content: Content, body: str, wanted: str) -> None:
    content.section("about", body)
    with pytest.raises(ContentError) as caught:
        content.compose()
    assert wanted in str(caught.value)


@pytest.mark.parametrize("key", ["people_alt", "people_of", "people_not_counted", "qr_alt"])
def test_words_that_a_listener_needs(content: Content, key: str) -> None:
    content.section("about", PEOPLE + "\n" + QR)
    content.change("interface/en.toml", key, f"other_{key}")
    with pytest.raises(ContentError) as caught:
        content.compose()
    assert [finding.message for finding in caught.value.findings] == [f"{key} is missing."]


def test_words_of_their_own_stay(content: Content) -> None:
    library = content.library()
    pictures = PictureData(library, Values(library, "sprain", CLINIC), CLINIC, [])
    assert pictures.filled(QRFigure("https://a.org", "Own words."), "").alt == "Own words."
    assert pictures.findings == []


def test_numbers_that_cannot_be_drawn_are_reported(content: Content) -> None:
    content.section("about", PEOPLE)
    right = "{count = 81, of = 100,"
    for share in (
        "{count = 9, of = 8,", "{count = 0, of = 0,", "{count = 1, of = 101,",
        "{count = 9, of = 10, not_counted = 2,", "{count = 9, of = 10, not_counted = -1,",
    ):  # fmt: skip
        content.change("evidence.toml", right, share)
        with pytest.raises(ContentError, match="people cannot be drawn"):
            content.compose()
        content.change("evidence.toml", share, right)


def test_two_arrays_stand_side_by_side_and_tell_who_was_not_counted(content: Content) -> None:
    content.section("about", PEOPLE.replace(".well", ".well sprain-2020.few"))
    (figure,) = content.compose().sections[0].body
    assert isinstance(figure, Figure)
    assert figure.alt == f"{ALT} Rest: 5 of 9 are filled in: well. 3: not well. 1 not counted."
    said = [plain_text(one.children) for one in figure.labels]
    each = "Each is one of 100."
    assert said[:5] == ["81", "of 100 Splint", "81 well", "19 not well", each]
    assert said[5:] == ["5", "of 9 Rest", "5 well", "3 not well", "1 not counted"]
    assert figure.labels[5].x > figure.width / 2
    assert [one.x for one in figure.labels if plain_text(one.children) == each] == [0.5]
    assert isinstance(figure.image, Svg)
    assert b"#102030" in figure.image.data  # the brand's primary colour


def test_words_of_an_array_that_are_missing_are_one_finding_each(content: Content) -> None:
    content.section("about", PEOPLE)
    words = 'name.en = "Splint", yes.en = "well", no.en = "not well"'
    content.change("evidence.toml", words, 'yes.en = " "')
    missing = [finding.message for finding in content.wrong()]
    assert missing == [
        f"sprain-2020.well: {key} has no text in language en." for key in ("name", "yes", "no")
    ]


@pytest.mark.parametrize("long", [False, True])
def test_many_people_alone_stand_in_rows_as_wide_as_the_page_above_their_words(
    content: Content, long: bool
) -> None:
    more = "not well, and had to come back to us for more" if long else "not well"
    content.section("about", PEOPLE)
    content.change("evidence.toml", 'no.en = "not well"}\nfew', f'no.en = "{more}"}}\nfew')
    (figure,) = content.compose().sections[0].body
    assert isinstance(figure, Figure)
    assert isinstance(figure.image, Svg)
    assert figure.image.width == 330
    assert figure.image.height == 90 + long * 15.5  # four rows; words, side by side if they fit
    title, yes, no = figure.labels
    assert title.y < 12
    assert yes.y > 80
    assert (no.x > yes.x, no.y > yes.y) == (not long, long)
    assert no.x + no.width <= figure.width + 0.5


def test_a_few_people_alone_stand_in_one_row(content: Content) -> None:
    content.section("about", PEOPLE.replace(".well", ".few").replace("81 of 100", "5 of 9"))
    (figure,) = content.compose().sections[0].body
    assert isinstance(figure, Figure)
    assert isinstance(figure.image, Svg)
    places = re.findall(rb"M(\S+) (\S+?)m", figure.image.data)
    assert len({y for _, y in places}) == 2  # of the people, and of the words below
    assert max(float(x) for x, _ in places) < 330 / 2  # as near to each other as many are
    assert {label.y for label in figure.labels[1:]} == {figure.image.height - 14 + 10.3}


def test_a_shape_of_a_small_study_is_one_person(content: Content) -> None:
    content.section("about", PEOPLE.replace(".well", ".few").replace("81 of 100", "5 of 9"))
    (figure,) = content.compose().sections[0].body
    assert isinstance(figure, Figure)
    assert plain_text(figure.labels[0].children) == "Rest. Each is one person."


@pytest.mark.parametrize("name", ["Splint", "Splint for people with a sprain of the ankle"])
def test_what_a_shape_is_stands_once_in_a_handout_behind_the_title_or_below(
    content: Content, name: str
) -> None:
    content.section("about", f"{PEOPLE}\n{PEOPLE.replace('.well', '.few')}")
    content.change("evidence.toml", "Splint", name)
    first, second = (
        [plain_text(label.children) for label in figure.labels]
        for figure in content.compose().sections[0].body
        if isinstance(figure, Figure)
    )
    each = "Each is one of 100."
    assert first == (
        [f"{name}. {each}", "81 well", "19 not well"]
        if name == "Splint"
        else [name, "81 well", "19 not well", each]
    )
    assert second == ["Rest", "5 well", "3 not well", "1 not counted"]


@pytest.mark.parametrize("width", [330.0, 256.0, 70.0])
@pytest.mark.parametrize(
    "name",
    [
        "Women who came home at 6 weeks",
        "Women who had more than two months of warm home care now",
        "Rest",
    ],
)
def test_no_words_of_an_array_stand_over_its_people(
    content: Content, name: str, width: float
) -> None:
    content.section("about", PEOPLE.replace(".well", ".few").replace("81 of 100", "5 of 9"))
    content.change("evidence.toml", '"Rest"', f'"{name}"')
    made = content.compose(facts=LayoutFacts("own", people=width)).sections[0].body[0]
    assert isinstance(made, Figure)
    flowed(document(made))
    title, *others = made.labels
    longer = (
        document(replace(made, labels=(replace(title, children=(Text("more " * words),)), *others)))
        for words in range(1, 200)  # those that fit are no mistake
    )
    with pytest.raises(LayoutError, match=r"the label stands over the picture\..*evidence\.toml"):
        deque(map(flowed, longer), 0)


def test_the_name_of_one_of_two_groups_fits_on_its_line(content: Content) -> None:
    content.section("about", PEOPLE.replace(".well", ".well sprain-2020.few"))
    content.change("evidence.toml", '"Splint"', '"A stiff brand of splint"')
    (found,) = content.wrong()
    assert found.message == (
        "the name of sprain-2020.well has 23 letters; beside another group it may have 19."
    )
    content.change("evidence.toml", '"A stiff brand of splint"', '"A good stiff splint"')
    assert content.compose()
