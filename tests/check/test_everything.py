"""What ``check`` finds in a clinic's workspace, beside the built-in files that are good."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from handouts import approvals, scaffold
from handouts import workspace as workspaces
from handouts.build import Order, build
from handouts.check import everything
from handouts.check.conditions import check_condition
from handouts.check.on_paper import findings_on_paper, readable_layouts
from handouts.check.unused import check_files, check_records
from handouts.cli.app import app
from handouts.contract.protected import LONGEST
from handouts.errors import ContentError, Finding, WorkspaceError
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import SectionChoice, Selection
from handouts.workspace import Workspace, open_workspace

AS_OF = date(2026, 11, 25)

#: A sentence of long words.
HARD = "Manufacturers financially supported investigators evaluating neurostimulation."

#: The first of the layouts.
FIRST = "layout large-print"


class Clinic:
    """A workspace that a test changes file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        scaffold.init(root)

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root, self.root)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace ``old`` in the clinic's file, which begins as a copy of the built-in one."""
        room, _, rest = name.partition("/")
        path = self.root / name
        text = (path if path.exists() else workspaces.builtin_root(room) / rest).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def spanish(self) -> None:
        """Begin a second language: the words of the pages, and no section yet."""
        text = (workspaces.builtin_root("content") / "interface/en.toml").read_text("utf-8")
        self.write("content/interface/es.toml", text)

    def content(self, *conditions: str) -> list[str]:
        """The findings in the content, each with its file as a path in the workspace."""
        parts = everything.content(self.workspace, conditions, AS_OF)
        return [self._shown(str(one)) for part in parts for one in part.findings]

    def unused(self) -> list[str]:
        """The findings about files and names that nothing uses, in English."""
        library = load_library(self.workspace, "en")
        return [self._shown(str(one)) for one in check_files(library)]

    def words(self) -> list[str]:
        """The findings in the words of one condition, before they are on paper."""
        library = load_library(self.workspace, "en")
        brand = load_brand(self.workspace)
        return [self._shown(str(one)) for one in check_condition(library, "crps", brand, AS_OF)]

    def brand(self) -> list[str]:
        """The findings in the clinic's brand."""
        return [
            self._shown(str(one)) for one in everything.brand_findings(self.workspace, "clinic")
        ]

    def everything(self, *wanted: str) -> dict[str, list[str]]:
        """The findings by part, up to the last of those ``wanted``: each layout takes seconds."""
        found: dict[str, list[str]] = {}
        for part in everything.everything(self.workspace, AS_OF):
            found[part.title] = [self._shown(str(one)) for one in part.findings]
            if found.keys() >= set(wanted):
                return found
        raise AssertionError(f"of {wanted} there are only {list(found)}")

    def _shown(self, text: str) -> str:
        return text.replace(f"{self.root}/", "")

    def build(self) -> None:
        workspace = self.workspace
        wanted = Selection("crps", choice=SectionChoice.ALL)
        build(workspace, Order(wanted, workspace.output / "x.pdf", AS_OF))


@pytest.fixture
def with_each_layout(tmp_path: Path, few_conditions: None) -> Clinic:
    """A fresh workspace, with all layouts that ship."""
    del few_conditions
    return Clinic(tmp_path / "clinic")


@pytest.fixture
def clinic(with_each_layout: Clinic, few_layouts: None) -> Clinic:
    """A fresh workspace."""
    del few_layouts
    return with_each_layout


def test_all_that_ships_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each condition, brand and layout, as the command checks them in a clinic's workspace."""
    Clinic(tmp_path / "clinic")
    monkeypatch.chdir(tmp_path / "clinic")
    result = CliRunner().invoke(app, ["check", "--as-of", str(AS_OF)])
    assert result.exit_code == 0, result.stdout
    for part in ("content in en", "brand juniper", "layout standard"):
        assert f"{part}: no mistakes" in result.stdout


def test_a_picture_and_a_passage_may_stand_in_two_places(clinic: Clinic) -> None:
    """Each is drawn and heard twice."""
    faq = (workspaces.builtin_root("content") / "sections/faq/en.md").read_text("utf-8")
    figure = "\n::: figure first-weeks\nSee this picture again.\n:::\n"
    clinic.write("content/sections/faq/en.md", faq + figure)
    own = (workspaces.builtin_root("content") / "conditions/crps/en.md").read_text("utf-8")
    link = "- See [our page](https://clinic.example/x).\n\n::: lang es\nHola.\n:::\n"
    clinic.write("content/conditions/crps/en.md", f"{own}\n::: own limits-more\n{link}:::\n")
    clinic.build()


