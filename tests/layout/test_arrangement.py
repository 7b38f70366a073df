"""Which sections a layout takes, in which order and where; what it leaves out, it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handouts.cli.reported import as_row
from handouts.compose import Words, compose
from handouts.compose.bilingual import compose_all
from handouts.errors import LayoutError, UsageError
from handouts.layout import check_layout, demand_room, lay_out, load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import (
    Block,
    Document,
    Group,
    Handout,
    Heading,
    Notice,
    Panel,
    Section,
    Selection,
)
from handouts.pdf import render
from handouts.pdf.validate import page_count, validate
from handouts.workspace import MARKER, Workspace
from tests.layout.conftest import SETTINGS

DOCS = Path(__file__).parents[2] / "docs" / "designers.md"
LINES = SETTINGS.count("\n")
PROTECTING = ("label-status", "risks", "other-choices", "warning-signs", "who-to-call")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / MARKER).touch()
    return Workspace(tmp_path, tmp_path / "output")


def add_layout(workspace: Workspace, text: str, name: str = "own") -> Workspace:
    """The workspace with another layout.toml, read anew."""
    assert workspace.root
    path = workspace.root / "layouts" / name / "layout.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return Workspace(workspace.root, workspace.output)


def composed(workspace: Workspace, condition: str = "crps") -> Handout:
    """What a build would print in the layout ``own``."""
    selection = Selection(condition, "own")
    facts = load_layout(workspace, "own").facts
    brand = load_brand(workspace, "")
    return compose(load_library(workspace, "en"), selection, brand, facts)


def laid_out(workspace: Workspace) -> Document:
    layout = load_layout(workspace, "own")
    return lay_out(composed(workspace), layout, load_brand(workspace, ""), "letter")


def headings(blocks: tuple[Block, ...]) -> list[str]:
    """The ids of the sections, in the order of the page."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Section):
            found.append(block.id)
        elif isinstance(block, Group | Panel):
            found += headings(block.children)
    return found


def test_another_selection_in_five_lines(workspace: Workspace) -> None:
    (example,) = (
        text
        for text in re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.S)
        if "sections =" in text
    )
    assert example.count("\n") == 5
    workspace = add_layout(workspace, example)
    assert check_layout(workspace, "own") == ()
    document = laid_out(workspace)
    assert headings(document.blocks) == ["warning-signs", "who-to-call"]
    data = render(document)
    assert validate(data) == ()
    assert page_count(data) == 1


def test_what_the_example_leaves_out_it_says_once_to_eye_and_ear(workspace: Workspace) -> None:
    workspace = add_layout(workspace, 'extends = "standard"\nsections = ["faq"]\nkind = "partial"')
    handout = composed(workspace)
    assert handout.partial
    (draft,) = (
        b for b in laid_out(workspace).blocks if isinstance(b, Notice) and b.style == "draft"
    )
    assert str(draft).count(handout.terms["partial_notice"]) == 1


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ("", ["main-message", "label-status", "what-it-may-do"]),
        ('sections = ["faq", "*"]', ["faq", "main-message", "label-status"]),
        ('sections = ["risks", "trial", "*"]', ["risks", "trial", "main-message"]),
    ],
)
def test_a_star_stands_for_the_others_of_the_outline(
    workspace: Workspace, keys: str, order: list[str]
) -> None:
    workspace = add_layout(workspace, f'extends = "standard"\n{keys}')
    names = [section.id for section in composed(workspace).sections]
    assert names[:3] == order
    assert len(names) == len(set(names))
    assert {*PROTECTING} < {*names}


def test_sections_may_follow_the_others(workspace: Workspace) -> None:
    workspace = add_layout(workspace, 'extends = "standard"\nsections = ["*", "label-status"]')
    sections = composed(workspace).sections
    assert [one.id for one in sections if not one.last_page][-1] == "label-status"
    assert sections[-1].last_page  # as it is read


def test_a_condition_still_does_without(workspace: Workspace) -> None:
    workspace = add_layout(workspace, 'extends = "standard"\nsections = ["faq", "*"]')
    assert workspace.root
    path = "content/conditions/crps/condition.toml"
    builtin = workspace.find(path)
    assert builtin
    (workspace.root / path).parent.mkdir(parents=True)
    text = builtin.read_text("utf-8") + '\n[sections]\npatient_without = ["faq"]\n'
    (workspace.root / path).write_text(text, "utf-8")
    workspace = Workspace(workspace.root, workspace.output)
    assert "faq" not in [section.id for section in composed(workspace).sections]


@pytest.mark.parametrize(
    ("keys", "last"),
    [
        ("", ["warning-signs", "who-to-call", "sources"]),
        ("last_page = []", []),
        ('last_page = ["risks"]', ["risks"]),
    ],
)
def test_the_layout_says_what_stands_on_the_last_page(
    workspace: Workspace, keys: str, last: list[str]
) -> None:
    workspace = add_layout(workspace, f'extends = "standard"\n{keys}')
    handout = composed(workspace)
    assert [section.id for section in handout.sections if section.last_page] == last
    fridge = [b for b in laid_out(workspace).blocks if isinstance(b, Group) and b.style == "fridge"]
    assert [headings(block.children) for block in fridge] == ([last] if last else [])


