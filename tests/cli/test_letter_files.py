"""What ``attach`` and ``packet`` read and write: nothing is lost, nothing is half done."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handouts.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
LETTER = (ROOT / "tests" / "attach" / "samples" / "typst_ua.pdf").read_bytes()

#: To standard output, in a process of its own.
ATTACH = (sys.executable, "-m", "handouts", "attach", "letter.pdf", "crps", "--allow-draft", "-o-")

posix = pytest.mark.skipif(os.name != "posix", reason="devices, pipes, links and modes of POSIX")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a letter, in which the command runs."""
    assert run("init", str(tmp_path / "desk")).exit_code == 0
    monkeypatch.chdir(tmp_path / "desk")
    Path("letter.pdf").write_bytes(LETTER)
    Path("password").write_text("a secret\n")
    return tmp_path / "desk"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), prog_name="handouts")


def attach(*arguments: str) -> Result:
    return run("attach", "letter.pdf", "crps", "--allow-draft", *arguments)


def files(folder: Path) -> dict[str, bytes]:
    """What lies in a folder and below, less what commands keep for themselves."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


READ = [
    ("letter.pdf", "-o"),
    ("letter.pdf", "--fhir"),
    ("letter-with-handout.pdf", "--fhir"),  # the result itself
    ("password", "-o"),
    ("password", "--fhir"),
    ("more.pdf", "-o"),
    ("more.pdf", "--fhir"),
    ("output/crps.referral.en.pdf", "-o"),  # what is built on the way
    ("output/crps.referral.en.pdf", "--fhir"),
]


@pytest.mark.parametrize(("name", "option"), READ)
def test_no_file_that_is_read_is_written(desk: Path, name: str, option: str) -> None:
    Path("more.pdf").write_bytes(LETTER)
    assert run("build", "crps", "--layout", "referral").exit_code == 0
    before = files(desk)
    reading = ("--password-file", "password", "--file", "more.pdf", "--force")
    done = attach(*reading, option, name)
    assert done.exit_code == 2, done.output
    assert "that this command reads" in done.output or "would be one file" in done.output
    assert files(desk) == before


@pytest.mark.parametrize("option", ["-o", "--fhir"])
def test_nothing_that_handouts_are_made_from_is_written(desk: Path, option: str) -> None:
    before = files(desk)
    for name in ("handouts.toml", "brands/clinic/brand.toml", "content/new.pdf"):
        done = attach("--force", option, name)
        assert done.exit_code == 7, done.output
        assert "made from" in done.output
    assert files(desk) == before


@pytest.mark.usefixtures("desk")
def test_a_letter_that_lies_where_its_handout_would_be_built() -> None:
    place = Path("output/crps.referral.en.pdf")
    place.write_bytes(LETTER)
    done = run("attach", str(place), "crps", "--allow-draft", "-o", "out.pdf", "--force")
    assert done.exit_code == 2
    assert place.read_bytes() == LETTER
    assert not Path("out.pdf").exists()
    done = run("attach", "letter.pdf", "crps", "--allow-draft")
    assert done.exit_code == 7, "and a letter of somebody else's is not replaced there"
    assert "not this handout" in done.output
    assert place.read_bytes() == LETTER


def test_the_description_is_written_over_nothing_unasked(desk: Path) -> None:
    Path("notes.json").write_bytes(b"mine")
    before = files(desk)
    done = attach("--fhir", "notes.json")
    assert done.exit_code == 7
    assert "notes.json: is already there" in done.output
    assert files(desk) == before, "it is said before anything is built or written"
    assert attach("--fhir", "notes.json", "--force").exit_code == 0
    assert json.loads(Path("notes.json").read_bytes())["resourceType"] == "DocumentReference"


@pytest.mark.usefixtures("desk")
def test_a_packet_is_not_written_over_its_parts() -> None:
    done = run("packet", "crps", "--allow-draft", "--file", "letter.pdf", "-o", "./letter.pdf",
               "--force")  # fmt: skip
    assert done.exit_code == 2, done.output
    assert Path("letter.pdf").read_bytes() == LETTER


def test_a_packet_replaces_no_foreign_file_in_the_output_folder(desk: Path) -> None:
    packet = ("packet", "crps", "--allow-draft", "--file", "letter.pdf")
    assert run(*packet).exit_code == 0
    (made,) = (desk / "output").glob("packet.*.pdf")
    same = made.read_bytes()
    assert run(*packet).exit_code == 0, "the very same packet is there"
    assert made.read_bytes() == same
    made.write_bytes(b"notes on it")
    assert run(*packet).exit_code == 7
    assert made.read_bytes() == b"notes on it"


@posix
@pytest.mark.parametrize("option", ["-o", "--fhir"])
def test_not_even_force_replaces_what_is_no_file(desk: Path, option: str) -> None:
    os.mkfifo("pipe.pdf")
    Path("folder.pdf").mkdir()
    Path("link.pdf").symlink_to("elsewhere.pdf")
    (desk.parent / "elsewhere" / "sub").mkdir(parents=True)
    Path("linked").symlink_to(desk.parent / "elsewhere")
    before = files(desk.parent)
    for name in (
        "pipe.pdf",
        "folder.pdf",
        "link.pdf",
        "/dev/null",
        "linked/a.pdf",
        "linked/sub/a.pdf",
    ):
        done = attach("--force", option, name)
        assert done.exit_code == 7, (name, done.output)
        assert files(desk.parent) == before
    done = run("packet", "crps", "--allow-draft", "-o", "linked/sub/a.pdf", "--force")
    assert done.exit_code == 7
    for command in (("build", "crps"), ("publish",)):
        place = ("-o", "linked/sub/a.pdf") if command[0] == "build" else ("linked/sub",)
        assert run(*command, *place).exit_code == 7
    assert files(desk.parent) == before


@posix
@pytest.mark.parametrize("name", ["/dev/zero", "pipe", "."])
def test_only_files_are_read(desk: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device has no end, a pipe perhaps no beginning; for a password it is given some time."""
    monkeypatch.setattr("handouts.inputs.PATIENCE", 0.1)
    os.mkfifo("pipe")
    before = files(desk)
    for options in (("--password-file", name), ("--file", name)):
        done = attach(*options)
        assert done.exit_code == 2, done.output
        assert "cannot be read" in done.output
    assert run("packet", "--file", name).exit_code == 2
    assert run("attach", name, "crps").exit_code == 6
    Path("odd.pdf").symlink_to(name)
    assert run("check", "odd.pdf").exit_code == 2
    assert run("transcript", "odd.pdf").exit_code == 6
    Path("odd.pdf").unlink()
    assert not Path("letter-with-handout.pdf").exists()
    assert {key: data for key, data in files(desk).items() if key in before} == before


