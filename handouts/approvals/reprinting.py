"""Print an edition again: the same words, and from the same program the same bytes."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts import output
from handouts.compose import DRAFT, Words, standing, told_of_record
from handouts.compose.approval import approval_of
from handouts.compose.bilingual import compose_all
from handouts.contract import check_placed
from handouts.errors import AccessibilityError, HandoutsError, WorkspaceError
from handouts.layout import lay_out_for_print, load_layout
from handouts.library.brand import load_brand
from handouts.library.content_files import shipped_words
from handouts.library.editions import Printed, recall
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
    kept = [record(workspace, wanted.condition, *one) for one in printed.records]
    words = [_words(workspace, printed, one) for one in kept]
    layout, brand = load_layout(workspace, wanted.layout), words[0].brand
    in_force = all(_holds(workspace, one, today) for one in kept)
    shape = FORM if wanted.fillable else NO_ONE
    handout = compose_all(wanted, layout.facts, words)
    with told_of_record(handout.standing):
        document = lay_out_for_print(handout, layout, brand, wanted.paper, shape)
        if document.edition != printed.edition and not in_force:
            # A new appearance is a new print, and nobody stands behind these words any more.
            drafts = [replace(one, approval=DRAFT) for one in words]
            handout = compose_all(wanted, layout.facts, drafts)
            document = lay_out_for_print(handout, layout, brand, wanted.paper, shape)
        data, _ = render_timed(document, check_placed)
    if findings := validate(data):
        raise AccessibilityError(findings)
    output.create(target, data)
    sha256 = hashlib.sha256(data).hexdigest()
    same = sha256 == printed.sha256
    return Reprint(target, document.edition, sha256, same, printed.program, in_force)


def _words(workspace: Workspace, printed: Printed, found: Record) -> Words:
    """The words that a record keeps, as they were printed. Raises WorkspaceError."""
    if found.words is None:
        raise WorkspaceError(f"The record of the edition {printed.edition} holds no words.")
    library = frozen_library(found.words, workspace, shipped_words(workspace, found.lang))
    brand = load_brand(workspace, printed.selection.brand, found.lang)
    return Words(library, brand, approval_of(found, printed.as_of))


def _holds(workspace: Workspace, found: Record, today: date) -> bool:
    """Whether ``found`` is what is printed today. What cannot be judged does not hold."""
    try:
        now = standing(workspace, found.condition, found.lang, today)
    except HandoutsError:
        return False
    return now.record == found.number and now.approval.status is Status.APPROVED
