"""Validate: whether a PDF meets what it claims, PDF/UA-1 and PDF/A-2a, through ``page``."""

from __future__ import annotations

from page import PageError, PdfDocument, ValidationProfile, validate_pdf_bytes

from handouts.errors import Finding

_PROFILES = (
    (ValidationProfile.PDF_UA_1, "PDF/UA-1"),
    (ValidationProfile.PDF_A_2A, "PDF/A-2a"),
)


def validate(data: bytes) -> tuple[Finding, ...]:
    """What keeps ``data`` from being PDF/UA-1 and PDF/A-2a; () when it is both.

    A file that cannot be read as a PDF at all is one finding.
    """
    findings: list[Finding] = []
    for profile, name in _PROFILES:
        try:
            report = validate_pdf_bytes(data, profile=profile)
        except PageError as error:
            return (Finding(f"This is no PDF that can be checked: {error}."),)
        for failure in report.failures:
            where = f" (object {failure.object_id.object_number})" if failure.object_id else ""
            findings.append(Finding(f"{name} {failure.rule_id}: {failure.message}{where}"))
    return tuple(dict.fromkeys(findings))


def page_count(data: bytes) -> int:
    """The number of pages of a PDF. Raises ``page.PageError`` if it cannot be read."""
    document: PdfDocument = validate_pdf_bytes(data, profile=ValidationProfile.PDF_UA_1).document
    return document.page_count
