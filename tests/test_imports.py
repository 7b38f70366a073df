"""The imports of the package run one way, and few modules know Click and ReportLab."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "handouts"

#: A part may import the parts in lines above its own, and itself; never a neighbour.
ORDER: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in """
    errors names selection
    model spoken datafile
    flow
    workspace pdf output
    library cache
    compose layout
    check
    build approvals scaffold
    attach publish
    packet
    cli
    """.strip().splitlines()
)

#: The stages after layout know nothing of conditions, templates or commands.
STAGES = {"flow": {"errors", "model", "flow"}, "pdf": {"errors", "model", "flow", "pdf"}}

#: Entrances: they import the command and nothing else.
DOORS = {"__main__", "__init__"}


def part_of(path: Path) -> str:
    """The package's part in which a file lies: ``pdf`` for ``handouts/pdf/render.py``."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every import, at any depth, also those for type checking."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the import in full"
            assert node.module
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                is_module = PACKAGE.parent.joinpath(*full.split(".")).with_suffix(".py").is_file()
                yield node.lineno, full if is_module or node.module == "handouts" else node.module


def modules() -> list[Path]:
    """Every module of the package, without the rooms of data."""
    return sorted(PACKAGE.rglob("*.py"))


def ours(name: str) -> str | None:
    """The part that an import names, or None for a library or the version."""
    top, _, rest = name.partition(".")
    part = rest.partition(".")[0]
    return part if top == "handouts" and part not in ("", "__version__") else None


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    part = part_of(path)
    if part in DOORS:
        assert {name for _, name in imports(path)} <= {"handouts.cli"}
        return
    level = {name: number for number, line in enumerate(ORDER) for name in line}
    assert part in level, f"{part} has no place in the order of imports: give it one"
    for line, name in imports(path):
        other = ours(name)
        if other is None or other == part:
            continue
        assert other in level, f"{path}:{line}: there is no part {other}"
        assert level[other] < level[part], f"{path}:{line}: {part} must not import {other}"


def full_name(path: Path) -> str:
    """``handouts.pdf.render`` for ``handouts/pdf/render.py``; a package has its folder's name."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


@pytest.mark.parametrize("part", sorted(frozenset.union(*ORDER) - {"attach"}))
def test_within_a_part_no_modules_import_each_other_in_a_circle(part: str) -> None:
    """Also not inside functions or for type checking; graphlib names the circle."""
    paths = {full_name(path): path for path in modules() if part_of(path) == part}
    graph = TopologicalSorter(
        {
            name: [other for _, other in imports(path) if other != name and other in paths]
            for name, path in paths.items()
        }
    )
    graph.prepare()


@pytest.mark.parametrize("stage", STAGES)
def test_the_stages_after_layout_know_only_the_document(stage: str) -> None:
    for path in sorted((PACKAGE / stage).rglob("*.py")):
        for line, name in imports(path):
            assert ours(name) in STAGES[stage] | {None}, f"{path}:{line}: {name}"


READING = PACKAGE / "attach" / "reading"


@pytest.mark.parametrize("path", sorted(READING.glob("*.py")), ids=lambda path: path.stem)
def test_reading_a_letter_knows_nothing_of_joining_it(path: Path) -> None:
    for line, name in imports(path):
        assert ours(name) is None or name.startswith("handouts.attach.reading"), f"{path}:{line}"


def test_reading_has_no_import_circle() -> None:
    prefix = "handouts.attach.reading."
    waiting = {
        path.stem: {name.removeprefix(prefix).partition(".")[0] for _, name in imports(path)}
        for path in READING.glob("*.py")
    }
    while ready := {stem for stem, needs in waiting.items() if not needs & set(waiting) - {stem}}:
        waiting = {stem: needs for stem, needs in waiting.items() if stem not in ready}
    assert not waiting, f"these import each other: {sorted(waiting)}"


@pytest.mark.parametrize(("library", "parts"), [("click", {"cli"}), ("reportlab", {"pdf", "flow"})])
def test_few_parts_know_the_library(library: str, parts: set[str]) -> None:
    knowing = {
        part_of(path)
        for path in modules()
        for _, name in imports(path)
        if name.split(".")[0] == library
    }
    assert knowing == parts


def test_of_the_flow_only_the_faces_know_reportlab() -> None:
    for path in sorted((PACKAGE / "flow").rglob("*.py")):
        known = any(name.split(".")[0] == "reportlab" for _, name in imports(path))
        assert known == (path.stem == "faces"), path


def test_every_module_says_in_one_line_what_it_does() -> None:
    for path in modules():
        doc = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert doc, f"{path} has no docstring"
        assert doc.splitlines()[0].endswith((".", ":")), f"{path}: {doc.splitlines()[0]}"


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not {path.stem for path in modules()} & {"utils", "helpers", "common", "misc"}
