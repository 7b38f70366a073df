"""Open a PDF for joining: read strictly, rewrite what is damaged."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from handouts.attach.decisions import decide
from handouts.attach.held import Held
from handouts.attach.options import Limits, Private, demand_size
from handouts.attach.reading import crypt
from handouts.attach.reading.ending import CutOff
from handouts.attach.reading.filters import Undecodable
from handouts.attach.reading.inspection import Inspection, TooManyPages, look
from handouts.attach.reading.objects import Damaged, Oversized, Ref, Stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page
from handouts.attach.refusals import Reason, Refused
from handouts.attach.rewriting import rewrite, unlock
from handouts.visible import cleaned

MALFORMED = (
    Damaged,
    Undecodable,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    OverflowError,
    RecursionError,
    AssertionError,
)
"""What reading a file with values of the wrong kind can raise: all mean that it is damaged."""


_REASONS: Final[dict[type[Exception], Reason]] = {
    crypt.PasswordNeeded: Reason.PASSWORD,
    crypt.WrongPassword: Reason.WRONG_PASSWORD,
    crypt.UnknownHandler: Reason.CERTIFICATE,
    TooManyPages: Reason.TOO_MANY_PAGES,
    CutOff: Reason.CUT_OFF,
    Oversized: Reason.OVERSIZED,
}
"""What no rewrite can help against."""


def damage_of(error: Exception) -> str:
    """What a malformed file's error says of the damage, in a few words."""
    return str(error) if isinstance(error, Damaged) else "values of the wrong kind"


_HYBRID = "it has two cross-references that may disagree"


class Opened(Private, frozen=True):
    """A PDF that is ready to be joined. Its bytes differ from the file only when ``rewritten``;
    the title in its report is what is seen of it.

    ``password`` is what opened it, ``None`` where none was needed.
    """

    pdf: PdfFile
    report: Inspection
    pages: list[Page]
    rewritten: bool = False
    password: str | None = None


def _read(data: bytes, password: str | None, limits: Limits, what: str) -> Opened:
    try:
        pdf = PdfFile(data, password)
        report, pages = look(pdf, limits.pages)
    except tuple(_REASONS) as error:
        raise Refused(_REASONS[type(error)], what, str(error)) from None
    used = password if pdf.cipher is not None else None
    held = Held(pdf, limits)
    parts = tuple(dict.fromkeys([*report.parts, *held.parts]))
    shown = replace(report, title=cleaned(report.title), parts=parts, unread=held.unread)
    return Opened(pdf, shown, pages, password=used)


def demand_pdf(data: bytes, limits: Limits, what: str) -> None:
    """Refuse what is too large, or is no PDF at first sight. Raises :class:`Refused`."""
    demand_size(data, limits, what)
    if b"%PDF-" not in data[:1024]:
        raise Refused(Reason.NOT_PDF, what)


def open_pdf(
    data: bytes, password: str | None = None, limits: Limits = Limits(), what: str = "the letter"
) -> Opened:
    """Open a PDF; a hybrid or damaged one is rewritten and compared with the original.

    Raises :class:`Refused`, never anything else that has to do with the file.
    """
    demand_pdf(data, limits, what)
    damage = ""
    try:
        opened = _read(data, password, limits, what)
        if opened.report.hybrid:
            damage = _HYBRID
    except MALFORMED as error:
        damage = damage_of(error)
    if damage:
        opened = open_rewritten(data, password, limits, what, damage)
    if not opened.pages:
        raise Refused(Reason.EMPTY, what)
    return opened


def open_rewritten(
    data: bytes, password: str | None, limits: Limits, what: str, damage: str
) -> Opened:
    """A clean copy of a hybrid or damaged PDF, open, with the ``damage`` in its report."""
    hybrid = damage == _HYBRID
    try:
        fresh = rewrite(data, password, what, damage)
        opened = _read(fresh, password, limits, what)
    except MALFORMED:
        raise Refused(_hopeless(Reason.DAMAGED, data), what, damage) from None
    except Refused as refusal:
        raise Refused(_hopeless(refusal.reason, data), what, refusal.detail) from None
    report = replace(
        opened.report, hybrid=hybrid, damaged="" if hybrid else damage, needs_rewrite=True
    )
    return replace(opened, report=report, rewritten=True)


def _hopeless(reason: Reason, data: bytes) -> Reason:
    """Why a file cannot be rewritten: to save one again that is signed would break its signature.

    The bytes that a signature covers are named outside of all streams (12.8.1).
    """
    hopeless = reason in (Reason.DAMAGED, Reason.DIFFERENT)
    return Reason.SIGNED if hopeless and b"/ByteRange" in data else reason


def open_handout(data: bytes, limits: Limits = Limits(), what: str = "the handout") -> Opened:
    """Open a PDF whose pages are to be appended: unlocked if it opens without a password."""
    opened = open_pdf(data, None, limits, what)
    decide(opened.report, what=what)
    if opened.pdf.cipher is None:
        return opened
    return open_pdf(unlock(opened.pdf.data, what), None, limits, what)


def mended(opened: Opened, limits: Limits, what: str) -> Opened:
    """A handout whose copy failed: itself, if all in it can be read, else rewritten.

    Raises :class:`Refused`.
    """
    try:
        _read_all(opened.pdf)
    except Oversized as error:
        raise Refused(Reason.OVERSIZED, what, str(error)) from None
    except MALFORMED as error:
        if opened.rewritten:
            raise Refused(Reason.DAMAGED, what, damage_of(error)) from None
        return open_rewritten(opened.pdf.data, opened.password, limits, what, damage_of(error))
    return opened


def _read_all(pdf: PdfFile) -> None:
    """Read each object that the catalog leads to."""
    stack: list[Any] = [pdf.trailer[b"Root"]]
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        if type(value) is Ref:
            if value.num in seen:
                continue
            seen.add(value.num)
            value = pdf.get(value.num)
        if type(value) is Stream:
            value = value.entries
        if type(value) is dict:
            stack.extend(value.values())
        elif type(value) is list:
            stack.extend(value)


def inspect(
    data: bytes, password: str | None = None, limits: Limits = Limits(), what: str = "the letter"
) -> Inspection:
    """Report on a letter without joining it. Unguarded. Raises :class:`Refused`."""
    return open_pdf(data, password, limits, what).report
