"""Options of the whole test suite."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings

from handouts import build as pipeline
from handouts import layout
from handouts import workspace as workspaces
from handouts.attach import guard, wire, worker
from handouts.attach.options import Limits, demand_size
from handouts.check import on_paper
from handouts.cli import approve, copies, reprint, session
from handouts.errors import Finding
from handouts.layout import Layout
from handouts.library import Library
from handouts.model import Brand, Document, FormField
from handouts.model.tree import walk
from handouts.workspace import Workspace
from tests import shipped_once
from tests.fewer import FEW, FEW_LAYOUTS, content_of, layouts_named, shipping

# Machines of different speed run these tests: no example fails for taking its time. In CI
# the examples are the same ones each time; elsewhere they go on looking for new failures.
settings.register_profile("handouts", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("handouts")

# As each command does: see handouts/cli/__init__.py.
gc.set_threshold(100_000)


class Golden(Protocol):
    """Compares text with a golden file."""

    def __call__(self, text: str, path: Path) -> None:
        """Fail with a diff if ``text`` is not what ``path`` holds; ``--update-goldens`` writes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-goldens`` writes golden files anew instead of comparing with them."""
    parser.addoption("--update-goldens", action="store_true", help="write golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a golden file, or write it where ``--update-goldens`` is given."""
    update = bool(request.config.getoption("--update-goldens"))

    def compare(text: str, path: Path) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"{path} is missing: run pytest --update-goldens"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(autouse=True)
def the_clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """For commands in this process it is the day on which the tests approve words."""
    for module in (session, approve, reprint, copies):
        monkeypatch.setattr(module, "today", lambda: date(2026, 11, 21))


class Clean:
    """What has been looked at in this session and is right, in whichever process: a file each."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        base = factory.getbasetemp()
        self.folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "clean"
        self.folder.mkdir(exist_ok=True)

    def __contains__(self, key: str) -> bool:
        return (self.folder / key).exists()

    def add(self, key: str) -> None:
        (self.folder / key).touch()

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What ``make`` makes, once a session: it is the same each time, or fails each time."""
        path = self.folder / key
        if not path.exists():
            new = path.with_suffix(f".{os.getpid()}")
            new.write_bytes(make())
            new.replace(path)
        return path.read_bytes()


@pytest.fixture(autouse=True, scope="session")
def children_compile_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Python is told to write no bytecode, each command in a process of its own would
    compile the package anew: three parts in four of its time."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(Clean(tmp_path_factory).folder / "bytecode"))
        yield


@pytest.fixture(autouse=True, scope="session")
def no_power_cut() -> Iterator[None]:
    """Files of tests need not outlive the machine: nobody waits for the disk. What is asked of a
    process that is killed is asked of a child, which waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def what_ships_is_read_once() -> Iterator[None]:
    """In this process: see shipped_once.py."""
    with pytest.MonkeyPatch.context() as patch:
        shipped_once.remember(patch)
        yield


@pytest.fixture
def printed_once(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same edition is the same bytes, see tests/pdf/test_determinism.py: `build` draws and
    validates it once a session. For tests of what is done with these bytes."""
    clean, draw, count = Clean(tmp_path_factory), pipeline._render, pipeline.validated

    def drawn(document: Document, stages: pipeline._Stages) -> tuple[bytes, list[str]]:
        # A form is of the same edition as the page.
        typed = any(isinstance(node, FormField) for node in walk(document.blocks))
        key = f"pdf-{document.edition}-{typed}"

        def both() -> bytes:
            data, notes = draw(document, stages)
            return json.dumps(notes).encode() + b"\n" + data

        notes, _, data = clean.kept(key, both).partition(b"\n")
        return data, json.loads(notes)

    def counted(data: bytes) -> int:
        key = f"pages-{sha256(data).hexdigest()}"
        return int(clean.kept(key, lambda: str(count(data)).encode()))

    monkeypatch.setattr(pipeline, "_render", drawn)
    monkeypatch.setattr(pipeline, "validated", counted)


