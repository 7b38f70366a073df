"""The commands beside ``build``, as a person sees them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from handouts import scaffold
from handouts.check import everything
from handouts.cli.app import app
from handouts.cli.show import KINDS
from handouts.errors import Finding
from handouts.workspace import builtin_root
from tests import approving

pytestmark = pytest.mark.usefixtures("printed_once", "few_layouts")

SAMPLES = Path(__file__).parent.parent / "attach" / "samples"

DATE = ("--as-of", "2026-11-21")


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args), prog_name="handouts")


def approve(*args: str) -> Result:
    return run("approve", "crps", "--by", "Ann Roe", "--role", "physician", "--yes", *args, *DATE)


# --- list and where -----------------------------------------------------------------------


@pytest.mark.usefixtures("home")
def test_list_shows_all_there_is() -> None:
    shown = run("list", *DATE).stdout
    for kind in KINDS:
        assert f"{kind.capitalize()}\n" in shown
    for said in ("crps", "Leg or foot", "DRAFT", "G90.521", "risks", "large-print", "clinic"):
        assert said in shown


def test_a_broken_file_stops_neither_the_list_nor_what_is_approved(home: Path) -> None:
    approve()
    (home / "content/values.local.toml").write_text("x = = 1", encoding="utf-8")
    (home / "content/conditions/foot").mkdir(parents=True)
    (home / "content/conditions/foot/condition.toml").write_text("[", encoding="utf-8")
    shown = run("list", "conditions", *DATE)
    assert "approved until" in shown.stdout
    assert "foot" in shown.stdout
    assert "see: handouts check" in shown.stdout
    assert "this may not be all" in shown.stderr
    for command in (["build", "G90.521"], ["packet", "crps", "-o", "packet.pdf"]):
        done = run(*command, *DATE)
        assert done.exit_code == 0, done.output
    lost = run("build", "M79.671", *DATE)
    assert lost.exit_code == 3
    assert "content/values.local.toml:1" in lost.stderr


@pytest.mark.usefixtures("home")
def test_list_can_be_narrowed_down() -> None:
    assert run("list", "languages").stdout == "en\nes\n"
    assert "G90.521   crps" in run("list", "codes").stdout


@pytest.mark.usefixtures("home")
def test_list_shows_the_status_of_the_day() -> None:
    approve()
    assert "approved until" in run("list", "conditions", *DATE).stdout
    assert "review overdue" in run("list", "conditions", "--as-of", "2099-01-01").stdout


def test_list_says_why_an_approval_holds_no_more(home: Path) -> None:
    approve()
    values = home / "content/values.toml"
    text = (builtin_root("content") / "values.toml").read_text("utf-8")
    values.write_text(text.replace("[lifting_limit]\n", '[lifting_limit]\nsafety = "Too high."\n'))
    assert "DRAFT (withdrawn: " in run("list", "conditions", *DATE).stdout
    values.unlink()
    run("approve", "crps", "--by", "Bo", "--role", "rn", "--revoke", "--yes")
    shown = run("list", "conditions").stdout
    assert "DRAFT (approval taken back)\n" in shown
    assert "DRAFT\n" in shown


def test_list_goes_on_when_an_approved_condition_is_broken(home: Path) -> None:
    approve()
    broken = home / "content/conditions/crps/en/risks.md"
    broken.parent.mkdir(parents=True)
    broken.write_text("no front matter\n")
    shown = run("list", "conditions")
    assert shown.exit_code == 0
    assert "approved until" in shown.stdout
    assert "newer words wait" in shown.stdout


def test_status_shows_what_needs_somebody(home: Path) -> None:
    assert run("status", *DATE).stdout.startswith("Never approved (14)\n  crps ")
    for condition in ("crps", "foot", "pelvic"):
        run("approve", condition, "--by", "Ann", "--role", "md", "--yes", *DATE)
    run("approve", "pelvic", "--by", "Bo", "--role", "rn", "--revoke", "--yes")
    assert "Approved (2)\n" in run("status", *DATE).stdout
    (home / "content/values.local.toml").write_text('[lifting_limit]\ntext.en = "9 pounds"\n')
    done = run("status", "--as-of", "2027-11-01")
    assert done.exit_code == 0
    titles = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert titles == [
        "Due within 60 days (2)", "Withdrawn, or taken back (1)", "Never approved (11)",
        "Out of date: newer words wait (2)",
    ]  # fmt: skip
    assert "until 2027-11-21, in 20 days" in done.stdout
    assert "2027-11-21, 1 day ago" in run("status", "--as-of", "2027-11-22").stdout


def test_an_approval_that_begins_later_is_told_as_such(home: Path) -> None:
    tomorrow = replace(approving.ANN, on=date(2026, 11, 22))
    for condition in ("crps", "foot"):
        approving.approve(home, condition, tomorrow)
    begins = "; a new approval begins on 2026-11-22\n"
    said = run("status", *DATE).stdout
    assert "Approved from a later day on (2)\n  crps  en" in said
    assert said.count(f"DRAFT{begins}") == 2
    assert approve().exit_code == 0
    approving.approve(home, "crps", tomorrow)
    shown = run("status", *DATE).stdout
    assert "Approved (1)\n  crps" in shown
    assert re.search(f"until 2027-11-21, in 365 days{begins}", shown)
    rows = json.loads(run("status", "--json", *DATE).stdout)["conditions"]
    states = {row["id"]: (row["state"], row["begins"]) for row in rows if row["begins"]}
    assert states == {"crps": ("approved", "2026-11-22"), "foot": ("later", "2026-11-22")}
    assert f"approved until 2027-11-21{begins}" in run("list", "conditions", *DATE).stdout


def test_status_shows_all_that_it_can_beside_a_broken_file(home: Path) -> None:
    run("approve", "crps", "--by", "Ann", "--role", "md", "--yes", *DATE)
    broken = home / "content/conditions/foot/condition.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text("x = = 1\n")
    done = run("status", *DATE)
    assert done.exit_code == 0
    assert "Approved (1)\n  crps  en  " in done.stdout
    assert re.search(r"With mistakes.*\n( .*\n)*  foot +en ", done.stdout)
    assert done.stderr.count(str(broken.relative_to(home))) == 1
    rows = json.loads(run("status", "--json", *DATE).stdout)["conditions"]
    states = {row["id"]: row["state"] for row in rows if row["lang"] == "en"}
    assert (states["crps"], states["foot"]) == ("approved", "broken")


@pytest.mark.usefixtures("few_conditions")
def test_diff_compares_workspaces_and_pdfs(home: Path) -> None:
    scaffold.init(home.parent / "other")
    (home / "content/sections/risks").mkdir(parents=True)
    (home / "content/sections/faq").mkdir(parents=True)
    for name, old, new in (("faq", "surgery", "Surgery"), ("risks", "39 of 100", "38 of 100")):
        text = (builtin_root("content") / f"sections/{name}/en.md").read_text("utf-8")
        (home / f"content/sections/{name}/en.md").write_text(text.replace(old, new), "utf-8")
    (home / "content/conditions/knee/en").mkdir(parents=True)
    text = (builtin_root("content") / "conditions/crps/condition.toml").read_text("utf-8")
    (home / "content/conditions/knee/condition.toml").write_text(text)

    shown = run("diff", "../other", ".").stdout
    assert shown.startswith("knee (en): only in “.”.\ncrps, groin-hernia")
    assert "2 parts changed; these protect the patient: risks.\nIn risks:\n  was: " in shown
    assert shown.count("In risks:") == 1
    (home / "content/conditions/knee/condition.toml").unlink()
    assert run("diff", ".", ".").stdout.endswith("groin-hernia (es):\n  the words are the same.\n")

    run("build", "crps", "-o", "new.pdf", "-q")
    run("--workspace", "../other", "build", "crps", "-o", "old.pdf", "-q")
    shown = run("diff", "old.pdf", "new.pdf").stdout
    assert shown.startswith("new.pdf, compared with old.pdf:\n3 parts changed; these protect ")
    assert "the patient: What can go wrong.\nIn What can go wrong:\n  was: " in shown
    assert re.search(r"was: .*39 of 100.*\n  now: .*38 of 100", shown)
    assert shown.count("\n  now: ") == 3
    assert run("diff", "new.pdf", "new.pdf").stdout.endswith("the words are the same.\n")
    order = ("--section", "faq", "--section", "recovery")
    for name, sections in (("a.pdf", order), ("b.pdf", (*order[2:], *order[:2]))):
        run("build", "crps", "-o", name, "-q", *sections)
    said = run("diff", "a.pdf", "b.pdf").stdout
    first, other = "The implant and the first weeks", "What people ask"
    told = f"The order changed.\n  was: DRG .*; {other}; {first}; .*\n  now: .*; {first}; {other}; "
    assert re.search(told, said)
    Path("no.pdf").write_bytes(b"words")
    assert "The file “gone.pdf” cannot be read" in run("diff", "a.pdf", "gone.pdf").stderr
    assert "“no.pdf”" in run("diff", "no.pdf", "b.pdf").stderr


@pytest.mark.parametrize(
    "names", [("crps", "foot"), ("a.pdf", "."), (".", ".", "."), ("a.pdf", "b.pdf", "--lang", "en")]
)
@pytest.mark.usefixtures("home")
def test_diff_of_what_cannot_be_compared(names: tuple[str, ...]) -> None:
    done = run("diff", *names)
    assert done.exit_code == 2
    assert "Name one condition; or two folders; or two PDFs" in done.stderr
    assert run("diff", ".", ".", "--lang", "fr").exit_code == 2


@pytest.mark.usefixtures("home")
def test_check_names_each_that_it_cannot_find_and_checks_the_others() -> None:
    built = run("build", "crps", "-o", "crps.pdf")
    assert built.exit_code == 0, built.output
    done = run("check", "nothing", "missing.pdf", "crps.pdf", "nowhere", *DATE)
    assert done.exit_code == 2
    assert "crps.pdf: no mistakes" in done.stdout
    for name in ("“nothing”", "missing.pdf: cannot be read", "“nowhere”"):
        assert done.stderr.count(name) == 1


def test_check_writes_a_report_to_sign(home: Path) -> None:
    done = run("check", "crps", "--report", "report.pdf", *DATE)
    assert done.exit_code == 0
    assert done.stdout.endswith("person to judge and sign.\nreport.pdf\n")
    assert "no mistakes" in run("check", "report.pdf").stdout
    assert run("check", "crps", "--report", "report.pdf").exit_code == 7, "it is there"
    assert run("check", "--report", str(home / "content/x.pdf")).exit_code == 7


def test_where_shows_whose_file_is_in_force(home: Path) -> None:
    assert "built-in" in run("where", "values").stdout
    (home / "content/values.toml").write_text("")
    shown = run("where", "content/values.toml").stdout
    assert "yours, replaces ours" in shown
    assert str(home / "content/values.toml") in shown
    listed = run("where").stdout
    assert "brands/clinic/brand.toml" in listed
    assert str(home / "output") in listed


def test_where_without_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "handouts init" in run("where").stdout


# --- the workspace's language ---------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ("build", "crps"),
        ("build", "crps", "--layout", "bilingual"),
        ("batch", "rows.csv", "--condition", "crps", "-o", "copies"),
        ("approve", "crps", "--by", "A", "--role", "B", "--yes"),
        ("diff", "crps"),
        ("new", "section", "more"),
        ("new", "condition", "more"),
    ],
    ids=lambda args: " ".join(args[:2]),
)
def test_a_language_that_is_set_but_not_there_has_its_line(
    home: Path, args: tuple[str, ...]
) -> None:
    (home / "rows.csv").write_text("patient\nA\n")
    marker = home / "handouts.toml"
    marker.write_text(marker.read_text("utf-8").replace('lang = "en"', 'lang = "fr"'), "utf-8")
    line = marker.read_text("utf-8").split("lang = ")[0].count("\n") + 1
    result = run(*args)
    assert result.exit_code == 5, result.stderr
    assert f"{marker}:{line}: there is no language “fr”. There are: en, es." in result.stderr
    if args[0] in ("build", "diff", "approve"):
        typed = run(*args, "--lang", "de")
        assert (typed.exit_code, "There is no language “de”." in typed.stderr) == (2, True)


# --- check --------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_conditions")
def test_check_reports_everything_at_once_and_ends_with_the_first_code(home: Path) -> None:
    (home / "brands/clinic/brand.toml").write_text("sample = 3\n")
    (home / "layouts/mine").mkdir()
    (home / "layouts/mine/layout.toml").write_text('extends = "standard"\nsize = 1\n')
    result = run("check", *DATE)
    assert result.exit_code == 4
    assert "brands/clinic/brand.toml:1" in result.stdout
    assert "layouts/mine/layout.toml:2" in result.stdout
    section = home / "content/sections/risks/en.md"
    section.parent.mkdir(parents=True)
    section.write_text("no front matter\n")
    result = run("check", *DATE)
    assert result.exit_code == 3
    assert "content/sections/risks/en.md:1" in result.stdout


def test_check_of_one_condition_leaves_the_others_alone(home: Path) -> None:
    broken = home / "content/conditions/crps/en/risks.md"
    broken.parent.mkdir(parents=True)
    broken.write_text("no front matter\n")
    assert run("check", "groin-hernia", *DATE).exit_code == 0
    assert run("check", "crps", *DATE).exit_code == 3


@pytest.mark.usefixtures("few_conditions", "home")
def test_check_finds_a_section_past_its_review() -> None:
    assert run("check", "--as-of", "2099-01-01").exit_code == 3


def test_check_of_pdfs(home: Path) -> None:
    run("build", "crps", *DATE)
    assert run("check", "output/crps.standard.en.pdf").exit_code == 0
    (home / "bad.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    result = run("check", "output/crps.standard.en.pdf", "bad.pdf")
    assert result.exit_code == 8
    assert "bad.pdf: " in result.stdout
    locked = run("check", str(SAMPLES / "aes_256_user.pdf"))
    assert locked.exit_code == 2
    assert "aes_256_user.pdf: opens only with a password." in locked.output
    missing = run("check", "missing.pdf")
    assert missing.exit_code == 2
    assert "missing.pdf: cannot be read" in missing.stderr


def test_check_reports_what_deserves_a_look(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("build", "crps", *DATE)
    shown = [("warning", Finding("page 1: odd.")), ("info", Finding("page 2: fine."))]
    monkeypatch.setattr(everything, "_outloud", lambda _: iter(shown))
    result = run("check", str(home / "output/crps.standard.en.pdf"))
    assert result.exit_code == 0
    assert "to look at: page 1: odd." in result.stdout
    assert "fine" not in result.stdout
    monkeypatch.setattr(everything, "_outloud", lambda _: iter([("error", Finding("no title."))]))
    assert run("check", str(home / "output/crps.standard.en.pdf")).exit_code == 8


def test_check_takes_a_running_line_of_a_packets_part_for_none_of_its_prose(home: Path) -> None:
    run("build", "crps", "--section", "recovery", "--section", "faq", "-o", "short.pdf", *DATE)
    parts = ("--file", "short.pdf", "--file", str(SAMPLES / "typst_ua.pdf"))
    made = run("packet", "crps", *parts, "--allow-draft", "-o", "packet.pdf", *DATE)
    assert made.exit_code == 0, made.output
    packet = home / "packet.pdf"

    def prose() -> list[str]:
        return [one.message for _, one in everything._outloud(packet) if "TAG-002" in one.message]

    assert prose() == []
    with pikepdf.open(packet, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            page.contents_coalesce()
            old = page.Contents.read_bytes()
            page.Contents = pdf.make_stream(old.replace(b"/Type/Pagination", b"/Type/Layout"))
        pdf.save(packet)
    assert len(prose()) == 2


def test_check_works_where_outloud_is_not_installed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", "crps", *DATE)
    monkeypatch.setitem(__import__("sys").modules, "outloud", None)
    result = run("check", str(home / "output/crps.standard.en.pdf"))
    assert result.exit_code == 0
    assert "outloud " not in result.stdout


# --- init, new, approve, publish ----------------------------------------------------------


def test_init_and_the_first_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run("init", "our-clinic").stdout
    assert "handouts build crps" in shown
    monkeypatch.chdir(tmp_path / "our-clinic")
    assert run("build", "crps", *DATE).exit_code == 0
    assert (tmp_path / "our-clinic/output/crps.standard.en.pdf").exists()
    assert run("init", ".").exit_code == 5


@pytest.mark.parametrize("last", range(4))
def test_a_killed_init_is_ended_by_the_next(tmp_path: Path, last: int) -> None:
    child = (
        "import os, pathlib; from handouts import output, scaffold; take = output._take\n"
        "def taken(temporary, target, done=[]):\n"
        f"    take(temporary, target) if len(done) < {last} else os._exit(9)\n"
        f"    done.append(target)\n"
        f"output._take = taken; scaffold.init(pathlib.Path({str(tmp_path)!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", child], timeout=60, check=False)
    assert done.returncode == (9 if last < 3 else 0)
    assert run("init", str(tmp_path)).exit_code == (0 if last < 3 else 5)
    assert (tmp_path / "handouts.toml").exists()


def test_init_keeps_what_it_did_not_write(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("Our own.\n")
    result = run("init", str(tmp_path))
    assert result.exit_code == 2
    assert "README.txt: is already there" in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["README.txt"]


@pytest.mark.parametrize("kind", ["condition", "section", "layout", "brand"])
def test_new(home: Path, kind: str) -> None:
    result = run("new", kind, "mine", *DATE)
    assert result.exit_code == 0
    assert "Next:" in result.stdout
    assert Path(result.stdout.split("\n")[-2]).exists()
    assert run("new", kind, "mine", *DATE).exit_code == 2
    assert run("new", kind, "../mine", *DATE).exit_code == 2
    assert list(home.rglob("mine*"))


def test_approve_prints_what_was_approved(home: Path) -> None:
    result = approve("--until", "2027-01-31")
    assert result.exit_code == 0, result.stderr
    for said in ("crps (en)", "until 2027-01-31", "Ann Roe, physician", "CRPS", "grade", "Ask us"):
        assert said in result.stdout
    assert str(home / "content/approvals") in result.stdout
    assert "approved" in run("build", "crps", *DATE).stdout


def test_approve_refuses_words_with_mistakes(home: Path) -> None:
    section = home / "content/sections/trial/en.md"
    section.parent.mkdir(parents=True)
    section.write_text(
        '+++\ntitle = "A test"\nrole = "plain"\nversion = "1.0"\n'
        "reviewed = 2026-11-21\nreview_due = 2027-11-21\n+++\nIt helps 80% of people.\n"
    )
    result = approve()
    assert result.exit_code == 3
    assert "content/sections/trial/en.md:8" in result.stderr
    assert not (home / "content/approvals").exists()


def test_approve_needs_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = approve()
    assert result.exit_code == 5
    assert "handouts init" in result.stderr


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("until", ["2020-01-01", "2099-01-01", "soon"])
def test_approve_until_a_day_that_makes_sense(until: str) -> None:
    assert approve("--until", until).exit_code == 2


def test_publish(home: Path) -> None:
    assert "pages say SAMPLE while the brand is clinic" in approve("--until", DATE[1]).stdout
    refused = run("publish", "desk", *DATE)
    assert refused.exit_code == 5
    assert "the brand clinic is a sample" in refused.stderr
    brand = home / "brands/clinic/brand.toml"
    brand.write_text(brand.read_text("utf-8").replace("sample = true", "sample = false"), "utf-8")
    result = run("publish", "desk", "--as-of", "2026-11-22")
    assert result.exit_code == 3
    assert "Nothing is approved" in result.stderr
    assert "SAMPLE" not in approve().stdout
    result = run("publish", "desk", *DATE)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith(f"\n{Path('desk/index.html')}\n")
    assert (home / "desk/index.html").exists()
    assert run("publish", "desk", "-q", *DATE).output == ""
    assert run("approve", "crps", "--by", "Bo", "--role", "rn", "--revoke", "--yes").exit_code == 0
    gone = run("publish", "desk", *DATE)
    assert gone.exit_code == 3
    assert "taken out: crps.standard.en.pdf\n" in gone.stdout
    assert not list((home / "desk").glob("*.pdf"))
