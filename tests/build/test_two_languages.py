"""Two languages on one page: whatever holds for one must hold for both, on each way to paper."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from handouts import approvals, scaffold
from handouts.approvals.reprinting import reprint
from handouts.attach.pieces import Gate, foreseen
from handouts.attach.reading.xmp import parts_of
from handouts.build import Order, build, resolve, usual_target
from handouts.cli.app import app
from handouts.compose import Words
from handouts.compose.bilingual import compose_all
from handouts.errors import ContentError, UsageError
from handouts.layout import load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.library.editions import recall
from handouts.model import BuildResult, Selection, Status
from handouts.publish.publishing import publish
from handouts.workspace import Workspace, builtin_root, open_workspace
from tests import approving
from tests.approving import ANN, TODAY
from tests.pdf.dump import text_in_tag_order

pytestmark = pytest.mark.usefixtures("printed_once", "a_pair_of_layouts")

BOTH = Selection("crps", "bilingual", "en", beside="es")
SOON = TODAY + timedelta(days=3)
RISKS = "sections/risks"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clinic's workspace, and the working folder: its words in English are approved."""
    scaffold.init(tmp_path / "clinic")
    brand = tmp_path / "clinic/brands/clinic/brand.toml"
    brand.write_text(brand.read_text("utf-8").replace("sample = true", "sample = false"), "utf-8")
    approve(tmp_path / "clinic")
    monkeypatch.chdir(tmp_path / "clinic")
    return tmp_path / "clinic"


def approve(home: Path, lang: str = "en", until: date | None = None) -> None:
    """A translation is approved once somebody has compared it."""
    checker = "" if lang == "en" else "Bo Diaz"
    signature = replace(ANN, translation_checked_by=checker, until=until)
    approving.approve(home, "crps", signature, lang)


def opened(home: Path) -> Workspace:
    return open_workspace(home, home)


def order(home: Path, as_of: date = TODAY, **rules: bool) -> Order:
    return Order(BOTH, usual_target(opened(home), BOTH), as_of, **rules)


def made(home: Path, as_of: date = TODAY, **rules: bool) -> BuildResult:
    return build(opened(home), order(home, as_of, **rules))


def run(*args: str) -> tuple[int, str]:
    """Exit code and all that is said."""
    result = CliRunner().invoke(app, args)
    return result.exit_code, result.output


def edit(home: Path, lang: str, old: str = '"\nrole', new: str = ', anew"\nrole') -> None:
    """Change the section on risks: by default its title."""
    text = (builtin_root("content") / f"{RISKS}/{lang}.md").read_text("utf-8")
    assert old in text
    path = home / f"content/{RISKS}/{lang}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_draft_of_either_is_a_draft_of_all_and_says_which(home: Path) -> None:
    result = made(home)
    assert Path(result.path).name == "crps.bilingual.en+es.pdf"
    assert (result.status, result.lang, result.beside) == (Status.DRAFT, "en", "es")
    assert result.notes == ("es: these words are not approved, so the whole is a draft.",)
    data = Path(result.path).read_bytes()
    heard = text_in_tag_order(data)
    for said in (
        "Draft. Not yet checked by your clinic.",
        "The part in Español is not approved.",
        "Borrador. Su clínica aún no lo ha revisado.",
        "La parte en Español no está aprobada.",
    ):
        assert heard.count(said) == 1, said
    assert "Approved by" not in heard
    (part,) = parts_of(data)
    assert part.status == "draft"
    assert foreseen(opened(home), order(home))[0].status == "draft"
    assert made(home).cached
    with pytest.raises(ContentError, match=r"crps \(en, es\) has not been.* es: these"):
        made(home, require_approved=True)