@pytest.fixture(autouse=True, scope="session")
def pages_are_laid_out_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same files make the same pages, and the same pages the same PDF: `check` and `approve`
    look at these once a session.

    Each lays out every condition in every layout, and most tests have the same few workspaces.
    Messages name files by where they lie, so what has findings is looked at anew.
    """
    clean = Clean(tmp_path_factory)
    look, draw, try_out = on_paper.findings_on_paper, on_paper.as_printed, layout.check_layout

    def digest(workspace: Workspace, of: tuple[str, ...], *rooms: str, not_of: str = "") -> str:
        found = sha256(repr(of).encode())
        for file in workspace.files.values():
            if file.name.startswith(rooms) and not re.match(not_of or "$", file.name):
                found.update(repr(file.name).encode() + sha256(file.path.read_bytes()).digest())
        return found.hexdigest()

    def once(
        library: Library, name: str, brand: Brand, layouts: Iterable[Layout]
    ) -> Iterator[Finding]:
        others = (
            rf"content/approvals/|content/conditions/(?!{name}/)|brands/(?!{brand.id}/)"
            rf"|content/.*/(?!{library.lang}\.)[a-z]{{2}}\.(md|toml)$"
        )
        key = digest(library.workspace, (name, library.lang, brand.id), "", not_of=others)
        if key in clean:
            return
        found = list(look(library, name, brand, layouts))
        yield from found
        if not found:
            clean.add(key)

    def drawn_once(document: Document) -> tuple[Finding, ...]:
        key = f"drawn-{document.edition}"
        found = () if key in clean else draw(document)
        if not found:
            clean.add(key)
        return found

    def tried_once(workspace: Workspace, name: str) -> tuple[Finding, ...]:
        of = (name, workspace.default_brand, workspace.default_lang)
        key = digest(workspace, of, "layouts/", "brands/", "content/interface/")
        found = () if key in clean else try_out(workspace, name)
        if not found:
            clean.add(key)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(on_paper, "findings_on_paper", once)
        patch.setattr(on_paper, "as_printed", drawn_once)
        patch.setattr(layout, "check_layout", tried_once)
        yield


@pytest.fixture(scope="session")
def smaller_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in content as if it had two conditions: `check` of all is done in a third."""
    return content_of(FEW, tmp_path_factory.mktemp("smaller") / "content")


@pytest.fixture(scope="session")
def fewer_layouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in layouts as if there were three: what looks at each is done in a third."""
    return layouts_named(FEW_LAYOUTS, tmp_path_factory.mktemp("fewer") / "layouts")


@pytest.fixture(scope="session")
def layouts_of_a_pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in layouts as if there were the usual one and that of two languages."""
    return layouts_named(("bilingual", "standard"), tmp_path_factory.mktemp("pair") / "layouts")


@pytest.fixture
def few_conditions(smaller_content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test asks of `check` of everything is the same with two built-in conditions."""
    monkeypatch.setattr(workspaces, "builtin_root", shipping("content", smaller_content))


@pytest.fixture
def few_layouts(fewer_layouts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test asks of all layouts is the same with three built-in ones."""
    monkeypatch.setattr(workspaces, "builtin_root", shipping("layouts", fewer_layouts))


@pytest.fixture
def a_pair_of_layouts(layouts_of_a_pair: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test asks of two languages is the same without the layouts of one, but the usual."""
    monkeypatch.setattr(workspaces, "builtin_root", shipping("layouts", layouts_of_a_pair))


@pytest.fixture
def answered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls go to no child process, but are packed and answered as there; see test_guard.py."""

    def ask(name: str, arguments: tuple[Any, ...], limits: Limits, kind: type[Any]) -> Any:
        pieces = wire.encode(name, arguments)
        for blob in pieces[1:]:
            demand_size(blob, limits)
        answer = worker._answer(io.BytesIO(b"".join(pieces)))
        return guard._understood(b"".join(answer), pieces[1:], limits, {name: kind})

    monkeypatch.setattr(guard, "ask", ask)
