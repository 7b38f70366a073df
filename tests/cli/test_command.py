"""The command as a person meets it: help, messages, exit codes."""

from __future__ import annotations

import ast
import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from handouts import __version__, errors
from handouts.cli.app import COMMANDS, INTERRUPTED, app
from handouts.cli.session import COMPLETE
from tests.test_handouts import CONDITIONS

ROOT = Path(__file__).resolve().parents[2]
DATE = ("--as-of", "2026-11-21")


def run(*args: str) -> Result:
    return CliRunner().invoke(app, list(args), prog_name="handouts")


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(app)
    yield "handouts", app
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        assert command
        yield name, command


# --- Help ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help, f"{name} has no help"
    assert command.help.split("\n")[0].endswith("."), f"{name}: help is a sentence"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts} has no help"
            assert parameter.help.rstrip().endswith("."), f"{name} {parameter.opts}"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_and_global_options_work_everywhere(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "--workspace" in result.stdout
    assert "--debug" in result.stdout


def test_help_lists_every_command() -> None:
    shown = run("--help").stdout
    assert all(re.search(rf"^  {name} ", shown, re.MULTILINE) for name in COMMANDS)


def test_the_front_desk_page_names_every_exit_code() -> None:
    page = (ROOT / "docs" / "terminal.md").read_text("utf-8")
    codes = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.HandoutsError)
    }
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert shown == codes | {0, INTERRUPTED, 129, 143}


def test_version() -> None:
    assert run("--version").stdout == f"handouts {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_script(shell: str) -> None:
    assert COMPLETE in run("completion", shell).stdout


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("handouts bu", "build"),
        ("handouts build gr", "groin-hernia"),
        ("handouts build crps --lay", "--layout"),
        ("handouts build crps --brand cl", "clinic"),
        ("handouts build crps --section ris", "risks"),
        ("handouts build --icd10 g90.521", "G90.521"),
        ("handouts where val", "values.toml"),
    ],
)
def test_the_shell_completes_words(home: Path, args: str, expected: str) -> None:
    done = child(
        env={
            COMPLETE: "bash_complete",
            "COMP_WORDS": args,
            "COMP_CWORD": str(len(args.split()) - 1),
        },
        cwd=home,
    )
    assert f"plain,{expected}" in done.stdout.split("\n")


@pytest.mark.parametrize("before", ["—layout", "x" * 300])
def test_completion_says_nothing_of_what_stands_before(home: Path, before: str) -> None:
    env = {COMPLETE: "bash_complete", "COMP_WORDS": f"handouts build {before} ", "COMP_CWORD": "3"}
    done = child(env=env, cwd=home)
    assert (done.stderr, done.returncode) == ("", 0)


def test_powershell_completes_words(home: Path) -> None:
    for words, word, expected in (
        ("handouts build gr", "gr", "groin-hernia"),
        ("handouts build", "", "crps"),
    ):
        asked = {COMPLETE: "powershell_complete", "COMP_WORDS": words, "COMP_WORD": word}
        assert expected in child(env=asked, cwd=home).stdout.split("\n")


@pytest.mark.parametrize(("columns", "folded"), [("80", True), ("200", False)])
def test_summaries_are_whole(columns: str, folded: bool) -> None:
    shown = CliRunner(env={"COLUMNS": columns}).invoke(app, ["--help"]).stdout
    assert "..." not in shown.split("Commands:")[1]
    assert "KIND narrows it down." in " ".join(shown.split())
    assert all(len(line) <= (80 if folded else 96) for line in shown.split("\n"))


def test_how_long_it_took() -> None:
    assert re.fullmatch(r"Took \d+\.\d s\.\n", run("list", "layouts", "-v").stderr)


@pytest.mark.parametrize(("no_color", "red"), [(None, True), ("1", False)])
def test_errors_are_red_where_the_terminal_can(no_color: str | None, red: bool) -> None:
    done = CliRunner(env={"NO_COLOR": no_color}).invoke(app, ["build", "crsp"], color=True)
    assert ("\x1b[31m" in done.stderr) == red


def test_completion_says_nothing_in_a_broken_workspace(home: Path) -> None:
    (home / "handouts.toml").write_text("schema = 99")
    env = {COMPLETE: "bash_complete", "COMP_WORDS": "handouts build c", "COMP_CWORD": "2"}
    done = child(env=env, cwd=home)
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("", "", 0)


