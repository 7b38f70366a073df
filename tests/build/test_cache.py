"""A build whose inputs have not changed is found; every change of an input is a miss."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts import build as pipeline
from handouts import cache, scaffold
from handouts.build import Order, build
from handouts.errors import OutputError
from handouts.model import BuildResult, SectionChoice, Selection, Status
from handouts.workspace import Workspace, builtin_root, open_workspace
from tests.approving import approve

TODAY = date(2026, 11, 21)
USUAL = Selection("crps", brand="clinic")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A fresh workspace."""
    scaffold.init(tmp_path / "clinic")
    return tmp_path / "clinic"


def opened(home: Path) -> Workspace:
    return open_workspace(home, home)


def made(home: Path, selection: Selection = USUAL, as_of: date = TODAY) -> BuildResult:
    """Build once more, with files read anew."""
    workspace = opened(home)
    return build(workspace, Order(selection, workspace.output / "crps.standard.en.pdf", as_of))


def test_the_second_build_is_found(home: Path) -> None:
    first, second = made(home), made(home)
    assert (first.cached, second.cached) == (False, True)
    assert replace(second, cached=False, seconds=first.seconds) == first


def test_a_forced_build_is_not_looked_up(home: Path) -> None:
    made(home)
    workspace = opened(home)
    order = Order(USUAL, workspace.output / "crps.standard.en.pdf", TODAY, force=True)
    assert not build(workspace, order).cached


def builtin_copy(home: Path, name: str) -> Path:
    """A file of the workspace that is the same as its built-in twin."""
    room, _, rest = name.partition("/")
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((builtin_root(room) / rest).read_bytes())
    return path


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a section": lambda home: append(
        builtin_copy(home, "content/sections/risks/en.md"), "\nAsk us.\n"
    ),
    "a value": lambda home: append(builtin_copy(home, "content/values.toml"), "\n# checked\n"),
    "a layout": lambda home: append(
        builtin_copy(home, "layouts/standard/layout.toml"), "\n# mine\n"
    ),
    "a template": lambda home: append(
        builtin_copy(home, "layouts/handout.xml.j2"), "\n{# mine #}\n"
    ),
    "the brand": lambda home: append(home / "brands/clinic/brand.toml", "\n# mine\n"),
    "a new file": lambda home: (home / "brands/clinic/note.txt").write_text("x"),
    "the usual paper": lambda home: (home / "handouts.toml").write_text(
        'schema = 1\nbrand = "clinic"\npaper = "a4"\n'
    ),
    "a deleted PDF": lambda home: (home / "output/crps.standard.en.pdf").unlink(),
    "a broken record": lambda home: record(home).write_bytes(b'{"key": '),
    "a record that nests too deep": lambda home: record(home).write_bytes(b"[" * 100_000),
    "a record of other things": lambda home: record(home).write_bytes(b"[1, 2]"),
    "a record with an unknown status": lambda home: record(home).write_bytes(
        record(home).read_bytes().replace(b'"draft"', b'"blessed"')
    ),
    "a deleted record": lambda home: record(home).unlink(),
}


def record(home: Path) -> Path:
    (only,) = (home / "output/.cache").iterdir()
    return only


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_a_miss(home: Path, change: str) -> None:
    made(home)
    CHANGES[change](home)
    assert not made(home).cached
    assert made(home).cached


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("change", [b"\n", b"% a note by hand\n"])
def test_a_pdf_that_somebody_changed_is_replaced_only_by_force(
    home: Path, change: bytes, known: bool
) -> None:
    """Nobody's notes are lost; and whether a file is ours, no record is needed to say."""
    made(home)
    target = home / "output/crps.standard.en.pdf"
    noted = target.read_bytes() + change
    target.write_bytes(noted)
    if not known:
        record(home).unlink()
    with pytest.raises(
        OutputError, match=r"crps\.standard\.en\.pdf: .*somebody changed it.*--force"
    ):
        made(home)
    assert target.read_bytes() == noted
    workspace = opened(home)
    assert not build(workspace, Order(USUAL, target, TODAY, force=True)).cached
    assert made(home).cached


