"""Each command line of the README and of ``docs/`` works as it is written."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from handouts import scaffold
from handouts.cli.app import COMMANDS, app
from tests.approving import approve
from tests.printing.answering import Printer, answering

pytestmark = pytest.mark.usefixtures("printed_once")

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BATCH = (ROOT / "docs/batch.md").read_text("utf-8")
#: A command without arguments that is only spoken of, since it needs some.
NEEDS_MORE = {
    *(
        "attach",
        "packet",
        "approve",
        "publish",
        "reprint",
        "transcript",
        "read-form",
        "batch",
        "print",
        "backup",
        "restore",
        "preflight",
        "impose",
    ),
}
#: Commands that look at each layout, or print each.
EACH_LAYOUT = {"approve", "check", "publish"}
#: What a command asks a person: whether, the name, the role.
ANSWERS = "y\nAnn Roe\nphysician\n"
#: What it asks of a patient: the name, and what may be left out.
PATIENT = "Ana Example\n" + 8 * "\n"

_DOOR = r"(?:handouts|\.venv/bin/python generate\.py)"
_LINE = re.compile(rf"^(?:\$ )?{_DOOR} ([^#\n]*[^#\s])", re.MULTILINE)
_INLINE = re.compile(rf"`{_DOOR} ([^`]+)`")
#: What needs other machines or a network, or goes on until it is stopped.
_ELSEWHERE = re.compile(r" --scheduler tls://| s3://|^bundle\b|^serve\b")
#: Rows of the README's table, which leave the command's name out.
_ROW = re.compile(rf"\| `((?:{'|'.join(COMMANDS)})\b[^`]*)` \|$", re.MULTILINE)


def scripts() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The command lines of each page; those of one block belong together."""
    for page in PAGES:
        text = page.read_text("utf-8")
        blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        prose = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        rows = _ROW.findall(text) if page.name == "README.md" else []
        for lines in (
            *(tuple(_LINE.findall(block)) for block in blocks),
            *((line,) for line in (*_INLINE.findall(prose), *rows)),
        ):
            if lines and lines[0] not in NEEDS_MORE and not _ELSEWHERE.search(lines[0]):
                yield page.name, lines


#: Each once, though several pages have it.
SCRIPTS = sorted({lines: page for page, lines in scripts()}.items())


def test_the_docs_have_command_lines() -> None:
    assert len(SCRIPTS) > 40


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace with a brand of its own and approved words, and an edition that was printed."""
    home = tmp_path_factory.mktemp("docs") / "home"
    scaffold.init(home)
    brand = home / "brands/clinic/brand.toml"
    text = brand.read_text("utf-8").replace("sample = true", "sample = false")
    brand.write_text(re.sub("^name = .*", 'name = "Hill Pain Clinic"', text, flags=re.M), "utf-8")
    for condition in ("crps", "groin-hernia", "knee-replacement"):
        approve(home, condition)
    built = CliRunner().invoke(app, ["--workspace", str(home), "build", "crps", "--json"])
    booklet = ("build", "crps", "--layout", "booklet")
    assert CliRunner().invoke(app, ["--workspace", str(home), *booklet]).exit_code == 0
    shutil.copy(ROOT / "tests/attach/samples/typst_ua.pdf", home / "letter.pdf")
    example = re.search(r"^```\n(id,patient.*?)^```", BATCH, re.MULTILINE | re.DOTALL)
    assert example
    (home / "recall.csv").write_text(example[1], "utf-8")
    (home / "recall").mkdir()
    (home / "patient.json").write_text('{"patient": "Ana Example"}', "utf-8")
    form = ("build", "crps", "--fillable", "-o", str(home / "returned.pdf"))
    assert CliRunner().invoke(app, ["--workspace", str(home), *form]).exit_code == 0
    shutil.copy(home / "returned.pdf", home / "second.pdf")
    saved = ("backup", str(home / "saved.zip"))
    assert CliRunner().invoke(app, ["--workspace", str(home), *saved]).exit_code == 0
    shutil.copytree(home, home / "my-clinic")
    return home, json.loads(built.stdout)["built"][0]["edition"]


@pytest.fixture
def printer() -> Iterator[Printer]:
    """A made-up printer, and a CUPS that has it."""
    with answering() as one:
        yield one


@pytest.mark.parametrize(("lines", "page"), SCRIPTS, ids=lambda value: str(value)[:60])
def test_it_works_as_written(
    lines: tuple[str, ...],
    page: str,
    prepared: tuple[Path, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    request: pytest.FixtureRequest,
) -> None:
    home, edition = prepared
    if "check" in lines:  # of everything
        request.getfixturevalue("few_conditions")
    if EACH_LAYOUT & {line.split()[0] for line in lines}:
        request.getfixturevalue("few_layouts")
    if {"print", "printers", "--print"} & set(lines[0].split()):
        printer = request.getfixturevalue("printer")
        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{printer.port}")
        lines = tuple(line.replace("ipp://10.0.0.7/ipp/print", printer.uri) for line in lines)
    shutil.copytree(home, tmp_path / "home")
    monkeypatch.chdir(tmp_path / "home")
    stands_for = {"EDITION": edition, "NAME": "ours", "DIR": "new", "FOLDER": "desk"}
    stands_for["FILE.zip"] = "saved.zip"
    for line in lines:
        words = [stands_for.get(word, word) for word in shlex.split(line)]
        if words[0] == "init":
            shutil.rmtree(words[1], ignore_errors=True)
        answers = PATIENT if "--ask" in words else ANSWERS
        done = CliRunner().invoke(app, words, input=answers)
        assert done.exit_code == 0, f"{page}: {line}\n{done.output}"