def child(
    *args: str, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """The real thing, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "handouts", *args],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        timeout=60,
    )


# --- Names that are nearly right ------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "near"),
    [
        (("biuld",), "Did you mean build?"),
        (("build", "crsp"), "Did you mean crps?"),
        (("build", "crps", "--layout", "large"), "Did you mean large-print?"),
        (("build", "crps", "--brand", "junipr"), "Did you mean juniper?"),
        (("build", "crps", "--section", "risk"), "Did you mean risks?"),
        (("build", "crps", "--papr", "a4"), "--paper"),
        (("check", "crsp"), "Did you mean crps?"),
        (("approve", "crsp", "--by", "A", "--role", "b"), "Did you mean crps?"),
        (("where", "rsks"), "Did you mean risks?"),
    ],
)
@pytest.mark.usefixtures("home")
def test_did_you_mean(args: tuple[str, ...], near: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert near in result.stderr
    assert result.stdout == ""


# --- Exit codes ---------------------------------------------------------------------------


def test_0_when_all_is_well(home: Path) -> None:
    assert run("build", "crps", *DATE).exit_code == 0
    assert (home / "output/crps.standard.en.pdf").exists()


@pytest.mark.usefixtures("home")
def test_1_for_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret name")

    monkeypatch.setattr("handouts.cache.key", broken)
    for args in (("build", "crps"), ("build", "crps", "--debug"), ("--debug", "build", "crps")):
        result = run(*args)
        assert result.exit_code == 1
        assert "ZeroDivisionError" in result.stderr
        assert ("Traceback" in result.stderr) == ("--debug" in args)
        assert ("secret name" in result.stderr) == ("--debug" in args)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "args",
    [
        (),
        ("crps", "--all"),
        ("crps", "--icd10", "G90.521"),
        ("crps", "--section", "risks", "--all-sections"),
        ("crps", "--section", "risks", "--without", "risks"),
        ("crps", "-q", "-v"),
        ("crps", "--as-of", "2026-02-30"),
        ("crps", "--paper", "a5"),
        ("crps", "--lang", "tlh"),
        ("crps", "--without", "risks"),
        ("crps", "groin-hernia", "-o", "one.pdf"),
        ("--icd10", "nonsense"),
    ],
)
def test_2_for_words_that_do_not_fit(args: tuple[str, ...]) -> None:
    result = run("build", *args)
    assert result.exit_code == 2, result.stderr
    assert result.stderr.strip().split("\n")[-1].startswith("Error: ")


def replaced(home: Path, name: str, text: str) -> None:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_3_for_content(home: Path) -> None:
    replaced(home, "content/sections/risks/en.md", "no front matter\n")
    result = run("build", "crps")
    assert result.exit_code == 3
    assert "content/sections/risks/en.md:1: " in result.stderr


def test_4_for_a_layout(home: Path) -> None:
    replaced(home, "layouts/mine/layout.toml", 'extends = "standard"\nsize = 12\n')
    result = run("build", "crps", "--layout", "mine")
    assert result.exit_code == 4
    assert "layouts/mine/layout.toml:2: unknown key “size”." in result.stderr


def test_5_for_a_brand(home: Path) -> None:
    replaced(home, "brands/clinic/brand.toml", "sample = 3\n")
    result = run("build", "crps")
    assert result.exit_code == 5
    assert "brands/clinic/brand.toml" in result.stderr


@pytest.mark.parametrize("args", [("build", "crps"), ("list",), ("check",), ("where",)])
def test_5_for_a_workspace(home: Path, tmp_path: Path, args: tuple[str, ...]) -> None:
    result = run("--workspace", str(tmp_path / "nowhere"), *args)
    assert result.exit_code == 5
    assert "handouts init" in result.stderr
    replaced(home, "handouts.toml", "schema = 99")
    assert run(*args).exit_code == 5


@pytest.mark.usefixtures("home")
def test_6_for_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_: object) -> None:
        raise errors.LetterError("is damaged.", errors.Source("letter.pdf"), "Print it anew.")

    monkeypatch.setattr("handouts.cache.key", damaged)
    result = run("build", "crps")
    assert result.exit_code == 6
    assert result.stderr == "Error: letter.pdf: is damaged. Print it anew.\n"


def test_7_for_an_output_that_cannot_be_written(home: Path) -> None:
    (home / "desk").write_text("a file")
    result = run("build", "crps", "-o", "desk/")
    assert result.exit_code == 7
    assert "desk" in result.stderr


@pytest.mark.usefixtures("home")
def test_8_for_a_pdf_that_is_not_what_it_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = (errors.Finding("PDF/UA-1: made up."), errors.Finding("PDF/A-2a: made up."))
    monkeypatch.setattr("handouts.pdf.validate.validate", lambda _: findings)
    result = run("build", "crps")
    assert result.exit_code == 8
    assert result.stderr.startswith("Error: 2 things are wrong.\n  PDF/UA-1")


def test_9_when_some_of_a_batch_failed(home: Path) -> None:
    replaced(home, "content/conditions/crps/en/risks.md", "no front matter\n")
    result = run("build", "--all")
    assert result.exit_code == 9
    assert "1 of 7 handouts" in result.stderr
    assert "crps: " in result.stderr
    built = {path.name for path in (home / "output").glob("*.pdf")}
    assert built == {f"{name}.standard.en.pdf" for name in CONDITIONS if name != "crps"}


def test_what_fails_for_all_is_reported_once_with_its_own_code(home: Path) -> None:
    replaced(home, "brands/clinic/brand.toml", "sample = 3\n")
    result = run("build", "--all")
    assert result.exit_code == 5
    assert result.stderr.count("name is missing") == 1


@pytest.mark.usefixtures("home")
def test_130_when_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("handouts.cache.key", interrupt)
    result = run("build", "crps")
    assert result.exit_code == 130
    assert "half-written" in result.stderr


@pytest.mark.usefixtures("home")
def test_what_the_system_has_no_more_of_is_not_called_standard_output(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_more(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("handouts.cache.key", no_more)
    result = run("build", "crps")
    assert result.exit_code == 7
    assert "The system gives no more to this program: Too many open files." in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_command_that_is_stopped_leaves_nothing_behind(home: Path, name: str, code: int) -> None:
    """At the worst moment: the temporary file is written, and a second signal follows."""
    script = f"""
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
import handouts.output

def stop(*_):
    for _ in range(2):
        os.kill(os.getpid(), signal.{name})

def write(target, data):
    with handouts.output.written({{target: data}}, replace=True):
        raise AssertionError("it goes on")

handouts.output._second_name = stop
handouts.output.write = write
sys.argv = ["handouts", "build", "crps"]
from handouts.cli import main
main()
"""
    before = sorted(home.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (code, "Stopped. No file is half-written.\n")
    assert sorted(home.rglob("*")) == before


@pytest.mark.skipif(sys.platform != "linux", reason="other systems let nobody delete it")
def test_a_current_folder_that_was_deleted(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = [sys.executable, str(ROOT / "generate.py"), "--workspace", str(tmp_path), "list"]
    line = ["/bin/sh", "-c", 'rmdir "$PWD" && exec "$@"', "sh", *command]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=tmp_path / "gone")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: The current folder cannot be used: No such file")


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_closed_pipe_is_no_mistake(home: Path) -> None:
    shell = f"{sys.executable} -m handouts list | head -1"
    done = subprocess.run(  # noqa: S602 - the arguments are ours
        shell,
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout == "Conditions\n"
    assert done.stderr == ""


# --- The clock ----------------------------------------------------------------------------


CLOCKS = {
    f"{kind}.{name}"
    for kind in ("date", "datetime", "datetime.date", "datetime.datetime")
    for name in ("now", "today", "utcnow", "fromtimestamp")
} | {"time.localtime", "time.gmtime", "time.strftime"}


def test_the_clock_is_read_in_one_place() -> None:
    readers = set()
    for path in sorted((ROOT / "handouts").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS:
                readers.add(path.relative_to(ROOT / "handouts").as_posix())
    assert readers == {"cli/session.py"}


def test_the_door_of_the_checkout_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "generate.py", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith("Usage: python generate.py ")
    assert child("--help").stdout == done.stdout.replace("python generate.py", "handouts")


@pytest.mark.skipif(os.name != "posix", reason="links and commands of POSIX")
@pytest.mark.parametrize("there", [(), ("click", "msgspec")])
def test_without_its_packages_it_says_how_to_set_up(tmp_path: Path, there: tuple[str, ...]) -> None:
    for name in there:
        (tmp_path / name).symlink_to(Path(str(import_module(name).__file__)).parent)
    for name in ("generate.py", "handouts", "layouts", "requirements.txt"):
        (tmp_path / name).symlink_to(ROOT / name)
    door = [sys.executable, "-S", "generate.py", "build", "crps"]
    done = subprocess.run(door, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The package “")
    assert done.stderr.count("\n") == 1
    assert "-m venv" in done.stderr or ".venv/bin/python" in done.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("build crps --layuot a", "No such option --layuot. Did you mean --layout?"),
        ("build crps --sections faq", "Did you mean one of: --all-sections, --json, --section?"),
        ("build crps --paper a5", "Invalid value for --paper: “a5” is not one of “letter”, “a4”."),
        ("build crps -o", "Option -o requires an argument."),
        ("build crps –open", "“–open” begins with a long dash. Type it anew: --open."),
        ("build crps —layout a", "“—layout” begins with a long dash. Type it anew: --layout."),
        ("approve", "Missing argument “CONDITION”."),
        ("bild crps", "There is no command “bild”. Did you mean build?"),
        ("--colour", "No such option --colour."),
    ],
)
def test_options_that_do_not_fit_are_told_in_the_same_style(line: str, says: str) -> None:
    result = CliRunner().invoke(app, line.split(), prog_name="handouts")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert f"{says} See: handouts" in result.stderr
    assert result.stderr.count("\n") == 1


def test_names_may_be_typed_in_any_case(tmp_path: Path) -> None:
    words = ["build", "CRPS", "--layout", "Large-Print", "--section", "FAQ", "--brand", "Juniper"]
    result = CliRunner().invoke(app, [*words, "-o", str(tmp_path / "a.pdf")])
    assert result.exit_code == 0, result.stderr
