"""A made-up printer, and CUPS, in this process: it says and does what a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pyipp.enums import IppOperation, IppTag
from pyipp.parser import parse
from pyipp.serializer import construct_attribute

#: What a good printer says of itself.
GOOD: Mapping[str, Any] = {
    "printer-name": "Front",
    "printer-state": 3,
    "printer-state-reasons": "none",
    "printer-is-accepting-jobs": True,
    "document-format-supported": ["application/octet-stream", "application/pdf"],
    "media-supported": ["na_letter_8.5x11in", "iso_a4_210x297mm"],
    "media-source-supported": ["auto", "main"],
    "sides-supported": ["one-sided", "two-sided-long-edge", "two-sided-short-edge"],
    "print-color-mode-supported": ["color", "monochrome"],
    "print-scaling-supported": ["auto", "none"],
    "color-supported": True,
    "copies-supported": (1, 99),
}
_ENUMS = ("printer-state", "job-state")


class Printer:
    """What it ``says``, how each job goes (``states``: one an answer, the last one stays), and what
    it was ``asked``. ``status`` answers Print-Job; ``on_ask`` hears of each request first."""

    def __init__(self) -> None:
        """A good one."""
        self.says = dict(GOOD)
        self.states = [9]
        self.status = 0
        self.raw: bytes | None = None
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.printed: list[bytes] = []
        self.on_ask: Callable[[str], None] = lambda _: None
        self.port = 0

    @property
    def uri(self) -> str:
        """Its address."""
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    def answer(self, path: str, data: bytes) -> bytes:
        """The answer to one request."""
        if self.raw is not None:
            return self.raw
        request = parse(data, contains_data=True)
        name = IppOperation(request["status-code"]).name
        about = dict(request["operation-attributes"])
        about["job"] = request["jobs"][0] if request["jobs"] else {}
        self.asked.append((name, about))
        self.on_ask(name)
        if name == "GET_PRINTER_ATTRIBUTES" and path.startswith("/printers/"):
            known = path == f"/printers/{self.says['printer-name']}"
            return _written(0 if known else 0x0406, "PRINTER", self.says if known else {})
        if name == "PRINT_JOB" and not self.status:
            self.printed.append(request["data"])
        if name in ("PRINT_JOB", "GET_JOB_ATTRIBUTES"):
            status = self.status if name == "PRINT_JOB" else 0
            state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
            return _written(status, "JOB", {} if status else {"job-id": 7, "job-state": state})
        return _written(0, "PRINTER", self.says)


def _written(status: int, group: str, attributes: Mapping[str, Any]) -> bytes:
    data = bytes([1, 1]) + status.to_bytes(2, "big") + (1).to_bytes(4, "big")
    data += bytes([IppTag.OPERATION.value])
    data += construct_attribute("attributes-charset", "utf-8")
    if attributes:
        data += bytes([IppTag[group].value])
    for name, value in attributes.items():
        if isinstance(value, tuple):
            low, high = (one.to_bytes(4, "big").decode("latin-1") for one in value)
            data += construct_attribute(name, low + high, IppTag.RANGE)
        else:
            first = value[0] if isinstance(value, list) else value
            kind = {bool: "BOOLEAN", int: "INTEGER", str: "KEYWORD"}[type(first)]
            tag = IppTag["ENUM" if name in _ENUMS else kind]
            data += construct_attribute(name, value, tag)
    return data + bytes([IppTag.END.value])


@contextmanager
def answering() -> Iterator[Printer]:
    """A good printer on loopback."""
    printer = Printer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            answer = printer.answer(self.path, self.rfile.read(length))
            self.send_response(200)
            self.send_header("Content-Type", "application/ipp")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        printer.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield printer
        finally:
            server.shutdown()
            thread.join()