def test_a_section_that_the_outline_names_twice_is_one_mistake_of_this_file(
    clinic: Clinic,
) -> None:
    text = (workspaces.builtin_root("content") / "outline.toml").read_text("utf-8")
    lines = text.splitlines()
    at = lines.index('  "how-it-works",')
    lines.insert(at + 3, lines[at])
    clinic.write("content/outline.toml", "\n".join(lines))
    assert dict.fromkeys(clinic.content("crps")) == dict.fromkeys(
        [f"content/outline.toml:{lines.index('default = [') + 1}: "
         "how-it-works stands twice in default. Remove one."]
    )  # fmt: skip


SECTION = """\
+++
title = "A title"
role = "plain"
version = "1.0"
reviewed = 2026-11-21
review_due = 2027-11-21
+++
We help you.
"""


# --- Names that nothing uses --------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text", "wanted"),
    [
        (
            "sections/recovry/en.md", SECTION,
            "no outline and no condition uses the section recovry. Did you mean recovery?",
        ),
        (
            "conditions/crps/en/recovry.md", SECTION,
            "no outline and no condition uses the section recovry. Did you mean recovery?",
        ),
        (
            "sections/zebra/en.md", SECTION,
            "no outline and no condition uses the section zebra. "
            "Add it to content/outline.toml, or remove it.",
        ),
        (
            "conditions/crsp/en/risks.md", SECTION,
            "there is no condition crsp: it has no condition.toml. Did you mean crps?",
        ),
        (
            "glossary/ne.toml", "",
            "there is no language ne: content/interface/ne.toml is missing. There are: en, es.",
        ),
        (
            "sections/risks/de.md", SECTION,
            "there is no language de: content/interface/de.toml is missing. There are: en, es.",
        ),
        (
            "value.toml", "",
            "value.toml is not read by anything. Did you mean content/values.toml",
        ),
        (
            "approvals.toml", "[crps.en]\nwords = 'sha256:ab'\n",
            "is no longer read: approvals now keep the words. Approve again, then remove it.",
        ),
        (
            "approvals/crps.en.1.json", "{}",
            "crps.en.1.json is not read by anything. Correct its name, or remove it.",
        ),
    ],
)  # fmt: skip
def test_a_file_that_nothing_uses(clinic: Clinic, file: str, text: str, wanted: str) -> None:
    clinic.write(f"content/{file}", text)
    (found,) = clinic.unused()
    assert found.startswith(f"content/{file}: {wanted}")


def test_a_condition_without_its_file_is_found_by_its_name_too(clinic: Clinic) -> None:
    clinic.write("content/conditions/crsp/en.md", "Words.\n")
    found = clinic.content("crsp")
    what = "there is no condition crsp: it has no condition.toml. Did you mean crps?"
    assert dict.fromkeys(found) == {f"content/conditions/crsp/en.md: {what}": None}


@pytest.mark.parametrize("file", ["values.toml", "values.local.toml"])
def test_a_value_that_no_section_uses(clinic: Clinic, file: str) -> None:
    shipped = (workspaces.builtin_root("content") / "values.toml").read_text("utf-8")
    first = shipped if file == "values.toml" else "# Ours.\n"
    clinic.write(f"content/{file}", f'{first}[liftng_limit]\ntext.en = "nothing"\n')
    line = first.count("\n") + 1
    (found,) = clinic.unused()
    said = "no section uses the value liftng_limit. Did you mean lifting_limit"
    assert found.startswith(f"content/{file}:{line}: {said}")


def test_a_value_that_one_section_uses_in_any_language(clinic: Clinic) -> None:
    clinic.write("content/values.local.toml", '[best_day]\ntext.en = "a"\ntext.es = "b"\n')
    assert len(clinic.unused()) == 1
    clinic.spanish()
    clinic.write("content/sections/my-notes/es.md", SECTION.replace("help", "{{best_day }}"))
    assert "best_day" not in "\n".join(clinic.unused())


