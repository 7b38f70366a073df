"""Join accessible PDFs to letters without losing a byte: the public calls of this package."""

from __future__ import annotations

from handouts.attach.joining import join
from handouts.attach.options import Check, History, JoinOptions, JoinResult, Limits, Signed
from handouts.attach.refusals import Reason, Refused

__all__ = [
    "Check",
    "History",
    "JoinOptions",
    "JoinResult",
    "Limits",
    "Reason",
    "Refused",
    "Signed",
    "join",
]
