"""Any bytes as any data file, and any values as options: a message and a code, never a mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache, partial
from pathlib import Path, PurePath

import click
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handouts.check.conditions import check_all
from handouts.check.everything import brand_findings
from handouts.cli.app import COMMANDS, app
from handouts.errors import HandoutsError
from handouts.layout import load_layout
from handouts.layout.folder import TEMPLATE
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.pdf.validate import validate
from handouts.workspace import MARKER, open_workspace
from tests.fewer import FEW, FEW_LAYOUTS

AS_OF = date(2026, 11, 21)

#: The documented exit codes, without that of a mistake in this program.
CODES = {0, *range(2, 11), 130}

pytestmark = pytest.mark.usefixtures("few_conditions", "few_layouts")

SHIPPED = open_workspace(None, Path("/")).shipped.files
#: Those of other conditions and layouts are of the same kinds.
FILES = sorted(
    name
    for name in SHIPPED
    if name.endswith((".toml", ".md", ".j2"))
    and (not name.startswith("content/conditions/") or PurePath(name).parts[2] in FEW)
    and (not name.startswith("layouts/") or PurePath(name).parts[1] in (TEMPLATE, *FEW_LAYOUTS))
)
VALUES = [
    *('""', '"a"', '"\\u202e"', "0", "-1", "nan", "1e300", "1" * 4300, str(2**70), "true", "[]"),
    *("9999-12-31", "0001-01-01", "[[[1]]]", "{}", '{en = "a"}', "{en = 1}", "[1]", "[{}]"),
]  # fmt: skip
TABLES = [name for name in FILES if name.endswith(".toml")]
#: Right by their type, so that they get far.
LIKELY = [
    *('" "', '"{x} {{ y }} {} %s"', '"<p>&amp;[a](b)"', '"../a"', '"\\n"', f'"{"word " * 99}"'),
    *(f'"{"x" * 999}"', '"#00000"', '"standard"', "1", "5.5", "12", "false", '["a"]', '[" "]'),
    *("2030-01-01", "[1, 2]", '{en = " "}', '[{en = "a"}]'),
]  # fmt: skip

_FUZZ = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def shipped(name: str) -> str:
    """The text of a file of the smaller library."""
    return open_workspace(None, Path("/")).files[name].path.read_text("utf-8")


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


def _read(root: Path, name: str) -> None:
    """Read and check the room of the file ``name`` as the commands do."""
    workspace = open_workspace(root, root)
    sound = load_brand(workspace.shipped)
    reads: dict[str, tuple[Callable[[], object], ...]] = {
        "content": (lambda: check_all(load_library(workspace, "en"), sound, AS_OF),),
        "brands": tuple(
            partial(list, brand_findings(workspace, one)) for one in workspace.names("brands")
        ),
        "layouts": tuple(
            partial(load_layout, workspace, one) for one in workspace.names("layouts")
        ),
    }
    for read in reads[PurePath(name).parts[0]]:
        try:
            read()
        except HandoutsError:
            continue


def _build(root: Path, name: str) -> None:
    """Print with the file ``name``: a message and its code, or a PDF that keeps both rules."""
    room, chosen, *_ = (*PurePath(name).parts, "")
    option = {"layouts": "--layout", "brands": "--brand"}.get(room)
    chosen_too = [option, chosen] if option and "." not in chosen else []
    pdf = root / "a.pdf"
    line = ["build", "crps", "--workspace", str(root), "-o", str(pdf), *chosen_too]
    result = CliRunner().invoke(app, line)
    assert result.exit_code in {0, 2, 3, 4, 5}, result.output
    if result.exit_code == 0:
        assert validate(pdf.read_bytes()) == ()


def _with_file(root: Path, name: str, data: bytes) -> Path:
    """A workspace in ``root`` with one file of its own, and what ships beside that."""
    (root / MARKER).write_text("schema = 1\n")
    folder = (root / name).parent
    folder.mkdir(parents=True)
    for other in SHIPPED.values():
        if PurePath(other.name).parent == PurePath(name).parent and "brands" in name:
            (root / other.name).write_bytes(other.path.read_bytes())
    (root / name).write_bytes(data)
    return root


@settings(_FUZZ, max_examples=30)
@given(st.sampled_from(FILES), st.sampled_from(VALUES), st.integers(0, 200), st.none() | _WHOLE)
def test_any_data_file_is_read_and_checked(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str, at: int, whole: bytes | None
) -> None:
    text = shipped(name)
    data = _changed(text, value, at).encode() if whole is None else whole
    _read(_with_file(tmp_path_factory.mktemp("any"), name, data), name)


@settings(_FUZZ, max_examples=30)
@given(st.sampled_from(TABLES), st.sampled_from((*VALUES, *LIKELY)), st.integers(0, 200))
def test_what_is_built_of_any_data_file_keeps_the_rules(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str, at: int
) -> None:
    data = _changed(shipped(name), value, at).encode()
    _build(_with_file(tmp_path_factory.mktemp("any"), name, data), name)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("content/evidence.toml", "url = "),
        ("content/evidence.toml", "citation.en = "),
        ("content/glossary/en.toml", "expansion = "),
        ("content/glossary/en.toml", "word = "),
        ("content/values.toml", "text.en = "),
    ],
)
def test_words_that_say_nothing_leave_no_element_empty(
    tmp_path: Path, name: str, line: str
) -> None:
    text = shipped(name)
    blank = re.sub(rf"(?m)^{re.escape(line)}.*$", f'{line}"  "', text)
    assert blank != text
    _build(_with_file(tmp_path, name, blank.encode()), name)


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