def test_a_value_that_ships_may_rest(clinic: Clinic) -> None:
    clinic.change("content/sections/recovery/en.md", "{{ no_driving_after }}", "a day")
    clinic.write("content/values.local.toml", '[no_driving_after]\ntext.en = "two days"\n')
    assert not [one for one in clinic.unused() if "no section uses" in one]


def test_a_variable_that_no_section_uses(clinic: Clinic) -> None:
    file = "content/conditions/crps/condition.toml"
    clinic.change(file, "[variables]\n", '[variables]\naera.en = "leg"\n')
    (found,) = clinic.unused()
    assert "no section uses the variable aera. Did you mean area" in found
    assert found.startswith(f"{file}:")


@pytest.mark.parametrize(("folder", "meant"), [("contnet", "content"), ("brand", "brands")])
def test_a_folder_that_nothing_reads(clinic: Clinic, folder: str, meant: str) -> None:
    clinic.write(f"{folder}/values.local.toml", "")
    clinic.write("letters/a.txt", "of the clinic")
    said = f"{folder}: nothing reads this folder. Did you mean {meant}?"
    assert clinic.unused() == [said]


def test_words_of_the_pages(clinic: Clinic) -> None:
    file = "content/interface/en.toml"
    clinic.change(file, 'page = "Page"', 'pagee = "Page"')
    (unknown,) = clinic.unused()
    assert unknown.startswith(f"{file}:")
    assert "nothing prints pagee. Did you mean page" in unknown
    clinic.change(file, 'pagee = "Page"', 'page = "Page"\nour_motto = "We care."')
    (found,) = clinic.unused()
    assert "nothing prints our_motto. Remove it, or name it in a template." in found
    template = (workspaces.builtin_root("layouts") / "handout.xml.j2").read_text("utf-8")
    clinic.write("layouts/ours/handout.xml.j2", template + "{# terms.our_motto #}")
    assert clinic.unused() == []


def test_a_condition_may_have_a_name_near_another(clinic: Clinic) -> None:
    own = clinic.root / "content/conditions/crp"
    shutil.copytree(workspaces.builtin_root("content") / "conditions/crps", own)
    clinic.change(
        "content/label.toml", "[[row]]",
        '[[row]]\ndevice = "D"\ncondition = "crp"\nages = "adult"\nstatus = "off"\n'
        'checked = 2026-11-21\nevidence = "fda-ssed"\n[[row]]',
    )  # fmt: skip
    assert clinic.unused() == []
    assert clinic.content("crp") != []


# --- Records of approvals -----------------------------------------------------------------


def approved(clinic: Clinic, condition: str) -> Path:
    """The path of the record."""
    workspace = clinic.workspace
    proposal = approvals.propose(workspace, condition, "en", AS_OF)
    approvals.approve(workspace, proposal, approvals.Signature("Ann Roe", "md", AS_OF))
    return clinic.root / f"content/approvals/{condition}.en.0001.json"


def test_records_and_editions_are_known(clinic: Clinic) -> None:
    approved(clinic, "crps")
    clinic.build()
    assert (clinic.root / "editions").is_dir()
    assert clinic.content() == []


def test_a_record_in_a_language_that_is_gone(clinic: Clinic) -> None:
    clinic.write("content/approvals/crps.fr.0001.json", "{}")
    assert clinic.unused() == []


def test_a_record_that_cannot_be_trusted(clinic: Clinic) -> None:
    path = approved(clinic, "crps")
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**data, "until": "2099-01-01"}), "utf-8")
    for found in (clinic.content(), clinic.content("crps")):
        (one,) = found
        assert one.startswith("content/approvals/crps.en.0001.json: the record of an approval was ")
    assert not list(check_records(clinic.workspace, "en", ["groin-hernia"]))
    path.rename(path.with_name("crps.en.0002.json"))
    (copied,) = check_records(clinic.workspace, "en", ())
    assert "was changed since it was written" in copied.message


def test_nobody_is_told_to_rename_or_remove_a_decision(clinic: Clinic) -> None:
    path = approved(clinic, "crps")
    path.rename(path.with_name("crps.en.0001 (1).json"))
    for found in (clinic.content(), clinic.content("crps")):
        (one,) = found
        assert "content/approvals/crps.en.0001 (1).json: the record of an approval is crps" in one
        assert "Do not delete or rename it" in one
    path = approved(clinic, "crps").with_name("crps.en.0002.json")
    assert clinic.content() == []
    (old := path.parent / "old").mkdir()
    path.rename(old / path.name)
    (elsewhere,) = clinic.unused()
    assert "nothing reads it here. Ask a clinician before you" in elsewhere


