"""Decide which claims of conformance a joined PDF may keep, and take the others back."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

from msgspec import Struct

from handouts import namespaces
from handouts.attach.importer import Importer
from handouts.attach.options import Product
from handouts.attach.reading.inspection import Inspection, metadata
from handouts.attach.reading.objects import Name, Stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.xmp import read_packet
from handouts.attach.rewriting import unlock
from handouts.attach.update import Update

_LEVELS = "BUA"
P = TypeVar("P", bound=Product)


class Claims(Struct, frozen=True):
    """The claims that a joined PDF may make: PDF/UA part (0 for none), PDF/A level ('')."""

    pdf_ua: int
    pdf_a: str


def joint_claims(letter: Inspection, handout: Inspection) -> Claims:
    """What may hold for both parts: it does only once the result is validated. Nothing that is
    encrypted, as the result then is, is a PDF/A (PDF/A-2 6.1.3).
    """
    ua = letter.pdf_ua if letter.is_heard and handout.is_heard else 0
    archive = "" if letter.encryption else letter.pdf_a
    same_part = archive[:1] == handout.pdf_a[:1]
    levels = [_LEVELS.find(text[1:2] or "?") for text in (archive, handout.pdf_a)]
    if not archive or not same_part or min(levels) < 0 or levels[1] < levels[0]:
        archive = ""
    return Claims(ua if ua == handout.pdf_ua else 0, archive)


def without_claims(text: str, kept: Claims) -> str:
    """An XMP packet without the claims that are not kept; itself where it makes no other."""
    from lxml import etree

    packet = read_packet(text)
    if packet is None:
        return text
    before = etree.tostring(packet.getroottree(), encoding="unicode")
    for space, claim in ((namespaces.PDFUA, kept.pdf_ua), (namespaces.PDFA, kept.pdf_a)):
        if not claim:
            etree.strip_attributes(packet, f"{{{space}}}*")
            etree.strip_elements(packet, f"{{{space}}}*", with_tail=False)
    after: str = etree.tostring(packet.getroottree(), encoding="unicode")
    return text if after == before else after


def settle_claims(update: Update, letter: Inspection, kept: Claims) -> list[str]:
    """Take back in the letter's XMP what is not kept; returns a note for each."""
    notes = []
    if letter.pdf_ua and not kept.pdf_ua:
        notes.append(
            f"The letter's claim to be PDF/UA-{letter.pdf_ua} was removed: "
            "not all of the joined file meets it."
        )
    if letter.pdf_a and not kept.pdf_a:
        notes.append(
            f"The letter's claim to be PDF/A-{letter.pdf_a.lower()} was removed: "
            "it was not confirmed for the joined file."
        )
    said = metadata(update.base)
    if (text := without_claims(said, kept)) != said:
        update.put(update.catalog[b"Metadata"], _packet(text))
    return notes


def _packet(text: str) -> Stream:
    entries = {b"Type": Name(b"Metadata"), b"Subtype": Name(b"XML")}
    return Stream(entries, text.encode("utf-8"))


def keep_metadata(importer: Importer) -> None:
    """Hang the handout's XMP on its first page, less its claims: those are about whole files."""
    if text := metadata(importer.source):
        page = importer.update.edit(importer.page_refs[0])
        packet = _packet(without_claims(text, Claims(0, "")))
        page.setdefault(b"Metadata", importer.update.add(packet))


def claiming(make: Callable[[Claims], P], kept: Claims, password: str | None = None) -> P:
    """What ``make`` makes with those of the claims that a validator confirms of it, and our count.

    ``password`` opens the result, which the validator reads without encryption.
    """
    result = make(kept)
    if kept == Claims(0, ""):
        return result
    data = result.data if password is None else unlock(result.data, "the result", password)
    ua, archive = kept.pdf_ua, kept.pdf_a
    if ua and (result.loose or _failures(data, f"UA_{ua}")):
        ua = 0
    if archive and _failures(data, f"A_{archive}"):
        archive = ""
    held = Claims(ua, archive)
    return result if held == kept else make(held)


def _failures(data: bytes, profile_name: str) -> list[str]:
    """The rules of a profile, such as ``UA_1``, that a PDF fails."""
    import page
    import pikepdf

    from handouts.pdf.archival import archive_faults
    from handouts.pdf.files_inside import but_good_files
    from handouts.pdf.font_faults import font_faults
    from handouts.pdf.foreign import tag_faults
    from handouts.pdf.validate import judge

    profile = getattr(page.ValidationProfile, f"PDF_{profile_name}", None)
    if profile is None:
        return ["unknown profile"]
    try:
        report = judge(data, profile)
        pdf = PdfFile(data)
        known = sum(offset >= 0 for offset, _, _ in pdf.xref.values()) - (pdf.cipher is not None)
        with pikepdf.open(BytesIO(data)) as opened:
            if profile_name.startswith("A_"):
                others = [finding.message for finding in archive_faults(opened, profile)]
            else:
                others = [finding.message for finding in tag_faults(opened)]
            others += [finding.message for finding in font_faults(opened, (profile, profile_name))]
            rules = [str(failure.rule_id) for failure in report.failures]
            found = but_good_files([*rules, *others], opened)
    except Exception as error:  # a validator that gives up has confirmed nothing
        return [type(error).__name__]
    if report.objects < known:  # it passes over what it cannot read
        return ["objects that were not read"]
    return found