@pytest.mark.parametrize(
    "other",
    [
        replace(USUAL, condition="groin-hernia"),
        replace(USUAL, layout="large-print"),
        replace(USUAL, lang="es"),
        replace(USUAL, brand="juniper"),
        replace(USUAL, paper="a4"),
        replace(USUAL, choice=SectionChoice.ALL),
        replace(USUAL, without=("trial",)),
        replace(USUAL, choice=SectionChoice.NAMED, sections=("risks",)),
        replace(USUAL, choice=SectionChoice.NAMED, sections=("risks", "trial")),
        replace(USUAL, choice=SectionChoice.NAMED, sections=("trial", "risks")),
    ],
)
def test_every_part_of_the_selection_is_in_the_key(home: Path, other: Selection) -> None:
    assert cache.key(opened(home), other) != cache.key(opened(home), USUAL)


def test_the_code_is_in_the_key(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/a.py").write_text("a = 1")
    monkeypatch.setattr(cache, "_PACKAGE", tmp_path / "code")
    before = cache.key(opened(home), USUAL)
    (tmp_path / "code/a.py").write_text("a = 2")
    assert cache.key(opened(home), USUAL) != before


@pytest.mark.parametrize("library", cache.LIBRARIES)
def test_the_version_of_each_library_is_in_the_key(
    home: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    versions = cache.versions()
    before = cache.key(opened(home), USUAL)
    monkeypatch.setattr(cache, "versions", lambda: {**versions, library: "999"})
    assert cache.key(opened(home), USUAL) != before


def test_the_version_of_python_is_in_the_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.key(opened(home), USUAL)
    monkeypatch.setattr(sys, "version", "4.0.0")
    assert cache.key(opened(home), USUAL) != before


def test_all_dependencies_are_in_the_key() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    needed = {re.split(r"[<>=\[]", line)[0] for line in project["project"]["dependencies"]}
    assert needed <= set(cache.LIBRARIES)


def test_versions_are_those_that_are_installed() -> None:
    from importlib import metadata

    assert cache._version("no-such-library") == "not installed"
    for library, version in cache.versions().items():
        assert cache._version(library) != "not installed"
        installed = metadata.version(library)
        assert [int(part) for part in version.split(".")] == [
            int(part) for part in installed.split(".")
        ]


def test_what_was_edited_while_it_was_built_is_not_remembered(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the edit, once it was undone, would still be printed."""
    brand = home / "brands/clinic/brand.toml"
    before, real = brand.read_text(), pipeline.resolve

    def resolve(workspace: Workspace, order: Order) -> pipeline.Resolved:
        brand.write_text(before.replace('"#1f4e5f"', '"#5f1f4e"'))
        return real(workspace, order)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "resolve", resolve)
        edited = made(home)
    brand.write_text(before)
    again = made(home)
    assert not again.cached
    assert again.sha256 != edited.sha256


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_record_that_is_a_pipe_costs_a_build_only(home: Path) -> None:
    made(home)
    pipe = record(home)
    pipe.unlink()
    os.mkfifo(pipe)
    assert not made(home).cached


def test_an_unreadable_file_is_an_input_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: Path) -> bytes:
        raise PermissionError

    before = cache.key(opened(home), USUAL)
    monkeypatch.setattr(Path, "read_bytes", unreadable)
    assert cache.key(opened(home), USUAL) != before


# --- The as-of date -----------------------------------------------------------------------


def test_a_date_with_the_same_statuses_is_a_hit_and_another_a_miss(home: Path) -> None:
    last = approve(home).until
    made(home)
    assert made(home, as_of=last).cached
    overdue = made(home, as_of=last.replace(year=last.year + 1))
    assert (overdue.cached, overdue.status) == (False, Status.OVERDUE)
    before = made(home, as_of=date(2020, 1, 1))
    assert (before.cached, before.status) == (False, Status.DRAFT)


def test_an_approval_is_a_miss(home: Path) -> None:
    made(home)
    approve(home)
    result = made(home)
    assert (result.cached, result.status) == (False, Status.APPROVED)


# --- What a hit does not do ---------------------------------------------------------------

HEAVY = ("jinja2", "reportlab", "markdown_it", "PIL", "fontTools", "uharfbuzz", "pikepdf", "page")
LAYOUT = ("handouts.layout", "handouts.compose", "handouts.library", "handouts.pdf")


ROOT = Path(__file__).resolve().parents[2]


def command_in_a_child(*args: str, output: Path) -> tuple[str, set[str]]:
    """Run the command in a process of its own: what it prints, and the modules it imported.

    Without a workspace, PDFs land in ``output`` and not in the checkout.
    """
    code = f"""
import sys
from pathlib import Path
import handouts.workspace
handouts.workspace._default_output = lambda _: Path({str(output)!r})
sys.argv = ["handouts", *{args!r}]
from handouts.cli import main
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=output.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return done.stdout, set(done.stderr.split())


def test_a_hit_starts_no_layout(home: Path) -> None:
    """Seen from outside: the modules of the later stages are not even imported."""
    args = ("--workspace", str(home), "build", "crps", "--as-of", "2026-11-21")
    first, loaded = command_in_a_child(*args, output=home / "output")
    assert "unchanged" not in first
    assert set(LAYOUT) <= loaded
    second, loaded = command_in_a_child(*args, output=home / "output")
    assert "unchanged" in second
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)
    assert not loaded & set(LAYOUT)


def test_a_hit_in_the_built_in_library_reads_no_data_files(tmp_path: Path) -> None:
    args = ("build", "crps", "--as-of", "2026-11-21")
    command_in_a_child(*args, output=tmp_path / "output")
    shown, loaded = command_in_a_child(*args, output=tmp_path / "output")
    assert "unchanged" in shown
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)


@pytest.mark.parametrize("args", [("--help",), ("build", "--help"), ("--version",)])
def test_help_imports_nothing_heavy(tmp_path: Path, args: tuple[str, ...]) -> None:
    _, loaded = command_in_a_child(*args, output=tmp_path / "output")
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)
    assert not loaded & set(LAYOUT)


