"""The child process that reads letters: takes a request on stdin, answers on stdout."""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any, BinaryIO

MAX_HEADER = 1 << 20


def set_limits(memory: int, cpu_seconds: int) -> None:
    """Bound this process, as far as the system can: address space, processor time, no files."""
    try:
        import resource
    except ImportError:  # Windows: the parent's time and output limits hold alone
        return
    wanted = (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 1),
        (resource.RLIMIT_AS, memory, memory),
    )
    for kind, soft, hard in wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some of them
            resource.setrlimit(kind, (soft, hard))


def send(stream: BinaryIO, header: dict[str, Any], blobs: list[bytes]) -> None:
    """Write a message: one line of JSON with the blobs' sizes, then the blobs."""
    line = json.dumps({**header, "sizes": [len(blob) for blob in blobs]})
    stream.write(line.encode("ascii") + b"\n")
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def receive_header(stream: BinaryIO) -> dict[str, Any]:
    """Read the first line of a message. Raises ``ValueError`` for anything else."""
    header = json.loads(stream.readline(MAX_HEADER))
    if not isinstance(header, dict) or not isinstance(header.get("sizes"), list):
        raise ValueError("not a message")
    return header


def receive_blobs(stream: BinaryIO, header: dict[str, Any]) -> list[bytes]:
    """Read the blobs that follow a header."""
    return [stream.read(size) for size in header["sizes"]]


def _answer(header: dict[str, Any], source: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    from handouts.attach.refusals import Refused
    from handouts.attach.requests import perform

    try:
        return perform(header, receive_blobs(source, header))
    except Refused as refused:
        reply = {"refused": refused.reason.name, "what": refused.what, "detail": refused.detail}
    except MemoryError:
        reply = {"refused": "TOO_MUCH_MEMORY", "what": "the letter", "detail": ""}
    except BaseException as error:  # whatever a hostile file can cause ends in one clear message
        detail = type(error).__name__
        reply = {"refused": "CRASHED", "what": "the letter", "detail": detail}
    return reply, []


def main() -> None:
    """Serve one request and end."""
    import logging

    logging.disable(logging.CRITICAL)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that a library prints may get into the answer
    header = receive_header(source)
    set_limits(int(header["memory"]), int(header["cpu_seconds"]))
    reply, results = _answer(header, source)
    send(target, reply, results)


if __name__ == "__main__":
    main()
