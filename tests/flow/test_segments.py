"""Segments: where a line may end, how wide the pieces are, which leaf they belong to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.errors import ContentError, LayoutError, Source
from handouts.flow.segments import Break, Segment, split_word
from handouts.model import (
    Abbr,
    Blank,
    Cite,
    Icon,
    LineBreak,
    Link,
    Paragraph,
    Slot,
    Span,
    Text,
)
from tests.flow.placing import PLAIN, STYLES, maker, place


def pieces(*nodes: Text | Span | LineBreak | Cite | Icon | Blank | Slot | Abbr) -> list[Segment]:
    return maker().segments(nodes, PLAIN).items


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("plain", ("plain",)),
        ("follow-up", ("follow-", "up")),
        ("X-ray", ("X-ray",)),
        ("2017-18", ("2017-18",)),
        ("and/or", ("and/", "or")),
        ("24/7", ("24/7",)),
        ("leg—or", ("leg—", "or")),
        ("6–8", ("6–8",)),
        ("knee–hip", ("knee–", "hip")),
        (["(555)", "010-0142"][1], ("010-0142",)),
        ("https://example.org/a-b/c.html", ("https://example", ".org/", "a", "-b/", "c", ".html")),
        ("www.example.org.", ("www.example", ".org.")),
        ("doi.org/10.1097/j.pain", ("doi", ".org/", "10.1097/", "j", ".pain")),
        ("ann@example.org", ("ann", "@example", ".org")),
        ("Kran\u00adken\u00adhaus", ("Kran\u00ad", "ken\u00ad", "haus")),
    ],
)
def test_words_split_where_a_reader_expects_it(word: str, parts: tuple[str, ...]) -> None:
    assert split_word(word) == parts


@given(st.text(st.characters(exclude_characters=" ", codec="utf-8"), min_size=1))
def test_the_parts_of_a_word_are_the_word(word: str) -> None:
    assert "".join(split_word(word)) == word


def test_no_break_space_holds_words_together() -> None:
    made = pieces(Text("5\u00a0pounds a day"))
    assert [segment.text for segment in made] == ["5\u00a0pounds ", "a ", "day"]
    assert [segment.after for segment in made] == [Break.MAY, Break.MAY, Break.NO]


def test_runs_join_within_a_word() -> None:
    made = pieces(Text("pre"), Span((Text("fix"),), "strong"), Text(", then"))
    assert [(segment.text, segment.after) for segment in made] == [
        ("pre", Break.NO),
        ("fix", Break.NO),
        (", ", Break.MAY),
        ("then", Break.NO),
    ]


def test_full_width_counts_spaces_and_core_does_not() -> None:
    first, _ = pieces(Text("word  next"))
    space = first.run.width(" ")
    assert first.full == pytest.approx(first.core + 2 * space)


def test_a_new_line_in_text_is_a_space() -> None:
    assert [segment.text for segment in pieces(Text("a\n\tb"))] == ["a  ", "b"]


def test_nowrap_is_one_piece() -> None:
    made = pieces(Span((Text("(555) 010-0142"),), "nowrap"))
    assert [segment.text for segment in made] == ["(555) 010-0142"]


def test_a_forced_break_leaves_a_space_for_the_ear() -> None:
    made = pieces(Text("Main Street 1"), LineBreak(), Text("Springfield"))
    assert made[2].text == "1 "
    assert made[2].after is Break.MUST
    word, _ = pieces(Text("Боль"), LineBreak(), Text("pain"))
    assert word.text == "Боль "
    assert word.run.face.covers(word.text)


def test_two_forced_breaks_make_an_empty_line() -> None:
    result = place(Paragraph((Text("a"), LineBreak(), LineBreak(), Text("b")), "p"))
    first, last = result.texts()
    assert first.y - last.y == pytest.approx(24)


def test_forced_breaks_at_the_ends_make_no_line() -> None:
    result = place(Paragraph((LineBreak(), Text("a"), LineBreak()), "p"))
    assert result.lines() == ["a"]


def test_citations_are_parted_from_words_and_each_other() -> None:
    result = place(
        Paragraph((Text("Yes."), Cite("a", 1), Cite("b", 2)), "p"),
    )
    assert result.read() == "Yes. 1, 2"
    assert all(item.leaf for item in result.texts())


def test_a_citation_is_raised_and_stays_with_its_word() -> None:
    width = pieces(Text("one word"))[0].run.width("one word") + 1
    result = place(Paragraph((Text("one word"), Cite("a", 1)), "p"), width=width)
    word, space, number = result.texts()[-3:]
    assert (word.text, space.text) == ("word", " ")
    assert number.y == pytest.approx(word.y + 4)


def test_marks_and_blanks_have_width() -> None:
    mark, blank = pieces(Icon("check", "yes"), Blank(80, "name"))
    assert 4 < mark.core < 10
    assert blank.core == 80


def test_kerned_text_is_measured_with_its_kerns() -> None:
    style = STYLES["h"]
    (segment,) = maker().segments((Text("AVATAR"),), style).items
    kerns = segment.run.face.kerns("AVATAR")
    assert kerns
    plain = segment.run.face.width("AVATAR", style.size)
    assert segment.core == pytest.approx(plain - sum(by for _, by in kerns) * style.size / 1000)


def test_an_unknown_inline_style_names_its_source() -> None:
    source = Source("layout.xml", 7)
    with pytest.raises(LayoutError, match=r"layout.xml:7.*“blink”"):
        maker().segments((Span((Text("x"),), "blink", source=source),), PLAIN)


def test_a_character_without_glyph_names_its_source() -> None:
    with pytest.raises(ContentError, match=r"risks.md:3.*U\+4E00"):
        maker().segments((Text("一", Source("risks.md", 3)),), PLAIN)


def test_a_missing_character_comes_from_the_fallback() -> None:
    made = pieces(Text("Việt"))
    assert [segment.text for segment in made] == ["Vi", "ệ", "t"]
    assert made[0].run.face is not made[1].run.face


def test_links_have_one_area_a_line() -> None:
    link = Link((Text("our pages on the web for you"),), "https://example.org", "Our pages")
    result = place(Paragraph((Text("See "), link, Text(".")), "p"), width=80)
    from handouts.flow.placed import PlacedLink

    areas = [item for _, item in result.items() if isinstance(item, PlacedLink)]
    assert len(areas) == len(result.lines()) >= 2
    assert all(area.target.elem is result.tree.link_elem(link) for area in areas)
    assert {area.target.description for area in areas} == {"Our pages"}


def test_a_link_of_several_runs_has_one_area() -> None:
    link = Link((Text("one "), Span((Text("two"),), "strong"), Text(" three")), "#x", "x")
    result = place(Paragraph((link,), "p"))
    from handouts.flow.placed import PlacedLink

    (area,) = [item for _, item in result.items() if isinstance(item, PlacedLink)]
    last = result.texts()[-1]
    assert area.x + area.width == pytest.approx(last.x + last.face.width(last.text, last.size))


def test_soft_hyphens_show_only_at_the_end_of_a_line() -> None:
    wide = place(Paragraph((Text("Kran\u00adken\u00adhaus"),), "p"))
    assert [item.text for item in wide.texts()] == ["Krankenhaus"]
    narrow = place(Paragraph((Text("Kran\u00adken\u00adhaus"),), "p"), width=45)
    assert [item.text for item in narrow.texts()] == ["Kranken\u00ad", "haus"]