WRONG = [
    ('sections = ["riskss", "*"]', "sections: unknown section “riskss”. Did you mean risks?"),
    ('last_page = ["*"]', "last_page: unknown section “*”."),
    ('locked = ["rik"]', "locked: unknown section “rik”."),
    ('sections = ["ref-label", "*"]', "sections: unknown section “ref-label”."),
    ('sections = ["risks", "*", "risks"]', "sections names risks more than once. Name each once."),
    ('sections = ["*", "*"]', "sections names * more than once."),
    ('sections = ["faq"]', "leaves out what protects the patient: warning-signs, who-to-call. Add"),
    ('kind = "partial"\nsections = ["faq"]\nlast_page = ["trial"]',
     "last_page names what sections leaves out: trial."),
    ('smallest = { size = "18", leading = 23 }', "smallest.size: must be a number, not “18”."),
    ("smallest = { size = 18 }", "leading is missing"),
    ("scale = 0", "scale must be from 0.5 to 3."),
    ("scale = nan", "scale is not a number of usual size."),
    ("scale = inf", "scale is not a number of usual size."),
    ("scale = 30.5", "scale must be from 0.5 to 3."),
    ('scale = "2"', "scale: must be a number, not “2”."),
    ("kind = 3", 'kind: must be "patient" or "large-print"'),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "message"), WRONG, ids=[keys for keys, _ in WRONG])
def test_wrong_names_are_found_with_file_and_line(
    workspace: Workspace, keys: str, message: str
) -> None:
    workspace = add_layout(workspace, f'extends = "standard"\n# a comment\n{keys}')
    (finding,) = check_layout(workspace, "own")
    assert message in str(finding)
    line = 2 + keys.count("\n") + 1
    assert str(finding).startswith(f"{workspace.root}/layouts/own/layout.toml:{line}: ")
    with pytest.raises(LayoutError):
        load_layout(workspace, "own")


def test_what_a_layout_locks_itself_cannot_be_left_out(workspace: Workspace) -> None:
    kept = ", ".join(f'"{name}"' for name in PROTECTING)
    keys = f'extends = "standard"\nlocked = ["faq"]\nsections = [{kept}]'
    (finding,) = check_layout(add_layout(workspace, keys), "own")
    assert "protects the patient: faq." in finding.message


def test_the_front_desk_cannot_leave_out_more(workspace: Workspace) -> None:
    workspace = add_layout(workspace, 'extends = "standard"\nsections = ["risks", "*"]')
    library, facts = load_library(workspace, "en"), load_layout(workspace, "own").facts
    selection = Selection("crps", "own", without=("risks",))
    with pytest.raises(UsageError, match="cannot be left out: risks"):
        compose(library, selection, load_brand(workspace, ""), facts)


class TestNotice:
    PARTIAL = 'extends = "standard"\nkind = "partial"\nsections = ["faq"]\n'

    def test_each_page_of_a_partial_handout_says_so(self, workspace: Workspace) -> None:
        workspace = add_layout(workspace, self.PARTIAL)
        assert check_layout(workspace, "own") == ()
        terms = composed(workspace).terms
        assert terms["partial_notice"] in str(laid_out(workspace).blocks)
        for master in laid_out(workspace).masters.values():
            assert terms["partial_short"] in str(master.running)

    def test_a_template_that_keeps_silent_is_found(self, workspace: Workspace) -> None:
        workspace = add_layout(workspace, self.PARTIAL)
        assert workspace.root
        shared = workspace.find("layouts/handout.xml.j2")
        assert shared
        silent = shared.read_text("utf-8").replace('<status-notice class="draft"/>', "")
        (workspace.root / "layouts/own/handout.xml.j2").write_text(silent, "utf-8")
        workspace = Workspace(workspace.root, workspace.output)
        assert "<status-notice/> is missing." in str(check_layout(workspace, "own")[0])

    def test_a_whole_handout_says_nothing(self, workspace: Workspace) -> None:
        workspace = add_layout(workspace, 'extends = "standard"\nkind = "partial"\n')
        handout = composed(workspace)
        assert not handout.partial
        assert handout.terms["partial_notice"] not in str(laid_out(workspace))


