"""The server before any page of it: a stranger's request takes no memory, and keeps nobody out."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import msgspec
import pytest
from msgspec import Struct

from handouts.desk import serving
from tests.desk.desks import clinic_folder

ROOT = Path(__file__).resolve().parents[2]
#: The command, in less of a hurry to wait.
HASTY = """
from handouts.desk import serving
serving._SILENCE, serving._SWEEP = 2, 1
from handouts.cli import main
main()
"""


class Server(Struct):
    """Where it answers, and the cookie of a browser that it let in."""

    host: str
    port: int
    cookie: str
    token: str

    def connected(self, data: bytes = b"") -> socket.socket:
        """A connection on which ``data`` was sent."""
        found = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        found.sendall(data)
        return found

    def status(self, head: str, body: bytes = b"", *lines: str) -> int:
        """Of the answer to that request."""
        fields = (f"Host: {self.host}", "Connection: close", *lines)
        request = "\r\n".join((f"{head} HTTP/1.1", *fields, "", "")).encode() + body
        with self.connected() as found:
            with suppress(OSError):  # it may not want to hear all of it
                found.sendall(request)
            try:
                answer = found.recv(100)
            except ConnectionResetError:
                return 0
        return int(answer.split()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``handouts serve`` as it runs."""
    folder = tmp_path_factory.mktemp("served")
    home = clinic_folder(folder)
    environment = os.environ | {"HOME": str(folder), "CUPS_SERVER": "127.0.0.1:9"}
    command = (sys.executable, "-c", HASTY, "--workspace", str(home), "serve")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().strip())
        token = address.query.removeprefix("token=")
        found = Server(address.netloc, address.port or 0, "", token)
        with found.connected() as door:
            asked = f"GET {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n"
            door.sendall(asked.encode())
            head = door.recv(5_000).decode()
        found.cookie = head.partition("Set-Cookie: ")[2].partition(";")[0]
        assert found.cookie
        yield found
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 128 + signal.SIGTERM


def test_a_large_body_is_refused_at_its_head_unless_it_is_a_letter_of_ours(server: Server) -> None:
    """Before it is in memory, and whatever its length is said to be."""
    large, cookie = "Content-Length: 2000000", f"Cookie: {server.cookie}"
    assert server.status("POST /attach", bytes(2_000_000), large) == 413
    assert server.status("POST /find", bytes(2_000_000), large, cookie) == 413
    chunk = b"%x\r\n%s\r\n" % (500_000, bytes(500_000))
    chunked = "Transfer-Encoding: chunked"
    assert server.status("POST /find", chunk * 4 + b"0\r\n\r\n", chunked, cookie) in (413, 0)
    assert (
        server.status("POST /attach", bytes(2_000_000), large, cookie) == 403
    )  # without its token
    assert server.status("GET /", b"", cookie) == 200


def test_requests_that_never_come_in_full_keep_nobody_out(server: Server) -> None:
    """As many as there is room for, silent or a byte at a time: they are closed, and the page
    answers."""
    half, cookie = (
        f"GET / HTTP/1.1\r\nHost: {server.host}\r\nX: ".encode(),
        f"Cookie: {server.cookie}",
    )
    over = threading.Event()

    def drip(held: list[socket.socket]) -> None:
        while not over.wait(0.2):
            for one in held:
                with suppress(OSError):
                    one.sendall(b"x")

    with ExitStack() as stack:
        held = [stack.enter_context(server.connected(half)) for _ in range(320)]
        dripping = threading.Thread(target=drip, args=[held])
        dripping.start()
        try:
            assert server.status("GET /", b"", cookie) == 200
        finally:
            over.set()
            dripping.join()


def test_the_file_that_opens_the_page_is_for_this_user_alone(tmp_path: Path) -> None:
    """An address on the command line of a browser is for all users of a computer to read."""
    file = serving.door(tmp_path, "http://127.0.0.1:8765/open?token=A&b")
    assert 'content="0; url=http://127.0.0.1:8765/open?token=A&amp;b"' in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


class Stranger(BaseHTTPRequestHandler):
    """Another program, which answers all that is asked of it."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.rpartition("/")[2].encode())

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        return


def test_another_program_on_the_port_of_a_page_that_was_killed_is_not_taken_for_it(
    tmp_path: Path,
) -> None:
    """Nor told the token."""
    file, stranger = tmp_path / "running.json", HTTPServer((serving.LOOPBACK, 0), Stranger)
    threading.Thread(target=stranger.serve_forever, daemon=True).start()
    running = serving.Running(stranger.server_address[1], "clinic", "made-up-token")
    with serving.announced(file, running):
        assert serving.already(file, "clinic") is None
    stranger.shutdown()
    assert Stranger.asked
    assert not any("made-up-token" in path for path in Stranger.asked)


def test_a_page_that_runs_proves_it(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "running.json"
    for known, is_ours in ((server.token, True), ("made-up-token", False)):
        running = serving.Running(server.port, "clinic", known)
        file.write_bytes(msgspec.json.encode(running))
        assert (serving.already(file, "clinic") == running) is is_ours
