"""``handouts build``: choosing, naming, reporting."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from handouts.cli.app import app
from tests.approving import approve
from tests.test_handouts import CONDITIONS

pytestmark = pytest.mark.usefixtures("printed_once")

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT.glob("layouts/*/layout.toml")


def build(*args: str) -> Result:
    return CliRunner().invoke(app, ["build", *args, "--as-of", "2026-11-21"])


def written(home: Path) -> set[str]:
    return {path.name for path in (home / "output").glob("*.pdf")}


# --- Choosing -----------------------------------------------------------------------------


@pytest.mark.parametrize("codes", [("G90.521",), ("g90521",), ("G90.52-",), ("G57.7",)])
def test_a_code_finds_its_handout(home: Path, codes: tuple[str, ...]) -> None:
    result = build(*(word for code in codes for word in ("--icd10", code)))
    assert result.exit_code == 0, result.stderr
    assert written(home) == {"crps.standard.en.pdf"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("G90.521",), ("crps",)),
        (("z96651",), ("knee-replacement",)),
        (("knee",), ("knee-replacement",)),
        (("CRPS", "Hernia", "g90.52"), ("crps", "groin-hernia")),
    ],
)
def test_a_code_or_a_part_of_its_name_finds_it(
    home: Path, words: tuple[str, ...], names: tuple[str, ...]
) -> None:
    result = build(*words, "--paper", "Letter")
    assert result.exit_code == 0, result.stderr
    assert written(home) == {f"{name}.standard.en.pdf" for name in names}


def test_a_word_that_fits_two_names_lists_them(home: Path) -> None:
    shutil.copytree(ROOT / "handouts/content/conditions/crps", home / "content/conditions/knee-old")
    result = build("knee")
    assert result.exit_code == 2
    assert "“knee” fits more than one condition: knee-old, knee-replacement." in result.stderr


def test_two_codes_narrow_it_down(home: Path) -> None:
    assert build("--icd10", "G89.28", "--icd10", "Z96.651").exit_code == 0
    assert written(home) == {"knee-replacement.standard.en.pdf"}


def test_an_ambiguous_code_lists_the_candidates(home: Path) -> None:
    result = build("--icd10", "G89.28")
    assert result.exit_code == 2
    assert "groin-hernia" in result.stderr
    assert "knee-replacement" in result.stderr
    assert written(home) == set()


@pytest.mark.parametrize("code", ["M25", "M25.5", "R10.3", "Z96.6", "T84.84XA"])
def test_a_code_of_other_parts_of_the_body_too_makes_nothing(home: Path, code: str) -> None:
    result = build(code)
    assert result.exit_code == 2
    assert f"{code} may be of another part of the body than" in result.stderr
    assert written(home) == set()


@pytest.mark.usefixtures("home")
def test_codes_that_exclude_each_other_are_named() -> None:
    result = build("--icd10", "G90.521", "--icd10", "G57.71")
    assert result.exit_code == 2
    assert "G90.521 and G57.71 exclude each other" in result.stderr


def test_all(home: Path) -> None:
    assert build("--all").exit_code == 0
    assert written(home) == {f"{name}.standard.en.pdf" for name in CONDITIONS}


def test_a_condition_named_twice_is_built_once(home: Path) -> None:
    result = build("crps", "crps", "--json")
    assert len(json.loads(result.stdout)["built"]) == 1
    assert written(home) == {"crps.standard.en.pdf"}


# --- Naming -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "name"),
    [
        ((), "crps.standard.en.pdf"),
        (("--brand", "clinic", "--paper", "letter"), "crps.standard.en.pdf"),
        (("--brand", "juniper"), "crps.standard.en.juniper.pdf"),
        (("--paper", "a4"), "crps.standard.en.a4.pdf"),
        (("--layout", "large-print"), "crps.large-print.en.pdf"),
        (("--all-sections",), "crps.standard.en.all-sections.pdf"),
        (("--without", "trial", "--without", "my-notes"), "crps.standard.en.without+my-notes+tr"),
    ],
)
def test_what_differs_is_in_the_name(home: Path, args: tuple[str, ...], name: str) -> None:
    result = build("crps", *args)
    assert result.exit_code == 0, result.stderr
    (made,) = written(home)
    assert made.startswith(name)


def test_into_a_folder_and_into_a_file(home: Path) -> None:
    assert build("crps", "-o", "desk/").exit_code == 0
    assert build("crps", "-o", "desk/mine.PDF").exit_code == 0
    assert {path.name for path in (home / "desk").iterdir()} == {"crps.standard.en.pdf", "mine.PDF"}
    assert written(home) == set()


def test_a_file_of_somebody_else_stays(home: Path) -> None:
    (home / "letter.pdf").write_bytes(b"a letter")
    result = build("crps", "-o", "letter.pdf")
    assert result.exit_code == 7
    assert "--force" in result.stderr
    assert (home / "letter.pdf").read_bytes() == b"a letter"
    assert build("crps", "-o", "letter.pdf", "--force").exit_code == 0


# --- Protecting ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ("--without", "warning-signs"),
        ("--section", "trial", "--without", "warning-signs"),
        ("--section", "ref-harms", "--layout", "referral"),
    ],
)
def test_what_protects_the_patient_stays_in(home: Path, args: tuple[str, ...]) -> None:
    result = build("crps", *args)
    assert result.exit_code == 2
    assert "protect the patient" in result.stderr
    assert written(home) == set()


@pytest.mark.parametrize("layout", ["standard", "large-print"])
def test_a_short_sheet_says_that_it_is_a_part(home: Path, layout: str) -> None:
    wanted = ("--section", "recovery", "--section", "faq", "--layout", layout)
    assert "warning-signs and who-to-call were added" in build("crps", *wanted).stdout
    (path,) = (home / "output").glob("*.pdf")
    text = " ".join(word for page in PdfReader(path).pages for word in page.extract_text().split())
    parts = ("A PART ONLY", "Ask us for the whole handout", "Call 911", "Call us today")
    assert [part for part in parts if part not in text] == []
    assert "who-to-call was added" in build("crps", *wanted, "--section", "warning-signs").stdout


@pytest.mark.parametrize("layout", sorted(path.parent.name for path in SHIPPED))
def test_every_layout_that_ships_can_be_built_on(home: Path, layout: str) -> None:
    (home / "layouts/own").mkdir(parents=True)
    own = f'extends = "{layout}"\ntitle.en = "Own"\ndescription.en = "Own"\n'
    (home / "layouts/own/layout.toml").write_text(own)
    results = [build("crps", "--layout", one, "--json") for one in (layout, "own")]
    assert [result.exit_code for result in results] == [0, 0], results[1].output
    pages = [json.loads(result.stdout)["built"][0]["pages"] for result in results]
    assert pages[0] == pages[1]


def test_require_approved(home: Path) -> None:
    assert build("crps", "--require-approved").exit_code == 3
    approve(home)
    result = build("crps", "--require-approved", "--as-of")
    assert result.exit_code == 2
    late = CliRunner().invoke(app, ["build", "crps", "--require-approved", "--as-of", "2099-01-01"])
    assert late.exit_code == 3
    assert "past its review date" in late.stderr


# --- Reporting ----------------------------------------------------------------------------


@pytest.mark.usefixtures("home")
def test_the_summary_line() -> None:
    first, second = build("crps").stdout, build("crps").stdout
    line = first.split("\n")[0]
    for said in ("crps.standard.en: ", "pages", "grade ", "DRAFT", "edition "):
        assert said in line
    assert first.endswith(f"\n{Path('output/crps.standard.en.pdf')}\n")
    assert second.split("\n")[0] == f"{line}, unchanged"
    assert "No one at your clinic" in first


def test_the_pdf_is_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(home / "output/crps.standard.en.pdf")
    opener, given = home / "xdg-open", home / "given"
    monkeypatch.setenv("PATH", str(home), prepend=os.pathsep)
    for code in (0, 3):
        opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{given}"\nexit {code}\n')
        opener.chmod(0o700)
        if code == 0:
            assert build("crps", "--open").stderr == ""
            assert given.read_text() == path
    assert build("crps", "--open").stderr == f"No program was found that opens {path}.\n"


@pytest.mark.usefixtures("home")
def test_quiet_says_nothing_and_verbose_shows_the_stages() -> None:
    assert build("crps", "-q").output == ""
    shown = build("crps", "-v", "--force").stdout
    assert all(
        f"    {stage}" in shown for stage in ("look up", "content", "layout", "check", "write")
    )


def as_json(*args: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(build(*args, "--json").stdout)
    return data


def test_json(home: Path) -> None:
    (built,) = as_json("crps")["built"]
    assert built["path"] == str(home / "output/crps.standard.en.pdf")
    assert built["status"] == "draft"
    assert built["cached"] is False
    assert as_json("crps")["built"][0]["cached"] is True


def test_json_of_a_batch_reports_what_failed(home: Path) -> None:
    broken = home / "content/conditions/crps/en/risks.md"
    broken.parent.mkdir(parents=True)
    broken.write_text("no front matter\n")
    shown = as_json("--all")
    assert len(shown["built"]) == len(CONDITIONS) - 1
    (failed,) = shown["failed"]
    assert (failed["condition"], failed["exit_code"]) == ("crps", 3)
    (finding,) = failed["findings"]
    assert (finding["file"], finding["line"]) == ("content/conditions/crps/en/risks.md", 1)


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_progress_is_shown_on_a_terminal_and_wiped(home: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "handouts", "build", "--all", "--as-of", "2026-11-21"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert f"1/{len(CONDITIONS)} crps: layout" in shown
    assert shown.endswith("\r\x1b[K")
    assert "\x1b" not in done.stdout.decode()


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
@pytest.mark.usefixtures("few_layouts")
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("list conditions", "reading"),
        ("new condition low-back", "reading"),
        ("transcript {pdf}", "reading"),
        ("diff crps", "comparing"),
        ("reprint {edition} -o again.pdf", "printing again"),
        ("approve crps --sheet sheet.pdf", "writing the page"),
        ("publish desk", "publishing"),
    ],
)
def test_whatever_takes_a_second_says_so_on_a_terminal(
    home: Path, monkeypatch: pytest.MonkeyPatch, line: str, says: str
) -> None:
    approve(home)
    made = as_json("crps")["built"][0]
    monkeypatch.setattr("handouts.cli.report.sys", SimpleNamespace(stderr=Terminal()))
    done = CliRunner().invoke(app, line.format(pdf=made["path"], edition=made["edition"]).split())
    assert f"\r{says} …\r" in done.stderr, done.output
    assert says not in done.stdout


class Terminal:
    """A standard error that a person sees."""

    def isatty(self) -> bool:
        return True


# --- What a clinic locks ------------------------------------------------------------------


@pytest.mark.parametrize(("name", "lang"), [("recovery", "en"), ("faq", "es")])
def test_what_a_clinic_locks_is_in_each_layout_for_patients_and_on_no_poster(
    home: Path, name: str, lang: str
) -> None:
    """As docs/editors.md shows it; a leaflet says it in fewer words, a wall asks for the rest."""
    shipped = (ROOT / "handouts/content/outline.toml").read_text("utf-8")
    locked = shipped.replace("[patient]\n", f'[patient]\nlocked = ["{name}"]\n')
    (home / "content/outline.toml").write_text(locked, "utf-8")
    for layout in ("standard", "one-page", "trifold", "poster"):
        done = build("crps", "--lang", lang, "--layout", layout)
        assert done.exit_code == 0, done.output
        (made,) = (home / "output").glob(f"crps.{layout}.{lang}.pdf")
        ids = set()
        with pikepdf.open(made) as pdf:
            for item in pdf.objects:
                if isinstance(item, pikepdf.Dictionary) and "/ID" in item and "/S" in item:
                    ids.add(str(item.ID))
        assert (name in ids) is (layout != "poster"), (layout, sorted(ids))


# --- The page for the fridge --------------------------------------------------------------

LONG = "Northside Center for Interventional Pain Medicine and Physical Rehabilitation"


def clinic(home: Path, numbers: int) -> None:
    """A brand with that name and so many telephone numbers."""
    phones = "".join(
        f'[[phone]]\nlabel = "Nurse line {one}"\nnumber = "(555) 846-220{one} ext. 4"\n'
        'hours = "Monday to Friday, 8 am to 5 pm"\n'
        for one in range(numbers)
    )
    folder = home / "brands/long"
    folder.mkdir(parents=True)
    address = '["1 Example Street, Suite 400, North Building", "Sampletown, ZZ 00000"]'
    text = f'name = "{LONG}"\naddress = {address}\nemergency = "911"\n{phones}'
    (folder / "brand.toml").write_text(text, "utf-8")


def test_that_the_page_for_the_fridge_is_torn_or_not_the_last_is_said(home: Path) -> None:
    """Its words send the reader to the last page, and there the telephone numbers are looked for;
    all is there, so it is made."""
    for layout in ("standard", "trifold"):
        said = build("crps", "--layout", layout).output
        assert "Behind the page" not in said
        assert "do not fit on one page" not in said
    clinic(home, 9)
    assert "Behind the page with the warning signs comes another one." in (
        build("nerve-injury", "--lang", "es", "--brand", "long").output
    )
    wall = build("crps", "--layout", "poster", "--brand", "long").output
    assert ("does not fit on one page" in wall) is (", 1 page," not in wall.replace(": ", ", "))
    signs = "sections/warning-signs/en.md"
    words = (ROOT / "handouts/content" / signs).read_text("utf-8")
    more = "\n".join(f"- Sign number {one} that somebody added" for one in range(9))
    (home / "content" / signs).parent.mkdir(parents=True)
    (home / "content" / signs).write_text(words.replace("::: own warning-911\n:::", more), "utf-8")
    for _ in range(2):  # also by a build that finds it unchanged
        assert "The warning signs and whom to call do not fit on one page." in (
            build("crps", "--layout", "large-print").output
        )