def test_approved_in_both_it_is_kept_and_comes_again(home: Path, tmp_path: Path) -> None:
    assert made(home).status is Status.DRAFT
    approve(home, lang="es")
    first = made(home, require_approved=True)
    assert (first.status, first.cached, first.notes) == (Status.APPROVED, False, ())
    (part,) = parts_of(Path(first.path).read_bytes())
    known = [records.split(".")[1] for records in part.approval.split()]
    assert known == ["en", "es"]
    Gate(TODAY, opened(home)).demand([part])
    assert [lang for lang, _ in recall(opened(home), first.edition).records] == ["en", "es"]
    for lang in ("en", "es"):
        edit(home, lang)
    assert made(home).sha256 == first.sha256  # what was approved is printed, whatever is edited
    for lang in ("en", "es"):
        approve(home, lang=lang)
    assert made(home).edition != first.edition
    again = reprint(opened(home), first.edition, tmp_path / "again.pdf", TODAY)
    assert again.same
    assert not again.in_force


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_one_language_loses_both_lose(home: Path, lang: str, tmp_path: Path) -> None:
    approve(home, lang="es")
    first = made(home)
    (part,) = parts_of(Path(first.path).read_bytes())
    approvals.revoke(opened(home), "crps", lang, ANN)
    assert approvals.printed(opened(home), "crps", lang) == ([Path(first.path)], [])
    assert made(home).status is Status.DRAFT
    with pytest.raises(ContentError) as refused:
        build(opened(home), replace(order(home), require_approved=True))
    assert refused.value.findings[0].remedy.endswith(f": handouts approve crps --lang {lang}")
    with pytest.raises(ContentError, match="no longer approves"):
        Gate(TODAY, opened(home)).demand([part])
    assert not reprint(opened(home), first.edition, tmp_path / "a.pdf", TODAY).in_force


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_safety_mark_in_either_withdraws_the_whole(home: Path, lang: str) -> None:
    approve(home, lang="es")
    assert made(home).status is Status.APPROVED
    edit(home, lang, '"\nrole', '"\nsafety = "A new risk."\nrole')
    after = made(home)
    assert (after.status, after.cached) == (Status.DRAFT, False)
    assert any(note.startswith(f"{lang}: The words approved on") for note in after.notes)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_it_holds_until_the_first_approval_ends(home: Path, lang: str) -> None:
    for one in ("en", "es"):
        until = SOON if one == lang else SOON + timedelta(days=30)
        approve(home, one, until)
    assert resolve(opened(home), order(home)).window.last == SOON
    first = made(home)
    (part,) = parts_of(Path(first.path).read_bytes())
    assert (first.status, part.until) == (Status.APPROVED, SOON)
    late = made(home, SOON + timedelta(days=1))
    assert (late.status, late.cached) == (Status.OVERDUE, False)
    heard = text_in_tag_order(Path(late.path).read_bytes())
    own = {"en": "The part in English is not", "es": "The part in Español is not"}
    assert own[lang] in heard
    assert heard.count("Its approval has ended.") == 1
    with pytest.raises(ContentError, match="past its review date"):
        Gate(SOON + timedelta(days=1), opened(home)).demand([part])


def test_numbers_that_contradict_each_other_do_not_stand_side_by_side(home: Path) -> None:
    approve(home, lang="es")
    values = (builtin_root("content") / "values.toml").read_text("utf-8")
    anew = values.replace("6 to 8 weeks", "6 to 9 weeks").replace("6 a 8 semanas", "6 a 9 semanas")
    anew = anew.replace("weeks = [6, 8]", "weeks = [6, 9]")
    assert anew != values
    (home / "content/values.toml").write_text(anew, "utf-8")
    approve(home)
    assert build(opened(home), replace(order(home), selection=Selection("crps"))).pages
    with pytest.raises(ContentError, match=r"en and es disagree in limit_weeks: .*6 to 9.*6 a 8"):
        made(home)


def test_numbers_of_two_drafts_that_contradict_each_other_are_mended_in_their_file(
    home: Path,
) -> None:
    own = '[lifting_limit]\ntext.en = "8 pounds (3.6 kg)"\ntext.es = "5 libras (2 kg)"\n'
    (home / "content").mkdir(exist_ok=True)
    (home / "content/values.local.toml").write_text(own, "utf-8")
    with pytest.raises(ContentError) as caught:
        build(opened(home), replace(order(home), selection=replace(BOTH, proposed=True)))
    (found,) = caught.value.findings
    assert "en and es disagree in lifting_limit: " in found.message
    assert found.remedy == "Write the same numbers in both."
    assert found.source
    assert found.source.file.endswith("content/values.local.toml")
    assert found.source.line == 2


def test_published_in_both_orders_once_both_are_approved(home: Path, tmp_path: Path) -> None:
    publish(opened(home), tmp_path / "desk", TODAY)
    assert not list((tmp_path / "desk").glob("*.bilingual.*"))
    approve(home, lang="es")
    publish(opened(home), tmp_path / "desk", TODAY)
    names = {path.name for path in (tmp_path / "desk").glob("*.bilingual.*")}
    assert names == {"crps.bilingual.en+es.pdf", "crps.bilingual.es+en.pdf"}
    page = (tmp_path / "desk/index.html").read_text("utf-8")
    assert "English + Español" in page
    assert "Español + English" in page
    approvals.revoke(opened(home), "crps", "es", ANN)
    publish(opened(home), tmp_path / "desk", TODAY)
    assert not list((tmp_path / "desk").glob("*.bilingual.*"))


