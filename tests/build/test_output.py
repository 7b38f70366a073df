"""Files appear whole or not at all, under names that nothing else has."""

from __future__ import annotations

import errno
import os
import signal
import stat
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import output
from handouts.errors import OutputError, UsageError
from handouts.file_names import is_file_name, output_name
from handouts.model import SectionChoice, Selection

pytestmark = pytest.mark.usefixtures("printed_once")

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


ROOT = Path(__file__).resolve().parents[2]


def run(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, which may be killed."""
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.endswith(".tmp")]


# --- Names --------------------------------------------------------------------------------

slugs = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4}){0,2}", fullmatch=True).filter(is_file_name)
brands = st.one_of(slugs, st.sampled_from(["a4", "letter", "all-sections", "brand-a4", "only"]))
lists = st.lists(slugs, max_size=12, unique=True).map(tuple)


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    choice = draw(st.sampled_from(SectionChoice))
    return Selection(
        condition=draw(slugs),
        layout=draw(slugs),
        lang=draw(st.sampled_from(["en", "es", "pt-br"])),
        brand=draw(st.one_of(st.just(""), brands)),
        paper=draw(st.sampled_from(["letter", "a4"])),
        choice=choice,
        sections=draw(lists) if choice is SectionChoice.NAMED else (),
        without=draw(lists),
    )


@given(st.lists(selections(), min_size=2, max_size=8, unique=True))
def test_different_selections_have_different_names(many: list[Selection]) -> None:
    names = {output_name(one, "", "letter").casefold() for one in many}
    assert len(names) == len(many)


def test_neighbouring_selections_have_different_names() -> None:
    """Where a clash would be likely: the same words in another part of the selection."""
    words = ["", "a4", "letter", "all-sections", "only", "without", "brand-a4", "a"]
    some = [
        Selection("crps", "standard", "en", brand, paper, choice, sections, without)
        for brand, paper, (choice, sections), without in product(
            words,
            ("letter", "a4"),
            (
                (SectionChoice.DEFAULT, ()),
                (SectionChoice.ALL, ()),
                (SectionChoice.NAMED, ("a",)),
                (SectionChoice.NAMED, ("a", "b")),
                (SectionChoice.NAMED, ("b", "a")),
            ),
            ((), ("a",), ("a", "b")),
        )
    ]
    assert len({output_name(one, "", "letter") for one in some}) == len(some)


@given(selections())
def test_names_stay_in_their_folder(selection: Selection) -> None:
    name = output_name(selection, "", "letter")
    assert Path(name).name == name
    assert len(name) < 255
    assert name.isascii()
    assert not set(name) & set('\\/:*?"<>|')


@given(st.text(max_size=12))
def test_a_name_that_is_no_slug_is_refused_in_every_part(text: str) -> None:
    if is_file_name(text):
        return
    parts = [Selection(text), Selection("a", layout=text), Selection("a", without=(text,))]
    if text:
        parts.append(Selection("a", brand=text))
    for selection in parts:
        with pytest.raises(UsageError):
            output_name(selection, "", "letter")


@pytest.mark.parametrize("name", ["../x", "a/b", "a.b", "con", "lpt1", "", "A", "a" * 65])
def test_names_that_leave_the_folder_or_open_a_device_are_refused(name: str) -> None:
    assert not is_file_name(name)


def test_a_name_that_leaves_no_room_for_the_temporary_one_is_refused_early(tmp_path: Path) -> None:
    output.demand_file(tmp_path / f"{'д' * 110}.pdf")
    for name in (f"{'д' * 115}.pdf", f"{'д' * 140}.pdf"):
        with pytest.raises(OutputError, match=r"too long for one\. Give another name"):
            output.demand_file(tmp_path / name)


def test_the_usual_choice_has_a_short_name() -> None:
    usual = Selection("crps", brand="clinic", paper="a4")
    assert output_name(usual, "clinic", "a4") == "crps.standard.en.pdf"
    assert output_name(usual, "", "letter") == "crps.standard.en.clinic.a4.pdf"


def test_long_names_are_shortened_and_stay_different() -> None:
    long = [f"{'x' * 60}-{number}" for number in range(6)]
    some = [
        Selection("crps", without=tuple(long[:2])),
        Selection("crps", without=tuple(long[2:4])),
        Selection("crps", choice=SectionChoice.NAMED, sections=tuple(long[:2])),
        Selection(long[0], long[1], "en", long[2]),
        Selection(long[0], long[1], "en", long[3]),
    ]
    names = {output_name(one, "", "letter") for one in some}
    assert len(names) == len(some)
    assert max(map(len, names)) < 190


def test_a_language_is_a_code() -> None:
    with pytest.raises(UsageError, match="language"):
        output_name(Selection("crps", lang="../en"), "", "letter")


# --- Writing ------------------------------------------------------------------------------


def test_a_write_replaces_the_old_file_and_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.pdf"
    output.write(target, b"old")
    output.write(target, b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in target.parent.iterdir()] == ["a.pdf"]


def test_create_takes_only_a_free_name(tmp_path: Path) -> None:
    target = tmp_path / "desk" / "a.pdf"
    output.create(target, b"first")
    with pytest.raises(OutputError, match=r"a\.pdf: is already there"):
        output.create(target, b"second")
    assert target.read_bytes() == b"first"
    assert [path.name for path in target.parent.iterdir()] == ["a.pdf"]


def test_what_cannot_be_created_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(OutputError, match="may not write"):
        output.create(tmp_path / "a.pdf", b"new")
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_who_may_read_it_is_bounded_by_umask_replaced_file_and_sources(
    tmp_path: Path, umask: int
) -> None:
    secret, shared = tmp_path / "secret", tmp_path / "shared"
    secret.write_bytes(b"old")
    secret.chmod(0o600)
    shared.write_bytes(b"old")
    shared.chmod(0o777)
    before = os.umask(umask)
    try:
        for target in (secret, shared):
            output.write(target, b"new")
        letter = tmp_path / "letter"
        letter.touch(0o440)
        with output.written({tmp_path / "result": b"new"}, replace=False, private=[letter]):
            pass
    finally:
        os.umask(before)
    modes = [
        stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("secret", "shared", "result")
    ]
    assert modes == [0o600, 0o666 & ~umask, 0o440 & ~umask]
    assert output.mode_for(tmp_path / "new", secret, shared, tmp_path / "none", 0) == 0o600


@posix
@pytest.mark.parametrize(
    ("mode", "same", "other"), [(0o660, 0o660, 0o600), (0o644, 0o644, 0o644), (0o604, 0o604, 0o600)]
)
def test_the_rights_of_a_group_are_not_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, same: int, other: int
) -> None:
    """Which group a result has is known only when it is there: its folder may decide."""
    letter, result = tmp_path / "letter", tmp_path / "result"
    letter.touch()
    letter.chmod(mode)
    assert output.mode_for(result, letter) == same
    groups = output._group
    monkeypatch.setattr(output, "_group", lambda file: groups(file) + (file == letter))
    assert output.mode_for(result, letter) == other
    monkeypatch.setattr(output, "_group", lambda file: None if file == result else groups(file))
    assert output.mode_for(result, letter) == other
    monkeypatch.setattr(output, "_group", lambda file: None if file == letter else groups(file))
    assert output.mode_for(result, letter) == 0o600
    assert not result.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="lists of rights as Linux keeps them")
def test_a_file_with_a_list_of_rights_is_for_its_owner_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.touch(0o600)
    entries = [(1, 6, -1), (2, 4, os.getuid()), (4, 0, -1), (16, 4, -1), (32, 0, -1)]
    rights = b"".join(struct.pack("<HHI", tag, may, who % 2**32) for tag, may, who in entries)
    try:
        os.setxattr(letter, "system.posix_acl_access", struct.pack("<I", 2) + rights)
    except OSError:
        pytest.skip("a drive without such lists")
    assert stat.S_IMODE(letter.stat().st_mode) == 0o640
    with output.written({tmp_path / "result": b"new"}, replace=False, private=[letter]):
        pass
    assert stat.S_IMODE((tmp_path / "result").stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("put", [output.write, output.create])
def test_a_new_file_has_the_mode_that_others_have(
    tmp_path: Path, put: Callable[[Path, bytes], None]
) -> None:
    put(tmp_path / "a.pdf", b"x")
    (tmp_path / "usual").write_bytes(b"x")
    assert (tmp_path / "a.pdf").stat().st_mode == (tmp_path / "usual").stat().st_mode


# --- Several at once ----------------------------------------------------------------------


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("fails", ["the second name", "what is done within"])
def test_all_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, there: bool, links: bool
) -> None:
    """The first has its name already when the second, or the stream beside them, fails."""
    files = {tmp_path / "new" / "a.pdf": b"new", tmp_path / "new" / "a.json": b"{}"}
    if there:
        for target in files:
            output.write(target, b"old " + target.name.encode())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    real, names = os.replace, []

    def replace(source: Path, target: Path) -> None:
        names.append(target.name)
        if fails == "the second name" and names[-1] == "a.json":
            raise PermissionError(errno.EACCES, "no")
        real(source, target)

    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "replace", replace)
    if not links:
        monkeypatch.setattr(os, "link", no_links)

    def put() -> None:
        with output.written(files, replace=True):
            assert all(target.read_bytes() == data for target, data in files.items())
            raise BrokenPipeError

    with pytest.raises((OutputError, BrokenPipeError)):
        put()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert (tmp_path / "new").exists() == there, "no empty folder stays"


def test_a_file_that_appears_meanwhile_stays(tmp_path: Path) -> None:
    files = {tmp_path / "a.pdf": b"new", tmp_path / "a.json": b"{}"}
    (tmp_path / "a.json").write_bytes(b"someone's")
    with (
        pytest.raises(OutputError, match=r"a\.json: is already there"),
        output.written(files, replace=False),
    ):
        pass
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.json": b"someone's"}


@posix
def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    code = """
import resource, sys
from pathlib import Path
from handouts import output
from handouts.errors import OutputError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    output.write(Path(sys.argv[1]), b"n" * 5000)
except OutputError as problem:
    print(problem)
"""
    done = run(code, str(target))
    assert "no space" in done.stdout, done.stderr
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


@posix
def test_a_killed_process_leaves_the_old_file_and_its_rest_is_swept(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    code = """
import os, signal, sys
from pathlib import Path
from handouts import output
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
output.write(Path(sys.argv[1]), b"new")
"""
    assert run(code, str(target)).returncode == -signal.SIGKILL
    assert target.read_bytes() == b"old"
    (rest,) = leftovers(tmp_path)

    output.write(target, b"newer")
    assert leftovers(tmp_path) == [rest], "it may still be another build's"
    stale = time.time() - output.STALE_SECONDS - 1
    os.utime(rest, (stale, stale))
    output.write(target, b"newest")
    assert leftovers(tmp_path) == []
    assert target.read_bytes() == b"newest"


def test_two_writers_at_once_never_mix(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    texts = [bytes([65 + number]) * 200_000 for number in range(4)]
    failures: list[BaseException] = []

    def work(data: bytes) -> None:
        try:
            for _ in range(10):
                output.write(target, data)
                assert target.read_bytes() in texts
        except BaseException as problem:
            failures.append(problem)

    threads = [threading.Thread(target=work, args=(data,)) for data in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert leftovers(tmp_path) == []


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_link_in_the_way_is_not_followed(tmp_path: Path, there: bool) -> None:
    precious = tmp_path / "letter.pdf"
    if there:
        precious.write_bytes(b"precious")
    folder = tmp_path / "output"
    folder.mkdir()
    (folder / "a.pdf").symlink_to(precious)
    with pytest.raises(OutputError, match="link"):
        output.write(folder / "a.pdf", b"new")
    with pytest.raises(OutputError, match="link"):
        output.remove(folder / "a.pdf")
    assert precious.exists() == there


@posix
@pytest.mark.parametrize(
    "below",
    ["a.pdf", "sub/a.pdf", "new/sub/a.pdf", "../link/sub/a.pdf", "../a.pdf", "sub/../../a.pdf"],
)
def test_a_path_that_leads_through_a_link_is_refused(tmp_path: Path, below: str) -> None:
    (tmp_path / "elsewhere" / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for put in (output.write, output.create):
        with pytest.raises(OutputError, match="link: is a link"):
            put(tmp_path / "link" / below, b"new")
    with pytest.raises(OutputError, match="link"):
        output.prepare_folder((tmp_path / "link" / below).parent)
    assert [path.name for path in (tmp_path / "elsewhere").rglob("*")] == ["sub"]


@posix
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pdf")
    for target in (tmp_path / "a.pdf", Path("/dev/null"), tmp_path / "NUL.x.pdf"):
        with pytest.raises(OutputError, match="device or a pipe"):
            output.write(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


@posix
def test_a_name_that_no_system_takes_is_refused(tmp_path: Path) -> None:
    for name in ("a\0.pdf", "x" * 300, "x" * 300 + "/a.pdf"):
        with pytest.raises(OutputError):
            output.write(tmp_path / name, b"new")
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_link_planted_as_temporary_file_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    monkeypatch.setattr("secrets.token_hex", lambda _: "0" * 16)
    (tmp_path / f".a.pdf.{'0' * 16}.tmp").symlink_to(precious)
    with pytest.raises(OutputError):
        output.write(tmp_path / "a.pdf", b"new")
    assert precious.read_bytes() == b"precious"


def test_a_pdf_open_on_windows_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = os.replace, []

    def replace(source: Path, target: Path) -> None:
        tries.append(target)
        if len(tries) < 3:
            raise in_use()
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    output.write(tmp_path / "a.pdf", b"new")
    assert (tmp_path / "a.pdf").read_bytes() == b"new"
    assert len(tries) == 3


def test_a_pdf_that_stays_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def replace(*_: Path) -> None:
        raise in_use()

    (tmp_path / "a.pdf").write_bytes(b"old")
    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(output, "_RETRY_SECONDS", 0.0)
    with pytest.raises(OutputError, match=r"a\.pdf: is open.*Close the PDF"):
        output.write(tmp_path / "a.pdf", b"new")
    assert (tmp_path / "a.pdf").read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def in_use() -> PermissionError:
    """What Windows says while a viewer holds the file."""
    problem = PermissionError(13, "in use")
    problem.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    return problem


def test_a_folder_that_may_not_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OutputError, match="may not write here"):
        output.write(tmp_path / "a.pdf", b"new")


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        output.write(tmp_path / "output" / "a.pdf", b"new")


def test_a_folder_where_the_file_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        output.write(tmp_path / "a.pdf", b"new")


def test_remove_takes_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    output.remove(tmp_path / "a.pdf")
    output.remove(tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()
