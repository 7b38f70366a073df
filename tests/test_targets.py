"""No command writes to what it reads, nor to a file that it did not make without being told so."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts import output
from handouts.errors import OutputError, UsageError
from handouts.targets import STDOUT, Targets
from handouts.workspace import open_workspace


@pytest.fixture
def targets(tmp_path: Path) -> Targets:
    """A command that reads a letter and a password, and may replace files."""
    (tmp_path / "letter.pdf").write_bytes(b"letter")
    (tmp_path / "password").write_bytes(b"secret")
    workspace = open_workspace(None, tmp_path)
    return Targets(workspace, (tmp_path / "letter.pdf",), (tmp_path / "password",), force=True)


def test_what_is_read_is_not_written_by_whatever_name(tmp_path: Path, targets: Targets) -> None:
    (tmp_path / "hard.pdf").hardlink_to(tmp_path / "letter.pdf")
    (tmp_path / "sub").mkdir()
    for name in ("letter.pdf", "sub/../letter.pdf", "hard.pdf", "password"):
        with pytest.raises(UsageError, match="that this command reads"):
            targets.demand(tmp_path / name)
        with pytest.raises(UsageError, match=r"built over .* as a condition or as a file"):
            targets.demand(tmp_path / "free.pdf", built=[tmp_path / name])
        with pytest.raises(UsageError), targets.written({tmp_path / name: b"new"}):
            pass
    assert (tmp_path / "letter.pdf").read_bytes() == b"letter"


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_two_dots_after_a_link_hide_no_file_that_is_read(tmp_path: Path, targets: Targets) -> None:
    """For the system that is a file in ``elsewhere``; without the dots it would be the letter."""
    (tmp_path / "elsewhere" / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to("elsewhere/sub")
    with pytest.raises(OutputError, match="link: is a link"):
        targets.demand(tmp_path / "link" / ".." / "letter.pdf")


def test_a_stream_that_leads_to_what_is_read_is_refused(tmp_path: Path, targets: Targets) -> None:
    with (tmp_path / "letter.pdf").open("ab") as file:
        with pytest.raises(UsageError, match="that this command reads"):
            targets.demand(file.fileno())
        with pytest.raises(UsageError, match="that this command reads"):
            replace(targets, private=(file.fileno(),)).demand(tmp_path / "letter.pdf")
    targets.demand(STDOUT)


def test_two_results_are_two_files(tmp_path: Path, targets: Targets) -> None:
    first, again = tmp_path / "a.pdf", tmp_path / "x" / ".." / "a.pdf"
    with pytest.raises(UsageError, match="would be one file"):
        targets.demand(first, again)
    with pytest.raises(UsageError, match="would be one file"):
        targets.demand(first, built=[first])
    targets.demand(first, tmp_path / "b.json", built=[tmp_path / "c.pdf"])


def test_a_file_that_is_there_is_replaced_by_force_alone(tmp_path: Path, targets: Targets) -> None:
    (tmp_path / "a.pdf").write_bytes(b"mine")
    careful = replace(targets, force=False)
    with pytest.raises(OutputError, match=r"a\.pdf: is already there.*--force"):
        careful.demand(tmp_path / "new.pdf", tmp_path / "a.pdf")
    careful.demand(tmp_path / "new.pdf", built=[tmp_path / "a.pdf"])
    with targets.written({tmp_path / "a.pdf": b"new"}):
        pass
    assert (tmp_path / "a.pdf").read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="devices, pipes and modes of POSIX")
def test_not_even_force_replaces_what_is_no_file(tmp_path: Path, targets: Targets) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "link.pdf").symlink_to(tmp_path / "elsewhere")
    for target in ("pipe.pdf", "folder.pdf", "link.pdf", "/dev/null", "/dev/full"):
        with pytest.raises(OutputError):
            targets.demand(tmp_path / target)


@pytest.mark.skipif(os.name != "posix", reason="devices, pipes and modes of POSIX")
def test_a_result_is_as_private_as_what_it_holds(tmp_path: Path, targets: Targets) -> None:
    """The password is not in it."""
    (tmp_path / "letter.pdf").chmod(0o640)
    (tmp_path / "password").chmod(0o400)
    with targets.written({tmp_path / "a.pdf": b"a", tmp_path / "a.json": b"b"}):
        pass
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a.pdf", "a.json")}
    assert modes == {0o640}


def test_results_that_belong_together_are_written_by_one_command_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_LOCK_SECONDS", 0.1)
    targets = Targets(open_workspace(None, tmp_path), (), force=True)
    pair = {tmp_path / "letter.pdf": b"1", tmp_path / "letter.json": b"1"}
    with targets.written(pair), pytest.raises(OutputError, match="is being changed by another"):
        targets.written(dict.fromkeys(pair, b"2")).__enter__()
    assert {path.read_bytes() for path in pair} == {b"1"}
