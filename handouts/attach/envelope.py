"""Put a letter, byte for byte, inside a handout: for signed letters, which must not change."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from handouts.attach.claims import Claims, confirm_pdf_a, settle_claims
from handouts.attach.embedding import SUPPLEMENT, embed
from handouts.attach.opening import MALFORMED, Opened, open_handout, open_pdf
from handouts.attach.options import Limits
from handouts.attach.reading.objects import Name
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import leaves
from handouts.attach.refusals import Reason, Refused
from handouts.attach.selfcheck import Counts, count_all, prove
from handouts.attach.update import Update


@dataclass(frozen=True, slots=True)
class EnvelopeOptions:
    """Choices for :func:`handouts.attach.envelope`. ``name`` is what the letter is listed as."""

    name: str = "letter.pdf"
    description: str = "The letter, unchanged"
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class EnvelopeResult:
    """The handout with the letter inside, in two pieces as in ``JoinResult``."""

    base: bytes = field(repr=False)
    update: bytes = field(repr=False)
    notes: tuple[str, ...]
    pdf_ua: int
    rewritten: bool = False

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.base + self.update


def options_of(data: dict[str, Any]) -> EnvelopeOptions:
    """The options from their JSON form."""
    return EnvelopeOptions(**{**data, "limits": Limits(**data["limits"])})


def envelope(
    letter: bytes, handout: bytes, options: EnvelopeOptions | None = None
) -> EnvelopeResult:
    """Attach the letter's bytes inside the handout. Taken out again, they are the same bytes.

    The letter is not opened, so any letter will do; a signature in it stays valid.
    Raises ``Refused`` where the handout cannot be used.
    """
    options = options or EnvelopeOptions()
    if len(letter) > options.limits.size:
        raise Refused(Reason.TOO_LARGE, "the letter", f"{options.limits.size // 1_000_000} MB")
    if b"%PDF-" not in letter[:1024]:
        raise Refused(Reason.NOT_PDF)
    opened = open_handout(handout, options.limits)
    level = opened.report.pdf_a
    result = _enclosed(opened, letter, options, level)
    if level and not confirm_pdf_a(result.data, level, (letter, _level(letter, options.limits))):
        result = _enclosed(opened, letter, options, "")
    return dataclasses.replace(result, rewritten=opened.data is not handout)


def _enclosed(
    opened: Opened, letter: bytes, options: EnvelopeOptions, level: str
) -> EnvelopeResult:
    kept = Claims(opened.report.pdf_ua, level)
    update = Update(opened.pdf)
    embed(update, letter, options.name, SUPPLEMENT, options.description)
    update.catalog[b"PageMode"] = Name(b"UseAttachments")
    notes = [
        note.replace("The letter's claim", "The handout's claim")
        for note in settle_claims(update, opened.report, kept)
    ]
    notes.insert(0, "The letter is inside the handout, as an attached file; printing omits it.")
    rendered = update.render()
    _check(opened.pdf, update, rendered, letter)
    return EnvelopeResult(opened.data, rendered, tuple(notes), opened.report.pdf_ua)


def _level(letter: bytes, limits: Limits) -> str:
    """The level of PDF/A that the letter claims; only such files may stand inside a PDF/A-2."""
    try:
        return open_pdf(letter, None, limits).report.pdf_a
    except Refused:
        return ""


def _check(handout: PdfFile, update: Update, rendered: bytes, letter: bytes) -> None:
    """Read the result again: the letter comes out unchanged and the handout lost nothing."""
    try:
        result = PdfFile(rendered, base=handout)
        prove(handout, result, [num for num in update.changed if num < update.first_new])
        names = result.dict(result.catalog.get(b"Names"))
        files = [value for _, value in leaves(result, names.get(b"EmbeddedFiles"), b"Names")]
        inside = [
            result.resolve(result.dict(result.dict(spec).get(b"EF")).get(b"F")) for spec in files
        ]
        same = any(getattr(stream, "raw", None) == letter for stream in inside)
        one_more = count_all(result) == count_all(handout) + Counts(files=1)
    except MALFORMED:
        same = one_more = False
    if not (same and one_more):
        raise Refused(Reason.CHECK_FAILED, "the handout", "the letter inside is not the same")
