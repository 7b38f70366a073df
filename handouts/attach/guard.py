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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from msgspec import Struct

from handouts.attach import wire
from handouts.attach.options import (
    EnvelopeResult,
    JoinOptions,
    JoinResult,
    Limits,
    PacketOptions,
    PacketPart,
    PacketResult,
    demand_size,
)
from handouts.attach.reading.inspection import Inspection
from handouts.attach.refusals import Reason, Refused
from handouts.attach.thumbnails import Thumbnails
from handouts.attach.transcript import Transcript
from handouts.attach.typed import Typed
from handouts.importing import CHILD, HOME, trusted_path

_CHUNK = 1 << 20
_Wanted = TypeVar("_Wanted", bound=Struct)


def join(letter: bytes, handout: bytes, options: JoinOptions = JoinOptions()) -> JoinResult:
    """As :func:`handouts.attach.join`, in a child process. Raises ``Refused``."""
    return ask("join", (letter, handout, options), options.limits, JoinResult)


def inspect(
    letter: bytes,
    password: str | None = None,
    limits: Limits = Limits(),
    what: str = "the letter",
) -> Inspection:
    """As :func:`handouts.attach.inspect`, in a child process. Raises ``Refused``."""
    with about(what):
        return ask("inspect", (letter, password, limits, what), limits, Inspection)


def envelope(
    letter: bytes, handout: bytes, password: str | None = None, limits: Limits = Limits()
) -> EnvelopeResult:
    """As :func:`handouts.attach.envelope`, in a child process. Raises ``Refused``."""
    return ask("envelope", (letter, handout, password, limits), limits, EnvelopeResult)


def packet(
    parts: Sequence[PacketPart],
    contents: bytes | None = None,
    options: PacketOptions = PacketOptions(),
) -> PacketResult:
    """As :func:`handouts.attach.packet`, in a child process. Raises ``Refused``."""
    with about("the packet"):
        return ask("packet", (tuple(parts), contents, options), options.limits, PacketResult)


@contextlib.contextmanager
def about(what: str) -> Iterator[None]:
    """Let a refusal that is not about anything else be about ``what``."""
    try:
        yield
    except Refused as refusal:
        named = what if refusal.what == "the letter" else refusal.what
        raise Refused(refusal.reason, named, refusal.detail) from None


def transcribe(
    data: bytes, password: str | None = None, limits: Limits = Limits(), what: str = "the file"
) -> Transcript:
    """As :func:`handouts.attach.transcript.transcribe`, in a child process. Raises ``Refused``."""
    with about(what):
        return ask("transcribe", (data, password, limits, what), limits, Transcript)


def typed(
    data: bytes, password: str | None = None, limits: Limits = Limits(), what: str = "the file"
) -> Typed:
    """As :func:`handouts.attach.typed.typed`, in a child process. Raises ``Refused``."""
    with about(what):
        return ask("typed", (data, password, limits, what), limits, Typed)


def thumbnails(
    data: bytes,
    numbers: Sequence[int],
    width: int,
    password: str | None = None,
    limits: Limits = Limits(),
) -> Thumbnails:
    """As :func:`handouts.attach.thumbnails.thumbnails`, in a child process. Raises ``Refused``."""
    return ask("thumbnails", (data, tuple(numbers), width, password), limits, Thumbnails)


def _command(limits: Limits) -> tuple[list[str], dict[str, str]]:
    """The child's command and environment: the same interpreter, package and libraries."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(trusted_path())}
    bounds = [str(limits.memory), str(limits.cpu_seconds)]
    return [sys.executable, "-P", "-c", CHILD, HOME, *bounds], environment


def _feed(child: subprocess.Popen[bytes], pieces: list[bytes]) -> None:
    """Send the call; a child that ends early has said all that it will say."""
    target = cast(BinaryIO, child.stdin)
    with contextlib.suppress(OSError):
        for piece in pieces:
            target.write(piece)
    with contextlib.suppress(OSError):
        target.close()


def ask(name: str, arguments: tuple[Any, ...], limits: Limits, kind: type[_Wanted]) -> _Wanted:
    """What a child process answers to a call (``wire.CALLS``). Raises ``Refused``."""
    pieces = wire.encode(name, arguments)
    blobs = pieces[1:]
    for blob in blobs:
        demand_size(blob, limits)
    command, environment = _command(limits)
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=Path(HOME).anchor,  # nothing of the caller's lies there
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(limits.wall_seconds, stop)
    feeder = threading.Thread(target=_feed, args=(child, pieces))
    timer.daemon = feeder.daemon = True  # this process may be stopped at any moment
    try:
        timer.start()
        feeder.start()
        data, too_long = _read(child, limits.output)
        code = child.wait()
        feeder.join()
    except BaseException:  # nobody waits for the answer any more
        child.kill()
        raise
    finally:
        timer.cancel()
    if late.is_set():
        raise Refused(Reason.TOO_SLOW, detail=f"{limits.wall_seconds:g} s")
    if too_long:
        raise Refused(Reason.TOO_MUCH_OUTPUT, detail=f"{limits.output // 1_000_000} MB")
    if code == -getattr(signal, "SIGXCPU", 24) or (code == -9 and not data):
        raise Refused(Reason.TOO_SLOW, detail=f"{limits.cpu_seconds} seconds of processor time")
    return _understood(data, blobs, limits, {name: kind})


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


def _understood(
    data: bytes, known: list[bytes], limits: Limits, kinds: dict[str, type[_Wanted]]
) -> _Wanted:
    """The child's answer. Raises the refusal that it holds, or that its nonsense amounts to."""
    try:
        expected = {**kinds, "refusal": wire.Refusal}
        name, answer, _ = wire.decode(io.BytesIO(data), expected, known)
        if name != "refusal":
            return cast(_Wanted, answer)
        reason = Reason[answer.reason]
    except Exception:  # the child may have been made to say anything
        raise Refused(Reason.CRASHED, detail="its answer makes no sense") from None
    memory = f"{limits.memory // 1_000_000} MB"
    detail = memory if reason is Reason.TOO_MUCH_MEMORY else answer.detail
    raise Refused(reason, answer.what, detail)
