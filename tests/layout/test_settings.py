"""layout.toml: styles found and inherited, masters, extends; all findings with their line."""

from __future__ import annotations

import pytest
from msgspec.structs import fields

from handouts.errors import UsageError
from handouts.layout import check_layout, lay_out
from handouts.layout.styles import INLINE_STYLE_KEYS, STYLE_KEYS, StyleSheet
from handouts.model import Align, Edges, InlineStyle, LayoutFacts, Panel, Paragraph, Style
from tests.layout.conftest import SETTINGS, Bench, a_handout

LINES = SETTINGS.count("\n")


def sheet(**styles: dict[str, object]) -> StyleSheet:
    tables = {key.replace("__", "."): table for key, table in styles.items()}
    return StyleSheet({"body": {}, "p": {}, "ul": {}, **tables}, {}, lambda *_: None)  # type: ignore[arg-type]


class TestLookUp:
    def test_the_class_decides(self) -> None:
        assert sheet(warning={}, p={}).key("warning", "p", ()) == "warning"

    def test_a_class_within_a_class_comes_before_it(self) -> None:
        found = sheet(main__key={}, key={}).key(
            "key", "aside", (("", "section"), ("main", "aside"))
        )
        assert found == "main.key"

    def test_then_the_nearest_ancestors_class(self) -> None:
        styles = sheet(warning__p={}, note__p={}, aside__p={})
        around = (("note", "aside"), ("warning", "aside"))
        assert styles.key("", "p", around) == "note.p"

    def test_then_an_ancestors_tag(self) -> None:
        assert sheet(aside__p={}).key("", "p", (("", "li"), ("box", "aside"))) == "aside.p"

    def test_then_the_tag(self) -> None:
        assert sheet().key("unheard", "p", (("other", "aside"),)) == "p"


class TestInheritance:
    def test_a_tag_builds_on_the_style_of_all_text(self, bench: Bench) -> None:
        styles = sheet(body={"size": 10}, p={"leading": 14})
        assert styles.resolve("p", bench.brand).size == 10.0

    def test_a_key_with_a_dot_builds_on_its_tag(self, bench: Bench) -> None:
        styles = sheet(p={"space_after": 7}, note__p={"bold": True})
        resolved = styles.resolve("note.p", bench.brand)
        assert (resolved.space_after, resolved.bold) == (7.0, True)

    def test_like_names_another(self, bench: Bench) -> None:
        styles = sheet(aside={"padding": [5, 9]}, note={"like": "aside", "align": "centre"})
        resolved = styles.resolve("note", bench.brand)
        assert resolved.padding == Edges(5.0, 9.0, 5.0, 9.0)
        assert resolved.align is Align.CENTRE

    def test_brand_colours(self, bench: Bench) -> None:
        resolved = sheet(p={"colour": "brand.primary"}).resolve("p", bench.brand)
        assert resolved.colour == bench.brand.colours["primary"]


def test_every_field_of_a_style_can_be_set() -> None:
    assert set(STYLE_KEYS) == {item.name for item in fields(Style)}
    assert set(INLINE_STYLE_KEYS) == {item.name for item in fields(InlineStyle)}


WRONG = [
    ("[styles.box]\nsise = 3", 2, "unknown style key “sise”. Did you mean size"),
    ('[styles.box]\nsize = "3"', 2, "size must be a number of points, not “3”"),
    ("[styles.box]\nsize = -3", 2, "size must be a number of points"),
    ("[styles.box]\nbold = 1", 2, "bold must be true or false"),
    ('[styles.box]\ncolour = "red"', 2, "colour must be"),
    ('[styles.box]\ncolour = "brand.pink"', 2, "colour must be"),
    ('[styles.box]\ncolour = ""', 2, "colour must be"),
    ('[inline.cite]\ncolour = ""', 2, "colour must be"),
    ("[styles.box]\npadding = [1, 2, 3]", 2, "padding must be [all]"),
    ('[styles.box]\nfamily = "Arial"', 2, 'family must be "body" or "heading"'),
    ('[styles.box]\nalign = "justify"', 2, "align must be"),
    ("[styles.box]\norphans = 0", 2, "orphans must be a whole number"),
    ('[styles.box]\nlike = "unheard"', 2, "unknown style “unheard”"),
    ('[styles.box]\nlike = "box"', 2, "is like itself"),
    (
        "".join(f'[styles.s{i}]\nlike = "s{i + 1}"\n' for i in range(17)) + "[styles.s17]",
        2,
        "the style s0 builds on more than 16 others",
    ),
    ("[inline.box]\nsize = 3", 2, "unknown style key “size”"),
    ("[masters.two]\nframes = []", 1, "the page master two has no frame"),
    ('[masters.two]\nnext = "three"\nframes = [{ top = 1, left = 1, width = 99, height = 99 }]',
     2, "unknown page master “three”"),
    ("[masters.two]\nframes = [{ top = 1, left = 1, width = 99 }]", 2, "give two of top, bottom"),
    ("[masters.two]\nframes = [{ top = 1, left = 1, width = 999, height = 99 }]",
     2, "reaches off the page on letter"),
    ("[masters.two]\nframes = [{ top = 400, bottom = 391, left = 1, right = 1 }]",
     2, "is too small on letter"),
    ("[masters.two]\nframes = [{ top = 1, left = 1, width = 99, height = 99, depth = 3 }]",
     2, "unknown key “depth”"),
    ("[unheard]\na = 1", 1, "unknown key “unheard”"),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "line", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_wrong_settings_are_found(bench: Bench, extra: str, line: int, message: str) -> None:
    problems = bench.settings(extra).problems()
    found = [problem for problem in problems if message in problem]
    assert found, problems
    assert found[0].startswith(f"layout.toml:{LINES + line}: "), found


def test_findings_of_settings_and_template_come_together(bench: Bench) -> None:
    bench.settings("[styles.box]\nsise = 3").template("{% set a = 1 %}")
    problems = bench.problems()
    assert [problem.split(":")[0] for problem in problems] == ["layout.toml", "handout.xml.j2"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"patient"', '"dentist"', 'kind: must be "patient" or "large-print" or "enclosure"'),
        ('["letter"]', "[]", "papers is missing"),
        ('["letter"]', '["lettre"]', "unknown paper “lettre”. Did you mean letter"),
        ("title.en", "title.de", "title.en is missing"),
        ("[styles.li]", "", "styles are missing: li"),
    ],
)
def test_what_every_layout_has(bench: Bench, old: str, new: str, message: str) -> None:
    bench.write("small/layout.toml", SETTINGS.replace(old, new))
    assert any(message in problem for problem in bench.problems())


