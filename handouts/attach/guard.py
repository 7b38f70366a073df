"""Read letters in a child process with limits, so that no file can harm or stall the caller.

The functions here take and give the same as their unguarded twins. Whatever a file does to the
child - a crash, a loop, a bomb - ends in one :class:`Refused` with a clear message.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

from handouts.attach.envelope import EnvelopeOptions, EnvelopeResult
from handouts.attach.options import JoinOptions, JoinResult, Limits
from handouts.attach.packet import PacketOptions, PacketPart, PacketResult
from handouts.attach.reading.inspection import Inspection
from handouts.attach.refusals import Reason, Refused
from handouts.attach.requests import inspection_from, plain, result_from
from handouts.attach.selfcheck import Counts
from handouts.attach.worker import receive_blobs, receive_header, send

_CHUNK = 1 << 20


def join(letter: bytes, handout: bytes, options: JoinOptions | None = None) -> JoinResult:
    """As :func:`handouts.attach.join`, in a child process. Raises ``Refused``."""
    options = options or JoinOptions()
    header = {"action": "join", "options": plain(options)}
    reply, (base, update) = _ask(header, [letter, handout], options.limits, 2)
    return result_from(reply, base or letter, update)


def inspect(letter: bytes, password: str | None = None, limits: Limits | None = None) -> Inspection:
    """As :func:`handouts.attach.inspect`, in a child process. Raises ``Refused``."""
    limits = limits or Limits()
    header = {"action": "inspect", "password": password, "limits": plain(limits)}
    reply, _ = _ask(header, [letter], limits, 0)
    return inspection_from(reply["report"])


def envelope(
    letter: bytes, handout: bytes, options: EnvelopeOptions | None = None
) -> EnvelopeResult:
    """As :func:`handouts.attach.envelope`, in a child process. Raises ``Refused``."""
    options = options or EnvelopeOptions()
    header = {"action": "envelope", "options": plain(options)}
    reply, (base, update) = _ask(header, [letter, handout], options.limits, 2)
    notes = tuple(reply["notes"])
    return EnvelopeResult(base or handout, update, notes, reply["pdf_ua"], reply["rewritten"])


def packet(
    parts: list[PacketPart], contents: bytes | None = None, options: PacketOptions | None = None
) -> PacketResult:
    """As :func:`handouts.attach.packet`, in a child process. Raises ``Refused``."""
    options = options or PacketOptions()
    titles = [part.title for part in parts]
    header = {"action": "packet", "options": plain(options), "titles": titles}
    blobs = [contents or b"", *(part.data for part in parts)]
    reply, (data,) = _ask(header, blobs, options.limits, 1)
    pages = tuple(int(page) for page in reply["first_pages"])
    counts = Counts(**reply["counts"])
    return PacketResult(data, tuple(reply["notes"]), reply["pdf_ua"], pages, counts)


def _command() -> tuple[list[str], dict[str, str]]:
    """The child's command and environment: the same interpreter and the same package."""
    environment = dict(os.environ)
    home = str(Path(__file__).resolve().parents[2])
    paths = [home, *filter(None, [environment.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    return [sys.executable, "-m", "handouts.attach.worker"], environment


def _feed(child: subprocess.Popen[bytes], header: dict[str, Any], blobs: list[bytes]) -> None:
    """Send the request; a child that ends early has said all that it will say."""
    target = cast(BinaryIO, child.stdin)
    with contextlib.suppress(OSError):
        send(target, header, blobs)
    with contextlib.suppress(OSError):
        target.close()


def _ask(
    header: dict[str, Any], blobs: list[bytes], limits: Limits, wanted: int
) -> tuple[dict[str, Any], list[bytes]]:
    if any(len(blob) > limits.size for blob in blobs):
        raise Refused(Reason.TOO_LARGE, "the letter", f"{limits.size // 1_000_000} MB")
    header = {**header, "memory": limits.memory, "cpu_seconds": limits.cpu_seconds}
    command, environment = _command()
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(limits.wall_seconds, stop)
    feeder = threading.Thread(target=_feed, args=(child, header, blobs), daemon=True)
    timer.start()
    feeder.start()
    try:
        answer, too_long = _read(child, limits.output)
    finally:
        code = child.wait()
        timer.cancel()
        feeder.join()
    if late.is_set():
        raise Refused(Reason.TOO_SLOW, detail=f"{limits.wall_seconds:g} seconds")
    if too_long:
        raise Refused(Reason.TOO_MUCH_OUTPUT, detail=f"{limits.output // 1_000_000} MB")
    return _decoded(answer, code, limits, wanted)


def _read(child: subprocess.Popen[bytes], limit: int) -> tuple[bytes, bool]:
    source = cast(BinaryIO, child.stdout)
    parts, length = [], 0
    while chunk := source.read(_CHUNK):
        length += len(chunk)
        if length > limit:
            child.kill()
            return b"", True
        parts.append(chunk)
    source.close()
    return b"".join(parts), False


def _decoded(
    answer: bytes, code: int, limits: Limits, wanted: int
) -> tuple[dict[str, Any], list[bytes]]:
    """The child's answer, or the refusal that its end amounts to."""
    if code == -getattr(signal, "SIGXCPU", 24) or (code == -9 and not answer):
        raise Refused(Reason.TOO_SLOW, detail=f"{limits.cpu_seconds} seconds of processor time")
    try:
        message = io.BytesIO(answer)
        reply = receive_header(message)
        blobs = receive_blobs(message, reply)
    except ValueError:
        raise Refused(Reason.CRASHED, detail=f"it ended with {code}") from None
    if "refused" in reply:
        detail = str(reply["detail"])
        reason = Reason[str(reply["refused"])]
        if reason is Reason.TOO_MUCH_MEMORY:
            detail = f"{limits.memory // 1_000_000} MB"
        raise Refused(reason, str(reply["what"]), detail)
    if len(blobs) != wanted:
        raise Refused(Reason.CRASHED, detail="its answer is not complete")
    return reply, blobs
