"""Pictures that a section asks for: numbers from the evidence, words for a listener, tags."""

from __future__ import annotations

import io

import pikepdf
import pytest

from handouts.compose import words_of
from handouts.compose.pictured import PictureData
from handouts.errors import ContentError
from handouts.model import (
    Cite,
    ListBlock,
    ListItem,
    Paragraph,
    PeopleFigure,
    QRFigure,
    Text,
    plain_text,
)
from handouts.model.serial import Extent, canonical
from handouts.pdf import render
from handouts.pdf.validate import validate
from tests.library.conftest import FILES, Content
from tests.pdf.dump import dump
from tests.pdf.samples import document

PEOPLE = "::: people sprain-2020.well\n81 of 100 people with a sprain [@sprain-2020].\n:::\n"
QR = "::: qr https://hill.example/sprain\nhill.example/sprain\n:::\n"


@pytest.fixture
def content(content: Content) -> Content:
    numbers = "[sprain-2020.people]\nwell = {count = 81, of = 100}\n"
    content.write("evidence.toml", FILES["evidence.toml"] + numbers)
    return content


def words_now(content: Content) -> str:
    return canonical(words_of(content.library(), "sprain"), Extent.MEANING)


def test_people_get_their_numbers_and_words_from_data(content: Content) -> None:
    content.section("about", PEOPLE + "\n" + QR)
    people, code = content.compose().sections[0].body
    assert isinstance(people, PeopleFigure)
    assert (people.count, people.of, people.alt) == (81, 100, "81 of 100 shapes are filled in.")
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
    assert "Figure Alt='81 of 100 shapes are filled in.'" in heard
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


@pytest.mark.parametrize("key", ["people_alt", "qr_alt"])
def test_words_that_a_listener_needs(content: Content, key: str) -> None:
    content.section("about", PEOPLE + "\n" + QR)
    content.change("interface/en.toml", key, f"other_{key}")
    with pytest.raises(ContentError) as caught:
        content.compose()
    assert [finding.message for finding in caught.value.findings] == [
        f"{key} is missing: it is heard, or stands in packets."
    ]


def test_words_of_their_own_stay(content: Content) -> None:
    pictures = PictureData(content.library(), [])
    caption = (Cite("sprain-2020"),)
    for node in (
        QRFigure("https://a.org", "Own words."),
        PeopleFigure("sprain-2020.well", alt="Own words.", caption=caption),
    ):
        assert pictures.filled(node, "").alt == "Own words."
    assert pictures.findings == []


def test_numbers_that_cannot_be_drawn_are_reported(content: Content) -> None:
    content.section("about", PEOPLE)
    for share in ("{count = 9, of = 8}", "{count = 0, of = 0}", "{count = 1, of = 101}"):
        content.change("evidence.toml", "{count = 81, of = 100}", share)
        with pytest.raises(ContentError, match="people cannot be drawn"):
            content.compose()
        content.change("evidence.toml", share, "{count = 81, of = 100}")
