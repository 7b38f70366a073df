"""Append one PDF, all of it, behind the pages of another: what joins and packets have in common."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from handouts.attach.catalog import (
    join_files,
    join_intents,
    join_labels,
    join_layers,
    join_outlines,
    join_print_range,
    raise_version,
)
from handouts.attach.claims import keep_metadata
from handouts.attach.decisions import UNREAD, untagged_note
from handouts.attach.form_fields import JoinedForms, join_forms
from handouts.attach.importer import Importer, add_pages
from handouts.attach.joined_tree import NOWHERE, JoinedTree, append_structure
from handouts.attach.mending import language_of_tags
from handouts.attach.opening import Opened
from handouts.attach.reading.inspection import Inspection
from handouts.attach.reading.objects import Dict, Ref
from handouts.attach.reading.trees import Page, structure_roots
from handouts.attach.wrapping import Wrapper

SHORT_EDGE: Final = b"DuplexFlipShortEdge"


class Joint(Struct):
    """A join under way: the structure tree, the pages so far, and what was done.

    ``letter`` are the title and the first page of what was there before, if anything was.
    """

    tree: JoinedTree
    letter: tuple[str, Ref] | None = None
    pages: int = 0
    notes: list[str] = field(default_factory=list)
    bookmarks: int = 0
    document: Ref = NOWHERE


def append_part(joint: Joint, part: Opened, what: str, title: str, label: str | None = None) -> Ref:
    """Append one PDF, all of it, behind the pages that are there already; its first page.

    Notes call it ``what``, such as "part 2": its ``title``, for bookmarks, may name a patient.
    ``label`` stands before its page numbers, where it has no page labels of its own; without one
    its pages count on.
    """
    tree, tagged = joint.tree, part.report.tagged
    importer = Importer(tree.update, part.pdf, tree.next_key if tagged else None)
    settle = append_structure(tree, importer, what, part.report.highest_key) if tagged else None
    joint.bookmarks += join_outlines(importer, joint.letter, title)
    join_labels(importer, joint.pages, label)
    join_print_range(importer, joint.pages)
    forms = join_forms(importer)
    renamed_files = join_files(importer)
    join_layers(importer)
    join_intents(importer)
    importer.run()
    add_pages(importer)
    language = part.report.language or language_of_tags(part.pdf, structure_roots(part.pdf))
    if settle is not None:
        joint.document = settle(title, language)
    else:
        joint.document = _wrap_part(joint, importer, what, title, language)
    importer.run()
    keep_metadata(importer)
    raise_version(importer)
    joint.pages += len(importer.pages)
    joint.notes += _part_notes(what, part.report, forms, renamed_files)
    if importer.led_elsewhere:
        joint.notes.append(
            f"{what.capitalize()} has links without an address of their own "
            f"({importer.led_elsewhere}); the letter names a base, which now leads them elsewhere."
        )
    if importer.dropped_actions:
        joint.notes.append(
            f"Scripts, program starts and actions on form fields of {what} were left out."
        )
    return importer.page_refs[0]


def _part_notes(what: str, report: Inspection, forms: JoinedForms, renamed_files: int) -> list[str]:
    notes, begin = [], what.capitalize()
    if report.silent:
        notes.append(f"{begin} has tags, but no text; a screen reader says nothing of it.")
    elif report.untagged:
        notes.append(untagged_note(report, what))
    if not report.tagged:
        notes.append(f"{begin} has no tags; a screen reader gets its plain text only.")
    for old, new in forms.renamed:
        notes.append(f"The form field “{old}” of {what} is now named “{new}”.")
    if forms.redrawn:
        notes.append(
            f"Some form fields ask viewers to draw them, those of {what} or before it, so all are "
            "drawn anew. Check how each filled field looks."
        )
    if renamed_files:  # their names may say whose they are
        notes.append(
            f"Attached files of {what} now have a number behind their names, which were taken "
            f"({renamed_files})."
        )
    if report.unread:
        notes.append(UNREAD)
    return notes


def _wrap_part(joint: Joint, importer: Importer, what: str, title: str, language: str) -> Ref:
    copies = [Page(ref, importer.update.dict(ref), {}) for ref in importer.page_refs]
    return Wrapper(joint.tree).wrap(copies, title, what.capitalize(), language)


def wishes(part: Opened) -> Dict:
    """How a part is to be shown and printed (12.2)."""
    return part.pdf.dict(part.pdf.catalog.get(b"ViewerPreferences"))


def turned_note(part: Opened, what: str, whole: str) -> list[str]:
    """That a part's back would stand on its head in a whole that is flipped on the long edge."""
    if wishes(part).get(b"Duplex") != SHORT_EDGE:
        return []
    return [
        f"{what.capitalize()} is made to be flipped on the short edge, {whole} on the long one: "
        "print it by itself."
    ]
