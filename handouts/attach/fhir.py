"""Describe a joined PDF to a record system: an HL7 FHIR R4 DocumentReference."""

from __future__ import annotations

import base64
import datetime
import hashlib
from typing import Any, Final

from msgspec import Struct

from handouts.errors import UsageError

LOINC: Final = "http://loinc.org"
EDUCATION_NOTE: Final = "34895-3"
_CATEGORIES: Final = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"


class DocumentFacts(Struct, frozen=True):
    """What a record system receives. ``date`` needs a time zone; ``subject`` only when given.

    ``subject`` is a FHIR reference such as ``Patient/123``. It is never taken from the letter.
    """

    title: str
    edition: str
    language: str
    date: datetime.datetime
    subject: str = ""
    url: str = ""
    draft: bool = False


def document_reference(data: bytes, facts: DocumentFacts) -> dict[str, Any]:
    """The ``DocumentReference`` for a PDF, as JSON values.

    The hash is the SHA-1 that R4 asks for; it tells copies apart and protects nothing.
    Raises ``UsageError`` for a date without a time zone.
    """
    if facts.date.tzinfo is None:
        raise UsageError(
            "The date for the FHIR document has no time zone.",
            remedy="Give it with one, such as 2026-01-31T09:00:00+01:00.",
        )
    digest = hashlib.sha1(data, usedforsecurity=False).digest()
    attachment: dict[str, Any] = {
        "contentType": "application/pdf",
        "language": facts.language,
        "size": len(data),
        "hash": base64.b64encode(digest).decode("ascii"),
        "title": facts.title,
        "creation": facts.date.isoformat(timespec="seconds"),
    }
    if facts.url:
        attachment["url"] = facts.url
    category = {"system": _CATEGORIES, "code": "clinical-note", "display": "Clinical Note"}
    kind = {"system": LOINC, "code": EDUCATION_NOTE, "display": "Education note"}
    reference: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": "preliminary" if facts.draft else "final",
        "type": {"coding": [kind], "text": "Education note"},
        "category": [{"coding": [category]}],
        "date": facts.date.isoformat(timespec="seconds"),
        "description": f"{facts.title} (edition {facts.edition})",
        "identifier": [{"use": "official", "value": facts.edition}],
        "content": [{"attachment": attachment}],
    }
    if facts.subject:
        reference["subject"] = {"reference": facts.subject}
    return reference
