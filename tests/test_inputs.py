"""Only regular files are read, and never more of them than is wanted."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from handouts import inputs
from handouts.inputs import read, read_line, same_file


def test_no_more_is_read_than_tells_that_it_is_too_much(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1\r\n2\x1a3")
    assert read(tmp_path / "a") == b"1\r\n2\x1a3"
    assert read(tmp_path / "a", 3) == b"1\r\n2"


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes of POSIX")
def test_what_may_never_begin_or_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path / "link", tmp_path):
        with pytest.raises(OSError, match="a folder, a device or a pipe"):
            read(path)
    for path in (tmp_path / "none", tmp_path / "a\0b", tmp_path / ("x" * 300)):
        with pytest.raises(OSError, match=r"\w") as caught:
            read(path)
        assert caught.value.strerror


@pytest.mark.skipif(sys.platform != "linux", reason="open pipes have names")
def test_a_line_comes_from_a_file_or_a_pipe_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password manager asks its owner first; what never comes, or never ends, is not awaited."""
    (tmp_path / "file").write_bytes(b"secret\nmore")
    assert read_line(tmp_path / "file", 100) == b"secret\nmore"
    source, target = os.pipe()
    later = threading.Timer(0.2, lambda: os.write(target, b"ret\n"))
    os.write(target, b"sec")
    later.start()
    assert read_line(Path(f"/dev/fd/{source}"), 100) == b"secret\n"
    later.join()
    os.write(target, b"x" * 300)
    assert read_line(Path(f"/dev/fd/{source}"), 100) == b"x" * 101
    os.write(target, b"end")
    os.close(target)
    assert read_line(Path(f"/dev/fd/{source}"), 1000) == b"x" * 199 + b"end"
    os.close(source)
    monkeypatch.setattr(inputs, "PATIENCE", 0.1)
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(OSError, match="pipe"):
            read_line(path, 100)


def test_one_file_by_other_names(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").write_bytes(b"x")
    (tmp_path / "hard").hardlink_to(tmp_path / "a")
    assert same_file(tmp_path / "a", tmp_path / "." / "hard")
    assert not same_file(tmp_path / "a", tmp_path / "b")
    assert not same_file(tmp_path / "none", tmp_path / "none")
    with (tmp_path / "a").open("rb") as file:
        assert same_file(file.fileno(), tmp_path / "a")
