"""What ``approve`` refuses: names that cannot be printed, days that cannot be, unwritten words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handouts import approvals, scaffold
from handouts.approvals import ROLES, Signature, role_of
from handouts.cli.app import app
from handouts.errors import ContentError, Finding, UsageError
from handouts.fitting import NoRoom
from handouts.library.records import Record, latest
from handouts.workspace import Workspace, builtin_root, open_workspace

pytestmark = pytest.mark.usefixtures("printed_once", "few_layouts")

TODAY = date(2026, 11, 21)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh workspace."""
    scaffold.init(tmp_path / "clinic")
    return tmp_path / "clinic"


def opened(home: Path) -> Workspace:
    return open_workspace(home, home)


def approve(home: Path, signature: Signature, condition: str = "crps") -> Record:
    workspace = opened(home)
    proposal = approvals.propose(workspace, condition, "en", signature.on)
    return approvals.approve(workspace, proposal, signature)


def run(home: Path, *args: str) -> Result:
    return CliRunner().invoke(app, [*args, "--workspace", str(home)], prog_name="handouts")


# --- Names --------------------------------------------------------------------------------

UNPRINTABLE = {
    "Li \U0001f600": r"“😀” \(U\+1F600 GRINNING FACE\)",
    "李 Roe": r"“李” \(U\+674E CJK",
}
UNSEEN = {
    "Ann\u202eeoR": "U\\+202E RIGHT-TO-LEFT OVERRIDE",
    "\u202aAnn": "U\\+202A LEFT-TO-RIGHT EMBEDDING",
    "Ann\u2066Roe": "U\\+2066 LEFT-TO-RIGHT ISOLATE",
    "Ann\u2069": "U\\+2069 POP DIRECTIONAL ISOLATE",
    "An\u200bn": "U\\+200B ZERO WIDTH SPACE",
    "An\u200dn": "U\\+200D ZERO WIDTH JOINER",
    "\ufeffAnn": "U\\+FEFF ZERO WIDTH NO-BREAK SPACE",
    "\u3164": "U\\+3164 HANGUL FILLER",
    "Ann\ufe0f": "U\\+FE0F VARIATION SELECTOR-16",
    "An\x07n": "U\\+0007 a control character",
}


@pytest.mark.parametrize("option", ["--by", "--role", "--licence"])
@pytest.mark.parametrize("name", [*UNPRINTABLE, *UNSEEN])
def test_a_name_that_cannot_be_printed_or_seen_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, option: str, name: str
) -> None:
    monkeypatch.setattr(approvals, "condition_findings", lambda *_: ())  # the words are good
    given = {"--by": "Ann Roe", "--role": "nurse", "--licence": "A 1", option: name}
    signature = Signature(given["--by"], given["--role"], TODAY, licence=given["--licence"])
    said = UNPRINTABLE.get(name) or f"cannot be seen: {UNSEEN[name]}"
    with pytest.raises(UsageError, match=f"^{option}.*{said}"):
        approve(home, signature)
    assert latest(opened(home), "crps", "en") is None


def test_words_without_room_in_a_leaflet_are_approved_and_wrong_ones_are_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A brand with many numbers is no fault of words; ``check`` and ``build`` say what to do."""
    found: list[Finding] = [NoRoom("What protects the patient does not fit the layout trifold.")]
    monkeypatch.setattr(approvals, "condition_findings", lambda *_: tuple(found))
    approve(home, Signature("Ann Roe", "nurse", TODAY))
    assert latest(opened(home), "crps", "en") is not None
    found.append(Finding("“37%” has no source."))
    with pytest.raises(ContentError, match="has no source"):
        approve(home, Signature("Ann Roe", "nurse", TODAY))


def test_a_name_of_letters_that_another_font_has_is_kept(home: Path) -> None:
    made = approve(home, Signature("Zoë O’Brien-Łuk Ζωή", "md", TODAY, licence="№ 12–3"))
    assert (made.by, made.licence) == ("Zoë O’Brien-Łuk Ζωή", "№ 12–3")


# --- Roles --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        *((usual, usual) for usual in ROLES),
        *((also, usual) for usual, others in ROLES.items() for also in others),
        ("M.D.", "physician"),
        ("Dr.", "physician"),
        ("Nurse  Practitioner", "nurse practitioner"),
        ("Chief of pain", "Chief of pain"),
        ("nurses", "nurses"),
    ],
)
def test_a_role_is_kept_by_its_usual_name(given: str, kept: str) -> None:
    assert role_of(given) == kept


def test_a_word_means_one_role() -> None:
    words = [word for usual, also in ROLES.items() for word in (usual, *also)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        ("", list(ROLES)),
        ("nurse", ["nurse practitioner", "registered nurse"]),
        ("Surg", ["surgeon"]),
    ],
)
def test_the_shell_completes_roles(start: str, wanted: list[str]) -> None:
    shell = {
        "_HANDOUTS_COMPLETE": "fish_complete",
        "COMP_WORDS": "handouts approve crps --role ",
        "COMP_CWORD": start,
    }
    shown = CliRunner().invoke(app, [], prog_name="handouts", env=shell).stdout
    assert [line.partition(",")[2] for line in shown.split("\n") if line] == wanted


# --- Days ---------------------------------------------------------------------------------


def test_a_day_in_the_future_is_refused(home: Path) -> None:
    args = ("approve", "crps", "--by", "Ann", "--role", "md", "--yes")
    shown = run(home, *args, "--as-of", "2199-01-01")
    assert shown.exit_code == UsageError.exit_code
    assert "2199-01-01 is in the future. Leave --as-of out." in shown.stderr
    assert latest(opened(home), "crps", "en") is None


def test_a_day_before_the_words_were_written_is_refused(home: Path) -> None:
    with pytest.raises(ContentError, match=r"risks/en\.md:2: .*after today \(2020"):
        approve(home, Signature("Ann", "md", date(2020, 1, 1)))


# --- Words --------------------------------------------------------------------------------


def test_what_nobody_has_written_yet_is_not_approved(home: Path) -> None:
    scaffold.new_condition(opened(home), "low-back", TODAY)
    with pytest.raises(ContentError) as caught:
        approve(home, Signature("Ann", "md", TODAY), "low-back")
    found = "\n".join(map(str, caught.value.findings))
    for said in ("“(body part)”", "“(area)”", "“(diagnosis)”", "“Write short sentences here.”"):
        assert f"{said} is what a new file says. Write your own words." in found, said


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("values.toml", "5 pounds (2 kg)", "5 pounds \U0001f600", "“😀” (U+1F600 GRINNING FACE)"),
        (
            "values.toml",
            "[lifting_limit]\ntext.en",
            "[lifting_limit]\ntext.fr",
            "lifting_limit has",
        ),
        ("interface/en.toml", 'page = "Page"', 'page = "頁"', "“頁” (U+9801 CJK"),
        ("sections/risks/en.md", 'title = "', 'title = "\U0001f600 ', "U+1F600"),
    ],
)
def test_what_cannot_be_printed_is_not_approved(
    home: Path, file: str, old: str, new: str, said: str
) -> None:
    text = (builtin_root("content") / file).read_text("utf-8")
    assert old in text
    path = home / "content" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ContentError) as caught:
        approve(home, Signature("Ann", "md", TODAY))
    places = {one.source for one in caught.value.findings if said in one.message and one.source}
    (place,) = {place for place in places if place.file == str(path)}
    lines = path.read_text("utf-8").split("\n")
    assert new.rpartition("\n")[2] in lines[place.line - 1]
