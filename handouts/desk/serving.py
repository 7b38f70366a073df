"""Starting and stopping the page: one on a computer, on this computer's own address alone."""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from html import escape
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from secrets import compare_digest
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from flask import Flask
from msgspec import Struct
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from handouts import output
from handouts.desk.guarding import COOKIE
from handouts.desk.memory import new_token
from handouts.desk.proving import proof
from handouts.errors import OutputError, UsageError
from handouts.inputs import read
from handouts.personal.private_files import FILE_MODE

LOOPBACK: Final = "127.0.0.1"
#: What no other program is likely to want; another one is taken where it is in use.
USUAL_PORT: Final = 8765
_MEMORY: Final = 110_000_000
_FORM: Final = 400_000
_LETTERS: Final = ("/attach", "/a/")
_THREADS: Final = 24  # most wait: for a letter, for pages, for a printer
_WAITING: Final = 128
#: So long, in seconds, a connection may say nothing, and a request but a letter may take to come.
_SILENCE: Final = 20
_SWEEP: Final = 5
#: So long, in seconds, answers that have begun may take when the page is stopped.
_LAST_ANSWERS: Final = 2
_LARGEST: Final = 10_000
_SECONDS: Final = 3.0
_HTTPS: Final = 443
_HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")


class Running(Struct, frozen=True):
    """A page that runs: where, for which workspace, and what lets a browser in."""

    port: int
    workspace: str
    token: str

    @property
    def address(self) -> str:
        """What opens it in a browser of this computer."""
        return f"http://{LOOPBACK}:{self.port}/open?token={self.token}"


def demand_https(address: str) -> str:
    """The host of the proxy's address. Raises UsageError for one without TLS."""
    try:
        parts = urlsplit(address)
        name, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        name, port = "", None
    wrong = parts.scheme != "https" or "@" in parts.netloc or parts.path.strip("/")
    if wrong or not _HOST.fullmatch(name):
        raise UsageError(
            f"“{address}” is not the address of a proxy with TLS.",
            remedy="Write it as https://handouts.example.org; docs/it.md shows one.",
        )
    return name if port in (None, _HTTPS) else f"{name}:{port}"


def already(file: Path, workspace: str) -> Running | None:
    """The page that runs for this workspace, if one does."""
    try:
        known = msgspec.json.decode(read(file, _LARGEST), type=Running)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return known if known.workspace == workspace and _answers(known) else None


def _answers(known: Running) -> bool:
    """Whether it is ours that listens there: it alone knows its token, which no other is told."""
    connection, nonce = HTTPConnection(LOOPBACK, known.port, timeout=_SECONDS), new_token()
    try:
        connection.request("GET", f"/proof/{nonce}")
        said = connection.getresponse().read(_LARGEST)
        return compare_digest(said, proof(known.token, nonce).encode())
    except (HTTPException, OSError, ValueError):
        return False
    finally:
        connection.close()


def listening(port: int | None) -> socket.socket:
    """A socket on this computer's own address; on the usual port, else on any that is free.

    Raises OutputError where the port that somebody named is taken.
    """
    for number in (port,) if port is not None else (USUAL_PORT, 0):
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind((LOOPBACK, number))
            found.listen(_WAITING)  # who comes before all is ready waits
            return found
        found.close()
    message = f"Port {port} is taken by another program."
    raise OutputError(message, remedy="Leave --port out, or name another one.")


def door(folder: Path, address: str) -> Path:
    """A file that leads to the page, for this user alone: any user of this computer could read
    an address in the list of what runs. Raises OutputError."""
    file = folder / "open.html"
    text = f'<!doctype html><meta http-equiv="refresh" content="0; url={escape(address)}">'
    output.write(file, text.encode(), FILE_MODE)
    return file


@contextlib.contextmanager
def announced(file: Path, running: Running) -> Iterator[None]:
    """While it runs, its icon finds it. The file is for this user alone."""
    with contextlib.suppress(OutputError):
        output.write(file, msgspec.json.encode(running), FILE_MODE)
    try:
        yield
    finally:
        with contextlib.suppress(OutputError):
            if already(file, running.workspace) is None:
                output.remove(file)


def _wary(hosts: frozenset[str]) -> type[HTTPChannel]:
    """A connection that takes much, or slowly, from nobody but a page of ours that sends a letter:
    all else is refused at its head, before the body is in memory, and is closed if it is late."""

    class Head(HTTPRequestParser):  # type: ignore[misc]
        is_letter = False

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            host, cookies = (self.headers.get(name, "") for name in ("HOST", "COOKIE"))
            self.is_letter = host in hosts and COOKIE in cookies and self.path.startswith(_LETTERS)
            if not self.is_letter:
                self.adj = _Small(vars(self)["adj"])

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Head
        last_activity: float
        begun = 0.0  # when the first byte of the request came that is not here in full

        def received(self, data: bytes) -> bool:
            taken = bool(super().received(data))
            if self.request is None or self.request.is_letter:
                self.begun = 0.0
            else:
                self.begun = self.begun or self.last_activity
                self.last_activity = self.begun
            return taken

    return Channel


class _Small:
    """The settings of a server, with room for a form."""

    max_request_body_size = _FORM

    def __init__(self, usual: Any) -> None:
        self._usual = usual

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)


def serve(app: Flask, found: socket.socket, on_idle: Callable[[], None], every: float) -> None:
    """Answer until this process is told to stop; ``on_idle`` is called every so many seconds."""
    hosts = app.extensions["handouts-desk"].rules.hosts
    log = logging.getLogger("waitress")
    log.setLevel(logging.ERROR)  # that many wait is no news
    server = create_server(
        app,
        sockets=[found],
        threads=_THREADS,
        ident=None,
        connection_limit=300,
        channel_timeout=_SILENCE,
        cleanup_interval=_SWEEP,
        max_request_body_size=_MEMORY,
        inbuf_overflow=_MEMORY,  # what somebody drops is in no temporary file
        outbuf_overflow=_MEMORY,
        clear_untrusted_proxy_headers=False,
    )
    over = threading.Event()

    def tidy() -> None:
        while not over.wait(every):
            on_idle()

    server.channel_class = _wary(hosts)
    threading.Thread(target=tidy, daemon=True).start()
    try:
        server.run()
    finally:
        over.set()
        log.setLevel(logging.CRITICAL)  # nor that an answer was cut off
        server.task_dispatcher.shutdown(timeout=_LAST_ANSWERS)
        server.close()