# --- What nobody has written --------------------------------------------------------------


def test_what_new_files_say_is_found(clinic: Clinic) -> None:
    scaffold.new_condition(clinic.workspace, "low-back", AS_OF)
    said = "is what a new file says. Write your own words."
    folder = "content/conditions/low-back"
    found = [one for one in clinic.content("low-back") if one.endswith(said)]
    places = [one.removesuffix(f" {said}").partition(": ") for one in found]
    assert {text for _, _, text in places} == {
        "“(area)”", "“(body part)”", "“(diagnosis)”", "“(missing study)”", "“(pain)”",
        "“Write short sentences here.”",
    }  # fmt: skip
    for place, _, text in places:
        file, _, line = place.partition(":")
        assert file.startswith(folder)
        written = (clinic.root / file).read_text("utf-8").split("\n")[int(line) - 1]
        assert text.strip("“”") in written


def test_one_sentence_of_a_new_section_is_enough(clinic: Clinic) -> None:
    text = SECTION.replace("We help you.", "We help you. say one\nthing at a time!")
    clinic.write("content/sections/my-notes/en.md", text)
    (found,) = clinic.content()
    assert found.startswith("content/sections/my-notes/en.md:8: “Say one thing at a time.” is what")


def test_a_clinic_without_its_name(clinic: Clinic) -> None:
    assert clinic.brand() == []
    clinic.change("brands/clinic/brand.toml", "sample = true", "sample = false")
    (found,) = clinic.brand()
    assert found.startswith("brands/clinic/brand.toml:2: the name is what a new file says.")


# --- Characters ---------------------------------------------------------------------------

ODD = "\U0001f600"  # in no font
NO_FONT = f"no font has the character “{ODD}” (U+1F600 GRINNING FACE). Replace it"


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("content/sections/risks/en.md", 'title = "'),
        ("content/sections/warning-signs/en.md", "- "),
        ("content/conditions/crps/condition.toml", 'area.en = "'),
        ("content/values.toml", '[lifting_limit]\ntext.en = "'),
        ("content/glossary/en.toml", '"magnetic resonance imaging"\ntext = "'),
        ("content/evidence.toml", 'citation.en = "'),
        ("content/interface/en.toml", 'page = "'),
        ("brands/clinic/brand.toml", 'name = "Your'),
    ],
)
def test_characters_that_no_font_has(clinic: Clinic, file: str, old: str) -> None:
    new = f"{old[:-1]}{ODD}{old[-1]}" if old[-1] == '"' and '= "' in old[:-1] else f"{old}{ODD}"
    clinic.change(file, old, new)
    found = [*clinic.words(), *clinic.brand()]
    assert found
    lines = (clinic.root / file).read_text("utf-8").split("\n")
    odd = {f"{file}:{number}" for number, line in enumerate(lines, 1) if ODD in line}
    assert {one.partition(": ")[0] for one in found} <= odd, "where it is written"
    assert all(NO_FONT in one for one in found)
    with pytest.raises(ContentError, match="GRINNING FACE"):
        clinic.build()


def test_characters_of_a_brand(clinic: Clinic) -> None:
    file = "brands/clinic/brand.toml"
    clinic.change(file, 'hours = "', f'hours = "{ODD}')
    clinic.change(file, 'label = "Nights', f'label = "{ODD}Nights')
    clinic.change(file, "address = []", f'address = ["1 Way", "{ODD}"]\ndisclaimer = "{ODD}"')
    lines = (clinic.root / file).read_text("utf-8").split("\n")
    odd = [f"{file}:{number}: {NO_FONT}" for number, line in enumerate(lines, 1) if ODD in line]
    assert len(odd) == 4
    assert sorted(one.partition(", or add")[0] for one in clinic.brand()) == sorted(odd)


@pytest.mark.parametrize("char", ["\t", "\u00ad", "Ω", "\u202f", "ﬁ"])
def test_characters_that_a_build_prints(clinic: Clinic, char: str) -> None:
    clinic.write("content/sections/my-notes/en.md", SECTION.replace("help", f"he{char}lp"))
    clinic.build()
    assert not [one for one in clinic.words() if "no font" in one]


# --- One fault hides no other -------------------------------------------------------------


