"""Print an edition again: the same words, and from the same program the same bytes."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from msgspec import Struct

from handouts import output
from handouts.compose import compose, standing, told_of_record
from handouts.compose.approval import approval_of
from handouts.contract import check_placed
from handouts.errors import AccessibilityError, HandoutsError, WorkspaceError
from handouts.layout import lay_out_for_print, load_layout
from handouts.library.brand import load_brand
from handouts.library.content_files import shipped_words
from handouts.library.editions import recall
from handouts.library.frozen import frozen_library
from handouts.library.records import Record, record
from handouts.model import FORM, NO_ONE, Status
from handouts.pdf.rendering import render_timed
from handouts.pdf.validate import validate
from handouts.workspace import Workspace


class Reprint(Struct, frozen=True):
    """What came out: ``same`` bytes as then, or the same words in another appearance.

    ``program`` is the version that made it then.
    """

    path: Path
    edition: str
    sha256: str
    same: bool
    program: str
    in_force: bool  # the approval that it names holds today


def reprint(workspace: Workspace, edition: str, target: Path, today: date) -> Reprint:
    """Write the handout with this edition again, as on the day it was made.

    Raises UsageError for an unknown edition, WorkspaceError if its record is gone, OutputError
    if ``target`` is there already, and what the layout and the brand of today raise.
    """
    output.demand_file(target)
    workspace.refuse_inputs(target)
    printed = recall(workspace, edition.lower())
    wanted = printed.selection
    found = record(workspace, wanted.condition, wanted.lang, printed.record)
    if found.words is None:
        raise WorkspaceError(f"The record of the edition {edition} holds no words.")
    library = frozen_library(found.words, workspace, shipped_words(workspace, wanted.lang))
    layout = load_layout(workspace, wanted.layout)
    brand = load_brand(workspace, wanted.brand, wanted.lang)
    approval = approval_of(found, printed.as_of)
    in_force = _holds(workspace, found, today)
    shape = FORM if wanted.fillable else NO_ONE
    with told_of_record(approval):
        handout = compose(library, wanted, brand, layout.facts, approval)
        document = lay_out_for_print(handout, layout, brand, wanted.paper, shape)
        if document.edition != printed.edition and not in_force:
            # A new appearance is a new print, and nobody stands behind these words any more.
            handout = compose(library, wanted, brand, layout.facts)
            document = lay_out_for_print(handout, layout, brand, wanted.paper, shape)
        data, _ = render_timed(document, check_placed)
    if findings := validate(data):
        raise AccessibilityError(findings)
    output.create(target, data)
    sha256 = hashlib.sha256(data).hexdigest()
    same = sha256 == printed.sha256
    return Reprint(target, document.edition, sha256, same, printed.program, in_force)


def _holds(workspace: Workspace, found: Record, today: date) -> bool:
    """Whether ``found`` is what is printed today. What cannot be judged does not hold."""
    try:
        now = standing(workspace, found.condition, found.lang, today)
    except HandoutsError:
        return False
    return now.record == found.number and now.approval.status is Status.APPROVED
