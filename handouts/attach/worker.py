"""The child process that reads letters: one call on stdin, one answer on stdout, then it ends."""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import BinaryIO, assert_never

from handouts.attach import copies, wire
from handouts.attach.wire import EnvelopeCall, InspectCall, JoinCall, PacketCall, Refusal


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


def perform(call: wire.Call) -> wire.Answer:
    """Carry out a call in this process. Raises ``Refused``."""
    match call:
        case JoinCall():
            from handouts.attach.joining import join

            return join(call.letter, call.handout, call.options)
        case InspectCall():
            from handouts.attach.opening import inspect

            return inspect(call.letter, call.password, call.limits)
        case EnvelopeCall():
            from handouts.attach.envelope import envelope

            return envelope(call.letter, call.handout, call.options)
        case PacketCall():
            from handouts.attach.packet import packet

            return packet(call.parts, call.contents, call.options)
        case _:
            assert_never(call)


def _answer(source: BinaryIO) -> list[bytes]:
    from handouts.attach.refusals import Refused

    try:
        call, blobs = wire.decode(source)
        if not isinstance(call, wire.Call):
            raise TypeError("not a call")
        return wire.encode(perform(call), blobs)
    except Refused as refused:
        refusal = Refusal(refused.reason.name, refused.what, refused.detail)
    except MemoryError:
        refusal = Refusal("TOO_MUCH_MEMORY", "the letter", "")
    except BaseException as error:  # whatever a hostile file can cause ends in one clear message
        refusal = Refusal("CRASHED", "the letter", type(error).__name__)
    return wire.encode(refusal)


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


if __name__ == "__main__":
    main()