def test_styles_of_classes_and_surroundings_reach_the_document(bench: Bench) -> None:
    bench.settings('[styles.note]\nlike = "aside"\n[styles."note.p"]\nsize = 10\n')
    bench.template('<aside class="note"><p>a</p></aside><p>b</p>')
    document = bench.lay_out()
    panel, after = document.blocks
    assert isinstance(panel, Panel)
    assert isinstance(after, Paragraph)
    inside = panel.children[0]
    assert isinstance(inside, Paragraph)
    assert (panel.style, inside.style, after.style) == ("note", "note.p", "p")
    assert document.styles["note.p"].size == 10.0
    assert set(document.styles) == {"caption", "note", "note.p", "p"}


class TestExtends:
    @pytest.fixture
    def child(self, bench: Bench) -> Bench:
        bench.write(
            "child/layout.toml",
            'extends = "small"\ntitle.en = "Child"\n[styles.p]\nsize = 20\n',
        )
        return bench

    def test_what_is_left_out_comes_from_the_parent(self, child: Bench) -> None:
        layout = child.load("child")
        assert layout.settings.title["en"] == "Child"
        assert layout.settings.description["en"] == "A small layout."
        assert layout.template.file.endswith("small/handout.xml.j2")
        assert layout.sheet.resolve("p", child.brand).size == 20.0
        assert layout.facts == LayoutFacts("child", "patient")

    def test_an_own_template_replaces_the_parents(self, child: Bench) -> None:
        child.write("child/handout.xml.j2", '<document master="page"><p>own</p></document>')
        document = lay_out(a_handout(), child.load("child"), child.brand, "letter")
        assert len(document.blocks) == 1

    def test_findings_name_the_file_that_holds_the_key(self, child: Bench) -> None:
        child.settings("[styles.box]\nsise = 3\n")
        (problem,) = child.problems(lambda: child.load("child"))
        assert problem.startswith(f"layout.toml:{LINES + 2}: unknown style key “sise”")

    def test_the_kind_is_the_parents_too(self, child: Bench) -> None:
        child.write("small/layout.toml", SETTINGS.replace('"patient"', '"partial"', 1))
        assert child.load("child").facts.kind == "partial"

    def test_a_circle_is_found(self, child: Bench) -> None:
        child.write("small/layout.toml", 'extends = "child"\n')
        assert (
            "extends itself (child → small → child)"
            in child.problems(lambda: child.load("child"))[0]
        )

    def test_an_unknown_parent_is_found(self, bench: Bench) -> None:
        bench.write("child/layout.toml", '\nextends = "smal"\n')
        (problem,) = bench.problems(lambda: bench.load("child"))
        assert "child/layout.toml:2: unknown layout “smal”. Did you mean small" in problem


def test_an_unknown_layout(bench: Bench) -> None:
    with pytest.raises(UsageError, match=r"There is no layout “standart”[.] Did you mean standard"):
        bench.load("standart")


@pytest.mark.parametrize("name", ["../small", "small/", "My Small", "SMALL"])
def test_a_name_is_a_slug(bench: Bench, name: str) -> None:
    # It becomes a part of the PDF's name.
    bench.write("My Small/layout.toml", SETTINGS)
    with pytest.raises(UsageError, match="There is no layout"):
        bench.load(name)


def test_check_layout_tries_the_layout_out(bench: Bench) -> None:
    bench.template('<p id="same">{{ handout.title }}</p><p>{{ handout.approved_by }}</p>')
    findings = check_layout(bench.workspace, "small")
    assert [finding.message for finding in findings] == ["<p> is empty."]


def test_check_layout_returns_what_loading_finds(bench: Bench) -> None:
    findings = check_layout(bench.template("<foo/><bar/>").workspace, "small")
    assert len(findings) == 2


@pytest.mark.parametrize(
    ("parent", "style", "owner"),
    [
        ("standard", "section", "a box"),
        ("standard", "h2", "a box"),
        ("standard", "ul", "a box"),
        ("booklet", "h2", "a box"),
        ("bilingual", "li", "a list item"),
    ],
)
def test_a_style_that_starts_a_page_in_a_box_is_named_with_its_line(
    bench: Bench, parent: str, style: str, owner: str
) -> None:
    """The words that it hits are not to blame."""
    text = f'extends = "{parent}"\ntitle.en = "Mine"\n[styles.{style}]\npage_break_before = true\n'
    bench.write("mine/layout.toml", text)
    found, *_ = bench.trial("mine")
    assert "layouts/mine/layout.toml:4: page_break_before of the style " in found, found
    assert f"{style}: a page break cannot stand in {owner}" in found
