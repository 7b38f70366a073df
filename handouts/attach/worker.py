"""The child process that reads letters: one call on stdin, one answer on stdout, then it ends."""

from __future__ import annotations

import contextlib
import gc
import sys
from importlib import import_module
from typing import BinaryIO

from handouts.attach import copies, wire


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


def _answer(source: BinaryIO) -> list[bytes]:
    """Carry out the call in this process; the answer has the call's name."""
    from handouts.attach.refusals import Refused

    try:
        kinds = {name: arguments for name, (_, arguments) in wire.CALLS.items()}
        name, arguments, blobs = wire.decode(source, kinds)
        perform = getattr(import_module(wire.CALLS[name][0]), name)
        return wire.encode(name, perform(*arguments), blobs)
    except Refused as refused:
        refusal = wire.Refusal(refused.reason.name, refused.what, refused.detail)
    except MemoryError:
        refusal = wire.Refusal("TOO_MUCH_MEMORY", "the letter", "")
    except BaseException as error:  # whatever a hostile file can cause ends in one clear message
        refusal = wire.Refusal("CRASHED", "the letter", type(error).__name__)
    return wire.encode("refusal", refusal)


def main() -> None:
    """Serve one call. The arguments are the bounds of memory in bytes and of processor seconds."""
    set_limits(int(sys.argv[1]), int(sys.argv[2]))
    copies.allow()
    gc.disable()  # the process ends before collecting could free anything worth the time
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that a library prints may get into the answer
    for piece in _answer(source):
        target.write(piece)
    target.flush()
