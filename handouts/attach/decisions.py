"""What the report on a letter means: whether pages may be added, and what a reader will notice."""

from __future__ import annotations

from handouts.attach.options import JoinOptions
from handouts.attach.reading.inspection import Inspection
from handouts.attach.refusals import Reason, Refused
from handouts.attach.update import runs

UNREAD = "A file inside could not be read, so whether it carries a draft is not known."
"""What is said of an enclosed letter, or of a file in a part, that nobody could ask."""


def decide(report: Inspection, signed_too: bool = False, what: str = "the letter") -> None:
    """Refuse a PDF that pages must not be added to. Raises :class:`Refused`."""
    obstacles = {
        Reason.XFA: report.xfa,
        Reason.PORTFOLIO: report.portfolio,
        Reason.USAGE_RIGHTS: report.usage_rights,
        Reason.CERTIFIED: not signed_too and report.certified,
        Reason.SIGNED: not signed_too and report.signatures,
        Reason.RESTRICTED: not report.may_append,
    }
    if found := [reason for reason, stands in obstacles.items() if stands]:
        raise Refused(found[0], what)


def untagged_note(report: Inspection, what: str) -> str:
    """Which pages a listener does not hear."""
    parts = [f"{run[0]}–{run[-1]}" if run[1:] else f"{run[0]}" for run in runs(report.untagged)]
    noun, show = ("pages", "show") if report.untagged[1:] else ("page", "shows")
    return (
        f"What {noun} {', '.join(parts)} of {what} {show} is not tagged: "
        "a screen reader says nothing of it."
    )


def foreseen_notes(report: Inspection, options: JoinOptions) -> list[str]:
    """What a reader of the result will notice about the letter's part."""
    notes = []
    if report.needs_rewrite:
        why = "has two cross-references" if report.hybrid else "is damaged"
        notes.append(f"The letter {why}, so it was rewritten; its pages look and read the same.")
    if report.signatures and options.append_to_signed:
        notes.append("The letter is signed; viewers will report that it was changed afterwards.")
    if not report.tagged:
        notes.append("The letter has no tags: its part is not accessible to a screen reader.")
    if report.silent:
        notes.append(
            "The letter has tags, but no text and no words for its pictures: a screen reader says "
            "nothing of it."
        )
    elif report.untagged:
        notes.append(untagged_note(report, "the letter"))
    if report.revisions > 1 and not options.without_history:
        older = report.revisions - 1
        noun, stay = ("version", "stays") if older == 1 else ("versions", "stay")
        help_ = "" if report.signatures else "; --without-history leaves that out"
        notes.append(
            f"The letter holds {older} earlier {noun} of itself, which {stay} in the file and may "
            f"show other text{help_}."
        )
    if report.javascript or report.launches:
        notes.append(
            f"The letter holds scripts ({report.javascript}) or program starts "
            f"({report.launches}); they were kept as they are, and not run."
        )
    if report.form_actions:
        notes.append(
            f"The letter holds buttons that send or empty a form ({report.form_actions}); they may "
            "act on the fields of what is added, too."
        )
    if report.unread:
        notes.append(UNREAD)
    return notes
