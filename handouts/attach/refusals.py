"""Why a PDF cannot be used: each reason with what is wrong, why it matters, what to do."""

from __future__ import annotations

from enum import Enum

from handouts.errors import LetterError


class Reason(Enum):
    """A reason to refuse a PDF: what is wrong and why it matters, and the remedy.

    The last is the remedy for what is no letter, where the first one offers what is for letters.
    """

    def __init__(self, problem: str, remedy: str, elsewhere: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        self.elsewhere = elsewhere or remedy

    PASSWORD = (
        "{What} opens only with a password, and none was given.",
        "Give the password when asked, or in a file with --password-file.",
        "Save a copy of it that opens without a password, and use that.",
    )
    WRONG_PASSWORD = (
        "{What} is encrypted, and the password that was given does not open it.",
        "Check the password. A file with it must hold the password alone on its first line.",
    )
    RESTRICTED = (
        "{What} may be read but not added to: its author has restricted changes.",
        "Give the owner password, or ask the author for a copy without restrictions.",
        "Ask the author for a copy without restrictions.",
    )
    CERTIFICATE = (
        "{What} is encrypted for certain people's certificates, so it cannot be opened here.",
        "Open it in its own program and print it to a plain PDF.",
    )
    SIGNED = (
        "{What} carries a digital signature. Added pages would leave its bytes as they are, but "
        "viewers would report it as changed after it was signed.",
        "Use --envelope, which puts the signed letter unchanged inside the handout, "
        "or send the two files separately.",
        "Give the signed file out by itself, or print it to a plain PDF and use that.",
    )
    CERTIFIED = (
        "{What} is certified by its author, who has said which changes are allowed; added pages "
        "are not among them.",
        "Use --envelope, which puts the certified letter unchanged inside the handout, "
        "or send the two files separately.",
        "Give the certified file out by itself, or print it to a plain PDF and use that.",
    )
    USAGE_RIGHTS = (
        "{What} has usage rights granted by Adobe, which end as soon as another program adds "
        "to it.",
        "Open it in its own program and print it to a plain PDF.",
    )
    XFA = (
        "{What} is an XFA form: what it shows is computed by Adobe's programs, not kept as pages.",
        "Open it in Adobe Reader and print it to a plain PDF.",
    )
    PORTFOLIO = (
        "{What} is a portfolio: a collection of files with a cover page, where added pages would "
        "not be found.",
        "Take the letter itself out of the portfolio and attach the handout to that.",
        "Take the file itself out of the portfolio and use that.",
    )
    DAMAGED = (
        "{What} is damaged and could not be repaired with certainty ({detail}).",
        "Open it in the program that made it and save it as PDF again.",
    )
    CUT_OFF = (
        "{What} was cut off: {detail}. What can be read of it may be an older version.",
        "Copy or send the file again from where it was made. Saving the shortened file again would "
        "keep the older version.",
    )
    DIFFERENT = (
        "{What} had to be rewritten, but the rewritten copy differs from it ({detail}).",
        "Open it in the program that made it and save it as PDF again.",
    )
    NOT_PDF = (
        "{What} is not a PDF.",
        "Save it as PDF and use that file.",
    )
    UNTAGGED = (
        "{What} has no tags: a screen reader has to guess what to read, and in which order.",
        "Save it as tagged PDF (PDF/UA) in the program that made it.",
    )
    NO_FORM = (
        "{What} is no handout with fields to type into.",
        "Use a fillable handout, filled in and saved. One that was printed to PDF has no fields "
        "any more.",
    )
    MIXED_FORM = (
        "{What} has fields of several forms: nobody can tell what is whose.",
        "Read each form as it came back, before a program put it together with others.",
    )
    NAMELESS_FORM = (
        "{What} has fields of several forms, and the answers on {detail} may be in one without "
        "a name: nobody can tell whose they are.",
        "Split the file and read each form by itself, or type the patient's name in each.",
    )
    EMPTY = (
        "{What} has no pages.",
        "Save it as PDF again and use that file.",
    )
    TOO_LARGE = (
        "{What} is larger than the limit ({detail}).",
        "If it is what it should be, raise the limit with --max-size.",
        "Use a smaller file, or give this one out by itself.",
    )
    TOO_MANY_PAGES = (
        "{What} has more pages than the limit ({detail}).",
        "If it is what it should be, raise the limit with --max-pages.",
        "Use a shorter file, or give this one out by itself.",
    )
    OVERSIZED = (
        "{What} holds more than can be read safely ({detail}).",
        "Open it in the program that made it and save it as PDF again.",
    )
    TOO_SLOW = (
        "{What} took longer to read than the limit ({detail}), so reading was stopped.",
        "Save it as PDF again, or raise the limit with --max-seconds.",
        "Save it as PDF again, or give it out by itself.",
    )
    TOO_MUCH_MEMORY = (
        "{What} needs more memory than the limit ({detail}), so reading was stopped.",
        "Save it as PDF again, or raise the limit with --max-memory.",
        "Save it as PDF again, or give it out by itself.",
    )
    TOO_MUCH_OUTPUT = (
        "{What} would grow beyond the limit ({detail}), so writing was stopped.",
        "Save it as PDF again, or raise the limit with --max-size.",
        "Save it as PDF again, or give it out by itself.",
    )
    CRASHED = (
        "{What} could not be read: the reader stopped unexpectedly ({detail}).",
        "Open it in the program that made it and save it as PDF again.",
    )
    CHECK_FAILED = (
        "{What} could not be joined without loss ({detail}), so nothing was written.",
        "Open it in the program that made it and save it as PDF again.",
    )


class Refused(LetterError):
    """A PDF that is refused, with the :class:`Reason` for programs and a message for people."""

    def __init__(self, reason: Reason, what: str = "the letter", detail: str = "") -> None:
        self.reason = reason
        self.what = what
        self.detail = detail
        values = {"What": what[:1].upper() + what[1:], "detail": detail or "no detail"}
        remedy = reason.remedy if what == "the letter" else reason.elsewhere
        super().__init__(reason.problem.format(**values), remedy=remedy)
