"""Approve the words of a condition in a test's workspace."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from handouts import approvals
from handouts.library.records import Record
from handouts.workspace import open_workspace

TODAY = date(2026, 11, 21)
ANN = approvals.Signature("Ann Roe", "physician", TODAY)


def approve(
    home: Path, condition: str = "crps", signature: approvals.Signature = ANN, lang: str = "en"
) -> Record:
    """Approve what the files of the workspace ``home`` say now."""
    workspace = open_workspace(home, home)
    proposal = approvals.propose(workspace, condition, lang, signature.on)
    return approvals.approve(workspace, proposal, signature)
