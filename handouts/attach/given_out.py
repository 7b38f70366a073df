"""Whether a handout that was printed before may still be given out."""

from __future__ import annotations

from datetime import date

from handouts.attach.reading.xmp import DRAFT, OVERDUE, PartStatus
from handouts.compose import standing
from handouts.library.records import REFERENCE, in_force, numbers, record, set_aside
from handouts.workspace import Workspace

_NEWER = "is older than the words that your clinic approved since"
_WITHDRAWN = "has words that your clinic no longer approves"
_GONE = "names an approval whose record is not there any more"


def objection(
    part: PartStatus, as_of: date, workspace: Workspace | None = None, *, made_here: bool = False
) -> str:
    """Why nobody stands behind a printed handout on ``as_of``; "" where somebody does.

    A ``workspace`` that has the record of its approval, or of each language's, is asked whether
    that still holds; of a handout ``made_here`` it must have it.
    Raises WorkspaceError for a record that cannot be trusted.
    """
    if part.status == DRAFT:
        return "is a draft: your clinic has not approved all of its words"
    if part.status == OVERDUE or (part.until and as_of > part.until):
        since = f" ({part.until.isoformat()})" if part.until else ""
        return f"is past its review date{since}"
    if workspace is None:
        return ""
    why = (_superseded(one, as_of, workspace, made_here) for one in part.approval.split())
    return next(filter(None, why), "")


def _superseded(approval: str, as_of: date, workspace: Workspace, made_here: bool) -> str:
    """Why the record with the reference ``approval`` does not hold; "" if it is not ours."""
    unknown = _GONE if made_here else ""
    found = REFERENCE.fullmatch(approval)
    if found is None:
        return unknown
    condition, lang, number = found["condition"], found["lang"], int(found["number"])
    known = list(set_aside(workspace, condition, lang).values())
    if number in numbers(workspace, condition, lang):
        known.append(record(workspace, condition, lang, number))
    if approval not in [one.reference for one in known]:
        return unknown
    later = in_force(workspace, condition, lang, as_of).later
    if later and later.reference == approval:
        return f"has words that are approved from {later.on} on"
    now = standing(workspace, condition, lang, as_of).record
    if now == number:
        return ""
    return _NEWER if now else _WITHDRAWN
