"""Join accessible PDFs to letters without losing a byte: the public calls of this package.

The calls here run in the caller's process. :mod:`handouts.attach.guard` has the same calls in a
child process with limits, for files of unknown origin.
"""

from __future__ import annotations

from handouts.attach.envelope import envelope
from handouts.attach.fhir import DocumentFacts, document_reference
from handouts.attach.joining import join
from handouts.attach.opening import inspect
from handouts.attach.options import (
    Check,
    Counts,
    EnvelopeResult,
    JoinOptions,
    JoinResult,
    Limits,
    PacketOptions,
    PacketPart,
    PacketResult,
)
from handouts.attach.packet import packet
from handouts.attach.reading.inspection import Inspection
from handouts.attach.refusals import Reason, Refused

__all__ = [
    "Check",
    "Counts",
    "DocumentFacts",
    "EnvelopeResult",
    "Inspection",
    "JoinOptions",
    "JoinResult",
    "Limits",
    "PacketOptions",
    "PacketPart",
    "PacketResult",
    "Reason",
    "Refused",
    "document_reference",
    "envelope",
    "inspect",
    "join",
    "packet",
]
