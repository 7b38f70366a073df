"""Validate: whether a PDF meets what it claims, PDF/UA-1 and PDF/A-2a, through ``page``."""

from __future__ import annotations

from functools import lru_cache

from page import PageError, ValidationProfile, ValidationReport, validate_pdf_bytes

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
    try:
        reports = _reports(data)
    except PageError as error:
        return (Finding(f"This is no PDF that can be checked: {error}."),)
    for (_, name), report in zip(_PROFILES, reports, strict=True):
        for failure in report.failures:
            where = f" (object {failure.object_id.object_number})" if failure.object_id else ""
            findings.append(Finding(f"{name} {failure.rule_id}: {failure.message}{where}"))
    return tuple(dict.fromkeys(findings))


def page_count(data: bytes) -> int:
    """The number of pages of a PDF. Raises ``page.PageError`` if it cannot be read."""
    return _reports(data)[0].document.page_count


@lru_cache(maxsize=1)
def _reports(data: bytes) -> tuple[ValidationReport, ...]:
    """One report a profile. The last file's are kept: a build asks for findings, then pages."""
    return tuple(validate_pdf_bytes(data, profile=profile) for profile, _ in _PROFILES)