def test_a_result_and_its_description_appear_together_or_not_at_all(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ("-o", "sent/out.pdf", "--fhir", "sent/out.json")
    Path("in-the-way").write_bytes(b"")
    done = attach("-o", "sent/out.pdf", "--fhir", "in-the-way/out.json")
    assert done.exit_code == 7
    assert not Path("sent").exists()
    real = os.link

    def link(source: Path, target: Path) -> None:
        if target.name == "out.json":
            target.write_bytes(b"somebody was faster")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", link)
        assert attach(*place).exit_code == 7
    assert files(desk / "sent") == {"out.json": b"somebody was faster"}
    Path("sent/out.json").unlink()
    assert attach(*place).exit_code == 0
    assert set(files(desk / "sent")) == {"out.pdf", "out.json"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_stream_that_is_full_leaves_no_description(desk: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*ATTACH, "--fhir", "out.json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=desk,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert done.returncode != 0
    assert not Path("out.json").exists()


def test_a_stream_into_the_letter_is_refused(desk: Path) -> None:
    with Path("letter.pdf").open("ab") as letter:
        done = subprocess.run(
            ATTACH,
            stdout=letter,
            check=False,
            cwd=desk,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 2
    assert Path("letter.pdf").read_bytes() == LETTER


@posix
@pytest.mark.usefixtures("desk")
def test_a_result_is_as_private_as_the_letter() -> None:
    Path("letter.pdf").chmod(0o600)
    before = os.umask(0o022)
    try:
        assert attach("--fhir", "out.json").exit_code == 0
        assert attach("--force").exit_code == 0
        Path("letter.pdf").chmod(0o666)
        assert attach("--force").exit_code == 0
        assert attach("-o", "open.pdf").exit_code == 0
        Path("letter.pdf").chmod(0o640)
        done = run("packet", "crps", "--allow-draft", "--file", "letter.pdf", "-o", "packet.pdf")
        assert done.exit_code == 0, done.output
    finally:
        os.umask(before)
    modes = {
        name: stat.S_IMODE(Path(name).stat().st_mode)
        for name in ("letter-with-handout.pdf", "out.json", "open.pdf", "packet.pdf")
    }
    assert modes == {
        "letter-with-handout.pdf": 0o600,  # also when it is replaced
        "out.json": 0o600,
        "open.pdf": 0o644,
        "packet.pdf": 0o640,
    }
