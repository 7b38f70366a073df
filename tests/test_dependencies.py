"""Dependencies: declared, locked with hashes, explained, permissively licensed, truly imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

#: Needed though no line of code imports them: font files.
NOT_IMPORTED = {"fontpkg-noto-sans"}

PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|OFL|PSF|MPL|ZPL)\b", re.IGNORECASE)
COPYLEFT = re.compile(r"\b(A?GPL|LGPL|AGPL)|GNU", re.IGNORECASE)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match
    return _plain(match[0])


def _locked(file: str) -> dict[str, str]:
    """Names and the lines of each locked package."""
    text = (CHECKOUT / file).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    return {_name(block): block for block in blocks}


DECLARED = {_name(requirement) for requirement in PROJECT["dependencies"]}
CLUSTER = {_name(requirement) for requirement in PROJECT["optional-dependencies"]["cluster"]}
DEVELOPMENT = {_name(requirement) for requirement in PROJECT["optional-dependencies"]["dev"]}


def test_the_code_imports_what_is_declared_and_nothing_else() -> None:
    owners = packages_distributions()
    imported = set()
    for file in (CHECKOUT / "handouts").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            else:
                continue
            imported |= {module.partition(".")[0] for module in modules}
    foreign = imported - set(sys.stdlib_module_names) - {"handouts"}
    used = {_plain(owner) for module in foreign for owner in owners.get(module, [module])}
    # outloud is looked for, and done without where it is not installed.
    assert used - {"outloud"} == (DECLARED | CLUSTER) - NOT_IMPORTED


@pytest.mark.parametrize(
    "file", ["requirements.txt", "requirements-cluster.txt", "requirements-dev.txt"]
)
def test_lock_files_hold_hashes_and_no_addresses(file: str) -> None:
    locked = _locked(file)
    assert set(locked) >= DECLARED
    assert all("--hash=sha256:" in block for block in locked.values())
    assert "://" not in (CHECKOUT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "extra", "base"),
    [
        ("requirements-cluster.txt", CLUSTER, "requirements.txt"),
        ("requirements-dev.txt", DEVELOPMENT | CLUSTER, "requirements-cluster.txt"),
    ],
)
def test_each_lock_adds_to_another_one(file: str, extra: set[str], base: str) -> None:
    run_time, more = _locked(base), _locked(file)
    assert set(more) >= extra
    pinned = {name: block.split()[0] for name, block in run_time.items()}
    assert {name: more[name].split()[0] for name in run_time} == pinned


@pytest.mark.parametrize("name", sorted(_locked("requirements-cluster.txt")))
def test_run_time_licences_are_permissive_or_mpl(name: str) -> None:
    metadata = distribution(name).metadata
    told = [metadata[key][:80] for key in ("License-Expression", "License") if key in metadata]
    told += [line for line in metadata.get_all("Classifier") or [] if "License" in line]
    licence = " ".join(told)
    assert PERMISSIVE.search(licence), licence
    assert not COPYLEFT.search(licence), licence


def test_each_dependency_is_explained() -> None:
    page = (CHECKOUT / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    peers = {_name(item) for item in PROJECT["optional-dependencies"]["benchmark"]}
    told = set(re.findall(r"[a-z0-9][a-z0-9-]*", page))
    assert {*_locked("requirements-cluster.txt"), *DEVELOPMENT, *peers} <= told
