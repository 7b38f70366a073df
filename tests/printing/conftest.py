"""Printers for tests: made-up ones, and Debian's real ones, on loopback."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from handouts import scaffold
from tests.printing.answering import Printer, answering

_TOOLS = ("cupsd", "lpadmin", "ippeveprinter", "dbus-daemon", "avahi-daemon")
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
_BUS = """\
<busconfig><type>session</type><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""
_CUPS = """\
Listen 127.0.0.1:{port}
Browsing Off
WebInterface No
DefaultAuthType None
<Location />
Allow all
</Location>
<Policy default>
<Limit All>
Allow all
</Limit>
</Policy>
"""
_FILES = """\
ServerRoot {folder}
RequestRoot {folder}/jobs
TempDir {folder}/jobs
CacheDir {folder}
StateDir {folder}
AccessLog {folder}/access
ErrorLog {folder}/error
PageLog {folder}/page
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, and the working folder; no CUPS answers."""
    scaffold.init(tmp_path / "clinic")
    monkeypatch.chdir(tmp_path / "clinic")
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{free_port()}")
    return tmp_path / "clinic"


@pytest.fixture
def printer() -> Iterator[Printer]:
    """A made-up printer."""
    with answering() as one:
        yield one


# --- Debian's -----------------------------------------------------------------------------


class Real(Struct, frozen=True):
    """A printer by its address, the CUPS whose queue ``Front`` leads to it, and what it gets."""

    uri: str
    cups: str
    spool: Path

    def queue(self, tool: str, *args: str) -> None:
        """Do something to the queue with a command of CUPS."""
        command = (tool, "-h", self.cups, *args)
        subprocess.run(command, check=True, env={"PATH": _PATH}, timeout=30)

    def printed(self) -> list[Path]:
        """What came, the oldest first."""
        return sorted(self.spool.glob("*.pdf"), key=lambda one: int(one.name.partition("-")[0]))


def free_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def real_printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """``ippeveprinter``, and CUPS with a queue for it. Where they are not installed the test is
    skipped; with ``MUST_PRINT`` set it fails."""
    missing = [one for one in _TOOLS if not shutil.which(one, path=_PATH)]
    if missing or sys.platform != "linux":
        reason = f"not installed: {', '.join(missing)}"
        if os.environ.get("MUST_PRINT"):
            pytest.fail(reason)
        pytest.skip(reason)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with ExitStack() as running:
        bus = running.enter_context(_avahi(shared))
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(dir="/tmp")))
        folder.chmod(0o755)
        spool, port = folder / "spool", free_port()
        spool.mkdir()
        uri = f"ipp://localhost:{port}/ipp/print"
        options = ("-2", "-k", "-s", "9", "-f", "application/pdf", "-n", "localhost")
        at_once = ("-c", str(shutil.which("true")))  # else it takes its time, as if it printed
        places = ("-d", str(spool), "-p", str(port))
        command = ("ippeveprinter", *options, *at_once, *places, "Desk")
        running.enter_context(_running(command, folder / "log", bus, _listening(port)))
        cups = running.enter_context(_cups(folder / "cups", uri))
        yield Real(uri, cups, spool)


@contextmanager
def _cups(folder: Path, uri: str) -> Iterator[str]:
    (folder / "jobs").mkdir(parents=True)
    port = free_port()
    conf, files = folder / "cupsd.conf", folder / "cups-files.conf"
    conf.write_text(_CUPS.format(port=port))
    files.write_text(_FILES.format(folder=folder))
    command = ("cupsd", "-f", "-c", str(conf), "-s", str(files))
    with _running(command, folder / "log", {}, _listening(port)):
        server = f"127.0.0.1:{port}"
        queue = ("lpadmin", "-h", server, "-p", "Front", "-E", "-v", uri, "-m", "everywhere")
        for line in (queue, ("lpadmin", "-h", server, "-d", "Front")):
            subprocess.run(line, check=True, env={"PATH": _PATH}, timeout=30)
        yield server


@contextmanager
def _avahi(shared: Path) -> Iterator[dict[str, str]]:
    """The environment in which avahi answers, without which ``ippeveprinter`` does not start.

    Processes of tests share one, since there can be only one; the last to leave ends it.
    """
    folder = shared / "avahi"
    if _answers("avahi-daemon", "--check") and not folder.exists():
        yield {}  # the system's own
        return
    folder.mkdir(exist_ok=True)
    env = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
    mine = folder / f"{os.getpid()}.user"
    with _locked(folder):
        mine.touch()
        if not (folder / "bus").exists():
            _begin_avahi(folder, env)
    try:
        yield env
    finally:
        with _locked(folder):
            mine.unlink()
            if not list(folder.glob("*.user")):
                for name in ("avahi.pid", "bus.pid"):
                    os.kill(int((folder / name).read_text()), 15)
                while _answers("avahi-daemon", "--check"):
                    time.sleep(0.05)
                (folder / "bus").unlink(missing_ok=True)


def _begin_avahi(folder: Path, env: dict[str, str]) -> None:
    (folder / "bus.conf").write_text(_BUS.format(folder=folder))
    (folder / "avahi.conf").write_text("[server]\nallow-interfaces=lo\n")
    bus = ("dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork")
    names = ("--no-drop-root", "--no-chroot", "--no-rlimits", "--no-proc-title")
    avahi = ("avahi-daemon", *names, "-f", str(folder / "avahi.conf"))
    for name, command, ready in (
        ("bus", bus, (folder / "bus").exists),
        ("avahi", avahi, lambda: _answers("avahi-daemon", "--check")),
    ):
        with open(folder / f"{name}.log", "wb") as log:
            child = _started(command, log.fileno(), env)
        (folder / f"{name}.pid").write_text(str(child.pid))
        _await(ready, folder / f"{name}.log", child)


def _answers(*command: str) -> bool:
    return not subprocess.run(command, env={"PATH": _PATH}, check=False).returncode


def _started(command: tuple[str, ...], log: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
    path = shutil.which(command[0], path=_PATH)
    assert path
    return subprocess.Popen(
        (path, *command[1:]), stdout=log, stderr=log, env={**os.environ, "PATH": _PATH, **env}
    )


@contextmanager
def _running(
    command: tuple[str, ...], log: Path, env: dict[str, str], ready: Callable[[], bool]
) -> Iterator[None]:
    with open(log, "wb") as file:
        child = _started(command, file.fileno(), env)
    try:
        _await(ready, log, child)
        yield
    finally:
        child.terminate()
        child.wait(10)


def _listening(port: int) -> Callable[[], bool]:
    def there() -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    return there


def _await(ready: Callable[[], bool], log: Path, child: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if ready():
            return
        assert child.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(log.read_text())


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with open(folder / "lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
