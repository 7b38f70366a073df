"""Validate: whether a PDF meets what it claims, PDF/UA-1 and PDF/A-2a, through ``page``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeAlias

from msgspec import Struct
from page import (
    PageError,
    ValidationFailure,
    ValidationProfile,
    validate_pdf_bytes,
)

from handouts.errors import Finding
from handouts.pdf.form_check import is_our_form

#: What a file is judged by, and what findings call it.
Profile: TypeAlias = tuple[ValidationProfile, str]
PROFILES: tuple[Profile, ...] = (
    (ValidationProfile.PDF_UA_1, "PDF/UA-1"),
    (ValidationProfile.PDF_A_2A, "PDF/A-2a"),
)
_NUMBER = re.compile(r" object \d+ \d+(?= )| \(object \d+\)$")
#: What PDF/A-1 alone asks for (6.7.2, 6.3.5), and ``page`` of parts 2 and 3, too: these let XMP be
#: compressed as any stream (6.1.7.2), and a Type 1 subset be without a list of glyphs (6.2.11.4.2).
_OF_PART_1 = re.compile("PDFA[23].-(METADATA-FILTER-|TYPE1-SUBSET-CHARSET-.* without )")
#: What it says of glyphs by CID that it reads in CFF, and the rules about them.
_IN_CFF = "embedded CIDFontType0C"
_OF_GLYPHS = re.compile("-GLYPH-")
#: The rule that a file must say that it is PDF/A.
_NO_CLAIM = "PDFA2A-ID-SCHEMA-001"


class Judgement(Struct, frozen=True):
    """What keeps a file from meeting a profile; how many objects and pages were read."""

    failures: tuple[ValidationFailure, ...]
    objects: int
    pages: int


def validate(data: bytes) -> tuple[Finding, ...]:
    """What keeps ``data`` from being PDF/UA-1 and PDF/A-2a; () when it is both. A form of ours is
    all that, and does not claim to be PDF/A.

    A file that cannot be read as a PDF at all is one finding.
    """
    findings: list[Finding] = []
    try:
        reports = _reports(data)
    except PageError as error:
        return (Finding(f"This is no PDF that can be checked: {error}."),)
    for (_, name), report in zip(PROFILES, reports, strict=True):
        for failure in report.failures:
            if failure.rule_id == _NO_CLAIM and is_our_form(data):
                continue
            where = f" (object {failure.object_id.object_number})" if failure.object_id else ""
            findings.append(Finding(f"{name} {failure.rule_id}: {failure.message}{where}"))
    return tuple(dict.fromkeys(findings))


def judge(data: bytes, profile: ValidationProfile) -> Judgement:
    """What ``page`` says of a file. Raises ``page.PageError`` for what it cannot read."""
    report = validate_pdf_bytes(data, profile=profile)
    if any("-STREAM-LENGTH-" in failure.rule_id for failure in report.failures):
        report = validate_pdf_bytes(_without_cr_lf(data), profile=profile)
    failures = [
        failure
        for failure in report.failures
        if not _OF_PART_1.match(f"{failure.rule_id}: {failure.message}")
    ]
    sure = [failure for failure in failures if _IN_CFF not in failure.message]
    if len(sure) < len(failures) and not _has_wrong_glyphs(data, profile):
        failures = sure
    return Judgement(tuple(failures), report.document.object_count, report.document.page_count)


def _without_cr_lf(data: bytes) -> bytes:
    """The file with CR in place of the LF after streams that end in CR: ``page`` takes both for one
    line end, and the lengths of such streams for wrong."""
    import pikepdf

    changed = bytearray(data)
    with suppress(pikepdf.PdfError), pikepdf.open(BytesIO(data)) as pdf:
        streams = (one.read_raw_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))
        ends = tuple(raw for raw in streams if raw.endswith(b"\r"))
        for found in re.finditer(rb"(?<=\r)\n(?=endstream)", data):
            if data.endswith(ends, 0, found.start()):
                changed[found.start()] = ord("\r")
    return bytes(changed)


def _has_wrong_glyphs(data: bytes, profile: ValidationProfile) -> bool:
    """Whether fonts lack glyphs or say wrong widths once no program is CFF: ``page`` reads no CFF
    without CIDs, nor units that are both the font's and its parts'."""
    import pikepdf

    from handouts.pdf.stand_in_fonts import cff_fonts, stand_in, widths

    out = BytesIO()
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            for font in cff_fonts(pdf):
                stand_in(pdf, font, widths(font))
            pdf.save(out)
    except Exception:  # of what is no font
        return True
    found = validate_pdf_bytes(out.getvalue(), profile=profile).failures
    return any(_OF_GLYPHS.search(failure.rule_id) for failure in found)


def judged_again(
    pdf: Any, profiles: Iterable[Profile], rules: re.Pattern[str]
) -> Iterator[Finding]:
    """What ``page`` finds in an open file as it is now, of such rules and messages; its numbers of
    objects are new."""
    out = BytesIO()
    pdf.save(out)
    for profile, name in profiles:
        for failure in judge(out.getvalue(), profile).failures:
            if rules.search(said := f"{failure.rule_id}: {failure.message}"):
                yield unnumbered(Finding(f"{name} {said}"))


def unnumbered(finding: Finding) -> Finding:
    """It without the number of its object."""
    return Finding(_NUMBER.sub("", finding.message))


def failures_of_metadata(packet: bytes, profile: ValidationProfile) -> list[ValidationFailure]:
    """What keeps an XMP packet out of a PDF/A, where each must conform (PDF/A-2 6.6.2.1).

    ``page`` reads that of the catalog alone, so any other is put there, in a file without pages.
    """
    from handouts.pdf.object_store import ObjectStore

    store = ObjectStore()
    xmp = store.add_raw_stream("/Type/Metadata/Subtype/XML", packet)
    pages = store.add("<</Type/Pages/Kids[]/Count 0>>")
    data = store.finish(f"<</Type/Catalog/Pages {pages} 0 R/Metadata {xmp} 0 R>>", "<<>>")
    found = validate_pdf_bytes(data, profile=profile).failures
    return [failure for failure in found if "-XMP-" in str(failure.rule_id)]


def page_count(data: bytes) -> int:
    """The number of pages of a PDF. Raises ``page.PageError`` if it cannot be read."""
    return _reports(data)[0].pages


@lru_cache(maxsize=1)
def _reports(data: bytes) -> tuple[Judgement, ...]:
    """One judgement a profile, made side by side. The last file's are kept: a build asks for
    findings, then pages."""
    with ThreadPoolExecutor(len(PROFILES)) as pool:
        return tuple(pool.map(lambda one: judge(data, one[0]), PROFILES))
