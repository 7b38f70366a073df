"""Put a letter, byte for byte, inside a handout: for signed letters, which must not change."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from handouts.attach.claims import Claims, claiming, settle_claims
from handouts.attach.decisions import UNREAD
from handouts.attach.embedding import embed
from handouts.attach.opening import MALFORMED, Opened, damage_of, demand_pdf, open_handout, open_pdf
from handouts.attach.options import Counts, EnvelopeResult, Limits
from handouts.attach.reading.inspection import Inspection
from handouts.attach.reading.objects import Name, Stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import named, pages
from handouts.attach.reading.xmp import parts_of
from handouts.attach.referee import examine
from handouts.attach.refusals import Reason, Refused
from handouts.attach.selfcheck import Lost, count_all, prove
from handouts.attach.update import Update


def envelope(
    letter: bytes, handout: bytes, password: str | None = None, limits: Limits = Limits()
) -> EnvelopeResult:
    """Attach the letter's bytes inside the handout. Taken out again, they are the same bytes.

    The letter need not open, so any letter will do; a signature in it stays valid. Its password
    serves to see which handouts it carries: the result is not encrypted, but for the letter inside.
    Raises ``Refused`` where the handout cannot be used.
    """
    demand_pdf(letter, limits, "the letter")
    opened = open_handout(handout, limits)
    inside = _look_inside(letter, password, limits)
    parts = inside.parts if inside else parts_of(letter)
    try:
        ua = 0 if count_all(opened.pdf).unresolved else opened.report.pdf_ua
        kept = Claims(ua, opened.report.pdf_a)
        result = claiming(partial(_enclosed, opened, letter), kept)
    except MALFORMED as error:
        raise Refused(Reason.DAMAGED, "the handout", damage_of(error)) from None
    is_known = inside is not None and not inside.unread and not opened.report.unread
    notes = result.notes if is_known else (*result.notes, UNREAD)
    rewritten = opened.pdf.data is not handout
    return replace(result, rewritten=rewritten, notes=notes, letter_parts=parts)


def _enclosed(opened: Opened, letter: bytes, kept: Claims) -> EnvelopeResult:
    update = Update(opened.pdf)
    embed(update, letter, "letter.pdf", "Supplement", "The letter, unchanged")
    update.catalog[b"PageMode"] = Name(b"UseAttachments")
    notes = [
        note.replace("The letter's claim", "The handout's claim")
        for note in settle_claims(update, opened.report, kept)
    ]
    notes.insert(0, "The letter is inside the handout, as an attached file; printing omits it.")
    rendered = update.render()
    result = _read_again(opened, update, rendered, letter)
    own = list(pages(result, result.catalog[b"Pages"]))
    examine(result, own, (opened,), "the handout")()
    return EnvelopeResult(
        base=opened.pdf.data,
        update=rendered,
        rewritten=False,
        pdf_ua=kept.pdf_ua,
        notes=tuple(notes),
        letter_parts=(),
    )


def _look_inside(letter: bytes, password: str | None, limits: Limits) -> Inspection | None:
    """The report on the letter, which handouts it carries; ``None`` for one that does not open."""
    try:
        return open_pdf(letter, password, limits).report
    except Refused:
        return None


def _read_again(opened: Opened, update: Update, rendered: bytes, letter: bytes) -> PdfFile:
    """The result, once it is proved that the letter comes out unchanged and nothing is lost."""
    lost = "the letter inside is not the same"
    try:
        result = PdfFile(rendered, base=opened.pdf)
        prove(opened.pdf, result, [num for num in update.changed if num < update.first_new])
        inside = [raw for raw in _files(result) if raw == letter]
        one_more = count_all(result) == count_all(opened.pdf) + Counts(files=1)
    except Lost as problem:
        inside, lost = [], str(problem)
    except MALFORMED:
        inside = []
    if not (inside and one_more):
        raise Refused(Reason.CHECK_FAILED, "the handout", lost)
    return result


def _files(pdf: PdfFile) -> list[bytes]:
    """The bytes of all embedded files, as they stand."""
    specs = [pdf.dict(value) for _, value in named(pdf, b"EmbeddedFiles")]
    streams = [pdf.resolve(pdf.dict(spec.get(b"EF")).get(b"F")) for spec in specs]
    return [stream.raw for stream in streams if type(stream) is Stream]
