"""What will go wrong with a PDF on paper: any PDF, in a child process with limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handouts.preflight.findings import Aims, Report

if TYPE_CHECKING:
    from handouts.attach.options import Limits


def preflight(
    data: bytes, aims: Aims = Aims(), what: str = "the file", limits: Limits | None = None
) -> Report:
    """Look at the pages as a printer, a copier and a reader will.

    ``what`` is what messages call the file; ``limits``: what it may cost. Raises ``Refused`` for
    one that cannot be read.
    """
    from msgspec.structs import astuple

    from handouts.attach import guard
    from handouts.attach.options import Limits

    limits = limits or Limits(cpu_seconds=120, wall_seconds=240.0)
    with guard.about(what):
        return guard.ask("examine", (data, *astuple(aims), what), limits, Report)
