"""Approvals: a clinician stands behind the words as they are now, per language."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

from msgspec import Struct

from handouts import output
from handouts.check.everything import condition_findings
from handouts.compose import earliest_review, words_hash
from handouts.errors import ContentError, Source, UsageError, WorkspaceError
from handouts.library import APPROVALS, Library
from handouts.library.schema import ApprovalEntry
from handouts.workspace import Workspace


class Signature(Struct, frozen=True):
    """Who approves, on which day, until when. None: until the first section's review date."""

    by: str
    role: str
    on: date
    until: date | None = None


def approve(library: Library, condition: str, signature: Signature) -> ApprovalEntry:
    """Write down that somebody stands behind the words of ``condition`` in this language.

    Raises UsageError, ContentError when a review is overdue or the content has mistakes,
    OutputError, and WorkspaceError when there is no workspace to write to.
    """
    path = approvals_path(library.workspace)
    library.condition(condition)
    if wrong := condition_findings(library, condition, signature.on):
        raise ContentError(wrong)
    last = earliest_review(library, condition)
    entry = ApprovalEntry(
        words=words_hash(library, condition, library.lang),
        by=_one_line("--by", signature.by),
        role=_one_line("--role", signature.role),
        approved_on=signature.on,
        until=_checked_until(signature, last),
    )
    text = path.read_bytes().decode() if path.is_file() else _HEAD
    output.write(path, with_entry(text, condition, library.lang, entry).encode())
    return entry


def approvals_path(workspace: Workspace) -> Path:
    """The workspace's approvals file. Raises WorkspaceError if there is no workspace."""
    if workspace.root is None:
        raise WorkspaceError(
            "An approval is written into your clinic's workspace, and there is none here.",
            remedy="Make one with: handouts init DIR, and run the command in that folder.",
        )
    return workspace.root / APPROVALS


def with_entry(text: str, condition: str, lang: str, entry: ApprovalEntry) -> str:
    """``text`` with the table ``[condition.lang]`` replaced or added; all else stays as it is.

    Raises WorkspaceError if the file is written in a way that this would damage.
    """
    table = "\n".join(
        (
            f"[{condition}.{lang}]",
            f"words = {_quoted(entry.words)}",
            f"by = {_quoted(entry.by)}",
            f"role = {_quoted(entry.role)}",
            f"approved_on = {entry.approved_on.isoformat()}",
            f"until = {entry.until.isoformat()}",
        )
    )
    found = _table_of(condition, lang).search(text)
    if found is None:
        changed = f"{text.rstrip()}\n\n{table}\n"
    else:
        changed = f"{text[: found.start()]}{table}\n{text[found.end() :]}"
    _demand_intact(text, changed, condition, lang)
    return changed


def _demand_intact(text: str, changed: str, condition: str, lang: str) -> None:
    before = tomllib.loads(text)
    before.setdefault(condition, {}).pop(lang, None)
    try:
        after = tomllib.loads(changed)
        after[condition].pop(lang)
    except (tomllib.TOMLDecodeError, KeyError):
        after = None
    if after != before:
        raise WorkspaceError(
            f"the entry for {condition}.{lang} cannot be placed safely.",
            Source(APPROVALS),
            f"Write each entry as a table of its own: [{condition}.{lang}]",
        )


_HEAD = """\
# Who stands behind which words, until when. Written by `handouts approve`.
# An edit of the words, or the day after `until`, makes them a draft again.
"""


def _table_of(condition: str, lang: str) -> re.Pattern[str]:
    """The table's header and the lines of keys right below it; comments after them are not."""
    part = r"[ \t]*[\"']?{}[\"']?[ \t]*"
    header = (
        rf"^[ \t]*\[{part.format(re.escape(condition))}\.{part.format(re.escape(lang))}\][^\n]*"
    )
    return re.compile(rf"{header}(?:\n[ \t]*[A-Za-z_]+[ \t]*=[^\n]*)*\n?", re.MULTILINE)


def _checked_until(signature: Signature, last: date) -> date:
    until = signature.until
    if until is None:
        return last
    if until < signature.on:
        raise UsageError(f"--until {until.isoformat()} is in the past.", remedy="Leave it out.")
    if until > last:
        raise UsageError(
            f"--until {until.isoformat()} is after the first review date, {last.isoformat()}.",
            remedy="Leave it out, or name an earlier day.",
        )
    return until


def _one_line(option: str, words: str) -> str:
    cleaned = " ".join(words.split())
    if not cleaned or not cleaned.isprintable() or len(cleaned) > 100:
        raise UsageError(f"{option} must be 1 to 100 printable characters.")
    return cleaned


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