def test_a_record_that_cannot_be_written_costs_a_build_only(home: Path) -> None:
    (home / "output").mkdir(exist_ok=True)
    (home / "output/.cache").write_text("a file in the way")
    assert not made(home).cached
    assert not made(home).cached


def test_two_folders_with_a_handout_of_one_name_have_two_records(home: Path) -> None:
    workspace = opened(home)
    paths = {
        cache.record_path(workspace, folder / "crps.standard.en.pdf")
        for folder in (workspace.output, home / "a", home / "b")
    }
    assert len(paths) == 3


@pytest.mark.parametrize("folder", ["output", "elsewhere"])
def test_no_name_that_somebody_gave_a_pdf_stays_in_the_workspace(home: Path, folder: str) -> None:
    workspace = opened(home)
    order = Order(USUAL, home / folder / "Anna Miller.pdf", TODAY)
    assert not build(workspace, order).cached
    again = build(workspace, order)
    assert (again.cached, again.path) == (True, str(order.target))
    order.target.unlink()
    assert not list(home.rglob("*Miller*"))
    assert not [path for path in home.rglob("*") if path.is_file() and b"Mill" in path.read_bytes()]


def test_records_that_an_older_version_named_after_their_pdfs_go(home: Path) -> None:
    folder = home / "output/.cache"
    folder.mkdir()
    for name in ("Anna Miller.PDF.0123abcd.json", "crps.standard.en.pdf.json"):
        (folder / name).write_text('{"path": "/home/Anna Miller.PDF"}')
    made(home)
    assert len(record(home).stem) == 32


def test_a_workspace_that_was_moved_keeps_its_builds(home: Path) -> None:
    made(home)
    moved = home.rename(home.with_name("moved"))
    result = made(moved)
    assert result.cached
    assert result.path == str(opened(moved).output / "crps.standard.en.pdf")


def test_a_record_is_readable_json(home: Path) -> None:
    result = made(home)
    assert json.loads(record(home).read_text())["result"]["sha256"] == result.sha256