class TestSmallest:
    def test_no_inherited_text_is_smaller(self, workspace: Workspace) -> None:
        workspace = add_layout(
            workspace,
            'extends = "standard"\nsmallest = { size = 20, leading = 26 }\n'
            "[styles.td]\nsize = 14\n",
        )
        layout = load_layout(workspace, "own")
        brand = load_brand(workspace, "")
        styles = {key: layout.sheet.resolve(key, brand) for key in layout.sheet.blocks}
        small = {key for key, style in styles.items() if style.size < 20}
        # What the layout says itself stands, and what is like it.
        assert small == {"td", "th", "thead.th", "tbody.th"}
        assert {styles[key].size for key in small} == {14.0}
        assert min(style.leading for style in styles.values()) == 26.0
        assert styles["h1"].size == 25.0

    def test_lengths_grow_and_what_belongs_to_the_paper_stays(self, workspace: Workspace) -> None:
        toml = 'extends = "standard"\nscale = 2\n[styles.td]\nsize = 14\n'
        own = load_layout(add_layout(workspace, toml), "own").sheet.blocks
        standard = load_layout(workspace, "standard").sheet.blocks
        assert own["h1"]["size"] == 2 * standard["h1"]["size"]
        assert own["table"]["border"] == [2 * edge for edge in standard["table"]["border"]]
        assert own["warning"]["margin_left"] == standard["warning"]["margin_left"]
        assert own["h1"]["bold"] is standard["h1"]["bold"] is True
        assert own["td"]["size"] == 14  # what the layout says itself stands

    def test_a_length_names_its_line_and_those_that_change_it(self, workspace: Workspace) -> None:
        workspace = add_layout(
            workspace, 'extends = "standard"\nscale = 1.1\n[styles.end]\nleading = 14\n', "near"
        )
        workspace = add_layout(
            workspace,
            'extends = "near"\nscale = 1.5\nsmallest = { size = 18, leading = 24 }\n'
            "[styles]\nh2 = { size = 50 }\n",
        )
        origin = load_layout(workspace, "own").sheet.origin

        def change(style: str, key: str) -> list[str]:
            source = str(origin("styles", style, key)[0]).replace(f"{workspace.root}/layouts/", "")
            file, *changes = source.split(", ")
            return [file.split(":")[0], *changes]

        shipped = "layouts/standard/layout.toml"
        scaled = ["scaled by near/layout.toml:2", "scaled by own/layout.toml:2"]
        assert change("h1", "size") == [shipped, *scaled]
        assert change("warning", "padding") == [shipped, *scaled]
        assert change("warning", "margin_left") == [shipped]
        assert change("footer.p", "size") == [shipped, "raised by own/layout.toml:3"]
        assert change("end", "leading") == ["near/layout.toml", "raised by own/layout.toml:3"]
        assert change("h2", "size") == ["own/layout.toml"]

    def test_a_finding_about_a_length_names_the_scale(self, workspace: Workspace) -> None:
        workspace = add_layout(workspace, 'extends = "standard"\nscale = 3\n')
        own = f"{workspace.root}/layouts/own/layout.toml:2"
        findings = check_layout(workspace, "own")
        large = next(one for one in findings if "75 points (style h1)" in one.message)
        assert f", scaled by {own}: text has letters" in str(large)
        row = as_row(large)
        assert row.file == "layouts/standard/layout.toml"
        assert row.message.endswith(f"12 to 40. The value is scaled by {own}.")

    def test_text_and_notices_of_large_print_have_18_points(self, workspace: Workspace) -> None:
        sheet = load_layout(workspace, "large-print").sheet
        brand = load_brand(workspace, "")
        running = {"footer.p", "end-of-line", "mark-of-draft.p", "label"}  # 17 is enough there
        small = {key for key in sheet.blocks if sheet.resolve(key, brand).size < 18}
        assert small == running


def test_a_foot_in_two_languages_that_is_too_high_has_its_place(workspace: Workspace) -> None:
    workspace = add_layout(workspace, 'extends = "bilingual"\nscale = 1.2\n')
    layout, languages = load_layout(workspace, "own"), ("en", "es")
    words = [
        Words(load_library(workspace, one), load_brand(workspace, "", one)) for one in languages
    ]
    handout = compose_all(Selection("crps", "own", beside="es"), layout.facts, words)
    with pytest.raises(LayoutError) as caught:
        demand_room(handout, layout, words[0].brand, "letter")
    (finding,) = caught.value.findings
    assert str(finding.source).startswith("layouts/bilingual/handout.xml.j2:")
    assert "its frame has room for 60" in finding.message
    assert "its letters smaller, or the frame higher (layouts/bilingual/" in finding.remedy


def test_all_layouts_without_a_template_share_one(workspace: Workspace) -> None:
    names = workspace.names("layouts")
    shared = [one for one in names if not workspace.find(f"layouts/{one}/handout.xml.j2")]
    files = {load_layout(workspace, name).template.file for name in shared}
    assert [Path(file).name for file in files] == ["handout.xml.j2"]
    assert workspace.root
    (workspace.root / "layouts").mkdir()
    own = workspace.root / "layouts/handout.xml.j2"
    own.write_text("<document><h>{{ handout.title }}</h></document>", "utf-8")
    workspace = Workspace(workspace.root, workspace.output)
    (block,) = laid_out(add_layout(workspace, 'extends = "standard"')).blocks
    assert isinstance(block, Heading)
