"""Translations at the terminal: what is asked of those who approve, and what is shown as old."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from handouts import approvals
from handouts.library.records import latest
from handouts.model.untranslated import UNTRANSLATED
from handouts.workspace import builtin_root, open_workspace
from tests.cli.test_approve_command import DAY, run

pytestmark = pytest.mark.usefixtures("few_layouts")


def heard() -> str:
    run("build", "crps", "--lang", "es", *DAY)
    return " ".join(run("transcript", "output/crps.standard.es.pdf").output.split())


def test_approving_a_translation_asks_who_checked_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "condition_findings", lambda *_: ())  # takes its time
    name = ("--by", "Ann Roe", "--role", "dr", "--yes", *DAY)
    assert run("approve", "crps", "--lang", "es", *name).exit_code != 0
    assert not (home / "content/approvals").exists()
    assert "Ninguna persona calificada ha revisado aún la traducción" in heard()
    asked = run("approve", "crps", "--lang", "es", *name, answers="Eva Paz, CMI-Spanish\n")
    assert asked.exit_code == 0, asked.output
    made = latest(open_workspace(home, home), "crps", "es")
    assert made
    assert made.translation_checked_by == "Eva Paz, CMI-Spanish"
    assert "Traducción revisada por Eva Paz, CMI-Spanish" in heard()
    other = run("approve", "crps", "--translation-checked-by", "Eva", *name)
    assert other.exit_code == 2
    assert "these words are no translation" in other.output


def test_an_edited_source_makes_the_shipped_translation_old(home: Path) -> None:
    text = (builtin_root("content") / "sections/risks/en.md").read_text("utf-8")
    (home / "content/sections/risks").mkdir(parents=True)
    (home / "content/sections/risks/en.md").write_text(text, "utf-8")
    shown = run("translate", "status", "--lang", "es").output
    assert "out of date     section risks: made from version “2.0”" in shown
    (spanish,) = json.loads(run("translate", "status", "--json").output)["languages"]
    assert [(one["name"], one["state"]) for one in spanish["gaps"]] == [
        ("section risks", "out of date")
    ]
    rows = json.loads(run("list", "conditions", "--json").output)["conditions"]
    old = {row["lang"] for row in rows if row["translation_out_of_date"]}
    assert old == {"es"}
    assert "DRAFT; translation out of date" in run("list", "conditions").output
    assert run("translate", "status", "--lang", "xx").exit_code == 2


@pytest.mark.usefixtures("home")
def test_a_language_begins_once() -> None:
    assert run("new", "language", "fr").exit_code == 0
    again = run("new", "language", "fr")
    assert (again.exit_code, "There is a language fr already" in again.output) == (2, True)
    assert run("new", "language", "f").exit_code == 2
    assert run("build", "crps", "--lang", "fr", *DAY).exit_code == 0
    refused = run("approve", "crps", "--lang", "fr", *DAY)
    assert (refused.exit_code, UNTRANSLATED in refused.output) == (3, True)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("values.local.toml", '"lifting_limit".text.en = "4 pounds (1.8 kg)"\n'),
        (
            "conditions/wrist/condition.toml",
            'sore_area.en = "the sore wrist", area.en = "the wrist"',
        ),
    ],
)
def test_a_file_of_theirs_that_cannot_grow_by_lines_stays_as_it_is(
    home: Path, file: str, text: str
) -> None:
    own = home / "content" / file
    if "condition" in file:
        assert run("new", "condition", "wrist").exit_code == 0
        facts, _, _ = own.read_text("utf-8").partition("[variables]")
        text = f"variables = {{ {text} }}\n{facts}"
    own.write_text(text, "utf-8")
    assert run("new", "language", "fr").exit_code == 0
    assert own.read_text("utf-8") == text
    label = (home / "content/label.toml").read_text("utf-8")
    assert f'only_if.fr = "{UNTRANSLATED} ' in label


@pytest.mark.usefixtures("home")
def test_another_english_is_a_language_like_any(home: Path) -> None:
    """It keeps the program's own words: no line of its own could change them."""
    assert run("new", "language", "en-gb").exit_code == 0
    lines = (home / "content/interface/en-gb.toml").read_text("utf-8")
    assert f'call = "{UNTRANSLATED} Call"' in lines
    assert "draft_notice" not in lines
    listed = run("translate", "status", "--lang", "en-gb")
    assert (listed.exit_code, "word call" in listed.output) == (0, True)
    refused = run("approve", "crps", "--lang", "en-gb", *DAY)
    assert (refused.exit_code, UNTRANSLATED in refused.output) == (3, True), refused.output


def test_no_mark_that_is_printed_can_be_approved(home: Path) -> None:
    """Each stands in a file of its own kind; the last two are not printed in this handout."""
    assert run("new", "language", "en-gb").exit_code == 0
    content = home / "content"
    for path in content.rglob("*"):
        if path.is_file() and UNTRANSLATED in (text := path.read_text("utf-8")):
            path.write_text(re.sub(rf"( # )?{re.escape(UNTRANSLATED)} ?", "", text), "utf-8")
    for name, words in (
        ("values.toml", '"6 to 8 weeks"'),
        ("glossary/en-gb.toml", '"A thin, soft wire'),
        ("evidence.toml", '"DRG device"'),
        ("label.toml", '"CRPS type I or II of that leg is diagnosed"'),
        ("evidence.toml", '"2018, mixed causes, as 100"'),
    ):
        text = (content / name).read_text("utf-8")
        assert words in text
        marked = text.replace(words, f'"{UNTRANSLATED} {words[1:]}', 1)
        (content / name).write_text(marked, "utf-8")
    said = run("approve", "crps", "--lang", "en-gb", *DAY).output
    lines = [one for one in said.splitlines() if "is what a new file says" in one]
    assert [one.split("content/")[1].split(":")[0] for one in lines] == [
        "evidence.toml", "glossary/en-gb.toml", "values.toml",
    ]  # fmt: skip