def test_a_published_sheet_says_until_when_both_are_approved(home: Path, tmp_path: Path) -> None:
    until = TODAY + timedelta(days=30)
    signature = replace(ANN, until=until, translation_checked_by="B. Sample")
    approving.approve(home, "crps", signature, "es")
    publish(opened(home), tmp_path / "desk", TODAY)
    page = (tmp_path / "desk/index.html").read_text("utf-8")
    english = page[page.index('<h4 lang="en">') : page.index('<h4 lang="es">')]
    said = re.findall(r"(?:Approved on|data-layout=\"bilingual)[^.]*until ([^<.]*)", english)
    day = f"{until:%B} {until.day}, {until.year}"
    assert said[0] != day
    assert said[-1] == day
    assert len(said) == 1 + english.count('data-layout="bilingual"')


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("--beside", "es"), 2, "--beside is for layouts of two languages; standard prints one."),
        (("--layout", "bilingual", "--beside", "en"), 2, "en cannot stand beside itself."),
        (("--layout", "bilingual", "--beside", "fr"), 2, "There is no language “fr”."),
        (("--layout", "bilingual", "--fillable"), 4, "a person's copy or a form is in one."),
        (("--layout", "bilingual", "--data", "me.json"), 4, "a person's copy or a form is in one."),
        (("--layout", "bilingual", "--require-approved"), 3, "es: these words are not approved"),
    ],
)
def test_what_cannot_be_is_refused_in_one_message(
    home: Path, args: tuple[str, ...], code: int, message: str
) -> None:
    (home / "me.json").write_text('{"patient": "Ana Example"}', "utf-8")
    assert (found := run("build", "crps", *args))[0] == code, found
    assert message in " ".join(found[1].split())
    assert not list((home / "output").glob("*.pdf"))


def test_a_condition_that_is_gone_is_refused_by_name(home: Path) -> None:
    """Such as between a look at the page and a press of its button."""
    workspace = opened(home)
    words = Words(load_library(workspace, "en"), load_brand(workspace, "clinic", "en"))
    other = Words(load_library(workspace, "es"), load_brand(workspace, "clinic", "es"))
    gone = Selection("gone", layout="bilingual", beside="es")
    with pytest.raises(UsageError, match="There is no condition “gone”"):
        compose_all(gone, load_layout(workspace, "bilingual").facts, (words, other))


def test_a_third_language_must_be_named_beside_the_workspaces_own(home: Path) -> None:
    words = (builtin_root("content") / "interface/es.toml").read_text("utf-8")
    (home / "content/interface").mkdir()
    (home / "content/interface/qx.toml").write_text(words, "utf-8")
    code, said = run("build", "crps", "--layout", "bilingual")
    assert code == 2
    assert "Which one beside en? There are: es, qx. --beside CODE names it." in said
    assert run("build", "crps", "--layout", "bilingual", "--beside", "es")[0] == 0
    assert run("build", "crps", "--layout", "bilingual", "--lang", "es")[0] == 0
    there = {path.name for path in (home / "output").glob("*.pdf")}
    assert there == {"crps.bilingual.en+es.pdf", "crps.bilingual.es+en.pdf"}


def test_a_batch_and_a_packet_know_it(home: Path) -> None:
    (home / "people.csv").write_text("patient\nAna Example\n", "utf-8")
    batch = ("batch", "people.csv", "--condition", "crps", "--layout", "bilingual", "--allow-draft")
    code, said = run(*batch)
    assert code == 9
    assert "bilingual prints two languages; a copy for one person is in one." in said
    code, said = run("packet", "crps", "--layout", "bilingual")
    assert (code, "is a draft" in said) == (3, True)
    approve(home, lang="es")
    assert run("packet", "crps", "--layout", "bilingual", "-o", "both.pdf")[0] == 0
    assert text_in_tag_order((home / "both.pdf").read_bytes()).count("Warning signs") > 0


@pytest.mark.parametrize("choice", [("--section", "risks"), ("--without", "trial")])
def test_sections_are_chosen_for_both(home: Path, choice: tuple[str, str]) -> None:
    assert run("build", "crps", "--layout", "bilingual", *choice)[0] == 0
    (path,) = (home / "output").glob("*.bilingual.*")
    heard = text_in_tag_order(path.read_bytes())
    named = choice[0] == "--section"
    for title in ("What can go wrong", "Qué puede salir mal", "Warning signs", "Señales de alarma"):
        assert title in heard
    for title in ("First, a trial", "Primero, una prueba", "Living with it"):
        assert (title in heard) is (not named and title == "Living with it")
    assert ("A PART ONLY" in heard) is False  # the mark is for the eye; the notice is heard
    assert ("This is a part of a longer handout." in heard) is named
    assert ("Esta es solo una parte" in heard or "parte de un folleto" in heard) is named
