"""Any bytes as any data file, and any values as options: a message and a code, never a mistake."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handouts.cli.app import COMMANDS, app
from handouts.errors import HandoutsError
from handouts.layout import load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.workspace import MARKER, open_workspace

#: The documented exit codes, without that of a mistake in this program.
CODES = {0, *range(2, 11), 130}

SHIPPED = open_workspace(None, Path("/")).shipped.files
FILES = sorted(name for name in SHIPPED if name.endswith((".toml", ".md", ".j2")))
VALUES = [
    *('""', '"a"', '"\\u202e"', "0", "-1", "nan", "1e300", "1" * 4300, str(2**70), "true", "[]"),
    *("9999-12-31", "0001-01-01", "[[[1]]]", "{}", '{en = "a"}', "{en = 1}", "[1]", "[{}]"),
]  # fmt: skip

_FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _changed(text: str, value: str, which: int) -> str:
    """``text`` with the value of one of its keys replaced."""
    lines = text.split("\n")
    keyed = [number for number, line in enumerate(lines) if " = " in line]
    if keyed:
        number = keyed[which % len(keyed)]
        lines[number] = f"{lines[number].partition(' = ')[0]} = {value}"
    return "\n".join(lines)


_WHOLE = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from([b"[crps]\nen = 1\n", b"[styles]\np = 1\n", b"extends = 1\n"]),
)  # fmt: skip


def _read_all(root: Path) -> None:
    """Read a workspace as the commands do; what is wrong with one part hides no other."""
    workspace = open_workspace(root, root)
    layouts = workspace.names("layouts")
    reads: tuple[Callable[[], object], ...] = (
        lambda: load_library(workspace, "en").section("risks", "crps"),
        lambda: load_brand(workspace),
        *(partial(load_layout, workspace, name) for name in layouts),
    )
    for read in reads:
        try:
            read()
        except HandoutsError:
            continue


@_FUZZ
@given(
    name=st.sampled_from(FILES),
    value=st.sampled_from(VALUES),
    which=st.integers(0, 200),
    whole=st.none() | _WHOLE,
)
def test_any_data_file(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    value: str,
    which: int,
    whole: bytes | None,
) -> None:
    root = tmp_path_factory.mktemp("any")
    (root / MARKER).write_text("schema = 1\n")
    file = root / name
    file.parent.mkdir(parents=True)
    text = SHIPPED[name].path.read_text("utf-8")
    file.write_bytes(_changed(text, value, which).encode() if whole is None else whole)
    _read_all(root)


@_FUZZ
@given(st.sampled_from(["brand", "lang", "paper", "output", "schema"]), st.sampled_from(VALUES))
def test_any_workspace_file(tmp_path_factory: pytest.TempPathFactory, key: str, value: str) -> None:
    root = tmp_path_factory.mktemp("any")
    (root / MARKER).write_text(_changed(f"schema = 1\n{key} = 1", value, 1))
    result = CliRunner().invoke(app, ["list", "--workspace", str(root)])
    assert result.exit_code in CODES, result.output


def test_a_length_that_is_none_is_refused_in_a_layout_that_scales(tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text("schema = 1\n")
    file = tmp_path / "layouts/standard/layout.toml"
    file.parent.mkdir(parents=True)
    text = SHIPPED["layouts/standard/layout.toml"].path.read_text("utf-8")
    file.write_text(text.replace("[styles.p]\n", '[styles.p]\nsize = "large"\n', 1))
    with pytest.raises(HandoutsError, match="size must be a number of points"):
        load_layout(open_workspace(tmp_path, tmp_path), "large-print")


_ARGUMENTS = st.one_of(
    st.text(st.characters(exclude_characters="/\\"), max_size=12),  # nothing outside the folder
    st.sampled_from(
        [
            *(
                "",
                "-",
                "--",
                "0",
                "-1",
                "9" * 5000,
                "nan",
                "a\0b",
                "\u202e",
                "\ud800",
                "\udcff",
                "a" * 300,
            ),
            *(
                ".",
                "gout",
                "M54.5",
                "9999-12-31",
                "2026-11-21",
                "en",
                "letter",
                "standard",
                "a.pdf",
            ),
        ]
    ),
)


@cache
def _options(command: str) -> tuple[str, ...]:
    found = app.get_command(click.Context(app), command)
    assert found
    return tuple(
        one
        for option in found.params
        for one in option.opts
        if one.startswith("-") and one != "--all"
    )


@st.composite
def _lines(draw: st.DrawFn) -> list[str]:
    """A command with some of its options, each followed by any value."""
    command = draw(st.sampled_from(sorted(COMMANDS.keys() - {"check"})))
    chosen = draw(st.lists(st.sampled_from(_options(command)), max_size=3))
    words = [draw(_ARGUMENTS) for _ in range(draw(st.integers(0, 2)))]
    return [command, *words, *(part for one in chosen for part in (one, draw(_ARGUMENTS)))]


@settings(_FUZZ, max_examples=100)
@given(_lines())
def test_any_options(tmp_path_factory: pytest.TempPathFactory, line: list[str]) -> None:
    root = tmp_path_factory.mktemp("any")
    (root / MARKER).write_text("schema = 1\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        result = CliRunner().invoke(app, line)
    assert result.exit_code in CODES, (line, result.output)