def test_what_only_a_validator_refuses(
    with_each_layout: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each PDF that a build would make is validated, once where long and short are the same."""
    clinic = with_each_layout
    made: list[bytes] = []

    def refuse(data: bytes) -> tuple[Finding, ...]:
        made.append(data)
        return (Finding("PDF/UA-1 RULE: something is missing"),)

    monkeypatch.setattr("handouts.check.on_paper.validate", refuse)
    clinic.change("brands/clinic/brand.toml", 'name = "Your', 'name = "Any')  # new pages
    told = clinic.content("crps")
    assert told.pop() == "crps in bilingual: PDF/UA-1 RULE: something is missing"
    assert told == [
        f"crps in {layout}: PDF/UA-1 RULE: something is missing"
        for _ in ("en", "es")
        for layout in (
            *("booklet", "large-print", "one-page", "poster"),
            *("referral", "standard", "trifold"),
        )
    ]
    assert all(data.startswith(b"%PDF-") for data in made)
    assert len(made) == len(set(made)) == 24
    with pytest.raises(ContentError, match="something is missing"):
        approvals.propose(clinic.workspace, "crps", "en", AS_OF)


def test_words_of_a_sheet_of_few_pages_that_are_hard_to_read(with_each_layout: Clinic) -> None:
    """They stand there alone: the usual handout and the long one have others."""
    clinic = with_each_layout
    words = "content/conditions/crps/en.md"
    clinic.change(words, "The maker of the DRG device paid for it. All", f"{HARD}\nAll")
    assert clinic.words() == []
    lines = (clinic.root / words).read_text("utf-8").splitlines()
    line = lines.index(HARD) + 1
    told = clinic.content("crps")
    for sheet in ("one-page", "trifold"):
        assert any(one.startswith(f"crps ({sheet}) reads at grade 6.") for one in told)
    (hard,) = (one for one in told if HARD in one)
    assert hard.startswith(f"{words}:{line}: a hard sentence (grade ")


def test_marks_that_have_no_room_at_the_head_of_a_page(clinic: Clinic) -> None:
    """As many characters as may be, but wide ones: a short sheet has three such lines at once."""
    clinic.write("content/interface/en.toml", 'page = "Sheet"\n')
    library = load_library(clinic.workspace, "en")
    brand = replace(load_brand(clinic.workspace, "juniper"), sample=True)
    marks = {key: ("ЖЩШМ " * 9)[: size - 1] + "Ю" for key, size in LONGEST.items()}
    library = replace(library, interface={**library.interface, **marks})
    found = [
        str(one)
        for one in findings_on_paper(library, "crps", brand, readable_layouts(library.workspace))
    ]
    found = [one for one in found if "” is too long in large-print: the watermark is " in one]
    assert len(found) == 2, "a draft, and an overdue handout"
    assert all("interface/en.toml:" in one and "Say it shorter" in one for one in found)


def test_languages_are_checked_each_for_itself(clinic: Clinic) -> None:
    clinic.spanish()
    clinic.write("content/interface/de.toml", "page = [\n")
    clinic.write("content/sections/risks/de.md", "no front matter\n")
    clinic.write("content/sections/risks/es.md", "no front matter\n")
    clinic.write("content/sections/risks/en.md", "no front matter\n")
    found = clinic.everything("content in de", "content in en", "content in es", FIRST)
    for lang in ("de", "en", "es"):
        where = f"content/sections/risks/{lang}.md:1: does not begin with front matter"
        assert any(one.startswith(where) for one in found[f"content in {lang}"]), lang
    assert any(one.startswith("content/interface/de.toml:") for one in found["content in de"])
    assert found[FIRST] == []


def test_a_condition_that_is_not_written_in_a_language(clinic: Clinic) -> None:
    words = (workspaces.builtin_root("content") / "interface/en.toml").read_text("utf-8")
    clinic.write("content/interface/de.toml", words)
    file = "content/conditions/crps/condition.toml"
    clinic.change(file, "[subtitle]\n", '[subtitle]\nde = "Was es tut"\n')
    found = [one for one in clinic.content() if "conditions/" in one]
    assert [one for one in found if "title has no text in language de" in one]
    assert not [one for one in found if "groin" in one], "nothing of it is in German"


def test_one_unreadable_file_hides_no_others(clinic: Clinic) -> None:
    clinic.write("content/values.toml", "[[[")
    clinic.write("content/glossary/en.toml", "term = 3\n")
    clinic.write("content/sections/risks/en.md", SECTION + "::: panel red\nx\n:::\n")
    clinic.write("content/sections/trial/en.md", SECTION + ODD)
    (clinic.root / "content/sections/faq").mkdir()
    (clinic.root / "content/sections/faq/en.md").write_bytes(b"\xff")
    found = "\n".join(clinic.content())
    for wanted in (
        "content/values.toml:1: is not valid TOML",
        "content/glossary/en.toml:1: term: must be a [list]",
        "content/sections/risks/en.md:9: red must be one of",
        "content/sections/trial/en.md:8: no font has",
        "content/sections/faq/en.md:1: is not UTF-8 text.",
    ):
        assert wanted in found


def test_a_broken_brand_hides_no_words_and_no_layout(clinic: Clinic) -> None:
    clinic.write("brands/clinic/brand.toml", "name = 3\n")
    clinic.write("layouts/mine/layout.toml", 'extends = "standard"\nsize = 1\n')
    clinic.write("content/sections/risks/en.md", SECTION + "::: panel red\nx\n:::\n")
    found = clinic.everything("brand clinic", "content in en", "layout mine", FIRST)
    assert found["brand clinic"]
    assert any("red must be one of" in one for one in found["content in en"])
    assert found["layout mine"][0].startswith("layouts/mine/layout.toml:2: unknown key “size”")
    assert found[FIRST] == []


def test_a_sample_that_ships_needs_no_words_in_a_clinics_language(clinic: Clinic) -> None:
    words = (workspaces.builtin_root("content") / "interface/en.toml").read_text("utf-8")
    clinic.write("content/interface/fr.toml", words)
    assert not [*everything.brand_findings(clinic.workspace, "lakeside")]
    clinic.write("handouts.toml", 'schema = 1\nbrand = "lakeside"\n')
    (finding,) = everything.brand_findings(clinic.workspace, "lakeside")
    assert "disclaimer has no words in fr" in finding.message


def test_folders_without_their_files_stop_nothing(clinic: Clinic) -> None:
    for folder in ("layouts/mine", "brands/mine", "content/conditions/mine"):
        clinic.write(f"{folder}/note.txt", "to do")
    found = clinic.everything("brand mine", "content in en", "layout mine", FIRST)
    assert "There is no brand “mine”." in found["brand mine"][0]
    assert "mine" in found["layout mine"][0]
    (note,) = found["content in en"]
    assert note.startswith("content/conditions/mine/note.txt: note.txt is not read by anything.")
    assert found[FIRST] == []


@pytest.mark.parametrize("is_there", [True, False])
def test_a_brand_that_no_build_can_use_is_named_with_one_condition_too(
    clinic: Clinic, is_there: bool
) -> None:
    said = "it may have 80" if is_there else "toml:4: there is no brand “clinic”"
    clinic.change("brands/clinic/brand.toml", 'name = "Your', f'name = "{"Long " * 20}')
    if not is_there:
        shutil.rmtree(clinic.root / "brands/clinic")
    assert said in "\n".join(clinic.content("crps"))
    part = "brand clinic" if is_there else "handouts.toml"
    assert said in str(clinic.everything(part)[part])
    with pytest.raises(ContentError, match=said):
        approvals.propose(clinic.workspace, "crps", "en", AS_OF)


def test_a_language_that_is_set_but_not_there_is_named(clinic: Clinic) -> None:
    clinic.change("handouts.toml", 'lang = "en"', 'lang = "fr"')
    (found,) = clinic.everything("handouts.toml")["handouts.toml"]
    assert "handouts.toml:5: there is no language “fr”." in found


def test_a_brand_without_words_in_a_language(clinic: Clinic) -> None:
    clinic.spanish()
    clinic.change("brands/clinic/brand.toml", 'label = "Clinic"', 'label.en = "Clinic"')
    assert "label has no words in es." in clinic.brand()[0]


def test_the_records_of_one_language_are_checked_whatever_its_words(clinic: Clinic) -> None:
    approved(clinic, "crps").write_text("{", "utf-8")
    clinic.write("content/values.toml", "[[[")
    found = clinic.content()
    assert any("content/approvals/crps.en.0001.json: the record" in one for one in found)
    with pytest.raises(WorkspaceError):
        clinic.build()
