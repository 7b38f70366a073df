"""The imports of the package run one way, and few modules know Click and ReportLab."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "handouts"

#: A part may import the parts in lines above its own, and itself; never a neighbour.
ORDER: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in """
    errors importing inputs locks names namespaces seal selection stopping visible
    model spoken datafile file_names
    flow
    contract workspace pdf output
    library cache targets
    compose layout asked
    fitting
    check two_languages
    build approvals scaffold finding
    attach publish new_language desktop
    personal
    printing
    preflight
    desk
    cli
    """.strip().splitlines()
)

#: The stages after layout know nothing of conditions, templates or commands.
STAGES = {
    "flow": {"errors", "visible", "model", "flow"},
    "pdf": {"errors", "namespaces", "seal", "model", "flow", "pdf"},
}

#: Entrances: they import the command and nothing else.
DOORS = {"__main__", "__init__"}


def part_of(path: Path) -> str:
    """The package's part in which a file lies: ``pdf`` for ``handouts/pdf/rendering.py``."""
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


def name_of(path: Path) -> str:
    """A module's name within the package: ``pdf.rendering``; ``pdf`` for ``pdf/__init__.py``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph() -> dict[str, set[str]]:
    """Which modules each module imports, at any depth, also inside functions.

    ``from handouts.pdf import render`` imports the module ``render`` where there is one, else the
    package's own names.
    """
    names = {name_of(path): path for path in modules()}
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        found[name] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("handouts"):
                base = (node.module or "").removeprefix("handouts").removeprefix(".")
                wide = [f"{base}.{alias.name}".removeprefix(".") for alias in node.names]
                found[name] |= {one if one in names else base for one in wide}
            elif isinstance(node, ast.Import):
                aliases = [alias.name.removeprefix("handouts.") for alias in node.names]
                found[name] |= {alias for alias in aliases if alias in names}
        found[name] -= {name, ""}
    return found


def circles(edges: dict[str, set[str]]) -> set[frozenset[str]]:
    """The groups of modules each of which leads to every other of its group."""

    def reach(start: str) -> set[str]:
        seen: set[str] = set()
        stack = [start]
        while stack:
            new = edges.get(stack.pop(), set()) - seen
            seen |= new
            stack.extend(new)
        return seen

    reached = {name: reach(name) for name in edges}
    return {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in edges
        if name in reached[name]
    }


def test_no_modules_import_each_other_in_a_circle() -> None:
    edges = graph()
    assert len(edges) > 100
    assert edges["attach.guard"] >= {"attach.wire", "attach.options", "attach.refusals"}
    assert circles(edges) == set()


def test_a_circle_would_be_found_also_through_a_third_module() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == {frozenset("abc")}
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == set()


@pytest.mark.parametrize("stage", STAGES)
def test_the_stages_after_layout_know_only_the_document(stage: str) -> None:
    for path in sorted((PACKAGE / stage).rglob("*.py")):
        for line, name in imports(path):
            assert ours(name) in STAGES[stage] | {None}, f"{path}:{line}: {name}"


READING = PACKAGE / "attach" / "reading"


@pytest.mark.parametrize("path", sorted(READING.glob("*.py")), ids=lambda path: path.stem)
def test_reading_a_letter_knows_nothing_of_joining_it(path: Path) -> None:
    for line, name in imports(path):
        free = ours(name) in (None, "namespaces")
        assert free or name.startswith("handouts.attach.reading"), f"{path}:{line}"


@pytest.mark.parametrize(("library", "parts"), [("click", {"cli"}), ("reportlab", {"pdf"})])
def test_few_parts_know_the_library(library: str, parts: set[str]) -> None:
    knowing = {
        part_of(path)
        for path in modules()
        for _, name in imports(path)
        if name.split(".")[0] == library
    }
    assert knowing == parts


def test_every_module_says_in_one_line_what_it_does() -> None:
    for path in modules():
        doc = ast.get_docstring(ast.parse(path.read_text("utf-8")))
        assert doc, f"{path} has no docstring"
        assert doc.splitlines()[0].endswith((".", ":")), f"{path}: {doc.splitlines()[0]}"


def test_no_module_is_a_drawer_for_everything() -> None:
    assert not {path.stem for path in modules()} & {"utils", "helpers", "common", "misc"}


def test_a_modules_name_means_one_thing() -> None:
    """A command's module in ``cli`` has the command's name, whatever that is elsewhere."""
    names = Counter(path.stem for path in modules() if part_of(path) not in {"cli", *DOORS})
    names.subtract({"__init__": names["__init__"]})
    assert [name for name, count in names.items() if count > 1] == []
